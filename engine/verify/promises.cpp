// Clocks: marks that never fire, clocks that never start or stop, stages that together exceed a total promise.
#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <compare>
#include <map>
#include <optional>
#include <set>

#include "calendar/duration.hpp"
#include "verify/expressions.hpp"
#include "verify/limit_cases.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

using calendar::WorkingDuration;
using model::NodeType;
using TriggerKind = model::Trigger::Kind;

/// Durations that can be compared without a calendar: of one unit.
struct Length {
  enum class Unit : std::uint8_t { days, open, wall };
  Unit unit = Unit::wall;
  std::int64_t amount = 0;
};

std::optional<Length> length_of(const WorkingDuration& d) {
  const bool wall = d.days != 0 || d.wall.us != 0;
  if (d.months != 0 || (wall ? 1 : 0) + (d.working_days != 0 ? 1 : 0) + (d.working.us != 0 ? 1 : 0) > 1) return std::nullopt;
  if (d.working_days != 0) return Length{Length::Unit::days, d.working_days};
  if (d.working.us != 0) return Length{Length::Unit::open, d.working.us};
  return Length{Length::Unit::wall, Duration::days(d.days).us + d.wall.us};
}

/// A literal: written as one, or as a FEEL string that holds one.
std::optional<Length> literal(const model::DurationExpr& text) {
  auto parsed = calendar::parse_duration(text.text);
  if (parsed) return length_of(parsed.value());
  if (text.text.size() < 2 || text.text.front() != '"' || text.text.back() != '"') return std::nullopt;
  parsed = calendar::parse_duration(text.text.substr(1, text.text.size() - 2));
  return parsed ? length_of(parsed.value()) : std::nullopt;
}

std::string shown(const Length& l) {
  WorkingDuration d;
  if (l.unit == Length::Unit::days) d.working_days = l.amount;
  if (l.unit == Length::Unit::open) d.working.us = l.amount;
  if (l.unit == Length::Unit::wall) d.wall.us = l.amount;
  return calendar::to_string(d);
}

/// The course of a whole process, scopes included: two points for each node, entered and completed.
class Course {
 public:
  explicit Course(const std::vector<Scope>& scopes) : graph_(2) {
    for (const Scope& s : scopes)
      for (const ScopeNode& n : s.nodes) add(n);
    for (const Scope& s : scopes) connect(s);
  }

  using Point = std::size_t;
  static constexpr Point process_started = 0;
  static constexpr Point process_ended = 1;

  /// Those of its points that are in the course.
  [[nodiscard]] std::set<Point> points_of(const model::Trigger& t) const {
    std::set<Point> out;
    for (const auto& one : t.any) {
      const auto found = by_name_.find(one.name.name);
      if (found != by_name_.end() && (one.kind == TriggerKind::completed || one.kind == TriggerKind::entered))
        out.insert(found->second + (one.kind == TriggerKind::completed ? 1 : 0));
    }
    return out;
  }

  /// The shortest way from behind `from` to one of `to` that meets none of `without`, as the paths of the nodes on it; empty when there is none.
  [[nodiscard]] std::vector<std::string> way(Point from, const std::set<Point>& to, const std::set<Point>& without) const {
    std::vector<Point> before(boost::num_vertices(graph_), none);
    std::vector<Point> open{from};
    for (std::size_t i = 0; i < open.size(); ++i)
      for (auto [e, end] = boost::out_edges(open[i], graph_); e != end; ++e) {
        const Point next = boost::target(*e, graph_);
        if (to.contains(next)) return names_of(open[i], next, before);
        if (before[next] != none || next == from || without.contains(next)) continue;
        before[next] = open[i];
        open.push_back(next);
      }
    return {};
  }

