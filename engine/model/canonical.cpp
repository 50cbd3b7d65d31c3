// The identity of a definition: SHA-256 over a text that says everything a process says and nothing about the file it stood in.
#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <set>

#include "model/compiler.hpp"
#include "model/registers.hpp"
#include "switchboard/base/assert.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::model {
namespace {

template <class T>
void sort_by_id(std::vector<T>& all) {
  std::stable_sort(all.begin(), all.end(), [](const T& a, const T& b) { return a.id < b.id; });
}

void sort_data(std::vector<DataItem>& all) {
  std::stable_sort(all.begin(), all.end(), [](const DataItem& a, const DataItem& b) { return a.name < b.name; });
}

/// In a sequential ad-hoc sub-process the order says what comes first.
void sort_nodes(std::vector<Node>& nodes, bool keep_order) {
  if (!keep_order) sort_by_id(nodes);
  for (Node& n : nodes) {
    sort_by_id(n.boundary);
    sort_data(n.data);
    sort_nodes(n.nodes, n.type == NodeType::ad_hoc_sub_process && n.sequential);
  }
}

std::string_view trimmed(std::string_view s) {
  const auto from = s.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return s.substr(from, s.find_last_not_of(" \t\r\n") - from + 1);
}

/// Lines `key length:value`; a length before each value makes two different processes two different texts. Empty values are left out.
class Writer {
 public:
  std::string text;

