#include "runtime/definitions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

#include "notation/declared.hpp"
#include "runtime/failures.hpp"
#include "workspace/calendars.hpp"

namespace switchboard::runtime {

namespace {

void add_names(const model::ExecutableProcess& process, NameKind kind, std::set<std::string>& names) {
  if (kind == NameKind::clock) {
    for (const model::ClockSpec& c : process.clocks) names.insert(c.id);
    return;
  }
  if (kind == NameKind::search) {
    for (const model::SlotIndex slot : process.searched) names.insert(process.data[slot.value].name);
    return;
  }
  const auto wanted = kind == NameKind::message ? model::EventKind::message : model::EventKind::signal;
  const auto add = [&](const model::EventSpec& e) {
    if (e.kind == wanted) names.insert(e.name);
  };
  for (const model::Element& e : process.elements) {
    add(e.message);
    for (const model::EventSpec& event : e.events) add(event);
  }
  for (const auto& [name, fields] : kind == NameKind::message ? process.payloads : process.signal_payloads) names.insert(name);
  if (kind == NameKind::message)
    for (const auto& [name, reactions] : process.on_message) names.insert(name);
}

}  // namespace

Definitions::Definitions(store::Store& store, std::filesystem::path folder, std::function<void()> recompiled)
    : store_(store), folder_(std::move(folder)), recompiled_(std::move(recompiled)) {}

Result<store::Deployment> Definitions::store_locked(const model::ExecutablePtr& process, const Bundle& bundle, Instant at) {
  store::Deployment d;
  d.process = process->id;
  d.hash = process->hash;
  d.version = process->version;
  d.deployed = at;
  d.source = bundle.text;
  d.library = library_text(bundle);
  SB_TRY(auto stored, store_.put_deployment(d));
  compiled_.insert_or_assign(d.hash, process);
  SB_TRYV(refresh_locked());
  return stored;
}

Result<void> Definitions::add_resource(std::string_view text, std::string_view file, Instant at, CalendarChange change) {
  SB_TRY(const auto resource, read_resource(text, file, at));
  const std::unique_lock lock(mutex_);
  SB_TRYV(refresh_locked());
  store::Resource given = resource;
  given.by_hand = !is_of_folder(file);
  return put_resource_locked(std::move(given), change);
}

/// SB0571: a company has one tree, and another one has another name by mistake.
std::optional<Error> Definitions::second_tree(const store::Resource& resource) const {
  if (resource.kind != "organisations" || organisations_ == nullptr || organisations_->id == resource.id) return std::nullopt;
  return Error{ErrorKind::conflict, "SB0571",
               fmt::format("the organisations '{}' are deployed already: there is one tree in an engine, and this one is called '{}'",
                           organisations_->id, resource.id),
               resource.file, fmt::format("call it `organisations: {}` to put it in the place of the other", organisations_->id)};
}

Result<void> Definitions::put_resource_locked(store::Resource resource, CalendarChange how) {
  if (auto second = second_tree(resource)) return *second;
  const auto known = resources_.find(resource.kind + "/" + resource.id);
  const bool is_same = known != resources_.end() && known->second.text == resource.text;
  const bool is_counted_again = resource.kind == "calendar" && is_same && how == CalendarChange::recount;
  if (is_same && known->second.by_hand == resource.by_hand && !is_counted_again) return success();
  const bool is_changed_calendar = resource.kind == "calendar" && known != resources_.end() && (!is_same || is_counted_again);
  const auto change = is_changed_calendar ? change_of(resource, known->second, how) : std::nullopt;
  SB_TRYV(store_.put_resource(resource, change ? &*change : nullptr));
  SB_TRYV(keep_resource(resource));
  if (is_changed_calendar || (resource.kind == "organisations" && !is_same)) forget_compiled();
  return refresh_locked();
}

/// What is stored is a text like others: before those of the folder when somebody gave it by hand, behind them when it came from a folder itself.
Result<void> Definitions::keep_resource(const store::Resource& resource) {
  const std::string key = resource.kind + "/" + resource.id;
  const workspace::ParsedPtr read = workspace::read_text(resource.text, key + ".yaml");
  if (!read->is_resource()) return refusal_of(resource.file, "SB0542", read->found);
  if (read->registered) registers_.insert_or_assign(resource.id, read->registered);
  if (read->calendar) {
    calendar_texts_.insert_or_assign(resource.id, read);
    make_calendars(calendar_texts_, with_extending({resource.id}), calendars_);
  }
  if (read->organisations) organisations_ = read->organisations;
  const bool is_kept = resource.by_hand && !is_of_folder(resource.file);
  workspace_.remove(read->file, is_kept ? workspace::Layer::stored : workspace::Layer::kept);
  workspace_.put(read, is_kept ? workspace::Layer::kept : workspace::Layer::stored);
  resources_.insert_or_assign(key, resource);
  return success();
}

/// One whose base is not there (yet) is none.
void Definitions::make_calendars(const CalendarTexts& texts, const std::set<std::string>& wanted, Calendars& calendars) {
  const auto find = [&](const std::string& id) -> workspace::CalendarSource {
    const auto text = texts.find(id);
    return {text == texts.end() ? nullptr : text->second.get(), nullptr};
  };
  for (const std::string& id : wanted)
    if (const auto text = texts.find(id); text != texts.end())
      if (auto made = workspace::make_calendar(*text->second, find, {}).calendar) calendars.insert_or_assign(id, std::move(made));
}

void Definitions::forget_compiled() {
  compiled_.clear();
  before_.clear();
  schedules_generation_ = 0;
  latest_generation_ = 0;
  recompiled_();
}

Result<model::RegisterPtr> Definitions::register_called(std::string_view id) {
  const std::unique_lock lock(mutex_);
  SB_TRYV(refresh_locked());
  if (const auto found = registers_.find(id); found != registers_.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [name, one] : registers_) known.push_back(name);
  return driver::no_such_register(id, known);
}

Result<std::vector<store::Deployment>> Definitions::all() {
  const std::unique_lock lock(mutex_);
  SB_TRYV(refresh_locked());
  return deployments_;
}

Result<void> Definitions::refresh() {
  SB_TRY(const auto generation, store_.definitions_generation());
  {
    const std::shared_lock lock(mutex_);
    if (generation == generation_) return success();
  }
  const std::unique_lock lock(mutex_);
  return refresh_locked();
}

Result<void> Definitions::refresh_locked() {
  SB_TRY(const auto generation, store_.definitions_generation());
  if (generation == generation_) return success();
  SB_TRY(auto deployments, store_.deployments());
  deployments_ = std::move(deployments);
  SB_TRYV(reload_resources());
  SB_TRYV(look_for_changes_locked());
  generation_ = generation;
  return success();
}

Result<void> Definitions::reload_resources() {
  SB_TRY(const auto resources, store_.resources());
  bool holds_for_all_changed = false;
  for (const store::Resource& r : resources) {
    const auto known = resources_.find(r.kind + "/" + r.id);
    const bool is_same = known != resources_.end() && known->second.text == r.text;
    if (is_same && known->second.by_hand == r.by_hand) continue;
    holds_for_all_changed = holds_for_all_changed || (r.kind != "decision" && !is_same);
    SB_TRYV(keep_resource(r));
  }
  if (holds_for_all_changed) forget_compiled();
  return success();
}

Result<model::ExecutablePtr> Definitions::by_hash(std::string_view hash) {
  {
    const std::shared_lock lock(mutex_);
    const auto found = compiled_.find(std::string(hash));
    if (found != compiled_.end()) return found->second;
  }
  const std::unique_lock lock(mutex_);
  return by_hash_locked(hash);
}

Result<model::ExecutablePtr> Definitions::by_hash_locked(std::string_view hash) {
  if (const auto found = compiled_.find(std::string(hash)); found != compiled_.end()) return found->second;
  SB_TRYV(refresh_locked());
  SB_TRY(const auto deployment, store_.deployment(hash));
  if (!deployment) return not_deployed("", hash);
  SB_TRY(auto made, make_again(*deployment, calendars_));
  compiled_.insert_or_assign(std::string(hash), made);
  return made;
}

Result<model::ExecutablePtr> Definitions::make_again(const store::Deployment& d, const Calendars& calendars) const {
  const auto cannot = [&](std::string_view why) {
    return Error{ErrorKind::storage, "SB0543",
                 fmt::format("the stored definition {} of process '{}' cannot be made again: {}", d.hash, d.process, why), "",
                 "this version of Switchboard reads the definition differently: use the version it was deployed with, or deploy the process again"};
  };
  auto bundle = bundle_of(d);
  if (!bundle) return cannot(bundle.error().text());
  const auto process = process_of(bundle.value());
  if (!process) return cannot(process.error().text());
  // Tables and registers are fixed with the definition, calendars and organisations are not.
  model::Library library{calendars, {}, organisations_, {}};
  for (const auto& [key, table] : bundle.value().tables) {
    const workspace::ParsedPtr read = workspace::read_text(table.text, table.file);
    if (!read->decision && !read->registered) return cannot(refusal_of(table.file, "SB0542", read->found).text());
    if (read->decision) library.decisions.insert_or_assign(table.id, *read->decision);
    if (read->registered) library.registers.insert_or_assign(table.id, read->registered);
  }
  const model::CompileResult compiled = model::compile(*process.value(), library, bundle.value().text, d.hash);
  if (!compiled.process) return cannot(refusal_of(bundle.value().file, "SB0542", compiled.diagnostics).text());
  if (compiled.process->hash != d.hash) return cannot(fmt::format("it now has the identity {}", compiled.process->hash));
  return compiled.process;
}

Error Definitions::not_deployed(std::string_view process, std::string_view version) const {
  if (process.empty()) return {ErrorKind::not_found, "SB0541", fmt::format("no definition {} is deployed", version), "", ""};
  std::vector<std::string> names;
  for (const store::Deployment& d : deployments_) names.push_back(d.process);
  return driver::not_there(process, version, names);
}

Result<model::ExecutablePtr> Definitions::by_version(std::string_view process, std::string_view version) {
  SB_TRYV(refresh());
  std::string hash;
  {
    const std::shared_lock lock(mutex_);
    for (const store::Deployment& d : deployments_) {
      if (d.process == process && (version.empty() || d.version == version || d.hash == version)) hash = d.hash;
    }
    if (hash.empty()) return not_deployed(process, version);
  }
  return by_hash(hash);
}

Result<Schedules> Definitions::schedules() {
  SB_TRYV(refresh());
  {
    const std::shared_lock lock(mutex_);
    if (schedules_generation_ == generation_) return schedules_;
  }
  const std::unique_lock lock(mutex_);
  std::map<std::string, const store::Deployment*> latest;
  for (const store::Deployment& d : deployments_) latest.insert_or_assign(d.process, &d);
  std::vector<std::pair<std::string, store::Deployment>> wanted;  // copies: making one again may refresh the list
  for (const auto& [id, d] : latest) wanted.emplace_back(d->hash, *d);
  const std::uint64_t generation = generation_;
  Schedules found;
  for (const auto& [hash, d] : wanted) {
    const auto process = by_hash_locked(hash);
    if (!process) {
      found.broken.emplace_back(d.process, process.error());
      continue;
    }
    for (const model::ElementIndex start : driver::timer_starts_of(*process.value()))
      found.starts.push_back({process.value(), process.value()->at(start).id, d.number, d.deployed});
  }
  if (!found.broken.empty()) return found;  // looked at again by the next tick
  schedules_ = std::move(found);
  schedules_generation_ = generation;
  return schedules_;
}

std::string Definitions::base_of(const store::Deployment& deployment) {
  const std::unique_lock lock(mutex_);
  return base_locked(deployment);
}

std::string Definitions::base_locked(const store::Deployment& deployment) {
  if (const auto known = base_of_.find(deployment.hash); known != base_of_.end()) return known->second;
  const auto stored = store_.deployment(deployment.hash);
  const auto bundle = stored && stored.value() ? bundle_of(*stored.value()) : Result<Bundle>(not_deployed("", deployment.hash));
  if (!bundle) return {};
  std::string base = bundle.value().below.empty() ? std::string() : notation::declared_id(bundle.value().below.back().text, "");
  return base_of_.emplace(deployment.hash, std::move(base)).first->second;
}

Result<std::vector<std::string>> Definitions::overlays_of(std::string_view process) {
  SB_TRYV(refresh());
  const auto known = [&] {
    const auto found = overlays_.find(process);
    return found == overlays_.end() ? std::vector<std::string>() : found->second;
  };
  {
    const std::shared_lock lock(mutex_);
    if (overlays_generation_ == generation_) return known();
  }
  const std::unique_lock lock(mutex_);
  std::map<std::string, const store::Deployment*> latest;
  for (const store::Deployment& d : deployments_) latest.insert_or_assign(d.process, &d);
  overlays_.clear();
  for (const auto& [id, deployment] : latest)
    if (const std::string base = base_locked(*deployment); !base.empty() && base != id) overlays_[base].push_back(id);
  overlays_generation_ = generation_;
  return known();
}

Result<model::OrganisationsPtr> Definitions::organisations() {
  SB_TRYV(refresh());
  const std::shared_lock lock(mutex_);
  return organisations_;
}

Result<std::vector<std::string>> Definitions::names(NameKind kind) {
  const std::unique_lock lock(mutex_);
  if (kind == NameKind::pending_calendar) {
    SB_TRYV(look_for_changes_locked());
    std::set<std::string> changed;
    for (const store::CalendarChange& change : changes_) changed.insert(change.calendar);
    return std::vector<std::string>(changed.begin(), changed.end());
  }
  SB_TRYV(refresh_locked());
  const std::vector<store::Deployment> deployments = deployments_;  // making one again may refresh the list
  std::set<std::string> names;
  for (const store::Deployment& d : deployments)
    if (const auto process = by_hash_locked(d.hash)) add_names(*process.value(), kind, names);
  names.erase("");
  return std::vector<std::string>(names.begin(), names.end());
}

Result<std::vector<driver::StartPoint>> Definitions::started_by(model::EventKind kind, std::string_view name) {
  const std::unique_lock lock(mutex_);
  SB_TRY(const auto latest, latest_locked());
  std::vector<driver::StartPoint> found;
  for (const model::ExecutablePtr& process : latest)
    for (driver::StartPoint& start : driver::starts_of(process, kind, name)) found.push_back(std::move(start));
  return found;
}

Result<std::optional<driver::Keeping>> Definitions::keeping(std::string_view name, Instant at) {
  const std::unique_lock lock(mutex_);
  SB_TRY(const auto latest, latest_locked());
  return driver::keeping_of(latest, name, at);
}

Result<bool> Definitions::is_for_all(std::string_view name) {
  const std::unique_lock lock(mutex_);
  SB_TRY(const auto latest, latest_locked());
  return driver::is_for_all(latest, name);
}

/// The latest definitions that can be read, by process id. Each message asks, so they are remembered until something is deployed.
Result<std::vector<model::ExecutablePtr>> Definitions::latest_locked() {
  SB_TRYV(refresh_locked());
  if (latest_generation_ == generation_) return latest_;
  const std::uint64_t generation = generation_;
  bool is_whole = true;
  std::map<std::string, std::string> latest;  // ascending numbers: the last one stays
  for (const store::Deployment& d : deployments_) latest.insert_or_assign(d.process, d.hash);
  std::vector<model::ExecutablePtr> found;
  for (const auto& [process_id, hash] : latest) {
    const auto made = by_hash_locked(hash);
    is_whole = is_whole && made.has_value();
    if (!made && is_damage(made.error())) continue;  // it starts and keeps nothing; lists and fsck name it, and the others go on
    SB_TRY(auto process, made);
    found.push_back(std::move(process));
  }
  if (!is_whole) return found;  // looked at again by the next one
  latest_ = std::move(found);
  latest_generation_ = generation;
  return latest_;
}

}  // namespace switchboard::runtime
