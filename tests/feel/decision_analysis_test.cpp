// What `analyse` says of random tables, held against the tables themselves over a dense grid of inputs with null. SWITCHBOARD_TABLES=20000 tries
// more, SWITCHBOARD_SEED=n others.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>
#include <string>

#include "feel/decision.hpp"

using namespace switchboard;
using namespace switchboard::feel;

namespace {

using Kind = Type::Kind;
using Random = std::mt19937_64;

template <class T>
const T& one_of(Random& random, const std::vector<T>& all) {
  return all[random() % all.size()];
}

Value feel_value(const std::string& text) {
  const auto compiled = compile(text, {});
  REQUIRE_MESSAGE(std::holds_alternative<Program>(compiled), text);
  return std::get<Program>(compiled).evaluate(Frame{}).value;
}

/// Cells for an input of this type: `plain` ones compare, the others do more.
struct Cells {
  Type type;
  std::vector<std::string> plain;
  std::vector<std::string> other;
  std::vector<std::string> grid;
};

const std::vector<Cells>& all_cells() {
  static const std::vector<Cells> all = [] {
    std::vector<Cells> out;
    Cells numbers{Kind::number, {}, {"modulo(?, 2) = 0", "? * 2 > 3", "even(?)", "abs(?) <= 1"}, {}};
    for (int n = -2; n <= 6; ++n)
      for (const char* part : {"", ".25", ".5", ".75"}) numbers.grid.push_back(std::to_string(n) + part);
    const std::vector<std::string> n{"0", "1", "2", "2.5", "3", "4"};
    for (const auto& a : n) {
      for (const char* op : {"", "< ", "<= ", "> ", ">= ", "= ", "!= ", "? > ", "? != ", "not(? < "}) {
        const bool closing = std::string(op).starts_with("not");
        numbers.plain.push_back(op + a + (closing ? ")" : ""));
      }
      for (const auto& b : n)
        if (a < b)
          for (const std::string& range :
               {"[" + a + ".." + b + "]", "(" + a + ".." + b + ")", "[" + a + ".." + b + ")", "? between " + a + " and " + b})
            numbers.plain.push_back(range);
    }
    out.push_back(numbers);
    out.push_back({Kind::boolean,
                   {"true", "false", "true, false", "?", "not(?)", "? = true", "? != false", "not(true)", "[true]"},
                   {"string(?) = \"true\"", "if ? then true else false"},
                   {"true", "false"}});
    Cells texts{Kind::string, {}, {"string length(?) > 2", "matches(?, \"^[0-9]+$\")", "contains(?, \"b\")", "upper case(?) = \"AB\""}, {}};
    for (const char* a : {"a", "ab", "b", "m"}) {
      const std::string q = std::string("\"") + a + "\"";
      for (const std::string& cell : {q, "!= " + q, "starts with(?, " + q + ")", "ends with(?, " + q + ")", "not(" + q + ")", q + ", \"z\"",
                                      "? = " + q, "list contains([" + q + ", \"z\"], ?)", "not(starts with(?, " + q + "))"})
        texts.plain.push_back(cell);
    }
    texts.plain.insert(texts.plain.end(), {"< \"b\"", ">= \"b\"", "[\"a\"..\"c\"]", "> \"ab\""});
    for (const char* v : {"", "a", "ab", "abc", "ax", "axb", "b", "ba", "bm", "bxm", "m", "mm", "axm", "z", "7", "12345", "aa", "ab m", "AB", "zzz"})
      texts.grid.push_back(std::string("\"") + v + "\"");
    out.push_back(texts);
    Cells dates{Kind::date, {}, {"?.month in (6, 7, 8)", "?.year = 2026", "day of week(?) = \"Monday\"", "?.day > 15"}, {}};
    for (const char* d : {"2026-01-05", "2026-06-15", "2026-06-16", "2026-12-31"}) {
      const std::string q = std::string("date(\"") + d + "\")";
      for (const char* op : {"", "< ", "<= ", "> ", ">= ", "!= "}) dates.plain.push_back(op + q);
    }
    dates.plain.push_back("[date(\"2026-01-05\")..date(\"2026-06-15\")]");
    for (const char* d : {"2025-07-01", "2026-01-04", "2026-01-05", "2026-01-06", "2026-03-20", "2026-06-14", "2026-06-15", "2026-06-16",
                          "2026-06-17", "2026-08-30", "2026-12-30", "2026-12-31", "2027-01-01", "2027-07-04"})
      dates.grid.push_back(std::string("date(\"") + d + "\")");
    out.push_back(dates);
    out.push_back({Type::list_of(Kind::number),
                   {},
                   {"count(?) = 0", "some x in ? satisfies x > 5", "every x in ? satisfies x > 5", "list contains(?, 1)", "1", "[1, 2]"},
                   {"[]", "[1]", "[1, 2]", "[1, 7]", "[7]", "[8, 9]"}});
    for (Cells& cells : out)
      for (const char* cell : {"-", "null", "not(null)", "? = null", "? != null"}) cells.plain.emplace_back(cell);
    return out;
  }();
  return all;
}

std::string random_cell(Random& random, const Cells& cells) {
  if (random() % 4 == 0) return "-";
  if (random() % 7 == 0 && !cells.other.empty()) return one_of(random, cells.other);
  std::string cell = one_of(random, cells.plain);
  const bool single = cell != "-" && !cell.starts_with("not(");
  if (single && random() % 6 == 0) {
    const std::string& more = one_of(random, cells.plain);
    if (more != "-" && !more.starts_with("not(")) cell += ", " + more;
  }
  if (single && random() % 8 == 0) cell = "not(" + cell + ")";
  return cell;
}

struct RandomTable {
  DecisionTable table;
  std::vector<const Cells*> cells;       ///< by column
  std::vector<std::vector<Value>> grid;  ///< by parameter, null last
  bool typed = true;                     ///< every input has a type
};

/// Sometimes a column asks for a parameter a second time, or for what is computed from it.
void add_column(Random& random, RandomTable& out) {
  const std::size_t of = random() % out.table.parameters.size();
  const auto& [name, type] = out.table.parameters[of];
  const bool computed = type.kind() == Kind::number && random() % 2 == 0;
  out.cells.push_back(out.cells[of]);
  out.table.inputs.push_back({name + " again", computed ? name + " + 1" : name, computed ? Type(Kind::number) : type, ""});
}

RandomTable random_table(Random& random) {
  RandomTable out;
  DecisionTable& t = out.table;
  const std::size_t parameters = 1 + random() % 3;
  const std::size_t rules = 1 + random() % 6;
  t.required_parameters = random() % (parameters + 1);
  t.hit = one_of(random, std::vector{HitPolicy::unique, HitPolicy::any, HitPolicy::first, HitPolicy::first, HitPolicy::priority});
  for (std::size_t i = 0; i < parameters; ++i) {
    const Cells& cells = one_of(random, all_cells());
    const std::string name(1, static_cast<char>('p' + i));
    const bool typed = random() % 8 != 0;
    out.typed = out.typed && typed;
    out.cells.push_back(&cells);
    t.parameters.emplace_back(name, typed ? cells.type : Type());
    t.inputs.push_back({name, name, typed ? cells.type : Type(), ""});
    if (random() % 8 == 0 && !cells.plain.empty()) {
      t.inputs.back().allowed = one_of(random, cells.plain);
      if (t.inputs.back().allowed == "-") t.inputs.back().allowed.clear();
    }
    out.grid.emplace_back();
    for (const std::string& text : cells.grid) out.grid.back().push_back(feel_value(text));
    out.grid.back().emplace_back();
  }
  if (random() % 6 == 0) add_column(random, out);
  std::string numbers;
  for (std::size_t r = 0; r < rules; ++r) {
    t.rules.emplace_back();
    for (const Cells* cells : out.cells) t.rules.back().in.push_back(random_cell(random, *cells));
    t.rules.back().out = {std::to_string(r)};
    numbers += (r == 0 ? "" : ", ") + std::to_string(r);
  }
  t.outputs = {{"", Kind::number, numbers, ""}};
  return out;
}

std::string text_of(const DecisionTable& t) {
  std::string out = "hit " + std::to_string(static_cast<int>(t.hit)) + ", required " + std::to_string(t.required_parameters);
  for (const auto& p : t.parameters) out += " " + p.first + ": " + p.second.to_string();
  for (const auto& input : t.inputs) out += "; " + input.expression + " allowed: " + input.allowed;
  for (const auto& rule : t.rules) {
    out += "\n ";
    for (const std::string& cell : rule.in) out += " | " + cell;
  }
  return out;
}

/// The table itself, asked which rules hit.
class Oracle {
 public:
  explicit Oracle(const RandomTable& random) : grid_(random.grid) {
    DecisionTable all = random.table;
    all.hit = HitPolicy::rule_order;
    decision_ = std::get<Decision>(compile_decision(all));
    std::vector<Value> values(grid_.size());
    visit(0, values);
  }

