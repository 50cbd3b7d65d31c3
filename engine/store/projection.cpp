#include "store/projection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <variant>

#include "driver/driver.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::store {

namespace {

template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

/// The ledger an event carries, if it is about a clock.
const sla::Ledger* ledger_in(const core::EventBody& body) {
  return std::visit(
      [](const auto& event) -> const sla::Ledger* {
        if constexpr (requires { event.ledger; }) {
          return &event.ledger;
        } else {
          return nullptr;
        }
      },
      body);
}

/// The row of a touched clock is always written again: the one in the store may come from an older calendar, and then a comparison says nothing.
bool is_touched(const Change& change, const DueRow& row) {
  return row.kind == DueRow::Kind::mark && std::any_of(change.events.begin(), change.events.end(), [&](const core::Event& e) {
           const sla::Ledger* ledger = ledger_in(e.body);
           return ledger != nullptr && ledger->clock.value == row.key;
         });
}

/// The row of one thing, before and after.
void note_due(const std::optional<DueRow>& before, const std::optional<DueRow>& after, bool again, RowChanges& rows) {
  if (before && (!after || id_of(*before) != id_of(*after))) rows.due_gone.push_back(id_of(*before));
  if (after && (again || !before || *before != *after)) rows.due_new.push_back(*after);
}

const core::ProcessInstance& before_of(const Change& change) {
  static const core::ProcessInstance nothing;
  return change.before == nullptr ? nothing : *change.before;
}

/// What is due of each of the things. Unless the case was suspended or resumed, what both have in common is not looked at.
template <class T>
void compare_due(const Change& change, const core::Parts<T>& before, const core::Parts<T>& after, RowChanges& rows) {
  const core::ProcessInstance& b = before_of(change);
  const core::ProcessInstance& a = *change.after;
  const auto gone = [&](const T& one) { note_due(due_of(b, one), {}, false, rows); };
  const auto fresh = [&](const T& one) { note_due({}, due_of(a, one), false, rows); };
  if (receives(b) == receives(a))
    return compare(before, after, gone, fresh, [&](const T& was, const T& is) { note_due(due_of(b, was), due_of(a, is), false, rows); });
  for (const T& one : before) gone(one);
  for (const T& one : after) fresh(one);
}

void compare_due(const Change& change, RowChanges& rows) {
  const core::ProcessInstance& b = before_of(change);
  compare_due(change, b.timers, change.after->timers, rows);
  for (const sla::Ledger& l : change.after->clocks) {
    const sla::Ledger* was = b.find(l.clock);
    const auto due = due_of(*change.process, *change.after, l);
    note_due(was == nullptr ? std::nullopt : due_of(*change.process, b, *was), due, due && is_touched(change, *due), rows);
  }
  compare_due(change, b.work, change.after->work, rows);
}

void compare_subscriptions(const Change& change, RowChanges& rows) {
  compare(
      kept_subscriptions(before_of(change)), kept_subscriptions(*change.after),
      [&](const core::Subscription& s) { rows.subscriptions_gone.push_back(&s); },
      [&](const core::Subscription& s) { rows.subscriptions_new.push_back(&s); },
      [&](const core::Subscription& s, const core::Subscription& t) {
        if (s == t) return;
        rows.subscriptions_gone.push_back(&s);
        rows.subscriptions_new.push_back(&t);
      });
}

void compare_work(const Change& change, RowChanges& rows) {
  const core::ProcessInstance& before = before_of(change);
  const bool suspension_changed = change.before != nullptr && receives(before) != receives(*change.after);
  const bool organisation_changed = change.before != nullptr && before.organisation != change.after->organisation;
  compare(
      before.work, change.after->work, [&](const core::Work& w) { rows.work_gone.push_back(w.key); },
      [&](const core::Work& w) { rows.work_new.push_back(&w); },
      [&](const core::Work& w, const core::Work& v) {
        if (!suspension_changed && !organisation_changed && w != v) rows.work_changed.push_back(&v);
      });
  if (!suspension_changed && !organisation_changed) return;
  for (const core::Work& w : change.after->work)
    if (before.find(w.key) != nullptr) rows.work_changed.push_back(&w);
}

void collect_clocks(const Change& change, RowChanges& rows) {
  for (const core::Event& event : change.events) {
    const sla::Ledger* ledger = ledger_in(event.body);
    if (ledger == nullptr) continue;
    const auto same = std::find_if(rows.clocks.begin(), rows.clocks.end(),
                                   [&](const sla::Ledger* l) { return l->clock == ledger->clock && l->round == ledger->round; });
    if (same == rows.clocks.end()) {
      rows.clocks.push_back(ledger);
    } else {
      *same = ledger;
    }
  }
}

void compare_searched(const Change& change, RowChanges& rows) {
  const core::ProcessInstance& after = *change.after;
  rows.searched_afresh = change.before != nullptr && change.before->definition != after.definition;
  if (change.before == nullptr || rows.searched_afresh) {
    rows.searched_new = searched_of(*change.process, after);
    return;
  }
  const std::vector<model::SlotIndex>& searched = change.process->searched;
  const auto is_same = [&](model::SlotIndex slot) {
    return slot.value >= after.data.size() || change.before->data[slot.value] == after.data[slot.value];
  };
  if (std::all_of(searched.begin(), searched.end(), is_same)) return;
  const std::vector<Searched> was = searched_of(*change.process, *change.before);
  const std::vector<Searched> is = searched_of(*change.process, after);
  std::set_difference(was.begin(), was.end(), is.begin(), is.end(), std::back_inserter(rows.searched_gone));
  std::set_difference(is.begin(), is.end(), was.begin(), was.end(), std::back_inserter(rows.searched_new));
}

OutboxRow outbox_row(OutboxRow::Kind kind, const core::ProcessInstance& after, std::uint64_t key, std::string name, Context body, Instant at) {
  OutboxRow row;
  row.key = fmt::format("{}/{}-{}", text_of(after.key), word_of(kind), key);
  row.kind = kind;
  row.instance = after.key;
  row.case_no = after.case_no;
  row.process = after.process;
  row.name = std::move(name);
  row.customer = after.customer;
  row.body = Value(std::move(body));
  row.created = at;
  return row;
}

template <class Texts>
List texts_of(const Texts& texts) {
  List list;
  for (const std::string& text : texts) list.emplace_back(text);
  return list;
}

OutboxRow feedback_row(const core::ProcessInstance& after, const core::FeedbackGiven& f, Instant at) {
  List channels = texts_of(f.channels);
  Context texts;
  for (const auto& [language, text] : f.texts) texts.set(language, text);
  Context body{{"channels", std::move(channels)}, {"texts", std::move(texts)}};
  if (f.not_before) body.set("not_before", to_string(*f.not_before, "UTC"));
  if (f.to.context() != nullptr) body.set("to", f.to);
  OutboxRow row = outbox_row(OutboxRow::Kind::feedback, after, f.key.value, f.id, std::move(body), at);
  row.customer = f.customer;
  return row;
}

/// One record, or one for each recipient with a key of its own.
void add_feedback(const core::ProcessInstance& after, const core::FeedbackGiven& f, Instant at, std::vector<OutboxRow>& rows) {
  const OutboxRow row = feedback_row(after, f, at);
  const List* recipients = f.to.list();
  if (recipients == nullptr) {
    rows.push_back(row);
    return;
  }
  for (std::size_t i = 0; i < recipients->size(); ++i) {
    const Value& recipient = (*recipients)[i];
    OutboxRow one = row;
    one.key = fmt::format("{}/{}", row.key, i + 1);
    one.customer = core::customer_of(recipient);
    Context body = *row.body.context();
    body.set("to", recipient);
    one.body = Value(std::move(body));
    rows.push_back(std::move(one));
  }
}

/// As a feedback gives its texts; what is said without a language stands under "".
Context by_language(const model::Text& text) {
  Context all;
  for (const auto& [language, words] : text.by_language) all.set(language, words);
  return all;
}

/// Whom it is for and what it is about, so that who gets it needs nothing else: the declared name and groups, what is late since when, who has the
/// work.
OutboxRow escalation_row(const model::ExecutableProcess& process, const core::ProcessInstance& after, const core::Escalate& e, Instant at) {
  Context body;
  if (e.clock && e.clock.value < process.clocks.size()) body.set("clock", process.clocks[e.clock.value].id);
  if (e.element) body.set("element", path_of(process, e.element));
  body.set("payload", e.payload);
  const auto declared = std::find_if(process.escalations.begin(), process.escalations.end(), [&](const auto& d) { return d.code == e.code; });
  if (declared != process.escalations.end()) {
    if (!declared->name.empty()) body.set("name", by_language(declared->name));
    if (!declared->groups.empty()) body.set("groups", texts_of(declared->groups));
  }
  const sla::Ledger* ledger = e.clock ? after.find(e.clock) : nullptr;
  if (ledger != nullptr && !sla::waits_for_data(*ledger)) {
    body.set("due", to_string(ledger->due, "UTC"));
    if (at > ledger->due) body.set("late_seconds", Value((at - ledger->due).us / 1'000'000));
  }
  if (const auto holders = holders_of(after); !holders.empty()) body.set("holders", texts_of(holders));
  if (!after.organisation.empty()) body.set("organisation", after.organisation);
  return outbox_row(OutboxRow::Kind::escalation, after, e.key, e.code, std::move(body), at);
}

OutboxRow incident_row(const model::ExecutableProcess& process, const core::ProcessInstance& after, const core::Incident& i, Instant at) {
  Context body;
  body.set("incident", fmt::format("{}.{}", text_of(after.key), i.key.value));
  body.set("element", path_of(process, i.element));
  body.set("message", i.message);
  if (!after.organisation.empty()) body.set("organisation", after.organisation);
  return outbox_row(OutboxRow::Kind::incident, after, i.key.value, i.rule, std::move(body), at);
}

}  // namespace

