#include "switchboard/answers.hpp"

#include <cstdint>
#include <optional>

namespace switchboard {

namespace {

Value instant(Instant at, const std::string& zone) { return to_string(at, zone); }
Value instant(const std::optional<Instant>& at, const std::string& zone) { return at ? instant(*at, zone) : Value(); }
Value strings(const std::vector<std::string>& all) { return List(all.begin(), all.end()); }
Value text_or_null(const std::string& s) { return s.empty() ? Value() : Value(s); }
Value whole(std::uint64_t n) { return json_number(n); }

/// Rounded to a nanosecond or a billionth: what is behind that is noise of binary floats.
Value number(double d) { return json_number(d, 9); }
Value seconds(Duration d) { return number(d.to_seconds()); }

/// core::describe writes instants in the zone of the process's calendar.
Value details_in(const Value& details, const std::string& zone) {
  if (details.context() == nullptr) return details;
  Context c = *details.context();
  for (const char* name : {"due", "lease_until", "retry_at", "started"}) {
    const Value* written = c.find(name);
    const auto at = written == nullptr || written->string() == nullptr ? std::nullopt : parse_instant(*written->string());
    if (at) c.set(name, instant(*at, zone));
  }
  return c;
}

}  // namespace

Value to_value(const CaseInfo& c, const std::string& zone) {
  return Context{{"instance", c.instance},
                 {"case", c.case_no},
                 {"process", c.process},
                 {"definition", c.definition},
                 {"customer", c.customer},
                 {"state", c.state},
                 {"at", strings(c.at)},
                 {"started", instant(c.started, zone)},
                 {"last", instant(c.last, zone)},
                 {"ended", instant(c.ended, zone)},
                 {"parent", text_or_null(c.parent)}};
}

Value to_value(const WorkInfo& w, const std::string& zone) {
  return Context{{"work", w.id},
                 {"instance", w.instance},
                 {"case", w.case_no},
                 {"process", w.process},
                 {"node", w.element},
                 {"name", w.name},
                 {"kind", w.kind},
                 {"state", w.state},
                 {"topic", w.topic},
                 {"assignee", text_or_null(w.assignee)},
                 {"groups", strings(w.groups)},
                 {"form", strings(w.form)},
                 {"inputs", w.inputs},
                 {"priority", w.priority},
                 {"retries", w.retries},
                 {"due", instant(w.due, zone)},
                 {"offered", instant(w.offered, zone)}};
}

Value to_value(const Job& j, const std::string& zone) {
  const Value work = to_value(j.work, zone);
  Context job = *work.context();
  job.set("attempt", whole(j.attempt));
  return job;
}

BusinessTime elapsed_business(const ClockInfo& c) {
  if (c.budget.find("bd") != std::string::npos) return {c.elapsed_working_days, "bd"};
  if (c.budget.find(" b") != std::string::npos) return {c.elapsed_working.to_seconds() / 3600, "bh"};
  return {(c.elapsed_wall - c.paused).to_seconds() / 3600, "h"};
}

Value to_value(const ClockInfo& c, const std::string& zone) {
  const BusinessTime business = elapsed_business(c);
  return Context{{"case", c.case_no},
                 {"clock", c.clock},
                 {"name", c.name},
                 {"process", c.process},
                 {"instance", c.instance},
                 {"customer", c.customer},
                 {"state", c.state},
                 {"round", whole(c.round)},
                 {"breached", c.breached},
                 {"mean", c.mean},
                 {"internal", c.internal},
                 {"provisional", c.provisional},
                 {"budget", c.budget},
                 {"started", instant(c.started, zone)},
                 {"due", instant(c.due, zone)},
                 {"original_due", instant(c.original_due, zone)},
                 {"ended", instant(c.ended, zone)},
                 {"elapsed_business", number(business.amount)},
                 {"elapsed_unit", business.unit},
                 {"elapsed_working_days", number(c.elapsed_working_days)},
                 {"elapsed_working_seconds", seconds(c.elapsed_working)},
                 {"elapsed_wall_seconds", seconds(c.elapsed_wall)},
                 {"paused_seconds", seconds(c.paused)},
                 {"left_seconds", seconds(c.left)},
                 {"percent", number(c.percent)},
                 {"stage", text_or_null(c.stage)},
                 {"lane", text_or_null(c.lane)},
                 {"holders", strings(c.holders)},
                 {"source", c.source},
                 {"unverified", text_or_null(c.unverified)}};
}

Value to_value(const OutboxInfo& o, const std::string& zone) {
  return Context{{"id", whole(o.id)},
                 {"key", o.key},
                 {"kind", o.kind},
                 {"name", o.name},
                 {"state", o.state},
                 {"instance", o.instance},
                 {"case", o.case_no},
                 {"process", o.process},
                 {"customer", o.customer},
                 {"body", o.body},
                 {"created", instant(o.created, zone)},
                 {"delivered", instant(o.delivered, zone)},
                 {"attempts", whole(o.attempts)},
                 {"error", text_or_null(o.error)}};
}

Value to_value(const HistoryInfo& h, const std::string& zone) {
  return Context{{"sequence", whole(h.sequence)}, {"at", instant(h.at, zone)}, {"event", h.what}, {"details", details_in(h.details, zone)}};
}

Value to_value(const DeploymentInfo& d, const std::string& zone) {
  return Context{
      {"process", d.process}, {"number", whole(d.number)}, {"version", d.version}, {"definition", d.hash}, {"deployed", instant(d.deployed, zone)}};
}

Value to_value(const IncidentInfo& i, const std::string& zone) {
  return Context{{"incident", i.id},  {"instance", i.instance}, {"case", i.case_no},    {"process", i.process},
                 {"node", i.element}, {"rule", i.rule},         {"message", i.message}, {"raised", instant(i.raised, zone)}};
}

Value to_value(const TickReport& t, const std::string& zone) {
  return Context{{"timers", whole(t.timers)},
                 {"marks", whole(t.marks)},
                 {"retries", whole(t.retries)},
                 {"stale", whole(t.stale)},
                 {"damaged", whole(t.damaged)},
                 {"put_off", whole(t.put_off)},
                 {"worst_lateness_seconds", seconds(t.worst_lateness)},
                 {"next_due", instant(t.next_due, zone)}};
}

}  // namespace switchboard
