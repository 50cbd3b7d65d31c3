// Compares what a test expects with how a case stands, in words for people.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "sla/ledger.hpp"
#include "switchboard/base/text.hpp"
#include "testing/runner.hpp"

namespace switchboard::testing {

namespace {

using notation::Expectation;

using Lines = std::vector<std::string>;

std::string listed(const std::vector<std::string>& names) { return fmt::format("[{}]", fmt::join(names, ", ")); }

std::vector<std::string> names_of(const std::vector<model::Ref>& refs) {
  std::vector<std::string> names;
  for (const model::Ref& ref : refs) names.push_back(ref.name);
  return names;
}

bool is_called(const Spot& spot, std::string_view name) {
  return is_path_of(name, spot.path) || std::find(spot.also.begin(), spot.also.end(), name) != spot.also.end();
}

bool is_inside(std::string_view name, const Spot& call) {
  const auto holds = [&](std::string_view path) { return name.size() > path.size() && name.starts_with(path) && name[path.size()] == '/'; };
  return holds(call.path) || std::any_of(call.also.begin(), call.also.end(), holds);
}

std::vector<std::string> paths_of(const std::vector<Spot>& spots) {
  std::vector<std::string> paths;
  for (const Spot& spot : spots) paths.push_back(spot.path);
  return paths;
}

// Places inside a called case count one by one as soon as the test names one of them; otherwise the call stands for them. Those of a partner's case
// count as soon as the test names one of them, and else not.
std::vector<Spot> spots_to_compare(const World& world, InstanceKey root, const std::vector<std::string>& expected) {
  const std::vector<Spot> all = world.positions(root, true);
  const auto opened = [&](const Spot& spot) {
    return std::any_of(expected.begin(), expected.end(), [&](const std::string& name) { return is_inside(name, spot); });
  };
  const auto named = [&](const Spot& spot) {
    return std::any_of(expected.begin(), expected.end(), [&](const std::string& name) { return is_called(spot, name); });
  };
  const auto is_left_out = [&](const Spot& spot) {
    return !spot.partner.empty() &&
           std::none_of(expected.begin(), expected.end(), [&](const std::string& name) { return name.starts_with(spot.partner); });
  };
  const auto hidden = [&](const Spot& spot) {
    return std::any_of(all.begin(), all.end(), [&](const Spot& call) { return is_inside(spot.path, call) && !opened(call); });
  };
  std::vector<Spot> compared;
  for (const Spot& spot : all) {
    if (is_left_out(spot)) continue;
    if (named(spot) || (!opened(spot) && !hidden(spot))) compared.push_back(spot);
  }
  return compared;
}

void compare_positions(const World& world, InstanceKey root, const Expectation& expected, Lines& lines) {
  if (expected.at_nodes) {
    const std::vector<std::string> names = names_of(*expected.at_nodes);
    const std::vector<Spot> spots = spots_to_compare(world, root, names);
    const bool all_there = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
      return std::any_of(spots.begin(), spots.end(), [&](const Spot& spot) { return is_called(spot, name); });
    });
    const bool none_more = std::all_of(spots.begin(), spots.end(), [&](const Spot& spot) {
      return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return is_called(spot, name); });
    });
    if (!all_there || !none_more) lines.push_back(fmt::format("at: expected {}, is {}", listed(names), listed(paths_of(spots))));
  }
  for (const model::Ref& ref : expected.not_at) {
    for (const Spot& spot : world.positions(root, true)) {
      if (is_called(spot, ref.name)) lines.push_back(fmt::format("not-at: a token rests at {}", ref.name));
    }
  }
}

/// Where the value of that name stands: in the case, or in the one activation that has data of that name.
struct Found {
  const model::DataSpec* spec = nullptr;
  const Value* value = nullptr;
  std::size_t activations = 0;  ///< of the scope that declares it; 1 for the case
};

Found find_value(const model::ExecutableProcess& process, const core::ProcessInstance& instance, const std::string& name) {
  if (const model::SlotIndex slot = process.find_data(name)) return {&process.data[slot.value], &instance.data[slot.value], 1};
  Found found;
  for (const core::ScopeData& scope : instance.scopes) {
    const model::Element& owner = process.at(instance.find(scope.key)->element);
    for (std::size_t i = 0; i < owner.data.size(); ++i)
      if (owner.data[i].name == name) found = {&owner.data[i], &scope.values[i], found.activations + 1};
  }
  return found;
}

bool is_declared(const model::ExecutableProcess& process, const std::string& name) {
  return process.find_data(name) || std::any_of(process.elements.begin(), process.elements.end(), [&](const model::Element& e) {
           return std::any_of(e.data.begin(), e.data.end(), [&](const model::DataSpec& d) { return d.name == name; });
         });
}

