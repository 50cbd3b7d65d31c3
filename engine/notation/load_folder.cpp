// A folder of files -> everything that processes refer to.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <utility>

#include "base/limits.hpp"
#include "notation/declared.hpp"
#include "notation/load.hpp"

namespace switchboard::notation {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_files = 10'000;
constexpr int deepest_folder = 16;

bool ends_with(std::string_view text, std::string_view end) { return text.size() >= end.size() && text.substr(text.size() - end.size()) == end; }

bool is_ours(const std::string& name) {
  if (!ends_with(name, ".yaml") && !ends_with(name, ".yml")) return false;
  for (const std::string_view other : {".layout.yaml", ".layout.yml", ".scenario.yaml", ".scenario.yml"})
    if (ends_with(name, other)) return false;
  return true;
}

class Walk {
 public:
  explicit Walk(Folder& out) : out_(out) {}

  void folder(const fs::path& path) {
    for (const fs::path& file : files(path)) {
      const std::string name = file.generic_string();
      auto text = read_file(file);
      if (!text) {
        report(text.error().id, name, {}, "", text.error().message, text.error().hint);
        continue;
      }
      const std::string& kept = out_.texts[name] = std::move(text.value());
      model::Diagnostics others = std::exchange(out_.diagnostics, {});
      one(kept, name, file.stem().string());
      if (model::has_errors(out_.diagnostics)) broken_.insert(declared_name(kept, file.stem().string()));
      out_.diagnostics.insert(out_.diagnostics.begin(), std::make_move_iterator(others.begin()), std::make_move_iterator(others.end()));
    }
    compile();
    overlays();
    std::stable_sort(out_.processes.begin(), out_.processes.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    model::sort_and_unique(out_.diagnostics);
  }

 private:
  void report(std::string_view rule, const std::string& file, model::Position at, std::string element, std::string message, std::string hint) {
    out_.diagnostics.push_back({std::string(rule), model::Severity::error, file, at, std::move(element), std::move(message), std::move(hint), {}});
  }

  /// In the order of their names, so that runs on all machines agree.
  std::vector<fs::path> files(const fs::path& folder) {
    std::vector<fs::path> found;
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
      report("SB0100", folder.generic_string(), {}, "", "there is no such folder", "check the path");
      return found;
    }
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error);
    for (const fs::recursive_directory_iterator end; !error && at != end; at.increment(error)) {
      if (at.depth() > deepest_folder) at.disable_recursion_pending();
      if (at->is_regular_file(error) && is_ours(at->path().filename().string())) found.push_back(at->path());
      if (found.size() > most_files) {
        report("SB0103", folder.generic_string(), {}, "", "more than " + std::to_string(most_files) + " files", "name a smaller folder");
        break;
      }
    }
    if (error) report("SB0100", folder.generic_string(), {}, "", "the folder cannot be read: " + error.message(), "check its permissions");
    std::sort(found.begin(), found.end());
    return found;
  }

  template <class T>
  std::optional<T> keep(Loaded<T> loaded) {
    for (auto& d : loaded.diagnostics) out_.diagnostics.push_back(std::move(d));
    return std::move(loaded.value);
  }

  /// Whether `id` is new among the files of its kind.
  bool fresh(std::string_view kind, const std::string& id, const std::string& file, model::Position at) {
    const auto [found, is_new] = owners_.emplace(std::string(kind) + " " + id, file);
    if (!is_new)
      report("SB0128", file, at, id, "the " + std::string(kind) + " `" + id + "` is also in " + found->second, "rename or delete one of them");
    return is_new;
  }

  void one(const std::string& text, const std::string& name, const std::string& stem) {
    const auto kind = kind_of(text);
    switch (kind.value_or(FileKind::process)) {
      case FileKind::process: {
        auto p = keep(load_process(text, name));
        if (p && fresh("process", p->id, name, p->at)) out_.processes.push_back(std::move(*p));
        return;
      }
      case FileKind::calendar: {
        auto loaded = load_calendar(text, name);
        if (loaded.draft && !loaded.draft->id.empty() && loaded.draft->id != stem)
          report("SB0110", name, {2, 1}, loaded.draft->id, "the calendar `" + loaded.draft->id + "` stands in a file of another name",
                 "call the file " + loaded.draft->id + ".yaml");
        auto c = keep(std::move(loaded));
        if (!c) return;
        if (fresh("calendar", c->id, name, {2, 1})) out_.calendars.emplace(c->id, std::move(*c));
        return;
      }
      case FileKind::decision: {
        auto d = keep(load_decision(text, name));
        if (d && fresh("decision", d->table.id, name, d->at)) out_.decisions.emplace(d->table.id, std::move(*d));
        return;
      }
      case FileKind::overlay: {
        auto o = keep(load_overlay(text, name));
        if (o && fresh("process", o->id, name, o->at)) out_.overlays.push_back(std::move(*o));
        return;
      }
      case FileKind::test: {
        auto t = keep(load_test_suite(text, name));
        if (t && fresh("test", t->id, name, t->at)) out_.tests.push_back(std::move(*t));
        return;
      }
      case FileKind::scenario: return;  // read by room simulation
    }
  }

