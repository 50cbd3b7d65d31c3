#include "property/driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "property/undo_order.hpp"

namespace switchboard::testing {
namespace {

using core::ElementIndex;
using core::ElementKey;
using model::NodeType;
using What = decltype(core::Command::what);

constexpr std::size_t most_steps = 20'000;

class Driver {
 public:
  Driver(const Generated& g, const model::ExecutablePtr& process, std::uint64_t seed) : g_(g), case_(process), chance_(seed) {}

  Drive run() {
    apply(core::StartInstance{{1}, "C-1", {}, g_.start, g_.start_message, {}, 0});
    while (out_.trouble.empty() && !is_finished(instance().state) && out_.steps < most_steps) {
      if (chance_.one_in(8)) make_noise();
      auto actions = possible_actions();
      if (actions.empty()) {
        out_.trouble = "nothing can be done, but the case is open: " + open_things();
        break;
      }
      Action& a = actions[chance_.below(actions.size())];
      if (const auto* returned = std::get_if<core::FinishCall>(&a.what); returned != nullptr && returned->error.empty())
        ++out_.done[element(instance().find(returned->call)->element).path];
      if (a.counts.first) ++fired_[a.counts];
      if (a.not_before && *a.not_before > now_) now_ = *a.not_before;
      if (chance_.one_in(5)) now_ = now_ + Duration::minutes(static_cast<std::int64_t>(chance_.below(30)));
      apply(std::move(a.what));
    }
    if (out_.trouble.empty() && !is_finished(instance().state)) out_.trouble = "too many steps";
    if (out_.trouble.empty()) check_clocks();
    if (out_.trouble.empty()) check_frozen();
    return std::move(out_);
  }

 private:
  /// The activation and the event that is fired for it.
  using Firing = std::pair<ElementKey, ElementIndex>;
  struct Action {
    What what;
    Firing counts;
    std::optional<Instant> not_before;
  };

  const core::ProcessInstance& instance() const { return case_.instance; }
  const model::Element& element(ElementIndex e) const { return case_.process->at(e); }
  const model::Element& element_at(ElementKey k) const { return element(instance().find(k)->element); }

  void apply(What what) {
    const core::Parts<core::ScopeTokens> joins = instance().joins;
    const auto result = case_.apply({{}, now_, std::move(what)});
    if (result.rejection) out_.trouble = "refused: " + result.rejection->text();
    if (result.stale) out_.trouble = "stale";
    check_tokens(joins);
    after_step();
  }

  void after_step() {
    ++out_.steps;
    out_.events += case_.events.size();
    if (!case_.broken.empty()) out_.trouble = case_.broken;
    for (const sla::Ledger& l : instance().clocks)
      if (const std::string wrong = sla::contradiction(l, case_.process->clocks[l.clock.value]); !wrong.empty())
        out_.trouble = fmt::format("clock {}: {}", case_.process->clocks[l.clock.value].id, wrong);
    for (const core::Event& e : case_.events) {
      if (const std::string wrong = undo_order_.see(e); !wrong.empty()) out_.trouble = wrong;
      if (const auto* work = std::get_if<core::WorkCompleted>(&e.body)) ++out_.done[element(work->element).path];
      if (const auto* entered = std::get_if<core::ElementEntered>(&e.body)) notice(entered->element);
      ++out_.seen[std::string(core::name_of(e.body))];
      if (const auto* marked = std::get_if<core::ClockMarked>(&e.body))
        if (!marked_.insert({marked->ledger.clock.value, marked->ledger.round, marked->mark}).second) out_.trouble = "a mark fired twice";
      if (std::holds_alternative<core::IncidentRaised>(e.body)) out_.trouble = "incident: " + to_feel(core::describe(e, case_.process.get()));
    }
  }

