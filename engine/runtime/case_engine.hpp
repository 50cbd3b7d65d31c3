// The engine behind the embedder's door: drives the core over a store. One way for every command: load, step, commit, answer, act.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/committer.hpp"
#include "runtime/definitions.hpp"
#include "runtime/instance_cache.hpp"
#include "runtime/views.hpp"
#include "store/store.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

using CommandBody = decltype(core::Command::what);

/// What a request id was used for; without a command: nothing that is compared.
struct RequestUse {
  std::string command, of;   ///< "complete", "i-17/5"
  std::int64_t content = 0;  ///< seal over what was given with it
  std::string element;       ///< path, of a command on work
};

/// A command on its way to one instance.
struct Order {
  core::InstanceKey instance;
  CommandBody what;
  std::string request_id;
  /// Bytes to keep under request_id, made of the instance after the command.
  std::function<std::string(const Loaded&)> answer;
  RequestUse use{};
  std::optional<Instant> at{};  ///< in place of what the clock says
};

/// What became of it.
struct Applied {
  Loaded after;                        ///< empty when `known` or `stale`
  std::optional<std::string> known;    ///< the request had been answered before, with this
  bool stale = false;                  ///< came too late: nothing to do
  std::vector<store::Errand> errands;  ///< to be carried out
};

/// A callback that must be there is not: else every job and record would fail for it.
[[nodiscard]] Error nothing_to_call(const char* what);
/// Of a row, or something made of rows, that is not what was written.
[[nodiscard]] bool is_damage(const Error& error);

class CaseEngine final : public Engine {
 public:
  CaseEngine(std::unique_ptr<store::Store> store, const EngineOptions& options);
  ~CaseEngine() override;

  Result<DeploymentInfo> deploy(std::string_view yaml, std::string_view file) override;
  Result<void> add_resource(std::string_view yaml, std::string_view file) override;
  Result<DeploymentInfo> deploy_process(std::string_view id) override;
  Result<std::vector<DeploymentInfo>> deployments() override;
  Result<std::vector<std::string>> names(NameKind kind) override;

  Result<CaseInfo> start(std::string_view process, const Value& data, const StartOptions& options) override;
  Result<CaseInfo> complete(const WorkId& work, const Value& result, std::string_view by, std::string_view request_id) override;
  Result<WorkInfo> claim(const WorkId& work, std::string_view by, std::string_view request_id) override;
  Result<WorkInfo> claim(const WorkId& work, std::string_view by, const std::vector<std::string>& groups, std::string_view request_id) override;
  Result<WorkInfo> release(const WorkId& work, std::string_view by, std::string_view request_id) override;
  Result<CaseInfo> fail(const WorkId& work, std::string_view message, std::string_view error, std::string_view by,
                        std::string_view request_id) override;
  Result<CaseInfo> message(std::string_view name, std::string_view correlation, const Value& payload, std::string_view request_id) override;
  Result<CaseInfo> message_to_case(std::string_view name, std::string_view case_no, const Value& payload, std::string_view request_id) override;
  Result<std::optional<WorkInfo>> work_of_request(std::string_view request_id) override;
  Result<std::size_t> signal(std::string_view name, const Value& payload, std::string_view request_id) override;
  Result<CaseInfo> cancel(const InstanceId& instance, std::string_view reason, std::string_view by, std::string_view request_id) override;
  Result<CaseInfo> suspend(const InstanceId& instance, std::string_view reason, std::string_view by, std::string_view request_id) override;
  Result<CaseInfo> resume(const InstanceId& instance, std::string_view by, std::string_view request_id) override;
  Result<CaseInfo> set_data(const InstanceId& instance, const Value& data, std::string_view by, std::string_view request_id) override;
  Result<CaseInfo> resolve(std::string_view incident, const Value& data, std::string_view by, std::string_view request_id) override;
  Result<CaseInfo> rederive(const InstanceId& instance, std::string_view reason, std::string_view request_id) override;

