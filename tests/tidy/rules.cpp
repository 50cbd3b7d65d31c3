// docs/rules.md against the sources: every id that a source names has a section, and every section has an id that a source names. Every rule of room
// verify has a test.
#include <doctest/doctest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace fs = std::filesystem;

namespace {

const fs::path root = SWITCHBOARD_SOURCE_DIR;

/// The ids in a text, in order: SB and four digits, no more.
std::set<std::string> ids_in(std::string_view text) {
  std::set<std::string> ids;
  for (std::size_t at = text.find("SB"); at != std::string_view::npos; at = text.find("SB", at + 2)) {
    std::size_t digits = 0;
    while (at + 2 + digits < text.size() && std::isdigit(static_cast<unsigned char>(text[at + 2 + digits])) != 0) ++digits;
    if (digits == 4) ids.insert(std::string(text.substr(at, 6)));
  }
  return ids;
}

/// id -> the first file that names it outside comments that begin with `//`.
std::map<std::string, std::string> ids_under(const fs::path& folder, const std::set<std::string>& extensions) {
  std::map<std::string, std::string> ids;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || !extensions.contains(entry.path().extension().string())) continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);)
      for (const auto& id : ids_in(std::string_view(line).substr(0, line.find("//"))))
        ids.emplace(id, fs::relative(entry.path(), root).generic_string());
  }
  return ids;
}

/// id -> text of its section.
std::map<std::string, std::string> sections() {
  std::map<std::string, std::string> found;
  std::ifstream in(root / "docs/rules.md");
  std::string id;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("## ")) id.clear();
    if (line.starts_with("### ")) {
      id = line.substr(4, 6);
      const bool fresh = found.emplace(id, std::string{}).second;
      INFO("docs/rules.md: " << line);
      CHECK(ids_in(id).size() == 1);
      CHECK(fresh);
      continue;
    }
    if (!id.empty()) found[id] += line;
  }
  return found;
}

}  // namespace

TEST_CASE("every rule has a section in docs/rules.md, and every section a rule") {
  auto named = ids_under(root / "engine", {".cpp", ".hpp"});
  named.merge(ids_under(root / "bindings", {".cpp", ".hpp", ".c", ".h", ".py"}));
  CHECK(named.contains("SB1101"));
  const auto explained = sections();
  for (const auto& rule : named) {
    const std::string& id = rule.first;  // clang 14 captures no structured binding
    const std::string& file = rule.second;
    INFO(id << " (" << file << ") needs a section `### " << id << " ...` in docs/rules.md: what it means, why, how to mend it");
    CHECK(explained.contains(id));
  }
  for (const auto& section : explained) {
    const std::string& id = section.first;
    const std::string& text = section.second;
    INFO("docs/rules.md explains " << id << ", which no source names");
    CHECK(named.contains(id));
    CHECK_MESSAGE(!text.empty(), id << " has an empty section");
  }
  std::cout << "rules: " << named.size() << " ids, all explained\n";
}

TEST_CASE("every rule of room verify has a test") {
  const auto rules = ids_under(root / "engine/verify", {".cpp"});
  const auto tested = ids_under(root / "tests/verify", {".cpp", ".txt"});
  for (const auto& rule : rules) {
    const std::string& id = rule.first;
    const std::string& file = rule.second;
    INFO(id << " (" << file << ") is triggered by no test under tests/verify");
    CHECK(tested.contains(id));
  }
}