  /// The points of a trigger; nothing when it has a part that is not in the course (a message, a condition).
  [[nodiscard]] std::optional<std::vector<Point>> points(const model::Trigger& t) const {
    std::vector<Point> out;
    for (const auto& one : t.any) {
      if (one.kind == TriggerKind::process_started)
        out.push_back(process_started);
      else if (one.kind == TriggerKind::process_ended)
        out.push_back(process_ended);
      else if (const auto found = by_name_.find(one.name.name);
               found != by_name_.end() && (one.kind == TriggerKind::completed || one.kind == TriggerKind::entered))
        out.push_back(found->second + (one.kind == TriggerKind::completed ? 1 : 0));
      else
        return std::nullopt;
    }
    return out.empty() ? std::nullopt : std::optional(out);
  }

  void stretch(Point from, Point to, const Length& length, const std::string& name) { stretches_.push_back({from, to, length, name}); }
  void stretch(const std::string& path, const Length& length) {
    const auto found = by_name_.find(path);
    if (found != by_name_.end()) stretch(found->second, found->second + 1, length, path);
  }

  [[nodiscard]] bool leads(Point from, Point to) const {
    std::vector<bool> seen(boost::num_vertices(graph_), false);
    std::vector<Point> open;
    const auto go_on = [&](Point p) {
      for (auto [e, end] = boost::out_edges(p, graph_); e != end; ++e) open.push_back(boost::target(*e, graph_));
    };
    go_on(from);
    while (!open.empty()) {
      const Point p = open.back();
      open.pop_back();
      if (p == to) return true;
      if (seen[p]) continue;
      seen[p] = true;
      go_on(p);
    }
    return false;
  }

  struct Chain {
    std::int64_t amount = 0;
    std::vector<std::string> names;
  };
  /// The most that stretches of `unit` take together, one after the other, on any way from `from` to `to`; loops are walked through once, and event
  /// sub-processes, which run beside, not at all.
  [[nodiscard]] Chain longest(Point from, Point to, Length::Unit unit) const;

 private:
  struct Stretch {
    Point from, to;
    Length length;
    std::string name;
  };
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;

  [[nodiscard]] std::vector<std::string> names_of(Point last, Point reached, const std::vector<Point>& before) const {
    std::vector<std::string> names{paths_[reached]};
    for (Point p = last; p != none; p = before[p])
      if (!paths_[p].empty() && names.back() != paths_[p]) names.push_back(paths_[p]);
    std::reverse(names.begin(), names.end());
    return names;
  }

  void add(const ScopeNode& n) {
    const Point entered = boost::add_vertex(graph_);
    const Point completed = boost::add_vertex(graph_);
    paths_.resize(completed + 1, n.path);
    if (n.node->type != NodeType::event_sub_process) boost::add_edge(entered, completed, graph_);
    by_name_.emplace(n.path, entered);
    by_name_.emplace(n.node->id, entered);
    by_node_.emplace(n.node, entered);
  }

  void connect(const Scope& s) {
    const Point begin = s.container == nullptr ? process_started : by_node_.at(s.container);
    const Point end = s.container == nullptr ? process_ended : begin + 1;
    for (const ScopeNode& n : s.nodes) {
      const Point self = by_node_.at(n.node);
      if (is_start(n) || n.node->type == NodeType::event_sub_process) boost::add_edge(begin, self, graph_);
      // An event sub-process may begin whenever its scope is at work.
      for (const ScopeNode& other : s.nodes)
        if (n.node->type == NodeType::event_sub_process && other.node != n.node) boost::add_edge(by_node_.at(other.node) + 1, self, graph_);
      if (n.node->type == NodeType::event_sub_process) asides_.insert(self);
      if (n.host != none) boost::add_edge(by_node_.at(s.nodes[n.host].node), self, graph_);
      if (n.out.empty()) boost::add_edge(self + 1, end, graph_);
      for (const std::size_t f : n.out) boost::add_edge(self + 1, by_node_.at(s.nodes[s.flows[f].to].node), graph_);
    }
  }

