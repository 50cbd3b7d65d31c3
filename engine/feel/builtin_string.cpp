// String functions. DMN 1.5, 10.3.4.3 (table 73). Positions count code points.
#include "feel/builtin.hpp"
#include "feel/operators.hpp"
#include "feel/regex.hpp"
#include "feel/unicode.hpp"
#include "feel/utf8.hpp"

namespace switchboard::feel {
namespace {

using Args = std::span<const Value>;

/// A count or position: the whole part of a number; nullopt when it does not fit.
std::optional<std::int64_t> whole_part(const Value& v) {
  const auto n = v.number()->rounded(0, Decimal::Rounding::down);
  return n ? n->to_int64() : std::nullopt;
}

Value substring(Run& run, Args a) {
  const std::string& s = *a[0].string();
  const auto length = static_cast<std::int64_t>(code_points(s));
  const auto start = whole_part(a[1]);
  if (!start || *start == 0 || *start > length || *start < -length) return run.fail("substring(): start position is not in the string");
  const std::int64_t first = *start > 0 ? *start - 1 : length + *start;
  std::int64_t count = length - first;
  if (!a[2].is_null()) {
    const auto wanted = whole_part(a[2]);
    if (!wanted || *wanted < 1) return run.fail("substring(): length must be at least 1");
    count = std::min(count, *wanted);
  }
  const std::size_t begin = offset_of(s, static_cast<std::size_t>(first));
  const std::string_view tail = std::string_view(s).substr(begin);
  return Value(tail.substr(0, offset_of(tail, static_cast<std::size_t>(count))));
}

Value string_length(Run&, Args a) { return Value(static_cast<std::int64_t>(code_points(*a[0].string()))); }
Value upper_case(Run& run, Args a) { return run.made_string(to_upper(std::string_view(*a[0].string()))); }
Value lower_case(Run& run, Args a) { return run.made_string(to_lower(std::string_view(*a[0].string()))); }

Value substring_before(Run&, Args a) {
  const auto at = a[0].string()->find(*a[1].string());
  return at == std::string::npos ? Value("") : Value(a[0].string()->substr(0, at));
}
Value substring_after(Run&, Args a) {
  const auto at = a[0].string()->find(*a[1].string());
  return at == std::string::npos ? Value("") : Value(a[0].string()->substr(at + a[1].string()->size()));
}
Value contains(Run&, Args a) { return Value(a[0].string()->find(*a[1].string()) != std::string::npos); }
Value starts_with(Run&, Args a) { return Value(a[0].string()->starts_with(*a[1].string())); }
Value ends_with(Run&, Args a) { return Value(a[0].string()->ends_with(*a[1].string())); }

// --- regular expressions ---

std::optional<Regex> pattern_of(Run& run, std::string_view function, const Value& pattern, const Value& flags) {
  if (!run.step(20 + pattern.string()->size())) return std::nullopt;
  auto compiled = Regex::compile(*pattern.string(), flags.is_null() ? std::string_view() : std::string_view(*flags.string()));
  if (auto* problem = std::get_if<std::string>(&compiled)) {
    run.fail("{}(): bad pattern: {}", function, *problem);
    return std::nullopt;
  }
  return std::get<Regex>(std::move(compiled));
}

Regex::Budget budget_of(Run& run) {
  return [&run](std::size_t steps) { return run.step(steps); };
}

Value matches(Run& run, Args a) {
  const auto regex = pattern_of(run, "matches", a[1], a[2]);
  if (!regex) return Value();
  switch (regex->each(
      *a[0].string(), [](const Regex::Groups&) { return false; }, budget_of(run))) {
    case Regex::Outcome::yes: return Value(true);
    case Regex::Outcome::no: return Value(false);
    case Regex::Outcome::stopped: break;
  }
  return run.halt("matches(): the text is too long for the pattern [SB0232]");
}

bool matches_nothing(const Regex& regex, const Regex::Budget& budget) {
  return regex.each(
             "", [](const Regex::Groups&) { return false; }, budget) == Regex::Outcome::yes;
}

/// Appends the replacement with $0, $1, ... filled in; false when it is malformed (XPath 3.1, 5.6.3).
bool append_replacement(std::string& out, std::string_view replacement, std::string_view text, const Regex::Groups& groups) {
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const char c = replacement[i];
    const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
    if (c == '\\') {
      if (next != '\\' && next != '$') return false;
      out += next;
      ++i;
    } else if (c == '$') {
      if (next < '0' || next > '9') return false;
      std::size_t group = static_cast<std::size_t>(next - '0');
      ++i;
      // Further digits belong to the number as long as there is such a group.
      while (i + 1 < replacement.size() && replacement[i + 1] >= '0' && replacement[i + 1] <= '9') {
        const std::size_t longer = group * 10 + static_cast<std::size_t>(replacement[i + 1] - '0');
        if (longer >= groups.size()) break;
        group = longer;
        ++i;
      }
      if (out.size() > limits::value_bytes) return true;  // refused by whoever asked
      if (group < groups.size() && groups[group].matched()) out += text.substr(groups[group].begin, groups[group].end - groups[group].begin);
    } else {
      out += c;
    }
  }
  return true;
}

Value replace(Run& run, Args a) {
  const auto regex = pattern_of(run, "replace", a[1], a[3]);
  if (!regex) return Value();
  const auto budget = budget_of(run);
  if (matches_nothing(*regex, budget)) return run.fail("replace(): the pattern matches the empty string");
  const std::string_view text = *a[0].string();
  const bool literal = !a[3].is_null() && a[3].string()->find('q') != std::string::npos;
  std::string out;
  std::size_t last = 0;
  bool well_formed = true;
  const auto outcome = regex->each(
      text,
      [&](const Regex::Groups& groups) {
        out += text.substr(last, groups[0].begin - last);
        last = groups[0].end;
        if (literal) {
          out += *a[2].string();
        } else {
          well_formed = append_replacement(out, *a[2].string(), text, groups);
        }
        return well_formed && out.size() <= limits::value_bytes && run.step(1 + a[2].string()->size() / bytes_per_step);
      },
      budget);
  if (!well_formed) return run.fail("replace(): in the replacement, $ needs a digit and \\ needs \\ or $");
  if (outcome == Regex::Outcome::stopped) return run.halt("replace(): the text is too long for the pattern [SB0232]");
  if (run.stopped()) return Value();
  out += text.substr(last);
  return run.made_string(std::move(out));
}

Value split(Run& run, Args a) {
  const auto regex = pattern_of(run, "split", a[1], Value());
  if (!regex) return Value();
  const auto budget = budget_of(run);
  if (matches_nothing(*regex, budget)) return run.fail("split(): the delimiter matches the empty string");
  const std::string_view text = *a[0].string();
  List out;
  std::size_t last = 0;
  const auto outcome = regex->each(
      text,
      [&](const Regex::Groups& groups) {
        out.emplace_back(text.substr(last, groups[0].begin - last));
        last = groups[0].end;
        return run.step(2) && out.size() <= max_list_items;
      },
      budget);
  if (outcome == Regex::Outcome::stopped) return run.halt("split(): the text is too long for the pattern [SB0232]");
  if (run.stopped()) return Value();
  out.emplace_back(text.substr(last));
  return run.made(std::move(out));
}

Value string_join(Run& run, Args a) {
  std::string out;
  bool first = true;
  for (const Value& item : *a[0].list()) {
    if (item.is_null()) continue;
    if (item.string() == nullptr) return run.fail("string join(): {} is not a string", to_string(item.type()));
    if (!first && !a[1].is_null()) out += *a[1].string();
    first = false;
    out += *item.string();
    if (out.size() > limits::value_bytes || !run.step()) break;
  }
  return run.made_string(std::move(out));
}

}  // namespace

