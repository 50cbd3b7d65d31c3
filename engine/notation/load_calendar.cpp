// Calendar files (docs/calendars.md) -> calendar::CalendarSpec. Form is checked here; content by BusinessCalendar::make, whose refusals get their
// place here.
#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

#include "base/ascii.hpp"
#include "notation/load.hpp"
#include "notation/reading.hpp"

namespace switchboard::notation {

namespace {

using calendar::CalendarSpec;
using calendar::Hours;

constexpr std::array<std::string_view, 7> weekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr int longest_range = 60;

int two_digits(std::string_view t) { return (t[0] - '0') * 10 + (t[1] - '0'); }

std::optional<std::int16_t> minutes_of(std::string_view t) {
  if (t.size() != 5 || t[2] != ':' || !is_digit(t[0]) || !is_digit(t[1]) || !is_digit(t[3]) || !is_digit(t[4])) return std::nullopt;
  const int hour = two_digits(t);
  const int minute = two_digits(t.substr(3));
  if (minute > 59 || hour > 24 || (hour == 24 && minute != 0)) return std::nullopt;
  return static_cast<std::int16_t>(hour * 60 + minute);
}

class CalendarReader {
 public:
  explicit CalendarReader(Findings& findings) : findings_(findings) {}

  CalendarSpec read(const yaml::Node& root) {
    spec_.id = text_of(value_at(root, "calendar"));
    spec_.names = label_of(value_at(root, "name")).by_language;
    spec_.name = best_name();
    spec_.extends = text_of(value_at(root, "extends"));
    spec_.zone = text_of(value_at(root, "zone"));
    if (spec_.extends.empty()) needed(root);
    for (const char* key : {"zone", "week", "working-day-hours", "years"})
      if (const yaml::Node* node = value_at(root, key)) places_[key] = node->at;
    week(value_at(root, "week"));
    if (const yaml::Node* hours = value_at(root, "working-day-hours")) {
      spec_.working_day_hours = hours_of(*hours, "working-day-hours");
      if (spec_.working_day_hours.empty() && !findings_.has_errors())
        findings_.error("SB0151", hours->at, "working-day-hours", "a working day cannot be closed", "write its hours, or delete the key");
    }
    spec_.notes = texts_or_text(value_at(root, "note"));
    years(root);
    return std::move(spec_);
  }

  /// What the calendar itself refuses, at the entry that it is about.
  void refused(const Error& e) {
    const std::string where = named_in(e);
    const bool day = is_digit(where.front());
    const bool weekday = std::find(weekdays.begin(), weekdays.end(), where) != weekdays.end();
    findings_.error(e.id, place_of(e).value_or(model::Position{2, 1}),
                    day       ? "years"
                    : weekday ? "week"
                              : where,
                    day || weekday ? where + ": " + e.message : e.message, e.hint);
  }

  /// The entry that `e` is about; nothing when it does not stand in this file.
  [[nodiscard]] std::optional<model::Position> place_of(const Error& e) const {
    const auto place = places_.find(named_in(e));
    return place == places_.end() ? std::nullopt : std::optional(place->second);
  }

 private:
  using Position = model::Position;

  /// "calendar 'cn', 2024-02-10": the key, weekday or day.
  static std::string named_in(const Error& e) {
    const std::size_t comma = e.place.rfind("', ");
    return comma == std::string::npos || e.id == "SB0310" ? "zone" : e.place.substr(comma + 3);
  }

  std::string best_name() const {
    for (const char* tag : {"en", ""})
      if (const auto found = spec_.names.find(tag); found != spec_.names.end()) return found->second;
    return spec_.names.empty() ? "" : spec_.names.begin()->second;
  }

  void needed(const yaml::Node& root) {
    for (const auto& [key, doc] : {std::pair("zone", "IANA name of the zone."), std::pair("week", "Opening hours of every weekday.")})
      if (root.find(key) == nullptr && !findings_.has_errors())
        findings_.error("SB0108", root.at, "", std::string("a calendar needs the key `") + key + "`",
                        std::string(doc) + " Or write `extends: ID` of another calendar");
  }

  static std::vector<std::string> texts_or_text(const yaml::Node* node) {
    if (node == nullptr) return {};
    if (node->is_scalar()) return {node->text};
    return texts_of(node);
  }

  static std::vector<const yaml::Node*> one_or_many(const yaml::Node& node) {
    std::vector<const yaml::Node*> out;
    if (node.is_scalar()) out.push_back(&node);
    for (const yaml::Node& item : node.items) out.push_back(&item);
    return out;
  }

