#include "exchange/xml.hpp"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "base/limits.hpp"

namespace switchboard::exchange::xml {

namespace {

constexpr char separator = '\n';  // between URI and name: cannot stand in either
constexpr std::string_view white = " \t\r\n";

/// "URI\nname" or "name".
std::pair<std::string, std::string> split(std::string_view name) {
  const std::size_t at = name.find(separator);
  if (at == std::string_view::npos) return {std::string(), std::string(name)};
  return {std::string(name.substr(0, at)), std::string(name.substr(at + 1))};
}

/// Moves `at` over `text`; columns count characters.
void walk(Position& at, std::string_view text) {
  for (const char c : text) {
    if (c == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      ++at.column;
    }
  }
}

/// Where attributes stand in a start tag, in their order.
std::vector<Position> places_in_tag(std::string_view tag, Position at) {
  std::vector<Position> out;
  std::size_t i = tag.find_first_of(white);
  std::size_t walked = 0;
  while (i < tag.size()) {
    const std::size_t name = tag.find_first_not_of(white, i);
    if (name == std::string_view::npos || tag[name] == '>' || tag[name] == '/') break;
    const std::size_t quote = tag.find_first_of("'\"", name);
    if (quote == std::string_view::npos) break;
    const std::size_t end = tag.find(tag[quote], quote + 1);
    if (end == std::string_view::npos) break;
    if (const std::string_view word = tag.substr(name, 6);
        !word.starts_with("xmlns=") && !word.starts_with("xmlns:") && !word.starts_with("xmlns ")) {
      walk(at, tag.substr(walked, name - walked));
      walked = name;
      out.push_back(at);
    }
    i = end + 1;
  }
  return out;
}

class Reader {
 public:
  Reader(std::string_view text, Tree& out) : text_(text), out_(out), parser_(XML_ParserCreateNS("UTF-8", separator)) {}

  /// The one finding, without its file; an empty rule: read.
  Finding run() {
    if (parser_ == nullptr) return {"SB0103", Severity::error, {}, {}, {}, "there is no memory left to read this text", {}, {}};
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), start, end);
    XML_SetCharacterDataHandler(parser_.get(), characters);
    XML_SetNamespaceDeclHandler(parser_.get(), declare, nullptr);
    XML_SetStartDoctypeDeclHandler(parser_.get(), doctype);
    if (XML_Parse(parser_.get(), text_.data(), static_cast<int>(text_.size()), XML_TRUE) == XML_STATUS_ERROR && refused_.rule.empty()) {
      const XML_Error code = XML_GetErrorCode(parser_.get());
      refuse("SB0160", fmt::format("the text is not valid XML: {}", XML_ErrorString(code)),
             "repair the text here or just before; the tool that wrote it can write it anew");
    }
    return refused_;
  }

 private:
  struct Free {
    void operator()(XML_Parser p) const { XML_ParserFree(p); }
  };

  [[nodiscard]] Position here() const {
    return {static_cast<std::uint32_t>(XML_GetCurrentLineNumber(parser_.get())),
            static_cast<std::uint32_t>(XML_GetCurrentColumnNumber(parser_.get()) + 1)};
  }