  void put(std::string_view key, std::string_view value) {
    if (!value.empty()) fmt::format_to(std::back_inserter(text), "{} {}:{}\n", key, value.size(), value);
  }
  void put(std::string_view key, const Ref& ref) { put(key, ref.name); }
  void put(std::string_view key, const Expr& expr) { put(key, trimmed(expr.text)); }
  void put(std::string_view key, const Text& t) {
    for (const auto& [language, words] : t.by_language) {
      open(key, language);
      put("text", words);
      close();
    }
  }
  void put(std::string_view key, const std::vector<std::string>& all) {
    for (const auto& s : all) put(key, s);
  }
  void put(std::string_view key, const std::vector<Ref>& all) {
    for (const auto& r : all) put(key, r.name);
  }
  void flag(std::string_view key, bool on) {
    if (on) put(key, "yes");
  }
  void value(std::string_view key, const Value& v) { put(key, to_feel(v)); }
  void open(std::string_view key, std::string_view id) { fmt::format_to(std::back_inserter(text), "{} {}:{} {{\n", key, id.size(), id); }
  void close() { text += "}\n"; }
};

void write_mappings(Writer& w, std::string_view key, const std::vector<Mapping>& all) {
  for (const Mapping& m : all) {
    w.open(key, m.name);
    w.put("value", m.value);
    w.close();
  }
}

// Words of the canonical form. They are part of every identity, so they never change; a new enumerator does not compile before it has one.
std::string_view word_of(TimerDefinition::Kind kind) {
  switch (kind) {
    case TimerDefinition::Kind::after: return "after";
    case TimerDefinition::Kind::at: return "at";
    case TimerDefinition::Kind::every: return "every";
  }
  SB_UNREACHABLE("a kind of timer");
}
std::string_view word_of(MissedCycles missed) {
  switch (missed) {
    case MissedCycles::one: return "one";
    case MissedCycles::all: return "all";
    case MissedCycles::skip: return "skip";
  }
  SB_UNREACHABLE("what becomes of missed cycles");
}
std::string_view word_of(LoopDefinition::Kind kind) {
  switch (kind) {
    case LoopDefinition::Kind::none: return "none";
    case LoopDefinition::Kind::standard: return "standard";
    case LoopDefinition::Kind::parallel: return "parallel";
    case LoopDefinition::Kind::sequential: return "sequential";
  }
  SB_UNREACHABLE("a kind of loop");
}
std::string_view word_of(Trigger::Kind kind) {
  switch (kind) {
    case Trigger::Kind::completed: return "completed";
    case Trigger::Kind::entered: return "entered";
    case Trigger::Kind::message: return "message";
    case Trigger::Kind::condition: return "condition";
    case Trigger::Kind::process_started: return "process-started";
    case Trigger::Kind::process_ended: return "process-ended";
  }
  SB_UNREACHABLE("a kind of trigger");
}
std::string_view word_of(ClockMark::Kind kind) {
  switch (kind) {
    case ClockMark::Kind::percent: return "percent";
    case ClockMark::Kind::left: return "left";
    case ClockMark::Kind::breach: return "breach";
  }
  SB_UNREACHABLE("a kind of mark");
}

void write_timer(Writer& w, const TimerDefinition& t) {
  w.put("timer", word_of(t.kind));
  w.put("duration", t.duration);
  if (!t.named_days.empty()) w.put("named-days", t.named_days);
  w.put("instant", t.instant);
  w.put("times", t.times);
  w.put("missed", word_of(t.missed));
  w.put("calendar", t.calendar);
}

void write_event(Writer& w, const EventDefinition& e) {
  w.open("event", to_string(e.kind));
  w.put("name", e.name);
  w.put("condition", e.condition);
  if (e.kind == EventKind::timer) write_timer(w, e.timer);
  w.flag("goes-on", !e.wait);
  w.close();
}

void write_loop(Writer& w, const LoopDefinition& l) {
  if (l.kind == LoopDefinition::Kind::none) return;
  w.open("loop", word_of(l.kind));
  w.put("collection", l.collection);
  w.put("cardinality", l.cardinality);
  w.put("element", l.element);
  w.put("condition", l.condition);
  w.flag("test-before", l.test_before);
  w.put("maximum", l.maximum);
  w.put("output", l.output);
  w.put("output-collection", l.output_collection);
  if (l.behavior != LoopDefinition::Behavior::all_events) w.put("behavior", to_string(l.behavior));
  for (const LoopDefinition::Thrown& t : l.events) {
    w.open("thrown", {});
    w.put("condition", t.condition);
    write_event(w, t.event);
    w.close();
  }
  w.close();
}

void write_field(Writer& w, const FormField& f) {
  if (!f.has_details()) return w.put("form", f.name);
  w.open("form", f.name);
  w.flag("required", f.required);
  w.put("required-if", f.required_if);
  w.put("name", f.label);
  w.put("hint", f.hint);
  for (const Value& v : f.choices) w.value("choice", v);
  w.put("choices", f.choices_from);
  w.put("min", f.min);
  w.put("max", f.max);
  w.close();
}

void write_work(Writer& w, const Node& n) {
  w.put("group", n.groups);
  w.put("assignee", n.assignee);
  w.put("organisation", n.organisation);
  for (const FormField& f : n.form) write_field(w, f);
  w.put("due", n.due);
  w.put("priority", n.priority);
  w.put("job", n.job);
  if (n.retries) w.put("retries", std::to_string(*n.retries));
  w.put("backoff", n.backoff);
  w.put("timeout", n.timeout);
  if (n.register_use) {
    w.open(n.register_use.kind == RegisterUse::Kind::read ? "reads" : "writes", n.register_use.name.name);
    w.put("key", n.register_use.key);
    write_mappings(w, "set", n.register_use.set);
    write_mappings(w, "add", n.register_use.add);
    w.close();
  }
  w.put("message", n.message);
  w.flag("instantiate", n.instantiate);
  if (n.start_quantity != 1) w.put("start-quantity", std::to_string(n.start_quantity));
  if (n.completion_quantity != 1) w.put("completion-quantity", std::to_string(n.completion_quantity));
  write_mappings(w, "set", n.set);
  w.put("script", n.script);
  w.put("script-format", n.script_format);
  w.put("decision", n.decision);
  w.put("process", n.process);
  if (!n.process_by.empty()) w.put("process-by", n.process_by);
  if (!n.process.empty() || !n.process_by.empty()) w.put("version", n.version);
  w.put("activate", n.activate);
  w.put("completion-condition", n.completion_condition);
  w.flag("sequential", n.sequential);
  w.flag("keep-remaining", !n.cancel_remaining);
  w.flag("parallel", n.parallel);
}

void write_data(Writer& w, const std::vector<DataItem>& all) {
  for (const DataItem& d : all) {
    w.open("data", d.name);
    w.put("type", d.type.to_string());
    w.flag("required", d.required);
    if (d.default_value) w.value("default", *d.default_value);
    for (const Value& v : d.enumeration) w.value("enum", v);
    if (d.min) w.value("min", *d.min);
    if (d.max) w.value("max", *d.max);
    w.put("name", d.label);
    w.put("documentation", d.documentation);
    w.put("computed", d.computed);
    w.flag("set-by-process", d.set_by_process);
    w.flag("search", d.search);
    w.close();
  }
}

void write_nodes(Writer& w, std::string_view key, const std::vector<Node>& nodes) {
  for (const Node& n : nodes) {
    w.open(key, n.id);
    w.put("type", to_string(n.type));
    w.put("name", n.name);
    w.put("documentation", n.documentation);
    w.put("lane", n.lane);
    for (const Flow& f : n.next) {
      w.open("flow", f.to.name);
      w.put("if", f.condition);
      w.flag("else", f.is_default);
      w.put("name", f.name);
      w.close();
    }
    write_mappings(w, "in", n.in);
    write_mappings(w, "out", n.out);
    w.flag("has-out", n.has_out);
    for (const auto& e : n.events) write_event(w, e);
    w.flag("parallel-multiple", n.parallel_multiple);
    w.flag("non-interrupting", !n.interrupting);
    write_loop(w, n.loop);
    w.put("compensation", n.compensation);
    write_work(w, n);
    write_data(w, n.data);
    write_nodes(w, "boundary", n.boundary);
    write_nodes(w, "node", n.nodes);
    w.close();
  }
}

void write_trigger(Writer& w, std::string_view key, const Trigger& t) {
  for (const auto& one : t.any) {
    w.open(key, word_of(one.kind));
    w.put("name", one.name);
    w.put("condition", one.condition);
    w.close();
  }
}

void write_mark(Writer& w, const ClockMark& m) {
  w.open("mark", word_of(m.kind));
  if (m.kind == ClockMark::Kind::percent) w.put("percent", fmt::format("{}", m.percent));
  w.put("left", m.left);
  w.put("escalate", m.escalate);
  w.put("feedback", m.feedback);
  w.flag("skip-late", m.skip_late);
  w.close();
}

void write_clock(Writer& w, const ClockDefinition& k) {
  w.open("clock", k.id);
  w.put("name", k.name);
  write_trigger(w, "start", k.start);
  write_trigger(w, "stop", k.stop);
  write_trigger(w, "cancel", k.cancel);
  write_trigger(w, "reset", k.reset);
  write_trigger(w, "pause", k.pause_on);
  write_trigger(w, "resume", k.resume_on);
  w.put("pause-in", k.pause_in);
  w.put("pause-if", k.pause_if);
  w.put("within", k.within);
  w.flag("mean", k.mean);
  w.put("by", k.by);
  w.put("before", k.before);
  w.flag("rebudget", k.rebudget);
  w.put("from", k.from);
  w.put("calendar", k.calendar);
  for (const auto& m : k.marks) write_mark(w, m);
  w.flag("restart-each", k.restart_each);
  w.flag("internal", k.internal);
  w.put("source", k.source);
  w.put("unverified", k.unverified);
  w.close();
}

void write_feedback(Writer& w, const FeedbackDefinition& f) {
  w.open("feedback", f.id);
  w.put("name", f.name);
  write_trigger(w, "on", f.on);
  w.put("channel", f.channels);
  w.put("text", f.text);
  w.put("channels-by", f.channels_by);
  w.put("receipt", f.receipt);
  w.put("to", f.to);
  w.put("calendar", f.calendar);
  w.put("source", f.source);
  w.put("if", f.condition);
  w.close();
}

void write_declarations(Writer& w, std::string_view key, const std::vector<Declaration>& all) {
  for (const Declaration& d : all) {
    w.open(key, d.id);
    w.put("name", d.name);
    w.put("code", d.code);
    w.put("key", d.key);
    w.put("group", d.groups);
    for (const auto& [name, type] : d.payload) {
      w.open("payload", name);
      w.put("type", type.to_string());
      w.close();
    }
    w.flag("to-all", d.to_all);
    if (d.keep) {
      w.open("keep", trimmed(d.keep.time.text));
      w.flag("discard", d.keep.discard);
      w.close();
    }
    w.close();
  }
}

void write_table(Writer& w, const feel::DecisionTable& t) {
  w.put("hit", std::to_string(static_cast<int>(t.hit)));
  w.put("aggregation", std::to_string(static_cast<int>(t.aggregation)));
  w.put("required-parameters", std::to_string(t.required_parameters));
  for (const auto& [name, type] : t.parameters) {
    w.put("parameter", name);
    w.put("type", type.to_string());
  }
  for (const auto& i : t.inputs) {
    w.open("input", i.label);
    w.put("expression", trimmed(i.expression));
    w.put("type", i.type.to_string());
    w.put("allowed", trimmed(i.allowed));
    w.close();
  }
  for (const auto& o : t.outputs) {
    w.open("output", o.name);
    w.put("type", o.type.to_string());
    w.put("allowed", trimmed(o.allowed));
    w.put("default", trimmed(o.default_value));
    w.close();
  }
  for (const auto& r : t.rules) {
    w.open("rule", r.note);
    for (const auto& cell : r.in) w.open("when", trimmed(cell)), w.close();
    for (const auto& cell : r.out) w.open("then", trimmed(cell)), w.close();
    w.close();
  }
}

void write_register(Writer& w, const Register& r) {
  w.put("key", r.key);
  for (const Register::Field& f : r.fields) {
    write_data(w, {f.item});
    if (f.counting) {
      w.put("counts-per", to_string(f.counting->per));
      w.put("over", std::to_string(f.counting->over));
    }
  }
}

}  // namespace

