#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "driver/driver.hpp"
#include "simulation/bind_names.hpp"
#include "simulation/model.hpp"

namespace switchboard::simulation {

namespace {

using model::Element;
using model::ExecutableProcess;
using model::NodeType;

bool needs_somebody(const Element& e) {
  return e.type == NodeType::user_task || (e.type == NodeType::service_task && !e.register_use) ||
         (e.type == NodeType::send_task && e.message.kind != model::EventKind::message);
}

class Binder {
 public:
  Binder(BoundScenario& bound, const std::map<std::string, model::ExecutablePtr, std::less<>>& processes, const model::Library& library,
         const std::set<std::string>& broken)
      : out_(bound), processes_(processes), library_(library), broken_(broken), found_(bound.scenario.file) {}

  void run() {
    bind_zone();
    bind_pools();
    check_default_resource();
    for (const auto& a : out_.scenario.arrivals) bind_arrival(a);
    for (const auto& [id, at] : out_.scenario.processes) static_cast<void>(add_process(id, at, "processes"));
    for (std::size_t i = 0; i < out_.processes.size(); ++i) add_reached(i);  // grows while it runs
    name_statistics();
    for (std::size_t i = 0; i < out_.processes.size(); ++i) bind_activities(i);
    for (const auto& a : out_.scenario.activities)
      if (!used_.contains(a.id) && !missing_process_)
        error("SB1012", a.at, "activities." + a.id, "no process of this scenario has such an activity", hint(a.id, activity_ids()));
    for (const auto& m : out_.scenario.messages) bind_message(m);
    bind_rows();
    for (const auto& a : out_.arrivals) found_.arrival_data(*out_.processes[a.process].process, *a.model);
    for (std::size_t p = 0; p < out_.pools.size(); ++p)
      if (!served_.contains(static_cast<std::uint32_t>(p)))
        out_.warnings.push_back(fmt::format("nobody needs resource `{}`: no activity is done by it", out_.pools[p].id));
  }

  model::Diagnostics findings() { return std::move(found_.all); }
  std::set<std::string> needed_and_broken() { return std::move(needed_and_broken_); }

 private:
  void bind_rows() {
    if (missing_process_) return;
    std::vector<model::ExecutablePtr> processes;
    for (const auto& p : out_.processes) processes.push_back(p.process);
    for (const auto& [at, why] : out_.rows.fill(out_.scenario.registers, processes, out_.start))
      error("SB1024", at, "registers", why.message, why.hint);
  }

  void error(std::string rule, Position at, std::string element, std::string message, std::string advice, model::Subject subject = {}) {
    found_.error(std::move(rule), at, std::move(element), std::move(message), std::move(advice), std::move(subject));
  }
  static std::string hint(const std::string& wanted, const std::vector<std::string>& names) { return BindFindings::hint(wanted, names); }

  std::vector<std::string> activity_ids() const {
    std::vector<std::string> ids;
    for (const auto& p : out_.processes)
      for (const auto& e : p.process->elements)
        if (needs_somebody(e)) ids.push_back(e.path);
    return ids;
  }

  /// Whether it is there but has mistakes, which are told elsewhere.
  bool is_broken(const std::string& thing) {
    const bool broken = broken_.contains(thing);
    if (broken) needed_and_broken_.insert(thing);
    return broken;
  }

  calendar::CalendarPtr find_calendar(const std::string& id, Position at, const std::string& element) {
    const auto found = library_.calendars.find(id);
    if (found != library_.calendars.end()) return found->second;
    if (calendar::BusinessCalendar::is_built_in(id)) {
      auto made = calendar::BusinessCalendar::built_in(id);
      if (made) return made.value();
    }
    if (is_broken("calendar " + id)) return nullptr;
    std::vector<std::string> names;
    for (const auto& [name, ignored] : library_.calendars) names.push_back(name);
    error("SB1011", at, element, fmt::format("no calendar `{}`", id), hint(id, names), missing(model::SubjectKind::calendar, id));
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
      BoundPool pool{r.id, r.queue, {}, r.suspend_at_close, false};
      if (r.shifts.empty()) pool.shifts.push_back({nullptr, r.capacity});
      pool.keep = r.keep;
      for (const auto& shift : r.shifts)
        pool.shifts.push_back(
            {shift.calendar.empty() ? inline_calendar(r, shift) : find_calendar(shift.calendar, r.at, "resources." + r.id), shift.capacity});
      if (std::all_of(pool.shifts.begin(), pool.shifts.end(),
                      [&](const BoundShift& shift) { return shift.calendar && never_opens(*shift.calendar); }))
        error("SB1008", r.at, "resources." + r.id, "its calendars are never open from the start of the scenario on",
              "give it hours, or a capacity that is always there");
      out_.pools.push_back(std::move(pool));
    }
  }

