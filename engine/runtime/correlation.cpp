#include "runtime/correlation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runtime/answers.hpp"
#include "runtime/errand_names.hpp"
#include "runtime/ids.hpp"
#include "runtime/request_use.hpp"

namespace switchboard::runtime {

namespace {

/// A receiver may be gone by the time its message comes: then the message looks for another one, so often.
constexpr int max_receivers_tried = 20;

}  // namespace

/// A name that no process knows is a slip, and says so.
Error Correlation::nobody_waits(std::string_view message, const std::string& where) {
  Error error{ErrorKind::not_found, "SB0506", fmt::format("nobody waits for message '{}' {}", message, where), "",
              "look at the case: it may not have come there yet, or be past it"};
  const auto names = definitions_.names(NameKind::message);
  if (!names || std::binary_search(names.value().begin(), names.value().end(), message)) return error;
  const std::string near = model::nearest_name(message, names.value());
  error.hint =
      "no deployed process knows this message" + (near.empty() ? std::string("; deploy the process that does") : "; did you mean '" + near + "'?");
  return error;
}

/// Nothing: nobody waits for it.
Result<std::optional<Applied>> Correlation::deliver_message(const core::Message& message, const std::string& request_id, const RequestUse& use) {
  const auto find = [&]() -> Result<std::optional<core::WaitingInstance>> {
    SB_TRY(const auto waiting, store_.waiting(core::SubscriptionKind::message, message.name, message.correlation));
    return core::correlate(waiting, message);
  };
  return deliver_to(find, message, request_id, use);
}

Result<std::optional<Applied>> Correlation::deliver_to_case(std::string_view case_no, const core::Message& message, const std::string& request_id,
                                                            const RequestUse& use) {
  const auto find = [&] { return receiver_in_case(message.name, case_no); };
  return deliver_to(find, message, request_id, use);
}

Result<std::optional<Applied>> Correlation::deliver_to(const FindReceiver& find, const core::Message& message, const std::string& request_id,
                                                       const RequestUse& use) {
  for (int i = 0; i < max_receivers_tried; ++i) {
    SB_TRY(const auto receiver, find());
    if (!receiver) return start_by_message(message, request_id, use);
    const Order order{receiver->instance,
                      core::DeliverMessage{receiver->subscription.key, message.name, message.payload},
                      request_id,
                      case_answer,
                      use,
                      std::nullopt,
                      true};
    auto applied = commands_.apply(order);
    if (applied && !applied.value().stale) return std::optional(std::move(applied.value()));
    // The subscription closed between the look and the delivery; anything else is a true refusal.
    if (!applied && applied.error().id != "SB0506") return applied.error();
  }
  return std::optional<Applied>();
}

/// Whatever key it waits with. When nobody in a case of that number waits: who waits with the number as its key; then a suspended case of the number,
/// which says that it is suspended.
Result<std::optional<core::WaitingInstance>> Correlation::receiver_in_case(std::string_view name, std::string_view case_no) {
  store::Query query;
  query.case_no = case_no;
  SB_TRY(const auto rows, store_.instances(query));
  std::vector<core::WaitingInstance> waiting, suspended;
  for (const store::InstanceRow& row : rows) {
    SB_TRY(const auto loaded, commands_.load_existing(row.instance));
    auto& fitting = loaded.instance->state == core::InstanceState::suspended ? suspended : waiting;
    for (core::Subscription s : loaded.instance->subscriptions) {
      s.correlation = case_no;  // the number says who is meant
      fitting.push_back({row.instance, loaded.instance->case_no, std::move(s)});
    }
  }
  const core::Message message{std::string(name), std::string(case_no), {}};
  if (auto receiver = core::correlate(waiting, message)) return receiver;
  SB_TRY(const auto others, store_.waiting(core::SubscriptionKind::message, name, case_no));
  if (auto receiver = core::correlate(others, message)) return receiver;
  return core::correlate(suspended, message);
}

Result<std::optional<Applied>> Correlation::start_by_message(const core::Message& message, const std::string& request_id, const RequestUse& use) {
  SB_TRY(const auto starts, definitions_.started_by(model::EventKind::message, message.name));
  if (starts.empty()) return std::optional<Applied>();
  if (starts.size() > 1 && starts[0].process->id != starts[1].process->id)
    return Error{ErrorKind::conflict, "SB0549",
                 fmt::format("message '{}' starts process '{}' as well as '{}'", message.name, starts[0].process->id, starts[1].process->id), "",
                 "give each process a start message of its own, or start the one you mean by its id"};
  core::StartInstance command;
  command.case_no = message.correlation;
  command.data = message.payload;
  command.start_event = starts.front().start_event;
  command.message = message.name;
  SB_TRY(auto applied, commands_.start_instance(starts.front().process, std::move(command), request_id, use));
  return std::optional(std::move(applied));
}

/// To everybody who waits for it and to every start event. With a request id each receiver gets it once, however often this is repeated.
Result<std::size_t> Correlation::broadcast(std::string_view name, const Value& payload, const std::string& request_id,
                                           std::deque<store::Errand>& errands) {
  std::size_t reached = 0;
  const auto keep = [&](Applied applied) {
    if (applied.stale) return;
    ++reached;
    for (store::Errand& errand : applied.errands) errands.push_back(std::move(errand));
  };
  const auto request_for = [&](const std::string& receiver) { return request_id.empty() ? std::string() : request_id + "#" + receiver; };
  SB_TRY(const auto waiting, store_.waiting(core::SubscriptionKind::signal, name, std::nullopt));
  for (const core::WaitingInstance& receiver : core::correlate_signal(waiting, name)) {
    // One per subscription: a case may wait in several places.
    const std::string id = request_part(receiver.instance, receiver.subscription.key);
    auto applied = commands_.apply(
        {receiver.instance, core::DeliverSignal{receiver.subscription.key, std::string(name), payload}, request_for(id), case_answer});
    if (applied) {
      keep(std::move(applied.value()));
    } else if (applied.error().kind == ErrorKind::storage) {
      return applied.error();
    }
  }
  SB_TRY(const auto starts, definitions_.started_by(model::EventKind::signal, name));
  for (const StartPoint& start : starts) {
    core::StartInstance command;
    command.data = payload;
    command.start_event = start.start_event;
    auto applied = commands_.start_instance(start.process, std::move(command), request_for(start.process->id + "/" + start.start_event));
    if (!applied) return applied.error();
    keep(std::move(applied.value()));
  }
  return reached;
}

}  // namespace switchboard::runtime
