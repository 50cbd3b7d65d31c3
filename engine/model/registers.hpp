// Registers: what a utility knows by key (a customer, a supply point), as a file of its own declares it, and what a row of one may hold
// (docs/language.md, "Registers"; decision 0093). Pure: where rows are kept is the driver's to know.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/executable.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::model {

/// A field that counts: so many were added in this calendar month or year, and in those before it, `over` of them together.
struct Counting {
  enum class Per : std::uint8_t { month, year };
  Per per = Per::year;
  std::uint32_t over = 1;  ///< 1 to `most_periods`
  static constexpr std::uint32_t most_periods = 60;
};
[[nodiscard]] std::string_view to_string(Counting::Per per) noexcept;

struct Register {
  struct Field {
    DataItem item;
    DataSpec spec;  ///< of the item
    std::optional<Counting> counting;
  };
  std::string file, id;
  Position at;
  Text name, documentation;
  Ref key;                    ///< the field that is the key
  std::vector<Field> fields;  ///< in the order of the file
  [[nodiscard]] const Field* find(std::string_view field) const;
  [[nodiscard]] std::vector<std::string> field_names() const;
};

/// What a reading gives beside the fields.
namespace names {
inline constexpr std::string_view row_found = "found";
inline constexpr std::string_view row_version = "version";
}  // namespace names

/// The zone in which months and years of counters begin, and in which a date and time without a zone is read.
inline constexpr std::string_view register_zone = "Asia/Shanghai";

/// What a field is held to, of the item as it is written.
[[nodiscard]] DataSpec spec_of(const DataItem& item);
/// The names and types that `out` of a task which reads or writes sees: every field, `found`, `version`.
[[nodiscard]] feel::Type::Fields answer_of(const Register& of);
/// SB0581: a key is a text of one line, not empty, of at most limits::name_bytes.
[[nodiscard]] Result<void> check_key(const Register& of, std::string_view key);

/// The row of `key` as it is kept once `set` (field -> value) and `add` (counter -> number) are done to `before` (as kept; null: there is none).
/// Values are read and checked like data. SB0581 names register, key and field: an unknown field, a value that does not fit, a required field that
/// would be null, the key itself, a counter that is set or a field that is added to.
[[nodiscard]] Result<Value> row_after(const Register& of, std::string_view key, const Value& before, const Context& set, const Context& add,
                                      Instant at);
/// The same for a row that somebody outside gives: the fields that he names become what he says; of a counter it is said what it stands at.
[[nodiscard]] Result<Value> row_given(const Register& of, std::string_view key, const Value& before, const Context& fields, Instant at);
/// Fields that come as texts, out of CSV: of a field that is a number, a counter or a boolean, a text that says one is that, and an empty text of
/// any but a text is null. Everything else stays.
[[nodiscard]] Context fields_from_texts(const Register& of, const Context& fields);
/// What people and processes see of a row: every field (null when nothing is known), counters as numbers as of `at`. `row`: as it is kept, or as
/// another system gives it; a context. SB0581 when a value does not fit its field.
[[nodiscard]] Result<Context> row_shown(const Register& of, std::string_view key, const Value& row, Instant at);
/// What a task that reads or writes gets: the row as it is shown, `found` and `version`; without a row all fields are null.
[[nodiscard]] Result<Value> row_answer(const Register& of, std::string_view key, const Value& row, bool found, std::uint64_t version, Instant at);

/// Rows that a process test or a scenario brings: register, key, fields.
struct GivenRow {
  Ref of;
  Ref key;
  Context fields;
};

}  // namespace switchboard::model
