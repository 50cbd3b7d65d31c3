// Deploying: a process with everything it needs, compiled and checked before any of it is stored.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>

#include "runtime/definitions.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::runtime {

namespace {

/// A case is started by a person or program, a message, a signal or a timer. What else BPMN lets stand at the top is refused here, since it would
/// never happen.
std::optional<Error> start_that_never_happens(const model::ExecutableProcess& process, const std::string& file) {
  for (const model::ElementIndex start : process.elements.front().start_events) {
    for (const model::EventSpec& event : process.at(start).events) {
      using enum model::EventKind;
      if (event.kind == none || event.kind == message || event.kind == signal || event.kind == timer) continue;
      return Error{ErrorKind::invalid, "SB0550",
                   fmt::format("start event '{}' of process '{}' waits for a {}: the engine starts cases by call, message, signal or timer",
                               process.at(start).id, process.id, model::to_string(event.kind)),
                   file, "wait for a message or signal instead, and let whoever sees it happen send that"};
    }
  }
  return std::nullopt;
}

Error not_in_folder(const workspace::Project& project, const std::string& id) {
  for (const workspace::Layer layer : {workspace::Layer::given, workspace::Layer::folder})
    if (model::has_errors(project.reading(layer))) return refusal_of(id, "SB0542", project.reading(layer));
  const std::string near = model::nearest_name(id, project.process_ids());
  return {ErrorKind::not_found, "SB0541", fmt::format("there is no process '{}' in the folder of processes", id), "",
          near.empty() ? "its file must say `process: " + id + "`" : fmt::format("did you mean '{}'?", near)};
}

/// The texts that make process `id`.
Bundle bundle_in(const workspace::Project& project, std::string_view id) {
  Bundle bundle;
  for (const workspace::Parsed* text : project.texts_of(id)) {
    if (bundle.text.empty()) {
      bundle.file = text->file;
      bundle.text = text->text;
    } else {
      bundle.below.push_back({text->file, text->text});
    }
  }
  return bundle;
}

}  // namespace

Result<store::Deployment> Definitions::deploy_from_folder(std::string_view id, Instant at) {
  if (folder_.empty())
    return Error{ErrorKind::usage, "SB0545", "this engine has no folder of processes", "", "open it with one, or deploy the text of the file"};
  const std::unique_lock lock(mutex_);
  SB_TRYV(refresh_locked());
  workspace_.clear(workspace::Layer::given);
  workspace_.read_folder(folder_);
  return deploy_locked(std::string(id), at);
}

Result<store::Deployment> Definitions::deploy(std::string_view text, std::string_view file, Instant at) {
  const std::unique_lock lock(mutex_);
  SB_TRYV(refresh_locked());
  workspace_.clear(workspace::Layer::given);
  workspace_.put(std::string(file), std::string(text));
  if (!folder_.empty()) workspace_.read_folder(folder_);
  const workspace::Parsed& given = *workspace_.project().given().front();
  if (!given.process && !given.overlay) {
    // Something else than a process is refused as a process that it is not.
    return refusal_of(file, "SB0542", model::has_errors(given.found) ? given.found : notation::load_process(text, file).diagnostics);
  }
  const std::string id = given.id;
  if (given.overlay) {
    SB_TRYV(put_base_locked(given.overlay->of.name));
  }
  return deploy_locked(id, at);
}

/// What an overlay lies over may be deployed only.
Result<void> Definitions::put_base_locked(const std::string& id) {
  if (workspace_.project().process(id) != nullptr) return success();
  SB_TRY(const auto bundle, latest_bundle_locked(id));
  if (bundle && bundle->below.empty()) workspace_.put("process/" + id + ".yaml", bundle->text, workspace::Layer::stored);
  return success();
}

Result<std::optional<Bundle>> Definitions::latest_bundle_locked(std::string_view id) {
  const auto last = std::find_if(deployments_.rbegin(), deployments_.rend(), [&](const store::Deployment& d) { return d.process == id; });
  if (last == deployments_.rend()) return std::optional<Bundle>();
  SB_TRY(const auto found, store_.deployment(last->hash));
  if (!found) return std::optional<Bundle>();
  SB_TRY(auto bundle, bundle_of(*found));
  return std::optional<Bundle>(std::move(bundle));
}

