#include "exchange/rules.hpp"

#include <algorithm>

namespace switchboard::exchange {

namespace {

const Items none;

const Items& in(const std::map<const Item*, Items>& all, const Item& item) {
  const auto found = all.find(&item);
  return found == all.end() ? none : found->second;
}

}  // namespace

bool is_container(const Item& item) { return item.is("process") || item.is("subProcess"); }

bool is_event_sub_process(const Item& item) { return item.is("subProcess") && item.flag("triggeredByEvent", false); }

bool is_for_compensation(const Item& item) { return item.is("activity") && item.flag("isForCompensation", false); }

Facts::Facts(const Document& d, Said& s) : document(d), said(s) {
  for (const Item& item : d.items()) {
    if (item.is("sequenceFlow")) {
      if (const Item* from = d.find(item, "sourceRef"); from != nullptr) outgoing_[from].push_back(&item);
      if (const Item* to = d.find(item, "targetRef"); to != nullptr) incoming_[to].push_back(&item);
    }
    if (item.is("boundaryEvent"))
      if (const Item* host = d.find(item, "attachedToRef"); host != nullptr) boundary_[host].push_back(&item);
    if (item.is("association")) {
      const Item* from = d.find(item, "sourceRef");
      const Item* to = d.find(item, "targetRef");
      if (from != nullptr && from->is("event") && to != nullptr && to->is("activity")) handlers_.emplace(from, to);
    }
    if (item.is("linkEventDefinition"))
      for (const Item* p : item.all("source"))
        if (const Item* from = d.find(p->text()); from != nullptr) catches_[from].push_back(&item);
    if (item.is("flowNode"))
      lists_flows_ = lists_flows_ || std::any_of(item.parts.begin(), item.parts.end(),
                                                 [](const Item* p) { return p->name() == "incoming" || p->name() == "outgoing"; });
  }
}

const Items& Facts::incoming(const Item& node) const { return in(incoming_, node); }
const Items& Facts::outgoing(const Item& node) const { return in(outgoing_, node); }
const Items& Facts::catches_of(const Item& link) const { return in(catches_, link); }

const Item* Facts::handler(const Item& event) const {
  const auto found = handlers_.find(&event);
  return found == handlers_.end() ? nullptr : found->second;
}

const Items& Facts::boundary(const Item& activity) const { return in(boundary_, activity); }

Items Facts::definitions(const Item& event) const {
  Items out;
  for (const Item* p : event.parts) {
    if (p->is("eventDefinition")) out.push_back(p);
    if (p->name() == "eventDefinitionRef")
      if (const Item* named = document.find(p->text()); named != nullptr && named->is("eventDefinition")) out.push_back(named);
  }
  return out;
}

const Item* Facts::process_of(const Item& item) const {
  const Item* at = &item;
  while (at != nullptr && !at->is("process")) at = at->parent;
  return at;
}

bool Facts::is_executable(const Item& item) const {
  const Item* process = process_of(item);
  return process != nullptr && process->flag("isExecutable", false);
}

}  // namespace switchboard::exchange
