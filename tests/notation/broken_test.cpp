// Every file under broken/ holds mistakes of a designer. Its first lines say what must be found: `# expect: RULE LINE:COLUMN TEXT`, all of it and
// nothing else.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <sstream>

#include "notation/load.hpp"

using namespace switchboard;
namespace fs = std::filesystem;

namespace {

model::Diagnostics load_any(const std::string& text, const std::string& file) {
  using notation::FileKind;
  switch (notation::kind_of(text).value_or(FileKind::process)) {
    case FileKind::calendar: return notation::load_calendar(text, file).diagnostics;
    case FileKind::decision: return notation::load_decision(text, file).diagnostics;
    case FileKind::overlay: return notation::load_overlay(text, file).diagnostics;
    case FileKind::organisations: return notation::load_organisations(text, file).diagnostics;
    case FileKind::test: return notation::load_test_suite(text, file).diagnostics;
    case FileKind::contract: return notation::load_contract(text, file).diagnostics;
    case FileKind::collaboration: return notation::load_collaboration(text, file).diagnostics;
    case FileKind::registers: return notation::load_register(text, file).diagnostics;
    case FileKind::process:
    case FileKind::scenario: break;
  }
  return notation::load_process(text, file).diagnostics;
}

std::vector<std::string> expectations(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  const std::string prefix = "# expect: ";
  for (std::string line; std::getline(in, line) && line.rfind(prefix, 0) == 0;) out.push_back(line.substr(prefix.size()));
  return out;
}

std::string as_expectation(const model::Diagnostic& d) {
  return d.rule + " " + std::to_string(d.at.line) + ":" + std::to_string(d.at.column) + " " + d.message + (d.hint.empty() ? "" : " (" + d.hint + ")");
}

/// Rule and place must agree; the text must be a part of what is said.
bool agrees(const std::string& found, const std::string& expected) {
  const auto place_end = [](const std::string& s) { return s.find(' ', s.find(' ') + 1); };
  const std::size_t end = place_end(expected);
  if (end == std::string::npos) return found.substr(0, place_end(found)) == expected;
  return found.substr(0, end + 1) == expected.substr(0, end + 1) && found.find(expected.substr(end + 1), end) != std::string::npos;
}

}  // namespace

TEST_CASE("broken files: each mistake is found, at its place, and nothing else") {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(SWITCHBOARD_SOURCE_DIR) / "tests/notation/broken"))
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    CAPTURE(file.filename().string());
    const std::string text = notation::read_file(file).value();
    const std::vector<std::string> expected = expectations(text);
    const model::Diagnostics found = load_any(text, file.filename().string());
    std::string all;
    for (const auto& d : found) all += d.text() + "\n";
    CAPTURE(all);
    CHECK(!expected.empty());
    CHECK(found.size() == expected.size());
    for (std::size_t i = 0; i < std::min(found.size(), expected.size()); ++i) {
      CAPTURE(expected[i]);
      CHECK(agrees(as_expectation(found[i]), expected[i]));
      CHECK(!found[i].file.empty());
    }
  }
  std::cout << "broken files: " << files.size() << "\n";
  CHECK(files.size() >= 100);
}
