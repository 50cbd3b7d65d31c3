// JSON at the doors. Only text and Values cross this header; the JSON library stays in the .cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "switchboard/value/value.hpp"

namespace switchboard {

/// Strict JSON (RFC 8259) to a value: object -> context, array -> list, number -> decimal without losing a digit, string -> string.
/// Refused with line and column: duplicate keys, trailing text, bad UTF-8, NaN, more than limits::value_depth levels or limits::value_bytes.
[[nodiscard]] Result<Value> parse_json(std::string_view text);

/// JSON text. Numbers keep their digits; dates, times and durations become their ISO 8601 strings; ranges and functions their FEEL text.
/// `indent` < 0 gives one line.
[[nodiscard]] std::string to_json(const Value& v, int indent = -1);

/// A binary float as a number of JSON, rounded to `places` behind the point: what is behind that is noise. Null when it is not finite.
[[nodiscard]] Value json_number(double d, int places);
/// A count; a text when it is more than a signed 64-bit number holds.
[[nodiscard]] Value json_number(std::uint64_t n);

/// The text as a JSON string literal, quotes included.
[[nodiscard]] std::string json_quote(std::string_view text);

/// The tagged encoding that loses nothing: {"t": "number", "v": "0.0375"}; `date`, `time`, `dateTime`, `duration`, `list`, `context`, ... (see
/// docs/feel.md).
[[nodiscard]] Result<Value> from_tagged(const Value& tagged);  ///< from a parsed {"t","v"} object
[[nodiscard]] std::string to_tagged_json(const Value& v);

}  // namespace switchboard