std::vector<std::string> used_decisions(const Process& process) {
  std::set<std::string> names;
  for (const Ref& r : process.decisions) names.insert(r.name);
  for_each_node(process.nodes, [&](const Node& n, const Node*) {
    if (!n.decision.empty()) names.insert(n.decision.name);
  });
  return {names.begin(), names.end()};
}

std::vector<std::string> used_registers(const Process& process) {
  std::set<std::string> names;
  for_each_node(process.nodes, [&](const Node& n, const Node*) {
    if (n.register_use) names.insert(n.register_use.name.name);
  });
  return {names.begin(), names.end()};
}

Process canonical(const Process& process) {
  Process p = process;
  sort_data(p.data);
  sort_by_id(p.lanes);
  sort_nodes(p.nodes, false);
  sort_by_id(p.sla);
  sort_by_id(p.feedback);
  for (auto* declared : {&p.messages, &p.signals, &p.errors, &p.escalations}) sort_by_id(*declared);
  std::stable_sort(p.decisions.begin(), p.decisions.end(), [](const Ref& a, const Ref& b) { return a.name < b.name; });
  return p;
}

namespace {

/// Ids in the order of the file; nothing when the names have the same order.
template <class T>
void write_order(Writer& w, std::string_view key, const std::vector<T>& all) {
  std::vector<const T*> order;
  for (const T& one : all) order.push_back(&one);
  const auto by_place = [](const T* a, const T* b) { return a->place < b->place; };
  if (std::is_sorted(order.begin(), order.end(), by_place)) return;
  std::stable_sort(order.begin(), order.end(), by_place);
  for (const T* one : order) w.put(key, one->id);
}

}  // namespace

