// Events with several definitions, bodies of ad-hoc sub-processes and what begins a case: what each may look like (BPMN 2.0.2, 10.3.5, 10.5 and
// 10.6.6).
#include <fmt/format.h>

#include <algorithm>

#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

using model::EventKind;
using model::Node;
using model::NodeType;

class Several {
 public:
  Several(const Scope& scope, Findings& findings) : scope_(scope), findings_(findings) {}

  bool run() {
    for (const ScopeNode& n : scope_.nodes) {
      if (n.node->events.size() > 1) definitions(n);
      if (n.node->instantiate) beginning(n);
      if (n.node->parallel && !n.node->instantiate)
        broken("SB0418", n, "`parallel` belongs to a gateway that begins cases", "add `instantiate: true`, or wait for all with `parallelMultiple`");
    }
    if (scope_.container != nullptr && scope_.container->type == NodeType::ad_hoc_sub_process) ad_hoc();
    return fine_;
  }

 private:
  void broken(std::string_view rule, const ScopeNode& n, std::string message, std::string hint) {
    broken(rule, n.node->at, n, std::move(message), std::move(hint));
  }
  void broken(std::string_view rule, model::Position at, const ScopeNode& n, std::string message, std::string hint) {
    findings_.error(rule, at, n.path, std::move(message), std::move(hint));
    fine_ = false;
  }

  void definitions(const ScopeNode& n) {
    const auto& all = n.node->events;
    const bool is_throw = n.node->type == NodeType::end_event || n.node->type == NodeType::intermediate_throw_event;
    const bool begins_case = n.node->type == NodeType::start_event && scope_.container == nullptr;
    std::size_t timers = 0;
    std::size_t ends = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const model::EventDefinition& e = all[i];
      if (e.kind == EventKind::link || e.kind == EventKind::none)
        broken("SB0416", e.at, n, "a link cannot be one of several event definitions", "give it an event of its own");
      const bool twice = std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), [&](const model::EventDefinition& other) {
        return other.kind == e.kind && other.kind != EventKind::timer && other.name.name == e.name.name && other.condition.text == e.condition.text;
      });
      if (twice) broken("SB0416", e.at, n, "the same event definition stands here twice", "remove one");
      if (e.kind == EventKind::timer && ++timers == 2 && begins_case)
        broken("SB0416", e.at, n, "a start event of the process has one timer at most", "give the other timer a start event of its own");
      const bool is_end = e.kind == EventKind::error || e.kind == EventKind::terminate || e.kind == EventKind::cancel;
      if (is_throw && is_end && ++ends == 2)
        broken("SB0416", e.at, n, "an end event ends in one way: `error`, `terminate` or `cancel`", "keep one of them");
      if (!is_throw && e.kind == EventKind::error && !n.node->interrupting)
        broken("SB0416", e.at, n, "an error ends what it comes from: it cannot be one of the events that do not interrupt",
               "give the error an event of its own");
      if (n.node->parallel_multiple) one_of_all(n, e, begins_case);
    }
  }

  void one_of_all(const ScopeNode& n, const model::EventDefinition& e, bool begins_case) {
    if (e.kind == EventKind::error || e.kind == EventKind::cancel || e.kind == EventKind::compensate)
      broken("SB0416", e.at, n, fmt::format("`{}` cannot wait for other events: it ends what it comes from", to_string(e.kind)),
             "give it an event of its own, or use `multiple`");
    if (begins_case && e.kind != EventKind::message && e.kind != EventKind::signal)
      broken("SB0416", e.at, n,
             fmt::format("a case that begins when several things have happened waits for messages and signals, not for a {}", to_string(e.kind)),
             "begin with the messages, and wait for the rest behind the start event");
  }

  /// A receive task or an event-based gateway that begins cases.
  void beginning(const ScopeNode& n) {
    if (scope_.container != nullptr) return broken("SB0418", n, "only a node of the process itself begins cases", "remove `instantiate`");
    if (!n.in.empty())
      broken("SB0418", n, fmt::format("a case begins here, so that no flow can lead here; {} does", scope_.flows[n.in.front()].id),
             "remove the flow, or `instantiate`");
    if (n.node->loop.kind != model::LoopDefinition::Kind::none)
      broken("SB0418", n, "one message begins a case: the task cannot be repeated", "remove the loop, or put the task behind a start event");
    for (const std::size_t b : n.boundary)
      findings_.warning("SB0426", scope_.nodes[b].node->at, scope_.nodes[b].path,
                        fmt::format("a case begins with the message of '{}': nothing ever waits there, and this event never happens", n.path),
                        "put a start event with the message before it, or the event on the activity behind");
    if (n.node->type != NodeType::event_based_gateway) return;
    for (const std::size_t f : n.out) {
      const ScopeNode& target = scope_.nodes[scope_.flows[f].to];
      if (target.node->parallel_multiple)
        broken("SB0418", target, "behind a gateway that begins cases an event waits for one thing",
               "use `parallel: true` at the gateway, or `multiple`");
      for (const auto& e : target.node->events)
        if (e.kind == EventKind::condition || (n.node->parallel && e.kind != EventKind::message))
          broken("SB0418", e.at, target,
                 e.kind == EventKind::condition
                     ? "a condition has nothing to look at before there is a case"
                     : fmt::format("a gateway whose events all belong to one case waits for messages, not for a {}", to_string(e.kind)),
                 e.kind == EventKind::condition ? "wait for a message or signal" : "messages have a key, by which the others find the case");
    }
  }

  void ad_hoc() {
    bool begins = false;
    for (const ScopeNode& n : scope_.nodes) {
      if (n.node->type == NodeType::end_event || (n.node->type == NodeType::start_event && n.node->id.size() > 0))
        broken("SB0417", n, fmt::format("an ad-hoc sub-process has no {}", to_string(n.node->type)),
               "its activities begin by themselves, and it ends by its `completionCondition` or when nothing is left");
      begins = begins || n.begins;
    }
    if (begins) return;
    findings_.error("SB0417", scope_.at, scope_.path, "no activity of the ad-hoc sub-process can begin", "add an activity that no flow leads to");
    fine_ = false;
  }

  const Scope& scope_;
  Findings& findings_;
  bool fine_ = true;
};

}  // namespace

bool check_several(const Scope& scope, Findings& findings) { return Several(scope, findings).run(); }

}  // namespace switchboard::verify