  std::vector<std::size_t> hits(const std::vector<Value>& values) const {
    std::vector<std::size_t> out;
    const Value answer = decision_.evaluate(values, Frame{}).value;
    if (answer.list() != nullptr)
      for (const Value& rule : *answer.list()) out.push_back(static_cast<std::size_t>(*rule.number()->to_int64()));
    return out;
  }

  /// Whether the table takes these inputs at all.
  bool allows(const std::vector<Value>& values) const { return decision_.evaluate(values, Frame{}).error.find("not allowed") == std::string::npos; }

  struct Point {
    std::vector<Value> values;
    std::vector<std::size_t> hits;
  };
  std::vector<Point> points;

 private:
  void visit(std::size_t i, std::vector<Value>& values) {
    if (i == grid_.size()) {
      points.push_back({values, hits(values)});
      return;
    }
    for (const Value& v : grid_[i]) {
      values[i] = v;
      visit(i + 1, values);
    }
  }

  const std::vector<std::vector<Value>>& grid_;
  Decision decision_;
};

/// The inputs of a witness such as `p = 5, q = "x"`; those that it does not name are null.
std::vector<Value> witness_values(const DecisionTable& t, const std::string& witness, std::vector<bool>& named) {
  std::vector<Value> out(t.parameters.size());
  named.assign(out.size(), false);
  if (witness == "any input") return out;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::string begin = t.parameters[i].first + " = ";
    std::size_t at = witness.starts_with(begin) ? 0 : witness.find(", " + begin);
    if (at == std::string::npos) continue;
    at += (at == 0 ? 0 : 2) + begin.size();
    std::size_t end = witness.size();
    for (std::size_t j = i + 1; j < out.size(); ++j) end = std::min(end, witness.find(", " + t.parameters[j].first + " = ", at));
    out[i] = feel_value(witness.substr(at, end - at));
    named[i] = true;
  }
  return out;
}

