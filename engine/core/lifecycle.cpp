#include "core/lifecycle.hpp"

namespace switchboard::core {

std::string_view to_string(InstanceState s) noexcept {
  switch (s) {
    case InstanceState::none: return "none";
    case InstanceState::active: return "active";
    case InstanceState::suspended: return "suspended";
    case InstanceState::completed: return "completed";
    case InstanceState::cancelled: return "cancelled";
  }
  return "?";
}

std::string_view to_string(ActivityState s) noexcept {
  switch (s) {
    case ActivityState::none: return "none";
    case ActivityState::active: return "active";
    case ActivityState::completing: return "completing";
    case ActivityState::terminating: return "terminating";
    case ActivityState::failing: return "failing";
    case ActivityState::completed: return "completed";
    case ActivityState::terminated: return "terminated";
    case ActivityState::failed: return "failed";
    case ActivityState::compensating: return "compensating";
    case ActivityState::compensated: return "compensated";
  }
  return "?";
}

std::string_view to_string(WorkState s) noexcept {
  switch (s) {
    case WorkState::none: return "none";
    case WorkState::offered: return "offered";
    case WorkState::claimed: return "claimed";
    case WorkState::waiting_retry: return "waiting_retry";
    case WorkState::failed: return "failed";
    case WorkState::completed: return "completed";
    case WorkState::withdrawn: return "withdrawn";
  }
  return "?";
}

}  // namespace switchboard::core
