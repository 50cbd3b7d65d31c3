// Which event definitions may stand where, links, and compensation by association (10.5, 10.7).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <set>

#include "exchange/rules.hpp"

namespace switchboard::exchange {

namespace {

using Kinds = std::initializer_list<std::string_view>;

/// "messageEventDefinition" -> "message".
std::string_view kind_of(const Item& definition) {
  std::string_view name = definition.name();
  name.remove_suffix(std::min(name.size(), std::string_view("EventDefinition").size()));
  return name;
}

void only(const Facts& f, const Item& event, Kinds allowed, std::string_view where, std::string_view clause) {
  for (const Item* d : f.definitions(event))
    if (std::find(allowed.begin(), allowed.end(), kind_of(*d)) == allowed.end())
      f.refuse("SB0170", event, fmt::format("'{}': {} cannot have a {} definition", event.called(), where, kind_of(*d)),
               fmt::format("{} ({})", allowed.size() == 0 ? "none is allowed" : fmt::format("allowed are {}", fmt::join(allowed, ", ")), clause));
}

void needs_one(const Facts& f, const Item& event, std::string_view where, std::string_view clause) {
  if (f.definitions(event).empty())
    f.refuse("SB0170", event, fmt::format("'{}': {} needs an event definition", event.called(), where),
             fmt::format("say what it waits for ({})", clause));
}

void start_event(const Facts& f, const Item& e) {
  const Item& container = *e.parent;
  if (is_event_sub_process(container)) {
    needs_one(f, e, "the start event of an event sub-process", "10.5.2");
    if (e.flag("isInterrupting", true))
      only(f, e, {"message", "timer", "escalation", "error", "compensate", "conditional", "signal"}, "the start event of an event sub-process",
           "10.5.2");
    else
      only(f, e, {"message", "timer", "escalation", "conditional", "signal"}, "a non-interrupting start event", "10.5.2");
  } else if (container.is("subProcess")) {
    only(f, e, {}, "the start event of a sub-process", "10.5.2: it begins when the sub-process does");
  } else {
    only(f, e, {"message", "timer", "conditional", "signal"}, "the start event of a process", "10.5.2");
  }
}

void boundary_event(const Facts& f, const Item& e) {
  needs_one(f, e, "a boundary event", "10.5.4");
  if (e.flag("cancelActivity", true))
    only(f, e, {"message", "timer", "escalation", "error", "cancel", "compensate", "conditional", "signal"}, "an interrupting boundary event",
         "10.5.4");
  else
    only(f, e, {"message", "timer", "escalation", "conditional", "signal"}, "a non-interrupting boundary event", "10.5.4");
  const Item* host = f.document.find(e, "attachedToRef");
  if (host == nullptr || !host->is("activity")) return;
  if (host->parent != e.parent)
    f.said.error("SB0170", e.place("attachedToRef"), e.called(), fmt::format("'{}' stands in another scope", host->called()),
                 "a boundary event stands beside its activity (10.5.4)");
  if (is_event_sub_process(*host))
    f.refuse("SB0170", e, "an event sub-process has no boundary events", "attach it to the sub-process around it (10.3.5)");
  for (const Item* d : f.definitions(e))
    if (d->is("cancelEventDefinition") && !host->is("transaction"))
      f.refuse("SB0170", e, fmt::format("'{}' waits for a cancel, but '{}' is no transaction", e.called(), host->called()),
               "only transactions are cancelled (10.5.4)");
}

bool is_inside_transaction(const Item& item) {
  for (const Item* at = item.parent; at != nullptr; at = at->parent)
    if (at->is("transaction")) return true;
  return false;
}

void end_event(const Facts& f, const Item& e) {
  only(f, e, {"message", "escalation", "error", "cancel", "compensate", "signal", "terminate"}, "an end event", "10.5.3");
  for (const Item* d : f.definitions(e))
    if (d->is("cancelEventDefinition") && !is_inside_transaction(e))
      f.refuse("SB0170", e, fmt::format("the cancel end event '{}' is in no transaction", e.called()),
               "only a transaction can be cancelled (10.5.3)");
}

/// Definitions that other events may share stand at the root.
void check_references(const Facts& f, const Item& event) {
  for (const Item* p : event.all("eventDefinitionRef"))
    if (const Item* d = f.document.find(p->text()); d != nullptr && d->parent != f.document.root())
      f.said.error("SB0170", p->at(), event.called(), fmt::format("the event definition '{}' belongs to another event", p->text()),
                   "put it beside the processes, directly in <definitions> (10.5.1)");
}

// ---- what a definition says

void needs(const Facts& f, const Item& event, const Item& d, std::string_view attribute, std::string_view clause) {
  if (!d.has(attribute) && d.part(attribute) == nullptr)
    f.refuse("SB0174", d.id().empty() ? event : d,
             fmt::format("'{}': a {} event of an executable process needs {}", event.called(), kind_of(d), attribute),
             fmt::format("name it ({})", clause));
}

void needs_code(const Facts& f, const Item& event, const Item& d, std::string_view reference, std::string_view attribute) {
  const Item* named = f.document.find(d, reference);
  if (!d.has(reference) || (named != nullptr && named->get(attribute).empty()))
    f.refuse("SB0174", event, fmt::format("'{}' throws something without {}", event.called(), attribute),
             fmt::format("in an executable process it has one, by which it is caught: {} names a thing with {} (10.5.1)", reference, attribute));
}

void check_executable(const Facts& f, const Item& event) {
  for (const Item* d : f.definitions(event)) {
    if (d->is("messageEventDefinition")) {
      needs(f, event, *d, "messageRef", "table 10.89");
      needs(f, event, *d, "operationRef", "table 10.89");
    }
    if (d->is("signalEventDefinition")) needs(f, event, *d, "signalRef", "table 10.90");
    if (!event.is("throwEvent")) continue;
    if (d->is("escalationEventDefinition")) needs_code(f, event, *d, "escalationRef", "escalationCode");
    if (d->is("errorEventDefinition")) needs_code(f, event, *d, "errorRef", "errorCode");
  }
}

// ---- links

const Item* link_of(const Facts& f, const Item& event) {
  for (const Item* d : f.definitions(event))
    if (d->is("linkEventDefinition")) return d;
  return nullptr;
}

/// The catching links of a scope to which a throwing one leads: it names one, or is named by it, or both have one name.
class Links {
 public:
  Links(const Facts& f, const Item& container) : f_(f) {
    for (const Item* n : container.heirs("event")) {
      const Item* link = link_of(f, *n);
      if (link == nullptr) continue;
      if (n->is("throwEvent")) {
        throws_.push_back(n);
        continue;
      }
      catches_.push_back(n);
      by_definition_[link] = n;
      if (link->part("source") == nullptr && !link->get("name").empty()) by_name_[link->get("name")].insert(n);
    }
  }

