// Syntax tree -> operations: names are resolved, types inferred and checked, constants folded. Private to room feel.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "feel/nodes.hpp"
#include "feel/program.hpp"
#include "feel/syntax.hpp"

namespace switchboard::feel {

/// Nothing is known about it: any operation may fit.
[[nodiscard]] inline bool is_open(const Type& t) { return t.kind() == Type::Kind::any || t.kind() == Type::Kind::null; }

class Compiler {
 public:
  Compiler(const StaticScope& scope, const CompileOptions& options);

  /// One expression, or unary tests about the value in `input_slot`.
  Compiled expression(std::string_view text, const Syntax& tree);
  Compiled unary_tests(std::string_view text, const Syntax& tree, std::uint32_t input_slot, const Type& input_type);

 private:
  struct Lowered {
    NodePtr node;
    Type type;
    bool given = false;  ///< data, now(), or what a calendar says: a date and time of these has an offset
  };
  /// A name that can be used, or (fields) the mark of a filter whose item's entries can be used as names.
  struct Binding {
    enum class Kind : std::uint8_t { slot, local, fields } kind = Kind::slot;
    std::string name;
    Type type;
    std::uint32_t index = 0;
    std::uint32_t level = 0;
  };
  /// The code of one function; level 0 is the program itself.
  struct Level {
    std::uint32_t locals = 0;
    std::map<std::size_t, std::uint32_t> captured;  ///< binding -> local
    std::vector<FunctionCode::Capture> captures;
  };

  Lowered lower(const Syntax& s);
  Lowered lower_kind(const Syntax& s);
  Lowered fold(Lowered made, const Syntax& s, std::size_t problems_before);
  Compiled finish(std::string_view text, const Syntax& tree, Lowered root);

  // compiler.cpp: names, operators
  Lowered literal(const Syntax& s);
  Lowered name(const Syntax& s);
  Lowered resolve(const std::string& name, const Syntax& s, std::size_t below);
  Lowered unknown_name(const std::string& name, const Syntax& s);
  NodePtr variable(std::size_t binding, std::size_t level);
  Lowered list(const Syntax& s);
  Lowered context(const Syntax& s);
  Lowered range(const Syntax& s);
  Lowered unary_range(const Syntax& s);
  Lowered negation(const Syntax& s);
  Lowered arithmetic(const Syntax& s);
  Lowered comparison(const Syntax& s);
  Lowered logic(const Syntax& s);
  Lowered between(const Syntax& s);
  Lowered in(const Syntax& s);
  TestPart test_part(const Syntax& s, const Lowered& tested);
  void check_operands(const Syntax& s, const Lowered& left, const Lowered& right);
  void refuse_local(const Lowered& given, const Node& other, const Syntax& s);
  Lowered tests(const Syntax& s);
  Lowered instance_of(const Syntax& s);
  // compiler_calls.cpp: paths, filters, calls, control
  Lowered path(const Syntax& s);
  Type property_type(const Type& base, const std::string& name, const Syntax& s);
  Lowered filter(const Syntax& s);
  Lowered conditional(const Syntax& s);
  Lowered loop(const Syntax& s);
  Lowered quantified(const Syntax& s);
  std::vector<Iterator> iterators(const Syntax& s);
  Lowered function(const Syntax& s, const std::string& own_name);
  Lowered call(const Syntax& s);
  Lowered call_builtin_node(const Builtin& builtin, const Syntax& s);
  void note_calendar(const Builtin& builtin, const Syntax& s);
  void probe(const Builtin& builtin, const Syntax& s, const std::vector<NodePtr>& nodes, const std::vector<Type>& types,
             const std::vector<std::string>& names);
  Lowered call_host_node(const HostSignature& signature, const Syntax& s);
  Lowered call_value(Lowered callee, const Builtin* builtin, const Syntax& s);
  void arguments_of(const Syntax& s, std::vector<NodePtr>& nodes, std::vector<Type>& types, std::vector<std::string>& names);
  void check_builtin_call(const Builtin& builtin, const Syntax& s, const std::vector<Type>& types, const std::vector<std::string>& names);
  std::string fault_of(const Overload& o, const std::vector<Type>& types, const std::vector<std::string>& names, std::size_t& argument);

  std::uint32_t new_local(const std::string& name, Type type);
  void problem(const Syntax& s, std::string id, std::string message, std::string hint, std::vector<std::string> types = {});
  void require(const Lowered& v, Type::Kind kind, const Syntax& s, std::string_view what);
  [[nodiscard]] std::vector<std::string> known_names() const;

  const StaticScope& scope_;
  const CompileOptions& options_;
  std::vector<Binding> bindings_;
  std::vector<Level> levels_{1};
  std::vector<Problem> problems_;
  std::set<std::uint32_t> used_slots_;
  std::set<std::uint32_t> used_functions_;
  std::vector<CalendarUse> used_calendars_;
  bool uses_clock_ = false;
};

/// Whether a value of static type `type` can be what `accepts` wants, conversions included.
[[nodiscard]] bool may_fit(const Type& type, TypeMask accepts);
/// Whether a value of type `type` can be made to fit `wanted`.
[[nodiscard]] bool may_fit(const Type& type, const Type& wanted);

}  // namespace switchboard::feel