std::string canonical_order(const Process& p) {
  Writer w;
  write_order(w, "clock-order", p.sla);
  write_order(w, "feedback-order", p.feedback);
  return std::move(w.text);
}

std::string canonical_text(const Process& p, const Library& library) {
  Writer w;
  w.text = "switchboard definition, canonical form 1\n";
  w.put("process", p.id);
  w.put("name", p.name);
  w.put("documentation", p.documentation);
  w.put("version", p.version);
  w.put("customer", p.customer);
  w.put("organisation", p.organisation);
  w.put("calendar", p.calendar);
  w.flag("strict", p.strict);
  w.put("collaboration", p.collaboration);
  for (const Partner& partner : p.partners) {
    w.open("partner", partner.participant);
    w.put("process", partner.process);
    w.close();
  }
  write_data(w, p.data);
  for (const Lane& l : p.lanes) {
    w.open("lane", l.id);
    w.put("name", l.name);
    w.put("group", l.groups);
    w.put("organisation", l.organisation);
    w.close();
  }
  write_nodes(w, "node", p.nodes);
  for (const auto& k : p.sla) write_clock(w, k);
  for (const auto& f : p.feedback) write_feedback(w, f);
  write_declarations(w, "message", p.messages);
  write_declarations(w, "signal", p.signals);
  write_declarations(w, "error", p.errors);
  write_declarations(w, "escalation", p.escalations);
  for (const std::string& name : used_decisions(p)) {
    w.open("decision", name);
    const auto found = library.decisions.find(name);
    if (found != library.decisions.end()) write_table(w, found->second.table());
    w.close();
  }
  for (const std::string& name : used_registers(p)) {
    w.open("register", name);
    if (const auto found = library.registers.find(name); found != library.registers.end()) write_register(w, *found->second);
    w.close();
  }
  w.text += canonical_order(p);
  return std::move(w.text);
}

std::string fingerprint(std::string_view text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string hex;
  for (const unsigned char byte : digest) fmt::format_to(std::back_inserter(hex), "{:02x}", byte);
  return hex;
}

}  // namespace switchboard::model
