// Names inside one process: every reference to a node, lane, data name, feedback or declaration.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "notation/reading.hpp"

namespace switchboard::notation {

namespace {

using model::EventKind;
using model::NodeType;
using model::Process;
using model::Ref;

using Names = std::vector<std::string>;

/// The nodes of a scope.
struct Siblings {
  Names names;                ///< file order, for suggestions
  std::set<std::string> ids;  ///< to look them up
};

bool contains(const Names& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

/// Words that FEEL reads as its own, and names that every process has.
constexpr std::array<std::string_view, 21> feel_words{"if",    "then",      "else",     "for",      "in",       "return",  "some",
                                                      "every", "satisfies", "and",      "or",       "not",      "between", "true",
                                                      "false", "null",      "function", "external", "instance", "of",      "item"};
constexpr std::array<std::string_view, 2> own_names{"case_no", "instance_started"};

/// The kind of thing that a word of a finding means. "node or lane" counts as a lane, to be kept apart from "node": other names may be meant.
model::SubjectKind kind_of_word(std::string_view word) {
  using Kind = model::SubjectKind;
  constexpr std::array<std::pair<std::string_view, Kind>, 10> words{{{"node", Kind::node},
                                                                     {"lane", Kind::lane},
                                                                     {"node or lane", Kind::lane},
                                                                     {"data name", Kind::data},
                                                                     {"feedback", Kind::feedback},
                                                                     {"message", Kind::message},
                                                                     {"signal", Kind::signal},
                                                                     {"error", Kind::error},
                                                                     {"escalation", Kind::escalation},
                                                                     {"decision", Kind::decision}}};
  const auto found = std::find_if(words.begin(), words.end(), [&](const auto& known) { return known.first == word; });
  return found == words.end() ? Kind::node : found->second;  // an activity, a link event
}

std::string place(model::Position at) { return "line " + std::to_string(at.line); }

class Resolver {
 public:
  Resolver(const Process& process, Findings& findings) : process_(process), findings_(findings) {
    for (const auto& l : process.lanes) lanes_.push_back(l.id);
    for (const auto& f : process.feedback) feedback_.push_back(f.id);
  }

  void run() {
    for (const auto& d : process_.data) data_name(d, "data." + d.name);
    collect(process_.nodes, "");
    for (const auto& lane : process_.lanes) lane_ids_.insert(lane.id);
    level(process_.nodes, nullptr, "");
    for (const auto& c : process_.sla) clock(c);
    for (const auto& f : process_.feedback) {
      trigger(f.on, "feedback." + f.id);
      if (!f.receipt.empty()) declared(f.receipt, "feedback." + f.id, "message", process_.messages);
    }
  }

 private:
  /// Declares `d` from here on: for the process, or until its container has been read.
  void data_name(const model::DataItem& d, const std::string& element) {
    if (std::find(feel_words.begin(), feel_words.end(), d.name) != feel_words.end())
      findings_.error("SB0110", d.at, element, "`" + d.name + "` is a word of FEEL and cannot be a name of data", "choose another name");
    if (std::find(own_names.begin(), own_names.end(), d.name) != own_names.end())
      findings_.error("SB0128", d.at, element, "`" + d.name + "` is a name that every process has already", "choose another name");
    if (contains(data_, d.name))
      findings_.error("SB0188", d.at, element, "`" + d.name + "` hides data of the same name around it",
                      "choose another name; only scopes that lie beside each other may use the same one");
    data_.push_back(d.name);
  }

  /// What is inside a container sees its data, and nobody else does.
  void inside(const model::Node& n, const std::string& element) {
    const std::size_t outside = data_.size();
    for (const auto& d : n.data) data_name(d, "data." + element + "/" + d.name);
    level(n.nodes, &n, element + "/");
    data_.resize(outside);
  }

  /// `in` of a container with data of its own gives these.
  void initial_data(const model::Node& n, const std::string& element) {
    if (n.data.empty() || !model::is_container(n.type)) return;
    Names own;
    for (const auto& d : n.data) own.push_back(d.name);
    for (const auto& m : n.in)
      if (!contains(own, m.name)) unknown("SB0122", {m.name, m.at}, element, "data name", own, "declare it under `data` of this node");
  }

  // Depth is bounded by limits::yaml_depth.
  void collect(const std::vector<model::Node>& nodes, const std::string& path) {
    for (const auto& n : nodes) {
      add(n, path);
      for (const auto& b : n.boundary) add(b, path);
      collect(n.nodes, path + n.id + "/");
    }
  }

  void add(const model::Node& n, const std::string& path) {
    const auto [found, fresh] = paths_.emplace(path + n.id, &n);
    if (!fresh) {
      findings_.error("SB0128", n.at, path + n.id, "the id `" + n.id + "` is used twice in one scope; the first is in " + place(found->second->at),
                      "nodes and boundary events of a scope have ids of their own");
      return;
    }
    nodes_.emplace(n.id, &n);
    names_.push_back(path + n.id);
    if (!path.empty()) names_.push_back(n.id);
    for (const auto& e : n.events)
      if (e.kind == EventKind::escalation && n.type != NodeType::end_event && n.type != NodeType::intermediate_throw_event)
        caught_.push_back(e.name.name);
  }

  /// A node by path, or by id where only one has it.
  const model::Node* find(const Ref& name, const std::string& element, std::string_view rule) {
    if (const auto exact = paths_.find(name.name); exact != paths_.end()) return exact->second;
    const auto [from, to] = nodes_.equal_range(name.name);
    if (from == to) return nullptr;
    if (std::next(from) != to)
      findings_.error(rule, name.at, element,
                      "`" + name.name + "` stands in several scopes (" + place(from->second->at) + ", " + place(std::next(from)->second->at) + ")",
                      "write its path: sub/" + name.name);
    return from->second;
  }

  // Depth is bounded by limits::yaml_depth.
  void level(const std::vector<model::Node>& nodes, const model::Node* parent, const std::string& path) {
    Siblings siblings;
    std::set<std::string> handlers;
    for (const auto& n : nodes) {
      siblings.names.push_back(n.id);
      siblings.ids.insert(n.id);
      if (!n.compensation.empty()) handlers.insert(n.compensation.name);
    }
    links(nodes);
    for (const auto& n : nodes) {
      const std::string element = path + n.id;
      const bool may_end = n.type == NodeType::end_event || n.type == NodeType::event_sub_process || throws_link(n) || handlers.count(n.id) != 0 ||
                           (parent != nullptr && parent->type == NodeType::ad_hoc_sub_process);
      node(n, element, siblings, may_end);
      for (const auto& b : n.boundary) node(b, path + b.id, siblings, false);
      inside(n, element);
    }
  }

  static bool throws_link(const model::Node& n) {
    return n.type == NodeType::intermediate_throw_event &&
           std::any_of(n.events.begin(), n.events.end(), [](const auto& e) { return e.kind == EventKind::link; });
  }

  void node(const model::Node& n, const std::string& element, const Siblings& siblings, bool may_end) {
    flows(n, element, siblings, may_end);
    if (!n.lane.empty() && !contains(lanes_, n.lane.name)) unknown("SB0121", n.lane, element, "lane", lanes_, "declare it under `lanes`");
    initial_data(n, element);
    const std::size_t outside = data_.size();
    if (!model::is_container(n.type))  // a task writes its own data; what leaves a container goes to those around it
      for (const auto& d : n.data) data_.push_back(d.name);
    for (const auto& f : n.form) data({f.name, f.at}, element);
    for (const auto& m : n.set) data({m.name, m.at}, element);
    for (const auto& m : n.out) data({m.name, m.at}, element);
    data_.resize(outside);
    if (!n.loop.output_collection.empty()) data(n.loop.output_collection, element);
    if (!n.message.empty()) declared(n.message, element, "message", process_.messages);
    if (!n.compensation.empty()) compensation(n, element, siblings);
    if (!n.decision.empty()) decision(n, element);
    for (const auto& e : n.events)
      if (e.kind != EventKind::compensate || siblings.ids.count(e.name.name) == 0) event(e, element);
    for (const auto& t : n.loop.events) event(t.event, element);
  }

  void flows(const model::Node& n, const std::string& element, const Siblings& siblings, bool may_end) {
    const bool written = n.next_at != n.at;
    if (!written && !may_end && !findings_.is_said("SB0113", n.type_at))  // an unknown type may be one that needs none
      findings_.error("SB0129", n.at, element, "the node does not say its `next`",
                      "write `next: id`; a branch that ends here leads to an endEvent (or `next: []`)");
    std::size_t defaults = 0;
    for (const auto& f : n.next) {
      if (f.is_default && ++defaults == 2) findings_.error("SB0129", f.to.at, element, "more than one `else` flow", "keep one");
      if (f.to.empty() || siblings.ids.count(f.to.name) != 0) continue;
      const auto elsewhere = nodes_.find(f.to.name);
      if (elsewhere == nodes_.end())
        unknown("SB0120", f.to, element, "node", siblings.names, "declare it under `nodes`");
      else if (elsewhere->second->type == NodeType::boundary_event)
        findings_.error("SB0120", f.to.at, element, "`" + f.to.name + "` is a boundary event: no flow leads to it",
                        "it begins when its event happens");
      else
        findings_.error("SB0120", f.to.at, element, "`" + f.to.name + "` (" + place(elsewhere->second->at) + ") stands in another scope",
                        "a flow cannot cross the border of a sub-process");
    }
  }

  void links(const std::vector<model::Node>& nodes) {
    std::map<std::string, const model::Node*> catches;
    for (const auto& n : nodes)
      for (const auto& e : n.events)
        if (e.kind == EventKind::link && n.type == NodeType::intermediate_catch_event && !catches.emplace(e.name.name, &n).second)
          findings_.error("SB0127", e.name.at, n.id, "two catching link events are called `" + e.name.name + "`", "one link has one target");
    Names names;
    for (const auto& [name, n] : catches) names.push_back(name);
    std::set<std::string> thrown;
    for (const auto& n : nodes)
      for (const auto& e : n.events) {
        if (e.kind != EventKind::link || n.type != NodeType::intermediate_throw_event) continue;
        thrown.insert(e.name.name);
        if (catches.count(e.name.name) == 0)
          unknown("SB0127", e.name, n.id, "catching link event", names, "add an intermediateCatchEvent with this link in the same scope");
      }
    for (const auto& [name, n] : catches)
      if (thrown.count(name) == 0)
        findings_.error("SB0127", n->at, n->id, "no throwing link event leads to `" + name + "`",
                        "add an intermediateThrowEvent with this link in the same scope");
  }

  void data(const Ref& name, const std::string& element) {
    if (!contains(data_, name.name)) unknown("SB0122", name, element, "data name", data_, "declare it under `data`");
  }

  void compensation(const model::Node& n, const std::string& element, const Siblings& siblings) {
    if (siblings.ids.count(n.compensation.name) == 0)
      return unknown("SB0126", n.compensation, element, "activity", siblings.names, "declare it under `nodes`");
    const auto found = nodes_.find(n.compensation.name);
    if (found != nodes_.end() && !model::is_activity(found->second->type))
      findings_.error("SB0126", n.compensation.at, element, "`" + n.compensation.name + "` is no activity", "only an activity can undo another");
  }

  void event(const model::EventDefinition& e, const std::string& element) {
    switch (e.kind) {
      case EventKind::message: return declared(e.name, element, "message", process_.messages);
      case EventKind::signal: return declared(e.name, element, "signal", process_.signals);
      case EventKind::error: return e.name.name == "any" ? void() : declared(e.name, element, "error", process_.errors);
      case EventKind::escalation: return e.name.name == "any" ? void() : declared(e.name, element, "escalation", process_.escalations);
      case EventKind::compensate:
        if (!e.name.empty() && find(e.name, element, "SB0126") == nullptr)
          unknown("SB0126", e.name, element, "activity", names_, "declare it under `nodes`");
        return;
      case EventKind::none:
      case EventKind::timer:
      case EventKind::condition:
      case EventKind::link:
      case EventKind::terminate:
      case EventKind::cancel: return;
    }
  }

  /// Declaring is optional; but a name that is nearly a declared one is most likely that one.
  void declared(const Ref& name, const std::string& element, std::string_view kind, const std::vector<model::Declaration>& all) {
    Names names;
    for (const auto& d : all) names.push_back(d.id);
    likely_typo(name, element, kind, names);
  }

  void likely_typo(const Ref& name, const std::string& element, std::string_view kind, const Names& names) {
    if (name.empty() || contains(names, name.name)) return;
    const std::string near = model::nearest_name(name.name, names);
    if (!near.empty())
      findings_.error("SB0125", name.at, element, "the " + std::string(kind) + " `" + name.name + "` is not declared, but `" + near + "` is",
                      "did you mean `" + near + "`? if not, declare `" + name.name + "` too", missing(kind_of_word(kind), name.name));
  }

  void decision(const model::Node& n, const std::string& element) {
    Names names;
    for (const auto& d : process_.decisions) names.push_back(d.name);
    likely_typo(n.decision, element, "decision", names);
  }

  void trigger(const model::Trigger& t, const std::string& element) {
    using Kind = model::Trigger::Kind;
    for (const auto& c : t.any) {
      if (c.name.empty()) continue;
      if (c.kind == Kind::message) declared(c.name, element, "message", process_.messages);
      if ((c.kind == Kind::completed || c.kind == Kind::entered) && find(c.name, element, "SB0123") == nullptr)
        unknown("SB0123", c.name, element, "node", names_, "declare it under `nodes`");
    }
  }

  void clock(const model::ClockDefinition& c) {
    const std::string element = "sla." + c.id;
    for (const auto* t : {&c.start, &c.stop, &c.cancel, &c.reset, &c.pause_on, &c.resume_on}) trigger(*t, element);
    Names places = names_;
    places.insert(places.end(), lanes_.begin(), lanes_.end());
    for (const auto& r : c.pause_in) {
      const bool lane = lane_ids_.count(r.name) != 0;
      const bool node = nodes_.count(r.name) != 0 || paths_.count(r.name) != 0;
      if (!lane && find(r, element, "SB0123") == nullptr)
        unknown("SB0123", r, element, "node or lane", places, "declare it under `nodes` or `lanes`");
      if (node && lane) findings_.error("SB0128", r.at, element, "`" + r.name + "` is both a node and a lane", "rename one of them");
    }
    marks(c.marks, element);
  }

  void marks(const std::vector<model::ClockMark>& all, const std::string& element) {
    for (const auto& m : all) {
      if (!m.feedback.empty() && !contains(feedback_, m.feedback.name))
        unknown("SB0124", m.feedback, element, "feedback", feedback_, "declare it under `feedback`");
      if (m.escalate.empty() || contains(caught_, m.escalate.name)) continue;
      Names names = caught_;
      for (const auto& d : process_.escalations) names.push_back(d.id);
      likely_typo(m.escalate, element, "escalation", names);
    }
  }

  void unknown(std::string_view rule, const Ref& name, const std::string& element, std::string_view kind, const Names& names,
               std::string_view remedy) {
    const std::string near = suggestion(name.name, names, remedy);
    findings_.error(rule, name.at, element, "unknown " + std::string(kind) + " `" + name.name + "`", near, missing(kind_of_word(kind), name.name));
  }

  const Process& process_;
  Findings& findings_;
  Names data_;  // seen where the walk stands
  Names lanes_;
  Names feedback_;
  Names names_;                     // ids and paths of all nodes
  Names caught_;                    // escalations that something catches
  std::set<std::string> lane_ids_;  // ids of lanes
  std::map<std::string, const model::Node*> paths_;
  std::multimap<std::string, const model::Node*> nodes_;
};

}  // namespace

void resolve_names(const Process& process, Findings& findings) { Resolver(process, findings).run(); }

}  // namespace switchboard::notation