  std::vector<Hours> hours_of(const yaml::Node& node, const std::string& element) {
    std::vector<Hours> out;
    if (node.is_scalar() && node.text == "closed") return out;
    for (const yaml::Node* item : one_or_many(node)) {
      const std::string_view t = item->text;
      const auto from = t.size() == 11 ? minutes_of(t.substr(0, 5)) : std::nullopt;
      const auto to = t.size() == 11 && t[5] == '-' ? minutes_of(t.substr(6)) : std::nullopt;
      if (from && to)
        out.push_back({*from, *to});
      else
        findings_.error("SB0151", item->at, element, "`" + item->text.substr(0, 40) + "` is no opening time",
                        "write HH:MM-HH:MM, for example 08:30-17:30, or `closed`");
    }
    if (node.is(yaml::Kind::list) && node.items.empty()) findings_.error("SB0151", node.at, element, "an empty list of hours", "write `closed`");
    return out;
  }

  void week(const yaml::Node* node) {
    if (node == nullptr || !node->is(yaml::Kind::map)) return;
    std::array<bool, 7> seen{};
    std::array<bool, 7> is_meant{};
    for (const yaml::Entry& e : node->entries) {
      const std::size_t dash = e.key.find('-');
      const auto from = std::find(weekdays.begin(), weekdays.end(), e.key.substr(0, dash));
      const auto to = dash == std::string::npos ? from : std::find(weekdays.begin(), weekdays.end(), e.key.substr(dash + 1));
      if (from == weekdays.end() || to == weekdays.end() || to < from) {
        const bool backwards = from != weekdays.end() && to != weekdays.end();
        const std::string near = model::nearest_name(e.key, std::vector<std::string>(weekdays.begin(), weekdays.end()));
        findings_.error("SB0150", e.at, "week", "`" + e.key + "` is no weekday or range of weekdays",
                        backwards ? "the week begins on mon and ends on sun: write `" + std::string(*from) + (*from == "sun" ? "" : "-sun") +
                                        "` and `" + (*to == "mon" ? "" : "mon-") + std::string(*to) + "`"
                        : !near.empty() ? "did you mean `" + near + "`?"
                                        : "write mon, tue, wed, thu, fri, sat, sun or a range such as mon-fri");
        // What is meant is known, or may be any day: none of those is missing as well.
        for (auto day = weekdays.begin(); day != weekdays.end(); ++day)
          if (backwards ? day >= from || day <= to : near.empty() || *day == near) is_meant[static_cast<std::size_t>(day - weekdays.begin())] = true;
        continue;
      }
      const std::vector<Hours> hours = hours_of(e.value, "week");
      for (auto day = from; day <= to; ++day) {
        const auto i = static_cast<std::size_t>(day - weekdays.begin());
        if (seen[i]) findings_.error("SB0150", e.at, "week", std::string(*day) + " stands twice in the week", "every weekday exactly once");
        seen[i] = true;
        spec_.week[i] = hours;
        places_[std::string(*day)] = e.value.at;
      }
    }
    spec_.own_days = seen;
    for (std::size_t i = 0; i < seen.size(); ++i)
      if (!seen[i] && !is_meant[i] && spec_.extends.empty())
        findings_.error("SB0150", node->at, "week", std::string(weekdays[i]) + " is missing in the week", "write its hours or `closed`");
  }

  std::optional<Date> date_of(std::string_view t, std::int32_t year) const {
    if (t.size() == 5) {
      char buffer[24];
      std::snprintf(buffer, sizeof buffer, "%04d-", static_cast<int>(year));
      return parse_date(buffer + std::string(t));
    }
    const auto date = t.size() == 10 ? parse_date(t) : std::nullopt;
    if (date && (date->year == year || date->year < year - 1 || date->year > year + 1)) return std::nullopt;
    return date;
  }

  static Date next_day(Date d) {
    static constexpr std::array<int, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (d.year % 4 == 0 && d.year % 100 != 0) || d.year % 400 == 0;
    const int length = d.month == 2 && leap ? 29 : lengths[d.month - 1u];
    if (d.day < length) return {d.year, d.month, static_cast<std::uint8_t>(d.day + 1)};
    if (d.month < 12) return {d.year, static_cast<std::uint8_t>(d.month + 1), 1};
    return {d.year + 1, 1, 1};
  }

  struct Listed {
    Date date;
    Position at;
  };

  void days_of(const yaml::Node& node, std::int32_t year, const std::string& element, std::vector<Listed>& out) {
    for (const yaml::Node* item : one_or_many(node)) {
      const std::string_view t = item->text;
      const std::size_t dots = t.find("..");
      const auto from = date_of(t.substr(0, dots), year);
      const auto to = dots == std::string_view::npos ? from : date_of(t.substr(dots + 2), year);
      if (!from || !to) {
        findings_.error("SB0152", item->at, element,
                        "`" + item->text.substr(0, 40) + "` is no day of " + std::to_string(year) + " and no range of days",
                        "write MM-DD, MM-DD..MM-DD, or YYYY-MM-DD in the year before or after");
        continue;
      }
      int count = 0;
      for (Date d = *from; d <= *to && count <= longest_range; d = next_day(d), ++count) out.push_back({d, item->at});
      if (*to < *from)
        findings_.error("SB0152", item->at, element, "the range `" + item->text + "` runs backwards",
                        "exchange its ends, or write the year of the foreign one");
      if (count > longest_range) findings_.error("SB0152", item->at, element, "the range `" + item->text + "` has more than 60 days", "split it");
    }
  }