  void check_default_resource() {
    const std::string& resource = out_.scenario.default_resource;
    const std::vector<std::string> names = pool_names();
    if (!resource.empty() && std::find(names.begin(), names.end(), resource) == names.end())
      error("SB1015", out_.scenario.default_resource_at, "defaults", fmt::format("no resource `{}`", resource), hint(resource, names));
  }

  bool never_opens(const calendar::BusinessCalendar& c) const { return !c.is_open(out_.start) && c.next_opening(out_.start).at == Instant::max(); }

  std::uint32_t add_process(const std::string& id, Position at, const std::string& element) {
    const std::uint32_t known = out_.find_process(id);
    if (known < out_.processes.size()) return known;
    const auto found = processes_.find(id);
    if (found == processes_.end() || !found->second) {
      missing_process_ = true;
      if (is_broken("process " + id)) return UINT32_MAX;
      std::vector<std::string> names;
      for (const auto& [name, ignored] : processes_) names.push_back(name);
      error("SB1012", at, element, fmt::format("no process `{}`", id), hint(id, names), missing(model::SubjectKind::process, id));
      return UINT32_MAX;
    }
    BoundProcess p;
    p.process = found->second;
    p.activities.resize(p.process->elements.size());
    for (const auto& e : p.process->elements) {
      p.throws_messages = p.throws_messages || !thrown_by(e).empty();
      p.calls = p.calls || e.type == NodeType::call_activity || e.register_use;
    }
    p.calls = p.calls || !driver::timer_starts_of(*p.process).empty();
    choose_start(p);
    out_.processes.push_back(std::move(p));
    return static_cast<std::uint32_t>(out_.processes.size() - 1);
  }

  /// A none start event wins; else a single message start event.
  static void choose_start(BoundProcess& p) {
    const ExecutableProcess& process = *p.process;
    for (const auto index : process.elements[0].entries) {
      const Element& e = process.at(index);
      if (e.definitions() == 0) {
        p.default_start_event = e.id;
        p.default_start_message.clear();
        return;
      }
      for (std::size_t d = 0; d < e.definitions(); ++d)
        if (e.definition(d).kind == model::EventKind::message && p.default_start_message.empty()) p.default_start_message = e.definition(d).name;
    }
  }

  void bind_arrival(const ArrivalModel& a) {
    BoundArrival b;
    b.model = &a;
    b.process = add_process(a.process, a.at, "arrivals." + a.id);
    if (b.process == UINT32_MAX) return;
    if (!a.calendar.empty()) b.calendar = find_calendar(a.calendar, a.at, "arrivals." + a.id);
    bind_start(a, *out_.processes[b.process].process);
    bind_pulses(a, b);
    bound_number(a, b);
    out_.arrivals.push_back(std::move(b));
  }

  void bind_start(const ArrivalModel& a, const ExecutableProcess& process) {
    std::vector<std::string> starts;
    for (const auto index : process.elements[0].entries) starts.push_back(process.at(index).id);
    if (!a.start_event.empty() && std::find(starts.begin(), starts.end(), a.start_event) == starts.end())
      error("SB1012", a.start_at, "arrivals." + a.id, fmt::format("process `{}` has no start event `{}`", process.id, a.start_event),
            hint(a.start_event, starts));
  }

