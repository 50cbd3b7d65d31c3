// Activities: quantities, resources, loops, sub-processes, calls (10.3, 10.7).
#include <fmt/format.h>

#include <algorithm>

#include "exchange/rules.hpp"

namespace switchboard::exchange {

namespace {

void quantities(const Facts& f, const Item& a) {
  for (const std::string_view name : {"startQuantity", "completionQuantity"})
    if (number_of(a, name, 1) < 1)
      f.said.error("SB0169", a.place(name), a.called(), fmt::format("{} is {}", name, a.get(name)), "it is 1 or more (table 10.3)");
}

void resource(const Facts& f, const Item& r) {
  const bool expression = r.part("resourceAssignmentExpression") != nullptr;
  const bool named = r.part("resourceRef") != nullptr;
  const bool bound = r.part("resourceParameterBinding") != nullptr;
  if (expression && named) f.refuse("SB0169", r, "a resource role names a resource and has an expression", "say one or the other (table 10.5)");
  if (bound && !named) f.refuse("SB0169", r, "a resource role binds parameters of no resource", "add resourceRef (table 10.5)");
}

void standard_loop(const Facts& f, const Item& loop) {
  if (loop.has("loopMaximum") && number_of(loop, "loopMaximum", 0) < 0)
    f.said.error("SB0169", loop.place("loopMaximum"), loop.parent->called(), fmt::format("loopMaximum is {}", loop.get("loopMaximum")),
                 "it is a number of iterations (table 10.27)");
}

void multi_instance(const Facts& f, const Item& loop) {
  if (f.is_executable(loop) && loop.part("loopCardinality") == nullptr && loop.part("loopDataInputRef") == nullptr)
    f.refuse("SB0174", *loop.parent, fmt::format("'{}' does not say how often it is carried out", loop.parent->called()),
             "add loopCardinality or loopDataInputRef (table 10.29)");
  if (loop.get("behavior") == "Complex" && loop.part("complexBehaviorDefinition") == nullptr)
    f.refuse("SB0169", *loop.parent, "behavior is Complex, and nothing says which events it throws", "add complexBehaviorDefinition (table 10.29)");
  for (const Item* c : loop.all("complexBehaviorDefinition"))
    if (const Item* condition = c->part("condition"); condition != nullptr) {
      const std::string_view text = condition->text();
      const bool literal =
          !text.empty() &&
          (text.front() == '"' || std::all_of(text.begin(), text.end(), [](char d) { return (d >= '0' && d <= '9') || d == '.' || d == '-'; }));
      if (literal)
        f.said.error("SB0169", condition->xml->text_at, loop.parent->called(), fmt::format("the condition '{}' is not boolean", text),
                     "write a condition (table 10.30)");
    }
}

void sub_process(const Facts& f, const Item& s) {
  if (s.part("ioSpecification") != nullptr)
    f.refuse("SB0172", s, fmt::format("the sub-process '{}' has an ioSpecification", s.called()),
             "its activities reach the data themselves (10.4.1)");
  const Items nodes = s.heirs("flowNode");
  const auto starts = std::count_if(nodes.begin(), nodes.end(), [](const Item* n) { return n->is("startEvent"); });
  if (is_event_sub_process(s) && starts != 1)
    f.refuse("SB0169", s, fmt::format("the event sub-process '{}' has {} start events", s.called(), starts), "it has exactly one (10.3.5)");
  if (!s.is("adHocSubProcess")) return;
  if (std::none_of(nodes.begin(), nodes.end(), [](const Item* n) { return n->is("activity"); }))
    f.refuse("SB0169", s, fmt::format("the ad-hoc sub-process '{}' has no activity", s.called()), "add one (10.3.5)");
  for (const Item* n : nodes)
    if (n->is("startEvent") || n->is("endEvent"))
      f.refuse("SB0169", *n, fmt::format("a {} stands in the ad-hoc sub-process '{}'", n->name(), s.called()),
               "its activities begin as their doers like (10.3.5)");
}

void no_choreography(const Facts& f, const Item& container) {
  for (const Item* n : container.heirs("choreographyActivity"))
    f.refuse("SB0169", *n, fmt::format("the choreography activity '{}' stands in a {}", n->called(), container.name()),
             "choreographies have no processes around them (11.1)");
}

void instantiating(const Facts& f, const Item& task) {
  if (!task.flag("instantiate", false)) return;
  if (!f.incoming(task).empty())
    f.refuse("SB0169", task, fmt::format("a flow leads to the receive task '{}', which starts the process", task.called()),
             "an instantiating task has no incoming flow (10.3.3)");
}

void called_process(const Facts& f, const Item& a) {
  const Item* called = f.document.find(a, "calledElement");
  if (called == nullptr || !called->is("process")) return;
  const Items nodes = called->heirs("startEvent");
  if (std::none_of(nodes.begin(), nodes.end(), [&](const Item* n) { return f.definitions(*n).empty(); }))
    f.said.error("SB0169", a.place("calledElement"), a.called(),
                 fmt::format("the called process '{}' has no start event without a definition", called->called()), "a call begins there (10.5.2)");
}

}  // namespace

std::int64_t number_of(const Item& item, std::string_view attribute, std::int64_t otherwise) {
  const std::string_view text = item.get(attribute);
  std::int64_t out = 0;
  bool digits = false;
  for (const char c : text.substr(0, 18))
    if (c >= '0' && c <= '9') out = out * 10 + (c - '0'), digits = true;
  return !digits ? otherwise : text.starts_with('-') ? -out : out;
}

void check_activities(const Facts& f) {
  for (const Item& item : f.document.items()) {
    if (item.is("activity")) quantities(f, item);
    if (item.is("resourceRole")) resource(f, item);
    if (item.is("standardLoopCharacteristics")) standard_loop(f, item);
    if (item.is("multiInstanceLoopCharacteristics")) multi_instance(f, item);
    if (item.is("subProcess")) sub_process(f, item);
    if (is_container(item)) no_choreography(f, item);
    if (item.is("receiveTask")) instantiating(f, item);
    if (item.is("callActivity")) called_process(f, item);
    if (item.is("process") && item.get("processType") == "Public" && item.flag("isExecutable", false))
      f.said.error("SB0169", item.place("processType"), item.called(), "a public process is marked as executable",
                   "it is one or the other (table 10.1)");
  }
}

}  // namespace switchboard::exchange