  void list_of_days(const yaml::Node* node, std::int32_t year, const std::string& element, std::vector<CalendarSpec::Day>& out) {
    if (node == nullptr) return;
    for (const yaml::Entry& e : node->entries) {
      std::vector<Hours> hours;
      std::optional<Position> hours_at;
      const yaml::Node* days = &e.value;
      if (e.value.is(yaml::Kind::map)) {
        days = value_at(e.value, "on");
        if (const yaml::Node* own = value_at(e.value, "hours")) {
          hours = hours_of(*own, element);
          hours_at = own->at;
          if (own->text == "closed") findings_.error("SB0151", own->at, element, "a working day cannot be closed", "list it under `off`");
        }
      }
      std::vector<Listed> dates;
      if (days != nullptr) days_of(*days, year, element, dates);
      for (const Listed& d : dates) {
        // Of a day that is listed twice the second place counts.
        char text[48];
        std::snprintf(text, sizeof text, "%04d-%02d-%02d", static_cast<int>(d.date.year), int{d.date.month}, int{d.date.day});
        Position& known = places_[text];
        known = std::max(known, hours_at.value_or(d.at));
        out.push_back({d.date, e.key, hours});
      }
    }
  }

  void years(const yaml::Node& root) {
    const yaml::Node* node = value_at(root, "years");
    const auto number = [&](std::string_view key) {
      const yaml::Node* n = value_at(root, key);
      return n != nullptr && n->is(yaml::Kind::number) ? static_cast<std::int32_t>(n->number.to_int64().value_or(0)) : 0;
    };
    spec_.first_year = number("first-year");
    spec_.last_year = number("published-through");
    for (const std::string_view key : {"first-year", "published-through"}) {
      const yaml::Entry* e = root.find(key);
      if (node != nullptr && e == nullptr && spec_.extends.empty())
        findings_.error("SB0108", node->at, "years", "a calendar with `years` needs the key `" + std::string(key) + "`", "write the year");
      if (node == nullptr && e != nullptr && spec_.extends.empty())
        findings_.error("SB0112", e->at, "", "`" + std::string(key) + "` belongs to a calendar with `years`", "delete it, or list the years");
    }
    if (node == nullptr) return;
    for (const yaml::Entry& e : node->entries) {
      const auto value = Decimal::parse(e.key);
      const std::int32_t year = value ? static_cast<std::int32_t>(value->to_int64().value_or(0)) : 0;
      const std::string element = "years." + e.key;
      if (e.key.size() != 4 || year < 1 || !std::all_of(e.key.begin(), e.key.end(), is_digit)) {
        findings_.error("SB0153", e.at, element, "`" + e.key + "` is no year", "write four digits");
        continue;
      }
      if (spec_.extends.empty() && (year < spec_.first_year || year > spec_.last_year))
        findings_.error("SB0153", e.at, element, "the year " + e.key + " lies outside first-year to published-through", "correct one of them");
      spec_.sources[year] = joined_source(value_at(e.value, "source"));
      list_of_days(value_at(e.value, "off"), year, element, spec_.off);
      list_of_days(value_at(e.value, "working"), year, element, spec_.working);
    }
    for (std::int32_t y = spec_.first_year; y != 0 && y <= spec_.last_year && spec_.extends.empty(); ++y)
      if (spec_.sources.count(y) == 0)
        findings_.error("SB0153", node->at, "years", "the year " + std::to_string(y) + " is missing",
                        "a year without exceptions has its `source` alone");
  }

  static std::string joined_source(const yaml::Node* node) {
    std::string out;
    for (const std::string& t : texts_or_text(node)) out += (out.empty() ? "" : "; ") + t;
    return out;
  }

  Findings& findings_;
  CalendarSpec spec_;
  std::map<std::string, Position> places_;  ///< zone, week, mon, 2024-02-10, ...: what a refusal of the calendar names
};

}  // namespace

Loaded<calendar::CalendarSpec> load_calendar(std::string_view text, std::string_view file) {
  Loaded<calendar::CalendarSpec> out;
  Findings findings(file);
  if (const auto root = open_file(text, FileKind::calendar, findings)) {
    CalendarReader reader(findings);
    CalendarSpec spec = reader.read(*root);
    if (!findings.has_errors() && spec.extends.empty())
      if (const auto made = calendar::BusinessCalendar::make(spec); !made) reader.refused(made.error());
    if (!findings.has_errors()) out.value = spec;
    out.draft = std::move(spec);
  }
  out.diagnostics = findings.take();
  return out;
}

std::optional<model::Position> place_in_calendar(std::string_view text, const Error& refused) {
  const yaml::Document document = yaml::read(text, "");
  if (!document.root) return std::nullopt;
  Findings findings("");
  CalendarReader reader(findings);
  static_cast<void>(reader.read(*document.root));
  return reader.place_of(refused);
}

}  // namespace switchboard::notation
