#include "report/places.hpp"

#include <set>
#include <utility>

namespace switchboard::report {

namespace {

constexpr std::size_t entries_at_a_time = 1000;

std::string text_of(const Context& details, std::string_view name) {
  const Value* found = details.find(name);
  return found == nullptr ? std::string() : to_display(*found);
}

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
    if (std::exchange(has_root_, true)) open_.insert_or_assign(text_of(*details, "key"), text_of(*details, "element"));
  } else if (entry.event == "element-completed" || entry.event == "element-terminated") {
    open_.erase(text_of(*details, "key"));
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
  for (std::uint64_t after = 0;;) {
    SB_TRY(const auto entries, engine.history(instance, after, entries_at_a_time));
    for (const HistoryInfo& entry : entries) {
      if (entry.at > at) return places.text();
      places.follow(entry);
      after = entry.sequence;
    }
    if (entries.size() < entries_at_a_time) return places.text();
  }
}

}  // namespace switchboard::report