  void bind_pulses(const ArrivalModel& a, BoundArrival& b) {
    for (const auto& p : a.pulses) {
      Instant from = out_.start + p.after;
      if (!p.on.empty()) {
        const auto at = parse_instant(p.on, out_.zone);
        if (!at) error("SB1004", p.at, "arrivals." + a.id, fmt::format("`{}` is no date and time", p.on), "write 2026-07-14T13:00");
        from = at.value_or(out_.start);
      }
      if (from + p.length <= out_.start)
        error("SB1006", p.at, "arrivals." + a.id, "the pulse is over before the scenario starts",
              fmt::format("it starts at {}", to_string(out_.start, out_.zone)));
      b.pulses.push_back({from, from + p.length, p.factor});
    }
    b.base_factor = *std::max_element(a.hours.begin(), a.hours.end()) * *std::max_element(a.weekdays.begin(), a.weekdays.end());
    if (b.base_factor <= 0)
      error("SB1003", a.at, "arrivals." + a.id, "the factors leave no arrivals at all", "some hour and some day must be above zero");
    if (b.calendar && never_opens(*b.calendar))
      error("SB1003", a.at, "arrivals." + a.id, fmt::format("calendar `{}` is never open, so nothing arrives", a.calendar), "");
  }

  /// A run that would bring more cases than anybody can wait for is a slip in the rate or in `until`.
  void bound_number(const ArrivalModel& a, const BoundArrival& b) {
    constexpr double most = 1e8;
    const auto& s = out_.scenario;
    double length = s.until ? static_cast<double>(s.until->us) : 0;
    for (const auto& p : a.pulses) length += p.factor * std::min(static_cast<double>(p.length.us), length);
    const double expected = length * (a.gap ? 1.0 / std::max(1e-3, a.gap->mean()) : *a.per_us * b.base_factor);
    if (expected > most && !s.cases && a.limit > static_cast<std::uint64_t>(most))
      error("SB1021", a.at, "arrivals." + a.id,
            fmt::format("up to {:.2g} cases would arrive until the end of the run, a hundred million at most can", expected),
            "lower the rate, shorten `until`, or say `cases` or `limit`");
  }

  /// Messages the process's cases can wait for.
  static std::vector<std::string> messages_of(const ExecutableProcess& process) {
    std::vector<std::string> names;
    const auto add = [&](const model::EventSpec& e) {
      if (e.kind == model::EventKind::message && !e.name.empty()) names.push_back(e.name);
    };
    for (const auto& e : process.elements) {
      if (e.type == NodeType::receive_task) add(e.message);
      if (e.type != NodeType::end_event && e.type != NodeType::intermediate_throw_event) std::for_each(e.events.begin(), e.events.end(), add);
    }
    return names;
  }

  void bind_message(const MessageModel& m) {
    bool used = false;
    std::vector<std::string> known;
    for (auto& p : out_.processes) {
      for (const auto& name : messages_of(*p.process)) {
        const std::string full = p.process->id + "/" + name;
        known.push_back(name);
        if (m.name != name && m.name != full) continue;
        used = true;
        BoundMessage& bound = p.messages[name];
        if (bound.model != nullptr && bound.model->name.size() >= m.name.size()) continue;  // the longer name is meant for this process alone
        const std::string element = "messages." + m.name;
        bound = {&m, found_.by_data(*p.process, m.probability, element), found_.by_data(*p.process, m.after, element)};
        found_.payload_data(*p.process, m);
      }
    }
    if (!used && !missing_process_)
      error("SB1017", m.at, "messages." + m.name, fmt::format("no process of this scenario waits for a message `{}`", m.name), hint(m.name, known));
  }

  /// Messages and signals that an element throws.
  static std::vector<const model::EventSpec*> thrown_by(const Element& e) {
    std::vector<const model::EventSpec*> all;
    const auto add = [&all](const model::EventSpec& s) {
      if (s.kind == model::EventKind::message || s.kind == model::EventKind::signal) all.push_back(&s);
    };
    if (e.type == NodeType::send_task) add(e.message);
    if (e.type == NodeType::intermediate_throw_event || e.type == NodeType::end_event) {
      add(e.message);
      for (const auto& s : e.events) add(s);
    }
    return all;
  }