void compare_data(const model::ExecutableProcess& process, const core::ProcessInstance& instance, const Expectation& expected, Lines& lines) {
  for (const auto& [ref, wanted] : expected.data) {
    const Found found = find_value(process, instance, ref.name);
    if (found.activations != 1) {
      lines.push_back(fmt::format("data {}: {}", ref.name,
                                  !is_declared(process, ref.name) ? "the process has no such data"
                                  : found.activations == 0        ? "the sub-process that has it is not active"
                                                                  : "several activations have it"));
      continue;
    }
    model::DataSpec free = *found.spec;
    free.required = false;
    const Result<Value> typed = model::admit(free, wanted);  // texts become dates where dates are declared
    const Value& is = *found.value;
    if (!typed || !(typed.value() == is))
      lines.push_back(fmt::format("data {}: expected {}, is {}", ref.name, to_feel(typed ? typed.value() : wanted), to_feel(is)));
  }
}

struct ClockView {
  const model::ClockSpec& spec;
  const sla::Ledger& ledger;
  sla::Reading reading;
  std::string zone;
};

void compare_instant(const Expectation::Clock& expected, std::string_view what, const std::optional<std::string>& wanted, Instant is,
                     const std::string& zone, Lines& lines) {
  if (!wanted) return;
  const std::optional<Instant> at = parse_instant(*wanted, zone);
  if (!at) {
    lines.push_back(fmt::format("clock {}, {}: '{}' is no date and time", expected.id, what, *wanted));
  } else if (*at != is) {
    lines.push_back(fmt::format("clock {}, {}: expected {}, is {}", expected.id, what, to_string(*at, zone), to_string(is, zone)));
  }
}

// Working days are fractions computed from doubles, and percentages are shown to people: a millionth is equal.
bool nearly(double a, double b) { return std::abs(a - b) <= 1e-6 * std::max(1.0, std::abs(a)); }

void compare_elapsed(const Expectation::Clock& expected, const ClockView& view, Lines& lines) {
  if (!expected.elapsed) return;
  const Result<calendar::WorkingDuration> wanted = calendar::parse_duration(*expected.elapsed);
  if (!wanted) {
    lines.push_back(fmt::format("clock {}, elapsed: {}", expected.id, wanted.error().message));
    return;
  }
  const calendar::WorkingDuration& w = wanted.value();
  const calendar::WorkingDuration& budget = view.ledger.budget;
  if (budget.working_days > 0) {
    if (!nearly(static_cast<double>(w.working_days), view.reading.elapsed_working_days))
      lines.push_back(fmt::format("clock {}, elapsed: expected {}, is {:.6g} bd", expected.id, *expected.elapsed, view.reading.elapsed_working_days));
    return;
  }
  const bool working = budget.working.us > 0;
  const Duration is = working ? view.reading.elapsed_working : view.reading.running_wall;
  const Duration should = working ? w.working : w.wall + Duration::days(w.days);
  calendar::WorkingDuration shown;
  (working ? shown.working : shown.wall) = is;
  if (is != should) lines.push_back(fmt::format("clock {}, elapsed: expected {}, is {}", expected.id, *expected.elapsed, calendar::to_string(shown)));
}

std::string signed_text(Duration d) {
  calendar::WorkingDuration shown;
  shown.wall = d.us < 0 ? -d : d;
  return (d.us < 0 ? "-" : "") + calendar::to_string(shown);
}

void compare_left(const Expectation::Clock& expected, const ClockView& view, Lines& lines) {
  if (!expected.left) return;
  const bool negative = expected.left->starts_with('-');
  const Result<calendar::WorkingDuration> wanted = calendar::parse_duration(std::string_view(*expected.left).substr(negative ? 1 : 0));
  const Duration is = view.reading.left_wall;
  Duration should;
  if (wanted) should = wanted.value().wall + Duration::days(wanted.value().days);
  if (!wanted || is != (negative ? -should : should))
    lines.push_back(fmt::format("clock {}, left: expected {}, is {}", expected.id, *expected.left, signed_text(is)));
}

