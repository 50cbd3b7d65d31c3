#include "runtime/case_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>

#include "runtime/upkeep.hpp"
#include "runtime/views.hpp"

namespace switchboard {

namespace {

constexpr std::int64_t longest_wait_ms = 86'400'000;  ///< a day

/// A zero byte would end the path for the operating system: another file than the one that was named.
Result<void> is_path(const std::string& path, const char* of) {
  if (path.find('\0') == std::string::npos) return success();
  return Error{ErrorKind::invalid, "SB0604", fmt::format("the path of {} has a zero byte in it", of), path.substr(0, path.find('\0')),
               "give a path without it"};
}

Result<void> usable(const EngineOptions& options) {
  SB_TRYV(is_path(options.database, "the database"));
  SB_TRYV(is_path(options.processes, "the folder of processes"));
  std::error_code error;
  if (!options.processes.empty() && !std::filesystem::is_directory(options.processes, error))
    return Error{ErrorKind::not_found, "SB0545", "the folder of processes is not there", options.processes,
                 "name a folder that is there, or none: then definitions are deployed from text"};
  if (!options.language.empty() && options.language != "en" && options.language != "zh")
    return Error{ErrorKind::usage, "SB0554", fmt::format("'{}' is no language of names", options.language), {}, "\"zh\" or \"en\""};
  return success();
}

}  // namespace

std::string sqlite_version() { return store::sqlite_version(); }

Result<std::unique_ptr<Engine>> Engine::open(const EngineOptions& options) {
  SB_TRYV(usable(options));
  std::unique_ptr<store::Store> store;
  if (options.database.empty()) {
    store = store::open_memory();
  } else {
    store::SqliteOptions file;
    file.path = options.database;
    file.create = options.create;
    file.read_only = options.read_only;
    file.full_sync = options.full_sync;
    file.accept_loss = options.accept_loss;
    file.busy_timeout_ms = static_cast<std::uint32_t>(std::clamp<std::int64_t>(options.busy_timeout.us / 1000, 0, longest_wait_ms));
    SB_TRY(store, store::open_sqlite(file));
  }
  return std::unique_ptr<Engine>(std::make_unique<runtime::CaseEngine>(std::move(store), options));
}

}  // namespace switchboard

namespace switchboard::runtime {

namespace {

constexpr std::size_t cached_instances = 4096;
constexpr std::size_t cached_bytes = 64u << 20;
constexpr std::int64_t longest_stall_us = 86'400'000'000;  ///< a day

}  // namespace

CaseEngine::CaseEngine(std::unique_ptr<store::Store> store, const EngineOptions& options)
    : store_(std::move(store)),
      time_(options.clock, options.force_clock ? LatestInstant() : LatestInstant([this] { return store_->latest(); })),
      read_only_(options.read_only),
      cache_(cached_instances, cached_bytes),
      definitions_(*store_, options.processes, [this] { cache_.clear(); }),
      observers_(std::make_shared<Observers>(std::chrono::microseconds(std::clamp<std::int64_t>(options.busy_timeout.us, 0, longest_stall_us)))),
      bell_(*store_),
      committer_(*store_, *observers_, bell_),
      commands_(*store_, definitions_, cache_, committer_, time_),
      outbox_(*store_, definitions_, commands_, committer_, time_),
      keeper_(*store_, definitions_, committer_, time_),
      registers_(*store_, definitions_, committer_, time_),
      offices_{*store_, definitions_, commands_, outbox_, keeper_, registers_},
      courier_(offices_, committer_),
      requests_(*store_, definitions_, commands_, offices_, courier_, time_, options.language),
      workers_(*store_, commands_, requests_, courier_, committer_, bell_, time_, options.language),
      waiting_(*store_, commands_, bell_, time_),
      timekeeper_(offices_, committer_, courier_, *observers_, time_),
      queries_(*store_, definitions_, commands_, time_, options.language),
      auditor_(*store_, definitions_, commands_, committer_, options.read_only) {}

CaseEngine::~CaseEngine() {
  bell_.drain();
  // What is not written is carried out again at the next opening, which is harmless.
  if (!read_only_) (void)committer_.flush();
}

Result<PruneReport> CaseEngine::prune(Instant before) {
  SB_TRY(const Instant at, time_.now());
  return runtime::prune(*store_, committer_, courier_, before, at);
}

Result<void> CaseEngine::backup(const std::string& path) {
  SB_TRYV(is_path(path, "the copy"));
  if (path.empty()) return Error{ErrorKind::usage, "SB0617", "the copy has no name", "", "say which file to write"};
  return store_->backup(path);
}

Result<DeploymentInfo> CaseEngine::deploy(std::string_view yaml, std::string_view file) {
  SB_TRY(const Instant at, time_.now());
  SB_TRY(const auto deployments, definitions_.deploy({{std::string(yaml), std::string(file)}}, at));
  return deployment_info(deployments.front());
}

Result<std::vector<DeploymentInfo>> CaseEngine::deploy_together(const std::vector<ProcessText>& texts) {
  SB_TRY(const Instant at, time_.now());
  SB_TRY(const auto deployments, definitions_.deploy(texts, at));
  std::vector<DeploymentInfo> infos;
  for (const store::Deployment& d : deployments) infos.push_back(deployment_info(d));
  return infos;
}

Result<void> CaseEngine::add_resource(std::string_view yaml, std::string_view file, CalendarChange change) {
  SB_TRY(const Instant at, time_.now());
  return definitions_.add_resource(yaml, file, at, change);
}

Result<DeploymentInfo> CaseEngine::deploy_process(std::string_view id) {
  SB_TRY(const Instant at, time_.now());
  SB_TRY(const auto deployment, definitions_.deploy_from_folder(id, at));
  return deployment_info(deployment);
}

Result<std::vector<ResourceInfo>> CaseEngine::resources() { return definitions_.resources(); }

Result<std::vector<DeploymentInfo>> CaseEngine::deployments() {
  SB_TRY(const auto all, definitions_.all());
  std::vector<DeploymentInfo> infos;
  for (const store::Deployment& d : all) {
    infos.push_back(deployment_info(d));
    infos.back().base = definitions_.base_of(d);
  }
  return infos;
}

Observation CaseEngine::observe(Observer observer) {
  if (!observer) return {};
  const std::uint64_t id = observers_->add(std::move(observer));
  return Observation([observers = std::weak_ptr(observers_), id] {
    if (const auto there = observers.lock()) there->remove(id);
  });
}

}  // namespace switchboard::runtime
