// Relations of points and ranges. DMN 1.5, 10.3.4.9 (table 80), after HL7 CQL and Allen's interval algebra.
#include "feel/builtin.hpp"
#include "feel/operators.hpp"

namespace switchboard::feel {
namespace {

using Args = std::span<const Value>;

/// Comparisons that remember whether one of them had no answer; then the result is null.
class Ends {
 public:
  bool less(const Value& a, const Value& b) { return known(a, b) && *order(a, b) < 0; }
  bool same(const Value& a, const Value& b) { return known(a, b) && *order(a, b) == 0; }
  bool less_or_same(const Value& a, const Value& b) { return known(a, b) && *order(a, b) <= 0; }
  Value answer(Run& run, bool holds) const { return unknown_ ? run.fail("the ranges or points cannot be compared") : Value(holds); }

 private:
  bool known(const Value& a, const Value& b) {
    const bool has_order = order(a, b).has_value();
    unknown_ = unknown_ || !has_order;
    return has_order;
  }
  bool unknown_ = false;
};

bool low_in(const Range& r) { return r.low_end == Range::End::closed; }
bool high_in(const Range& r) { return r.high_end == Range::End::closed; }

bool point_before_range(Ends& e, const Value& p, const Range& r) { return e.less(p, r.low) || (e.same(p, r.low) && !low_in(r)); }
bool range_before_point(Ends& e, const Range& r, const Value& p) { return e.less(r.high, p) || (e.same(r.high, p) && !high_in(r)); }
bool range_before_range(Ends& e, const Range& a, const Range& b) {
  return e.less(a.high, b.low) || (e.same(a.high, b.low) && (!high_in(a) || !low_in(b)));
}
bool includes_point(Ends& e, const Range& r, const Value& p) {
  const bool above = e.less(r.low, p) || (low_in(r) && e.same(r.low, p));
  const bool below = e.less(p, r.high) || (high_in(r) && e.same(p, r.high));
  return above && below;
}
bool includes_range(Ends& e, const Range& a, const Range& b) {
  const bool low = e.less(a.low, b.low) || (e.same(a.low, b.low) && (low_in(a) || !low_in(b)));
  const bool high = e.less(b.high, a.high) || (e.same(a.high, b.high) && (high_in(a) || !high_in(b)));
  return low && high;
}
bool overlap(Ends& e, const Range& a, const Range& b) { return !range_before_range(e, a, b) && !range_before_range(e, b, a); }
bool overlaps_before(Ends& e, const Range& a, const Range& b) {
  const bool starts = e.less(a.low, b.low) || (e.same(a.low, b.low) && low_in(a) && !low_in(b));
  const bool reaches = e.less(b.low, a.high) || (e.same(b.low, a.high) && high_in(a) && low_in(b));
  const bool ends = e.less(a.high, b.high) || (e.same(a.high, b.high) && (!high_in(a) || high_in(b)));
  return starts && reaches && ends;
}
bool starts_with_range(Ends& e, const Range& a, const Range& b) {
  return e.same(a.low, b.low) && low_in(a) == low_in(b) && (e.less(a.high, b.high) || (e.same(a.high, b.high) && (!high_in(a) || high_in(b))));
}
bool ends_with_range(Ends& e, const Range& a, const Range& b) {
  return e.same(a.high, b.high) && high_in(a) == high_in(b) && (e.less(b.low, a.low) || (e.same(a.low, b.low) && (!low_in(a) || low_in(b))));
}

using PointPoint = bool (*)(Ends&, const Value&, const Value&);
using PointRange = bool (*)(Ends&, const Value&, const Range&);
using RangePoint = bool (*)(Ends&, const Range&, const Value&);
using RangeRange = bool (*)(Ends&, const Range&, const Range&);

template <PointPoint f>
Value pp(Run& run, Args a) {
  Ends e;
  const bool holds = f(e, a[0], a[1]);
  return e.answer(run, holds);
}
template <PointRange f>
Value pr(Run& run, Args a) {
  Ends e;
  const bool holds = f(e, a[0], *a[1].range());
  return e.answer(run, holds);
}
template <RangePoint f>
Value rp(Run& run, Args a) {
  Ends e;
  const bool holds = f(e, *a[0].range(), a[1]);
  return e.answer(run, holds);
}
template <RangeRange f>
Value rr(Run& run, Args a) {
  Ends e;
  const bool holds = f(e, *a[0].range(), *a[1].range());
  return e.answer(run, holds);
}

constexpr PointPoint before_pp = [](Ends& e, const Value& a, const Value& b) { return e.less(a, b); };
constexpr PointPoint after_pp = [](Ends& e, const Value& a, const Value& b) { return e.less(b, a); };
constexpr PointPoint coincides_pp = [](Ends& e, const Value& a, const Value& b) { return e.same(a, b); };
constexpr PointRange after_pr = [](Ends& e, const Value& p, const Range& r) { return range_before_point(e, r, p); };
constexpr RangePoint after_rp = [](Ends& e, const Range& r, const Value& p) { return point_before_range(e, p, r); };
constexpr RangeRange after_rr = [](Ends& e, const Range& a, const Range& b) { return range_before_range(e, b, a); };
constexpr RangeRange meets_rr = [](Ends& e, const Range& a, const Range& b) { return e.same(a.high, b.low) && high_in(a) && low_in(b); };
constexpr RangeRange met_by_rr = [](Ends& e, const Range& a, const Range& b) { return meets_rr(e, b, a); };
constexpr RangeRange overlaps_after_rr = [](Ends& e, const Range& a, const Range& b) { return overlaps_before(e, b, a); };
constexpr PointRange finishes_pr = [](Ends& e, const Value& p, const Range& r) { return high_in(r) && e.same(p, r.high); };
constexpr RangePoint finished_by_rp = [](Ends& e, const Range& r, const Value& p) { return finishes_pr(e, p, r); };
constexpr RangeRange finished_by_rr = [](Ends& e, const Range& a, const Range& b) { return ends_with_range(e, b, a); };
constexpr PointRange during_pr = [](Ends& e, const Value& p, const Range& r) { return includes_point(e, r, p); };
constexpr RangeRange during_rr = [](Ends& e, const Range& a, const Range& b) { return includes_range(e, b, a); };
constexpr PointRange starts_pr = [](Ends& e, const Value& p, const Range& r) { return low_in(r) && e.same(p, r.low); };
constexpr RangePoint started_by_rp = [](Ends& e, const Range& r, const Value& p) { return starts_pr(e, p, r); };
constexpr RangeRange started_by_rr = [](Ends& e, const Range& a, const Range& b) { return starts_with_range(e, b, a); };
constexpr RangeRange coincides_rr = [](Ends& e, const Range& a, const Range& b) {
  return e.same(a.low, b.low) && e.same(a.high, b.high) && low_in(a) == low_in(b) && high_in(a) == high_in(b);
};

}  // namespace

void add_range_builtins(std::vector<Builtin>& out) {
  const Type boolean(Type::Kind::boolean);
  const Parameter point{"point", mask::point};
  const Parameter range{"range", mask::range};
  const std::vector<Parameter> points{{"point1", mask::point}, {"point2", mask::point}};
  const std::vector<Parameter> ranges{{"range1", mask::range}, {"range2", mask::range}};
  const std::vector<Parameter> point_range{point, range};
  const std::vector<Parameter> range_point{range, point};
  const auto add = [&](std::string_view name, std::vector<std::pair<std::vector<Parameter>, Value (*)(Run&, Args)>> ways) {
    Builtin b{name, {}};
    for (auto& [parameters, evaluate] : ways) b.overloads.push_back({std::move(parameters), false, evaluate, boolean});
    out.push_back(std::move(b));
  };
  add("before",
      {{points, pp<before_pp>}, {point_range, pr<point_before_range>}, {range_point, rp<range_before_point>}, {ranges, rr<range_before_range>}});
  add("after", {{points, pp<after_pp>}, {point_range, pr<after_pr>}, {range_point, rp<after_rp>}, {ranges, rr<after_rr>}});
  add("meets", {{ranges, rr<meets_rr>}});
  add("met by", {{ranges, rr<met_by_rr>}});
  add("overlaps", {{ranges, rr<overlap>}});
  add("overlaps before", {{ranges, rr<overlaps_before>}});
  add("overlaps after", {{ranges, rr<overlaps_after_rr>}});
  add("finishes", {{point_range, pr<finishes_pr>}, {ranges, rr<ends_with_range>}});
  add("finished by", {{range_point, rp<finished_by_rp>}, {ranges, rr<finished_by_rr>}});
  add("includes", {{range_point, rp<includes_point>}, {ranges, rr<includes_range>}});
  add("during", {{point_range, pr<during_pr>}, {ranges, rr<during_rr>}});
  add("starts", {{point_range, pr<starts_pr>}, {ranges, rr<starts_with_range>}});
  add("started by", {{range_point, rp<started_by_rp>}, {ranges, rr<started_by_rr>}});
  add("coincides", {{points, pp<coincides_pp>}, {ranges, rr<coincides_rr>}});
}

}  // namespace switchboard::feel