RowChanges row_changes(const Change& change) {
  RowChanges rows;
  compare_due(change, rows);
  compare_subscriptions(change, rows);
  compare_work(change, rows);
  collect_clocks(change, rows);
  compare_searched(change, rows);
  rows.outbox = outbox_of(*change.process, *change.after, change.effects, change.at);
  rows.errands = errands_of(change.after->key, change.after->sequence, change.effects, change.chain);
  return rows;
}

std::vector<OutboxRow> outbox_of(const model::ExecutableProcess& process, const core::ProcessInstance& after, std::span<const core::Effect> effects,
                                 Instant at) {
  std::vector<OutboxRow> rows;
  for (const core::Effect& effect : effects) {
    std::visit(Overload{[&](const core::TellCustomer& e) { add_feedback(after, e.feedback, at, rows); },
                        [&](const core::Escalate& e) { rows.push_back(escalation_row(process, after, e, at)); },
                        [&](const core::ReportIncident& e) { rows.push_back(incident_row(process, after, e.incident, at)); }, [](const auto&) {}},
               effect);
  }
  return rows;
}

namespace {

/// Quiet hours: feedback that names a calendar waits until it opens.
std::optional<Instant> opening_for(const OutboxRow& row) {
  const Context* body = row.body.context();
  const Value* not_before = body == nullptr ? nullptr : body->find("not_before");
  if (row.kind != OutboxRow::Kind::feedback || not_before == nullptr || not_before->string() == nullptr) return std::nullopt;
  return parse_instant(*not_before->string());
}

}  // namespace

