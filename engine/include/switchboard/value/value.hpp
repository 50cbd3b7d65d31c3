// The one dynamic value of Switchboard: case data, FEEL results, decision outputs, JSON at the doors.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "switchboard/base/error.hpp"
#include "switchboard/value/decimal.hpp"
#include "switchboard/value/temporal.hpp"

namespace switchboard {

class Value;

/// What a FEEL function value is; defined by room `feel`. Two function values are equal when they are the same object.
class FunctionObject {
 public:
  virtual ~FunctionObject() = default;
};

/// Ordered by first insertion; keys are unique. Small contexts are scanned, so keep them small.
using List = std::vector<Value>;
class Context;
struct Range;

/// An immutable value of FEEL's type system (DMN 1.5, 10.3.2). Copying is cheap: lists, contexts, ranges and functions are shared and
/// never change once made. Thread-safe to read and copy.
class Value {
 public:
  enum class Type : std::uint8_t {
    null,
    boolean,
    number,
    string,
    date,
    time,
    date_time,
    days_time_duration,
    years_months_duration,
    list,
    context,
    range,
    function
  };

  Value() noexcept : plain_() {}                                                           ///< null
  Value(std::nullptr_t) noexcept : plain_() {}                                             // NOLINT(google-explicit-constructor)
  Value(bool b) noexcept : type_(Type::boolean), plain_() { ::new (&boolean_) bool(b); }   // NOLINT
  Value(const Decimal& d) noexcept : type_(Type::number), number_(d) {}                    // NOLINT
  Value(int n) : Value(Decimal(n)) {}                                                      // NOLINT
  Value(std::int64_t n) : Value(Decimal(n)) {}                                             // NOLINT
  Value(std::string s) noexcept : type_(Type::string), string_(std::move(s)) {}            // NOLINT
  Value(std::string_view s) : Value(std::string(s)) {}                                     // NOLINT
  Value(const char* s) : Value(std::string(s)) {}                                          // NOLINT
  Value(const Date& d) noexcept : type_(Type::date), plain_() { ::new (&date_) Date(d); }  // NOLINT
  Value(Time t);                                                                           // NOLINT
  Value(DateTime t);                                                                       // NOLINT
  Value(const DaysTimeDuration& d) noexcept : type_(Type::days_time_duration), plain_() { ::new (&days_) DaysTimeDuration(d); }  // NOLINT
  Value(const YearsMonthsDuration& d) noexcept : type_(Type::years_months_duration), plain_() {                                  // NOLINT
    ::new (&months_) YearsMonthsDuration(d);
  }
  Value(List l);                                                                                          // NOLINT
  Value(Context c);                                                                                       // NOLINT
  Value(Range r);                                                                                         // NOLINT
  Value(std::shared_ptr<const FunctionObject> f) noexcept : type_(Type::function), box_(std::move(f)) {}  // NOLINT
  Value(const Value& other) : type_(other.type_), plain_() { copy_content(other); }
  Value(Value&& other) noexcept : type_(other.type_), plain_() { take_content(other); }
  Value& operator=(const Value& other) {
    if (this != &other) *this = Value(other);
    return *this;
  }
  Value& operator=(Value&& other) noexcept {
    if (this == &other) return *this;
    if (!is_plain(type_)) destroy();
    type_ = other.type_;
    take_content(other);
    return *this;
  }
  ~Value() {
    if (!is_plain(type_)) destroy();
  }
  Value(double) = delete;  // binary floats do not silently become decimals: use Decimal::from_double

  [[nodiscard]] Type type() const noexcept { return type_; }
  [[nodiscard]] bool is_null() const { return type() == Type::null; }
  [[nodiscard]] bool is(Type t) const { return type() == t; }

  // Pointers into the value, or nullptr when it is of another type. Valid as long as the value lives.
  [[nodiscard]] const bool* boolean() const { return type_ == Type::boolean ? &boolean_ : nullptr; }
  [[nodiscard]] const Decimal* number() const { return type_ == Type::number ? &number_ : nullptr; }
  [[nodiscard]] const std::string* string() const { return type_ == Type::string ? &string_ : nullptr; }
  /// The string taken out; empty when it is none.
  [[nodiscard]] std::string take_string() && { return type_ == Type::string ? std::move(string_) : std::string(); }
  [[nodiscard]] const Date* date() const { return type_ == Type::date ? &date_ : nullptr; }
  [[nodiscard]] const Time* time() const;
  [[nodiscard]] const DateTime* date_time() const;
  [[nodiscard]] const DaysTimeDuration* days_time_duration() const { return type_ == Type::days_time_duration ? &days_ : nullptr; }
  [[nodiscard]] const YearsMonthsDuration* years_months_duration() const { return type_ == Type::years_months_duration ? &months_ : nullptr; }
  [[nodiscard]] const List* list() const;
  [[nodiscard]] const Context* context() const;
  [[nodiscard]] const Range* range() const;
  [[nodiscard]] std::shared_ptr<const FunctionObject> function() const;
  [[nodiscard]] const FunctionObject* function_object() const;  ///< the same without sharing

  /// Adds an item to a list; nothing happens to any other value. True when nobody shared the list, so that nothing was copied.
  bool append(Value item);

