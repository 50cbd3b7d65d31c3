// Data: items, inputs and outputs, their sets, what flows between them (8.3.10, 10.4).
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "exchange/rules.hpp"

namespace switchboard::exchange {

namespace {

/// The item definition of a thing, through a reference to a data object.
const Item* item_of(const Facts& f, const Item& thing) {
  for (const std::string_view name : {"itemSubjectRef", "itemRef", "structureRef"})
    if (thing.has(name))
      if (const Item* d = f.document.find(thing, name); d != nullptr && d->is("itemDefinition")) return d;
  for (const std::string_view name : {"dataObjectRef", "dataStoreRef"})
    if (thing.has(name))
      if (const Item* d = f.document.find(thing, name); d != nullptr) return item_of(f, *d);
  return nullptr;
}

/// Two item definitions that mean one structure; what does not say its structure fits only itself.
bool same_item(const Item* a, const Item* b) {
  if (a == b) return true;
  return a != nullptr && b != nullptr && !a->get("structureRef").empty() && a->get("structureRef") == b->get("structureRef");
}

void check_collection(const Facts& f, const Item& thing) {
  if (!thing.is("dataInput") && !thing.is("dataOutput") && !thing.is("dataObject")) return;
  const Item* item = f.document.find(thing, "itemSubjectRef");
  if (item != nullptr && item->is("itemDefinition") && item->flag("isCollection", false) != thing.flag("isCollection", false))
    f.refuse("SB0172", thing, fmt::format("'{}' and its item definition '{}' differ in isCollection", thing.called(), item->called()),
             "set it alike in both (8.3.10)");
}

void check_state(const Facts& f, const Item& reference) {
  const Item* s = reference.part("dataState");
  const Item* object = f.document.find(reference, "dataObjectRef");
  if (s == nullptr || object == nullptr || s->get("name").empty() || reference.get("name").empty() || object->get("name").empty()) return;
  const std::string wanted = fmt::format("{} [{}]", object->get("name"), s->get("name"));
  if (reference.get("name") != wanted)
    f.said.error("SB0172", reference.place("name"), reference.called(),
                 fmt::format("the name '{}' does not say object and state", reference.get("name")), fmt::format("name it '{}' (10.4.1)", wanted));
}

/// What the sets of inputs and outputs name, each looked up once.
class Sets {
 public:
  explicit Sets(const Facts& facts) : f_(facts) {}

  const std::set<const Item*>& named(const Item& set, std::string_view element) {
    const auto [found, fresh] = named_.try_emplace({&set, element});
    if (fresh)
      for (const Item* p : set.all(element))
        if (const Item* thing = f_.document.find(p->text()); thing != nullptr) found->second.insert(thing);
    return found->second;
  }

  /// Each input or output is in a set, where there are sets.
  void all_are_in(const Item& owner, std::string_view things, std::string_view set_name, std::string_view element) {
    const Items all = owner.all(set_name);
    if (all.empty()) return;
    std::set<const Item*> together;
    for (const Item* s : all) together.insert(named(*s, element).begin(), named(*s, element).end());
    for (const Item* thing : owner.all(things))
      if (!together.contains(thing))
        f_.refuse("SB0172", *thing, fmt::format("'{}' is in no {}", thing->called(), set_name),
                  fmt::format("name it in {} of a set (10.4.1)", element));
  }

  void one(const Item& set, std::string_view all, std::string_view optional, std::string_view executing) {
    for (const std::string_view element : {optional, executing})
      for (const Item* p : set.all(element))
        if (const Item* thing = f_.document.find(p->text()); thing != nullptr && !named(set, all).contains(thing))
          f_.said.error("SB0172", p->at(), set.called(), fmt::format("'{}' is in {} and not in {}", p->text(), element, all),
                        fmt::format("add it to {} (10.4.1)", all));
  }

