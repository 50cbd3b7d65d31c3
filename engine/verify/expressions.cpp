#include "verify/expressions.hpp"

#include <algorithm>

#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

using model::Node;
using model::NodeType;

class Walk {
 public:
  Walk(const model::Process& process, const std::function<void(const Use&)>& f) : f_(f), case_(seen_in_process(process)) {}

  void nodes(const std::vector<Node>& all) { nodes(all, "", case_, case_); }

  void clock(const model::ClockDefinition& k) {
    for (const auto* t : {&k.start, &k.stop, &k.cancel, &k.reset, &k.pause_on, &k.resume_on}) trigger(*t, k.id);
    condition(k.pause_if, k.id);
    for (const auto* e : {&k.within, &k.by, &k.before, &k.from}) text(*e, k.id);
  }

  void feedback(const model::FeedbackDefinition& f) {
    trigger(f.on, f.id);
    condition(f.condition, f.id);
    text(f.to, f.id);
    text(f.channels_by, f.id);
    for (const auto& [language, words] : f.text.by_language) {
      const auto at = f.text_positions.find(language);
      holes({words, at == f.text_positions.end() ? f.text_at : at->second}, f.id);
    }
  }

  void text(const model::Expr& e, const std::string& element) { text(e, element, case_); }

 private:
  /// `around`: what is seen around the container; what starts an event sub-process sees that.
  // Depth is bounded by the loader's limit on nesting.
  void nodes(const std::vector<Node>& all, const std::string& prefix, const Seen& seen, const Seen& outside) {
    for (const Node& n : all) {
      if (n.data.empty() && !n.loop) {
        node(n, prefix + n.id, seen, seen, seen, n.type == NodeType::start_event ? outside : seen);
        nodes(n.nodes, prefix + n.id + "/", seen, seen);
      } else {
        const Seen inside = seen_inside(seen, n);
        node(n, prefix + n.id, n.loop && !model::is_container(n.type) ? inside : seen, inside, inside, seen);
        if (n.loop) repetition(n, prefix + n.id, seen, inside);
        nodes(n.nodes, prefix + n.id + "/", inside, n.type == NodeType::event_sub_process ? seen : inside);
      }
      for (const Node& b : n.boundary) node(b, prefix + b.id, seen, seen, seen, seen);
    }
  }

  void text(const model::Expr& e, const std::string& element, const Seen& seen, const model::DataItem* target = nullptr, bool other_names = false) {
    if (!e.empty()) f_({e, element, seen, target, other_names, false});
  }
  void condition(const model::Expr& e, const std::string& element, const Seen& seen) {
    if (!e.empty()) f_({e, element, seen, nullptr, false, true});
  }
  void condition(const model::Expr& e, const std::string& element) { condition(e, element, case_); }

  void node(const Node& n, const std::string& path, const Seen& seen, const Seen& inside, const Seen& leaving, const Seen& waiting) {
    for (const auto& flow : n.next) condition(flow.condition, path, seen);
    for (const auto& m : n.in)
      text(m.value, path, n.loop ? inside : seen, n.data.empty() || !model::is_container(n.type) ? nullptr : inside.find(m.name));
    for (const auto& m : n.out)
      text(m.value, path, n.type == NodeType::start_event ? waiting : leaving, seen.find(m.name), n.type != NodeType::user_task);
    for (const auto& m : n.set) text(m.value, path, seen, seen.find(m.name));
    for (const auto& e : n.events) condition(e.condition, path, waiting);
    for (const auto& e : n.events)
      for (const auto* one : {&e.timer.duration, &e.timer.instant, &e.timer.times}) text(*one, path, waiting);
    for (const auto& f : n.form) {
      condition(f.required_if, path, seen);
      for (const auto* e : {&f.choices_from, &f.min, &f.max}) text(*e, path, seen);
    }
    for (const auto& d : n.data) text(d.computed, path, waiting, &d);
    text(n.register_use.key, path, seen);
    for (const auto* all : {&n.register_use.set, &n.register_use.add})
      for (const auto& m : *all) text(m.value, path, seen);
    for (const auto* e :
         {&n.process_by, &n.assignee, &n.organisation, &n.due, &n.priority, &n.backoff, &n.timeout, &n.activate, &n.completion_condition})
      text(*e, path, seen);
  }

