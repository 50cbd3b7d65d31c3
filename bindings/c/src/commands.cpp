// Commands on cases and work.
#include <string>
#include <string_view>

#include "answers.hpp"
#include "arguments.hpp"
#include "door.hpp"

using switchboard::Caller;
using switchboard::CaseInfo;
using switchboard::Engine;
using switchboard::Failure;
using switchboard::Result;
using switchboard::StartOptions;
using switchboard::Value;
using switchboard::WorkInfo;
using namespace switchboard::c;

namespace {

/// A command on the thing named by `subject` ("i-17", "i-17.5"): `command` gets the engine, that id and the caller.
template <class Command>
sb_status command_on(sb_engine* engine, const char* subject, const char* name, const char* caller, char** answer, Command&& command) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto id, text(subject, name));
    SB_TRY(const auto who, options_of<Caller>(caller, "caller"));
    SB_TRY(const auto info, command(*e.engine, std::string(id), who));
    return to_value(info, e.zone);
  });
}

/// The same with a reason, which may be left out: a command that stops a case, or moves it.
using Reasoned = Result<CaseInfo> (Engine::*)(const switchboard::InstanceId&, std::string_view, const Caller&);
sb_status command_with_reason(sb_engine* engine, const char* instance, const char* reason, const char* caller, char** answer, Reasoned command) {
  return command_on(engine, instance, "instance", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<CaseInfo> {
    SB_TRY(const auto why, optional_text(reason, "reason"));
    return (e.*command)(id, why, who);
  });
}

/// A message or a signal: `command` gets the engine, the name, the payload and the caller.
template <class Command>
sb_status send(sb_engine* engine, const char* name, const char* payload, const char* caller, char** answer, Command&& command) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto called, text(name, "name"));
    SB_TRY(const auto values, object(payload, "payload"));
    SB_TRY(const auto who, options_of<Caller>(caller, "caller"));
    return command(e, called, values, who);
  });
}

}  // namespace

extern "C" {

sb_status sb_put_row(sb_engine* engine, const char* register_id, const char* key, const char* fields, const char* caller, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto of, text(register_id, "register_id"));
    SB_TRY(const auto row, text(key, "key"));
    SB_TRY(const auto values, object(fields, "fields"));
    SB_TRY(const auto who, options_of<Caller>(caller, "caller"));
    SB_TRY(const auto info, e.engine->put_row(of, row, values, who));
    return to_value(info, e.zone);
  });
}

sb_status sb_import_rows(sb_engine* engine, const char* register_id, const char* rows, const char* caller, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto of, text(register_id, "register_id"));
    SB_TRY(const auto given, text(rows, "rows"));
    SB_TRY(const auto who, options_of<Caller>(caller, "caller"));
    SB_TRY(const auto values, switchboard::parse_json(given));
    if (values.list() == nullptr)
      return switchboard::Error{switchboard::ErrorKind::usage, "SB1104", "'rows' must be a list of objects", "rows", "[{\"field\": value}, ...]"};
    const std::vector<Value> all(values.list()->begin(), values.list()->end());
    SB_TRY(const auto report, e.engine->import_rows(of, all, who));
    return to_value(report, e.zone);
  });
}

sb_status sb_start(sb_engine* engine, const char* process, const char* data, const char* options, const char* caller, char** answer) {
  return command_on(engine, process, "process", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<CaseInfo> {
    SB_TRY(const auto values, object(data, "data"));
    SB_TRY(const auto how, options_of<StartOptions>(options, "options"));
    return e.start(id, values, how, who);
  });
}

sb_status sb_complete(sb_engine* engine, const char* work, const char* result, const char* caller, char** answer) {
  return command_on(engine, work, "work", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<CaseInfo> {
    SB_TRY(const auto values, object(result, "result"));
    return e.complete(id, values, who);
  });
}

sb_status sb_claim(sb_engine* engine, const char* work, const char* caller, char** answer) {
  return command_on(engine, work, "work", caller, answer, [](Engine& e, const std::string& id, const Caller& who) { return e.claim(id, who); });
}

sb_status sb_release(sb_engine* engine, const char* work, const char* caller, char** answer) {
  return command_on(engine, work, "work", caller, answer, [](Engine& e, const std::string& id, const Caller& who) { return e.release(id, who); });
}