  /// Sets that name each other do so both ways.
  void pairs(const Item& set, std::string_view to, std::string_view back) {
    for (const Item* p : set.all(to))
      if (const Item* other = f_.document.find(p->text()); other != nullptr && !named(*other, back).contains(&set))
        f_.said.error("SB0172", p->at(), set.called(), fmt::format("'{}' does not name this set in turn", p->text()),
                      fmt::format("add {} there (10.4.1)", back));
  }

 private:
  const Facts& f_;
  std::map<std::pair<const Item*, std::string_view>, std::set<const Item*>> named_;
};

/// The inner end of an association is an input or output of its own activity or event.
void check_own_end(const Facts& f, const Item& a, const Item& target, const Items& sources) {
  const Item& owner = *a.parent;
  const Item* io = owner.part("ioSpecification");
  const auto is_own = [&](const Item& end) { return end.parent == io || end.parent == &owner; };
  if (a.is("dataInputAssociation") && target.is("dataInput") && !is_own(target))
    f.refuse("SB0172", a, fmt::format("'{}' is no input of '{}'", target.called(), owner.called()), "name one of its own (10.4.2)");
  for (const Item* p : sources)
    if (const Item* source = f.document.find(p->text());
        a.is("dataOutputAssociation") && source != nullptr && source->is("dataOutput") && !is_own(*source))
      f.refuse("SB0172", a, fmt::format("'{}' is no output of '{}'", source->called(), owner.called()), "name one of its own (10.4.2)");
}

void check_association(const Facts& f, const Item& a) {
  const Items sources = a.all("sourceRef");
  const bool changed = a.part("transformation") != nullptr || a.part("assignment") != nullptr;
  const Item* target = a.part("targetRef") == nullptr ? nullptr : f.document.find(a.part("targetRef")->text());
  if (sources.size() > 1 && a.part("transformation") == nullptr)
    f.refuse("SB0172", a, fmt::format("'{}' has several sources and no transformation", a.called()), "say how they become one (10.4.2)");
  if (target == nullptr) return;
  if (a.is("dataOutputAssociation") && target->is("dataInput"))
    f.refuse("SB0172", a, fmt::format("the data input '{}' is the target of a result", target->called()), "an input is given from outside (10.4.1)");
  if (a.is("dataInputAssociation") && target->is("dataOutput"))
    f.refuse("SB0172", a, fmt::format("the data output '{}' is the target of an input", target->called()),
             "an output is given by the activity (10.4.1)");
  check_own_end(f, a, *target, sources);
  const Item* source = sources.size() == 1 ? f.document.find(sources.front()->text()) : nullptr;
  if (source == nullptr || changed) return;
  const Item* from = item_of(f, *source);
  const Item* to = item_of(f, *target);
  if (from != nullptr && to != nullptr && !same_item(from, to))
    f.refuse("SB0172", a, fmt::format("'{}' and '{}' have different item definitions", source->called(), target->called()),
             "add a transformation (10.4.2)");
}

// ---- what an operation, a message, an event or a callee asks of inputs and outputs

/// `data` (an input or output) carries what `message` says.
void carries(const Facts& f, const Item& owner, const Item* data, const Item* message, std::string_view what) {
  const Item* wanted = message == nullptr ? nullptr : item_of(f, *message);
  if (data == nullptr || wanted == nullptr) return;
  if (!same_item(item_of(f, *data), wanted))
    f.refuse("SB0172", *data, fmt::format("'{}' of '{}' has not the item definition of its {}", data->called(), owner.called(), what),
             fmt::format("give it itemSubjectRef=\"{}\" (10.4.1)", wanted->id()));
}

void at_most(const Facts& f, const Item& owner, const Item& io, std::string_view element, std::size_t most) {
  if (const std::size_t there = io.all(element).size(); there > most)
    f.refuse("SB0172", io, fmt::format("'{}' has {} {} elements", owner.called(), there, element),
             fmt::format("a task with a message or operation has at most {} (10.3.3)", most));
}

const Item* message_of(const Facts& f, const Item& operation, std::string_view element) {
  const Item* p = operation.part(element);
  return p == nullptr ? nullptr : f.document.find(p->text());
}

void task_data(const Facts& f, const Item& t) {
  const Item* io = t.part("ioSpecification");
  if (io == nullptr) return;
  const Item* operation = f.document.find(t, "operationRef");
  const Item* message = f.document.find(t, "messageRef");
  if (t.is("serviceTask") && operation != nullptr) {
    at_most(f, t, *io, "inputSet", 1);
    at_most(f, t, *io, "outputSet", 1);
    carries(f, t, io->part("dataInput"), message_of(f, *operation, "inMessageRef"), "operation's message");
    carries(f, t, io->part("dataOutput"), message_of(f, *operation, "outMessageRef"), "operation's answer");
  }
  if (t.is("sendTask") && message != nullptr) {
    at_most(f, t, *io, "inputSet", 1);
    at_most(f, t, *io, "dataInput", 1);
    carries(f, t, io->part("dataInput"), message, "message");
  }
  if (t.is("receiveTask") && message != nullptr) {
    at_most(f, t, *io, "outputSet", 1);
    at_most(f, t, *io, "dataOutput", 1);
    carries(f, t, io->part("dataOutput"), message, "message");
  }
}

const Item* payload_of(const Facts& f, const Item& definition) {
  for (const std::string_view name : {"messageRef", "signalRef", "errorRef", "escalationRef"})
    if (definition.has(name)) return f.document.find(definition, name);
  return nullptr;
}

void event_data(const Facts& f, const Item& e) {
  const Items data = e.all(e.is("throwEvent") ? "dataInput" : "dataOutput");
  if (data.empty()) return;
  const Items definitions = f.definitions(e);
  if (data.size() != definitions.size())
    return f.refuse("SB0172", e, fmt::format("'{}' has {} data items for {} event definitions", e.called(), data.size(), definitions.size()),
                    "it has one for each definition, in their order, or none (10.5.1)");
  for (std::size_t i = 0; i < data.size(); ++i) carries(f, e, data[i], payload_of(f, *definitions[i]), "event definition");
}

/// The data of a call are those of what it calls.
void call_data(const Facts& f, const Item& a) {
  const Item* called = f.document.find(a, "calledElement");
  if (called == nullptr) return;
  const Item* mine = a.part("ioSpecification");
  const Item* theirs = called->part("ioSpecification");
  if (mine == nullptr && theirs == nullptr) return;
  for (const std::string_view element : {"dataInput", "dataOutput"}) {
    const Items given = mine == nullptr ? Items() : mine->all(element);
    const Items wanted = theirs == nullptr ? Items() : theirs->all(element);
    if (given.size() != wanted.size()) {
      f.refuse("SB0172", a, fmt::format("'{}' has {} {} elements, '{}' has {}", a.called(), given.size(), element, called->called(), wanted.size()),
               "a call has the inputs and outputs of what it calls (10.3.6)");
      continue;
    }
    for (std::size_t i = 0; i < given.size(); ++i)
      if (!same_item(item_of(f, *given[i]), item_of(f, *wanted[i])))
        f.refuse("SB0172", *given[i],
                 fmt::format("'{}' and '{}' of '{}' have different item definitions", given[i]->called(), wanted[i]->called(), called->called()),
                 "a call has the inputs and outputs of what it calls (10.3.6)");
  }
}

void check_binding(const Facts& f, const Item& callable) {
  if (callable.part("supportedInterfaceRef") != nullptr && callable.part("ioBinding") == nullptr)
    f.refuse("SB0172", callable, fmt::format("'{}' supports an interface and binds nothing to its operations", callable.called()),
             "add ioBinding (10.4.1)");
  for (const Item* b : callable.all("ioBinding")) {
    const Item* operation = f.document.find(*b, "operationRef");
    if (operation == nullptr) continue;
    const Item* io = callable.part("ioSpecification");
    const Item* in = f.document.find(*b, "inputDataRef");
    const Item* out = f.document.find(*b, "outputDataRef");
    for (const Item* data : {in, out})
      if (data != nullptr && data->parent != io)
        f.refuse("SB0172", *b, fmt::format("'{}' is no input or output of '{}'", data->called(), callable.called()), "bind its own (10.4.1)");
    carries(f, callable, in, message_of(f, *operation, "inMessageRef"), "operation's message");
    carries(f, callable, out, message_of(f, *operation, "outMessageRef"), "operation's answer");
  }
}

/// The item of each instance is one of the collection that the loop goes through.
void loop_data(const Facts& f, const Item& l, std::string_view reference, std::string_view item) {
  const Item* p = l.part(reference);
  const Item* one = l.part(item);
  const Item* all = p == nullptr ? nullptr : f.document.find(p->text());
  if (all == nullptr) return;
  const Item* io = l.parent->part("ioSpecification");
  if (f.is_executable(l) && l.parent->is("task") && all->parent != io)
    f.said.error("SB0172", p->at(), l.parent->called(), fmt::format("'{}' is not in the ioSpecification of '{}'", p->text(), l.parent->called()),
                 "name one of its own inputs or outputs (table 10.29)");
  const Item* object = all->is("dataObjectReference") ? f.document.find(*all, "dataObjectRef") : all;
  if (f.is_executable(l) && l.parent->is("subProcess") && object != nullptr && object->is("dataObject") && !object->flag("isCollection", false))
    f.said.error("SB0172", p->at(), l.parent->called(), fmt::format("'{}' is no collection", p->text()), "set isCollection=\"true\" (table 10.29)");
  if (one == nullptr) return;
  const Item* many_item = item_of(f, *all);
  const Item* one_item = item_of(f, *one);
  if (many_item != nullptr && one_item != nullptr && many_item->get("structureRef") != one_item->get("structureRef"))
    f.refuse("SB0172", *one, fmt::format("'{}' is no item of the collection '{}'", one->called(), all->called()),
             "give it the structure of the collection's items (table 10.29)");
}

bool is_media_type(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto fits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
    });
  };
  const std::string_view rest = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
  return slash != std::string_view::npos && fits(text.substr(0, slash)) && fits(xml::trimmed(rest.substr(0, rest.find(';'))));
}

}  // namespace

