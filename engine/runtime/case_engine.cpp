#include "runtime/case_engine.hpp"

#include <chrono>
#include <utility>

#include "runtime/answers.hpp"
#include "runtime/ids.hpp"
#include "runtime/request_use.hpp"

namespace switchboard {

Result<std::unique_ptr<Engine>> Engine::open(const EngineOptions& options) {
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

Result<DeploymentInfo> CaseEngine::deploy(std::string_view yaml, std::string_view file) {
  SB_TRY(const auto deployment, definitions_.deploy(yaml, file, now()));
  return deployment_info(deployment);
}

Result<void> CaseEngine::add_resource(std::string_view yaml, std::string_view file) { return definitions_.add_resource(yaml, file, now()); }

Result<DeploymentInfo> CaseEngine::deploy_process(std::string_view id) {
  SB_TRY(const auto deployment, definitions_.deploy_from_folder(id, now()));
  return deployment_info(deployment);
}

Result<std::vector<DeploymentInfo>> CaseEngine::deployments() {
  SB_TRY(const auto all, definitions_.all());
  std::vector<DeploymentInfo> infos;
  for (const store::Deployment& d : all) infos.push_back(deployment_info(d));
  return infos;
}

Result<CaseInfo> CaseEngine::start(std::string_view process, const Value& data, const StartOptions& options) {
  RequestUse use;
  if (!options.request_id.empty()) {
    use = use_of("start", process, Context{{"data", data}, {"case", options.case_no}, {"at", options.start_event}});
    SB_TRY(auto known, store_->answer_of(options.request_id));
    if (known) {
      SB_TRYV(same_use(*known, use));
      return read_answer<CaseInfo>(*known);
    }
  }
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
