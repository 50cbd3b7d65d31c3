// Overlaps and gaps of decision tables. Every input is cut into samples: the constants that the tests name, values just beside them, and one that no
// test names. Between two samples no test changes its mind, so what holds for the samples holds for all values.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "calendar/duration.hpp"
#include "feel/decision_impl.hpp"
#include "feel/operators.hpp"
#include "feel/parser.hpp"
#include "feel/samples.hpp"

namespace switchboard::feel {
namespace {

constexpr std::size_t max_samples = 2'000;   ///< of one input
constexpr std::size_t max_states = 200'000;  ///< of the search for gaps
constexpr std::size_t max_findings = 20;     ///< of one kind

/// The constants in a test's text, folded: `date("2026-01-01")` is one.
class ConstantFinder {
 public:
  ConstantFinder(std::string_view text, const StaticScope& scope, List& out) : text_(text), scope_(scope), out_(out) {}

  void run() {
    Parser parser(text_, scope_);
    const SyntaxPtr tree = parser.unary_tests();
    if (tree != nullptr) visit(*tree);
  }

 private:
  void visit(const Syntax& s) {
    if (s.kind == SyntaxKind::literal) {
      add(s.value);
    } else if (s.kind == SyntaxKind::call || s.kind == SyntaxKind::negate || s.kind == SyntaxKind::arithmetic) {
      const auto compiled = compile(text_.substr(s.offset, s.length), scope_);
      const auto* program = std::get_if<Program>(&compiled);
      const auto value = program != nullptr ? program->constant() : std::nullopt;
      if (value) add(*value);
    }
    for (const auto& item : s.items) visit(*item);
  }
  void add(const Value& v) {
    if (v.list() != nullptr) {
      for (const Value& item : *v.list()) add(item);
    } else if (!v.is_null() && out_.size() < max_samples) {
      out_.push_back(v);
    }
  }

  std::string_view text_;
  const StaticScope& scope_;
  List& out_;
};

class Analysis {
 public:
  explicit Analysis(const Decision::Impl& impl) : impl_(impl), slots_(impl.slots) {
    for (const auto& [name, type] : impl.table.parameters) scope_.names.push_back({name, type, static_cast<std::uint32_t>(scope_.names.size())});
  }

  std::vector<TableFinding> run() {
    for (std::size_t c = 0; c < impl_.table.outputs.size(); ++c) find_odd_durations(c);
    if (!depends_on_inputs_only()) {
      add(TableFinding::Kind::incomplete, {}, "some tests compare with other names; overlaps and gaps are not looked for");
      return std::move(findings_);
    }
    for (std::size_t c = 0; c < impl_.table.inputs.size(); ++c) sample(c);
    find_dead_rules();
    find_overlaps();
    find_gaps();
    find_hidden_rules();
    return std::move(findings_);
  }

 private:
  using Bits = std::vector<bool>;  ///< by rule

  struct Column {
    List samples;
    std::vector<Bits> hits;  ///< by sample: the rules whose test holds
  };

  bool depends_on_inputs_only() const {
    const auto own = [this](const Program& p, std::size_t column) {
      const std::uint32_t slot = impl_.input_slots[column];
      return !p ||
             (p.used_functions().empty() && std::all_of(p.used_slots().begin(), p.used_slots().end(), [slot](std::uint32_t s) { return s == slot; }));
    };
    for (std::size_t c = 0; c < impl_.table.inputs.size(); ++c) {
      if (!own(impl_.allowed[c], c)) return false;
    }
    for (const auto& rule : impl_.rules) {
      if (!std::all_of(rule.in.begin(), rule.in.end(), [&](const auto& test) { return own(test.cell, test.column); })) return false;
    }
    return true;
  }

  bool holds(const Program& test, std::size_t column, const Value& v) {
    if (!test) return true;
    slots_[impl_.input_slots[column]] = v;
    Frame frame;
    frame.slots = slots_;
    return test.is_true(frame);
  }

  void sample(std::size_t c) {
    const auto& input = impl_.table.inputs[c];
    List raw;
    if (!input.allowed.empty()) ConstantFinder(input.allowed, scope_, raw).run();
    for (const auto& rule : impl_.table.rules) ConstantFinder(rule.in[c], scope_, raw).run();
    const std::size_t named = raw.size();
    for (std::size_t i = 0; i < named; ++i) add_neighbours(Value(raw[i]), raw);
    add_midpoints(raw);
    const Type::Kind kind = input.type.kind() != Type::Kind::any ? input.type.kind() : impl_.inputs[c].type().kind();
    if (kind == Type::Kind::boolean || std::any_of(raw.begin(), raw.end(), [](const Value& v) { return v.boolean() != nullptr; })) {
      raw.emplace_back(true);
      raw.emplace_back(false);
    } else if (kind == Type::Kind::string || std::any_of(raw.begin(), raw.end(), [](const Value& v) { return v.string() != nullptr; })) {
      raw.emplace_back("(any other)");
    } else if (kind == Type::Kind::number && raw.empty()) {
      raw.emplace_back(0);
    }
    keep(c, std::move(raw));
  }