bool has(const std::vector<std::size_t>& hits, std::size_t rule) { return std::find(hits.begin(), hits.end(), rule) != hits.end(); }

bool counts_for_gaps(const DecisionTable& t, const std::vector<Value>& values) {
  for (std::size_t i = 0; i < t.required_parameters; ++i)
    if (values[i].is_null()) return false;
  return true;
}

void check_findings(const RandomTable& random, const std::vector<TableFinding>& found, const Oracle& oracle) {
  const DecisionTable& t = random.table;
  for (const TableFinding& f : found) {
    CAPTURE(f.witness);
    std::vector<bool> named;
    if (f.kind == TableFinding::Kind::unreachable_rule || f.kind == TableFinding::Kind::impossible_rule) {
      const std::size_t rule = f.rules.front();
      for (const auto& point : oracle.points) {
        const bool decides = t.hit == HitPolicy::first ? !point.hits.empty() && point.hits.front() == rule : has(point.hits, rule);
        if (decides) FAIL_CHECK("rule " << rule + 1 << " is said to decide never, and does for " << to_feel(Value(List(point.values))));
      }
    } else if (f.kind == TableFinding::Kind::overlap) {
      const auto hits = oracle.hits(witness_values(t, f.witness, named));
      CHECK(has(hits, f.rules[0]));
      CHECK(has(hits, f.rules[1]));
    } else if (f.kind == TableFinding::Kind::gap) {
      const auto values = witness_values(t, f.witness, named);
      for (const auto& point : oracle.points) {
        std::vector<Value> all = values;
        for (std::size_t i = 0; i < all.size(); ++i)
          if (!named[i]) all[i] = point.values[i];
        const auto hits = oracle.hits(all);
        if (std::find(named.begin(), named.end(), false) == named.end()) CHECK(oracle.allows(all));
        if (!hits.empty()) FAIL_CHECK("rule " << hits.front() + 1 << " hits for " << to_feel(Value(List(all))));
        if (std::find(named.begin(), named.end(), false) == named.end()) break;
      }
      for (std::size_t i = 0; i < values.size(); ++i)
        if (named[i])
          CHECK((t.parameters[i].second.admits(values[i]) && (i >= t.required_parameters || !values[i].is_null() || !t.inputs[i].allowed.empty())));
    }
  }
}

