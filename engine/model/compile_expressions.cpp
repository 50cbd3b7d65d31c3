// FEEL in a process: scopes, expected types, durations, results.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "feel/free_names.hpp"
#include "feel/literal_uses.hpp"
#include "feel/remedy.hpp"
#include "model/compiler.hpp"

namespace switchboard::model {
namespace {

using Kind = feel::Type::Kind;

constexpr std::string_view default_calendar = "cn";
/// What carries the zone of a process that names no calendar and needs none.
constexpr std::string_view carrier = "24x7@Asia/Shanghai";

/// A container that has data of that name; empty when there is none.
std::string owner_of_name(const Compilation& c, std::string_view name) {
  for (const Element& e : c.out.elements)
    for (const DataSpec& d : e.data)
      if (d.name == name) return e.path;
  return {};
}

/// A remedy for what FEEL itself has none for.
std::string remedy_of(const Compilation& c, const ExprUse& use, const feel::Problem& p) {
  if (!p.hint.empty()) return p.hint;
  const std::string word = use.expr.text.substr(p.offset, p.length);
  if (p.id == "SB0203" && c.library.decisions.contains(word)) return fmt::format("list the table under `decisions: [{}]`", word);
  if (p.id == "SB0202") {
    std::vector<std::string> names;
    for (const auto& n : (c.visible != nullptr ? *c.visible : c.scope).names) names.push_back(n.name);
    if (const std::string owner = owner_of_name(c, word); !owner.empty())
      return fmt::format("`{}` is data of '{}', seen only inside it", word, owner);
    const std::string near = nearest_name(word, names);
    return near.empty() ? "declare it under `data`; a text stands in double quotes: \"" + word + "\"" : fmt::format("did you mean `{}`?", near);
  }
  if (p.id == "SB0210" && use.expr.text.substr(p.offset).starts_with("sla("))
    return "a clock knows state, breached, due, original_due, started, elapsed, left, percent, paused, round";
  if (p.id == "SB0208" && use.what == "condition") return "compare it with something: `... = ...`";
  return {};
}

/// Where the problem stands: an unknown property (SB0210) behind its dot, not at the beginning of the whole path.
std::size_t offset_of(const std::string& text, const feel::Problem& p) {
  if (p.id != "SB0210" || p.length == 0) return p.offset;
  const std::size_t dot = text.rfind('.', p.offset + p.length - 1);
  if (dot == std::string::npos || dot < p.offset) return p.offset;
  const std::size_t name = text.find_first_not_of(" \t\r\n", dot + 1);
  return name == std::string::npos ? p.offset : name;
}

void report_problems(Compilation& c, const ExprUse& use, const std::vector<feel::Problem>& problems) {
  for (const auto& p : problems) {
    // A misspelt name under `decisions` is said there, not again at every call.
    if (p.id == "SB0203" &&
        std::find(c.missing_decisions.begin(), c.missing_decisions.end(), use.expr.text.substr(p.offset, p.length)) != c.missing_decisions.end())
      continue;
    report(c, p.id, place_in(use.expr, offset_of(use.expr.text, p)), use.element, fmt::format("{}: {}", use.what, p.message), remedy_of(c, use, p),
           subject_of(use.expr.text, p));
  }
}

/// Ids in `sla("...")`, with their offsets: a clock that does not exist would silently be null.
void check_clock_ids(Compilation& c, const ExprUse& use) {
  const std::string& text = use.expr.text;
  for (std::size_t at = text.find("sla"); at != std::string::npos; at = text.find("sla", at + 3)) {
    const auto skip = [&](std::size_t i) { return text.find_first_not_of(" \t\r\n", i); };
    const std::size_t paren = skip(at + 3);
    if (paren == std::string::npos || text[paren] != '(') continue;
    const std::size_t quote = skip(paren + 1);
    if (quote == std::string::npos || text[quote] != '"') continue;
    const std::size_t end = text.find('"', quote + 1);
    if (end == std::string::npos) continue;
    const std::string id = text.substr(quote + 1, end - quote - 1);
    if (c.out.find_clock(id)) continue;
    std::vector<std::string> known;
    for (const auto& k : c.process.sla) known.push_back(k.id);
    report_unknown(c, "SB0182", {id, place_in(use.expr, quote)}, use.element, SubjectKind::clock, known);
  }
}

bool is_duration_type(const feel::Type& t) {
  constexpr std::array<Kind, 5> fine{Kind::any, Kind::null, Kind::string, Kind::days_time_duration, Kind::years_months_duration};
  return std::find(fine.begin(), fine.end(), t.kind()) != fine.end();
}

/// The literal that a constant expression stands for: `"3 bd"`, `duration("PT1H")`.
Result<calendar::WorkingDuration> constant_duration(const Value& v) {
  if (const auto* text = v.string()) return calendar::parse_duration(*text);
  calendar::WorkingDuration out;
  if (const auto* d = v.days_time_duration()) out.wall = Duration::seconds(d->seconds) + Duration::micros(d->nanoseconds / 1000);
  if (const auto* d = v.years_months_duration()) out.months = d->months;
  if (out.wall.us < 0 || out.months < 0) return Error{ErrorKind::invalid, "SB0183", "a duration here may not be negative", {}, {}};
  return out;
}

}  // namespace

std::string instead_of_instant(const ExprUse& use, const feel::Type& type) {
  if (std::string remedy = feel::remedy_of(use.expr.text, {"SB0208", {}, {}, 0, 0, {}, {type.to_string()}}); !remedy.empty()) return remedy;
  const bool is_span = type.kind() == Kind::days_time_duration || type.kind() == Kind::years_months_duration;
  if (is_span && use.what == "by") return "a length of time stands under `within:`, in the place of `by:`";
  if (is_span && use.what == "timer") return "a length of time stands under `after:`, in the place of `at:`";
  return "write FEEL that gives a date and time, for example @\"2026-03-15T08:30:00\"";
}

namespace {

std::string instead_of_duration(const ExprUse& use, const feel::Type& type) {
  const bool is_instant = type.kind() == Kind::date || type.kind() == Kind::date_time;
  if (is_instant && use.what == "within") return "an instant at which a promise falls due stands under `by:`, in the place of `within:`";
  if (is_instant && use.what == "timer") return "an instant stands under `at:`, in the place of `after:` or `every:`";
  return "write a literal such as `45 min` or `3 bd`, or FEEL that yields a duration or such a text; a number is never a duration";
}

bool needs_calendar(const DurationSpec& d) { return !d.is_literal() || !d.literal.is_pure_wall(); }

/// The texts and numbers that the expression may yield as they are written: branches of `if`.
bool outcomes_are_durations(Compilation& c, const ExprUse& use) {
  bool fine = true;
  for (const feel::LiteralUse& literal : feel::literal_uses(use.expr.text, c.scope)) {
    if (literal.kind != feel::LiteralUse::Kind::outcome) continue;
    const std::string* text = literal.value.string();
    const auto duration = calendar::parse_duration(text == nullptr ? to_feel(literal.value) : *text);
    if (text != nullptr && duration) continue;
    fine = false;
    if (text == nullptr)
      report(c, "SB0183", use.expr.at, use.element, fmt::format("{}: {} is no duration", use.what, to_feel(literal.value)),
             "write it as a text with its unit: \"45 min\", \"3 bd\"");
    else
      report(c, duration.error().id, use.expr.at, use.element, fmt::format("{}: {}", use.what, duration.error().message), duration.error().hint);
  }
  return fine;
}

/// Fills literal or expression; false when a problem was reported.
bool compile_duration_text(Compilation& c, const ExprUse& use, DurationSpec& out) {
  auto literal = calendar::parse_duration(use.expr.text);
  if (literal) {
    out.literal = literal.value();
    return true;
  }
  const std::size_t first = use.expr.text.find_first_not_of(" \t\r\n");
  const auto is_digit_at = [&](std::size_t i) { return i < use.expr.text.size() && use.expr.text[i] >= '0' && use.expr.text[i] <= '9'; };
  const bool is_signed = first != std::string::npos && (use.expr.text[first] == '-' || use.expr.text[first] == '+');
  const bool looks_literal = first != std::string::npos && is_digit_at(is_signed ? first + 1 : first);
  auto compiled = feel::compile(use.expr.text, c.scope, {});
  const auto* program = std::get_if<feel::Program>(&compiled);
  if (program == nullptr || (looks_literal && !is_duration_type(program->type()))) {
    if (looks_literal || program != nullptr || !calendar::foreign_duration(use.expr.text).empty())
      report(c, literal.error().id, use.expr.at, use.element, fmt::format("{}: {}", use.what, literal.error().message), literal.error().hint);
    else
      report_problems(c, use, std::get<std::vector<feel::Problem>>(compiled));
    return false;
  }
  if (!is_duration_type(program->type())) {
    report(c, "SB0183", use.expr.at, use.element, fmt::format("{}: a duration is wanted, this is a {}", use.what, program->type().to_string()),
           instead_of_duration(use, program->type()));
    return false;
  }
  check_clock_ids(c, use);
  keep_calendars(c, use, *program);
  const auto constant = program->constant();
  if (!constant || constant->is_null()) {
    out.expression = *program;
    return !constant ? outcomes_are_durations(c, use) : true;
  }
  auto value = constant_duration(*constant);
  if (!value) {
    report(c, value.error().id, use.expr.at, use.element, fmt::format("{}: {}", use.what, value.error().message), value.error().hint);
    return false;
  }
  out.literal = value.value();
  return true;
}

calendar::CalendarPtr calendar_named(const Compilation& c, std::string_view id) {
  const auto found = c.library.calendars.find(id);
  if (found != c.library.calendars.end()) return found->second;
  constexpr std::string_view built_in = "24x7@";
  if (!id.starts_with(built_in)) return nullptr;
  auto made = calendar::BusinessCalendar::always(id, id.substr(built_in.size()));
  return made ? made.value() : nullptr;
}

void keep_calendar(Compilation& c, const std::string& id, Position at, std::string_view element, std::string_view what) {
  if (id.empty() && c.default_missing)
    return report(c, "SB0180", at, element,
                  fmt::format("{} asks the calendar of the process, and the default calendar '{}' is not there", what, default_calendar),
                  "name a calendar as the last argument, or put cn.yaml beside the processes");
  if (id.empty()) return;
  if (auto found = find_calendar(c, {id, at}, element)) c.out.calendars.named.emplace(id, std::move(found));
}

}  // namespace

void keep_calendars(Compilation& c, const ExprUse& use, const feel::Program& program, std::uint32_t offset) {
  for (const feel::CalendarUse& asked : program.used_calendars())
    keep_calendar(c, asked.id, place_in(use.expr, offset + asked.offset), use.element, fmt::format("{}: `{}`", use.what, program.text()));
}

void keep_calendars(Compilation& c, const feel::Decision& decision, Position at) {
  for (const std::string& id : decision.used_calendars()) keep_calendar(c, id, at, {}, fmt::format("decision table '{}'", decision.table().id));
}

feel::Program compile_feel(Compilation& c, const ExprUse& use, const feel::StaticScope& scope, const feel::Type& expected) {
  feel::CompileOptions options;
  options.expected = expected;
  auto compiled = feel::compile(use.expr.text, scope, options);
  if (auto* problems = std::get_if<std::vector<feel::Problem>>(&compiled)) {
    report_problems(c, use, *problems);
    return {};
  }
  check_clock_ids(c, use);
  keep_calendars(c, use, std::get<feel::Program>(compiled));
  return std::get<feel::Program>(std::move(compiled));
}

feel::Program compile_feel(Compilation& c, const ExprUse& use, const feel::Type& expected) {
  return use.expr.empty() ? feel::Program{} : compile_feel(c, use, c.visible != nullptr ? *c.visible : c.scope, expected);
}

feel::Program compile_condition(Compilation& c, const ExprUse& use) { return compile_feel(c, use, Kind::boolean); }

calendar::CalendarPtr find_calendar(Compilation& c, const Ref& ref, std::string_view element) {
  if (ref.empty()) return c.out.calendar;
  if (auto found = calendar_named(c, ref.name)) return found;
  std::vector<std::string> known;
  for (const auto& [id, calendar] : c.library.calendars) known.push_back(id);
  report_unknown(c, "SB0180", ref, element, SubjectKind::calendar, known);
  return nullptr;
}

DurationSpec compile_duration(Compilation& c, const ExprUse& use, const Ref& calendar) {
  DurationSpec out;
  if (!compile_duration_text(c, use, out)) return out;
  if (calendar.empty() && c.default_missing && needs_calendar(out))
    report(c, "SB0180", use.expr.at, use.element,
           fmt::format("{}: `{}` is counted on a calendar, and the default calendar '{}' is not there", use.what, use.expr.text, default_calendar),
           "name a calendar with `calendar:`, or put cn.yaml beside the processes");
  out.calendar = find_calendar(c, calendar, use.element);
  return out;
}

std::vector<Assignment> compile_inputs(Compilation& c, const std::vector<Mapping>& mappings, std::string_view element,
                                       const feel::Type::Fields& known) {
  std::vector<Assignment> out;
  for (const Mapping& m : mappings) {
    const auto field = std::find_if(known.begin(), known.end(), [&](const auto& f) { return f.first == m.name; });
    const std::string what = fmt::format("in '{}'", m.name);
    auto program = compile_feel(c, {m.value, element, what}, field == known.end() ? feel::Type{} : field->second);
    if (program) out.push_back({{}, m.name, std::move(program)});
  }
  return out;
}

ResultScope compile_result(Compilation& c, const Node& node, ElementIndex element, const feel::Type::Fields* declared) {
  ResultScope out;
  out.explicit_out = node.has_out || !node.out.empty();
  if (node.out.empty()) return out;
  const Element& e = c.out.at(element);
  feel::StaticScope scope = c.visible != nullptr ? *c.visible : c.scope;
  const auto add = [&](const std::string& name, const feel::Type& type) {
    const std::uint32_t slot = c.out.slot_count() + static_cast<std::uint32_t>(out.names.size());
    const auto shadowed = std::find_if(scope.names.begin(), scope.names.end(), [&](const auto& n) { return n.name == name; });
    SlotIndex fallback;
    if (shadowed == scope.names.end()) {
      scope.names.push_back({name, type, slot});
    } else {
      if (feel::level_of_slot(shadowed->slot) == 0 && shadowed->slot >= c.out.slot_count()) return;  // this name of a result has its slot already
      fallback.value = shadowed->slot;
      *shadowed = {name, type, slot};
    }
    out.names.emplace_back(name, fallback);
  };
  if (declared != nullptr)
    for (const auto& [name, type] : *declared) add(name, type);
  else
    for (const Mapping& m : node.out)
      for (const auto& name : feel::free_names(m.value.text)) add(name, {});
  for (const Mapping& m : node.out) {
    const SlotIndex target = resolve_data(c, is_container(node.type) ? e.scope : element, {m.name, m.at}, e.path);
    if (!target) continue;
    const std::string what = fmt::format("out '{}'", m.name);
    auto program = compile_feel(c, {m.value, e.path, what}, scope, c.out.spec(element, target).type);
    if (program) out.assignments.push_back({target, m.name, std::move(program)});
  }
  return out;
}

void choose_calendar(Compilation& c) {
  if (!c.process.calendar.empty()) {
    c.out.calendar = find_calendar(c, c.process.calendar, c.process.id);
    return;
  }
  c.out.calendar = calendar_named(c, default_calendar);
  if (c.out.calendar != nullptr) return;
  c.default_missing = true;
  c.out.calendar = calendar_named(c, carrier);
}

}  // namespace switchboard::model
