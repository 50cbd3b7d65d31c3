// Calendars in expressions: what the functions give, held against a count day by day, and how they are bound.
#include <doctest/doctest.h>

#include <random>
#include <string>

#include "feel/decision.hpp"
#include "feel/feel.hpp"
#include "feel/operators.hpp"

using namespace switchboard;
using namespace switchboard::feel;

namespace {

/// Monday to Friday 09:00-12:00 and 13:00-17:00 in Shanghai, two holidays, one Saturday that works.
calendar::CalendarPtr office() {
  calendar::CalendarSpec spec;
  spec.id = "office";
  spec.zone = "Asia/Shanghai";
  for (std::size_t day = 0; day < 5; ++day) spec.week[day] = {{9 * 60, 12 * 60}, {13 * 60, 17 * 60}};
  spec.working_day_hours = {{9 * 60, 12 * 60}};
  spec.off = {{{2026, 3, 10}, "off", {}}, {{2026, 3, 11}, "off", {}}};
  spec.working = {{{2026, 3, 14}, "make-up", {}}};
  auto made = calendar::BusinessCalendar::make(std::move(spec));
  REQUIRE(made.has_value());
  return made.value();
}

Calendars known() {
  Calendars all;
  all.standard = office();
  all.named.emplace("night", calendar::BusinessCalendar::always("night", "UTC").value());
  return all;
}

std::string answer(const std::string& text, const Calendars* calendars, std::string* error = nullptr) {
  CompileOptions lenient;  // what is asked for a reason is refused by a check where everything is written
  lenient.type_check = error == nullptr;
  const auto compiled = compile(text, {}, lenient);
  if (const auto* problems = std::get_if<std::vector<Problem>>(&compiled)) return problems->front().id;
  Frame frame;
  frame.calendars = calendars;
  const Evaluation e = std::get<Program>(compiled).evaluate(frame);
  if (error != nullptr) *error = e.error;
  return to_feel(e.value);
}

}  // namespace

TEST_CASE("feel: working days and hours") {
  const Calendars all = known();
  const auto is = [&](const std::string& text, const std::string& expected) {
    CAPTURE(text);
    CHECK(answer(text, &all) == expected);
  };
  is("is working day(@\"2026-03-10\")", "false");
  is("is working day(@\"2026-03-14\")", "true");
  // 23:00 UTC is the next day in Shanghai.
  is("is working day(@\"2026-03-09T23:00:00Z\")", "false");
  is("is working day(@\"2026-03-10\", \"night\")", "true");
  is("is working day(@\"2026-03-10\", null)", "false");
  is("is working day(date: @\"2026-03-10\", calendar: \"night\")", "true");
  is("add working days(@\"2026-03-09\", 1)", "date(\"2026-03-12\")");
  is("add working days(@\"2026-03-09\", 3)", "date(\"2026-03-14\")");
  is("add working days(@\"2026-03-12\", -1)", "date(\"2026-03-09\")");
  is("add working days(@\"2026-03-10\", 0)", "date(\"2026-03-10\")");
  is("add working days(@\"2026-03-31T23:00:00+08:00\", 1)", "date(\"2026-04-01\")");
  is("working days(@\"2026-03-09\", @\"2026-03-16\")", "4");
  is("working days(@\"2026-03-16\", @\"2026-03-09\")", "-4");
  is("working days(@\"2026-03-09\", @\"2026-03-09\")", "0");
  is("add working hours(@\"2026-03-09T16:00:00\", 2)", "date and time(\"2026-03-12T10:00:00+08:00\")");
  is("add working hours(@\"2026-03-09T16:00:00\", 0.5)", "date and time(\"2026-03-09T16:30:00+08:00\")");
  is("add working hours(@\"2026-03-12T10:00:00\", -@\"PT2H\")", "date and time(\"2026-03-09T16:00:00+08:00\")");
  is("working hours(@\"2026-03-09T11:00:00\", @\"2026-03-12T09:30:00\")", "duration(\"PT5H30M\")");
  is("working hours(@\"2026-03-12T09:30:00\", @\"2026-03-09T11:00:00\")", "duration(\"-PT5H30M\")");
  is("is open(@\"2026-03-09T12:00:00\")", "false");
  is("is open(@\"2026-03-09T11:59:59.999\")", "true");
  is("next opening(@\"2026-03-09T17:00:00\")", "date and time(\"2026-03-12T09:00:00+08:00\")");
  is("next opening(@\"2026-03-09T09:00:00\")", "date and time(\"2026-03-09T09:00:00+08:00\")");
  is("next closing(@\"2026-03-09T09:00:00\")", "date and time(\"2026-03-09T12:00:00+08:00\")");
  is("deadline(@\"2026-03-09T09:00:00\", \"2 bd\")", "date and time(\"2026-03-14T00:00:00+08:00\")");
  is("deadline(@\"2026-01-31\", @\"P1M\")", "date and time(\"2026-02-28T00:00:00+08:00\")");
  is("latest start(@\"2026-03-14T09:00:00\", \"2 bd\")", "date and time(\"2026-03-12T00:00:00+08:00\")");
}

