// Private to room report: the history of one instance, entry by entry.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "switchboard/engine.hpp"

namespace switchboard::report {

/// The text of an entry's detail; empty when it has none of that name.
[[nodiscard]] inline std::string detail(const Context& details, std::string_view name) {
  const Value* found = details.find(name);
  return found == nullptr || found->is_null() ? std::string() : to_display(*found);
}

/// Calls f(entry) for the entries of `instance` in order, as long as it answers true; reads them a page at a time.
template <class F>
[[nodiscard]] Result<void> each_entry(Engine& engine, const InstanceId& instance, const F& f) {
  constexpr std::size_t at_a_time = 1000;
  for (std::uint64_t after = 0;;) {
    SB_TRY(const auto entries, engine.history(instance, after, at_a_time));
    for (const HistoryInfo& entry : entries) {
      if (!f(entry)) return success();
      after = entry.sequence;
    }
    if (entries.size() < at_a_time) return success();
  }
}

}  // namespace switchboard::report
