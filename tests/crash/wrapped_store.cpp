#include "wrapped_store.hpp"

namespace switchboard::testing {

Result<store::Deployment> WrappedStore::put_deployment(const store::Deployment& d) {
  if (auto error = before("put_deployment")) return *error;
  return inner_->put_deployment(d);
}

Result<std::vector<store::Deployment>> WrappedStore::deployments() {
  if (auto error = before("deployments")) return *error;
  return inner_->deployments();
}

Result<std::optional<store::Deployment>> WrappedStore::deployment(std::string_view hash) {
  if (auto error = before("deployment")) return *error;
  return inner_->deployment(hash);
}

Result<void> WrappedStore::note_calendar_change(const store::CalendarChange& change, std::span<const store::InstanceKey> passed,
                                                std::span<const store::InstanceKey> settled) {
  if (auto error = before("note_calendar_change")) return *error;
  return inner_->note_calendar_change(change, passed, settled);
}

Result<void> WrappedStore::put_resource(const store::Resource& r, const store::CalendarChange* change) {
  if (auto error = before("put_resource")) return *error;
  return inner_->put_resource(r, change);
}

Result<std::vector<store::Resource>> WrappedStore::resources() {
  if (auto error = before("resources")) return *error;
  return inner_->resources();
}

Result<std::uint64_t> WrappedStore::definitions_generation() {
  if (auto error = before("definitions_generation")) return *error;
  return inner_->definitions_generation();
}

Result<void> WrappedStore::commit(std::span<const store::Change> changes, std::size_t& conflict_index) {
  if (auto error = before("commit")) return *error;
  SB_TRYV(inner_->commit(changes, conflict_index));
  if (auto error = after_commit()) return *error;
  return success();
}

Result<store::InstanceKey> WrappedStore::new_instance_key() {
  if (auto error = before("new_instance_key")) return *error;
  return inner_->new_instance_key();
}

Result<std::uint64_t> WrappedStore::data_version() {
  if (auto error = before("data_version")) return *error;
  return inner_->data_version();
}

Result<std::vector<store::OpenJob>> WrappedStore::open_jobs(std::span<const std::string> topics, Instant at, std::size_t limit) {
  if (auto error = before("open_jobs")) return *error;
  return inner_->open_jobs(topics, at, limit);
}

Result<std::optional<store::StoredInstance>> WrappedStore::load(store::InstanceKey key) {
  if (auto error = before("load")) return *error;
  return inner_->load(key);
}

Result<std::optional<std::string>> WrappedStore::answer_of(std::string_view request_id) {
  if (auto error = before("answer_of")) return *error;
  return inner_->answer_of(request_id);
}

Result<std::vector<store::DueRow>> WrappedStore::due(Instant until, const std::optional<store::DueRow>& after, std::size_t limit) {
  if (auto error = before("due")) return *error;
  return inner_->due(until, after, limit);
}

Result<std::optional<Instant>> WrappedStore::next_due() {
  if (auto error = before("next_due")) return *error;
  return inner_->next_due();
}

Result<void> WrappedStore::reindex(const store::DueRow& row, const model::ExecutableProcess* process, const core::ProcessInstance* instance,
                                   std::uint64_t version) {
  if (auto error = before("reindex")) return *error;
  return inner_->reindex(row, process, instance, version);
}

Result<std::vector<core::WaitingInstance>> WrappedStore::waiting(core::SubscriptionKind kind, std::string_view name,
                                                                 std::optional<std::string_view> correlation) {
  if (auto error = before("waiting")) return *error;
  return inner_->waiting(kind, name, correlation);
}

Result<std::vector<store::InstanceRow>> WrappedStore::instances(const store::Query& q) {
  if (auto error = before("instances")) return *error;
  return inner_->instances(q);
}

Result<std::vector<store::WorkRow>> WrappedStore::work(const store::Query& q) {
  if (auto error = before("work")) return *error;
  return inner_->work(q);
}

Result<std::vector<store::ClockRow>> WrappedStore::clocks(const store::Query& q) {
  if (auto error = before("clocks")) return *error;
  return inner_->clocks(q);
}

Result<std::vector<store::HistoryRow>> WrappedStore::history(store::InstanceKey key, std::uint64_t after_sequence, std::size_t limit) {
  if (auto error = before("history")) return *error;
  return inner_->history(key, after_sequence, limit);
}

Result<std::vector<store::OutboxRow>> WrappedStore::outbox(const store::Query& q) {
  if (auto error = before("outbox")) return *error;
  return inner_->outbox(q);
}

Result<store::OutboxTurn> WrappedStore::outbox_turn(const store::OutboxAnswer* answer, const store::OutboxTake* take) {
  if (auto error = before("outbox_turn")) return *error;
  return inner_->outbox_turn(answer, take);
}

Result<store::ErrandPage> WrappedStore::errands(store::ErrandKind kind, const std::optional<store::ErrandKey>& after, std::size_t limit) {
  if (auto error = before("errands")) return *error;
  return inner_->errands(kind, after, limit);
}

Result<std::vector<store::KeptRow>> WrappedStore::kept_called(std::uint64_t after, std::size_t limit) {
  if (auto error = before("kept_called")) return *error;
  return inner_->kept_called(after, limit);
}

Result<std::optional<store::KeptRow>> WrappedStore::first_kept(const core::Message& message, bool to_case, Instant at) {
  if (auto error = before("first_kept")) return *error;
  return inner_->first_kept(message, to_case, at);
}

Result<std::vector<store::KeptRow>> WrappedStore::kept_due(Instant until, std::size_t limit) {
  if (auto error = before("kept_due")) return *error;
  return inner_->kept_due(until, limit);
}

Result<std::optional<Instant>> WrappedStore::next_kept_due() {
  if (auto error = before("next_kept_due")) return *error;
  return inner_->next_kept_due();
}

Result<std::vector<store::KeptRow>> WrappedStore::kept(const store::Query& q) {
  if (auto error = before("kept")) return *error;
  return inner_->kept(q);
}

Result<store::Pruned> WrappedStore::prune(Instant until) {
  if (auto error = before("prune")) return *error;
  return inner_->prune(until);
}

Result<void> WrappedStore::backup(const std::string& path) {
  if (auto error = before("backup")) return *error;
  return inner_->backup(path);
}

Result<store::InstanceKey> WrappedStore::newest() {
  if (auto error = before("newest")) return *error;
  return inner_->newest();
}

Result<std::optional<Instant>> WrappedStore::pruned_before() {
  if (auto error = before("pruned_before")) return *error;
  return inner_->pruned_before();
}

Result<void> WrappedStore::check(const std::function<const model::ExecutableProcess*(std::string_view)>& definition,
                                 const std::function<void(const std::string&)>& found) {
  if (auto error = before("check")) return *error;
  return inner_->check(definition, found);
}

}  // namespace switchboard::testing
