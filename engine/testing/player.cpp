#include "testing/player.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

namespace switchboard::testing {

namespace {

using model::EventKind;
using model::ExecutableProcess;

bool is_in_family(const World& world, InstanceKey root, InstanceKey instance) { return world.prefix_of(root, instance).has_value(); }

/// BPMN errors that boundary events of the element catch; "any" gives a made-up code.
std::vector<std::string> caught_errors(const ExecutableProcess& process, const model::Element& element) {
  std::vector<std::string> codes;
  for (const model::ElementIndex b : element.boundary) {
    for (const model::EventSpec& event : process.at(b).events) {
      if (event.kind == EventKind::error) codes.push_back(event.name.empty() ? "some-error" : event.name);
    }
  }
  return codes;
}

void add_work(const World& world, InstanceKey root, std::vector<Move>& all) {
  const std::vector<OpenWork> open = world.open_work(root);
  for (const OpenWork& w : open) {
    Move m;
    m.work = w;
    m.label = "complete " + w.path;
    all.push_back(std::move(m));
  }
  for (const OpenWork& w : open) {
    const core::ProcessInstance& instance = *world.find(w.instance);
    const core::Work& work = *instance.find(w.work);
    const ExecutableProcess& process = world.definition_of(instance);
    Move m;
    m.kind = Move::Kind::fail;
    m.work = w;
    m.label = "fail " + w.path;
    if (work.kind != core::WorkKind::user) all.push_back(m);
    for (const std::string& code : caught_errors(process, process.at(work.element))) {
      m.error = code;
      m.label = fmt::format("fail {} with error {}", w.path, code);
      all.push_back(m);
    }
  }
}

/// What can begin once more in the open ad-hoc sub-processes of a case.
void add_activities(const World& world, const core::ProcessInstance& i, std::vector<Move>& all) {
  const ExecutableProcess& process = world.definition_of(i);
  for (const core::AdHocState& s : i.ad_hocs) {
    const model::Element& element = process.at(i.find(s.key)->element);
    if (s.closed || (element.sequential && !core::waits_for_activities(i, s.key))) continue;
    for (const model::ElementIndex activity : element.initial) {
      Move m;
      m.kind = Move::Kind::begin;
      m.name = process.at(activity).path;
      m.place = {i.key, s.key};
      m.label = "begin " + m.name;
      all.push_back(std::move(m));
    }
  }
}

void add_events(const World& world, InstanceKey root, std::vector<Move>& all) {
  std::set<std::pair<std::string, std::string>> seen;  // one message, however many wait for it
  for (const core::ProcessInstance& i : world.instances()) {
    if (i.state != core::InstanceState::active || !is_in_family(world, root, i.key)) continue;
    std::vector<core::Subscription> waiting(i.subscriptions.begin(), i.subscriptions.end());
    std::stable_partition(waiting.begin(), waiting.end(), [](const core::Subscription& s) { return !core::is_listening(s); });
    for (const core::Subscription& s : waiting) {
      const bool message = s.kind == core::SubscriptionKind::message;
      if (!seen.insert({s.name, message ? s.correlation : "signal"}).second) continue;
      Move m;
      m.kind = message ? Move::Kind::message : Move::Kind::signal;
      m.name = s.name;
      m.correlation = s.correlation;
      m.is_heard_only = core::is_listening(s);
      m.label = fmt::format("{} {}", message ? "message" : "signal", s.name);
      all.push_back(std::move(m));
    }
    add_activities(world, i, all);
    for (const core::Incident& incident : i.incidents) {
      Move m;
      m.kind = Move::Kind::resolve;
      m.incident = {i.key, incident.key};
      m.label = fmt::format("resolve incident {}: {}", incident.rule, incident.message);
      all.push_back(std::move(m));
    }
  }
}

/// Messages with `keep` for which this case may wait later.
void add_early(const World& world, InstanceKey root, std::vector<Move>& all) {
  const core::ProcessInstance& i = *world.find(root);
  if (i.state != core::InstanceState::active) return;
  const ExecutableProcess& process = world.definition_of(i);
  for (const model::KeepSpec& keep : process.keeps) {
    const std::string& name = keep.message;
    const bool waits = std::any_of(i.subscriptions.begin(), i.subscriptions.end(), [&](const core::Subscription& s) {
      return s.kind == core::SubscriptionKind::message && s.name == name && !core::is_listening(s);
    });
    if (waits || !driver::may_come_to_wait(process, i, name)) continue;
    Move m;
    m.kind = Move::Kind::message;
    m.name = name;
    m.correlation = i.case_no;
    m.is_heard_only = true;  // no token waits for it
    m.is_early = true;
    m.label = fmt::format("message {} comes early", name);
    all.push_back(std::move(m));
  }
}

}  // namespace

std::vector<Move> moves(const World& world, InstanceKey root) {
  std::vector<Move> all;
  add_work(world, root, all);
  add_events(world, root, all);
  add_early(world, root, all);
  for (const core::Due& due : world.all_due()) {
    if (!is_in_family(world, root, due.instance)) continue;
    const core::ProcessInstance& instance = *world.find(due.instance);
    const ExecutableProcess& process = world.definition_of(instance);
    Move m;
    m.kind = Move::Kind::wait_for_due;
    m.label = fmt::format("wait for {} ({})", text_of(due, process, instance), to_string(due.due, process.calendar->spec().zone));
    all.push_back(std::move(m));
    break;
  }
  return all;
}

Value made_up_data(const ExecutableProcess& process, Instant now, Dice& dice) {
  Context data;
  const std::string& zone = process.calendar->spec().zone;
  for (const model::DataSpec& spec : process.data) {
    if (!spec.set_by_process && (spec.required || dice.chance(30))) data.set(spec.name, dice.value_for(spec, now, zone));
  }
  return data;
}

namespace {

bool takes_a_few_values(const model::DataSpec& spec) { return !spec.enumeration.empty() || spec.type.kind() == feel::Type::Kind::boolean; }

/// Data that decide where cases go, and that no form, mapping or script ever sets: a task without form and `out` that sees them may set them by
/// name.
std::set<std::string> deciding_data(const ExecutableProcess& process) {
  std::set<std::string> names;
  for (const model::FlowSpec& flow : process.flows) {
    if (!flow.condition) continue;
    for (const std::uint32_t slot : flow.condition.used_slots()) {
      if (model::level_of({slot}) == 0 && slot >= process.data.size()) continue;  // what every case has
      const model::DataSpec& spec = process.spec(process.at(flow.from).scope, {slot});
      if (takes_a_few_values(spec)) names.insert(spec.name);
    }
  }
  for (std::uint32_t i = 0; i < process.elements.size(); ++i) {
    const model::Element& e = process.elements[i];
    for (const auto& [condition, place] : {std::pair(&e.completion, model::ElementIndex{i}), std::pair(&e.activation, e.scope)})
      for (const std::uint32_t slot : *condition ? condition->used_slots() : std::vector<std::uint32_t>()) {
        if (model::level_of({slot}) == 0 && slot >= process.data.size()) continue;
        const model::DataSpec& spec = process.spec(place, {slot});
        if (takes_a_few_values(spec)) names.insert(spec.name);
      }
  }
  for (const model::Element& e : process.elements) {
    for (const model::Assignment& a : e.out.assignments) names.erase(a.name);
    for (const model::Assignment& a : e.set) names.erase(a.name);
  }
  for (std::uint32_t i = 0; i < process.elements.size(); ++i)
    for (const model::FormSpec& f : process.elements[i].work.form) names.erase(process.spec({i}, f.slot).name);
  return names;
}

/// The declaration whose values a result name should have: the data of that name, or the data it is written to unchanged.
model::DataSpec spec_of_result(const ExecutableProcess& process, model::ElementIndex element, const std::string& name, model::SlotIndex fallback) {
  const auto is_data = [&](model::SlotIndex slot) { return model::level_of(slot) > 0 || slot.value < process.data.size(); };
  if (fallback && is_data(fallback)) return process.spec(element, fallback);
  for (const model::Assignment& a : process.at(element).out.assignments) {
    if (a.value.text() == name) return process.spec(element, a.target);
  }
  model::DataSpec unknown;
  unknown.name = name;
  return unknown;
}

struct Source {
  const ExecutableProcess& process;
  model::ElementIndex place;
  Instant now;
  std::vector<core::FormEntry> form{};  ///< of a work: what it asks just now
};

/// The declaration of an entry with what the form asks of it.
model::DataSpec asked_spec(const Source& from, std::size_t entry) {
  model::DataSpec spec = from.process.spec(from.place, from.process.at(from.place).work.form[entry].slot);
  if (entry >= from.form.size()) return spec;
  const core::FormEntry& asked = from.form[entry];
  if (asked.choices) spec.enumeration = *asked.choices;
  if (!asked.min.is_null()) spec.min = asked.min;
  if (!asked.max.is_null()) spec.max = asked.max;
  return spec;
}

Value made_up(const Source& from, Dice& dice) {
  const ExecutableProcess& process = from.process;
  const model::ElementIndex place = from.place;
  const Instant now = from.now;
  const model::Element& element = process.at(place);
  const std::string& zone = process.calendar->spec().zone;
  Context result;
  for (std::size_t i = 0; i < element.work.form.size(); ++i) {
    const model::FormSpec& f = element.work.form[i];
    const model::DataSpec spec = asked_spec(from, i);
    // Whether it is needed may hang on the other answers: who gives it is never wrong.
    if (spec.required || f.required || f.required_if || dice.chance(85)) result.set(spec.name, dice.value_for(spec, now, zone));
  }
  if (element.out.explicit_out) {
    for (const auto& result_name : element.out.names) {
      const std::string& name = result_name.first;  // clang 14 captures no structured binding
      const model::SlotIndex fallback = result_name.second;
      // `attempts: attempts + 1` reads the case's own data: only what is taken over as it is, or no data at all, comes from outside.
      const bool own = fallback && std::none_of(element.out.assignments.begin(), element.out.assignments.end(),
                                                [&](const model::Assignment& a) { return a.value.text() == name; });
      const auto& carried = element.out.carried;
      const model::SlotIndex data = process.find_data(place, name);
      const bool forbidden = data && process.spec(place, data).set_by_process && std::find(carried.begin(), carried.end(), data) == carried.end();
      if (!own && !forbidden && !(fallback && element.work.has_form) && result.find(name) == nullptr)
        result.set(name, dice.value_for(spec_of_result(process, place, name, fallback), now, zone));
    }
  } else if (!element.work.has_form) {
    for (const std::string& name : deciding_data(process)) {
      const model::SlotIndex slot = process.find_data(place, name);
      if (slot && !process.spec(place, slot).set_by_process && dice.chance(40))
        result.set(name, dice.value_for(process.spec(place, slot), now, zone));
    }
  }
  return result;
}

}  // namespace

Value made_up_result(const World& world, const OpenWork& work, Dice& dice) {
  const core::ProcessInstance& instance = *world.find(work.instance);
  const ExecutableProcess& process = world.definition_of(instance);
  const core::Work& open = *instance.find(work.work);
  return made_up({process, open.element, world.now(), core::form_of(process, instance, open, world.now())}, dice);
}

namespace {

Value declared_payload(const ExecutableProcess& process, std::string_view message, Instant now, Dice& dice) {
  Context payload;
  for (const auto& [name, fields] : process.payloads) {
    if (name != message) continue;
    for (const auto& [field, type] : fields) {
      model::DataSpec spec;
      spec.type = type;
      payload.set(field, dice.value_for(spec, now, process.calendar->spec().zone));
    }
  }
  return payload;
}

}  // namespace

Value made_up_payload(const World& world, InstanceKey root, const Move& move, Dice& dice) {
  for (const core::ProcessInstance& i : world.instances()) {
    if (!is_in_family(world, root, i.key)) continue;
    for (const core::Subscription& s : i.subscriptions) {
      if (s.name != move.name) continue;
      const ExecutableProcess& process = world.definition_of(i);
      const model::Element& element = process.at(s.element);
      if (element.out.explicit_out) return made_up({process, s.element, world.now(), {}}, dice);
      return declared_payload(process, move.name, world.now(), dice);
    }
  }
  return move.is_early ? declared_payload(world.definition_of(*world.find(root)), move.name, world.now(), dice) : Value(Context{});
}

Result<void> perform(World& world, const Move& move, const Value& data) {
  switch (move.kind) {
    case Move::Kind::complete: {
      const core::Work* work = world.find(move.work.instance)->find(move.work.work);
      return world.submit(move.work.instance, core::CompleteWork{move.work.work, data, work == nullptr ? std::string() : work->assignee});
    }
    case Move::Kind::fail: return world.submit(move.work.instance, core::FailWork{move.work.work, "it did not work", move.error, Context{}, {}});
    case Move::Kind::message:
      if (move.is_early) return world.message_to_case(move.name, move.correlation, data);
      return world.message(move.name, move.correlation, data);
    case Move::Kind::signal: {
      SB_TRY(const std::size_t heard, world.signal(move.name, data));
      static_cast<void>(heard);
      return success();
    }
    case Move::Kind::begin: return world.submit(move.place.first, core::BeginActivity{move.name, {}, move.place.second});
    case Move::Kind::resolve: return world.submit(move.incident.first, core::ResolveIncident{move.incident.second, data, 1, "operator"});
    case Move::Kind::wait_for_due: {
      const std::optional<Instant> next = world.next_instant();
      return next ? world.advance_to(*next) : Result<void>(success());
    }
  }
  return success();
}

namespace {

constexpr std::size_t most_refusals = 50;  // in a row, before a walk gives up

unsigned weight_of(const Move& move, bool work_waits) {
  switch (move.kind) {
    case Move::Kind::complete: return 20;
    case Move::Kind::fail: return 1;
    case Move::Kind::message: return move.is_early ? 0 : work_waits || move.is_heard_only ? 1 : 6;
    case Move::Kind::signal: return work_waits ? 1 : 4;
    case Move::Kind::begin: return work_waits ? 0 : 2;
    case Move::Kind::resolve: return 10;
    case Move::Kind::wait_for_due: return work_waits ? 2 : 10;
  }
  return 1;
}

const Move& choose(const std::vector<Move>& all, Dice& dice) {
  const bool work_waits = std::any_of(all.begin(), all.end(), [](const Move& m) { return m.kind == Move::Kind::complete; });
  std::uint64_t total = 0;
  for (const Move& m : all) total += weight_of(m, work_waits);
  std::uint64_t draw = dice.below(total);
  for (const Move& m : all) {
    if (draw < weight_of(m, work_waits)) return m;
    draw -= weight_of(m, work_waits);
  }
  return all.back();
}

// People take minutes, hours, sometimes days.
Duration time_taken(Dice& dice) {
  static constexpr std::array<std::int64_t, 8> minutes{2, 5, 10, 20, 45, 120, 600, 2880};
  return Duration::minutes(minutes[static_cast<std::size_t>(dice.below(minutes.size()))]);
}

Value data_for(const World& world, InstanceKey root, const Move& move, Dice& dice) {
  if (move.kind == Move::Kind::complete) return made_up_result(world, move.work, dice);
  if (move.kind == Move::Kind::message || move.kind == Move::Kind::signal) return made_up_payload(world, root, move, dice);
  return Context{};
}

}  // namespace

Walk play_out(World& world, InstanceKey root, Dice& dice, std::size_t most_steps) {
  Walk walk;
  std::string last_refusal;
  for (std::size_t in_a_row = 0; walk.steps < most_steps && in_a_row < most_refusals;) {
    if (core::is_finished(world.find(root)->state)) {
      walk.ended = true;
      return walk;
    }
    if (dice.chance(60)) {
      if (const Result<void> waited = world.advance_to(world.now() + time_taken(dice)); !waited) {
        walk.stopped = waited.error().text();
        return walk;
      }
    }
    const std::vector<Move> all = moves(world, root);
    if (std::all_of(all.begin(), all.end(), [](const Move& m) { return m.is_heard_only; })) {
      if (core::is_finished(world.find(root)->state)) continue;
      walk.stopped = "nothing can happen any more";
      return walk;
    }
    const Move move = choose(all, dice);
    const Result<void> done = perform(world, move, data_for(world, root, move, dice));
    ++walk.steps;
    in_a_row = done ? 0 : in_a_row + 1;
    if (done) continue;
    ++walk.refused;
    last_refusal = fmt::format("{}: {}", move.label, done.error().text());
  }
  walk.ended = core::is_finished(world.find(root)->state);
  if (!walk.ended)
    walk.stopped =
        walk.steps >= most_steps ? fmt::format("not over after {} steps", walk.steps) : "made-up data is refused again and again: " + last_refusal;
  return walk;
}

}  // namespace switchboard::testing
