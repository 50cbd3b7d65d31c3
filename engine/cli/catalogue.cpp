#include "cli/catalogue.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <system_error>
#include <utility>

#include "cli/findings.hpp"
#include "cli/sources.hpp"
#include "notation/declared.hpp"

namespace switchboard::cli {

namespace fs = std::filesystem;
using notation::FileKind;
using notation::Folder;
using notation::Loaded;

namespace {

bool is_same_or_inside(const fs::path& path, const fs::path& folder) {
  std::error_code failed;
  const fs::path inner = fs::weakly_canonical(path, failed);
  const fs::path outer = fs::weakly_canonical(folder, failed);
  const auto [end, ignored] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  return end == outer.end();
}

template <class T>
void append(std::vector<T>& into, std::vector<T>&& from) {
  into.insert(into.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

Result<Catalogue> Catalogue::read(const std::vector<std::string>& paths, const Options& options) {
  Catalogue all;
  std::error_code ignored;
  for (const std::string& path : paths) {
    if (!fs::is_directory(path, ignored)) {
      all.add_file(path);
      continue;
    }
    const Result<std::vector<fs::path>> files = files_under(path);
    if (!files) all.note_unreadable(path, files.error());
    if (files) {
      for (const fs::path& file : files.value()) all.add_file(file);
    }
  }
  all.add_neighbours();
  const std::optional<fs::path> folder = processes_folder(options);
  const bool given = folder && std::any_of(paths.begin(), paths.end(),
                                           [&](const std::string& p) { return fs::is_directory(p, ignored) && is_same_or_inside(*folder, p); });
  if (folder && !given) {
    if (!fs::is_directory(*folder, ignored))
      return Error{ErrorKind::not_found, "SB0703", "there is no such folder", folder->string(), "give it with --processes"};
    all.background_ = notation::load_folder(*folder);
  }
  for (const std::string& name : all.broken_) {
    const std::string id = name.substr(name.find(' ') + 1);
    if (name.starts_with("calendar ")) all.background_.library.calendars.erase(id);
    if (name.starts_with("decision ")) all.background_.library.decisions.erase(id);
  }
  all.library_ = all.given_.library;
  all.library_.calendars.insert(all.background_.library.calendars.begin(), all.background_.library.calendars.end());
  all.library_.decisions.insert(all.background_.library.decisions.begin(), all.background_.library.decisions.end());
  all.apply_overlays();
  return all;
}

// The process of a suite, and what a process calls, decides by and counts in, may stand in the file of its name beside it; only that file is looked
// at, never the folder.
void Catalogue::add_neighbours() {
  for (;;) {
    std::set<fs::path> wanted;
    const auto want = [&](const std::string& file, const std::string& id, FileKind kind) {
      const fs::path path = fs::path(file).parent_path() / (id + ".yaml");
      std::error_code ignored;
      if (has(kind, id) || given_.texts.contains(path.generic_string()) || !fs::is_regular_file(path, ignored)) return;
      if (kind != FileKind::process) {
        const Result<std::string> text = read_file(path);
        if (!text || notation::kind_of(text.value()) != kind) return;  // something else of that name
      }
      wanted.insert(path);
    };
    for (const notation::TestSuite& suite : given_.tests) want(suite.file, suite.process.name, FileKind::process);
    for (const notation::Overlay& overlay : given_.overlays) want(overlay.file, overlay.of.name, FileKind::process);
    for (const model::Process& p : given_.processes) {
      for (const model::Ref& call : calls_of(p)) want(p.file, call.name, FileKind::process);
      for (const model::Ref& decision : p.decisions) want(p.file, decision.name, FileKind::decision);
      want(p.file, p.calendar.name, FileKind::calendar);
      for (const model::ClockDefinition& clock : p.sla) want(p.file, clock.calendar.name, FileKind::calendar);
    }
    if (wanted.empty()) return;
    for (const fs::path& path : wanted) add_file(path);
  }
}

bool Catalogue::has(FileKind kind, const std::string& id) const {
  if (kind == FileKind::decision) return given_.decisions.contains(id);
  if (kind == FileKind::calendar) return id.empty() || given_.calendars.contains(id);
  return process(id) != nullptr;
}

void Catalogue::note_unreadable(const fs::path& path, const Error& e) {
  note({{e.id, model::Severity::error, path.generic_string(), {1, 1}, {}, e.message, e.hint, {}}});
}

void Catalogue::note(model::Diagnostics found) { append(given_.diagnostics, std::move(found)); }

bool Catalogue::is_fresh(const std::string& kind, const std::string& id, const std::string& file, model::Position at) {
  const auto [found, is_new] = owners_.emplace(kind + " " + id, file);
  if (!is_new)
    note({{"SB0128",
           model::Severity::error,
           file,
           at,
           id,
           fmt::format("the {} `{}` is also in {}", kind, id, found->second),
           "rename or delete one of them",
           {}}});
  return is_new;
}

void Catalogue::add_file(const fs::path& path) {
  const std::string name = path.generic_string();
  if (given_.texts.contains(name)) return;
  Result<std::string> read = read_file(path);
  if (!read) return note_unreadable(path, read.error());
  const std::string& text = given_.texts[name] = std::move(read.value());
  model::Diagnostics others = std::exchange(given_.diagnostics, {});
  add_text(text, name);
  if (model::has_errors(given_.diagnostics)) broken_.insert(notation::declared_name(text, path.stem().string()));
  given_.diagnostics.insert(given_.diagnostics.begin(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
}

void Catalogue::add_text(const std::string& text, const std::string& name) {
  switch (notation::kind_of(text).value_or(FileKind::process)) {
    case FileKind::process: {
      Loaded<model::Process> loaded = notation::load_process(text, name);
      note(std::move(loaded.diagnostics));
      if (loaded.value && is_fresh("process", loaded.value->id, name, loaded.value->at)) given_.processes.push_back(std::move(*loaded.value));
      if (!loaded.value && loaded.draft) drafts_.push_back(std::move(*loaded.draft));
      break;
    }
    case FileKind::calendar: add_calendar(notation::load_calendar(text, name), name); break;
    case FileKind::decision: add_decision(notation::load_decision(text, name), name); break;
    case FileKind::overlay: {
      Loaded<notation::Overlay> loaded = notation::load_overlay(text, name);
      note(std::move(loaded.diagnostics));
      if (loaded.value && is_fresh("process", loaded.value->id, name, loaded.value->at)) given_.overlays.push_back(std::move(*loaded.value));
      break;
    }
    case FileKind::test: {
      Loaded<notation::TestSuite> loaded = notation::load_test_suite(text, name);
      note(std::move(loaded.diagnostics));
      if (loaded.value && is_fresh("test", loaded.value->id, name, loaded.value->at)) given_.tests.push_back(std::move(*loaded.value));
      break;
    }
    case FileKind::scenario: {
      simulation::LoadedScenario loaded = simulation::load_scenario(text, name);
      note(std::move(loaded.diagnostics));
      if (loaded.value) scenarios_.push_back(std::move(*loaded.value));
      break;
    }
  }
}

void Catalogue::add_calendar(Loaded<calendar::CalendarSpec> loaded, const std::string& file) {
  note(std::move(loaded.diagnostics));
  if (!loaded.value) return;
  const std::string id = loaded.value->id;
  if (!is_fresh("calendar", id, file, {2, 1})) return;
  if (fs::path(file).stem() != id) {
    note({{"SB0110",
           model::Severity::error,
           file,
           {2, 1},
           id,
           fmt::format("the calendar `{}` stands in a file of another name", id),
           fmt::format("call the file {}.yaml", id),
           {}}});
  }
  Result<calendar::CalendarPtr> made = calendar::BusinessCalendar::make(*loaded.value);
  if (made) {
    given_.library.calendars.insert_or_assign(id, made.value());
  } else {
    const Error& e = made.error();
    note({{e.id, model::Severity::error, file, {2, 1}, id, e.message, e.hint, {}}});
  }
  given_.calendars.insert_or_assign(id, std::move(*loaded.value));
}

void Catalogue::add_decision(Loaded<notation::DecisionFile> loaded, const std::string& file) {
  note(std::move(loaded.diagnostics));
  if (!loaded.value) return;
  const std::string id = loaded.value->table.id;
  if (!is_fresh("decision", id, file, loaded.value->at)) return;
  Loaded<feel::Decision> compiled = notation::compile_decision_file(*loaded.value, file);
  note(std::move(compiled.diagnostics));
  if (compiled.value) given_.library.decisions.insert_or_assign(id, *compiled.value);
  given_.decisions.insert_or_assign(id, std::move(*loaded.value));
}

// An overlay may lie over the result of another one, so those whose base is there go first, until none is left that could.
void Catalogue::apply_overlays() {
  std::vector<const notation::Overlay*> waiting;
  for (const notation::Overlay& overlay : given_.overlays) waiting.push_back(&overlay);
  for (std::size_t before = waiting.size() + 1; !waiting.empty() && waiting.size() < before;) {
    before = waiting.size();
    std::erase_if(waiting, [&](const notation::Overlay* overlay) { return apply(*overlay); });
  }
  report_lost(waiting);
}

// One mistake is told once: a base that is there with errors, or that could not be laid over anything itself, is no finding of those above it.
void Catalogue::report_lost(const std::vector<const notation::Overlay*>& lost) {
  const auto below = [&](const std::string& id) {
    const auto found = std::find_if(lost.begin(), lost.end(), [&](const notation::Overlay* other) { return other->id == id; });
    return found == lost.end() ? nullptr : *found;
  };
  const auto report = [&](const notation::Overlay& o, std::string message, std::string hint) {
    note({{"SB0142", model::Severity::error, o.file, o.of.at, o.id, std::move(message), std::move(hint), {}}});
  };
  for (const notation::Overlay* o : lost) {
    if (is_broken("process " + o->of.name)) continue;
    std::string ring = o->id;
    std::set<std::string> seen;
    const notation::Overlay* at = below(o->of.name);
    for (; at != nullptr && at != o && seen.insert(at->id).second; at = below(at->of.name)) ring += " > " + at->id;
    if (at == o && std::all_of(seen.begin(), seen.end(), [&](const std::string& id) { return o->id < id; }))
      report(*o, fmt::format("these overlays lie over each other in a ring: {} > {}", ring, o->id), "the lowest must lie over a process");
    if (below(o->of.name) != nullptr) continue;
    const std::string near = model::nearest_name(o->of.name, process_ids());
    report(*o,
           fmt::format("there is no process `{0}` to lay over: not in the given files, no {0}.yaml beside this one, not in the folder of processes",
                       o->of.name),
           near.empty() ? "give its file too" : fmt::format("did you mean '{}'?", near));
  }
  for (const notation::Overlay* o : lost) broken_.insert("process " + o->id);
}

// False when its base is not there (yet).
bool Catalogue::apply(const notation::Overlay& overlay) {
  const model::Process* base = process(overlay.of.name);
  if (base == nullptr) return false;
  Loaded<model::Process> result = notation::apply_overlay(*base, overlay);
  note(std::move(result.diagnostics));
  if (result.value)
    given_.processes.push_back(std::move(*result.value));
  else
    broken_.insert("process " + overlay.id);
  return true;
}

const model::Process* Catalogue::process(std::string_view id) const {
  for (const Folder* folder : {&given_, &background_}) {
    const auto found = std::find_if(folder->processes.begin(), folder->processes.end(), [&](const model::Process& p) { return p.id == id; });
    if (found != folder->processes.end()) return &*found;
    if (is_broken("process " + std::string(id))) return nullptr;
  }
  return nullptr;
}

const notation::Overlay* Catalogue::overlay(std::string_view id) const {
  for (const Folder* folder : {&given_, &background_}) {
    const bool here = std::any_of(folder->processes.begin(), folder->processes.end(), [&](const model::Process& p) { return p.id == id; });
    if (!here) continue;
    const auto found = std::find_if(folder->overlays.begin(), folder->overlays.end(), [&](const notation::Overlay& o) { return o.id == id; });
    return found == folder->overlays.end() ? nullptr : &*found;
  }
  return nullptr;
}

std::vector<std::string> Catalogue::files_below(std::string_view id) const {
  std::vector<std::string> files;
  const notation::Overlay* above = overlay(id);
  for (; above != nullptr && files.size() <= given_.overlays.size() + background_.overlays.size(); above = overlay(above->of.name)) {
    files.push_back(above->file);
    id = above->of.name;
  }
  const model::Process* bottom = process(id);
  files.push_back(bottom == nullptr ? std::string() : bottom->file);
  std::reverse(files.begin(), files.end());
  return files;
}

std::string Catalogue::file_of(const std::string& kind_and_id) const {
  const auto found = owners_.find(kind_and_id);
  return found == owners_.end() ? std::string() : found->second;
}

const std::string* Catalogue::text(std::string_view file) const {
  for (const Folder* folder : {&given_, &background_}) {
    if (const auto found = folder->texts.find(file); found != folder->texts.end()) return &found->second;
  }
  return nullptr;
}

std::vector<std::string> Catalogue::process_ids() const {
  std::set<std::string> ids;
  for (const Folder* folder : {&given_, &background_}) {
    for (const model::Process& p : folder->processes) ids.insert(p.id);
  }
  return {ids.begin(), ids.end()};
}

const model::CompileResult& Catalogue::compiled(std::string_view id) {
  const auto known = compiled_.find(id);
  if (known != compiled_.end()) return known->second;
  const model::Process* source = process(id);
  model::CompileResult result;
  if (source != nullptr) {
    const std::string* source_text = text(source->file);
    result = model::compile(*source, library_, source_text == nullptr ? std::string() : *source_text);
  }
  return compiled_.emplace(std::string(id), std::move(result)).first->second;
}

}  // namespace switchboard::cli
