#include "verify/scope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "calendar/duration.hpp"
#include "feel/feel.hpp"
#include "feel/free_names.hpp"

namespace switchboard::verify {
namespace {

using model::EventKind;
using model::Node;
using model::NodeType;

std::shared_ptr<const Node> entry_of_ad_hoc() {
  auto entry = std::make_shared<Node>();
  entry->type = NodeType::start_event;
  return entry;
}

class Builder {
 public:
  Builder(const Node* container, const std::vector<Node>& nodes, std::string path, model::Position at) {
    scope_.container = container;
    scope_.path = std::move(path);
    scope_.at = at;
    for (const Node& n : nodes) {
      const std::size_t host = add(n, none);
      for (const Node& b : n.boundary) {
        const std::size_t self = add(b, host);
        scope_.nodes[host].boundary.push_back(self);
      }
    }
  }

  Scope build() {
    for (std::size_t i = 0; i < scope_.nodes.size(); ++i) {
      for (const auto& flow : scope_.nodes[i].node->next) connect(i, find(flow.to.name), &flow);
      connect_link(i);
    }
    if (scope_.container != nullptr && scope_.container->type == NodeType::ad_hoc_sub_process) begin_ad_hoc();
    return std::move(scope_);
  }

 private:
  /// What begins by itself: activities that nothing leads to, none of which undoes another.
  void begin_ad_hoc() {
    std::vector<std::size_t> first;
    for (std::size_t i = 0; i < scope_.nodes.size(); ++i) {
      const ScopeNode& n = scope_.nodes[i];
      if (model::is_activity(n.node->type) && n.in.empty() && n.host == none && !stands_apart(scope_, n)) first.push_back(i);
    }
    std::size_t start = none;
    for (const std::size_t i : first) {
      if (start == none || scope_.container->sequential) {
        start = scope_.nodes.size();
        scope_.made.push_back(entry_of_ad_hoc());
        scope_.nodes.push_back({scope_.made.back().get(), scope_.path, none, {}, {}, {}, true});
      }
      connect(start, i, nullptr);
    }
  }

  std::size_t add(const Node& n, std::size_t host) {
    const std::size_t self = scope_.nodes.size();
    if (!n.compensation.empty()) scope_.handlers.insert(n.compensation.name);
    const std::string prefix = scope_.container == nullptr ? std::string{} : scope_.path + "/";
    const bool begins = n.type == NodeType::start_event || (n.instantiate && scope_.container == nullptr);
    scope_.nodes.push_back({&n, prefix + n.id, host, {}, {}, {}, begins});
    if (host == none) by_id_.emplace(n.id, self);
    return self;
  }

  std::size_t find(const std::string& id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? none : found->second;
  }

  void connect(std::size_t from, std::size_t to, const model::Flow* flow) {
    if (to == none) return;  // there is no such node: the loader has reported it
    const Truth truth = flow == nullptr || flow->condition.empty() ? Truth::always : truth_of(flow->condition);
    const std::size_t self = scope_.flows.size();
    scope_.flows.push_back({from, to, flow, truth, fmt::format("{}->{}", scope_.nodes[from].path, scope_.nodes[to].path)});
    scope_.nodes[from].out.push_back(self);
    scope_.nodes[to].in.push_back(self);
  }

  void connect_link(std::size_t from) {
    const ScopeNode& n = scope_.nodes[from];
    if (n.node->type != NodeType::intermediate_throw_event || n.event() != EventKind::link) return;
    for (std::size_t to = 0; to < scope_.nodes.size(); ++to) {
      const ScopeNode& t = scope_.nodes[to];
      if (t.node->type == NodeType::intermediate_catch_event && t.event() == EventKind::link &&
          t.node->events.front().name.name == n.node->events.front().name.name)
        return connect(from, to, nullptr);
    }
  }

