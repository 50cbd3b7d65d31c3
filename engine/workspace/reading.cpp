// The file system: folders, and what stands beside a file.
#include <algorithm>
#include <chrono>
#include <set>
#include <system_error>

#include "workspace/workspace.hpp"

namespace switchboard::workspace {

namespace fs = std::filesystem;
using notation::FileKind;

namespace {

constexpr std::size_t most_files = 10'000;
constexpr int deepest_folder = 16;
/// Clocks of file systems go in steps: a file that was changed later than this before it was read may change again within the same step.
constexpr std::chrono::seconds coarsest_step{2};

bool is_ours(std::string_view name) {
  return (name.ends_with(".yaml") || name.ends_with(".yml")) && !name.ends_with(".layout.yaml") && !name.ends_with(".layout.yml");
}

bool is_scenario(std::string_view name) { return name.ends_with(".scenario.yaml") || name.ends_with(".scenario.yml"); }

}  // namespace

bool is_same_or_inside(const fs::path& path, const fs::path& folder) {
  std::error_code failed;
  const fs::path inner = fs::weakly_canonical(path, failed);
  const fs::path outer = fs::weakly_canonical(folder, failed);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

std::vector<std::string> ids_in(const fs::path& folder) {
  std::vector<std::string> ids;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".yaml") ids.push_back(entry.path().stem().string());
  }
  return ids;
}

Result<std::string> read_file(const fs::path& path) {
  std::error_code ignored;
  if (fs::exists(path, ignored)) return notation::read_file(path);
  const std::string near = model::nearest_name(path.stem().string(), ids_in(path.has_parent_path() ? path.parent_path() : fs::path(".")));
  return Error{ErrorKind::not_found, "SB0703", "there is no such file", path.string(), near.empty() ? "" : "did you mean '" + near + "'?"};
}

Result<std::vector<fs::path>> files_under(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code failed;
  const auto refuse = [&](ErrorKind kind, const char* id, std::string message, std::string hint) {
    return Error{kind, id, std::move(message), folder.generic_string(), std::move(hint)};
  };
  if (!fs::is_directory(folder, failed)) return refuse(ErrorKind::not_found, "SB0100", "there is no such folder", "check the path");
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, failed);
  for (const fs::recursive_directory_iterator end; !failed && at != end; at.increment(failed)) {
    if (at.depth() > deepest_folder) at.disable_recursion_pending();
    if (is_ours(at->path().filename().string()) && at->is_regular_file(failed)) files.push_back(at->path());
    if (files.size() > most_files)
      return refuse(ErrorKind::limit, "SB0103", "more than " + std::to_string(most_files) + " files", "name a smaller folder");
  }
  if (failed) return refuse(ErrorKind::invalid, "SB0100", "the folder cannot be read: " + failed.message(), "check its permissions");
  std::sort(files.begin(), files.end());
  return files;
}

void Workspace::read_folder(const fs::path& folder) {
  is_changed_ = std::erase_if(refused_, [](const auto& one) { return one.first == Layer::folder; }) != 0 || is_changed_;
  std::map<std::string, Stamp> stamps;
  const Result<std::vector<fs::path>> files = files_under(folder);
  if (!files) refuse(folder, files.error(), Layer::folder);
  for (const fs::path& file : files ? files.value() : std::vector<fs::path>()) {
    const std::string name = file.generic_string();
    if (is_scenario(name)) continue;  // nobody's but the simulator's, who is given it
    std::error_code failed;
    Stamp stamp{fs::last_write_time(file, failed), fs::file_size(file, failed), false};
    stamp.is_settled = !failed && stamp.changed + coarsest_step < fs::file_time_type::clock::now();
    const auto known = stamps_.find(name);
    const bool is_same = known != stamps_.end() && known->second.is_settled && known->second.changed == stamp.changed &&
                         known->second.size == stamp.size && texts_.contains({Layer::folder, name});
    if (!is_same) {
      Result<std::string> text = notation::read_file(file);
      if (!text) {
        refuse(file, text.error(), Layer::folder);
        continue;
      }
      put(name, std::move(text.value()), Layer::folder);
    }
    stamps.emplace(name, stamp);
  }
  for (const auto& [name, stamp] : stamps_)
    if (!stamps.contains(name)) remove(name, Layer::folder);
  stamps_ = std::move(stamps);
}

