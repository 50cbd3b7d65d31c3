// What is null, or never comes, whatever the data are: found in processes and tables as they are given.
#include <fmt/format.h>

#include "findings.hpp"
#include "workspace/workspace.hpp"

using namespace switchboard;

namespace {

/// "SB0214 g" of each finding that is no advice and does not say that data are not used (SB0440), for one text; "office" is a calendar from Monday to
/// Friday.
std::string found(const std::string& text) {
  workspace::Workspace files;
  files.put("p.yaml", text);
  files.put("office.yaml", "switchboard: 1\ncalendar: office\nname: Office\nzone: Asia/Shanghai\nweek:\n  mon-fri: 09:00-17:00\n  sat-sun: closed\n");
  std::string out;
  for (const auto& d : files.project().check())
    if (d.severity != model::Severity::advice && d.rule != "SB0440") out += fmt::format("{}{} {}", out.empty() ? "" : "; ", d.rule, d.element);
  return out;
}

std::string process(const std::string& nodes) {
  return "switchboard: 1\nprocess: p\ncalendar: office\ndata: {vip: {type: boolean, default: false}, at: {type: date-time, required: true}, n: "
         "{type: "
         "number, default: 1}}\nnodes:\n" +
         nodes;
}

std::string condition(const std::string& text) {
  return found(
      process(fmt::format("  s: {{type: startEvent, next: g}}\n  g: {{type: exclusiveGateway, next: [{{if: '{}', to: a}}, {{else: b}}]}}\n"
                          "  a: {{type: endEvent}}\n  b: {{type: endEvent}}\n",
                          text)));
}

std::string timer(const std::string& text) {
  return found(process(
      fmt::format("  s: {{type: startEvent, next: t}}\n  t: {{type: intermediateCatchEvent, timer: {}, next: e}}\n  e: {{type: endEvent}}\n", text)));
}

}  // namespace

TEST_CASE("SB0214 a constant argument at fault makes a call null whatever the data are") {
  for (const char* wrong : {"deadline(at, \"3 working days\") > now()", "add working days(at, 1.5) = null", "n / 0 > 1", "modulo(n, 0) = 1",
                            "matches(string(n), \"(\")", "at + duration(\"3 days\") > now()"})
    CHECK_MESSAGE(condition(wrong) == "SB0214 g", wrong);
  for (const char* right :
       {"deadline(at, \"3 bd\") > now()", "add working days(at, 2) > date(at)", "n / 2 > 1", "modulo(n, 2) = 1", "matches(string(n), \"1\")",
        "substring(string(n), 3) = \"1\"", "at + duration(\"P3D\") > now()", "date(2026, n, 1) > date(at)", "next closing(at) > at"})
    CHECK_MESSAGE(condition(right) == "", right);
}

TEST_CASE("SB0214 a date and time without an offset beside one that has one") {
  for (const char* wrong : {"at < @\"2026-03-02T09:00:00\"", "@\"2026-03-02T09:00:00\" = at",
                            "at in [@\"2026-03-02T09:00:00\"..@\"2026-03-03T09:00:00\"]", "at between @\"2026-03-02T09:00:00\" and now()",
                            "now() - @\"2026-03-02T09:00:00\" > @\"P1D\"", "at > date and time(\"2026-03-02T09:00:00\")"})
    CHECK_MESSAGE(condition(wrong) == "SB0214 g", wrong);
  for (const char* right : {"at < @\"2026-03-02T09:00:00+08:00\"", "at < @\"2026-03-02T09:00:00@Asia/Shanghai\"", "at.time > @\"09:00:00\"",
                            "date(at) < @\"2026-03-02\"", "@\"2026-03-02T09:00:00\" < @\"2026-03-03T09:00:00\""})
    CHECK_MESSAGE(condition(right) != "SB0214 g", right);
  const auto table = [](const std::string& offset) {
    return found(
        fmt::format("switchboard: 1\ndecision: d\nparameters: {{at: date-time}}\nhit: first\noutputs: [{{name: r, type: string}}]\nrules:\n"
                    "  - {{when: ['< @\"2026-03-02T09:00:00{0}\"'], then: '\"much\"'}}\n"
                    "  - {{when: ['>= @\"2026-03-02T09:00:00{0}\"'], then: '\"little\"'}}\n",
                    offset));
  };
  CHECK(table("") == "SB0214 rules.1; SB0214 rules.2");  // and no gap beside it
  CHECK(table("+08:00").find("SB0214") == std::string::npos);
}

TEST_CASE("SB0183, SB0301 branches of a duration are durations") {
  CHECK(timer("{after: 'if vip then \"3 bd\" else \"45 min\"'}") == "");
  CHECK(timer("{after: 'if vip then \"3 bdx\" else \"45 min\"'}") == "SB0301 t");
  CHECK(timer("{after: 'if vip then 3 else \"45 min\"'}") == "SB0183 t");
}

TEST_CASE("SB0305 named days that the calendar never has") {
  const auto every = [](const std::string& days) {
    return found(process(fmt::format("  s: {{type: startEvent, timer: {{every: {{at: {}}}}}, next: e}}\n  e: {{type: endEvent}}\n", days)));
  };
  for (const char* never : {"6th friday 08:00", "24th working day 08:00"}) CHECK_MESSAGE(every(never).find("SB0305 s") != std::string::npos, never);
  // A leap year has one now and then.
  for (const char* comes : {"5th friday of february 08:00", "5th friday 08:00", "23rd working day 08:00", "last friday 08:00"})
    CHECK_MESSAGE(every(comes).find("SB0305") == std::string::npos, comes);
}
