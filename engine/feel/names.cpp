#include "feel/names.hpp"

#include <algorithm>
#include <array>

#include "feel/utf8.hpp"

namespace switchboard::feel {
namespace {

/// The next token of a name: a word, a run of digits, or one symbol.
std::string_view part_at(std::string_view text, std::size_t at) {
  const CodePoint first = code_point_at(text, at);
  if (first.length == 0) return {};
  if (!is_name_part(first.value)) return is_name_symbol(first.value) ? text.substr(at, first.length) : std::string_view{};
  std::size_t end = at;
  for (CodePoint c = first; c.length != 0 && is_name_part(c.value); c = code_point_at(text, end)) end += c.length;
  return text.substr(at, end - at);
}

bool is_word(std::string_view part) { return !part.empty() && is_name_part(code_point_at(part, 0).value); }

void skip_plain_space(std::string_view text, std::size_t& at) {
  for (CodePoint c = code_point_at(text, at); c.length != 0 && is_space(c.value); c = code_point_at(text, at)) at += c.length;
}

}  // namespace

void skip_space(std::string_view text, std::size_t& at) {
  for (;;) {
    skip_plain_space(text, at);
    if (text.substr(at, 2) == "//") {
      const auto end = text.find('\n', at);
      at = end == std::string_view::npos ? text.size() : end + 1;
    } else if (text.substr(at, 2) == "/*") {
      const auto end = text.find("*/", at + 2);
      if (end == std::string_view::npos) return;  // left in place: the parser reports it
      at = end + 2;
    } else {
      return;
    }
  }
}

bool match_name(std::string_view text, std::size_t& at, std::string_view name) {
  std::size_t t = at;
  std::size_t n = 0;
  skip_space(text, t);
  for (;;) {
    skip_plain_space(name, n);
    if (n == name.size()) break;
    skip_plain_space(text, t);
    const std::string_view wanted = part_at(name, n);
    if (wanted.empty() || part_at(text, t) != wanted) return false;
    n += wanted.size();
    t += wanted.size();
  }
  if (t == at) return false;
  at = t;
  return true;
}

std::string_view word_at(std::string_view text, std::size_t at) {
  if (!is_name_start(code_point_at(text, at).value)) return {};
  return part_at(text, at);
}

std::string read_new_name(std::string_view text, std::size_t& at) {
  std::string out;
  if (word_at(text, at).empty()) return out;
  bool after_word = false;
  for (std::size_t probe = at;;) {
    skip_plain_space(text, probe);
    const std::string_view part = part_at(text, probe);
    const bool word = is_word(part);
    if (part.empty() || (word && part == "in") || text.substr(probe, 2) == "->" || text.substr(probe, 2) == "..") return out;
    if (word && after_word) out += ' ';
    out += part;
    after_word = word;
    probe += part.size();
    at = probe;
  }
}

std::string canonical_name(std::string_view name) {
  std::string out;
  bool after_word = false;
  for (std::size_t at = 0;;) {
    skip_plain_space(name, at);
    if (at == name.size()) return out;
    const std::string_view part = part_at(name, at);
    if (part.empty()) return std::string(name);  // not a FEEL name (a quoted key): as it is
    const bool word = is_word(part);
    if (word && after_word) out += ' ';
    out += part;
    after_word = word;
    at += part.size();
  }
}

bool is_keyword(std::string_view word) {
  static constexpr std::array<std::string_view, 19> keywords{"and",      "between",   "else", "every",    "external", "false", "for",
                                                             "function", "if",        "in",   "instance", "null",     "of",    "or",
                                                             "return",   "satisfies", "some", "then",     "true"};
  return std::find(keywords.begin(), keywords.end(), word) != keywords.end();
}

}  // namespace switchboard::feel
