#include "report/places.hpp"

#include <set>
#include <utility>

#include "report/entries.hpp"

namespace switchboard::report {

namespace {

/// Whether another path in `all` lies inside `path`.
bool contains_another(const std::set<std::string>& all, const std::string& path) {
  const auto next = all.lower_bound(path + "/");
  return next != all.end() && next->starts_with(path + "/");
}

}  // namespace

void Places::follow(const HistoryInfo& entry) {
  const Context* details = entry.details.context();
  if (details == nullptr) return;
  if (entry.event == "element-entered") {
    // The first activation of an instance is the process itself: it contains all others.
    if (std::exchange(has_root_, true)) open_.insert_or_assign(detail(*details, "key"), detail(*details, "element"));
  } else if (entry.event == "element-completed" || entry.event == "element-terminated") {
    open_.erase(detail(*details, "key"));
  }
}

std::string Places::text() const {
  std::set<std::string> paths;
  for (const auto& [key, path] : open_) paths.insert(path);
  std::string all;
  for (const std::string& path : paths) {
    if (!contains_another(paths, path)) all += (all.empty() ? "" : ", ") + path;
  }
  return all;
}

Result<std::string> places_at(Engine& engine, const InstanceId& instance, Instant at) {
  Places places;
  SB_TRYV(each_entry(engine, instance, [&](const HistoryInfo& entry) {
    if (entry.at > at) return false;
    places.follow(entry);
    return true;
  }));
  return places.text();
}

}  // namespace switchboard::report
