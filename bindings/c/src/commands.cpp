// Commands on cases and work.
#include <string>

#include "answers.hpp"
#include "arguments.hpp"
#include "door.hpp"

using switchboard::Caller;
using switchboard::Result;
using switchboard::Value;
using namespace switchboard::c;

namespace {

/// What every command says beside its own: who does it, and under which request.
Result<Caller> caller_of(const char* by, const char* request_id) {
  SB_TRY(const auto who, optional_text(by, "by"));
  SB_TRY(const auto request, optional_text(request_id, "request_id"));
  Caller caller;
  caller.by = who;
  caller.request_id = request;
  return caller;
}

/// A command on the thing named by `subject` ("i-17", "i-17/5"): `command` gets the engine, that id and the caller.
template <class Command>
sb_status command_on(sb_engine* engine, const char* subject, const char* name, const char* by, const char* request_id, char** answer,
                     Command&& command) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto id, text(subject, name));
    SB_TRY(const auto caller, caller_of(by, request_id));
    SB_TRY(const auto info, command(*e.engine, std::string(id), caller));
    return to_value(info, e.zone);
  });
}

using switchboard::CaseInfo;
using switchboard::Engine;
using switchboard::WorkInfo;

}  // namespace

extern "C" {

sb_status sb_start(sb_engine* engine, const char* process, const char* data, const char* options, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto id, text(process, "process"));
    SB_TRY(const auto values, object(data, "data"));
    SB_TRY(const auto how, start_options(options));
    SB_TRY(const auto info, e.engine->start(id, values, how.options, how.caller));
    return to_value(info, e.zone);
  });
}

sb_status sb_complete(sb_engine* engine, const char* work, const char* result, const char* by, const char* request_id, char** answer) {
  return command_on(engine, work, "work", by, request_id, answer, [&](Engine& e, const std::string& id, const Caller& caller) -> Result<CaseInfo> {
    SB_TRY(const auto values, object(result, "result"));
    return e.complete(id, values, caller);
  });
}

sb_status sb_claim(sb_engine* engine, const char* work, const char* by, const char* request_id, char** answer) {
  return command_on(engine, work, "work", by, request_id, answer,
                    [&](Engine& e, const std::string& id, const Caller& caller) -> Result<WorkInfo> { return e.claim(id, caller); });
}

sb_status sb_release(sb_engine* engine, const char* work, const char* by, const char* request_id, char** answer) {
  return command_on(engine, work, "work", by, request_id, answer,
                    [&](Engine& e, const std::string& id, const Caller& caller) -> Result<WorkInfo> { return e.release(id, caller); });
}

sb_status sb_fail(sb_engine* engine, const char* work, const char* message, const char* error, const char* by, const char* request_id,
                  char** answer) {
  return command_on(engine, work, "work", by, request_id, answer, [&](Engine& e, const std::string& id, const Caller& caller) -> Result<CaseInfo> {
    SB_TRY(const auto why, optional_text(message, "message"));
    SB_TRY(const auto code, optional_text(error, "error"));
    return e.fail(id, {std::string(why), std::string(code)}, caller);
  });
}

sb_status sb_message(sb_engine* engine, const char* name, const char* correlation, const char* payload, const char* request_id, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto message, text(name, "name"));
    SB_TRY(const auto key, optional_text(correlation, "correlation"));
    SB_TRY(const auto values, object(payload, "payload"));
    SB_TRY(const auto caller, caller_of(nullptr, request_id));
    SB_TRY(const auto info, e.engine->message(message, key, values, caller));
    return to_value(info, e.zone);
  });
}

sb_status sb_signal(sb_engine* engine, const char* name, const char* payload, const char* request_id, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto signal, text(name, "name"));
    SB_TRY(const auto values, object(payload, "payload"));
    SB_TRY(const auto caller, caller_of(nullptr, request_id));
    SB_TRY(const auto reached, e.engine->signal(signal, values, caller));
    return count(reached);
  });
}

sb_status sb_cancel(sb_engine* engine, const char* instance, const char* reason, const char* by, const char* request_id, char** answer) {
  return command_on(engine, instance, "instance", by, request_id, answer,
                    [&](Engine& e, const std::string& id, const Caller& caller) -> Result<CaseInfo> {
                      SB_TRY(const auto why, optional_text(reason, "reason"));
                      return e.cancel(id, why, caller);
                    });
}

sb_status sb_suspend(sb_engine* engine, const char* instance, const char* reason, const char* by, const char* request_id, char** answer) {
  return command_on(engine, instance, "instance", by, request_id, answer,
                    [&](Engine& e, const std::string& id, const Caller& caller) -> Result<CaseInfo> {
                      SB_TRY(const auto why, optional_text(reason, "reason"));
                      return e.suspend(id, why, caller);
                    });
}

sb_status sb_resume(sb_engine* engine, const char* instance, const char* by, const char* request_id, char** answer) {
  return command_on(engine, instance, "instance", by, request_id, answer,
                    [&](Engine& e, const std::string& id, const Caller& caller) -> Result<CaseInfo> { return e.resume(id, caller); });
}

sb_status sb_set_data(sb_engine* engine, const char* instance, const char* data, const char* by, const char* request_id, char** answer) {
  return command_on(engine, instance, "instance", by, request_id, answer,
                    [&](Engine& e, const std::string& id, const Caller& caller) -> Result<CaseInfo> {
                      SB_TRYV(text(data, "data"));
                      SB_TRY(const auto values, object(data, "data"));
                      return e.set_data(id, values, caller);
                    });
}

sb_status sb_resolve(sb_engine* engine, const char* incident, const char* data, const char* by, const char* request_id, char** answer) {
  return command_on(engine, incident, "incident", by, request_id, answer,
                    [&](Engine& e, const std::string& id, const Caller& caller) -> Result<CaseInfo> {
                      SB_TRY(const auto values, object(data, "data"));
                      return e.resolve(id, values, caller);
                    });
}

sb_status sb_rederive(sb_engine* engine, const char* instance, const char* reason, const char* request_id, char** answer) {
  return command_on(engine, instance, "instance", nullptr, request_id, answer,
                    [&](Engine& e, const std::string& id, const Caller& caller) -> Result<CaseInfo> {
                      SB_TRY(const auto why, optional_text(reason, "reason"));
                      return e.rederive(id, why, caller);
                    });
}
}
