// Decision tables: text -> programs, with the place of every problem.
#include <fmt/format.h>
#include <algorithm>

#include "feel/decision_impl.hpp"
#include "feel/foreign_words.hpp"
#include "feel/program.hpp"

namespace switchboard::feel {
namespace {

using Part = DecisionProblem::Part;

class TableCompiler {
 public:
  TableCompiler(DecisionTable table, const StaticScope& scope, const CompileOptions& options)
      : impl_(std::make_shared<Decision::Impl>()), options_(options) {
    impl_->table = std::move(table);
    scope_.functions = scope.functions;
    scope_.types = scope.types;
    for (const auto& [name, type] : impl_->table.parameters) scope_.names.push_back({name, type, static_cast<std::uint32_t>(scope_.names.size())});
  }

  std::variant<Decision, std::vector<DecisionProblem>> run() {
    check_shape();
    if (!problems_.empty()) return std::move(problems_);
    compile_inputs();
    compile_outputs();
    compile_rules();
    if (!problems_.empty()) return std::move(problems_);
    index_words();
    return Decision(std::move(impl_));
  }

 private:
  void complain(Part part, std::size_t row, std::size_t column, std::string id, std::string message, std::string hint) {
    problems_.push_back({part, static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column),
                         Problem{std::move(id), std::move(message), std::move(hint), 0, 0}});
  }

  void check_shape() {
    const DecisionTable& t = impl_->table;
    if (t.outputs.empty()) complain(Part::table, 0, 0, "SB0801", "the table has no output", "give it at least one output");
    if (t.aggregation != Aggregation::none && t.hit != HitPolicy::collect) {
      complain(Part::table, 0, 0, "SB0802", "only the hit policy collect aggregates", "use `collect`, or leave out the aggregation");
    }
    if (t.aggregation != Aggregation::none && t.aggregation != Aggregation::count && t.outputs.size() > 1) {
      complain(Part::table, 0, 0, "SB0802", "sum, min and max need a table with one output", "split the table");
    }
    if (t.required_parameters > t.parameters.size()) complain(Part::table, 0, 0, "SB0801", "more parameters are required than there are", "");
    for (std::size_t i = 0; i < t.parameters.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (t.parameters[i].first == t.parameters[j].first)
          complain(Part::table, 0, i, "SB0803", fmt::format("the parameter `{}` is there twice", t.parameters[i].first), "rename one");
      }
    }
    check_outputs();
    for (std::size_t r = 0; r < t.rules.size(); ++r) check_rule(r);
  }

  void check_outputs() {
    const DecisionTable& t = impl_->table;
    bool ordered = false;
    for (std::size_t i = 0; i < t.outputs.size(); ++i) {
      ordered = ordered || !t.outputs[i].allowed.empty();
      if (t.outputs.size() > 1 && t.outputs[i].name.empty()) complain(Part::output, 0, i, "SB0803", "each of several outputs needs a name", "");
      for (std::size_t j = 0; j < i; ++j) {
        if (t.outputs.size() > 1 && t.outputs[i].name == t.outputs[j].name)
          complain(Part::output, 0, i, "SB0803", fmt::format("the output `{}` is there twice", t.outputs[i].name), "rename one");
      }
    }
    if ((t.hit == HitPolicy::priority || t.hit == HitPolicy::output_order) && !ordered) {
      complain(Part::table, 0, 0, "SB0804", "the hit policy needs the outputs' values in order of priority",
               "list them in `allowed`, the most wanted first");
    }
  }

  void check_rule(std::size_t r) {
    const DecisionTable& t = impl_->table;
    const auto& rule = t.rules[r];
    if (rule.in.size() != t.inputs.size()) {
      complain(Part::rule_input, r, 0, "SB0805", fmt::format("the rule has {} tests for {} inputs", rule.in.size(), t.inputs.size()),
               "write `-` where any value will do");
    }
    if (rule.out.size() != t.outputs.size()) {
      complain(Part::rule_output, r, 0, "SB0805", fmt::format("the rule has {} values for {} outputs", rule.out.size(), t.outputs.size()),
               "write `null` where there is none");
    }
  }

  Program take(Compiled compiled, Part part, std::size_t row, std::size_t column) {
    if (auto* program = std::get_if<Program>(&compiled)) return std::move(*program);
    for (auto& p : std::get<std::vector<Problem>>(compiled)) {
      problems_.push_back({part, static_cast<std::uint32_t>(row), static_cast<std::uint32_t>(column), std::move(p)});
    }
    return {};
  }

  /// Compiles a test. All tests of a table are evaluated in one Run, which has as many local variables as the test that needs most.
  Program take_test(Compiled compiled, Part part, std::size_t row, std::size_t column) {
    Program test = take(std::move(compiled), part, row, column);
    if (test) impl_->test_locals = std::max(impl_->test_locals, test.impl().locals);
    return test;
  }

