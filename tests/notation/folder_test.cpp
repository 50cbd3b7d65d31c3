// Calendars, decision tables, overlays and process tests.
#include <doctest/doctest.h>

#include <algorithm>

#include "notation/load.hpp"
#include "notation/said.hpp"
#include "support/repair.hpp"

using namespace switchboard;
using switchboard::testing::base;
using switchboard::testing::rules;

namespace {

notation::Loaded<model::Process> laid_over(const std::string& rest) {
  const auto process = notation::load_process(base, "repair.yaml");
  CAPTURE(said(process.diagnostics));
  REQUIRE(process.value);
  const auto overlay = notation::load_overlay("switchboard: 1\noverlay: repair-js\nof: repair\n" + rest, "repair-js.yaml");
  CAPTURE(said(overlay.diagnostics));
  REQUIRE(overlay.value);
  return notation::apply_overlay(*process.value, *overlay.value);
}

}  // namespace

TEST_CASE("an overlay tightens limits, changes feedback and defaults") {
  const auto result = laid_over(
      "name: Repair in Jiangsu\nsla:\n  arrival: {within: 30 min, calendar: js}\n  answer: {within: 2 bd, marks: [{at: breach, feedback: late}]}\n"
      "feedback:\n  soon: {channels: [app], text: sooner}\n  late: {text: sorry}\ndata:\n  area: {default: rural}\n  since: {default: 2026-01-01}\n");
  CAPTURE(said(result.diagnostics));
  REQUIRE(result.value);
  CHECK(result.diagnostics.empty());
  const model::Process& p = *result.value;
  CHECK(p.id == "repair-js");
  CHECK(p.name.in("en") == "Repair in Jiangsu");
  CHECK(p.sla[0].within.text == "30 min");
  CHECK(p.sla[0].calendar.name == "js");
  CHECK(p.sla[0].marks.size() == 1);
  CHECK(p.sla[1].marks[0].feedback.name == "late");
  CHECK(p.feedback.size() == 2);
  CHECK(p.data[0].default_value == Value("rural"));
  CHECK(p.data[1].default_value == Value(Date{2026, 1, 1}));
}

TEST_CASE("an overlay that loosens, or changes what is not there, is refused") {
  struct Case {
    const char* text;
    std::vector<std::string> found;
    bool accepted;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"sla: {arrival: {within: 60 min}}", {"SB0140"}, false},
           {"sla: {arrival: {within: 60 min, loosen: true, reason: mountains}}", {}, true},
           {"sla: {arrival: {within: 1 h}}", {"SB0140"}, false},
           {"sla: {arrival: {within: 0.5 h}}", {}, true},
           {"sla: {arrival: {within: {mean: 30 min}}}", {"SB0140"}, false},
           // 3 working days end no sooner than 3 days after the start.
           {"sla: {answer: {within: 24 h}}", {}, true},
           {"sla: {answer: {within: 3 d}}", {}, true},
           {"sla: {answer: {within: 73 h}}", {"SB0141"}, false},
           {"sla: {answer: {within: 2 bd 4 bh}}", {"SB0141"}, false},
           {"sla: {answer: {within: 4 bd}}", {"SB0140"}, false},
           {"sla: {answer: {within: 2 mo}}", {"SB0141"}, false},
           {"sla: {arrival: {within: 1 bd}}", {"SB0140"}, false},
           {"sla: {arrival: {within: 30 bmin}}", {"SB0141"}, false},
           {"sla: {arrival: {within: '\"30 min\"'}}", {}, true},
           {"sla: {answer: {calendar: hall}}", {"SB0141"}, false},
           {"sla: {answer: {calendar: hall, loosen: true, reason: halls are open longer}}", {}, true},
           {"sla: {arrival: {calendar: hall}}", {}, true},
           {"sla: {computed: {calendar: hall}}", {"SB0141"}, false},
           {"sla: {computed: {within: 30 min}}", {"SB0141"}, false},
           {"sla: {computed: {within: 30 min, loosen: true, reason: the table has 45 at least}}", {}, true},
           {"sla: {arrivel: {within: 30 min}}", {"SB0142"}, false},
           {"sla: {arrival: {marks: [{at: 80%, feedback: late}]}}", {"SB0124"}, false},
           {"data: {aera: {default: rural}}", {"SB0122"}, false},
           {"data: {area: {default: remote}}", {"SB0132"}, false},
           {"data: {since: {default: yesterday}}", {"SB0131"}, false},
       }) {
    CAPTURE(c.text);
    const auto result = laid_over(std::string(c.text) + "\n");
    CAPTURE(said(result.diagnostics));
    CHECK(rules(result.diagnostics) == c.found);
    CHECK(result.value.has_value() == c.accepted);
  }
}