  Graph graph_;
  std::map<std::string, Point, std::less<>> by_name_;
  std::map<const model::Node*, Point> by_node_;
  std::vector<std::string> paths_ = std::vector<std::string>(2);  ///< by point; of the start and the end of the process: none
  std::set<Point> asides_;                                        ///< entries of event sub-processes
  std::vector<Stretch> stretches_;
};

Course::Chain Course::longest(Point from, Point to, Length::Unit unit) const {
  std::vector<std::size_t> component(boost::num_vertices(graph_));
  const auto count = boost::strong_components(graph_, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, graph_)));
  struct Best {
    std::int64_t amount = -1;         ///< -1: not reached
    std::size_t before = 0;           ///< component
    const Stretch* inside = nullptr;  ///< the longest in a loop, which is walked through once
    const Stretch* by = nullptr;      ///< the stretch that led here; null: an edge
  };
  // strong_components numbers them against the direction of the edges, so a descending walk meets every component after those that lead to it.
  std::vector<Best> best(count);
  best[component[from]].amount = 0;
  const auto offer = [&](std::size_t at, std::int64_t amount, std::size_t before, const Stretch* by) {
    if (best[at].amount < amount) best[at] = {amount, before, best[at].inside, by};
  };
  std::vector<std::vector<Point>> members(count);
  for (Point p = 0; p < component.size(); ++p) members[component[p]].push_back(p);
  std::multimap<std::size_t, const Stretch*> starting;
  for (const Stretch& s : stretches_) {
    if (s.length.unit != unit || (s.from == from && s.to == to)) continue;
    const Stretch*& inside = best[component[s.from]].inside;
    if (component[s.from] != component[s.to])
      starting.emplace(component[s.from], &s);
    else if (inside == nullptr || inside->length.amount < s.length.amount)
      inside = &s;
  }
  for (std::size_t c = count; c-- > 0;) {
    if (best[c].amount < 0) continue;
    if (best[c].inside != nullptr) best[c].amount += best[c].inside->length.amount;
    for (const Point p : members[c])
      for (auto [e, end] = boost::out_edges(p, graph_); e != end; ++e)
        if (component[boost::target(*e, graph_)] != c && !asides_.contains(boost::target(*e, graph_)))
          offer(component[boost::target(*e, graph_)], best[c].amount, c, nullptr);
    for (auto [s, end] = starting.equal_range(c); s != end; ++s)
      if (component[s->second->to] < c) offer(component[s->second->to], best[c].amount + s->second->length.amount, c, s->second);
  }
  Chain chain{std::max<std::int64_t>(best[component[to]].amount, 0), {}};
  for (std::size_t c = component[to]; best[c].amount >= 0; c = best[c].before) {
    if (best[c].inside != nullptr) chain.names.push_back(best[c].inside->name);
    if (c == component[from]) break;
    if (best[c].by != nullptr) chain.names.push_back(best[c].by->name);
  }
  std::reverse(chain.names.begin(), chain.names.end());
  return chain;
}

/// Limits that can be compared, by clock of the process.
using Budgets = std::vector<std::optional<Length>>;

Budgets literal_budgets(const model::Process& process) {
  Budgets budgets;
  for (const auto& k : process.sla) budgets.push_back(literal(k.within));
  return budgets;
}

void check_mean_marks(const model::ClockDefinition& k, Findings& findings) {
  for (const auto& m : k.marks)
    if (m.kind == model::ClockMark::Kind::breach && k.mean)
      findings.warning("SB0450", m.at, k.id, "a mean is never breached: this mark never fires",
                       "use a percentage, or state a limit for the single case");
}

