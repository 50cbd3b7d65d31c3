// Gateways, events, boundaries and flows: what each may look like (BPMN 2.0.2, 10.5 and 10.6).
#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <set>

#include "feel/possible.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

std::string with_article(std::string_view word) {
  return fmt::format("{} {}", std::string_view("aeiou").find(word.front()) == std::string_view::npos ? "a" : "an", word);
}

using model::EventKind;
using model::NodeType;

class Shapes {
 public:
  Shapes(const Scope& scope, Findings& findings) : scope_(scope), findings_(findings) {}

  bool run() {
    for (const ScopeNode& n : scope_.nodes) node(n);
    merges();
    return fine_;
  }

 private:
  /// A shape in which the token game has no meaning.
  void broken(std::string_view rule, model::Position at, const ScopeNode& n, std::string message, std::string hint) {
    findings_.error(rule, at, n.path, std::move(message), std::move(hint));
    fine_ = false;
  }

  void node(const ScopeNode& n) {
    ends(n);
    flows(n);
    conditions(n);
    if (model::is_gateway(n.node->type)) gateway(n);
    if (model::is_event(n.node->type)) event(n);
    if (n.host != none) boundary(n);
    if (n.node->type == NodeType::event_sub_process) event_sub_process(n);
    if (model::is_activity(n.node->type) || n.node->type == NodeType::intermediate_throw_event || n.node->type == NodeType::intermediate_catch_event)
      implicit(n);
  }

  /// What leads to or from a node although nothing may.
  void ends(const ScopeNode& n) {
    const bool entered_by_itself = n.node->type == NodeType::start_event || n.node->type == NodeType::event_sub_process;
    for (const std::size_t f : n.in)
      if (entered_by_itself)
        broken("SB0405", scope_.flows[f].flow == nullptr ? n.node->at : scope_.flows[f].flow->to.at, n,
               fmt::format("no flow may lead to {}", with_article(to_string(n.node->type))), "lead it to the node behind");
    if (n.node->type == NodeType::end_event && !n.out.empty())
      broken("SB0405", n.node->next_at, n, "no flow may leave an endEvent", "remove `next`, or make it an intermediateThrowEvent");
    if (n.node->type == NodeType::event_sub_process && !n.out.empty())
      broken("SB0405", n.node->next_at, n, "no flow may leave an eventSubProcess", "end it with an end event of its own");
    const bool must_go_on = n.node->type == NodeType::start_event || n.host != none || model::is_gateway(n.node->type);
    const bool is_cut_off = model::is_gateway(n.node->type) && n.in.empty();  // never reached either: SB0401
    if (must_go_on && n.out.empty() && !is_cut_off)
      broken("SB0405", n.node->at, n, fmt::format("{} must lead somewhere", with_article(to_string(n.node->type))),
             n.node->next_at != n.node->at && n.node->next.empty() ? "its `next` is empty: name a node, an endEvent when nothing follows"
                                                                   : "write `next`");
  }

  void flows(const ScopeNode& n) {
    std::set<std::pair<std::size_t, std::string>> seen;
    for (const std::size_t f : n.out) {
      const ScopeFlow& flow = scope_.flows[f];
      if (flow.flow == nullptr) continue;
      const std::string text = flow.flow->is_default ? std::string("else") : flow.flow->condition.text;
      if (seen.emplace(flow.to, text).second) continue;
      if (flow.flow->condition.empty() && n.node->type != NodeType::exclusive_gateway)
        findings_.warning("SB0427", flow.flow->to.at, n.path,
                          fmt::format("the flow to '{}' is there twice: two tokens go there", scope_.nodes[flow.to].node->id), "remove one");
      else
        findings_.warning("SB0427", flow.flow->to.at, n.path,
                          fmt::format("the flow to '{}' is there twice with the same condition", scope_.nodes[flow.to].node->id), "remove one");
    }
  }

  void conditions(const ScopeNode& n) {
    for (const std::size_t f : n.out) {
      const ScopeFlow& flow = scope_.flows[f];
      if (flow.flow == nullptr || flow.flow->condition.empty() || flow.truth == Truth::unknown) continue;
      const bool yes = flow.truth == Truth::always;
      findings_.warning("SB0428", flow.flow->condition.at, n.path, fmt::format("the condition of {} is always {}", flow.id, yes ? "true" : "false"),
                        yes ? "leave the condition out, or write `else`" : "the flow is never taken: remove it or correct the condition");
    }
  }

