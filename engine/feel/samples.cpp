#include "feel/samples.hpp"

#include <algorithm>
#include <vector>

namespace switchboard::feel {

void add_neighbours(const Value& v, List& out) {
  const Frame nothing;
  Run run(nothing, 0, false);
  const auto both = [&](const Value& step) {
    out.push_back(calculate(run, Op::subtract, v, step));
    out.push_back(calculate(run, Op::add, v, step));
  };
  switch (v.type()) {
    case Value::Type::number: both(Value(1)); break;
    case Value::Type::date: both(Value(DaysTimeDuration{86'400, 0})); break;
    case Value::Type::time:
    case Value::Type::date_time:
    case Value::Type::days_time_duration: both(Value(DaysTimeDuration{1, 0})); break;
    case Value::Type::years_months_duration: both(Value(YearsMonthsDuration{1})); break;
    case Value::Type::null:
    case Value::Type::boolean:
    case Value::Type::string:
    case Value::Type::list:
    case Value::Type::context:
    case Value::Type::range:
    case Value::Type::function: break;
  }
}

void add_midpoints(List& samples) {
  std::vector<Decimal> numbers;
  for (const Value& v : samples) {
    if (v.number() != nullptr) numbers.push_back(*v.number());
  }
  std::sort(numbers.begin(), numbers.end());
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    const auto sum = add(numbers[i - 1], numbers[i]);
    const auto middle = sum ? divide(*sum, Decimal(2)) : std::nullopt;
    if (middle && numbers[i - 1] < numbers[i]) samples.emplace_back(*middle);
  }
}

}  // namespace switchboard::feel
