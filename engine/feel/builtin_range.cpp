// Relations of points and ranges. DMN 1.5, 10.3.4.9 (table 80), after HL7 CQL and Allen's interval algebra.
#include "feel/builtin.hpp"
#include "feel/operators.hpp"

namespace switchboard::feel {
namespace {

using Args = std::span<const Value>;

/// An end of a range, or a point. An absent end of `< 10` lies beyond every point.
struct End {
  End(const Value& v) : value(&v) {}  // NOLINT(google-explicit-constructor): a point is its own end
  End(const Value& v, int side) : value(&v), beyond(side) {}
  const Value* value;
  int beyond = 0;  ///< -1 below everything, 1 above everything
};

/// Comparisons that remember whether one of them had no answer; then the result is null.
class Ends {
 public:
  bool less(const End& a, const End& b) { return compare(a, b) == -1; }
  bool same(const End& a, const End& b) { return compare(a, b) == 0; }
  Value answer(Run& run, bool holds) const { return unknown_ ? run.fail("the ranges or points cannot be compared") : Value(holds); }

 private:
  static constexpr int unanswered = 2;
  int compare(const End& a, const End& b) {
    if (a.beyond != 0 || b.beyond != 0) return a.beyond < b.beyond ? -1 : a.beyond > b.beyond ? 1 : 0;
    const auto o = order(*a.value, *b.value);
    if (!o) {
      unknown_ = true;
      return unanswered;
    }
    return *o < 0 ? -1 : *o > 0 ? 1 : 0;
  }
  bool unknown_ = false;
};

End low(const Range& r) { return {r.low, r.unary && r.low.is_null() ? -1 : 0}; }
End high(const Range& r) { return {r.high, r.unary && r.high.is_null() ? 1 : 0}; }
bool low_in(const Range& r) { return r.low_end == Range::End::closed; }
bool high_in(const Range& r) { return r.high_end == Range::End::closed; }

bool point_before_range(Ends& e, const Value& p, const Range& r) { return e.less(p, low(r)) || (e.same(p, low(r)) && !low_in(r)); }
bool range_before_point(Ends& e, const Range& r, const Value& p) { return e.less(high(r), p) || (e.same(high(r), p) && !high_in(r)); }
bool range_before_range(Ends& e, const Range& a, const Range& b) {
  return e.less(high(a), low(b)) || (e.same(high(a), low(b)) && (!high_in(a) || !low_in(b)));
}
bool includes_point(Ends& e, const Range& r, const Value& p) {
  const bool above = e.less(low(r), p) || (low_in(r) && e.same(low(r), p));
  const bool below = e.less(p, high(r)) || (high_in(r) && e.same(p, high(r)));
  return above && below;
}
bool includes_range(Ends& e, const Range& a, const Range& b) {
  const bool low_ok = e.less(low(a), low(b)) || (e.same(low(a), low(b)) && (low_in(a) || !low_in(b)));
  const bool high_ok = e.less(high(b), high(a)) || (e.same(high(a), high(b)) && (high_in(a) || !high_in(b)));
  return low_ok && high_ok;
}
bool overlap(Ends& e, const Range& a, const Range& b) { return !range_before_range(e, a, b) && !range_before_range(e, b, a); }
bool overlaps_before(Ends& e, const Range& a, const Range& b) {
  const bool starts = e.less(low(a), low(b)) || (e.same(low(a), low(b)) && low_in(a) && !low_in(b));
  const bool reaches = e.less(low(b), high(a)) || (e.same(low(b), high(a)) && high_in(a) && low_in(b));
  const bool ends = e.less(high(a), high(b)) || (e.same(high(a), high(b)) && (!high_in(a) || high_in(b)));
  return starts && reaches && ends;
}
bool starts_with_range(Ends& e, const Range& a, const Range& b) {
  return e.same(low(a), low(b)) && low_in(a) == low_in(b) && (e.less(high(a), high(b)) || (e.same(high(a), high(b)) && (!high_in(a) || high_in(b))));
}
bool ends_with_range(Ends& e, const Range& a, const Range& b) {
  return e.same(high(a), high(b)) && high_in(a) == high_in(b) && (e.less(low(b), low(a)) || (e.same(low(a), low(b)) && (!low_in(a) || low_in(b))));
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
constexpr RangeRange meets_rr = [](Ends& e, const Range& a, const Range& b) { return e.same(high(a), low(b)) && high_in(a) && low_in(b); };
constexpr RangeRange met_by_rr = [](Ends& e, const Range& a, const Range& b) { return meets_rr(e, b, a); };
constexpr RangeRange overlaps_after_rr = [](Ends& e, const Range& a, const Range& b) { return overlaps_before(e, b, a); };
constexpr PointRange finishes_pr = [](Ends& e, const Value& p, const Range& r) { return high_in(r) && e.same(p, high(r)); };
constexpr RangePoint finished_by_rp = [](Ends& e, const Range& r, const Value& p) { return finishes_pr(e, p, r); };
constexpr RangeRange finished_by_rr = [](Ends& e, const Range& a, const Range& b) { return ends_with_range(e, b, a); };
constexpr PointRange during_pr = [](Ends& e, const Value& p, const Range& r) { return includes_point(e, r, p); };
constexpr RangeRange during_rr = [](Ends& e, const Range& a, const Range& b) { return includes_range(e, b, a); };
constexpr PointRange starts_pr = [](Ends& e, const Value& p, const Range& r) { return low_in(r) && e.same(p, low(r)); };
constexpr RangePoint started_by_rp = [](Ends& e, const Range& r, const Value& p) { return starts_pr(e, p, r); };
constexpr RangeRange started_by_rr = [](Ends& e, const Range& a, const Range& b) { return starts_with_range(e, b, a); };
constexpr RangeRange coincides_rr = [](Ends& e, const Range& a, const Range& b) {
  return e.same(low(a), low(b)) && e.same(high(a), high(b)) && low_in(a) == low_in(b) && high_in(a) == high_in(b);
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
  const auto add = [&](std::string_view name, const std::vector<std::pair<std::vector<Parameter>, Value (*)(Run&, Args)>>& ways) {
    Builtin b{name, {}};
    for (const auto& [parameters, evaluate] : ways) b.overloads.push_back({parameters, false, evaluate, boolean});
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