  /// What a process calls, and what its messages and signals start, belongs to the scenario; it is bound as if the scenario had named it.
  void add_reached(std::size_t i) {
    const auto process = out_.processes[i].process;
    for (const auto& e : process->elements) {
      const std::string element = process->id + "/" + e.path;
      if (e.type == NodeType::call_activity && !e.called_process.empty()) (void)add_process(e.called_process, Position{1, 1}, element);
      if (e.called_by && out_.scenario.processes.empty())
        out_.warnings.push_back(fmt::format("`{}` calls what its data say: name the processes that it may call (`processes: [ID, ...]`)", element));
      for (const model::EventSpec* thrown : thrown_by(e))
        for (const auto& [id, other] : processes_)
          if (other && !driver::starts_of(other, thrown->kind, thrown->name).empty()) (void)add_process(id, Position{1, 1}, element);
    }
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
      p.activities[n].event = event_wait(e);
      if (needs_somebody(e)) bind_activity(p, e, p.activities[n], static_cast<std::uint32_t>(n));
    }
    for (std::size_t n = 0; n < p.process->elements.size(); ++n)
      if (p.activities[n].known) bind_keep(p, p.process->elements[n], p.activities[n]);
  }

  static EventWait event_wait(const Element& e) {
    if (e.type != NodeType::intermediate_catch_event && e.type != NodeType::event_based_gateway && e.type != NodeType::receive_task)
      return EventWait::none;
    return e.lane == "customer" ? EventWait::customer : EventWait::other;
  }

  void bind_activity(BoundProcess& p, const Element& e, BoundActivity& b, std::uint32_t index) {
    const std::string element = p.process->id + "/" + e.path;
    b.known = true;
    b.model = find_model(*p.process, e);
    b.stream = hash_of(element);
    b.statistic = p.first_statistic + index;
    bind_duration(p, e, b, element);
    bind_resource(e, b, element);
    if (b.pool != no_pool) served_[b.pool] = true;
    if (b.model == nullptr) return;
    found_.result_data(*p.process, {index}, b.model->data);
    bind_error(p, *b.model, element);
  }

  void bind_duration(const BoundProcess& p, const Element& e, BoundActivity& b, const std::string& element) {
    const auto& s = out_.scenario;
    if (b.model != nullptr && b.model->duration) {
      b.duration = found_.by_data(*p.process, *b.model->duration, element);
    } else if (s.default_duration && e.type == NodeType::user_task) {
      b.duration = found_.by_data(*p.process, *s.default_duration, element);
    } else if (e.type == NodeType::user_task) {
      error("SB1013", b.model != nullptr ? b.model->at : s.activities_at, element, "nothing says how long this work takes",
            fmt::format("activities: {{{}: {{duration: {{exponential: 10 min}}}}}}, or defaults: {{duration: ...}}", e.id));
    }
  }

  void bind_resource(const Element& e, BoundActivity& b, const std::string& element) {
    const Position at = b.model != nullptr ? b.model->at : out_.scenario.activities_at;
    const auto& fallback = out_.scenario.default_resource;
    std::string resource = b.model != nullptr ? b.model->resource : std::string();
    if (resource.empty()) {
      b.pool = pool_of(e);
      if (b.pool != no_pool) return;
      resource = e.lane == "customer" ? "customer" : e.type == NodeType::user_task ? fallback : "none";
    }
    if (resource.empty() && e.lane.empty() && e.work.groups.empty() && out_.pools.size() == 1) resource = out_.pools.front().id;  // who else
    if (resource.empty()) return nobody(e, at, element);
    b.customer = resource == "customer";
    if (b.customer || resource == "none") return;
    b.pool = find_pool(resource);
    if (b.pool == no_pool)
      error("SB1015", b.model != nullptr && b.model->resource_at.line != 0 ? b.model->resource_at : at, element,
            fmt::format("no resource `{}`", resource), hint(resource, pool_names()));
  }

