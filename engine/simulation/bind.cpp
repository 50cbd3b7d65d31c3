#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "simulation/model.hpp"

namespace switchboard::simulation {

namespace {

using model::Element;
using model::ExecutableProcess;
using model::NodeType;

bool needs_somebody(const Element& e) {
  return e.type == NodeType::user_task || e.type == NodeType::service_task ||
         (e.type == NodeType::send_task && e.message.kind != model::EventKind::message);
}

class Binder {
 public:
  Binder(BoundScenario& bound, const std::map<std::string, model::ExecutablePtr, std::less<>>& processes, const model::Library& library)
      : out_(bound), processes_(processes), library_(library) {}

  void run() {
    bind_zone();
    bind_pools();
    for (const auto& a : out_.scenario.arrivals) bind_arrival(a);
    for (std::size_t i = 0; i < out_.processes.size(); ++i) add_called(i);  // grows while it runs
    name_statistics();
    for (std::size_t i = 0; i < out_.processes.size(); ++i) bind_activities(i);
    for (const auto& a : out_.scenario.activities)
      if (!used_.contains(a.id))
        error("SB1012", a.at, "activities." + a.id, "no process of this scenario has such an activity", hint(a.id, activity_ids()));
    for (const auto& m : out_.scenario.messages) out_.messages.emplace(m.name, &m);
    for (const auto& a : out_.arrivals) check_data(*a.model);
  }

  model::Diagnostics findings;

 private:
  void error(std::string rule, Position at, std::string element, std::string message, std::string advice) {
    findings.push_back(
        {std::move(rule), model::Severity::error, out_.scenario.file, at, std::move(element), std::move(message), std::move(advice), {}});
  }

  static std::string hint(const std::string& wanted, const std::vector<std::string>& names) {
    const std::string near = model::nearest_name(wanted, names);
    if (!near.empty()) return fmt::format("did you mean `{}`?", near);
    return names.empty() ? std::string{} : fmt::format("there are: {}", fmt::join(names, ", "));
  }

  std::vector<std::string> activity_ids() const {
    std::vector<std::string> ids;
    for (const auto& p : out_.processes)
      for (const auto& e : p.process->elements)
        if (needs_somebody(e)) ids.push_back(e.path);
    return ids;
  }

  calendar::CalendarPtr find_calendar(const std::string& id, Position at, const std::string& element) {
    const auto found = library_.calendars.find(id);
    if (found != library_.calendars.end()) return found->second;
    if (calendar::BusinessCalendar::is_built_in(id)) {
      auto made = calendar::BusinessCalendar::built_in(id);
      if (made) return made.value();
    }
    std::vector<std::string> names;
    for (const auto& [name, ignored] : library_.calendars) names.push_back(name);
    error("SB1011", at, element, fmt::format("no calendar `{}`", id), hint(id, names));
    return nullptr;
  }

  void bind_zone() {
    const auto& s = out_.scenario;
    const bool nothing_said = s.calendar_at.line == 0 && !library_.calendars.contains(s.zone_calendar);
    const auto calendar = nothing_said ? nullptr : find_calendar(s.zone_calendar, s.calendar_at, s.id);
    out_.zone = calendar ? calendar->spec().zone : "UTC";
    const auto start = parse_instant(s.start, out_.zone);
    if (!start) error("SB1004", s.start_at, s.id, fmt::format("`{}` is no date and time", s.start), "write 2026-07-01T00:00");
    out_.start = start.value_or(Instant{});
  }

  calendar::CalendarPtr inline_calendar(const ResourceModel& r, const Shift& shift) {
    calendar::CalendarSpec spec;
    spec.id = "shift of " + r.id;
    spec.zone = out_.zone;
    for (std::size_t d = 0; d < 7; ++d)
      if (shift.days[d]) spec.week[d] = shift.hours;
    auto made = calendar::BusinessCalendar::make(std::move(spec));
    if (made) return made.value();
    error("SB1008", r.at, "resources." + r.id, made.error().message, made.error().hint);
    return nullptr;
  }

  void bind_pools() {
    for (const auto& r : out_.scenario.resources) {
      BoundPool pool{r.id, r.queue, {}, r.suspend_at_close};
      if (r.shifts.empty()) pool.shifts.push_back({nullptr, r.capacity});
      for (const auto& shift : r.shifts)
        pool.shifts.push_back(
            {shift.calendar.empty() ? inline_calendar(r, shift) : find_calendar(shift.calendar, r.at, "resources." + r.id), shift.capacity});
      out_.pools.push_back(std::move(pool));
    }
  }