  /// Allowed samples, each once, with the rules they hit; of samples that hit the same rules the first stands for all.
  void keep(std::size_t c, List raw) {
    Column column;
    for (Value& v : raw) {
      if (v.is_null() || !holds(impl_.allowed[c], c, v)) continue;
      Bits hits;
      for (const auto& rule : impl_.rules) hits.push_back(holds(test_of(rule, c), c, v));
      if (std::find(column.hits.begin(), column.hits.end(), hits) != column.hits.end()) continue;
      column.samples.push_back(std::move(v));
      column.hits.push_back(std::move(hits));
    }
    columns_.push_back(std::move(column));
  }

  /// Empty where any value will do.
  static Program test_of(const Decision::Impl::Rule& rule, std::size_t c) {
    const auto found = std::find_if(rule.in.begin(), rule.in.end(), [c](const Decision::Impl::Test& test) { return test.column == c; });
    return found == rule.in.end() ? Program() : found->cell;
  }

  void add(TableFinding::Kind kind, std::vector<std::uint32_t> rules, std::string witness) {
    const auto same =
        static_cast<std::size_t>(std::count_if(findings_.begin(), findings_.end(), [kind](const TableFinding& f) { return f.kind == kind; }));
    if (same < max_findings) findings_.push_back({kind, std::move(rules), std::move(witness)});
  }

  std::string witness(const std::vector<std::size_t>& samples) const {
    std::string out;
    for (std::size_t c = 0; c < samples.size(); ++c) {
      if (samples[c] == any_sample) continue;
      if (!out.empty()) out += ", ";
      const Value& v = columns_[c].samples[samples[c]];
      out += fmt::format("{} = {}", impl_.table.inputs[c].expression, to_feel(v));
    }
    return out.empty() ? "any input" : out;
  }

  /// Limits of clocks are texts to FEEL, but whoever reads them needs durations. A column in which most texts are durations is taken for one of
  /// limits, and the other texts in it are reported.
  void find_odd_durations(std::size_t column) {
    std::size_t durations = 0;
    std::vector<std::pair<std::uint32_t, std::string>> odd;
    for (std::uint32_t r = 0; r < impl_.rules.size(); ++r) {
      const auto value = impl_.rules[r].out[column].constant();
      if (!value || value->string() == nullptr) continue;
      const auto read = calendar::parse_duration(*value->string());
      if (read)
        ++durations;
      else
        odd.emplace_back(r, fmt::format("{} ({})", read.error().message, read.error().hint));
    }
    if (durations < 2 || durations <= odd.size()) return;
    for (auto& [rule, why] : odd) add(TableFinding::Kind::not_a_duration, {rule}, std::move(why));
  }

  void find_dead_rules() {
    for (std::uint32_t r = 0; r < impl_.rules.size(); ++r) {
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        const auto& hits = columns_[c].hits;
        if (columns_[c].samples.empty() || std::any_of(hits.begin(), hits.end(), [r](const Bits& b) { return b[r]; })) continue;
        add(TableFinding::Kind::unreachable_rule, {r},
            fmt::format("no value of {} passes `{}`", impl_.table.inputs[c].expression, impl_.table.rules[r].in[c]));
        break;
      }
    }
  }

  /// Only unique forbids two rules to hit; any forbids it when their outputs are written differently.
  void find_overlaps() {
    const HitPolicy hit = impl_.table.hit;
    if (hit != HitPolicy::unique && hit != HitPolicy::any) return;
    for (std::uint32_t a = 0; a < impl_.rules.size(); ++a) {
      for (std::uint32_t b = a + 1; b < impl_.rules.size(); ++b) {
        if (hit == HitPolicy::any && impl_.table.rules[a].out == impl_.table.rules[b].out) continue;
        std::vector<std::size_t> samples;
        for (const Column& column : columns_) {
          const auto both = std::find_if(column.hits.begin(), column.hits.end(), [a, b](const Bits& bits) { return bits[a] && bits[b]; });
          if (both == column.hits.end()) break;
          samples.push_back(static_cast<std::size_t>(both - column.hits.begin()));
        }
        if (samples.size() == columns_.size()) add(TableFinding::Kind::overlap, {a, b}, witness(samples));
      }
    }
  }

