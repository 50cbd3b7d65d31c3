// Effects follow from events, `pending` from the state. Both speak of the same rows, so one can be held against the other.
#include <algorithm>
#include <variant>

#include "core/core.hpp"

namespace switchboard::core {
namespace {

bool is_open(const Work& w) { return w.state == WorkState::offered || w.state == WorkState::claimed; }

/// The row of one clock: its next mark, or none.
Effect mark_row(const model::ExecutableProcess& process, const ProcessInstance& instance, ClockIndex clock) {
  const sla::Ledger* ledger = instance.find(clock);
  if (ledger != nullptr && instance.state == InstanceState::active)
    if (const auto mark = sla::next_mark(*ledger, process.clocks[clock.value])) return ArmMark{clock, ledger->round, mark->index, mark->due};
  return DisarmMark{clock};
}

class Consequences {
 public:
  Consequences(const model::ExecutableProcess& process, const ProcessInstance& after, std::vector<Effect>& out)
      : process_(process), after_(after), out_(out) {}

  void of(const Event& event) {
    sequence_ = event.sequence;
    std::visit(*this, event.body);
  }

  void operator()(const WorkOffered& e) { out_.push_back(OfferWork{e.work}); }
  void operator()(const WorkReleased& e) { offer_again(e.work); }
  void operator()(const WorkRetried& e) { offer_again(e.work); }
  void operator()(const WorkCompleted& e) { out_.push_back(WithdrawWork{e.work}); }
  void operator()(const WorkWithdrawn& e) { out_.push_back(WithdrawWork{e.work}); }
  void operator()(const WorkFailed& e) {
    out_.push_back(WithdrawWork{e.work});
    if (e.retry_at) out_.push_back(ArmRetry{e.work, *e.retry_at});
  }

  void operator()(const TimerArmed& e) { out_.push_back(ArmTimer{e.timer.key, e.timer.due}); }
  void operator()(const TimerMoved& e) { out_.push_back(ArmTimer{e.timer, e.due}); }
  void operator()(const TimerFired& e) { out_.push_back(DisarmTimer{e.timer}); }
  void operator()(const TimerDisarmed& e) { out_.push_back(DisarmTimer{e.timer}); }
  void operator()(const SubscriptionOpened& e) { out_.push_back(OpenSubscription{e.subscription}); }
  void operator()(const SubscriptionClosed& e) { out_.push_back(CloseSubscription{e.subscription}); }

  void operator()(const MessageThrown& e) { out_.push_back(PublishMessage{sequence_, e.name, e.correlation, e.payload}); }
  void operator()(const SignalThrown& e) { out_.push_back(BroadcastSignal{sequence_, e.name, e.payload}); }
  void operator()(const EscalationRaised& e) {
    if (!e.caught_by) out_.push_back(Escalate{e.key, e.code, e.clock, e.element, e.payload});
  }
  void operator()(const FeedbackGiven& e) { out_.push_back(TellCustomer{e}); }

  void operator()(const ClockStarted& e) { clock(e.ledger); }
  void operator()(const ClockPaused& e) { clock(e.ledger); }
  void operator()(const ClockResumed& e) { clock(e.ledger); }
  void operator()(const ClockStopped& e) { clock(e.ledger); }
  void operator()(const ClockCancelled& e) { clock(e.ledger); }
  void operator()(const ClockMoved& e) { clock(e.ledger); }
  void operator()(const ClockMarked& e) { clock(e.ledger); }

  void operator()(const CallStarted& e) {
    StartCall start{e.call, e.data, e.version};
    start.call.data = e.data;
    start.call.version = e.version;
    out_.push_back(std::move(start));
  }
  void operator()(const CallFinished& e) { out_.push_back(CloseCall{e.call}); }
  void operator()(const CallAbandoned& e) {
    out_.push_back(CancelCall{e.call});
    out_.push_back(CloseCall{e.call});
  }
  void operator()(const IncidentRaised& e) { out_.push_back(ReportIncident{e.incident}); }
  void operator()(const IncidentResolved& e) { out_.push_back(CloseIncident{e.incident}); }

