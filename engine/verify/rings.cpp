// Rings of messages, signals and calls in which nothing waits (SB0465).
//
// The graph: a vertex for each entry (a place where a process takes a message, a signal or a call, or where a called case comes back to its caller)
// and for each trigger (what is thrown). An entry leads to the triggers that are thrown behind it before anything waits, a trigger to the entries
// that take it. A strongly connected part with a trigger in it is a ring, as long as each of its entries can be taken again and again.
#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "feel/free_names.hpp"
#include "verify/check.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

using model::EventKind;
using model::Node;
using model::NodeType;

using Names = std::set<std::string, std::less<>>;

struct Place {
  std::size_t scope = 0;
  std::size_t node = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};

bool throws_events(NodeType type) { return type == NodeType::intermediate_throw_event || type == NodeType::end_event; }
bool is_error(const ScopeNode& n) { return n.event() == EventKind::error || n.event() == EventKind::escalation; }

/// One process as the graph is made from it.
struct Part {
  const model::Process* process = nullptr;
  std::vector<Scope> scopes;
  std::map<const Node*, std::size_t> inside;  ///< the scope of a container
  std::map<std::size_t, Place> around;        ///< where the container of a scope stands
  std::vector<std::vector<bool>> passes;      ///< by place: an end of its scope is reached from there before anything waits
  Names changed;                              ///< data that nodes, events and callers change

  [[nodiscard]] const ScopeNode& at(const Place& p) const { return scopes[p.scope].nodes[p.node]; }
};

/// Which flows are followed: all, or only those that no changing data decide about.
enum class Follow : std::uint8_t { all, unconditional };

Part part_of(const model::Process& process) {
  Part part;
  part.process = &process;
  part.scopes = scopes_of(process);
  for (std::size_t s = 0; s < part.scopes.size(); ++s) {
    if (part.scopes[s].container != nullptr) part.inside.emplace(part.scopes[s].container, s);
    part.passes.emplace_back(part.scopes[s].nodes.size(), false);
  }
  for (std::size_t s = 0; s < part.scopes.size(); ++s)
    for (std::size_t n = 0; n < part.scopes[s].nodes.size(); ++n) {
      const Node& node = *part.scopes[s].nodes[n].node;
      if (const auto found = part.inside.find(&node); found != part.inside.end()) part.around.emplace(found->second, Place{s, n});
      for (const auto* all : {&node.set, &node.out})
        for (const auto& m : *all) part.changed.insert(m.name);
      if (!node.loop.output_collection.empty()) part.changed.insert(node.loop.output_collection.name);
    }
  for (const auto* all : {&process.messages, &process.signals})
    for (const auto& declared : *all)
      for (const auto& [name, type] : declared.payload) part.changed.insert(name);
  return part;
}

class Rings {
 public:
  explicit Rings(const std::vector<const model::Process*>& processes) {
    for (const model::Process* p : processes) {
      by_id_.emplace(p->id, parts_.size());
      parts_.push_back(part_of(*p));
    }
    for (Part& part : parts_) note_calls(part);
    find_passes();
    for (std::size_t p = 0; p < parts_.size(); ++p) add_entries(p);
  }

  model::Diagnostics find() {
    look(Follow::unconditional);
    look(Follow::all);
    model::sort_and_unique(found_);
    return std::move(found_);
  }

 private:
  struct Entry {
    std::size_t part = 0;
    Place place;
    bool starts = false;  ///< a case of its own
    bool again = false;   ///< can be taken any number of times
    bool returns = false;
    Names triggers;
    bool off = false;  ///< in this look: only a few times
    bool is_reported = false;
  };
  struct Throw {
    std::string trigger;
    Place place;
  };
  struct Reach {
    std::vector<Throw> throws;
    std::set<Place> seen;
  };

  static std::string key(std::string_view kind, std::string_view name) { return fmt::format("{} '{}'", kind, name); }
  static std::string return_key(const Part& part, const Place& p) { return fmt::format("return {} {}", part.process->id, part.at(p).path); }

  void note_calls(const Part& caller) {
    for (const Scope& scope : caller.scopes)
      for (const ScopeNode& n : scope.nodes) {
        const auto called = n.node->type == NodeType::call_activity ? by_id_.find(n.node->process.name) : by_id_.end();
        if (called == by_id_.end()) continue;
        for (const auto& m : n.node->in) parts_[called->second].changed.insert(m.name);
      }
  }

