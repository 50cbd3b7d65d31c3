// Calendars that extend others: what comes from below, and what is said when there is nothing below.
#include <doctest/doctest.h>

#include <string>

#include "notation/said.hpp"
#include "workspace/workspace.hpp"

using namespace switchboard;
using workspace::Layer;
using workspace::Workspace;

namespace {

const std::string lowest =
    "switchboard: 1\ncalendar: base\nname: Base\nzone: Asia/Shanghai\nweek: {mon-fri: 09:00-17:00, sat-sun: closed}\nworking-day-hours: 10:00-12:00\n"
    "first-year: 2025\npublished-through: 2026\nnote: hours unverified\nyears:\n"
    "  2025: {source: s25}\n  2026: {source: s26, off: {a: 03-09, b: 03-10}, working: {c: 03-14}}\n";

std::string above(const std::string& id, const std::string& extends, const std::string& rest = "") {
  return "switchboard: 1\ncalendar: " + id + "\nname: N\nextends: " + extends + "\n" + rest;
}

calendar::CalendarPtr calendar_in(Workspace& files, const std::string& id) {
  const auto& all = files.project().library().calendars;
  const auto found = all.find(id);
  return found == all.end() ? nullptr : found->second;
}

bool works_on(const calendar::CalendarPtr& calendar, std::uint8_t day) { return calendar->is_working_day({2026, 3, day}); }

}  // namespace

TEST_CASE("a calendar that extends another says only what differs") {
  Workspace files;
  files.put("top.yaml", above("top", "middle", "week: {mon: closed}\n"));
  files.put("middle.yaml", above("middle", "base",
                                 "week: {sat: '09:00-12:00'}\nnote: local\nyears:\n  2026: {source: own, off: {x: 03-12}, working: {y: {on: 03-10, "
                                 "hours: '13:00-14:00'}}}\n"));
  files.put("base.yaml", lowest);
  CHECK(said(files.project().check()) == "");
  const auto middle = calendar_in(files, "middle");
  REQUIRE(middle != nullptr);
  CHECK_FALSE(works_on(middle, 9));   // off below
  CHECK(works_on(middle, 10));        // off below, working here
  CHECK_FALSE(works_on(middle, 12));  // off here
  CHECK(works_on(middle, 14));        // working below
  CHECK(works_on(middle, 21));        // Saturday, here
  CHECK_FALSE(works_on(middle, 22));  // Sunday, below
  CHECK(middle->spec().zone == "Asia/Shanghai");
  CHECK(middle->spec().sources.at(2026) == "own; s26");
  CHECK(middle->spec().sources.at(2025) == "s25");
  CHECK(middle->spec().notes == std::vector<std::string>{"local", "hours unverified"});
  CHECK(middle->spec().last_year == 2026);
  const auto top = calendar_in(files, "top");
  REQUIRE(top != nullptr);
  CHECK_FALSE(works_on(top, 16));
  CHECK(works_on(top, 21));
  // Unchanged, it stays the same object; with the one below it changes.
  files.put("other.yaml", above("other", "24x7@UTC"));
  CHECK(calendar_in(files, "top") == top);
  CHECK(calendar_in(files, "other")->spec().zone == "UTC");
  std::string changed = lowest;
  changed.replace(changed.find("b: 03-10"), 8, "b: 03-11");
  files.put("base.yaml", changed);
  CHECK_FALSE(works_on(calendar_in(files, "top"), 11));
  CHECK(works_on(calendar_in(files, "top"), 13));
}

