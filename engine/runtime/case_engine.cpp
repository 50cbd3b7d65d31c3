#include "runtime/case_engine.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>

#include "runtime/answers.hpp"
#include "runtime/ids.hpp"
#include "runtime/request_use.hpp"

namespace switchboard {

namespace {

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
    SB_TRY(store, store::open_sqlite(file));
  }
  auto engine = std::make_unique<runtime::CaseEngine>(std::move(store), options);
  if (!options.read_only) {
    std::size_t damaged = 0;
    SB_TRYV(engine->repeat_errands(damaged));
  }
  return std::unique_ptr<Engine>(std::move(engine));
}

}  // namespace switchboard

namespace switchboard::runtime {

namespace {

constexpr std::size_t cached_instances = 4096;

Instant system_now() { return Instant::from(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())); }

}  // namespace

CaseEngine::CaseEngine(std::unique_ptr<store::Store> store, const EngineOptions& options)
    : store_(std::move(store)),
      clock_(options.clock ? options.clock : Clock(system_now)),
      language_(options.language),
      read_only_(options.read_only),
      cache_(cached_instances),
      definitions_(*store_, options.processes, [this] { cache_.clear(); }),
      committer_(*store_) {}

CaseEngine::~CaseEngine() {
  // What is not written is carried out again at the next opening, which is harmless.
  if (!read_only_) (void)committer_.flush();
}

/// The clock is the embedder's. When it fails, the command ends as when the disk fails: nothing has changed, what waits is done later.
Result<Instant> CaseEngine::now() const {
  const auto failed = [](const char* what) {
    return Error{ErrorKind::storage, "SB0553", fmt::format("the clock threw: {}", what), {}, "let the clock tell the time, then repeat"};
  };
  try {
    const Instant at = clock_();
    last_told_.store(at.us, std::memory_order_relaxed);
    return at;
  } catch (const std::exception& e) {
    return failed(e.what());
  } catch (...) {
    return failed("something that is no std::exception");
  }
}

Result<DeploymentInfo> CaseEngine::deploy(std::string_view yaml, std::string_view file) {
  SB_TRY(const Instant at, now());
  SB_TRY(const auto deployment, definitions_.deploy(yaml, file, at));
  return deployment_info(deployment);
}

Result<void> CaseEngine::add_resource(std::string_view yaml, std::string_view file) {
  SB_TRY(const Instant at, now());
  return definitions_.add_resource(yaml, file, at);
}

Result<DeploymentInfo> CaseEngine::deploy_process(std::string_view id) {
  SB_TRY(const Instant at, now());
  SB_TRY(const auto deployment, definitions_.deploy_from_folder(id, at));
  return deployment_info(deployment);
}

Result<std::vector<DeploymentInfo>> CaseEngine::deployments() {
  SB_TRY(const auto all, definitions_.all());
  std::vector<DeploymentInfo> infos;
  for (const store::Deployment& d : all) infos.push_back(deployment_info(d));
  return infos;
}

Result<std::vector<std::string>> CaseEngine::names(NameKind kind) { return definitions_.names(kind); }

Result<CaseInfo> CaseEngine::start(std::string_view process, const Value& data, const StartOptions& options) {
  RequestUse use;
  if (!options.request_id.empty()) use = use_of("start", process, Context{{"data", data}, {"case", options.case_no}, {"at", options.start_event}});
  SB_TRY(const auto known, answer_given(options.request_id, use));
  if (known) return read_answer<CaseInfo>(*known);
  SB_TRY(const auto definition, definitions_.by_version(process, options.version));
  core::StartInstance command;
  command.case_no = options.case_no;
  command.data = data;
  command.start_event = options.start_event;
  SB_TRY(auto applied, start_instance(definition, std::move(command), options.request_id, use));
  return answer_case(options.request_id, std::move(applied));
}

Result<CaseInfo> CaseEngine::complete(const WorkId& work, const Value& result, std::string_view by, std::string_view request_id) {
  SB_TRY(const auto id, parse_part_id(work, "work"));
  return submit(id.first, core::CompleteWork{{id.second}, result, std::string(by)}, request_id);
}

