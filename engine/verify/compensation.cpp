// Compensation that undoes nothing, and what nothing undoes (BPMN 2.0.2, 10.7 and 10.3.5).
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

using model::EventKind;
using model::Node;
using model::NodeType;

/// One container, or the process, as seen from inside.
struct Level {
  const Level* outside = nullptr;
  const Node* container = nullptr;
  const std::vector<Node>* nodes = nullptr;
  std::string prefix;
  [[nodiscard]] bool is_event_sub_process() const { return container != nullptr && container->type == NodeType::event_sub_process; }
};

using Visit = std::function<void(const Node&, const Level&)>;

// Depth is bounded by the loader's limit on nesting.
void each_node(const Level& level, const Visit& visit) {
  for (const Node& n : *level.nodes) {
    visit(n, level);
    for (const Node& b : n.boundary) visit(b, level);
    if (model::is_container(n.type)) each_node({&level, &n, &n.nodes, level.prefix + n.id + "/"}, visit);
  }
}

bool begins_when_undone(const Node& n) {
  if (n.type != NodeType::event_sub_process) return false;
  return std::any_of(n.nodes.begin(), n.nodes.end(), [](const Node& start) {
    return start.type == NodeType::start_event &&
           std::any_of(start.events.begin(), start.events.end(), [](const auto& e) { return e.kind == EventKind::compensate; });
  });
}

/// Whether something can be undone of what `n` has done.
bool can_be_undone(const Node& n) {
  if (!n.compensation.empty() || std::any_of(n.nodes.begin(), n.nodes.end(), begins_when_undone)) return true;
  return std::any_of(n.nodes.begin(), n.nodes.end(), can_be_undone);
}

bool is_named(const model::Ref& name, const Node& n, const std::string& prefix) {
  return name.empty() || name.name == n.id || name.name == prefix + n.id;
}

/// Levels whose completed activities an event in `level` reaches.
template <class F>
void each_reached(const Level* level, F f) {
  for (f(*level); level->is_event_sub_process(); f(*level)) level = level->outside;
}

bool cancels_inside(const Node& transaction) {
  for (const Node& n : transaction.nodes) {
    if (n.type == NodeType::end_event && std::any_of(n.events.begin(), n.events.end(), [](const auto& e) { return e.kind == EventKind::cancel; }))
      return true;
    if (model::is_container(n.type) && n.type != NodeType::transaction && cancels_inside(n)) return true;
  }
  return false;
}

class Compensation {
 public:
  Compensation(const model::Process& process, Findings& findings) : findings_(findings) { root_.nodes = &process.nodes; }

  void run() {
    // Levels live as long as they are visited: what throws is looked for anew for each activity that can be undone.
    each_node(root_, [&](const Node& n, const Level& level) {
      check_throws(n, level);
      check_cancel_events(n, level);
      if (!n.compensation.empty() && !is_ever_undone(n, level))
        findings_.warning("SB0467", n.compensation.at, level.prefix + n.id,
                          fmt::format("'{}' would undo '{}', and nothing in this process has it undone", n.compensation.name, n.id),
                          "throw `compensate` in this scope, or cancel the transaction around it; or remove `compensation`");
    });
  }

 private:
  static bool throws(const Node& n) { return n.type == NodeType::end_event || n.type == NodeType::intermediate_throw_event; }

  void check_throws(const Node& n, const Level& level) {
    if (!throws(n)) return;
    for (const auto& e : n.events) {
      if (e.kind != EventKind::compensate) continue;
      bool finds = false;
      each_reached(&level, [&](const Level& reached) {
        finds = finds || std::any_of(reached.nodes->begin(), reached.nodes->end(), [&](const Node& other) {
                  return is_named(e.name, other, reached.prefix) && !begins_when_undone(other) && can_be_undone(other);
                });
      });
      if (finds) continue;
      findings_.warning("SB0466", e.at, level.prefix + n.id,
                        e.name.empty() ? std::string("nothing in this scope can be undone: this event does nothing")
                                       : fmt::format("nothing undoes '{}': this event does nothing", e.name.name),
                        "name what undoes an activity: `compensation: ID`");
    }
  }

  void check_cancel_events(const Node& n, const Level& level) {
    if (n.type != NodeType::transaction || cancels_inside(n)) return;
    for (const Node& b : n.boundary)
      if (std::any_of(b.events.begin(), b.events.end(), [](const auto& e) { return e.kind == EventKind::cancel; }))
        findings_.warning("SB0425", b.at, level.prefix + b.id, fmt::format("nothing inside cancels '{}': this event can never happen", n.id),
                          "add an endEvent with `cancel: true` inside the transaction");
  }

  /// It itself, or something around it that has completed, is compensated; or a transaction around it is cancelled.
  bool is_ever_undone(const Node& activity, const Level& level) const {
    const Node* n = &activity;
    for (const Level* at = &level; at != nullptr; n = at->container, at = at->outside) {
      if (is_thrown_for(*n, *at)) return true;
      if (at->container != nullptr && at->container->type == NodeType::transaction && cancels_inside(*at->container)) return true;
    }
    return false;
  }

  bool is_thrown_for(const Node& activity, const Level& level) const {
    bool found = false;
    each_node(root_, [&](const Node& n, const Level& from) {
      if (found || !throws(n)) return;
      for (const auto& e : n.events) {
        if (e.kind != EventKind::compensate || !is_named(e.name, activity, level.prefix)) continue;
        each_reached(&from, [&](const Level& reached) { found = found || reached.nodes == level.nodes; });
      }
    });
    return found;
  }

  Findings& findings_;
  Level root_;
};

}  // namespace

void check_compensation(const model::Process& process, Findings& findings) { Compensation(process, findings).run(); }

}  // namespace switchboard::verify