  void gateway(const ScopeNode& n) {
    const NodeType type = n.node->type;
    if (type == NodeType::parallel_gateway || type == NodeType::event_based_gateway) unconditional(n);
    if (type == NodeType::exclusive_gateway || type == NodeType::inclusive_gateway) choice(n);
    if (type == NodeType::complex_gateway) complex(n);
    if (type == NodeType::event_based_gateway) return event_based(n);
    if (n.in.size() > 1 && n.out.size() > 1)
      findings_.advice("SB0421", n.node->at, n.path, "one gateway both joins and splits",
                       "two gateways, one that joins and one that splits, read more easily");
    if (n.in.size() <= 1 && n.out.size() == 1)
      findings_.advice("SB0406", n.node->at, n.path, "the gateway neither splits nor joins", "remove it, or add the flow that is missing");
  }

  void unconditional(const ScopeNode& n) {
    for (const std::size_t f : n.out) {
      const model::Flow& flow = *scope_.flows[f].flow;
      if (flow.condition.empty() && !flow.is_default) continue;
      return broken("SB0408", flow.condition.empty() ? flow.to.at : flow.condition.at, n,
                    fmt::format("{} takes no conditions: every flow is open", with_article(to_string(n.node->type))),
                    "remove `if` and `else`, or use an exclusiveGateway or inclusiveGateway");
    }
  }

  void choice(const ScopeNode& n) {
    if (n.out.size() < 2) {
      if (n.out.size() == 1 && !scope_.flows[n.out[0]].flow->condition.empty() && !scope_.flows[n.out[0]].flow->is_default) missing_else(n);
      return;
    }
    const auto open = [&](std::size_t f) { return scope_.flows[f].flow->condition.empty() && !scope_.flows[f].flow->is_default; };
    if (n.node->type == NodeType::exclusive_gateway) {
      for (std::size_t i = 0; i + 1 < n.out.size(); ++i)
        if (open(n.out[i]))
          findings_.warning("SB0409", scope_.flows[n.out[i]].flow->to.at, n.path,
                            fmt::format("{} has no condition and is taken before the flows after it", scope_.flows[n.out[i]].id),
                            "write `if:` here, or `else:` when it is meant for all other cases");
    }
    missing_else(n);
  }

  /// When it is reset there may be no flow to take; when it goes off there must be one.
  void complex(const ScopeNode& n) {
    const auto is_open = [&](std::size_t f) {
      const model::Flow& flow = *scope_.flows[f].flow;
      if (flow.condition.empty()) return true;
      return feel::truth_given(flow.condition.text, "waitingForStart", feel::Type::Kind::boolean, Value(true)).value_or(false);
    };
    if (n.out.empty() || std::any_of(n.out.begin(), n.out.end(), is_open)) return;
    findings_.warning(
        "SB0407", n.node->at, n.path,
        "there is no `else`: when no condition is true as the gateway goes off (null counts as not true) the case stops with an incident",
        "add `- {else: ID}`, or a flow without a condition");
  }

  void missing_else(const ScopeNode& n) {
    const bool covered = std::any_of(n.out.begin(), n.out.end(),
                                     [&](std::size_t f) { return scope_.flows[f].flow->is_default || scope_.flows[f].truth == Truth::always; });
    if (!covered)
      findings_.warning("SB0407", n.node->at, n.path,
                        "there is no `else`: when no condition is true (null counts as not true) the case stops with an incident",
                        "add `- {else: ID}`");
  }

