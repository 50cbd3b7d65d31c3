#include "switchboard/base/text.hpp"

#include <algorithm>

namespace switchboard {

namespace {

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

/// Lower case, without the marks in which names of different styles differ.
std::string bare(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == ' ') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

}  // namespace

CodePoint decode_utf8(std::string_view text, std::size_t at) noexcept {
  if (at >= text.size()) return {};
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const std::size_t length = sequence_length(byte(0));
  if (length <= 1) return {byte(0), length};
  if (length > text.size() - at) return {};
  char32_t c = byte(0) & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0u) != 0x80u) return {};
    c = (c << 6u) | (byte(i) & 0x3fu);
  }
  const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
  if (overlong || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) return {};
  return {c, length};
}

bool is_utf8(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode_utf8(text, at);
    if (c.length == 0) return false;
    at += c.length;
  }
  return true;
}

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t bound) {
  if (a.size() > b.size() + bound || b.size() > a.size() + bound) return bound + 1;
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) current[j] = std::min(current[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names) {
  if (wanted.empty() || wanted.size() > 200) return "";
  const std::string wanted_bare = bare(wanted);
  // A third of the letters may be wrong, but never more than three.
  const std::size_t bound = std::clamp<std::size_t>(wanted.size() / 3, 1, 3);
  std::size_t best = bound + 1;
  std::string found;
  for (const std::string& name : names) {
    if (name == wanted) continue;
    const std::string name_bare = bare(name);
    if (name_bare.empty()) continue;
    std::size_t distance = name_bare == wanted_bare ? 0 : edit_distance(wanted_bare, name_bare, bound);
    if (distance >= name_bare.size()) distance = bound + 1;  // nothing in common
    if (distance < best) {
      best = distance;
      found = name;
    }
  }
  return found;
}

std::string without_numbers(std::string_view path) {
  std::string plain;
  while (!path.empty()) {
    const std::size_t open = path.find('[');
    plain += path.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t end = path.find_first_not_of("0123456789", open + 1);
    const bool is_number = end != std::string_view::npos && end > open + 1 && path[end] == ']';
    if (!is_number) plain += '[';
    path.remove_prefix(is_number ? end + 1 : open + 1);
  }
  return plain;
}

bool is_path_of(std::string_view name, std::string_view path) {
  for (;;) {
    const std::string_view called = name.substr(0, name.find('/'));
    const std::string_view node = path.substr(0, path.find('/'));
    if (called != node && called != without_numbers(node)) return false;
    if (called.size() == name.size() || node.size() == path.size()) return called.size() == name.size() && node.size() == path.size();
    name.remove_prefix(called.size() + 1);
    path.remove_prefix(node.size() + 1);
  }
}

}  // namespace switchboard
