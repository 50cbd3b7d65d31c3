#include "cli/sources.hpp"

#include <fmt/core.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <system_error>
#include <vector>

#include "base/limits.hpp"
#include "cli/spelling.hpp"

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
    const std::string near = nearest(path.stem().string(), ids_in(path.has_parent_path() ? path.parent_path() : fs::path(".")));
    return Error{ErrorKind::not_found, "SB0703", "there is no such file", name, near.empty() ? "" : fmt::format("did you mean '{}'?", near)};
  }
  if (fs::is_directory(path, ignored)) return Error{ErrorKind::invalid, "SB0704", "is a folder, not a file", name, {}};
  std::ifstream in(path, std::ios::binary);
  if (!in) return Error{ErrorKind::invalid, "SB0704", "cannot be opened", name, "check its permissions"};
  return read_bounded(in, name);
}

Result<std::string> read_input() { return read_bounded(std::cin, "standard input"); }

Result<calendar::CalendarPtr> find_calendar(const Options& options, std::string_view id) {
  static_cast<void>(options);
  return calendar::BusinessCalendar::built_in(id);
}

}  // namespace switchboard::cli
