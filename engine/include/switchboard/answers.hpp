// The engine's answers as values, and so as JSON, and back: the one set of names that the command line's --json and the bindings speak
// (docs/answers.md). All of it comes from the descriptions in switchboard/records.hpp.
#pragma once

#include <string>
#include <vector>

#include "switchboard/engine.hpp"

namespace switchboard {

template <class R>
concept Record = requires {
  Described<R>::name;
};

/// A context; instants are ISO 8601 texts with the offset of `zone` (an IANA name), spans of time numbers of seconds, what is absent null. Pure.
template <Record R>
[[nodiscard]] Value to_value(const R& record, const std::string& zone);
template <Record R>
[[nodiscard]] Value to_value(const std::vector<R>& all, const std::string& zone) {
  List list;
  list.reserve(all.size());
  for (const R& one : all) list.push_back(to_value(one, zone));
  return list;
}

/// Reads what to_value wrote, with instants in any zone. A missing field, or one of another type, is SB0558 (invalid); names that are not known are
/// passed over, since a newer engine may have written them. Pure.
template <Record R>
[[nodiscard]] Result<R> from_value(const Value& value);

}  // namespace switchboard
