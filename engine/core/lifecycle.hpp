// States and the moves between them. The tables are Boost.MSM state machines in lifecycle_*.cpp, run once into static arrays; here only enums.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sla/ledger.hpp"

namespace switchboard::core {

enum class InstanceState : std::uint8_t { none, active, suspended, completed, cancelled };
enum class InstanceMove : std::uint8_t { start, suspend, resume, complete, cancel };

/// BPMN 2.0.2, 13.2.2 (life cycle of an activity), without the states that nothing outside can see.
enum class ActivityState : std::uint8_t { none, active, completing, terminating, failing, completed, terminated, failed, compensating, compensated };
enum class ActivityMove : std::uint8_t { enter, begin_completion, complete, begin_termination, terminate, fail, begin_compensation, compensate };

enum class WorkState : std::uint8_t { none, offered, claimed, waiting_retry, failed, completed, withdrawn };
enum class WorkMove : std::uint8_t { offer, claim, release, complete, fail_retry, fail_final, retry, withdraw };

using sla::ClockState;
enum class ClockMove : std::uint8_t { start, pause, resume, stop, cancel };

/// The state after `move`, or nothing when the move is not allowed from `from`.
[[nodiscard]] std::optional<InstanceState> next(InstanceState from, InstanceMove move) noexcept;
[[nodiscard]] std::optional<ActivityState> next(ActivityState from, ActivityMove move) noexcept;
[[nodiscard]] std::optional<WorkState> next(WorkState from, WorkMove move) noexcept;
/// A clock that has not started has no state.
[[nodiscard]] std::optional<ClockState> next(std::optional<ClockState> from, ClockMove move) noexcept;

[[nodiscard]] std::string_view to_string(InstanceState s) noexcept;
[[nodiscard]] std::string_view to_string(ActivityState s) noexcept;
[[nodiscard]] std::string_view to_string(WorkState s) noexcept;
[[nodiscard]] inline bool is_finished(InstanceState s) noexcept { return s == InstanceState::completed || s == InstanceState::cancelled; }

}  // namespace switchboard::core
