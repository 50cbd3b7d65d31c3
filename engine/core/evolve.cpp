// The only writer. One short function per event; none needs a definition, so old histories stay readable after it changed.
// An event that does not fit the instance is a defect: events are an instance's own history, in order.
#include <algorithm>
#include <unordered_set>
#include <utility>
#include <variant>

#include "core/core.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::core {
namespace {

class Evolution {
 public:
  Evolution(ProcessInstance& instance, Instant at) : i_(instance), at_(at) {}

  // The case.
  void operator()(const InstanceStarted& e) const {
    move(InstanceMove::start);
    i_.key = e.key;
    i_.case_no = e.case_no;
    i_.process = e.process;
    i_.definition = e.definition;
    i_.customer = e.customer;
    i_.parent = e.parent;
    i_.call_depth = e.call_depth;
    i_.data = e.data;
    i_.reopens = e.reopens;
    i_.started = at_;
    i_.organisation = e.organisation;
  }
  void operator()(const InstanceSuspended& /*e*/) const {
    move(InstanceMove::suspend);
    i_.suspended_at = at_;
  }
  void operator()(const InstanceResumed& /*e*/) const { move(InstanceMove::resume); }
  void operator()(const InstanceCompleted& /*e*/) const { end(InstanceMove::complete); }
  void operator()(const InstanceCancelled& /*e*/) const { end(InstanceMove::cancel); }

  // Tokens.
  void operator()(const ElementEntered& e) const {
    used(e.key.value);
    const auto state = next(ActivityState::none, ActivityMove::enter);
    enter({e.key, e.element, e.scope, *state, e.number});
    if (e.number != 0) count(e.scope, Counted::begins);
  }
  void operator()(const RepetitionBegun& e) const {
    i_.repetitions.put({e.key, e.total, e.items, {}});
    std::vector<Value> counters(e.counters, Value(Decimal(0)));
    if (counters.size() > 1) counters.front() = Value(Decimal(static_cast<std::int64_t>(e.total)));
    open_scope(e.key, std::move(counters));
  }
  void operator()(const OutputCollected& e) const { i_.repetitions.edit(e.key).outputs.put({{e.number}, e.value}); }
  void operator()(const ElementCompleted& e) const {
    leave(e.key, ActivityMove::begin_completion, ActivityMove::complete);
    if (e.number != 0) count(e.scope, Counted::completes);
  }
  void operator()(const ElementTerminated& e) const {
    leave(e.key, ActivityMove::begin_termination, ActivityMove::terminate);
    if (e.number != 0) count(e.scope, Counted::terminates);
  }
  void operator()(const FlowTaken& /*e*/) const {}
  void operator()(const TokenArrived& e) const {
    if (i_.crowd.is_kept()) i_.crowd.arrived(i_.find(e.scope), e.gateway, 1);
    if (i_.joins.find(e.scope) == nullptr) i_.joins.put({e.scope, {}});
    auto& tokens = i_.joins.edit(e.scope).tokens;
    const auto same = std::find_if(tokens.begin(), tokens.end(), [&](const JoinTokens& j) { return j.flow == e.flow; });
    if (same != tokens.end())
      ++same->count;
    else
      tokens.push_back({e.scope, e.gateway, e.flow, 1});
  }
  void operator()(const JoinFired& e) const { consume(e.scope, e.consumed); }
  void operator()(const JoinCleared& e) const {
    if (i_.joins.find(e.scope) != nullptr) {
      if (i_.crowd.is_kept())
        for (const JoinTokens& j : tokens_in(i_, e.scope)) i_.crowd.consumed(i_.find(j.scope), j.gateway, j.count);
      i_.joins.erase(e.scope);
    }
    std::erase_if(i_.gateways, [&](const GatewayState& g) { return g.scope == e.scope; });
  }

  void operator()(const GatewayActivated& e) const {
    consume(e.scope, e.consumed);
    SB_ASSERT(i_.find_gateway(e.scope, e.gateway) == nullptr);
    i_.gateways.push_back({e.scope, e.gateway, e.consumed});
  }
  void operator()(const GatewayReset& e) const {
    consume(e.scope, e.consumed);
    const auto gone = std::erase_if(i_.gateways, [&](const GatewayState& g) { return g.scope == e.scope && g.gateway == e.gateway; });
    SB_ASSERT(gone == 1);
  }