  std::uint32_t add_process(const std::string& id, Position at, const std::string& element) {
    const std::uint32_t known = out_.find_process(id);
    if (known < out_.processes.size()) return known;
    const auto found = processes_.find(id);
    if (found == processes_.end() || !found->second) {
      std::vector<std::string> names;
      for (const auto& [name, ignored] : processes_) names.push_back(name);
      error("SB1011", at, element, fmt::format("no process `{}`", id), hint(id, names));
      return UINT32_MAX;
    }
    BoundProcess p;
    p.process = found->second;
    p.activities.resize(p.process->elements.size());
    for (const auto& e : p.process->elements)
      p.throws_messages =
          p.throws_messages || e.message.kind == model::EventKind::message || std::any_of(e.events.begin(), e.events.end(), [&](const auto& ev) {
            return (e.type == NodeType::intermediate_throw_event || e.type == NodeType::end_event) && ev.kind != model::EventKind::none;
          });
    choose_start(p);
    out_.processes.push_back(std::move(p));
    return static_cast<std::uint32_t>(out_.processes.size() - 1);
  }

  /// A none start event wins; else a single message start event.
  static void choose_start(BoundProcess& p) {
    const ExecutableProcess& process = *p.process;
    for (const auto index : process.elements[0].start_events) {
      const Element& e = process.at(index);
      if (e.events.empty()) {
        p.default_start_event = e.id;
        p.default_start_message.clear();
        return;
      }
      if (e.events[0].kind == model::EventKind::message && p.default_start_message.empty()) p.default_start_message = e.events[0].name;
    }
  }

  void bind_arrival(const ArrivalModel& a) {
    BoundArrival b;
    b.model = &a;
    b.process = add_process(a.process, a.at, "arrivals." + a.id);
    if (b.process == UINT32_MAX) return;
    if (!a.calendar.empty()) b.calendar = find_calendar(a.calendar, a.at, "arrivals." + a.id);
    const double hour = *std::max_element(a.hours.begin(), a.hours.end());
    const double day = *std::max_element(a.weekdays.begin(), a.weekdays.end());
    double pulse = 1;
    for (const auto& p : a.pulses) pulse = std::max(pulse, p.factor);
    b.highest_factor = hour * day * pulse;
    if (b.highest_factor <= 0)
      error("SB1003", a.at, "arrivals." + a.id, "the factors leave no arrivals at all", "some hour and some day must be above zero");
    out_.arrivals.push_back(b);
  }

  void add_called(std::size_t i) {
    const auto process = out_.processes[i].process;
    for (const auto& e : process->elements)
      if (e.type == NodeType::call_activity) (void)add_process(e.called_process, Position{}, process->id + "/" + e.path);
  }

  /// A plain id where it is unique over all processes of the scenario, else `process/id`.
  void name_statistics() {
    std::map<std::string, int> elements;
    std::map<std::string, int> clocks;
    for (const auto& p : out_.processes) {
      for (const auto& e : p.process->elements) ++elements[e.id];
      for (const auto& c : p.process->clocks) ++clocks[c.id];
    }
    for (auto& p : out_.processes) {
      p.first_statistic = static_cast<std::uint32_t>(out_.activity_names.size());
      for (const auto& e : p.process->elements) out_.activity_names.push_back(elements[e.id] == 1 ? e.id : p.process->id + "/" + e.path);
      for (const auto& c : p.process->clocks) {
        p.clock_statistic.push_back(static_cast<std::uint32_t>(out_.clock_names.size()));
        out_.clock_names.push_back(clocks[c.id] == 1 ? c.id : p.process->id + "/" + c.id);
      }
    }
  }

  const ActivityModel* find_model(const ExecutableProcess& process, const Element& e) {
    const ActivityModel* best = nullptr;
    for (const auto& a : out_.scenario.activities) {
      if (a.id != e.id && a.id != e.path && a.id != process.id + "/" + e.path && a.id != process.id + "/" + e.id) continue;
      used_[a.id] = true;
      if (best == nullptr || a.id.size() > best->id.size()) best = &a;
    }
    return best;
  }

  std::uint32_t find_pool(const std::string& id) const {
    for (std::size_t i = 0; i < out_.pools.size(); ++i)
      if (out_.pools[i].id == id) return static_cast<std::uint32_t>(i);
    return no_pool;
  }

  /// By the scenario's word, else a pool named like the lane or a group of the work, else a pool that serves the group.
  std::uint32_t pool_of(const Element& e) const {
    if (const auto lane = find_pool(e.lane); lane != no_pool) return lane;
    for (const auto& group : e.work.groups) {
      if (const auto pool = find_pool(group); pool != no_pool) return pool;
      for (std::size_t i = 0; i < out_.scenario.resources.size(); ++i) {
        const auto& groups = out_.scenario.resources[i].groups;
        if (std::find(groups.begin(), groups.end(), group) != groups.end()) return static_cast<std::uint32_t>(i);
      }
    }
    return no_pool;
  }

  void bind_activities(std::size_t i) {
    BoundProcess& p = out_.processes[i];
    for (std::size_t n = 0; n < p.process->elements.size(); ++n) {
      const Element& e = p.process->elements[n];
      if (needs_somebody(e)) bind_activity(p, e, p.activities[n], static_cast<std::uint32_t>(n));
    }
  }

