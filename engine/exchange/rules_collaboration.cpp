// Pools, message flows, conversations and choreographies (chapters 9 and 11).
#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "exchange/rules.hpp"

namespace switchboard::exchange {

namespace {

void multiplicity(const Facts& f, const Item& m) {
  const auto number = [&](std::string_view name, int otherwise) {
    const std::string text(m.get(name));
    const bool fits =
        !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789", text.front() == '-' ? 1 : 0) == std::string::npos && text != "-";
    return fits ? std::stoi(text) : otherwise;
  };
  const int least = number("minimum", 0);
  const int most = number("maximum", std::max(1, least));
  if (least < 0 || most < 1 || most < least)
    f.refuse("SB0173", m, fmt::format("a multiplicity from {} to {}", least, most),
             "minimum is 0 or more, maximum 1 or more and not below it (table 9.4)");
}

/// The pool in which an end of a message flow stands: the participant itself, or the process around a node.
const Item* pool_of(const Facts& f, const Item& end) {
  if (!end.is("participant")) return f.process_of(end);
  const Item* process = f.document.find(end, "processRef");
  return process == nullptr ? &end : process;
}

bool has_message(const Facts& f, const Item& event) {
  const Items all = f.definitions(event);
  return std::any_of(all.begin(), all.end(), [](const Item* d) { return d->is("messageEventDefinition"); });
}

void sends(const Facts& f, const Item& flow, const Item& end) {
  if (end.is("startEvent") || end.is("intermediateCatchEvent") || end.is("boundaryEvent"))
    f.refuse("SB0173", flow, fmt::format("a message flow leaves the {} '{}'", end.name(), end.called()), "catching events receive (10.5)");
  if (end.is("endEvent") && !has_message(f, end))
    f.refuse("SB0173", flow, fmt::format("a message flow leaves '{}', which throws no message", end.called()),
             "give it a message definition (10.5.3)");
  if (end.is("receiveTask"))
    f.refuse("SB0173", flow, fmt::format("a message flow leaves the receive task '{}'", end.called()), "it receives (10.3.3)");
}

void receives(const Facts& f, const Item& flow, const Item& end) {
  if (end.is("endEvent") || end.is("intermediateThrowEvent"))
    f.refuse("SB0173", flow, fmt::format("a message flow leads to the {} '{}'", end.name(), end.called()), "throwing events send (10.5)");
  if (end.is("startEvent") && !has_message(f, end))
    f.refuse("SB0173", flow, fmt::format("a message flow leads to '{}', which waits for no message", end.called()),
             "give it a message definition (10.5.2)");
  if (end.is("sendTask")) f.refuse("SB0173", flow, fmt::format("a message flow leads to the send task '{}'", end.called()), "it sends (10.3.3)");
}

void message_flow(const Facts& f, const Item& flow) {
  const Item* from = f.document.find(flow, "sourceRef");
  const Item* to = f.document.find(flow, "targetRef");
  if (from == nullptr || to == nullptr) return;
  const Item* a = pool_of(f, *from);
  const Item* b = pool_of(f, *to);
  if (a != nullptr && a == b)
    f.refuse("SB0173", flow, fmt::format("the message flow from '{}' to '{}' stays in one pool", from->called(), to->called()),
             "it connects two pools (9.3)");
  sends(f, flow, *from);
  receives(f, flow, *to);
}

void choreographies(const Facts& f, const Item& c) {
  const Items refs = c.all("choreographyRef");
  if ((c.is("choreography") || c.is("globalConversation")) && !refs.empty())
    f.refuse("SB0173", c, fmt::format("the {} '{}' names a choreography", c.name(), c.called()), "only a collaboration does (table 9.1)");
  if (!c.is("choreography"))
    for (const Item* p : refs)
      if (const Item* named = f.document.find(p->text()); named != nullptr && named->flag("isClosed", false) != c.flag("isClosed", false))
        f.refuse("SB0173", c, fmt::format("'{}' and its choreography '{}' differ in isClosed", c.called(), named->called()),
                 "set it alike in both (table 9.1)");
  if (!c.is("globalConversation")) return;
  for (const Item* p : c.parts)
    if (p->is("conversationNode") || p->is("participantAssociation") || p->is("messageFlowAssociation") || p->is("conversationAssociation") ||
        p->is("artifact"))
      f.refuse("SB0173", *p, fmt::format("a <{}> stands in a global conversation", p->name()),
               "it has participants, message flows and correlation keys alone (9.5.5)");
}

}  // namespace

void check_collaboration(const Facts& f) {
  for (const Item& item : f.document.items()) {
    if (item.is("participantMultiplicity")) multiplicity(f, item);
    if (item.is("messageFlow")) message_flow(f, item);
    if (item.is("collaboration")) choreographies(f, item);
  }
}

}  // namespace switchboard::exchange