  Result<TickReport> tick(std::size_t limit) override;
  Result<std::size_t> work_off(std::string_view topic, const JobHandler& handler, std::size_t limit) override;
  using Engine::deliver;
  Result<std::size_t> deliver(const Find& f, const std::function<std::string(const OutboxInfo&)>& deliver) override;
  void listen(std::function<void(const CaseInfo&, const std::vector<HistoryInfo>&)> listener) override;

  Result<std::string> zone(std::string_view process) override;
  Result<CaseInfo> instance(const InstanceId& id) override;
  Result<Value> data(const InstanceId& id) override;
  Result<std::vector<CaseInfo>> instances(const Find& f) override;
  Result<std::vector<WorkInfo>> work(const Find& f) override;
  Result<std::vector<ClockInfo>> clocks(const Find& f) override;
  Result<std::vector<OutboxInfo>> outbox(const Find& f) override;
  Result<std::vector<IncidentInfo>> incidents(const Find& f) override;
  Result<std::vector<HistoryInfo>> history(const InstanceId& id, std::uint64_t after, std::size_t limit) override;
  Result<std::vector<std::string>> check() override;
  Result<PruneReport> prune(Instant before) override;

  /// Carries out what a crash left undone.
  [[nodiscard]] Result<void> repeat_errands(std::size_t& damaged);

 private:
  // command.cpp: the way of one command.
  [[nodiscard]] Result<Instant> now() const;
  [[nodiscard]] Result<Loaded> load(core::InstanceKey key, bool fresh);
  [[nodiscard]] Result<Loaded> load_existing(core::InstanceKey key);
  [[nodiscard]] Result<Applied> apply(const Order& order);
  [[nodiscard]] Result<std::optional<Applied>> attempt(const Order& order, bool fresh);
  [[nodiscard]] Result<std::optional<Applied>> conclude(const Order& order, Transition& transition);
  [[nodiscard]] Result<Applied> start_instance(const model::ExecutablePtr& process, core::StartInstance command, const std::string& request_id,
                                               const RequestUse& use = {});
  [[nodiscard]] Transition transition_of(const Loaded& before, core::StepResult result, Instant at) const;
  [[nodiscard]] Applied applied(const Transition& transition);
  [[nodiscard]] Result<CaseInfo> answer_case(const std::string& request_id, Applied applied);
  [[nodiscard]] Result<CaseInfo> submit(core::InstanceKey instance, CommandBody what, std::string_view request_id);
  [[nodiscard]] Result<WorkInfo> submit_work(core::InstanceKey instance, core::WorkKey work, CommandBody what, std::string_view request_id);
  [[nodiscard]] Result<void> keep_answer(const std::string& request_id, std::string answer, bool replaces);

  // correlation.cpp: messages and signals.
  /// What the request was answered, if it was carried out already; SB0546 when it was used for something else. Nothing for an empty id.
  [[nodiscard]] Result<std::optional<std::string>> answer_given(const std::string& request_id, const RequestUse& use);
  [[nodiscard]] Error nobody_waits(std::string_view message, const std::string& where);
  using FindReceiver = std::function<Result<std::optional<core::WaitingInstance>>()>;
  [[nodiscard]] Result<std::optional<Applied>> deliver_message(const core::Message& message, const std::string& request_id,
                                                               const RequestUse& use = {});
  [[nodiscard]] Result<std::optional<Applied>> deliver_to(const FindReceiver& find, const core::Message& message, const std::string& request_id,
                                                          const RequestUse& use);
  [[nodiscard]] Result<std::optional<core::WaitingInstance>> receiver_in_case(std::string_view name, std::string_view case_no);
  [[nodiscard]] Result<std::optional<Applied>> start_by_message(const core::Message& message, const std::string& request_id, const RequestUse& use);
  [[nodiscard]] Result<std::size_t> broadcast(std::string_view name, const Value& payload, const std::string& request_id,
                                              std::deque<store::Errand>& errands);