TEST_CASE("what cannot be extended is told where it is named, once") {
  Workspace files;
  files.put("base.yaml", lowest);
  const auto is = [&](const std::string& text, const std::string& expected) {
    files.put("own.yaml", text);
    const auto found = files.project().check();
    CAPTURE(said(found));
    REQUIRE(found.size() == 1);
    CHECK(found.front().rule + " " + found.front().message == expected);
    CHECK(calendar_in(files, "own") == nullptr);
  };
  is(above("own", "bas"), "SB0320 there is no calendar 'bas' to extend");
  is(above("own", "own"), "SB0321 calendars extend each other in a ring: own extends own");
  is(above("own", "base", "years:\n  2027: {source: x}\n"), "SB0153 years: the year 2027 lies outside of what 'base' has published");
  is(above("own", "base", "first-year: 2028\npublished-through: 2028\nyears:\n  2028: {source: x}\n"),
     "SB0153 years: the year 2027 is missing here and in 'base'");
  is(above("own", "base", "week: {mon-fri: closed}\nyears:\n  2026: {source: x}\n"), "SB0314 week: a week needs open time on one day at least");
  is("switchboard: 1\ncalendar: own\nname: N\nweek: {mon-sun: '09:00-17:00'}\n", "SB0108 a calendar needs the key `zone`");
  // What the content breaks is told at its own line.
  const auto place = [&](const std::string& rest) {
    files.put("own.yaml", above("own", "base", rest));
    const auto found = files.project().check();
    CAPTURE(said(found));
    REQUIRE(found.size() == 1);
    return found.front().file + ":" + std::to_string(found.front().at.line) + ":" + std::to_string(found.front().at.column) + " " +
           found.front().rule;
  };
  CHECK(place("years:\n  2026: {source: x, off: {a: 03-11, b: 03-11}}\n") == "own.yaml:6:40 SB0313");
  CHECK(place("week: {mon-fri: closed}\n") == "own.yaml:5:7 SB0314");
  CHECK(place("zone: Asia/Shangai\n") == "own.yaml:5:7 SB0310");
  CHECK(place("years:\n  2027: {source: x}\n") == "own.yaml:6:3 SB0153");
  // A mistake below is told below.
  files.put("base.yaml", lowest + "oops: 1\n");
  files.put("own.yaml", above("own", "base"));
  const auto found = files.project().check();
  CAPTURE(said(found));
  REQUIRE(found.size() == 1);
  CHECK(found.front().file == "base.yaml");
}

TEST_CASE("calendars that expressions ask are checked and found beside") {
  const auto asks = [](const std::string& calendar) {
    return "switchboard: 1\nprocess: p\nname: P\ncalendar: base\ndata: {d: {type: date}}\ndecisions: [t]\nnodes:\n  a: {type: startEvent, next: b}\n"
           "  b: {type: scriptTask, set: {d: 'add working days(t(), 1, \"" +
           calendar + "\")'}, next: c}\n  c: {type: endEvent}\n";
  };
  const auto table = [](const std::string& calendar) {
    return "switchboard: 1\ndecision: t\nname: T\nparameters: {}\nhit: first\noutputs:\n  - {name: x, type: date}\nrules:\n  - {when: [], then: "
           "['add working days(today(), 1" +
           calendar + ")']}\n";
  };
  Workspace files;
  files.put("base.yaml", lowest);
  files.put("t.yaml", table(""));
  files.put("p.yaml", asks("base"));
  const auto errors = [&] {
    std::string out;
    for (const auto& d : files.project().check())
      if (d.severity == Severity::error) out += d.file + ":" + std::to_string(d.at.line) + " " + d.rule + " " + d.message + "\n";
    return out;
  };
  CHECK(errors() == "");
  REQUIRE(files.project().compiled("p").process != nullptr);
  CHECK(files.project().compiled("p").process->calendars.find("base") != nullptr);
  CHECK(files.project().compiled("p").process->calendars.find("") == files.project().compiled("p").process->calendar.get());
  files.put("p.yaml", asks("bass"));
  CHECK(errors() == "p.yaml:9 SB0180 there is no calendar 'bass'\n");
  files.put("p.yaml", asks("base"));
  files.put("t.yaml", table(", \"bass\""));
  CHECK(errors() == "p.yaml:6 SB0180 there is no calendar 'bass'\n");
}
