#include "cli/timeline.hpp"

#include <fmt/format.h>

#include "cli/answers.hpp"
#include "cli/output.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"
#include "sla/ledger.hpp"

namespace switchboard::cli {

namespace {

using model::ExecutableProcess;
using testing::Entry;
using testing::InstanceKey;
using testing::World;

/// Names of one process in one language.
struct Names {
  const ExecutableProcess& process;
  const std::string& prefix;
  const std::string& language;

  [[nodiscard]] std::string element(core::ElementIndex i) const {
    if (!i) return "?";
    const model::Element& e = process.at(i);
    return prefix + e.path + (e.name.empty() ? "" : " " + e.name.in(language));
  }
  [[nodiscard]] std::string clock(core::ClockIndex i) const {
    const model::ClockSpec& c = process.clocks[i.value];
    return prefix + c.id + (c.name.empty() ? "" : " " + c.name.in(language));
  }
  [[nodiscard]] std::string time(Instant at) const { return whole_seconds(at, process.calendar->spec().zone); }
};

std::string text_in(const std::vector<std::pair<std::string, std::string>>& texts, const std::string& language) {
  for (const auto& [tag, text] : texts) {
    if (tag == language) return text;
  }
  return texts.empty() ? std::string() : texts.front().second;
}

bool is_worth_telling(const model::Element& e) {
  // Gateways, scopes and plain tasks pass in no time; what people wait for is told by its work.
  return e.type == model::NodeType::end_event || e.type == model::NodeType::start_event || model::is_event(e.type);
}

// One overload for each event, so that a new one does not compile before it says what is told of it. `kind` is a short word in front.
struct Line {
  std::string kind;
  std::string text;
  std::optional<Colour> colour = std::nullopt;
};
using Told = std::optional<Line>;

Told tell(const core::InstanceStarted& e, const Names& n) {
  return Line{"case", fmt::format("case {} of {} starts{}", e.case_no, n.process.id, e.by_message.empty() ? "" : " by message " + e.by_message),
              Colour::bold};
}
Told tell(const core::InstanceCompleted& e, const Names& n) {
  return Line{"case", fmt::format("{} is completed{}", n.process.id, e.error.empty() ? "" : " with error " + e.error), Colour::bold};
}
Told tell(const core::InstanceCancelled& e, const Names& n) {
  return Line{"case", fmt::format("{} is cancelled{}", n.process.id, e.reason.empty() ? "" : ": " + e.reason), Colour::bold};
}
Told tell(const core::ElementCompleted& e, const Names& n) {
  return is_worth_telling(n.process.at(e.element)) ? Told(Line{"passed", n.element(e.element)}) : std::nullopt;
}
Told tell(const core::WorkOffered& e, const Names& n) {
  return Line{"work", fmt::format("{} is offered to {}", n.element(e.work.element), e.work.groups.empty() ? e.work.topic : join(e.work.groups))};
}
Told tell(const core::WorkCompleted& e, const Names& n) {
  return Line{"done", n.element(e.element) + (e.by.empty() ? "" : " by " + e.by), Colour::green};
}
Told tell(const core::WorkFailed& e, const Names& n) {
  return Line{
      "failed",
      fmt::format("{}{}{}", n.element(e.element), e.error.empty() ? "" : ", error " + e.error, e.retry_at ? ", again at " + n.time(*e.retry_at) : ""),
      Colour::red};
}
Told tell(const core::DataChanged& e, const Names& n) {
  const auto& declared = e.owner ? n.process.at(e.scope).data : n.process.data;
  if (e.slot.value >= declared.size()) return std::nullopt;
  const std::string of = e.owner ? n.element(e.scope) + ": " : std::string();
  return Line{"data", fmt::format("{}{} = {}", of, declared[e.slot.value].name, to_feel(e.value)), Colour::dim};
}
Told tell(const core::DataCorrected& e, const Names& n) {
  if (e.slot.value >= n.process.data.size()) return std::nullopt;
  return Line{"data", fmt::format("{} = {}, not {} (corrected by {}: {})", n.process.data[e.slot.value].name, to_feel(e.value), to_feel(e.before),
                                  e.by, e.reason)};
}
Told tell(const core::WorkAssigned& e, const Names& n) {
  return Line{"work", fmt::format("{} is given to {} by {}{}: {}", n.element(e.element), e.to, e.by, e.from.empty() ? "" : ", " + e.from + " had it",
                                  e.reason)};
}
Told tell(const core::OrganisationChanged& e, const Names& n) {
  const std::string what = e.work ? n.element(e.element) : std::string("the case");
  return Line{"moved", fmt::format("{} is moved to {} by {}{}: {}", what, e.to, e.by, e.from.empty() ? "" : ", it was with " + e.from, e.reason)};
}
Told tell(const core::TimerFired& e, const Names& n) { return Line{"timer", n.element(e.element) + " fires"}; }
Told tell(const core::MessageReceived& e, const Names& n) { return Line{"message", fmt::format("{} arrives at {}", e.name, n.element(e.element))}; }
Told tell(const core::SignalReceived& e, const Names& n) { return Line{"signal", fmt::format("{} arrives at {}", e.name, n.element(e.element))}; }
Told tell(const core::MessageThrown& e, const Names& n) { return Line{"message", fmt::format("{} is sent by {}", e.name, n.element(e.element))}; }
Told tell(const core::SignalThrown& e, const Names& n) { return Line{"signal", fmt::format("{} is sent by {}", e.name, n.element(e.element))}; }
Told tell(const core::EscalationRaised& e, const Names& n) {
  return Line{"escalate",
              e.code + (e.clock ? " of clock " + n.clock(e.clock) : "") +
                  (e.caught_by   ? ", caught by " + n.element(e.caught_by)
                   : e.to_caller ? ", goes on in the calling case"
                                 : ""),
              Colour::yellow};
}
Told tell(const core::ErrorRaised& e, const Names& n) {
  return Line{"error", e.code + (e.caught_by ? ", caught by " + n.element(e.caught_by) : ", nobody catches it"), Colour::red};
}
std::string basis_text(const sla::Basis& b) { return promised_by(b.table, b.row, b.source, b.edition, b.unverified); }

/// ", by limits row 12; SGCC 2011, item 4; unverified"; nothing when no table was asked.
std::string by_table(const sla::Basis& b) { return b.table.empty() ? std::string() : ", by " + basis_text(b); }

Told tell(const core::ClockStarted& e, const Names& n) {
  return Line{"clock",
              fmt::format("{} starts: {}, due {}{}{}", n.clock(e.ledger.clock), calendar::to_string(e.ledger.budget), n.time(e.ledger.due),
                          e.ledger.provisional ? " (provisional)" : "", by_table(e.ledger.basis)),
              Colour::cyan};
}
Told tell(const core::ClockPaused& e, const Names& n) { return Line{"clock", n.clock(e.ledger.clock) + " pauses", Colour::cyan}; }
Told tell(const core::ClockResumed& e, const Names& n) {
  return Line{"clock", fmt::format("{} runs again, due {}", n.clock(e.ledger.clock), n.time(e.ledger.due)), Colour::cyan};
}
Told tell(const core::ClockStopped& e, const Names& n) {
  return Line{"clock", n.clock(e.ledger.clock) + (e.ledger.breached ? " stops, too late" : " is met"),
              e.ledger.breached ? Colour::red : Colour::green};
}
Told tell(const core::ClockCancelled& e, const Names& n) { return Line{"clock", n.clock(e.ledger.clock) + " is cancelled", Colour::cyan}; }
Told tell(const core::ClockMoved& e, const Names& n) {
  const std::string before = e.due_before && *e.due_before != e.ledger.due ? ", not " + n.time(*e.due_before) : std::string();
  return Line{"clock", fmt::format("{} is due {} now{}: {}", n.clock(e.ledger.clock), n.time(e.ledger.due), before, e.reason), Colour::cyan};
}
Told tell(const core::ClockChanged& e, const Names& n) {
  if (e.ledger.changes.empty()) return std::nullopt;
  const sla::Change& c = e.ledger.changes.back();
  const std::string done = c.kind == sla::ChangeKind::extend
                               ? fmt::format("is extended by {}, due {} now", calendar::to_string(c.amount), n.time(c.due_after))
                           : c.kind == sla::ChangeKind::annul ? "is void"
                           : c.kind == sla::ChangeKind::pause ? "is held"
                                                              : fmt::format("is held no more, due {}", n.time(c.due_after));
  return Line{"clock", fmt::format("{} {} (by {}: {})", n.clock(e.ledger.clock), done, c.by, c.reason), Colour::cyan};
}
Told tell(const core::ClockMarked& e, const Names& n) {
  const model::ClockSpec& spec = n.process.clocks[e.ledger.clock.value];
  const bool named = e.mark < spec.marks.size();
  const bool breach = !named || spec.marks[e.mark].kind == model::ClockMark::Kind::breach;
  return Line{"clock",
              fmt::format("{} reaches {}{}", n.clock(e.ledger.clock), named ? spec.marks[e.mark].text : "breach", e.skipped ? " (skipped)" : ""),
              breach ? Colour::red : Colour::yellow};
}
Told tell(const core::FeedbackGiven& e, const Names& n) {
  return Line{"feedback", fmt::format("{} by {}: {}", e.id, join(e.channels), text_in(e.texts, n.language)), Colour::bold};
}
Told tell(const core::CallStarted& e, const Names& n) {
  if (e.call.kind != core::CallKind::process) {
    const Value* key = e.data.context() == nullptr ? nullptr : e.data.context()->find("key");
    return Line{"register",
                fmt::format("{} {} register {} at {}", n.element(e.call.element), e.call.kind == core::CallKind::read ? "reads" : "writes",
                            e.call.process, key == nullptr ? "?" : to_display(*key))};
  }
  return Line{"call", fmt::format("{} calls {}", n.element(e.call.element), e.call.process)};
}
Told tell(const core::IncidentRaised& e, const Names& n) {
  return Line{"incident", fmt::format("{} at {}: {}", e.incident.rule, n.element(e.incident.element), e.incident.message), Colour::red};
}
Told tell(const core::IncidentResolved& e, const Names&) { return Line{"incident", "resolved by " + e.by}; }
Told tell(const core::NoteAdded& e, const Names&) { return Line{"note", e.text}; }
Told tell(const core::EventOccurred& e, const Names& n) {
  const model::Element& element = n.process.at(e.element);
  const bool known = e.definition < element.definitions();
  return Line{"waits",
              fmt::format("{} has {}, and waits for the others", n.element(e.element),
                          known ? fmt::format("{} {}", model::to_string(element.definition(e.definition).kind), element.definition(e.definition).name)
                                : "one event")};
}
Told tell(const core::GatewayActivated& e, const Names& n) { return Line{"gateway", n.element(e.gateway) + " goes off"}; }
Told tell(const core::GatewayReset& e, const Names& n) { return Line{"gateway", n.element(e.gateway) + " is reset"}; }
Told tell(const core::ActivityBegun& e, const Names& n) {
  if (!e.asked) return std::nullopt;
  return Line{"begun", fmt::format("{} once more{}", n.element(e.element), e.by.empty() ? "" : " by " + e.by)};
}
Told tell(const core::CompensationTriggered& e, const Names& n) {
  if (!e.event) return std::nullopt;
  return Line{"undo", fmt::format("{} has {} activit{} undone", n.element(e.event), e.activities.size(), e.activities.size() == 1 ? "y" : "ies"),
              Colour::yellow};
}
Told tell(const core::CompensationStarted& e, const Names& n) {
  return Line{"undo", fmt::format("{} is undone{}", n.element(e.element), e.compensation ? " by " + n.element(e.compensation) : " from the inside"),
              Colour::yellow};
}
Told tell(const core::ElementCompensated& e, const Names& n) { return Line{"undone", n.element(e.element), Colour::yellow}; }
Told tell(const core::TransactionCancelled& e, const Names& n) {
  return Line{"cancel", fmt::format("{} is cancelled by {}", n.element(e.element), n.element(e.event)), Colour::yellow};
}

// Nothing is told of these: others say the same thing, or it is of no interest to who plays a process.
Told tell(const core::InstanceSuspended&, const Names&) { return std::nullopt; }
Told tell(const core::InstanceResumed&, const Names&) { return std::nullopt; }
Told tell(const core::ElementEntered&, const Names&) { return std::nullopt; }
Told tell(const core::ElementTerminated&, const Names&) { return std::nullopt; }
Told tell(const core::FlowTaken&, const Names&) { return std::nullopt; }
Told tell(const core::TokenArrived&, const Names&) { return std::nullopt; }
Told tell(const core::JoinFired&, const Names&) { return std::nullopt; }
Told tell(const core::JoinCleared&, const Names&) { return std::nullopt; }
Told tell(const core::ScopeOpened&, const Names&) { return std::nullopt; }
Told tell(const core::RepetitionBegun&, const Names&) { return std::nullopt; }
Told tell(const core::OutputCollected&, const Names&) { return std::nullopt; }
Told tell(const core::CustomerIdentified&, const Names&) { return std::nullopt; }
Told tell(const core::WorkClaimed&, const Names&) { return std::nullopt; }
Told tell(const core::WorkReleased&, const Names&) { return std::nullopt; }
Told tell(const core::WorkRetried&, const Names&) { return std::nullopt; }
Told tell(const core::WorkWithdrawn&, const Names&) { return std::nullopt; }
Told tell(const core::WorkMoved&, const Names&) { return std::nullopt; }
Told tell(const core::TimerArmed&, const Names&) { return std::nullopt; }
Told tell(const core::TimerDisarmed&, const Names&) { return std::nullopt; }
Told tell(const core::TimerMoved&, const Names&) { return std::nullopt; }
Told tell(const core::SubscriptionOpened&, const Names&) { return std::nullopt; }
Told tell(const core::SubscriptionClosed&, const Names&) { return std::nullopt; }
Told tell(const core::CallFinished&, const Names&) { return std::nullopt; }
Told tell(const core::CallAbandoned&, const Names&) { return std::nullopt; }
Told tell(const core::OccurrencesCleared&, const Names&) { return std::nullopt; }
Told tell(const core::AdHocClosed&, const Names&) { return std::nullopt; }
Told tell(const core::CompensationEnabled&, const Names&) { return std::nullopt; }

}  // namespace

std::string timeline(const World& world, InstanceKey root, std::size_t from, const std::string& language) {
  std::string text;
  for (std::size_t i = from; i < world.diary().size(); ++i) {
    const Entry& entry = world.diary()[i];
    const std::optional<std::string> prefix = world.prefix_of(root, entry.instance);
    const ExecutableProcess& process = world.definition_of(*world.find(entry.instance));
    const std::string shown = prefix.value_or(process.id + ":");
    const Names names{process, shown, language};
    const Told line = std::visit([&](const auto& body) { return tell(body, names); }, entry.event.body);
    if (!line) continue;
    const std::string said = line->colour ? paint(line->text, *line->colour, 1) : line->text;
    text += fmt::format("{}  {:<8}  {}\n", names.time(entry.event.at), line->kind, said);
  }
  return text;
}

Value timeline_value(const World& world, std::size_t from) {
  List all;
  for (std::size_t i = from; i < world.diary().size(); ++i) {
    const Entry& entry = world.diary()[i];
    const core::ProcessInstance& instance = *world.find(entry.instance);
    const ExecutableProcess& process = world.definition_of(instance);
    all.emplace_back(Context{{"at", instant(entry.event.at, process.calendar->spec().zone)},
                             {"case", instance.case_no},
                             {"process", process.id},
                             {"event", std::string(core::name_of(entry.event.body))},
                             {"details", core::describe(entry.event, &process)}});
  }
  return all;
}

std::string standing(const World& world, InstanceKey root) {
  const core::ProcessInstance& instance = *world.find(root);
  std::vector<std::string> places;
  for (const testing::Spot& spot : world.positions(root, true)) places.push_back(spot.path);
  return fmt::format("{}  case {} is {}{}\n", whole_seconds(world.now(), world.definition_of(instance).calendar->spec().zone), instance.case_no,
                     core::to_string(instance.state), places.empty() ? "" : ", at " + join(places));
}

std::string clock_table(const World& world, InstanceKey root, const std::string& language) {
  Table table(titles({"clock", "name", "state", "started", "due", "left", "percent", "budget", "source"}, language));
  for (const core::ProcessInstance& i : world.instances()) {
    const std::optional<std::string> prefix = world.prefix_of(root, i.key);
    if (!prefix) continue;
    const ExecutableProcess& process = world.definition_of(i);
    const std::string& zone = process.calendar->spec().zone;
    for (const sla::Ledger& l : i.clocks) {
      const model::ClockSpec& spec = process.clocks[l.clock.value];
      const bool ended = l.state == sla::ClockState::met || l.state == sla::ClockState::cancelled;
      const sla::Reading r = sla::read(l, spec, ended ? l.ended : world.now());
      const std::string state = std::string(sla::to_string(l.state)) + (r.breached ? ", breached" : "");
      table.add({*prefix + spec.id, spec.name.in(language), r.breached ? paint(state, Colour::red, 1) : state, shown_time(l.started, zone),
                 l.state == sla::ClockState::paused && !r.breached ? on_hold(language) : shown_time(l.due, zone),
                 ended ? "" : short_duration(r.left_wall), fmt::format("{:.0f}%", r.percent), calendar::to_string(l.budget),
                 basis_text(sla::promised_by(l, spec))});
    }
  }
  return table.empty() ? "no clock has started\n" : table.text();
}

Value clock_values(const World& world, InstanceKey root) {
  List all;
  for (const core::ProcessInstance& i : world.instances()) {
    if (!world.prefix_of(root, i.key)) continue;
    const ExecutableProcess& process = world.definition_of(i);
    const std::string& zone = process.calendar->spec().zone;
    for (const sla::Ledger& l : i.clocks) {
      const bool ended = l.state == sla::ClockState::met || l.state == sla::ClockState::cancelled;
      const sla::Reading r = sla::read(l, process.clocks[l.clock.value], ended ? l.ended : world.now());
      all.emplace_back(Context{{"process", process.id},
                               {"clock", process.clocks[l.clock.value].id},
                               {"round", static_cast<std::int64_t>(l.round)},
                               {"state", std::string(sla::to_string(l.state))},
                               {"breached", r.breached},
                               {"started", instant(l.started, zone)},
                               {"due", instant(l.due, zone)},
                               {"original_due", instant(l.original_due, zone)},
                               {"percent", number(r.percent)}});
    }
  }
  return all;
}

std::string data_table(const World& world, InstanceKey root, const std::string& language) {
  const core::ProcessInstance& instance = *world.find(root);
  const ExecutableProcess& process = world.definition_of(instance);
  Table table(titles({"data", "type", "value"}, language));
  for (std::size_t i = 0; i < process.data.size(); ++i)
    table.add({process.data[i].name, process.data[i].type.to_string(), to_feel(instance.data[i])});
  for (const core::ScopeData& scope : instance.scopes) {
    const model::Element& owner = process.at(instance.find(scope.key)->element);
    for (std::size_t i = 0; i < scope.values.size(); ++i)
      table.add({owner.path + "/" + owner.data[i].name, owner.data[i].type.to_string(), to_feel(scope.values[i])});
  }
  return table.text();
}

}  // namespace switchboard::cli
