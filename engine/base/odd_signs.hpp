// Characters that look like another one, or like none: what keyboards, word processors and web pages put in the place of ASCII.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard {

enum class OddKind : std::uint8_t {
  blank,      ///< looks like a blank and is none: U+00A0, U+3000
  invisible,  ///< nobody sees it: U+200B, U+FEFF
  sign,       ///< full-width punctuation, quotation marks, mathematical signs
  letter,     ///< a full-width digit or letter
};

struct OddSign {
  std::size_t offset = 0;
  char32_t code = 0;
  OddKind kind = OddKind::sign;
  std::string written;
  std::string plain;  ///< what to write in its place; empty: nothing
  [[nodiscard]] std::size_t end() const { return offset + written.size(); }
};

/// The first one at or behind byte `from`; nothing where the text has none or is no UTF-8.
[[nodiscard]] std::optional<OddSign> odd_sign_in(std::string_view text, std::size_t from = 0);

/// "U+00A0 (no-break space)".
[[nodiscard]] std::string name_of(const OddSign& sign);

/// "`，` (U+FF0C) is a full-width or foreign sign: write `,`".
[[nodiscard]] std::string remedy_for(const OddSign& sign);

/// What to write when `text` has an odd sign, else empty: the remedy for its first one.
[[nodiscard]] std::string odd_remedy(std::string_view text);

/// `text` with what is meant in the place of every odd sign.
[[nodiscard]] std::string without_odd_signs(std::string_view text);

}  // namespace switchboard
