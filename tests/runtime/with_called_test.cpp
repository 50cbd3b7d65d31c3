// A case is suspended and resumed with the cases that it called.
#include <fmt/format.h>

#include "support.hpp"

namespace switchboard::testing {

namespace {

std::string caller_of(std::string_view id, std::string_view called) {
  return fmt::format(
      "switchboard: 1\nprocess: {}\nnodes:\n  s: {{type: startEvent, next: [c, w]}}\n  c: {{type: callActivity, process: {}, next: e}}\n"
      "  w: {{type: userTask, next: e}}\n  e: {{type: endEvent}}\n",
      id, called);
}

void deploy_three(World& w) {
  must(w.engine().deploy(
      "switchboard: 1\nprocess: inner\nnodes:\n  s: {type: startEvent, next: w}\n  w: {type: userTask, next: e}\n  e: {type: endEvent}\n",
      "inner.yaml"));
  must(w.engine().deploy(caller_of("middle", "inner"), "middle.yaml"));
  must(w.engine().deploy(caller_of("outer", "middle"), "outer.yaml"));
}

std::string shown(const std::vector<CaseInfo>& all) {
  std::string text;
  for (const CaseInfo& c : all) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", c.process, to_string(c.state));
  return text;
}

}  // namespace

TEST_CASE("suspending takes the called cases along, at every depth, and resuming too") {
  on_both_stores([](World& w) {
    deploy_three(w);
    const InstanceId id = w.start("outer", "A").instance;
    CHECK(shown(must(w.engine().suspend_with_called(id, "flood", {.by = "li"}))) == "outer suspended, middle suspended, inner suspended");
    Find find;
    find.case_no = "A";
    for (const WorkInfo& work : must(w.engine().work(find))) CHECK(work.state == WorkState::suspended);
    CHECK(error_of(w.engine().complete(w.work("A", "w"), {})) == "SB0502");
    // Nothing is left to do: that is refused, as suspending twice is.
    CHECK(error_of(w.engine().suspend_with_called(id, "flood", {})) == "SB0502");
    CHECK(shown(must(w.engine().resume_with_called(id, {}))) == "outer active, middle active, inner active");
    CHECK(error_of(w.engine().resume_with_called(id, {})) == "SB0502");
  });
}

TEST_CASE("what is suspended already stays, what has ended is left out, and a repeated request does what is left") {
  on_both_stores([](World& w) {
    deploy_three(w);
    const InstanceId id = w.start("outer", "A").instance;
    must(w.engine().suspend(w.find("A", "middle").instance, "strike", {}));
    CHECK(shown(must(w.engine().suspend_with_called(id, "flood", {.request_id = "r"}))) == "outer suspended, middle suspended, inner suspended");
    CHECK(shown(must(w.engine().suspend_with_called(id, "flood", {.request_id = "r"}))) == "outer suspended, middle suspended, inner suspended");
    must(w.engine().resume_with_called(id, {}));
    for (const WorkInfo& work : must(w.engine().work([] {
           Find f;
           f.process = "inner";
           return f;
         }())))
      must(w.engine().complete(work.work, {}));
    CHECK(shown(must(w.engine().suspend_with_called(id, "flood", {}))) == "outer suspended, middle suspended");
    must(w.engine().resume(id, {}));
    CHECK(shown(must(w.engine().resume_with_called(id, {}))) == "outer active, middle active");
    must(w.engine().cancel(id, "over", {}));
    CHECK(error_of(w.engine().suspend_with_called(id, "flood", {})) == "SB0502");
    CHECK(error_of(w.engine().suspend_with_called("i-999", "flood", {})) == "SB0548");
  });
}

}  // namespace switchboard::testing