/// Without a word of what is not known, everything that the grid shows has been found.
void check_silence(const RandomTable& random, const std::vector<TableFinding>& found, const Oracle& oracle) {
  const DecisionTable& t = random.table;
  std::set<std::pair<std::size_t, std::size_t>> overlaps;
  bool gap = false;
  for (const TableFinding& f : found) {
    if (f.kind == TableFinding::Kind::incomplete) return;
    if (f.kind == TableFinding::Kind::overlap) overlaps.insert({f.rules[0], f.rules[1]});
    gap = gap || f.kind == TableFinding::Kind::gap;
  }
  for (const auto& point : oracle.points) {
    if (point.hits.empty() && random.typed && counts_for_gaps(t, point.values) && oracle.allows(point.values))
      CHECK_MESSAGE(gap, "no rule hits for " << to_feel(Value(List(point.values))));
    if (t.hit != HitPolicy::unique && t.hit != HitPolicy::any) continue;
    for (std::size_t i = 0; i < point.hits.size(); ++i)
      for (std::size_t j = i + 1; j < point.hits.size(); ++j)
        if (!overlaps.contains({point.hits[i], point.hits[j]}))
          FAIL_CHECK("rules " << point.hits[i] + 1 << " and " << point.hits[j] + 1 << " hit for " << to_feel(Value(List(point.values))));
  }
}

std::uint64_t number_of(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace

TEST_CASE("decision: what is said of random tables holds over a grid of inputs with null") {
  const std::uint64_t tables = number_of("SWITCHBOARD_TABLES", 300);
  const std::uint64_t seed = number_of("SWITCHBOARD_SEED", 1);
  std::size_t kinds[6] = {};
  for (std::uint64_t n = 0; n < tables; ++n) {
    Random random(seed * 1'000'003 + n);
    const RandomTable made = random_table(random);
    auto compiled = compile_decision(made.table);
    CAPTURE(n);
    CAPTURE(text_of(made.table));
    REQUIRE(std::holds_alternative<Decision>(compiled));
    const auto found = analyse(std::get<Decision>(compiled));
    for (const TableFinding& f : found) ++kinds[static_cast<int>(f.kind)];
    const Oracle oracle(made);
    check_findings(made, found, oracle);
    check_silence(made, found, oracle);
  }
  kinds[static_cast<int>(TableFinding::Kind::unreachable_rule)] += kinds[static_cast<int>(TableFinding::Kind::impossible_rule)];
  // Each kind is there often enough to mean something.
  for (const auto kind : {TableFinding::Kind::overlap, TableFinding::Kind::gap, TableFinding::Kind::unreachable_rule, TableFinding::Kind::incomplete})
    CHECK(kinds[static_cast<int>(kind)] * 20 > tables);
  MESSAGE(kinds[0] << " overlaps, " << kinds[1] << " gaps, " << kinds[2] << " rules that never decide, " << kinds[3] << " tables not known whole");
}
