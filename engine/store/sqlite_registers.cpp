// Rows of registers in the file: every version is a row, the last one of a key is the row as it is (decision 0093).
#include <fmt/format.h>

#include <algorithm>

#include "store/codec_rows.hpp"
#include "store/seals.hpp"
#include "store/sqlite_filter.hpp"
#include "store/sqlite_store.hpp"

namespace switchboard::store {

namespace {

constexpr const char* row_columns = "SELECT register, key, version, value, at, instance, by, seal FROM register_row";

/// A row that is not what was written says so, and takes no other with it. Throws NewerRow.
RegisterRow register_row_of(const Rows& rows) {
  RegisterRow r;
  r.of = rows.text(0);
  r.key = rows.text(1);
  r.version = rows.number(2);
  r.at = rows.instant(4);
  r.instance = {rows.number(5)};
  r.by = rows.text(6);
  auto value = readable(decode_value("a row of a register", rows.bytes(3)));
  if (value && seal_of_row(r.of, r.key, r.version, rows.bytes(3), r.at, r.instance, r.by) == rows.whole(7))
    r.value = std::move(value->value);
  else
    r.damage = fmt::format("version {} of register '{}', key '{}', is not what was written", r.version, r.of, r.key);
  return r;
}

std::vector<RegisterRow> register_rows_of(Rows rows) {
  std::vector<RegisterRow> found;
  while (rows.next()) found.push_back(register_row_of(rows));
  return found;
}

std::string with_limit(std::string_view rest, std::size_t limit) {
  return fmt::format("{} {} LIMIT {}", row_columns, rest, std::min<std::size_t>(limit, 1'000'000'000));
}

}  // namespace

Result<std::optional<RegisterRow>> SqliteStore::register_row(const std::string& of, const std::string& key) {
  static const std::string sql = with_limit("WHERE register = ? AND key = ? ORDER BY version DESC", 1);
  return read([&](Connection& c) -> Result<std::optional<RegisterRow>> {
    auto found = register_rows_of(c.query_text(sql, {of, key}));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
  });
}

Result<std::vector<RegisterRow>> SqliteStore::register_history(const std::string& of, const std::string& key, std::uint64_t after,
                                                               std::size_t limit) {
  const std::string sql = with_limit("WHERE register = ? AND key = ? AND version > ? ORDER BY version", limit);
  return read([&](Connection& c) -> Result<std::vector<RegisterRow>> { return register_rows_of(c.query_text(sql, {of, key, signed_of(after)})); });
}

/// From key to key: each step finds the next key and its last version, whatever lies between.
Result<std::vector<RegisterRow>> SqliteStore::register_rows(const std::string& of, const std::string& after, std::size_t limit) {
  static const std::string next =
      with_limit("WHERE register = ?1 AND key = (SELECT min(key) FROM register_row WHERE register = ?1 AND key > ?2) ORDER BY version DESC", 1);
  return read_at_once([&](Connection& c) -> Result<std::vector<RegisterRow>> {
    std::vector<RegisterRow> found;
    std::string behind = after;
    while (found.size() < limit) {
      auto row = register_rows_of(c.query_text(next, {of, behind}));
      if (row.empty()) break;
      behind = row.front().key;
      found.push_back(std::move(row.front()));
    }
    return found;
  });
}

std::optional<Error> SqliteStore::write_registers(const Change& change) {
  Connection& c = *writer_;
  const InstanceKey instance = change.after == nullptr ? InstanceKey{} : change.after->key;
  for (const driver::RowWrite& w : change.rows) {
    {
      Rows last = c.query("SELECT max(version) FROM register_row WHERE register = ? AND key = ?", w.of, w.key);
      if ((last.next() && !last.is_null(0) ? last.number(0) : 0) != w.expected) return driver::changed_row(w);
    }
    const std::string value = encode_value(w.value);
    c.run("INSERT INTO register_row VALUES (?, ?, ?, ?, ?, ?, ?, ?)", w.of, w.key, w.expected + 1, Blob{value}, change.at, instance, w.by,
          seal_of_row(w.of, w.key, w.expected + 1, value, change.at, instance, w.by));
  }
  return std::nullopt;
}

/// Every version against its seal, and that none is missing between.
void SqliteStore::check_registers(Connection& c, const Found& found) {
  Rows rows = c.query_text(std::string(row_columns) + " ORDER BY register, key, version", {});
  std::string of, key;
  std::uint64_t last = 0;
  while (rows.next()) {
    try {
      const RegisterRow row = register_row_of(rows);
      if (!row.damage.empty()) found(row.damage);
      if (row.of != of || row.key != key) last = 0;
      if (row.version != last + 1) found(fmt::format("register '{}', key '{}': version {} is missing", row.of, row.key, last + 1));
      of = row.of;
      key = row.key;
      last = row.version;
    } catch (const NewerRow& newer) {
      found(fmt::format("register '{}', key '{}': {}", rows.text(0), rows.text(1), newer.why.message));
    }
  }
}

}  // namespace switchboard::store