/// Those of one kind for one customer are one lane; where no customer is known, those of one case. Alone is what is about neither, and what names its
/// recipient without a customer number: the recipients of one notice do not wait for each other.
OutboxPlace place_of(const OutboxRow& row) {
  OutboxPlace place;
  const Context* body = row.body.context();
  const bool is_alone = row.customer.empty() && (row.case_no.empty() || (body != nullptr && body->find("to") != nullptr));
  const std::string_view about = !row.customer.empty() ? "customer" : is_alone ? "record" : "case";
  place.lane = fmt::format("{} {} {}", word_of(row.kind), about, !row.customer.empty() ? row.customer : is_alone ? row.key : row.case_no);
  place.since = std::max(row.created, opening_for(row).value_or(row.created));
  return place;
}

std::vector<Errand> errands_of(InstanceKey instance, std::uint64_t sequence, std::span<const core::Effect> effects, std::uint32_t chain) {
  std::vector<Errand> errands;
  for (std::size_t i = 0; i < effects.size(); ++i) {
    if (driver::is_errand(effects[i])) errands.push_back({{instance, sequence, static_cast<std::uint32_t>(i)}, effects[i], chain});
  }
  return errands;
}

std::vector<std::string> places_in(std::string_view stage) {
  std::vector<std::string> places;
  for (std::size_t begin = 0; begin <= stage.size();) {
    const std::size_t end = std::min(stage.find(", ", begin), stage.size());
    places.emplace_back(stage.substr(begin, end - begin));
    begin = end + 2;
  }
  return places;
}

