// What a change writes, as values ready to be bound: made in the thread of whoever hands the change in, so that nothing is encoded, described or
// summed while others wait for the writing connection.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/projection.hpp"
#include "store/sqlite_connection.hpp"
#include "store/store.hpp"

namespace switchboard::store {

struct WorkLine {
  const core::Work* work = nullptr;
  std::string element, groups;
  std::string first_group;                ///< empty: none
  std::vector<std::string> other_groups;  ///< ascending, without `first_group`
  std::string item;                       ///< the work itself, as bytes
  bool is_new = false;                    ///< else its other groups are filed already
};
struct ClockLine {
  const sla::Ledger* ledger = nullptr;
  std::string id, budget, bytes;
  std::int64_t seal = 0;
};
struct WaitingLine {
  const core::Subscription* subscription = nullptr;
  std::int64_t seal = 0;
};
struct OutboxLine {
  OutboxRow row;
  OutboxPlace place;
  std::string text, body;
  std::int64_t seal = 0;
};
struct ErrandLine {
  ErrandKey key;
  std::string bytes;
  std::uint32_t chain = 0;
  std::int64_t seal = 0;
};

struct KeptLine {
  const driver::KeptMessage* message = nullptr;
  std::string payload;
  std::int64_t seal = 0;
};

/// The rows of one change. Pointers reach into what the change borrows.
struct SqliteRows final : Preparation {
  explicit SqliteRows(const Change& change);

  /// The state of a case with more bytes than this stands apart from its row and is not written at every step (decision 0078).
  static constexpr std::uint64_t most_bytes_in_row = 4'096;

  std::int64_t request_seal = 0;
  std::uint64_t bytes = 0;  ///< core::written_bytes of the case
  bool is_apart = false, was_apart = false;
  std::string snapshot;  ///< empty when it stands apart
  std::string holders;
  std::string events, what;
  std::int64_t history_seal = 0;
  RowChanges rows;
  std::vector<WaitingLine> waiting;
  std::vector<WorkLine> work;
  std::vector<ClockLine> clocks;
  std::vector<OutboxLine> outbox;
  std::vector<ErrandLine> errands;
  std::vector<KeptLine> kept;
};

/// The row of one who waits, in the place of the one that is there.
void write_waiting_row(Connection& connection, InstanceKey instance, const std::string& case_no, const core::Subscription& s, std::int64_t seal);

[[nodiscard]] WorkLine work_line(const model::ExecutableProcess& process, InstanceKey instance, const core::Work& work, bool is_new);
[[nodiscard]] inline bool has_ended(const sla::Ledger& ledger) {
  return ledger.state == sla::ClockState::met || ledger.state == sla::ClockState::cancelled;
}

}  // namespace switchboard::store
