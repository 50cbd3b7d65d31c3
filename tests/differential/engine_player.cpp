// The engine as a player: the public door for every command, a clock that is turned by hand, and the histories as they stand in the store.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "differential/player.hpp"
#include "runtime/case_engine.hpp"
#include "runtime/ids.hpp"
#include "store/store.hpp"

namespace switchboard::differential {

namespace {

class EnginePlayer final : public Player {
 public:
  EnginePlayer(const Stage& stage, StoreKind kind, std::string& trouble) : stage_(stage), now_(stage.begin) {
    std::unique_ptr<store::Store> store;
    if (kind == StoreKind::file) {
      static int number = 0;
      file_ = std::filesystem::temp_directory_path() / fmt::format("switchboard-differential-{}-{}.db", ::getpid(), number++);
      store::SqliteOptions options;
      options.path = file_.string();
      options.full_sync = false;
      auto opened = store::open_sqlite(options);
      if (!opened) {
        trouble = opened.error().text();
        return;
      }
      store = std::move(opened.value());
    } else {
      store = store::open_memory();
    }
    store_ = store.get();
    EngineOptions options;
    options.clock = [this] { return now_; };
    options.force_clock = true;  // tests pass over years
    engine_ = std::make_unique<runtime::CaseEngine>(std::move(store), options);
    for (const auto& [name, text] : stage.resources) note(engine_->add_resource(text, name), trouble);
    for (const auto& [id, text] : stage.texts) note(engine_->deploy(text, id + ".yaml"), trouble);
  }

  ~EnginePlayer() override {
    engine_.reset();
    if (file_.empty()) return;
    for (const char* ending : {"", "-wal", "-shm"}) {
      std::error_code ignored;
      std::filesystem::remove(file_.string() + ending, ignored);
    }
  }

  std::string act(const Action& action) override {
    if (const auto* a = std::get_if<Advance>(&action)) return advance(*a);
    const std::string outcome = command(action);
    const std::string fired = advance({now_});
    if (!fired.empty()) return fired;
    const std::string unsound = audit();
    return unsound.empty() ? outcome : unsound;
  }

  Histories histories() override {
    Histories all;
    for (std::uint64_t key = 1, missing = 0; missing < 50; ++key) {
      const auto stored = store_->load(InstanceKey{key});
      if (!stored || !stored.value()) {
        ++missing;  // the key of a start that was refused
        continue;
      }
      missing = 0;
      const core::ProcessInstance& i = stored.value()->instance;
      auto& lines = all[key];
      lines.push_back(head_of(i));
      const auto history = store_->history(InstanceKey{key}, 0, 1'000'000);
      if (!history) {
        lines.push_back(history.error().text());
        continue;
      }
      for (const store::HistoryRow& row : history.value()) lines.push_back(line_of(row.event, *stage_.processes.find(i.process)->second));
    }
    return all;
  }

 private:
  /// What `fsck` says, now and then: it must find nothing wrong with what an engine has written itself, whatever a case is doing just then.
  std::string audit() {
    constexpr std::size_t every = 5;
    if (++acted_ % every != 0) return {};
    const auto found = engine_->check();
    if (!found) return "fsck: " + found.error().text();
    return found.value().empty() ? std::string() : "fsck: " + found.value().front();
  }

  template <class T>
  static void note(const Result<T>& result, std::string& trouble) {
    if (!result && trouble.empty()) trouble = result.error().text();
  }

  static std::string work_id(InstanceKey instance, std::uint64_t key) { return fmt::format("i-{}.{}", instance.value, key); }

  std::string command(const Action& action) {
    return std::visit(Overload{[&](const Start& a) {
                                 StartOptions options;
                                 options.case_no = a.case_no;
                                 options.start_event = a.start_event;
                                 return rule_of(engine_->start(a.process, a.data, options));
                               },
                               [&](const Submit& a) { return submit(a); },
                               [&](const SendMessage& a) { return rule_of(engine_->message(a.name, a.key, a.payload)); },
                               [&](const SendToCase& a) { return rule_of(engine_->message_to_case(a.name, a.case_no, a.payload)); },
                               [&](const SendSignal& a) {
                                 const auto heard = engine_->signal(a.name, a.payload);
                                 return heard ? fmt::format("heard by {}", heard.value()) : heard.error().id;
                               },
                               [&](const FetchJobs& a) { return fetch(a); }, [](const Advance& /*a*/) { return std::string(); }},
                      action);
  }