  // Ad-hoc sub-processes.
  void operator()(const ActivityBegun& e) const {
    AdHocState& state = ad_hoc(e.scope);
    if (!e.asked) ++state.begun;
  }
  void operator()(const AdHocClosed& e) const { ad_hoc(e.scope).closed = true; }

  // Data.
  void operator()(const DataChanged& e) const {
    std::vector<Value>& values = e.owner ? i_.scopes.edit(e.owner).values : i_.data;
    SB_ASSERT(e.slot.value < values.size());
    values[e.slot.value] = e.value;
  }
  void operator()(const DataCorrected& e) const {
    SB_ASSERT(e.slot.value < i_.data.size());
    i_.data[e.slot.value] = e.value;
  }
  void operator()(const ScopeOpened& e) const { open_scope(e.key, e.data); }
  void operator()(const CustomerIdentified& e) const { i_.customer = e.customer; }

  // Work.
  void operator()(const WorkOffered& e) const {
    if (const Work* before = i_.crowd.is_kept() ? i_.find(e.work.key) : nullptr) i_.crowd.given_back(*before);
    put(i_.work, e.work, PartKind::work);
    if (i_.crowd.is_kept()) i_.crowd.taken(e.work);
  }
  void operator()(const WorkClaimed& e) const { take(e.work, e.by, e.lease_until, e.token); }
  void operator()(const WorkReleased& e) const {
    const Changing w(*this, e.work, WorkMove::release);
    give_back(*w);
    outdate(*w, e);
  }
  void operator()(const WorkCompleted& e) const { end(e.work, WorkMove::complete); }
  void operator()(const WorkFailed& e) const {
    const Changing w(*this, e.work, e.retry_at ? WorkMove::fail_retry : WorkMove::fail_final);
    give_back(*w);
    outdate(*w, e);
    w->retries = e.retries;
    w->retry_at = e.retry_at;
  }
  void operator()(const WorkRetried& e) const {
    const Changing w(*this, e.work, WorkMove::retry);
    w->retries = e.retries;
    w->retry_at.reset();
  }
  void operator()(const WorkWithdrawn& e) const { end(e.work, WorkMove::withdraw); }
  void operator()(const WorkAssigned& e) const { take(e.work, e.to, {}, e.token); }
  void operator()(const WorkMoved& e) const { i_.work.edit(e.work).due = e.due; }
  void operator()(const OrganisationChanged& e) const {
    if (!e.work) {
      i_.organisation = e.to;
      return;
    }
    const Work* before = i_.find(e.work);
    SB_ASSERT(before != nullptr);
    if (before->state == WorkState::claimed && !before->personal) {
      const Changing w(*this, e.work, WorkMove::release);
      give_back(*w);
      w->token = e.token;
      w->burnt = true;
    }
    i_.work.edit(e.work).organisation = e.to;
  }

  // What is waited for.
  void operator()(const TimerArmed& e) const { put(i_.timers, e.timer, PartKind::timer); }
  void operator()(const TimerFired& e) const { erase(i_.timers, e.timer); }
  void operator()(const TimerDisarmed& e) const { erase(i_.timers, e.timer); }
  void operator()(const TimerMoved& e) const {
    Timer& t = i_.timers.edit(e.timer);
    t.due = e.due;
    t.provisional = e.provisional;
    if (e.armed) t.armed = *e.armed;
  }
  void operator()(const SubscriptionOpened& e) const { put(i_.subscriptions, e.subscription, PartKind::subscription); }
  void operator()(const SubscriptionClosed& e) const { erase(i_.subscriptions, e.subscription); }
  void operator()(const EventOccurred& e) const { i_.occurrences.push_back({e.owner, e.element, e.definition, e.payload}); }
  void operator()(const OccurrencesCleared& e) const {
    std::erase_if(i_.occurrences, [&](const Occurrence& o) { return o.owner == e.owner && o.element == e.element; });
  }
  void operator()(const MessageReceived& /*e*/) const {}
  void operator()(const SignalReceived& /*e*/) const {}
  void operator()(const MessageThrown& /*e*/) const {}
  void operator()(const SignalThrown& /*e*/) const {}
  void operator()(const EscalationRaised& e) const { used(e.key); }
  void operator()(const ErrorRaised& /*e*/) const {}

