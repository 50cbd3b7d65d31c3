#include "notation/yaml_scalar.hpp"

#include <algorithm>
#include <cstdint>

namespace switchboard::notation::yaml {

namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

bool is_true(std::string_view t) { return t == "true" || t == "True" || t == "TRUE"; }
bool is_false(std::string_view t) { return t == "false" || t == "False" || t == "FALSE"; }

bool is_not_finite(std::string_view t) {
  if (t == ".nan" || t == ".NaN" || t == ".NAN") return true;
  if (!t.empty() && (t[0] == '+' || t[0] == '-')) t.remove_prefix(1);
  return t == ".inf" || t == ".Inf" || t == ".INF";
}

/// 0o17 and 0x1F.
bool based_integer(std::string_view t, std::string& problem, Decimal& out) {
  const bool hex = t.substr(0, 2) == "0x";
  if (t.size() < 3 || (!hex && t.substr(0, 2) != "0o")) return false;
  std::uint64_t value = 0;
  for (const char c : t.substr(2)) {
    std::uint64_t d = 99;
    if (digit(c)) d = static_cast<std::uint64_t>(c - '0');
    if (c >= 'a' && c <= 'f') d = static_cast<std::uint64_t>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') d = static_cast<std::uint64_t>(c - 'A') + 10;
    const std::uint64_t base = hex ? 16 : 8;
    if (d >= base) return false;
    if (value > (static_cast<std::uint64_t>(INT64_MAX) - d) / base) {
      problem = "the number is out of range";
      return true;
    }
    value = value * base + d;
  }
  out = Decimal(static_cast<std::int64_t>(value));
  return true;
}

/// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool has_number_form(std::string_view t) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < t.size() && digit(t[i])) ++i;
    return i - start;
  };
  if (i < t.size() && (t[i] == '-' || t[i] == '+')) ++i;
  const std::size_t whole = digits();
  std::size_t part = 0;
  if (i < t.size() && t[i] == '.') {
    ++i;
    part = digits();
  }
  if (whole == 0 && part == 0) return false;
  if (i < t.size() && (t[i] == 'e' || t[i] == 'E')) {
    ++i;
    if (i < t.size() && (t[i] == '-' || t[i] == '+')) ++i;
    if (digits() == 0) return false;
  }
  return i == t.size();
}

std::string resolve_plain(Node& node) {
  const std::string_view t = node.text;
  node.kind = Kind::string;
  std::string problem;
  if (is_null_text(t)) {
    node.kind = Kind::null;
  } else if (is_true(t) || is_false(t)) {
    node.kind = Kind::boolean;
    node.boolean = is_true(t);
  } else if (is_not_finite(t)) {
    return "`" + std::string(t) + "` is no number of the process language";
  } else if (based_integer(t, problem, node.number)) {
    node.kind = Kind::number;
  } else if (has_number_form(t)) {
    std::string plain(t);
    if (plain[0] == '+') plain.erase(0, 1);
    // `1.` is a number of YAML, not of Decimal::parse.
    if (const auto point = plain.find('.'); point != std::string::npos && (point + 1 == plain.size() || !digit(plain[point + 1])))
      plain.erase(point, 1);
    const auto number = Decimal::parse(plain);
    if (!number) return "the number is out of range";
    node.kind = Kind::number;
    node.number = *number;
  }
  return problem;
}

}  // namespace

bool is_null_text(std::string_view t) { return t.empty() || t == "~" || t == "null" || t == "Null" || t == "NULL"; }

std::string resolve(Node& node, std::string_view tag) {
  constexpr std::string_view standard = "tag:yaml.org,2002:";
  if (tag.empty() || tag == "?") {
    if (node.style == Style::plain) return resolve_plain(node);
    node.kind = Kind::string;
    return "";
  }
  if (tag == "!") {
    node.kind = Kind::string;
    return "";
  }
  if (tag.substr(0, standard.size()) != standard) return "the tag is not part of the process language";
  const std::string_view name = tag.substr(standard.size());
  node.kind = Kind::string;
  if (name == "str") return "";
  if (std::string problem = resolve_plain(node); !problem.empty()) return problem;
  const bool integer = node.kind == Kind::number && node.number.is_integer();
  const bool fits = (name == "int" && integer) || (name == "float" && node.kind == Kind::number) || (name == "bool" && node.kind == Kind::boolean) ||
                    (name == "null" && node.kind == Kind::null);
  return fits ? "" : "the tag `!!" + std::string(name) + "` does not fit the value";
}

}  // namespace switchboard::notation::yaml
