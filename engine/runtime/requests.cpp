#include "runtime/requests.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/limits.hpp"
#include "base/plain_text.hpp"
#include "runtime/answers.hpp"
#include "runtime/ids.hpp"
#include "runtime/views.hpp"

namespace switchboard::runtime {

namespace {

Result<void> check_name(std::string_view what, std::string_view text) { return check_text(what, text, TextKind::name); }

}  // namespace

Result<void> check_caller(const Caller& caller) {
  SB_TRYV(check_name("the request id", caller.request_id));
  SB_TRYV(check_name("the name of who does it", caller.by));
  SB_TRYV(check_name("the organisation", caller.organisation));
  if (!caller.groups) return success();
  for (const std::string& group : *caller.groups) {
    SB_TRYV(check_name("the name of a group", group));
  }
  return success();
}

Result<void> check_reason(const Caller& caller, std::string_view reason) {
  SB_TRYV(check_caller(caller));
  return check_text("the reason", reason, TextKind::prose);
}

namespace {

sla::ChangeKind kind_of(ClockChange change) {
  switch (change) {
    case ClockChange::extend: return sla::ChangeKind::extend;
    case ClockChange::annul: return sla::ChangeKind::annul;
    case ClockChange::pause: return sla::ChangeKind::pause;
    case ClockChange::resume: return sla::ChangeKind::resume;
  }
  return sla::ChangeKind::extend;
}

/// With what a message is found, beside its name.
Result<void> check_message(const Caller& caller, std::string_view name, std::string_view what, std::string_view key) {
  SB_TRYV(check_caller(caller));
  SB_TRYV(check_name("the name of the message", name));
  return check_name(what, key);
}

/// Before anything is made of it: what shares memory may be far larger when it is written.
Result<void> check_value(const Value& v) {
  const std::uint64_t bytes = v.written_bytes();
  if (bytes <= limits::value_bytes) return success();
  return Error{ErrorKind::limit, "SB0512", fmt::format("the value has {} bytes or more when it is written, more than {}", bytes, limits::value_bytes),
               "", "hand in less, or keep it elsewhere and hand in its name"};
}

}  // namespace

Result<CaseInfo> Requests::start(std::string_view process, const Value& data, const StartOptions& options, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRYV(check_name("the name of the process", process));
  SB_TRYV(check_name("the case number", options.case_no));
  SB_TRYV(check_name("the name of the start event", options.start_event));
  SB_TRYV(check_value(data));
  RequestUse use;
  if (!caller.request_id.empty()) use = use_of("start", process, Context{{"data", data}, {"case", options.case_no}, {"at", options.start_event}});
  auto applied = begin(process, data, options, caller.request_id, use);
  if (applied) return answer_case(caller.request_id, std::move(applied).value());
  // A repeated request is answered as it was, whatever would refuse it now.
  SB_TRY(const auto known, commands_.answer_given(caller.request_id, use));
  if (known) return read_answer<CaseInfo>(*known);
  return applied.error();
}

Result<Applied> Requests::begin(std::string_view process, const Value& data, const StartOptions& options, const std::string& request_id,
                                const RequestUse& use) {
  SB_TRY(const auto definition, definitions_.by_version(process, options.version));
  core::StartInstance command;
  command.case_no = options.case_no;
  command.data = data;
  command.start_event = options.start_event;
  return commands_.start_instance(definition, std::move(command), request_id, use);
}

Result<CaseInfo> Requests::complete(const WorkId& work, const Value& result, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRYV(check_value(result));
  SB_TRY(const auto id, parse_part_id(work, "work"));
  return submit(id.first, core::CompleteWork{{id.second}, result, caller.by, caller.token, caller.groups}, caller);
}

Result<WorkInfo> Requests::claim(const WorkId& work, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRY(const auto id, parse_part_id(work, "work"));
  return submit_work(id.first, {id.second}, core::ClaimWork{{id.second}, caller.by, caller.groups, std::nullopt, 0}, caller);
}

Result<WorkInfo> Requests::extend(const WorkId& work, Duration lease, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRY(const auto id, parse_part_id(work, "work"));
  if (caller.token == 0) return Error{ErrorKind::usage, "SB0556", "no token says which claim to extend", "", "give the one that fetch answered with"};
  if (lease <= Duration{}) return Error{ErrorKind::usage, "SB0556", "the lease is not above zero", "", "say how long the job will take at most"};
  SB_TRY(const Instant at, time_.now());
  return submit_work(id.first, {id.second}, core::ClaimWork{{id.second}, caller.by, caller.groups, at + lease, caller.token}, caller);
}

Result<WorkInfo> Requests::release(const WorkId& work, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRY(const auto id, parse_part_id(work, "work"));
  core::ReleaseWork command{{id.second}, caller.by, caller.token, {}};
  command.reason = caller.reason;
  return submit_work(id.first, {id.second}, std::move(command), caller);
}

Result<WorkInfo> Requests::assign(const WorkId& work, std::string_view person, std::string_view reason, const Caller& caller) {
  SB_TRYV(check_reason(caller, reason));
  SB_TRYV(check_name("the person", person));
  SB_TRY(const auto id, parse_part_id(work, "work"));
  return submit_work(id.first, {id.second}, core::AssignWork{{id.second}, std::string(person), caller.by, std::string(reason)}, caller);
}

Result<CaseInfo> Requests::fail(const WorkId& work, const Failure& failure, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRYV(check_name("the error", failure.error));
  SB_TRYV(check_text("the message", failure.message, TextKind::prose));
  SB_TRY(const auto id, parse_part_id(work, "work"));
  core::FailWork command{{id.second}, failure.message, failure.error, {}, caller.by, caller.token, failure.retries, failure.retry_at, caller.groups};
  return submit(id.first, std::move(command), caller);
}

Result<CaseInfo> Requests::cancel(const InstanceId& instance, std::string_view reason, const Caller& caller) {
  SB_TRYV(check_reason(caller, reason));
  SB_TRY(const auto key, parse_instance_id(instance));
  return submit(key, core::CancelInstance{std::string(reason), caller.by}, caller);
}

Result<CaseInfo> Requests::suspend(const InstanceId& instance, std::string_view reason, const Caller& caller) {
  SB_TRYV(check_reason(caller, reason));
  SB_TRY(const auto key, parse_instance_id(instance));
  return submit(key, core::SuspendInstance{std::string(reason), caller.by}, caller);
}

Result<CaseInfo> Requests::resume(const InstanceId& instance, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRY(const auto key, parse_instance_id(instance));
  SB_TRY(auto info, submit(key, core::ResumeInstance{caller.by}, caller));
  // Answers of called cases may have waited for this. What does not work now is repeated, and reported, by the next tick.
  Errands met;
  static_cast<void>(courier_.repeat(met));
  return info;
}

Result<CaseInfo> Requests::set_data(const InstanceId& instance, const Value& data, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRYV(check_value(data));
  SB_TRY(const auto key, parse_instance_id(instance));
  return submit(key, core::SetData{data, caller.by, caller.reason}, caller);
}

Result<CaseInfo> Requests::move(const InstanceId& instance, std::string_view organisation, std::string_view reason, const Caller& caller) {
  SB_TRYV(check_reason(caller, reason));
  SB_TRYV(check_name("the organisation", organisation));
  SB_TRY(const auto key, parse_instance_id(instance));
  return submit(key, core::MoveToOrganisation{std::string(organisation), caller.by, std::string(reason)}, caller);
}

Result<WorkInfo> Requests::move_work(const WorkId& work, std::string_view organisation, std::string_view reason, const Caller& caller) {
  SB_TRYV(check_reason(caller, reason));
  SB_TRYV(check_name("the organisation", organisation));
  SB_TRY(const auto id, parse_part_id(work, "work"));
  return submit_work(id.first, {id.second}, core::MoveToOrganisation{std::string(organisation), caller.by, std::string(reason), {id.second}}, caller);
}

/// Before anything is done for others: the command itself is held against it as well, as things stand then. Without an instance: what belongs to no
/// case belongs to the whole.
Result<void> Requests::check_organisation(core::InstanceKey instance, const Caller& caller) {
  if (caller.organisation.empty()) return success();
  if (instance) {
    SB_TRY(const auto loaded, commands_.load_existing(instance));
    if (auto outside = core::outside_organisation(*loaded.process, *loaded.instance, caller.organisation, {})) return *outside;
    return success();
  }
  SB_TRY(const auto tree, definitions_.organisations());
  if (tree == nullptr || tree->find(caller.organisation) == nullptr) return core::no_such_organisation(tree.get(), caller.organisation);
  if (caller.organisation == tree->root().id) return success();
  return Error{ErrorKind::rejected, "SB0536",
               fmt::format("what is about no case belongs to the whole company, which is not below '{}'", caller.organisation), "",
               fmt::format("somebody of '{}' decides it", tree->root().id)};
}

Result<CaseInfo> Requests::correct(const InstanceId& instance, const Value& data, const Caller& caller) {
  SB_TRYV(check_reason(caller, caller.reason));
  SB_TRYV(check_value(data));
  SB_TRY(const auto key, parse_instance_id(instance));
  return submit(key, core::CorrectData{data, caller.by, caller.reason}, caller);
}

Result<CaseInfo> Requests::reopen(const InstanceId& instance, const Value& data, const StartOptions& options, const Caller& caller) {
  SB_TRYV(check_reason(caller, caller.reason));
  SB_TRYV(check_name("the case number", options.case_no));
  SB_TRYV(check_name("the name of the start event", options.start_event));
  SB_TRYV(check_value(data));
  SB_TRY(const auto key, parse_instance_id(instance));
  SB_TRYV(check_organisation(key, caller));
  RequestUse use;
  if (!caller.request_id.empty()) use = use_of("reopen", instance, Context{{"data", data}, {"case", options.case_no}, {"at", options.start_event}});
  auto applied = begin_again(key, data, options, caller, use);
  if (applied) return answer_case(caller.request_id, std::move(applied).value());
  SB_TRY(const auto known, commands_.answer_given(caller.request_id, use));
  if (known) return read_answer<CaseInfo>(*known);
  return applied.error();
}

Result<Applied> Requests::begin_again(core::InstanceKey key, const Value& data, const StartOptions& options, const Caller& caller,
                                      const RequestUse& use) {
  if (caller.by.empty() || caller.reason.empty())
    return Error{ErrorKind::rejected, "SB0510", fmt::format("to take a case up again {} is needed", caller.by.empty() ? "a name" : "a reason"), "",
                 "say who wants it, and why: both stay with it"};
  SB_TRY(const auto old, commands_.load_existing(key));
  const core::ProcessInstance& ended = *old.instance;
  const auto refused = [&](std::string why, std::string hint) {
    return Error{ErrorKind::rejected, "SB0502", fmt::format("case '{}' {}", ended.case_no, why), "", std::move(hint)};
  };
  if (!core::is_finished(ended.state)) return refused("is open: there is nothing to take up again", "go on with it");
  if (ended.parent) return refused("was called by another", fmt::format("take {} up again, which called it", instance_id(ended.parent->instance)));
  SB_TRY(const auto definition, definitions_.by_version(ended.process, options.version));
  Context all;
  for (std::size_t i = 0; i < old.process->data.size() && i < ended.data.size(); ++i) {
    const model::SlotIndex slot = definition->find_data(old.process->data[i].name);
    if (slot && !definition->data[slot.value].set_by_process && !ended.data[i].is_null()) all.set(old.process->data[i].name, ended.data[i]);
  }
  if (const Context* given = data.context())
    for (const auto& [name, value] : given->entries()) all.set(name, value);
  core::StartInstance command;
  command.case_no = options.case_no.empty() ? ended.case_no : options.case_no;
  command.data = Value(std::move(all));
  command.start_event = options.start_event;
  command.reopens = key;
  command.by = caller.by;
  command.reason = caller.reason;
  return commands_.start_instance(definition, std::move(command), caller.request_id, use);
}

Result<CaseInfo> Requests::resolve(std::string_view incident, const Value& data, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRYV(check_value(data));
  if (const auto record = parse_record_id(incident)) {
    if (!data.is_null() && (data.context() == nullptr || data.context()->size() > 0))
      return Error{ErrorKind::usage, "SB0563", "a record of the outbox takes no data: what is told stands fixed", std::string(incident),
                   "leave the data out"};
    return decide({*record, false, {}}, caller);
  }
  if (const auto message = parse_kept_id(incident)) {
    if (!data.is_null() && (data.context() == nullptr || data.context()->size() > 0))
      return Error{ErrorKind::usage, "SB0563", "a message that is kept takes no data: what was sent stands fixed", std::string(incident),
                   "leave the data out"};
    return decide_kept(*message, false, {}, caller);
  }
  SB_TRY(const auto id, parse_part_id(incident, "incident"));
  SB_TRYV(check_organisation(id.first, caller));
  SB_TRY(const auto errand, errand_of(id.first, {id.second}));
  core::ResolveIncident command{{id.second}, data, 1, caller.by};
  command.reason = caller.reason;
  Order order = order_of(id.first, std::move(command), caller);
  if (errand) order.errands_again = {*errand};
  SB_TRY(auto info, submit(std::move(order)));
  if (errand) {
    Errands met;
    static_cast<void>(courier_.repeat(met));  // what does not work now is repeated, and reported, by the next tick
  }
  return info;
}

Result<CaseInfo> Requests::drop(std::string_view incident, std::string_view reason, const Caller& caller) {
  SB_TRYV(check_reason(caller, reason));
  const std::string who_and_why = fmt::format("dropped{}{}{}", caller.by.empty() ? "" : " by " + caller.by, reason.empty() ? "" : ": ", reason);
  if (const auto record = parse_record_id(incident)) return decide({*record, true, who_and_why}, caller);
  if (const auto message = parse_kept_id(incident)) return decide_kept(*message, true, who_and_why, caller);
  SB_TRY(const auto id, parse_part_id(incident, "incident"));
  SB_TRYV(check_organisation(id.first, caller));
  SB_TRY(const auto errand, errand_of(id.first, {id.second}));
  core::ResolveIncident command{{id.second}, {}, 1, caller.by};
  command.drop = true;
  Order order = order_of(id.first, std::move(command), caller);
  if (errand) {
    // The caller first: both may be repeated, and whoever waits must not be left waiting.
    SB_TRYV(courier_.give_up(*errand, reason.empty() ? std::string("it was dropped") : std::string(reason)));
    order.errands_done = {*errand};
  }
  return submit(std::move(order));
}

/// Of a record that could not be told. Its case is answered as it is; when it cannot be read, the record is decided all the same.
Result<CaseInfo> Requests::decide(store::OutboxVerdict verdict, const Caller& caller) {
  RequestUse use;
  if (!caller.request_id.empty()) use = use_of(verdict.drop ? "drop" : "resolve", record_id(verdict.id), Value());
  SB_TRY(const auto known, commands_.answer_given(caller.request_id, use));
  if (known) return read_answer<CaseInfo>(*known);
  SB_TRY(const auto record, offices_.outbox.record(verdict.id));
  SB_TRYV(check_organisation(record.instance, caller));
  CaseInfo info;
  if (record.instance) info.instance = instance_id(record.instance);
  info.case_no = record.case_no;
  info.process = record.process;
  info.customer = record.customer;
  const auto loaded = record.instance ? commands_.load(record.instance, true) : Result<Loaded>(Loaded{});
  if (loaded && loaded.value()) info = case_info(*loaded.value().process, *loaded.value().instance);
  const Result<void> decided = offices_.outbox.decide(std::move(verdict), caller.request_id, with_use(answer_bytes(info), use));
  if (decided) return info;
  if (decided.error().id != store::known_request) return decided.error();
  SB_TRY(const auto given, commands_.answer_given(caller.request_id, use));
  if (given) return read_answer<CaseInfo>(*given);
  return decided.error();
}

/// Answered with the case that threw the message, as it is; with none when it came from outside.
Result<CaseInfo> Requests::decide_kept(std::uint64_t message, bool drops, std::string why, const Caller& caller) {
  RequestUse use;
  if (!caller.request_id.empty()) use = use_of(drops ? "drop" : "resolve", kept_id(message), Value());
  SB_TRY(const auto known, commands_.answer_given(caller.request_id, use));
  if (known) return read_answer<CaseInfo>(*known);
  SB_TRY(const store::KeptRow row, offices_.keeper.find(message));
  SB_TRYV(check_organisation(row.message.from, caller));
  CaseInfo info;
  const auto loaded = row.message.from ? commands_.load(row.message.from, true) : Result<Loaded>(Loaded{});
  if (loaded && loaded.value()) info = case_info(*loaded.value().process, *loaded.value().instance);
  std::string answer = with_use(answer_bytes(info), use);
  const Result<void> decided = drops ? offices_.keeper.drop(row, std::move(why), caller.request_id, std::move(answer))
                                     : offices_.keeper.again(row, caller.request_id, std::move(answer));
  if (decided) {
    courier_.carry_out({});
    return info;
  }
  if (decided.error().id != store::known_request) return decided.error();
  SB_TRY(const auto given, commands_.answer_given(caller.request_id, use));
  if (given) return read_answer<CaseInfo>(*given);
  return decided.error();
}

/// What stands aside under this incident, if it is of that kind.
Result<std::optional<store::ErrandKey>> Requests::errand_of(core::InstanceKey instance, core::IncidentKey incident) {
  SB_TRY(const auto loaded, commands_.load(instance, true));
  const core::Incident* found = loaded ? loaded.instance->find(incident) : nullptr;
  if (found == nullptr || !found->is_of_errand()) return std::optional<store::ErrandKey>();
  return std::optional(store::ErrandKey{instance, found->errand_sequence, found->errand_place});
}

Result<CaseInfo> Requests::change_clock(const InstanceId& instance, std::string_view clock, ClockChange change, std::string_view amount,
                                        std::string_view reason, const Caller& caller) {
  SB_TRYV(check_reason(caller, reason));
  SB_TRYV(check_name("the clock", clock));
  SB_TRY(const auto key, parse_instance_id(instance));
  core::ChangeClock command{std::string(clock), kind_of(change), {}, std::string(reason), caller.by};
  if (!amount.empty()) {
    SB_TRY(command.amount, calendar::parse_duration(amount));
  }
  return submit(key, std::move(command), caller);
}

Result<CaseInfo> Requests::begin_activity(const InstanceId& instance, std::string_view activity, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRYV(check_name("the activity", activity));
  SB_TRY(const auto key, parse_instance_id(instance));
  return submit(key, core::BeginActivity{std::string(activity), caller.by}, caller);
}

Result<CaseInfo> Requests::rederive(const InstanceId& instance, std::string_view reason, const Caller& caller) {
  SB_TRYV(check_reason(caller, reason));
  SB_TRY(const auto key, parse_instance_id(instance));
  SB_TRYV(definitions_.refresh());
  return submit(key, core::RederiveClocks{std::string(reason)}, caller);
}

Result<CaseInfo> Requests::message(std::string_view name, std::string_view correlation, const Value& payload, const Caller& caller) {
  SB_TRYV(check_message(caller, name, "the key", correlation));
  SB_TRYV(check_value(payload));
  RequestUse use;
  if (!caller.request_id.empty()) use = use_of("message", fmt::format("{} with key {}", name, correlation), payload);
  const auto send = [&](driver::Courier& courier) { return courier.message({std::string(name), std::string(correlation), payload}); };
  return message(send, name, correlation, fmt::format("with key '{}'", correlation), use, caller.request_id);
}

Result<CaseInfo> Requests::message_to_case(std::string_view name, std::string_view case_no, const Value& payload, const Caller& caller) {
  SB_TRYV(check_message(caller, name, "the case number", case_no));
  SB_TRYV(check_value(payload));
  RequestUse use;
  if (!caller.request_id.empty()) use = use_of("message", fmt::format("{} to case {}", name, case_no), payload);
  const auto send = [&](driver::Courier& courier) { return courier.message_to_case(name, case_no, payload); };
  return message(send, name, case_no, fmt::format("in case '{}'", case_no), use, caller.request_id);
}

/// The same answer again; of a message that was kept and is an incident by now, why.
Result<CaseInfo> Requests::message_again(const std::string& known, std::string_view key, const std::string& request_id) {
  SB_TRY(CaseInfo info, read_answer<CaseInfo>(known));
  if (!info.kept_until) return info;
  SB_TRY(const auto incident, offices_.keeper.incident_of(request_id, key));
  if (!incident) return info;
  return Error{ErrorKind::conflict, incident->rule,
               fmt::format("message {} of this request is an incident: {}", kept_id(incident->message.id), incident->error), "",
               "resolve it or drop it (`switchboard resolve`, `switchboard drop`); under another request id it is another message"};
}

Result<CaseInfo> Requests::message(const Send& send, std::string_view name, std::string_view key, const std::string& where, const RequestUse& use,
                                   const std::string& request_id) {
  SB_TRY(const auto known, commands_.answer_given(request_id, use));
  if (known) return message_again(*known, key, request_id);
  Post post(offices_, request_id, use);
  driver::Courier courier(post);
  const auto sent = send(courier);
  if (!sent || !post.last) courier_.carry_out(std::move(post.errands));  // of what was kept before, and of what is now
  SB_TRY(const driver::Taken taken, sent);
  if (taken == driver::Taken::by_nobody) return nobody_waits(definitions_, name, where);
  if (taken == driver::Taken::by_suspended) return driver::suspended_waits(name, where);
  if (!post.last) {
    CaseInfo info;
    info.kept_until = post.kept_until;
    return info;
  }
  post.last->errands = std::move(post.errands);
  // The last one had it under the request's own id, unless he refused it.
  const bool is_answered = post.receivers == 0 || post.is_answered;
  SB_TRY(CaseInfo info, answer_case(is_answered ? request_id : std::string(), std::move(*post.last), post.kept_until, post.receivers));
  if (!request_id.empty() && !is_answered) {
    SB_TRYV(commands_.keep_answer(request_id, with_use(answer_bytes(info), use), false));
  }
  return info;
}

Result<std::size_t> Requests::signal(std::string_view name, const Value& payload, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  SB_TRYV(check_name("the name of the signal", name));
  SB_TRYV(check_value(payload));
  RequestUse use;
  if (!caller.request_id.empty()) use = use_of("signal", name, payload);
  SB_TRY(const auto known, commands_.answer_given(caller.request_id, use));
  if (known) return read_answer<std::size_t>(*known);
  Post post(offices_, caller.request_id);
  const auto heard = driver::Courier(post).signal(name, payload);
  courier_.carry_out(std::move(post.errands));
  SB_TRYV(heard);
  const std::size_t reached = heard.value().count;
  if (!caller.request_id.empty()) {
    SB_TRYV(commands_.keep_answer(caller.request_id, with_use(answer_bytes(reached), use), false));
  }
  return reached;
}

/// Acts, then answers with the case as it is after that; a repeated request gets the very same.
Result<CaseInfo> Requests::answer_case(const std::string& request_id, Applied applied, std::optional<Instant> kept_until, std::size_t receivers) {
  if (applied.known) return read_answer<CaseInfo>(*applied.known);
  CaseInfo info = case_info(*applied.after.process, *applied.after.instance);
  info.kept_until = kept_until;
  info.receivers = receivers;
  if (!courier_.carry_out(std::move(applied.errands))) return info;
  const Loaded later = commands_.seen(applied.after.instance->key);
  if (!later || later.version == applied.after.version) return info;
  info = case_info(*later.process, *later.instance);
  info.kept_until = kept_until;
  info.receivers = receivers;
  if (!request_id.empty()) {
    SB_TRYV(commands_.keep_answer(request_id, with_use(answer_bytes(info), applied.use), true));
  }
  return info;
}

Order Requests::order_of(core::InstanceKey instance, CommandBody what, const Caller& caller) {
  RequestUse use = caller.request_id.empty() ? RequestUse{} : use_of(instance, what);
  Order order{instance, std::move(what), caller.request_id, case_answer, std::move(use)};
  order.organisation = caller.organisation;
  return order;
}

Result<CaseInfo> Requests::submit(core::InstanceKey instance, CommandBody what, const Caller& caller) {
  return submit(order_of(instance, std::move(what), caller));
}

Result<CaseInfo> Requests::submit(const Order& order) {
  SB_TRY(auto applied, commands_.apply(order));
  if (applied.stale) {
    SB_TRY(const auto loaded, commands_.load_existing(order.instance));
    return case_info(*loaded.process, *loaded.instance);
  }
  return answer_case(order.request_id, std::move(applied));
}

Result<WorkInfo> Requests::submit_work(core::InstanceKey instance, core::WorkKey work, CommandBody what, const Caller& caller) {
  const auto info_of = [work, this](const Loaded& after) {
    const core::Work* found = after.instance->find(work);
    if (found == nullptr) return WorkInfo{};
    return work_info(*after.process,
                     {after.instance->key, after.instance->case_no, after.instance->process, false, core::organisation_of(*after.instance, *found)},
                     *found, language_, after.instance.get());
  };
  Order order = order_of(instance, std::move(what), caller);
  order.answer = [&](const Loaded& after) { return answer_bytes(info_of(after)); };
  SB_TRY(auto applied, commands_.apply(order));
  if (applied.known) return read_answer<WorkInfo>(*applied.known);
  if (applied.stale) {
    SB_TRY(const auto loaded, commands_.load_existing(instance));
    return info_of(loaded);
  }
  courier_.carry_out(std::move(applied.errands));
  return info_of(applied.after);
}

Result<std::optional<WorkInfo>> Requests::work_of_request(std::string_view request_id) {
  if (request_id.empty()) return std::optional<WorkInfo>();
  SB_TRY(const auto answer, store_.answer_of(std::string(request_id)));
  const auto use = answer ? use_in(*answer) : std::nullopt;
  if (!use || use->element.empty()) return std::optional<WorkInfo>();
  SB_TRY(const auto id, parse_part_id(use->of, "work"));
  SB_TRY(const auto loaded, commands_.load_existing(id.first));
  WorkInfo work;
  work.work = part_id(id.first, id.second);
  work.instance = instance_id(id.first);
  work.case_no = loaded.instance->case_no;
  work.process = loaded.instance->process;
  work.node = use->element;
  return std::optional(std::move(work));
}

}  // namespace switchboard::runtime
