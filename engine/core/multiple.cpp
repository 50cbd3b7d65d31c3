// Events with several definitions (BPMN 2.0.2, 10.5 and 13.5): any of them triggers a multiple event, all of them together a parallel multiple one.
#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::EventKind;
using model::NodeType;

bool is_start_of_case(const Execution& x, const Waiting& w) {
  const model::Element& event = x.process.at(w.event);
  return event.type == NodeType::start_event && event.scope == ElementIndex{0};
}

/// Whether with `w` nothing is waited for any more.
bool is_last(const Execution& x, const Waiting& w) {
  const model::Element& event = x.process.at(w.event);
  if (!event.parallel_multiple) return true;
  for (std::uint32_t d = 0; d < event.definitions(); ++d)
    if (d != w.definition && !has_occurred(x.instance, {w.owner, w.event, d})) return false;
  return true;
}

/// What came before, in the order in which it came, and `payload` last: of two fields of one name the later one holds.
Result<Value> gathered(const Execution& x, const Waiting& w, const Value& payload) {
  const auto mine = [&](const Occurrence& o) { return o.owner == w.owner && o.element == w.event && o.payload.context() != nullptr; };
  if (std::none_of(x.instance.occurrences.begin(), x.instance.occurrences.end(), mine)) return payload;
  Context all;
  for (const Occurrence& o : x.instance.occurrences)
    if (mine(o))
      for (const auto& [name, value] : o.payload.context()->entries()) all.set(name, value);
  if (payload.context() != nullptr)
    for (const auto& [name, value] : payload.context()->entries()) all.set(name, value);
  else if (!payload.is_null())
    return payload;
  return Value(std::move(all));
}

/// The definition has happened: it is not waited for any more, and what it brought is kept.
void remember(Execution& x, const Waiting& w, Value payload) {
  close_waits(x, w, Which::this_one);
  x.emit(EventOccurred{w.owner, w.event, w.definition, std::move(payload)});
}

}  // namespace

bool has_occurred(const ProcessInstance& i, const Waiting& w) {
  return std::any_of(i.occurrences.begin(), i.occurrences.end(),
                     [&](const Occurrence& o) { return o.owner == w.owner && o.element == w.event && o.definition == w.definition; });
}

bool has_occurred(const ProcessInstance& i, ElementKey owner, ElementIndex event) {
  return std::any_of(i.occurrences.begin(), i.occurrences.end(), [&](const Occurrence& o) { return o.owner == owner && o.element == event; });
}

bool is_awaited(const ProcessInstance& i, const Waiting& w) {
  const auto mine = [&](const auto& one) { return one.element == w.event && one.definition == w.definition; };
  return find_at(i, i.timers, PartKind::timer, w.owner, mine) != nullptr ||
         find_at(i, i.subscriptions, PartKind::subscription, w.owner, mine) != nullptr || has_occurred(i, w);
}

bool interrupts(const Execution& x, const Waiting& w) {
  const model::Element& event = x.process.at(w.event);
  return event.interrupting || (w.definition < event.definitions() && event.definition(w.definition).kind == EventKind::error);
}

void close_waits(Execution& x, const Waiting& w, Which which) {
  const auto mine = [&](const auto& one) { return one.element == w.event && (which == Which::all || one.definition == w.definition); };
  const ProcessInstance& i = x.instance;
  for (const TimerKey k : keys_at(i, i.timers, PartKind::timer, w.owner, mine)) x.emit(TimerDisarmed{k});
  for (const SubscriptionKey k : keys_at(i, i.subscriptions, PartKind::subscription, w.owner, mine)) x.emit(SubscriptionClosed{k});
}

void forget_occurrences(Execution& x, ElementKey owner, ElementIndex event) {
  const auto mine = [&](const Occurrence& o) { return o.owner == owner && o.element == event; };
  if (std::any_of(x.instance.occurrences.begin(), x.instance.occurrences.end(), mine)) x.emit(OccurrencesCleared{owner, event});
}

/// A condition that holds already has to become true once more, as for any event that stays.
void wait_again(Execution& x, const Waiting& w) {
  if (!x.process.at(w.event).parallel_multiple) return;
  close_waits(x, w, Which::all);
  forget_occurrences(x, w.owner, w.event);
  arm_or_incident(x, w);
}

/// What does not fit is refused when it comes, unless only the others can tell: `out` is asked when all are there.
Result<News> news_of(const Execution& x, const Waiting& w, const Value& payload, Names names) {
  News news;
  const Place place{w.event, seen_from(x, w)};
  const bool by_name = !x.process.at(w.event).out.explicit_out;
  news.last = is_last(x, w);
  if (!news.last) {
    if (by_name || (!payload.is_null() && payload.context() == nullptr)) {
      SB_TRY(news.writes, map_result(x, place, payload, names));
    }
    SB_TRYV(has_room_for(x, payload.written_bytes()));
    news.payload = payload;
    return news;
  }
  // What begins a case has given its data by name already.
  Value all = payload;
  if (!is_start_of_case(x, w) || !by_name) {
    SB_TRY(all, gathered(x, w, payload));
  }
  SB_TRY(news.writes, map_result(x, place, all, names));
  if (is_start_of_case(x, w)) {
    SB_TRYV(check_required(x, news.writes));
  }
  return news;
}

Result<News> news_or_keep(Execution& x, const Waiting& w, const Value& payload, Names names) {
  auto news = news_of(x, w, payload, names);
  x.unfit = news ? Value() : payload;
  return news;
}

void happen(Execution& x, const Waiting& w, Result<News> news) {
  if (!news) return trigger(x, w, news.error());
  News n = std::move(news).value();
  if (!n.last) {
    if (is_start_of_case(x, w)) write_all(x, w.owner, std::move(n.writes));
    return remember(x, w, std::move(n.payload));
  }
  trigger(x, w, std::move(n.writes));
}

}  // namespace switchboard::core
