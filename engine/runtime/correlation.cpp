// Messages and signals: who they are for, waiting cases first, then start events.
#include <fmt/format.h>

#include <utility>

#include "runtime/answers.hpp"
#include "runtime/case_engine.hpp"
#include "runtime/ids.hpp"

namespace switchboard::runtime {

namespace {

/// A receiver may be gone by the time its message comes: then the message looks for another one, so often.
constexpr int max_receivers_tried = 20;

Error nobody_waits(std::string_view name, std::string_view correlation) {
  return {ErrorKind::not_found, "SB0506", fmt::format("nobody waits for message '{}' with key '{}'", name, correlation), "",
          "look at the case: it may not have come there yet, or be past it"};
}

}  // namespace

/// Nothing: nobody waits for it.
Result<std::optional<Applied>> CaseEngine::deliver_message(const core::Message& message, const std::string& request_id) {
  for (int i = 0; i < max_receivers_tried; ++i) {
    SB_TRY(const auto waiting, store_->waiting(core::SubscriptionKind::message, message.name, message.correlation));
    const auto receiver = core::correlate(waiting, message);
    if (!receiver) return start_by_message(message, request_id);
    const Order order{receiver->instance, core::DeliverMessage{receiver->subscription.key, message.name, message.payload}, request_id,
                      [](const Loaded& after) { return answer_bytes(case_info(*after.process, *after.instance)); }};
    auto applied = apply(order);
    if (applied && !applied.value().stale) return std::optional(std::move(applied.value()));
    // The subscription closed between the look and the delivery; anything else is a true refusal.
    if (!applied && applied.error().id != "SB0506") return applied.error();
  }
  return std::optional<Applied>();
}

Result<std::optional<Applied>> CaseEngine::start_by_message(const core::Message& message, const std::string& request_id) {
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
  SB_TRY(auto applied, start_instance(starts.front().process, std::move(command), request_id));
  return std::optional(std::move(applied));
}

Result<CaseInfo> CaseEngine::message(std::string_view name, std::string_view correlation, const Value& payload, std::string_view request_id) {
  const std::string request(request_id);
  if (!request.empty()) {
    SB_TRY(auto known, store_->answer_of(request));
    if (known) return read_answer<CaseInfo>(*known);
  }
  SB_TRY(auto applied, deliver_message({std::string(name), std::string(correlation), payload}, request));
  if (!applied) return nobody_waits(name, correlation);
  return answer_case(request, std::move(*applied));
}

/// To everybody who waits for it and to every start event. With a request id each receiver gets it once, however often this is repeated.
Result<std::size_t> CaseEngine::broadcast(std::string_view name, const Value& payload, const std::string& request_id,
                                          std::deque<store::Errand>& errands) {
  std::size_t reached = 0;
  const auto keep = [&](Applied applied) {
    if (applied.stale) return;
    ++reached;
    for (store::Errand& errand : applied.errands) errands.push_back(std::move(errand));
  };
  const auto request_for = [&](const std::string& receiver) { return request_id.empty() ? std::string() : request_id + "#" + receiver; };
  SB_TRY(const auto waiting, store_->waiting(core::SubscriptionKind::signal, name, std::nullopt));
  for (const core::WaitingInstance& receiver : core::correlate_signal(waiting, name)) {
    // One per subscription: a case may wait in several places.
    const std::string id = part_id(receiver.instance, receiver.subscription.key.value);
    auto applied = apply({receiver.instance, core::DeliverSignal{receiver.subscription.key, std::string(name), payload}, request_for(id),
                          [](const Loaded& after) { return answer_bytes(case_info(*after.process, *after.instance)); }});
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
    auto applied = start_instance(start.process, std::move(command), request_for(start.process->id + "/" + start.start_event));
    if (!applied) return applied.error();
    keep(std::move(applied.value()));
  }
  return reached;
}

Result<std::size_t> CaseEngine::signal(std::string_view name, const Value& payload, std::string_view request_id) {
  const std::string request(request_id);
  if (!request.empty()) {
    SB_TRY(auto known, store_->answer_of(request));
    if (known) return read_answer<std::size_t>(*known);
  }
  std::deque<store::Errand> errands;
  const auto reached = broadcast(name, payload, request, errands);
  carry_out({std::make_move_iterator(errands.begin()), std::make_move_iterator(errands.end())});
  SB_TRYV(reached);
  if (!request.empty()) {
    SB_TRYV(keep_answer(request, answer_bytes(reached.value()), false));
  }
  return reached.value();
}

}  // namespace switchboard::runtime
