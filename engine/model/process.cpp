#include "model/process.hpp"

#include <array>

#include "switchboard/base/assert.hpp"

namespace switchboard::model {

namespace {

struct Word {
  NodeType type;
  std::string_view text;
};

constexpr std::array<Word, 23> node_words{{
    {NodeType::start_event, "startEvent"},
    {NodeType::end_event, "endEvent"},
    {NodeType::intermediate_catch_event, "intermediateCatchEvent"},
    {NodeType::intermediate_throw_event, "intermediateThrowEvent"},
    {NodeType::boundary_event, "boundaryEvent"},
    {NodeType::task, "task"},
    {NodeType::user_task, "userTask"},
    {NodeType::service_task, "serviceTask"},
    {NodeType::send_task, "sendTask"},
    {NodeType::receive_task, "receiveTask"},
    {NodeType::script_task, "scriptTask"},
    {NodeType::business_rule_task, "businessRuleTask"},
    {NodeType::manual_task, "manualTask"},
    {NodeType::exclusive_gateway, "exclusiveGateway"},
    {NodeType::inclusive_gateway, "inclusiveGateway"},
    {NodeType::parallel_gateway, "parallelGateway"},
    {NodeType::event_based_gateway, "eventBasedGateway"},
    {NodeType::complex_gateway, "complexGateway"},
    {NodeType::sub_process, "subProcess"},
    {NodeType::transaction, "transaction"},
    {NodeType::ad_hoc_sub_process, "adHocSubProcess"},
    {NodeType::event_sub_process, "eventSubProcess"},
    {NodeType::call_activity, "callActivity"},
}};

}  // namespace

const std::string& Text::in(std::string_view language) const {
  static const std::string none;
  for (const std::string_view tag : {language, std::string_view(), std::string_view("en"), std::string_view("zh")})
    if (const auto found = by_language.find(std::string(tag)); found != by_language.end()) return found->second;
  return by_language.empty() ? none : by_language.begin()->second;
}

std::string_view to_string(NodeType t) noexcept {
  for (const Word& w : node_words)
    if (w.type == t) return w.text;
  return "unknown";
}

std::optional<NodeType> node_type(std::string_view word) noexcept {
  for (const Word& w : node_words)
    if (w.text == word) return w.type;
  return std::nullopt;
}

bool is_event(NodeType t) noexcept { return t <= NodeType::boundary_event; }

bool is_activity(NodeType t) noexcept { return is_task(t) || is_container(t) || t == NodeType::call_activity; }

bool is_task(NodeType t) noexcept { return t >= NodeType::task && t <= NodeType::manual_task; }

bool is_gateway(NodeType t) noexcept { return t >= NodeType::exclusive_gateway && t <= NodeType::complex_gateway; }

bool is_container(NodeType t) noexcept { return t >= NodeType::sub_process && t <= NodeType::event_sub_process; }

std::string_view to_string(EventKind k) noexcept {
  switch (k) {
    case EventKind::none: return "none";
    case EventKind::message: return "message";
    case EventKind::timer: return "timer";
    case EventKind::signal: return "signal";
    case EventKind::error: return "error";
    case EventKind::escalation: return "escalation";
    case EventKind::condition: return "condition";
    case EventKind::link: return "link";
    case EventKind::compensate: return "compensate";
    case EventKind::terminate: return "terminate";
    case EventKind::cancel: return "cancel";
  }
  return "unknown";
}

bool has_order(const feel::Type& type) {
  using Kind = feel::Type::Kind;
  const Kind kind = type.kind();
  return kind != Kind::boolean && kind != Kind::context && kind != Kind::any && kind != Kind::function && kind != Kind::range;
}

feel::Type type_of_bounds(const feel::Type& type) {
  using Kind = feel::Type::Kind;
  return type.kind() == Kind::string || type.kind() == Kind::list ? feel::Type(Kind::number) : type;
}

const Declaration* find_declaration(const std::vector<Declaration>& all, std::string_view id) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Declaration& d) { return d.id == id; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace switchboard::model