void Workspace::give(const fs::path& path) {
  std::error_code ignored;
  const auto give_file = [&](const fs::path& file) {
    Result<std::string> text = workspace::read_file(file);
    if (text)
      put(file.generic_string(), std::move(text.value()));
    else
      refuse(file, text.error());
  };
  if (!fs::is_directory(path, ignored)) return give_file(path);
  const Result<std::vector<fs::path>> files = files_under(path);
  if (!files) return refuse(path, files.error());
  if (files.value().empty())
    return refuse(path, {ErrorKind::not_found, "SB0719", "there is nothing of the language in this folder", path.generic_string(),
                         "name the folder with the files (*.yaml), or a file"});
  for (const fs::path& file : files.value()) give_file(file);
}

std::map<fs::path, FileKind> Workspace::wanted_beside() {
  std::map<fs::path, FileKind> wanted;
  const Project& here = project();
  const auto want = [&](const std::string& file, const std::string& id, FileKind kind) {
    if (id.empty() || id.find('/') != std::string::npos) return;
    const Parsed* known = here.resource(declares(kind), id);
    if (known == nullptr || !texts_.contains({Layer::given, known->file})) wanted.emplace(fs::path(file).parent_path() / (id + ".yaml"), kind);
  };
  // The process of a participant stands in the file of its collaboration, whose name it may begin with: supply-order in supply.yaml.
  const auto want_process = [&](const std::string& file, const std::string& id) {
    const Parsed* known = here.resource(model::SubjectKind::process, id);
    if (known != nullptr && here.texts().at({model::SubjectKind::process, id})->layer == Layer::given) return;
    want(file, id, FileKind::process);
    for (std::size_t dash = id.rfind('-'); dash != std::string::npos && dash != 0; dash = id.rfind('-', dash - 1))
      want(file, id.substr(0, dash), FileKind::collaboration);
  };
  for (const Parsed* text : here.given()) {
    if (text->suite) want_process(text->file, text->suite->process.name);
    if (text->overlay) want_process(text->file, text->overlay->of.name);
    for (const std::string& process : text->played.processes) want_process(text->file, process);
    for (const std::string& calendar : text->played.calendars) want(text->file, calendar, FileKind::calendar);
    if (text->organisations)
      for (const model::Ref& calendar : calendars_of(*text->organisations)) want(text->file, calendar.name, FileKind::calendar);
    if (text->calendar) want(text->file, text->calendar->extends, FileKind::calendar);
    if (text->decision)
      for (const std::string& calendar : text->decision->used_calendars()) want(text->file, calendar, FileKind::calendar);
  }
  // What an overlay makes is looked at beside the overlay, whoever lies below.
  for (const model::Process* process : here.given_processes()) {
    const std::string& file = here.texts_of(process->id).front()->file;
    for (const model::Ref& call : calls_of(*process)) want_process(file, call.name);
    for (const model::Ref& one : registers_of(*process)) want(file, one.name, FileKind::registers);
    for (const model::Ref& decision : decisions_of(*process)) want(file, decision.name, FileKind::decision);
    for (const model::Ref& calendar : calendars_of(*process)) want(file, calendar.name, FileKind::calendar);
    if (model::names_organisations(*process) && here.library().organisations == nullptr) want(file, "organisations", FileKind::organisations);
  }
  return wanted;
}

void Workspace::read_beside() {
  std::set<fs::path> looked_at;
  for (bool more = true; more;) {
    more = false;
    for (const auto& [path, kind] : wanted_beside()) {
      std::error_code ignored;
      if (!looked_at.insert(path).second || texts_.contains({Layer::given, path.generic_string()}) || !fs::is_regular_file(path, ignored)) continue;
      Result<std::string> text = workspace::read_file(path);
      if (kind != FileKind::process && (!text || notation::kind_of(text.value()) != kind)) continue;  // something else of that name
      if (text)
        put(path.generic_string(), std::move(text.value()));
      else
        refuse(path, text.error());
      more = true;
    }
  }
}

Result<Workspace> open_files(const std::vector<std::string>& paths, const std::optional<fs::path>& folder) {
  Workspace all;
  std::error_code ignored;
  bool is_given = !folder;
  for (const std::string& path : paths) {
    all.give(path);
    is_given = is_given || (fs::is_directory(path, ignored) && is_same_or_inside(*folder, path));
  }
  if (!is_given && !fs::is_directory(*folder, ignored))
    return Error{ErrorKind::not_found, "SB0703", "there is no such folder", folder->string(), "give it with --processes"};
  if (!is_given) all.read_folder(*folder);  // first: what lies below an overlay may name something that lies beside it
  all.read_beside();
  return all;
}

}  // namespace switchboard::workspace
