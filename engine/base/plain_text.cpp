#include "base/plain_text.hpp"

#include <algorithm>
#include <string>

#include "base/limits.hpp"
#include "switchboard/base/text.hpp"

namespace switchboard {

namespace {

Error refused(std::string_view what, const std::string& why, std::string hint) {
  return {ErrorKind::invalid, "SB0560", std::string(what) + " " + why, {}, std::move(hint)};
}

/// C0, DEL and C1.
bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

bool is_allowed(char32_t c, TextKind kind) { return !is_control(c) || (kind == TextKind::prose && (c == '\t' || c == '\n' || c == '\r')); }
std::size_t most_of(TextKind kind) { return kind == TextKind::name ? limits::name_bytes : limits::prose_bytes; }

}  // namespace

std::string made_plain(std::string_view text, TextKind kind) {
  constexpr std::string_view replacement = "\xef\xbf\xbd";
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    const std::string_view part = c.length > 0 && is_allowed(c.value, kind) ? text.substr(at, c.length) : replacement;
    if (out.size() + part.size() > most_of(kind)) break;
    out += part;
    at += std::max<std::size_t>(1, c.length);
  }
  return out;
}

Result<void> check_text(std::string_view what, std::string_view text, TextKind kind) {
  const std::size_t most = most_of(kind);
  if (text.size() > most)
    return refused(what, "has " + std::to_string(text.size()) + " bytes; at most " + std::to_string(most) + " are allowed", "shorten it");
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    if (c.length == 0) return refused(what, "is not UTF-8", "write it in UTF-8");
    if (!is_allowed(c.value, kind))
      return refused(what, "has a control character in it (a line end, a zero byte, ESC, ...)", "leave it out: this is plain text");
    at += c.length;
  }
  return success();
}

}  // namespace switchboard