  void bind_activity(BoundProcess& p, const Element& e, BoundActivity& b, std::uint32_t index) {
    const std::string element = p.process->id + "/" + e.path;
    const auto& s = out_.scenario;
    b.known = true;
    b.model = find_model(*p.process, e);
    b.stream = hash_of(element);
    b.statistic = p.first_statistic + index;
    const Position at = b.model != nullptr ? b.model->at : Position{1, 1};
    if (b.model != nullptr && b.model->duration) {
      b.duration = *b.model->duration;
    } else if (s.default_duration) {
      b.duration = *s.default_duration;
    } else if (e.type == NodeType::user_task) {
      error("SB1013", at, element, "nothing says how long this work takes",
            fmt::format("activities: {{{}: {{duration: {{exponential: 10 min}}}}}}, or defaults: {{duration: ...}}", e.id));
    }
    if (!b.duration.data.empty()) {
      const auto slot = p.process->find_data(b.duration.data);
      if (!slot)
        error("SB1014", at, element, fmt::format("`by: {}`: the process has no such data", b.duration.data),
              hint(b.duration.data, data_names(*p.process)));
      else
        b.by_slot.push_back(slot.value);
    }
    const std::string resource = b.model != nullptr && !b.model->resource.empty() ? b.model->resource : s.default_resource;
    if (resource == "customer") {
      b.customer = true;
    } else if (!resource.empty() && resource != "none") {
      b.pool = find_pool(resource);
      if (b.pool == no_pool)
        error("SB1015", b.model != nullptr && b.model->resource_at.line != 0 ? b.model->resource_at : at, element,
              fmt::format("no resource `{}`", resource), hint(resource, pool_names()));
    } else if (resource.empty()) {
      b.pool = pool_of(e);
      b.customer = b.pool == no_pool && e.lane == "customer";
      if (b.pool == no_pool && !b.customer && e.type == NodeType::user_task)
        error("SB1015", at, element, "nobody does this work: no resource has the name of its lane or groups",
              fmt::format("add `resources: {{{}: 3}}`, or say `resource: none` or `resource: customer` at the activity",
                          e.lane.empty() ? std::string("clerks") : e.lane));
    }
    if (b.model != nullptr) check_names(*p.process, b.model->data, element);
  }

  std::vector<std::string> pool_names() const {
    std::vector<std::string> names = {"none", "customer"};
    for (const auto& pool : out_.pools) names.push_back(pool.id);
    return names;
  }

  static std::vector<std::string> data_names(const ExecutableProcess& process) {
    std::vector<std::string> names;
    for (const auto& d : process.data) names.push_back(d.name);
    return names;
  }

  void check_names(const ExecutableProcess& process, const std::vector<NamedGenerator>& data, const std::string& element) {
    for (const auto& g : data)
      if (!g.generator.data.empty() && !process.find_data(g.generator.data))
        error("SB1014", g.at, element, fmt::format("`by: {}`: the process has no such data", g.generator.data),
              hint(g.generator.data, data_names(process)));
  }

  void check_data(const ArrivalModel& a) {
    const ExecutableProcess& process = *out_.processes[out_.find_process(a.process)].process;
    for (const auto& g : a.data)
      if (!process.find_data(g.name))
        error("SB1014", g.at, "arrivals." + a.id, fmt::format("process `{}` has no data `{}`", process.id, g.name),
              hint(g.name, data_names(process)));
    for (const auto& d : process.data) {
      const bool given = std::any_of(a.data.begin(), a.data.end(), [&](const auto& g) { return g.name == d.name; });
      if (d.required && !given)
        error("SB1014", a.at, "arrivals." + a.id, fmt::format("required data `{}` is missing", d.name), fmt::format("data: {{{}: ...}}", d.name));
    }
    check_names(process, a.data, "arrivals." + a.id);
  }

  BoundScenario& out_;
  const std::map<std::string, model::ExecutablePtr, std::less<>>& processes_;
  const model::Library& library_;
  std::map<std::string, bool> used_;
};

}  // namespace

std::uint32_t BoundScenario::find_process(std::string_view id) const {
  const auto at = std::find_if(processes.begin(), processes.end(), [id](const BoundProcess& p) { return p.process->id == id; });
  return static_cast<std::uint32_t>(at - processes.begin());
}

BindResult bind_scenario(const Scenario& scenario, const std::map<std::string, model::ExecutablePtr, std::less<>>& processes,
                         const model::Library& library) {
  BindResult result;
  result.value.emplace();
  result.value->scenario = scenario;
  Binder binder(*result.value, processes, library);
  binder.run();
  result.diagnostics = std::move(binder.findings);
  model::sort_and_unique(result.diagnostics);
  if (model::has_errors(result.diagnostics)) result.value.reset();
  return result;
}

}  // namespace switchboard::simulation
