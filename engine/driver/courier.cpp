#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>
#include <variant>

#include "base/overloaded.hpp"
#include "core/rules.hpp"
#include "driver/driver.hpp"
#include "driver/tries.hpp"
#include "model/diagnostic.hpp"

namespace switchboard::driver {

bool is_errand(const core::Effect& effect) noexcept {
  return std::visit(Overloaded{[](const core::PublishMessage&) { return true; }, [](const core::BroadcastSignal&) { return true; },
                               [](const core::StartCall&) { return true; }, [](const core::CancelCall&) { return true; },
                               [](const core::ReturnToCaller&) { return true; }, [](const core::EscalateToCaller&) { return true; },
                               [](const core::OfferWork&) { return false; }, [](const core::Arm&) { return false; },
                               [](const core::OpenSubscription&) { return false; }, [](const core::TellCustomer&) { return false; },
                               [](const core::Escalate&) { return false; }, [](const core::ReportIncident&) { return false; },
                               [](const core::WithdrawWork&) { return false; }, [](const core::CloseSubscription&) { return false; }},
                    effect);
}

std::string text_of(const core::Effect& errand) {
  if (const auto* e = std::get_if<core::PublishMessage>(&errand)) return fmt::format("message '{}' with key '{}'", e->name, e->correlation);
  if (const auto* e = std::get_if<core::BroadcastSignal>(&errand)) return fmt::format("signal '{}'", e->name);
  if (const auto* e = std::get_if<core::StartCall>(&errand))
    return fmt::format("{} '{}'",
                       e->call.kind == core::CallKind::process ? "the call of process"
                       : e->call.kind == core::CallKind::read  ? "reading register"
                                                               : "writing register",
                       e->call.process);
  if (std::holds_alternative<core::CancelCall>(errand)) return "taking a call back";
  if (const auto* e = std::get_if<core::EscalateToCaller>(&errand)) return fmt::format("escalation '{}' to the calling case", e->code);
  return "the answer to the calling case";
}

namespace {

core::StandAside aside(const core::Effect& errand, std::uint64_t sequence, std::uint32_t place, std::string_view rule, std::string_view why) {
  core::StandAside command;
  if (const auto* e = std::get_if<core::PublishMessage>(&errand)) command.element = e->element;
  if (const auto* e = std::get_if<core::BroadcastSignal>(&errand)) command.element = e->element;
  if (const auto* e = std::get_if<core::StartCall>(&errand)) command.element = e->call.element;
  if (const auto* e = std::get_if<core::EscalateToCaller>(&errand)) command.element = e->element;
  if (!command.element) command.element = {0};  // the case as a whole
  command.rule = rule;
  command.message = fmt::format("{} stands aside: {}", text_of(errand), why);
  command.sequence = sequence;
  command.place = place;
  return command;
}

}  // namespace

core::StandAside stand_aside(const core::Effect& errand, std::uint64_t sequence, std::uint32_t place, const Error& why) {
  return aside(errand, sequence, place, core::rules::errand_failed, why.text());
}

core::StandAside stand_aside(const core::Effect& errand, std::uint64_t sequence, std::uint32_t place, std::uint32_t chain) {
  const std::string why =
      chain >= longest_chain
          ? fmt::format("{} messages, signals and calls led from one to the next, and nothing waited", longest_chain)
          : fmt::format("messages, signals and calls lead to more and more, {} from one to the next by now, more than {} at once, and nothing waits",
                        chain, most_waiting);
  return aside(errand, sequence, place, core::rules::chain_too_long, why);
}

Result<void> Courier::give_up(InstanceKey from, const core::Effect& errand, const std::string& why) {
  if (const auto* e = std::get_if<core::StartCall>(&errand)) {
    SB_TRYV(answer({Deed::Kind::refusal, from, e->call.key.value, nullptr, {}}, {from, e->call.key}, {e->call.key, false, Value(why), {}}));
    return success();
  }
  if (const auto* e = std::get_if<core::ReturnToCaller>(&errand)) {
    SB_TRYV(answer({Deed::Kind::answer, from, 0, nullptr, {}}, e->parent, {e->parent.call, false, Value(why), {}}));
  }
  return success();
}

Result<bool> Courier::carry_out(InstanceKey from, const core::Effect& effect) {
  using Done = Result<bool>;
  return std::visit(
      Overloaded{[&](const core::PublishMessage& e) { return publish(from, e); }, [&](const core::BroadcastSignal& e) { return broadcast(from, e); },
                 [&](const core::StartCall& e) {
                   return e.call.kind == core::CallKind::process ? call({from, e.call.key}, e) : use_row({from, e.call.key}, e);
                 },
                 [&](const core::CancelCall& e) {
                   return cancel({from, e.call});
                 },
                 [&](const core::ReturnToCaller& e) {
                   return answer({Deed::Kind::answer, from, 0, nullptr, {}}, e.parent, {e.parent.call, e.completed, e.data, e.error});
                 },
                 [&](const core::EscalateToCaller& e) { return escalate(e); }, [](const core::OfferWork&) { return Done(true); },
                 [](const core::Arm&) { return Done(true); }, [](const core::OpenSubscription&) { return Done(true); },
                 [](const core::TellCustomer&) { return Done(true); }, [](const core::Escalate&) { return Done(true); },
                 [](const core::ReportIncident&) { return Done(true); }, [](const core::WithdrawWork&) { return Done(true); },
                 [](const core::CloseSubscription&) { return Done(true); }},
      effect);
}

// ---- messages --------------------------------------------------------------------------------------------------------------------------------

Result<Taken> Courier::message(const core::Message& message) { return message_to(message, false, {}); }

bool is_for_all(std::span<const model::ExecutablePtr> latest, std::string_view name) {
  return std::any_of(latest.begin(), latest.end(), [&](const model::ExecutablePtr& process) {
    return process != nullptr && std::binary_search(process->to_all.begin(), process->to_all.end(), name, std::less<>());
  });
}

/// In the order of the cases. A case that waits with a token and listens as well hears it with the token. Those of suspended cases stand last: they
/// say so themselves.
Result<std::vector<core::WaitingInstance>> Courier::all_receivers_of(const core::Message& message) {
  SB_TRY(auto all, port_.waiting(core::SubscriptionKind::message, message.name, message.correlation));
  const auto listens = [](const core::WaitingInstance& w) { return core::is_listening(w.subscription); };
  std::set<InstanceKey> with_token;
  for (const core::WaitingInstance& w : all)
    if (!listens(w)) with_token.insert(w.instance);
  std::erase_if(all, [&](const core::WaitingInstance& w) { return listens(w) && with_token.contains(w.instance); });
  std::sort(all.begin(), all.end(), [](const core::WaitingInstance& a, const core::WaitingInstance& b) {
    return std::tuple(a.instance, a.subscription.key) < std::tuple(b.instance, b.subscription.key);
  });
  SB_TRY(auto suspended, port_.held(core::SubscriptionKind::message, message.name, message.correlation));
  std::erase_if(suspended, listens);
  const auto is_same = [](const core::WaitingInstance& a, const core::WaitingInstance& b) { return a.instance == b.instance; };
  suspended.erase(std::unique(suspended.begin(), suspended.end(), is_same), suspended.end());  // each says it once
  all.insert(all.end(), std::make_move_iterator(suspended.begin()), std::make_move_iterator(suspended.end()));
  return all;
}

/// The last one has it as the request itself: whoever repeats a request that was cut off before finds those who had it waiting no more, and this one
/// still waiting.
Result<Taken> Courier::message_to_all(const core::Message& message) {
  SB_TRY(const auto receivers, all_receivers_of(message));
  if (!receivers.empty()) {  // suspended cases stand last
    SB_TRY(const bool receives, waits_now(receivers.front()));
    if (!receives) return Taken::by_suspended;
  }
  std::size_t had = 0;
  bool has_token = false;
  std::vector<std::pair<Deed, Error>> refused;
  for (std::size_t i = 0; i < receivers.size(); ++i) {
    const core::WaitingInstance& receiver = receivers[i];
    const core::SubscriptionKey key = receiver.subscription.key;
    Deed deed{i + 1 == receivers.size() ? Deed::Kind::whole : Deed::Kind::receiver, receiver.instance, key.value, nullptr, {}};
    deed.nth = had + 1;
    const auto taken = port_.submit(deed, receiver.instance, core::DeliverMessage{key, message.name, message.payload});
    if (taken) {
      had += taken.value() ? 1 : 0;
      has_token = has_token || (taken.value() && !core::is_listening(receiver.subscription));
      continue;
    }
    if (is_own_failure(taken.error())) return taken.error();
    SB_TRY(const bool waits, still_waits(receiver));
    if (!waits) continue;
    deed.kind = Deed::Kind::receiver;
    refused.emplace_back(deed, taken.error());
  }
  if (had == 0) return refused.empty() ? Result<Taken>(Taken::by_nobody) : Result<Taken>(refused.front().second);
  for (auto& [deed, why] : refused) {
    why.message = fmt::format("message '{}' with key '{}' was refused: {}", message.name, message.correlation, why.message);
    SB_TRYV(port_.note_refused(deed, deed.instance, why));
  }
  return has_token ? Taken::by_receiver : Taken::by_listener;
}

Result<Taken> Courier::message_to_case(std::string_view name, std::string_view case_no, const Value& payload) {
  return message_to({std::string(name), std::string(case_no), payload}, true, {});
}

Result<std::optional<core::WaitingInstance>> Courier::receiver_of(const core::Message& message, bool to_case) {
  if (to_case) return receiver_in_case(message);
  SB_TRY(const auto waiting, port_.waiting(core::SubscriptionKind::message, message.name, message.correlation));
  return core::correlate(waiting, message);
}

Result<std::optional<core::WaitingInstance>> Courier::receiver_in_case(const core::Message& message) {
  SB_TRY(const auto cases, port_.cases_of(message.correlation));
  std::vector<core::WaitingInstance> waiting, suspended;
  for (const InstanceKey key : cases) {
    SB_TRY(const Seen seen, port_.look(key));
    if (seen.instance == nullptr) continue;
    auto& fitting = core::receives(*seen.instance) ? waiting : suspended;
    for (core::Subscription s : seen.instance->subscriptions) {
      s.correlation = message.correlation;  // the number says who is meant
      fitting.push_back({key, seen.instance->case_no, std::move(s)});
    }
  }
  if (auto receiver = core::correlate(waiting, message)) return receiver;
  SB_TRY(const auto others, port_.waiting(core::SubscriptionKind::message, message.name, message.correlation));
  if (auto receiver = core::correlate(others, message)) return receiver;
  return core::correlate(suspended, message);
}

Result<Taken> Courier::message_to(const core::Message& message, bool to_case, InstanceKey from) {
  if (!to_case) {
    SB_TRY(const bool for_all, port_.is_for_all(message.name));
    if (for_all) {
      SB_TRY(const Taken taken, message_to_all(message));
      if (taken != Taken::by_nobody) return taken;  // else it may begin a case
    }
  }
  SB_TRY(std::optional<Early> early, kept_for_later(message, to_case, from));
  KeptMessage* const kept = early ? &early->kept : nullptr;
  bool has_met_another_start = false;
  for (int i = 0; i < most_receivers_tried; ++i) {
    SB_TRY(auto receiver, receiver_of(message, to_case));
    bool is_held = false;  // who is suspended has it later
    bool is_only_heard = false;
    if (receiver && kept) {
      is_only_heard = core::is_listening(receiver->subscription);
      SB_TRY(const bool waits, waits_now(*receiver));
      is_held = !waits;
      if (waits && is_only_heard) {
        SB_TRY(const bool later, hears_with_token(*receiver, message));
        if (later) return keep(*early);
      }
    }
    if (!receiver || is_held) {
      if (!is_held) {
        SB_TRY(is_held, this->is_held(message));
      }
      if (is_held && !kept) return Taken::by_suspended;
      const auto started = is_held ? Result<Taken>(Taken::by_nobody) : start_by_message(message);
      const bool is_taken = !started && is_number_taken(started.error());
      if (kept && ((is_taken && has_met_another_start) || (started && started.value() == Taken::by_nobody))) {
        kept->may_start = is_taken;
        if (is_held && !is_only_heard) kept->until = no_end;
        return keep(*early);
      }
      // Somebody else has started the case of this number since the look: that case may wait for the message by now.
      if (started || has_met_another_start || !is_taken) return started;
      has_met_another_start = true;
      continue;
    }
    const bool listens = core::is_listening(receiver->subscription);
    const Deed::Kind kind = listens && !kept ? Deed::Kind::overheard : Deed::Kind::whole;
    Deed deed{kind, receiver->instance, receiver->subscription.key.value, nullptr, {}};
    if (listens && kept) {
      kept->heard_by = receiver->instance;
      deed.keeps = kept;
    }
    const auto taken = port_.submit(deed, receiver->instance, core::DeliverMessage{receiver->subscription.key, message.name, message.payload});
    if (taken && taken.value()) return !listens ? Taken::by_receiver : kept ? Taken::kept : Taken::by_listener;
    SB_TRY(const bool waits, still_waits(*receiver));
    if (!taken && (waits || is_own_failure(taken.error()))) return taken.error();
  }
  return Taken::by_nobody;
}

/// Whether somebody would wait for it if his case were not suspended. Whoever only listens misses nothing that was meant for him.
Result<bool> Courier::is_held(const core::Message& message) {
  SB_TRY(const auto waiting, port_.held(core::SubscriptionKind::message, message.name, message.correlation));
  return std::any_of(waiting.begin(), waiting.end(), [](const core::WaitingInstance& w) { return !core::is_listening(w.subscription); });
}

/// Not when the subscription closed between the look and the delivery: then a refusal says only that it came too late.
Result<bool> Courier::still_waits(const core::WaitingInstance& receiver) {
  SB_TRY(const Seen now, port_.look(receiver.instance));
  return now.instance != nullptr && now.instance->find(receiver.subscription.key) != nullptr;
}

Result<Taken> Courier::start_by_message(const core::Message& message, std::uint64_t kept) {
  SB_TRY(const auto starts, port_.started_by(model::EventKind::message, message.name));
  if (starts.empty()) return Taken::by_nobody;
  const StartPoint& start = starts.front();
  for (const StartPoint& other : starts)
    if (other.process->id != start.process->id)
      return Error{ErrorKind::conflict, "SB0549",
                   fmt::format("message '{}' starts process '{}' as well as '{}'", message.name, start.process->id, other.process->id), "",
                   "give each process a start message of its own, or start the one you mean by its id"};
  core::StartInstance command;
  command.case_no = message.correlation;
  command.data = message.payload;
  command.start_event = start.start_event;
  command.message = message.name;
  Deed deed{kept == 0 ? Deed::Kind::whole : Deed::Kind::kept, {}, 0, &start, {}};
  deed.kept = kept;
  SB_TRYV(port_.start(deed, start.process, std::move(command)));
  return Taken::by_start;
}

/// A case that only listens takes nothing away: somebody outside may be meant, so the message is kept as unheard all the same. One that was meant for
/// somebody here is never taken for one to the outside: it waits for a suspended receiver, and who refuses it is noted.
Result<bool> Courier::publish(InstanceKey from, const core::PublishMessage& effect) {
  SB_TRY(const bool done, port_.is_done({}));
  if (done) return true;
  const auto taken = message_to({effect.name, effect.correlation, effect.payload}, false, from);
  if (!taken) {
    if (is_own_failure(taken.error())) return taken.error();
    Error why = taken.error();
    why.message = fmt::format("message '{}' with key '{}' was refused: {}", effect.name, effect.correlation, why.message);
    SB_TRYV(port_.note_refused({}, from, why));
    return true;
  }
  if (taken.value() == Taken::by_suspended) return false;
  if (taken.value() == Taken::by_receiver || taken.value() == Taken::by_start || taken.value() == Taken::kept) return true;
  SB_TRYV(port_.note_unheard(from, effect));
  return true;
}

// ---- signals ---------------------------------------------------------------------------------------------------------------------------------

/// `had`: who has had it already, in the case that threw it.
Result<void> Courier::tell_waiting(std::string_view name, const Value& payload, const Had& had, Heard& heard) {
  SB_TRY(auto waiting, port_.waiting(core::SubscriptionKind::signal, name, {}));
  SB_TRY(const auto suspended, port_.held(core::SubscriptionKind::signal, name, {}));
  waiting.insert(waiting.end(), suspended.begin(), suspended.end());  // they say so themselves
  for (const core::WaitingInstance& receiver : core::correlate_signal(waiting, name)) {
    if (receiver.instance == had.instance && receiver.subscription.key.value < had.before) continue;
    const core::SubscriptionKey key = receiver.subscription.key;
    const Deed deed{Deed::Kind::receiver, receiver.instance, key.value, nullptr, {}};  // a case may wait in several places
    const auto taken = port_.submit(deed, receiver.instance, core::DeliverSignal{key, std::string(name), payload});
    if (taken) {
      heard.count += taken.value() ? 1 : 0;
      continue;
    }
    if (is_own_failure(taken.error())) return taken.error();
    SB_TRY(const bool waits, still_waits(receiver));
    if (!waits) continue;
    ++heard.refused;
    Error why = taken.error();
    why.message = fmt::format("signal '{}' was refused: {}", name, why.message);
    SB_TRYV(port_.note_refused(deed, receiver.instance, why));
  }
  return success();
}

Result<std::vector<std::pair<StartPoint, Error>>> Courier::start_by_signal(std::string_view name, const Value& payload, Heard& heard) {
  std::vector<std::pair<StartPoint, Error>> refused;
  SB_TRY(const auto starts, port_.started_by(model::EventKind::signal, name));
  for (const StartPoint& start : starts) {
    core::StartInstance command;
    command.data = payload;
    command.start_event = start.start_event;
    command.signal = name;
    const auto started = port_.start({Deed::Kind::beginning, {}, 0, &start, {}}, start.process, std::move(command));
    if (!started && is_own_failure(started.error())) return started.error();
    if (started) {
      ++heard.count;
      continue;
    }
    Error why = started.error();
    why.message = fmt::format("signal '{}' starts no case of process '{}': {}", name, start.process->id, why.message);
    refused.emplace_back(start, std::move(why));
  }
  return refused;
}

Result<void> Courier::note_starts(const std::vector<std::pair<StartPoint, Error>>& refused, Heard& heard) {
  for (const auto& [start, why] : refused) {
    ++heard.refused;
    SB_TRYV(port_.note_refused({Deed::Kind::beginning, {}, 0, &start, {}}, {}, why));
  }
  return success();
}

Result<Heard> Courier::signal(std::string_view name, const Value& payload) {
  Heard heard;
  SB_TRYV(tell_waiting(name, payload, {}, heard));
  SB_TRY(const auto refused, start_by_signal(name, payload, heard));
  if (heard.count == 0 && heard.refused == 0 && !refused.empty()) return refused.front().second;  // nothing has changed: whoever asks is told
  SB_TRYV(note_starts(refused, heard));
  return heard;
}

Result<bool> Courier::broadcast(InstanceKey from, const core::BroadcastSignal& effect) {
  Heard heard;
  SB_TRYV(tell_waiting(effect.name, effect.payload, {from, effect.before}, heard));
  SB_TRY(const auto refused, start_by_signal(effect.name, effect.payload, heard));
  SB_TRYV(note_starts(refused, heard));
  return true;
}

// ---- calls -----------------------------------------------------------------------------------------------------------------------------------

Result<bool> Courier::call(core::Parent caller, const core::StartCall& effect) {
  SB_TRY(const auto known, port_.called_by(caller));
  if (!known) {
    SB_TRY(const Seen parent, port_.look(caller.instance));
    if (parent.instance == nullptr || parent.instance->find(caller.call) == nullptr) return true;
    core::StartInstance command;
    command.case_no = parent.instance->case_no;
    command.data = effect.data;
    command.parent = caller;
    command.call_depth = parent.instance->call_depth + 1;
    command.organisation = parent.instance->organisation;
    const std::string version = effect.version == "same" ? parent.process->version : effect.version == "latest" ? std::string() : effect.version;
    const auto definition = port_.definition(effect.call.process, version);
    const Result<void> started =
        definition ? port_.start({Deed::Kind::call, caller.instance, caller.call.value, nullptr, {}}, definition.value(), std::move(command))
                   : Result<void>(definition.error());
    if (!started) {
      if (is_own_failure(started.error())) return started.error();
      // The caller hears of it as of a call that failed.
      return answer({Deed::Kind::refusal, caller.instance, caller.call.value, nullptr, {}}, caller,
                    {caller.call, false, Value(started.error().text()), {}});
    }
  }
  // The caller may have given the call up while the called case was being started, and not found it to cancel.
  SB_TRY(const Seen parent, port_.look(caller.instance));
  if (parent.instance == nullptr || parent.instance->find(caller.call) == nullptr) return cancel(caller);
  return true;
}

Result<bool> Courier::cancel(core::Parent caller) {
  SB_TRY(const auto called, port_.called_by(caller));
  if (!called) return true;
  const auto cancelled = port_.submit({Deed::Kind::withdrawal, caller.instance, caller.call.value, nullptr, {}}, *called,
                                      core::CancelInstance{"the caller gave up the call", ""});
  // Refused when the called case has ended already.
  if (!cancelled && is_own_failure(cancelled.error())) return cancelled.error();
  return true;
}

/// A suspended caller takes its answer later.
Result<bool> Courier::answer(const Deed& deed, core::Parent caller, core::FinishCall command) {
  return answered(deed, caller, port_.submit(deed, caller.instance, std::move(command)));
}

Result<bool> Courier::answered(const Deed& deed, core::Parent caller, const Result<bool>& taken) {
  if (taken) return true;
  if (is_own_failure(taken.error())) return taken.error();
  SB_TRY(const Seen parent, port_.look(caller.instance));
  if (parent.instance != nullptr && parent.instance->state == core::InstanceState::suspended) return false;
  SB_TRYV(port_.note_refused(deed, caller.instance, taken.error()));
  return true;
}

/// A suspended caller hears of it later. One that has given the call up meanwhile hears nothing: its called case ends.
Result<bool> Courier::escalate(const core::EscalateToCaller& effect) {
  SB_TRY(const bool done, port_.is_done({}));
  if (done) return true;
  const auto taken = port_.submit({}, effect.parent.instance, core::RaiseEscalation{effect.parent.call, effect.code, effect.payload});
  if (taken) return true;
  if (is_own_failure(taken.error())) return taken.error();
  SB_TRY(const Seen parent, port_.look(effect.parent.instance));
  if (parent.instance != nullptr && parent.instance->state == core::InstanceState::suspended) return false;
  SB_TRYV(port_.note_refused({}, effect.parent.instance, taken.error()));
  return true;
}

// ---- start events ----------------------------------------------------------------------------------------------------------------------------

Result<Courier::Fired> Courier::start_by_timer(const StartPoint& start, const core::Timer& timer, Instant at) {
  const core::StartFiring firing = core::fire_start_timer(*start.process, timer, at);
  Fired fired{false, firing.next};
  if (!firing.fires) return fired;
  core::StartInstance command;
  command.start_event = start.start_event;
  command.by_timer = true;
  const Deed deed{Deed::Kind::firing, {}, 0, &start, timer.due};
  const auto started = port_.start(deed, start.process, std::move(command));
  fired.started = started.has_value();
  if (started) return fired;
  if (is_own_failure(started.error())) return started.error();
  SB_TRYV(port_.note_refused(deed, {}, started.error()));
  return fired;
}

std::vector<StartPoint> starts_of(const model::ExecutablePtr& process, model::EventKind kind, std::string_view name) {
  std::vector<StartPoint> starts;
  for (const model::ElementIndex index : process->elements.front().entries) {
    const model::Element& e = process->at(index);
    bool waits = false;
    for (std::size_t d = 0; d < e.definitions(); ++d) waits = waits || (e.definition(d).kind == kind && e.definition(d).name == name);
    if (waits) starts.push_back({process, e.id});
  }
  return starts;
}

std::vector<model::ElementIndex> timer_starts_of(const model::ExecutableProcess& process) {
  std::vector<model::ElementIndex> starts;
  for (const model::ElementIndex index : process.elements.front().entries) {
    const model::Element& e = process.at(index);
    if (std::any_of(e.events.begin(), e.events.end(), [](const model::EventSpec& s) { return s.kind == model::EventKind::timer; }))
      starts.push_back(index);
  }
  return starts;
}

std::string case_number(std::string_view given, InstanceKey key) { return given.empty() ? fmt::format("i-{}", key.value) : std::string(given); }

Error number_taken(std::string_view process, std::string_view case_no) {
  return {ErrorKind::conflict, std::string(case_number_taken),
          fmt::format("case number '{}' belongs to an open case of process '{}'", case_no, process), "",
          "finish or cancel that case first, or give the new one another number"};
}

Error suspended_waits(std::string_view message, std::string_view where) {
  return {ErrorKind::not_found, "SB0506", fmt::format("nobody waits for message '{}' {} now: the case that would is suspended", message, where), "",
          "resume it first"};
}

Error not_there(std::string_view process, std::string_view version, const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), process) != names.end())
    return {ErrorKind::not_found, "SB0541", fmt::format("process '{}' is not deployed in version '{}'", process, version), "",
            "list the deployments"};
  const std::string near = model::nearest_name(process, names);
  return {ErrorKind::not_found, "SB0541", fmt::format("process '{}' is not deployed", process), "",
          near.empty() ? "deploy it first" : fmt::format("did you mean '{}'?", near)};
}

}  // namespace switchboard::driver
