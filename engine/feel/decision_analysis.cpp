// Overlaps, gaps and rules that never decide. Every input is cut into samples (decision_samples.hpp): between two of them no comparison with a
// constant changes its mind. Of a test that does more than compare, what it says of a sample is known, and nothing of the values beside it; of one
// that asks for another name, nothing at all. So two questions are kept apart: what a rule does with the sample itself, and with all the values that
// the sample stands for. An overlap or a gap is told when the sample itself shows it; that a rule never decides, when it holds for all values. What
// is neither shown nor excluded is said once, with the reason.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "calendar/duration.hpp"
#include "feel/decision_impl.hpp"
#include "feel/decision_samples.hpp"
#include "feel/operators.hpp"
#include "feel/parser.hpp"
#include "feel/program.hpp"
#include "feel/samples.hpp"

namespace switchboard::feel {
namespace {

constexpr std::size_t max_samples = 2'000;   ///< of one input
constexpr std::size_t max_states = 200'000;  ///< of the search for gaps
constexpr std::size_t max_states_of_all = 4'000'000;
constexpr std::size_t max_steps = 20'000'000;  ///< of all tests together
constexpr std::size_t max_findings = 20;       ///< of one kind

using Bits = std::vector<bool>;

/// What the rules do with one sample; a bit for every rule.
struct SampleHits {
  Bits sure;      ///< hits the sample itself
  Bits possible;  ///< may hit the sample itself
  Bits all;       ///< hits every value that the sample stands for
  Bits some;      ///< may hit some of them
  friend bool operator==(const SampleHits&, const SampleHits&) = default;
};

/// One input; columns that ask for the same are one.
struct Group {
  std::vector<std::size_t> columns;
  std::string path;         ///< of names, from a parameter on; empty when the input is computed
  bool free = true;         ///< takes every value of its type, whatever the other inputs are
  bool sampled = true;      ///< the samples stand for every value
  std::vector<Bits> plain;  ///< by column: the rules whose cell does nothing but compare
  std::vector<Sample> samples;
  std::vector<SampleHits> hits;  ///< by sample
};

class Analysis {
 public:
  explicit Analysis(const Decision::Impl& impl) : impl_(impl), slots_(impl.slots) {
    for (const auto& [name, type] : impl_.table.parameters) scope_.names.push_back({name, type, static_cast<std::uint32_t>(scope_.names.size())});
  }

  std::vector<TableFinding> run() {
    for (std::size_t c = 0; c < impl_.table.outputs.size(); ++c) find_odd_durations(c);
    make_groups();
    for (Group& group : groups_) sample(group);
    find_dead_rules();
    find_overlaps();
    find_gaps();
    find_hidden_rules();
    if (!undecided_.empty()) add(TableFinding::Kind::incomplete, {}, undecided_);
    return std::move(findings_);
  }

 private:
  // --- inputs ---

  const DecisionTable::Input& input(std::size_t column) const { return impl_.table.inputs[column]; }
  const DecisionTable::Input& input(const Group& group) const { return input(group.columns.front()); }

  /// The names of a path through contexts, joined; empty when the input is more than that, or is made to fit another type.
  std::string path_of(std::size_t column) {
    Parser parser(input(column).expression, scope_);
    const SyntaxPtr tree = parser.expression();
    std::string path;
    for (const Syntax* s = tree.get(); s != nullptr; s = s->items.front().get()) {
      path.insert(0, "\n" + s->text);
      if (s->kind == SyntaxKind::name) break;
      if (s->kind != SyntaxKind::path) return {};
      const auto base = compile(std::string_view(input(column).expression).substr(s->items.front()->offset, s->items.front()->length), scope_);
      const auto* program = std::get_if<Program>(&base);
      if (program == nullptr || (program->type().kind() != Type::Kind::context && program->type().kind() != Type::Kind::any)) return {};
    }
    const Type& declared = input(column).type;
    const Type& own = impl_.inputs[column].type();
    const bool fits = declared.kind() == Type::Kind::any || own.kind() == Type::Kind::any || declared == own;
    return tree != nullptr && fits ? path + "\n" : std::string();
  }