void compare_clock(const World& world, const model::ExecutableProcess& process, const core::ProcessInstance& instance,
                   const Expectation::Clock& expected, Lines& lines) {
  const model::ClockIndex index = process.find_clock(expected.id);
  if (!index) {
    lines.push_back(fmt::format("clock {}: the process has no such clock", expected.id));
    return;
  }
  const sla::Ledger* ledger = instance.find(index);
  const std::string state = ledger == nullptr ? "none" : std::string(sla::to_string(ledger->state));
  if (expected.state && *expected.state != state) {
    lines.push_back(ledger == nullptr ? fmt::format("clock {}: expected {}, never started", expected.id, *expected.state)
                                      : fmt::format("clock {}: expected {}, is {} (due {})", expected.id, *expected.state, state,
                                                    to_string(ledger->due, process.calendar->spec().zone)));
  }
  if (ledger == nullptr) {
    if (!expected.state) lines.push_back(fmt::format("clock {}: never started", expected.id));
    return;
  }
  const model::ClockSpec& spec = process.clocks[index.value];
  const ClockView view{spec, *ledger, sla::read(*ledger, spec, world.now()), process.calendar->spec().zone};
  if (expected.breached && *expected.breached != view.reading.breached) {
    lines.push_back(fmt::format("clock {}: expected {}, is {} (due {})", expected.id, *expected.breached ? "breached" : "not breached",
                                view.reading.breached ? "breached" : "not breached", to_string(ledger->due, view.zone)));
  }
  compare_instant(expected, "due", expected.due, ledger->due, view.zone, lines);
  compare_instant(expected, "original_due", expected.original_due, ledger->original_due, view.zone, lines);
  compare_elapsed(expected, view, lines);
  compare_left(expected, view, lines);
  if (expected.percent && !nearly(expected.percent->to_double(), view.reading.percent))
    lines.push_back(fmt::format("clock {}, percent: expected {}, is {:.6g}", expected.id, expected.percent->to_string(), view.reading.percent));
}

// Names of what happened in the family of `root`, seen from it. Those of called cases only when the test names one of them.
template <class NameOf>
std::vector<std::string> happened(const World& world, InstanceKey root, const std::vector<std::string>& expected, NameOf&& name_of) {
  const bool calls_too = std::any_of(expected.begin(), expected.end(), [](const std::string& name) { return name.find('/') != std::string::npos; });
  std::vector<std::string> names;
  for (const Entry& entry : world.diary()) {
    if (entry.instance != root && !calls_too) continue;
    const std::optional<std::string> name = name_of(entry);
    if (!name) continue;
    if (const std::optional<std::string> prefix = world.prefix_of(root, entry.instance)) names.push_back(*prefix + *name);
  }
  return names;
}

void compare_told(const World& world, InstanceKey root, const Expectation& expected, Lines& lines) {
  if (expected.feedback) {
    const std::vector<std::string> wanted = names_of(*expected.feedback);
    const std::vector<std::string> is = happened(world, root, wanted, [](const Entry& e) -> std::optional<std::string> {
      const auto* given = std::get_if<core::FeedbackGiven>(&e.event.body);
      return given == nullptr ? std::nullopt : std::optional(given->id);
    });
    if (is != wanted) lines.push_back(fmt::format("feedback: expected {}, is {}", listed(wanted), listed(is)));
  }
  if (expected.escalations) {
    const std::vector<std::string> wanted = names_of(*expected.escalations);
    const std::vector<std::string> is = happened(world, root, wanted, [](const Entry& e) -> std::optional<std::string> {
      const auto* raised = std::get_if<core::EscalationRaised>(&e.event.body);
      return raised == nullptr ? std::nullopt : std::optional(raised->code);
    });
    if (is != wanted) lines.push_back(fmt::format("escalations: expected {}, is {}", listed(wanted), listed(is)));
  }
}

/// Whoever they are kept for.
void compare_kept(const World& world, const Expectation& expected, Lines& lines) {
  if (!expected.kept) return;
  const std::vector<std::string> wanted = names_of(*expected.kept);
  std::vector<std::string> is;
  for (const auto& [id, message] : world.kept()) is.push_back(message.message.name);
  if (is != wanted) lines.push_back(fmt::format("kept: expected {}, is {}", listed(wanted), listed(is)));
}

/// The fields that are named, as a process would read them now.
void compare_rows(const World& world, const Expectation& expected, Lines& lines) {
  std::vector<model::ExecutablePtr> processes;
  for (const auto& [id, process] : world.definitions().processes) processes.push_back(process);
  const auto registers = driver::registers_of(processes);
  for (const model::GivenRow& wanted : expected.rows) {
    const std::string what = fmt::format("register {}, {}", wanted.of.name, wanted.key.name);
    const auto of = registers.find(wanted.of.name);
    if (of == registers.end()) {
      lines.push_back(fmt::format("{}: no process here reads or writes this register", what));
      continue;
    }
    const driver::Row row = world.rows().row(wanted.of.name, wanted.key.name, world.now());
    const auto shown = model::row_answer(*of->second, wanted.key.name, row.value, !row.value.is_null(), row.version, world.now());
    for (const Context::Entry& field : wanted.fields.entries()) {
      const model::Register::Field* known = of->second->find(field.first);
      const Value* is = shown ? shown.value().context()->find(field.first) : nullptr;
      if (is == nullptr) {
        lines.push_back(fmt::format("{}: there is no field {}", what, field.first));
        continue;
      }
      const Value should = known == nullptr || known->counting ? field.second : model::read_as(field.second, known->item.type, model::register_zone);
      if (!(should == *is)) lines.push_back(fmt::format("{}, {}: expected {}, is {}", what, field.first, to_feel(should), to_feel(*is)));
    }
  }
}