  /// Every token that sets out over a flow arrives within the step, once, unless its scope ended or was taken over meanwhile; and what waits at joins
  /// is what arrived there less what they took.
  void check_tokens(const core::Parts<core::ScopeTokens>& before) {
    std::map<std::pair<ElementKey, core::FlowIndex>, int> under_way;
    std::map<std::pair<ElementKey, core::FlowIndex>, int> waiting;
    std::set<ElementKey> taken_over;
    for (const core::ScopeTokens& scope : before)
      for (const core::JoinTokens& j : scope.tokens) waiting[{j.scope, j.flow}] += static_cast<int>(j.count);
    for (const core::Event& e : case_.events) {
      if (const auto* taken = std::get_if<core::FlowTaken>(&e.body)) ++under_way[{taken->scope, taken->flow}];
      if (const auto* arrived = std::get_if<core::TokenArrived>(&e.body)) {
        if (--under_way[{arrived->scope, arrived->flow}] < 0) out_.trouble = "a token arrived that had not set out";
        ++waiting[{arrived->scope, arrived->flow}];
      }
      const auto take = [&](ElementKey scope, const auto& flows) {
        for (const core::FlowIndex f : flows)
          if (--waiting[{scope, f}] < 0) out_.trouble = "a join took a token that was not there";
      };
      if (const auto* fired = std::get_if<core::JoinFired>(&e.body)) take(fired->scope, fired->consumed);
      if (const auto* activated = std::get_if<core::GatewayActivated>(&e.body)) take(activated->scope, activated->consumed);
      if (const auto* again = std::get_if<core::GatewayReset>(&e.body)) take(again->scope, again->consumed);
      if (const auto* cleared = std::get_if<core::JoinCleared>(&e.body))
        std::erase_if(waiting, [&](const auto& w) { return w.first.first == cleared->scope; });
      if (const auto* entered = std::get_if<core::ElementEntered>(&e.body)) arrive(*entered, under_way, taken_over);
    }
    for (const auto& [at, n] : under_way)
      if (n > 0 && instance().find(at.first) != nullptr && !taken_over.contains(at.first))
        out_.trouble = "a token was lost on " + case_.process->at(at.second).id;
    for (const core::ScopeTokens& scope : instance().joins)
      for (const core::JoinTokens& j : scope.tokens) waiting[{j.scope, j.flow}] -= static_cast<int>(j.count);
    for (const auto& [at, n] : waiting)
      if (n != 0) out_.trouble = "tokens at the join behind " + case_.process->at(at.second).id + " do not add up";
  }
  void arrive(const core::ElementEntered& entered, std::map<std::pair<ElementKey, core::FlowIndex>, int>& under_way,
              std::set<ElementKey>& taken_over) {
    const model::Element& e = element(entered.element);
    if (e.type == NodeType::event_sub_process && e.interrupting) taken_over.insert(entered.scope);
    // It goes off while others are still on their way to it; they arrive as tokens that wait there.
    if (e.type == NodeType::complex_gateway && e.incoming.size() > 1) return;
    for (const core::FlowIndex f : e.incoming)
      if (const auto token = under_way.find({entered.scope, f}); token != under_way.end() && token->second > 0) {
        --token->second;
        return;
      }
  }

  void notice(ElementIndex index) {
    const model::Element& e = element(index);
    std::string sort{model::to_string(e.type)};
    for (const auto& event : e.events) {
      sort += " " + std::string(model::to_string(event.kind));
      if (event.kind == model::EventKind::timer && event.timer.kind == model::TimerDefinition::Kind::every) sort += " cycle";
    }
    if (e.parallel_multiple) sort += " parallel";
    if (e.type == NodeType::start_event && e.scope.value == 0)
      sort += " of the case";
    else if (e.type == NodeType::boundary_event || (e.type == NodeType::start_event && !e.events.empty()))
      sort += e.interrupting ? " interrupting" : " non-interrupting";
    if (e.repetition) ++out_.seen[e.repetition.is_multi_instance() ? sort + " multi-instance" : sort + " loop"];
    if (e.type == NodeType::ad_hoc_sub_process) sort += e.sequential ? " sequential" : " parallel";
    if (e.type == NodeType::send_task) sort += e.message.kind == model::EventKind::message ? " message" : " job";
    if (e.type == NodeType::task && e.outgoing.size() > 1) sort += e.has_conditions ? " that chooses" : " that splits";
    ++out_.seen[sort];
  }

  // Decisions.
  int fires(ElementIndex event) const {
    const auto f = g_.fires.find(element(event).path);
    return f == g_.fires.end() ? 0 : f->second;
  }
  int left(ElementKey owner, ElementIndex event) const {
    const auto done = fired_.find({owner, event});
    return fires(event) - (done == fired_.end() ? 0 : done->second);
  }
  bool boundary_open(ElementKey k, bool but_interrupting) const {
    const auto& all = element_at(k).boundary;
    if (instance().find(k)->number != 0) return false;  // the boundary belongs to all instances together
    return std::any_of(all.begin(), all.end(), [&](ElementIndex b) { return !(but_interrupting && element(b).interrupting) && left(k, b) > 0; });
  }
  bool inside_open(ElementKey k) const {
    if (core::is_body(element_at(k), *instance().find(k))) return false;  // the event sub-processes are those of each instance
    for (const ElementIndex e : element_at(k).event_sub_processes)
      if (left(k, element(e).start_events.front()) > 0) return true;
    return false;
  }
  /// Nothing around `k` still has to fire: from the outside in.
  bool surroundings_done(ElementKey k) const {
    if (k == ElementKey{1}) return true;
    for (ElementKey s = instance().find(k)->scope;; s = instance().find(s)->scope) {
      if (boundary_open(s, false) || inside_open(s)) return false;
      if (s == ElementKey{1}) return true;
    }
  }
  bool may_fire(ElementKey owner, ElementIndex event) const {
    const bool begins = element(event).type == NodeType::start_event && element(event).scope.value == 0;
    if (begins) return left(owner, event) > 0;  // nothing else has begun
    if (left(owner, event) <= 0 || !surroundings_done(owner)) return false;
    switch (element(event).type) {
      case NodeType::boundary_event: return !element(event).interrupting || !boundary_open(owner, true);
      case NodeType::start_event: return !boundary_open(owner, false);
      default: return !boundary_open(owner, false);
    }
  }
  bool may_work(ElementKey owner) const { return surroundings_done(owner) && !boundary_open(owner, false); }

