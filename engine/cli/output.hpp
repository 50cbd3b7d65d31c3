// What the command line prints: answers to stdout, refusals to stderr.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "switchboard/base/error.hpp"
#include "switchboard/base/time.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::cli {

/// Writes lines to stdout. Control characters in them but for line ends and colours are not passed on: they may come from anybody.
void print(std::string_view text);
/// The same with a line end.
void print_line(std::string_view text);
/// The same to stderr.
void print_aside(std::string_view text);
/// Whether all that was printed has left this program so far; flushes. A closed pipe ends the program, so it is never asked about one.
[[nodiscard]] bool is_written();
/// One message to stderr, with "switchboard: " before it.
void note(std::string_view text);
/// The refusal on stderr (one clear message; place, rule, remedy); the exit code for it.
[[nodiscard]] int refuse(const Error& error);

/// One value as indented JSON on stdout.
void print_json(const Value& value);
/// Text for programs (JSON, scripts) or of our own, as it is.
void print_raw(std::string_view text);

// Small makers of JSON values.
[[nodiscard]] Value number(double value);  ///< rounded to 9 decimals; null when not finite
[[nodiscard]] Value number(std::uint64_t value);
[[nodiscard]] Value instant(Instant at, std::string_view zone);
[[nodiscard]] Value instant(const std::optional<Instant>& at, std::string_view zone);  ///< null when absent
[[nodiscard]] Value strings(const std::vector<std::string>& items);

/// "2026-03-02T09:00:00+08:00": the time in `zone` with what it is away from UTC, nothing cut off; wherever an instant is asked for it can be typed
/// in.
[[nodiscard]] std::string shown_time(Instant at, std::string_view zone);
/// The same without fractions of a second, where it is told when something was: a breach is told a microsecond after its due instant.
[[nodiscard]] std::string whole_seconds(Instant at, std::string_view zone);
/// "03-02 09:00" for a board whose head says year and zone; with the offset where that is another than the one of `board_zone`.
[[nodiscard]] std::string board_time(Instant at, std::string_view zone, std::string_view board_zone);
/// "2 d 03:04:05" or "-00:45:00".
[[nodiscard]] std::string short_duration(Duration d);

enum class Colour { red, green, yellow, cyan, bold, dim };
/// `text` in `colour` when `stream` (1 or 2) is a terminal and NO_COLOR is not set; else plain.
[[nodiscard]] std::string paint(std::string_view text, Colour colour, int stream);

}  // namespace switchboard::cli