/// Marks longer than every limit that the clock can have.
void check_left_marks(const model::ClockDefinition& k, const Budgets& limits, Findings& findings) {
  for (const auto& m : k.marks) {
    const auto left = m.kind == model::ClockMark::Kind::left ? literal({m.left, m.at}) : std::nullopt;
    std::optional<Length> longest;
    bool known = left.has_value();
    for (const auto& limit : limits) {
      known = known && limit && limit->unit == left->unit;
      if (limit && (!longest || longest->amount < limit->amount)) longest = limit;
    }
    if (!known || !longest || left->amount <= longest->amount) continue;
    findings.warning(
        "SB0451", m.at, k.id,
        fmt::format("`{}`: the whole clock runs for {}{}, so this mark never fires", m.text, limits.size() > 1 ? "at most " : "", shown(*longest)),
        "make it shorter than the limit");
  }
}

bool any_leads(const Course& course, const std::vector<Course::Point>& from, const std::vector<Course::Point>& to) {
  return std::any_of(from.begin(), from.end(), [&](auto a) { return std::any_of(to.begin(), to.end(), [&](auto b) { return course.leads(a, b); }); });
}

/// False when it never gets from its start to its stop: what comes after that stop is not worth saying then.
bool check_stop(const model::ClockDefinition& k, const Course& course, Findings& findings) {
  const auto start = course.points(k.start);
  const auto stop = course.points(k.stop);
  if (k.start.empty()) findings.warning("SB0452", k.at, k.id, "the clock has no start: it never runs", "write `start:`");
  if (!start || !stop || any_leads(course, *start, *stop)) return !k.start.empty();
  findings.warning("SB0453", k.stop.at, k.id, "nothing leads from where the clock starts to where it stops: it would be cancelled with the case",
                   "look at `start` and `stop`");
  return false;
}

bool has_part_outside(const model::Trigger& t) {
  return std::any_of(t.any.begin(), t.any.end(),
                     [](const auto& one) { return one.kind == TriggerKind::message || one.kind == TriggerKind::condition; });
}

/// Where the clock stops can be reached again without its being started again: what was promised the first time is promised to nobody then.
void check_second_round(const model::ClockDefinition& k, const Course& course, Findings& findings) {
  if (k.says_once || k.start.empty() || (k.restart_each && has_part_outside(k.start)) || has_part_outside(k.reset)) return;
  const std::set<Course::Point> stops = course.points_of(k.stop);
  std::set<Course::Point> starts = course.points_of(k.reset);
  if (k.restart_each) starts.merge(course.points_of(k.start));
  std::vector<std::string> shortest;
  for (const Course::Point stop : stops) {
    if (starts.contains(stop)) continue;  // it begins anew right there
    // A way back to this very stop: one that only leads on to another stop of the clock is no second time.
    std::vector<std::string> way = course.way(stop, {stop}, starts);
    if (!way.empty() && (shortest.empty() || way.size() < shortest.size())) shortest = std::move(way);
  }
  if (shortest.empty()) return;
  constexpr std::size_t most_shown = 12;
  const auto shown_end = shortest.begin() + static_cast<std::ptrdiff_t>(std::min(most_shown, shortest.size()));
  const std::string path = fmt::format("{}{}", fmt::join(shortest.begin(), shown_end, " > "), shortest.size() > most_shown ? " > ..." : "");
  findings.warning("SB0456", k.stop.at, k.id,
                   fmt::format("the clock has stopped at '{}', and that is reached again without it: {}", shortest.front(), path),
                   k.restart_each ? "let it start on that way, too; or write `restart: once` when the second time is not promised"
                                  : "write `restart: each`, and let it start on that way; or `restart: once` when the second time is not promised",
                   shortest);
}

