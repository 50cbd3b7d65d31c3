// calendar deadline | elapsed | next-opening | show: what the clocks count on, asked directly.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>

#include "calendar/calendar.hpp"
#include "calendar/duration.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/sources.hpp"
#include "cli/table.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::cli {

namespace {

using calendar::CalendarPtr;
using calendar::CalendarSpec;
using calendar::Derived;

struct CalendarRequest {
  std::string calendar = "cn";
  std::string from, to, within, unit;
  std::int32_t year = 0;
};
using RequestPtr = std::shared_ptr<CalendarRequest>;

void warn_provisional(bool provisional, const CalendarSpec& spec) {
  if (provisional) note(fmt::format("provisional: calendar {} is published for {} to {} only", spec.id, spec.first_year, spec.last_year));
}

/// What a question comes to: the JSON, the same as a line for people, and whether it lies beyond the published years.
struct CalendarAnswer {
  Context json;
  std::string line;
  bool provisional = false;
};

Result<CalendarAnswer> deadline(const Options&, const calendar::BusinessCalendar& c, const CalendarRequest& request, bool backwards) {
  const std::string& zone = c.spec().zone;
  const std::string& given = backwards ? request.to : request.from;
  SB_TRY(const Instant at, instant_argument(backwards ? "--to" : "--from", given, zone));
  SB_TRY(const calendar::WorkingDuration within, calendar::parse_duration(request.within));
  const Derived result = backwards ? c.latest_start(at, within) : c.deadline(at, within);
  return CalendarAnswer{Context{{"calendar", c.spec().id},
                                {backwards ? "to" : "from", instant(at, zone)},
                                {"within", calendar::to_string(within)},
                                {backwards ? "latest_start" : "deadline", instant(result.at, zone)},
                                {"provisional", result.provisional}},
                        to_string(result.at, zone), result.provisional};
}

Result<CalendarAnswer> elapsed(const Options&, const calendar::BusinessCalendar& c, const CalendarRequest& request) {
  const std::string& zone = c.spec().zone;
  SB_TRY(const Instant from, instant_argument("--from", request.from, zone));
  SB_TRY(const Instant to, instant_argument("--to", request.to, zone));
  if (request.unit != "bd" && request.unit != "bh") return wrong_use(fmt::format("--unit '{}' is neither bd nor bh", request.unit), "bd or bh");
  const calendar::Elapsed e = c.elapsed(from, to);
  const double amount = request.unit == "bd" ? e.working_days : e.working.to_seconds() / 3600;
  return CalendarAnswer{Context{{"calendar", c.spec().id},
                                {"from", instant(from, zone)},
                                {"to", instant(to, zone)},
                                {"unit", request.unit},
                                {"elapsed", number(amount)},
                                {"working_days", number(e.working_days)},
                                {"working_seconds", number(e.working.to_seconds())},
                                {"wall_seconds", number(e.wall.to_seconds())},
                                {"provisional", e.provisional}},
                        to_display(number(amount)), e.provisional};
}

Result<CalendarAnswer> next_opening(const Options& options, const calendar::BusinessCalendar& c, const CalendarRequest& request) {
  const std::string& zone = c.spec().zone;
  Instant from;
  if (request.from.empty()) {
    SB_TRY(from, present(options));
  } else {
    SB_TRY(from, instant_argument("--from", request.from, zone));
  }
  const Derived opening = c.next_opening(from);
  const Derived closing = c.next_closing(opening.at);
  return CalendarAnswer{Context{{"calendar", c.spec().id},
                                {"from", instant(from, zone)},
                                {"open", c.is_open(from)},
                                {"next_opening", instant(opening.at, zone)},
                                {"closes", instant(closing.at, zone)},
                                {"provisional", opening.provisional}},
                        to_string(opening.at, zone), opening.provisional};
}

Result<CalendarAnswer> answer_of(const Options& options, const calendar::BusinessCalendar& c, const CalendarRequest& request, std::string_view ask) {
  if (ask == "deadline" || ask == "latest-start") return deadline(options, c, request, ask == "latest-start");
  if (ask == "elapsed") return elapsed(options, c, request);
  if (ask == "next-opening") return next_opening(options, c, request);
  return wrong_use(fmt::format("`ask` is '{}'", ask), "deadline, latest-start, elapsed or next-opening");
}

Result<int> ask_once(const Options& options, const CalendarRequest& request, std::string_view ask) {
  SB_TRY(const CalendarPtr c, find_calendar(options, request.calendar));
  SB_TRY(const CalendarAnswer answer, answer_of(options, *c, request, ask));
  if (options.json) {
    print_json(answer.json);
    return exit_ok;
  }
  print_line(answer.line);
  warn_provisional(answer.provisional, c->spec());
  return exit_ok;
}

using Calendars = std::map<std::string, CalendarPtr>;

/// One line of questions: the fields are the options of the verb that `ask` names.
Result<Context> answer_line(const Options& options, Calendars& known, const Context& question) {
  CalendarRequest request;
  std::string ask;
  const std::pair<std::string_view, std::string*> fields[] = {{"ask", &ask},       {"calendar", &request.calendar}, {"from", &request.from},
                                                              {"to", &request.to}, {"within", &request.within},     {"unit", &request.unit}};
  for (const auto& [name, value] : question.entries()) {
    if (name == "id") continue;
    const auto field = std::find_if(std::begin(fields), std::end(fields), [&key = name](const auto& f) { return f.first == key; });
    if (field == std::end(fields)) return wrong_use(fmt::format("unknown field `{}`", name), "id, ask, calendar, from, to, within, unit");
    if (value.string() == nullptr) return wrong_use(fmt::format("`{}` must be a text", name), "put it in quotes");
    *field->second = *value.string();
  }
  CalendarPtr& c = known[request.calendar];
  if (c == nullptr) {
    SB_TRY(c, find_calendar(options, request.calendar));
  }
  SB_TRY(CalendarAnswer answer, answer_of(options, *c, request, ask));
  return std::move(answer.json);
}

/// One answer a line as soon as its question is read: the other side may wait for it. A question that cannot be answered stops nothing.
Result<int> answer_lines(const Options& options) {
  Calendars known;
  bool all = true;
  for (std::string line; std::getline(std::cin, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    Context out;
    Result<Value> question = parse_json(line);
    const Context* asked = question ? question.value().context() : nullptr;
    if (asked != nullptr && asked->find("id") != nullptr) out.set("id", *asked->find("id"));
    Result<Context> answer = asked != nullptr
                                 ? answer_line(options, known, *asked)
                                 : Result<Context>(Error{ErrorKind::invalid, "SB0715", "is no JSON object", "--jsonl", "one object a line"});
    if (answer) {
      for (const auto& [name, value] : answer.value().entries()) out.set(name, value);
    } else {
      const Error& e = answer.error();
      out.set("error", Context{{"rule", e.id}, {"message", e.message}, {"place", e.place}, {"hint", e.hint}});
      all = false;
    }
    print_raw(to_json(Value(std::move(out))) + "\n");
    if (std::cin.rdbuf()->in_avail() <= 0 && !is_written()) break;
  }
  return all ? exit_ok : exit_refused;
}

std::string hours_text(const std::vector<calendar::Hours>& hours) {
  std::string text;
  for (const calendar::Hours& h : hours)
    text += fmt::format("{}{:02}:{:02}-{:02}:{:02}", text.empty() ? "" : ", ", h.from / 60, h.from % 60, h.to / 60, h.to % 60);
  return text.empty() ? "closed" : text;
}

std::int32_t working_days_of(const calendar::BusinessCalendar& c, std::int32_t year) {
  std::int32_t count = 0;
  for (std::int64_t day = to_days(Date{year, 1, 1}), end = to_days(Date{year + 1, 1, 1}); day < end; ++day)
    count += c.is_working_day(*from_days(day)) ? 1 : 0;
  return count;
}

struct Exception {
  const CalendarSpec::Day* day;
  bool works;
};

std::vector<Exception> exceptions_of(const CalendarSpec& spec, std::int32_t year) {
  std::vector<Exception> all;
  for (const CalendarSpec::Day& d : spec.off) {
    if (d.date.year == year) all.push_back({&d, false});
  }
  for (const CalendarSpec::Day& d : spec.working) {
    if (d.date.year == year) all.push_back({&d, true});
  }
  std::sort(all.begin(), all.end(), [](const Exception& a, const Exception& b) { return a.day->date < b.day->date; });
  return all;
}

constexpr const char* weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

void show_json(const calendar::BusinessCalendar& c, std::int32_t year, bool provisional, const std::string& source) {
  const CalendarSpec& spec = c.spec();
  List days;
  for (const Exception& e : exceptions_of(spec, year)) {
    Context day{{"date", to_string(e.day->date)}, {"name", e.day->name}, {"working", e.works}};
    if (!e.day->hours.empty()) day.set("hours", hours_text(e.day->hours));
    days.emplace_back(std::move(day));
  }
  Context week;
  for (std::size_t i = 0; i < 7; ++i) week.set(weekdays[i], hours_text(spec.week[i]));
  print_json(Context{{"calendar", spec.id},
                     {"name", spec.name},
                     {"zone", spec.zone},
                     {"year", year},
                     {"provisional", provisional},
                     {"working_days", working_days_of(c, year)},
                     {"week", std::move(week)},
                     {"exceptions", std::move(days)},
                     {"source", source},
                     {"notes", strings(spec.notes)},
                     {"version", spec.version}});
}

std::string name_in(const CalendarSpec& spec, const std::string& language) {
  const auto found = spec.names.find(language);
  return found == spec.names.end() ? spec.name : found->second;
}

void show_text(const calendar::BusinessCalendar& c, std::int32_t year, bool provisional, const std::string& source, const std::string& language) {
  const CalendarSpec& spec = c.spec();
  print_line(fmt::format("{}  {}  ({})", spec.id, name_in(spec, language), spec.zone));
  for (std::size_t i = 0; i < 7; ++i) print_line(fmt::format("  {}  {}", weekdays[i], hours_text(spec.week[i])));
  print_line(fmt::format("{}: {} working days{}", year, working_days_of(c, year), provisional ? " (provisional: not published)" : ""));
  for (const Exception& e : exceptions_of(spec, year)) {
    const std::string hours = e.works ? hours_text(e.day->hours.empty() ? spec.working_day_hours : e.day->hours) : "off";
    print_line(fmt::format("  {} {}  {}  {}", to_string(e.day->date), weekdays[weekday(e.day->date) - 1], hours, e.day->name));
  }
  if (!source.empty()) print_line("source: " + source);
  for (const std::string& text : spec.notes) print_line("note: " + text);
}

Result<int> show(const Options& options, const CalendarRequest& request) {
  SB_TRY(const CalendarPtr c, find_calendar(options, request.calendar));
  const CalendarSpec& spec = c->spec();
  std::int32_t year = request.year;
  if (year == 0) {
    SB_TRY(const Instant now, present(options));
    year = to_date_time(now, spec.zone)->date.year;
  }
  if (year < 1 || year > 9998) return wrong_use(fmt::format("--year {} is out of range", year), "give a year from 1 to 9998");
  const bool provisional = spec.last_year != 0 && (year > spec.last_year || year < spec.first_year);
  const auto found = spec.sources.find(year);
  const std::string source = found == spec.sources.end() ? std::string() : found->second;
  if (options.json) {
    show_json(*c, year, provisional, source);
  } else {
    show_text(*c, year, provisional, source, language_of(options));
  }
  return exit_ok;
}

CLI::App* verb(CLI::App& parent, const char* name, const char* about, const RequestPtr& request) {
  CLI::App* sub = parent.add_subcommand(name, about);
  sub->add_option("--calendar", request->calendar, "id, file, or 24x7@ZONE")->type_name("ID")->capture_default_str();
  return sub;
}

}  // namespace

void add_calendar_verbs(CLI::App& app, const Options& options, Action& action) {
  CLI::App* group = app.add_subcommand("calendar", "ask a business calendar: deadline, elapsed, next-opening, show");
  group->group("Tools");
  group->require_subcommand(0, 1);
  const auto request = std::make_shared<CalendarRequest>();
  const auto lines = std::make_shared<bool>(false);
  group->add_flag("--jsonl", *lines, "read {id, ask, calendar, from, to, within, unit} one a line, write {id, answer} one a line");
  group->callback([&options, &action, group, lines] {
    if (*lines == !group->get_subcommands().empty())
      throw CLI::RequiredError(*lines ? "no verb beside --jsonl" : "deadline, latest-start, elapsed, next-opening, show or --jsonl");
    if (*lines) action = [&options] { return answer_lines(options); };
  });
  const auto when = [&action](CLI::App* sub, Action run) { sub->callback([&action, run = std::move(run)] { action = run; }); };

  CLI::App* sub = verb(*group, "deadline", "when a duration counted from an instant is over", request);
  sub->add_option("--from", request->from, "start of counting")->type_name("INSTANT")->required();
  sub->add_option("--within", request->within, "'15 bd', '1 bd 4 bh', '45 min', PT45M")->type_name("DURATION")->required();
  when(sub, [&options, request] { return ask_once(options, *request, "deadline"); });

  sub = verb(*group, "latest-start", "the latest instant from which a duration still ends in time", request);
  sub->add_option("--to", request->to, "what must be met")->type_name("INSTANT")->required();
  sub->add_option("--within", request->within, "'7 d', '3 bd'")->type_name("DURATION")->required();
  when(sub, [&options, request] { return ask_once(options, *request, "latest-start"); });

  sub = verb(*group, "elapsed", "how much working time lies between two instants", request);
  sub->add_option("--from", request->from, "from")->type_name("INSTANT")->required();
  sub->add_option("--to", request->to, "to")->type_name("INSTANT")->required();
  sub->add_option("--unit", request->unit, "bd: working days, bh: working hours")->required()->check(CLI::IsMember({"bd", "bh"}));
  when(sub, [&options, request] { return ask_once(options, *request, "elapsed"); });

  sub = verb(*group, "next-opening", "the instant itself when open, else the start of the next opening", request);
  sub->add_option("--from", request->from, "default: now")->type_name("INSTANT");
  when(sub, [&options, request] { return ask_once(options, *request, "next-opening"); });

  sub = verb(*group, "show", "week, holidays and make-up working days of a year", request);
  sub->add_option("--year", request->year, "default: this year")->type_name("YEAR");
  when(sub, [&options, request] { return show(options, *request); });
}

}  // namespace switchboard::cli
