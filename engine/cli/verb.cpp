#include "cli/verb.hpp"

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include "cli/words.hpp"
#include "model/diagnostic.hpp"

namespace switchboard::cli {

CLI::App* add_subcommand(CLI::App& app, Action& action, const char* group, const char* name, const char* about, Action run) {
  CLI::App* sub = app.add_subcommand(name, about);
  sub->group(group);
  sub->callback([&action, run = std::move(run)] { action = run; });
  return sub;
}

namespace {

bool is_whole(const std::string& text, std::size_t most_digits) {
  return !text.empty() && text.size() <= most_digits && text.find_first_not_of("0123456789") == std::string::npos;
}

}  // namespace

Check positive() {
  return [](const std::string& text) {
    constexpr std::size_t most_digits = 18;
    const bool good = is_whole(text, most_digits) && text.find_first_not_of('0') != std::string::npos;
    return good ? std::string() : fmt::format("'{}' is not a whole number above 0", as_given(text));
  };
}

Check whole_to(std::uint64_t most) {
  return [most](const std::string& text) {
    constexpr std::size_t most_digits = 18;
    const bool good = is_whole(text, most_digits) && std::stoull(text) <= most;
    return good ? std::string() : fmt::format("'{}' is not a whole number from 0 to {}", as_given(text), most);
  };
}

Check one_of(std::vector<std::string> words) {
  return [words = std::move(words)](const std::string& text) {
    if (std::find(words.begin(), words.end(), text) != words.end()) return std::string();
    const std::string near = model::nearest_name(text, words);
    return fmt::format("'{}' is none of {}{}", text, join(words), near.empty() ? "" : fmt::format(", did you mean '{}'?", near));
  };
}

}  // namespace switchboard::cli