  // Clocks: each event carries the ledger after it; the life cycle is checked here all the same.
  void operator()(const ClockStarted& e) const { set(e.ledger, ClockMove::start); }
  void operator()(const ClockPaused& e) const { set(e.ledger, ClockMove::pause); }
  void operator()(const ClockResumed& e) const { set(e.ledger, ClockMove::resume); }
  void operator()(const ClockStopped& e) const { set(e.ledger, ClockMove::stop); }
  void operator()(const ClockCancelled& e) const { set(e.ledger, ClockMove::cancel); }
  void operator()(const ClockMoved& e) const { set(e.ledger, std::nullopt); }
  void operator()(const ClockChanged& e) const { set(e.ledger, move_of(e)); }
  void operator()(const ClockMarked& e) const { set(e.ledger, std::nullopt); }
  void operator()(const FeedbackGiven& e) const { used(e.key.value); }

  // Calls, incidents, notes.
  void operator()(const CallStarted& e) const {
    put(i_.calls, e.call, PartKind::call);
    Call& c = i_.calls.edit(e.call.key);
    c.data = e.data;
    c.version = e.version;
  }
  void operator()(const CallFinished& e) const { erase(i_.calls, e.call); }
  void operator()(const CallAbandoned& e) const { erase(i_.calls, e.call); }
  void operator()(const IncidentRaised& e) const { put(i_.incidents, e.incident, PartKind::incident); }
  void operator()(const IncidentResolved& e) const { erase(i_.incidents, e.incident); }
  void operator()(const NoteAdded& /*e*/) const {}

  // Compensation.
  void operator()(const CompensationEnabled& e) const { i_.completions.push_back(e.completion); }
  void operator()(const CompensationTriggered& e) const {
    auto activity = e.activities.begin();
    for (Completion& c : i_.completions) {
      if (activity == e.activities.end() || c.activity != *activity) continue;
      c.by = e.by;
      ++activity;
    }
    SB_ASSERT(activity == e.activities.end());
  }
  void operator()(const CompensationStarted& e) const {
    const auto c = std::find_if(i_.completions.begin(), i_.completions.end(), [&](const Completion& k) { return k.activity == e.activity; });
    SB_ASSERT(c != i_.completions.end() && !c->handler);
    c->handler = e.handler;
    if (e.handler != e.activity) return;
    enter({e.activity, e.element, c->scope, *next(ActivityState::completed, ActivityMove::begin_compensation), c->number});
    if (!c->values.empty()) open_scope(e.activity, std::exchange(c->values, {}));
  }
  void operator()(const ElementCompensated& e) const {
    SB_ASSERT(next(activation(e.key).state, ActivityMove::compensate));
    gone(e.key);
  }
  void operator()(const TransactionCancelled& e) const {
    ActivityState& state = i_.elements.edit(e.key).state;
    if (const auto to = next(state, ActivityMove::begin_compensation)) state = *to;  // while it is undone it may be cancelled once more
  }

 private:
  void used(std::uint64_t key) const {
    if (key >= i_.next_key) i_.next_key = key + 1;
  }

  void move(InstanceMove m) const {
    const auto to = next(i_.state, m);
    SB_ASSERT(to.has_value());
    i_.state = *to;
  }
  void end(InstanceMove m) const {
    move(m);
    i_.ended = at_;
  }

