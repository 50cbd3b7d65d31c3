// What must hold of one instance, whatever happened to it. Pure; for Engine::check and tests.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "core/core.hpp"
#include "store/store.hpp"

namespace switchboard::runtime {

using Violation = std::function<void(const std::string&)>;

/// Nothing waits without a living token, no token rests without anything to wait for, clocks add up, keys and instants ascend.
void check_state(const model::ExecutableProcess& process, const core::ProcessInstance& instance, const Violation& found);

/// `history` replayed by `evolve` is `instance`; and the outbox holds what its effects told, no more and no less (what the driver says aside:
/// messages that nobody heard, firings refused). Of a case that ended before `pruned`, records from before it may be missing.
void check_replay(const model::ExecutableProcess& process, const core::ProcessInstance& instance, std::span<const store::HistoryRow> history,
                  std::span<const store::OutboxRow> outbox, std::optional<Instant> pruned, const Violation& found);

}  // namespace switchboard::runtime
