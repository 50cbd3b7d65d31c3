// format(): dates, times, durations and numbers as people write them, by language. Not of DMN.
#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <string>

#include "feel/builtin.hpp"
#include "feel/operators.hpp"

namespace switchboard::feel {
namespace {

using Args = std::span<const Value>;

constexpr std::array months{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
constexpr std::array weekdays{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
constexpr std::array weekdays_zh{"一", "二", "三", "四", "五", "六", "日"};

enum class Form : std::uint8_t { plain, brief, full, deadline };

std::optional<Form> form_of(const Value& v) {
  if (v.is_null()) return Form::plain;
  const std::string& name = *v.string();
  if (name == "short") return Form::brief;
  if (name == "long") return Form::full;
  if (name == "deadline") return Form::deadline;
  return std::nullopt;
}

std::string date_text(const Date& d, bool zh, Form form) {
  const bool with_year = form == Form::plain || form == Form::full;
  if (zh) {
    const std::string day = fmt::format("{}月{}日", d.month, d.day);
    return (with_year ? fmt::format("{}年", d.year) : std::string()) + day +
           (form == Form::full ? std::string("星期") + weekdays_zh[weekday(d) - 1] : "");
  }
  const std::string day = fmt::format("{} {}", d.day, months[d.month - 1U]);
  return (form == Form::full ? std::string(weekdays[weekday(d) - 1]) + ", " : std::string()) + day + (with_year ? fmt::format(" {}", d.year) : "");
}

std::string time_text(const Time& t) {
  return t.second == 0 ? fmt::format("{:02}:{:02}", t.hour, t.minute) : fmt::format("{:02}:{:02}:{:02}", t.hour, t.minute, t.second);
}

/// The end of a day is written as such: what must be done before 10 March 00:00 has time until the 9th, 24:00.
std::string deadline_text(DateTime at, bool zh) {
  bool end_of_day = at.time.hour == 0 && at.time.minute == 0 && at.time.second == 0 && at.time.nanosecond == 0;
  if (end_of_day) {
    const auto before = from_days(to_days(at.date) - 1);
    end_of_day = before.has_value();
    if (before) at.date = *before;
  }
  const std::string day = date_text(at.date, zh, Form::deadline);
  if (!zh) return fmt::format("{} on {}", end_of_day ? "24:00" : time_text(at.time), day);
  if (end_of_day) return day + "24时";
  return day + (at.time.minute == 0 ? fmt::format("{}时", at.time.hour) : fmt::format("{}时{:02}分", at.time.hour, at.time.minute));
}

std::string date_time_text(const DateTime& at, bool zh, Form form) {
  if (form == Form::deadline) return deadline_text(at, zh);
  return date_text(at.date, zh, form) + (zh ? "" : ", ") + time_text(at.time);
}

struct Unit {
  std::int64_t amount;
  const char* en;
  const char* zh;
};

std::string units_text(std::span<const Unit> units, bool negative, bool zh) {
  std::string out;
  for (const Unit& u : units) {
    if (u.amount == 0 && !(out.empty() && &u == &units.back())) continue;
    if (!zh) out += fmt::format("{}{} {}{}", out.empty() ? "" : " ", u.amount, u.en, u.amount == 1 ? "" : "s");
    if (zh) out += fmt::format("{}{}", u.amount, u.zh);
  }
  return negative ? (zh ? "负" : "minus ") + out : out;
}

std::string duration_text(const DaysTimeDuration& d, bool zh) {
  const bool negative = d.seconds < 0 || d.nanoseconds < 0;
  const std::int64_t s = std::llabs(d.seconds);
  const Unit all[] = {{s / 86'400, "day", "天"}, {s / 3'600 % 24, "hour", "小时"}, {s / 60 % 60, "minute", "分钟"}, {s % 60, "second", "秒"}};
  return units_text(all, negative && s != 0, zh);
}

std::string duration_text(const YearsMonthsDuration& d, bool zh) {
  const std::int64_t m = std::llabs(static_cast<std::int64_t>(d.months));
  const Unit all[] = {{m / 12, "year", "年"}, {m % 12, "month", "个月"}};
  return units_text(all, d.months < 0, zh);
}

/// With a comma behind every three digits of the whole part.
std::string number_text(const Decimal& number) {
  std::string text = number.to_string();
  if (text.find_first_of("eE") != std::string::npos) return text;
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  const std::size_t end = std::min(text.find('.'), text.size());
  for (std::size_t at = end; at > first + 3;) text.insert(at -= 3, ",");
  return text;
}

Value format(Run& run, Args a) {
  const std::string& language = *a[1].string();
  if (language != "zh" && language != "en") return run.fail("format(): the language is \"zh\" or \"en\", not {}", to_feel(a[1]));
  const auto form = form_of(a[2]);
  if (!form) return run.fail("format(): the form is \"short\", \"long\" or \"deadline\", not {}", to_feel(a[2]));
  const bool zh = language == "zh";
  const Value& v = a[0];
  if (v.date() != nullptr && *form == Form::deadline) return run.made_string(date_text(*v.date(), zh, *form) + (zh ? "24时" : ", 24:00"));
  if (v.date() != nullptr) return run.made_string(date_text(*v.date(), zh, *form));
  if (v.date_time() != nullptr) return run.made_string(date_time_text(*v.date_time(), zh, *form));
  if (v.time() != nullptr) return run.made_string(time_text(*v.time()));
  if (v.days_time_duration() != nullptr) return run.made_string(duration_text(*v.days_time_duration(), zh));
  if (v.years_months_duration() != nullptr) return run.made_string(duration_text(*v.years_months_duration(), zh));
  if (v.number() != nullptr) return run.made_string(number_text(*v.number()));
  if (v.boolean() != nullptr) return Value(zh ? (*v.boolean() ? "是" : "否") : (*v.boolean() ? "yes" : "no"));
  return run.made_string(to_display(v));
}

}  // namespace

void add_format_builtins(std::vector<Builtin>& out) {
  out.push_back({"format",
                 {{{{"value", mask::something}, {"language", mask::string}, {"form", mask::string | mask::null, true}},
                   false,
                   format,
                   Type(Type::Kind::string)}}});
}

}  // namespace switchboard::feel
