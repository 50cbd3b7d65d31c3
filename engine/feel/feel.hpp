// FEEL: text -> checked, compiled, immutable Program -> Value. DMN 1.5, chapter 10. No clock, no I/O, metered.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "calendar/calendar.hpp"
#include "feel/type.hpp"
#include "switchboard/base/time.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::feel {

/// One finding about an expression's text. `offset` and `length` count bytes of the text.
struct Problem {
  std::string id;  ///< SB02xx, docs/rules.md
  std::string message;
  std::string hint;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::string expected = {};            ///< of a syntax error: the sign or word that is missing, or "operator", "expression", "name"; else empty
  std::vector<std::string> types = {};  ///< of an error of types: those that do not go together, as text
};

/// A function that the host gives to expressions, beside FEEL's built-ins: `sla("arrival")`, a decision as a function.
struct HostSignature {
  std::string name;
  std::vector<std::pair<std::string, Type>> parameters;
  std::size_t required = 0;  ///< how many parameters must be given
  Type result;
  std::uint32_t id = 0;  ///< handed back to Host::call
};

/// A slot number says where a value stands: in `Frame::slots` (the number itself) or, with a level from 1 on in its upper eight bits, in
/// `Frame::levels[level - 1]`. So an expression inside a scope reads what each of the scopes around it holds without anything being copied together.
inline constexpr std::uint32_t slot_level_shift = 24;
inline constexpr std::uint32_t most_slot_levels = 255;
[[nodiscard]] constexpr std::uint32_t slot_at(std::uint32_t level, std::uint32_t index) { return (level << slot_level_shift) | index; }
[[nodiscard]] constexpr std::uint32_t level_of_slot(std::uint32_t slot) { return slot >> slot_level_shift; }
[[nodiscard]] constexpr std::uint32_t index_of_slot(std::uint32_t slot) { return slot & ((1U << slot_level_shift) - 1); }

/// The names an expression may use, known when it is compiled. Names may contain spaces and other characters as FEEL allows; the
/// longest known name wins (DMN 1.5, 10.3.1.2). Values are addressed by slot at run time.
struct StaticScope {
  struct Name {
    std::string name;
    Type type;
    std::uint32_t slot = 0;
  };
  std::vector<Name> names;
  std::vector<HostSignature> functions;
  Type::Fields types;  ///< types with a name of their own, for `instance of` and parameters
};

struct CompileOptions {
  bool unknown_names_are_null = false;  ///< DMN kit behaviour; otherwise an unknown name is a Problem with the nearest name as hint
  bool type_check = true;               ///< report what can never be right (a string plus a number); otherwise such things are null at run time
  Type expected;                        ///< what the context wants (boolean for a condition); a mismatch is a Problem
};

/// What the world gives to one evaluation. Everything borrowed for the duration of the call.
class Host {
 public:
  virtual ~Host() = default;
  /// The value of host function `id`. Deterministic: the same state, the same value. May set `error` and return null.
  virtual Value call(std::uint32_t id, std::span<const Value> arguments, std::string& error) const = 0;
  /// Entry `name` of the context that `call` would give; for hosts that can give it without making the rest. Nothing: make it all.
  virtual std::optional<Value> call_for(std::uint32_t /*id*/, std::span<const Value> /*arguments*/, std::string_view /*name*/) const {
    return std::nullopt;
  }
  /// Whether `call` would give null, without an error; for hosts that know without making the value. Nothing: make it.
  virtual std::optional<bool> call_is_null(std::uint32_t /*id*/, std::span<const Value> /*arguments*/) const { return std::nullopt; }
};

/// The business calendars that expressions may ask (`add working days(d, 3, "cn")`), by id.
struct Calendars {
  calendar::CalendarPtr standard;  ///< what is meant where none is named; may be null
  std::map<std::string, calendar::CalendarPtr, std::less<>> named;
  /// The one of that id, for an empty id the standard one; null when there is none.
  [[nodiscard]] const calendar::BusinessCalendar* find(std::string_view id) const;
};

/// An expression asks a calendar: its id, empty for the standard one, at these bytes of the text.
struct CalendarUse {
  std::string id;
  std::uint32_t offset = 0;
};

struct Frame {
  std::span<const Value> slots;   ///< by StaticScope::Name::slot
  const Host* host = nullptr;     ///< needed when the program uses host functions
  std::optional<Instant> now;     ///< for now() and today(); without it they are null
  std::string_view zone = "UTC";  ///< IANA zone of now(), today() and local times
  /// Values of slots with a level (slot_at), outermost scope first; most expressions need none.
  std::span<const std::span<const Value>> levels{};
  const Calendars* calendars = nullptr;  ///< those of Program::used_calendars; what is asked of one that is missing is null

  /// What stands in `slot`; null when there is nothing.
  [[nodiscard]] const Value& at(std::uint32_t slot) const { return slot < slots.size() ? slots[slot] : behind(slot); }

 private:
  [[nodiscard]] const Value& behind(std::uint32_t slot) const;
};

/// What came out. FEEL turns errors into null; `error` says why, for incidents and the CLI (the first reason met; empty when none).
struct Evaluation {
  Value value;
  std::string error;
};

/// A compiled expression. Immutable, thread-safe, cheap to copy. An empty Program (default) must not be evaluated.
class Program {
 public:
  Program() = default;
  [[nodiscard]] explicit operator bool() const { return impl_ != nullptr; }
  [[nodiscard]] Evaluation evaluate(const Frame& frame) const;
  /// For conditions on hot paths: true only when the value is boolean true; no error text is built.
  [[nodiscard]] bool is_true(const Frame& frame) const;
  [[nodiscard]] const std::string& text() const;
  [[nodiscard]] const Type& type() const;
  [[nodiscard]] const std::vector<std::uint32_t>& used_slots() const;      ///< sorted, unique
  [[nodiscard]] const std::vector<std::uint32_t>& used_functions() const;  ///< host function ids, sorted, unique
  [[nodiscard]] const std::vector<CalendarUse>& used_calendars() const;    ///< in the order of the text, one for each call
  /// The value when the expression uses no name, no host function, no calendar and no clock: a constant.
  [[nodiscard]] std::optional<Value> constant() const;

  struct Impl;
  explicit Program(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  [[nodiscard]] const Impl& impl() const { return *impl_; }  ///< for room feel itself

 private:
  std::shared_ptr<const Impl> impl_;
};

using Compiled = std::variant<Program, std::vector<Problem>>;

/// Compiles one expression. All problems found are reported at once; bounded in time and depth (limits.hpp).
[[nodiscard]] Compiled compile(std::string_view text, const StaticScope& scope, const CompileOptions& options = {});

/// Compiles unary tests (`< 5, [10..20]`, `-`, `not(...)`); the tested value is in slot `input_slot` of the frame and is named `?`.
[[nodiscard]] Compiled compile_unary_tests(std::string_view text, const StaticScope& scope, std::uint32_t input_slot, const Type& input_type,
                                           const CompileOptions& options = {});

/// Text with `{{expression}}` holes (feedback texts). Result of a render is to_display of each hole, null printing as empty text.
class Template {
 public:
  struct Part {
    std::string text;
    Program hole;              ///< empty for plain text
    std::uint32_t offset = 0;  ///< of the hole's expression, in bytes of the text
  };
  std::vector<Part> parts;
  [[nodiscard]] Evaluation render(const Frame& frame) const;  ///< value is a string, or null when it is too long
};
[[nodiscard]] std::variant<Template, std::vector<Problem>> compile_template(std::string_view text, const StaticScope& scope);

}  // namespace switchboard::feel