  // While a case is suspended nothing that only time brings about is armed.
  void operator()(const InstanceSuspended& /*e*/) {
    for (const Timer& t : after_.timers) out_.push_back(DisarmTimer{t.key});
    for (const sla::Ledger& l : after_.clocks) clock(l);
    for (const Work& w : after_.work)
      if (w.state == WorkState::waiting_retry) out_.push_back(WithdrawWork{w.key});
  }
  void operator()(const InstanceResumed& /*e*/) {
    for (const Timer& t : after_.timers) out_.push_back(ArmTimer{t.key, t.due});
    for (const sla::Ledger& l : after_.clocks) clock(l);
    for (const Work& w : after_.work)
      if (w.state == WorkState::waiting_retry && w.retry_at) out_.push_back(ArmRetry{w.key, *w.retry_at});
  }
  void operator()(const InstanceCompleted& e) {
    if (after_.parent) out_.push_back(ReturnToCaller{*after_.parent, e.error.empty(), e.data, e.error});
  }
  void operator()(const InstanceCancelled& /*e*/) {
    if (after_.parent) out_.push_back(ReturnToCaller{*after_.parent, false, {}, {}});
  }

  // Nothing for the world to do.
  void operator()(const InstanceStarted& /*e*/) {}
  void operator()(const ElementEntered& /*e*/) {}
  void operator()(const ElementCompleted& /*e*/) {}
  void operator()(const ElementTerminated& /*e*/) {}
  void operator()(const FlowTaken& /*e*/) {}
  void operator()(const TokenArrived& /*e*/) {}
  void operator()(const JoinFired& /*e*/) {}
  void operator()(const JoinCleared& /*e*/) {}
  void operator()(const DataChanged& /*e*/) {}
  void operator()(const CustomerIdentified& /*e*/) {}
  void operator()(const ScopeOpened& /*e*/) {}
  void operator()(const WorkClaimed& /*e*/) {}
  void operator()(const MessageReceived& /*e*/) {}
  void operator()(const SignalReceived& /*e*/) {}
  void operator()(const ErrorRaised& /*e*/) {}
  void operator()(const NoteAdded& /*e*/) {}

 private:
  void offer_again(WorkKey key) {
    if (const Work* w = after_.find(key); w != nullptr && is_open(*w)) out_.push_back(OfferWork{*w});
  }
  /// Only the last word about a clock counts: its row follows from the ledger after all events.
  void clock(const sla::Ledger& ledger) {
    const auto about_it = [&](const Effect& e) {
      if (const auto* arm = std::get_if<ArmMark>(&e)) return arm->clock == ledger.clock;
      if (const auto* disarm = std::get_if<DisarmMark>(&e)) return disarm->clock == ledger.clock;
      return false;
    };
    std::erase_if(out_, about_it);
    out_.push_back(mark_row(process_, after_, ledger.clock));
  }

  const model::ExecutableProcess& process_;
  const ProcessInstance& after_;
  std::vector<Effect>& out_;
  std::uint64_t sequence_ = 0;
};

void pending_work(const ProcessInstance& i, std::vector<Effect>& out) {
  for (const Work& w : i.work) {
    if (is_open(w)) out.push_back(OfferWork{w});
    if (w.state == WorkState::waiting_retry && w.retry_at && i.state == InstanceState::active) out.push_back(ArmRetry{w.key, *w.retry_at});
  }
}

}  // namespace

std::vector<Effect> effects(const model::ExecutableProcess& process, const ProcessInstance& after, std::span<const Event> events) {
  std::vector<Effect> out;
  Consequences consequences(process, after, out);
  for (const Event& e : events) consequences.of(e);
  return out;
}

std::vector<Effect> pending(const model::ExecutableProcess& process, const ProcessInstance& instance) {
  std::vector<Effect> out;
  if (is_finished(instance.state)) return out;
  pending_work(instance, out);
  if (instance.state == InstanceState::active) {
    for (const Timer& t : instance.timers) out.push_back(ArmTimer{t.key, t.due});
    for (const sla::Ledger& l : instance.clocks)
      if (Effect row = mark_row(process, instance, l.clock); std::holds_alternative<ArmMark>(row)) out.push_back(std::move(row));
  }
  for (const Subscription& s : instance.subscriptions) out.push_back(OpenSubscription{s});
  for (const Call& c : instance.calls) out.push_back(StartCall{c, c.data, c.version});
  for (const Incident& i : instance.incidents) out.push_back(ReportIncident{i});
  return out;
}

}  // namespace switchboard::core
