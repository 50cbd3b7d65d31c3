// The test world as a player: the reference, because what can be done next is read off it.
#pragma once

#include "differential/player.hpp"
#include "testing/world.hpp"

namespace switchboard::differential {

class WorldPlayer final : public Player {
 public:
  explicit WorldPlayer(const Stage& stage);
  std::string act(const Action& action) override;
  Histories histories() override;
  [[nodiscard]] const testing::World& world() const { return world_; }

 private:
  [[nodiscard]] std::string command(const Action& action);
  [[nodiscard]] std::string fetch(const FetchJobs& fetch);

  testing::World world_;
};

}  // namespace switchboard::differential
