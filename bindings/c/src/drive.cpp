// Time, jobs, outbox and listener: where the embedder's callbacks run.
#include <chrono>
#include <utility>

#include "answers.hpp"
#include "arguments.hpp"
#include "door.hpp"
#include "reply.hpp"

using switchboard::Result;
using switchboard::Value;
using namespace switchboard::c;

namespace {

Result<void> present(bool there, const char* name) {
  if (!there)
    return switchboard::Error{switchboard::ErrorKind::usage, "SB1102", std::string("the argument '") + name + "' is missing (NULL)", "", ""};
  return switchboard::success();
}

/// The engine takes an empty text for "delivered", so a failure must say something.
std::string problem_of(const switchboard::JobResult& answer) {
  if (!answer.failed) return {};
  return answer.message.empty() ? "the adapter failed without saying why" : answer.message;
}

}  // namespace

extern "C" {

sb_status sb_tick(sb_engine* engine, size_t limit, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto report, e.engine->tick(limit));
    return to_value(report, e.zone);
  });
}

sb_status sb_work_off(sb_engine* engine, const char* topic, sb_worker worker, void* user, size_t limit, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto name, text(topic, "topic"));
    SB_TRYV(present(worker != nullptr, "worker"));
    const auto handler = [&](const switchboard::Job& job) {
      sb_reply reply;
      worker(user, to_json(to_value(job, e.zone)).c_str(), &reply);
      return answer_of(reply);
    };
    SB_TRY(const auto ran, e.engine->work_off(name, handler, limit));
    return count(ran);
  });
}

sb_status sb_deliver(sb_engine* engine, const char* find, sb_adapter adapter, void* user, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRYV(present(adapter != nullptr, "adapter"));
    SB_TRY(const auto wanted, options_of<switchboard::Delivery>(find, "find"));
    const auto deliver = [&](const switchboard::OutboxInfo& record) {
      sb_reply reply;
      adapter(user, to_json(to_value(record, e.zone)).c_str(), &reply);
      return problem_of(answer_of(reply));
    };
    SB_TRY(const auto delivered, e.engine->deliver(wanted, deliver));
    return count(delivered);
  });
}

sb_status sb_set_register_source(sb_engine* engine, sb_register_source source, void* user, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    switchboard::RegisterSource asks;
    if (source != nullptr)
      asks = [source, user](std::string_view register_id, std::string_view key) -> Result<std::optional<Value>> {
        sb_reply reply;
        const Value question(switchboard::Context{{"register_id", std::string(register_id)}, {"key", std::string(key)}});
        source(user, to_json(question).c_str(), &reply);
        const switchboard::JobResult given = answer_of(reply);
        if (!given.failed) return std::optional<Value>(given.result);
        if (given.error == "not-mine") return std::optional<Value>();
        if (given.error == "no-row") return std::optional<Value>(Value());
        return switchboard::Error{switchboard::ErrorKind::invalid, "SB0583", problem_of(given), "", ""};
      };
    e.engine->set_register_source(std::move(asks));
    return Value(switchboard::Context{});
  });
}

sb_status sb_backup(sb_engine* engine, const char* path, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto given, text(path, "path"));
    SB_TRYV(e.engine->backup(std::string(given)));
    return Value(switchboard::Context{});
  });
}

sb_status sb_prune(sb_engine* engine, const char* before, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto given, text(before, "before"));
    const auto at = switchboard::parse_instant(std::string(given));
    if (!at)
      return switchboard::Error{switchboard::ErrorKind::usage, "SB1104", "'before' must be an instant such as \"2026-03-02T09:00:00+08:00\"",
                                "before", ""};
    SB_TRY(const auto report, e.engine->prune(*at));
    return to_value(report, e.zone);
  });
}

sb_status sb_fetch(sb_engine* engine, const char* fetch, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto request, options_of<switchboard::Fetch>(fetch, "fetch"));
    SB_TRY(const auto jobs, e.engine->fetch(request));
    switchboard::List all;
    for (const switchboard::Job& job : jobs) all.push_back(to_value(job, e.zone));
    return Value(std::move(all));
  });
}

sb_status sb_wait(sb_engine* engine, const char* interest, double seconds_at_most, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto wanted, options_of<switchboard::Interest>(interest, "interest"));
    SB_TRY(const auto most, seconds(seconds_at_most, "seconds_at_most"));
    const auto now = switchboard::Instant::from(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()));
    SB_TRY(const bool there, e.engine->wait(wanted, now + most));
    return Value(switchboard::Context{{"there", there}});
  });
}

sb_status sb_stop_waiting(sb_engine* engine, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    e.engine->stop_waiting();
    return Value(switchboard::Context());
  });
}

sb_status sb_listen(sb_engine* engine, sb_listener listener, void* user, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRYV(present(listener != nullptr, "listener"));
    const auto observer = [listener, user, zone = e.zone](const switchboard::CaseInfo& c, const std::vector<switchboard::HistoryInfo>& history) {
      const switchboard::Context change{{"case", to_value(c, zone)}, {"history", to_value(history, zone)}};
      listener(user, switchboard::to_json(Value(change)).c_str());
    };
    return Value(switchboard::Context{{"listener", static_cast<std::int64_t>(e.keep(e.engine->observe(observer)))}});
  });
}

sb_status sb_unlisten(sb_engine* engine, uint64_t listener, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRYV(e.end_observation(listener));
    return Value(switchboard::Context());
  });
}
}