  // ---- what passes without a wait: the least solution, by rounds in both directions

  bool starts_pass(const Part& part, std::size_t scope) const {
    bool any = false;
    for (std::size_t i = 0; i < part.scopes[scope].nodes.size(); ++i) {
      const ScopeNode& n = part.scopes[scope].nodes[i];
      if (is_start(n) && n.node->type == NodeType::start_event && n.node->events.empty()) any = any || part.passes[scope][i];
    }
    return any;
  }

  bool call_passes(const std::string& id) const {
    const auto called = by_id_.find(id);
    return called != by_id_.end() && starts_pass(parts_[called->second], 0);
  }

  /// A token goes through the node without waiting there; of a join, when the others are there.
  bool goes_through(const Part& part, const ScopeNode& n) const {
    const NodeType type = n.node->type;
    if (type == NodeType::start_event || type == NodeType::boundary_event) return true;
    if (type == NodeType::intermediate_catch_event) return n.event() == EventKind::link || waits_for_nothing(n);
    if (type == NodeType::send_task) return n.node->job.empty();
    if (type == NodeType::call_activity) return call_passes(n.node->process.name);
    if (type == NodeType::sub_process || type == NodeType::transaction) {
      const auto inside = part.inside.find(n.node);
      return inside != part.inside.end() && starts_pass(part, inside->second);
    }
    return at_once(n);
  }

  bool passes_now(const Part& part, const Scope& scope, std::size_t s, const ScopeNode& n) const {
    if (n.node->type == NodeType::end_event) return true;
    if (!goes_through(part, n)) return false;
    if (n.out.empty()) return true;
    const bool forks = n.node->type != NodeType::exclusive_gateway && n.node->type != NodeType::inclusive_gateway;
    bool any = false;
    for (const std::size_t f : n.out) {
      const bool passes = scope.flows[f].truth != Truth::never && part.passes[s][scope.flows[f].to];
      if (!passes && forks && scope.flows[f].truth == Truth::always) return false;  // one of its tokens waits
      any = any || passes;
    }
    return any;
  }

