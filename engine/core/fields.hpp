// The fields of what an instance consists of, in the order of their bytes. Only for codec_*.cpp. A field is only ever added,
// at the end of its struct and as `a.since(form, t.field)`: what was stored before is read as it was written (bytes.hpp, docs/format.md).
#pragma once

#include "core/bytes.hpp"
#include "core/event.hpp"

namespace switchboard::calendar {
template <class A>
void fields(A& a, WorkingDuration& d) {
  a(d.months, d.days, d.working_days, d.wall, d.working);
}
}  // namespace switchboard::calendar

namespace switchboard::sla {
template <class A>
void fields(A& a, Basis& b) {
  a(b.table, b.row, b.source, b.edition, b.unverified);
}
template <class A>
void fields(A& a, Change& c) {
  a(c.at, c.kind, c.amount, c.by, c.reason, c.due_before, c.due_after);
}
template <class A>
void fields(A& a, Late& l) {
  a(l.days, l.time);
}
template <class A>
void fields(A& a, Used& u) {
  a(u.working_days, u.percent, u.working);
  a.since(6, u.late);
}
template <class A>
void fields(A& a, Ledger& l) {
  a(l.clock, l.round, l.state, l.breached, l.mean, l.provisional, l.budget, l.remaining, l.started, l.attached, l.anchor, l.anchor_day_counts,
    l.original_due, l.due, l.breached_at, l.paused_since, l.paused_total, l.ended, l.marks_done, l.calendar_version);
  a.since(3, l.basis, l.by);
  a.since(4, l.changes, l.stands);
  a.since(5, l.used);
}
}  // namespace switchboard::sla

namespace switchboard::core {

template <>
constexpr std::uint64_t last_of<InstanceState>() {
  return static_cast<std::uint64_t>(InstanceState::cancelled);
}
template <>
constexpr std::uint64_t last_of<ActivityState>() {
  return static_cast<std::uint64_t>(ActivityState::compensated);
}
template <>
constexpr std::uint64_t last_of<WorkState>() {
  return static_cast<std::uint64_t>(WorkState::withdrawn);
}
template <>
constexpr std::uint64_t last_of<WorkKind>() {
  return static_cast<std::uint64_t>(WorkKind::send);
}
template <>
constexpr std::uint64_t last_of<CallKind>() {
  return static_cast<std::uint64_t>(CallKind::write);
}
template <>
constexpr std::uint64_t last_of<SubscriptionKind>() {
  return static_cast<std::uint64_t>(SubscriptionKind::signal);
}
template <>
constexpr std::uint64_t last_of<sla::ClockState>() {
  return static_cast<std::uint64_t>(sla::ClockState::cancelled);
}

template <>
constexpr std::uint64_t last_of<sla::ChangeKind>() {
  return static_cast<std::uint64_t>(sla::ChangeKind::resume);
}

template <class A>
void fields(A& a, ElementInstance& e) {
  a(e.key, e.element, e.scope, e.state);
  a.since(6, e.number);
}
template <class A>
void fields(A& a, Output& o) {
  a(o.key, o.value);
}
template <class A>
void fields(A& a, Repetition& r) {
  a(r.key, r.total, r.items, r.outputs);
}
template <class A>
void fields(A& a, ScopeData& s) {
  a(s.key, s.values);
}
template <class A>
void fields(A& a, Completion& c) {
  a(c.activity, c.element, c.scope, c.compensation, c.inputs, c.values, c.by, c.handler, c.number, c.partial);
}
template <class A>
void fields(A& a, JoinTokens& j) {
  a(j.scope, j.gateway, j.flow, j.count);
}
template <class A>
void fields(A& a, ScopeTokens& s) {
  a(s.tokens);
}
template <class A>
void fields(A& a, Work& w) {
  a(w.key, w.element_key, w.element, w.kind, w.state, w.topic, w.groups, w.assignee, w.inputs, w.priority, w.retries, w.due, w.retry_at,
    w.lease_until, w.offered, w.personal);
  a.since(2, w.token);
  a.since(6, w.burnt, w.due_in);
  a.since(8, w.organisation);
}
template <class A>
void fields(A& a, Timer& t) {
  a(t.key, t.element_key, t.element, t.due, t.remaining, t.period, t.provisional, t.armed);
  a.since(3, t.every);
  a.since(5, t.chain, t.at_once);
  a.since(6, t.definition);
}
template <class A>
void fields(A& a, Subscription& s) {
  a(s.key, s.element_key, s.element, s.kind, s.name, s.correlation);
  a.since(3, s.opened);
  a.since(6, s.definition);
}
template <class A>
void fields(A& a, Call& c) {
  a(c.key, c.element_key, c.element, c.process, c.version, c.data);
  a.since(8, c.kind);
}
template <class A>
void fields(A& a, Incident& i) {
  a(i.key, i.element_key, i.element, i.work, i.rule, i.message, i.raised, i.clock);
  a.since(3, i.result, i.errand_sequence, i.errand_place);
}
template <class A>
void fields(A& a, Occurrence& o) {
  a(o.owner, o.element, o.definition, o.payload);
}
template <class A>
void fields(A& a, GatewayState& g) {
  a(g.scope, g.gateway, g.consumed);
}
template <class A>
void fields(A& a, AdHocState& s) {
  a(s.key, s.begun, s.closed);
}
template <class A>
void fields(A& a, Parent& p) {
  a(p.instance, p.call);
}

}  // namespace switchboard::core
