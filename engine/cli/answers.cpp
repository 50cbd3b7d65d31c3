#include "cli/answers.hpp"

#include <fmt/core.h>

#include "cli/output.hpp"
#include "cli/words.hpp"
#include "value/json.hpp"

namespace switchboard::cli {

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
                 {"parent", c.parent.empty() ? Value() : Value(c.parent)}};
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
                 {"assignee", w.assignee.empty() ? Value() : Value(w.assignee)},
                 {"groups", strings(w.groups)},
                 {"form", strings(w.form)},
                 {"inputs", w.inputs},
                 {"priority", static_cast<std::int64_t>(w.priority)},
                 {"retries", static_cast<std::int64_t>(w.retries)},
                 {"due", instant(w.due, zone)},
                 {"offered", instant(w.offered, zone)}};
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
                 {"round", static_cast<std::int64_t>(c.round)},
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
                 {"elapsed_working_seconds", number(c.elapsed_working.to_seconds())},
                 {"elapsed_wall_seconds", number(c.elapsed_wall.to_seconds())},
                 {"paused_seconds", number(c.paused.to_seconds())},
                 {"left_seconds", number(c.left.to_seconds())},
                 {"percent", number(c.percent)},
                 {"holders", strings(c.holders)},
                 {"source", c.source},
                 {"unverified", c.unverified.empty() ? Value() : Value(c.unverified)}};
}

Value to_value(const OutboxInfo& o, const std::string& zone) {
  return Context{{"id", number(o.id)},
                 {"key", o.key},
                 {"kind", o.kind},
                 {"name", o.name},
                 {"state", o.state},
                 {"case", o.case_no},
                 {"process", o.process},
                 {"instance", o.instance},
                 {"customer", o.customer},
                 {"body", o.body},
                 {"created", instant(o.created, zone)},
                 {"delivered", instant(o.delivered, zone)},
                 {"attempts", static_cast<std::int64_t>(o.attempts)},
                 {"error", o.error.empty() ? Value() : Value(o.error)}};
}

Value to_value(const HistoryInfo& h, const std::string& zone) {
  return Context{{"sequence", number(h.sequence)}, {"at", instant(h.at, zone)}, {"event", h.what}, {"details", h.details}};
}

Value to_value(const DeploymentInfo& d, const std::string& zone) {
  return Context{
      {"process", d.process}, {"number", number(d.number)}, {"version", d.version}, {"definition", d.hash}, {"deployed", instant(d.deployed, zone)}};
}

Value to_value(const IncidentInfo& i, const std::string& zone) {
  return Context{{"incident", i.id},  {"instance", i.instance}, {"case", i.case_no},    {"process", i.process},
                 {"node", i.element}, {"rule", i.rule},         {"message", i.message}, {"raised", instant(i.raised, zone)}};
}

int answer(const Options& options, const Session& session, const CaseInfo& c) {
  if (options.json) {
    print_json(to_value(c, session.zone(c.process)));
  } else {
    print_line(fmt::format("case {} ({}, {}) is {}{}", c.case_no, c.process, c.instance, c.state, c.at.empty() ? "" : ", at " + join(c.at)));
  }
  return exit_ok;
}

int answer(const Options& options, const Session& session, const WorkInfo& w) {
  if (options.json) {
    print_json(to_value(w, session.zone(w.process)));
  } else {
    print_line(fmt::format("work {} ({}, case {}) is {}{}", w.id, w.element, w.case_no, w.state, w.assignee.empty() ? "" : " by " + w.assignee));
  }
  return exit_ok;
}

namespace {

std::string shortened(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t cut = most;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0u) == 0x80u) --cut;
  return text.substr(0, cut) + "...";
}

}  // namespace

std::string one_line(const Value& v, std::size_t most) { return shortened(v.string() != nullptr ? *v.string() : to_json(v), most); }

std::string pairs(const Value& v, std::size_t most) {
  const Context* context = v.context();
  if (context == nullptr) return v.is_null() ? std::string() : one_line(v, most);
  std::string text;
  for (const auto& [name, value] : context->entries()) {
    if (value.is_null()) continue;
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", name, value.string() != nullptr ? *value.string() : to_json(value));
  }
  return shortened(std::move(text), most);
}

}  // namespace switchboard::cli