sb_status sb_assign(sb_engine* engine, const char* work, const char* person, const char* reason, const char* caller, char** answer) {
  return command_on(engine, work, "work", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<WorkInfo> {
    SB_TRY(const auto to, text(person, "person"));
    SB_TRY(const auto why, optional_text(reason, "reason"));
    return e.assign(id, to, why, who);
  });
}

sb_status sb_move(sb_engine* engine, const char* instance, const char* organisation, const char* reason, const char* caller, char** answer) {
  return command_on(engine, instance, "instance", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<CaseInfo> {
    SB_TRY(const auto to, text(organisation, "organisation"));
    SB_TRY(const auto why, optional_text(reason, "reason"));
    return e.move(id, to, why, who);
  });
}

sb_status sb_move_work(sb_engine* engine, const char* work, const char* organisation, const char* reason, const char* caller, char** answer) {
  return command_on(engine, work, "work", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<WorkInfo> {
    SB_TRY(const auto to, text(organisation, "organisation"));
    SB_TRY(const auto why, optional_text(reason, "reason"));
    return e.move_work(id, to, why, who);
  });
}

sb_status sb_extend(sb_engine* engine, const char* work, double lease_seconds, const char* caller, char** answer) {
  return command_on(engine, work, "work", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<WorkInfo> {
    SB_TRY(const auto lease, seconds(lease_seconds, "lease_seconds"));
    return e.extend(id, lease, who);
  });
}

sb_status sb_fail(sb_engine* engine, const char* work, const char* failure, const char* caller, char** answer) {
  return command_on(engine, work, "work", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<CaseInfo> {
    SB_TRY(const auto what, options_of<Failure>(failure, "failure"));
    return e.fail(id, what, who);
  });
}

sb_status sb_message(sb_engine* engine, const char* name, const char* correlation, const char* payload, const char* caller, char** answer) {
  return send(engine, name, payload, caller, answer,
              [&](OpenEngine& e, std::string_view message, const Value& values, const Caller& who) -> Result<Value> {
                SB_TRY(const auto key, optional_text(correlation, "correlation"));
                SB_TRY(const auto info, e.engine->message(message, key, values, who));
                return to_value(info, e.zone);
              });
}

sb_status sb_message_to_case(sb_engine* engine, const char* name, const char* case_no, const char* payload, const char* caller, char** answer) {
  return send(engine, name, payload, caller, answer,
              [&](OpenEngine& e, std::string_view message, const Value& values, const Caller& who) -> Result<Value> {
                SB_TRY(const auto number, text(case_no, "case_no"));
                SB_TRY(const auto info, e.engine->message_to_case(message, number, values, who));
                return to_value(info, e.zone);
              });
}

sb_status sb_signal(sb_engine* engine, const char* name, const char* payload, const char* caller, char** answer) {
  return send(engine, name, payload, caller, answer,
              [](OpenEngine& e, std::string_view signal, const Value& values, const Caller& who) -> Result<Value> {
                SB_TRY(const auto reached, e.engine->signal(signal, values, who));
                return count(reached);
              });
}

sb_status sb_cancel(sb_engine* engine, const char* instance, const char* reason, const char* caller, char** answer) {
  return command_with_reason(engine, instance, reason, caller, answer, &Engine::cancel);
}

sb_status sb_suspend(sb_engine* engine, const char* instance, const char* reason, const char* caller, char** answer) {
  return command_with_reason(engine, instance, reason, caller, answer, &Engine::suspend);
}

sb_status sb_resume(sb_engine* engine, const char* instance, const char* caller, char** answer) {
  return command_on(engine, instance, "instance", caller, answer,
                    [](Engine& e, const std::string& id, const Caller& who) { return e.resume(id, who); });
}

sb_status sb_suspend_with_called(sb_engine* engine, const char* instance, const char* reason, const char* caller, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto id, text(instance, "instance"));
    SB_TRY(const auto why, optional_text(reason, "reason"));
    SB_TRY(const auto who, options_of<Caller>(caller, "caller"));
    SB_TRY(const auto all, e.engine->suspend_with_called(std::string(id), why, who));
    return to_value(all, e.zone);
  });
}

