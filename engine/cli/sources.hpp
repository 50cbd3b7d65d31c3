// Files the verbs read, and where they are found.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/calendar.hpp"
#include "cli/options.hpp"
#include "switchboard/base/error.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::cli {

/// The whole file, at most limits::file_bytes. SB0703 not found, SB0704 not readable or too large.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path);
/// All of standard input, bounded in the same way.
[[nodiscard]] Result<std::string> read_input();

/// A JSON object from the command line: JSON, @FILE, or @- for standard input; empty: an empty context. SB0710.
[[nodiscard]] Result<Value> data_argument(const std::string& text);

/// The calendar `id`: a file of the processes folder (calendars/ID.yaml), a path of a file, or the built-in 24x7@ZONE.
[[nodiscard]] Result<calendar::CalendarPtr> find_calendar(const Options& options, std::string_view id);

}  // namespace switchboard::cli