TEST_CASE("feel: what a calendar cannot answer is null with the reason") {
  const Calendars all = known();
  std::string error;
  const auto is_null = [&](const std::string& text, const std::string& reason, const Calendars* calendars) {
    CAPTURE(text);
    CHECK(answer(text, calendars, &error) == "null");
    CHECK(error == reason);
  };
  is_null("next closing(@\"2026-03-09T09:00:00\", \"night\")", "next closing(): the calendar night never closes", &all);
  is_null("add working days(@\"9990-01-01\", 100000)", "add working days(): outside the years 1 to 9999", &all);
  is_null("add working days(@\"2026-01-01\", 1e30)", "add working days(): 1000000000000000000000000000000 is no whole number of days", &all);
  is_null("add working days(@\"2026-01-01\", 9223372036854775807)", "add working days(): outside the years 1 to 9999", &all);
  is_null("add working hours(@\"2026-01-01\", 1e20)", "add working hours(): outside the years 1 to 9999", &all);
  is_null("deadline(@\"2026-01-01\", -@\"PT1H\")", "deadline(): a duration may not be negative here", &all);
  is_null("is open(@\"2026-03-09\", \"day\")", "the calendar \"day\" is not known here", &all);
  is_null("is open(@\"2026-03-09\")", "no calendar is known here: name one as the last argument", nullptr);
}

TEST_CASE("feel: which calendar is asked is written down and found without evaluating") {
  CHECK(answer("is open(@\"2026-03-09\", string(1))", nullptr) == "SB0219");
  CHECK(answer("is open(at: @\"2026-03-09\", calendar: \"\")", nullptr) == "SB0219");
  const auto compiled =
      compile("if is open(@\"2026-03-09\", \"a\") then next opening(@\"2026-03-09\") else next opening(at: @\"2026-03-09\", calendar: \"b\")", {});
  const auto* program = std::get_if<Program>(&compiled);
  REQUIRE(program != nullptr);
  CHECK(!program->constant());
  std::string used;
  for (const CalendarUse& use : program->used_calendars()) used += "[" + use.id + "]";
  CHECK(used == "[a][][b]");
  DecisionTable table;
  table.id = "t";
  table.parameters = {{"day", Type(Type::Kind::date)}};
  table.inputs = {{"", "is working day(day)", Type(Type::Kind::boolean), ""}};
  table.outputs = {{"", Type(Type::Kind::date), "", "add working days(day, 1, \"night\")"}};
  table.rules = {{{"true"}, {"day"}, ""}};
  const auto made = compile_decision(table);
  REQUIRE(std::holds_alternative<Decision>(made));
  const auto& decision = std::get<Decision>(made);
  CHECK(decision.used_calendars() == std::vector<std::string>{"", "night"});
  const Calendars all = known();
  Frame frame;
  frame.calendars = &all;
  const Value off(Date{2026, 3, 10});
  CHECK(to_feel(decision.evaluate(std::span(&off, 1), frame).value) == "date(\"2026-03-11\")");
}

TEST_CASE("feel: working days are those counted one by one") {
  const Calendars all = known();
  const auto& office = *all.standard;
  std::mt19937 random(7);
  const auto between = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  for (int i = 0; i < 2000; ++i) {
    const std::int64_t from = to_days(Date{2026, 3, 1}) + between(-20, 40);
    const std::int64_t steps = between(-15, 15);
    std::int64_t day = from;
    for (std::int64_t left = std::abs(steps); left > 0;) {
      day += steps < 0 ? -1 : 1;
      if (office.is_working_day(*from_days(day))) --left;
    }
    const std::string start = to_feel(Value(*from_days(from)));
    CAPTURE(start);
    CAPTURE(steps);
    REQUIRE(answer("add working days(" + start + ", " + std::to_string(steps) + ")", &all) == to_feel(Value(*from_days(day))));
    std::int64_t counted = 0;
    for (std::int64_t d = std::min(from, day) + 1; d <= std::max(from, day); ++d) counted += office.is_working_day(*from_days(d)) ? 1 : 0;
    if (day < from) counted = -counted;
    REQUIRE(answer("working days(" + start + ", " + to_feel(Value(*from_days(day))) + ")", &all) == std::to_string(counted));
  }
}