sb_status sb_resume_with_called(sb_engine* engine, const char* instance, const char* caller, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto id, text(instance, "instance"));
    SB_TRY(const auto who, options_of<Caller>(caller, "caller"));
    SB_TRY(const auto all, e.engine->resume_with_called(std::string(id), who));
    return to_value(all, e.zone);
  });
}

sb_status sb_set_data(sb_engine* engine, const char* instance, const char* data, const char* caller, char** answer) {
  return command_on(engine, instance, "instance", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<CaseInfo> {
    SB_TRYV(text(data, "data"));
    SB_TRY(const auto values, object(data, "data"));
    return e.set_data(id, values, who);
  });
}

sb_status sb_correct(sb_engine* engine, const char* instance, const char* data, const char* caller, char** answer) {
  return command_on(engine, instance, "instance", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<CaseInfo> {
    SB_TRYV(text(data, "data"));
    SB_TRY(const auto values, object(data, "data"));
    return e.correct(id, values, who);
  });
}

sb_status sb_reopen(sb_engine* engine, const char* instance, const char* data, const char* options, const char* caller, char** answer) {
  return command_on(engine, instance, "instance", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<CaseInfo> {
    SB_TRY(const auto values, object(data, "data"));
    SB_TRY(const auto how, options_of<StartOptions>(options, "options"));
    return e.reopen(id, values, how, who);
  });
}

sb_status sb_resolve(sb_engine* engine, const char* incident, const char* data, const char* caller, char** answer) {
  return command_on(engine, incident, "incident", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<CaseInfo> {
    SB_TRY(const auto values, object(data, "data"));
    return e.resolve(id, values, who);
  });
}

sb_status sb_receipt(sb_engine* engine, const char* record, const char* kind, const char* at, const char* note, const char* caller, char** answer) {
  return command_on(
      engine, record, "record", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<switchboard::OutboxInfo> {
        SB_TRY(const auto word, text(kind, "kind"));
        const auto what = switchboard::parse_word<switchboard::ReceiptKind>(word);
        if (!what)
          return switchboard::Error{switchboard::ErrorKind::usage, "SB1104",
                                    "'kind' must be one of delivered, failed, read, signed, not '" + std::string(word) + "'", "kind", ""};
        SB_TRY(const auto moment, optional_text(at, "at"));
        const auto when = moment.empty() ? std::nullopt : switchboard::parse_instant(moment);
        if (!moment.empty() && !when)
          return switchboard::Error{switchboard::ErrorKind::usage, "SB1104", "'at' must be an instant (ISO 8601), not '" + std::string(moment) + "'",
                                    "at", ""};
        SB_TRY(const auto why, optional_text(note, "note"));
        return e.receipt(id, *what, when, why, who);
      });
}

sb_status sb_drop(sb_engine* engine, const char* incident, const char* reason, const char* caller, char** answer) {
  return command_on(engine, incident, "incident", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<CaseInfo> {
    return e.drop(id, reason == nullptr ? "" : reason, who);
  });
}

sb_status sb_change_clock(sb_engine* engine, const char* instance, const char* clock, const char* change, const char* amount, const char* reason,
                          const char* caller, char** answer) {
  return command_on(engine, instance, "instance", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<CaseInfo> {
    SB_TRY(const auto of, text(clock, "clock"));
    SB_TRY(const auto word, text(change, "change"));
    const auto what = switchboard::parse_word<switchboard::ClockChange>(word);
    if (!what)
      return switchboard::Error{switchboard::ErrorKind::usage, "SB1104",
                                "'change' must be one of extend, void, pause, resume, not '" + std::string(word) + "'", "change", ""};
    SB_TRY(const auto longer, optional_text(amount, "amount"));
    SB_TRY(const auto why, text(reason, "reason"));
    return e.change_clock(id, of, *what, longer, why, who);
  });
}

sb_status sb_begin_activity(sb_engine* engine, const char* instance, const char* activity, const char* caller, char** answer) {
  return command_on(engine, instance, "instance", caller, answer, [&](Engine& e, const std::string& id, const Caller& who) -> Result<CaseInfo> {
    SB_TRY(const auto which, text(activity, "activity"));
    return e.begin_activity(id, which, who);
  });
}

sb_status sb_rederive(sb_engine* engine, const char* instance, const char* reason, const char* caller, char** answer) {
  return command_with_reason(engine, instance, reason, caller, answer, &Engine::rederive);
}
}
