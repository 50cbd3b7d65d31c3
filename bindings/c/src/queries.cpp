// Looking.
#include <string>
#include <utility>

#include "answers.hpp"
#include "arguments.hpp"
#include "door.hpp"
#include "switchboard/report.hpp"

using switchboard::Engine;
using switchboard::Result;
using switchboard::Value;
using namespace switchboard::c;

namespace {

template <class Info>
using Query = Result<std::vector<Info>> (Engine::*)(const switchboard::Find&);

template <class Info>
sb_status list(sb_engine* engine, const char* find, char** answer, Query<Info> query) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto filter, options_of<switchboard::Find>(find, "find"));
    SB_TRY(const auto all, (e.engine.get()->*query)(filter));
    return to_value(all, e.zone);
  });
}

}  // namespace

extern "C" {

sb_status sb_instance(sb_engine* engine, const char* instance, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto id, text(instance, "instance"));
    SB_TRY(const auto info, e.engine->instance(std::string(id)));
    return to_value(info, e.zone);
  });
}

sb_status sb_data(sb_engine* engine, const char* instance, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto id, text(instance, "instance"));
    return e.engine->data(std::string(id));
  });
}

sb_status sb_instances(sb_engine* engine, const char* find, char** answer) { return list(engine, find, answer, &Engine::instances); }
sb_status sb_count(sb_engine* engine, const char* find, const char* by, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto filter, options_of<switchboard::Find>(find, "find"));
    SB_TRY(const auto key, optional_text(by, "by"));
    SB_TRY(const auto all, e.engine->count(filter, key));
    return to_value(all, e.zone);
  });
}
sb_status sb_work(sb_engine* engine, const char* find, char** answer) { return list(engine, find, answer, &Engine::work); }
sb_status sb_clocks(sb_engine* engine, const char* find, char** answer) { return list(engine, find, answer, &Engine::clocks); }
sb_status sb_outbox(sb_engine* engine, const char* find, char** answer) { return list(engine, find, answer, &Engine::outbox); }
sb_status sb_messages(sb_engine* engine, const char* find, char** answer) { return list(engine, find, answer, &Engine::messages); }
sb_status sb_incidents(sb_engine* engine, const char* find, char** answer) { return list(engine, find, answer, &Engine::incidents); }

sb_status sb_form(sb_engine* engine, const char* work, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto id, text(work, "work"));
    SB_TRY(const auto fields, e.engine->form(std::string(id)));
    return to_value(fields, e.zone);
  });
}

sb_status sb_history(sb_engine* engine, const char* instance, uint64_t after, size_t limit, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto id, text(instance, "instance"));
    if (after > static_cast<uint64_t>(INT64_MAX))
      return switchboard::Error{switchboard::ErrorKind::usage, "SB1104", "'after' must be a whole number that is not negative", "after", "0 for all"};
    SB_TRY(const auto all, e.engine->history(std::string(id), after, limit));
    return to_value(all, e.zone);
  });
}

sb_status sb_row(sb_engine* engine, const char* register_id, const char* key, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto of, text(register_id, "register_id"));
    SB_TRY(const auto row, text(key, "key"));
    SB_TRY(const auto info, e.engine->row(of, row));
    return to_value(info, e.zone);
  });
}

sb_status sb_rows(sb_engine* engine, const char* register_id, const char* after, size_t limit, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto of, text(register_id, "register_id"));
    SB_TRY(const auto behind, optional_text(after, "after"));
    SB_TRY(const auto all, e.engine->rows(of, behind, limit));
    return to_value(all, e.zone);
  });
}

sb_status sb_row_history(sb_engine* engine, const char* register_id, const char* key, uint64_t after, size_t limit, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto of, text(register_id, "register_id"));
    SB_TRY(const auto row, text(key, "key"));
    if (after > static_cast<uint64_t>(INT64_MAX))
      return switchboard::Error{switchboard::ErrorKind::usage, "SB1104", "'after' must be a whole number that is not negative", "after", "0 for all"};
    SB_TRY(const auto all, e.engine->row_history(of, row, after, limit));
    return to_value(all, e.zone);
  });
}

sb_status sb_zone(sb_engine* engine, const char* process, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto id, text(process, "process"));
    SB_TRY(auto zone, e.engine->zone(id));
    return Value(std::move(zone));
  });
}

sb_status sb_names(sb_engine* engine, const char* kind, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto word, text(kind, "kind"));
    const auto sort = switchboard::parse_word<switchboard::NameKind>(word);
    if (!sort)
      return switchboard::Error{switchboard::ErrorKind::usage, "SB1104",
                                "'kind' must be one of clock, message, signal, pending_calendar, not '" + std::string(word) + "'", "kind", ""};
    SB_TRY(const auto names, e.engine->names(*sort));
    return Value(switchboard::List(names.begin(), names.end()));
  });
}

sb_status sb_work_of_request(sb_engine* engine, const char* request_id, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto request, text(request_id, "request_id"));
    SB_TRY(const auto work, e.engine->work_of_request(request));
    return work ? to_value(*work, e.zone) : Value();
  });
}

sb_status sb_report(sb_engine* engine, const char* query, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto wanted, options_of<switchboard::report::PromiseQuery>(query, "query"));
    SB_TRY(const auto report, switchboard::report::promises(*e.engine, wanted));
    return switchboard::report::to_value(report);
  });
}

sb_status sb_check(sb_engine* engine, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto violations, e.engine->check());
    return Value(switchboard::List(violations.begin(), violations.end()));
  });
}
}
