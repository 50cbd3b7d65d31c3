// What is deployed: texts in the store, compiled definitions in memory. A definition is made again from the store alone whenever it is missing here.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "driver/driver.hpp"
#include "model/executable.hpp"
#include "runtime/bundle.hpp"
#include "store/store.hpp"
#include "switchboard/engine.hpp"
#include "workspace/workspace.hpp"

namespace switchboard::runtime {

/// A timer start event of a latest deployment.
struct Schedule {
  model::ExecutablePtr process;
  std::string start_event;
  std::uint64_t number = 0;  ///< of the deployment
  Instant deployed;          ///< since when it counts
};

struct Schedules {
  std::vector<Schedule> starts;
  std::vector<std::pair<std::string, Error>> broken;  ///< processes whose stored definition cannot be made again
};

/// The calendars that a process and its tables name.
[[nodiscard]] std::set<std::string> calendars_named(const Bundle& bundle, const model::Process& process);

/// A change of calendars that a case follows: by RederiveClocks, at `at`, with the definition as it was and as it is after that change.
struct Following {
  Instant at;
  bool from_now = false;
  std::string reason;
  model::ExecutablePtr before, after;
};

/// Thread-safe. Errors: SB0541 not deployed, SB0542 the text has errors, SB0543 a stored definition cannot be made again.
class Definitions {
 public:
  /// `recompiled` is called after calendars changed: everything that holds a definition must ask again.
  Definitions(store::Store& store, std::filesystem::path folder, std::function<void()> recompiled);

  /// What they refer to is each other, else what somebody gave to this database by hand, else what the folder has, else what is deployed. All are
  /// compiled before any is stored. SB0570 when a version tag belongs to other content. Deployed, in the order of `texts`, each process once.
  [[nodiscard]] Result<std::vector<store::Deployment>> deploy(const std::vector<ProcessText>& texts, Instant at);
  /// `change`: how cases on a calendar that is there already follow it.
  [[nodiscard]] Result<void> add_resource(std::string_view text, std::string_view file, Instant at,
                                          CalendarChange change = CalendarChange::as_changed);
  /// Deploys process `id` of the folder, and what it refers to, found as by `deploy`. All is compiled before anything is stored.
  [[nodiscard]] Result<store::Deployment> deploy_from_folder(std::string_view id, Instant at);
  [[nodiscard]] Result<std::vector<store::Deployment>> all();
  /// The process at the bottom of an overlay; empty when the definition is of none, or cannot be read.
  [[nodiscard]] std::string base_of(const store::Deployment& deployment);
  /// The processes whose latest deployment is an overlay over `process`, directly or over others.
  [[nodiscard]] Result<std::vector<std::string>> overlays_of(std::string_view process);
  /// The register of that name as its newest text has it. SB0580.
  [[nodiscard]] Result<model::RegisterPtr> register_called(std::string_view id);
  /// Calendars, tables and registers, and whose latest deployments use them.
  [[nodiscard]] Result<std::vector<ResourceInfo>> resources();

  [[nodiscard]] Result<model::ExecutablePtr> by_hash(std::string_view hash);
  /// `version`: a designer's tag (the newest deployment with it) or a hash; empty: the latest.
  [[nodiscard]] Result<model::ExecutablePtr> by_version(std::string_view process, std::string_view version);
  /// Start events of the latest deployments that wait for message or signal `name`, by process id.
  [[nodiscard]] Result<std::vector<driver::StartPoint>> started_by(model::EventKind kind, std::string_view name);
  /// What the latest deployments say of keeping messages `name` that come at `at`.
  [[nodiscard]] Result<std::optional<driver::Keeping>> keeping(std::string_view name, Instant at);
  /// Whether one of the latest deployments says that everybody has message `name` who waits for it.
  [[nodiscard]] Result<bool> is_for_all(std::string_view name);
  /// The tree of the company; null: there is none.
  [[nodiscard]] Result<model::OrganisationsPtr> organisations();
  /// What the definitions that can be read know of one sort, ascending.
  [[nodiscard]] Result<std::vector<std::string>> names(NameKind kind);
  /// Timer start events of the latest deployments, by process id; remembered until something is deployed.
  [[nodiscard]] Result<Schedules> schedules();
  /// Looks whether somebody else deployed or changed a calendar.
  [[nodiscard]] Result<void> refresh();
  /// The generation (store::Store::definitions_generation) that is known: what `by_hash` gives from now on is at least as new.
  [[nodiscard]] std::uint64_t known() const { return generation_; }

  // changed_calendars.cpp: what cases need to follow a calendar.
  /// Whether any case may still have to follow one. As known here: `refresh` and `look_for_changes` look.
  [[nodiscard]] bool has_changed_calendars() const { return has_changed_calendars_; }
  [[nodiscard]] Result<void> look_for_changes();
  /// What this open case has not followed yet, in order.
  [[nodiscard]] Result<std::vector<Following>> changes_for(const core::ProcessInstance& instance);
  /// Whether a definition stands on this calendar, or on one that extends it.
  [[nodiscard]] Result<bool> stands_on(std::string_view hash, const std::string& calendar);

