#include "feel/decision_samples.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "feel/operators.hpp"

namespace switchboard::feel {
namespace {

constexpr std::size_t max_affix_pairs = 2'000;
constexpr std::size_t longest_made_text = 200;

using Kind = Type::Kind;

bool is_zoned(const Value& v) {
  const ZoneInfo* zone = v.time() != nullptr ? &v.time()->zone : v.date_time() != nullptr ? &v.date_time()->time.zone : nullptr;
  return zone != nullptr && zone->kind != ZoneInfo::Kind::local;
}

/// Whether `a` and `b` can be put in an order.
bool one_chain(const Value& a, const Value& b) { return order(a, b).has_value(); }

bool before(const Value& a, const Value& b) {
  const auto o = order(a, b);
  return o && *o < 0;
}

/// Values beside `v`, upwards (1) or downwards (-1), the plainest first.
List beside(const Value& v, int direction) {
  const Frame nothing;
  Run run(nothing, 0, false);
  const Op op = direction > 0 ? Op::add : Op::subtract;
  List out;
  const auto step = [&](const Value& by) { out.push_back(calculate(run, op, v, by)); };
  switch (v.type()) {
    case Value::Type::number:
      step(Value(1));
      out.push_back(calculate(run, Op::multiply, v, Value(2)));  // where a step of one is lost in the digits
      out.push_back(calculate(run, Op::divide, v, Value(2)));
      break;
    case Value::Type::date: step(Value(DaysTimeDuration{86'400, 0})); break;
    case Value::Type::time:
    case Value::Type::date_time:
    case Value::Type::days_time_duration:
      step(Value(DaysTimeDuration{1, 0}));
      step(Value(DaysTimeDuration{0, 1}));
      break;
    case Value::Type::years_months_duration: step(Value(YearsMonthsDuration{1})); break;
    case Value::Type::string:
      if (direction < 0) out.emplace_back("");
      if (direction > 0)
        for (const std::string_view tail : {std::string_view(" "), std::string_view("\0", 1)}) out.emplace_back(*v.string() + std::string(tail));
      break;
    case Value::Type::null:
    case Value::Type::boolean:
    case Value::Type::list:
    case Value::Type::context:
    case Value::Type::range:
    case Value::Type::function: break;
  }
  return out;
}

class Sampler {
 public:
  Sampler(const Type& type, CellConstants constants) : type_(type), constants_(std::move(constants)) {}

  std::vector<Sample> run(bool more, bool null_expected) {
    if (type_.kind() == Kind::boolean) add(true), add(false);
    plain_text();
    for (const Value& v : constants_.values) add(v);
    chains();
    affixes();
    if (type_.kind() == Kind::list) lists();
    if (more) further();
    others();
    out_.push_back({Value(), true, null_expected});
    return std::move(out_);
  }

 private:
  void add(const Value& v) {
    if (!v.is_null() && type_.admits(v)) out_.push_back({v, true, expected(v)});
  }

  /// Of an input of any type, a value is expected when a constant of its type is there. Local and zoned times have no order between them, and who
  /// writes the one kind does not wait for the other.
  bool expected(const Value& v) const {
    bool of_type = false;
    for (const Value& c : constants_.values) {
      of_type = of_type || c.type() == v.type();
      if (c.type() == v.type() && is_zoned(c) == is_zoned(v)) return true;
    }
    return !of_type && type_.kind() != Kind::any;
  }

  void plain_text() {
    const auto is_text = [](const Value& v) { return v.string() != nullptr; };
    if (type_.kind() == Kind::string || std::any_of(constants_.values.begin(), constants_.values.end(), is_text)) add("(any other)");
  }

  /// Below the first, between two, above the last constant of those that have an order.
  void chains() {
    std::vector<List> chains;
    for (const Value& v : constants_.values) {
      if (!one_chain(v, v) || (v.string() != nullptr && !constants_.ordered_texts)) continue;
      const auto mine = std::find_if(chains.begin(), chains.end(), [&](const List& chain) { return one_chain(chain.front(), v); });
      (mine == chains.end() ? chains.emplace_back() : *mine).push_back(v);
    }
    for (List& chain : chains) {
      std::sort(chain.begin(), chain.end(), before);
      first_that(chain.front(), -1, [&](const Value& v) { return before(v, chain.front()); });
      first_that(chain.back(), 1, [&](const Value& v) { return before(chain.back(), v); });
      for (std::size_t i = 1; i < chain.size(); ++i) between(chain[i - 1], chain[i]);
    }
  }

  template <class Fits>
  bool first_that(const Value& v, int direction, const Fits& fits) {
    List candidates = beside(v, direction);
    if (v.number() != nullptr) candidates.emplace_back(0), candidates.emplace_back(direction);
    const auto found = std::find_if(candidates.begin(), candidates.end(), fits);
    if (found == candidates.end()) return false;
    add(*found);
    return true;
  }

  void between(const Value& low, const Value& high) {
    if (!before(low, high)) return;
    if (low.number() != nullptr) {
      const Frame nothing;
      Run run(nothing, 0, false);
      const Value middle = calculate(run, Op::divide, calculate(run, Op::add, low, high), Value(2));
      if (before(low, middle) && before(middle, high)) return add(middle);
    }
    first_that(low, 1, [&](const Value& v) { return before(low, v) && before(v, high); });
  }

  /// Every prefix with every suffix, and each alone, around a character that is in none of the constants.
  void affixes() {
    const List& values = constants_.values;
    std::vector<std::string>& prefixes = constants_.prefixes;
    std::vector<std::string>& suffixes = constants_.suffixes;
    if (prefixes.empty() && suffixes.empty()) return;
    const auto unused = [&](char c) {
      const auto has = [c](const std::string& s) { return s.find(c) != std::string::npos; };
      return std::none_of(prefixes.begin(), prefixes.end(), has) && std::none_of(suffixes.begin(), suffixes.end(), has) &&
             std::none_of(values.begin(), values.end(), [&](const Value& v) { return v.string() != nullptr && has(*v.string()); });
    };
    std::string filler = "~";
    for (const char c : std::string_view("~ -xX0#")) {
      if (!unused(c)) continue;
      filler = c;
      break;
    }
    prefixes.emplace_back();
    suffixes.emplace_back();
    std::size_t pairs = 0;
    for (const std::string& prefix : prefixes)
      for (const std::string& suffix : suffixes)
        if (++pairs <= max_affix_pairs) add(Value(prefix + filler + suffix));
  }

  void lists() {
    add(List{});
    List members = constants_.values;
    if (const Value v = some(type_.element().kind()); !v.is_null()) members.push_back(v);
    for (const Value& v : members) {
      if (v.list() == nullptr) add(List{v});
      for (const int direction : {-1, 1})
        for (const Value& near : beside(v, direction)) add(List{near});
    }
    if (members.size() > 1) add(List(members.begin(), members.end()));
  }

  /// What functions of the value are often asked: months, days of the week, lengths of texts, remainders.
  void further() {
    if (type_.kind() == Kind::date || type_.kind() == Kind::date_time) {
      for (std::uint8_t day = 1; day <= 28; day = static_cast<std::uint8_t>(day + 9))
        for (std::uint8_t month = 1; month <= 12; ++month)
          type_.kind() == Kind::date ? add(Date{2026, month, day}) : add(DateTime{{2026, month, day}, Time{12, 0, 0, 0, {}}});
    }
    if (type_.kind() == Kind::number)
      for (int n = -1; n <= 21; ++n) add(n);
    if (type_.kind() != Kind::string) return;
    for (const char* text : {"", "a", "A", "7", "123", "1234567", "a b", "some longer text"}) add(text);
    for (const Value& v : constants_.values) {
      const auto n = v.number() != nullptr ? v.number()->to_int64() : std::nullopt;
      for (const std::int64_t length : {-1, 0, 1})
        if (n && *n + length >= 0 && *n + length <= static_cast<std::int64_t>(longest_made_text))
          add(std::string(static_cast<std::size_t>(*n + length), 'x'));
    }
  }

  /// One value of every type that the input may have.
  void others() {
    static constexpr std::array kinds{
        Kind::boolean, Kind::number, Kind::string, Kind::date, Kind::time, Kind::date_time, Kind::days_time_duration, Kind::years_months_duration,
        Kind::list,    Kind::context};
    const ZoneInfo utc{ZoneInfo::Kind::offset, 0, {}};
    for (const Kind kind : kinds) {
      if (type_.kind() != Kind::any && type_.kind() != kind) continue;
      add(some(kind));
      if (kind == Kind::boolean) add(true);
      if (kind == Kind::time) add(Time{12, 0, 0, 0, utc});
      if (kind == Kind::date_time) add(DateTime{{2026, 1, 1}, {12, 0, 0, 0, utc}});
    }
    if (type_.kind() == Kind::context || type_.kind() == Kind::range || type_.kind() == Kind::function)
      if (const Value stand_in = Context{}; !type_.admits(stand_in)) out_.push_back({stand_in, false, false});
  }

  static Value some(Kind kind) {
    switch (kind) {
      case Kind::boolean: return false;
      case Kind::number: return 0;
      case Kind::string: return "(any other)";
      case Kind::date: return Date{2026, 1, 1};
      case Kind::time: return Time{12, 0, 0, 0, {}};
      case Kind::date_time: return DateTime{{2026, 1, 1}, {12, 0, 0, 0, {}}};
      case Kind::days_time_duration: return DaysTimeDuration{86'400, 0};
      case Kind::years_months_duration: return YearsMonthsDuration{1};
      case Kind::list: return List{};
      case Kind::context: return Context{};
      case Kind::any:
      case Kind::null:
      case Kind::range:
      case Kind::function: break;
    }
    return {};
  }

  const Type& type_;
  CellConstants constants_;
  std::vector<Sample> out_;
};

}  // namespace

std::vector<Sample> samples_of(const Type& type, CellConstants constants, bool more, bool null_expected) {
  return Sampler(type, std::move(constants)).run(more, null_expected);
}

}  // namespace switchboard::feel
