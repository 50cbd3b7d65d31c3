// Who a message is for.
#include <doctest/doctest.h>

#include "core/core.hpp"

namespace switchboard::core {
namespace {

WaitingInstance waiting(std::uint64_t instance, std::uint64_t key, std::string name, std::string correlation,
                        SubscriptionKind kind = SubscriptionKind::message) {
  return {{instance}, "C", {{key}, {1}, {1}, kind, std::move(name), std::move(correlation)}};
}

}  // namespace

TEST_CASE("a message goes to one case, signals to everybody") {
  const std::vector<WaitingInstance> all = {waiting(3, 9, "pay", "A"),
                                            waiting(2, 9, "pay", "A"),
                                            waiting(5, 7, "pay", "B"),
                                            waiting(5, 8, "pay", ""),
                                            waiting(4, 2, "pay", "A", SubscriptionKind::signal),
                                            waiting(1, 4, "pay", "", SubscriptionKind::signal)};
  CHECK(correlate(all, {"pay", "A", {}})->instance == InstanceKey{2});
  CHECK(correlate(all, {"pay", "B", {}})->subscription.key == SubscriptionKey{7});
  CHECK(correlate(all, {"pay", "", {}})->subscription.key == SubscriptionKey{8});
  CHECK_FALSE(correlate(all, {"pay", "C", {}}).has_value());
  CHECK_FALSE(correlate(all, {"other", "A", {}}).has_value());
  auto listening = waiting(1, 1, "pay", "A");
  listening.subscription.element = {0};
  CHECK(correlate(std::vector{listening, all[0]}, {"pay", "A", {}})->instance == InstanceKey{3});  // a token waits there
  CHECK(correlate(std::vector{listening, all[2]}, {"pay", "A", {}})->instance == InstanceKey{1});
  const auto signals = correlate_signal(all, "pay");
  REQUIRE(signals.size() == 2);
  CHECK(signals[0].instance == InstanceKey{1});
  CHECK(signals[1].instance == InstanceKey{4});
}

}  // namespace switchboard::core