void compare_incidents(const World& world, InstanceKey root, const Expectation& expected, Lines& lines) {
  if (!expected.incidents) return;
  std::size_t open = 0;
  std::string texts;
  for (const core::ProcessInstance& i : world.instances()) {
    if (!world.prefix_of(root, i.key)) continue;
    open += i.incidents.size();
    for (const core::Incident& incident : i.incidents) texts += fmt::format("; {}: {}", incident.rule, incident.message);
  }
  if (open != static_cast<std::size_t>(*expected.incidents))
    lines.push_back(fmt::format("incidents: expected {}, is {}{}", *expected.incidents, open, texts));
}

void compare_ended(const World& world, InstanceKey root, const core::ProcessInstance& instance, const Expectation& expected, Lines& lines) {
  if (!expected.ended) return;
  std::vector<std::string> wanted = names_of(*expected.ended);
  std::vector<std::string> reached;
  for (const Entry& entry : world.diary()) {
    const auto* completed = std::get_if<core::ElementCompleted>(&entry.event.body);
    const core::ProcessInstance* of = completed == nullptr ? nullptr : world.find(entry.instance);
    if (of == nullptr) continue;
    const model::Element& element = world.definition_of(*of).at(completed->element);
    if (element.type != model::NodeType::end_event) continue;
    const bool nested = entry.instance != root || (element.scope && element.scope.value != 0);
    const std::optional<std::string> prefix = world.prefix_of(root, entry.instance);
    if (!prefix) continue;
    // Ends of nested bodies, called cases and partners count when the test names them.
    std::string path = *prefix + element.path;
    if (!nested || std::find(wanted.begin(), wanted.end(), path) != wanted.end()) reached.push_back(std::move(path));
  }
  for (std::vector<std::string>* names : {&wanted, &reached}) {
    std::sort(names->begin(), names->end());
    names->erase(std::unique(names->begin(), names->end()), names->end());
  }
  if (wanted != reached) lines.push_back(fmt::format("ended: expected {}, reached {}", listed(wanted), listed(reached)));
  if (!core::is_finished(instance.state))
    lines.push_back(fmt::format("ended: the case is not over, tokens rest at {}", listed(paths_of(world.positions(root, true)))));
}

void compare_organisations(const World& world, InstanceKey root, const core::ProcessInstance& instance, const Expectation& expected, Lines& lines) {
  const auto shown = [](const std::string& unit) { return unit.empty() ? std::string("none") : unit; };
  if (expected.organisation && expected.organisation->name != instance.organisation)
    lines.push_back(fmt::format("organisation: expected {}, is {}", expected.organisation->name, shown(instance.organisation)));
  const std::vector<OpenWork> open = world.open_work(root);
  for (const auto& [node, unit] : expected.offered_to) {
    bool is_there = false;
    for (const OpenWork& w : open) {
      if (!is_path_of(node.name, w.path)) continue;
      is_there = true;
      const core::ProcessInstance& of = *world.find(w.instance);
      const std::string& is = core::organisation_of(of, *of.find(w.work));
      if (is != unit.name) lines.push_back(fmt::format("offered-to {}: expected {}, is {}", node.name, unit.name, shown(is)));
    }
    if (!is_there) lines.push_back(fmt::format("offered-to {}: it has no open work", node.name));
  }
}

}  // namespace

std::vector<std::string> differences(const World& world, InstanceKey root, const Expectation& expected) {
  Lines lines;
  const core::ProcessInstance* instance = world.find(root);
  if (instance == nullptr) return {"there is no such case"};
  const model::ExecutableProcess& process = world.definition_of(*instance);
  compare_positions(world, root, expected, lines);
  compare_data(process, *instance, expected, lines);
  for (const Expectation::Clock& clock : expected.clocks) compare_clock(world, process, *instance, clock, lines);
  compare_told(world, root, expected, lines);
  compare_kept(world, expected, lines);
  compare_rows(world, expected, lines);
  compare_incidents(world, root, expected, lines);
  compare_ended(world, root, *instance, expected, lines);
  compare_organisations(world, root, *instance, expected, lines);
  return lines;
}

}  // namespace switchboard::testing
