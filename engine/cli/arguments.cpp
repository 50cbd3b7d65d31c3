#include "cli/arguments.hpp"

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "base/plain_text.hpp"
#include "cli/utf8.hpp"

namespace switchboard::cli {

namespace {

constexpr std::size_t longest_line = 4096;  // bytes, of an argument that is one line and nothing that the engine keeps

/// What the engine keeps obeys the engine's own rule (base/plain_text.hpp).
constexpr std::array<std::string_view, 8> engine_names{"--case", "--by", "--organisation", "--group", "--key", "--request-id", "--worker", "--error"};
constexpr std::array<std::string_view, 2> engine_prose{"--reason", "--message"};

/// Texts that may have several lines and any length: what they mean is bounded elsewhere.
constexpr std::array<std::string_view, 4> texts{"--data", "--with", "--input", "EXPRESSION"};
/// Empty means something: one line without groups, no words of explanation.
constexpr std::array<std::string_view, 3> may_be_empty{"report --by", "--reason", "--message"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& all, std::string_view name) {
  return std::find(all.begin(), all.end(), name) != all.end();
}

Error refused(const std::string& name, std::string_view what, std::string hint) {
  return Error{ErrorKind::usage, "SB0723", fmt::format("{} {}", name, what), {}, std::move(hint)};
}

bool has_control(std::string_view text) {
  while (!text.empty()) {
    if (is_control(take_code_point(text))) return true;
  }
  return false;
}

Result<void> check_argument(const CLI::App& verb, const CLI::Option& option, const std::string& text) {
  const std::string name = option.get_name();
  const bool is_option = name.starts_with("-");
  if (text.empty() && is_option && !is_one_of(may_be_empty, name) && !is_one_of(may_be_empty, verb.get_name() + " " + name))
    return refused(name, "is empty", "leave it out, or give it a value: is a variable of the shell not set?");
  if (!is_utf8(text)) return refused(name, "is not UTF-8", "write it in UTF-8: `locale` shows what this terminal writes");
  if (is_one_of(texts, name)) return success();
  const bool is_name = is_one_of(engine_names, name);
  if (is_name || is_one_of(engine_prose, name)) {
    const auto usable = check_text(name, text, is_name ? TextKind::name : TextKind::prose);
    if (!usable) return Error{ErrorKind::usage, "SB0723", usable.error().message, {}, usable.error().hint};
    return success();
  }
  if (has_control(text)) return refused(name, "has a control character in it (a line end, ESC, ...)", "leave it out: this is one line of plain text");
  if (text.size() > longest_line) return refused(name, fmt::format("has {} bytes; at most {} are allowed", text.size(), longest_line), "shorten it");
  return success();
}

}  // namespace

Result<void> check_arguments(const CLI::App& app) {
  for (const CLI::App* level = &app;;) {
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& text : option->results()) {
        SB_TRYV(check_argument(*level, *option, text));
      }
    }
    const auto chosen = level->get_subcommands();
    if (chosen.empty()) return success();
    level = chosen.front();
  }
}

}  // namespace switchboard::cli