  // errands.cpp: what commands want of other instances.
  void carry_out(std::vector<store::Errand> errands);
  [[nodiscard]] Result<bool> carry_out_one(const store::Errand& errand, std::deque<store::Errand>& next);
  [[nodiscard]] Result<bool> start_call(const store::Errand& errand, const core::StartCall& effect, std::deque<store::Errand>& next);
  [[nodiscard]] Result<bool> refuse_call(core::Parent caller, const Error& why, std::deque<store::Errand>& next);
  [[nodiscard]] Result<bool> cancel_call(core::Parent caller, std::deque<store::Errand>& next);
  [[nodiscard]] Result<bool> return_to_caller(core::InstanceKey from, const core::ReturnToCaller& effect, std::deque<store::Errand>& next);
  [[nodiscard]] Result<bool> publish(const store::Errand& errand, const core::PublishMessage& effect, std::deque<store::Errand>& next);
  [[nodiscard]] Result<void> keep_unheard(const core::PublishMessage& effect, const store::ErrandKey& errand, const std::string& request_id,
                                          const std::string& refusal);
  [[nodiscard]] Result<model::ExecutablePtr> called_definition(const model::ExecutableProcess& caller, const core::StartCall& effect);

  // tick.cpp
  struct Firing;
  [[nodiscard]] Result<std::vector<core::InstanceKey>> fire_batch(const std::vector<store::DueRow>& rows, TickReport& report,
                                                                  std::set<store::DueRow>& refused);
  [[nodiscard]] Result<void> prepare_firing(const store::DueRow& row, Firing& firing, TickReport& report, std::set<store::DueRow>& refused);
  [[nodiscard]] Result<void> report_refused(const store::DueRow& row, const Loaded& loaded, const Error& why);
  [[nodiscard]] Result<std::optional<Instant>> next_due(const std::set<store::DueRow>& refused);

  // schedule.cpp: timer start events.
  [[nodiscard]] Result<std::size_t> start_scheduled(Instant until, std::size_t limit, TickReport& report, std::optional<Instant>& next);
  [[nodiscard]] Result<std::size_t> start_by(const Schedule& s, Instant until, std::size_t limit, TickReport& report, std::optional<Instant>& next);

  // upkeep.cpp
  [[nodiscard]] Result<void> report_trouble(core::InstanceKey instance, const std::string& about, const Error& why);

  // jobs.cpp
  [[nodiscard]] Result<std::optional<Job>> claim_job(const store::WorkRow& row);
  [[nodiscard]] Result<void> finish_job(const Job& job, const JobResult& result);
  void give_back(const Job& job);

  // check.cpp
  [[nodiscard]] Result<std::set<core::InstanceKey>> instances_with_errands();
  [[nodiscard]] Result<void> check_case(const store::InstanceRow& row, const std::set<core::InstanceKey>& errands, std::vector<std::string>& found);
  [[nodiscard]] Result<void> check_calls(const core::ProcessInstance& instance, const std::set<core::InstanceKey>& errands,
                                         const std::function<void(const std::string&)>& say);
  [[nodiscard]] Result<void> check_called(const core::ProcessInstance& instance, std::span<const store::HistoryRow> history, bool is_pruned,
                                          const std::function<void(const std::string&)>& say);

  // queries.cpp
  [[nodiscard]] Result<store::Query> query_of(const Find& f) const;

  std::unique_ptr<store::Store> store_;
  Clock clock_;
  mutable std::atomic<std::int64_t> last_told_{std::numeric_limits<std::int64_t>::min()};  ///< by the clock, in microseconds
  std::string language_;
  bool read_only_;
  InstanceCache cache_;
  Definitions definitions_;
  Committer committer_;
  /// Commands of one engine on one instance wait for each other instead of conflicting. Recursive: a listener may command the instance it is told
  /// about.
  std::array<std::recursive_mutex, 256> stripes_;
  std::mutex in_flight_mutex_;
  std::set<store::ErrandKey> in_flight_;
  std::set<std::string> reported_;  ///< troubles told by this engine; under in_flight_mutex_
};

}  // namespace switchboard::runtime