  std::string fetch(const FetchJobs& a) {
    Fetch request;
    request.worker = a.worker;
    request.topics = {a.topic};
    request.most = a.most;
    request.lease = a.lease;
    const auto jobs = engine_->fetch(request);
    if (!jobs) return jobs.error().id;
    std::string given;
    for (const Job& job : jobs.value()) {
      const auto id = runtime::parse_part_id(job.work, "work");
      if (!id) return id.error().id;
      given += text_of_job(id.value().first, core::WorkKey{id.value().second}, job.token);
    }
    return given;
  }

  std::string submit(const Submit& a) {
    const std::string instance = fmt::format("i-{}", a.instance.value);
    const auto work = [&](core::WorkKey key) { return work_id(a.instance, key.value); };
    return std::visit(
        Overload{
            [&](const core::CompleteWork& c) {
              return rule_of(engine_->complete(work(c.work), c.result, {.by = c.by, .groups = c.groups, .token = c.token}));
            },
            [&](const core::FailWork& c) {
              return rule_of(
                  engine_->fail(work(c.work), {c.message, c.error, c.retries, c.retry_at}, {.by = c.by, .groups = c.groups, .token = c.token}));
            },
            [&](const core::ClaimWork& c) {
              const Caller caller{.by = c.by, .groups = c.groups, .token = c.token};
              return c.token == 0 ? rule_of(engine_->claim(work(c.work), caller))
                                  : rule_of(engine_->extend(work(c.work), c.lease_until.value_or(now_) - now_, caller));
            },
            [&](const core::ReleaseWork& c) { return rule_of(engine_->release(work(c.work), {.by = c.by, .token = c.token, .reason = c.reason})); },
            [&](const core::AssignWork& c) { return rule_of(engine_->assign(work(c.work), c.to, c.reason, {.by = c.by})); },
            [&](const core::MoveToOrganisation& c) {
              return c.work ? rule_of(engine_->move_work(work(c.work), c.to, c.reason, {.by = c.by}))
                            : rule_of(engine_->move(instance, c.to, c.reason, {.by = c.by}));
            },
            [&](const core::CorrectData& c) { return rule_of(engine_->correct(instance, c.data, {.by = c.by, .reason = c.reason})); },
            [&](const core::SetData& c) { return rule_of(engine_->set_data(instance, c.data, {.by = c.by, .reason = c.reason})); },
            [&](const core::SuspendInstance& c) { return rule_of(engine_->suspend(instance, c.reason, {.by = c.by})); },
            [&](const core::ResumeInstance& c) { return rule_of(engine_->resume(instance, {.by = c.by})); },
            [&](const core::CancelInstance& c) { return rule_of(engine_->cancel(instance, c.reason, {.by = c.by})); },
            [&](const core::ResolveIncident& c) {
              return rule_of(engine_->resolve(work_id(a.instance, c.incident.value), c.data, {.by = c.by, .reason = c.reason}));
            },
            [&](const core::ChangeClock& c) {
              const auto change = parse_word<ClockChange>(to_string(c.kind)).value();
              const std::string amount = c.amount.is_zero() ? std::string() : calendar::to_string(c.amount);
              return rule_of(engine_->change_clock(instance, c.clock, change, amount, c.reason, {.by = c.by}));
            },
            [&](const core::BeginActivity& c) { return rule_of(engine_->begin_activity(instance, c.activity, {.by = c.by})); },
            [&](const core::RederiveClocks& c) { return rule_of(engine_->rederive(instance, c.reason)); },
            [](const auto& /*c*/) { return std::string("not a command of the engine's door"); }},
        a.what);
  }

  /// One thing at a time, each at its own instant: what is due at one instant in several cases is fired side by side otherwise, and that is another
  /// order (which an engine may choose).
  std::string advance(const Advance& a) {
    constexpr int most = 100'000;
    const auto goes = [&](Instant due) { return a.stops_short ? due < a.to : due <= a.to; };
    for (int i = 0; i < most && (goes(now_) || !a.stops_short); ++i) {
      const auto report = engine_->tick(1);
      if (!report) return "tick: " + report.error().text();
      const auto& next = report.value().next_due;
      if (!next || !goes(*next)) break;
      now_ = std::max(now_, *next);
    }
    now_ = std::max(now_, a.to);
    return {};
  }

  const Stage& stage_;
  Instant now_;
  std::filesystem::path file_;
  store::Store* store_ = nullptr;
  std::size_t acted_ = 0;
  std::unique_ptr<Engine> engine_;
};

}  // namespace

std::unique_ptr<Player> play_in_engine(const Stage& stage, StoreKind kind, std::string& trouble) {
  auto player = std::make_unique<EnginePlayer>(stage, kind, trouble);
  return trouble.empty() ? std::move(player) : nullptr;
}

}  // namespace switchboard::differential
