#include "notation/write_process.hpp"

#include <set>
#include <utility>

#include "notation/yaml_write.hpp"

namespace switchboard::notation {

namespace {

using model::EventKind;
using model::NodeType;
using yaml::Out;

constexpr std::size_t columns = 120;

Out text_out(std::string_view text) { return Out::scalar(yaml::plain_or_quoted(text, true)); }
/// FEEL and durations: a number or boolean is read as written.
Out feel_out(const model::Expr& e) { return Out::scalar(yaml::plain_or_quoted(e.text, false)); }
Out flag_out(bool b) { return Out::scalar(b ? "true" : "false"); }

Out texts_out(const std::vector<std::string>& all) {
  Out out = Out::list();
  for (const auto& t : all) out.items.push_back(text_out(t));
  return out;
}

Out refs_out(const std::vector<model::Ref>& all) {
  Out out = Out::list();
  for (const auto& r : all) out.items.push_back(text_out(r.name));
  return out;
}

/// An id, or a list of ids.
Out one_or_many(const std::vector<model::Ref>& all) { return all.size() == 1 ? text_out(all.front().name) : refs_out(all); }

Out label_out(const model::Text& text) {
  if (text.by_language.size() == 1 && text.by_language.begin()->first.empty()) return text_out(text.by_language.begin()->second);
  Out out = Out::map();
  for (const auto& [language, words] : text.by_language) out.add(language.empty() ? "en" : language, text_out(words));
  return out;
}

Out mappings_out(const std::vector<model::Mapping>& all) {
  Out out = Out::map();
  for (const auto& m : all) out.add(m.name, feel_out(m.value));
  return out;
}

Out value_out(const Value& v) {
  if (v.is_null()) return Out::scalar("null");
  if (const bool* b = v.boolean()) return flag_out(*b);
  if (const Decimal* n = v.number()) return Out::scalar(n->to_string());
  if (const List* l = v.list()) {
    Out out = Out::list();
    for (const Value& item : *l) out.items.push_back(value_out(item));
    return out;
  }
  if (const Context* c = v.context()) {
    Out out = Out::map();
    for (const auto& [key, item] : c->entries()) out.add(yaml::plain_or_quoted(key, true), value_out(item));
    return out;
  }
  return text_out(to_display(v));
}

void put(Out& out, std::string_view key, const model::Text& t) {
  if (!t.empty()) out.add(key, label_out(t));
}
void put(Out& out, std::string_view key, const model::Expr& e) {
  if (!e.empty()) out.add(key, feel_out(e));
}
void put(Out& out, std::string_view key, const model::Ref& r) {
  if (!r.empty()) out.add(key, text_out(r.name));
}
void put(Out& out, std::string_view key, const std::string& s) {
  if (!s.empty()) out.add(key, text_out(s));
}

Out timer_out(const model::TimerDefinition& t) {
  using Kind = model::TimerDefinition::Kind;
  Out out = Out::map();
  if (t.kind == Kind::after) put(out, "after", t.duration);
  if (t.kind == Kind::at) put(out, "at", t.instant);
  if (t.kind == Kind::every) {
    put(out, "every", t.duration);
    if (!t.named_days.empty()) {
      Out days = Out::map();
      days.add("at", text_out(t.named_days.text));
      out.add("every", std::move(days));
    }
    put(out, "times", t.times);
    if (t.missed != model::MissedCycles::one) out.add("missed", Out::scalar(t.missed == model::MissedCycles::all ? "all" : "skip"));
  }
  put(out, "calendar", t.calendar);
  return out;
}

void put_event(Out& out, const model::EventDefinition& e) {
  const std::string_view key = model::to_string(e.kind);
  switch (e.kind) {
    case EventKind::none: return;
    case EventKind::timer: return out.add(key, timer_out(e.timer));
    case EventKind::condition: return put(out, key, e.condition);
    case EventKind::terminate:
    case EventKind::cancel: return out.add(key, flag_out(true));
    case EventKind::compensate: {
      if (e.wait) return out.add(key, e.name.empty() ? flag_out(true) : text_out(e.name.name));
      Out compensation = Out::map();
      put(compensation, "activity", e.name);
      compensation.add("waitForCompletion", flag_out(false));
      return out.add(key, std::move(compensation));
    }
    case EventKind::message:
    case EventKind::signal:
    case EventKind::error:
    case EventKind::escalation:
    case EventKind::link: break;
  }
  return put(out, key, e.name);
}

void put_events(Out& out, const model::Node& n) {
  if (n.events.size() == 1 && !n.parallel_multiple) return put_event(out, n.events.front());
  if (n.events.empty()) return;
  Out list = Out::list();
  for (const auto& e : n.events) {
    Out one = Out::map();
    put_event(one, e);
    list.items.push_back(std::move(one));
  }
  out.add(n.parallel_multiple ? "parallelMultiple" : "multiple", std::move(list));
}

/// Whether `next` may be missing (docs/language.md, Nodes).
bool next_may_be_missing(const model::Node& n) { return n.type == NodeType::end_event || n.type == NodeType::event_sub_process; }

void put_next(Out& out, const model::Node& n, bool needed) {
  if (n.next.empty()) {
    if (needed) out.add("next", Out::list());
    return;
  }
  const model::Flow& first = n.next.front();
  if (n.next.size() == 1 && first.condition.empty() && !first.is_default && first.name.empty()) return out.add("next", text_out(first.to.name));
  Out list = Out::list();
  for (const auto& f : n.next) {
    if (f.condition.empty() && !f.is_default && f.name.empty()) {
      list.items.push_back(text_out(f.to.name));
      continue;
    }
    Out flow = Out::map();
    put(flow, "if", f.condition);
    flow.add(f.is_default ? "else" : "to", text_out(f.to.name));
    put(flow, "name", f.name);
    list.items.push_back(std::move(flow));
  }
  out.add("next", std::move(list));
}

void put_loop(Out& out, const model::LoopDefinition& l) {
  using Kind = model::LoopDefinition::Kind;
  if (l.kind == Kind::none) return;
  Out loop = Out::map();
  if (l.kind == Kind::standard) {
    put(loop, "while", l.condition);
    if (l.test_before) loop.add("testBefore", flag_out(true));
    put(loop, "max", l.maximum);
    return out.add("loop", std::move(loop));
  }
  put(loop, "collection", l.collection);
  put(loop, "cardinality", l.cardinality);
  put(loop, "element", l.element);
  if (l.kind == Kind::sequential) loop.add("sequential", flag_out(true));
  put(loop, "completionCondition", l.condition);
  put(loop, "output", l.output);
  put(loop, "outputCollection", l.output_collection);
  if (l.behavior != model::LoopDefinition::Behavior::all_events) loop.add("behavior", text_out(std::string(model::to_string(l.behavior))));
  if (!l.events.empty()) {
    Out thrown = Out::list();
    for (const auto& t : l.events) {
      Out one = Out::map();
      put(one, "if", t.condition);
      put_event(one, t.event);
      thrown.items.push_back(std::move(one));
    }
    loop.add("throw", std::move(thrown));
  }
  out.add("multiInstance", std::move(loop));
}

Out field_out(const model::FormField& f) {
  if (!f.has_details()) return text_out(f.name);
  Out out = Out::map();
  out.add("field", text_out(f.name));
  if (f.required) out.add("required", flag_out(true));
  put(out, "required", f.required_if);
  put(out, "name", f.label);
  put(out, "hint", f.hint);
  if (!f.choices.empty()) out.add("choices", value_out(Value(List(f.choices.begin(), f.choices.end()))));
  put(out, "choices", f.choices_from);
  put(out, "min", f.min);
  put(out, "max", f.max);
  return out;
}

Out form_out(const std::vector<model::FormField>& form) {
  Out out = Out::list();
  for (const auto& f : form) out.items.push_back(field_out(f));
  return out;
}

void put_own_keys(Out& out, const model::Node& n) {
  if (!n.groups.empty()) out.add("groups", texts_out(n.groups));
  put(out, "assignee", n.assignee);
  put(out, "organisation", n.organisation);
  if (!n.form.empty()) out.add("form", form_out(n.form));
  put(out, "due", n.due);
  put(out, "priority", n.priority);
  put(out, "message", n.message);
  put(out, "job", n.job);
  if (n.retries) out.add("retries", Out::scalar(std::to_string(*n.retries)));
  put(out, "backoff", n.backoff);
  put(out, "timeout", n.timeout);
  if (n.register_use) {
    Out use = Out::map();
    put(use, n.register_use.kind == model::RegisterUse::Kind::read ? "read" : "write", n.register_use.name);
    put(use, "key", n.register_use.key);
    if (!n.register_use.set.empty()) use.add("set", mappings_out(n.register_use.set));
    if (!n.register_use.add.empty()) use.add("add", mappings_out(n.register_use.add));
    out.add("register", std::move(use));
  }
  if (n.instantiate) out.add("instantiate", flag_out(true));
  if (n.parallel) out.add("parallel", flag_out(true));
  if (n.type == NodeType::script_task) out.add("set", mappings_out(n.set));
  put(out, "decision", n.decision);
  put(out, "process", n.process);
  put(out, "processBy", n.process_by);
  if (n.type == NodeType::call_activity && n.version != "latest") put(out, "version", n.version);
  put(out, "activate", n.activate);
  put(out, "completionCondition", n.completion_condition);
  if (n.sequential) out.add("sequential", flag_out(true));
  if (!n.cancel_remaining) out.add("cancelRemaining", flag_out(false));
}

void put_out(Out& out, const model::Node& n) {
  if (!n.has_out && n.out.empty()) return;
  const bool whole = n.type == NodeType::business_rule_task && n.out.size() == 1 && n.out.front().value.text == "result";
  out.add("out", whole ? text_out(n.out.front().name) : mappings_out(n.out));
}

/// A text that begins with `=` would be read as FEEL.
Out default_out(const Value& v) {
  const std::string* text = v.string();
  return text != nullptr && text->starts_with('=') ? text_out("=" + to_feel(v)) : value_out(v);
}

Out data_out(const model::DataItem& d) {
  const bool bare = !d.required && !d.has_default() && !d.set_by_process && !d.search && d.enumeration.empty() && !d.min && !d.max &&
                    d.label.empty() && d.documentation.empty();
  if (bare) return text_out(model::word_of(d.type));
  Out out = Out::map();
  const bool implied = !d.enumeration.empty() && d.type.kind() == feel::Type::Kind::string;
  if (!implied) out.add("type", text_out(model::word_of(d.type)));
  put(out, "name", d.label);
  put(out, "documentation", d.documentation);
  if (d.required) out.add("required", flag_out(true));
  if (!d.enumeration.empty()) {
    Out values = Out::list();
    for (const auto& v : d.enumeration) values.items.push_back(value_out(v));
    out.add("enum", std::move(values));
  }
  if (d.set_by_process) out.add("set-by", text_out("process"));
  if (d.search) out.add("search", flag_out(true));
  if (d.default_value) out.add("default", default_out(*d.default_value));
  if (!d.computed.empty()) out.add("default", text_out("=" + d.computed.text));
  if (d.min) out.add("min", value_out(*d.min));
  if (d.max) out.add("max", value_out(*d.max));
  return out;
}

template <class T, class F>
void put_map(Out& out, std::string_view key, const std::vector<T>& all, F&& one) {
  if (all.empty()) return;
  Out map = Out::map();
  for (const T& t : all) {
    if constexpr (requires { t.id; })
      map.add(t.id, one(t));
    else
      map.add(t.name, one(t));
  }
  out.add(key, std::move(map));
}

Out nodes_out(const std::vector<model::Node>& nodes, bool ad_hoc);

Out node_out(const model::Node& n, bool needs_next) {
  Out out = Out::map();
  if (n.type != NodeType::boundary_event) out.add("type", Out::scalar(std::string(model::to_string(n.type))));
  put(out, "name", n.name);
  put(out, "documentation", n.documentation);
  put(out, "lane", n.lane);
  put_events(out, n);
  if (!n.interrupting) out.add("interrupting", flag_out(false));
  put_own_keys(out, n);
  put_loop(out, n.loop);
  if (!n.in.empty()) out.add("in", mappings_out(n.in));
  put_out(out, n);
  put(out, "compensation", n.compensation);
  if (n.start_quantity != 1) out.add("startQuantity", Out::scalar(std::to_string(n.start_quantity)));
  if (n.completion_quantity != 1) out.add("completionQuantity", Out::scalar(std::to_string(n.completion_quantity)));
  put_next(out, n, needs_next);
  if (!n.boundary.empty()) {
    Out boundary = Out::map();
    for (const auto& b : n.boundary) boundary.add(b.id, node_out(b, true));
    out.add("boundary", std::move(boundary));
  }
  put_map(out, "data", n.data, data_out);
  if (model::is_container(n.type)) out.add("nodes", nodes_out(n.nodes, n.type == NodeType::ad_hoc_sub_process));
  return out;
}

bool throws_link(const model::Node& n) {
  return n.type == NodeType::intermediate_throw_event && !n.events.empty() && n.events.front().kind == EventKind::link;
}

// Depth is bounded as in BlockWriter.
Out nodes_out(const std::vector<model::Node>& nodes, bool ad_hoc) {
  Out out = Out::map();
  for (const auto& n : nodes) {
    bool handler = false;
    for (const auto& other : nodes) handler = handler || other.compensation.name == n.id;
    out.add(n.id, node_out(n, !next_may_be_missing(n) && !throws_link(n) && !handler && !ad_hoc));
  }
  return out;
}

/// In the order of the trigger, which is part of the identity: neighbours of one kind under one key; a key that comes twice needs a map of its own.
Out trigger_out(const model::Trigger& t) {
  using Kind = model::Trigger::Kind;
  Out out = Out::map();
  Out list = Out::list();
  std::set<std::string_view> keys;
  const auto add = [&](std::string_view key, Out value) {
    if (!keys.insert(key).second) {
      list.items.push_back(std::exchange(out, Out::map()));
      keys = {key};
    }
    out.add(key, std::move(value));
  };
  for (auto c = t.any.begin(); c != t.any.end();) {
    const Kind kind = c->kind;
    std::vector<model::Ref> refs;
    if (kind == Kind::condition)
      add("condition", feel_out((c++)->condition));
    else if (kind == Kind::process_started || kind == Kind::process_ended)
      add("process", Out::scalar((c++)->kind == Kind::process_started ? "started" : "ended"));
    else
      for (; c != t.any.end() && c->kind == kind; ++c) refs.push_back(c->name);
    if (!refs.empty()) add(kind == Kind::completed ? "completed" : kind == Kind::entered ? "entered" : "message", one_or_many(refs));
  }
  if (list.items.empty()) return out;
  list.items.push_back(std::move(out));
  return list;
}

void put(Out& out, std::string_view key, const model::Trigger& t) {
  if (!t.empty()) out.add(key, trigger_out(t));
}

Out marks_out(const std::vector<model::ClockMark>& marks) {
  Out out = Out::list();
  for (const auto& m : marks) {
    Out mark = Out::map();
    mark.add("at", text_out(m.text));
    put(mark, "escalate", m.escalate);
    put(mark, "feedback", m.feedback);
    if (m.skip_late) mark.add("late", Out::scalar("skip"));
    out.items.push_back(std::move(mark));
  }
  return out;
}

void put_pause(Out& out, const model::ClockDefinition& c) {
  Out pause = c.pause_on.empty() ? Out::map() : trigger_out(c.pause_on);
  if (pause.kind == Out::Kind::list) pause = pause.items.front();  // a pause has one condition: pause_if
  if (!c.pause_in.empty()) pause.add("in", refs_out(c.pause_in));
  put(pause, "condition", c.pause_if);
  if (!pause.entries.empty()) out.add("pause", std::move(pause));
}

Out clock_out(const model::ClockDefinition& c) {
  Out out = Out::map();
  put(out, "name", c.name);
  put(out, "start", c.start);
  put(out, "stop", c.stop);
  put(out, "cancel", c.cancel);
  put(out, "reset", c.reset);
  put_pause(out, c);
  put(out, "resume", c.resume_on);
  if (c.mean) {
    Out mean = Out::map();
    put(mean, "mean", c.within);
    out.add("within", std::move(mean));
  } else {
    put(out, "within", c.within);
  }
  put(out, "by", c.by);
  put(out, "before", c.before);
  if (c.rebudget) out.add("rebudget", flag_out(true));
  put(out, "from", c.from);
  put(out, "calendar", c.calendar);
  if (!c.marks.empty()) out.add("marks", marks_out(c.marks));
  if (c.restart_each || c.says_once) out.add("restart", Out::scalar(c.restart_each ? "each" : "once"));
  if (c.internal) out.add("audience", Out::scalar("internal"));
  put(out, "source", c.source);
  if (c.unverified == "unverified")
    out.add("unverified", flag_out(true));
  else
    put(out, "unverified", c.unverified);
  return out;
}

void put_declarations(Out& out, std::string_view key, const std::vector<model::Declaration>& all) {
  if (all.empty()) return;
  Out map = Out::map();
  for (const auto& d : all) {
    Out one = Out::map();
    put(one, "name", d.name);
    put(one, "code", d.code);
    put(one, "key", d.key);
    if (!d.groups.empty()) one.add("groups", texts_out(d.groups));
    Out payload = Out::map();
    for (const auto& [field, type] : d.payload) payload.add(field, text_out(model::word_of(type)));
    if (!payload.entries.empty()) one.add("payload", std::move(payload));
    if (d.to_all) put(one, "receivers", "all");
    if (d.keep && !d.keep.discard) put(one, "keep", d.keep.time);
    if (d.keep.discard) {
      Out keep = Out::map();
      put(keep, "for", d.keep.time);
      put(keep, "then", "discard");
      one.add("keep", std::move(keep));
    }
    map.add(d.id, std::move(one));
  }
  out.add(key, std::move(map));
}

void put_feedback(Out& out, const std::vector<model::FeedbackDefinition>& all) {
  if (all.empty()) return;
  Out map = Out::map();
  for (const auto& f : all) {
    Out one = Out::map();
    put(one, "name", f.name);
    put(one, "on", f.on);
    if (!f.channels.empty()) one.add("channels", texts_out(f.channels));
    put(one, "channels", f.channels_by);
    put(one, "text", f.text);
    put(one, "if", f.condition);
    put(one, "to", f.to);
    put(one, "receipt", f.receipt);
    put(one, "calendar", f.calendar);
    put(one, "source", f.source);
    map.add(f.id, std::move(one));
  }
  out.add("feedback", std::move(map));
}

void put_lanes(Out& out, const std::vector<model::Lane>& all) {
  if (all.empty()) return;
  Out map = Out::map();
  for (const auto& l : all) {
    Out one = Out::map();
    put(one, "name", l.name);
    if (!l.groups.empty()) one.add("groups", texts_out(l.groups));
    put(one, "organisation", l.organisation);
    map.add(l.id, std::move(one));
  }
  out.add("lanes", std::move(map));
}

}  // namespace

std::string write_process(const model::Process& p) {
  Out out = Out::map();
  out.add("switchboard", Out::scalar("1"));
  out.add("process", text_out(p.id));
  put(out, "name", p.name);
  put(out, "documentation", p.documentation);
  put(out, "version", p.version);
  put(out, "customer", p.customer);
  put(out, "organisation", p.organisation);
  put(out, "calendar", p.calendar);
  if (p.strict) out.add("strict", flag_out(true));
  put_map(out, "data", p.data, data_out);
  put_lanes(out, p.lanes);
  out.add("nodes", nodes_out(p.nodes, false));
  put_map(out, "sla", p.sla, clock_out);
  put_feedback(out, p.feedback);
  put_declarations(out, "messages", p.messages);
  put_declarations(out, "signals", p.signals);
  put_declarations(out, "errors", p.errors);
  put_declarations(out, "escalations", p.escalations);
  if (!p.decisions.empty()) out.add("decisions", refs_out(p.decisions));
  return yaml::write(out, columns);
}

}  // namespace switchboard::notation
