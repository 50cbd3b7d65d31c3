// Messages that come early: how long they are kept, and who has them in the end.
#include <fmt/format.h>

#include <algorithm>

#include "core/rules.hpp"
#include "driver/driver.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::driver {

namespace {

/// Whoever takes a message may be gone by then, or somebody else has it already: then it is looked at again, so often.
constexpr int most_tries = 20;
constexpr std::string_view no_more_kept = "SB0519";

}  // namespace

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
  if (core::is_finished(after.state))
    return kept.may_start && !after.parent && after.case_no == kept.message.correlation && (before == nullptr || !core::is_finished(before->state));
  if (!core::receives(after)) return false;
  const bool received = before != nullptr && core::receives(*before);
  return std::any_of(after.subscriptions.begin(), after.subscriptions.end(),
                     [&](const core::Subscription& s) { return may_want(kept, s, after.case_no) && (!received || before->find(s.key) == nullptr); });
}

/// What the message will be when it is kept; nothing when its name is not. Those that came before it go first.
Result<std::optional<KeptMessage>> Courier::kept_for_later(const core::Message& message, bool to_case, InstanceKey from) {
  SB_TRY(const auto keeping, port_.keeping(message.name));
  if (!keeping) return std::optional<KeptMessage>();
  for (std::uint64_t last = 0;;) {
    SB_TRY(const auto before, port_.first_kept(message, to_case));
    if (!before || before->id <= last) break;
    last = before->id;
    SB_TRYV(offer(*before));
  }
  KeptMessage kept;
  kept.message = message;
  kept.to_case = to_case;
  kept.from = from;
  kept.until = keeping->until;
  kept.discard = keeping->discard;
  return std::optional(std::move(kept));
}

Result<void> Courier::fits_when_kept(const core::Message& message) {
  SB_TRY(const auto keeping, port_.keeping(message.name));
  if (!keeping) return success();
  SB_TRYV(core::payload_of(*keeping->process, message));
  return success();
}

Result<bool> Courier::waits_now(const core::WaitingInstance& receiver) {
  SB_TRY(const Seen now, port_.look(receiver.instance));
  return now.instance != nullptr && core::receives(*now.instance);
}

Result<void> Courier::offer(const KeptMessage& kept) {
  SB_TRY(const bool is_delivered, this->is_delivered(kept));
  if (is_delivered) return success();
  if (kept.may_start) {
    SB_TRY(const bool starts, starts_case(kept));
    if (starts) return success();
  }
  return port_.stays_kept(kept);
}

/// False: nobody waits for it now. True: somebody has it, or it is an incident.
Result<bool> Courier::is_delivered(const KeptMessage& kept) {
  for (int i = 0; i < most_tries; ++i) {
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
    if (!taken && taken.error().kind == ErrorKind::storage) return taken.error();
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
  if (started.error().kind == ErrorKind::storage) return started.error();
  if (started.error().id == "SB0507") return false;
  if (started.error().id == no_more_kept) return true;
  SB_TRYV(port_.cannot_deliver(kept, started.error()));
  return true;
}

Error kept_no_more() {
  return {ErrorKind::conflict, std::string(no_more_kept), "this message is not kept any more: somebody has it, it was dropped, or its time is over",
          "", "list what is kept (`switchboard messages`)"};
}

}  // namespace switchboard::driver
