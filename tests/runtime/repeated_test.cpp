// Repeated activities on disk: their numbers are counted on when the engine was closed in between, and one of several is named.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "support.hpp"

namespace switchboard::testing {

namespace {

constexpr const char* reviews = R"yaml(
switchboard: 1
process: reviews
data: {seen: {type: list, default: []}, answers: list, last: list}
nodes:
  s: {type: startEvent, next: review}
  review:
    type: subProcess
    data: {answer: string}
    multiInstance: {cardinality: 4, completionCondition: numberOfCompletedInstances >= 3, output: answer, outputCollection: answers}
    next: again
    nodes:
      s: {type: startEvent, next: ask}
      ask: {type: userTask, groups: [desk], in: {number: loopCounter}, next: note}
      note:
        type: scriptTask
        set:
          seen: append(seen, [loopCounter, numberOfInstances, numberOfActiveInstances, numberOfCompletedInstances, numberOfTerminatedInstances])
        next: e
      e: {type: endEvent}
  again: {type: userTask, groups: [desk], loop: {max: 3}, in: {number: loopCounter}, next: e}
  e: {type: endEvent}
)yaml";
constexpr const char* rooms = R"(
switchboard: 1
process: rooms
data: {enough: {type: boolean, default: false}}
nodes:
  s: {type: startEvent, next: room}
  room:
    type: adHocSubProcess
    multiInstance: {cardinality: 2}
    completionCondition: enough
    next: e
    nodes:
      look: {type: userTask, groups: [desk], in: {room: loopCounter}}
  e: {type: endEvent}
)";
constexpr const char* trip = R"(
switchboard: 1
process: trip
nodes:
  s: {type: startEvent, next: deal}
  deal:
    type: transaction
    next: e
    boundary: {off: {cancel: true, next: e}}
    nodes:
      s: {type: startEvent, next: fork}
      fork: {type: parallelGateway, next: [part, other, stop]}
      part:
        type: subProcess
        data: {seat: string}
        next: join
        nodes:
          s: {type: startEvent, next: a}
          a: {type: userTask, groups: [desk], compensation: un-a, next: wait}
          un-a: {type: userTask, groups: [desk], in: {seat: seat}}
          wait: {type: userTask, groups: [desk], next: e}
          e: {type: endEvent}
      other: {type: userTask, groups: [desk], compensation: un-other, next: join}
      un-other: {type: userTask, groups: [desk]}
      stop: {type: userTask, groups: [desk], next: no}
      no: {type: endEvent, cancel: true}
      join: {type: parallelGateway, next: e}
      e: {type: endEvent}
  e: {type: endEvent}
)";

/// The work of the instance whose `in` says `number`.
WorkId work_of(World& w, const std::string& case_no, const std::string& name, int number) {
  Find f;
  f.case_no = case_no;
  for (const WorkInfo& one : must(w.engine().work(f)))
    if (one.inputs.context() != nullptr && *one.inputs.context()->find(name) == Value(number)) return one.work;
  return {};
}

}  // namespace

TEST_CASE("a repeated activity that is half done when the engine is closed counts on") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(reviews, "reviews.yaml"));
    w.start("reviews", "R");
    const auto answer = [&](int number, const char* text) {
      must(w.engine().complete(work_of(w, "R", "number", number), context({{"answer", text}})));
    };
    answer(2, "b");
    w.reopen();
    CHECK(w.violations().empty());
    answer(4, "d");
    w.reopen();
    answer(1, "a");
    CHECK(to_feel(w.data("R", "seen")) == "[[2, 4, 4, 0, 0], [4, 4, 3, 1, 0], [1, 4, 2, 2, 0]]");
    CHECK(to_feel(w.data("R", "answers")) == "[\"a\", \"b\", \"d\"]");
    for (int i = 1; i <= 3; ++i) {
      CHECK(w.at("R") == "again");
      w.reopen();
      CHECK(w.violations().empty());
      must(w.engine().complete(work_of(w, "R", "number", i), {}));
    }
    CHECK(w.at("R") == "completed");
  });
}

TEST_CASE("an activity begins in the one of several open sub-processes that is named") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(rooms, "rooms.yaml"));
    const InstanceId instance = w.start("rooms", "R").instance;
    const auto count = [&](int room) {
      Find f;
      f.case_no = "R";
      int n = 0;
      for (const WorkInfo& one : must(w.engine().work(f))) n += *one.inputs.context()->find("room") == Value(room) ? 1 : 0;
      return n;
    };
    const auto unclear = w.engine().begin_activity(instance, "look");
    CHECK(error_of(unclear) == "SB0516");
    CHECK(unclear.error().text().find("room[1]/look, room[2]/look") != std::string::npos);
    must(w.engine().begin_activity(instance, "room[2]/look"));
    CHECK(count(1) == 1);
    CHECK(count(2) == 2);
    CHECK(error_of(w.engine().begin_activity(instance, "room[3]/look")) == "SB0504");
    // Lists say which one each work is of.
    std::string places;
    for (const WorkInfo& one : must(w.engine().work({}))) places += fmt::format("{} {} {}, ", one.node, one.place, one.number);
    CHECK(places == "room/look room[1]/look 1, room/look room[2]/look 2, room/look room[2]/look 2, ");
  });
}

TEST_CASE("what completed in a part that still ran is undone in the order of completion, also after the engine was closed") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(trip, "trip.yaml"));
    w.start("trip", "T");
    w.complete("T", "deal/part/a", context({{"seat", "12A"}}));
    w.complete("T", "deal/other");
    w.complete("T", "deal/stop");
    CHECK(w.at("T").find("deal/un-other") != std::string::npos);
    w.reopen();
    CHECK(w.violations().empty());
    w.complete("T", "deal/un-other");
    CHECK(w.at("T") == "deal/part/un-a");
    w.reopen();
    CHECK(w.violations().empty());
    w.complete("T", "deal/part/un-a");
    CHECK(w.at("T") == "completed");
    CHECK(w.violations().empty());
  });
}

}  // namespace switchboard::testing