  static constexpr std::size_t any_sample = static_cast<std::size_t>(-1);

  /// Looks for samples that none of `rules` covers; true when one was found (then it is in `samples`).
  bool uncovered(std::size_t c, const Bits& rules, std::vector<std::size_t>& samples, bool all) {
    if (++states_ > max_states) return false;
    const bool none = std::none_of(rules.begin(), rules.end(), [](bool b) { return b; });
    if (none) {
      samples.resize(columns_.size(), any_sample);
      if (all) add(TableFinding::Kind::gap, {}, witness(samples));
      samples.resize(c);
      return true;
    }
    if (c == columns_.size()) return false;
    const auto known = covered_.find({c, rules});
    if (known != covered_.end()) return false;
    bool found = false;
    for (std::size_t s = 0; s < columns_[c].samples.size(); ++s) {
      Bits rest = rules;
      for (std::size_t r = 0; r < rest.size(); ++r) rest[r] = rest[r] && columns_[c].hits[s][r];
      samples.push_back(s);
      found = uncovered(c + 1, rest, samples, all) || found;
      samples.pop_back();
      if (found && !all) return true;
    }
    if (!found && states_ <= max_states) covered_.insert({{c, rules}, true});
    return found;
  }

  bool has_default() const {
    return std::any_of(impl_.defaults.begin(), impl_.defaults.end(), [](const Program& p) { return bool(p); });
  }

  void find_gaps() {
    const bool may_be_silent =
        impl_.table.hit == HitPolicy::collect || impl_.table.hit == HitPolicy::rule_order || impl_.table.hit == HitPolicy::output_order;
    if (has_default() || may_be_silent) return;
    std::vector<std::size_t> samples;
    static_cast<void>(uncovered(0, Bits(impl_.rules.size(), true), samples, true));
    note_limit("gaps");
  }

  /// With `first`, a rule that earlier ones cover completely never hits.
  void find_hidden_rules() {
    if (impl_.table.hit != HitPolicy::first) return;
    for (std::uint32_t r = 1; r < impl_.rules.size(); ++r) {
      std::vector<Column> all = columns_;
      for (Column& column : columns_) {
        Column mine;
        for (std::size_t s = 0; s < column.samples.size(); ++s) {
          if (!column.hits[s][r]) continue;
          mine.samples.push_back(column.samples[s]);
          mine.hits.push_back(column.hits[s]);
        }
        column = std::move(mine);
      }
      Bits earlier(impl_.rules.size(), false);
      std::fill(earlier.begin(), earlier.begin() + r, true);
      covered_.clear();
      states_ = 0;
      std::vector<std::size_t> samples;
      const bool reachable = uncovered(0, earlier, samples, false);
      const bool empty = std::any_of(columns_.begin(), columns_.end(), [](const Column& c) { return c.samples.empty(); });
      if (!reachable && !empty && states_ <= max_states)
        add(TableFinding::Kind::unreachable_rule, {r}, "earlier rules hit first whatever the input is");
      note_limit("hidden rules");
      columns_ = std::move(all);
    }
  }

  void note_limit(std::string_view what) {
    if (states_ > max_states) add(TableFinding::Kind::incomplete, {}, fmt::format("the table is too large to look for all {}", what));
  }

  const Decision::Impl& impl_;
  StaticScope scope_;
  std::vector<Value> slots_;
  std::vector<Column> columns_;
  std::map<std::pair<std::size_t, Bits>, bool> covered_;
  std::size_t states_ = 0;
  std::vector<TableFinding> findings_;
};

}  // namespace

std::vector<Value> telling_values(const Decision& decision, std::size_t parameter) {
  const Decision::Impl& impl = decision.impl();
  StaticScope scope;
  for (const auto& [name, type] : impl.table.parameters) scope.names.push_back({name, type, static_cast<std::uint32_t>(scope.names.size())});
  List values;
  for (std::size_t c = 0; c < impl.inputs.size(); ++c) {
    const auto& used = impl.inputs[c].used_slots();
    if (used.size() != 1 || used.front() != parameter) continue;
    for (const auto& rule : impl.table.rules) ConstantFinder(rule.in[c], scope, values).run();
  }
  for (std::size_t i = 0, named = values.size(); i < named; ++i) add_neighbours(Value(values[i]), values);
  List each;
  for (Value& v : values)
    if (std::find(each.begin(), each.end(), v) == each.end()) each.push_back(std::move(v));
  return each;
}

std::vector<TableFinding> analyse(const Decision& decision) { return Analysis(decision.impl()).run(); }

}  // namespace switchboard::feel
