// Deploying from a folder: a process with everything it needs, compiled before any of it is stored.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>

#include "base/assert.hpp"
#include "runtime/definitions.hpp"

namespace switchboard::runtime {

namespace {

std::vector<std::string> names_in(const notation::Folder& folder) {
  std::vector<std::string> names;
  for (const model::Process& p : folder.processes) names.push_back(p.id);
  return names;
}

/// The texts of process `id`; an overlay's with those of everything below it. `below`: how many overlays lie over this one.
Result<Bundle> bundle_in(const notation::Folder& folder, std::string_view id, std::size_t below) {
  if (below > folder.overlays.size())
    return Error{ErrorKind::invalid, "SB0142", fmt::format("overlay '{}' lies over itself", id), "", "lay the lowest one over a process"};
  const auto text_of = [&](const std::string& file) {
    const auto found = folder.texts.find(file);
    return found == folder.texts.end() ? std::string() : found->second;
  };
  const auto process = std::find_if(folder.processes.begin(), folder.processes.end(), [&](const model::Process& p) { return p.id == id; });
  const auto overlay = std::find_if(folder.overlays.begin(), folder.overlays.end(), [&](const notation::Overlay& o) { return o.id == id; });
  if (overlay != folder.overlays.end()) {
    SB_TRY(auto base, bundle_in(folder, overlay->of.name, below + 1));
    base.below.insert(base.below.begin(), Layer{base.file, base.text});
    return Bundle{overlay->file, text_of(overlay->file), std::move(base.below), {}};
  }
  if (process != folder.processes.end()) return Bundle{process->file, text_of(process->file), {}, {}};
  if (model::has_errors(folder.diagnostics)) return refusal_of(id, "SB0542", folder.diagnostics);
  const std::string near = model::nearest_name(id, names_in(folder));
  return Error{ErrorKind::not_found, "SB0541", fmt::format("there is no process '{}' in the folder of processes", id), "",
               near.empty() ? "its file must say `process: " + std::string(id) + "`" : fmt::format("did you mean '{}'?", near)};
}

/// Every calendar and table of the folder; those with errors are left to whoever needs them.
std::vector<store::Resource> resources_in(const notation::Folder& folder, Instant at) {
  std::vector<store::Resource> resources;
  for (const auto& [file, text] : folder.texts) {
    const auto kind = notation::kind_of(text);
    if (kind != notation::FileKind::calendar && kind != notation::FileKind::decision) continue;
    if (auto resource = read_resource(text, file, at)) resources.push_back(std::move(resource.value()));
  }
  return resources;
}

/// `id` and everything it calls, directly or not, as far as the folder has it; each once, so that recursion ends.
Result<std::vector<Compiled>> closure_of(const notation::Folder& folder, std::string_view id, const Shelf& shelf,
                                         const std::set<std::string>& deployed) {
  std::vector<Compiled> found;
  std::set<std::string> seen{std::string(id)};
  std::deque<std::pair<std::string, std::string>> wanted{{std::string(id), ""}};
  while (!wanted.empty()) {
    const auto [name, caller] = wanted.front();
    wanted.pop_front();
    auto bundle = bundle_in(folder, name, 0);
    if (!bundle) {
      if (deployed.contains(name)) continue;
      Error error = bundle.error();
      if (!caller.empty()) error.message += fmt::format(" (called by '{}')", caller);
      return error;
    }
    SB_TRY(auto compiled, compile_bundle(bundle.value(), shelf.library));
    compiled.called_by = caller;
    for (const std::string& called : compiled.calls) {
      if (seen.insert(called).second) wanted.emplace_back(called, name);
    }
    found.push_back(std::move(compiled));
  }
  return found;
}

/// Puts a process or overlay given as text into the folder, before one of the same id there. Its id; nothing when it has mistakes.
std::optional<std::string> put_first(notation::Folder& folder, std::string_view text, std::string_view file) {
  std::string id;
  const auto is_same = [&](const auto& other) { return other.id == id; };
  if (notation::kind_of(text) == notation::FileKind::overlay) {
    auto overlay = notation::load_overlay(text, file).value;
    if (!overlay) return std::nullopt;
    id = overlay->id;
    std::erase_if(folder.overlays, is_same);
    folder.overlays.push_back(std::move(*overlay));
  } else {
    auto process = notation::load_process(text, file).value;
    if (!process) return std::nullopt;
    id = process->id;
    std::erase_if(folder.overlays, is_same);
    std::erase_if(folder.processes, is_same);
    folder.processes.push_back(std::move(*process));
  }
  folder.texts.insert_or_assign(std::string(file), std::string(text));
  return id;
}

/// The process that overlay `id` lies over, when the folder does not have it; empty otherwise.
std::string base_elsewhere(const notation::Folder& folder, std::string_view id) {
  const auto overlay = std::find_if(folder.overlays.begin(), folder.overlays.end(), [&](const notation::Overlay& o) { return o.id == id; });
  if (overlay == folder.overlays.end()) return {};
  const auto is_base = [&](const auto& other) { return other.id == overlay->of.name; };
  const bool here =
      std::any_of(folder.processes.begin(), folder.processes.end(), is_base) || std::any_of(folder.overlays.begin(), folder.overlays.end(), is_base);
  return here ? std::string() : overlay->of.name;
}

}  // namespace

Result<store::Deployment> Definitions::deploy_from_folder(std::string_view id, Instant at) {
  if (folder_.empty())
    return Error{ErrorKind::usage, "SB0545", "this engine has no folder of processes", "", "open it with one, or deploy the text of the file"};
  return deploy_of(notation::load_folder(folder_), id, at);
}

Result<store::Deployment> Definitions::deploy(std::string_view text, std::string_view file, Instant at) {
  if (!folder_.empty()) {
    notation::Folder folder = notation::load_folder(folder_);
    if (const auto id = put_first(folder, text, file)) {
      const std::string base = base_elsewhere(folder, *id);
      SB_TRY(const auto deployed, all());
      const auto last = std::find_if(deployed.rbegin(), deployed.rend(), [&](const store::Deployment& d) { return d.process == base; });
      if (last != deployed.rend()) {
        SB_TRY(const auto found, store_.deployment(last->hash));
        if (found && notation::kind_of(found->source) == notation::FileKind::process) put_first(folder, found->source, base + ".yaml");
      }
      return deploy_of(folder, *id, at);
    }
  }
  const std::unique_lock lock(mutex_);
  SB_TRYV(refresh_locked());
  SB_TRY(auto compiled, compile_bundle({std::string(file), std::string(text), {}, {}}, shelf_.library));
  pack_tables(compiled, shelf_);
  return store_locked(compiled, at);
}

Result<store::Deployment> Definitions::deploy_of(const notation::Folder& folder, std::string_view id, Instant at) {
  const std::unique_lock lock(mutex_);
  SB_TRYV(refresh_locked());
  const std::vector<store::Resource> resources = resources_in(folder, at);
  Shelf trial = shelf_;
  for (const store::Resource& r : resources) {
    // A table with errors matters only to a process that uses it, and compile says so there.
    if (const auto put = trial.put(r); !put) continue;
  }
  std::set<std::string> deployed;
  for (const store::Deployment& d : deployments_) deployed.insert(d.process);
  SB_TRY(auto compiled, closure_of(folder, id, trial, deployed));
  for (const store::Resource& r : resources) {
    if (!trial.texts.contains(r.kind + "/" + r.id)) continue;
    SB_TRYV(put_resource_locked(r));
  }
  // The called ones first, so that nobody can start a case whose calls are not there yet.
  std::optional<store::Deployment> stored;
  for (auto it = compiled.rbegin(); it != compiled.rend(); ++it) {
    pack_tables(*it, shelf_);
    SB_TRY(auto one, store_locked(*it, at));
    if (one.process == id) stored = std::move(one);
  }
  SB_ASSERT(stored.has_value());
  return std::move(*stored);
}

}  // namespace switchboard::runtime
