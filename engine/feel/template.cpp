// Texts with {{holes}}.
#include "base/limits.hpp"
#include "feel/program.hpp"

namespace switchboard::feel {
namespace {

/// The end of the hole that begins at `at` (behind `{{`): the first `}}` outside strings and inner braces; npos when there is none.
std::size_t end_of_hole(std::string_view text, std::size_t at) {
  std::size_t braces = 0;
  bool in_string = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      ++braces;
    } else if (c == '}' && braces > 0) {
      --braces;
    } else if (c == '}' && text.substr(at, 2) == "}}") {
      return at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

std::variant<Template, std::vector<Problem>> compile_template(std::string_view text, const StaticScope& scope) {
  Template out;
  std::vector<Problem> problems;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t hole = text.find("{{", at);
    if (hole != at) out.parts.push_back({std::string(text.substr(at, hole == std::string_view::npos ? hole : hole - at)), {}});
    if (hole == std::string_view::npos) break;
    const std::size_t end = end_of_hole(text, hole + 2);
    if (end == std::string_view::npos) {
      problems.push_back({"SB0217", "`{{` is never closed", "close it with `}}`", static_cast<std::uint32_t>(hole), 2});
      break;
    }
    auto compiled = compile(text.substr(hole + 2, end - hole - 2), scope);
    if (auto* found = std::get_if<std::vector<Problem>>(&compiled)) {
      for (auto& p : *found) {
        p.offset += static_cast<std::uint32_t>(hole + 2);
        problems.push_back(std::move(p));
      }
    } else {
      out.parts.push_back({{}, std::get<Program>(std::move(compiled)), static_cast<std::uint32_t>(hole + 2)});
    }
    at = end + 2;
  }
  if (!problems.empty()) return problems;
  return out;
}

Evaluation Template::render(const Frame& frame) const {
  constexpr std::size_t usual_hole = 24;
  std::size_t size = 0;
  for (const Part& part : parts) size += part.text.size() + (part.hole ? usual_hole : 0);
  std::string text;
  text.reserve(size);
  Evaluation out;
  Run names(frame, 0, false);
  for (const Part& part : parts) {
    text += part.text;
    if (!part.hole) continue;
    if (const Value* there = part.hole.impl().root->peek(names); there != nullptr && there->string() != nullptr) {
      text += *there->string();
      continue;
    }
    const Evaluation v = part.hole.evaluate(frame);
    if (!v.value.is_null()) text += to_display(v.value);
    if (out.error.empty()) out.error = v.error;
    if (text.size() > limits::value_bytes) return {Value(), "the text is longer than allowed [SB0232]"};
  }
  out.value = Value(std::move(text));
  return out;
}

}  // namespace switchboard::feel
