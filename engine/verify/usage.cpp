// What is declared and never used, and what is raised and never caught.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "feel/free_names.hpp"
#include "switchboard/base/text.hpp"
#include "verify/expressions.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

using model::EventKind;
using model::Node;
using model::NodeType;
using Words = std::set<std::string, std::less<>>;

/// Every name a process mentions, by what it is a name of.
class Mentions {
 public:
  explicit Mentions(const model::Process& process) {
    text(process.customer);
    text(process.organisation);
    for (const auto& lane : process.lanes) text(lane.organisation);
    for (const auto& d : process.data) text(d.computed);
    model::for_each_node(process.nodes, [&](const Node& n, const Node*) { node(n); });
    for (const auto& k : process.sla) clock(k);
    for (const auto& f : process.feedback) feedback_of(f);
    for (const auto* declared : {&process.messages, &process.signals, &process.errors, &process.escalations})
      for (const auto& d : *declared) text(d.key);
  }

  /// In a container, or a task that is repeated, alone: where its own data can be named. The keys of messages are read where the messages are.
  Mentions(const model::Process& process, const Node& container) {
    for (const auto& m : container.out) text(m.value);
    for (const auto* e : {&container.loop.condition, &container.loop.output}) text(*e);
    for (const auto& t : container.loop.events) text(t.condition);
    if (!model::is_container(container.type)) node(container);
    // What a task hands back goes to its own data by name.
    for (const auto& d : container.data) text(d.computed);
    const bool takes_results = !model::is_container(container.type) && container.form.empty() && !container.has_out;
    if (takes_results)
      for (const auto& d : container.data) data.insert(d.name);
    model::for_each_node(container.nodes, [&](const Node& n, const Node*) { node(n); });
    for (const auto& d : process.messages) text(d.key);
  }

  std::set<std::string, std::less<>> words;  ///< in any expression
  std::set<std::string, std::less<>> data;   ///< written or shown
  std::set<std::string, std::less<>> lanes;
  std::set<std::string, std::less<>> messages, signals, errors, escalations, feedback;
  std::set<std::string, std::less<>> raised, caught;  ///< escalations; "any" catches all
  bool calls = false;                                 ///< a called process may raise anything

 private:
  void text(const model::Expr& e) {
    for (auto& word : feel::free_names(e.text)) words.insert(std::move(word));
  }
  void mappings(const std::vector<model::Mapping>& all, bool to_data) {
    for (const auto& m : all) {
      text(m.value);
      if (to_data) data.insert(m.name);
    }
  }
  /// The holes of a text: what stands in {{...}}.
  void holes(const std::string& words_and_holes) {
    for (std::size_t at = words_and_holes.find("{{"); at != std::string::npos; at = words_and_holes.find("{{", at + 2)) {
      const auto end = words_and_holes.find("}}", at);
      text({words_and_holes.substr(at + 2, end == std::string::npos ? std::string::npos : end - at - 2), {}});
    }
  }

  void node(const Node& n) {
    lanes.insert(n.lane.name);
    for (const auto& f : n.next) text(f.condition);
    // What is handed to a called process is named after its data; what is thrown, after the payload.
    mappings(n.in, false);
    mappings(n.out, true);
    mappings(n.set, true);
    const bool throws = n.type == NodeType::end_event || n.type == NodeType::intermediate_throw_event;
    for (const auto& e : n.events) event(e, throws);
    for (const auto* e : {&n.process_by, &n.assignee, &n.organisation, &n.due, &n.priority, &n.backoff, &n.timeout, &n.activate,
                          &n.completion_condition, &n.loop.collection, &n.loop.cardinality, &n.loop.condition, &n.loop.maximum, &n.loop.output})
      text(*e);
    text(n.register_use.key);
    mappings(n.register_use.set, false);
    mappings(n.register_use.add, false);
    for (const auto& t : n.loop.events) {
      text(t.condition);
      event(t.event, true);
    }
    for (const auto& f : n.form) {
      data.insert(f.name);
      for (const auto* e : {&f.required_if, &f.choices_from, &f.min, &f.max}) text(*e);
    }
    data.insert(n.loop.output_collection.name);
    messages.insert(n.message.name);
    calls = calls || n.type == NodeType::call_activity;
  }

  void event(const model::EventDefinition& e, bool throws) {
    text(e.condition);
    text(e.timer.duration);
    text(e.timer.instant);
    text(e.timer.times);
    if (e.kind == EventKind::message) messages.insert(e.name.name);
    if (e.kind == EventKind::signal) signals.insert(e.name.name);
    if (e.kind == EventKind::error) errors.insert(e.name.name);
    if (e.kind != EventKind::escalation) return;
    escalations.insert(e.name.name);
    (throws ? raised : caught).insert(e.name.empty() ? "any" : e.name.name);
  }

