// What looks like a hole of a text and is none: it goes out as it is written (SB0449).
#include <fmt/format.h>

#include <algorithm>

#include "switchboard/base/text.hpp"
#include "verify/expressions.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

constexpr std::string_view wide_open = "｛";
constexpr std::string_view wide_close = "｝";
constexpr std::size_t longest_name = 100;

/// What stands between what opens at `at` and the next `close`, when it is short, on one line and may be an expression.
std::optional<std::string_view> enclosed(std::string_view text, std::size_t at, std::string_view close) {
  const std::size_t end = text.find(close, at);
  if (end == std::string_view::npos || end == at || end - at > longest_name) return std::nullopt;
  std::string_view inner = text.substr(at, end - at);
  if (inner.find_first_of("{}\n\"") != std::string_view::npos) return std::nullopt;
  while (!inner.empty() && inner.front() == ' ') inner.remove_prefix(1);
  while (!inner.empty() && inner.back() == ' ') inner.remove_suffix(1);
  if (inner.empty()) return std::nullopt;
  return inner;
}

struct Likeness {
  std::size_t at = 0;
  std::string shown;
  std::string meant;
};

/// The first thing outside holes that looks like one.
std::optional<Likeness> look_alike(std::string_view text) {
  const auto made = [&](std::size_t at, std::string_view inner, std::string_view close) {
    const std::size_t end = text.find(close, at + 1);
    return Likeness{at, std::string(text.substr(at, std::min(end + close.size(), text.size()) - at)), fmt::format("{{{{{}}}}}", inner)};
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("{{")) {
      const std::size_t end = text.find("}}", at + 2);
      if (end == std::string_view::npos) return std::nullopt;  // told as SB0217
      const std::string_view inner = text.substr(at + 2, end - at - 2);
      if (const std::size_t single = inner.find('}'); single != std::string_view::npos && inner.find_first_of("{\"") > single)
        return Likeness{at, std::string(text.substr(at, single + 3)), fmt::format("{{{{{}}}}}", inner.substr(0, single))};
      at = end + 1;
      continue;
    }
    if (rest.starts_with("}}")) return Likeness{at, "}}", "{{...}}"};
    const bool is_of_others = rest.starts_with("${") || rest.starts_with("#{");
    if (is_of_others || rest.starts_with("{")) {
      if (const auto inner = enclosed(text, at + (is_of_others ? 2 : 1), "}")) return made(at, *inner, "}");
      if (is_of_others) return Likeness{at, std::string(rest.substr(0, 2)), "{{...}}"};
      continue;
    }
    if (!rest.starts_with(wide_open)) continue;
    std::size_t begin = at;
    while (text.substr(begin).starts_with(wide_open)) begin += wide_open.size();
    if (const auto inner = enclosed(text, begin, wide_close)) {
      Likeness found = made(at, *inner, wide_close);
      if (text.substr(found.at + found.shown.size()).starts_with(wide_close)) found.shown += wide_close;
      return found;
    }
  }
  return std::nullopt;
}

/// A hole in a string of an expression: nothing fills it. The place of its quotation mark and what is in it.
std::optional<Likeness> hole_in_string(std::string_view text) {
  for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
    if (end >= text.size()) return std::nullopt;
    const std::string_view inner = text.substr(at + 1, end - at - 1);
    const std::size_t open = inner.find("{{");
    const std::size_t close = open == std::string_view::npos ? open : inner.find("}}", open);
    if (close != std::string_view::npos && close > open + 2)
      return Likeness{at + 1 + open, std::string(inner.substr(open, close + 2 - open)),
                      fmt::format("\"...\" + string({})", inner.substr(open + 2, close - open - 2))};
    at = end;
  }
  return std::nullopt;
}

}  // namespace

void check_holes(const model::Process& process, Findings& findings) {
  for (const auto& f : process.feedback)
    for (const auto& [language, text] : f.text.by_language) {
      const auto found = look_alike(text);
      if (!found) continue;
      const auto at = f.text_positions.find(language);
      findings.warning("SB0449", place_in({text, at == f.text_positions.end() ? f.text_at : at->second}, found->at), f.id,
                       fmt::format("`{}` is no hole: it goes out as it is written", found->shown), fmt::format("write `{}`", found->meant));
    }
  for_each_use(process, [&](const Use& use) {
    if (const auto found = hole_in_string(use.expr.text))
      findings.warning("SB0449", place_in(use.expr, found->at), use.element,
                       fmt::format("`{}` is no hole: only the texts of feedback have some", found->shown), fmt::format("write `{}`", found->meant));
  });
}

}  // namespace switchboard::verify
