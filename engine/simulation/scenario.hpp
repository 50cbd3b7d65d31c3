// A scenario: what the world does to the processes. docs/simulation.md explains every key; plain values, filled by load_scenario.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calendar/calendar.hpp"
#include "model/diagnostic.hpp"
#include "model/registers.hpp"
#include "simulation/distribution.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::simulation {

using model::Position;

struct GeneratorCase;

/// Makes one value of case data or of a result.
struct Generator {
  enum class Kind : std::uint8_t { constant, choose, number, integer, sequence, instant };
  Kind kind = Kind::constant;
  Position at;
  Value constant;
  std::vector<std::pair<Value, double>> choices;  ///< value, cumulative share
  Distribution distribution;                      ///< number; integer: uniform bounds a..b; instant: from now, in us
  std::string prefix;                             ///< sequence: prefix + number of the case
  std::string data;                               ///< `by`: name of a data item; then by_value
  std::vector<GeneratorCase> by_value;
  std::vector<GeneratorCase> otherwise;  ///< none or one
};
struct GeneratorCase {
  std::string value;
  Position at;
  Generator generator;
};
struct NamedGenerator {
  std::string name;
  Position at;
  Generator generator;
};

/// For a while the rate is another: a storm.
struct Pulse {
  Duration after;  ///< from the start of the scenario
  std::string on;  ///< or: the local date and time at which it begins
  Position at;
  Duration length;
  double factor = 1;
};

struct ArrivalModel {
  std::string id;
  Position at;
  std::string process;
  std::optional<double> per_us;      ///< Poisson rate
  std::optional<Distribution> gap;   ///< or times between arrivals, in us
  std::array<double, 24> hours{};    ///< factors by local hour
  std::array<double, 7> weekdays{};  ///< factors, Monday first
  std::string calendar;              ///< arrivals only while it is open; empty: always
  std::vector<Pulse> pulses;
  std::uint64_t limit = UINT64_MAX;  ///< how many at most
  std::string start_event;
  Position start_at;
  std::vector<NamedGenerator> data;
};

struct ActivityModel {
  std::string id;  ///< element id or path, with `process/` before it where several processes have it
  Position at;
  std::optional<ByData> duration;  ///< in us
  std::string resource;            ///< a pool, `none`, `customer`; empty: by lane or group
  Position resource_at;
  std::vector<NamedGenerator> data;
  double fail = 0;    ///< probability that a service task fails, each time it is tried
  std::string error;  ///< with this BPMN error; empty: a technical failure that is retried
  Position error_at;
  std::optional<bool> keep;  ///< whoever did it goes on with the next work of the case at once; nothing: as the resource says
  std::string keep_until;    ///< whoever did it stays with the case until this activity is done
  Position keep_at;
};

enum class QueueDiscipline : std::uint8_t { fifo, priority, earliest_due_date };

struct Shift {
  std::string calendar;                ///< of the library, or inline hours below
  std::vector<calendar::Hours> hours;  ///< empty: the calendar's own
  std::array<bool, 7> days{};
  std::uint32_t capacity = 0;
};

struct ResourceModel {
  std::string id;
  Position at;
  QueueDiscipline queue = QueueDiscipline::fifo;
  std::uint32_t capacity = 0;  ///< always open; used when there are no shifts
  std::vector<Shift> shifts;
  bool suspend_at_close = false;    ///< otherwise a started piece of work is finished after hours
  bool keep = false;                ///< see ActivityModel::keep
  std::vector<std::string> groups;  ///< also serves work of these groups
};

struct MessageModel {
  std::string name;  ///< with `process/` before it where several processes have it
  Position at;
  ByData probability;  ///< fixed distributions, 0 to 1
  ByData after;        ///< from when somebody begins to wait, in us
  std::vector<NamedGenerator> data;
};

struct Scenario {
  std::string file;
  std::string id;
  std::string name;
  std::string zone_calendar = "cn";  ///< its zone gives local time; UTC when nothing is said and there is no `cn`
  Position calendar_at;
  std::string start = "2026-01-05T00:00";
  Position start_at;
  std::optional<Duration> until;
  std::optional<std::uint64_t> cases;
  Duration warm_up;
  Position warm_up_at;
  Position activities_at{1, 1};  ///< of the section: for what is missing there
  std::uint32_t replications = 1;
  std::uint64_t seed = 1;
  std::vector<ArrivalModel> arrivals;
  std::vector<std::pair<std::string, Position>> processes;  ///< that take part besides: called by what the data say
  std::vector<ActivityModel> activities;
  std::optional<ByData> default_duration;
  std::string default_resource;
  Position default_resource_at;
  std::vector<ResourceModel> resources;
  std::vector<MessageModel> messages;
  std::vector<model::GivenRow> registers;  ///< rows that there are when the run begins
};

struct LoadedScenario {
  std::optional<Scenario> value;  ///< there exactly when no diagnostic is an error
  model::Diagnostics diagnostics;
};

/// Reads a scenario file: every mistake with file:line:column and rule SB10xx. Pure.
[[nodiscard]] LoadedScenario load_scenario(std::string_view text, std::string_view file);

}  // namespace switchboard::simulation
