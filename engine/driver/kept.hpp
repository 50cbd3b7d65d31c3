// Messages that come before anybody waits for them: `keep` in a process (docs/language.md, "Messages that come early"; decision 0076).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/core.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::driver {

using core::InstanceKey;

/// How long a message that comes now is kept, and what becomes of it then.
struct Keeping {
  model::ExecutablePtr process;  ///< whose declaration counts
  Instant until;
  bool discard = false;
};

/// Of the processes that keep `name`, the one that keeps it longest; of equal ones, one that makes an incident of it. `latest`: the latest
/// definitions, in the order of their ids; null ones are passed over.
[[nodiscard]] std::optional<Keeping> keeping_of(std::span<const model::ExecutablePtr> latest, std::string_view name, Instant now);

/// A message that is kept. Messages are offered in the order in which they came.
struct KeptMessage {
  std::uint64_t id = 0;  ///< ascending as they come; given by the driver that keeps it
  core::Message message;
  bool to_case = false;  ///< sent to the case of a number: that is the key, whatever key the case waits with
  InstanceKey from{};    ///< the case that threw it; none: it came from outside
  Instant arrived, until;
  bool discard = false;     ///< nobody is told when its time is over; else it is an incident
  bool may_start = false;   ///< it would have begun a case, but another one had its number
  InstanceKey heard_by{};   ///< the clocks and feedback of this case heard it when it arrived
  std::uint32_t chain = 0;  ///< of the errand that threw it (chain_of)
  std::uint64_t calls = 0;  ///< how often somebody may have begun to wait for it, itself having come included
};

/// `until` of a message that a suspended case waits for: its time does not run. It begins when nobody waits for it any more (Courier::offer).
inline constexpr Instant no_end{253'402'300'799'000'000};  // 9999-12-31T23:59:59Z
/// The first instant at which its time is over: at `until` it can still be taken. Nothing: its time does not run.
[[nodiscard]] inline std::optional<Instant> over_at(Instant until) {
  return until >= no_end ? std::nullopt : std::optional(until + Duration::micros(1));
}

/// The chain that goes on when it is delivered now: a ring through messages that are kept for hardly any time is a ring all the same.
[[nodiscard]] inline std::uint32_t chain_of(const KeptMessage& kept, Instant now) {
  return now - kept.arrived < Duration::seconds(1) ? kept.chain : 0;
}

/// So many are kept under one name and key.
inline constexpr std::size_t most_kept = 1'000;
/// An open case of the process has this number.
inline constexpr std::string_view case_number_taken = "SB0507";
/// The message is not kept any more.
inline constexpr std::string_view kept_gone = "SB0519";
/// SB0517.
[[nodiscard]] Error too_many_kept(const core::Message& message);
/// SB0531: it would be handed on and on without anything waiting.
[[nodiscard]] Error ring_of_kept(const KeptMessage& kept);
/// SB0518: why one whose time is over is an incident.
[[nodiscard]] Error nobody_came(const KeptMessage& kept);
/// SB0519: of a deed that was to deliver it.
[[nodiscard]] Error kept_no_more();
/// For people: "message 'paid' with key 'A-1'".
[[nodiscard]] std::string text_of(const KeptMessage& kept);

/// Whether a subscription, with the number of its case, may be what this message is kept for.
[[nodiscard]] inline bool may_want(const KeptMessage& kept, const core::Subscription& s, std::string_view case_no) {
  if (s.kind != core::SubscriptionKind::message || s.name != kept.message.name || core::is_listening(s)) return false;
  return s.correlation == kept.message.correlation || (kept.to_case && case_no == kept.message.correlation);
}
/// Whether a change of a case may let somebody have this message, or let its time begin: a subscription that opened, a case that can receive again, a
/// number that is free, a suspended case that waits for it no more.
[[nodiscard]] bool is_called_for(const KeptMessage& kept, const core::ProcessInstance* before, const core::ProcessInstance& after);

/// Whether a token of this case can still come to where it waits for `message`: its clocks and feedback hear it then, with the token. Else they have
/// to hear it when it arrives. Looks at the ways of the process, not at conditions and not at data.
[[nodiscard]] bool may_come_to_wait(const model::ExecutableProcess& process, const core::ProcessInstance& instance, std::string_view message);

/// What a driver keeps that has no store: a process test, the simulator.
class KeptList {
 public:
  [[nodiscard]] bool empty() const { return by_id_.empty(); }
  [[nodiscard]] const std::map<std::uint64_t, KeptMessage>& by_id() const { return by_id_; }
  [[nodiscard]] const KeptMessage* find(std::uint64_t id) const;
  [[nodiscard]] const KeptMessage* first(const core::Message& message, bool to_case, Instant now) const;
  /// As Port::keep; it comes at `now`. Gives back its number.
  [[nodiscard]] Result<std::uint64_t> add(KeptMessage message, Instant now, std::uint32_t chain);
  void remove(std::uint64_t id, Instant now);
  /// It is kept until `until` from now on, and offered once more. Nothing when it is not kept any more.
  void set_time(std::uint64_t id, Instant until);
  /// After each change of a case: `before` is null for a new one.
  void call_for(const core::ProcessInstance* before, const core::ProcessInstance& after, Instant now);
  [[nodiscard]] bool has_called() const { return !called_.empty(); }
  /// The first that was called for and whose time is not over, no longer called for.
  [[nodiscard]] std::optional<KeptMessage> take_called(Instant now);
  /// Whose time is over first (over_at); null: none that has an end is kept.
  [[nodiscard]] const KeptMessage* next_end() const { return by_until_.empty() ? nullptr : &by_id_.at(by_until_.begin()->second); }

 private:
  /// Calls for what is kept under `key` until `from` or longer and is as `whether` says: of each name the oldest alone, those behind it when it goes.
  void call(std::string_view key, Instant from, const std::function<bool(const KeptMessage&)>& whether);
  void call_next(const core::Message& gone, Instant from);

  std::map<std::uint64_t, KeptMessage> by_id_;
  std::map<std::string, std::set<std::uint64_t>, std::less<>> by_key_;
  std::set<std::pair<Instant, std::uint64_t>> by_until_;  ///< without those that have no end
  std::set<std::uint64_t> called_;
  std::uint64_t last_ = 0;
};

}  // namespace switchboard::driver