TEST_CASE("findings about the result of overlays stand in the file and line that they are about") {
  // base: line 5 and on; province and prefecture: own lines.
  const auto process = notation::load_process(base, "base.yaml");
  REQUIRE(process.value);
  const auto overlay = [](const std::string& id, const std::string& of, const std::string& rest) {
    const auto o = notation::load_overlay("switchboard: 1\noverlay: " + id + "\nof: " + of + "\n" + rest, id + ".yaml");
    CAPTURE(said(o.diagnostics));
    REQUIRE(o.value);
    return *o.value;
  };
  const auto province = overlay("province", "repair", "sla:\n  arrival: {within: 40 min}\nfeedback:\n  soon: {text: 'in {{x}}'}\n");
  const auto prefecture = overlay("prefecture", "province", "sla:\n\n\n  arrival: {within: 30 min}\n");
  const auto one = notation::apply_overlay(*process.value, province);
  REQUIRE(one.value);
  const auto two = notation::apply_overlay(*one.value, prefecture);
  REQUIRE(two.value);
  const auto finding = [](const model::Process& p, model::Position at, const char* message) {
    return model::Diagnostic{"SB0001", model::Severity::error, p.file, at, "", message, "", {}};
  };
  const auto all = notation::findings_of_overlay(
      {finding(*two.value, two.value->sla[0].within.at, "prefecture"), finding(*two.value, two.value->feedback.back().text_at, "province"),
       finding(*two.value, two.value->sla[1].within.at, "known"), finding(*two.value, two.value->sla[1].at, "new"),
       finding(*two.value, two.value->at, "head")},
      prefecture, {"base.yaml", "province.yaml", "prefecture.yaml"},
      {{"SB0001", model::Severity::error, "base.yaml", process.value->sla[1].within.at, "", "known", "", {}},
       {"SB0001", model::Severity::error, "province.yaml", {7, one.value->feedback.back().text_at.column}, "", "province", "", {}}});
  std::string lines;
  for (const auto& d : all) lines += d.file + ":" + std::to_string(d.at.line) + " " + d.message.substr(0, d.message.find(' ')) + "\n";
  const auto line = std::to_string(process.value->sla[1].within.at.line);
  CAPTURE(line);
  CHECK(lines ==
        "base.yaml:" + line + " known\nprefecture.yaml:2 head\nprefecture.yaml:3 new\nprefecture.yaml:7 prefecture\nprovince.yaml:7 province\n");
}

TEST_CASE("a decision table: cells by list and by label, places for problems") {
  const auto loaded = notation::load_decision(
      "switchboard: 1\ndecision: limits\nparameters: {stage: string, area: string, on: date?}\nhit: collect max\n"
      "inputs:\n  - {label: stage, expression: stage, allowed: '\"a\", \"b\"'}\n  - {expression: area}\n"
      "outputs:\n  - {name: within, type: duration, default: 'null'}\n"
      "rules:\n  - {when: {area: '\"urban\"'}, then: 'duration(\"PT45M\")', source: item 4, unverified: one page}\n  - {when: ['\"a\"', '-'], then: "
      "{within: 'nothing'}}\n",
      "limits.yaml");
  CAPTURE(said(loaded.diagnostics));
  REQUIRE(loaded.value);
  const feel::DecisionTable& t = loaded.value->table;
  CHECK(t.hit == feel::HitPolicy::collect);
  CHECK(t.aggregation == feel::Aggregation::max);
  CHECK(t.required_parameters == 2);
  CHECK(t.inputs[1].label == "area");
  CHECK(t.inputs[1].type == feel::Type(feel::Type::Kind::string));
  CHECK(t.rules[0].in == std::vector<std::string>{"-", "\"urban\""});
  CHECK(t.rules[0].note == "item 4; one page");
  const auto compiled = notation::compile_decision_file(*loaded.value, "limits.yaml");
  CAPTURE(said(compiled.diagnostics));
  CHECK(!compiled.value);
  REQUIRE(!compiled.diagnostics.empty());
  CHECK(compiled.diagnostics[0].element == "rules.2");
  CHECK(compiled.diagnostics[0].at == model::Position{12, 42});
}

