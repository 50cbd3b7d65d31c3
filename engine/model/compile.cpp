// compile(): the one maker of ExecutableProcess.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>

#include "model/compiler.hpp"

namespace switchboard::model {
namespace {

using Kind = feel::Type::Kind;

/// What `sla("id")` yields; null when the clock never started.
feel::Type reading_type() {
  return feel::Type::context_of({{"state", Kind::string},
                                 {"breached", Kind::boolean},
                                 {"due", Kind::date_time},
                                 {"original_due", Kind::date_time},
                                 {"started", Kind::date_time},
                                 {"elapsed", Kind::days_time_duration},
                                 {"left", Kind::days_time_duration},
                                 {"late", Kind::any},  // a number of days, or a duration: the unit of the clock
                                 {"percent", Kind::number},
                                 {"paused", Kind::days_time_duration},
                                 {"round", Kind::number}});
}

void gather_decisions(Compilation& c) {
  std::vector<std::string> known;
  for (const auto& [id, decision] : c.library.decisions) known.push_back(id);
  for (const std::string& id : used_decisions(c.process)) {
    const auto found = c.library.decisions.find(id);
    Ref ref{id, {}};
    std::string element;
    for_each_node(c.process.nodes, [&](const Node& n, const Node*) {
      if (n.decision.name == id) ref.at = n.decision.at, element = n.id;
    });
    for (const Ref& listed : c.process.decisions)
      if (listed.name == id) ref.at = listed.at, element.clear();
    if (found != c.library.decisions.end()) {
      c.out.decisions.emplace_back(id, found->second);
      keep_calendars(c, found->second, ref.at);
      continue;
    }
    report_unknown(c, "SB0181", ref, element, SubjectKind::decision, known, "decision table");
    c.missing_decisions.push_back(id);
    if (std::string near = nearest_name(id, known); !near.empty()) c.missing_decisions.push_back(std::move(near));
  }
}

void build_scope(Compilation& c) {
  for (std::size_t i = 0; i < c.out.data.size(); ++i)
    c.scope.names.push_back({c.out.data[i].name, c.out.data[i].type, static_cast<std::uint32_t>(i)});
  c.scope.names.push_back({std::string(names::case_no), Kind::string, c.out.case_no_slot().value});
  c.scope.names.push_back({std::string(names::instance_started), Kind::date_time, c.out.started_slot().value});
  c.scope.functions.push_back({"sla", {{"id", Kind::string}}, 1, reading_type(), HostFunctionId::sla});
  for (std::size_t i = 0; i < c.out.decisions.size(); ++i) {
    feel::HostSignature s = c.out.decisions[i].second.signature();
    s.name = c.out.decisions[i].first;
    s.id = HostFunctionId::first_decision + static_cast<std::uint32_t>(i);
    c.scope.functions.push_back(std::move(s));
  }
}

/// Data have no order but that of the file, which says what people know a case by first.
void list_searched(Compilation& c) {
  std::vector<const DataItem*> items;
  for (const DataItem& item : c.process.data)
    if (item.search) items.push_back(&item);
  std::stable_sort(items.begin(), items.end(),
                   [](const DataItem* a, const DataItem* b) { return std::pair(a->at.line, a->at.column) < std::pair(b->at.line, b->at.column); });
  for (const DataItem* item : items) {
    const auto spec = std::find_if(c.out.data.begin(), c.out.data.end(), [&](const DataSpec& d) { return d.name == item->name; });
    if (spec != c.out.data.end()) c.out.searched.push_back({static_cast<std::uint32_t>(spec - c.out.data.begin())});
  }
}

void name_clocks_and_feedback(Compilation& c) {
  for (const ClockDefinition& k : c.process.sla) {
    ClockSpec spec;
    spec.id = k.id;
    spec.place = k.place;
    spec.name = k.name;
    spec.mean = k.mean;
    spec.restart_each = k.restart_each;
    spec.internal = k.internal;
    spec.source = k.source;
    spec.unverified = k.unverified;
    c.out.clocks.push_back(std::move(spec));
  }
  for (const FeedbackDefinition& f : c.process.feedback) {
    FeedbackSpec& spec = c.out.feedback.emplace_back();
    spec.id = f.id;
    spec.place = f.place;
    spec.name = f.name;
    spec.channels = f.channels;
    spec.receipt = f.receipt.name;
  }
  for (std::uint32_t i = 0; i < c.out.clocks.size(); ++i) c.out.clocks_in_order.push_back({i});
  std::stable_sort(c.out.clocks_in_order.begin(), c.out.clocks_in_order.end(),
                   [&](ClockIndex a, ClockIndex b) { return c.out.clocks[a.value].place < c.out.clocks[b.value].place; });
  for (std::uint32_t i = 0; i < c.out.clocks.size(); ++i) c.out.clocks[c.out.clocks_in_order[i].value].place = i;
}

/// A function that the engine provides (sla, a decision table) may read any data, so a `customer` that calls one depends on all of them.
void watch_customer(Compilation& c) {
  c.out.customer_slots = c.out.customer.used_slots();
  if (c.out.customer.used_functions().empty()) return;
  c.out.customer_slots.resize(c.out.data.size());
  std::iota(c.out.customer_slots.begin(), c.out.customer_slots.end(), 0U);
}

void compile_all(Compilation& c) {
  choose_calendar(c);
  c.out.calendars.standard = c.out.calendar;
  compile_data(c);
  gather_decisions(c);
  list_searched(c);
  name_clocks_and_feedback(c);
  c.out.index_names();
  build_scope(c);
  c.out.partners = c.process.partners;
  c.out.customer = compile_feel(c, {c.process.customer, c.process.id, "customer"}, feel::Type{});
  if (c.out.customer) watch_customer(c);
  c.out.organisation = compile_feel(c, {c.process.organisation, c.process.id, "organisation"}, feel::Type::Kind::string);
  c.out.organisations = c.library.organisations;
  compile_computed_defaults(c);
  flatten(c);
  compile_scoped_data(c);
  connect(c);
  compile_nodes(c);
  compile_clocks(c);
  compile_feedback(c);
  compile_listening(c);
  compile_joins(c);
  compile_compensation(c);
  compile_keeping(c);
  for (const Element& e : c.out.elements) {
    for (const ClockIndex clock : e.pauses) c.out.clocks[clock.value].pauses_in_place = true;
    const auto conditional = [](const EventSpec& event) { return event.kind == EventKind::condition; };
    c.out.has_conditional_events =
        c.out.has_conditional_events || conditional(e.message) || std::any_of(e.events.begin(), e.events.end(), conditional);
  }
  for (const Declaration& m : c.process.messages) c.out.payloads.emplace_back(m.id, m.payload);
  for (const Declaration& e : c.process.escalations)
    if (!e.name.empty() || !e.groups.empty()) c.out.escalations.push_back({e.code.empty() ? e.id : e.code, e.name, e.groups});
  for (const Declaration& s : c.process.signals)
    if (!s.payload.empty()) c.out.signal_payloads.emplace_back(s.id, s.payload);
}

}  // namespace

CompileResult compile(const Process& process, const Library& library, std::string source_text, std::string_view known_as) {
  const Process content = canonical(process);
  auto out = std::make_shared<ExecutableProcess>();
  out->id = content.id;
  out->version = content.version;
  out->name = content.name;
  out->lanes = content.lanes;
  out->source_text = std::move(source_text);
  const std::string text = canonical_text(content, library);
  out->hash = fingerprint(text);
  if (const std::string order = canonical_order(content); !order.empty() && !known_as.empty() && known_as != out->hash) {
    std::string former = fingerprint(std::string_view(text).substr(0, text.size() - order.size()));
    if (former == known_as) out->hash = std::move(former);
  }
  CompileResult result;
  Compilation c{content, library, *out, result.diagnostics, {}, false, {}, {}, {}};
  compile_all(c);
  sort_and_unique(result.diagnostics);
  if (!has_errors(result.diagnostics)) result.process = std::move(out);
  return result;
}

}  // namespace switchboard::model
