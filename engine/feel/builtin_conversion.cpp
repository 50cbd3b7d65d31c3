// Conversions and miscellaneous functions. DMN 1.5, 10.3.4.1, 10.3.4.2 and 10.3.4.6.
#include <algorithm>

#include "feel/builtin.hpp"
#include "feel/literal.hpp"
#include "feel/operators.hpp"
#include "feel/parser.hpp"

namespace switchboard::feel {
namespace {

using Args = std::span<const Value>;

Value string_of(Run& run, Args a) { return a[0].is_null() ? Value() : run.made_string(to_display(a[0])); }

Value number_of(Run& run, Args a) {
  const auto separator = [&](std::size_t i, std::string_view allowed) -> std::optional<char> {
    if (a[i].is_null()) return '\0';
    const std::string& s = *a[i].string();
    return s.size() == 1 && allowed.find(s.front()) != std::string_view::npos ? std::optional(s.front()) : std::nullopt;
  };
  const auto grouping = separator(1, " ,.");
  const auto decimal = separator(2, ",.");
  if (!grouping || !decimal) return run.fail("number(): the grouping separator is space, comma or period; the decimal separator is comma or period");
  if (*grouping != '\0' && *grouping == *decimal) return run.fail("number(): the two separators must differ");
  std::string text;
  for (const char c : *a[0].string()) {
    if (*grouping != '\0' && c == *grouping) continue;
    if (c == '.' && *decimal == ',') return run.fail("number(): `.` in {}", to_feel(a[0]));
    text += *decimal != '\0' && c == *decimal ? '.' : c;
  }
  const bool plus = !text.empty() && text.front() == '+';
  const auto d = plus ? std::nullopt : Decimal::parse(text);
  return d ? Value(*d) : run.fail("number(): {} is not a number", to_feel(a[0]));
}

Value not_of(Run& run, Args a) {
  if (a[0].boolean() != nullptr) return Value(!*a[0].boolean());
  return run.fail("not(): {} is not a boolean", to_string(a[0].type()));
}

Value is_same(Run&, Args a) { return Value(identical(a[0], a[1])); }

Value duration_of(Run& run, Args a) {
  const std::string& text = *a[0].string();
  if (const auto d = parse_days_time_duration(text)) return Value(*d);
  if (const auto d = parse_years_months_duration(text)) return Value(*d);
  return run.fail("duration(): {} is not a duration", to_feel(a[0]));
}

// --- range() ---

/// An end of the text given to range(): a literal, perhaps negative, or date("..."), time("..."), ... of a string literal.
std::optional<Value> literal_end(Run& run, const Syntax& s) {
  if (s.kind == SyntaxKind::literal) return s.value;
  if (s.kind == SyntaxKind::negate && s.items[0]->kind == SyntaxKind::literal) return negate(run, s.items[0]->value);
  if (s.kind != SyntaxKind::call || s.items.size() != 2 || s.items[0]->kind != SyntaxKind::name || s.items[1]->value.string() == nullptr)
    return std::nullopt;
  const std::string& name = s.items[0]->text;
  const bool constructor = name == "date" || name == "time" || name == "date and time" || name == "duration";
  if (!constructor) return std::nullopt;
  return call_builtin(run, *find_builtin(name), std::span(&s.items[1]->value, 1));
}

Value range_of(Run& run, Args a) {
  if (!run.step(a[0].string()->size())) return Value();
  const StaticScope nothing;
  Parser parser(*a[0].string(), nothing);
  const SyntaxPtr tree = parser.expression();
  if (tree == nullptr || tree->kind != SyntaxKind::range) return run.fail("range(): {} is not a range", to_feel(a[0]));
  const auto low = literal_end(run, *tree->items[0]);
  const auto high = literal_end(run, *tree->items[1]);
  const auto o = low && high ? order(*low, *high) : std::nullopt;
  if (!o || *o > 0) return run.fail("range(): the ends of {} must be literals in order", to_feel(a[0]));
  return Value(
      Range{tree->low_closed ? Range::End::closed : Range::End::open, *low, *high, tree->high_closed ? Range::End::closed : Range::End::open, false});
}

}  // namespace

void add_conversion_builtins(std::vector<Builtin>& out) {
  const Type boolean(Type::Kind::boolean);
  const Parameter from{"from", mask::string};
  const Parameter separator{"grouping separator", mask::string | mask::null};
  out.push_back({"string", {{{{"from", mask::anything}}, false, string_of, Type(Type::Kind::string)}}});
  out.push_back({"number",
                 {{{from, separator, {"decimal separator", mask::string | mask::null}}, false, number_of, Type(Type::Kind::number)},
                  {{from},
                   false,
                   [](Run& run, Args a) {
                     const Value all[] = {a[0], Value(), Value()};
                     return number_of(run, all);
                   },
                   Type(Type::Kind::number)}}});
  out.push_back({"not", {{{{"negand", mask::anything}}, false, not_of, boolean}}});
  out.push_back({"is", {{{{"value1", mask::anything}, {"value2", mask::anything}}, false, is_same, boolean}}});
  out.push_back({"duration", {{{from}, false, duration_of, Type()}}});
  out.push_back({"range", {{{from}, false, range_of, Type(Type::Kind::range)}}});
}

}  // namespace switchboard::feel