TEST_CASE("a process test") {
  const auto loaded = notation::load_test_suite(
      "switchboard: 1\ntest: repair\nprocess: repair\ncases:\n  - name: in time\n    now: 2026-03-02T09:00\n    case: R-1\n    data: {area: urban, "
      "n: 5}\n    start: fault-reported\n    steps:\n"
      "      - {complete: dispatch, with: {fault: line down}, by: wang, after: 5 min}\n      - advance: 45 min\n      - advance: {to: "
      "2026-03-02T12:00}\n      - {message: paid, case: R-2, with: {}}\n"
      "      - {fail: register, error: no-access, message: broken}\n      - {complete: call-back/dial}\n      - refused: {complete: dispatch, with: "
      "{}, id: SB0503}\n"
      "      - expect: {at: [arrive], not-at: [dispatch], data: {fault: line down}, clocks: {arrival: {state: running, breached: false, due: "
      "2026-03-02T09:45}}, feedback: [], incidents: 0}\n"
      "    expect: {ended: [closed]}\nuncovered: [a->b, sub/a->b]\n",
      "repair.test.yaml");
  CAPTURE(said(loaded.diagnostics));
  REQUIRE(loaded.value);
  const notation::TestCase& c = loaded.value->cases[0];
  using Kind = notation::TestStep::Kind;
  REQUIRE(c.steps.size() == 8);
  CHECK(c.steps[0].by == "wang");
  CHECK(c.steps[0].after == "5 min");
  CHECK(c.steps[1].advance_by == "45 min");
  CHECK(c.steps[2].advance_to == "2026-03-02T12:00");
  CHECK(c.steps[3].case_no == "R-2");
  CHECK(c.steps[4].kind == Kind::fail);
  CHECK(c.steps[4].error_id == "no-access");
  CHECK(c.steps[4].error_message == "broken");
  CHECK(c.steps[5].name.name == "call-back/dial");
  CHECK(c.steps[6].must_be_refused);
  CHECK(c.steps[6].refused_id == "SB0503");
  CHECK(c.steps[7].expect.clocks[0].breached == false);
  CHECK(c.steps[7].expect.feedback->empty());
  CHECK(!c.steps[7].expect.escalations);
  CHECK(c.expect.ended->front().name == "closed");
  CHECK(loaded.value->uncovered[1].from == "sub/a");
}

TEST_CASE("a calendar") {
  const auto loaded = notation::load_calendar(
      "switchboard: 1\ncalendar: cn\nname: {en: China, zh: 中国}\nzone: Asia/Shanghai\nweek: {mon-fri: [08:30-12:00, 13:30-17:30], sat: 09:00-24:00, "
      "sun: closed}\n"
      "working-day-hours: 08:30-17:30\nfirst-year: 2025\npublished-through: 2026\nyears:\n  2025: {source: [a, b]}\n"
      "  2026:\n    source: c\n    off: {元旦: 01-01..01-03, 春节: [2025-12-31, 02-15..02-16]}\n    working: {元旦: 01-04, 半天: {on: 02-14, hours: "
      "08:30-12:00}}\nnote: unverified\n",
      "cn.yaml");
  CAPTURE(said(loaded.diagnostics));
  REQUIRE(loaded.value);
  const calendar::CalendarSpec& s = *loaded.value;
  CHECK(s.name == "China");
  CHECK(s.week[0].size() == 2);
  CHECK(s.week[5] == std::vector<calendar::Hours>{{540, 1440}});
  CHECK(s.week[6].empty());
  CHECK(s.off.size() == 6);
  CHECK(s.off[3].date == Date{2025, 12, 31});
  CHECK(s.working[1].hours == std::vector<calendar::Hours>{{510, 720}});
  CHECK(s.sources.at(2025) == "a; b");
  CHECK(s.notes == std::vector<std::string>{"unverified"});
}

TEST_CASE("places in quoted texts: escapes and folded lines count as what is written") {
  const std::string text =
      "set:\n  a: \"\\u65b0 + m4\"\n  b: {c: 'it''s + m5', d: \"\\x41b\"}\n  e: x = \"a\\\\b\" + m6\n  f: \"\\t1 +\n    \\t2 + m7\"\n  g: \"新 + "
      "m8\"\n";
  const auto column = [&](std::uint32_t line, std::uint32_t at) {
    model::Diagnostics found(1);
    found.front().at = {line, at};
    notation::unfold_places(found, [&](const std::string&) { return &text; });
    const model::Position place = found.front().at;
    return std::to_string(place.line) + ":" + std::to_string(place.column);
  };
  CHECK(column(2, 7) == "2:7");
  CHECK(column(2, 8) == "2:13");
  CHECK(column(2, 11) == "2:16");
  CHECK(column(3, 6) == "3:6");
  CHECK(column(3, 17) == "3:18");
  CHECK(column(3, 28) == "3:28");
  CHECK(column(3, 29) == "3:32");
  CHECK(column(4, 18) == "4:18");  // FEEL's own escape in a plain text
  CHECK(column(5, 9) == "5:10");
  CHECK(column(5, 12) == "6:5");
  CHECK(column(5, 13) == "6:7");
  CHECK(column(7, 11) == "7:11");
}
