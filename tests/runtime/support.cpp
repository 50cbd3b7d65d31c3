#include "support.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <atomic>
#include <fstream>

namespace switchboard::testing {

namespace {

const std::map<std::string_view, std::string_view> texts{
    {"order", R"(
switchboard: 1
process: order
customer: customer_no
data:
  customer_no: {type: string, default: "1001"}
  amount: {type: number, default: 10}
  bill_no: string
nodes:
  begin: {type: startEvent, next: review}
  review: {type: userTask, name: {en: Review, zh: 审核}, groups: [clerks], form: [amount], priority: 7, due: 2 h, next: bill}
  bill: {type: serviceTask, job: billing, retries: 2, backoff: 1 min, timeout: 5 min, in: {total: amount * 2}, out: {bill_no: number}, next: done}
  done: {type: endEvent}
)"},
    {"parent", R"(
switchboard: 1
process: parent
data:
  question: {type: string, default: why}
  answer: string
nodes:
  begin: {type: startEvent, next: ask}
  ask:
    type: callActivity
    process: child
    in: {subject: question}
    out: {answer: reply}
    next: read
    boundary:
      impatient: {timer: {after: 1 h}, next: given-up}
      refused: {error: no-answer, next: given-up}
  read: {type: userTask, groups: [clerks], next: done}
  given-up: {type: userTask, groups: [clerks], next: done}
  done: {type: endEvent}
)"},
    {"child", R"(
switchboard: 1
process: child
data:
  subject: {type: string, required: true}
  reply: string
nodes:
  begin: {type: startEvent, next: quick}
  quick:
    type: exclusiveGateway
    next:
      - {if: 'subject = "quick"', to: at-once}
      - {if: 'subject = "never"', to: no-answer}
      - {else: think}
  at-once: {type: scriptTask, set: {reply: '"at once"'}, next: done}
  think: {type: userTask, groups: [experts], next: done}
  no-answer: {type: endEvent, error: no-answer}
  done: {type: endEvent}
)"},
    {"sender", R"(
switchboard: 1
process: sender
data:
  to: {type: string, default: R-1}
nodes:
  begin: {type: startEvent, next: send}
  send: {type: intermediateThrowEvent, message: ping, in: {text: '"hello"'}, next: shout}
  shout: {type: intermediateThrowEvent, signal: alarm, next: done}
  done: {type: endEvent}
messages:
  ping: {key: to, payload: {text: string}}
)"},
    {"receiver", R"(
switchboard: 1
process: receiver
data:
  heard: string
nodes:
  begin: {type: startEvent, next: fork}
  fork: {type: parallelGateway, next: [wait, alarmed]}
  wait: {type: intermediateCatchEvent, message: ping, out: {heard: text}, next: first}
  first: {type: userTask, next: done}
  alarmed: {type: intermediateCatchEvent, signal: alarm, next: second}
  second: {type: userTask, next: done}
  done: {type: endEvent}
messages:
  ping: {payload: {text: string}}
)"},
    {"reported", R"(
switchboard: 1
process: reported
data:
  fault: string
nodes:
  reported: {type: startEvent, message: fault-reported, next: repair}
  repair: {type: userTask, next: done}
  done: {type: endEvent}
)"},
    {"promise", R"(
switchboard: 1
process: promise
customer: customer_no
data:
  customer_no: {type: string, default: "1001"}
nodes:
  begin: {type: startEvent, next: work}
  work:
    type: userTask
    groups: [crew]
    next: done
    boundary:
      remind: {timer: {every: 20 min, times: 2}, interrupting: false, next: reminded}
  reminded: {type: endEvent}
  done: {type: endEvent}
sla:
  arrival:
    start: {process: started}
    stop: {completed: work}
    within: 45 min
    marks:
      - {at: 80%, feedback: on-the-way}
      - {at: breach, escalate: arrival-late}
feedback:
  on-the-way: {channels: [sms], text: {en: "We come by {{sla(\"arrival\").due}}."}}
)"},
    {"recursive", R"(
switchboard: 1
process: recursive
data:
  depth: {type: number, default: 3}
nodes:
  begin: {type: startEvent, next: again}
  again:
    type: exclusiveGateway
    next:
      - {if: depth > 0, to: call}
      - {else: done}
  call: {type: callActivity, process: recursive, in: {depth: depth - 1}, next: done}
  done: {type: endEvent}
)"},
};

}  // namespace

std::string_view process_text(std::string_view id) { return texts.at(id); }

World::World(bool on_file) : on_file_(on_file), engine_(open()) {}

std::unique_ptr<Engine> World::open() {
  EngineOptions options;
  if (on_file_) options.database = folder_.file("world.db");
  options.clock = [this] { return now; };
  options.full_sync = false;
  return must(Engine::open(options));
}

void World::reopen() {
  if (!on_file_) return;
  engine_.reset();
  engine_ = open();
}

std::unique_ptr<Engine> World::another() {
  REQUIRE(on_file_);
  return open();
}

void World::deploy(std::initializer_list<std::string_view> ids) {
  for (const std::string_view id : ids) must(engine_->deploy(process_text(id), std::string(id) + ".yaml"));
}

TickReport World::advance(Duration d) {
  now = now + d;
  return must(engine_->tick(1000));
}

CaseInfo World::start(std::string_view process, const std::string& number, const Value& data) {
  StartOptions options;
  options.case_no = number;
  return must(engine_->start(process, data, options));
}

CaseInfo World::find(const std::string& case_no, const std::string& process) {
  Find f;
  f.case_no = case_no;
  f.process = process;
  const auto found = must(engine_->instances(f));
  REQUIRE_MESSAGE(!found.empty(), "no case " << case_no);
  return found.back();
}

std::string World::at(const std::string& case_no, const std::string& process) {
  const CaseInfo info = find(case_no, process);
  return info.state == CaseState::active ? fmt::format("{}", fmt::join(info.at, ", ")) : std::string(to_string(info.state));
}

WorkId World::work(const std::string& case_no, const std::string& element) {
  Find f;
  f.case_no = case_no;
  for (const WorkInfo& w : must(engine_->work(f))) {
    if (w.node == element) return w.work;
  }
  FAIL("no open work of " << element << " in " << case_no << ", which is at " << at(case_no));
  return {};
}

CaseInfo World::complete(const std::string& case_no, const std::string& element, const Value& result) {
  return must(engine_->complete(work(case_no, element), result));
}

Value World::data(const std::string& case_no, const std::string& name) {
  const Value all = must(engine_->data(find(case_no).instance));
  const Value* found = all.context()->find(name);
  return found == nullptr ? Value() : *found;
}

std::vector<std::string> World::told(const std::string& kind) {
  std::vector<std::string> names;
  for (const OutboxInfo& o : must(engine_->outbox({}))) {
    if (to_string(o.kind) == kind) names.push_back(o.name);
  }
  return names;
}

std::string World::violations() { return fmt::format("{}", fmt::join(must(engine_->check()), "\n")); }

ClockInfo clock_of(Engine& engine, const std::string& case_no, const std::string& clock) {
  Find find;
  find.case_no = case_no;
  find.clock = clock;
  const auto all = must(engine.clocks(find));
  REQUIRE(all.size() == 1);
  return all.front();
}

void on_both_stores(const std::function<void(World&)>& test) {
  const auto run = [&](bool on_file) {
    World world(on_file);
    test(world);
    CHECK(world.violations() == "");
    world.reopen();
    CHECK(world.violations() == "");
  };
  SUBCASE("in memory") { run(false); }
  SUBCASE("on a file") { run(true); }
}

void must(Result<void> r) { REQUIRE_MESSAGE(r, (r ? std::string() : r.error().text())); }

}  // namespace switchboard::testing
