// Calendars and tables of the database, and who uses them.
#include <algorithm>
#include <set>

#include "runtime/definitions.hpp"

namespace switchboard::runtime {

namespace {

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

/// A table or register is fixed with the definition that was made from it; a calendar holds for all at once.
void note_user(std::vector<ResourceInfo>& infos, const std::map<std::string, store::Resource, std::less<>>& resources, const std::string& process,
               const Bundle& bundle, const model::Process& made) {
  const std::set<std::string> calendars = calendars_named(bundle, made);
  for (ResourceInfo& info : infos) {
    if (info.kind == "organisations") {
      if (model::names_organisations(made)) add_once(info.used_by, process);
      continue;
    }
    if (info.kind == "calendar") {
      if (calendars.contains(info.id)) add_once(info.used_by, process);
      continue;
    }
    const auto table = bundle.tables.find(info.kind + "/" + info.id);
    if (table == bundle.tables.end()) continue;
    const auto now = resources.find(info.kind + "/" + info.id);
    add_once(now->second.text == table->second.text ? info.used_by : info.older_in, process);
  }
}

}  // namespace

std::set<std::string> calendars_named(const Bundle& bundle, const model::Process& process) {
  std::set<std::string> calendars;
  for (const model::Ref& calendar : workspace::calendars_of(process)) calendars.insert(calendar.name);
  for (const auto& [key, table] : bundle.tables) {
    const workspace::ParsedPtr read = workspace::read_text(table.text, table.file);
    if (!read->decision) continue;
    for (const std::string& calendar : read->decision->used_calendars()) calendars.insert(calendar);
  }
  return calendars;
}

Result<std::vector<ResourceInfo>> Definitions::resources() {
  const std::unique_lock lock(mutex_);
  SB_TRYV(refresh_locked());
  std::vector<ResourceInfo> infos;
  for (const auto& [key, r] : resources_) infos.push_back({r.kind, r.id, r.file, r.added, r.by_hand, {}, {}});
  std::set<std::string> processes;
  for (const store::Deployment& d : deployments_) processes.insert(d.process);
  for (const std::string& process : processes) {
    SB_TRY(const auto bundle, latest_bundle_locked(process));
    if (!bundle) continue;
    // One that cannot be read any more is told by whoever starts it (SB0543).
    if (const auto made = process_of(*bundle)) note_user(infos, resources_, process, *bundle, *made.value());
  }
  return infos;
}

}  // namespace switchboard::runtime
