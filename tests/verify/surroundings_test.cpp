#include <fmt/format.h>

#include "findings.hpp"
#include "loaded.hpp"

using namespace switchboard;

namespace {

const std::string table =
    "switchboard: 1\ndecision: limits\nparameters: {stage: string, area: string}\nhit: first\ninputs:\n"
    "  - {label: stage, expression: stage, type: string, allowed: '\"arrival\", \"answer\"'}\n  - {expression: area, type: string}\n"
    "outputs: [{name: within, type: string, default: 'null'}]\nrules:\n  - {when: ['\"arrival\"', '\"rural\"'], then: '\"90 min\"'}\n  - {when: "
    "['\"arrival\"', '-'], then: '\"45 min\"'}\n";

const std::string called =
    "switchboard: 1\nprocess: called\ndata:\n  subject: {enum: [repair, complaint], required: true}\n  late: boolean\n  n: {type: number, max: 5}\n"
    "  outcome: string\n  needed: {type: string, required: true, default: x}\nnodes:\n  s: {type: startEvent, next: e}\n  e: {type: endEvent}\n";

model::Library library() {
  model::Library out;
  const auto file = notation::load_decision(table, "limits.yaml");
  REQUIRE(file.value);
  out.decisions.emplace("limits", *notation::compile_decision_file(*file.value, "limits.yaml").value);
  return out;
}

/// "SB0460 line: hint; ..." of a process that calls `called` with `in` and `out`, and has one more node.
std::string found(const std::string& in, const std::string& out, const std::string& more = "x: {type: task, next: e}") {
  const auto p =
      load(fmt::format("switchboard: 1\nprocess: p\ndata: {{text: string, count: number, flag: boolean}}\ndecisions: [limits]\nnodes:\n  s: {{type: "
                       "startEvent, next: c}}\n"
                       "  c: {{type: callActivity, process: called, next: x, in: {}, out: {}}}\n  {}\n  e: {{type: endEvent}}\n",
                       in, out, more));
  const auto other = load(called);
  const auto tables = library();
  std::string all;
  for (const auto& d : verify::check_surroundings(p, {tables, {{"called", &other}}})) {
    CHECK(d.severity == model::Severity::error);
    CHECK(d.at.line != 0);
    all += (all.empty() ? "" : "; ") + d.rule + " " + d.element;
  }
  return all;
}

}  // namespace

TEST_CASE("SB0432 a table is asked with a value that it does not know") {
  const std::string fine = "{subject: '\"repair\"'}";
  CHECK(found(fine, "{}", "x: {type: userTask, due: 'limits(\"arrival\", text)', next: e}") == "");
  CHECK(found(fine, "{}", "x: {type: userTask, due: 'limits(\"arival\", text)', next: e}") == "SB0432 x");
  CHECK(found(fine, "{}", "x: {type: userTask, due: 'limits(text, \"moon\")', next: e}") == "");
  CHECK(found(fine, "{}", "x: {type: businessRuleTask, decision: limits, in: {stage: '\"anser\"', area: text}, out: text, next: e}") == "SB0432 x");
}

TEST_CASE("SB0451 a mark longer than whatever limit the table gives") {
  const auto marked = [](const char* within, const char* mark) {
    const auto p =
        load(fmt::format("switchboard: 1\nprocess: p\ndata: {{area: {{type: string, enum: [urban, rural]}}}}\ndecisions: [limits]\nnodes:\n"
                         "  s: {{type: startEvent, next: x}}\n  x: {{type: userTask, groups: [g], form: [area], next: e}}\n  e: {{type: endEvent}}\n"
                         "sla:\n  k: {{start: {{completed: s}}, stop: {{completed: x}}, within: '{}', marks: [{{at: {}, escalate: late}}]}}\n",
                         within, mark));
    const auto tables = library();
    std::string all;
    for (const auto& d : verify::check_surroundings(p, {tables, {}})) all += d.rule + " " + d.message;
    return all;
  };
  CHECK(marked("limits(\"arrival\", area)", "30 min left") == "");
  CHECK(marked("limits(\"arrival\", area)", "80 min left") == "");
  CHECK(marked("limits(\"arrival\", area)", "2 h left") ==
        "SB0451 `2 h left`: the whole clock runs for at most 1 h 30 min, so this mark never fires");
  CHECK(marked("if area = \"urban\" then limits(\"arrival\", area) else null", "1 h left") ==
        "SB0451 `1 h left`: the whole clock runs for 45 min, so this mark never fires");
  CHECK(marked("limits(\"arrival\", area)", "2 bd left") == "");
  CHECK(marked("limits(\"answer\", area)", "2 bd left") == "");
}

TEST_CASE("SB0460 to SB0462 calls that do not fit") {
  CHECK(found("{subject: '\"repair\"', late: flag, n: '3'}", "{text: outcome, flag: late, count: count + n}") == "");
  CHECK(found("{subject: '\"repair\"', lat: flag}", "{}") == "SB0460 c");
  CHECK(found("{late: flag}", "{}") == "SB0461 c");
  CHECK(found("{subjct: text}", "{}") == "SB0460 c");  // the missing one is the misspelt one
  CHECK(found("{subject: '\"repairs\"'}", "{}") == "SB0462 c");
  CHECK(found("{subject: 'if flag then \"repair\" else \"complaints\"'}", "{}") == "SB0462 c");
  CHECK(found("{subject: text, n: '6'}", "{}") == "SB0462 c");
  CHECK(found("{subject: text, late: count}", "{}") == "SB0462 c");
  CHECK(found("{subject: text}", "{text: outcom}") == "SB0460 c");
  CHECK(found("{subject: text}", "{flag: outcome}") == "SB0462 c");
}

TEST_CASE("SB0463 a process that cannot be called") {
  const auto p = load(
      "switchboard: 1\nprocess: p\nnodes:\n  s: {type: startEvent, next: c}\n  c: {type: callActivity, process: other, next: e}\n  e: {type: "
      "endEvent}\n");
  const auto by_message = load("switchboard: 1\nprocess: other\nnodes:\n  s: {type: startEvent, message: m, next: e}\n  e: {type: endEvent}\n");
  const model::Library none;
  const auto all = verify::check_surroundings(p, {none, {{"other", &by_message}}});
  REQUIRE(all.size() == 1);
  CHECK(all[0].rule == "SB0463");
  CHECK(all[0].at == model::Position{5, 36});
  CHECK(verify::check_surroundings(p, {none, {}}).empty());
}

TEST_CASE("merging: what two rooms say of one place is said once") {
  const auto at = [](const char* rule, std::uint32_t line, model::Severity severity = model::Severity::error, const char* element = "a") {
    return model::Diagnostic{rule, severity, "f", {line, 1}, element, "", "", {}};
  };
  const auto rules = [](const model::Diagnostics& all) {
    std::string out;
    for (const auto& d : all) out += d.rule + " ";
    return out;
  };
  CHECK(rules(verify::merge_findings({at("SB0120", 1)}, {at("SB0185", 1), at("SB0185", 2)})) == "SB0120 SB0185 ");
  CHECK(rules(verify::merge_findings({at("SB0443", 1, model::Severity::warning)}, {at("SB0185", 1)})) == "SB0185 ");
  CHECK(rules(verify::merge_findings({at("SB0407", 1, model::Severity::warning)}, {at("SB0185", 1)})) == "SB0185 SB0407 ");
  CHECK(rules(verify::merge_findings({at("SB0132", 5, model::Severity::error, "data.a")}, {at("SB0187", 4)})) == "SB0132 ");
}
