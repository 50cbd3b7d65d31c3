// Process tests (docs/language.md, Process tests) -> TestSuite.
#include <array>
#include <set>

#include "calendar/duration.hpp"
#include "notation/load.hpp"
#include "notation/reading.hpp"
#include "notation/shape.hpp"
#include "switchboard/base/text.hpp"

namespace switchboard::notation {

namespace {

using StepKind = TestStep::Kind;

constexpr std::array<std::pair<std::string_view, StepKind>, 10> commands{{{"fail", StepKind::fail},
                                                                          {"complete", StepKind::complete},
                                                                          {"message", StepKind::message},
                                                                          {"signal", StepKind::signal},
                                                                          {"clock", StepKind::change_clock},
                                                                          {"begin", StepKind::begin},
                                                                          {"operator", StepKind::operate},
                                                                          {"move", StepKind::move},
                                                                          {"advance", StepKind::advance},
                                                                          {"expect", StepKind::expect}}};

Context context_of(const yaml::Node* node) {
  Context out;
  if (node == nullptr) return out;
  for (const yaml::Entry& e : node->entries) out.set(e.key, natural_value(e.value));
  return out;
}

std::vector<Ref> names_of(const yaml::Node* node) {
  std::vector<Ref> out;
  if (node == nullptr) return out;
  for (const yaml::Node& item : node->items) out.push_back({item.text, item.content_at});
  return out;
}

std::optional<std::vector<Ref>> names_if(const yaml::Node* node) {
  if (node == nullptr) return std::nullopt;
  return names_of(node);
}

class SuiteReader {
 public:
  explicit SuiteReader(Findings& findings) : findings_(findings) {}

  TestSuite read(const yaml::Node& root) {
    TestSuite suite;
    suite.file = findings_.file();
    suite.id = text_of(value_at(root, "test"));
    if (const yaml::Entry* own = root.find("test")) suite.at = own->at;
    suite.process = ref_of(value_at(root, "process"));
    suite.rows = rows_of(value_at(root, "registers"));
    if (const yaml::Node* cases = value_at(root, "cases"))
      for (const yaml::Node& item : cases->items) suite.cases.push_back(read_case(item));
    uncovered(value_at(root, "uncovered"), suite);
    std::set<std::string> names;
    std::set<std::string> numbers;
    for (const TestCase& c : suite.cases) {
      if (!c.name.empty() && !names.insert(c.name).second)
        findings_.error("SB0955", c.at, c.name, "two cases have this name", "give each a name of its own");
      if (!c.case_no.empty() && !numbers.insert(c.case_no).second)
        findings_.error("SB0955", c.at, c.name, "two cases have the number `" + c.case_no + "`", "give each a number of its own");
    }
    return suite;
  }

 private:
  std::string date_time(const yaml::Node* node) {
    std::string text = text_of(node);
    if (node != nullptr && node->is_scalar() && !parse_instant(text))
      findings_.error("SB0952", node->content_at, element_, "`" + text.substr(0, 40) + "` is no date and time", "write 2026-03-02T09:00");
    return text;
  }

  std::string duration(const yaml::Node* node) {
    std::string text = text_of(node);
    if (node == nullptr || !node->is_scalar()) return text;
    const auto parsed = calendar::parse_duration(text);
    if (!parsed) findings_.error(parsed.error().id, node->content_at, element_, parsed.error().message, parsed.error().hint);
    return text;
  }

  TestCase read_case(const yaml::Node& node) {
    TestCase c;
    c.name = text_of(value_at(node, "name"));
    element_ = c.name;
    c.at = node.at;
    c.now = date_time(value_at(node, "now"));
    c.case_no = text_of(value_at(node, "case"));
    c.data = context_of(value_at(node, "data"));
    c.rows = rows_of(value_at(node, "registers"));
    c.start = ref_of(value_at(node, "start"));
    if (const yaml::Node* steps = value_at(node, "steps"))
      for (const yaml::Node& item : steps->items)
        if (item.is(yaml::Kind::map)) c.steps.push_back(read_step(item));
    c.expect = expectation(value_at(node, "expect"));
    return c;
  }