  void trigger(const model::Trigger& t) {
    for (const auto& one : t.any) {
      text(one.condition);
      if (one.kind == model::Trigger::Kind::message) messages.insert(one.name.name);
    }
  }

  void clock(const model::ClockDefinition& k) {
    for (const auto* t : {&k.start, &k.stop, &k.cancel, &k.reset, &k.pause_on, &k.resume_on}) trigger(*t);
    for (const auto& r : k.pause_in) lanes.insert(r.name);
    text(k.pause_if);
    text(k.within);
    text(k.by);
    text(k.before);
    text(k.from);
    for (const auto& m : k.marks) {
      feedback.insert(m.feedback.name);
      if (m.escalate.empty()) continue;
      escalations.insert(m.escalate.name);
      raised.insert(m.escalate.name);
    }
  }

  void feedback_of(const model::FeedbackDefinition& f) {
    trigger(f.on);
    text(f.to);
    text(f.condition);
    if (!f.on.empty()) feedback.insert(f.id);
    for (const auto& [language, words_and_holes] : f.text.by_language) holes(words_and_holes);
  }
};

/// A name that is used, declared nowhere, and near enough to be a slip for `wanted`. Names that are nearer still are errors already (SB0125).
std::string slip_for(const std::string& wanted, const std::vector<model::Declaration>& declared, const std::set<std::string, std::less<>>& used) {
  const std::size_t bound = std::clamp<std::size_t>(wanted.size() / 2, 1, 3);
  std::size_t best = std::min(bound, wanted.size() - 1) + 1;
  std::string found;
  for (const std::string& name : used) {
    if (name.empty() || name == "any" || std::any_of(declared.begin(), declared.end(), [&](const auto& d) { return d.id == name; })) continue;
    const std::size_t distance = edit_distance(wanted, name, bound);
    if (distance >= best) continue;
    best = distance;
    found = name;
  }
  return found;
}

/// The fields of declarations that a slip left without use: data of these names are not told of as well.
Words unused(const std::vector<model::Declaration>& declared, const std::set<std::string, std::less<>>& used, std::string_view kind,
             Findings& findings) {
  Words slipped;
  for (const auto& d : declared) {
    if (used.contains(d.id)) continue;
    const std::string slip = slip_for(d.id, declared, used);
    if (slip.empty()) {
      findings.warning("SB0442", d.at, d.id, fmt::format("the {} '{}' is declared and never used", kind, d.id), "remove it");
      continue;
    }
    findings.warning("SB0442", d.at, d.id,
                     fmt::format("the {0} '{1}' is declared and never used, and '{2}' is used and not declared", kind, d.id, slip),
                     fmt::format("write '{}' where '{}' stands if it means the same; else declare that one and remove this", d.id, slip));
    for (const auto& [name, type] : d.payload) slipped.insert(name);
  }
  return slipped;
}

/// The message or signal that fills data `name` because its payload is taken by name: without the data it could not be taken (SB0434).
std::string filled_by(const model::Process& process, const std::string& name) {
  std::string found;
  const auto look = [&](const model::Node& n, EventKind kind, const std::string& id) {
    if (n.has_out || !n.out.empty() || (kind != EventKind::message && kind != EventKind::signal)) return;
    for (const auto& d : kind == EventKind::message ? process.messages : process.signals)
      if (d.id == id && std::any_of(d.payload.begin(), d.payload.end(), [&](const auto& field) { return field.first == name; })) found = id;
  };
  model::for_each_node(process.nodes, [&](const model::Node& n, const model::Node*) {
    if (n.type == NodeType::receive_task) look(n, EventKind::message, n.message.name);
    if (n.type == NodeType::start_event || n.type == NodeType::intermediate_catch_event || n.type == NodeType::boundary_event)
      for (const auto& e : n.events) look(n, e.kind, e.name.name);
  });
  return found;
}

void unused_data(const model::Process& process, const std::vector<model::DataItem>& all, const Mentions& m, const std::string& prefix,
                 const Words& slipped, Findings& findings) {
  for (const auto& d : all) {
    if (m.words.contains(d.name) || m.data.contains(d.name) || slipped.contains(d.name)) continue;
    const std::string filler = filled_by(process, d.name);
    findings.warning("SB0440", d.at, prefix + d.name, fmt::format("the data '{}' is never used", d.name),
                     filler.empty()
                         ? "remove it, or show it in a form"
                         : fmt::format("show it in a form; or remove it, and say with `out:` what is taken of '{}', which fills it", filler));
  }
}