  void leave(ElementKey key, ActivityMove begin, ActivityMove finish) const {
    const auto half = next(activation(key).state, begin);
    SB_ASSERT(half && next(*half, finish));
    gone(key);
  }
  [[nodiscard]] const ElementInstance& activation(ElementKey key) const {
    const ElementInstance* e = i_.find(key);
    SB_ASSERT(e != nullptr);
    return *e;
  }
  void enter(const ElementInstance& e) const {
    i_.elements.put(e);
    if (i_.crowd.is_kept())
      i_.crowd.entered(e, i_.find(e.scope));
    else if (i_.elements.in_tree())
      i_.crowd.count(i_);
  }
  void gone(ElementKey key) const {
    if (i_.crowd.is_kept()) {
      const ElementInstance e = activation(key);
      i_.crowd.left(e, i_.find(e.scope));
    }
    i_.elements.erase(key);
    if (i_.crowd.is_kept() && !i_.elements.in_tree()) i_.crowd = {};
    if (!i_.occurrences.empty()) std::erase_if(i_.occurrences, [&](const Occurrence& o) { return o.owner == key; });
    if (!i_.gateways.empty()) std::erase_if(i_.gateways, [&](const GatewayState& g) { return g.scope == key; });
    if (!i_.ad_hocs.empty()) std::erase_if(i_.ad_hocs, [&](const AdHocState& s) { return s.key == key; });
    if (i_.find_scope(key) != nullptr) {
      i_.scopes.erase(key);
      if (i_.find_repetition(key) != nullptr) i_.repetitions.erase(key);
    }
    if (!i_.completions.empty()) forget(key);
  }

  void open_scope(ElementKey key, std::vector<Value> values) const {
    SB_ASSERT(i_.find(key) != nullptr && i_.find_scope(key) == nullptr);
    i_.scopes.put({key, std::move(values)});
  }

  /// Activation `key` is over: what it was undoing is done, what it wanted undone nobody wants any more, and what has completed in it can be undone
  /// only when it is kept to be undone from the inside itself. What is inside completed before what it was in.
  void forget(ElementKey key) const {
    const bool is_kept = std::any_of(i_.completions.begin(), i_.completions.end(),
                                     [&](const Completion& c) { return c.activity == key && !c.handler && !c.compensation; });
    std::unordered_set<std::uint64_t> inside;
    if (!is_kept) inside.insert(key.value);
    for (auto c = i_.completions.rbegin(); c != i_.completions.rend(); ++c) {
      if (c->by == key) c->by = {};
      if (c->handler == key || inside.contains(c->scope.value)) {
        if (!c->compensation && c->activity != key) inside.insert(c->activity.value);
        c->activity = {};  // erased below
      }
    }
    std::erase_if(i_.completions, [](const Completion& c) { return !c.activity; });
  }

  /// The counters of a body, in the order of model::Element::body_data: of a loop how many have begun; of a multi-instance activity how many there
  /// are in all, active, completed, terminated.
  enum class Counted : std::uint8_t { begins, completes, terminates };
  void count(ElementKey body, Counted what) const {
    std::vector<Value>& counters = i_.scopes.edit(body).values;
    const auto add = [&](std::size_t which, int n) { counters[which] = Value(Decimal(counters[which].number()->to_int64().value_or(0) + n)); };
    if (counters.size() == 1) {
      if (what == Counted::begins) add(0, 1);
      return;
    }
    add(1, what == Counted::begins ? 1 : -1);
    if (what == Counted::completes) add(2, 1);
    if (what == Counted::terminates) add(3, 1);
  }
  void consume(ElementKey scope, const std::vector<FlowIndex>& flows) const {
    if (flows.empty()) return;
    auto& tokens = i_.joins.edit(scope).tokens;
    for (const FlowIndex flow : flows) {
      const auto j = std::find_if(tokens.begin(), tokens.end(), [&](const JoinTokens& t) { return t.flow == flow; });
      SB_ASSERT(j != tokens.end());
      if (i_.crowd.is_kept()) i_.crowd.consumed(i_.find(scope), j->gateway, 1);
      if (--j->count == 0) tokens.erase(j);
    }
    if (tokens.empty()) i_.joins.erase(scope);
  }
  [[nodiscard]] AdHocState& ad_hoc(ElementKey key) const {
    SB_ASSERT(i_.find(key) != nullptr);
    const auto place = std::lower_bound(i_.ad_hocs.begin(), i_.ad_hocs.end(), key, [](const AdHocState& s, ElementKey k) { return s.key < k; });
    if (place != i_.ad_hocs.end() && place->key == key) return *place;
    return *i_.ad_hocs.insert(place, {key, 0, false});
  }

