// What a function value is inside room feel. Private to the room.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "feel/type.hpp"

namespace switchboard::feel {

class Run;

/// A callable: a closure, a built-in, a host function, a business knowledge model.
class Function : public FunctionObject {
 public:
  [[nodiscard]] virtual const Type& type() const = 0;
  /// `self`: the value it was called through, so that a function can call itself without owning itself.
  [[nodiscard]] virtual Value call(Run& run, const Value& self, std::span<const Value> arguments) const = 0;
  [[nodiscard]] virtual Value call(Run& run, const Value& self, std::span<const std::string> names, std::span<const Value> arguments) const;
  /// In order; for calls with named arguments.
  [[nodiscard]] virtual std::vector<std::string> parameter_names() const = 0;
};

/// The function behind a value, or nullptr.
[[nodiscard]] inline const Function* function_of(const Value& v) { return dynamic_cast<const Function*>(v.function_object()); }

}  // namespace switchboard::feel