  void event_based(const ScopeNode& n) {
    if (n.out.size() < 2)
      findings_.warning("SB0420", n.node->at, n.path, "an event-based gateway waits for at least two events",
                        "add the other event, or remove the gateway");
    for (const std::size_t f : n.out) {
      const ScopeNode& target = scope_.nodes[scope_.flows[f].to];
      const model::Position at = scope_.flows[f].flow->to.at;
      const bool waits = target.node->type == NodeType::receive_task ||
                         (target.node->type == NodeType::intermediate_catch_event && target.event() != EventKind::link);
      if (!waits)
        broken("SB0420", at, n,
               fmt::format("'{}' is a {}; an event-based gateway leads to intermediate catch events and receive tasks only", target.path,
                           to_string(target.node->type)),
               "let it lead to the event that decides");
      else if (target.in.size() > 1)
        broken("SB0420", at, n, fmt::format("'{}' waits for this gateway and cannot have another flow", target.path),
               "give the other flow an event of its own");
      if (!target.boundary.empty())
        broken("SB0420", at, n, fmt::format("'{}' behind an event-based gateway may not have boundary events", target.path),
               "use a timer event beside it");
    }
  }

  void event(const ScopeNode& n) {
    for (const auto& e : n.node->events) definition(n, e);
    if (n.node->events.empty() && (n.node->type == NodeType::intermediate_catch_event || n.node->type == NodeType::boundary_event))
      broken("SB0429", n.node->at, n, fmt::format("{} must say what it waits for", with_article(to_string(n.node->type))),
             "add e.g. `message: ID` or `timer: {after: 1 h}`");
  }

  void definition(const ScopeNode& n, const model::EventDefinition& e) {
    static constexpr auto in = [](EventKind k, std::initializer_list<EventKind> all) { return std::find(all.begin(), all.end(), k) != all.end(); };
    bool allowed = true;
    switch (n.node->type) {
      case NodeType::start_event:
        if (scope_.container == nullptr)
          allowed = in(e.kind, {EventKind::none, EventKind::message, EventKind::timer, EventKind::signal, EventKind::condition});
        else if (scope_.is_event_sub_process())
          allowed = !in(e.kind, {EventKind::none, EventKind::link, EventKind::terminate, EventKind::cancel});
        else
          allowed = e.kind == EventKind::none;
        break;
      case NodeType::intermediate_catch_event:
        allowed = in(e.kind, {EventKind::message, EventKind::timer, EventKind::signal, EventKind::condition, EventKind::link});
        break;
      case NodeType::intermediate_throw_event:
        allowed = in(e.kind, {EventKind::none, EventKind::message, EventKind::signal, EventKind::escalation, EventKind::link, EventKind::compensate});
        break;
      case NodeType::end_event: allowed = !in(e.kind, {EventKind::timer, EventKind::condition, EventKind::link}); break;
      case NodeType::boundary_event: allowed = !in(e.kind, {EventKind::none, EventKind::link, EventKind::terminate}); break;
      case NodeType::task:
      case NodeType::user_task:
      case NodeType::service_task:
      case NodeType::send_task:
      case NodeType::receive_task:
      case NodeType::script_task:
      case NodeType::business_rule_task:
      case NodeType::manual_task:
      case NodeType::exclusive_gateway:
      case NodeType::inclusive_gateway:
      case NodeType::parallel_gateway:
      case NodeType::event_based_gateway:
      case NodeType::complex_gateway:
      case NodeType::sub_process:
      case NodeType::transaction:
      case NodeType::ad_hoc_sub_process:
      case NodeType::event_sub_process:
      case NodeType::call_activity: break;
    }
    if (!allowed)
      broken("SB0429", e.at, n, fmt::format("a {} {} cannot be of kind `{}`", place(), to_string(n.node->type), to_string(e.kind)),
             "docs/language.md lists the events of each type");
  }

  std::string_view place() const {
    if (scope_.container == nullptr) return "process's";
    return scope_.is_event_sub_process() ? "event sub-process's" : "sub-process's";
  }