  void nobody(const Element& e, Position at, const std::string& element) {
    const std::string wanted = !e.lane.empty() ? e.lane : !e.work.groups.empty() ? e.work.groups.front() : std::string();
    const std::string near = wanted.empty() ? std::string() : model::nearest_name(wanted, pool_names());
    error("SB1015", at, element, "nobody does this work: no resource has the name of its lane or of one of its groups",
          !near.empty() ? fmt::format("rename resource `{}` to `{}`, or say `resource: {}` at the activity", near, wanted, near)
                        : fmt::format("add `resources: {{{}: 3}}`, or name one at the activity: `{}: {{resource: ...}}` (`none`: nobody is needed, "
                                      "`customer`: the customer does it)",
                                      wanted.empty() ? std::string("clerk") : wanted, e.id));
  }

  void bind_error(const BoundProcess& p, const ActivityModel& m, const std::string& element) {
    if (m.error.empty()) return;
    std::vector<std::string> known;
    for (const auto& e : p.process->elements)
      for (const auto& event : e.events)
        if (event.kind == model::EventKind::error && !event.name.empty()) known.push_back(event.name);
    if (std::find(known.begin(), known.end(), m.error) == known.end())
      error("SB1017", m.error_at, element, fmt::format("process `{}` knows no error `{}`", p.process->id, m.error), hint(m.error, known));
  }

  void bind_keep(const BoundProcess& p, const Element& e, BoundActivity& b) {
    b.keep = b.model != nullptr && b.model->keep ? *b.model->keep : b.pool != no_pool && out_.pools[b.pool].keep;
    if (b.model == nullptr || (b.model->keep_until.empty() && !b.model->keep.value_or(false))) return;
    const std::string element = p.process->id + "/" + e.path;
    if (b.pool == no_pool)
      return error("SB1019", b.model->at, element, "`keep` without a resource: nobody does this work who could stay",
                   "say `resource: ...` at the activity");
    if (b.model->keep_until.empty()) return;
    std::vector<std::string> same;
    for (std::size_t n = 0; n < p.activities.size(); ++n) {
      if (!p.activities[n].known || p.activities[n].pool != b.pool) continue;
      const Element& other = p.process->elements[n];
      if (&other != &e) same.push_back(other.id);
      if (&other == &e) continue;
      if (other.id == b.model->keep_until || other.path == b.model->keep_until) b.keep_until = static_cast<std::uint32_t>(n);
    }
    if (b.keep_until == no_element)
      error("SB1019", b.model->keep_at, element, fmt::format("`keep-until: {}` is no activity of the same process and resource", b.model->keep_until),
            hint(b.model->keep_until, same));
  }

  std::vector<std::string> pool_names() const {
    std::vector<std::string> names = {"none", "customer"};
    for (const auto& pool : out_.pools) names.push_back(pool.id);
    return names;
  }

  BoundScenario& out_;
  const std::map<std::string, model::ExecutablePtr, std::less<>>& processes_;
  const model::Library& library_;
  const std::set<std::string>& broken_;
  std::set<std::string> needed_and_broken_;
  std::map<std::string, bool> used_;
  std::map<std::uint32_t, bool> served_;  ///< pools that some activity needs
  bool missing_process_ = false;          ///< then what seems unused may belong to it
  BindFindings found_;
};

}  // namespace

std::uint32_t BoundScenario::find_process(std::string_view id) const {
  const auto at = std::find_if(processes.begin(), processes.end(), [id](const BoundProcess& p) { return p.process->id == id; });
  return static_cast<std::uint32_t>(at - processes.begin());
}

BindResult bind_scenario(const Scenario& scenario, const std::map<std::string, model::ExecutablePtr, std::less<>>& processes,
                         const model::Library& library, const std::set<std::string>& broken) {
  BindResult result;
  result.value.emplace();
  result.value->scenario = scenario;
  Binder binder(*result.value, processes, library, broken);
  binder.run();
  result.diagnostics = binder.findings();
  model::sort_and_unique(result.diagnostics);
  result.broken = binder.needed_and_broken();
  if (model::has_errors(result.diagnostics) || !result.broken.empty()) result.value.reset();
  return result;
}

}  // namespace switchboard::simulation