  void make_groups() {
    for (std::size_t c = 0; c < impl_.table.inputs.size(); ++c) {
      const auto same = std::find_if(groups_.begin(), groups_.end(), [&](const Group& g) {
        return input(g).expression == input(c).expression && input(g).type == input(c).type && input(g).allowed == input(c).allowed;
      });
      if (same != groups_.end()) {
        same->columns.push_back(c);
        continue;
      }
      Group& group = groups_.emplace_back();
      group.columns = {c};
      group.path = path_of(c);
      group.free = !group.path.empty();
    }
    for (Group& a : groups_)
      for (Group& b : groups_)
        if (&a != &b && !a.path.empty() && b.path.starts_with(a.path)) a.free = b.free = false;
    // Of an input that is not free nothing may be chosen: it is looked at last, and who asks for it counts as one that may hit.
    std::stable_partition(groups_.begin(), groups_.end(), [](const Group& g) { return g.free; });
  }

  /// Whether the input may be left out: an optional parameter.
  bool may_be_missing(const Group& group) const {
    const auto& parameters = impl_.table.parameters;
    for (std::size_t p = impl_.table.required_parameters; p < parameters.size(); ++p)
      if (group.path == "\n" + parameters[p].first + "\n") return true;
    return false;
  }

  // --- samples ---

  /// Empty where any value will do.
  static const Program* test_of(const Decision::Impl::Rule& rule, std::size_t c) {
    const auto found = std::find_if(rule.in.begin(), rule.in.end(), [c](const Decision::Impl::Test& test) { return test.column == c; });
    return found == rule.in.end() ? nullptr : &found->cell;
  }

  /// Whether the test asks for its input alone.
  bool looks_at_input_only(const Program& test, std::size_t column) const {
    const std::uint32_t own = impl_.input_slots[column];
    return !test.impl().uses_clock && test.used_functions().empty() &&
           std::all_of(test.used_slots().begin(), test.used_slots().end(), [own](std::uint32_t slot) { return slot == own; });
  }

  /// What a test says of a value; unknown when it asks for more than the input, or takes too long.
  Truth ask(const Program& test, std::size_t column, const Value& v) {
    if (!looks_at_input_only(test, column)) return Truth::unknown;
    slots_[impl_.input_slots[column]] = v;
    Frame frame;
    frame.slots = slots_;
    Run run(frame, test.impl().locals, false, std::min(steps_, limits::evaluation_steps));
    const Truth truth = test.impl().root->test(run);
    steps_ -= std::min(steps_, std::min(steps_, limits::evaluation_steps) - run.steps_left() + 1);
    if (run.stopped()) return Truth::unknown;
    return truth == Truth::yes ? Truth::yes : Truth::no;
  }

  void sample(Group& group) {
    const std::size_t first = group.columns.front();
    const Type& type = input(first).type.kind() != Type::Kind::any ? input(first).type : impl_.inputs[first].type();
    CellConstants constants;
    CellForm allowed{true, false};
    bool more = false;
    if (impl_.allowed[first]) allowed = read_cell(input(first).allowed, scope_, type.kind(), constants);
    std::vector<std::vector<CellForm>> forms;
    for (const std::size_t c : group.columns) {
      forms.emplace_back();
      for (std::size_t r = 0; r < impl_.rules.size(); ++r) {
        const bool any = test_of(impl_.rules[r], c) == nullptr;
        forms.back().push_back(any ? CellForm{true, false} : read_cell(impl_.table.rules[r].in[c], scope_, type.kind(), constants));
        more = more || !forms.back().back().compares;
      }
    }
    const bool mixed = constants.ordered_texts && !(constants.prefixes.empty() && constants.suffixes.empty());
    group.sampled = constants.values.size() <= max_samples && constants.prefixes.size() * constants.suffixes.size() <= max_samples;
    const auto plain = [&](const CellForm& form) { return form.compares && !(mixed && form.has_affixes) && group.sampled; };
    for (const auto& column : forms) {
      group.plain.emplace_back();
      for (const CellForm& form : column) group.plain.back().push_back(plain(form));
    }
    std::vector<Sample> raw = samples_of(type, std::move(constants), more || mixed || !allowed.compares, may_be_missing(group));
    keep(group, std::move(raw), plain(allowed));
  }

