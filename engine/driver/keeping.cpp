// Messages that come early: how long they are kept, and who has them in the end.
#include <fmt/format.h>

#include <algorithm>

#include "core/rules.hpp"
#include "driver/driver.hpp"
#include "driver/tries.hpp"
#include "model/ways.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::driver {

namespace {

/// The elements where a token has to be so that one begins to wait for a message after it.
class WaysTo {
 public:
  WaysTo(const model::ExecutableProcess& p, std::string_view message) : p_(p), leads_(p.elements.size(), false), entered_(leads_) {
    for (std::uint32_t i = 1; i < p.elements.size(); ++i) {
      const model::Element& e = p.elements[i];
      if (!e.awaits_message(message)) continue;
      if (e.repetition) come({i});  // its next performance waits
      // What begins an event sub-process waits from when the scope around that begins; a start event of the process, before there is a case.
      if (e.type != model::NodeType::start_event)
        step_back({i});
      else if (e.scope.value != 0)
        enter(p.at(e.scope).scope);
    }
    while (!open_.empty()) {
      const model::ElementIndex at = open_.back();
      open_.pop_back();
      step_back(at);
    }
  }
  [[nodiscard]] bool lead_from(model::ElementIndex e) const { return e.value < leads_.size() && leads_[e.value]; }

 private:
  void come(model::ElementIndex e) {
    if (lead_from(e)) return;
    leads_[e.value] = true;
    open_.push_back(e);
  }
  void step_back(model::ElementIndex at) {
    const model::Element& e = p_.at(at);
    for (const model::ElementIndex before : model::predecessors(p_, at)) come(before);
    if (at.value == 0 || !e.incoming.empty() || e.host) return;
    const bool begins_at_any_time = e.type == model::NodeType::event_sub_process || e.is_compensation || !p_.at(e.scope).initial.empty();
    if (begins_at_any_time)
      come(e.scope);
    else
      enter(e.scope);
  }
  /// The beginning of a container: being in it is too late, unless it is repeated.
  void enter(model::ElementIndex container) {
    if (container.value == 0 || entered_[container.value]) return;
    entered_[container.value] = true;
    if (p_.at(container).repetition) come(container);
    step_back(container);
  }

  const model::ExecutableProcess& p_;
  std::vector<bool> leads_, entered_;
  std::vector<model::ElementIndex> open_;
};

}  // namespace

bool may_come_to_wait(const model::ExecutableProcess& process, const core::ProcessInstance& instance, std::string_view message) {
  const WaysTo ways(process, message);
  if (ways.lead_from({0})) return true;  // by an event sub-process of the whole case, or by undoing something
  if (std::any_of(instance.elements.begin(), instance.elements.end(), [&](const core::ElementInstance& e) { return ways.lead_from(e.element); }))
    return true;
  return std::any_of(instance.joins.begin(), instance.joins.end(), [&](const core::ScopeTokens& scope) {
    return std::any_of(scope.tokens.begin(), scope.tokens.end(), [&](const core::JoinTokens& t) { return ways.lead_from(t.gateway); });
  });
}

std::optional<Keeping> keeping_of(std::span<const model::ExecutablePtr> latest, std::string_view name, Instant now) {
  std::optional<Keeping> longest;
  for (const model::ExecutablePtr& process : latest) {
    if (process == nullptr) continue;
    const auto& all = process->keeps;
    const auto spec = std::lower_bound(all.begin(), all.end(), name, [](const model::KeepSpec& k, std::string_view n) { return k.message < n; });
    if (spec == all.end() || name < spec->message) continue;
    SB_ASSERT(spec->time.calendar != nullptr);
    const Keeping one{process, spec->time.calendar->deadline(now, spec->time.literal).at, spec->discard};
    if (!longest || one.until > longest->until || (one.until == longest->until && longest->discard && !one.discard)) longest = one;
  }
  return longest;
}

std::string text_of(const KeptMessage& kept) {
  return fmt::format("message '{}' {} '{}'", kept.message.name, kept.to_case ? "to case" : "with key", kept.message.correlation);
}

Error too_many_kept(const core::Message& message) {
  return {ErrorKind::conflict, "SB0517",
          fmt::format("nobody waits for message '{}' with key '{}', and {} of them are kept already", message.name, message.correlation, most_kept),
          "", "look at why nobody takes them (`switchboard messages`); send it again later"};
}

Error nobody_came(const KeptMessage& kept) {
  return {ErrorKind::not_found, "SB0518", fmt::format("{} was kept until its time was over, and nobody waited for it", text_of(kept)), "",
          "resolve it: it is kept once more; or drop it"};
}

Error ring_of_kept(const KeptMessage& kept) {
  return {
      ErrorKind::limit, std::string(core::rules::chain_too_long),
      fmt::format("{} stays where it is: {} messages, signals and calls led from one to the next, and nothing waited", text_of(kept), longest_chain),
      "", "look at who sends it in answer to itself; then resolve it, or drop it"};
}

bool is_called_for(const KeptMessage& kept, const core::ProcessInstance* before, const core::ProcessInstance& after) {
  if (before != nullptr && before->state == core::InstanceState::suspended &&
      std::any_of(before->subscriptions.begin(), before->subscriptions.end(),
                  [&](const core::Subscription& s) { return may_want(kept, s, after.case_no) && after.find(s.key) == nullptr; }))
    return true;
  if (core::is_finished(after.state))
    return kept.may_start && !after.parent && after.case_no == kept.message.correlation && (before == nullptr || !core::is_finished(before->state));
  if (!core::receives(after)) return false;
  const bool received = before != nullptr && core::receives(*before);
  return std::any_of(after.subscriptions.begin(), after.subscriptions.end(),
                     [&](const core::Subscription& s) { return may_want(kept, s, after.case_no) && (!received || before->find(s.key) == nullptr); });
}

