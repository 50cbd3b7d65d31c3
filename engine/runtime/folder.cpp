// Deploying: a process with everything it needs, compiled and checked before any of it is stored.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>

#include "runtime/definitions.hpp"
#include "runtime/failures.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::runtime {

namespace {

/// A case is started by a person or program, a message, a signal or a timer. What else BPMN lets stand at the top is refused here, since it would
/// never happen.
std::optional<Error> start_that_never_happens(const model::ExecutableProcess& process, const std::string& file) {
  for (const model::ElementIndex start : process.elements.front().entries) {
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

/// What makes two bundles of one process two things, in words; empty when nothing does.
std::string difference_between(const Bundle& now, const Bundle& before) {
  if (now.text != before.text) return "the text of the process differs";
  const auto same_text = [](const Layer& a, const Layer& b) { return a.text == b.text; };
  if (!std::equal(now.below.begin(), now.below.end(), before.below.begin(), before.below.end(), same_text))
    return "what the overlay lies over differs";
  for (const auto& [key, table] : now.tables) {
    const auto other = before.tables.find(key);
    if (other == before.tables.end() || other->second.text != table.text)
      return fmt::format("{} '{}' differs", table.kind == "register" ? "register" : "decision table", table.id);
  }
  return now.tables.size() == before.tables.size() ? "" : "it asks other decision tables or registers";
}

/// A tree of organisations beside the one that counts.
bool is_hidden_tree(const workspace::Project& project, const workspace::Parsed& text) {
  return text.organisations != nullptr && text.organisations != project.library().organisations;
}

/// The texts that make process `id`.
Bundle bundle_in(const workspace::Project& project, std::string_view id) {
  Bundle bundle;
  bundle.process = std::string(id);
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
  begin_locked();
  SB_TRY(auto deployed, deploy_locked({std::string(id)}, at));
  return std::move(deployed.front());
}

Result<std::vector<store::Deployment>> Definitions::deploy(const std::vector<ProcessText>& texts, Instant at) {
  const std::unique_lock lock(mutex_);
  SB_TRYV(refresh_locked());
  begin_locked();
  std::vector<std::string> ids;
  std::set<std::string> files;
  for (const auto& [text, file] : texts) {
    // Names of texts are their own: two without one must not hide each other.
    std::string name = file;
    for (int copy = 2; !files.insert(name).second; ++copy) name = fmt::format("{} ({})", file, copy);
    workspace_.put(name, text);
    const auto given = workspace_.project().given();
    const auto read = std::find_if(given.begin(), given.end(), [&](const workspace::Parsed* p) { return p->file == name; });
    SB_ASSERT(read != given.end());
    const bool is_collaboration = (*read)->is_read && (*read)->kind == notation::FileKind::collaboration;
    if (!(*read)->process && !(*read)->overlay && !is_collaboration) {
      // Something else than a process is refused as a process that it is not.
      return refusal_of(file, "SB0542", model::has_errors((*read)->found) ? (*read)->found : notation::load_process(text, file).diagnostics);
    }
    const auto add = [&ids](const std::string& id) {
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    };
    if (!is_collaboration) add((*read)->id);
    for (const workspace::ParsedPtr& pool : (*read)->pools) add(pool->id);
  }
  return deploy_locked(ids, at);
}

/// The workspace as it is before a text is given: the folder as it is now, and nothing of the deployment before.
void Definitions::begin_locked() {
  workspace_.clear(workspace::Layer::given);
  for (const std::string& name : bases_)
    for (const workspace::Layer layer : {workspace::Layer::kept, workspace::Layer::stored}) workspace_.remove(name, layer);
  bases_.clear();
  workspace_.forget_known();
  if (!folder_.empty()) workspace_.read_folder(folder_);
}

/// A file of the folder follows the folder. Every other one is what somebody wants to have in its place.
bool Definitions::is_of_folder(std::string_view file) const {
  return !folder_.empty() && !file.empty() && workspace::is_same_or_inside(std::filesystem::path(file), folder_);
}

/// What an overlay lies over may have been deployed by hand, or only be deployed: then its texts are put where they count.
Result<void> Definitions::put_bases_locked(const std::string& id) {
  const auto base_of = [&](const std::string& name) {
    const workspace::Project& project = workspace_.project();
    for (const workspace::Parsed* text : project.given())
      if (text->overlay && text->id == name) return text->overlay->of.name;
    const notation::Overlay* overlay = project.overlay(name);
    return overlay == nullptr ? std::string() : overlay->of.name;
  };
  std::set<std::string> seen;
  for (std::string name = base_of(id); !name.empty() && seen.insert(name).second; name = base_of(name)) {
    SB_TRY(const auto bundle, latest_bundle_locked(name));
    if (!bundle || (!is_kept(*bundle) && workspace_.project().process(name) != nullptr)) continue;
    const workspace::Layer layer = is_kept(*bundle) ? workspace::Layer::kept : workspace::Layer::stored;
    const auto put = [&](const std::string& called, const std::string& text) {
      bases_.push_back("process/" + called + ".yaml");
      workspace_.put(bases_.back(), text, layer);
    };
    put(name, bundle->text);
    for (const Layer& below : bundle->below) put(fmt::format("{}-{}", name, bases_.size()), below.text);
    return success();
  }
  return success();
}

/// Nothing also when it is damaged: that is in nobody's way, and the same content deployed once more mends it.
Result<std::optional<store::Deployment>> Definitions::readable(std::string_view hash) {
  auto read = store_.deployment(hash);
  if (!read && is_damage(read.error())) return std::optional<store::Deployment>();
  return read;
}

Result<std::optional<Bundle>> Definitions::latest_bundle_locked(std::string_view id) {
  const auto last = std::find_if(deployments_.rbegin(), deployments_.rend(), [&](const store::Deployment& d) { return d.process == id; });
  if (last == deployments_.rend()) return std::optional<Bundle>();
  SB_TRY(const auto found, readable(last->hash));
  if (!found) return std::optional<Bundle>();
  SB_TRY(auto bundle, bundle_of(*found));
  return std::optional<Bundle>(std::move(bundle));
}

/// Called processes that somebody deployed by hand, and those that are deployed and nowhere among the texts: calls are held against them as they are.
Result<void> Definitions::know_called_locked(const std::vector<std::string>& ids) {
  std::set<std::string> looked_at(ids.begin(), ids.end());
  for (bool more = true; more;) {
    more = false;
    const workspace::Project& project = workspace_.project();
    std::vector<std::string> wanted;
    for (const std::string& id : ids)
      for (const std::string& name : project.with_called(id)) {
        if (project.texts_of(name).empty()) continue;
        for (const model::Ref& call : workspace::calls_of(*project.process(name)))
          if (looked_at.insert(call.name).second) wanted.push_back(call.name);
      }
    for (const std::string& name : wanted) {
      SB_TRY(const auto bundle, latest_bundle_locked(name));
      more = true;
      if (!bundle || (!is_kept(*bundle) && !workspace_.project().texts_of(name).empty())) continue;
      // One that cannot be read any more is told by whoever starts it (SB0543).
      const workspace::Layer layer = is_kept(*bundle) ? workspace::Layer::kept : workspace::Layer::stored;
      if (auto process = process_of(*bundle)) workspace_.know(std::move(process.value()), layer);
    }
  }
  return success();
}

/// `ids`, the last one first, and everything they call, directly or not, as far as there are texts; each once, so that recursion ends. Compiled and
/// checked.
Result<std::vector<std::string>> Definitions::closure_locked(const std::vector<std::string>& ids) {
  workspace::Project& project = workspace_.project();
  std::set<std::string> deployed;
  for (const store::Deployment& d : deployments_) deployed.insert(d.process);
  std::vector<std::string> found;
  std::set<std::string> seen(ids.begin(), ids.end());
  std::deque<std::pair<std::string, std::string>> wanted;
  for (const std::string& id : ids) wanted.emplace_front(id, "");
  for (; !wanted.empty(); wanted.pop_front()) {
    const auto& [name, caller] = wanted.front();
    if (project.texts_of(name).empty()) {
      if (!caller.empty() && (deployed.contains(name) || folder_.empty())) continue;
      Error error = not_in_folder(project, name);
      if (!caller.empty()) {
        error.message += fmt::format(" (called by '{}')", caller);
        error.hint += ", or deploy both together";
      }
      return error;
    }
    model::Diagnostics errors = project.errors_of(name);
    std::erase_if(errors, [](const model::Diagnostic& d) { return d.rule == "SB0713"; });  // told below, with what is deployed in mind
    const std::string& file = project.texts_of(name).front()->file;
    const model::ExecutablePtr compiled = project.compiled(name).process;
    if (!errors.empty() || compiled == nullptr) return refusal_of(file, "SB0542", errors);
    if (auto never = start_that_never_happens(*compiled, file)) return *never;
    for (const model::Ref& other : workspace::needed_by(*project.process(name)))
      if (seen.insert(other.name).second) wanted.emplace_back(other.name, name);
    found.push_back(name);
  }
  return found;
}

/// A tag names one content for good: whoever asks for it later must get what was meant.
Result<void> Definitions::tag_is_free_locked(const model::ExecutableProcess& process, const Bundle& bundle) {
  if (process.version.empty()) return success();
  for (const store::Deployment& d : deployments_) {
    if (d.process != process.id || d.version != process.version || d.hash == process.hash) continue;
    SB_TRY(const auto stored, readable(d.hash));
    if (!stored) continue;
    SB_TRY(const auto other, bundle_of(*stored));
    const std::string difference = difference_between(bundle, other);
    if (difference.empty()) continue;  // the same texts, read by another version of Switchboard
    return Error{
        ErrorKind::conflict, "SB0570",
        fmt::format("version '{}' of process '{}' is deployed with other content (number {}): {}", process.version, process.id, d.number, difference),
        bundle.file, "give what you have now another `version:`"};
  }
  return success();
}

Result<std::vector<store::Deployment>> Definitions::deploy_locked(const std::vector<std::string>& ids, Instant at) {
  for (const std::string& id : ids) {
    SB_TRYV(put_bases_locked(id));
  }
  SB_TRYV(know_called_locked(ids));
  SB_TRY(const auto names, closure_locked(ids));
  std::vector<std::pair<model::ExecutablePtr, Bundle>> made;
  workspace::Project& project = workspace_.project();
  // The called ones first, so that nobody can start a case whose calls are not there yet.
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    auto& [process, bundle] = made.emplace_back(project.compiled(*name).process, bundle_in(project, *name));
    bundle.by_hand = !is_of_folder(bundle.file);
    for (const auto& [table, decision] : process->decisions) {
      const workspace::Parsed* text = project.resource(model::SubjectKind::decision, table);
      if (text == nullptr) continue;
      const auto known = resources_.find("decision/" + table);
      const bool is_known = known != resources_.end() && known->second.text == text->text;
      bundle.tables.insert_or_assign("decision/" + table,
                                     is_known ? known->second : store::Resource{"decision", table, text->file, text->text, at, false});
    }
    for (const model::Ref& used : workspace::registers_of(*project.process(*name))) {
      const workspace::Parsed* text = project.resource(model::SubjectKind::registers, used.name);
      if (text == nullptr) continue;
      bundle.tables.insert_or_assign("register/" + used.name, store::Resource{"register", used.name, text->file, text->text, at, false});
    }
    SB_TRYV(tag_is_free_locked(*process, bundle));
  }
  // Every calendar, table and register of the folder, and the tree of organisations; those with errors are left to whoever needs them.
  std::vector<store::Resource> resources;
  for (const auto& [thing, file] : project.texts())
    if (file->layer == workspace::Layer::folder && file->what->is_resource() && !is_hidden_tree(project, *file->what))
      resources.push_back({std::string(to_string(thing.first)), thing.second, file->what->file, file->what->text, at, false});
  for (const store::Resource& resource : resources)
    if (auto second = second_tree(resource)) return *second;  // before anything is stored
  for (store::Resource& resource : resources) {
    SB_TRYV(put_resource_locked(std::move(resource)));
  }
  std::vector<store::Deployment> stored(ids.size());
  for (const auto& [process, bundle] : made) {
    SB_TRY(auto one, store_locked(process, bundle, at));
    if (const auto asked = std::find(ids.begin(), ids.end(), one.process); asked != ids.end())
      stored[static_cast<std::size_t>(asked - ids.begin())] = std::move(one);
  }
  return stored;
}

}  // namespace switchboard::runtime