std::string text_of(InstanceKey key) { return fmt::format("i-{}", key.value); }

std::string_view word_of(OutboxRow::Kind kind) noexcept {
  switch (kind) {
    case OutboxRow::Kind::feedback: return "feedback";
    case OutboxRow::Kind::escalation: return "escalation";
    case OutboxRow::Kind::message: return "message";
    case OutboxRow::Kind::incident: return "incident";
  }
  return "?";
}

std::string_view word_of(OutboxRow::State state) noexcept {
  switch (state) {
    case OutboxRow::State::waiting: return "waiting";
    case OutboxRow::State::delivered: return "delivered";
    case OutboxRow::State::failed: return "failed";
    case OutboxRow::State::dropped: return "dropped";
  }
  return "?";
}

namespace {

template <class T, std::size_t N>
std::optional<T> value_of_word(std::string_view word, const std::array<T, N>& all) {
  const auto found = std::find_if(all.begin(), all.end(), [&](T t) { return word_of(t) == word; });
  return found == all.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

std::optional<OutboxRow::Kind> kind_of_word(std::string_view word) noexcept {
  using enum OutboxRow::Kind;
  return value_of_word(word, std::array{feedback, escalation, message, incident});
}

std::optional<OutboxRow::State> state_of_word(std::string_view word) noexcept {
  using enum OutboxRow::State;
  return value_of_word(word, std::array{waiting, delivered, failed, dropped});
}

bool asks_for_process(const Query& q, std::string_view process) {
  return q.process.empty() || q.process == process || std::find(q.overlays.begin(), q.overlays.end(), process) != q.overlays.end();
}

bool names_records(const Query& q) {
  return q.after > 0 || q.instance || !q.case_no.empty() || !q.customer.empty() || !q.process.empty() || !q.state.empty() || !q.kind.empty() ||
         !q.organisations.empty();
}

std::string_view word_of(core::WorkKind kind) noexcept {
  switch (kind) {
    case core::WorkKind::user: return "user";
    case core::WorkKind::service: return "service";
    case core::WorkKind::send: return "send";
  }
  return "?";
}

std::string json_of(const std::vector<std::string>& texts) {
  std::string json = "[";
  for (const std::string& t : texts) json += (json.size() > 1 ? "," : "") + json_quote(t);
  return json + "]";
}

std::string_view work_state(const core::ProcessInstance& instance, const core::Work& work) noexcept {
  return instance.state == core::InstanceState::suspended ? std::string_view("suspended") : core::to_string(work.state);
}

Instant promise_of(const core::ProcessInstance& instance) noexcept {
  Instant earliest = no_promise;
  for (const sla::Ledger& l : instance.clocks) earliest = std::min(earliest, promise_of(l));
  return earliest;
}

Instant promise_of(const sla::Ledger& l) noexcept {
  const bool is_open = l.state == sla::ClockState::running || l.state == sla::ClockState::paused;
  if (!is_open || l.mean) return no_promise;
  return l.state == sla::ClockState::paused && !l.breached ? promise_on_hold : l.due;
}

std::vector<std::string> holders_of(const core::ProcessInstance& instance) {
  if (instance.crowd.is_kept()) return instance.crowd.holders();
  std::set<std::string> holders;
  for (const core::Work& w : instance.work)
    for (std::string& name : core::names_of(w)) holders.insert(std::move(name));
  return {holders.begin(), holders.end()};
}

std::string path_of(const model::ExecutableProcess& process, model::ElementIndex element) {
  return element.value < process.elements.size() ? process.at(element).path : fmt::format("?{}", element.value);
}

}  // namespace switchboard::store
