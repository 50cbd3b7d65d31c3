#include "cli/answers.hpp"

#include <fmt/core.h>

#include "cli/output.hpp"
#include "cli/words.hpp"
#include "switchboard/value/json.hpp"
#include "switchboard/value/temporal.hpp"

namespace switchboard::cli {

namespace {

/// The instants of a case never go back: what is recorded is its last one then.
void note_if_later(const Options& options, const Session& session, const CaseInfo& c) {
  if (options.now.empty() || c.instance.empty() || c.last <= session.now()) return;
  const std::string_view zone = session.zone(c.process);
  const auto shown = [&](Instant at) {
    const auto local = to_date_time(at, zone);
    return local ? to_display(Value(*local)) : to_string(at);
  };
  note(fmt::format("--now {} is before the last instant of case '{}': this is recorded as of {}", shown(session.now()), c.case_no, shown(c.last)));
}

/// What went wrong with this very command is not to be looked for in a list.
void note_new_incidents(const Session& session, const CaseInfo& c) {
  if (c.instance.empty()) return;  // the answer is about no case
  Find of_case;
  of_case.instance = c.instance;
  const auto all = session.engine().incidents(of_case);
  if (!all) return;  // a question beside the answer: what was done was done
  for (const IncidentInfo& i : all.value())
    if (i.raised == c.last && !i.incident.empty()) note(fmt::format("incident {} at {}: {} [{}]", i.incident, place_of(i), i.message, i.rule));
}

}  // namespace

namespace {

std::string kept_line(const Session& session, Instant until) {
  if (until >= *parse_instant("9999-12-31T00:00:00Z", "UTC")) return "who waits for the message is suspended: it is kept until he can have it";
  return fmt::format("nobody waits for the message yet: it is kept until {}", shown_time(until, session.zone({})));
}

std::string line_of(const CaseInfo& c) {
  return fmt::format("case {} ({}, {}) is {}{}", c.case_no, c.process, c.instance, to_string(c.state), c.at.empty() ? "" : ", at " + join(c.at));
}

}  // namespace

int answer(const Options& options, const Session& session, const CaseInfo& c) {
  note_if_later(options, session, c);
  note_new_incidents(session, c);
  if (options.json) {
    print_json(to_value(c, session.zone(c.process)));
  } else {
    if (!c.instance.empty()) print_line(line_of(c));
    if (c.receivers > 1) print_line(fmt::format("{} others have the message too", c.receivers - 1));
    if (c.kept_until) print_line(kept_line(session, *c.kept_until));
  }
  return exit_ok;
}

int answer(const Options& options, const Session& session, const std::vector<CaseInfo>& all) {
  for (const CaseInfo& c : all) {
    note_if_later(options, session, c);
    note_new_incidents(session, c);
    if (!options.json) print_line(line_of(c));
  }
  if (options.json) print_all(session, all);
  return exit_ok;
}

int answer(const Options& options, const Session& session, const WorkInfo& w) {
  if (!options.now.empty()) {
    if (const auto c = session.engine().instance(w.instance)) note_if_later(options, session, c.value());
  }
  if (options.json) {
    print_json(to_value(w, session.zone(w.process)));
  } else {
    print_line(fmt::format("work {} ({}, case {}) is {}{}", w.work, place_of(w), w.case_no, to_string(w.state),
                           w.assignee.empty() ? "" : " by " + w.assignee));
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
