// Decision tables: DMN 1.5, chapter 8. Compiled once, evaluated as a pure function of their inputs.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "feel/feel.hpp"

namespace switchboard::feel {

enum class HitPolicy : std::uint8_t { unique, first, any, priority, rule_order, output_order, collect };
enum class Aggregation : std::uint8_t { none, sum, min, max, count };

/// A table as the designer wrote it. Texts are FEEL; `where` of a Problem is found through the cell coordinates in DecisionProblem.
struct DecisionTable {
  struct Input {
    std::string label;
    std::string expression;  ///< over parameters and free names
    Type type;
    std::string allowed;  ///< unary tests, may be empty
  };
  struct Output {
    std::string name;  ///< empty when the only one
    Type type;
    std::string allowed;        ///< list of values in order of priority, may be empty
    std::string default_value;  ///< FEEL, may be empty
  };
  struct Rule {
    std::vector<std::string> in;   ///< unary tests, `-` for any
    std::vector<std::string> out;  ///< FEEL expressions
    std::string note;              ///< source, "unverified", ...
    std::string source = {};       ///< where the row comes from
    std::string edition = {};      ///< of what it comes from
    std::string unverified = {};   ///< what of it nobody has checked; empty: verified
  };
  std::string id;
  HitPolicy hit = HitPolicy::unique;
  Aggregation aggregation = Aggregation::none;
  std::vector<std::pair<std::string, Type>> parameters;  ///< names and types in order
  std::size_t required_parameters = 0;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
  std::vector<Rule> rules;
};

struct DecisionProblem {
  enum class Part : std::uint8_t { table, input, allowed, output, default_value, rule_input, rule_output };
  Part part = Part::table;
  std::uint32_t row = 0;     ///< rule
  std::uint32_t column = 0;  ///< input or output
  Problem problem;
};

/// Immutable, thread-safe.
class Decision {
 public:
  struct Impl;
  Decision() = default;
  explicit Decision(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  [[nodiscard]] explicit operator bool() const { return impl_ != nullptr; }
  /// `arguments` in parameter order; missing optional ones are null. `frame.host`, `now`, `zone` as for a Program; `frame.slots` unused.
  /// `decided`, if given, is set to the rule that gave the answer (the first of several), or nothing when none hit.
  [[nodiscard]] Evaluation evaluate(std::span<const Value> arguments, const Frame& frame, std::optional<std::uint32_t>* decided = nullptr) const;
  [[nodiscard]] HostSignature signature() const;  ///< to offer it as a function; id is 0
  [[nodiscard]] const DecisionTable& table() const;
  [[nodiscard]] std::vector<std::string> used_calendars() const;  ///< that its expressions ask, sorted, each once; empty: the standard one
  [[nodiscard]] const Impl& impl() const { return *impl_; }       ///< for room feel itself

 private:
  std::shared_ptr<const Impl> impl_;
};

/// Compiles a table; the only names in it are its parameters (and host functions of `scope`).
[[nodiscard]] std::variant<Decision, std::vector<DecisionProblem>> compile_decision(DecisionTable table, const StaticScope& scope = {},
                                                                                    const CompileOptions& options = {});

/// Overlaps and gaps, and texts that are no durations among texts that are, for `check`: each finding names rules and gives a witness. Bounded; says
/// so when it gave up.
struct TableFinding {
  enum class Kind : std::uint8_t {
    overlap,
    gap,
    unreachable_rule,  ///< earlier rules hit first, whatever the input is
    incomplete,
    not_a_duration,
    impossible_rule,  ///< no value passes one of its tests
  };
  Kind kind = Kind::gap;
  std::vector<std::uint32_t> rules;
  std::string witness;
};
[[nodiscard]] std::vector<TableFinding> analyse(const Decision& decision);

/// Values of a parameter between which the table's answer changes: those that the tests of it name, and their neighbours. Bounded.
[[nodiscard]] std::vector<Value> telling_values(const Decision& decision, std::size_t parameter);

}  // namespace switchboard::feel
