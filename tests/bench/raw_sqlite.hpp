// The limit of everything durable: SQLite alone, writing the very same rows.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace switchboard::bench {

using Parameter = std::variant<std::nullptr_t, std::int64_t, std::string, std::vector<char>>;
/// A statement as it ran.
struct Recorded {
  std::string sql;
  std::vector<Parameter> values;
};

/// Once, before any database is opened: connections that can write report their statements.
void watch_sqlite();
/// From now on; null: no more. Only one recording at a time.
void record_into(std::vector<Recorded>* recording);

struct Replayed {
  double seconds = 0;
  std::int64_t commands = 0, transactions = 0;
};
/// Runs the recording on a new database at `path`.
[[nodiscard]] Replayed replay(const std::vector<Recorded>& recording, const std::string& path, bool full_sync);

}  // namespace switchboard::bench
