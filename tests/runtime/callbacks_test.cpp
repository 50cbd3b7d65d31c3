// What callbacks of the embedder throw is an error or a failure of what they were about; nothing escapes and nothing is lost.
#include <filesystem>
#include <stdexcept>

#include "support.hpp"

using namespace switchboard;
using namespace switchboard::testing;

namespace {

const char* const chores = R"(
switchboard: 1
process: chores
nodes:
  begin: {type: startEvent, next: chore}
  chore: {type: serviceTask, job: chore, retries: 3, backoff: 1 min, next: look}
  look: {type: userTask, groups: [clerks], next: done}
  done: {type: endEvent}
sla:
  quick: {start: {process: started}, stop: {process: ended}, within: 1 h, marks: [{at: 50%, escalate: late}]}
)";

/// An engine whose clock can be broken.
struct Workshop {
  bool broken = false;
  Instant now = t0;
  std::unique_ptr<Engine> engine;
  Workshop() {
    EngineOptions options;
    options.clock = [this] {
      if (broken) throw std::runtime_error("no time");
      return now;
    };
    engine = must(Engine::open(options));
    (void)must(engine->deploy(chores, "chores.yaml"));
  }
  std::string state_of_the_job() {
    const auto work = must(engine->work({}));
    return work.empty() ? std::string() : std::string(to_string(work.front().state));
  }
};

}  // namespace

TEST_CASE("a clock that throws ends every call with an error, and nothing has changed") {
  Workshop w;
  const auto first = must(w.engine->start("chores", {}));
  const WorkId job = must(w.engine->work({})).front().work;
  w.broken = true;
  CHECK(error_of(w.engine->deploy(chores, "")) == "SB0553");
  CHECK(error_of(w.engine->start("chores", {})) == "SB0553");
  CHECK(error_of(w.engine->claim(job, {.by = "anna"})) == "SB0553");
  CHECK(error_of(w.engine->complete(job, {}, {.by = "anna"})) == "SB0553");
  CHECK(error_of(w.engine->cancel(first.instance, "why", {.by = "anna"})) == "SB0553");
  CHECK(error_of(w.engine->set_data(first.instance, Context{})) == "SB0553");
  CHECK(error_of(w.engine->signal("storm", {}, {.request_id = "r-1"})) == "SB0553");
  CHECK(error_of(w.engine->tick(10)) == "SB0553");
  CHECK(error_of(w.engine->work_off(
            "chore", [](const Job&) { return JobResult::ok(); }, 10)) == "SB0553");
  CHECK(error_of(w.engine->deliver([](const OutboxInfo&) { return std::string(); }, 10)) == "SB0553");
  CHECK(error_of(w.engine->clocks({})) == "SB0553");
  CHECK(error_of(w.engine->prune(t0)) == "SB0553");
  const auto refused = w.engine->start("chores", {});
  CHECK(refused.error().text().find("the clock threw: no time") != std::string::npos);
  w.broken = false;
  CHECK(must(w.engine->instances({})).size() == 1);
  CHECK(w.state_of_the_job() == "offered");
  CHECK(must(w.engine->check()).empty());
}

TEST_CASE("a job during which the clock throws is offered again, and done again") {
  Workshop w;
  (void)must(w.engine->start("chores", {}));
  int tried = 0;
  const auto breaks = [&](const Job&) {
    ++tried;
    w.broken = true;
    return JobResult::ok();
  };
  CHECK(error_of(w.engine->work_off("chore", breaks, 10)) == "SB0553");
  w.broken = false;
  CHECK(w.state_of_the_job() == "offered");
  CHECK(must(w.engine->work_off(
            "chore", [](const Job&) { return JobResult::ok(); }, 10)) == 1);
  CHECK(tried == 1);
  CHECK(must(w.engine->work({})).front().kind == WorkKind::user);
  CHECK(must(w.engine->check()).empty());
}

TEST_CASE("a record that was told while the clock throws is not told again") {
  Workshop w;
  (void)must(w.engine->start("chores", {}));
  w.now = t0 + Duration::hours(2);
  (void)must(w.engine->tick(10));
  Find open;
  open.open_only = true;
  REQUIRE_FALSE(must(w.engine->outbox(open)).empty());
  std::vector<std::string> told;
  const auto adapter = [&](const OutboxInfo& o) {
    told.push_back(o.key);
    w.broken = true;
    return std::string();
  };
  CHECK(error_of(w.engine->deliver(adapter, 1)) == "SB0553");
  w.broken = false;
  REQUIRE(told.size() == 1);
  for (const OutboxInfo& o : must(w.engine->outbox(open))) CHECK(o.key != told.front());
}

TEST_CASE("an empty handler or adapter is refused before anything is tried") {
  Workshop w;
  (void)must(w.engine->start("chores", {}));
  CHECK(error_of(w.engine->work_off("chore", {}, 10)) == "SB0555");
  CHECK(error_of(w.engine->deliver({}, 10)) == "SB0555");
  CHECK(w.state_of_the_job() == "offered");
}

TEST_CASE("a clock that throws at the opening, or from the beginning") {
  EngineOptions options;
  options.clock = []() -> Instant { throw 3; };
  const auto engine = must(Engine::open(options));
  CHECK(error_of(engine->deploy(chores, "")) == "SB0553");
}

TEST_CASE("an engine is not opened on what cannot be meant") {
  const Folder folder;
  EngineOptions cut;
  cut.database = folder.file("cut") + std::string("\0.db", 4);
  CHECK(error_of(Engine::open(cut)) == "SB0604");
  CHECK_FALSE(std::filesystem::exists(folder.file("cut")));
  EngineOptions nowhere;
  nowhere.processes = folder.file("nowhere");
  CHECK(error_of(Engine::open(nowhere)) == "SB0545");
  nowhere.processes = folder.path() + std::string("\0x", 2);
  CHECK(error_of(Engine::open(nowhere)) == "SB0604");
  EngineOptions french;
  french.language = "fr";
  CHECK(error_of(Engine::open(french)) == "SB0554");
  french.language = "zh";
  CHECK(Engine::open(french));
}

TEST_CASE("of several mistakes in a file the first is the error, and it carries all of them as values") {
  Workshop w;
  const auto refused = w.engine->deploy("switchboard: 1\nprocess: x\nnods: {}\ndatta: {}\n", "x.yaml");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().place.starts_with("x.yaml:3:1"));
  CHECK(refused.error().message.find('\n') == std::string::npos);
  CHECK(refused.error().hint.find('\n') == std::string::npos);
  const std::vector<Finding>& findings = refused.error().findings;
  REQUIRE(findings.size() > 1);
  CHECK(findings.front().rule == refused.error().id);
  CHECK(findings.front().message == refused.error().message);
  CHECK((findings.back().file == "x.yaml" && findings.back().at == Position{4, 1} && findings.back().severity == Severity::error));
  CHECK(refused.error().text().find("\nx.yaml:4:1: error ") != std::string::npos);
  const auto calendar = w.engine->add_resource("switchboard: 1\ncalendar: odd\nzone: Nowhere\nweek: {mon: 9-5}\n", "odd.yaml");
  REQUIRE_FALSE(calendar);
  CHECK(calendar.error().place.starts_with("odd.yaml:"));
}
