#include "testing/dice.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace switchboard::testing {

using Kind = feel::Type::Kind;

std::uint64_t Dice::below(std::uint64_t n) {
  if (n < 2) return 0;
  const std::uint64_t unfair = std::numeric_limits<std::uint64_t>::max() % n;  // draws above would favour small numbers
  std::uint64_t draw = engine_();
  while (draw >= std::numeric_limits<std::uint64_t>::max() - unfair) draw = engine_();
  return draw % n;
}

namespace {

// A number, or the length that a bound means for strings and lists.
std::optional<double> bound(const std::optional<Value>& v) {
  if (!v || v->number() == nullptr) return std::nullopt;
  return v->number()->to_double();
}

std::string word(Dice& dice, std::size_t length) {
  static constexpr std::string_view consonants = "bdfgklmnprst", vowels = "aeiou";
  std::string text;
  for (std::size_t i = 0; i < length; ++i) {
    const std::string_view letters = i % 2 == 0 ? consonants : vowels;
    text += letters[static_cast<std::size_t>(dice.below(letters.size()))];
  }
  return text;
}

std::int64_t day_in_bounds(const model::DataSpec& spec, std::int64_t low) {
  if (spec.min && spec.min->date() != nullptr) low = std::max(low, to_days(*spec.min->date()));
  if (spec.max && spec.max->date() != nullptr) low = std::min(low, to_days(*spec.max->date()));
  return low;
}

/// The instant itself, or the bound that it is beyond.
Instant moment_in_bounds(const model::DataSpec& spec, Instant at, std::string_view zone) {
  const auto bound_at = [&](const std::optional<Value>& bound) {
    return bound && bound->date_time() != nullptr ? to_instant(*bound->date_time(), zone) : std::nullopt;
  };
  if (const auto least = bound_at(spec.min)) at = std::max(at, *least);
  if (const auto most = bound_at(spec.max)) at = std::min(at, *most);
  return at;
}

}  // namespace

// Within the declared bounds; an open side reaches as far as `low`..`high` suggests.
std::int64_t Dice::between(const model::DataSpec& bounds, std::int64_t low, std::int64_t high) {
  const std::optional<double> least = bound(bounds.min), most = bound(bounds.max);
  const std::int64_t span = high - low;
  if (least) low = static_cast<std::int64_t>(std::ceil(*least)), high = low + span;
  if (most) high = static_cast<std::int64_t>(std::floor(*most));
  if (most && !least) low = std::min(low, high);
  if (high <= low) return low;
  return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
}

Value Dice::value_for(const model::DataSpec& spec, Instant now, std::string_view zone) {
  if (spec.enumeration.empty()) return plain(spec.type, spec, now, zone, 0);
  if (spec.type.kind() != Kind::list) return one_of(spec.enumeration);
  List some;
  for (const Value& item : spec.enumeration) {
    if (chance(50)) some.push_back(item);
  }
  if (some.empty()) some.push_back(spec.enumeration.front());
  return some;
}

Value Dice::plain(const feel::Type& type, const model::DataSpec& bounds, Instant now, std::string_view zone, int depth) {
  const std::optional<DateTime> local = to_date_time(now, zone);
  switch (type.kind()) {
    case Kind::boolean: return chance(50);
    case Kind::number: return between(bounds, 0, 100);
    case Kind::any:
    case Kind::string: return word(*this, static_cast<std::size_t>(between(bounds, 4, 8)));
    case Kind::date: {
      const std::int64_t today = local ? to_days(local->date) : 0;
      const std::int64_t day = day_in_bounds(bounds, today + static_cast<std::int64_t>(below(30)));
      return Value(from_days(day).value_or(Date{}));
    }
    case Kind::time: return Time{static_cast<std::uint8_t>(below(24)), static_cast<std::uint8_t>(below(60)), 0, 0, {}};
    case Kind::date_time: {
      const Instant at = moment_in_bounds(bounds, now + Duration::hours(static_cast<std::int64_t>(below(96))), zone);
      const std::optional<DateTime> later = to_date_time(at, zone);
      return later ? Value(*later) : Value();
    }
    case Kind::days_time_duration: return DaysTimeDuration{static_cast<std::int64_t>(below(72)) * 3600, 0};
    case Kind::years_months_duration: return YearsMonthsDuration{static_cast<std::int64_t>(below(24))};
    case Kind::list: {
      List items;
      const std::int64_t count = depth > 3 ? 0 : between(bounds, 1, 3);
      const model::DataSpec unbounded;
      for (std::int64_t i = 0; i < count; ++i) items.push_back(plain(type.element(), unbounded, now, zone, depth + 1));
      return items;
    }
    case Kind::context: {
      Context fields;
      const model::DataSpec unbounded;
      for (const auto& [name, field] : type.fields()) fields.set(name, depth > 3 ? Value() : plain(field, unbounded, now, zone, depth + 1));
      return fields;
    }
    case Kind::null:
    case Kind::range:
    case Kind::function: return nullptr;
  }
  return nullptr;
}

}  // namespace switchboard::testing
