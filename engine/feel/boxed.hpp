// DMN's boxed expressions and decision requirements in the kit's exchange format. DMN 1.5, 7.3 and 10.2. Private to room feel.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feel/decision.hpp"
#include "feel/feel.hpp"

namespace switchboard::feel {

class Run;

/// One line of the kit: types, inputs, what is required, and the logic that is asked for. Not thread-safe; one per line.
class BoxedWorld {
 public:
  explicit BoxedWorld(const Context& line);
  BoxedWorld(const BoxedWorld&) = delete;
  BoxedWorld& operator=(const BoxedWorld&) = delete;

  [[nodiscard]] Value answer();
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  friend class BoxedFunction;
  friend class ServiceFunction;
  struct Name {
    std::string name;
    Type type;
    Value value;
    bool model = false;  ///< a knowledge model or service
  };
  /// The names in scope, later ones first.
  using Names = std::vector<Name>;

  // boxed.cpp: the line
  void read_types(const Context& types);
  Type item_definition(const Context& definition, std::size_t depth);
  Type type_named(std::string_view name, std::size_t depth);
  Type type_of(const Context& holder, std::string_view member = "type");
  Type type_of_required(std::string_view decision);
  void read_inputs(const Context& inputs);
  Value input_value(const Context& input, const Type& type);
  void require(const Context& required, Names& names, bool only_decisions);
  Value invoke_service();
  Value run_service(const Context& service, const Names& given);
  // boxed_logic.cpp: the logic
  Value logic(const Value& box, const Names& names);
  Value typed(const Value& v, const Type& type);
  Value literal(const Context& box, const Names& names);
  Value context(const Context& box, const Names& names);
  Value relation(const Context& box, const Names& names);
  Value list(const Context& box, const Names& names);
  Value invocation(const Context& box, const Names& names);
  Value function(const Context& box, const Names& names);
  Value conditional(const Context& box, const Names& names);
  Value filter(const Context& box, const Names& names);
  Value quantified(const Context& box, const Names& names, bool every);
  Value loop(const Context& box, const Names& names);
  Value table(const Context& box, const Names& names);
  Value function_value(const std::string& name, const Context& box, const Value& body, const Names& names);
  Value evaluate(std::string_view text, const Names& names);
  Value fail(std::string why);

  const Context& line_;
  Type::Fields types_;
  const Context* definitions_ = nullptr;
  Names inputs_;
  std::string error_;
  std::string bad_input_;  ///< why an input is no value: then there is no answer
  std::size_t depth_ = 0;
};

}  // namespace switchboard::feel