 private:
  // folder.cpp
  [[nodiscard]] Result<std::vector<store::Deployment>> deploy_locked(const std::vector<std::string>& ids, Instant at);
  void begin_locked();
  [[nodiscard]] bool is_of_folder(std::string_view file) const;
  [[nodiscard]] bool is_kept(const Bundle& bundle) const { return bundle.by_hand && !is_of_folder(bundle.file); }
  [[nodiscard]] Result<void> put_bases_locked(const std::string& id);
  [[nodiscard]] Result<void> tag_is_free_locked(const model::ExecutableProcess& process, const Bundle& bundle);
  [[nodiscard]] Result<std::optional<store::Deployment>> readable(std::string_view hash);
  [[nodiscard]] Result<std::optional<Bundle>> latest_bundle_locked(std::string_view id);
  [[nodiscard]] Result<void> know_called_locked(const std::vector<std::string>& ids);
  [[nodiscard]] Result<std::vector<std::string>> closure_locked(const std::vector<std::string>& ids);
  [[nodiscard]] Result<void> refresh_locked();
  [[nodiscard]] Result<void> reload_resources();
  [[nodiscard]] Result<void> look_for_changes_locked();
  [[nodiscard]] Result<bool> stands_on_locked(std::string_view hash, const std::string& calendar);
  [[nodiscard]] Result<model::ExecutablePtr> without_locked(std::string_view hash, std::span<const store::CalendarChange> undone);
  [[nodiscard]] Result<model::ExecutablePtr> by_hash_locked(std::string_view hash);
  [[nodiscard]] Result<std::vector<model::ExecutablePtr>> latest_locked();
  using Calendars = std::map<std::string, calendar::CalendarPtr, std::less<>>;
  using CalendarTexts = std::map<std::string, workspace::ParsedPtr, std::less<>>;
  [[nodiscard]] Result<model::ExecutablePtr> make_again(const store::Deployment& d, const Calendars& calendars) const;
  [[nodiscard]] std::string base_locked(const store::Deployment& deployment);
  [[nodiscard]] std::optional<Error> second_tree(const store::Resource& resource) const;
  [[nodiscard]] std::set<std::string> with_extending(std::set<std::string> calendars) const;
  [[nodiscard]] std::optional<store::CalendarChange> change_of(const store::Resource& now, const store::Resource& before,
                                                               CalendarChange change) const;
  [[nodiscard]] Result<void> put_resource_locked(store::Resource resource, CalendarChange change = CalendarChange::as_changed);
  [[nodiscard]] Result<void> keep_resource(const store::Resource& resource);
  static void make_calendars(const CalendarTexts& texts, const std::set<std::string>& wanted, Calendars& calendars);
  void forget_compiled();
  [[nodiscard]] Result<store::Deployment> store_locked(const model::ExecutablePtr& process, const Bundle& bundle, Instant at);
  [[nodiscard]] Error not_deployed(std::string_view process, std::string_view version) const;

  store::Store& store_;
  std::filesystem::path folder_;
  std::function<void()> recompiled_;
  std::shared_mutex mutex_;
  std::atomic<std::uint64_t> generation_ = 0;                         ///< written under mutex_, last of all
  std::vector<store::Deployment> deployments_;                        ///< ascending (process, number), without texts
  std::map<std::string, store::Resource, std::less<>> resources_;     ///< stored calendars and tables; key: "calendar/cn"
  CalendarTexts calendar_texts_;                                      ///< what they are made of
  std::map<std::string, model::RegisterPtr, std::less<>> registers_;  ///< by id, as their newest texts have them
  Calendars calendars_;                                               ///< the stored ones hold for all definitions
  model::OrganisationsPtr organisations_;                             ///< the stored one holds for all definitions
  workspace::Workspace workspace_;                                    ///< what is stored, the folder, and what is being deployed
  std::vector<std::string> bases_;                                    ///< texts of deployed processes in the workspace, for this deployment alone
  std::unordered_map<std::string, model::ExecutablePtr> compiled_;
  Schedules schedules_;
  std::uint64_t schedules_generation_ = 0;                                 ///< that schedules_ were made in
  std::vector<model::ExecutablePtr> latest_;                               ///< of latest_locked
  std::uint64_t latest_generation_ = 0;                                    ///< that latest_ was made in
  std::unordered_map<std::string, std::set<std::string>> calendars_of_;    ///< by hash: those that a definition names
  std::unordered_map<std::string, std::string> base_of_;                   ///< by hash: the process at the bottom; empty: it is no overlay
  std::map<std::string, std::vector<std::string>, std::less<>> overlays_;  ///< by what lies at the bottom of them, of the latest deployments
  std::uint64_t overlays_generation_ = 0;                                  ///< that overlays_ were made in
  std::vector<store::CalendarChange> changes_;                             ///< those that are not through, as last looked at
  std::atomic<bool> has_changed_calendars_ = false;                        ///< changes_ is not empty
  std::map<std::pair<std::string, std::vector<std::pair<Instant, std::string>>>, model::ExecutablePtr> before_;  ///< by hash and changes undone
};

}  // namespace switchboard::runtime