void add_string_builtins(std::vector<Builtin>& out) {
  const Type string(Type::Kind::string);
  const Type number(Type::Kind::number);
  const Type boolean(Type::Kind::boolean);
  const Parameter s{"string", mask::string};
  const Parameter match{"match", mask::string};
  const Parameter input{"input", mask::string};
  const Parameter pattern{"pattern", mask::string};
  const Parameter flags{"flags", mask::string | mask::null, true};
  out.push_back({"substring", {{{s, {"start position", mask::number}, {"length", mask::number, true}}, false, substring, string}}});
  out.push_back({"string length", {{{s}, false, string_length, number}}});
  out.push_back({"upper case", {{{s}, false, upper_case, string}}});
  out.push_back({"lower case", {{{s}, false, lower_case, string}}});
  out.push_back({"substring before", {{{s, match}, false, substring_before, string}}});
  out.push_back({"substring after", {{{s, match}, false, substring_after, string}}});
  out.push_back({"contains", {{{s, match}, false, contains, boolean}}});
  out.push_back({"starts with", {{{s, match}, false, starts_with, boolean}}});
  out.push_back({"ends with", {{{s, match}, false, ends_with, boolean}}});
  out.push_back({"matches", {{{input, pattern, flags}, false, matches, boolean}}});
  out.push_back({"replace", {{{input, pattern, {"replacement", mask::string}, flags}, false, replace, string}}});
  out.push_back({"split", {{{s, {"delimiter", mask::string}}, false, split, Type::list_of(string)}}});
  out.push_back({"string join", {{{{"list", mask::list}, {"delimiter", mask::string | mask::null, true}}, false, string_join, string}}});
}

}  // namespace switchboard::feel
