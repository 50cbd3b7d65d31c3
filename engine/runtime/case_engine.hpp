// The engine behind the embedder's door. It only forwards: each thing that it can do is done by one object, and each object is given what it needs.
//
//   requests    commands of callers: under a request id, carried out with everything that they set off, answered
//   commands    the way of one command to one case: load, step, commit
//   courier     what commands want of other cases (calls, answers, messages, signals), until it is done
//   post        what driver::Courier, who decides that, asks of an engine
//   workers     jobs under a lease
//   timekeeper  what becomes due
//   calendar_pass  cases that follow a changed calendar, with each tick
//   keeper      messages that are kept for one who does not wait yet
//   registers   what is known by key: rows that cases read and write
//   outbox      what is told to somebody outside
//   queries     looking
//   auditor     the invariants of the whole store
//   definitions what is deployed
//   committer   many commands, one transaction
//   observers   who is told of every command
//   bell        who waits for one
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/auditor.hpp"
#include "runtime/bell.hpp"
#include "runtime/commands.hpp"
#include "runtime/committer.hpp"
#include "runtime/courier.hpp"
#include "runtime/definitions.hpp"
#include "runtime/instance_cache.hpp"
#include "runtime/observers.hpp"
#include "runtime/outbox.hpp"
#include "runtime/post.hpp"
#include "runtime/queries.hpp"
#include "runtime/registers.hpp"
#include "runtime/requests.hpp"
#include "runtime/time_source.hpp"
#include "runtime/timekeeper.hpp"
#include "runtime/waiting.hpp"
#include "runtime/workers.hpp"
#include "store/store.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

class CaseEngine final : public Engine {
 public:
  CaseEngine(std::unique_ptr<store::Store> store, const EngineOptions& options);
  ~CaseEngine() override;

  Result<DeploymentInfo> deploy(std::string_view yaml, std::string_view file) override;
  Result<std::vector<DeploymentInfo>> deploy_together(const std::vector<ProcessText>& texts) override;
  Result<void> add_resource(std::string_view yaml, std::string_view file, CalendarChange change) override;
  Result<DeploymentInfo> deploy_process(std::string_view id) override;
  Result<std::vector<DeploymentInfo>> deployments() override;
  Result<std::vector<ResourceInfo>> resources() override;
  Result<std::vector<OrganisationInfo>> organisations() override { return queries_.organisations(); }
  Result<std::vector<std::string>> names(NameKind kind) override { return definitions_.names(kind); }

  Result<CaseInfo> start(std::string_view process, const Value& data, const StartOptions& options, const Caller& caller) override {
    return requests_.start(process, data, options, caller);
  }
  Result<CaseInfo> complete(const WorkId& work, const Value& result, const Caller& caller) override {
    return requests_.complete(work, result, caller);
  }
  Result<WorkInfo> claim(const WorkId& work, const Caller& caller) override { return requests_.claim(work, caller); }
  Result<WorkInfo> extend(const WorkId& work, Duration lease, const Caller& caller) override { return requests_.extend(work, lease, caller); }
  Result<WorkInfo> release(const WorkId& work, const Caller& caller) override { return requests_.release(work, caller); }
  Result<WorkInfo> assign(const WorkId& work, std::string_view person, std::string_view reason, const Caller& caller) override {
    return requests_.assign(work, person, reason, caller);
  }
  Result<CaseInfo> move(const InstanceId& instance, std::string_view organisation, std::string_view reason, const Caller& caller) override {
    return requests_.move(instance, organisation, reason, caller);
  }
  Result<WorkInfo> move_work(const WorkId& work, std::string_view organisation, std::string_view reason, const Caller& caller) override {
    return requests_.move_work(work, organisation, reason, caller);
  }
  Result<CaseInfo> fail(const WorkId& work, const Failure& failure, const Caller& caller) override { return requests_.fail(work, failure, caller); }
  Result<CaseInfo> message(std::string_view name, std::string_view correlation, const Value& payload, const Caller& caller) override {
    return requests_.message(name, correlation, payload, caller);
  }
  Result<CaseInfo> message_to_case(std::string_view name, std::string_view case_no, const Value& payload, const Caller& caller) override {
    return requests_.message_to_case(name, case_no, payload, caller);
  }
  Result<std::size_t> signal(std::string_view name, const Value& payload, const Caller& caller) override {
    return requests_.signal(name, payload, caller);
  }
  Result<CaseInfo> cancel(const InstanceId& instance, std::string_view reason, const Caller& caller) override {
    return requests_.cancel(instance, reason, caller);
  }
  Result<CaseInfo> suspend(const InstanceId& instance, std::string_view reason, const Caller& caller) override {
    return requests_.suspend(instance, reason, caller);
  }
  Result<CaseInfo> resume(const InstanceId& instance, const Caller& caller) override { return requests_.resume(instance, caller); }
  Result<std::vector<CaseInfo>> suspend_with_called(const InstanceId& instance, std::string_view reason, const Caller& caller) override {
    return requests_.suspend_with_called(instance, reason, caller);
  }
  Result<std::vector<CaseInfo>> resume_with_called(const InstanceId& instance, const Caller& caller) override {
    return requests_.resume_with_called(instance, caller);
  }
  Result<CaseInfo> set_data(const InstanceId& instance, const Value& data, const Caller& caller) override {
    return requests_.set_data(instance, data, caller);
  }
  Result<CaseInfo> correct(const InstanceId& instance, const Value& data, const Caller& caller) override {
    return requests_.correct(instance, data, caller);
  }
  Result<CaseInfo> reopen(const InstanceId& instance, const Value& data, const StartOptions& options, const Caller& caller) override {
    return requests_.reopen(instance, data, options, caller);
  }
  Result<CaseInfo> resolve(std::string_view incident, const Value& data, const Caller& caller) override {
    return requests_.resolve(incident, data, caller);
  }
  Result<OutboxInfo> receipt(std::string_view record, ReceiptKind kind, std::optional<Instant> at, std::string_view note,
                             const Caller& caller) override {
    return requests_.receipt(record, kind, at, note, caller);
  }
  Result<CaseInfo> drop(std::string_view incident, std::string_view reason, const Caller& caller) override {
    return requests_.drop(incident, reason, caller);
  }
  Result<CaseInfo> change_clock(const InstanceId& instance, std::string_view clock, ClockChange change, std::string_view amount,
                                std::string_view reason, const Caller& caller) override {
    return requests_.change_clock(instance, clock, change, amount, reason, caller);
  }
  Result<CaseInfo> begin_activity(const InstanceId& instance, std::string_view activity, const Caller& caller) override {
    return requests_.begin_activity(instance, activity, caller);
  }
  Result<CaseInfo> rederive(const InstanceId& instance, std::string_view reason, const Caller& caller) override {
    return requests_.rederive(instance, reason, caller);
  }
  Result<std::optional<WorkInfo>> work_of_request(std::string_view request_id) override { return requests_.work_of_request(request_id); }