Result<WorkInfo> CaseEngine::claim(const WorkId& work, std::string_view by, std::string_view request_id) {
  SB_TRY(const auto id, parse_part_id(work, "work"));
  SB_TRY(const auto loaded, load(id.first, false));
  const core::Work* found = loaded ? loaded.instance->find(core::WorkKey{id.second}) : nullptr;
  return claim(work, by, found == nullptr ? Words() : found->groups, request_id);
}

Result<WorkInfo> CaseEngine::claim(const WorkId& work, std::string_view by, const std::vector<std::string>& groups, std::string_view request_id) {
  SB_TRY(const auto id, parse_part_id(work, "work"));
  return submit_work(id.first, {id.second}, core::ClaimWork{{id.second}, std::string(by), groups, std::nullopt}, request_id);
}

Result<WorkInfo> CaseEngine::release(const WorkId& work, std::string_view by, std::string_view request_id) {
  SB_TRY(const auto id, parse_part_id(work, "work"));
  return submit_work(id.first, {id.second}, core::ReleaseWork{{id.second}, std::string(by)}, request_id);
}

Result<CaseInfo> CaseEngine::fail(const WorkId& work, std::string_view message, std::string_view error, std::string_view by,
                                  std::string_view request_id) {
  SB_TRY(const auto id, parse_part_id(work, "work"));
  return submit(id.first, core::FailWork{{id.second}, std::string(message), std::string(error), {}, std::string(by)}, request_id);
}

Result<CaseInfo> CaseEngine::cancel(const InstanceId& instance, std::string_view reason, std::string_view by, std::string_view request_id) {
  SB_TRY(const auto key, parse_instance_id(instance));
  return submit(key, core::CancelInstance{std::string(reason), std::string(by)}, request_id);
}

Result<CaseInfo> CaseEngine::suspend(const InstanceId& instance, std::string_view reason, std::string_view by, std::string_view request_id) {
  SB_TRY(const auto key, parse_instance_id(instance));
  return submit(key, core::SuspendInstance{std::string(reason), std::string(by)}, request_id);
}

Result<CaseInfo> CaseEngine::resume(const InstanceId& instance, std::string_view by, std::string_view request_id) {
  SB_TRY(const auto key, parse_instance_id(instance));
  SB_TRY(auto info, submit(key, core::ResumeInstance{std::string(by)}, request_id));
  // Answers of called cases may have waited for this.
  std::size_t damaged = 0;
  SB_TRYV(repeat_errands(damaged));
  return info;
}

Result<CaseInfo> CaseEngine::set_data(const InstanceId& instance, const Value& data, std::string_view by, std::string_view request_id) {
  SB_TRY(const auto key, parse_instance_id(instance));
  return submit(key, core::SetData{data, std::string(by)}, request_id);
}

Result<CaseInfo> CaseEngine::resolve(std::string_view incident, const Value& data, std::string_view by, std::string_view request_id) {
  SB_TRY(const auto id, parse_part_id(incident, "incident"));
  core::ResolveIncident command;
  command.incident = {id.second};
  command.data = data;
  command.by = by;
  return submit(id.first, std::move(command), request_id);
}

Result<CaseInfo> CaseEngine::rederive(const InstanceId& instance, std::string_view reason, std::string_view request_id) {
  SB_TRY(const auto key, parse_instance_id(instance));
  SB_TRYV(definitions_.refresh());
  return submit(key, core::RederiveClocks{std::string(reason)}, request_id);
}

void CaseEngine::listen(std::function<void(const CaseInfo&, const std::vector<HistoryInfo>&)> listener) {
  if (!listener) return committer_.listen({});
  committer_.listen([listener = std::move(listener)](const Transition& t) {
    std::vector<HistoryInfo> entries;
    for (const core::Event& event : t.events) entries.push_back(history_info(*t.process, event));
    listener(case_info(*t.process, *t.after), entries);
  });
}

}  // namespace switchboard::runtime