  void compile() {
    for (const auto& [id, spec] : out_.calendars) {
      const std::string& file = owners_["calendar " + id];
      auto made = calendar::BusinessCalendar::make(spec);
      if (made)
        out_.library.calendars[id] = std::move(made.value());
      else
        report(made.error().id, file, {2, 1}, made.error().place.empty() ? id : made.error().place, made.error().message, made.error().hint);
    }
    for (const auto& [id, file] : out_.decisions)
      if (auto decision = keep(compile_decision_file(file, owners_["decision " + id]))) out_.library.decisions[id] = std::move(*decision);
  }

  /// False when the process below is not there (yet).
  bool lay(const Overlay& o) {
    const auto base = std::find_if(out_.processes.begin(), out_.processes.end(), [&](const auto& p) { return p.id == o.of.name; });
    if (base == out_.processes.end()) return false;
    auto p = keep(apply_overlay(*base, o));
    if (p)
      out_.processes.push_back(std::move(*p));
    else
      broken_.insert("process " + o.id);
    return true;
  }

  /// A prefecture's overlay lies over the result of its province's: those whose process is there go first, until none is left that could.
  void overlays() {
    std::vector<const Overlay*> waiting;
    for (const Overlay& o : out_.overlays) waiting.push_back(&o);
    for (bool more = true; more;) more = std::erase_if(waiting, [&](const Overlay* o) { return lay(*o); }) != 0;
    std::vector<std::string> names;
    for (const auto& p : out_.processes) names.push_back(p.id);
    for (const Overlay* o : waiting) report_lost(*o, waiting, names);
  }

  void report_lost(const Overlay& o, const std::vector<const Overlay*>& lost, const std::vector<std::string>& names) {
    if (broken_.contains("process " + o.of.name)) return;  // what is wrong stands there
    const auto below = [&](const std::string& id) {
      const auto found = std::find_if(lost.begin(), lost.end(), [&](const Overlay* other) { return other->id == id; });
      return found == lost.end() ? nullptr : *found;
    };
    std::string ring = o.id;
    std::set<std::string> seen;
    const Overlay* at = below(o.of.name);
    for (; at != nullptr && at != &o && seen.insert(at->id).second; at = below(at->of.name)) ring += " > " + at->id;
    if (at == &o && std::all_of(seen.begin(), seen.end(), [&](const std::string& id) { return o.id < id; }))
      report("SB0142", o.file, o.of.at, o.id, "these overlays lie over each other in a ring: " + ring + " > " + o.id,
             "the lowest must lie over a process");
    else if (below(o.of.name) == nullptr)
      report("SB0142", o.file, o.of.at, o.id, "there is no process `" + o.of.name + "` to lay over", suggestion(o.of.name, names, ""));
  }

  std::set<std::string> broken_;  ///< "process repair": its file is there and has errors
  Folder& out_;
  std::map<std::string, std::string> owners_;
};

}  // namespace

Result<std::string> read_file(const fs::path& path) {
  const auto refuse = [&](ErrorKind kind, std::string message, std::string hint) {
    return Error{kind, "SB0100", std::move(message), path.generic_string(), std::move(hint)};
  };
  std::error_code error;
  if (!fs::exists(path, error)) return refuse(ErrorKind::not_found, "there is no such file", "check the path");
  if (!fs::is_regular_file(path, error)) return refuse(ErrorKind::invalid, "this is no file", "name a file");
  std::ifstream in(path, std::ios::binary);
  // One byte more than allowed shows that there is more, without reading all of it.
  std::string text(limits::file_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in && !in.eof()) return refuse(ErrorKind::storage, "the file cannot be read", "check its permissions");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > limits::file_bytes)
    return Error{ErrorKind::limit, "SB0103", "the file has more than " + std::to_string(limits::file_bytes) + " bytes", path.generic_string(),
                 "split it"};
  return text;
}

Folder load_folder(const fs::path& folder) {
  Folder out;
  Walk(out).folder(folder);
  return out;
}

}  // namespace switchboard::notation
