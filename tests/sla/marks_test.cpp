#include <doctest/doctest.h>

#include "script.hpp"

using switchboard::sla::testing::run;

TEST_CASE("80 % of 15 working days is the end of the twelfth") {
  run(R"(
    within 15 bd
    mark 80%
    mark 90%
    mark 1 bd left
    mark breach
    03-02T10:00 start
    03-02T10:00 is due 03-24T00:00
    # 90 %: the middle of the 14th day
    03-25T00:00 fires 80% 03-19T00:00, 90% 03-20T12:00, 1 bd left 03-21T00:00, breach 03-24T00:00
    03-25T00:00 fires -
    03-25T00:00 is flag true
  )");
}

TEST_CASE("each mark once, also over pauses and in whatever order they come") {
  run(R"(
    within 2 bd
    mark breach
    mark 75%
    mark 25%
    mark 150%
    03-02T10:00 start
    03-03T12:00 fires 25% 03-03T12:00
    # the half day that had run is given back by the pause, the mark is not
    03-03T13:00 pause
    03-04T08:00 fires -
    03-04T09:00 resume
    03-04T09:00 is due 03-06T00:00
    03-05T13:00 fires 75% 03-05T12:00
    # exactly at the due instant is in time
    03-06T00:00 fires -
    03-06T00:01 fires breach 03-06T00:00
    # a pause of a late clock no longer moves due, but what comes after
    03-06T10:00 is percent 120.83
    03-06T10:00 is next 03-07T00:00
    03-06T12:00 pause
    03-09T12:00 resume
    03-09T12:00 is due 03-06T00:00
    03-09T12:00 is next 03-10T00:00
    03-10T00:00 fires 150% 03-10T00:00
    03-10T00:00 is percent 150.00
    03-10T00:00 is next -
  )");
}

TEST_CASE("late clocks in other units") {
  run(R"(
    within 4 bh
    mark 150%
    03-02T08:30 start
    03-02T13:00 fires implicit breach 03-02T12:30
    03-02T13:30 pause
    03-02T16:30 resume
    03-02T16:30 is due 03-02T12:30
    03-02T17:00 is percent 137.50
    03-02T17:30 fires 150% 03-02T17:30
  )");
  run(R"(
    within 2 h
    mark 200%
    mark 250%
    03-02T10:00 start
    03-02T13:00 fires implicit breach 03-02T12:00
    03-02T13:00 pause
    03-02T15:00 resume
    03-02T15:00 is percent 150.00
    03-02T16:30 fires 200% 03-02T16:00
    03-02T16:30 pause
    03-02T17:00 resume
    03-02T18:00 is percent 275.00
    03-02T18:00 fires 250% 03-02T17:30
  )");
}

TEST_CASE("left") {
  run(R"(
    within 3 bd
    mark 1 bd left
    mark 2 h left
    mark 4 bh left
    mark 3 bd left
    mark 4 bd left
    03-04T10:00 start
    # Friday's end leaves Monday: the earliest instant at which one working day is left
    03-09T23:00 fires 3 bd left 03-04T10:00, 1 bd left 03-07T00:00, 4 bh left 03-09T13:30, 2 h left 03-09T22:00
    03-10T00:00 fires -
    03-10T00:01 fires implicit breach 03-10T00:00
    03-20T00:00 fires -
  )");
  run(R"(
    within 6 bh
    mark 2 bh left
    03-02T15:30 start
    03-02T15:30 is due 03-03T12:30
    03-02T16:30 pause
    03-03T10:30 resume
    03-03T13:30 fires 2 bh left 03-03T13:30
  )");
  run(R"(
    within 3 mo
    mark 7 d left
    mark 50%
    03-02T10:00 start
    06-01T00:00 fires 50% 04-17T10:00, 7 d left 05-26T10:00
  )");
}

TEST_CASE("a late tick fires what was missed, in order, with the instants it had") {
  run(R"(
    within 1 h
    mark 50%
    mark 10 min left
    mark breach
    mark 200%
    03-02T10:00 start
    03-02T20:00 fires 50% 03-02T10:30, 10 min left 03-02T10:50, breach 03-02T11:00, 200% 03-02T12:00
    03-02T20:00 is breached-at 03-02T11:00
  )");
}

TEST_CASE("nothing falls due while paused or after the end") {
  run(R"(
    within 1 h
    03-02T10:00 start
    03-02T10:10 pause
    03-02T10:10 is next -
    03-03T10:00 fires -
    03-03T10:00 resume
    03-03T10:00 is next 03-03T10:50
    03-03T10:20 stop
    03-03T10:20 is next -
  )");
}

TEST_CASE("a budget of nothing is due at once") {
  run(R"(
    within 0 s
    03-02T10:00 start
    03-02T10:00 is due 03-02T10:00
    03-02T10:00 is percent 100.00
    03-02T10:00 is breached false
    03-02T10:01 fires implicit breach 03-02T10:00
  )");
}
