#include "runtime/courier.hpp"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "runtime/answers.hpp"
#include "runtime/errand_names.hpp"
#include "runtime/ids.hpp"
#include "store/projection.hpp"

namespace switchboard::runtime {

namespace {

/// One command may set off a chain of others (calls that call, messages that answer messages). What lies beyond is done by the next tick.
constexpr std::size_t max_chain = 10'000;
constexpr std::size_t errands_page = 256;

template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

Error damaged_errand() {
  return {
      ErrorKind::storage, "SB0603", "the errand is not what was written: it is not carried out", "",
      "look at the case: what it wanted of another one (a call, an answer, a message) has to be done by hand; keep a copy, run `switchboard fsck`"};
}

void append(std::deque<store::Errand>& next, Applied& applied) {
  for (store::Errand& errand : applied.errands) next.push_back(std::move(errand));
}

}  // namespace

void Courier::carry_out(std::vector<store::Errand> errands) {
  std::deque<store::Errand> todo(std::make_move_iterator(errands.begin()), std::make_move_iterator(errands.end()));
  for (std::size_t done = 0; !todo.empty() && done < max_chain; ++done) {
    const store::Errand errand = std::move(todo.front());
    todo.pop_front();
    {
      const std::lock_guard lock(mutex_);
      in_flight_.insert(errand.key);
    }
    // An error leaves the errand in the store: the next tick repeats it, and reports what then still goes wrong.
    const Result<bool> finished = carry_out_one(errand, todo);
    if (finished && finished.value()) committer_.errand_done(errand.key);
    const std::lock_guard lock(mutex_);
    in_flight_.erase(errand.key);
  }
}

Result<void> Courier::repeat(std::size_t& damaged) {
  std::optional<store::ErrandKey> position;
  for (;;) {
    SB_TRY(const auto found, store_.errands(position, errands_page));
    if (!found.last) return success();
    position = found.last;
    for (const store::ErrandKey& key : found.damaged) {
      ++damaged;
      SB_TRYV(outbox_.report_trouble(key.instance, request_of(key), damaged_errand()));
    }
    for (const store::Errand& errand : found.errands) {
      if (committer_.is_noted_done(errand.key)) continue;
      {
        const std::lock_guard lock(mutex_);
        if (in_flight_.contains(errand.key)) continue;
      }
      std::deque<store::Errand> next;
      const Result<bool> finished = carry_out_one(errand, next);
      if (!finished) {
        if (!is_damage(finished.error())) return finished.error();
        ++damaged;
        SB_TRYV(outbox_.report_trouble(errand.key.instance, request_of(errand.key), finished.error()));
      } else if (finished.value()) {
        committer_.errand_done(errand.key);
      }
      carry_out({std::make_move_iterator(next.begin()), std::make_move_iterator(next.end())});
    }
  }
}

/// True when there is nothing left to do; false when its time has not come (the receiver is suspended).
Result<bool> Courier::carry_out_one(const store::Errand& errand, std::deque<store::Errand>& next) {
  return std::visit(Overload{[&](const core::StartCall& e) { return start_call(errand, e, next); },
                             [&](const core::CancelCall& e) {
                               return cancel_call({errand.key.instance, e.call}, next);
                             },
                             [&](const core::ReturnToCaller& e) { return return_to_caller(errand.key.instance, e, next); },
                             [&](const core::PublishMessage& e) { return publish(errand, e, next); },
                             [&](const core::BroadcastSignal& e) -> Result<bool> {
                               SB_TRYV(correlation_.broadcast(e.name, e.payload, request_of(errand.key), next));
                               return true;
                             },
                             [](const auto&) -> Result<bool> { return true; }},
                    errand.effect);
}

Result<model::ExecutablePtr> Courier::called_definition(const model::ExecutableProcess& caller, const core::StartCall& effect) {
  if (effect.version == "same") return definitions_.by_version(effect.call.process, caller.version);
  return definitions_.by_version(effect.call.process, effect.version == "latest" ? std::string() : effect.version);
}

Result<bool> Courier::start_call(const store::Errand& errand, const core::StartCall& effect, std::deque<store::Errand>& next) {
  const core::Parent caller{errand.key.instance, effect.call.key};
  const std::string request = request_of_call(caller);
  SB_TRY(const auto known, store_.answer_of(request));
  if (!known) {
    SB_TRY(const auto parent, commands_.load_existing(caller.instance));
    if (parent.instance->find(caller.call) == nullptr) return true;
    auto definition = called_definition(*parent.process, effect);
    if (!definition) return refuse_call(caller, definition.error(), next);
    core::StartInstance command;
    command.case_no = parent.instance->case_no;
    command.data = effect.data;
    command.parent = caller;
    command.call_depth = parent.instance->call_depth + 1;
    auto child = commands_.start_instance(definition.value(), std::move(command), request);
    if (!child) return refuse_call(caller, child.error(), next);
    append(next, child.value());
  }
  // The caller may have given the call up while the child was being started, and not found it to cancel.
  SB_TRY(const auto parent, commands_.load_existing(caller.instance));
  if (parent.instance->find(caller.call) == nullptr) return cancel_call(caller, next);
  return true;
}

/// The called case could not be started: the caller hears of it as of a call that failed.
Result<bool> Courier::refuse_call(core::Parent caller, const Error& why, std::deque<store::Errand>& next) {
  if (why.kind == ErrorKind::storage) return why;
  core::FinishCall command;
  command.call = caller.call;
  command.completed = false;
  command.data = Value(why.text());
  auto applied = commands_.apply({caller.instance, std::move(command), request_of_refusal(caller), case_answer});
  if (!applied) return applied.error().kind == ErrorKind::storage ? Result<bool>(applied.error()) : Result<bool>(false);
  append(next, applied.value());
  return true;
}

Result<bool> Courier::cancel_call(core::Parent caller, std::deque<store::Errand>& next) {
  SB_TRY(const auto known, store_.answer_of(request_of_call(caller)));
  if (!known) return true;
  SB_TRY(const auto child, read_answer<CaseInfo>(*known));
  SB_TRY(const auto key, parse_instance_id(child.instance));
  auto applied = commands_.apply({key, core::CancelInstance{"the caller gave up the call", ""}, request_of_call(caller) + "/cancelled", case_answer});
  // Refused when the child has ended already.
  if (!applied) return applied.error().kind == ErrorKind::storage ? Result<bool>(applied.error()) : Result<bool>(true);
  append(next, applied.value());
  return true;
}

Result<bool> Courier::return_to_caller(core::InstanceKey from, const core::ReturnToCaller& effect, std::deque<store::Errand>& next) {
  core::FinishCall command;
  command.call = effect.parent.call;
  command.completed = effect.completed;
  command.data = effect.data;
  command.error = effect.error;
  auto applied = commands_.apply({effect.parent.instance, std::move(command), request_of_return(from), case_answer});
  if (!applied) {
    if (applied.error().kind == ErrorKind::storage) return applied.error();
    SB_TRY(const auto parent, commands_.load(effect.parent.instance, true));
    return !parent || parent.instance->state != core::InstanceState::suspended;
  }
  append(next, applied.value());
  return true;
}

Result<bool> Courier::publish(const store::Errand& errand, const core::PublishMessage& effect, std::deque<store::Errand>& next) {
  const std::string request = request_of(errand.key);
  SB_TRY(const auto known, store_.answer_of(request));
  if (known) return true;
  const core::Message message{effect.name, effect.correlation, effect.payload};
  SB_TRY(const auto waiting, store_.waiting(core::SubscriptionKind::message, message.name, message.correlation));
  const auto receiver = core::correlate(waiting, message);
  // Clocks that listen take nothing away: somebody outside may be meant.
  const bool is_heard_only = receiver && core::is_listening(receiver->subscription);
  if (is_heard_only) {
    SB_TRYV(keep_unheard(effect, errand.key, request + "/heard", {}));
  }
  auto applied = correlation_.deliver_message(message, request);
  if (!applied && applied.error().kind == ErrorKind::storage) return applied.error();
  if (applied && applied.value()) {
    append(next, *applied.value());
    return true;
  }
  if (is_heard_only) {
    SB_TRYV(commands_.keep_answer(request, answer_bytes(std::size_t{0}), false));
    return true;
  }
  SB_TRYV(keep_unheard(effect, errand.key, request, applied ? std::string() : applied.error().text()));
  return true;
}

/// A message that no case waits for may be for somebody outside: it goes to the outbox. So does one that its receiver refused, with the reason.
Result<void> Courier::keep_unheard(const core::PublishMessage& effect, const store::ErrandKey& errand, const std::string& request_id,
                                   const std::string& refusal) {
  const core::InstanceKey from = errand.instance;
  SB_TRY(const auto sender, commands_.load_existing(from));
  store::OutboxRow row;
  row.key = fmt::format("{}/{}-{}/{}", instance_id(from), store::word_of(store::OutboxRow::Kind::message), errand.sequence, errand.index);
  row.kind = store::OutboxRow::Kind::message;
  row.instance = from;
  row.case_no = sender.instance->case_no;
  row.process = sender.instance->process;
  row.name = effect.name;
  row.customer = sender.instance->customer;
  Context body{{"correlation", effect.correlation}, {"payload", effect.payload}};
  if (!refusal.empty()) body.set("refused", refusal);
  row.body = Value(std::move(body));
  row.created = sender.instance->last;
  return outbox_.add(std::move(row), request_id);
}

}  // namespace switchboard::runtime
