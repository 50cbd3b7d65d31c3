// The program that is killed. Works on a database from several threads until it dies; says on standard output, one line at a time, what it tries
// ("T request"), what it was answered ("A request instance") and which records of the outbox it told ("D key"). An error that a crash does not
// explain ends it with a line "E ...".
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "load.hpp"

namespace {

using namespace switchboard;  // NOLINT: a program, not a header

/// One write per line, so that lines of threads do not mix and none is half there when the program dies.
void say(const std::string& line) {
  const std::string whole = line + "\n";
  if (::write(STDOUT_FILENO, whole.data(), whole.size()) < 0) std::_Exit(3);
}

void expect(const std::string& request, const Result<CaseInfo>& result) {
  if (result) return say(fmt::format("A {} {}", request, result.value().instance));
  say(fmt::format("E {} {}", request, result.error().text()));
  std::_Exit(2);
}

void run_case(Engine& engine, const std::string& number) {
  StartOptions options;
  options.case_no = number;
  const std::string request = "start-" + number;
  say("T " + request);
  const auto started = engine.start("load", {}, options, {.request_id = request});
  expect(request, started);
  Find mine;
  mine.instance = started.value().instance;
  mine.group = "clerks";
  const auto work = engine.work(mine);
  if (work && work.value().size() == 1) {
    say("T approve-" + number);
    expect("approve-" + number, engine.complete(work.value()[0].work, {}, {.request_id = "approve-" + number}));
  }
  say("T paid-" + number);
  expect("paid-" + number, engine.message("paid", number, Value(Context{{"text", number}}), {.request_id = "paid-" + number}));
}

void run_thread(Engine& engine, const std::string& name) {
  for (int i = 0;; ++i) {
    run_case(engine, fmt::format("{}-{}", name, i));
    if (i % 3 == 2) continue;  // leaves some jobs to others, or for ever
    const auto ran = engine.work_off(
        "work",
        [](const Job& job) {
          return JobResult::ok(Value(Context{{"number", job.work}}));
        },
        2);
    if (!ran) say("E work " + ran.error().text());
  }
}

/// Tells what is to be told; every third attempt is in vain.
void run_deliverer(Engine& engine) {
  Delivery wanted;
  wanted.limit = 20;
  wanted.attempts = 1'000'000;
  wanted.back_off = wanted.longest_back_off = Duration::millis(5);
  wanted.lease = Duration::millis(50);
  for (int tried = 0;;) {
    const auto told = engine.deliver(wanted, [&](const OutboxInfo& record) -> std::string {
      if (++tried % 3 == 0) return "no signal";
      say("D " + record.key);
      return {};
    });
    if (!told) say("E deliver " + told.error().text());
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 1;
  EngineOptions options;
  options.database = argv[1];
  options.full_sync = std::string_view(argv[3]) == "full";
  const auto engine = Engine::open(options);
  if (!engine) {
    say("E open " + engine.error().text());
    return 2;
  }
  if (const auto deployed = testing::deploy_load(*engine.value()); !deployed) {
    say("E deploy " + deployed.error().text());
    return 2;
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) threads.emplace_back([&, t] { run_thread(*engine.value(), fmt::format("{}-{}", argv[2], t)); });
  for (int t = 0; t < 2; ++t) threads.emplace_back([&] { run_deliverer(*engine.value()); });
  for (;;) {
    if (const auto ticked = engine.value()->tick(100); !ticked) say("E tick " + ticked.error().text());
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
}