  Scope scope_;
  std::map<std::string, std::size_t> by_id_;
};

// Depth is bounded by the loader's limit on nesting.
void collect(const std::vector<Node>& nodes, const std::string& prefix, std::vector<Scope>& out) {
  for (const Node& n : nodes) {
    if (!model::is_container(n.type)) continue;
    out.push_back(Builder(&n, n.nodes, prefix + n.id, n.at).build());
    collect(n.nodes, prefix + n.id + "/", out);
  }
}

}  // namespace

std::vector<Scope> scopes_of(const model::Process& process) {
  std::vector<Scope> all;
  all.push_back(Builder(nullptr, process.nodes, process.id, process.at).build());
  collect(process.nodes, "", all);
  return all;
}

bool stands_apart(const Scope& scope, const ScopeNode& n) {
  return n.node->type == NodeType::event_sub_process || scope.handlers.contains(n.node->id);
}

bool at_once(const ScopeNode& n) {
  switch (n.node->type) {
    case NodeType::task:
    case NodeType::manual_task:
    case NodeType::script_task:
    case NodeType::business_rule_task:
    case NodeType::exclusive_gateway:
    case NodeType::inclusive_gateway:
    case NodeType::parallel_gateway: return true;
    case NodeType::intermediate_throw_event:  // one that has something undone waits for that
      return std::none_of(n.node->events.begin(), n.node->events.end(), [](const auto& e) { return e.kind == EventKind::compensate; });
    case NodeType::start_event:
    case NodeType::end_event:
    case NodeType::intermediate_catch_event:
    case NodeType::boundary_event:
    case NodeType::user_task:
    case NodeType::service_task:
    case NodeType::send_task:
    case NodeType::receive_task:
    case NodeType::event_based_gateway:
    case NodeType::complex_gateway:
    case NodeType::sub_process:
    case NodeType::transaction:
    case NodeType::ad_hoc_sub_process:
    case NodeType::event_sub_process:
    case NodeType::call_activity: break;
  }
  return false;
}

bool waits_for_nothing(const ScopeNode& n) {
  if (at_once(n)) return true;
  if (n.node->type != NodeType::intermediate_catch_event || n.event() != EventKind::timer || n.node->events.size() != 1) return false;
  const model::TimerDefinition& timer = n.node->events.front().timer;
  if (timer.kind != model::TimerDefinition::Kind::after) return false;
  auto literal = calendar::parse_duration(timer.duration.text);
  if (literal) return literal.value().is_zero();
  const auto compiled = feel::compile(timer.duration.text, {});
  const auto* program = std::get_if<feel::Program>(&compiled);
  const auto constant = program == nullptr ? std::nullopt : program->constant();
  if (!constant) return false;
  if (const auto* text = constant->string()) literal = calendar::parse_duration(*text);
  if (const auto* time = constant->days_time_duration()) return time->seconds == 0 && time->nanoseconds == 0;
  if (const auto* months = constant->years_months_duration()) return months->months == 0;
  return literal && literal.value().is_zero();
}

std::vector<bool> reached_from(const Scope& scope, std::size_t node) {
  std::vector<bool> seen(scope.nodes.size(), false);
  std::vector<std::size_t> open{node};
  while (!open.empty()) {
    const std::size_t n = open.back();
    open.pop_back();
    if (seen[n]) continue;
    seen[n] = true;
    for (const std::size_t f : scope.nodes[n].out) open.push_back(scope.flows[f].to);
    open.insert(open.end(), scope.nodes[n].boundary.begin(), scope.nodes[n].boundary.end());
  }
  return seen;
}

model::Position place_in(const model::Expr& expr, std::size_t offset) {
  model::Position p = expr.at;
  if (p.line == 0) return p;
  for (std::size_t i = 0; i < std::min(offset, expr.text.size()); ++i) {
    const auto byte = static_cast<unsigned char>(expr.text[i]);
    if (byte == '\n')
      p = {p.line + 1,
           expr.at.column};  // how far the lines of a block text are indented is not known here: they are taken to be indented like the first
    else if ((byte & 0xC0U) != 0x80U)
      ++p.column;  // columns count code points
  }
  return p;
}

Truth truth_of(const model::Expr& condition) {
  // Without any name in scope, only a text that needs none compiles. But data may be called like a function: `count(log)`.
  if (!feel::free_names(condition.text).empty()) return Truth::unknown;
  const auto compiled = feel::compile(condition.text, {});
  const auto* program = std::get_if<feel::Program>(&compiled);
  if (program == nullptr) return Truth::unknown;
  const auto constant = program->constant();
  if (!constant) return Truth::unknown;
  const bool* value = constant->boolean();
  return value != nullptr && *value ? Truth::always : Truth::never;  // a condition holds only when it is exactly true
}

void Findings::add(std::string_view rule, model::Severity severity, model::Position at, std::string_view element, std::string message,
                   std::string hint, std::vector<std::string> related) {
  if (severity == model::Severity::error) ++errors_;
  all.push_back({std::string(rule), severity, process_.file, at, std::string(element), std::move(message), std::move(hint), std::move(related)});
}

void Findings::error(std::string_view rule, model::Position at, std::string_view element, std::string message, std::string hint) {
  add(rule, model::Severity::error, at, element, std::move(message), std::move(hint), {});
}
void Findings::error(std::string_view rule, model::Position at, std::string_view element, std::string message, std::string hint,
                     std::vector<std::string> witness) {
  add(rule, model::Severity::error, at, element, std::move(message), std::move(hint), std::move(witness));
}
void Findings::warning(std::string_view rule, model::Position at, std::string_view element, std::string message, std::string hint,
                       std::vector<std::string> related) {
  add(rule, model::Severity::warning, at, element, std::move(message), std::move(hint), std::move(related));
}
void Findings::advice(std::string_view rule, model::Position at, std::string_view element, std::string message, std::string hint,
                      std::vector<std::string> related) {
  add(rule, model::Severity::advice, at, element, std::move(message), std::move(hint), std::move(related));
}
void Findings::soundness(std::string_view rule, model::Position at, std::string_view element, std::string message, std::string hint,
                         std::vector<std::string> witness) {
  add(rule, process_.strict ? model::Severity::error : model::Severity::warning, at, element, std::move(message), std::move(hint),
      std::move(witness));
}

bool is_thrown_by_host(const Scope& scope, std::size_t b) {
  const ScopeNode& event = scope.nodes[b];
  if (event.host == none) return false;
  const auto& thrown = scope.nodes[event.host].node->loop.events;
  return std::any_of(thrown.begin(), thrown.end(), [&](const model::LoopDefinition::Thrown& t) {
    return std::any_of(event.node->events.begin(), event.node->events.end(), [&](const model::EventDefinition& e) {
      const bool any = e.kind == model::EventKind::escalation && (e.name.empty() || e.name.name == "any");
      return e.kind == t.event.kind && (any || e.name.name == t.event.name.name);
    });
  });
}

bool ends_host(const Scope& scope, std::size_t b) {
  const ScopeNode& event = scope.nodes[b];
  return event.node->interrupting && (event.event() == model::EventKind::error || !is_thrown_by_host(scope, b));
}

}  // namespace switchboard::verify
