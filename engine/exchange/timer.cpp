#include "exchange/timer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "calendar/duration.hpp"
#include "exchange/expression.hpp"
#include "exchange/xml.hpp"
#include "switchboard/value/temporal.hpp"

namespace switchboard::exchange {

namespace {

using Kind = model::TimerDefinition::Kind;

/// Whether the text is computed: anything but one word or one literal.
bool is_computed(std::string_view text) { return text.find_first_of("${(\"'+*<>=&") != std::string_view::npos; }

bool is_instant(std::string_view text) { return text.find('T') != std::string_view::npos && parse_instant(text, "UTC").has_value(); }

bool is_iso_duration(std::string_view text) { return text.starts_with('P') && calendar::parse_duration(text).has_value(); }

/// `R/PT10S`, `R4/PT10S`.
struct Cycle {
  std::string times;  ///< empty: for ever
  std::string duration;
};

std::optional<Cycle> cycle_of(std::string_view text) {
  if (!text.starts_with('R')) return std::nullopt;
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  Cycle out{std::string(text.substr(1, slash - 1)), std::string(text.substr(slash + 1))};
  const bool digits = std::all_of(out.times.begin(), out.times.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || out.times.size() > 9 || !is_iso_duration(out.duration)) return std::nullopt;
  return out;
}

/// `R3/START/P1D` and `R3/P1D/END`: ISO 8601 has them, a timer of a case has no counterpart.
bool is_bounded_cycle(std::string_view text) {
  if (!text.starts_with('R') || std::count(text.begin(), text.end(), '/') != 2) return false;
  const std::size_t first = text.find('/');
  const std::size_t second = text.find('/', first + 1);
  const std::string_view a = text.substr(first + 1, second - first - 1);
  const std::string_view b = text.substr(second + 1);
  return (is_instant(a) && is_iso_duration(b)) || (is_iso_duration(a) && is_instant(b));
}

}  // namespace

std::string timer_problem(std::string_view element, std::string_view text) {
  text = xml::trimmed(text);
  if (is_computed(text)) return {};
  if (element == "timeDate") return is_instant(text) ? "" : "no date and time";
  if (element == "timeDuration") return is_iso_duration(text) ? "" : "no duration";
  return cycle_of(text) || is_bounded_cycle(text) ? "" : "no repeated interval";
}

model::TimerDefinition timer_of(std::string_view element, std::string_view text, std::string_view language, Position at, std::string& problem) {
  text = xml::trimmed(text);
  model::TimerDefinition out;
  const auto computed = [&]() -> std::string {
    std::optional<std::string> feel = is_computed(text) ? to_feel(text, language) : std::nullopt;
    if (!feel) problem = fmt::format("'{}' has no counterpart in FEEL", text.substr(0, 80));
    return feel.value_or(std::string());
  };
  if (element == "timeDate") {
    out.kind = Kind::at;
    out.instant = {is_instant(text) ? fmt::format("date and time(\"{}\")", text) : computed(), at};
  } else if (element == "timeDuration") {
    out.duration = {is_iso_duration(text) ? std::string(text) : computed(), at};
  } else {
    out.kind = Kind::every;
    if (const std::optional<Cycle> cycle = cycle_of(text); cycle) {
      out.duration = {cycle->duration, at};
      out.times = {cycle->times, at};
    } else {
      problem = fmt::format("the cycle '{}' has no counterpart: R[n]/duration has", text.substr(0, 80));
    }
  }
  return out;
}

}  // namespace switchboard::exchange
