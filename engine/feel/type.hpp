// Static types of FEEL expressions. DMN 1.5, 10.3.2.9 (types, equivalence, conformance).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "switchboard/value/value.hpp"

namespace switchboard::feel {

/// Limits a type to some of its values (an item definition's allowed values). Immutable, thread-safe.
class Constraint {
 public:
  virtual ~Constraint() = default;
  [[nodiscard]] virtual bool allows(const Value& v) const = 0;
};

/// A structural type. Immutable, cheap to copy. `any` conforms both ways: nothing is known, nothing is refused.
class Type {
 public:
  enum class Kind : std::uint8_t {
    any,
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
  using Fields = std::vector<std::pair<std::string, Type>>;

  Type() = default;                 ///< any
  Type(Kind kind) : kind_(kind) {}  // NOLINT(google-explicit-constructor)
  static Type list_of(Type element);
  static Type range_of(Type element);
  static Type context_of(Fields fields);  ///< exactly these fields are known; more may be there
  static Type function_of(std::vector<Type> parameters, Type result);
  /// `base` limited to what `constraint` allows; only admits() and coerce() look at it.
  static Type constrained(Type base, std::shared_ptr<const Constraint> constraint);

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] const Type& element() const;                  ///< of a list or range; any otherwise
  [[nodiscard]] const Fields& fields() const;                 ///< of a context
  [[nodiscard]] const std::vector<Type>& parameters() const;  ///< of a function
  [[nodiscard]] const Type& result() const;                   ///< of a function
  [[nodiscard]] bool has_details() const {
    return details_ != nullptr;
  }  ///< false: a list, context, range or function of which nothing more is known

  /// FEEL type text: `list<number>`, `context<a: string>`.
  [[nodiscard]] std::string to_string() const;
  /// Parses FEEL type text; nullopt when malformed. `named`: types known by a name of their own.
  static std::optional<Type> parse(std::string_view text);
  static std::optional<Type> parse(std::string_view text, const Fields& named);

  [[nodiscard]] bool conforms_to(const Type& other) const;
  [[nodiscard]] bool admits(const Value& v) const;  ///< null is admitted by every type
  friend bool operator==(const Type& a, const Type& b);

 private:
  struct Details;
  Kind kind_ = Kind::any;
  std::shared_ptr<const Details> details_;
};

/// `v` made to fit `type` as DMN 1.5, 10.3.2.9.4 says (singleton list <-> element, date -> date and time), or null.
[[nodiscard]] Value coerce(const Value& v, const Type& type);

}  // namespace switchboard::feel