  void repetition(const Node& n, const std::string& path, const Seen& seen, const Seen& inside) {
    for (const auto* e : {&n.loop.collection, &n.loop.cardinality, &n.loop.maximum}) text(*e, path, seen);
    text(n.loop.output, path, inside);
    condition(n.loop.condition, path, inside);
    for (const auto& t : n.loop.events) condition(t.condition, path, inside);
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
  const Seen case_;
};

// Depth is bounded by the loader's limit on nesting.
void walk_places(const std::vector<Node>& all, const std::string& prefix, const Seen& seen,
                 const std::function<void(const Node&, const std::string&, const Seen&)>& f) {
  for (const Node& n : all) {
    const bool has_own = !n.data.empty() || n.loop;
    const Seen inside = has_own ? seen_inside(seen, n) : seen;
    f(n, prefix + n.id, n.loop ? inside : seen);
    for (const Node& b : n.boundary) f(b, prefix + b.id, seen);
    walk_places(n.nodes, prefix + n.id + "/", inside, f);
  }
}

}  // namespace

const model::DataItem* Seen::find(std::string_view name) const {
  const auto found = std::find_if(data.begin(), data.end(), [&](const model::DataItem* d) { return d->name == name; });
  return found == data.end() ? nullptr : *found;
}

std::vector<std::string> Seen::names() const {
  std::vector<std::string> all;
  for (const model::DataItem* d : data) all.push_back(d->name);
  return all;
}

Seen seen_in_process(const model::Process& process) {
  Seen seen;
  for (const auto& d : process.data) seen.data.push_back(&d);
  return seen;
}

Seen seen_inside(const Seen& around, const Node& container) {
  Seen seen = around;
  for (const auto& d : container.data) seen.data.push_back(&d);
  if (!container.loop) return seen;
  std::erase_if(seen.data, [](const model::DataItem* d) { return model::names::is_counter(d->name); });  // each activity has its own
  auto own = std::make_shared<std::vector<model::DataItem>>();
  const auto give = [&](std::string_view name, const feel::Type& type) {
    model::DataItem item;
    item.name = name;
    item.type = type;
    own->push_back(std::move(item));
  };
  give(model::names::loop_counter, feel::Type::Kind::number);
  if (container.loop.is_multi_instance())
    for (const std::string_view name : model::names::instance_counters) give(name, feel::Type::Kind::number);
  if (!container.loop.element.empty()) give(container.loop.element, {});
  for (const auto& d : *own) seen.data.push_back(&d);
  seen.given.push_back(std::move(own));
  return seen;
}

void for_each_place(const model::Process& process, const std::function<void(const Node&, const std::string&, const Seen&)>& f) {
  walk_places(process.nodes, "", seen_in_process(process), f);
}

void for_each_use(const model::Process& process, const std::function<void(const Use&)>& f) {
  Walk walk(process, f);
  walk.text(process.customer, process.id);
  walk.text(process.organisation, process.id);
  for (const auto& lane : process.lanes) walk.text(lane.organisation, "lanes." + lane.id);
  for (const auto& d : process.data) walk.text(d.computed, "data." + d.name);
  walk.nodes(process.nodes);
  for (const auto& k : process.sla) walk.clock(k);
  for (const auto& one : process.feedback) walk.feedback(one);
  for (const auto* declared : {&process.messages, &process.signals, &process.errors, &process.escalations})
    for (const auto& d : *declared) walk.text(d.key, d.id);
}

feel::StaticScope names_of(const model::Process& process, const Seen& seen) {
  feel::StaticScope scope;
  std::uint32_t slot = 0;
  for (const model::DataItem* d : seen.data) scope.names.push_back({d->name, d->type, slot++});
  scope.names.push_back({"case_no", feel::Type::Kind::string, slot++});
  scope.names.push_back({"instance_started", feel::Type::Kind::date_time, slot});
  scope.functions.push_back({"sla", {{"id", feel::Type::Kind::string}}, 1, {}, 0});
  for (const auto& d : process.decisions) scope.functions.push_back({d.name, {}, 0, {}, 0});
  return scope;
}

const feel::StaticScope& NamesSeen::at(const Seen& seen) {
  if (!names_ || made_of_.data != seen.data) {
    made_of_ = seen;
    names_ = names_of(process_, seen);
  }
  return *names_;
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

std::vector<model::Ref> calendars_asked(const model::Process& process) {
  std::vector<model::Ref> asked;
  NamesSeen names(process);
  feel::CompileOptions lenient;
  lenient.unknown_names_are_null = true;
  lenient.type_check = false;
  for_each_use(process, [&](const Use& use) {
    if (use.expr.text.find('(') == std::string::npos) return;
    const auto compiled = feel::compile(use.expr.text, names.at(use.seen), lenient);
    const auto* program = std::get_if<feel::Program>(&compiled);
    if (program == nullptr) return;
    for (const feel::CalendarUse& one : program->used_calendars())
      if (!one.id.empty()) asked.push_back({one.id, use.expr.at});
  });
  return asked;
}

}  // namespace switchboard::verify
