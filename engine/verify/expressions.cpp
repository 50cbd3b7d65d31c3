#include "verify/expressions.hpp"

#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

using model::Node;
using model::NodeType;

class Walk {
 public:
  explicit Walk(const std::function<void(const Use&)>& f) : f_(f) {}

  // Depth is bounded by the loader's limit on nesting.
  void nodes(const std::vector<Node>& all, const std::string& prefix) {
    for (const Node& n : all) {
      node(n, prefix + n.id);
      for (const Node& b : n.boundary) node(b, prefix + b.id);
      nodes(n.nodes, prefix + n.id + "/");
    }
  }

  void clock(const model::ClockDefinition& k) {
    for (const auto* t : {&k.start, &k.stop, &k.cancel, &k.reset, &k.pause_on, &k.resume_on}) trigger(*t, k.id);
    condition(k.pause_if, k.id);
    for (const auto* e : {&k.within, &k.from}) text(*e, k.id);
  }

  void feedback(const model::FeedbackDefinition& f) {
    trigger(f.on, f.id);
    text(f.to, f.id);
    for (const auto& [language, words] : f.text.by_language) {
      const auto at = f.text_positions.find(language);
      holes({words, at == f.text_positions.end() ? f.text_at : at->second}, f.id);
    }
  }

  void text(const model::Expr& e, const std::string& element, const std::string& target = {}, bool other_names = false) {
    if (!e.empty()) f_({e, element, target, other_names, false});
  }
  void condition(const model::Expr& e, const std::string& element) {
    if (!e.empty()) f_({e, element, {}, false, true});
  }

 private:
  void node(const Node& n, const std::string& path) {
    for (const auto& flow : n.next) condition(flow.condition, path);
    for (const auto& m : n.in) text(m.value, path);
    for (const auto& m : n.out) text(m.value, path, m.name, n.type != NodeType::user_task);
    for (const auto& m : n.set) text(m.value, path, m.name);
    for (const auto& e : n.events) condition(e.condition, path);
    for (const auto& e : n.events)
      for (const auto* one : {&e.timer.duration, &e.timer.instant, &e.timer.times}) text(*one, path);
    for (const auto* e : {&n.assignee, &n.due, &n.priority, &n.backoff, &n.timeout, &n.activate, &n.completion_condition}) text(*e, path);
    for (const auto* e : {&n.loop.collection, &n.loop.cardinality, &n.loop.condition, &n.loop.maximum, &n.loop.output}) text(*e, path, {}, true);
  }

  void trigger(const model::Trigger& t, const std::string& element) {
    for (const auto& one : t.any) condition(one.condition, element);
  }

  /// What stands in {{...}}, each with its own place.
  void holes(const model::Expr& words, const std::string& element) {
    const std::string& all = words.text;
    for (std::size_t at = all.find("{{"); at != std::string::npos; at = all.find("{{", at + 2)) {
      const auto end = all.find("}}", at);
      if (end == std::string::npos) return;
      text({all.substr(at + 2, end - at - 2), place_in(words, at + 2)}, element);
    }
  }

  const std::function<void(const Use&)>& f_;
};

}  // namespace

void for_each_use(const model::Process& process, const std::function<void(const Use&)>& f) {
  Walk walk(f);
  walk.text(process.customer, process.id);
  walk.nodes(process.nodes, "");
  for (const auto& k : process.sla) walk.clock(k);
  for (const auto& one : process.feedback) walk.feedback(one);
  for (const auto* declared : {&process.messages, &process.signals, &process.errors, &process.escalations})
    for (const auto& d : *declared) walk.text(d.key, d.id);
}

feel::StaticScope names_of(const model::Process& process) {
  feel::StaticScope scope;
  std::uint32_t slot = 0;
  for (const auto& d : process.data) scope.names.push_back({d.name, d.type, slot++});
  scope.names.push_back({"case_no", feel::Type::Kind::string, slot++});
  scope.names.push_back({"instance_started", feel::Type::Kind::date_time, slot});
  scope.functions.push_back({"sla", {{"id", feel::Type::Kind::string}}, 1, {}, 0});
  for (const auto& d : process.decisions) scope.functions.push_back({d.name, {}, 0, {}, 0});
  return scope;
}

model::DataSpec spec_of(const model::DataItem& item) {
  model::DataSpec spec;
  spec.name = item.name;
  spec.type = item.type;
  spec.enumeration = item.enumeration;
  spec.min = item.min;
  spec.max = item.max;
  return spec;
}

}  // namespace switchboard::verify
