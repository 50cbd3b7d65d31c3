// Event definitions: what is waited for and what is thrown.
#include <fmt/format.h>

#include <algorithm>

#include "calendar/rhythm.hpp"
#include "feel/remedy.hpp"
#include "model/compiler.hpp"

namespace switchboard::model {
namespace {

using Kind = feel::Type::Kind;

bool is_instant_type(const feel::Type& t) {
  return t.kind() == Kind::any || t.kind() == Kind::null || t.kind() == Kind::date || t.kind() == Kind::date_time || t.kind() == Kind::string;
}

/// A FEEL date and time; a date stands for its first instant (of a promise for the end of its day), a text for what it says.
feel::Program compile_instant(Compilation& c, const ExprUse& use) {
  auto program = compile_feel(c, use, feel::Type{});
  if (program && !is_instant_type(program.type()))
    report(c, "SB0184", use.expr.at, use.element, fmt::format("{}: a date and time is wanted, this is a {}", use.what, program.type().to_string()),
           instead_of_instant(use, program.type()));
  return program;
}

/// `every: {at: ...}`: days that a calendar names, so there must be one.
void compile_named_days(Compilation& c, const TimerDefinition& t, std::string_view element, TimerSpec& out) {
  auto days = calendar::parse_named_days(t.named_days.text);
  if (days)
    out.named_days = days.value();
  else
    report(c, days.error().id, t.named_days.at, element, "timer: " + days.error().message, days.error().hint);
  out.duration = compile_duration(c, {{"1 bd", t.named_days.at}, element, "timer"}, t.calendar);  // for its calendar
  out.duration.literal = {};
  const Instant some_day{};
  if (days && out.duration.calendar != nullptr && !calendar::Rhythm(out.duration.calendar, days.value()).after(some_day))
    report(c, "SB0305", t.named_days.at, element,
           fmt::format("timer: '{}' never comes: the calendar '{}' has no such day", t.named_days.text, out.duration.calendar->spec().id),
           "name a day that there is: `5th friday` is left out where a month has four, `last friday` is in every month");
}

TimerSpec compile_timer(Compilation& c, const TimerDefinition& t, std::string_view element) {
  TimerSpec out;
  out.kind = t.kind;
  out.missed = t.missed;
  if (t.kind == TimerDefinition::Kind::at)
    out.instant = compile_instant(c, {t.instant, element, "timer"});
  else if (!t.named_days.empty())
    compile_named_days(c, t, element, out);
  else
    out.duration = compile_duration(c, {t.duration, element, "timer"}, t.calendar);
  out.times = compile_feel(c, {t.times, element, "times"}, Kind::number);
  return out;
}

/// The catch of a link: its pair in the same scope.
ElementIndex find_link_catch(Compilation& c, const Ref& name, ElementIndex thrower) {
  const Element& from = c.out.at(thrower);
  for (const ElementIndex i : c.out.at(from.scope).children) {
    const Node& n = *c.nodes[i.value];
    if (n.type == NodeType::intermediate_catch_event && !n.events.empty() && n.events.front().kind == EventKind::link &&
        n.events.front().name.name == name.name)
      return i;
  }
  report(c, "SB0185", name.at, from.path, fmt::format("no link '{}' is caught in this scope", name.name),
         "add an intermediateCatchEvent with the same link");
  return {};
}

bool is_throw(NodeType t) { return t == NodeType::intermediate_throw_event || t == NodeType::end_event; }

}  // namespace

std::string code_of(const std::vector<Declaration>& all, std::string_view id) {
  const Declaration* declared = find_declaration(all, id);
  return declared == nullptr || declared->code.empty() ? std::string(id) : declared->code;
}

EventSpec compile_message(Compilation& c, const Ref& name, ElementIndex element, bool waits) {
  EventSpec out;
  out.kind = EventKind::message;
  out.name = name.name;
  const Declaration* declared = find_declaration(c.process.messages, name.name);
  // The start message of a case has nothing to correlate with yet; a throw needs the receiver's key all the same.
  const Element& e = c.out.at(element);
  const auto& entries = c.out.elements.front().entries;
  const bool starts_case = waits && std::find(entries.begin(), entries.end(), element) != entries.end();
  if (declared != nullptr && !starts_case) out.key = compile_feel(c, {declared->key, e.path, "message key"}, feel::Type{});
  return out;
}

void compile_keeping(Compilation& c) {
  for (const Declaration& m : c.process.messages) {
    if (m.to_all) c.out.to_all.push_back(m.id);
    if (!m.keep) continue;
    if (m.to_all)
      report(c, "SB0194", m.to_all_at, m.id, fmt::format("message '{}' is for all who wait for it, and is kept for the first who will", m.id),
             "delete `receivers` or `keep`: of a message that is kept nobody knows when all have had it");
    KeepSpec spec{m.id, compile_duration(c, {m.keep.time, m.id, "keep"}, {}), m.keep.discard};
    if (!spec.time.is_literal() || (spec.time.calendar != nullptr && spec.time.literal.is_zero()))
      report(c, "SB0192", m.keep.time.at, m.id,
             fmt::format("message '{}' is kept for a stated time, longer than none: `{}` is none", m.id, m.keep.time.text),
             "write a duration: `keep: 2 h`; there is no case yet whose data FEEL could ask");
    const auto& elements = c.out.elements;
    if (std::none_of(elements.begin(), elements.end(), [&](const Element& e) { return e.awaits_message(m.id); }))
      report(c, "SB0193", m.keep.at, m.id,
             fmt::format("message '{}' is kept for one who will wait for it, and nothing in this process ever does", m.id),
             "declare `keep` in the process that receives the message, or add the event that waits for it");
    c.out.keeps.push_back(std::move(spec));
  }
  std::sort(c.out.to_all.begin(), c.out.to_all.end());
}

EventSpec compile_event(Compilation& c, const EventDefinition& event, ElementIndex element) {
  const Element& e = c.out.at(element);
  EventSpec out;
  out.kind = event.kind;
  out.waits = event.wait;
  switch (event.kind) {
    case EventKind::message: return compile_message(c, event.name, element, !is_throw(e.type));
    case EventKind::timer: out.timer = compile_timer(c, event.timer, e.path); break;
    case EventKind::condition:
      out.condition = compile_condition(c, {event.condition, e.path, "condition"});
      if (out.condition) out.condition_slots = out.condition.used_slots();
      break;
    case EventKind::error:
    case EventKind::escalation: {
      const auto& declared = event.kind == EventKind::error ? c.process.errors : c.process.escalations;
      const bool any = event.name.empty() || (event.name.name == "any" && !is_throw(e.type));
      if (!any) out.name = code_of(declared, event.name.name);
      break;
    }
    case EventKind::link:
      out.name = event.name.name;
      if (is_throw(e.type)) out.target = find_link_catch(c, event.name, element);
      break;
    case EventKind::none:
    case EventKind::signal:
    case EventKind::compensate:
    case EventKind::terminate:
    case EventKind::cancel: out.name = event.name.name; break;
  }
  return out;
}

}  // namespace switchboard::model
