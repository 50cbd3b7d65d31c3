#include "feel/probe.hpp"

#include <algorithm>

#include "calendar/calendar.hpp"

namespace switchboard::feel {

namespace {

constexpr std::size_t most_calls = 500;
/// Positions up to here are found in the longest samples; of a call with a greater number nothing is said.
constexpr std::int64_t longest_sample = 1'000;

const std::vector<Value>& samples() {
  static const std::vector<Value> all = [] {
    std::vector<Value> out{Value(true), Value(false)};
    for (const int n : {1, 0, -1, 2, 12, 2026}) out.emplace_back(n);
    out.emplace_back(*Decimal::parse("0.5"));
    for (const char* text :
         {"a", "", "1", ",", ".", "2026-03-02", "08:30:00", "2026-03-02T08:30:00", "2026-03-02T08:30:00+08:00", "PT1H", "P1Y", "3 bd", "UTC"})
      out.emplace_back(text);
    out.emplace_back(std::string(static_cast<std::size_t>(longest_sample) + 100, 'a'));
    const Date day{2026, 3, 2};
    const Time morning{8, 30, 0, 0, {}};
    Time with_offset = morning;
    with_offset.zone = {ZoneInfo::Kind::offset, 8 * 3600, {}};
    out.emplace_back(day);
    out.emplace_back(morning);
    out.emplace_back(with_offset);
    out.emplace_back(DateTime{day, morning});
    out.emplace_back(DateTime{day, with_offset});
    out.emplace_back(DaysTimeDuration{3600, 0});
    out.emplace_back(YearsMonthsDuration{1});
    out.emplace_back(List{});
    out.emplace_back(List{Value(1)});
    out.emplace_back(List{Value("a")});
    out.emplace_back(List{Value(true)});
    out.emplace_back(List{Value(day)});
    out.emplace_back(List(static_cast<std::size_t>(longest_sample) + 100, Value(1)));
    return out;
  }();
  return all;
}

/// Mondays to Fridays, 09:00 to 17:00: stands for any calendar.
calendar::CalendarPtr some_calendar() {
  static const calendar::CalendarPtr made = [] {
    calendar::CalendarSpec spec;
    spec.id = "some";
    spec.zone = "UTC";
    for (std::size_t day = 0; day < 5; ++day) spec.week[day] = {{9 * 60, 17 * 60}};
    auto calendar = calendar::BusinessCalendar::make(std::move(spec));
    return calendar ? calendar.value() : nullptr;
  }();
  return made;
}

/// What an argument may be that one of the ways of calling takes there.
TypeMask taken(const Builtin& builtin, std::size_t position, const std::vector<std::string>& names) {
  TypeMask all = 0;
  for (const Overload& o : builtin.overloads)
    for (std::size_t p = 0; p < o.parameters.size(); ++p) {
      const bool is_here =
          names.empty() ? p == position || (o.variadic && p + 1 == o.parameters.size() && position > p) : o.parameters[p].name == names[position];
      if (is_here) all |= o.parameters[p].accepts;
    }
  return all;
}

bool is_far(const Value& v) {
  const auto n = v.number() == nullptr ? std::nullopt : v.number()->to_int64();
  return v.number() != nullptr && (!n || *n > longest_sample || *n < -longest_sample);
}

}  // namespace

std::optional<std::string> always_null(const Builtin& builtin, const std::vector<ProbedArgument>& arguments, const std::vector<std::string>& names) {
  constexpr TypeMask sampled = mask::boolean | mask::point | mask::list;
  std::vector<std::vector<Value>> choices;
  std::size_t calls = 1;
  bool by_position = false;
  bool far = false;
  Calendars calendars{some_calendar(), {}};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::vector<Value>& some = choices.emplace_back();
    if (const auto& constant = arguments[i].constant) {
      if (constant->is_null()) return std::nullopt;
      far = far || is_far(*constant);
      if (const std::string* text = constant->string()) calendars.named.insert_or_assign(*text, some_calendar());
      some.push_back(*constant);
      continue;
    }
    const TypeMask may_be = arguments[i].may_be & taken(builtin, i, names) & ~mask::null;
    if (may_be == 0 || (may_be & ~sampled) != 0) return std::nullopt;
    by_position = by_position || (may_be & (mask::list | mask::string)) != 0;
    for (const Value& v : samples())
      if ((may_be & bit(v.type())) != 0) some.push_back(v);
    calls *= some.size();
    if (calls > most_calls) return std::nullopt;
  }
  if (far && by_position) return std::nullopt;
  Frame frame;
  frame.now = Instant{};
  frame.calendars = &calendars;
  std::string why;
  std::vector<Value> values(arguments.size());
  for (std::size_t call = 0; call < calls; ++call) {
    std::size_t rest = call;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      values[i] = choices[i][rest % choices[i].size()];
      rest /= choices[i].size();
    }
    Run run(frame, 0, true, probing_steps);
    const Value v = names.empty() ? call_builtin(run, builtin, values) : call_builtin(run, builtin, names, values);
    if (!v.is_null() || run.stopped() || run.error().empty()) return std::nullopt;
    if (why.empty()) why = run.error();
  }
  return why;
}

}  // namespace switchboard::feel
