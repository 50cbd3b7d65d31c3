// A store around a store: lets a test see and spoil every call.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "store/store.hpp"

namespace switchboard::testing {

class WrappedStore : public store::Store {
 public:
  explicit WrappedStore(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}

  Result<store::Deployment> put_deployment(const store::Deployment& d) override;
  Result<std::vector<store::Deployment>> deployments() override;
  Result<std::optional<store::Deployment>> deployment(std::string_view hash) override;
  Result<void> put_resource(const store::Resource& r, const store::CalendarChange* change) override;
  Result<std::vector<store::CalendarChange>> calendar_changes() override { return inner_->calendar_changes(); }
  Result<void> note_calendar_change(const store::CalendarChange& change, std::span<const store::InstanceKey> passed,
                                    std::span<const store::InstanceKey> settled) override;
  Result<std::vector<store::InstanceKey>> passed_over(const store::CalendarChange& change, store::InstanceKey after, std::size_t limit) override {
    return inner_->passed_over(change, after, limit);
  }
  Result<std::vector<store::Resource>> resources() override;
  Result<std::uint64_t> definitions_generation() override;
  Result<void> commit(std::span<const store::Change> changes, std::size_t& conflict_index) override;
  Result<store::InstanceKey> new_instance_key() override;
  Result<std::uint64_t> data_version() override;
  Result<std::optional<store::StoredInstance>> load(store::InstanceKey key) override;
  Result<std::optional<std::uint64_t>> version_of(store::InstanceKey key) override { return inner_->version_of(key); }
  Result<std::optional<std::string>> answer_of(std::string_view request_id) override;
  Result<std::vector<store::DueRow>> due(Instant until, const std::optional<store::DueRow>& after, std::size_t limit) override;
  Result<std::optional<Instant>> next_due() override;
  Result<void> reindex(const store::DueRow& row, const model::ExecutableProcess* process, const core::ProcessInstance* instance,
                       std::uint64_t version) override;
  Result<std::vector<core::WaitingInstance>> held(core::SubscriptionKind kind, std::string_view name,
                                                  std::optional<std::string_view> correlation) override {
    return inner_->held(kind, name, correlation);
  }
  Result<std::vector<core::WaitingInstance>> waiting(core::SubscriptionKind kind, std::string_view name,
                                                     std::optional<std::string_view> correlation) override;
  Result<std::vector<store::InstanceRow>> instances(const store::Query& q) override;
  Result<std::vector<store::CountRow>> count(const store::Query& q, store::CountBy by) override { return inner_->count(q, by); }
  Result<std::vector<store::WorkRow>> work(const store::Query& q) override;
  Result<std::vector<store::OpenJob>> open_jobs(std::span<const std::string> topics, Instant at, std::size_t limit) override;
  Result<std::vector<store::ClockRow>> clocks(const store::Query& q) override;
  Result<std::vector<store::HistoryRow>> history(store::InstanceKey key, std::uint64_t after_sequence, std::size_t limit) override;
  Result<std::vector<store::OutboxRow>> outbox(const store::Query& q) override;
  Result<store::OutboxTurn> outbox_turn(const store::OutboxAnswer* answer, const store::OutboxTake* take) override;
  Result<store::ErrandPage> errands(store::ErrandKind kind, const std::optional<store::ErrandKey>& after, std::size_t limit) override;
  Result<std::vector<store::KeptRow>> kept_called(std::uint64_t after, std::size_t limit) override;
  bool take_kept_called() override { return inner_->take_kept_called(); }
  Result<std::optional<store::KeptRow>> first_kept(const core::Message& message, bool to_case, Instant at) override;
  Result<std::vector<store::KeptRow>> kept_due(Instant until, std::size_t limit) override;
  Result<std::optional<Instant>> next_kept_due() override;
  Result<std::vector<store::KeptRow>> kept(const store::Query& q) override;
  Result<std::optional<store::RegisterRow>> register_row(const std::string& of, const std::string& key) override {
    return inner_->register_row(of, key);
  }
  Result<std::vector<store::RegisterRow>> register_history(const std::string& of, const std::string& key, std::uint64_t after,
                                                           std::size_t limit) override {
    return inner_->register_history(of, key, after, limit);
  }
  Result<std::vector<store::RegisterRow>> register_rows(const std::string& of, const std::string& after, std::size_t limit) override {
    return inner_->register_rows(of, after, limit);
  }
  Result<store::Pruned> prune(Instant before) override;
  Result<void> backup(const std::string& path) override;
  Result<std::optional<Instant>> latest() override { return inner_->latest(); }
  Result<store::InstanceKey> newest() override;
  Result<std::optional<Instant>> pruned_before() override;
  Result<void> check(const std::function<const model::ExecutableProcess*(std::string_view)>& definition,
                     const std::function<void(const std::string&)>& found) override;

 protected:
  /// Called before every call; an error is what that call answers, without having been made.
  virtual std::optional<Error> before(std::string_view call) = 0;
  /// Called after a commit that was made; an error is what it answers nevertheless.
  virtual std::optional<Error> after_commit() { return std::nullopt; }
  store::Store& inner() { return *inner_; }

 private:
  std::unique_ptr<store::Store> inner_;
};

inline Error disk_failure() {
  return {ErrorKind::storage, "SB0608", "reading or writing the database failed: made up by a test", "", "repeat the command"};
}

/// Fails once, at call `at`; counts from 1.
class FailingStore final : public WrappedStore {
 public:
  FailingStore(std::unique_ptr<store::Store> inner, int at, bool after_the_fact) : WrappedStore(std::move(inner)), at_(at), after_(after_the_fact) {}
  [[nodiscard]] int calls() const { return calls_; }
  void stop() { at_ = 0; }

 protected:
  std::optional<Error> before(std::string_view /*call*/) override {
    const bool now = ++calls_ == at_;
    return now && !after_ ? std::optional(disk_failure()) : std::nullopt;
  }
  /// Written, but the writer never hears of it: as if the connection had broken.
  std::optional<Error> after_commit() override { return calls_ == at_ && after_ ? std::optional(disk_failure()) : std::nullopt; }

 private:
  int calls_ = 0;
  int at_;
  bool after_;
};

}  // namespace switchboard::testing
