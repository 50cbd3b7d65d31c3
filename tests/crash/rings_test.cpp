// Groups of processes that send, signal and call each other at random, rings included, run on a database that is killed again and again: it stays
// sound, every command is answered, and a limit is a limit. SWITCHBOARD_RING_KILLS says how often (default 12), SWITCHBOARD_SEED with what luck.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <random>

#include "differential/writer.hpp"
#include "files.hpp"
#include "run_and_kill.hpp"

namespace switchboard::testing {

TEST_CASE("rings of messages, signals and calls under kills end sound and bounded") {
  constexpr int kills_per_group = 4;
  const int kills = parameter("SWITCHBOARD_RING_KILLS", 12);
  std::mt19937_64 random(static_cast<std::uint64_t>(parameter("SWITCHBOARD_SEED", 1)));
  const double begin = std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
  std::size_t cases = 0, incidents = 0;
  for (int done = 0; done < kills;) {
    const Folder folder;
    const std::string database = folder.file("rings.db");
    const std::uint64_t group = random();
    CAPTURE(group);
    for (int i = 0; i < kills_per_group && done < kills; ++i, ++done) {
      const auto lifetime = std::chrono::microseconds(50'000 + random() % 400'000);
      const std::string said = run_and_kill(
          SWITCHBOARD_RING_WORKER, {database, std::to_string(group), std::to_string(random() % 1'000'000), fmt::format("{:.6f}", begin)}, lifetime);
      CHECK(said == "");
      EngineOptions options;
      options.database = database;
      options.full_sync = false;
      options.force_clock = true;
      const auto engine = Engine::open(options);
      REQUIRE_MESSAGE(engine, (engine ? std::string() : engine.error().text()));
      const auto violations = engine.value()->check();
      REQUIRE_MESSAGE(violations, (violations ? std::string() : violations.error().text()));
      CHECK(fmt::format("{}", fmt::join(violations.value(), "\n")) == "");
      Find all;
      all.limit = 1'000'000;
      const auto found = engine.value()->instances(all);
      REQUIRE(found);
      const auto open = engine.value()->incidents(all);
      REQUIRE(open);
      if (i + 1 == kills_per_group) cases += found.value().size(), incidents += open.value().size();
    }
  }
  fmt::print("rings: {} kills, {} cases, {} open incidents\n", kills, cases, incidents);
}

}  // namespace switchboard::testing
