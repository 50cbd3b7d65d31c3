// The store that keeps all in memory: what it holds. Rows are those that the other store writes, so that both can be checked alike.
#pragma once

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <unordered_map>
#include "driver/driver.hpp"
#include "store/damage.hpp"
#include "store/memory_kept.hpp"
#include "store/memory_outbox.hpp"
#include "store/offers.hpp"
#include "store/projection.hpp"
#include "store/store.hpp"

namespace switchboard::store {

using WorkId = std::pair<InstanceKey, core::WorkKey>;
using RoundId = std::pair<model::ClockIndex, std::uint32_t>;

struct Case {
  core::ProcessInstance instance;
  std::uint64_t version = 0;
  std::string stage;
  std::vector<HistoryRow> history;
  std::map<RoundId, ClockRow> clocks;
  std::map<core::WorkKey, WorkRow> work;
};

struct WaitingKey {
  core::SubscriptionKind kind;
  std::string name, correlation;
  InstanceKey instance;
  core::SubscriptionKey key;
  friend auto operator<=>(const WaitingKey&, const WaitingKey&) = default;
};

inline bool is_open(core::InstanceState s) { return !core::is_finished(s); }

/// Whether this change takes its case number, so that no second open case of the process may have it.

/// Whether `unit` is one of those that are asked for.
[[nodiscard]] inline bool is_of(const Query& q, const std::string& unit) {
  return q.organisations.empty() || std::find(q.organisations.begin(), q.organisations.end(), unit) != q.organisations.end();
}

class MemoryStore final : public Store {
 public:
  Result<Deployment> put_deployment(const Deployment& d) override;
  Result<std::vector<Deployment>> deployments() override;
  Result<std::optional<Deployment>> deployment(std::string_view hash) override;
  Result<void> put_resource(const Resource& r, const CalendarChange* change) override;
  Result<std::vector<CalendarChange>> calendar_changes() override;
  Result<void> note_calendar_change(const CalendarChange& change, std::span<const InstanceKey> passed, std::span<const InstanceKey> settled) override;
  Result<std::vector<InstanceKey>> passed_over(const CalendarChange& change, InstanceKey after, std::size_t limit) override;
  Result<std::vector<Resource>> resources() override;
  Result<std::uint64_t> definitions_generation() override;
  Result<void> commit(std::span<const Change> changes, std::size_t& conflict_index) override;
  Result<InstanceKey> new_instance_key() override;
  Result<std::uint64_t> data_version() override { return std::uint64_t{0}; }  // nobody else writes
  Result<std::optional<StoredInstance>> load(InstanceKey key) override;
  Result<std::optional<std::uint64_t>> version_of(InstanceKey key) override;
  Result<std::optional<std::string>> answer_of(std::string_view request_id) override;
  Result<std::vector<DueRow>> due(Instant until, const std::optional<DueRow>& after, std::size_t limit) override;
  Result<std::optional<Instant>> next_due() override;
  Result<void> reindex(const DueRow& row, const model::ExecutableProcess* process, const core::ProcessInstance* instance,
                       std::uint64_t version) override;
  Result<std::vector<core::WaitingInstance>> waiting(core::SubscriptionKind kind, std::string_view name,
                                                     std::optional<std::string_view> correlation) override;
  Result<std::vector<core::WaitingInstance>> held(core::SubscriptionKind kind, std::string_view name,
                                                  std::optional<std::string_view> correlation) override;
  std::vector<core::WaitingInstance> subscribed(core::SubscriptionKind kind, std::string_view name, std::optional<std::string_view> correlation,
                                                bool suspended) const;
  Result<std::vector<InstanceRow>> instances(const Query& q) override;
  Result<std::vector<CountRow>> count(const Query& q, CountBy by) override;
  Result<std::vector<WorkRow>> work(const Query& q) override;
  Result<std::vector<OpenJob>> open_jobs(std::span<const std::string> topics, Instant at, std::size_t limit) override;
  Result<std::vector<ClockRow>> clocks(const Query& q) override;
  Result<std::vector<HistoryRow>> history(InstanceKey key, std::uint64_t after_sequence, std::size_t limit) override;
  Result<std::vector<OutboxRow>> outbox(const Query& q) override;
  Result<OutboxTurn> outbox_turn(const OutboxAnswer* answer, const OutboxTake* take) override;
  Result<ErrandPage> errands(ErrandKind kind, const std::optional<ErrandKey>& after, std::size_t limit) override;
  Result<std::vector<KeptRow>> kept_called(std::uint64_t after, std::size_t limit) override;
  bool take_kept_called() override;
  Result<std::optional<KeptRow>> first_kept(const core::Message& message, bool to_case, Instant at) override;
  Result<std::vector<KeptRow>> kept_due(Instant until, std::size_t limit) override;
  Result<std::optional<Instant>> next_kept_due() override;
  Result<std::vector<KeptRow>> kept(const Query& q) override;
  Result<std::optional<RegisterRow>> register_row(const std::string& of, const std::string& key) override;
  Result<std::vector<RegisterRow>> register_history(const std::string& of, const std::string& key, std::uint64_t after, std::size_t limit) override;
  Result<std::vector<RegisterRow>> register_rows(const std::string& of, const std::string& after, std::size_t limit) override;
  Result<Pruned> prune(Instant before) override;
  Result<void> backup(const std::string& path) override;
  Result<InstanceKey> newest() override;
  Result<std::optional<Instant>> pruned_before() override;
  Result<std::optional<Instant>> latest() override;
  Result<void> check(const std::function<const model::ExecutableProcess*(std::string_view)>& definition,
                     const std::function<void(const std::string&)>& found) override;