/// Data that only the process can set, which it reads and never sets: they stay null for ever.
void never_set(const model::Process& process, const Mentions& m, Findings& findings) {
  for (const auto& d : process.data) {
    if (!d.set_by_process || d.required || d.has_default() || m.data.contains(d.name) || !m.words.contains(d.name)) continue;
    if (!filled_by(process, d.name).empty()) continue;
    findings.warning(
        "SB0458", d.at, d.name, fmt::format("'{}' is set by the process alone, is read, and nothing in the process sets it", d.name),
        fmt::format("set it in a script or by `out:`, give it a default (`default: =now()`), or declare it in the payload of a message that "
                    "brings it"));
  }
}

/// Neither caught here nor declared: declaring one says that it is meant for the people in charge.
void check_raised(const model::Process& process, const Mentions& m, const model::Ref& id, std::string_view element, Findings& findings) {
  const bool declared = std::any_of(process.escalations.begin(), process.escalations.end(), [&](const auto& d) { return d.id == id.name; });
  if (declared || m.caught.contains(id.name) || m.caught.contains("any")) return;
  findings.advice("SB0444", id.at, element, fmt::format("nothing in this process catches the escalation '{}', and it is not declared", id.name),
                  "declare it under `escalations` when it is meant for the people in charge, or catch it");
}

void check_escalations(const model::Process& process, const Mentions& m, Findings& findings) {
  model::for_each_node(process.nodes, [&](const Node& n, const Node*) {
    for (const auto& e : n.events) {
      if (e.kind != EventKind::escalation) continue;
      const bool throws = n.type == NodeType::end_event || n.type == NodeType::intermediate_throw_event;
      if (throws) check_raised(process, m, e.name, n.id, findings);
      const bool one = !throws && !e.name.empty() && e.name.name != "any";
      if (one && !m.calls && !m.raised.contains(e.name.name))
        findings.warning("SB0445", e.at, n.id, fmt::format("nothing raises the escalation '{}'", e.name.name),
                         "raise it with an event or a mark of a clock");
    }
  });
  for (const auto& k : process.sla)
    for (const auto& mark : k.marks)
      if (!mark.escalate.empty()) check_raised(process, m, mark.escalate, k.id, findings);
}

/// A thrown message or signal carries what its declaration lists.
void check_payload(const model::Process& process, const Node& n, Findings& findings) {
  const auto declared = [](const std::vector<model::Declaration>& all, std::string_view id) -> const model::Declaration* {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& d) { return d.id == id; });
    return found == all.end() || found->payload.empty() ? nullptr : &*found;
  };
  const bool throws = n.type == NodeType::end_event || n.type == NodeType::intermediate_throw_event || n.type == NodeType::send_task;
  if (!throws) return;
  const model::Declaration* d = n.message.empty() ? nullptr : declared(process.messages, n.message.name);
  for (const auto& e : n.events) {
    if (e.kind == EventKind::message) d = declared(process.messages, e.name.name);
    if (e.kind == EventKind::signal) d = declared(process.signals, e.name.name);
    if (e.kind == EventKind::error) d = declared(process.errors, e.name.name);
    if (e.kind == EventKind::escalation) d = declared(process.escalations, e.name.name);
  }
  if (d == nullptr) return;
  std::vector<std::string> names;
  for (const auto& [name, type] : d->payload) names.push_back(name);
  for (const auto& m : n.in) {
    if (std::find(names.begin(), names.end(), m.name) != names.end()) continue;
    const std::string near = model::nearest_name(m.name, names);
    findings.error("SB0433", m.at, n.id, fmt::format("the payload of '{}' has no field '{}'", d->id, m.name),
                   near.empty() ? fmt::format("it has {}; add it to the payload, or leave it out", fmt::join(names, ", "))
                                : fmt::format("did you mean '{}'?", near));
  }
}

