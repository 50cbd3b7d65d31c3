#include "feel/unicode.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_map>

#include "feel/utf8.hpp"

namespace switchboard::feel {
namespace {

constexpr char32_t last_code_point = 0x10ffff;

char32_t mapped(std::span<const CaseRun> runs, char32_t c) {
  const auto run = std::upper_bound(runs.begin(), runs.end(), c, [](char32_t v, const CaseRun& r) { return v < r.first; });
  if (run == runs.begin()) return c;
  const CaseRun& r = *(run - 1);
  if (c > r.last || (c - r.first) % r.step != 0) return c;
  return static_cast<char32_t>(static_cast<std::int32_t>(c) + r.delta);
}

std::string map_text(std::string_view text, char32_t (*map)(char32_t)) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    const char32_t to = map(c.value);
    if (to == c.value) {
      out.append(text.substr(at, c.length));
    } else {
      append_utf8(out, to);
    }
    at += c.length;
  }
  return out;
}

struct Block {
  std::string_view name;
  char32_t first;
  char32_t last;
};

constexpr std::array blocks{Block{"BasicLatin", 0x0, 0x7f},
                            Block{"Latin-1Supplement", 0x80, 0xff},
                            Block{"LatinExtended-A", 0x100, 0x17f},
                            Block{"LatinExtended-B", 0x180, 0x24f},
                            Block{"IPAExtensions", 0x250, 0x2af},
                            Block{"SpacingModifierLetters", 0x2b0, 0x2ff},
                            Block{"CombiningDiacriticalMarks", 0x300, 0x36f},
                            Block{"Greek", 0x370, 0x3ff},
                            Block{"GreekandCoptic", 0x370, 0x3ff},
                            Block{"Cyrillic", 0x400, 0x4ff},
                            Block{"CyrillicSupplement", 0x500, 0x52f},
                            Block{"Armenian", 0x530, 0x58f},
                            Block{"Hebrew", 0x590, 0x5ff},
                            Block{"Arabic", 0x600, 0x6ff},
                            Block{"Syriac", 0x700, 0x74f},
                            Block{"Thaana", 0x780, 0x7bf},
                            Block{"Devanagari", 0x900, 0x97f},
                            Block{"Bengali", 0x980, 0x9ff},
                            Block{"Gurmukhi", 0xa00, 0xa7f},
                            Block{"Gujarati", 0xa80, 0xaff},
                            Block{"Oriya", 0xb00, 0xb7f},
                            Block{"Tamil", 0xb80, 0xbff},
                            Block{"Telugu", 0xc00, 0xc7f},
                            Block{"Kannada", 0xc80, 0xcff},
                            Block{"Malayalam", 0xd00, 0xd7f},
                            Block{"Sinhala", 0xd80, 0xdff},
                            Block{"Thai", 0xe00, 0xe7f},
                            Block{"Lao", 0xe80, 0xeff},
                            Block{"Tibetan", 0xf00, 0xfff},
                            Block{"Myanmar", 0x1000, 0x109f},
                            Block{"Georgian", 0x10a0, 0x10ff},
                            Block{"HangulJamo", 0x1100, 0x11ff},
                            Block{"Ethiopic", 0x1200, 0x137f},
                            Block{"Cherokee", 0x13a0, 0x13ff},
                            Block{"UnifiedCanadianAboriginalSyllabics", 0x1400, 0x167f},
                            Block{"Ogham", 0x1680, 0x169f},
                            Block{"Runic", 0x16a0, 0x16ff},
                            Block{"Khmer", 0x1780, 0x17ff},
                            Block{"Mongolian", 0x1800, 0x18af},
                            Block{"LatinExtendedAdditional", 0x1e00, 0x1eff},
                            Block{"GreekExtended", 0x1f00, 0x1fff},
                            Block{"GeneralPunctuation", 0x2000, 0x206f},
                            Block{"SuperscriptsandSubscripts", 0x2070, 0x209f},
                            Block{"CurrencySymbols", 0x20a0, 0x20cf},
                            Block{"CombiningMarksforSymbols", 0x20d0, 0x20ff},
                            Block{"CombiningDiacriticalMarksforSymbols", 0x20d0, 0x20ff},
                            Block{"LetterlikeSymbols", 0x2100, 0x214f},
                            Block{"NumberForms", 0x2150, 0x218f},
                            Block{"Arrows", 0x2190, 0x21ff},
                            Block{"MathematicalOperators", 0x2200, 0x22ff},
                            Block{"MiscellaneousTechnical", 0x2300, 0x23ff},
                            Block{"ControlPictures", 0x2400, 0x243f},
                            Block{"OpticalCharacterRecognition", 0x2440, 0x245f},
                            Block{"EnclosedAlphanumerics", 0x2460, 0x24ff},
                            Block{"BoxDrawing", 0x2500, 0x257f},
                            Block{"BlockElements", 0x2580, 0x259f},
                            Block{"GeometricShapes", 0x25a0, 0x25ff},
                            Block{"MiscellaneousSymbols", 0x2600, 0x26ff},
                            Block{"Dingbats", 0x2700, 0x27bf},
                            Block{"BraillePatterns", 0x2800, 0x28ff},
                            Block{"CJKRadicalsSupplement", 0x2e80, 0x2eff},
                            Block{"KangxiRadicals", 0x2f00, 0x2fdf},
                            Block{"IdeographicDescriptionCharacters", 0x2ff0, 0x2fff},
                            Block{"CJKSymbolsandPunctuation", 0x3000, 0x303f},
                            Block{"Hiragana", 0x3040, 0x309f},
                            Block{"Katakana", 0x30a0, 0x30ff},
                            Block{"Bopomofo", 0x3100, 0x312f},
                            Block{"HangulCompatibilityJamo", 0x3130, 0x318f},
                            Block{"Kanbun", 0x3190, 0x319f},
                            Block{"BopomofoExtended", 0x31a0, 0x31bf},
                            Block{"EnclosedCJKLettersandMonths", 0x3200, 0x32ff},
                            Block{"CJKCompatibility", 0x3300, 0x33ff},
                            Block{"CJKUnifiedIdeographsExtensionA", 0x3400, 0x4dbf},
                            Block{"CJKUnifiedIdeographs", 0x4e00, 0x9fff},
                            Block{"YiSyllables", 0xa000, 0xa48f},
                            Block{"YiRadicals", 0xa490, 0xa4cf},
                            Block{"HangulSyllables", 0xac00, 0xd7af},
                            Block{"PrivateUse", 0xe000, 0xf8ff},
                            Block{"PrivateUseArea", 0xe000, 0xf8ff},
                            Block{"CJKCompatibilityIdeographs", 0xf900, 0xfaff},
                            Block{"AlphabeticPresentationForms", 0xfb00, 0xfb4f},
                            Block{"ArabicPresentationForms-A", 0xfb50, 0xfdff},
                            Block{"CombiningHalfMarks", 0xfe20, 0xfe2f},
                            Block{"CJKCompatibilityForms", 0xfe30, 0xfe4f},
                            Block{"SmallFormVariants", 0xfe50, 0xfe6f},
                            Block{"ArabicPresentationForms-B", 0xfe70, 0xfeff},
                            Block{"HalfwidthandFullwidthForms", 0xff00, 0xffef},
                            Block{"Specials", 0xfff0, 0xffff},
                            Block{"Emoticons", 0x1f600, 0x1f64f},
                            Block{"MiscellaneousSymbolsandPictographs", 0x1f300, 0x1f5ff},
                            Block{"CJKUnifiedIdeographsExtensionB", 0x20000, 0x2a6df}};

