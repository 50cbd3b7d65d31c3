#include "model/identifiers.hpp"

#include <algorithm>
#include <array>

namespace switchboard::model {
namespace {

constexpr std::array<std::string_view, 20> keywords{"and", "or",       "not",      "if",    "then",      "else",    "for",
                                                    "in",  "return",   "some",     "every", "satisfies", "between", "instance",
                                                    "of",  "function", "external", "true",  "false",     "null"};

bool is_keyword(std::string_view word) { return std::find(keywords.begin(), keywords.end(), word) != keywords.end(); }
bool is_name_start(char ch) { return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_'; }
bool is_name_part(char ch) { return is_name_start(ch) || (ch >= '0' && ch <= '9'); }

/// Past a string literal that begins at `i`.
std::size_t after_string(std::string_view text, std::size_t i) {
  for (++i; i < text.size() && text[i] != '"'; ++i)
    if (text[i] == '\\') ++i;
  return std::min(i + 1, text.size());
}
/// Past a comment that begins at `i`, or `i` when there is none.
std::size_t after_comment(std::string_view text, std::size_t i) {
  if (text.substr(i, 2) == "//") return std::min(text.find('\n', i), text.size());
  if (text.substr(i, 2) != "/*") return i;
  const auto end = text.find("*/", i + 2);
  return end == std::string_view::npos ? text.size() : end + 2;
}

}  // namespace

std::vector<std::string> free_identifiers(std::string_view text) {
  std::vector<std::string> found;
  std::vector<std::string> run;  // words with only spaces between them: `string length` is one name, and a call when `(` follows
  const auto flush = [&](bool called) {
    for (auto& word : run)
      if (!called && std::find(found.begin(), found.end(), word) == found.end()) found.push_back(std::move(word));
    run.clear();
  };
  bool member = false;
  for (std::size_t i = 0; i < text.size();) {
    const char ch = text[i];
    if (ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n') {
      ++i;
    } else if (is_name_start(ch)) {
      std::size_t end = i;
      while (end < text.size() && is_name_part(text[end])) ++end;
      std::string word(text.substr(i, end - i));
      i = end;
      if (is_keyword(word))
        flush(word == "and" && (text.substr(end).starts_with(" time(") || text.substr(end).starts_with(" months ")));  // date and time(...)
      else if (!member)
        run.push_back(std::move(word));
      member = false;
    } else if (is_name_part(ch)) {
      while (i < text.size() && is_name_part(text[i])) ++i;  // a number, exponent included
      flush(false);
      member = false;
    } else if (const std::size_t after = ch == '"' ? after_string(text, i) : after_comment(text, i); after != i) {
      flush(false);
      i = after;
    } else {
      flush(ch == '(');
      member = ch == '.' && text.substr(i, 2) != ".." && (i == 0 || text[i - 1] != '.');
      ++i;
    }
  }
  flush(false);
  return found;
}

}  // namespace switchboard::model