  TestStep read_step(const yaml::Node& node) {
    const yaml::Entry* refused = node.find("refused");
    if (refused == nullptr || !refused->value.is(yaml::Kind::map)) return command(node);
    if (node.entries.size() != 1)
      findings_.error("SB0950", node.at, element_, "nothing stands beside `refused`",
                      "write the command inside: {refused: {complete: id, with: {...}}}");
    TestStep step = command(refused->value);
    step.at = node.at;
    step.must_be_refused = true;
    step.refused_id = text_of(value_at(refused->value, "id"));
    return step;
  }

  TestStep command(const yaml::Node& node) {
    TestStep step;
    step.at = node.at;
    std::string_view chosen;
    std::string found;
    for (const auto& [word, kind] : commands) {
      if (node.find(word) == nullptr || (word == "message" && chosen == "fail")) continue;
      found += (found.empty() ? "`" : ", `") + std::string(word) + "`";
      if (!chosen.empty()) {
        findings_.error("SB0950", node.at, element_, "a step does one thing; found " + found, "write two steps");
        continue;
      }
      chosen = word;
      step.kind = kind;
    }
    if (chosen.empty()) {
      findings_.error("SB0950", node.at, element_,
                      "a step needs one of complete, fail, message, signal, clock, begin, operator, move, advance, expect, refused",
                      "for example {complete: dispatch}");
      return step;
    }
    fill(step, node, chosen);
    return step;
  }

  void fill(TestStep& step, const yaml::Node& node, std::string_view chosen) {
    const yaml::Node* value = value_at(node, chosen);
    only(node, "with", step.kind == StepKind::complete || step.kind == StepKind::message || step.kind == StepKind::signal, chosen);
    const bool is_operator = step.kind == StepKind::change_clock || step.kind == StepKind::operate || step.kind == StepKind::move;
    const bool is_done_by_somebody = step.kind == StepKind::complete || step.kind == StepKind::fail || step.kind == StepKind::begin || is_operator;
    only(node, "by", is_done_by_somebody, chosen);
    only(node, "organisation", is_done_by_somebody, chosen);
    only(node, "work", step.kind == StepKind::move, chosen);
    only(node, "reason", is_operator, chosen);
    only(node, "change", step.kind == StepKind::change_clock, chosen);
    only(node, "amount", step.kind == StepKind::change_clock, chosen);
    only(node, "case", step.kind == StepKind::message || step.kind == StepKind::signal, chosen);
    only(node, "error", step.kind == StepKind::fail, chosen);
    only(node, "after", step.kind != StepKind::expect && step.kind != StepKind::advance, chosen);
    step.with = context_of(value_at(node, "with"));
    step.by = text_of(value_at(node, "by"));
    step.organisation = text_of(value_at(node, "organisation"));
    step.work = text_of(value_at(node, "work"));
    step.reason = text_of(value_at(node, "reason"));
    step.amount = duration(value_at(node, "amount"));
    step.change = text_of(value_at(node, "change"));
    if (step.kind == StepKind::change_clock && step.change.empty())
      findings_.error("SB0950", node.at, element_, "a step with `clock` says what becomes of it", "add change: extend, void, pause or resume");
    step.case_no = text_of(value_at(node, "case"));
    step.after = duration(value_at(node, "after"));
    step.error_id = text_of(value_at(node, "error"));
    if (step.kind == StepKind::fail) step.error_message = text_of(value_at(node, "message"));
    if (step.kind == StepKind::expect) {
      step.expect = expectation(value);
    } else if (step.kind == StepKind::advance) {
      if (value->is(yaml::Kind::map))
        step.advance_to = date_time(value_at(*value, "to"));
      else
        step.advance_by = duration(value);
    } else {
      step.name = {value->text, value->content_at};
      const bool id = step.kind == StepKind::message || step.kind == StepKind::signal || step.kind == StepKind::move;
      if (value->is_scalar() && !(id ? is_id(value->text) : is_path(without_numbers(value->text))))
        findings_.error("SB0110", value->at, element_, "`" + value->text.substr(0, 80) + "` is no id", "ids are kebab-case: [a-z][a-z0-9-]*");
    }
  }

