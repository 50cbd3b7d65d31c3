// Rows of registers, in memory: the same as in a file (sqlite_registers.cpp).
#include "store/memory_store.hpp"

namespace switchboard::store {

/// `written`: versions that other changes of the same transaction make.
std::optional<Error> MemoryStore::refusal_of_rows(const Change& change, std::map<std::pair<std::string, std::string>, std::uint64_t>& written) const {
  for (const driver::RowWrite& w : change.rows) {
    const std::pair id(w.of, w.key);
    const auto kept = rows_.find(id);
    const auto [version, is_new] = written.try_emplace(id, kept == rows_.end() ? 0 : kept->second.size());
    if (version->second != w.expected) return driver::changed_row(w);
    ++version->second;
  }
  return std::nullopt;
}

void MemoryStore::apply_rows_of_registers(const Change& change) {
  for (const driver::RowWrite& w : change.rows)
    rows_[{w.of, w.key}].push_back(
        {w.of, w.key, w.expected + 1, w.value, change.at, change.after == nullptr ? InstanceKey{} : change.after->key, w.by, {}});
}

Result<std::optional<RegisterRow>> MemoryStore::register_row(const std::string& of, const std::string& key) {
  const std::shared_lock lock(mutex_);
  const auto found = rows_.find({of, key});
  return found == rows_.end() ? std::nullopt : std::optional(found->second.back());
}

Result<std::vector<RegisterRow>> MemoryStore::register_history(const std::string& of, const std::string& key, std::uint64_t after,
                                                               std::size_t limit) {
  const std::shared_lock lock(mutex_);
  std::vector<RegisterRow> all;
  const auto found = rows_.find({of, key});
  if (found == rows_.end()) return all;
  for (std::uint64_t i = after; i < found->second.size() && all.size() < limit; ++i) all.push_back(found->second[i]);
  return all;
}

Result<std::vector<RegisterRow>> MemoryStore::register_rows(const std::string& of, const std::string& after, std::size_t limit) {
  const std::shared_lock lock(mutex_);
  std::vector<RegisterRow> all;
  for (auto it = rows_.upper_bound({of, after}); it != rows_.end() && it->first.first == of && all.size() < limit; ++it)
    all.push_back(it->second.back());
  return all;
}

}  // namespace switchboard::store