void check_data(const Facts& f) {
  Sets sets(f);
  for (const Item& item : f.document.items()) {
    if (item.type == nullptr) continue;
    check_collection(f, item);
    if (item.is("dataObjectReference")) check_state(f, item);
    if (item.is("ioSpecification") || item.is("catchEvent") || item.is("throwEvent")) {
      sets.all_are_in(item, "dataInput", "inputSet", "dataInputRefs");
      sets.all_are_in(item, "dataOutput", "outputSet", "dataOutputRefs");
    }
    if (item.is("inputSet")) {
      sets.one(item, "dataInputRefs", "optionalInputRefs", "whileExecutingInputRefs");
      sets.pairs(item, "outputSetRefs", "inputSetRefs");
    }
    if (item.is("outputSet")) {
      sets.one(item, "dataOutputRefs", "optionalOutputRefs", "whileExecutingOutputRefs");
      sets.pairs(item, "inputSetRefs", "outputSetRefs");
    }
    if (item.is("dataAssociation")) check_association(f, item);
    if (item.is("task")) task_data(f, item);
    if (item.is("event")) event_data(f, item);
    if (item.is("callActivity")) call_data(f, item);
    if (item.is("callableElement")) check_binding(f, item);
    if (item.is("multiInstanceLoopCharacteristics")) {
      loop_data(f, item, "loopDataInputRef", "inputDataItem");
      loop_data(f, item, "loopDataOutputRef", "outputDataItem");
    }
    if (item.has("textFormat") && (item.is("documentation") || item.is("textAnnotation")) && !is_media_type(item.get("textFormat")))
      f.said.error("SB0165", item.place("textFormat"), item.called(),
                   fmt::format("textFormat=\"{}\": a media type is expected", item.get("textFormat")), "write text/plain, text/html, ...");
  }
}

}  // namespace switchboard::exchange