  void boundary(const ScopeNode& n) {
    const ScopeNode& host = scope_.nodes[n.host];
    const EventKind kind = n.node->events.size() == 1 ? n.event() : EventKind::none;
    if (!model::is_activity(host.node->type) || host.node->type == NodeType::event_sub_process)
      return broken("SB0425", n.node->at, n, fmt::format("{} has no boundary events; only activities do", with_article(to_string(host.node->type))),
                    "put the event on an activity");
    if (kind == EventKind::error && !n.node->interrupting)
      broken("SB0425", n.node->at, n, "an error ends its activity: the boundary event must interrupt", "remove `interrupting: false`");
    const bool cancels = std::any_of(n.node->events.begin(), n.node->events.end(), [](const auto& e) { return e.kind == EventKind::cancel; });
    if (cancels && host.node->type != NodeType::transaction)
      broken("SB0425", n.node->at, n, "only a transaction can be cancelled", "use an error or a message");
    if (kind == EventKind::cancel && !n.node->interrupting)
      broken("SB0425", n.node->at, n, "a cancelled transaction is over: the boundary event must interrupt", "remove `interrupting: false`");
    const bool at_once = host.node->type == NodeType::manual_task || host.node->type == NodeType::task || host.node->type == NodeType::script_task ||
                         host.node->type == NodeType::business_rule_task;
    const bool comes_at_once = std::any_of(n.node->events.begin(), n.node->events.end(), [](const model::EventDefinition& e) {
      return e.kind == EventKind::error || e.kind == EventKind::compensate;
    });
    if (is_thrown_by_host(scope_, static_cast<std::size_t>(&n - scope_.nodes.data()))) return;
    if (at_once && !comes_at_once)
      findings_.warning("SB0425", n.node->at, n.path,
                        fmt::format("{} takes no time: this event can never happen on it", with_article(to_string(host.node->type))),
                        "put it on an activity that waits");
    const bool has_inside = host.node->type == NodeType::sub_process || host.node->type == NodeType::transaction ||
                            host.node->type == NodeType::ad_hoc_sub_process || host.node->type == NodeType::call_activity;
    if (!at_once && n.node->events.size() == 1 && kind == EventKind::escalation && !has_inside)
      findings_.warning(
          "SB0425", n.node->at, n.path,
          fmt::format("an escalation comes from inside a sub-process or a called case, a {} raises none: this event can never happen on it",
                      to_string(host.node->type)),
          "put it on a sub-process or call activity, or use an error or a message");
  }

  void event_sub_process(const ScopeNode& n) {
    const auto& body = n.node->nodes;
    const auto start = std::find_if(body.begin(), body.end(), [](const model::Node& b) { return b.type == NodeType::start_event; });
    if (start == body.end()) return;  // SB0403 says so
    if (start->events.empty())
      broken("SB0424", start->at, n, "the start event of an event sub-process must say what triggers it",
             "add e.g. `escalation: ID` or `message: ID`");
    const bool error = start->events.size() == 1 && start->events.front().kind == EventKind::error;
    if (error && !start->interrupting)
      broken("SB0424", start->at, n, "an error ends its scope: the event sub-process must interrupt", "remove `interrupting: false`");
    if (!n.node->boundary.empty())
      broken("SB0424", n.node->at, n, "an event sub-process has no boundary events", "put them on the activities inside");
  }

  void implicit(const ScopeNode& n) {
    const auto split = std::count_if(n.out.begin(), n.out.end(), [&](std::size_t f) { return scope_.flows[f].flow != nullptr; });
    if (split > 1)
      findings_.advice("SB0422", n.node->next_at, n.path, fmt::format("{} flows leave this {} without a gateway", split, to_string(n.node->type)),
                       "a gateway shows whether all or one of them is taken");
    if (n.in.size() > 1 && n.event() != EventKind::link) merges_.push_back(&n);
  }

  /// One advice for a whole scope: merging without a gateway is common, and where it is wrong SB0411 finds it.
  void merges() {
    if (merges_.empty()) return;
    std::vector<std::string> paths;
    for (const ScopeNode* n : merges_) paths.push_back(n->path);
    const std::string what =
        fmt::format("several flows lead to {} without a gateway: each token starts {} anew",
                    paths.size() == 1 ? paths.front() : fmt::format("{} nodes", paths.size()), paths.size() == 1 ? "it" : "them");
    findings_.advice("SB0423", merges_.front()->node->at, merges_.front()->path, what, "an exclusiveGateway in front shows that", std::move(paths));
  }

  const Scope& scope_;
  Findings& findings_;
  std::vector<const ScopeNode*> merges_;
  bool fine_ = true;
};

}  // namespace

bool check_shapes(const Scope& scope, Findings& findings) {
  const bool several = check_several(scope, findings);
  return Shapes(scope, findings).run() && several;
}

}  // namespace switchboard::verify
