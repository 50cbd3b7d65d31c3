// Runs every file under scripts/ and compares it with itself. SWITCHBOARD_REWRITE=1 writes what really happens, SWITCHBOARD_SCRIPT=10-cycles runs
// that one alone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "core/script.hpp"

namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string first_difference(const std::string& expected, const std::string& actual) {
  std::istringstream a(expected), b(actual);
  std::string x, y;
  for (int line = 1;; ++line) {
    const bool more_a = static_cast<bool>(std::getline(a, x)), more_b = static_cast<bool>(std::getline(b, y));
    if (!more_a && !more_b) return "only the ends of lines differ";
    if (more_a != more_b || x != y)
      return "line " + std::to_string(line) + "\n  expected: " + (more_a ? x : "<end>") + "\n  actual:   " + (more_b ? y : "<end>");
  }
}

}  // namespace

TEST_CASE("core scripts") {
  const bool rewrite = std::getenv("SWITCHBOARD_REWRITE") != nullptr;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(SWITCHBOARD_SOURCE_DIR) / "tests/core/scripts"))
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  CHECK(files.size() > 20);
  if (const char* only = std::getenv("SWITCHBOARD_SCRIPT")) {
    std::erase_if(files, [only](const fs::path& file) { return file.stem() != only; });
    CHECK(files.size() == 1);
  }
  for (const fs::path& file : files) {
    const std::string text = read(file);
    const auto run = switchboard::testing::run_script(text, file.filename().string());
    INFO(file.filename().string() << ": " << run.trouble);
    CHECK(run.trouble.empty());
    if (run.actual == text) continue;
    if (rewrite) {
      std::ofstream(file, std::ios::binary) << run.actual;
      MESSAGE("rewritten: " << file.filename().string());
    } else {
      FAIL_CHECK(file.filename().string() << ": " << first_difference(text, run.actual));
    }
  }
}