  std::vector<Action> possible_actions() const {
    std::vector<Action> all;
    for (const core::Work& w : instance().work) {
      const std::string& path = element(w.element).path;
      if (w.state == core::WorkState::waiting_retry) {
        all.push_back({core::RetryWork{w.key}, {}, w.retry_at});
        continue;
      }
      if (g_.blocked.contains(path) || !may_work(w.element_key)) continue;
      if (g_.fails.contains(path))
        all.push_back({core::FailWork{w.key, "it broke", "broken", {}, w.assignee}, {}, {}});
      else
        all.push_back({core::CompleteWork{w.key, {}, w.assignee}, {}, {}});
    }
    for (const core::Call& c : instance().calls)
      if (may_work(c.element_key))
        all.push_back({core::FinishCall{c.key, true, {}, g_.fails.contains(element(c.element).path) ? "broken" : ""}, {}, {}});
    for (const core::Subscription& s : instance().subscriptions) {
      if (core::is_listening(s) || !may_fire(s.element_key, s.element)) continue;
      const Firing firing{s.element_key, s.element};
      if (s.kind == core::SubscriptionKind::message)
        all.push_back({core::DeliverMessage{s.key, s.name, {}}, firing, {}});
      else
        all.push_back({core::DeliverSignal{s.key, s.name, {}}, firing, {}});
    }
    for (const core::Timer& t : instance().timers)
      if (may_fire(t.element_key, t.element)) all.push_back({core::FireTimer{t.key, t.due}, {t.element_key, t.element}, t.due});
    add_conditions(all);
    add_activities(all);
    return all;
  }

  /// Activities of an ad-hoc sub-process that somebody begins once more.
  void add_activities(std::vector<Action>& all) const {
    const auto& elements = instance().elements;
    for (const core::AdHocState& s : instance().ad_hocs) {
      const bool busy = std::any_of(elements.begin(), elements.end(), [&](const core::ElementInstance& e) { return e.scope == s.key; });
      if (s.closed || !may_work(s.key) || (busy && element_at(s.key).sequential)) continue;
      for (const ElementIndex a : element_at(s.key).initial)
        if (left(s.key, a) > 0) all.push_back({core::BeginActivity{element(a).path, "li", s.key}, {s.key, a}, {}});
    }
  }

  void add_conditions(std::vector<Action>& all) const {
    const auto add = [&](ElementKey owner, ElementIndex event) {
      const auto data = g_.switches.find(element(event).path);
      if (data != g_.switches.end() && may_fire(owner, event))
        all.push_back({core::SetData{Context{{data->second, true}}, "chance"}, {owner, event}, {}});
    };
    for (const core::ElementInstance& e : instance().elements) {
      const model::Element& spec = element(e.element);
      if (spec.type == NodeType::intermediate_catch_event) add(e.key, e.element);
      if (spec.type == NodeType::event_based_gateway)
        for (const core::FlowIndex f : spec.outgoing) add(e.key, case_.process->at(f).to);
      if (e.number == 0)
        for (const ElementIndex b : spec.boundary) add(e.key, b);
      for (const ElementIndex s : spec.event_sub_processes)
        if (!core::is_body(spec, e)) add(e.key, element(s).start_events.front());
    }
  }

