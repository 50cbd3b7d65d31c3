// List functions. DMN 1.5, 10.3.4.4 (table 74).
#include <algorithm>
#include <functional>
#include <string>
#include <unordered_map>

#include "feel/builtin.hpp"
#include "feel/operators.hpp"

namespace switchboard::feel {
namespace {

using Args = std::span<const Value>;

bool same(Run& run, const Value& a, const Value& b) { return equal(run, a, b) == Truth::yes; }

/// 0-based index of a 1-based position, negative ones from the end; nullopt when it is not in a list of `size`.
std::optional<std::size_t> index_of_position(const Value& position, std::size_t size) {
  const auto n = position.number()->rounded(0, Decimal::Rounding::down);
  const auto p = n ? n->to_int64() : std::nullopt;
  const auto count = static_cast<std::int64_t>(size);
  if (!p || *p == 0 || *p > count || *p < -count) return std::nullopt;
  return static_cast<std::size_t>(*p > 0 ? *p - 1 : count + *p);
}

bool contains_value(Run& run, const List& l, const Value& v) {
  return std::any_of(l.begin(), l.end(), [&](const Value& item) { return run.step() && same(run, item, v); });
}

Value list_contains(Run& run, Args a) { return Value(contains_value(run, *a[0].list(), a[1])); }
Value count(Run&, Args a) { return Value(static_cast<std::int64_t>(a[0].list()->size())); }

Value sublist(Run& run, Args a) {
  const List& l = *a[0].list();
  const auto start = index_of_position(a[1], l.size());
  if (!start) return run.fail("sublist(): start position is not in the list");
  std::size_t length = l.size() - *start;
  if (!a[2].is_null()) {
    const auto n = a[2].number()->rounded(0, Decimal::Rounding::down)->to_int64();
    if (!n || *n < 1 || static_cast<std::uint64_t>(*n) > length) return run.fail("sublist(): length goes beyond the list");
    length = static_cast<std::size_t>(*n);
  }
  const auto first = l.begin() + static_cast<std::ptrdiff_t>(*start);
  return run.made(List(first, first + static_cast<std::ptrdiff_t>(length)));
}

Value append(Run& run, Args a) {
  List out = *a[0].list();
  out.insert(out.end(), a[1].list()->begin(), a[1].list()->end());
  return run.made(std::move(out));
}

/// The lists given as arguments, one after the other; a single value counts as a list of one.
std::optional<List> joined(Run& run, const List& lists) {
  List out;
  std::uint64_t bytes = 0;
  for (const Value& l : lists) {
    if (!run.grows(bytes, l)) return std::nullopt;
    if (l.list() == nullptr) {
      out.push_back(l);
    } else {
      out.insert(out.end(), l.list()->begin(), l.list()->end());
    }
    if (out.size() > max_list_items) {
      run.halt("a list has more than {} items [SB0232]", max_list_items);
      return std::nullopt;
    }
  }
  return out;
}

/// The same number for values that are equal. Depth is bounded by limits::value_depth.
std::size_t hash_of(const Value& v) {
  const auto mix = [](std::size_t seed, std::size_t more) { return (seed ^ more) * 0x9E37'79B9'7F4A'7C15U + (seed >> 29); };
  const auto of_moment = [&](const Moment& m) {
    return mix(mix(m.zoned ? 1 : 2, std::hash<std::int64_t>()(m.seconds)), std::hash<std::int64_t>()(m.nanosecond));
  };
  std::size_t out = static_cast<std::size_t>(v.type());
  if (v.time() != nullptr) return mix(out, of_moment(moment_of(*v.time())));
  if (v.date_time() != nullptr) return mix(out, of_moment(moment_of(*v.date_time())));
  if (v.list() != nullptr) {
    for (const Value& item : *v.list()) out = mix(out, hash_of(item));
  } else if (v.context() != nullptr) {
    for (const auto& [name, value] : v.context()->entries()) out += mix(std::hash<std::string>()(name), hash_of(value));  // in any order
  } else if (const Range* r = v.range()) {
    out = mix(mix(out, hash_of(r->low)), hash_of(r->high));
  } else if (v.string() != nullptr) {
    out = mix(out, std::hash<std::string>()(*v.string()));
  } else if (!v.is(Value::Type::function)) {
    std::string bytes;
    encode(v, bytes);
    out = mix(out, std::hash<std::string>()(bytes));
  }
  return out;
}

List distinct(Run& run, const List& l) {
  List out;
  std::unordered_multimap<std::size_t, std::size_t> places;  // hash -> index in `out`
  for (const Value& v : l) {
    const std::size_t hash = hash_of(v);
    const auto [begin, end] = places.equal_range(hash);
    if (!run.step(2)) break;
    if (std::any_of(begin, end, [&](const auto& place) { return run.step() && same(run, out[place.second], v); })) continue;
    if (run.stopped()) break;
    places.emplace(hash, out.size());
    out.push_back(v);
  }
  return out;
}

Value concatenate(Run& run, Args a) {
  auto out = joined(run, *a[0].list());
  return out ? run.made(std::move(*out)) : Value();
}
Value union_of(Run& run, Args a) {
  const auto all = joined(run, *a[0].list());
  return all ? run.made(distinct(run, *all)) : Value();
}
Value distinct_values(Run& run, Args a) { return run.made(distinct(run, *a[0].list())); }

Value insert_before(Run& run, Args a) {
  const auto at = index_of_position(a[1], a[0].list()->size());
  if (!at) return run.fail("insert before(): position is not in the list");
  List out = *a[0].list();
  out.insert(out.begin() + static_cast<std::ptrdiff_t>(*at), a[2]);
  return run.made(std::move(out));
}

Value remove(Run& run, Args a) {
  const auto at = index_of_position(a[1], a[0].list()->size());
  if (!at) return run.fail("remove(): position is not in the list");
  List out = *a[0].list();
  out.erase(out.begin() + static_cast<std::ptrdiff_t>(*at));
  return run.made(std::move(out));
}

Value list_replace_at(Run& run, Args a) {
  const auto at = index_of_position(a[1], a[0].list()->size());
  if (!at) return run.fail("list replace(): position is not in the list");
  List out = *a[0].list();
  out[*at] = a[2];
  return run.made(std::move(out));
}

Value list_replace_matching(Run& run, Args a) {
  if (parameter_count(a[1]) != 2) return run.fail("list replace(): match takes two parameters, item and newItem");
  List out = *a[0].list();
  std::uint64_t bytes = 0;
  for (Value& item : out) {
    const Value arguments[] = {item, a[2]};
    const Value hit = call_function(run, a[1], arguments);
    if (hit.boolean() == nullptr) return run.fail("list replace(): match gives {}, not boolean", to_string(hit.type()));
    if (*hit.boolean()) item = a[2];
    if (!run.grows(bytes, item)) return Value();
  }
  return run.made(std::move(out));
}

Value reverse(Run& run, Args a) { return run.made(List(a[0].list()->rbegin(), a[0].list()->rend())); }

Value index_of(Run& run, Args a) {
  List out;
  const List& l = *a[0].list();
  for (std::size_t i = 0; i < l.size(); ++i) {
    if (same(run, l[i], a[1])) out.emplace_back(static_cast<std::int64_t>(i + 1));
  }
  return run.made(std::move(out));
}

void flatten_into(Run& run, const List& l, List& out) {
  for (const Value& v : l) {
    if (out.size() > max_list_items || !run.step()) return;
    if (v.list() != nullptr) {
      flatten_into(run, *v.list(), out);
    } else {
      out.push_back(v);
    }
  }
}

Value flatten(Run& run, Args a) {
  List out;
  flatten_into(run, *a[0].list(), out);
  return run.made(std::move(out));
}

/// Stable merge sort of our own: it stays within bounds whatever nonsense `precedes` answers.
template <class Precedes>
void merge_sort(List& l, const Precedes& precedes) {
  List other(l.size());
  for (std::size_t width = 1; width < l.size(); width *= 2) {
    for (std::size_t begin = 0; begin < l.size(); begin += 2 * width) {
      const std::size_t middle = std::min(begin + width, l.size());
      const std::size_t end = std::min(begin + 2 * width, l.size());
      std::size_t i = begin;
      std::size_t j = middle;
      for (std::size_t k = begin; k < end; ++k) {
        const bool right = i == middle || (j < end && precedes(l[j], l[i]));
        other[k] = right ? l[j++] : l[i++];
      }
    }
    std::swap(l, other);
  }
}

Value sort(Run& run, Args a) {
  List out = *a[0].list();
  bool ordered = true;
  merge_sort(out, [&](const Value& x, const Value& y) {
    if (!run.step()) return false;
    if (a[1].is_null()) {
      const auto o = order(x, y);
      ordered = ordered && o.has_value();
      return o.has_value() && *o < 0;
    }
    const Value arguments[] = {x, y};
    const Value hit = call_function(run, a[1], arguments);
    ordered = ordered && hit.boolean() != nullptr;
    return truth_of(hit) == Truth::yes;
  });
  if (!ordered) return run.fail("sort(): the items cannot be compared");
  return run.made(std::move(out));
}

Type first_argument(std::span<const Type> arguments) {
  if (arguments.empty() || arguments[0].kind() != Type::Kind::list) return Type(Type::Kind::list);
  return arguments[0];
}

}  // namespace

void add_list_builtins(std::vector<Builtin>& out) {
  const Type any_list(Type::Kind::list);
  const Type number(Type::Kind::number);
  const Parameter list{"list", mask::list};
  const Parameter position{"position", mask::number};
  const Parameter new_item{"newItem", mask::anything};
  out.push_back({"list contains", {{{list, {"element", mask::anything}}, false, list_contains, Type(Type::Kind::boolean)}}});
  out.push_back({"count", {{{list}, false, count, number}}});
  out.push_back({"sublist", {{{list, {"start position", mask::number}, {"length", mask::number, true}}, false, sublist, any_list, first_argument}}});
  out.push_back({"append", {{{list, {"item", mask::list}}, true, append, any_list}}});
  out.push_back({"concatenate", {{{{"list", mask::list}}, true, concatenate, any_list}}});
  out.push_back({"insert before", {{{list, position, new_item}, false, insert_before, any_list}}});
  out.push_back({"remove", {{{list, position}, false, remove, any_list, first_argument}}});
  out.push_back({"list replace",
                 {{{list, position, new_item}, false, list_replace_at, any_list},
                  {{list, {"match", mask::function}, new_item}, false, list_replace_matching, any_list}}});
  out.push_back({"reverse", {{{list}, false, reverse, any_list, first_argument}}});
  out.push_back({"index of", {{{list, {"match", mask::anything}}, false, index_of, Type::list_of(number)}}});
  out.push_back({"union", {{{{"list", mask::list}}, true, union_of, any_list}}});
  out.push_back({"distinct values", {{{list}, false, distinct_values, any_list, first_argument}}});
  out.push_back({"flatten", {{{list}, false, flatten, any_list}}});
  out.push_back({"sort", {{{list, {"precedes", mask::function, true}}, false, sort, any_list, first_argument}}});
}

}  // namespace switchboard::feel
