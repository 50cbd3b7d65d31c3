// Cases with very many parts: what a step costs is counted, not timed; and what is kept beside the activations is what follows from them.
#include "core/crowd.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/limits.hpp"
#include "laws.hpp"
#include "model/executable.hpp"
#include "notation/load.hpp"
#include "support/line_fault.hpp"

namespace switchboard::testing {
namespace {

using core::Crowd;

/// Each instance forks and joins, with a job that may fail, a message, a timer, and an event on the boundary that ends them all.
constexpr const char* rich = R"(
switchboard: 1
process: line-fault
data: {customers: {type: list, required: true}, enough: boolean}
nodes:
  begin: {type: startEvent, next: house}
  house:
    type: subProcess
    data: {answer: string}
    multiInstance: {collection: customers, element: customer}
    boundary:
      over: {condition: enough = true, next: stopped}
    nodes:
      in: {type: startEvent, next: fork}
      fork: {type: parallelGateway, next: [visit, switch, hear]}
      visit: {type: userTask, groups: [crew, others], boundary: {late: {timer: {after: 1 h}, interrupting: false, next: noted}}, next: meet}
      noted: {type: endEvent}
      switch: {type: serviceTask, job: switching, next: meet}
      hear: {type: intermediateCatchEvent, message: answered, next: meet}
      meet: {type: parallelGateway, next: out}
      out: {type: endEvent}
    next: done
  stopped: {type: endEvent}
  done: {type: endEvent}
)";

model::ExecutablePtr compiled(const char* text) {
  const auto loaded = notation::load_process(text, "line-fault.yaml");
  std::string trouble;
  for (const auto& d : loaded.diagnostics) trouble += d.text() + "\n";
  REQUIRE_MESSAGE(loaded.value, trouble);
  auto result = model::compile(*loaded.value, model::Library{}, text);
  for (const auto& d : result.diagnostics) trouble += d.text() + "\n";
  REQUIRE_MESSAGE(result.process != nullptr, trouble);
  return result.process;
}

const Instant noon = parse_instant("2026-03-02T04:00:00Z").value();

core::Command command(decltype(core::Command::what) what) { return {{}, noon, std::move(what)}; }

core::Command started(std::int64_t count) {
  core::StartInstance start;
  start.key = {1};
  start.case_no = "F-1";
  start.data = small::customers(count);
  return command(start);
}

/// Nodes that a step has copied, of all that a case holds.
std::size_t copied(const core::ProcessInstance& before, const core::ProcessInstance& after) {
  const auto of = []<class T>(const core::Parts<T>& b, const core::Parts<T>& a) { return core::Parts<T>::fresh_nodes(b, a); };
  return of(before.elements, after.elements) + of(before.work, after.work) + of(before.timers, after.timers) +
         of(before.subscriptions, after.subscriptions) + of(before.scopes, after.scopes) + of(before.repetitions, after.repetitions) +
         of(before.joins, after.joins) + core::Crowd::fresh_nodes(before.crowd, after.crowd);
}

}  // namespace