  /// Commands that do not change what happens in the end, or that must be refused.
  void make_noise() {
    const std::size_t which = chance_.below(11);
    if (which > 8) {
      tell_clocks();
    } else if (which == 0) {
      expect_refusal(core::CompleteWork{{999'999}, {}, {}});
      expect_refusal(core::SetData{Context{{"nothing", 1}}, {}});
    } else if (which == 1) {
      expect_refusal(core::FireTimer{{999'999}, now_});
      expect_refusal(core::DeliverMessage{{999'999}, "m1", {}});
    } else if (which == 2) {
      apply(core::SuspendInstance{"", "chance"});
      now_ = now_ + Duration::minutes(static_cast<std::int64_t>(chance_.below(90)));
      if (!instance().work.empty()) expect_refusal(core::CompleteWork{instance().work.front().key, {}, instance().work.front().assignee});
      apply(core::ResumeInstance{"chance"});
    } else if (which < 5) {
      fire_some_mark();
    } else if (which == 5) {
      fail_some_job();
    } else if (!instance().work.empty()) {
      const core::Work& w = instance().work[chance_.below(instance().work.size())];
      if (w.state == core::WorkState::offered)
        apply(core::ClaimWork{w.key, "li", {}, std::nullopt});
      else if (w.state == core::WorkState::claimed)
        apply(core::ReleaseWork{w.key, w.assignee});
    }
  }

  /// A message that no token waits for: clocks may react, tokens stay where they are.
  void tell_clocks() {
    for (const core::Subscription& s : instance().subscriptions) {
      if (!core::is_listening(s)) continue;
      const auto tokens = instance().elements;
      apply(core::DeliverMessage{s.key, s.name, {}});
      if (instance().elements != tokens) out_.trouble = "a message for clocks moved a token";
      ++out_.seen["message for clocks"];
      return;
    }
  }

  /// A worker fails; the job is tried again later.
  void fail_some_job() {
    for (const core::Work& w : instance().work) {
      const bool open = w.state == core::WorkState::offered || w.state == core::WorkState::claimed;
      if (w.kind == core::WorkKind::user || !open || w.retries < 2) continue;
      apply(core::FailWork{w.key, "line dead", {}, {}, w.assignee});
      if (!instance().work.empty()) expect_refusal(core::CompleteWork{{999'998}, {}, {}});
      return;
    }
  }

  /// The next mark of some clock, when it is due or later; a mark that has fired is stale.
  void fire_some_mark() {
    for (const core::Due& due : core::due_of(*case_.process, instance())) {
      if (due.kind != core::Due::Kind::mark || chance_.one_in(3)) continue;
      if (due.due > now_) now_ = due.due;
      const auto fire = core::command_of(due);
      apply(fire);
      expect_refusal(fire);
      return;
    }
  }

  /// Whatever was due before a clock ended has fired, and who was late is marked as late.
  void check_clocks() {
    for (sla::Ledger l : instance().clocks) {
      const model::ClockSpec& spec = case_.process->clocks[l.clock.value];
      // At the due instant itself it is in time. A clock that ends in a pause stood still since the pause began.
      const bool ended_in_pause = l.anchor == l.ended;
      const bool wrong = l.breached ? l.ended <= l.due : l.ended > l.due && !ended_in_pause;
      if (l.state == sla::ClockState::met && wrong) out_.trouble = "the breach of clock " + spec.id + " is wrong";
      l.state = sla::ClockState::running;
      const auto left = sla::next_mark(l, spec);
      if (left && left->due < l.ended && !ended_in_pause)  // paused at the very instant of a mark, it had not passed it
        out_.trouble = fmt::format(
            "a mark of clock {} was lost: {} due {}, anchor {}, due of the clock {}, ended {}, breached {}, done {}, budget {}", spec.id, left->index,
            to_string(left->due), to_string(l.anchor), to_string(l.due), to_string(l.ended), l.breached, l.marks_done, calendar::to_string(l.budget));
    }
  }

  void expect_refusal(What what) {
    const auto result = case_.apply({{}, now_, std::move(what)});
    if (!result.rejection && !result.stale) out_.trouble = "a wrong command was accepted";
    if (!case_.broken.empty()) out_.trouble = case_.broken;
  }

  void check_frozen() {
    expect_refusal(core::CompleteWork{{3}, {}, {}});
    expect_refusal(core::SetData{Context{}, {}});
    expect_refusal(core::FireTimer{{3}, now_});
    expect_refusal(core::CancelInstance{{}, {}});
    expect_refusal(core::FireMark{{0}, 1, 0, now_});
    expect_refusal(core::ResumeInstance{{}});
    expect_refusal(core::StartInstance{{1}, "C-1", {}, {}, {}, {}, 0});
  }

  std::string open_things() const {
    std::string all;
    for (const auto& e : instance().elements) all += element(e.element).path + " ";
    for (const auto& scope : instance().joins)
      for (const auto& j : scope.tokens) all += fmt::format("[{} x{}] ", case_.process->at(j.flow).id, j.count);
    return all;
  }

  const Generated& g_;
  LawfulCase case_;
  Chance chance_;
  Instant now_{1'772'000'000'000'000};
  std::map<Firing, int> fired_;
  UndoOrder undo_order_;
  std::set<std::array<std::uint32_t, 3>> marked_;  ///< clock, round, mark
  Drive out_;
};

}  // namespace

Drive drive(const Generated& g, const model::ExecutablePtr& process, std::uint64_t seed) { return Driver(g, process, seed).run(); }

}  // namespace switchboard::testing