  [[nodiscard]] CompileOptions expecting(const Type& type) const {
    CompileOptions out = options_;
    out.expected = type;
    return out;
  }
  /// The slot in which tests find the value of an input: that of the parameter when the input is only a parameter's name, of the same type; else a
  /// new one.
  std::uint32_t slot_of(std::size_t column) {
    const Program& input = impl_->inputs[column];
    const Type& declared = impl_->table.inputs[column].type;
    if (const auto named = input ? input.impl().only_slot : std::nullopt; named && *named < impl_->table.parameters.size()) {
      if (declared.kind() == Type::Kind::any || declared == impl_->table.parameters[*named].second) return *named;
    }
    return static_cast<std::uint32_t>(impl_->slots++);
  }

  /// What is known of an input: its declared type, else the type of its expression.
  Type input_type(std::size_t column) {
    const Type& declared = impl_->table.inputs[column].type;
    if (declared.kind() != Type::Kind::any || !impl_->inputs[column]) return declared;
    return impl_->inputs[column].type();
  }

  void compile_inputs() {
    impl_->slots = impl_->table.parameters.size();
    for (std::size_t i = 0; i < impl_->table.inputs.size(); ++i) {
      const auto& input = impl_->table.inputs[i];
      impl_->inputs.push_back(take(compile(input.expression, scope_, expecting(input.type)), Part::input, 0, i));
      impl_->input_slots.push_back(slot_of(i));
      impl_->allowed.push_back(
          input.allowed.empty()
              ? Program()
              : take_test(compile_unary_tests(input.allowed, scope_, impl_->input_slots[i], input_type(i), options_), Part::allowed, 0, i));
    }
  }

  void compile_outputs() {
    for (std::size_t i = 0; i < impl_->table.outputs.size(); ++i) {
      const auto& output = impl_->table.outputs[i];
      impl_->defaults.push_back(
          output.default_value.empty() ? Program() : take(compile(output.default_value, scope_, expecting(output.type)), Part::default_value, 0, i));
      impl_->priorities.emplace_back();
      if (output.allowed.empty()) continue;
      const Program values = take(compile("[" + output.allowed + "]", scope_, options_), Part::output, 0, i);
      const auto list = values ? values.constant() : std::nullopt;
      const bool ordered = impl_->table.hit == HitPolicy::priority || impl_->table.hit == HitPolicy::output_order;
      if (list && list->list() != nullptr) {
        impl_->priorities.back() = *list->list();
      } else if (ordered && values) {
        complain(Part::output, 0, i, "SB0804", "the values in order of priority must be constants", "");
      }
    }
  }

  /// True when the cell is a difference of two numbers, which is told; nothing else is made of it then.
  bool refuse_difference(std::size_t row, std::size_t column, const std::string& cell) {
    const auto sides = options_.type_check ? range_with("-", cell) : std::nullopt;
    if (sides)
      complain(Part::rule_input, row, column, "SB0806", fmt::format("`{}` is the difference of two numbers, no range", cell),
               fmt::format("write [{}..{}], or the difference as a number of its own", sides->first, sides->second));
    return sides.has_value();
  }

  void compile_rules() {
    for (std::size_t r = 0; r < impl_->table.rules.size(); ++r) {
      const auto& rule = impl_->table.rules[r];
      Decision::Impl::Rule out;
      for (std::size_t c = 0; c < rule.in.size(); ++c) {
        const bool any = rule.in[c].find_first_not_of(" \t\r\n") == std::string::npos || canonical_text(rule.in[c]) == "-";
        if (any || refuse_difference(r, c, rule.in[c])) continue;
        out.in.push_back(
            {static_cast<std::uint32_t>(c), false,
             take_test(compile_unary_tests(rule.in[c], scope_, impl_->input_slots[c], input_type(c), options_), Part::rule_input, r, c)});
      }
      for (std::size_t c = 0; c < rule.out.size(); ++c) {
        out.out.push_back(take(compile(rule.out[c], scope_, expecting(impl_->table.outputs[c].type)), Part::rule_output, r, c));
      }
      impl_->rules.push_back(std::move(out));
    }
  }

  void index_words() {
    for (std::size_t c = 0; c < std::min(impl_->table.inputs.size(), WordIndex::most_columns); ++c) {
      auto index = WordIndex::make(impl_->table, c);
      if (!index) continue;
      for (std::size_t r = 0; r < impl_->rules.size(); ++r) {
        for (auto& test : impl_->rules[r].in) test.in_words = test.in_words || (test.column == c && index->decides(r));
      }
      impl_->indexes.push_back(std::move(*index));
    }
  }

  static std::string canonical_text(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    const auto last = text.find_last_not_of(" \t\r\n");
    return text.substr(first, last - first + 1);
  }

  std::shared_ptr<Decision::Impl> impl_;
  StaticScope scope_;
  CompileOptions options_;
  std::vector<DecisionProblem> problems_;
};

}  // namespace

std::variant<Decision, std::vector<DecisionProblem>> compile_decision(DecisionTable table, const StaticScope& scope, const CompileOptions& options) {
  return TableCompiler(std::move(table), scope, options).run();
}

}  // namespace switchboard::feel
