// Looking: always what is on disk, with names from the definitions. Changes nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/commands.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// The queries of Engine, each under the name that it has there. Thread-safe. Everything that is given by reference outlives it.
class Queries {
 public:
  /// `language`: of the names shown.
  Queries(store::Store& store, Definitions& definitions, Commands& commands, const TimeSource& time, std::string language)
      : store_(store), definitions_(definitions), commands_(commands), time_(time), language_(std::move(language)) {}

  [[nodiscard]] Result<std::string> zone(std::string_view process);
  [[nodiscard]] Result<CaseInfo> instance(const InstanceId& id);
  [[nodiscard]] Result<Value> data(const InstanceId& id);
  [[nodiscard]] Result<std::vector<CaseInfo>> instances(const Find& f);
  [[nodiscard]] Result<std::vector<CountInfo>> count(const Find& f, std::string_view by);
  [[nodiscard]] Result<std::vector<WorkInfo>> work(const Find& f);
  [[nodiscard]] Result<std::vector<FieldInfo>> form(const WorkId& work);
  [[nodiscard]] Result<std::vector<ClockInfo>> clocks(const Find& f);
  [[nodiscard]] Result<std::vector<OutboxInfo>> outbox(const Find& f);
  [[nodiscard]] Result<std::vector<MessageInfo>> messages(const Find& f);
  [[nodiscard]] Result<std::vector<IncidentInfo>> incidents(const Find& f);
  [[nodiscard]] Result<std::vector<HistoryInfo>> history(const InstanceId& id, std::uint64_t after, std::size_t limit);

 private:
  struct Promises;
  void add_promise(Promises& promises, const store::WorkRow& row, const model::ExecutableProcess& process, WorkInfo& info);
  [[nodiscard]] Result<std::vector<IncidentInfo>> incidents_of_messages(const store::Query& query);
  template <class Row>
  [[nodiscard]] Result<model::ExecutablePtr> definition_of(Row& row);

  store::Store& store_;
  Definitions& definitions_;
  Commands& commands_;
  const TimeSource& time_;
  std::string language_;
};

/// What a filter of the door means to the store. SB0540 when its instance is no instance id or its cursor no cursor, SB0556 when it looks for
/// nothing.
[[nodiscard]] Result<store::Query> query_of(const Find& f);

}  // namespace switchboard::runtime
