#include "exchange/reading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "exchange/expression.hpp"
#include "exchange/read.hpp"

namespace switchboard::exchange {

ProcessReader::ProcessReader(const Facts& facts, const Item& callable) : f_(facts), callable_(callable), executable_(facts.is_executable(callable)) {}

model::Text ProcessReader::text(std::string_view words) {
  model::Text out;
  if (!words.empty()) out.by_language[""] = std::string(words);
  return out;
}

model::Text ProcessReader::documentation(const Item& item) {
  std::string all;
  for (const Item* d : item.all("documentation")) {
    if (!all.empty()) all += '\n';
    all += d->text();
  }
  return text(all);
}

void ProcessReader::lost(const Item& item, std::string message, std::string hint) const {
  f_.said.warning("SB0176", item.at(), item.called(), std::move(message), std::move(hint));
}

model::Ref ProcessReader::reference(const Item& item, std::string_view attribute) const {
  if (!item.has(attribute)) return {};
  const Item* found = f_.document.find(item, attribute);
  return {found != nullptr && !found->id().empty() ? std::string(found->id()) : std::string(item.get(attribute)), item.place(attribute)};
}

/// Its own id, else one that nothing in the file has.
std::string ProcessReader::id_of(const Item& item) {
  if (!item.id().empty()) return std::string(item.id());
  std::string& made = ids_[&item];
  for (std::size_t n = ids_.size(); made.empty(); ++n) {
    std::string id = fmt::format("{}-{}", item.name(), n);
    if (f_.document.find(id) == nullptr) made = std::move(id);
  }
  return made;
}

model::Expr ProcessReader::expression(const Item& owner, const Item* e) {
  if (e == nullptr || e->text().empty()) return {};
  const std::string_view written = e->text();
  std::string_view language = e->get("language");
  if (language.empty()) {
    // XPath is what the standard takes for unsaid, whatever the tool wrote; so only a language that is said counts.
    language = f_.document.root()->get("expressionLanguage");
    if (language.find("XPath") != std::string_view::npos) language = {};
  }
  if (std::optional<std::string> feel = to_feel(written, language); feel) return {std::move(*feel), e->xml->text_at};
  const std::string message = fmt::format("the expression '{}' has no exact counterpart in FEEL", written.substr(0, 80));
  const std::string hint = "write it in FEEL, and language=\"https://www.omg.org/spec/DMN/20191111/FEEL/\"";
  if (executable_)
    f_.said.error("SB0175", e->xml->text_at, owner.called(), message, hint);
  else
    f_.said.warning("SB0175", e->xml->text_at, owner.called(), message, hint);
  return {std::string(written), e->xml->text_at};
}

void ProcessReader::head() {
  out_.id = callable_.id();
  out_.at = callable_.at();
  out_.name = text(callable_.get("name"));
  out_.documentation = documentation(callable_);
  if (out_.id.empty())
    f_.said.error("SB0164", callable_.at(), {}, fmt::format("a <{}> needs an id", callable_.name()),
                  "add id=\"...\": it is called and deployed by it");
}

void ProcessReader::lanes(const Item& owner) {
  for (const Item* set : owner.parts) {
    if (!set->is("laneSet")) continue;
    for (const Item* lane : set->all("lane")) {
      out_.lanes.push_back({id_of(*lane), lane->at(), text(lane->get("name")), {}});
      for (const Item* p : lane->all("flowNodeRef"))
        if (const Item* node = f_.document.find(p->text()); node != nullptr) lane_of_[node] = lane;
      lanes(*lane);  // of lanes inside it; depth is bounded by limits::xml_depth
    }
  }
}

void ProcessReader::declare(const Item& thing, std::vector<model::Declaration>& into, std::string_view code) {
  if (std::any_of(into.begin(), into.end(), [&](const model::Declaration& d) { return d.id == thing.id(); })) return;
  model::Declaration d;
  d.id = thing.id();
  d.at = thing.at();
  d.name = text(thing.get("name"));
  if (!code.empty()) d.code = thing.get(code);
  if (thing.is("message")) d.key = key_of(thing);
  into.push_back(std::move(d));
}

/// What the events and tasks of the process name.
void ProcessReader::declarations() {
  std::set<const Item*> used;
  const auto use = [&](const Item& item) {
    for (const std::string_view name : {"messageRef", "signalRef", "errorRef", "escalationRef"})
      if (const Item* thing = item.has(name) ? f_.document.find(item, name) : nullptr; thing != nullptr) used.insert(thing);
  };
  for (const Item& item : f_.document.items()) {
    if (item.type == nullptr || f_.process_of(item) != &callable_) continue;
    use(item);
    if (item.is("event"))
      for (const Item* d : f_.definitions(item)) use(*d);
    for (const std::string_view name : {"oneBehaviorEventRef", "noneBehaviorEventRef"})
      if (const Item* d = item.has(name) ? f_.document.find(item, name) : nullptr; d != nullptr) use(*d);
  }
  for (const Item& thing : f_.document.items()) {  // in file order
    if (!used.contains(&thing)) continue;
    if (thing.is("message")) declare(thing, out_.messages, {});
    if (thing.is("signal")) declare(thing, out_.signals, {});
    if (thing.is("error")) declare(thing, out_.errors, "errorCode");
    if (thing.is("escalation")) declare(thing, out_.escalations, "escalationCode");
  }
}

model::Process ProcessReader::process() {
  head();
  lanes(callable_);
  collect_data(callable_);
  if (const Item* io = callable_.part("ioSpecification"); io != nullptr)
    for (const Item* thing : io->parts)
      if (thing->is("dataInput") || thing->is("dataOutput")) data_item(*thing, out_.data);
  collect_retrievals();
  declarations();
  out_.nodes = body(callable_);
  return std::move(out_);
}

model::Process ProcessReader::global_task() {
  head();
  if (const Item* io = callable_.part("ioSpecification"); io != nullptr)
    for (const Item* thing : io->parts)
      if (thing->is("dataInput") || thing->is("dataOutput")) data_item(*thing, out_.data);
  const auto make = [&](std::string id, model::NodeType type) {
    model::Node n;
    n.id = std::move(id);
    n.type = type;
    n.at = n.type_at = n.next_at = callable_.at();
    return n;
  };
  const std::string_view kind = callable_.name();
  model::Node start = make("start", model::NodeType::start_event);
  model::Node work = make("task", kind == "globalUserTask"           ? model::NodeType::user_task
                                  : kind == "globalManualTask"       ? model::NodeType::manual_task
                                  : kind == "globalScriptTask"       ? model::NodeType::script_task
                                  : kind == "globalBusinessRuleTask" ? model::NodeType::business_rule_task
                                                                     : model::NodeType::task);
  work.name = out_.name;
  people(callable_, work);
  if (const Item* script = callable_.part("script"); script != nullptr) {
    work.script = script->text();
    work.script_format = callable_.get("scriptLanguage");
  }
  start.next.push_back({{"task", callable_.at()}, {}, false, {}});
  work.next.push_back({{"end", callable_.at()}, {}, false, {}});
  out_.nodes = {std::move(start), std::move(work), make("end", model::NodeType::end_event)};
  return std::move(out_);
}

ReadModel read_bpmn(std::string_view text, std::string_view file) {
  ReadModel out;
  Said said(file);
  const Document document(text, file, said);
  if (document.root() != nullptr) {
    const Facts facts(document, said);
    check_flows(facts);
    check_gateways(facts);
    check_events(facts);
    check_activities(facts);
    check_data(facts);
    check_collaboration(facts);
    check_expressions(facts);
    for (const Item* root : document.root()->parts) {
      if (!root->is("process") && !root->is("globalTask")) continue;
      ProcessReader reader(facts, *root);
      out.processes.push_back(root->is("process") ? reader.process() : reader.global_task());
      out.processes.back().file = file;
    }
  }
  out.diagnostics = std::move(said.all);
  model::sort_and_unique(out.diagnostics);
  if (model::has_errors(out.diagnostics)) out.processes.clear();
  return out;
}

}  // namespace switchboard::exchange
