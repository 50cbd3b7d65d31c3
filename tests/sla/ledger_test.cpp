#include "sla/ledger.hpp"

#include <doctest/doctest.h>

#include "script.hpp"

using switchboard::sla::testing::run;

// 2 March 2026 is a Monday.

TEST_CASE("a deadline in working days is the end of a day, and in time at that instant") {
  run(R"(
    within 3 bd
    03-02T10:00 start
    03-02T10:00 is due 03-06T00:00
    03-02T10:00 is percent 0.00
    03-03T12:00 is percent 16.67
    03-03T12:00 is days 0.500
    03-05T00:00 is percent 66.67
    03-06T00:00 is percent 100.00
    03-06T00:00 is breached false
    03-06T00:00:01 is breached true
    03-06T00:00 stop
    03-09T00:00 is state met
    03-09T00:00 is breached false
    03-09T00:00 is left 0 h
  )");
}

TEST_CASE("stopped late: met, and breached stays") {
  run(R"(
    within 45 min
    03-02T10:00 start
    03-02T11:00 is percent 133.33
    03-02T11:00 stop
    03-02T12:00 is state met
    03-02T12:00 is flag true
    03-02T12:00 is breached-at 03-02T10:45
    03-02T12:00 is wall 1 h
    03-02T12:00 is left -0.25 h
    03-02T12:00 fires -
  )");
}

TEST_CASE("cancelled: no promise is left, but a breach that was marked stays") {
  run(R"(
    within 1 h
    03-02T10:00 start
    03-02T12:00 cancel
    03-02T13:00 is state cancelled
    03-02T13:00 is flag false
    03-02T13:00 is breached false
  )");
  run(R"(
    within 1 h
    03-02T10:00 start
    03-02T12:00 fires implicit breach 03-02T11:00
    03-02T12:00 cancel
    03-02T13:00 is state cancelled
    03-02T13:00 is flag true
  )");
}

TEST_CASE("commands that do not fit the state change nothing") {
  run(R"(
    within 1 h
    03-02T10:00 start
    03-02T10:10 resume
    03-02T10:10 is due 03-02T11:00
    03-02T10:20 pause
    03-02T10:30 pause
    03-02T10:40 resume
    03-02T10:40 is paused 0.333333 h
    03-02T10:40 is due 03-02T11:20
    03-02T10:50 stop
    03-02T10:55 pause
    03-02T10:56 stop
    03-02T10:57 cancel
    03-02T10:58 is state met
    03-02T10:58 is running 0.5 h
  )");
}

TEST_CASE("a pause over k ends of working days costs k working days") {
  run(R"(
    # within one day: nothing
    within 3 bd
    03-02T10:00 start
    03-03T09:00 pause
    03-03T17:00 resume
    03-03T17:00 is due 03-06T00:00
    # Wednesday 10:00 to Friday 16:00: the ends of Wednesday and Thursday
    03-04T10:00 pause
    03-04T10:00 is due 03-06T00:00
    03-05T10:00 is percent 47.22
    03-06T16:00 resume
    03-06T16:00 is due 03-10T00:00
    03-06T16:00 is original 03-06T00:00
    03-10T00:00 is percent 100.00
    03-10T00:00 is days 3.000
    03-10T00:00 stop
    03-10T00:00 is flag false
  )");
  run(R"(
    # paused on the day of the start, until the next: that day's end was no end that counts, the next counts
    within 1 bd
    03-02T10:00 start
    03-02T11:00 pause
    03-03T08:00 resume
    03-03T08:00 is due 03-04T00:00
  )");
  run(R"(
    # exactly from midnight to midnight: one end
    within 2 bd
    03-02T10:00 start
    03-03T00:00 pause
    03-04T00:00 resume
    03-04T00:00 is due 03-06T00:00
  )");
  run(R"(
    # over a weekend: the end of Friday alone
    within 2 bd
    03-05T10:00 start
    03-05T10:00 is due 03-10T00:00
    03-06T12:00 pause
    03-09T08:00 resume
    03-09T08:00 is due 03-11T00:00
  )");
}

TEST_CASE("Spring Festival: make-up Saturday and nine days off") {
  run(R"(
    within 3 bd
    # Friday; Saturday 14 works, then nothing until Tuesday 24
    02-13T10:00 start
    02-13T10:00 is due 02-26T00:00
    02-14T12:00 pause
    02-24T09:00 resume
    02-24T09:00 is due 02-27T00:00
    02-24T09:00 is paused 237 h
  )");
  run(R"(
    within 8 bh
    02-14T16:30 start
    02-14T16:30 is due 02-24T15:30
    02-14T17:00 pause
    02-20T12:00 resume
    02-20T12:00 is due 02-24T16:00
    02-24T12:15 is percent 53.12
    02-24T12:15 is open 4.25 h
    # the last Saturday of February works
    02-24T12:30 pause
    02-28T16:30 resume
    02-28T16:30 is due 03-02T11:00
  )");
}

TEST_CASE("working hours run only while open, and a pause across the closing costs only open time") {
  run(R"(
    within 4 bh
    03-02T16:00 start
    03-02T16:00 is due 03-03T11:00
    03-02T17:00 pause
    03-03T09:30 resume
    03-03T09:30 is due 03-03T12:30
    03-03T09:30 is percent 25.00
    03-03T12:30 is percent 100.00
    03-03T12:30 is breached false
  )");
}

