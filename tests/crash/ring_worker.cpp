// The program that is killed while processes that send, signal and call each other at random run on a database: DATABASE GROUP SEED BEGIN. Time runs
// 600 times as fast as it does, from BEGIN (seconds since 1970) on. Says "E ..." for an error that no command may end with, and "G ..." when more
// cases begin than the shares of a command or tick allow.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "differential/writer.hpp"
#include "switchboard/engine.hpp"

namespace {

using namespace switchboard;  // NOLINT: a program, not a header
using testing::Chance;

constexpr std::size_t most_of_a_tick = 10'000;

void say(const std::string& line) {
  const std::string whole = line + "\n";
  if (::write(STDOUT_FILENO, whole.data(), whole.size()) < 0) std::_Exit(3);
}

/// A refusal is an answer; a store that fails is none.
template <class T>
bool accepted(const char* what, const Result<T>& result) {
  if (!result && result.error().kind == ErrorKind::storage) say(fmt::format("E {} {}", what, result.error().text()));
  return static_cast<bool>(result);
}

class Player {
 public:
  Player(Engine& engine, std::size_t processes, std::uint64_t seed, std::string name)
      : engine_(engine), processes_(processes), chance_(seed), name_(std::move(name)) {}

  void step() {
    switch (chance_.below(8)) {
      case 0:
      case 1: return start();
      case 2: return (void)accepted("message", engine_.message(fmt::format("m{}", chance_.below(3)), "k", Value(Context{{"n", number()}})));
      case 3: return (void)accepted("message", engine_.message(fmt::format("begin{}", chance_.below(processes_)), "k", begin()));
      case 4:
        return (void)accepted(
            "signal",
            engine_.signal(chance_.one_in(2) ? fmt::format("s{}", chance_.below(2)) : fmt::format("ring{}", chance_.below(processes_)), begin()));
      case 5: return complete();
      case 6: return cancel();
      default: return incident();
    }
  }

 private:
  std::int64_t number() { return static_cast<std::int64_t>(chance_.below(4)); }
  Value begin() { return Value(Context{{"n", number()}, {"name", "x"}}); }

  void start() {
    StartOptions options;
    if (chance_.one_in(2)) options.case_no = fmt::format("{}-{}", name_, next_++);
    accepted("start", engine_.start(fmt::format("p{}", chance_.below(processes_)), begin(), options));
  }

  void complete() {
    Find few;
    few.limit = 20;
    const auto work = engine_.work(few);
    if (!accepted("work", work) || work.value().empty()) return;
    accepted("complete", engine_.complete(work.value()[chance_.below(work.value().size())].work, Value(Context{{"n", number()}})));
  }

  void cancel() {
    Find few;
    few.limit = 20;
    few.open_only = true;
    const auto cases = engine_.instances(few);
    if (!accepted("instances", cases) || cases.value().empty()) return;
    // A case can always be cancelled.
    const std::string id = cases.value()[chance_.below(cases.value().size())].instance;
    const auto cancelled = engine_.cancel(id, "chance");
    if (!cancelled && cancelled.error().kind != ErrorKind::rejected) say(fmt::format("E cancel {} {}", id, cancelled.error().text()));
  }

  void incident() {
    Find few;
    few.limit = 20;
    const auto found = engine_.incidents(few);
    if (!accepted("incidents", found) || found.value().empty()) return;
    const std::string id = found.value()[chance_.below(found.value().size())].incident;
    if (chance_.one_in(2))
      accepted("drop", engine_.drop(id, "chance", {}));
    else
      accepted("resolve", engine_.resolve(id, {}, {}));
  }

  Engine& engine_;
  std::size_t processes_;
  Chance chance_;
  std::string name_;
  std::size_t next_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 1;
  const rlimit memory{std::uint64_t{3} << 30, std::uint64_t{3} << 30};
  ::setrlimit(RLIMIT_AS, &memory);
  const std::uint64_t group = std::strtoull(argv[2], nullptr, 10);
  const std::uint64_t seed = std::strtoull(argv[3], nullptr, 10);
  const double begin = std::strtod(argv[4], nullptr);
  EngineOptions options;
  options.database = argv[1];
  options.full_sync = false;
  options.clock = [begin] {
    constexpr double faster = 600;
    const double now = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    return Instant{static_cast<std::int64_t>((begin + (now - begin) * faster) * 1e6)};
  };
  const auto opened = Engine::open(options);
  if (!accepted("open", opened)) return 2;
  Engine& engine = *opened.value();
  const auto texts = differential::write_group(group, differential::Reach::anybody);
  for (const auto& [id, text] : texts) accepted("deploy", engine.deploy(text, id + ".yaml"));
  std::vector<std::thread> threads;
  for (std::uint64_t t = 0; t < 2; ++t)
    threads.emplace_back([&, t] {
      Player player(engine, texts.size(), seed * 2 + t, fmt::format("C{}-{}", seed, t));
      for (;;) player.step();
    });
  for (;;) {
    if (const auto ticked = engine.tick(500); accepted("tick", ticked)) {
      const TickReport& r = ticked.value();
      if (r.timers + r.marks + r.retries > most_of_a_tick) say(fmt::format("G tick {} {} {}", r.timers, r.marks, r.retries));
    }
    accepted("work_off", engine.work_off(
                             "work",
                             [](const Job&) {
                               return JobResult::ok(Value(Context{{"n", std::int64_t{1}}}));
                             },
                             5));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}