  /// A work item while it is changed by a move: who has it is counted again afterwards.
  class Changing {
   public:
    Changing(const Evolution& of, WorkKey key, WorkMove m) : crowd_(of.i_.crowd), work_(of.i_.work.edit(key)) {
      if (crowd_.is_kept()) crowd_.given_back(work_);
      const auto to = next(work_.state, m);
      SB_ASSERT(to.has_value());
      work_.state = *to;
    }
    Changing(const Changing&) = delete;
    Changing& operator=(const Changing&) = delete;
    ~Changing() {
      if (crowd_.is_kept()) crowd_.taken(work_);
    }
    Work& operator*() const { return work_; }
    Work* operator->() const { return &work_; }

   private:
    Crowd& crowd_;
    Work& work_;
  };
  void move(WorkKey key, WorkMove m) const { const Changing moved(*this, key, m); }
  void take(WorkKey key, const std::string& who, std::optional<Instant> lease_until, std::uint64_t token) const {
    const Changing w(*this, key, WorkMove::claim);
    w->assignee = who;
    w->lease_until = lease_until;
    w->token = token;
    w->burnt = false;
  }
  void end(WorkKey key, WorkMove m) const {
    move(key, m);
    if (i_.crowd.is_kept()) i_.crowd.given_back(*i_.find(key));
    erase(i_.work, key);
  }
  static void give_back(Work& w) {
    if (!w.personal) w.assignee.clear();
    w.lease_until.reset();
  }
  /// Events of form 1 have no number.
  template <class E>
  static void outdate(Work& w, const E& e) {
    if (e.token != 0) w.token = e.token;
    w.burnt = e.burnt;
  }

  /// A clock that an operator holds, and lets go on, while its process lets it stand still makes no move.
  [[nodiscard]] std::optional<ClockMove> move_of(const ClockChanged& e) const {
    const sla::Ledger* before = i_.find(e.ledger.clock);
    if (before == nullptr || before->state == e.ledger.state) return std::nullopt;
    switch (e.ledger.state) {
      case sla::ClockState::running: return ClockMove::resume;
      case sla::ClockState::paused: return ClockMove::pause;
      case sla::ClockState::met: return ClockMove::stop;
      case sla::ClockState::cancelled: return ClockMove::cancel;
    }
    return std::nullopt;
  }
  void set(const sla::Ledger& ledger, std::optional<ClockMove> m) const {
    const auto place =
        std::lower_bound(i_.clocks.begin(), i_.clocks.end(), ledger.clock, [](const sla::Ledger& l, ClockIndex c) { return l.clock < c; });
    const bool known = place != i_.clocks.end() && place->clock == ledger.clock;
    SB_ASSERT(known || m == ClockMove::start);
    if (m) SB_ASSERT(next(known ? std::optional(place->state) : std::nullopt, *m).has_value());
    if (known)
      *place = ledger;
    else
      i_.clocks.insert(place, ledger);
  }

  /// A key that is there already is replaced (a timer that cycles keeps its key).
  template <class T>
  void put(Parts<T>& all, const T& item, PartKind kind) const {
    used(item.key.value);
    if (all.put(item) && i_.crowd.is_kept()) i_.crowd.attached(item.element_key, item.key.value, kind);
  }
  template <class T, class K>
  void erase(Parts<T>& all, K key) const {
    if (i_.crowd.is_kept()) i_.crowd.detached(all.find(key)->element_key, key.value);
    all.erase(key);
  }

  ProcessInstance& i_;
  Instant at_;
};

}  // namespace

void evolve(ProcessInstance& instance, const Event& event) {
  SB_ASSERT(event.sequence == instance.sequence + 1);
  std::visit(Evolution(instance, event.at), event.body);
  instance.sequence = event.sequence;
  instance.last = event.at;
}

}  // namespace switchboard::core