  void refuse(std::string rule, std::string message, std::string hint) {
    if (refused_.rule.empty()) refused_ = {std::move(rule), Severity::error, {}, here(), {}, std::move(message), std::move(hint), {}};
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  static void start(void* self, const XML_Char* name, const XML_Char** attributes) { static_cast<Reader*>(self)->open(name, attributes); }
  static void end(void* self, const XML_Char*) { static_cast<Reader*>(self)->close(); }
  static void characters(void* self, const XML_Char* text, int length) { static_cast<Reader*>(self)->add({text, static_cast<std::size_t>(length)}); }
  static void declare(void* self, const XML_Char* prefix, const XML_Char* uri) {
    static_cast<Reader*>(self)->out_.spaces.emplace(prefix == nullptr ? "" : prefix, uri == nullptr ? "" : uri);
  }
  static void doctype(void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    static_cast<Reader*>(self)->refuse("SB0161", "a document type (<!DOCTYPE ...>) is not accepted",
                                       "delete it: BPMN needs none, and entities are not expanded");
  }
  void open(std::string_view name, const XML_Char** attributes) {
    if (++elements_ > limits::xml_elements) return refuse("SB0103", fmt::format("more than {} elements", limits::xml_elements), "split the file");
    if (stack_.size() >= limits::xml_depth)
      return refuse("SB0103", fmt::format("elements nested deeper than {}", limits::xml_depth), "make it flatter");
    Element e;
    std::tie(e.space, e.name) = split(name);
    e.at = e.text_at = here();
    const auto from = static_cast<std::size_t>(std::max<XML_Index>(XML_GetCurrentByteIndex(parser_.get()), 0));
    const auto bytes = static_cast<std::size_t>(std::max(XML_GetCurrentByteCount(parser_.get()), 0));
    const std::vector<Position> places = places_in_tag(from < text_.size() ? text_.substr(from, bytes) : std::string_view(), e.at);
    for (std::size_t i = 0; attributes[2 * i] != nullptr; ++i) {
      Attribute a;
      std::tie(a.space, a.name) = split(attributes[2 * i]);
      a.value = attributes[2 * i + 1];
      a.at = i < places.size() ? places[i] : e.at;
      e.attributes.push_back(std::move(a));
    }
    stack_.push_back({std::move(e), false});
  }

  void close() {
    Element e = std::move(stack_.back().element);
    stack_.pop_back();
    if (stack_.empty())
      out_.root = std::move(e);
    else
      stack_.back().element.children.push_back(std::move(e));
  }

  void add(std::string_view text) {
    if (stack_.empty()) return;
    auto& [e, has_text] = stack_.back();
    if (!has_text)
      if (const std::size_t first = text.find_first_not_of(white); first != std::string_view::npos) {
        e.text_at = here();
        walk(e.text_at, text.substr(0, first));
        has_text = true;
      }
    e.text.append(text);
  }

  std::string_view text_;
  Tree& out_;
  std::unique_ptr<std::remove_pointer_t<XML_Parser>, Free> parser_;
  struct Open {
    Element element;
    bool has_text = false;
  };
  std::vector<Open> stack_;
  std::size_t elements_ = 0;
  Finding refused_;
};

/// UTF-16 and UTF-32, seen by their first bytes.
bool is_wide(std::string_view text) {
  const auto starts = [&](std::string_view bytes) { return text.starts_with(bytes); };
  return starts("\xFE\xFF") || starts("\xFF\xFE") || starts(std::string_view("\0<", 2)) || starts(std::string_view("<\0", 2)) ||
         starts(std::string_view("\0\0", 2));
}

/// What the first line says: the upper-case name of the encoding; empty when it says none.
std::string encoding_of(std::string_view text) {
  if (!text.starts_with("<?xml")) return {};
  const std::string_view line = text.substr(0, std::min(text.find("?>"), text.size()));
  const std::size_t word = line.find("encoding");
  const std::size_t quote = word == std::string_view::npos ? word : line.find_first_of("\"'", word);
  if (quote == std::string_view::npos) return {};
  const std::size_t end = line.find(line[quote], quote + 1);
  if (end == std::string_view::npos) return {};
  std::string name(line.substr(quote + 1, end - quote - 1));
  std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return name;
}

/// The characters of windows-1252 from 0x80 to 0x9F; 0: none.
constexpr std::array<std::uint16_t, 32> windows_1252{0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                                                     0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                                     0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

std::string in_utf8(std::string_view text, bool windows) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    std::uint32_t sign = static_cast<unsigned char>(c);
    if (windows && sign >= 0x80 && sign < 0xA0 && windows_1252[sign - 0x80] != 0) sign = windows_1252[sign - 0x80];
    if (sign >= 0x800) {
      out += static_cast<char>(0xE0U | (sign >> 12U));
      out += static_cast<char>(0x80U | ((sign >> 6U) & 0x3FU));
      out += static_cast<char>(0x80U | (sign & 0x3FU));
    } else if (sign >= 0x80) {
      out += static_cast<char>(0xC0U | (sign >> 6U));
      out += static_cast<char>(0x80U | (sign & 0x3FU));
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(white);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white) - first + 1);
}

const Attribute* Element::find(std::string_view attribute) const {
  const auto found = std::find_if(attributes.begin(), attributes.end(), [&](const Attribute& a) { return a.space.empty() && a.name == attribute; });
  return found == attributes.end() ? nullptr : &*found;
}

bool read(std::string_view text, std::string_view file, Tree& out, std::vector<Finding>& findings) {
  Finding refused;
  const auto refuse = [&](std::string rule, Position at, std::string message, std::string hint) {
    refused = {std::move(rule), Severity::error, {}, at, {}, std::move(message), std::move(hint), {}};
  };
  const std::string encoding = encoding_of(text);
  const bool latin = encoding == "ISO-8859-1" || encoding == "LATIN1" || encoding == "WINDOWS-1252" || encoding == "CP1252";
  const bool utf8 = encoding.empty() || encoding == "UTF-8" || encoding == "UTF8" || encoding == "US-ASCII" || encoding == "ASCII";
  if (text.size() > limits::file_bytes)
    refuse("SB0103", {}, fmt::format("{} bytes are too many: at most {} are read", text.size(), limits::file_bytes), "split the file");
  else if (is_wide(text))
    refuse("SB0160", {1, 1}, "the text is written in UTF-16 or UTF-32; UTF-8 is read", "save it as UTF-8: iconv -f UTF-16 -t UTF-8");
  else if (!latin && !utf8)
    refuse("SB0160", {1, 1},
           fmt::format("the text says that it is written in {}; UTF-8, ISO-8859-1 and windows-1252 are read", encoding.substr(0, 40)),
           "save it as UTF-8: iconv -f ENCODING -t UTF-8, and say `encoding=\"UTF-8\"` in its first line");
  else
    refused = latin ? Reader(in_utf8(text, encoding != "ISO-8859-1"), out).run() : Reader(text, out).run();
  if (refused.rule.empty()) return true;
  refused.file = file;
  findings.push_back(std::move(refused));
  return false;
}

}  // namespace switchboard::exchange::xml
