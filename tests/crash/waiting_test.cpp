// The database is held by somebody else: each caller waits once, and nobody for the others.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <memory>
#include <thread>

#include "files.hpp"
#include "load.hpp"
#include "runtime/case_engine.hpp"
#include "wrapped_store.hpp"

namespace switchboard::testing {

namespace {

constexpr int callers = 8;

/// Refuses every commit, slowly, so that those who come meanwhile make one batch.
class RefusingStore final : public WrappedStore {
 public:
  explicit RefusingStore(std::unique_ptr<store::Store> inner) : WrappedStore(std::move(inner)) {}

  std::atomic<bool> is_refusing = false;
  std::atomic<int> commits = 0;
  std::string id;

 protected:
  std::optional<Error> before(std::string_view call) override {
    if (!is_refusing || call != "commit") return std::nullopt;
    ++commits;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return Error{ErrorKind::storage, id, "made up by a test", "", "repeat the command"};
  }
};

struct Outcome {
  int commits = 0, refused = 0;
};

Outcome start_side_by_side(const std::string& id) {
  auto store = std::make_unique<RefusingStore>(store::open_memory());
  RefusingStore& refusing = *store;
  refusing.id = id;
  EngineOptions options;
  options.clock = [] { return Instant{1'772'413'200'000'000}; };
  const std::unique_ptr<Engine> opened = std::make_unique<runtime::CaseEngine>(std::move(store), options);
  Engine& engine = *opened;
  REQUIRE(deploy_load(engine));
  refusing.is_refusing = true;
  Outcome outcome;
  std::atomic<int> refused = 0;
  std::barrier together(callers);
  std::vector<std::thread> threads;
  for (int i = 0; i < callers; ++i)
    threads.emplace_back([&, i] {
      StartOptions start;
      start.case_no = fmt::format("C-{}", i);
      together.arrive_and_wait();
      const auto started = engine.start("load", {}, start);
      if (!started && started.error().id == id) ++refused;
    });
  for (std::thread& thread : threads) thread.join();
  outcome.commits = refusing.commits;
  outcome.refused = refused;
  refusing.is_refusing = false;
  CHECK(engine.start("load", {}));
  CHECK(engine.check().value().empty());
  return outcome;
}

}  // namespace

TEST_CASE("what concerns the database is not tried once more for each caller, what one of them can cause is") {
  const Outcome busy = start_side_by_side("SB0606");
  CHECK(busy.refused == callers);
  CHECK(busy.commits <= callers);  // one for each batch; each member alone as well would be more
  const Outcome unknown = start_side_by_side("SB0609");
  CHECK(unknown.refused == callers);
  CHECK(unknown.commits >= callers);
}

}  // namespace switchboard::testing
