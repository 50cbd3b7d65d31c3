// What callers ask for: a command in their words, under their request id, carried out with everything that it sets off, and answered.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/commands.hpp"
#include "runtime/courier.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// What every command says of who gives it, and under which request id: SB0560 when a text is none.
[[nodiscard]] Result<void> check_caller(const Caller& caller);
[[nodiscard]] Result<void> check_reason(const Caller& caller, std::string_view reason);

/// The commands of Engine, each under the name that it has there. Thread-safe. Everything that is given by reference outlives it.
class Requests {
 public:
  /// `language`: of the names shown.
  Requests(store::Store& store, Definitions& definitions, Commands& commands, const Offices& offices, Courier& courier, const TimeSource& time,
           std::string language)
      : store_(store),
        definitions_(definitions),
        commands_(commands),
        offices_(offices),
        courier_(courier),
        time_(time),
        language_(std::move(language)) {}

  [[nodiscard]] Result<CaseInfo> start(std::string_view process, const Value& data, const StartOptions& options, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> complete(const WorkId& work, const Value& result, const Caller& caller);
  [[nodiscard]] Result<WorkInfo> claim(const WorkId& work, const Caller& caller);
  [[nodiscard]] Result<WorkInfo> extend(const WorkId& work, Duration lease, const Caller& caller);
  [[nodiscard]] Result<WorkInfo> release(const WorkId& work, const Caller& caller);
  [[nodiscard]] Result<WorkInfo> assign(const WorkId& work, std::string_view person, std::string_view reason, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> move(const InstanceId& instance, std::string_view organisation, std::string_view reason, const Caller& caller);
  [[nodiscard]] Result<WorkInfo> move_work(const WorkId& work, std::string_view organisation, std::string_view reason, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> fail(const WorkId& work, const Failure& failure, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> message(std::string_view name, std::string_view correlation, const Value& payload, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> message_to_case(std::string_view name, std::string_view case_no, const Value& payload, const Caller& caller);
  [[nodiscard]] Result<std::size_t> signal(std::string_view name, const Value& payload, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> cancel(const InstanceId& instance, std::string_view reason, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> suspend(const InstanceId& instance, std::string_view reason, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> resume(const InstanceId& instance, const Caller& caller);
  [[nodiscard]] Result<std::vector<CaseInfo>> suspend_with_called(const InstanceId& instance, std::string_view reason, const Caller& caller);
  [[nodiscard]] Result<std::vector<CaseInfo>> resume_with_called(const InstanceId& instance, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> set_data(const InstanceId& instance, const Value& data, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> correct(const InstanceId& instance, const Value& data, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> reopen(const InstanceId& instance, const Value& data, const StartOptions& options, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> resolve(std::string_view incident, const Value& data, const Caller& caller);
  [[nodiscard]] Result<OutboxInfo> receipt(std::string_view record, ReceiptKind kind, std::optional<Instant> at, std::string_view note,
                                           const Caller& caller);
  [[nodiscard]] Result<CaseInfo> drop(std::string_view incident, std::string_view reason, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> change_clock(const InstanceId& instance, std::string_view clock, ClockChange change, std::string_view amount,
                                              std::string_view reason, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> begin_activity(const InstanceId& instance, std::string_view activity, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> rederive(const InstanceId& instance, std::string_view reason, const Caller& caller);
  [[nodiscard]] Result<std::optional<WorkInfo>> work_of_request(std::string_view request_id);

 private:
  [[nodiscard]] Result<Applied> begin_again(core::InstanceKey key, const Value& data, const StartOptions& options, const Caller& caller,
                                            const RequestUse& use);
  [[nodiscard]] Result<Applied> begin(std::string_view process, const Value& data, const StartOptions& options, const std::string& request_id,
                                      const RequestUse& use);
  [[nodiscard]] Result<WorkInfo> submit_work(core::InstanceKey instance, core::WorkKey work, CommandBody what, const Caller& caller);

  using Send = std::function<Result<driver::Taken>(driver::Courier&)>;
  [[nodiscard]] Result<CaseInfo> message(const Send& send, std::string_view name, std::string_view key, const std::string& where,
                                         const RequestUse& use, const std::string& request_id);
  [[nodiscard]] static Order order_of(core::InstanceKey instance, CommandBody what, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> submit(core::InstanceKey instance, CommandBody what, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> submit(const Order& order);
  [[nodiscard]] Result<std::vector<CaseInfo>> move_with_called(const InstanceId& instance, const CommandBody& what, core::InstanceState wanted,
                                                               const Caller& caller);
  [[nodiscard]] Result<void> check_organisation(core::InstanceKey instance, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> decide(store::OutboxVerdict verdict, const Caller& caller);
  [[nodiscard]] Result<CaseInfo> message_again(const std::string& known, std::string_view key, const std::string& request_id);
  [[nodiscard]] Result<void> tell_receipt(const store::OutboxRow& row, const store::Receipt& receipt);
  [[nodiscard]] Result<CaseInfo> decide_kept(std::uint64_t message, bool drops, std::string why, const Caller& caller);
  [[nodiscard]] Result<std::optional<store::ErrandKey>> errand_of(core::InstanceKey instance, core::IncidentKey incident);
  [[nodiscard]] Result<CaseInfo> answer_case(const std::string& request_id, Applied applied, std::optional<Instant> kept_until = {},
                                             std::size_t receivers = 0);

  store::Store& store_;
  Definitions& definitions_;
  Commands& commands_;
  const Offices& offices_;
  Courier& courier_;
  const TimeSource& time_;
  std::string language_;
};

}  // namespace switchboard::runtime