  /// Allowed samples, with what the rules do with them; of samples that are treated alike the first stands for all. Null is always let through.
  void keep(Group& group, std::vector<Sample> raw, bool allowed_is_plain) {
    const std::size_t first = group.columns.front();
    for (Sample& s : raw) {
      if (impl_.allowed[first]) {
        const Truth in = ask(impl_.allowed[first], first, s.value);
        if (s.value.is_null()) s.expected = s.expected || in == Truth::yes;
        if (!s.value.is_null() && in == Truth::no && allowed_is_plain) continue;
        if (!s.value.is_null() && in != Truth::yes) s.real = s.expected = false;
      }
      SampleHits hits = hits_of(group, s.value);
      bool known = false;
      for (std::size_t i = 0; i < group.samples.size() && !known; ++i)
        known = group.samples[i].real >= s.real && group.samples[i].expected >= s.expected && group.hits[i] == hits;
      if (known || group.samples.size() >= max_samples) {
        group.sampled = group.sampled && known;
        continue;
      }
      group.samples.push_back(std::move(s));
      group.hits.push_back(std::move(hits));
    }
  }

  SampleHits hits_of(const Group& group, const Value& v) {
    SampleHits out;
    for (std::size_t r = 0; r < impl_.rules.size(); ++r) {
      bool sure = true, possible = true, all = true, some = true;
      for (std::size_t i = 0; i < group.columns.size(); ++i) {
        const Program* test = test_of(impl_.rules[r], group.columns[i]);
        if (test == nullptr) continue;
        const Truth truth = ask(*test, group.columns[i], v);
        const bool plain =
            (group.plain[i][r] || v.is_null() || v.boolean() != nullptr) && truth != Truth::unknown;  // these stand for themselves alone
        sure = sure && truth == Truth::yes;
        possible = possible && truth != Truth::no;
        all = all && plain && truth == Truth::yes;
        some = some && !(plain && truth == Truth::no);
      }
      out.sure.push_back(sure);
      out.possible.push_back(possible);
      out.all.push_back(all);
      out.some.push_back(some);
    }
    return out;
  }

  // --- findings ---

  void add(TableFinding::Kind kind, std::vector<std::uint32_t> rules, std::string witness) {
    const auto same =
        static_cast<std::size_t>(std::count_if(findings_.begin(), findings_.end(), [kind](const TableFinding& f) { return f.kind == kind; }));
    if (same < max_findings) findings_.push_back({kind, std::move(rules), std::move(witness)});
  }

  void reason(std::string why) {
    if (undecided_.empty()) undecided_ = std::move(why);
  }

  /// Something could neither be shown nor excluded: says what stands in the way.
  void undecided(std::string_view what) {
    for (const Group& group : groups_)
      if (!group.sampled) return reason(fmt::format("{}: the cells of {} name too many values", what, input(group).expression));
    if (steps_ == 0) return reason(fmt::format("{}: the tests take too long", what));
    if (states_ > max_states) return reason(fmt::format("{}: the table is too large to be searched whole", what));
    for (const Group& group : groups_)
      for (std::size_t i = 0; i < group.columns.size(); ++i)
        for (std::size_t r = 0; r < impl_.rules.size(); ++r)
          if (!group.plain[i][r])
            return reason(fmt::format("{}: the test `{}` of rule {} does more than compare with constants", what,
                                      impl_.table.rules[r].in[group.columns[i]], r + 1));
    for (const Group& group : groups_)
      if (!group.free) return reason(fmt::format("{}: which values {} takes beside the other inputs is not known", what, input(group).expression));
    reason(std::string(what));
  }

