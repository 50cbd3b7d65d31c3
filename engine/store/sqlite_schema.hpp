// The schema as numbered steps forward. docs/operations.md describes the result; a released step is never changed.
#pragma once

#include "store/sqlite_connection.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::store {

inline constexpr std::int64_t application_id = 0x53574244;  ///< "SWBD", in the header of the file
[[nodiscard]] std::int64_t newest_schema();

/// Brings the file to `schema` in one transaction; does nothing when it is there. SB0601 when it is beyond newest_schema(), SB0602 when it is
/// somebody else's. Throws SQLite::Exception.
[[nodiscard]] Result<void> migrate(Connection& connection, const std::string& path, std::int64_t schema);
/// The same refusals, without changing anything: for readers.
[[nodiscard]] Result<void> require_schema(Connection& connection, const std::string& path);

}  // namespace switchboard::store