constexpr std::array<std::string_view, 30> category_names{"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
                                                          "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn"};

}  // namespace

char32_t to_upper(char32_t c) { return mapped(unicode_upper_runs(), c); }
char32_t to_lower(char32_t c) { return mapped(unicode_lower_runs(), c); }
std::string to_upper(std::string_view text) { return map_text(text, &to_upper); }
std::string to_lower(std::string_view text) { return map_text(text, &to_lower); }

void CharSet::add(char32_t first, char32_t last) {
  ranges_.push_back({first, last});
  sorted_ = false;
}

void CharSet::add(const CharSet& other) {
  ranges_.insert(ranges_.end(), other.ranges_.begin(), other.ranges_.end());
  sorted_ = false;
}

void CharSet::normalize() const {
  if (sorted_) return;
  sorted_ = true;
  std::sort(ranges_.begin(), ranges_.end(), [](const Range& a, const Range& b) { return a.first < b.first; });
  std::vector<Range> merged;
  for (const Range& r : ranges_) {
    if (!merged.empty() && r.first <= merged.back().last + 1) {
      merged.back().last = std::max(merged.back().last, r.last);
    } else {
      merged.push_back(r);
    }
  }
  ranges_ = std::move(merged);
}

void CharSet::complement() {
  normalize();
  std::vector<Range> out;
  char32_t next = 0;
  for (const Range& r : ranges_) {
    if (r.first > next) out.push_back({next, r.first - 1});
    next = r.last + 1;
  }
  if (next <= last_code_point) out.push_back({next, last_code_point});
  ranges_ = std::move(out);
}