  bool pass_round(bool forwards) {
    bool changed = false;
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      Part& part = parts_[forwards ? p : parts_.size() - 1 - p];
      for (std::size_t s = part.scopes.size(); s-- > 0;) {
        const Scope& scope = part.scopes[s];
        for (std::size_t k = 0; k < scope.nodes.size(); ++k) {
          const std::size_t i = forwards ? k : scope.nodes.size() - 1 - k;
          if (part.passes[s][i] || !passes_now(part, scope, s, scope.nodes[i])) continue;
          part.passes[s][i] = changed = true;
        }
      }
    }
    return changed;
  }

  void find_passes() {
    for (bool forwards = false; pass_round(forwards); forwards = !forwards) {
    }
  }

  // ---- where triggers are taken

  void add_entries(std::size_t p) {
    const Part& part = parts_[p];
    for (std::size_t s = 0; s < part.scopes.size(); ++s)
      for (std::size_t i = 0; i < part.scopes[s].nodes.size(); ++i) add_entry(p, Place{s, i});
  }

  void add_entry(std::size_t p, const Place& place) {
    const Part& part = parts_[p];
    const Scope& scope = part.scopes[place.scope];
    const ScopeNode& n = part.at(place);
    Entry e;
    e.part = p;
    e.place = place;
    const NodeType type = n.node->type;
    if (type == NodeType::start_event) {
      e.starts = scope.container == nullptr;
      if (!e.starts && !scope.is_event_sub_process()) return;
      e.again = e.starts || !n.node->interrupting;
      if (e.starts && n.node->events.empty()) e.triggers.insert(key("process", part.process->id));
    } else if (type == NodeType::boundary_event) {
      e.again = !n.node->interrupting;
    } else if (type == NodeType::receive_task) {
      e.starts = e.again = n.node->instantiate;
      if (!n.node->message.empty()) e.triggers.insert(key("message", n.node->message.name));
    } else if (type == NodeType::call_activity) {
      if (call_passes(n.node->process.name)) e.triggers.insert(return_key(part, place));
      e.returns = true;
    } else if (type != NodeType::intermediate_catch_event) {
      return;
    }
    if (!n.node->parallel_multiple)
      for (const auto& event : n.node->events)
        if (event.kind == EventKind::message || event.kind == EventKind::signal) e.triggers.insert(key(to_string(event.kind), event.name.name));
    if (!e.triggers.empty()) entries_.push_back(std::move(e));
  }

  // ---- what happens behind an entry before anything waits

  class Walk {
   public:
    Walk(const Rings& rings, const Part& part, Follow follow) : rings_(rings), part_(part), follow_(follow) {}

    Reach from(const Entry& e) {
      const ScopeNode& n = part_.at(e.place);
      if (is_start(n)) entered_.insert(e.place.scope);
      leave(e.place);
      if (e.returns)
        for (const std::size_t b : n.boundary)
          if (is_error(part_.scopes[e.place.scope].nodes[b])) leave({e.place.scope, b});
      while (!open_.empty()) {
        const Place next = open_.back();
        open_.pop_back();
        arrive(next);
      }
      return std::move(reach_);
    }

   private:
    bool is_changed(const std::string& text) const {
      const auto asked = feel::free_names(text);
      return text.find("sla") != std::string::npos ||
             std::any_of(asked.begin(), asked.end(), [&](const std::string& name) { return part_.changed.contains(name); });
    }

    /// Whether an activity is performed at all hangs on data that change on the way round: an empty list, a `while` that is asked first.
    bool may_be_left_out(const model::LoopDefinition& loop) const {
      if (loop.is_multi_instance()) return is_changed(loop.cardinality.text) || is_changed(loop.collection.text);
      return loop.test_before && is_changed(loop.condition.text);
    }

    bool is_followed(const Scope& scope, const ScopeNode& n, std::size_t f) const {
      if (scope.flows[f].truth == Truth::never) return false;
      if (follow_ == Follow::all) return true;
      return std::none_of(n.out.begin(), n.out.end(), [&](std::size_t other) {
        const ScopeFlow& flow = scope.flows[other];
        if (flow.flow == nullptr || flow.flow->condition.empty() || flow.truth != Truth::unknown) return false;
        if (other != f && !scope.flows[f].flow->is_default) return false;
        return is_changed(flow.flow->condition.text);
      });
    }

    void leave(const Place& p) {
      const Scope& scope = part_.scopes[p.scope];
      const ScopeNode& n = part_.at(p);
      if (n.out.empty()) return end(p.scope);
      for (const std::size_t f : n.out) {
        if (!is_followed(scope, n, f)) continue;
        const Place to{p.scope, scope.flows[f].to};
        const ScopeNode& next = part_.at(to);
        // A join that has let a token through needs all the others again, the next time round.
        if (next.node->type == NodeType::parallel_gateway && next.in.size() > 1) {
          arrived_[to].insert(f);
          if (arrived_[to].size() < next.in.size()) continue;
        }
        open_.push_back(to);
      }
    }

    void end(std::size_t scope) {
      if (entered_.contains(scope)) return;  // whether the container is passed was known when it was entered
      const auto around = part_.around.find(scope);
      if (around == part_.around.end()) return;
      if (part_.scopes[scope].is_event_sub_process()) return end(around->second.scope);
      leave(around->second);
    }

    void enter(const Place& p) {
      const auto inside = part_.inside.find(part_.at(p).node);
      if (inside == part_.inside.end()) return;
      entered_.insert(inside->second);
      for (std::size_t i = 0; i < part_.scopes[inside->second].nodes.size(); ++i)
        if (is_start(part_.scopes[inside->second].nodes[i])) open_.push_back({inside->second, i});
    }

    /// An error or escalation goes to whoever may catch it around.
    void raise(std::size_t scope, const model::EventDefinition& event) {
      const auto catches = [&](const Node& n) {
        return std::any_of(n.events.begin(), n.events.end(),
                           [&](const auto& e) { return e.kind == event.kind && (e.name.name == "any" || e.name.name == event.name.name); });
      };
      for (;;) {
        for (const auto& [inner, where] : part_.around)
          if (where.scope == scope && part_.scopes[inner].is_event_sub_process())
            for (std::size_t i = 0; i < part_.scopes[inner].nodes.size(); ++i)
              if (is_start(part_.scopes[inner].nodes[i]) && catches(*part_.scopes[inner].nodes[i].node)) open_.push_back({inner, i});
        const auto around = part_.around.find(scope);
        if (around == part_.around.end()) return;
        for (const std::size_t b : part_.at(around->second).boundary)
          if (catches(*part_.scopes[around->second.scope].nodes[b].node)) open_.push_back({around->second.scope, b});
        scope = around->second.scope;
      }
    }

    void arrive(const Place& p) {
      if (!reach_.seen.insert(p).second) return;
      const ScopeNode& n = part_.at(p);
      if (follow_ == Follow::unconditional && may_be_left_out(n.node->loop)) return leave(p);
      const auto throws = [&](const model::EventDefinition& event) {
        if (event.kind == EventKind::message || event.kind == EventKind::signal) emit(key(to_string(event.kind), event.name.name), p);
        if (event.kind == EventKind::error || event.kind == EventKind::escalation) raise(p.scope, event);
      };
      if (throws_events(n.node->type))
        for (const auto& event : n.node->events) throws(event);
      for (const auto& t : n.node->loop.events) throws(t.event);
      if (n.node->type == NodeType::end_event) return is_error(n) ? void() : end(p.scope);
      if (n.node->type == NodeType::send_task && !n.node->message.empty()) emit(key("message", n.node->message.name), p);
      if (n.node->type == NodeType::call_activity) {
        emit(key("process", n.node->process.name), p);
        emit(return_key(part_, p), p);
        return;  // goes on where it comes back
      }
      if (model::is_container(n.node->type) && n.node->type != NodeType::ad_hoc_sub_process) enter(p);
      if (rings_.goes_through(part_, n)) leave(p);
    }

    void emit(std::string trigger, const Place& p) { reach_.throws.push_back({std::move(trigger), p}); }

    const Rings& rings_;
    const Part& part_;
    Follow follow_;
    Reach reach_;
    std::vector<Place> open_;
    std::set<std::size_t> entered_;
    std::map<Place, std::set<std::size_t>> arrived_;
  };

  // ---- rings

  /// A token comes back to where the entry waits.
  bool comes_back(const Entry& e, const Reach& reach) const {
    const Part& part = parts_[e.part];
    const ScopeNode& n = part.at(e.place);
    if (n.host != none) return reach.seen.contains({e.place.scope, n.host});
    if (reach.seen.contains(e.place)) return true;
    return std::any_of(n.in.begin(), n.in.end(), [&](std::size_t f) {
      const std::size_t from = part.scopes[e.place.scope].flows[f].from;
      return part.scopes[e.place.scope].nodes[from].node->type == NodeType::event_based_gateway && reach.seen.contains({e.place.scope, from});
    });
  }

  void look(Follow follow) {
    reaches_.clear();
    for (Entry& e : entries_) {
      e.off = false;
      reaches_.push_back(Walk(*this, parts_[e.part], follow).from(e));
    }
    while (!part_rings()) {
    }
    for (const auto& ring : rings_)
      if (std::none_of(ring.begin(), ring.end(), [&](std::size_t e) { return entries_[e].is_reported; })) report(ring, follow);
  }

  /// Finds the connected parts; false when an entry in one of them is taken a few times only and was put off.
  bool part_rings() {
    using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
    std::map<std::string, std::size_t, std::less<>> triggers;
    for (const Entry& e : entries_)
      for (const auto& t : e.triggers) triggers.emplace(t, entries_.size() + triggers.size());
    Graph g(entries_.size() + triggers.size());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].off) continue;
      for (const auto& t : entries_[i].triggers) boost::add_edge(triggers.at(t), i, g);
      for (const Throw& t : reaches_[i].throws)
        if (const auto to = triggers.find(t.trigger); to != triggers.end()) boost::add_edge(i, to->second, g);
    }
    std::vector<std::size_t> component(boost::num_vertices(g));
    const auto count = boost::strong_components(g, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, g)));
    std::vector<std::size_t> size(count, 0);
    for (const std::size_t c : component) ++size[c];
    std::vector<std::vector<std::size_t>> rings(count);
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (size[component[i]] > 1) rings[component[i]].push_back(i);
    std::erase_if(rings, [](const auto& ring) { return ring.empty(); });
    bool settled = true;
    for (const auto& ring : rings) {
      std::set<std::size_t> begun;  // processes whose cases begin in the ring
      for (const std::size_t i : ring)
        if (entries_[i].starts) begun.insert(entries_[i].part);
      for (const std::size_t i : ring) {
        Entry& e = entries_[i];
        if (e.again || begun.contains(e.part) || comes_back(e, reaches_[i])) continue;
        e.off = true;
        settled = false;
      }
    }
    std::sort(rings.begin(), rings.end());
    rings_ = std::move(rings);
    return settled;
  }

  struct Step {
    std::size_t from = none;  ///< entry
    const Throw* thrown = nullptr;
  };

  /// A shortest way round from the first entry, as (thrown behind which entry, taken by which).
  std::vector<std::pair<Step, std::size_t>> way_round(const std::vector<std::size_t>& ring) const {
    std::map<std::size_t, Step> reached_by;
    std::deque<std::size_t> open{ring.front()};
    while (!open.empty() && !reached_by.contains(ring.front())) {
      const std::size_t at = open.front();
      open.pop_front();
      for (const Throw& t : reaches_[at].throws)
        for (const std::size_t to : ring)
          if (entries_[to].triggers.contains(t.trigger) && reached_by.emplace(to, Step{at, &t}).second) open.push_back(to);
    }
    std::vector<std::pair<Step, std::size_t>> way;
    for (std::size_t at = ring.front(); way.empty() || at != ring.front();) {
      const Step step = reached_by.at(at);
      way.emplace_back(step, at);
      at = step.from;
    }
    std::reverse(way.begin(), way.end());
    return way;
  }

  std::string name_of(const Part& part, const Place& p) const {
    return parts_.size() == 1 || part.at(p).path == part.process->id ? part.at(p).path : fmt::format("{}/{}", part.process->id, part.at(p).path);
  }

  std::string told(const std::pair<Step, std::size_t>& step) const {
    const Part& part = parts_[entries_[step.first.from].part];
    const Entry& taker = entries_[step.second];
    const Place& at = step.first.thrown->place;
    const std::string thrower = name_of(part, at);
    const std::string taken = name_of(parts_[taker.part], taker.place);
    if (taker.returns) return fmt::format("`{}` calls the process '{}', which ends without waiting", thrower, part.at(at).node->process.name);
    if (part.at(at).node->type == NodeType::call_activity) return fmt::format("`{}` calls the {}", thrower, step.first.thrown->trigger);
    return fmt::format("`{}` throws the {}, `{}` takes it", thrower, step.first.thrown->trigger, taken);
  }

  /// A signal reaches who waits in its own case at once, within the step that throws it; all else is an errand.
  std::string stopped_by(const std::vector<std::pair<Step, std::size_t>>& way) const {
    const bool in_one_step = std::all_of(way.begin(), way.end(), [&](const auto& step) {
      const Entry& taker = entries_[step.second];
      return step.first.thrown->trigger.starts_with("signal ") && taker.part == entries_[step.first.from].part && !taker.starts;
    });
    if (in_one_step)
      return fmt::format("after {} events of one command the engine lets its tokens rest with an incident (SB0525)", limits::step_events);
    return "after 200 steps the engine puts the next one aside as an incident (SB0531)";
  }

  void report(const std::vector<std::size_t>& ring, Follow follow) {
    constexpr std::size_t most_steps = 8;
    const auto way = way_round(ring);
    for (const std::size_t e : ring) entries_[e].is_reported = true;
    std::vector<std::string> steps;
    std::vector<std::string> related;
    for (const auto& step : way) {
      const Part& part = parts_[entries_[step.first.from].part];
      related.push_back(part.at(step.first.thrown->place).path);
      if (steps.size() < most_steps) steps.push_back(told(step));
    }
    if (way.size() > most_steps) steps.push_back(fmt::format("and {} more steps", way.size() - most_steps));
    const Part& part = parts_[entries_[way.front().first.from].part];
    const ScopeNode& first = part.at(way.front().first.thrown->place);
    const bool data_may_end_it = follow == Follow::all;
    found_.push_back(
        {"SB0465",
         data_may_end_it ? model::Severity::advice : model::Severity::warning,
         part.process->file,
         first.node->at,
         first.path,
         fmt::format("nothing waits in this ring{}: {}, and so on", data_may_end_it ? ", unless the data end it" : "", fmt::join(steps, "; ")),
         fmt::format("let something in it wait (a task of a person or worker, a timer, an event), or take one of the steps away: {}",
                     stopped_by(way)),
         std::move(related),
         {model::SubjectKind::process, part.process->id, false}});
  }

  std::vector<Part> parts_;
  std::map<std::string, std::size_t, std::less<>> by_id_;
  std::vector<Entry> entries_;
  std::vector<Reach> reaches_;                   ///< by entry, of this look
  std::vector<std::vector<std::size_t>> rings_;  ///< entries, of this look
  model::Diagnostics found_;
};

}  // namespace

model::Diagnostics check_rings(const std::vector<const model::Process*>& processes) { return Rings(processes).find(); }

}  // namespace switchboard::verify
