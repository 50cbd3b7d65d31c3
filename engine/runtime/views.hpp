// What callers see of an instance: rows and snapshots with the names of their definition filled in. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/core.hpp"
#include "store/store.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// Paths of the elements with a token: what rests innermost, and gateways where tokens wait for others. Sorted, each once.
[[nodiscard]] std::vector<std::string> places_of(const model::ExecutableProcess& process, const core::ProcessInstance& instance);
/// The same as one text, for the column `stage`.
[[nodiscard]] std::string stage_of(const model::ExecutableProcess& process, const core::ProcessInstance& instance);

[[nodiscard]] CaseInfo case_info(const model::ExecutableProcess& process, const core::ProcessInstance& instance);
[[nodiscard]] CaseInfo case_info(const store::InstanceRow& row);

struct WorkSource {
  core::InstanceKey instance;
  std::string_view case_no, process_id;
  bool suspended = false;
  std::string_view organisation{};  ///< core::organisation_of
};
/// `instance`: the case, when it is at hand or when something around the work is repeated (stands_in_numbers); else null.
[[nodiscard]] WorkInfo work_info(const model::ExecutableProcess& process, const WorkSource& source, const core::Work& work, std::string_view language,
                                 const core::ProcessInstance* instance);
/// What people know the case by: the first of its data that are declared `search: true` and hold a text. Empty: there are none.
[[nodiscard]] std::string about_of(const model::ExecutableProcess& process, const core::ProcessInstance& instance);
/// The form of `work`, with what it asks computed over the data of `instance` at `at`.
[[nodiscard]] std::vector<FieldInfo> form_info(const model::ExecutableProcess& process, const core::ProcessInstance& instance, const core::Work& work,
                                               Instant at, std::string_view language);
/// Whether the element, or something around it, is repeated: only the case knows the numbers then.
[[nodiscard]] bool stands_in_numbers(const model::ExecutableProcess& process, model::ElementIndex element);
/// Where a clock is stopped: a node whose completion (or entry) stops it, a user task before other activities before other nodes, by path.
/// Null when a message, a condition or the end of the case does it.
[[nodiscard]] const model::Element* stage_of_clock(const model::ExecutableProcess& process, core::ClockIndex clock);
/// Of rows that are not what was written: which work or clock it is, and what is wrong.
[[nodiscard]] WorkInfo damaged_work_info(const store::WorkRow& row);
[[nodiscard]] ClockInfo damaged_clock_info(const store::ClockRow& row);
/// `stage` and `lane` are left empty.
[[nodiscard]] ClockInfo clock_info(const model::ExecutableProcess& process, const store::ClockRow& row, Instant now, std::string_view language);
[[nodiscard]] OutboxInfo outbox_info(const store::OutboxRow& row);
[[nodiscard]] MessageInfo message_info(const store::KeptRow& r, Instant now);
/// Of a message that nobody took.
[[nodiscard]] IncidentInfo incident_info(const store::KeptRow& row);
/// Of a record that has failed.
[[nodiscard]] IncidentInfo incident_info(const store::OutboxRow& row);
[[nodiscard]] HistoryInfo history_info(const model::ExecutableProcess& process, const core::Event& event);
[[nodiscard]] IncidentInfo incident_info(const model::ExecutableProcess& process, const core::ProcessInstance& instance,
                                         const core::Incident& incident);
[[nodiscard]] DeploymentInfo deployment_info(const store::Deployment& d);
/// The case data as a context: every declared name.
[[nodiscard]] Value data_of(const model::ExecutableProcess& process, const core::ProcessInstance& instance);

}  // namespace switchboard::runtime
