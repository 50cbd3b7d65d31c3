#include "cli/sources.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <system_error>
#include <vector>

#include "base/limits.hpp"
#include "cli/words.hpp"
#include "model/diagnostic.hpp"
#include "notation/load.hpp"
#include "switchboard/value/json.hpp"
#include "workspace/workspace.hpp"

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

}  // namespace

Result<std::string> read_file(const fs::path& path) { return workspace::read_file(path); }

Result<std::string> read_input() { return read_bounded(std::cin, "standard input"); }

namespace {

Result<fs::path> calendar_file(const Options& options, const std::string& id) {
  std::error_code ignored;
  if (id.ends_with(".yaml") || fs::is_regular_file(id, ignored)) return fs::path(id);
  const std::optional<fs::path> folder = processes_folder(options);
  if (!folder) return Error{ErrorKind::not_found, "SB0703", "there is no folder of processes", {}, "give it with --processes"};
  for (const fs::path& candidate : {*folder / "calendars" / (id + ".yaml"), *folder / (id + ".yaml")}) {
    if (fs::is_regular_file(candidate, ignored)) return candidate;
  }
  if (!fs::is_directory(*folder, ignored))
    return Error{ErrorKind::not_found, "SB0703", "the folder of processes is not there", folder->string(), "name one that is there with --processes"};
  std::vector<std::string> known = workspace::ids_in(*folder / "calendars");
  std::sort(known.begin(), known.end());
  const std::string near = model::nearest_name(id, known);
  const std::string all = known.empty() ? "there is none but 24x7@ZONE" : fmt::format("there are {}, and 24x7@ZONE", join(known));
  return Error{ErrorKind::not_found, "SB0711", fmt::format("there is no calendar '{}'", id), (*folder / "calendars").string(),
               near.empty() ? all : fmt::format("did you mean '{}'?", near)};
}

}  // namespace

Result<calendar::CalendarPtr> find_calendar(const Options& options, std::string_view id) {
  if (calendar::BusinessCalendar::is_built_in(id)) return calendar::BusinessCalendar::built_in(id);
  SB_TRY(const fs::path path, calendar_file(options, std::string(id)));
  model::Diagnostics found;
  // What it extends stands beside it as a rule; only else is the whole folder read.
  for (const auto& folder : {std::optional<fs::path>(), processes_folder(options)}) {
    SB_TRY(workspace::Workspace files, workspace::open_files({path.string()}, folder));
    workspace::Project& project = files.project();
    found = project.reading(workspace::Layer::given);
    for (const workspace::Parsed* text : project.given(notation::FileKind::calendar)) {
      const auto made = project.library().calendars.find(text->id);
      if (made != project.library().calendars.end() && !model::has_errors(found)) return made->second;
      if (!text->is_extending()) return refusal_of(path.string(), "SB0704", found);
    }
  }
  return refusal_of(path.string(), "SB0704", found);
}

Result<Value> data_argument(const std::string& text) {
  if (text.empty()) return Value(Context{});
  std::string json = text;
  std::string place = "--data";
  if (text.front() == '@') {
    place = text.substr(1);
    SB_TRY(json, place == "-" ? read_input() : read_file(place));
  }
  Result<Value> value = parse_json(json);
  if (!value) {
    Error error = value.error();
    error.place = error.place.empty() ? place : place + ":" + error.place;
    return error;
  }
  if (value.value().context() == nullptr)
    return Error{ErrorKind::invalid, "SB0710", "data must be one JSON object", place, "for example '{\"customer_no\": \"1001\"}'"};
  return value;
}

}  // namespace switchboard::cli
