// Clocks and feedback, and the reactions they file under elements, messages and conditions.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "model/compiler.hpp"

namespace switchboard::model {
namespace {

using Kind = feel::Type::Kind;

/// What a trigger makes happen: a clock's action or a feedback.
struct Target {
  ClockTrigger clock;
  FeedbackIndex feedback;
};

void file(Reactions& reactions, const Target& target) {
  if (target.feedback)
    reactions.feedback.push_back(target.feedback);
  else
    reactions.clocks.push_back(target.clock);
}

Reactions& on_message(Compilation& c, const std::string& name) {
  for (auto& [known, reactions] : c.out.on_message)
    if (known == name) return reactions;
  return c.out.on_message.emplace_back(name, Reactions{}).second;
}

void file_trigger(Compilation& c, const Trigger& trigger, const Target& target, std::string_view user) {
  for (const auto& one : trigger.any) switch (one.kind) {
      case Trigger::Kind::completed:
      case Trigger::Kind::entered: {
        const ElementIndex e = resolve_element(c, one.name, user);
        if (!e) break;
        Element& element = c.out.elements[e.value];
        file(one.kind == Trigger::Kind::completed ? element.completed : element.entered, target);
        break;
      }
      case Trigger::Kind::message: file(on_message(c, one.name.name), target); break;
      case Trigger::Kind::condition: {
        auto program = compile_condition(c, {one.condition, user, "condition"});
        if (program) c.out.condition_triggers.push_back({std::move(program), target.clock, target.feedback});
        break;
      }
      case Trigger::Kind::process_started: file(c.out.on_process_start, target); break;
      case Trigger::Kind::process_ended: file(c.out.on_process_end, target); break;
    }
}

bool can_rest(const Element& e) {
  switch (e.type) {
    case NodeType::user_task:
    case NodeType::service_task:
    case NodeType::send_task:
    case NodeType::receive_task:
    case NodeType::call_activity:
    case NodeType::intermediate_catch_event:
    case NodeType::event_based_gateway: return true;
    case NodeType::start_event:
    case NodeType::end_event:
    case NodeType::intermediate_throw_event:
    case NodeType::boundary_event:
    case NodeType::task:
    case NodeType::script_task:
    case NodeType::business_rule_task:
    case NodeType::manual_task:
    case NodeType::exclusive_gateway:
    case NodeType::inclusive_gateway:
    case NodeType::parallel_gateway:
    case NodeType::complex_gateway:
    case NodeType::sub_process:
    case NodeType::transaction:
    case NodeType::ad_hoc_sub_process:
    case NodeType::event_sub_process: break;
  }
  return false;
}

/// `pause: {in: LANE}` means the nodes of that lane in which a token can rest. A container is none of these; the nodes of its body are, if they are
/// in the lane.
void pause_in_lane(Compilation& c, ClockIndex clock, std::string_view lane) {
  for (Element& e : c.out.elements)
    if (e.lane == lane && can_rest(e) && (e.pauses.empty() || e.pauses.back() != clock)) e.pauses.push_back(clock);
}

void file_pauses(Compilation& c, const ClockDefinition& k, ClockIndex clock) {
  for (const Ref& place : k.pause_in) {
    const bool lane = std::any_of(c.process.lanes.begin(), c.process.lanes.end(), [&](const Lane& l) { return l.id == place.name; });
    const bool node = c.by_name.contains(place.name);
    if (lane && node) {
      report(c, "SB0185", place.at, k.id, fmt::format("'{}' is both a lane and a node", place.name), "rename one of them");
    } else if (lane) {
      pause_in_lane(c, clock, place.name);
    } else if (const ElementIndex e = resolve_element(c, place, k.id); e) {
      auto& pauses = c.out.elements[e.value].pauses;
      if (pauses.empty() || pauses.back() != clock) pauses.push_back(clock);
    }
  }
}

FeedbackIndex find_feedback(Compilation& c, const Ref& ref, std::string_view user) {
  if (ref.empty()) return {};
  const FeedbackIndex found = c.out.find_feedback(ref.name);
  if (found) return found;
  std::vector<std::string> known;
  for (const auto& f : c.process.feedback) known.push_back(f.id);
  report_unknown(c, "SB0185", ref, user, SubjectKind::feedback, known);
  return {};
}

MarkSpec compile_mark(Compilation& c, const ClockMark& m, std::string_view clock) {
  MarkSpec out;
  out.kind = m.kind;
  out.percent = m.percent;
  out.skip_late = m.skip_late;
  out.text = m.text;
  if (!m.escalate.empty()) out.escalation = code_of(c.process.escalations, m.escalate.name);
  out.feedback = find_feedback(c, m.feedback, clock);
  if (m.kind != ClockMark::Kind::left) return out;
  auto left = calendar::parse_duration(m.left);
  if (left)
    out.left = left.value();
  else
    report(c, left.error().id, m.at, clock, fmt::format("mark: {}", left.error().message), left.error().hint);
  return out;
}

/// `from` or `by` of a clock: a date and time, or a date.
feel::Program compile_instant_of(Compilation& c, const Expr& text, const std::string& clock, std::string_view key) {
  auto program = compile_feel(c, {text, clock, key}, feel::Type{});
  const Kind kind = program ? program.type().kind() : Kind::any;
  if (kind != Kind::any && kind != Kind::null && kind != Kind::date && kind != Kind::date_time)
    report(c, "SB0184", text.at, clock, fmt::format("{}: a date and time is wanted, this is a {}", key, program.type().to_string()),
           instead_of_instant({text, clock, key}, program.type()));
  return program;
}

/// `within`, or `by` with what it is counted back by.
void compile_promise(Compilation& c, const ClockDefinition& k, ClockSpec& spec) {
  if (k.by.empty()) {
    spec.within = compile_duration(c, {k.within, k.id, "within"}, k.calendar);
    spec.rebudget = k.rebudget && !spec.within.is_literal();
    return;
  }
  if (!k.within.empty())
    report(c, "SB0184", k.by.at, k.id, "a clock has `within` or `by`, not both", "an overlay gives a new `within` to clocks that have one");
  spec.by = compile_instant_of(c, k.by, k.id, "by");
  spec.before = compile_duration(c, {k.before.empty() ? Expr{"0 s", k.by.at} : k.before, k.id, "before"}, k.calendar);
  spec.within.calendar = spec.before.calendar;
}

void compile_clock(Compilation& c, const ClockDefinition& k, ClockIndex index) {
  constexpr std::size_t most_marks = 31;  // Ledger::marks_done has 32 bits, and one is the breach that nobody names
  if (k.marks.size() > most_marks)
    report(c, "SB0184", k.marks[most_marks].at, k.id, fmt::format("a clock has at most {} marks", most_marks), "split the clock in two");
  ClockSpec& spec = c.out.clocks[index.value];
  compile_promise(c, k, spec);
  spec.from = compile_instant_of(c, k.from, k.id, "from");
  spec.pause_if = compile_condition(c, {k.pause_if, k.id, "pause"});
  for (const auto& m : k.marks) spec.marks.push_back(compile_mark(c, m, k.id));
  const std::pair<const Trigger*, ClockAction> triggers[] = {{&k.start, ClockAction::start},
                                                             {&k.cancel, ClockAction::cancel},
                                                             {&k.reset, ClockAction::reset},
                                                             {&k.pause_on, ClockAction::pause},
                                                             {&k.resume_on, ClockAction::resume}};
  for (const auto& [trigger, action] : triggers) file_trigger(c, *trigger, {{index, action}, {}}, k.id);
  // The end of the case is a flag, not a reaction: it is looked at after everything else, when the clock is still open.
  Trigger stop = k.stop;
  std::erase_if(stop.any, [](const Trigger::Case& one) { return one.kind == Trigger::Kind::process_ended; });
  spec.stop_at_process_end = k.stop.empty() || stop.any.size() != k.stop.any.size();
  file_trigger(c, stop, {{index, ClockAction::stop}, {}}, k.id);
  file_pauses(c, k, index);
}

/// The order in which several reactions to one occurrence are carried out: stop before start, cancel before pause (docs/language.md, Clocks).
int precedence(ClockAction a) {
  switch (a) {
    case ClockAction::stop: return 0;
    case ClockAction::cancel: return 1;
    case ClockAction::reset: return 2;
    case ClockAction::start: return 3;
    case ClockAction::resume: return 4;
    case ClockAction::pause: return 5;
  }
  return 6;
}

void order(const ExecutableProcess& p, Reactions& r) {
  std::stable_sort(r.clocks.begin(), r.clocks.end(), [&p](const ClockTrigger& a, const ClockTrigger& b) {
    return std::pair(precedence(a.action), p.clocks[a.clock.value].place) < std::pair(precedence(b.action), p.clocks[b.clock.value].place);
  });
  const auto last = std::unique(r.clocks.begin(), r.clocks.end(),
                                [](const ClockTrigger& a, const ClockTrigger& b) { return a.clock == b.clock && a.action == b.action; });
  r.clocks.erase(last, r.clocks.end());
  std::sort(r.feedback.begin(), r.feedback.end(), [&p](FeedbackIndex a, FeedbackIndex b) {
    return std::pair(p.feedback[a.value].place, a.value) < std::pair(p.feedback[b.value].place, b.value);
  });
  r.feedback.erase(std::unique(r.feedback.begin(), r.feedback.end()), r.feedback.end());
}

void order_all(ExecutableProcess& p) {
  for (Element& e : p.elements) {
    order(p, e.entered);
    order(p, e.completed);
  }
  for (auto& [name, reactions] : p.on_message) order(p, reactions);
  order(p, p.on_process_start);
  order(p, p.on_process_end);
}

void compile_texts(Compilation& c, const FeedbackDefinition& f, FeedbackSpec& spec) {
  for (const auto& [language, text] : f.text.by_language) {
    const auto at = f.text_positions.find(language);
    const Expr expr{text, at == f.text_positions.end() ? f.text_at : at->second};
    auto compiled = feel::compile_template(text, c.scope);
    if (auto* t = std::get_if<feel::Template>(&compiled)) {
      for (const feel::Template::Part& part : t->parts)
        if (part.hole) keep_calendars(c, {expr, f.id, "text"}, part.hole, part.offset);
      spec.texts.emplace_back(language, std::move(*t));
      continue;
    }
    for (const auto& p : std::get<std::vector<feel::Problem>>(compiled))
      report(c, p.id, place_in(expr, p.offset), f.id, fmt::format("text: {}", p.message), p.hint, subject_of(text, p));
  }
}

/// What is not known may be anything. A customer number may be a number.
bool may_be_one(const feel::Type& t) {
  using Kind = feel::Type::Kind;
  return t.kind() == Kind::any || t.kind() == Kind::null || t.kind() == Kind::string || t.kind() == Kind::number || t.kind() == Kind::context;
}
bool may_be_told(const feel::Type& t) { return t.kind() == feel::Type::Kind::list ? may_be_one(t.element()) : may_be_one(t); }
bool may_be_channels(const feel::Type& t) {
  using Kind = feel::Type::Kind;
  const feel::Type& one = t.kind() == Kind::list ? t.element() : t;
  return one.kind() == Kind::any || one.kind() == Kind::null || one.kind() == Kind::string;
}

/// What the engine fills in when a receipt comes (runtime, receipts.cpp).
void check_receipt(Compilation& c, const FeedbackDefinition& f) {
  const Declaration* declared = find_declaration(c.process.messages, f.receipt.name);
  if (declared == nullptr) return;
  for (const auto& [name, type] : declared->payload) {
    const bool is_text = name == "feedback" || name == "record" || name == "key" || name == "receipt" || name == "at" || name == "note";
    if (name != "to" && !is_text)
      report(c, "SB0196", f.receipt.at, f.id, fmt::format("a receipt has no field '{}', which message '{}' declares", name, f.receipt.name),
             "it has feedback, record, key, to, receipt, at and note");
    else if (is_text && type.kind() != feel::Type::Kind::string && type.kind() != feel::Type::Kind::any)
      report(c, "SB0196", f.receipt.at, f.id,
             fmt::format("'{}' of a receipt is a text, and message '{}' declares {}", name, f.receipt.name, type.to_string()),
             fmt::format("declare `{}: string`", name));
  }
}

bool begins_case(const ExecutableProcess& p, const std::string& message) {
  const auto& entries = p.at(ElementIndex{0}).entries;
  return std::any_of(entries.begin(), entries.end(), [&](ElementIndex entry) {
    const Element& e = p.at(entry);
    for (std::size_t d = 0; d < e.definitions(); ++d)
      if (e.definition(d).kind == EventKind::message && e.definition(d).name == message) return true;
    return false;
  });
}

}  // namespace

void compile_listening(Compilation& c) {
  for (const auto& [name, reactions] : c.out.on_message)
    if (!begins_case(c.out, name)) c.out.listens.push_back(compile_message(c, {name, {}}, {0}, true));
  std::sort(c.out.listens.begin(), c.out.listens.end(), [](const EventSpec& a, const EventSpec& b) { return a.name < b.name; });
}

void compile_clocks(Compilation& c) {
  for (const ClockIndex clock : c.out.clocks_in_order) compile_clock(c, c.process.sla[clock.value], clock);
}

void compile_feedback(Compilation& c) {
  std::vector<std::size_t> in_order(c.process.feedback.size());
  std::iota(in_order.begin(), in_order.end(), std::size_t{0});
  std::stable_sort(in_order.begin(), in_order.end(),
                   [&](std::size_t a, std::size_t b) { return c.process.feedback[a].place < c.process.feedback[b].place; });
  for (const std::size_t i : in_order) {
    const FeedbackDefinition& f = c.process.feedback[i];
    FeedbackSpec& spec = c.out.feedback[i];
    compile_texts(c, f, spec);
    spec.condition = compile_condition(c, {f.condition, f.id, "if"});
    spec.to = compile_feel(c, {f.to, f.id, "to"}, feel::Type{});
    if (spec.to && !may_be_told(spec.to.type()))
      report(c, "SB0195", f.to.at, f.id, fmt::format("`to` says who gets it, and is {} here", spec.to.type().to_string()),
             "a text or a record is one recipient, a list of these is one for each element");
    spec.channels_by = compile_feel(c, {f.channels_by, f.id, "channels"}, feel::Type{});
    if (spec.channels_by && !may_be_channels(spec.channels_by.type()))
      report(c, "SB0195", f.channels_by.at, f.id, fmt::format("`channels` names channels, and is {} here", spec.channels_by.type().to_string()),
             "a text is one channel, a list of texts is several");
    if (!f.receipt.empty()) check_receipt(c, f);
    if (!f.calendar.empty()) spec.calendar = find_calendar(c, f.calendar, f.id);
    file_trigger(c, f.on, {{}, {static_cast<std::uint32_t>(i)}}, f.id);
  }
  order_all(c.out);
}

}  // namespace switchboard::model
