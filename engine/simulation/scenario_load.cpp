#include <fmt/format.h>

#include <algorithm>

#include "notation/reading.hpp"
#include "notation/shape.hpp"
#include "simulation/scenario.hpp"
#include "simulation/scenario_reader.hpp"

namespace switchboard::simulation {

namespace {

using yaml::Kind;

constexpr std::uint64_t most_servers = 1'000'000;
constexpr std::uint64_t most_cases = 100'000'000;

/// Calls `f(value)` when `key` is there.
template <class F>
void with(const yaml::Node& node, std::string_view key, F&& f) {
  if (const auto* entry = node.find(key)) f(entry->value);
}

void read_factors(ScenarioReader& r, const yaml::Node& node, const std::string& element, double* factors, std::size_t wanted) {
  if (!node.is(Kind::list) || node.items.size() != wanted) {
    r.error("SB1003", node.at, element, fmt::format("expected a list of {} factors", wanted),
            wanted == 24 ? "one per local hour, 0 to 23" : "one per day, Monday first");
    return;
  }
  for (std::size_t i = 0; i < wanted; ++i) factors[i] = r.number(node.items[i], element, 0, 1e6);
}

Pulse read_pulse(ScenarioReader& r, const yaml::Node& node, const std::string& element) {
  Pulse p;
  if (!r.is_map(node, element, "`{after: 6 h, for: 2 h, factor: 12}`")) return p;
  p.at = node.at;
  r.only(node, element, {"after", "at", "for", "factor"});
  with(node, "at", [&](const yaml::Node& v) { p.on = r.text(v, element); });
  with(node, "after", [&](const yaml::Node& v) { p.after = r.duration(v, element); });
  with(node, "for", [&](const yaml::Node& v) { p.length = r.duration(v, element); });
  with(node, "factor", [&](const yaml::Node& v) { p.factor = r.number(v, element, 0, 1e6); });
  if (p.length.us <= 0) r.error("SB1006", node.at, element, "a pulse needs its length", "`for: 2 h`");
  if (node.find("after") != nullptr && node.find("at") != nullptr)
    r.error("SB1006", node.at, element, "a pulse begins either `after` a while or `at` a date and time",
            "{at: 2026-07-14T13:00, for: 4 h, factor: 12}");
  if (node.find("after") == nullptr && node.find("at") == nullptr)
    r.error("SB1006", node.at, element, "a pulse needs its beginning", "`after: 13 h` from the start, or `at: 2026-07-14T13:00`");
  if (node.find("factor") == nullptr) r.error("SB1006", node.at, element, "a pulse needs the factor of the rate", "`factor: 12`");
  return p;
}

ArrivalModel read_arrival(ScenarioReader& r, const yaml::Entry& entry) {
  ArrivalModel a;
  a.id = entry.key;
  a.at = entry.at;
  a.process = entry.key;
  a.hours.fill(1);
  a.weekdays.fill(1);
  const std::string element = "arrivals." + a.id;
  const std::size_t before = r.findings.size();
  const yaml::Node& node = entry.value;
  if (node.is(Kind::string)) {  // `queue: 24 per h`
    a.per_us = r.rate(node, element);
    return a;
  }
  if (!r.is_map(node, element, "an arrival process: `{rate: 12 per h}`")) return a;
  const bool all_known = r.only(node, element, {"process", "rate", "every", "hours", "weekdays", "calendar", "pulses", "limit", "start", "data"});
  with(node, "process", [&](const yaml::Node& v) { a.process = r.text(v, element); });
  with(node, "rate", [&](const yaml::Node& v) { a.per_us = r.rate(v, element); });
  with(node, "every", [&](const yaml::Node& v) { a.gap = r.distribution(v, element, true); });
  with(node, "hours", [&](const yaml::Node& v) { read_factors(r, v, element, a.hours.data(), 24); });
  with(node, "weekdays", [&](const yaml::Node& v) { read_factors(r, v, element, a.weekdays.data(), 7); });
  with(node, "calendar", [&](const yaml::Node& v) { a.calendar = r.text(v, element); });
  with(node, "limit", [&](const yaml::Node& v) { a.limit = r.count(v, element, 1, most_cases); });
  with(node, "start", [&](const yaml::Node& v) {
    a.start_event = r.text(v, element);
    a.start_at = v.at;
  });
  with(node, "data", [&](const yaml::Node& v) { a.data = r.generators(v, element); });
  with(node, "pulses", [&](const yaml::Node& v) {
    if (v.is(Kind::map)) a.pulses.push_back(read_pulse(r, v, element));
    if (v.is_scalar()) r.error("SB1002", v.at, element, "expected a list of pulses", "[{after: 6 h, for: 2 h, factor: 12}]");
    for (const auto& item : v.items) a.pulses.push_back(read_pulse(r, item, element));
  });
  if (a.per_us.has_value() == a.gap.has_value() && (all_known || a.per_us))
    r.error("SB1006", entry.at, element, "say either `rate` (Poisson arrivals) or `every` (times between arrivals)", "`rate: 12 per h`");
  if (a.gap && a.gap->mean() <= 0 && r.findings.size() == before)
    r.error("SB1003", entry.at, element, "the time between arrivals must be above zero", "`every: 10 min`");
  if (a.gap &&
      (node.find("hours") != nullptr || node.find("weekdays") != nullptr || node.find("pulses") != nullptr || node.find("calendar") != nullptr))
    r.error("SB1006", entry.at, element, "`hours`, `weekdays`, `calendar` and `pulses` shape a `rate`, not `every`", "use `rate`");
  return a;
}

ActivityModel read_activity(ScenarioReader& r, const yaml::Entry& entry) {
  ActivityModel a;
  a.id = entry.key;
  a.at = entry.at;
  const std::string element = "activities." + a.id;
  const yaml::Node& node = entry.value;
  if (node.is(Kind::string) || ScenarioReader::is_distribution(node)) {  // `serve: {exponential: 6 min}`
    a.duration = r.durations_by_data(node, element);
    return a;
  }
  if (!r.is_map(node, element, "what is known of the activity")) return a;
  r.only(node, element, {"duration", "resource", "data", "fail", "error", "keep", "keep-until"});
  with(node, "duration", [&](const yaml::Node& v) { a.duration = r.durations_by_data(v, element); });
  with(node, "keep", [&](const yaml::Node& v) { a.keep = r.truth(v, element); });
  with(node, "keep-until", [&](const yaml::Node& v) {
    a.keep_until = r.text(v, element);
    a.keep_at = v.at;
  });
  with(node, "resource", [&](const yaml::Node& v) {
    a.resource = r.text(v, element);
    a.resource_at = v.at;
  });
  with(node, "data", [&](const yaml::Node& v) { a.data = r.generators(v, element); });
  with(node, "fail", [&](const yaml::Node& v) { a.fail = r.share(v, element); });
  with(node, "error", [&](const yaml::Node& v) {
    a.error = r.text(v, element);
    a.error_at = v.at;
  });
  if (!a.error.empty() && a.fail <= 0)
    r.error("SB1006", entry.at, element, "`error` says how it fails, `fail` with which probability: that is missing", "`fail: 0.05`");
  return a;
}

Shift read_shift(ScenarioReader& r, const yaml::Node& node, const std::string& element) {
  Shift s;
  s.days.fill(true);
  if (!r.is_map(node, element, "a shift")) return s;
  r.only(node, element, {"capacity", "calendar", "hours", "days"});
  with(node, "capacity", [&](const yaml::Node& v) { s.capacity = static_cast<std::uint32_t>(r.count(v, element, 1, most_servers)); });
  with(node, "calendar", [&](const yaml::Node& v) { s.calendar = r.text(v, element); });
  with(node, "hours", [&](const yaml::Node& v) { s.hours = r.hours(v, element); });
  with(node, "days", [&](const yaml::Node& v) { s.days = r.days(v, element); });
  if (s.capacity == 0) r.error("SB1006", node.at, element, "a shift needs its capacity", "`capacity: 4`");
  if (s.calendar.empty() && node.find("hours") == nullptr)
    r.error("SB1006", node.at, element, "a shift needs `calendar` or `hours`", "`hours: \"08:30-17:30\"`");
  if (!s.calendar.empty() && (!s.hours.empty() || node.find("days") != nullptr))
    r.error("SB1006", node.at, element, "a shift has either a `calendar` or `hours` and `days`", "");
  return s;
}

ResourceModel read_resource(ScenarioReader& r, const yaml::Entry& entry) {
  ResourceModel m;
  m.id = entry.key;
  m.at = entry.at;
  const std::string element = "resources." + m.id;
  if (m.id == "none" || m.id == "customer")
    r.error("SB1009", entry.at, element, fmt::format("`{}` is built in: it has no limit", m.id), "give the pool another name");
  if (entry.value.is(Kind::number)) {
    m.capacity = static_cast<std::uint32_t>(r.count(entry.value, element, 1, most_servers));
    return m;
  }
  const yaml::Node& node = entry.value;
  if (!r.is_map(node, element, "a capacity, or a map")) return m;
  const bool all_known = r.only(node, element, {"capacity", "queue", "shifts", "at-close", "groups", "keep"});
  with(node, "keep", [&](const yaml::Node& v) { m.keep = r.truth(v, element); });
  with(node, "capacity", [&](const yaml::Node& v) { m.capacity = static_cast<std::uint32_t>(r.count(v, element, 1, most_servers)); });
  with(node, "queue", [&](const yaml::Node& v) {
    const std::string word = r.text(v, element);
    if (word == "priority")
      m.queue = QueueDiscipline::priority;
    else if (word == "earliest-due-date" || word == "edd")
      m.queue = QueueDiscipline::earliest_due_date;
    else if (word != "fifo")
      r.error("SB1009", v.at, element, fmt::format("unknown queue discipline `{}`", word), "fifo, priority or earliest-due-date");
  });
  with(node, "at-close", [&](const yaml::Node& v) {
    const std::string word = r.text(v, element);
    m.suspend_at_close = word == "suspend";
    if (word != "suspend" && word != "finish")
      r.error("SB1009", v.at, element, fmt::format("unknown `at-close: {}`", word), "finish (default) or suspend");
  });
  with(node, "shifts", [&](const yaml::Node& v) {
    if (v.is(Kind::map)) m.shifts.push_back(read_shift(r, v, element));
    if (v.is_scalar() || (v.is(Kind::list) && v.items.empty()))
      r.error("SB1002", v.at, element, "expected a list of shifts", "[{hours: \"08:30-17:30\", days: mon-fri, capacity: 4}]");
    for (const auto& item : v.items) m.shifts.push_back(read_shift(r, item, element));
  });
  with(node, "groups", [&](const yaml::Node& v) {
    if (v.is_scalar()) m.groups.push_back(r.text(v, element));
    for (const auto& item : v.items) m.groups.push_back(r.text(item, element));
  });
  if ((m.capacity > 0) == !m.shifts.empty() && (all_known || m.capacity > 0))
    r.error("SB1006", entry.at, element, "a resource has either a `capacity` (always there) or `shifts`", "`capacity: 3`");
  if (m.suspend_at_close && m.shifts.size() != 1)
    r.error("SB1009", entry.at, element, "`at-close: suspend` needs exactly one shift", "with several shifts somebody else takes over: use finish");
  return m;
}

MessageModel read_message(ScenarioReader& r, const yaml::Entry& entry) {
  MessageModel m;
  m.probability.otherwise.a = 1;
  m.probability.has_otherwise = m.after.has_otherwise = true;
  m.name = entry.key;
  m.at = entry.at;
  const std::string element = "messages." + m.name;
  if (!r.is_map(entry.value, element, "`{probability: 0.1, after: {exponential: 1 h}}`")) return m;
  r.only(entry.value, element, {"probability", "after", "data"});
  with(entry.value, "probability", [&](const yaml::Node& v) { m.probability = r.shares_by_data(v, element); });
  with(entry.value, "after", [&](const yaml::Node& v) { m.after = r.durations_by_data(v, element); });
  with(entry.value, "data", [&](const yaml::Node& v) { m.data = r.generators(v, element); });
  return m;
}

template <class T, class F>
void read_all(ScenarioReader& r, const yaml::Node& root, std::string_view key, std::vector<T>& into, F&& read) {
  with(root, key, [&](const yaml::Node& v) {
    if (!r.is_map(v, std::string(key), "a map by id")) return;
    for (const auto& entry : v.entries) into.push_back(read(r, entry));
  });
}

void read_top(ScenarioReader& r, const yaml::Node& root, Scenario& s) {
  r.only(root, s.id,
         {"switchboard", "scenario",     "name", "documentation", "assumptions", "sources",    "calendar", "start",     "until",    "cases",
          "warm-up",     "replications", "seed", "arrivals",      "processes",   "activities", "defaults", "resources", "messages", "registers"});
  with(root, "name", [&](const yaml::Node& v) { s.name = v.is(Kind::map) && !v.entries.empty() ? v.entries[0].value.text : v.text; });
  with(root, "calendar", [&](const yaml::Node& v) {
    s.zone_calendar = r.text(v, s.id);
    s.calendar_at = v.at;
  });
  with(root, "start", [&](const yaml::Node& v) {
    s.start = r.text(v, s.id);
    s.start_at = v.at;
    if (!parse_instant(s.start)) r.error("SB1004", v.at, s.id, fmt::format("`{}` is no date and time", s.start), "write 2026-07-01T00:00");
  });
  with(root, "until", [&](const yaml::Node& v) {
    const std::size_t before = r.findings.size();
    s.until = r.duration(v, s.id);
    if (s.until->us <= 0 && r.findings.size() == before) r.error("SB1003", v.at, s.id, "the run must have a length above zero", "`until: 30 d`");
  });
  with(root, "cases", [&](const yaml::Node& v) { s.cases = r.count(v, s.id, 1, most_cases); });
  with(root, "warm-up", [&](const yaml::Node& v) {
    s.warm_up = r.duration(v, s.id);
    s.warm_up_at = v.at;
  });
  with(root, "processes", [&](const yaml::Node& v) {
    if (v.is_scalar()) s.processes.emplace_back(r.text(v, "processes"), v.at);
    if (v.is(Kind::map)) r.error("SB1006", v.at, "processes", "the ids of processes are a list", "`processes: [repair, complaint]`");
    for (const auto& item : v.items) s.processes.emplace_back(r.text(item, "processes"), item.at);
  });
  if (const auto* section = root.find("activities")) s.activities_at = section->at;
  with(root, "replications", [&](const yaml::Node& v) { s.replications = static_cast<std::uint32_t>(r.count(v, s.id, 1, 100'000)); });
  with(root, "seed", [&](const yaml::Node& v) { s.seed = r.count(v, s.id, 0, 1'000'000'000'000'000); });
  with(root, "defaults", [&](const yaml::Node& v) {
    if (!r.is_map(v, "defaults", "`{duration: ..., resource: ...}`")) return;
    r.only(v, "defaults", {"duration", "resource"});
    with(v, "duration", [&](const yaml::Node& d) { s.default_duration = r.durations_by_data(d, "defaults"); });
    with(v, "resource", [&](const yaml::Node& d) {
      s.default_resource = r.text(d, "defaults");
      s.default_resource_at = d.at;
    });
  });
  read_all(r, root, "arrivals", s.arrivals, read_arrival);
  read_all(r, root, "activities", s.activities, read_activity);
  read_all(r, root, "resources", s.resources, read_resource);
  read_all(r, root, "messages", s.messages, read_message);
  with(root, "registers", [&](const yaml::Node& v) {
    const std::string what = "a map: register, key of the row, field, value";
    bool fits = r.is_map(v, "registers", what);
    for (const auto& of : v.entries) {
      fits = r.is_map(of.value, "registers", what) && fits;
      for (const auto& row : of.value.entries) fits = r.is_map(row.value, "registers", what) && fits;
    }
    if (fits) s.registers = notation::rows_of(&v);
  });
}

/// What a file is whose second key says that it is no scenario; else empty.
std::string other_kind(const yaml::Node& root) {
  if (!root.is(Kind::map) || root.find("scenario") != nullptr || root.entries.size() < 2) return {};
  for (const std::string_view kind : {"process", "overlay", "test", "calendar", "decision"})
    if (root.entries[1].key == kind) return std::string(kind);
  return {};
}

}  // namespace

LoadedScenario load_scenario(std::string_view text, std::string_view file) {
  LoadedScenario out;
  yaml::Document document = yaml::read(text, file);
  ScenarioReader r(file);
  r.findings = std::move(document.diagnostics);
  Scenario s;
  s.file = file;
  const std::string other = document.root ? other_kind(*document.root) : std::string();
  if (!other.empty()) {
    r.error("SB1001", document.root->at, "", fmt::format("this file is a {}, no scenario", other),
            other == "process"
                ? "a scenario stands in a file of its own, with `scenario: ID` in its second line, and names the process under `arrivals`"
                : "give a file whose second line is `scenario: ID`");
  } else if (document.root && r.is_map(*document.root, "", "a scenario")) {
    const yaml::Node& root = *document.root;
    if (root.entries.empty() || root.entries[0].key != "switchboard" || root.entries[0].value.text != "1")
      r.error("SB1001", root.at, "", "a scenario begins with `switchboard: 1`", "");
    with(root, "scenario", [&](const yaml::Node& v) {
      s.id = r.text(v, "");
      if (!s.id.empty() && !notation::is_id(s.id))
        r.error("SB0110", v.at, s.id, fmt::format("`{}` is no id", s.id), "ids are kebab-case: [a-z][a-z0-9-]*, at most 64 characters");
    });
    if (s.id.empty()) r.error("SB1001", root.at, "", "`scenario: ID` is missing", "the second line of a scenario names it");
    read_top(r, root, s);
    const auto* arrivals = root.find("arrivals");
    if (s.arrivals.empty() && (arrivals == nullptr || arrivals->value.is(Kind::map)))
      r.error("SB1006", root.at, s.id, "nothing arrives: `arrivals` is missing", "arrivals: {repair: {rate: 12 per h}}");
    if (!s.until && !s.cases) s.until = Duration::days(30);
  }
  model::sort_and_unique(r.findings);
  if (!model::has_errors(r.findings)) out.value = std::move(s);
  out.diagnostics = std::move(r.findings);
  return out;
}

}  // namespace switchboard::simulation