TEST_CASE("completing one of very many copies, and differs in, as little as one of some hundred") {
  const model::ExecutablePtr process = compiled(small::line_fault);
  std::size_t copied_of_few = 0;
  for (const std::int64_t count : {300, 20'000}) {
    core::ProcessInstance instance = core::step(*process, {}, started(count)).instance;
    REQUIRE(instance.work.size() == static_cast<std::size_t>(count));
    CHECK(core::written_bytes(instance) > 0);
    std::size_t most = 0;
    for (const std::size_t which : {std::size_t{0}, static_cast<std::size_t>(count / 2), static_cast<std::size_t>(count - 3)}) {
      core::CompleteWork complete;
      complete.work = instance.work[which].key;
      complete.result = Value(Context{{"answer", "yes"}});
      const core::ProcessInstance before = instance;
      core::StepResult result = core::step(*process, before, command(complete));
      REQUIRE(!result.rejection);
      most = std::max(most, copied(before, result.instance));
      CHECK(result.events.size() < 10);
      std::size_t looked = 0;
      const auto look = [&](const auto&...) { ++looked; };
      compare(before.work, result.instance.work, look, look, look);
      compare(before.elements, result.instance.elements, look, look, look);
      CHECK(looked <= 64);
      instance = std::move(result.instance);
    }
    if (copied_of_few == 0) copied_of_few = most;
    CHECK(most <= copied_of_few + 20);  // a digit more in each of the trees
    CHECK(most < 80);
  }
}

TEST_CASE("the laws hold in a case with many parts, whatever happens to them") {
  const model::ExecutablePtr process = compiled(rich);
  for (const std::uint64_t seed : {1u, 2u}) {
    std::mt19937_64 random(seed);
    LawfulCase c(process);
    int done = 0;
    const auto apply = [&](decltype(core::Command::what) what) {
      const core::StepResult result = c.apply(command(std::move(what)));
      REQUIRE_MESSAGE(c.broken.empty(), c.broken);
      done += result.rejection || result.stale ? 0 : 1;
    };
    c.apply(started(40));
    REQUIRE_MESSAGE(c.broken.empty(), c.broken);
    CHECK(c.instance.crowd.is_kept());
    CHECK(c.instance.work.size() == 80);
    for (int i = 0; i < 150 && !core::is_finished(c.instance.state); ++i) {
      if (!c.instance.work.empty() && random() % 3 != 0) {
        const core::Work work = c.instance.work[random() % c.instance.work.size()];
        switch (random() % 4) {
          case 0: apply(core::ClaimWork{work.key, "li", std::vector<std::string>{"crew"}, {}, 0}); break;
          case 1:
            if (work.kind == core::WorkKind::service) {
              core::FailWork fail;
              fail.work = work.key;
              fail.message = "broken";
              fail.retries = 0;
              apply(fail);
            }
            break;
          default: {
            core::CompleteWork complete;
            complete.work = work.key;
            complete.by = work.assignee;
            apply(complete);
          }
        }
      } else if (!c.instance.subscriptions.empty()) {
        const core::Subscription s = c.instance.subscriptions[random() % c.instance.subscriptions.size()];
        apply(core::DeliverMessage{s.key, s.name, {}});
      }
      if (!c.instance.incidents.empty() && random() % 3 == 0) apply(core::ResolveIncident{c.instance.incidents.front().key, {}, 1, "boss", false});
      if (i == 70) apply(core::SuspendInstance{"storm", "boss"});
      if (i == 71) apply(core::ResumeInstance{"boss"});
    }
    if (seed == 1)
      apply(core::SetData{Value(Context{{"enough", true}}), "boss"});
    else
      apply(core::CancelInstance{"over", "boss"});
    CHECK(core::is_finished(c.instance.state));
    CHECK_FALSE(c.instance.crowd.is_kept());
    CHECK(done > 60);
  }
}

TEST_CASE("instances that would lead to more activations than a case may have do not begin") {
  const model::ExecutablePtr process = compiled(R"(
switchboard: 1
process: many
nodes:
  begin: {type: startEvent, next: wait}
  wait: {type: userTask, next: house}
  house: {type: userTask, multiInstance: {cardinality: 2000}, next: done}
  done: {type: endEvent}
)");
  core::StartInstance start;
  start.key = {1};
  start.case_no = "N-1";
  core::ProcessInstance instance = core::step(*process, {}, command(start)).instance;
  core::CompleteWork complete;
  complete.work = instance.work.front().key;
  const core::ElementInstance beside = instance.elements.back();  // as many as are allowed but for some hundred
  while (instance.elements.size() < limits::activations - 1'500) {
    core::ElementInstance one = beside;
    one.key = {instance.next_key++};
    instance.elements.put(one);
  }
  instance.crowd.count(instance);
  const core::StepResult result = core::step(*process, instance, command(complete));
  REQUIRE(!result.rejection);
  REQUIRE(result.instance.incidents.size() == 1);
  CHECK(result.instance.incidents.front().rule == "SB0520");
  CHECK(result.instance.incidents.front().message.find("250000, the most of one case") != std::string::npos);
  CHECK(result.instance.work.empty());
}

}  // namespace switchboard::testing