  void check() const {
    std::set<const Item*> reached;
    for (const Item* t : throws_) {
      const std::set<const Item*> targets = targets_of(*link_of(f_, *t));
      reached.insert(targets.begin(), targets.end());
      if (targets.size() != 1)
        f_.refuse("SB0170", *t, fmt::format("the throwing link '{}' leads to {} catching links of its scope", t->called(), targets.size()),
                  "it leads to exactly one (10.5.4)");
    }
    for (const Item* c : catches_)
      if (!reached.contains(c)) f_.refuse("SB0170", *c, fmt::format("no throwing link of its scope leads to '{}'", c->called()), "add one (10.5.4)");
  }

 private:
  std::set<const Item*> targets_of(const Item& link) const {
    std::set<const Item*> out;
    const auto add = [&](const Item* definition) {
      if (const auto found = by_definition_.find(definition); found != by_definition_.end()) out.insert(found->second);
    };
    if (const Item* p = link.part("target"); p != nullptr) {
      add(f_.document.find(p->text()));
      return out;
    }
    for (const Item* definition : f_.catches_of(link)) add(definition);
    if (const auto same = by_name_.find(link.get("name")); out.empty() && same != by_name_.end()) out = same->second;
    return out;
  }

  const Facts& f_;
  Items throws_;
  Items catches_;
  std::map<const Item*, const Item*> by_definition_;
  std::map<std::string_view, std::set<const Item*>> by_name_;
};

// ---- compensation

void check_compensation(const Facts& f, const Item& event) {
  const Items all = f.definitions(event);
  if (std::none_of(all.begin(), all.end(), [](const Item* d) { return d->is("compensateEventDefinition"); })) return;
  const Item* handler = f.handler(event);
  if (handler == nullptr)
    return f.refuse("SB0170", event, fmt::format("no association leads from '{}' to an activity", event.called()),
                    "a compensation boundary event has one (10.7.1)");
  if (!is_for_compensation(*handler))
    f.refuse("SB0170", event, fmt::format("'{}' is not marked as a compensation activity", handler->called()),
             "set isForCompensation=\"true\" (10.7.1)");
}

}  // namespace

void check_events(const Facts& f) {
  for (const Item& item : f.document.items()) {
    if (is_container(item)) Links(f, item).check();
    if (!item.is("event")) continue;
    check_references(f, item);
    if (f.is_executable(item)) check_executable(f, item);
    if (item.is("startEvent")) start_event(f, item);
    if (item.is("endEvent")) end_event(f, item);
    if (item.is("boundaryEvent")) {
      boundary_event(f, item);
      check_compensation(f, item);
    }
    if (item.is("intermediateCatchEvent")) {
      needs_one(f, item, "an intermediate catching event", "10.5.4");
      only(f, item, {"message", "timer", "conditional", "link", "signal"}, "an intermediate catching event", "10.5.4");
    }
    if (item.is("intermediateThrowEvent"))
      only(f, item, {"message", "escalation", "compensate", "link", "signal"}, "an intermediate throwing event", "10.5.4");
  }
}

}  // namespace switchboard::exchange