  Result<RowInfo> put_row(std::string_view register_id, std::string_view key, const Value& fields, const Caller& caller) override {
    return registers_.put(register_id, key, fields, caller);
  }
  Result<ImportReport> import_rows(std::string_view register_id, const std::vector<Value>& rows, const Caller& caller) override {
    return registers_.import_rows(register_id, rows, caller);
  }
  void set_register_source(RegisterSource source) override { registers_.set_source(std::move(source)); }

  Result<TickReport> tick(std::size_t limit) override { return timekeeper_.tick(limit); }
  Result<std::vector<Job>> fetch(const Fetch& request) override { return workers_.fetch(request); }
  Result<std::size_t> work_off(std::string_view topic, const JobHandler& handler, std::size_t limit) override {
    return workers_.work_off(topic, handler, limit);
  }
  using Engine::deliver;
  Result<std::size_t> deliver(const Delivery& d, const std::function<std::string(const OutboxInfo&)>& adapter) override {
    return outbox_.deliver(d, adapter);
  }
  Observation observe(Observer observer) override;
  Result<bool> wait(const Interest& interest, Instant until) override { return waiting_.wait(interest, until); }
  void stop_waiting() override { bell_.close(); }

  Result<std::string> zone(std::string_view process) override { return queries_.zone(process); }
  Result<CaseInfo> instance(const InstanceId& id) override { return queries_.instance(id); }
  Result<Value> data(const InstanceId& id) override { return queries_.data(id); }
  Result<std::vector<CaseInfo>> instances(const Find& f) override { return queries_.instances(f); }
  Result<std::vector<CountInfo>> count(const Find& f, std::string_view by) override { return queries_.count(f, by); }
  Result<std::vector<WorkInfo>> work(const Find& f) override { return queries_.work(f); }
  Result<std::vector<FieldInfo>> form(const WorkId& work) override { return queries_.form(work); }
  Result<std::vector<ClockInfo>> clocks(const Find& f) override { return queries_.clocks(f); }
  Result<std::vector<OutboxInfo>> outbox(const Find& f) override { return queries_.outbox(f); }
  Result<std::vector<MessageInfo>> messages(const Find& f) override { return queries_.messages(f); }
  Result<std::vector<IncidentInfo>> incidents(const Find& f) override { return queries_.incidents(f); }
  Result<std::vector<HistoryInfo>> history(const InstanceId& id, std::uint64_t after, std::size_t limit) override {
    return queries_.history(id, after, limit);
  }
  Result<RowInfo> row(std::string_view register_id, std::string_view key) override { return registers_.row_info(register_id, key); }
  Result<std::vector<RowInfo>> rows(std::string_view register_id, std::string_view after, std::size_t limit) override {
    return registers_.rows(register_id, after, limit);
  }
  Result<std::vector<RowInfo>> row_history(std::string_view register_id, std::string_view key, std::uint64_t after, std::size_t limit) override {
    return registers_.history(register_id, key, after, limit);
  }
  Result<std::vector<std::string>> check() override { return auditor_.check(); }
  Result<PruneReport> prune(Instant before) override;
  Result<void> backup(const std::string& path) override;

 private:
  // Each knows only those above it.
  std::unique_ptr<store::Store> store_;
  TimeSource time_;
  bool read_only_;
  InstanceCache cache_;
  Definitions definitions_;
  std::shared_ptr<Observers> observers_;  ///< observations may outlive the engine
  Bell bell_;
  Committer committer_;
  Commands commands_;
  Outbox outbox_;
  Keeper keeper_;
  Registers registers_;
  Offices offices_;
  Courier courier_;
  Requests requests_;
  Workers workers_;
  Waiting waiting_;
  Timekeeper timekeeper_;
  Queries queries_;
  Auditor auditor_;
};

}  // namespace switchboard::runtime