  /// Levels of lists, contexts and ranges: 0 for a scalar, 1 for a list of scalars. Constant time.
  [[nodiscard]] std::uint32_t depth() const;
  /// How large the value is when it is written: never less than the bytes of `encode`, and only a few more for each number in it. What shares memory
  /// counts as often as it is written; beyond `most_written_bytes` it stays there. Constant time.
  [[nodiscard]] std::uint64_t written_bytes() const;
  static constexpr std::uint64_t most_written_bytes = std::uint64_t{1} << 48;

  /// Structural identity: same type and same content (numbers numerically, times with their zones). Not FEEL's three-valued `=`,
  /// which is `feel`'s business.
  friend bool operator==(const Value& a, const Value& b);

 private:
  struct ListBox;  // the content with its nesting depth
  struct ContextBox;
  struct RangeBox;
  /// Lies wholly in the value: copying its bytes copies it, and nothing has to be destroyed.
  static constexpr bool is_plain(Type t) noexcept {
    constexpr unsigned plain = 1U << static_cast<unsigned>(Type::null) | 1U << static_cast<unsigned>(Type::boolean) |
                               1U << static_cast<unsigned>(Type::number) | 1U << static_cast<unsigned>(Type::date) |
                               1U << static_cast<unsigned>(Type::days_time_duration) | 1U << static_cast<unsigned>(Type::years_months_duration);
    return (plain >> static_cast<unsigned>(t) & 1U) != 0;
  }
  void copy_plain(const Value& other) noexcept { plain_ = other.plain_; }
  /// The content of the other, whose type this one has already; nothing was here before.
  void copy_content(const Value& other) {
    if (is_plain(type_)) return copy_plain(other);
    copy_rest(other);
  }
  /// Likewise; the other is null afterwards, unless it is plain.
  void take_content(Value& other) noexcept {
    if (is_plain(type_)) return copy_plain(other);
    if (type_ == Type::string) {
      ::new (&string_) std::string(std::move(other.string_));
      other.string_.~basic_string();
    } else {
      ::new (&box_) std::shared_ptr<const void>(std::move(other.box_));
      other.box_.~shared_ptr();
    }
    other.type_ = Type::null;
  }
  void copy_rest(const Value& other);
  void destroy() noexcept;

  // A tagged union and no std::variant: copies and moves are the engine's most frequent operations, and with plain content they are a few stores.
  Type type_ = Type::null;
  struct Plain {
    std::uint64_t words[3];
  };
  union {
    Plain plain_;  ///< the bytes of any plain content (g++ and clang define reading it)
    Decimal number_;
    bool boolean_;
    Date date_;
    DaysTimeDuration days_;
    YearsMonthsDuration months_;
    std::string string_;
    std::shared_ptr<const void> box_;  ///< Time, DateTime, ListBox, ContextBox, RangeBox, FunctionObject
  };
};

/// Name -> value in order of first insertion.
class Context {
 public:
  using Entry = std::pair<std::string, Value>;
  Context() = default;
  Context(std::initializer_list<Entry> entries);
  /// Sets or replaces.
  void set(std::string_view name, Value value);
  /// Adds a name that is known not to be there yet: no search. The caller's promise.
  void append_new(std::string_view name, Value value) { entries_.emplace_back(std::string(name), std::move(value)); }
  void reserve(std::size_t entries) { entries_.reserve(entries); }
  [[nodiscard]] const Value* find(std::string_view name) const;
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  friend bool operator==(const Context& a, const Context& b);  ///< order does not matter

 private:
  std::vector<Entry> entries_;
};

/// A FEEL range. An absent endpoint (null) is unbounded.
struct Range {
  enum class End : std::uint8_t { open, closed };
  End low_end = End::closed;
  Value low;
  Value high;
  End high_end = End::closed;
  /// Whether it came from a unary test such as `< 5`. One whose two ends are there is `= 5` (closed) or `!= 5` (open).
  bool unary = false;
  friend bool operator==(const Range&, const Range&) = default;
};
/// Whether the range is the unary test `= 5` or `!= 5`.
[[nodiscard]] inline bool is_equality(const Range& r) { return r.unary && !r.low.is_null() && !r.high.is_null(); }

[[nodiscard]] std::string_view to_string(Value::Type type) noexcept;  ///< FEEL's type names: "number", "days and time duration", ...

/// FEEL text of a value: strings quoted, dates as `date("...")`. Reads back as the same value (functions excepted).
[[nodiscard]] std::string to_feel(const Value& v);
/// Text for a person or a message: strings bare, the rest as to_feel but dates and durations in plain ISO form.
[[nodiscard]] std::string to_display(const Value& v);

// Canonical bytes: a compact, versionless, total encoding. Equal bytes <=> structurally equal (functions are refused by encode: they never
// reach a store). decode checks every bound and refuses anything encode cannot have written.
// The order of a context's names is not part of its structure, so it is not kept: a decoded context has them in byte order.
void encode(const Value& v, std::string& out);
/// Whether encode may be called: no function in it, no more than limits::value_depth levels.
[[nodiscard]] bool is_storable(const Value& v);
/// Reads one value from the front of `bytes` and removes it.
[[nodiscard]] Result<Value> decode(std::string_view& bytes);

}  // namespace switchboard
