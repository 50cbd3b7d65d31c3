// The rules one by one: where working time begins and ends, counting back, clocks that are put forward and back, the ends of time.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "calendar/support.hpp"

namespace switchboard::calendar::testing {
namespace {

struct Expected {
  const char* from;
  const char* duration;
  const char* expected;
};

void check_deadlines(const CalendarPtr& calendar, std::initializer_list<Expected> cases, int offset_minutes = 480) {
  for (const Expected& c : cases) {
    CAPTURE(c.from);
    CAPTURE(c.duration);
    CHECK(text(calendar->deadline(when(c.from), duration(c.duration)), offset_minutes) == c.expected);
  }
}

void check_latest_starts(const CalendarPtr& calendar, std::initializer_list<Expected> cases, int offset_minutes = 480) {
  for (const Expected& c : cases) {
    CAPTURE(c.from);
    CAPTURE(c.duration);
    CHECK(text(calendar->latest_start(when(c.from), duration(c.duration)), offset_minutes) == c.expected);
  }
}

TEST_CASE("working hours run inside opening hours only, wherever they start") {
  const CalendarPtr cn = made(china());
  check_deadlines(cn, {
                          {"2024-09-09 09:00", "4 bh", "2024-09-09 13:00"},
                          {"2024-09-09 07:00", "4 bh", "2024-09-09 12:30"},  // before opening
                          {"2024-09-09 18:00", "4 bh", "2024-09-10 12:30"},  // after closing
                          {"2024-09-09 15:30", "2 bh", "2024-09-09 17:30"},  // ends at the closing, not at the next opening
                          {"2024-09-09 15:30", "2 bh 1 bmin", "2024-09-10 08:31"},
                          {"2024-09-09 17:30", "9 bh", "2024-09-10 17:30"},  // at the closing itself
                          {"2024-09-09 08:30", "9 bh", "2024-09-09 17:30"},
                          {"2024-09-09 08:30", "18 bh", "2024-09-10 17:30"},
                          {"2024-09-13 17:00", "1 bh", "2024-09-14 09:00"},  // a make-up Saturday
                          {"2024-09-14 17:00", "1 bh", "2024-09-18 09:00"},  // over a holiday
                          {"2024-09-16 12:00", "1 bh", "2024-09-18 09:30"},  // on a holiday
                          {"2024-02-09 17:29", "2 bmin", "2024-02-18 08:31"},
                          {"2024-09-09 03:00", "0 bh", "2024-09-09 03:00"},
                          {"2024-09-09 09:00:30", "0.5 bs", "2024-09-09 09:00:30.500000"},
                      });
}

TEST_CASE("a working day is not so many hours: bd ends at midnight, bh at the counter") {
  const CalendarPtr cn = made(china());
  check_deadlines(cn, {
                          {"2024-09-09 09:00", "1 bd", "2024-09-11 00:00"},
                          {"2024-09-09 00:00", "1 bd", "2024-09-11 00:00"},
                          {"2024-09-09 23:59", "1 bd", "2024-09-11 00:00"},
                          {"2024-09-09 09:00", "24 bh", "2024-09-11 15:00"},
                          {"2024-09-09 09:00", "24 h", "2024-09-10 09:00"},
                          {"2024-09-09 09:00", "1 d", "2024-09-10 09:00"},
                          {"2024-09-14 10:00", "1 bd", "2024-09-19 00:00"},  // a working Saturday counts as no first day
                          {"2024-09-15 10:00", "1 bd", "2024-09-19 00:00"},  // nor does a holiday
                          {"2024-09-09 09:00", "0 bd", "2024-09-09 09:00"},
                      });
}

TEST_CASE("parts apply in their order: months, days, working days, wall time, working time") {
  const CalendarPtr cn = made(china());
  check_deadlines(cn, {
                          {"2024-09-09 09:00", "1 bd 4 bh", "2024-09-11 12:30"},
                          {"2024-09-09 09:00", "4 bh 1 bd", "2024-09-11 12:30"},
                          {"2024-09-09 09:00", "1 bd 4 h", "2024-09-11 04:00"},
                          {"2024-09-09 09:00", "4 h 1 bh", "2024-09-09 14:00"},
                          {"2024-09-13 09:00", "1 d 1 bd", "2024-09-19 00:00"},
                          {"2024-01-31 10:00", "1 mo", "2024-02-29 10:00"},
                          {"2023-01-31 10:00", "1 mo", "2023-02-28 10:00"},
                          {"2024-01-31 10:00", "1 mo 1 d", "2024-03-01 10:00"},
                          {"2024-02-29 10:00", "1 y", "2025-02-28 10:00"},
                          {"2024-02-29 10:00", "4 y", "2028-02-29 10:00"},
                          {"2024-11-30 10:00", "3 mo", "2025-02-28 10:00"},
                          {"2024-12-31 23:30", "6 mo", "2025-06-30 23:30"},
                          {"2024-12-28 10:00", "1 w", "2025-01-04 10:00"},
                      });
}

TEST_CASE("notices counted back") {
  const CalendarPtr cn = made(china());
  check_latest_starts(cn, {
                              {"2024-09-20 08:00", "7 d", "2024-09-13 08:00"},
                              {"2024-09-20 08:00", "24 h", "2024-09-19 08:00"},
                              {"2024-09-20 08:00", "1 bd", "2024-09-19 00:00"},
                              {"2024-09-20 08:00", "2 bd", "2024-09-18 00:00"},
                              {"2024-09-20 08:00", "3 bd", "2024-09-14 00:00"},  // a make-up Saturday before the holiday
                              {"2024-09-16 08:00", "1 bd", "2024-09-14 00:00"},
                              {"2024-09-18 10:30", "2 bh", "2024-09-18 08:30"},  // at the opening rather than at the closing before it
                              {"2024-09-18 10:30", "3 bh", "2024-09-14 16:30"},
                              {"2024-09-18 07:00", "1 bh", "2024-09-14 16:30"},
                              {"2024-09-20 08:00", "30 min 7 d", "2024-09-13 07:30"},
                              {"2024-03-31 10:00", "1 mo", "2024-02-29 10:00"},
                              {"2024-09-20 10:30", "1 bd 2 bh", "2024-09-19 00:00"},
                              {"2024-09-20 08:00", "0 bd", "2024-09-20 08:00"},
                          });
  // Just before it the promise is kept, from it on it is not.
  for (int n = 1; n <= 30; ++n) {
    const Instant to = when("2024-10-15 11:00");
    const Instant start = cn->latest_start(to, duration(std::to_string(n) + " bd")).at;
    CHECK(cn->deadline(start - Duration::micros(1), duration(std::to_string(n) + " bd")).at <= to);
    CHECK(cn->deadline(start, duration(std::to_string(n) + " bd")).at > to);
  }
}

TEST_CASE("elapsed working days, working time and wall time") {
  const CalendarPtr cn = made(china());
  const auto days = [&](const char* from, const char* to) { return cn->elapsed(when(from), when(to)).working_days; };
  CHECK(days("2024-09-09 09:00", "2024-09-09 23:00") == 0);
  CHECK(days("2024-09-09 09:00", "2024-09-10 00:00") == 0);
  CHECK(days("2024-09-09 09:00", "2024-09-10 12:00") == 0.5);
  CHECK(days("2024-09-09 09:00", "2024-09-11 00:00") == 1);
  CHECK(days("2024-09-13 09:00", "2024-09-16 09:00") == 1);
  CHECK(days("2024-09-13 09:00", "2024-09-18 06:00") == 1.25);
  CHECK(days("2024-09-18 06:00", "2024-09-13 09:00") == 0);
  const Elapsed e = cn->elapsed(when("2024-09-13 17:00"), when("2024-09-18 09:30"));
  CHECK(e.working == Duration::minutes(30 + 9 * 60 + 60));
  CHECK(e.wall == Duration::minutes(4 * 1440 + 16 * 60 + 30));
  CHECK(!e.provisional);
  const Elapsed none = cn->elapsed(when("2024-09-13 17:00"), when("2024-09-13 17:00"));
  CHECK(none.wall == Duration{});
  CHECK(none.working == Duration{});
}

TEST_CASE("a point in working days is where so many have elapsed") {
  const CalendarPtr cn = made(china());
  const auto at = [&](const char* from, double n) { return text(cn->at_working_days(when(from), n)); };
  CHECK(at("2024-09-09 09:00", 0) == "2024-09-09 09:00");
  CHECK(at("2024-09-09 09:00", -1) == "2024-09-09 09:00");
  CHECK(at("2024-09-09 09:00", std::nan("")) == "2024-09-09 09:00");
  CHECK(at("2024-09-09 09:00", 0.5) == "2024-09-10 12:00");
  CHECK(at("2024-09-09 09:00", 1) == "2024-09-11 00:00");
  CHECK(at("2024-09-13 09:00", 1.25) == "2024-09-18 06:00");
  CHECK(at("2024-09-30 09:00", 0.8 * 15) == "2024-10-23 00:00");  // 80 % of fifteen
  CHECK(cn->at_working_days(when("2024-09-09 09:00"), std::numeric_limits<double>::infinity()).at > when("9999-12-31 00:00"));
}

TEST_CASE("openings and closings") {
  CalendarSpec spec = china();
  spec.week.fill(hours("13:30-17:30 08:30-12:00"));
  spec.week[6] = {};
  spec.working.push_back({{2024, 6, 8}, "half day", hours("08:30-12:00")});
  const CalendarPtr cn = made(spec);
  const auto opening = [&](const char* t) { return text(cn->next_opening(when(t))); };
  const auto closing = [&](const char* t) { return text(cn->next_closing(when(t))); };
  CHECK(opening("2024-09-09 07:00") == "2024-09-09 08:30");
  CHECK(opening("2024-09-09 08:30") == "2024-09-09 08:30");
  CHECK(opening("2024-09-09 09:15") == "2024-09-09 09:15");
  CHECK(opening("2024-09-09 12:00") == "2024-09-09 13:30");
  CHECK(opening("2024-09-09 17:30") == "2024-09-10 08:30");
  CHECK(opening("2024-09-30 17:30") == "2024-10-08 08:30");
  CHECK(opening("2024-06-08 12:00") == "2024-06-11 08:30");
  CHECK(closing("2024-09-09 07:00") == "2024-09-09 07:00");
  CHECK(closing("2024-09-09 09:00") == "2024-09-09 12:00");
  CHECK(closing("2024-09-09 12:00") == "2024-09-09 12:00");
  CHECK(closing("2024-09-09 13:30") == "2024-09-09 17:30");
  CHECK(cn->is_open(when("2024-09-09 08:30")));
  CHECK(!cn->is_open(when("2024-09-09 12:00")));
  CHECK(!cn->is_open(when("2024-10-01 09:00")));
}

TEST_CASE("openings that meet at midnight are one") {
  CalendarSpec spec = weekdays("Asia/Shanghai", "00:00-12:00 12:00-24:00");
  spec.week[5] = hours("00:00-04:00");
  spec.off = days("holiday", "2024-09-11");
  const CalendarPtr night = made(spec);
  const auto closing = [&](const char* t) { return text(night->next_closing(when(t))); };
  CHECK(closing("2024-09-12 09:00") == "2024-09-14 04:00");
  CHECK(closing("2024-09-14 03:59") == "2024-09-14 04:00");
  CHECK(closing("2024-09-14 04:00") == "2024-09-14 04:00");
  CHECK(closing("2024-09-09 09:00") == "2024-09-11 00:00");
  check_deadlines(night, {{"2024-09-12 09:00", "48 bh", "2024-09-16 05:00"}, {"2024-09-10 23:00", "1 bh", "2024-09-11 00:00"}});
}

TEST_CASE("24x7: always open, every day works, never provisional") {
  const CalendarPtr always = BusinessCalendar::built_in("24x7@Asia/Shanghai").value();
  CHECK(text(always->next_closing(when("2024-09-09 09:00"))) == "never");
  CHECK(text(always->next_opening(when("2024-09-09 09:00"))) == "2024-09-09 09:00");
  check_deadlines(always, {{"2024-10-01 09:00", "45 bmin", "2024-10-01 09:45"},
                           {"2024-10-01 09:00", "100 bh", "2024-10-05 13:00"},
                           {"2024-10-01 09:00", "3 bd", "2024-10-05 00:00"},
                           {"3024-10-01 09:00", "3 bd", "3024-10-05 00:00"}});
  check_latest_starts(always, {{"2024-10-01 09:00", "45 bmin", "2024-10-01 08:15"}, {"2024-10-01 09:00", "1 bd", "2024-09-30 00:00"}});
  CHECK(always->is_working_day({2024, 10, 1}));
  CHECK(BusinessCalendar::is_built_in("24x7@UTC"));
  CHECK(BusinessCalendar::is_built_in("24x7"));
  CHECK(!BusinessCalendar::is_built_in("24x7-hall"));
  CHECK(BusinessCalendar::built_in("24x7").error().id == "SB0318");
  CHECK(BusinessCalendar::built_in("cn").error().kind == ErrorKind::not_found);
}

TEST_CASE("a window clock: callbacks only from 08:00 to 21:00") {
  CalendarSpec spec;
  spec.id = "callback-hours";
  spec.zone = "Asia/Shanghai";
  spec.week.fill(hours("08:00-21:00"));
  const CalendarPtr callback = made(spec);
  check_deadlines(callback, {{"2024-10-01 20:00", "2 bh", "2024-10-02 09:00"}, {"2024-10-01 22:00", "24 h", "2024-10-02 22:00"}});
  CHECK(text(callback->next_opening(when("2024-10-01 21:00"))) == "2024-10-02 08:00");
}

TEST_CASE("Berlin: days of 23 and 25 hours") {
  CalendarSpec spec = weekdays("Europe/Berlin", "00:00-24:00");
  spec.week.fill(hours("00:00-24:00"));
  const CalendarPtr berlin = made(spec);
  // 2024-03-31 02:00 -> 03:00, 2024-10-27 03:00 -> 02:00.
  check_deadlines(berlin,
                  {
                      {"2024-03-30 12:00+01:00", "1 bd", "2024-04-01 00:00+02:00"},
                      {"2024-03-31 00:00+01:00", "23 bh", "2024-04-01 00:00+02:00"},
                      {"2024-03-30 02:30+01:00", "1 d", "2024-03-31 03:30+02:00"},   // in the gap: forward by the gap
                      {"2024-02-29 02:30+01:00", "1 mo", "2024-03-29 03:30+02:00"},  // (no gap: printed with +02:00)
                      {"2024-03-30 02:30+01:00", "24 h", "2024-03-31 03:30+02:00"},
                      {"2024-10-26 02:30+02:00", "1 d", "2024-10-27 02:30+02:00"},  // in the overlap: the earlier
                      {"2024-10-27 00:00+02:00", "25 bh", "2024-10-28 01:00+02:00"},
                  },
                  120);
  check_latest_starts(berlin,
                      {
                          {"2024-04-01 02:30+02:00", "1 d", "2024-03-31 03:00+02:00"},  // in the gap: the transition
                          {"2024-10-28 02:30+01:00", "1 d", "2024-10-27 03:30+02:00"},  // in the overlap: the later (02:30+01:00)
                      },
                      120);
  CHECK(berlin->elapsed(when("2024-03-30 12:00+01:00"), when("2024-03-31 12:30+02:00")).working_days == 0.5);  // 11.5 of 23 hours
  CHECK(berlin->elapsed(when("2024-10-26 12:00+02:00"), when("2024-10-27 11:30+01:00")).working_days == 0.5);  // 12.5 of 25
  CHECK(text(berlin->at_working_days(when("2024-03-30 12:00+01:00"), 0.5), 120) == "2024-03-31 12:30+02:00");
  CHECK(text(berlin->next_closing(when("2024-03-30 12:00+01:00"))) == "never");
}

TEST_CASE("Berlin: opening hours at the change of clocks") {
  CalendarSpec spec = weekdays("Europe/Berlin", "02:30-05:00");
  spec.week.fill(hours("02:30-05:00"));
  const CalendarPtr late = made(spec);
  // In the gap the clock jumps from 02:00 to 03:00, and 02:30 is past: open. In the overlap the first 02:30 opens; the second hour goes on.
  CHECK(text(late->next_opening(when("2024-03-31 00:00+01:00")), 120) == "2024-03-31 03:00+02:00");
  CHECK(late->elapsed(when("2024-03-31 00:00+01:00"), when("2024-04-01 00:00+02:00")).working == Duration::minutes(120));
  CHECK(text(late->next_opening(when("2024-10-27 00:00+02:00")), 120) == "2024-10-27 02:30+02:00");
  CHECK(late->is_open(when("2024-10-27 02:15+01:00")));
  CHECK(late->elapsed(when("2024-10-27 00:00+02:00"), when("2024-10-28 00:00+01:00")).working == Duration::minutes(210));
  spec.week.fill(hours("02:10-02:50 04:00-05:00"));
  const CalendarPtr lost = made(spec);
  CHECK(text(lost->next_opening(when("2024-03-31 00:00+01:00")), 120) == "2024-03-31 04:00+02:00");  // an opening wholly in the gap does not happen
  CHECK(lost->elapsed(when("2024-03-31 00:00+01:00"), when("2024-04-01 00:00+02:00")).working == Duration::minutes(60));
  CHECK(lost->elapsed(when("2024-10-27 00:00+02:00"), when("2024-10-28 00:00+01:00")).working ==
        Duration::minutes(100));  // and only once in the overlap
}

TEST_CASE("Lord Howe moves its clock by half an hour") {
  CalendarSpec spec = weekdays("Australia/Lord_Howe", "00:00-24:00");
  spec.week.fill(hours("00:00-24:00"));
  const CalendarPtr howe = made(spec);
  // 2024-04-07 02:00+11:00 -> 01:30+10:30; 2024-10-06 02:00+10:30 -> 02:30+11:00.
  CHECK(text(howe->deadline(when("2024-04-06 12:00+11:00"), duration("1 bd")), 630) == "2024-04-08 00:00+10:30");
  CHECK(howe->elapsed(when("2024-04-07 00:00+11:00"), when("2024-04-08 00:00+10:30")).working == Duration::minutes(24 * 60 + 30));
  CHECK(howe->elapsed(when("2024-10-06 00:00+10:30"), when("2024-10-07 00:00+11:00")).working == Duration::minutes(23 * 60 + 30));
  CHECK(text(howe->deadline(when("2024-10-05 02:15+10:30"), duration("1 d")), 660) == "2024-10-06 02:45+11:00");
}

TEST_CASE("China had summer time from 1986 to 1991") {
  CalendarSpec spec = weekdays("Asia/Shanghai", "00:00-24:00");
  spec.week.fill(hours("00:00-24:00"));
  const CalendarPtr china_then = made(spec);
  CHECK(china_then->elapsed(when("1986-05-04 00:00+08:00"), when("1986-05-05 00:00+09:00")).working == Duration::hours(23));
  CHECK(china_then->elapsed(when("1986-09-14 00:00+09:00"), when("1986-09-15 00:00+08:00")).working == Duration::hours(25));
  CHECK(text(china_then->deadline(when("1986-05-03 12:00+08:00"), duration("1 bd")), 540) == "1986-05-05 00:00+09:00");
  CHECK(text(china_then->deadline(when("1991-06-01 12:00+09:00"), duration("1 y"))) == "1992-06-01 12:00");
}

TEST_CASE("midnights that do not exist, come twice, or whole days that were skipped") {
  // Havana goes from 00:00 to 01:00 (2024-03-10); St John's went back at 00:01 (2006-10-29); Apia skipped 2011-12-30, a Friday.
  const CalendarPtr havana = made(weekdays("America/Havana", "00:00-24:00"));
  CHECK(text(havana->deadline(when("2024-03-08 12:00-05:00"), duration("1 d 1 bd")), -240) == "2024-03-12 00:00-04:00");
  CHECK(text(havana->latest_start(when("2024-03-12 12:00-04:00"), duration("1 bd")), -240) == "2024-03-11 00:00-04:00");
  CalendarSpec all_days = weekdays("America/St_Johns", "00:00-24:00");
  all_days.week.fill(hours("00:00-24:00"));
  const CalendarPtr johns = made(all_days);
  CHECK(text(johns->deadline(when("2006-10-27 12:00-02:30"), duration("1 bd")), -150) == "2006-10-29 00:00-02:30");
  CHECK(johns->elapsed(when("2006-10-29 00:00-02:30"), when("2006-10-30 00:00-03:30")).working == Duration::hours(25));
  CHECK(johns->elapsed(when("2006-10-27 12:00-02:30"), when("2006-10-28 23:30-03:30")).working_days >
        1);  // the repeated 23:30 belongs to the new day
  const CalendarPtr apia = made(weekdays("Pacific/Apia", "09:00-17:00"));
  CHECK(!apia->is_working_day({2011, 12, 30}));
  CHECK(apia->is_working_day({2011, 12, 29}));
  CHECK(text(apia->deadline(when("2011-12-28 12:00-10:00"), duration("1 bd")), 840) == "2011-12-31 00:00+14:00");
  CHECK(text(apia->deadline(when("2011-12-29 12:00-10:00"), duration("1 bd")), 840) == "2012-01-03 00:00+14:00");
  CHECK(text(apia->deadline(when("2011-12-29 16:00-10:00"), duration("2 bh")), 840) == "2012-01-02 10:00+14:00");
  all_days.zone = "Pacific/Apia";
  CHECK(text(made(all_days)->next_closing(when("2011-12-29 12:00-10:00"))) == "never");
}

TEST_CASE("the ends of time are bounds, not overflows") {
  const CalendarPtr cn = made(china());
  const CalendarPtr always = BusinessCalendar::built_in("24x7@America/New_York").value();
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const WorkingDuration huge{most, most, most, {most}, {most}};
  for (const CalendarPtr& c : {cn, always}) {
    for (const Instant t : {Instant::min(), Instant{}, when("2024-09-09 09:00"), Instant::max()}) {
      for (const WorkingDuration& d :
           {huge, WorkingDuration{most, 0, 0, {}, {}}, WorkingDuration{0, most, 0, {}, {}}, WorkingDuration{0, 0, most, {}, {}},
            WorkingDuration{0, 0, 0, {}, {most}}, WorkingDuration{0, 0, 1, {}, {}}, WorkingDuration{0, 0, 0, {}, {1}}}) {
        const Instant late = c->deadline(t, d).at;
        const Instant early = c->latest_start(t, d).at;
        CHECK(late >= when("0001-01-01 00:00"));
        CHECK(late <= when("9999-12-31 23:59:59+00:00") + Duration::seconds(1));
        CHECK(early >= when("0001-01-01 00:00+00:00"));
        CHECK(early <= when("9999-12-31 23:59:59+00:00") + Duration::seconds(1));
      }
      (void)c->is_open(t);
      (void)c->next_opening(t);
      (void)c->next_closing(t);
      CHECK(c->elapsed(Instant::min(), t).working_days >= 0);
      CHECK(c->elapsed(t, Instant::max()).working_days >= 0);
    }
    CHECK(c->deadline(when("2024-09-09 09:00"), {-5, -5, -5, {-5}, {-5}}).at == when("2024-09-09 09:00"));
    CHECK(c->latest_start(when("2024-09-09 09:00"), {-5, -5, -5, {-5}, {-5}}).at == when("2024-09-09 09:00"));
    CHECK(!c->is_working_day({999'999'999, 1, 1}));
    CHECK(!c->is_working_day({2024, 13, 1}));
  }
}

}  // namespace
TEST_CASE("Berlin and New York: summer time beyond the changes that the zone files list") {
  const auto berlin = made(weekdays("Europe/Berlin", "09:00-17:00"));
  const auto new_york = made(weekdays("America/New_York", "09:00-17:00"));
  const auto due = [](const CalendarPtr& calendar, std::string_view from, std::string_view d) {
    return calendar->deadline(when(from), duration(d)).at;
  };
  // Monday 16 July 2040 and Monday 16 January 2040.
  CHECK(due(berlin, "2040-07-16 10:00+02:00", "2 bd") == when("2040-07-19 00:00+02:00"));
  CHECK(due(berlin, "2040-01-16 10:00+01:00", "2 bd") == when("2040-01-19 00:00+01:00"));
  CHECK(due(berlin, "2040-07-16 10:00+02:00", "8 bh") == when("2040-07-17 10:00+02:00"));
  CHECK(due(new_york, "2040-07-16 10:00-04:00", "2 bd") == when("2040-07-19 00:00-04:00"));
  CHECK(due(new_york, "2040-01-16 10:00-05:00", "2 bd") == when("2040-01-19 00:00-05:00"));
  // Over the change of 25 March 2040: two days of 24 and 23 hours.
  CHECK(due(berlin, "2040-03-24 12:00+01:00", "1 d") == when("2040-03-25 12:00+02:00"));
  CHECK(due(berlin, "2101-07-18 10:00+02:00", "1 d") == when("2101-07-19 10:00+02:00"));
}

}  // namespace switchboard::calendar::testing
