// Messages that are kept for one who does not wait yet (decision 0076): each of what can become of one is a transaction. Who has it in the end is
// driver::Courier's to say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/committer.hpp"
#include "runtime/definitions.hpp"
#include "runtime/time_source.hpp"
#include "store/store.hpp"
#include "switchboard/records.hpp"

namespace switchboard::runtime {

/// SB0603: of a message whose row is damaged, as `what` says.
[[nodiscard]] Error damaged_message(const std::string& what);

/// Thread-safe. Everything that is given by reference outlives it.
class Keeper {
 public:
  Keeper(store::Store& store, Definitions& definitions, Committer& committer, const TimeSource& time)
      : store_(store), definitions_(definitions), committer_(committer), time_(time) {}

  /// As of now; nothing: messages of that name are not kept.
  [[nodiscard]] Result<std::optional<driver::Keeping>> keeping(std::string_view name);
  /// The oldest of this very name and key whose time is not over.
  [[nodiscard]] Result<std::optional<driver::KeptMessage>> first(const core::Message& message, bool to_case);
  /// Keeps one more, with `answer` under `request_id`, if there is one. SB0517, SB0612.
  [[nodiscard]] Result<void> keep(driver::KeptMessage message, const std::string& request_id, std::string answer);
  /// Notes that nobody took it; written with the next commit.
  void stays(const driver::KeptMessage& message) { committer_.kept_offered({message.id, message.calls}); }
  /// It is kept until `until` from now on, and offered once more. Nothing when it is not kept any more.
  [[nodiscard]] Result<void> set_time(const driver::KeptMessage& message, Instant until);
  /// It is an incident from now on, and the outbox tells it. Nothing when it is not kept any more.
  [[nodiscard]] Result<void> fail(const driver::KeptMessage& message, const Error& why);
  /// Ends those whose time is over at `until`, at most `limit`; how many.
  [[nodiscard]] Result<std::size_t> end_times(Instant until, std::size_t limit);

  /// The message of this key that was sent under `request_id`, if it is an incident. Looks at no more than driver::most_kept incidents of the key.
  [[nodiscard]] Result<std::optional<store::KeptRow>> incident_of(const std::string& request_id, std::string_view key);
  /// For operators. SB0519 when there is none of this number.
  [[nodiscard]] Result<store::KeptRow> find(std::uint64_t id);
  /// An incident is kept once more, as long as its name is kept now; so is one whose time is over before the tick that says so; `answer` under
  /// `request_id`. SB0519: its name is not kept any more, or it waits, or it is gone. SB0612.
  [[nodiscard]] Result<void> again(const store::KeptRow& row, const std::string& request_id, std::string answer);
  /// Gives it up; `why` stands with it. SB0519, SB0612.
  [[nodiscard]] Result<void> drop(const store::KeptRow& row, std::string why, const std::string& request_id, std::string answer);

 private:
  [[nodiscard]] Result<void> write(Transition t);
  /// Nothing when the message is not kept any more.
  [[nodiscard]] Result<void> write_if_kept(Transition t);
  [[nodiscard]] static Transition failed(const driver::KeptMessage& message, const Error& why, Instant at);

  store::Store& store_;
  Definitions& definitions_;
  Committer& committer_;
  const TimeSource& time_;
};

}  // namespace switchboard::runtime
