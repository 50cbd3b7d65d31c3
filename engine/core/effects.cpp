// Effects follow from events; what the case waits for follows from its state (core/waits.hpp). Both speak of the same things, so one can be held
// against the other.
#include <algorithm>
#include <variant>

#include "core/core.hpp"

namespace switchboard::core {
namespace {

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
    arm_work(e.work);
  }

  void operator()(const WorkClaimed& e) { arm_work(e.work); }
  void operator()(const WorkAssigned& e) { arm_work(e.work); }
  void operator()(const OrganisationChanged& e) {
    if (e.work) offer_again(e.work);
  }

  void operator()(const TimerArmed& e) { arm_timer(e.timer.key); }
  void operator()(const TimerMoved& e) { arm_timer(e.timer); }
  void operator()(const SubscriptionOpened& e) { out_.push_back(OpenSubscription{e.subscription}); }
  void operator()(const SubscriptionClosed& e) { out_.push_back(CloseSubscription{e.subscription}); }

  void operator()(const MessageThrown& e) { out_.push_back(PublishMessage{sequence_, e.name, e.correlation, e.payload, e.element}); }
  void operator()(const SignalThrown& e) { out_.push_back(BroadcastSignal{sequence_, e.name, e.payload, e.element, e.before}); }
  void operator()(const EscalationRaised& e) {
    if (e.caught_by) return;
    if (e.to_caller && after_.parent)
      out_.push_back(EscalateToCaller{e.key, *after_.parent, e.code, e.payload, e.element});
    else
      out_.push_back(Escalate{e.key, e.code, e.clock, e.element, e.payload});
  }
  void operator()(const FeedbackGiven& e) { out_.push_back(TellCustomer{e}); }

  void operator()(const ClockStarted& e) { clock(e.ledger); }
  void operator()(const ClockPaused& e) { clock(e.ledger); }
  void operator()(const ClockResumed& e) { clock(e.ledger); }
  void operator()(const ClockStopped& e) { clock(e.ledger); }
  void operator()(const ClockCancelled& e) { clock(e.ledger); }
  void operator()(const ClockMoved& e) { clock(e.ledger); }
  void operator()(const ClockChanged& e) { clock(e.ledger); }
  void operator()(const ClockMarked& e) { clock(e.ledger); }

  void operator()(const CallStarted& e) {
    StartCall start{e.call, e.data, e.version};
    start.call.data = e.data;
    start.call.version = e.version;
    out_.push_back(std::move(start));
  }
  void operator()(const CallAbandoned& e) { out_.push_back(CancelCall{e.call}); }
  void operator()(const IncidentRaised& e) { out_.push_back(ReportIncident{e.incident}); }

  // While a case is suspended nothing that only time brings about is waited for.
  void operator()(const InstanceResumed& /*e*/) {
    for (const Timer& t : after_.timers) arm(due_of(after_, t));
    for (const sla::Ledger& l : after_.clocks) clock(l);
    for (const Work& w : after_.work) arm(due_of(after_, w));
  }
  void operator()(const InstanceCompleted& e) {
    if (after_.parent) out_.push_back(ReturnToCaller{*after_.parent, e.error.empty(), e.data, e.error});
  }
  void operator()(const InstanceCancelled& /*e*/) {
    if (after_.parent) out_.push_back(ReturnToCaller{*after_.parent, false, {}, {}});
  }

  // Nothing for the world to do.
  void operator()(const InstanceStarted& /*e*/) {}
  void operator()(const InstanceSuspended& /*e*/) {}
  void operator()(const ElementEntered& /*e*/) {}
  void operator()(const ElementCompleted& /*e*/) {}
  void operator()(const ElementTerminated& /*e*/) {}
  void operator()(const FlowTaken& /*e*/) {}
  void operator()(const TokenArrived& /*e*/) {}
  void operator()(const JoinFired& /*e*/) {}
  void operator()(const JoinCleared& /*e*/) {}
  void operator()(const DataChanged& /*e*/) {}
  void operator()(const DataCorrected& /*e*/) {}
  void operator()(const CustomerIdentified& /*e*/) {}
  void operator()(const ScopeOpened& /*e*/) {}
  void operator()(const RepetitionBegun& /*e*/) {}
  void operator()(const OutputCollected& /*e*/) {}
  void operator()(const MessageReceived& /*e*/) {}
  void operator()(const SignalReceived& /*e*/) {}
  void operator()(const ErrorRaised& /*e*/) {}
  void operator()(const NoteAdded& /*e*/) {}
  void operator()(const EventOccurred& /*e*/) {}
  void operator()(const OccurrencesCleared& /*e*/) {}
  void operator()(const GatewayActivated& /*e*/) {}
  void operator()(const GatewayReset& /*e*/) {}
  void operator()(const ActivityBegun& /*e*/) {}
  void operator()(const AdHocClosed& /*e*/) {}
  void operator()(const CompensationEnabled& /*e*/) {}
  void operator()(const CompensationTriggered& /*e*/) {}
  void operator()(const CompensationStarted& /*e*/) {}
  void operator()(const ElementCompensated& /*e*/) {}
  void operator()(const TransactionCancelled& /*e*/) {}
  void operator()(const WorkMoved& /*e*/) {}
  void operator()(const TimerFired& /*e*/) {}
  void operator()(const TimerDisarmed& /*e*/) {}
  void operator()(const CallFinished& /*e*/) {}
  void operator()(const IncidentResolved& /*e*/) {}

 private:
  void offer_again(WorkKey key) {
    if (const Work* w = after_.find(key); w != nullptr && is_open(*w)) out_.push_back(OfferWork{*w});
  }
  void arm(const std::optional<Due>& due) {
    if (due) out_.push_back(Arm{*due});
  }
  void arm_timer(TimerKey key) {
    if (const Timer* t = after_.find(key)) arm(due_of(after_, *t));
  }
  void arm_work(WorkKey key) {
    if (const Work* w = after_.find(key)) arm(due_of(after_, *w));
  }
  /// Only the last word about a clock counts: its next mark follows from the ledger after all events.
  void clock(const sla::Ledger& changed) {
    std::erase_if(out_, [&](const Effect& e) {
      const auto* of = std::get_if<Arm>(&e);
      return of != nullptr && of->due.kind == Due::Kind::mark && of->due.key == changed.clock.value;
    });
    if (const sla::Ledger* ledger = after_.find(changed.clock)) arm(due_of(process_, after_, *ledger));
  }

  const model::ExecutableProcess& process_;
  const ProcessInstance& after_;
  std::vector<Effect>& out_;
  std::uint64_t sequence_ = 0;
};

}  // namespace

std::vector<Effect> effects(const model::ExecutableProcess& process, const ProcessInstance& after, std::span<const Event> events) {
  std::vector<Effect> out;
  Consequences consequences(process, after, out);
  for (const Event& e : events) consequences.of(e);
  return out;
}

}  // namespace switchboard::core