TEST_CASE("wall time and dates move with the pause") {
  run(R"(
    within 24 h
    03-02T10:00 start
    03-02T12:00 pause
    03-02T15:00 resume
    03-02T15:00 is due 03-03T13:00
    03-03T01:00 is percent 50.00
  )");
  run(R"(
    within 1 mo 2 bd 3 h 4 bh
    01-28T10:00 start
    # 28 February, then the ends of Monday and Tuesday, then 03:00, then 4 h from 08:30
    01-28T10:00 is due 03-04T12:30
    # inside the month: it is counted from a day later (and clipped: 29 January + 1 mo is 28 February)
    02-10T10:00 pause
    02-11T10:00 resume
    02-11T10:00 is due 03-04T12:30
    02-11T10:00 pause
    02-15T10:00 resume
    02-15T10:00 is due 03-05T12:30
    # inside the working days (since 3 March 10:00)
    03-03T12:00 pause
    03-04T12:00 resume
    03-04T12:00 is due 03-06T12:30
    # inside the wall time (from 6 March 00:00)
    03-06T01:00 pause
    03-06T02:00 resume
    03-06T02:00 is due 03-06T12:30
    03-06T02:30 pause
    03-06T08:30 resume
    03-06T08:30 is due 03-06T14:00
    # inside the working time
    03-06T11:00 pause
    03-06T12:00 resume
    03-06T12:00 is due 03-06T15:00
    03-06T15:00 is percent 100.00
  )");
}

TEST_CASE("what is left of months and days goes on as real time") {
  run(R"(
    within 7 d
    03-02T10:00 start
    03-05T10:00 pause
    03-05T16:00 resume
    03-05T16:00 is due 03-09T16:00
    03-06T04:00 is percent 50.00
    03-09T17:00 pause
    03-10T17:00 resume
    03-10T17:00 is due 03-09T16:00
    03-10T17:00 is percent 100.60
  )");
}

TEST_CASE("ends while paused") {
  run(R"(
    within 1 h
    03-02T10:00 start
    03-02T10:30 pause
    03-02T15:00 stop
    03-02T16:00 is state met
    03-02T16:00 is breached false
    03-02T16:00 is paused 4.5 h
    03-02T16:00 is running 0.5 h
    03-02T16:00 is percent 50.00
    03-02T16:00 is left 0.5 h
  )");
  run(R"(
    within 1 h
    03-02T10:00 start
    03-02T11:30 pause
    03-02T15:00 stop
    03-02T16:00 is flag true
    03-02T16:00 is due 03-02T11:00
  )");
}

TEST_CASE("retroactive start, and a start in the future") {
  run(R"(
    within 3 bd
    mark 50%
    mark 60% skip
    mark breach
    03-05T10:00 start from 03-02T10:00
    03-05T10:00 is due 03-06T00:00
    03-05T10:00 fires 50% 03-04T12:00
    03-05T10:00 is wall 72 h
    03-06T09:00 fires breach 03-06T00:00
  )");
  run(R"(
    # a promise that was broken before anybody set the clock
    within 1 h
    mark breach skip
    03-05T10:00 start from 03-05T08:00
    03-05T10:00 fires -
    03-05T10:00 is flag true
    03-05T10:00 is breached-at 03-05T09:00
  )");
  run(R"(
    within 1 h
    03-05T10:00 start from 03-05T12:00
    03-05T10:00 is due 03-05T13:00
    03-05T11:00 is percent 0.00
    03-05T11:00 is wall 0 h
    03-05T11:30 pause
    03-05T12:15 resume
    03-05T12:15 is paused 0.25 h
    03-05T12:15 is due 03-05T13:15
    03-05T12:45 is running 0.5 h
  )");
}

TEST_CASE("a mean is never breached") {
  run(R"(
    within 45 min
    mean
    mark 80%
    mark breach
    mark 200%
    03-02T10:00 start
    03-02T12:00 fires 80% 03-02T10:36, 200% 03-02T11:30
    03-02T12:00 is breached false
    03-02T12:00 stop
    03-02T12:00 is flag false
    03-02T12:00 is percent 266.67
  )");
}

TEST_CASE("provisional beyond the last published year") {
  run(R"(
    within 10 bd
    12-01T10:00 start
    12-01T10:00 is provisional false
  )");
  run(R"(
    within 10 bd
    12-24T10:00 start
    12-24T10:00 is provisional true
  )");
}

TEST_CASE("rederive") {
  run(R"(
    # same budget, same calendar: nothing moves
    within 5 bd
    03-02T10:00 start
    03-04T10:00 rederive 5 bd
    03-04T10:00 is moved false
    03-04T10:00 rederive 7 bd
    03-04T10:00 is moved true
    03-04T10:00 is due 03-12T00:00
    03-04T10:00 is original 03-10T00:00
    03-04T12:00 pause
    03-06T12:00 resume
    03-06T12:00 is due 03-14T00:00
    # 1 day used, 2 more wanted
    03-06T12:00 rederive 3 bd
    03-06T12:00 is due 03-10T00:00
    # another unit: two and a half of three and a half days... of running real time are used
    03-06T12:00 rederive 72 h
    03-06T12:00 is due 03-07T10:00
  )");
  run(R"(
    # a budget that is used up already: due now, the marks fire late
    within 10 bd
    mark breach
    03-02T10:00 start
    03-06T10:00 rederive 2 bd
    03-06T10:00 is due 03-05T00:00
    03-06T10:00 fires breach 03-05T00:00
    03-06T10:00 rederive 2 bd
    03-06T10:00 is moved false
    03-06T10:00 stop
    03-06T10:00 rederive 20 bd
    03-06T10:00 is moved false
  )");
  run(R"(
    # while paused
    within 2 h
    03-02T10:00 start
    03-02T11:00 pause
    03-02T12:00 rederive 3 h
    03-02T12:00 is due 03-02T13:00
    03-02T13:00 resume
    03-02T13:00 is due 03-02T15:00
  )");
}