/// A person who has to say nothing can stop a promise by a click: whether it was kept is then only claimed.
void check_demands(const model::Process& process, const model::ClockDefinition& k, Findings& findings) {
  if (k.internal) return;
  std::map<std::string_view, const model::Node*> by_name;
  std::map<std::string, const model::Node*, std::less<>> by_path;
  for_each_place(process, [&](const model::Node& n, const std::string& path, const Seen&) {
    by_path.emplace(path, &n);
    by_name.emplace(n.id, &n);
  });
  for (const auto& one : k.stop.any) {
    if (one.kind != TriggerKind::completed) continue;
    const auto exact = by_path.find(one.name.name);
    const auto by_id = by_name.find(one.name.name);
    const model::Node* n = exact != by_path.end() ? exact->second : by_id != by_name.end() ? by_id->second : nullptr;
    if (n == nullptr || n->type != NodeType::user_task) continue;
    const auto is_asked = [](const model::FormField& f) { return f.required || (!f.required_if.empty() && truth_of(f.required_if) != Truth::never); };
    if (std::any_of(n->form.begin(), n->form.end(), is_asked)) continue;
    findings.advice("SB0457", one.name.at, k.id,
                    fmt::format("whoever completes '{}' stops this promise, and nothing must be given there", one.name.name),
                    "require on its form what shows that the promise was kept: `form: [{field: ..., required: true}]`");
  }
}

/// Where a clock with this limit begins and ends in the course; nothing when that is not known, or it is an average.
struct Span {
  std::vector<Course::Point> from, to;
};
std::optional<Span> span_of(const model::ClockDefinition& k, const Course& course) {
  auto start = course.points(k.start);
  auto stop = k.stop.empty() ? std::optional(std::vector{Course::process_ended}) : course.points(k.stop);
  if (k.mean || !start || !stop) return std::nullopt;
  return Span{std::move(*start), std::move(*stop)};
}

/// Clocks whose limit is less than what their stages may take together.
void check_totals(const model::Process& process, Course course, const Budgets& budgets, Findings& findings) {
  for (std::size_t i = 0; i < process.sla.size(); ++i)
    if (const auto span = budgets[i] ? span_of(process.sla[i], course) : std::nullopt)
      for (const auto from : span->from)
        for (const auto to : span->to) course.stretch(from, to, *budgets[i], process.sla[i].id);
  const auto check_total = [&](const model::ClockDefinition& k, const Length& budget) {
    const auto span = span_of(k, course);
    if (!span) return;
    for (const auto from : span->from)
      for (const auto to : span->to) {
        const auto chain = course.longest(from, to, budget.unit);
        if (chain.amount <= budget.amount) continue;
        findings.warning("SB0454", k.within.at, k.id,
                         fmt::format("the stages may take {} together ({}), this clock allows {}", shown({budget.unit, chain.amount}),
                                     fmt::join(chain.names, " + "), shown(budget)),
                         "tighten a stage, or widen the total");
        return;
      }
  };
  for (std::size_t i = 0; i < process.sla.size(); ++i)
    if (budgets[i]) check_total(process.sla[i], *budgets[i]);
}

Course course_of(const std::vector<Scope>& scopes) {
  Course course(scopes);
  for (const Scope& s : scopes)
    for (const ScopeNode& n : s.nodes)
      if (const auto due = n.node->due.empty() ? std::nullopt : literal(n.node->due)) course.stretch(n.path, *due);
  return course;
}

}  // namespace

void check_promises(const model::Process& process, const std::vector<Scope>& scopes, Findings& findings) {
  const Course course = course_of(scopes);
  const Budgets budgets = literal_budgets(process);
  for (std::size_t i = 0; i < process.sla.size(); ++i) {
    check_mean_marks(process.sla[i], findings);
    check_left_marks(process.sla[i], {budgets[i]}, findings);
    if (check_stop(process.sla[i], course, findings)) check_second_round(process.sla[i], course, findings);
    check_demands(process, process.sla[i], findings);
  }
  check_totals(process, course, budgets, findings);
}

void check_table_promises(const model::Process& process, const std::vector<LimitCase>& cases, Findings& findings) {
  const Budgets literals = literal_budgets(process);
  for (std::size_t i = 0; i < process.sla.size(); ++i) {
    if (literals[i]) continue;
    Budgets limits;
    for (const LimitCase& one : cases)
      if (one.within[i]) limits.push_back(length_of(*one.within[i]));
    check_left_marks(process.sla[i], limits, findings);
  }
}

}  // namespace switchboard::verify
