#include "feel/literal.hpp"

namespace switchboard::feel {

Value parse_at_literal(std::string_view text) {
  if (const auto v = parse_date(text)) return Value(*v);
  if (const auto v = parse_date_time(text)) return Value(*v);
  if (const auto v = parse_time(text)) return Value(*v);
  if (const auto v = parse_days_time_duration(text)) return Value(*v);
  if (const auto v = parse_years_months_duration(text)) return Value(*v);
  return Value();
}

}  // namespace switchboard::feel
