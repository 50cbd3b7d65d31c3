// A scenario bound to the definitions it runs: every name resolved to an index, every calendar made. Immutable, shared by all replications.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "driver/registers.hpp"
#include "model/executable.hpp"
#include "simulation/scenario.hpp"

namespace switchboard::simulation {

constexpr std::uint32_t no_pool = UINT32_MAX;

constexpr std::uint32_t no_element = UINT32_MAX;

/// ByData with its data item found: `slot` is npos when there is none to look at.
struct BoundByData {
  ByData by;
  std::uint32_t slot = UINT32_MAX;
};

/// Where a token that waits for an event lets time pass.
enum class EventWait : std::uint8_t { none, customer, other };

struct BoundActivity {
  bool known = false;  ///< somebody outside works here, and the scenario says how long
  EventWait event = EventWait::none;
  bool keep = false;                      ///< see ActivityModel
  std::uint32_t keep_until = no_element;  ///< element of the same process
  std::uint64_t stream = 0;
  BoundByData duration;
  std::uint32_t pool = no_pool;
  bool customer = false;        ///< the time is the customer's
  std::uint32_t statistic = 0;  ///< index of its tallies
  const ActivityModel* model = nullptr;
};

struct BoundMessage {
  const MessageModel* model = nullptr;
  BoundByData probability, after;
};

struct BoundProcess {
  model::ExecutablePtr process;
  std::vector<BoundActivity> activities;       ///< by element index
  std::vector<std::uint32_t> clock_statistic;  ///< by clock index
  std::string default_start_event;             ///< or
  std::string default_start_message;           ///< what starts a case when the arrival does not say
  bool throws_messages = false;                ///< or signals
  bool calls = false;                          ///< or starts by itself
  std::uint32_t first_statistic = 0;
  std::map<std::string, BoundMessage, std::less<>> messages;  ///< what is sent to cases of this process, by name
};

struct BoundShift {
  calendar::CalendarPtr calendar;  ///< null: always
  std::uint32_t capacity = 0;
};

struct BoundPool {
  std::string id;
  QueueDiscipline queue = QueueDiscipline::fifo;
  std::vector<BoundShift> shifts;
  bool suspend_at_close = false;
  bool keep = false;
};

struct BoundPulse {
  Instant from, to;
  double factor = 1;
};

struct BoundArrival {
  const ArrivalModel* model = nullptr;
  std::vector<BoundPulse> pulses;
  std::uint32_t process = 0;
  calendar::CalendarPtr calendar;
  double base_factor = 1;  ///< the highest of hours and weekdays, without pulses
};

struct BoundScenario {
  Scenario scenario;
  std::string zone;
  Instant start;
  std::vector<BoundProcess> processes;
  std::vector<BoundPool> pools;
  std::vector<BoundArrival> arrivals;
  std::vector<std::string> activity_names;  ///< of the statistics
  std::vector<std::string> clock_names;
  std::vector<std::string> warnings;  ///< for the report: what looks like a slip
  driver::RowList rows{};             ///< of registers, when the run begins

  [[nodiscard]] std::uint32_t find_process(std::string_view id) const;  ///< processes.size() when there is none
};

struct BindResult {
  std::optional<BoundScenario> value;  ///< there exactly when nothing is wrong and nothing that is needed is broken
  model::Diagnostics diagnostics;
  std::set<std::string> broken;  ///< of those given, what the scenario needs
};

/// `processes`: every definition that can be needed, called ones included. Findings (SB1011..) are at the places of the scenario. `value.scenario` is
/// a copy of `scenario`; the pointers inside point into it, so the result is not copyable in effect: move it.
/// `broken`: "process ID" and "calendar ID" of files that are there and have mistakes of their own: not being able to use them is no finding.
[[nodiscard]] BindResult bind_scenario(const Scenario& scenario, const std::map<std::string, model::ExecutablePtr, std::less<>>& processes,
                                       const model::Library& library, const std::set<std::string>& broken = {});

}  // namespace switchboard::simulation
