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

std::string next_page(std::string_view cursor, std::string_view language) {
  return (language == "zh" ? "下一页：--after " : "next: --after ") + std::string(cursor);
}

std::string on_hold(std::string_view language) { return language == "zh" ? "暂停中" : "on hold"; }

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

std::string promised_by(const std::string& table, std::uint32_t row, const std::string& source, const std::string& edition,
                        const std::string& unverified) {
  std::vector<std::string> parts;
  if (!table.empty()) parts.push_back(row == 0 ? table : table + " row " + std::to_string(row));
  if (!source.empty()) parts.push_back(source);
  if (!edition.empty()) parts.push_back(edition);
  if (!unverified.empty()) parts.push_back(unverified == "unverified" ? unverified : "unverified: " + unverified);
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

}  // namespace switchboard::cli
