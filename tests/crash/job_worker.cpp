// The program that does jobs until it is killed: eight threads work off topic "once", and each job that is begun is a line "WORK TOKEN" appended to a
// file. Ends with 0 when no job is left; an error that killing does not explain is a line "E ..." there, and 2.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "switchboard/engine.hpp"

namespace {

using namespace switchboard;  // NOLINT: a program, not a header

/// One write per line, at the end of the file: lines of threads and processes do not mix.
void append(int log, const std::string& line) {
  const std::string whole = line + "\n";
  if (::write(log, whole.data(), whole.size()) < 0) std::_Exit(3);
}

void do_jobs(Engine& engine, int log) {
  const auto handler = [log](const Job& job) {
    append(log, fmt::format("{} {}", job.work, job.token));
    std::this_thread::sleep_for(std::chrono::microseconds(500 * (job.token + job.work.size() % 7)));
    return JobResult::ok();
  };
  for (;;) {
    const auto ran = engine.work_off("once", handler, 5);
    if (!ran) append(log, "E " + ran.error().text());
    if (ran && ran.value() > 0) continue;
    // What a dead worker holds is open again when its lease runs out; then there is nothing left at all.
    const auto open = engine.work({});
    if (open && open.value().empty()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 1;
  const int log = ::open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (log < 0) return 1;
  EngineOptions options;
  options.database = argv[1];
  options.full_sync = false;
  const auto engine = Engine::open(options);
  if (!engine) {
    append(log, "E open " + engine.error().text());
    return 2;
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) threads.emplace_back([&] { do_jobs(*engine.value(), log); });
  for (std::thread& thread : threads) thread.join();
  return 0;
}