  std::string witness(const std::vector<std::size_t>& samples) const {
    std::string out;
    for (std::size_t g = 0; g < samples.size(); ++g) {
      if (samples[g] == any_sample) continue;
      if (!out.empty()) out += ", ";
      out += fmt::format("{} = {}", input(groups_[g]).expression, to_feel(groups_[g].samples[samples[g]].value));
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
    dead_.assign(impl_.rules.size(), false);
    for (std::uint32_t r = 0; r < impl_.rules.size(); ++r) {
      for (const Group& group : groups_) {
        if (std::any_of(group.hits.begin(), group.hits.end(), [r](const SampleHits& h) { return h.sure[r]; })) continue;
        if (!group.sampled || std::any_of(group.hits.begin(), group.hits.end(), [r](const SampleHits& h) { return h.some[r]; })) {
          undecided("whether some rules ever decide is not known");
          continue;
        }
        std::string cells;
        for (const std::size_t c : group.columns) cells += (cells.empty() ? "`" : " and `") + impl_.table.rules[r].in[c] + "`";
        add(TableFinding::Kind::impossible_rule, {r}, fmt::format("no value of {} passes {}", input(group).expression, cells));
        dead_[r] = true;
        break;
      }
    }
  }

  /// Whether the rule asks for this input at all.
  bool asks(const Group& group, std::uint32_t r) const {
    return std::any_of(group.columns.begin(), group.columns.end(), [&](std::size_t c) { return test_of(impl_.rules[r], c) != nullptr; });
  }

  enum class Found : std::uint8_t { shown, excluded, unknown };

  /// Whether rules `a` and `b` can hit together, and on which samples.
  Found overlap(std::uint32_t a, std::uint32_t b, std::vector<std::size_t>& samples) const {
    bool shown = true;
    for (const Group& group : groups_) {
      samples.push_back(any_sample);
      if (!asks(group, a) && !asks(group, b)) {
        if (!group.free) continue;
        const auto real = std::find_if(group.samples.begin(), group.samples.end(), [](const Sample& s) { return s.real; });
        if (real != group.samples.end()) samples.back() = static_cast<std::size_t>(real - group.samples.begin());
        continue;
      }
      bool possible = !group.sampled;
      for (std::size_t s = 0; s < group.samples.size() && samples.back() == any_sample; ++s) {
        possible = possible || (group.hits[s].some[a] && group.hits[s].some[b]);
        if (group.free && group.samples[s].real && group.hits[s].sure[a] && group.hits[s].sure[b]) samples.back() = s;
      }
      if (samples.back() != any_sample) continue;
      if (!possible) return Found::excluded;
      shown = false;
    }
    return shown ? Found::shown : Found::unknown;
  }

  /// Whether two rules give the same, whatever the input: written alike, or constants that are equal.
  [[nodiscard]] bool same_outputs(std::uint32_t a, std::uint32_t b) const {
    const auto& texts = impl_.table.rules;
    for (std::size_t i = 0; i < texts[a].out.size(); ++i) {
      if (i < texts[b].out.size() && texts[a].out[i] == texts[b].out[i]) continue;
      if (i >= impl_.rules[a].out.size() || i >= impl_.rules[b].out.size()) return false;
      const auto one = impl_.rules[a].out[i].constant();
      const auto other = impl_.rules[b].out[i].constant();
      if (!one || !other || *one != *other) return false;
    }
    return true;
  }

  /// Only unique forbids two rules to hit; any forbids it when their outputs differ.
  void find_overlaps() {
    const HitPolicy hit = impl_.table.hit;
    if (hit != HitPolicy::unique && hit != HitPolicy::any) return;
    for (std::uint32_t a = 0; a < impl_.rules.size(); ++a) {
      for (std::uint32_t b = a + 1; b < impl_.rules.size(); ++b) {
        if (dead_[a] || dead_[b] || (hit == HitPolicy::any && same_outputs(a, b))) continue;
        std::vector<std::size_t> samples;
        const Found found = overlap(a, b, samples);
        if (found == Found::shown) add(TableFinding::Kind::overlap, {a, b}, witness(samples));
        if (found == Found::unknown) undecided("some overlaps may be missed");
      }
    }
  }

  static constexpr std::size_t any_sample = static_cast<std::size_t>(-1);

  /// A search for samples, one of every input, that none of some rules hits.
  struct Search {
    Bits SampleHits::*by;                       ///< what counts as a hit
    bool (*take)(const Group&, std::size_t s);  ///< which samples count
    std::optional<std::uint32_t> rule;          ///< that must be hit...
    Bits SampleHits::*hit_by = nullptr;         ///< ...in this sense
    bool tell = false;                          ///< every one is a gap
    std::map<std::pair<std::size_t, Bits>, bool> covered{};
    std::vector<std::size_t> samples{};
    std::size_t states = 0;
  };

  bool gave_up(const Search& search) const { return search.states > max_states || states_ > max_states_of_all; }

  /// True when there are samples that none of `rules` hits. The inputs from `g` on are still to be chosen.
  bool uncovered(Search& search, std::size_t g, const Bits& rules) {
    if (++search.states > max_states || ++states_ > max_states_of_all) return false;
    const bool none = std::none_of(rules.begin(), rules.end(), [](bool b) { return b; });
    if (none && (!search.rule || g == groups_.size())) {
      if (search.tell) {
        search.samples.resize(groups_.size(), any_sample);
        add(TableFinding::Kind::gap, {}, witness(search.samples));
        search.samples.resize(g);
      }
      return true;
    }
    if (g == groups_.size() || search.covered.contains({g, rules})) return false;
    const Group& group = groups_[g];
    bool found = false;
    for (std::size_t s = 0; s < group.samples.size(); ++s) {
      if (!search.take(group, s) || (search.rule && !(group.hits[s].*search.hit_by)[*search.rule])) continue;
      const Bits& hits = group.hits[s].*search.by;
      Bits rest = rules;
      for (std::size_t r = 0; r < rest.size(); ++r) rest[r] = rest[r] && hits[r];
      search.samples.push_back(s);
      found = uncovered(search, g + 1, rest) || found;
      search.samples.pop_back();
      if (found && !search.tell) return true;
    }
    if (!found && !gave_up(search)) search.covered.insert({{g, rules}, true});
    return found;
  }

  bool has_default() const {
    return std::any_of(impl_.defaults.begin(), impl_.defaults.end(), [](const Program& p) { return bool(p); });
  }

  void find_gaps() {
    const bool may_be_silent =
        impl_.table.hit == HitPolicy::collect || impl_.table.hit == HitPolicy::rule_order || impl_.table.hit == HitPolicy::output_order;
    if (has_default() || may_be_silent) return;
    const Bits all(impl_.rules.size(), true);
    Search shown{&SampleHits::possible, [](const Group& g, std::size_t s) { return g.free && g.samples[s].real && g.samples[s].expected; }, {}};
    shown.tell = true;
    const bool found = uncovered(shown, 0, all);
    if (gave_up(shown)) undecided("some gaps may be missed");
    if (found) return;
    Search thinkable{&SampleHits::all, [](const Group& g, std::size_t s) { return g.samples[s].expected || !g.samples[s].real; }, {}};
    if (uncovered(thinkable, 0, all) || gave_up(thinkable) || !sampled()) undecided("some gaps may be missed");
  }

  bool sampled() const {
    return std::all_of(groups_.begin(), groups_.end(), [](const Group& g) { return g.sampled; });
  }

  /// With `first`, a rule that earlier ones cover completely never hits.
  void find_hidden_rules() {
    if (impl_.table.hit != HitPolicy::first) return;
    const auto every = [](const Group&, std::size_t) { return true; };
    for (std::uint32_t r = 1; r < impl_.rules.size(); ++r) {
      if (dead_[r]) continue;
      Bits earlier(impl_.rules.size(), false);
      std::fill(earlier.begin(), earlier.begin() + r, true);
      Search thinkable{&SampleHits::all, every, r, &SampleHits::some};
      const bool may_decide = uncovered(thinkable, 0, earlier) || gave_up(thinkable) || !sampled();
      if (!may_decide) {
        add(TableFinding::Kind::unreachable_rule, {r}, "earlier rules hit first whatever the input is");
        continue;
      }
      Search shown{&SampleHits::possible, every, r, &SampleHits::sure};
      if (!uncovered(shown, 0, earlier)) undecided("whether some rules ever decide is not known");
    }
  }

  const Decision::Impl& impl_;
  StaticScope scope_;
  std::vector<Value> slots_;
  std::vector<Group> groups_;
  std::vector<bool> dead_;
  std::size_t steps_ = max_steps;
  std::size_t states_ = 0;  ///< of all searches
  std::string undecided_;
  std::vector<TableFinding> findings_;
};

}  // namespace

std::vector<Value> telling_values(const Decision& decision, std::size_t parameter) {
  const Decision::Impl& impl = decision.impl();
  StaticScope scope;
  for (const auto& [name, type] : impl.table.parameters) scope.names.push_back({name, type, static_cast<std::uint32_t>(scope.names.size())});
  CellConstants constants;
  for (std::size_t c = 0; c < impl.inputs.size(); ++c) {
    const auto& used = impl.inputs[c].used_slots();
    if (used.size() != 1 || used.front() != parameter) continue;
    for (const auto& rule : impl.table.rules) static_cast<void>(read_cell(rule.in[c], scope, impl.inputs[c].type().kind(), constants));
  }
  List values = std::move(constants.values);
  for (std::size_t i = 0, named = values.size(); i < named; ++i) add_neighbours(Value(values[i]), values);
  List each;
  for (Value& v : values)
    if (std::find(each.begin(), each.end(), v) == each.end()) each.push_back(std::move(v));
  return each;
}

std::vector<TableFinding> analyse(const Decision& decision) { return Analysis(decision.impl()).run(); }

}  // namespace switchboard::feel
