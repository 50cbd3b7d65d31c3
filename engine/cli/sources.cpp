#include "cli/sources.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>
#include <vector>

#include "base/limits.hpp"
#include "cli/words.hpp"
#include "model/diagnostic.hpp"
#include "notation/load.hpp"

namespace switchboard::cli {

namespace fs = std::filesystem;

namespace {

Result<std::string> read_bounded(std::istream& in, const std::string& name) {
  std::string text(limits::file_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (in.bad()) return Error{ErrorKind::invalid, "SB0704", "cannot be read", name, {}};
  if (text.size() > limits::file_bytes) return Error{ErrorKind::limit, "SB0704", fmt::format("larger than {} bytes", limits::file_bytes), name, {}};
  return text;
}

std::vector<std::string> ids_in(const fs::path& folder) {
  std::vector<std::string> ids;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".yaml") ids.push_back(entry.path().stem().string());
  }
  return ids;
}

}  // namespace

Result<std::string> read_file(const fs::path& path) {
  std::error_code ignored;
  const std::string name = path.string();
  if (!fs::exists(path, ignored)) {
    const std::string near = model::nearest_name(path.stem().string(), ids_in(path.has_parent_path() ? path.parent_path() : fs::path(".")));
    return Error{ErrorKind::not_found, "SB0703", "there is no such file", name, near.empty() ? "" : fmt::format("did you mean '{}'?", near)};
  }
  if (fs::is_directory(path, ignored)) return Error{ErrorKind::invalid, "SB0704", "is a folder, not a file", name, {}};
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorKind::invalid, "SB0704", "cannot be opened", name, "check its permissions"};
  return read_bounded(in, name);
}

Result<std::string> read_input() { return read_bounded(std::cin, "standard input"); }

namespace {

// All findings of the file in one refusal.
Error refusal(const std::string& file, const model::Diagnostics& findings) {
  for (const model::Diagnostic& d : findings) {
    if (d.severity != model::Severity::error) continue;
    return Error{ErrorKind::invalid, d.rule, d.message, fmt::format("{}:{}:{}", file, d.at.line, d.at.column), d.hint};
  }
  return Error{ErrorKind::invalid, "SB0704", "cannot be used", file, {}};
}

Result<fs::path> calendar_file(const Options& options, const std::string& id) {
  std::error_code ignored;
  if (id.ends_with(".yaml") || fs::is_regular_file(id, ignored)) return fs::path(id);
  const std::optional<fs::path> folder = processes_folder(options);
  if (!folder) return Error{ErrorKind::not_found, "SB0703", "there is no folder of processes", {}, "give it with --processes"};
  for (const fs::path& candidate : {*folder / "calendars" / (id + ".yaml"), *folder / (id + ".yaml")}) {
    if (fs::is_regular_file(candidate, ignored)) return candidate;
  }
  std::vector<std::string> known = ids_in(*folder / "calendars");
  std::sort(known.begin(), known.end());
  const std::string near = model::nearest_name(id, known);
  return Error{ErrorKind::not_found, "SB0711", fmt::format("there is no calendar '{}'", id), (*folder / "calendars").string(),
               near.empty() ? fmt::format("there are {}, and 24x7@ZONE", join(known)) : fmt::format("did you mean '{}'?", near)};
}

}  // namespace

Result<calendar::CalendarPtr> find_calendar(const Options& options, std::string_view id) {
  if (calendar::BusinessCalendar::is_built_in(id)) return calendar::BusinessCalendar::built_in(id);
  SB_TRY(const fs::path path, calendar_file(options, std::string(id)));
  SB_TRY(const std::string text, read_file(path));
  notation::Loaded<calendar::CalendarSpec> loaded = notation::load_calendar(text, path.string());
  if (!loaded.value) return refusal(path.string(), loaded.diagnostics);
  return calendar::BusinessCalendar::make(std::move(*loaded.value));
}

}  // namespace switchboard::cli