  void only(const yaml::Node& node, std::string_view key, bool fits, std::string_view chosen) {
    if (const yaml::Entry* e = node.find(key); e != nullptr && !fits)
      findings_.error("SB0951", e->at, element_, "the key `" + std::string(key) + "` does not belong to a step with `" + std::string(chosen) + "`",
                      "delete it");
  }

  Expectation expectation(const yaml::Node* node) {
    Expectation e;
    if (node == nullptr || !node->is(yaml::Kind::map)) return e;
    e.at = node->at;
    e.at_nodes = names_if(value_at(*node, "at"));
    e.not_at = names_of(value_at(*node, "not-at"));
    if (const yaml::Node* data = value_at(*node, "data"))
      for (const yaml::Entry& d : data->entries) e.data.emplace_back(Ref{d.key, d.at}, natural_value(d.value));
    if (const yaml::Node* clocks = value_at(*node, "clocks"))
      for (const yaml::Entry& c : clocks->entries)
        if (c.value.is(yaml::Kind::map)) e.clocks.push_back(clock(c));
    e.feedback = names_if(value_at(*node, "feedback"));
    e.escalations = names_if(value_at(*node, "escalations"));
    e.kept = names_if(value_at(*node, "kept"));
    if (const yaml::Node* n = value_at(*node, "incidents"); n != nullptr && n->is(yaml::Kind::number)) e.incidents = n->number.to_int64();
    e.ended = names_if(value_at(*node, "ended"));
    if (const yaml::Node* unit = value_at(*node, "organisation")) e.organisation = ref_of(unit);
    if (const yaml::Node* offered = value_at(*node, "offered-to"))
      for (const yaml::Entry& o : offered->entries) e.offered_to.emplace_back(Ref{o.key, o.at}, ref_of(&o.value));
    e.rows = rows_of(value_at(*node, "registers"));
    if (node->entries.empty())
      findings_.error("SB0953", node->at, element_, "an expectation that expects nothing", "say what must hold, or delete it");
    return e;
  }

  Expectation::Clock clock(const yaml::Entry& entry) {
    const yaml::Node& node = entry.value;
    Expectation::Clock c;
    c.id = entry.key;
    c.at = entry.at;
    if (const yaml::Node* n = value_at(node, "state")) c.state = text_of(n);
    if (const yaml::Node* n = value_at(node, "breached"); n != nullptr && n->is(yaml::Kind::boolean)) c.breached = n->boolean;
    if (const yaml::Node* n = value_at(node, "due")) c.due = date_time(n);
    if (const yaml::Node* n = value_at(node, "original-due")) c.original_due = date_time(n);
    if (const yaml::Node* n = value_at(node, "elapsed")) c.elapsed = duration(n);
    if (const yaml::Node* n = value_at(node, "left")) c.left = text_of(n);
    if (const yaml::Node* n = value_at(node, "percent"); n != nullptr && n->is(yaml::Kind::number)) c.percent = n->number;
    return c;
  }

  void uncovered(const yaml::Node* node, TestSuite& suite) {
    if (node == nullptr) return;
    for (const yaml::Node& item : node->items) {
      const std::size_t arrow = item.text.find("->");
      const std::string from = item.text.substr(0, arrow);
      const std::string to = arrow == std::string::npos ? "" : item.text.substr(arrow + 2);
      if (!is_path(from) || !is_path(to))
        findings_.error("SB0954", item.at, "", "`" + item.text.substr(0, 80) + "` is no flow", "write from->to with the ids of two nodes");
      else
        suite.uncovered.push_back({from, to, item.at});
    }
  }

  Findings& findings_;
  std::string element_;
};

}  // namespace

Loaded<TestSuite> load_test_suite(std::string_view text, std::string_view file) {
  Loaded<TestSuite> out;
  Findings findings(file);
  if (const auto root = open_file(text, FileKind::test, findings)) {
    TestSuite suite = SuiteReader(findings).read(*root);
    if (!findings.has_errors()) out.value = suite;
    out.draft = std::move(suite);
  }
  out.diagnostics = findings.take();
  return out;
}

}  // namespace switchboard::notation
