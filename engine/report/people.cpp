#include "report/people.hpp"

#include <set>

namespace switchboard::report {

namespace {

constexpr std::size_t entries_at_a_time = 1000;

std::string text_of(const Context& details, std::string_view name) {
  const Value* found = details.find(name);
  return found == nullptr || found->is_null() ? std::string() : to_display(*found);
}

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
  if (entry.event == "work-offered") groups_.insert_or_assign(text_of(*details, "work"), groups_in(*details));
  if (entry.event != "work-completed") return;
  const auto groups = groups_.find(text_of(*details, "work"));
  done_.push_back({entry.at, {text_of(*details, "by"), groups == groups_.end() ? std::string() : groups->second}});
}

Doer People::at(Instant instant) const {
  for (auto done = done_.rbegin(); done != done_.rend(); ++done)
    if (done->first == instant) return done->second;
  return {};
}

Result<People> people_of(Engine& engine, const InstanceId& instance) {
  People people;
  for (std::uint64_t after = 0;;) {
    SB_TRY(const auto entries, engine.history(instance, after, entries_at_a_time));
    for (const HistoryInfo& entry : entries) {
      people.follow(entry);
      after = entry.sequence;
    }
    if (entries.size() < entries_at_a_time) return people;
  }
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
