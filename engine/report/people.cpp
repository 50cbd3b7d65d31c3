#include "report/people.hpp"

#include <set>

#include "report/entries.hpp"

namespace switchboard::report {

namespace {

std::string joined(const std::set<std::string>& all) {
  std::string text;
  for (const std::string& one : all) text += (text.empty() ? "" : ", ") + one;
  return text;
}

std::string groups_in(const Context& details) {
  const Value* groups = details.find("groups");
  const List* list = groups == nullptr ? nullptr : groups->list();
  std::set<std::string> names;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) names.insert(to_display((*list)[i]));
  return joined(names);
}

}  // namespace

void People::follow(const HistoryInfo& entry) {
  const Context* details = entry.details.context();
  if (details == nullptr) return;
  if (entry.event == "work-offered") groups_.insert_or_assign(detail(*details, "work"), groups_in(*details));
  if (entry.event != "work-completed") return;
  const auto groups = groups_.find(detail(*details, "work"));
  done_.push_back({entry.at, {detail(*details, "by"), groups == groups_.end() ? std::string() : groups->second}});
}

Doer People::at(Instant instant) const {
  for (auto done = done_.rbegin(); done != done_.rend(); ++done)
    if (done->first == instant) return done->second;
  return {};
}

Result<People> people_of(Engine& engine, const InstanceId& instance) {
  People people;
  SB_TRYV(each_entry(engine, instance, [&](const HistoryInfo& entry) {
    people.follow(entry);
    return true;
  }));
  return people;
}

Result<Doer> holders_of(Engine& engine, const InstanceId& instance) {
  Find open;
  open.instance = instance;
  open.open_only = true;
  SB_TRY(const auto work, engine.work(open));
  std::set<std::string> people, groups;
  for (const WorkInfo& w : work) {
    if (!w.assignee.empty()) people.insert(w.assignee);
    groups.insert(w.groups.begin(), w.groups.end());
  }
  return Doer{joined(people), joined(groups)};
}

}  // namespace switchboard::report