 private:
  std::optional<Error> refusal(const Change& change, const std::set<InstanceKey>& touched, std::set<std::string>& requests,
                               std::set<std::pair<std::string, std::string>>& numbers, std::set<std::uint64_t>& ended) const;
  [[nodiscard]] std::optional<Error> refusal_of_rows(const Change& change,
                                                     std::map<std::pair<std::string, std::string>, std::uint64_t>& written) const;
  void apply_rows_of_registers(const Change& change);
  void apply(const Change& change);
  void add_calendar_change(CalendarChange change);
  void apply_instance(const Change& change);
  void apply_rows(const Change& change, Case& c);
  void apply_work(const Change& change, const RowChanges& rows, Case& c);
  void apply_searched(const RowChanges& rows, InstanceKey instance);
  void put_due(const DueRow& row);
  void erase_due(const core::DueId& id);
  std::size_t check_due(const model::ExecutableProcess& process, const core::ProcessInstance& i,
                        const std::function<void(const std::string&)>& found) const;
  std::size_t check_waiting(const core::ProcessInstance& i, const std::function<void(const std::string&)>& found) const;
  void check_rows(const Case& c, const std::function<void(const std::string&)>& found) const;
  /// The cases that `term` finds.
  std::set<InstanceKey> found_by(const SearchTerm& term) const;
  /// Instances a query can mean, ascending.
  enum class ByUnit : std::uint8_t { of_case, of_work };
  std::vector<const Case*> candidates(const Query& q, ByUnit by = ByUnit::of_case) const;
  bool is_of_unit(const Query& q, const OutboxRow& row) const;

  mutable std::shared_mutex mutex_;
  std::map<std::string, Deployment, std::less<>> deployments_;  ///< by hash
  std::map<std::pair<std::string, std::string>, Resource> resources_;
  std::map<std::pair<Instant, std::string>, CalendarChange> calendar_changes_;
  std::map<std::pair<Instant, std::string>, std::set<InstanceKey>> passed_over_;  ///< by such changes
  std::uint64_t generation_ = 1;
  std::map<InstanceKey, Case> cases_;
  struct Answer {
    std::string bytes;
    Instant at;
    InstanceKey instance;
  };
  std::unordered_map<std::string, Answer> answers_;
  std::set<DueRow> due_;
  std::map<core::DueId, DueRow> due_by_id_;
  std::map<WaitingKey, std::pair<std::string, core::Subscription>> waiting_;  ///< case number and subscription
  std::map<std::string, std::set<WorkId>, std::less<>> work_by_topic_;
  Offers offers_;
  std::map<std::pair<std::string, std::string>, InstanceKey> open_numbers_;  ///< (process, case number)
  std::map<std::string, std::set<InstanceKey>, std::less<>> by_case_no_;
  MemoryOutbox outbox_{[this](const Query& q, const OutboxRow& row) { return is_of_unit(q, row); }};
  std::map<std::string, std::set<std::pair<std::string, InstanceKey>>, std::less<>> searched_;  ///< name and case, by folded value
  MemoryKept kept_;
  std::map<std::pair<std::string, std::string>, std::vector<RegisterRow>> rows_;  ///< versions by register and key
  struct KeptErrand {
    core::Effect effect;
    std::uint32_t chain = 0;
  };
  std::map<ErrandKey, KeptErrand> errands_, aside_;
  std::optional<Instant> pruned_before_, latest_;
  std::uint64_t last_instance_ = 0;
};

}  // namespace switchboard::store
