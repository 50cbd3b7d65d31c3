#include "cli/spelling.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>

namespace switchboard::cli {

namespace {

// Optimal string alignment: edits of single letters and swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) next[j] = std::min(next[j], before[j - 2] + 1);
    }
    before = row;
    row = next;
  }
  return row[b.size()];
}

bool looks_like_option(std::string_view argument) {
  if (argument == "-" || argument == "--" || argument == "-h") return true;
  return argument.starts_with("--") && argument.size() > 2 && std::isalpha(static_cast<unsigned char>(argument[2])) != 0;
}

}  // namespace

std::string nearest(std::string_view wanted, const std::vector<std::string>& words) {
  const std::string* best = nullptr;
  std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const std::string& word : words) {
    if (const std::size_t d = distance(wanted, word); d < best_distance) best = &word, best_distance = d;
  }
  return best == nullptr ? std::string() : *best;
}

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

}  // namespace switchboard::cli