/// What the message will be when it is kept; nothing when its name is not. Those that came before it go first.
Result<std::optional<Courier::Early>> Courier::kept_for_later(const core::Message& message, bool to_case, InstanceKey from) {
  SB_TRY(const auto keeping, port_.keeping(message.name));
  if (!keeping) return std::optional<Early>();
  for (std::uint64_t last = 0;;) {
    SB_TRY(const auto before, port_.first_kept(message, to_case));
    if (!before || before->id <= last) break;
    last = before->id;
    SB_TRYV(offer(*before));
  }
  Early early{{}, keeping->process};
  KeptMessage& kept = early.kept;
  kept.message = message;
  kept.to_case = to_case;
  kept.from = from;
  kept.until = keeping->until;
  kept.discard = keeping->discard;
  return std::optional(std::move(early));
}

/// Whoever sends it hears now, not whoever takes it, that its payload does not fit.
Result<Taken> Courier::keep(const Early& early) {
  SB_TRYV(core::payload_of(*early.process, early.kept.message));
  SB_TRYV(port_.keep({}, early.kept));
  return Taken::kept;
}

Result<bool> Courier::waits_now(const core::WaitingInstance& receiver) {
  SB_TRY(const Seen now, port_.look(receiver.instance));
  return now.instance != nullptr && core::receives(*now.instance);
}

/// Whether a token waits for it whose case is suspended. Whoever only listens misses nothing that was meant for him.
Result<bool> Courier::waits_suspended(const core::Message& message, bool to_case) {
  if (to_case) {
    SB_TRY(const auto receiver, receiver_in_case(message));
    if (receiver && !core::is_listening(receiver->subscription)) {
      SB_TRY(const bool waits, waits_now(*receiver));
      if (!waits) return true;
    }
  }
  return is_held(message);
}

/// Its time stands still while somebody waits for it and is suspended, and begins when that is over without his having taken it.
Result<void> Courier::set_time(const KeptMessage& kept) {
  SB_TRY(const bool stands, waits_suspended(kept.message, kept.to_case));
  if (stands == (kept.until >= no_end)) return port_.stays_kept(kept);
  if (stands) return port_.set_time(kept, no_end);
  SB_TRY(const auto keeping, port_.keeping(kept.message.name));
  if (!keeping) return port_.cannot_deliver(kept, nobody_came(kept));
  return port_.set_time(kept, keeping->until);
}

Result<void> Courier::offer(const KeptMessage& kept) {
  SB_TRY(const bool is_delivered, this->is_delivered(kept));
  if (is_delivered) return success();
  if (kept.may_start) {
    SB_TRY(const bool starts, starts_case(kept));
    if (starts) return success();
  }
  return set_time(kept);
}

Result<bool> Courier::hears_with_token(const core::WaitingInstance& listener, const core::Message& message) {
  SB_TRY(const Seen seen, port_.look(listener.instance));
  return seen.instance != nullptr && seen.process != nullptr && may_come_to_wait(*seen.process, *seen.instance, message.name);
}

/// False: nobody waits for it now. True: somebody has it, or it is an incident.
Result<bool> Courier::is_delivered(const KeptMessage& kept) {
  for (int i = 0; i < most_receivers_tried; ++i) {
    SB_TRY(const auto receiver, receiver_of(kept.message, kept.to_case));
    if (!receiver || core::is_listening(receiver->subscription)) return false;
    SB_TRY(const bool receives, waits_now(*receiver));
    if (!receives) return false;
    const core::SubscriptionKey key = receiver->subscription.key;
    Deed deed{Deed::Kind::kept, receiver->instance, key.value, nullptr, {}};
    deed.kept = kept.id;
    const auto taken = port_.submit(deed, receiver->instance,
                                    core::DeliverMessage{key, kept.message.name, kept.message.payload, kept.heard_by == receiver->instance});
    if (taken && taken.value()) return true;
    if (!taken && is_own_failure(taken.error())) return taken.error();
    SB_TRY(const bool waits, still_waits(*receiver));
    if (!waits) continue;
    if (taken) return true;  // somebody else has had it
    SB_TRY(const bool still_receives, waits_now(*receiver));
    if (!still_receives) return false;
    SB_TRYV(port_.cannot_deliver(kept, taken.error()));
    return true;
  }
  return false;
}

/// False: the number is still that of another case, or nothing starts by it any more.
Result<bool> Courier::starts_case(const KeptMessage& kept) {
  const auto started = start_by_message(kept.message, kept.id);
  if (started) return started.value() == Taken::by_start;
  if (is_own_failure(started.error())) return started.error();
  if (is_number_taken(started.error())) return false;
  if (started.error().id == kept_gone) return true;
  SB_TRYV(port_.cannot_deliver(kept, started.error()));
  return true;
}

Error kept_no_more() {
  return {ErrorKind::conflict, std::string(kept_gone), "this message is not kept any more: somebody has it, it was dropped, or its time is over", "",
          "list what is kept (`switchboard messages`)"};
}

}  // namespace switchboard::driver