/// Without `out`, what a caught message or signal carries goes to data of the same names.
void check_caught(const model::Process& process, const Node& n, const Seen& seen, Findings& findings) {
  const bool throws = n.type == NodeType::end_event || n.type == NodeType::intermediate_throw_event || n.type == NodeType::send_task;
  if (throws || n.has_out || !n.out.empty()) return;
  const auto look = [&](const std::vector<model::Declaration>& all, const model::Ref& name) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& d) { return d.id == name.name; });
    if (found == all.end()) return;
    const std::vector<std::string> names = seen.names();
    for (const auto& [field, type] : found->payload) {
      if (std::find(names.begin(), names.end(), field) != names.end()) continue;
      const std::string near = model::nearest_name(field, names);
      findings.error("SB0434", name.at, n.id, fmt::format("'{}' carries '{}', and there is no data of that name to take it", name.name, field),
                     near.empty() ? fmt::format("write `out:`, or declare '{}' under `data`", field)
                                  : fmt::format("write `out: {{{}: {}}}`, or rename one of them", near, field));
      return;
    }
  };
  if (!n.message.empty()) look(process.messages, n.message);
  for (const auto& e : n.events) {
    if (e.kind == EventKind::message) look(process.messages, e.name);
    if (e.kind == EventKind::signal) look(process.signals, e.name);
  }
}

/// In a process with lanes, work in none of them is most likely forgotten. A node without a lane of its own stands in that of its container.
void check_workers(const model::Process& process, Findings& findings) {
  if (process.lanes.empty()) return;
  std::set<const Node*> in_lane;
  model::for_each_node(process.nodes, [&](const Node& n, const Node* container) {
    if (!n.lane.empty() || in_lane.contains(container)) in_lane.insert(&n);
    if (n.type != NodeType::user_task || in_lane.contains(&n) || !n.groups.empty() || !n.assignee.empty()) return;
    findings.warning("SB0446", n.at, n.id,
                     "this work stands in no lane and names neither groups nor an assignee: it is offered to nobody in particular",
                     "write `lane:` or `groups:`");
  });
}

/// Channels are free words; but one that is used once and is nearly another one is a typo that costs a message.
void check_channels(const model::Process& process, Findings& findings) {
  std::map<std::string, std::size_t> used;
  for (const auto& f : process.feedback)
    for (const auto& c : f.channels) ++used[c];
  for (const auto& f : process.feedback)
    for (const auto& c : f.channels) {
      std::vector<std::string> others;
      for (const auto& [name, times] : used)
        if (times > 1) others.push_back(name);
      const std::string near = used[c] == 1 ? model::nearest_name(c, others) : std::string{};
      if (!near.empty())
        findings.warning("SB0447", f.at, f.id, fmt::format("the channel '{}' stands here only, all others say '{}'", c, near),
                         fmt::format("did you mean '{}'?", near));
    }
}

/// The languages of the process: those of more than half of its texts to customers.
void check_languages(const model::Process& process, Findings& findings) {
  std::map<std::string, std::size_t> used;
  std::size_t texts = 0;
  for (const auto& f : process.feedback) {
    if (f.text.empty()) continue;
    ++texts;
    for (const auto& [language, words] : f.text.by_language) ++used[language];
  }
  for (const auto& f : process.feedback) {
    if (f.text.empty() || f.text.by_language.contains("")) continue;
    for (const auto& [language, times] : used)
      if (!language.empty() && times * 2 > texts && !f.text.by_language.contains(language))
        findings.warning("SB0448", f.text_at.line == 0 ? f.at : f.text_at, f.id,
                         fmt::format("this text has no '{}', {} of {} others have", language, times, texts - 1), "translate it");
  }
}

}  // namespace

void check_usage(const model::Process& process, const std::vector<Scope>&, Findings& findings) {
  const Mentions m(process);
  Words slipped = unused(process.messages, m.messages, "message", findings);
  slipped.merge(unused(process.signals, m.signals, "signal", findings));
  unused(process.errors, m.errors, "error", findings);
  unused(process.escalations, m.escalations, "escalation", findings);
  unused_data(process, process.data, m, "", slipped, findings);
  never_set(process, m, findings);
  for_each_place(process, [&](const Node& n, const std::string& path, const Seen&) {
    if (!n.data.empty()) unused_data(process, n.data, Mentions(process, n), path + "/", slipped, findings);
  });
  for (const auto& l : process.lanes)
    if (!m.lanes.contains(l.id)) findings.warning("SB0441", l.at, l.id, fmt::format("nothing stands in the lane '{}'", l.id), "remove it");
  for (const auto& f : process.feedback)
    if (!m.feedback.contains(f.id))
      findings.warning("SB0443", f.at, f.id, fmt::format("the feedback '{}' is never given", f.id),
                       "say when with `on:`, or name it in a mark of a clock");
  check_escalations(process, m, findings);
  check_workers(process, findings);
  check_channels(process, findings);
  check_languages(process, findings);
}

void check_payloads(const model::Process& process, Findings& findings) {
  for_each_place(process, [&](const Node& n, const std::string&, const Seen& seen) {
    check_payload(process, n, findings);
    check_caught(process, n, seen, findings);
  });
}

}  // namespace switchboard::verify