void CharSet::remove(const CharSet& other) {
  complement();
  add(other);
  complement();
}

namespace {

/// Every character that has case, with the others that differ from it only in case.
const std::unordered_map<char32_t, std::vector<char32_t>>& all_case_variants() {
  static const auto all = [] {
    std::set<char32_t> cased;
    for (const auto runs : {unicode_upper_runs(), unicode_lower_runs()})
      for (const CaseRun& run : runs)
        for (char32_t c = run.first; c <= run.last; c += run.step) {
          cased.insert(c);
          cased.insert(static_cast<char32_t>(static_cast<std::int32_t>(c) + run.delta));
        }
    std::unordered_map<char32_t, std::vector<char32_t>> by_upper, by_lower, out;
    for (const char32_t c : cased) {
      by_upper[to_upper(c)].push_back(c);
      by_lower[to_lower(c)].push_back(c);
    }
    for (const char32_t c : cased) {
      std::set<char32_t> others(by_upper[to_upper(c)].begin(), by_upper[to_upper(c)].end());
      others.insert(by_lower[to_lower(c)].begin(), by_lower[to_lower(c)].end());
      others.erase(c);
      out[c].assign(others.begin(), others.end());
    }
    return out;
  }();
  return all;
}

}  // namespace

bool is_case_variant(char32_t a, char32_t b) { return to_lower(a) == to_lower(b) || to_upper(a) == to_upper(b); }

std::span<const char32_t> case_variants(char32_t c) {
  const auto found = all_case_variants().find(c);
  return found == all_case_variants().end() ? std::span<const char32_t>() : std::span<const char32_t>(found->second);
}

void CharSet::add_case_variants() {
  normalize();
  CharSet extra;
  for (const auto& [c, variants] : all_case_variants()) {
    if (!contains(c)) continue;
    for (const char32_t variant : variants) extra.add(variant, variant);
  }
  add(extra);
}

bool CharSet::contains(char32_t c) const {
  normalize();
  const auto above = std::upper_bound(ranges_.begin(), ranges_.end(), c, [](char32_t v, const Range& r) { return v < r.first; });
  return above != ranges_.begin() && c <= (above - 1)->last;
}

std::optional<CharSet> category_set(std::string_view name) {
  if (name.empty() || name.size() > 2) return std::nullopt;
  std::uint32_t wanted = 0;
  for (std::size_t i = 0; i < category_names.size(); ++i) {
    if (category_names[i].substr(0, name.size()) == name) wanted |= 1u << i;
  }
  if (wanted == 0) return std::nullopt;
  CharSet out;
  const auto runs = unicode_category_runs();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if ((wanted >> (runs[i] & 31u) & 1u) == 0) continue;
    const char32_t last = i + 1 < runs.size() ? (runs[i + 1] >> 5) - 1 : last_code_point;
    out.add(runs[i] >> 5, last);
  }
  return out;
}

std::optional<CharSet> block_set(std::string_view name) {
  if (!name.starts_with("Is")) return std::nullopt;
  name.remove_prefix(2);
  const auto found = std::find_if(blocks.begin(), blocks.end(), [&](const Block& b) { return b.name == name; });
  if (found == blocks.end()) return std::nullopt;
  CharSet out;
  out.add(found->first, found->last);
  return out;
}

}  // namespace switchboard::feel
