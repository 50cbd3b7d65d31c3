#include "base/odd_signs.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "base/ascii.hpp"
#include "switchboard/base/text.hpp"

namespace switchboard {

namespace {

struct Known {
  char32_t code;
  OddKind kind;
  std::string_view plain;
  std::string_view name;
};

/// Beside the full-width forms of ASCII (U+FF01 to U+FF5E) and the blanks U+2000 to U+200A.
constexpr std::array<Known, 30> known_signs{{{0x00a0, OddKind::blank, " ", "no-break space"},
                                             {0x00ad, OddKind::invisible, "", "soft hyphen"},
                                             {0x00d7, OddKind::sign, "*", ""},
                                             {0x00f7, OddKind::sign, "/", ""},
                                             {0x1680, OddKind::blank, " ", "a space of another script"},
                                             {0x200b, OddKind::invisible, "", "zero width space"},
                                             {0x200c, OddKind::invisible, "", "zero width non-joiner"},
                                             {0x200d, OddKind::invisible, "", "zero width joiner"},
                                             {0x200e, OddKind::invisible, "", "left-to-right mark"},
                                             {0x200f, OddKind::invisible, "", "right-to-left mark"},
                                             {0x2018, OddKind::sign, "\"", ""},
                                             {0x2019, OddKind::sign, "\"", ""},
                                             {0x201c, OddKind::sign, "\"", ""},
                                             {0x201d, OddKind::sign, "\"", ""},
                                             {0x2028, OddKind::blank, " ", "line separator"},
                                             {0x2029, OddKind::blank, " ", "paragraph separator"},
                                             {0x202f, OddKind::blank, " ", "narrow no-break space"},
                                             {0x205f, OddKind::blank, " ", "mathematical space"},
                                             {0x2060, OddKind::invisible, "", "word joiner"},
                                             {0x2212, OddKind::sign, "-", ""},
                                             {0x2260, OddKind::sign, "!=", ""},
                                             {0x2264, OddKind::sign, "<=", ""},
                                             {0x2265, OddKind::sign, ">=", ""},
                                             {0x3000, OddKind::blank, " ", "ideographic space"},
                                             {0x3001, OddKind::sign, ",", ""},
                                             {0x300c, OddKind::sign, "\"", ""},
                                             {0x300d, OddKind::sign, "\"", ""},
                                             {0x3010, OddKind::sign, "[", ""},
                                             {0x3011, OddKind::sign, "]", ""},
                                             {0xfeff, OddKind::invisible, "", "byte order mark"}}};

const Known* known_sign(char32_t code) {
  const auto* found = std::lower_bound(known_signs.begin(), known_signs.end(), code, [](const Known& k, char32_t c) { return k.code < c; });
  return found != known_signs.end() && found->code == code ? found : nullptr;
}

std::optional<OddSign> odd_sign_of(std::string_view text, const CodePoint& point, std::size_t at) {
  OddSign sign{at, point.value, OddKind::sign, std::string(text.substr(at, point.length)), {}};
  if (const Known* known = known_sign(point.value)) {
    sign.kind = known->kind;
    sign.plain = known->plain;
    return sign;
  }
  if (point.value >= 0x2000 && point.value <= 0x200a) {
    sign.kind = OddKind::blank;
    sign.plain = " ";
    return sign;
  }
  if (point.value < 0xff01 || point.value > 0xff5e) return std::nullopt;
  const char c = static_cast<char>(point.value - 0xff01 + 0x21);
  sign.kind = is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ? OddKind::letter : OddKind::sign;
  sign.plain = c;
  return sign;
}

std::string code_text(char32_t code) {
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), "U+%04X", static_cast<unsigned>(code));
  return out.data();
}

}  // namespace

std::optional<OddSign> odd_sign_in(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    if (point.length == 0) return std::nullopt;
    if (auto sign = point.length == 1 ? std::nullopt : odd_sign_of(text, point, at)) return sign;
    at += point.length;
  }
  return std::nullopt;
}

std::string name_of(const OddSign& sign) {
  const std::string code = code_text(sign.code);
  const Known* known = known_sign(sign.code);
  return known == nullptr || known->name.empty() ? code : code + " (" + std::string(known->name) + ")";
}

std::string remedy_for(const OddSign& sign) {
  if (sign.kind == OddKind::blank) return name_of(sign) + " looks like a blank and is none: write an ordinary one";
  if (sign.kind == OddKind::invisible) return name_of(sign) + " stands in it, which nobody sees: delete it, or write the word anew";
  const std::string what = "`" + sign.written + "` (" + name_of(sign) + ") is a full-width or foreign sign: ";
  return what + (sign.plain == ";" ? "leave it out" : "write `" + sign.plain + "`");
}

std::string odd_remedy(std::string_view text) {
  const auto sign = odd_sign_in(text);
  return sign ? remedy_for(*sign) : std::string();
}

std::string without_odd_signs(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (auto sign = odd_sign_in(text); sign; sign = odd_sign_in(text, done)) {
    out += text.substr(done, sign->offset - done);
    out += sign->plain;
    done = sign->end();
  }
  out += text.substr(done);
  const auto first = out.find_first_not_of(' ');
  return first == std::string::npos ? std::string() : out.substr(first, out.find_last_not_of(' ') - first + 1);
}

}  // namespace switchboard
