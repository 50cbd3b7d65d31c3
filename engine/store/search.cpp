#include "store/search.hpp"

#include <algorithm>

#include "switchboard/base/text.hpp"

namespace switchboard::store {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool separates(char c) { return c == ' ' || c == '-'; }

/// Letters small, full-width signs as those of ASCII, every blank as a space. What is not UTF-8 stays.
std::string in_one_width(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  const auto put = [&](char c) { out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c); };
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const std::size_t length = std::max<std::size_t>(1, point.length);
    const char32_t c = point.length == 0 ? 0 : point.value;
    if (c >= 0xff01 && c <= 0xff5e)
      put(static_cast<char>(c - 0xff01 + '!'));
    else if (c == 0x3000 || c == 0xa0 || (c >= 0x2000 && c <= 0x200b) || c == '\t' || c == '\n' || c == '\r')
      out.push_back(' ');
    else if (c >= 0x2010 && c <= 0x2015)
      out.push_back('-');
    else if (length == 1)
      put(text[at]);
    else
      out.append(text.substr(at, length));
    at += length;
  }
  return out;
}

void collect(const Value& v, const std::string& name, std::vector<Searched>& into) {
  if (const std::string* text = v.string()) {
    if (std::string value = folded(*text); !value.empty()) into.push_back({name, std::move(value)});
  } else if (const List* list = v.list()) {
    for (std::size_t i = 0; i < list->size(); ++i)
      if ((*list)[i].string() != nullptr) collect((*list)[i], name, into);
  }
}

}  // namespace

std::string folded(std::string_view text) {
  const std::string plain = in_one_width(text);
  std::string out;
  out.reserve(plain.size());
  for (std::size_t at = 0; at < plain.size();) {
    std::size_t end = at;
    while (end < plain.size() && separates(plain[end])) ++end;
    if (end == at) {
      out.push_back(plain[at++]);
      continue;
    }
    // At the end, too: what comes behind the beginning of a number may be its next digit.
    const bool in_number = !out.empty() && is_digit(out.back()) && (end == plain.size() || is_digit(plain[end]));
    for (std::size_t i = at; !in_number && i < end; ++i)
      if (plain[i] != ' ' || (!out.empty() && out.back() != ' ')) out.push_back(plain[i]);
    at = end;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  if (out.size() > most_searched_bytes) {
    std::size_t cut = most_searched_bytes;
    while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xc0u) == 0x80u) --cut;
    out.resize(cut);
  }
  return out;
}

std::vector<Searched> searched_of(const model::ExecutableProcess& process, const core::ProcessInstance& instance) {
  std::vector<Searched> all;
  for (const model::SlotIndex slot : process.searched)
    if (slot.value < instance.data.size()) collect(instance.data[slot.value], process.data[slot.value].name, all);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace switchboard::store
