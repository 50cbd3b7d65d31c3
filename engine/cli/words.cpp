#include "cli/words.hpp"

#include <cctype>

namespace switchboard::cli {

namespace {

bool looks_like_option(std::string_view argument) {
  if (argument == "-" || argument == "--" || argument == "-h") return true;
  return argument.starts_with("--") && argument.size() > 2 && std::isalpha(static_cast<unsigned char>(argument[2])) != 0;
}

}  // namespace

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::vector<std::string> literal_arguments(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  for (int i = argc - 1; i >= 1; --i) {
    const std::string argument = argv[i];
    const bool negative = argument.size() > 1 && argument.front() == '-' && !looks_like_option(argument);
    arguments.push_back(negative ? " " + argument : argument);
  }
  return arguments;
}

std::string as_given(const std::string& argument) { return argument.starts_with(" -") ? argument.substr(1) : argument; }

}  // namespace switchboard::cli
