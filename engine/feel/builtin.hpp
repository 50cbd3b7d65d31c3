// FEEL's built-in functions: names, parameters, meaning. DMN 1.5, 10.3.4. Private to room feel.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "feel/function.hpp"
#include "feel/node.hpp"

namespace switchboard::feel {

/// A set of value types, one bit each, by Value::Type.
using TypeMask = std::uint32_t;
[[nodiscard]] constexpr TypeMask bit(Value::Type t) { return 1u << static_cast<unsigned>(t); }
/// What a static type can be at run time; all bits for Any.
[[nodiscard]] TypeMask mask_of(const Type& type);

struct Parameter {
  std::string_view name;
  TypeMask accepts = 0;  ///< with the bit of null when null is a meaningful argument
  bool optional = false;
};

/// One way to call a built-in. `evaluate` gets one value per parameter, null for an optional one that was left out.
struct Overload {
  std::vector<Parameter> parameters;
  bool variadic = false;  ///< the last parameter takes all further arguments, as a list
  Value (*evaluate)(Run&, std::span<const Value>) = nullptr;
  Type result;
  /// The result type from the arguments' types where it depends on them; may be null.
  Type (*infer)(std::span<const Type>) = nullptr;
};

struct Builtin {
  std::string_view name;
  std::vector<Overload> overloads;
  bool clock = false;      ///< now(), today(): the result depends on the clock, so it is no constant even with constant arguments
  bool calendars = false;  ///< asks the calendar that its last parameter names, which has to be written as a text; `clock` is set too
};

/// nullptr when there is no such function.
[[nodiscard]] const Builtin* find_builtin(std::string_view name);
/// The names that begin with this word.
[[nodiscard]] std::span<const std::string_view> builtin_names_beginning(std::string_view word);
[[nodiscard]] const std::vector<std::string>& builtin_names();

/// Calls the first way that fits number and types of the arguments; null with a reason when none does.
[[nodiscard]] Value call_builtin(Run& run, const Builtin& builtin, std::span<const Value> arguments);
[[nodiscard]] Value call_builtin(Run& run, const Builtin& builtin, std::span<const std::string> names, std::span<const Value> arguments);

/// `abs(n: number)`, for messages.
[[nodiscard]] std::string signature_text(const Builtin& builtin, const Overload& overload);

/// A built-in as a function value.
class BuiltinFunction : public Function {
 public:
  explicit BuiltinFunction(const Builtin& builtin);
  [[nodiscard]] const Type& type() const override { return type_; }
  [[nodiscard]] Value call(Run& run, const Value& self, std::span<const Value> arguments) const override;
  [[nodiscard]] Value call(Run& run, const Value& self, std::span<const std::string> names, std::span<const Value> arguments) const override;
  [[nodiscard]] std::vector<std::string> parameter_names() const override { return {}; }

 private:
  const Builtin& builtin_;
  Type type_;
};

/// Calls any function value; null with a reason when it is none.
[[nodiscard]] Value call_function(Run& run, const Value& function, std::span<const Value> arguments);
[[nodiscard]] Value call_function(Run& run, const Value& function, std::span<const std::string> names, std::span<const Value> arguments);
/// The number, or null with the reason that `function` has no finite result.
[[nodiscard]] Value finite(Run& run, const std::optional<Decimal>& d, std::string_view function);
/// How many parameters a function value takes; 0 when unknown.
[[nodiscard]] std::size_t parameter_count(const Value& function);

// The families, one file each.
void add_conversion_builtins(std::vector<Builtin>& out);
void add_string_builtins(std::vector<Builtin>& out);
void add_number_builtins(std::vector<Builtin>& out);
void add_list_builtins(std::vector<Builtin>& out);
void add_aggregate_builtins(std::vector<Builtin>& out);
void add_temporal_builtins(std::vector<Builtin>& out);
void add_range_builtins(std::vector<Builtin>& out);
void add_context_builtins(std::vector<Builtin>& out);
void add_format_builtins(std::vector<Builtin>& out);
void add_calendar_builtins(std::vector<Builtin>& out);

// Masks by the names of the types.
namespace mask {
inline constexpr TypeMask null = bit(Value::Type::null);
inline constexpr TypeMask boolean = bit(Value::Type::boolean);
inline constexpr TypeMask number = bit(Value::Type::number);
inline constexpr TypeMask string = bit(Value::Type::string);
inline constexpr TypeMask date = bit(Value::Type::date);
inline constexpr TypeMask time = bit(Value::Type::time);
inline constexpr TypeMask date_time = bit(Value::Type::date_time);
inline constexpr TypeMask days = bit(Value::Type::days_time_duration);
inline constexpr TypeMask months = bit(Value::Type::years_months_duration);
inline constexpr TypeMask list = bit(Value::Type::list);
inline constexpr TypeMask context = bit(Value::Type::context);
inline constexpr TypeMask range = bit(Value::Type::range);
inline constexpr TypeMask function = bit(Value::Type::function);
inline constexpr TypeMask something = (1u << 13) - 2;  ///< all but null
inline constexpr TypeMask anything = (1u << 13) - 1;
inline constexpr TypeMask point = number | string | date | time | date_time | days | months;
}  // namespace mask

}  // namespace switchboard::feel