/// Called processes that are deployed and nowhere among the texts: calls are held against them as they are.
Result<void> Definitions::know_called_locked(const std::string& id) {
  std::set<std::string> looked_at;
  for (bool more = true; more;) {
    more = false;
    const workspace::Project& project = workspace_.project();
    std::vector<std::string> wanted;
    for (const std::string& name : project.with_called(id)) {
      if (project.texts_of(name).empty()) continue;
      for (const model::Ref& call : workspace::calls_of(*project.process(name)))
        if (project.texts_of(call.name).empty() && looked_at.insert(call.name).second) wanted.push_back(call.name);
    }
    for (const std::string& name : wanted) {
      SB_TRY(const auto bundle, latest_bundle_locked(name));
      if (!bundle) continue;
      // One that cannot be read any more is told by whoever starts it (SB0543).
      if (auto process = process_of(*bundle)) workspace_.know(std::move(process.value()));
      more = true;
    }
  }
  return success();
}

/// `id` and everything it calls, directly or not, as far as there are texts; each once, so that recursion ends. Compiled and checked.
Result<std::vector<std::string>> Definitions::closure_locked(const std::string& id) {
  workspace::Project& project = workspace_.project();
  std::set<std::string> deployed;
  for (const store::Deployment& d : deployments_) deployed.insert(d.process);
  std::vector<std::string> found;
  std::set<std::string> seen{id};
  std::deque<std::pair<std::string, std::string>> wanted{{id, ""}};
  for (; !wanted.empty(); wanted.pop_front()) {
    const auto& [name, caller] = wanted.front();
    if (project.texts_of(name).empty()) {
      if (!caller.empty() && (deployed.contains(name) || folder_.empty())) continue;
      Error error = not_in_folder(project, name);
      if (!caller.empty()) error.message += fmt::format(" (called by '{}')", caller);
      return error;
    }
    model::Diagnostics errors = project.errors_of(name);
    std::erase_if(errors, [](const model::Diagnostic& d) { return d.rule == "SB0713"; });  // told below, with what is deployed in mind
    const std::string& file = project.texts_of(name).front()->file;
    const model::ExecutablePtr compiled = project.compiled(name).process;
    if (!errors.empty() || compiled == nullptr) return refusal_of(file, "SB0542", errors);
    if (auto never = start_that_never_happens(*compiled, file)) return *never;
    for (const model::Ref& call : workspace::calls_of(*project.process(name)))
      if (seen.insert(call.name).second) wanted.emplace_back(call.name, name);
    found.push_back(name);
  }
  return found;
}

Result<store::Deployment> Definitions::deploy_locked(const std::string& id, Instant at) {
  SB_TRYV(know_called_locked(id));
  SB_TRY(const auto names, closure_locked(id));
  std::vector<std::pair<model::ExecutablePtr, Bundle>> made;
  workspace::Project& project = workspace_.project();
  for (const std::string& name : names) made.emplace_back(project.compiled(name).process, bundle_in(project, name));
  // Every calendar and table of the folder; those with errors are left to whoever needs them.
  std::vector<store::Resource> resources;
  for (const auto& [thing, file] : project.texts())
    if (file->layer == workspace::Layer::folder && (file->what->business_calendar || file->what->decision))
      resources.push_back({std::string(to_string(thing.first)), thing.second, file->what->file, file->what->text, at});
  for (const store::Resource& resource : resources) {
    SB_TRYV(put_resource_locked(resource));
  }
  // The called ones first, so that nobody can start a case whose calls are not there yet.
  std::optional<store::Deployment> stored;
  for (auto it = made.rbegin(); it != made.rend(); ++it) {
    for (const auto& [table, decision] : it->first->decisions)
      if (const auto found = resources_.find("decision/" + table); found != resources_.end()) it->second.tables.insert(*found);
    SB_TRY(auto one, store_locked(it->first, it->second, at));
    if (one.process == id) stored = std::move(one);
  }
  SB_ASSERT(stored.has_value());
  return std::move(*stored);
}

}  // namespace switchboard::runtime
