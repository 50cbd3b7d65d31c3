// A designer breaks a shipped process. Each entry is one edit of the text, with every finding (advice apart) that must come of it: the rule, the
// place (the `^` in a piece of the edited text), words that the message and the remedy must have.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iostream>

#include "shipped.hpp"

using namespace switchboard;

namespace {

struct Expected {
  std::string rule;
  std::string at;  ///< a piece of the edited text, once in it, with `^` where the finding stands
  std::string message;
  std::string hint;
};

struct Breakage {
  std::string name;
  std::string file;
  std::string before;
  std::string after;
  std::vector<Expected> expected;
};

/// `\n`, `\t`, `\` and `\xHH` as what they stand for.
std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    if (c == 'x' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(text.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += c == 'n' ? '\n' : c == 't' ? '\t' : c;
    }
  }
  return out;
}

/// tests/verify/breakages.txt; its first paragraph says what the lines are.
std::vector<Breakage> read_breakages() {
  std::ifstream in(std::filesystem::path(SWITCHBOARD_SOURCE_DIR) / "tests/verify/breakages.txt", std::ios::binary);
  std::vector<Breakage> all;
  const auto behind = [](const std::string& line, std::string_view head) { return unescaped(line.substr(head.size())); };
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("# ")) {
      all.push_back({line.substr(2), {}, {}, {}, {}});
      REQUIRE(std::getline(in, all.back().file));
    } else if (all.empty() || line.empty() || line.starts_with("== ")) {
      continue;
    } else if (line.starts_with("- ")) {
      all.back().before = behind(line, "- ");
    } else if (line.starts_with("+ ")) {
      all.back().after = behind(line, "+ ");
    } else if (line.starts_with("SB")) {
      all.back().expected.push_back({line.substr(0, 6), behind(line, "SB0000 "), {}, {}});
    } else if (line.starts_with("  says ")) {
      all.back().expected.back().message = behind(line, "  says ");
    } else if (line.starts_with("  remedy ")) {
      all.back().expected.back().hint = behind(line, "  remedy ");
    } else {
      FAIL("breakages.txt: " << line);
    }
  }
  return all;
}

/// Line and column of the `^` in `marked`; 0:0 when the piece is not there exactly once.
model::Position place_of(const std::string& text, const std::string& marked) {
  const std::size_t caret = marked.find('^');
  const std::string piece = marked.substr(0, caret) + marked.substr(caret + 1);
  const std::size_t found = text.find(piece);
  if (found == std::string::npos || text.find(piece, found + 1) != std::string::npos) return {};
  model::Position at{1, 1};
  for (std::size_t i = 0; i < found + caret; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n')
      at = {at.line + 1, 1};
    else if ((byte & 0xC0U) != 0x80U)
      ++at.column;
  }
  return at;
}

std::size_t count(const std::string& text, const std::string& piece) {
  std::size_t n = 0;
  for (std::size_t at = text.find(piece); at != std::string::npos; at = text.find(piece, at + 1)) ++n;
  return n;
}

void hold(const testing::Shipped& shipped, const Breakage& b) {
  CAPTURE(b.name);
  std::string text = shipped.text(b.file);
  REQUIRE(count(text, b.before) == 1);
  text.replace(text.find(b.before), b.before.size(), b.after);
  model::Diagnostics found = shipped.check(text, b.file);
  std::erase_if(found, [](const auto& d) { return d.severity == model::Severity::advice; });
  std::string all;
  for (const auto& d : found) all += d.text() + "\n";
  CAPTURE(all);
  CHECK(found.size() == b.expected.size());
  for (std::size_t i = 0; i < std::min(found.size(), b.expected.size()); ++i) {
    CHECK(found[i].rule == b.expected[i].rule);
    CHECK(found[i].file == b.file);
    const model::Position at = place_of(text, b.expected[i].at);
    CAPTURE(b.expected[i].at);
    CHECK(at.line == found[i].at.line);
    CHECK(at.column == found[i].at.column);
    CHECK(found[i].message.find(b.expected[i].message) != std::string::npos);
    CHECK(found[i].hint.find(b.expected[i].hint) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("breakages of the shipped processes: each is found, at its place, once, with what to do") {
  const testing::Shipped shipped;
  const std::vector<Breakage> all = read_breakages();
  for (const Breakage& b : all) hold(shipped, b);
  std::cout << "breakages: " << all.size() << "\n";
  CHECK(all.size() >= 100);
}

TEST_CASE("the shipped processes unbroken: nothing but advice") {
  const testing::Shipped shipped;
  std::map<std::string, std::string> texts;
  for (const auto& [thing, file] : shipped.project().texts()) texts.emplace(file->what->file, file->what->text);
  for (const auto& [file, text] : texts) {
    const std::string name = std::filesystem::path(file).lexically_relative(testing::Shipped::root()).generic_string();
    if (name.find(".test.yaml") != std::string::npos) continue;
    for (const auto& d : shipped.check(text, name)) {
      CAPTURE(d.text());
      CHECK(d.severity == model::Severity::advice);
    }
  }
}

TEST_CASE("the shipped processes: every promise has a source, everything that people read has both languages") {
  const testing::Shipped shipped;
  const auto both = [](const model::Text& t) { return t.by_language.contains("en") && t.by_language.contains("zh"); };
  for (const std::string& id : shipped.project().process_ids()) {
    const model::Process& p = *shipped.project().process(id);
    CAPTURE(p.id);
    CHECK(both(p.name));
    for (const auto& k : p.sla) CHECK_MESSAGE((!k.source.empty() && both(k.name)), k.id);
    for (const auto& f : p.feedback) CHECK_MESSAGE((both(f.text) && both(f.name) && !f.channels.empty()), f.id);
    for (const auto& l : p.lanes) CHECK_MESSAGE((both(l.name) && !l.groups.empty()), l.id);
    for (const auto& d : p.data) CHECK_MESSAGE(both(d.label), d.name);
    for (const auto* declared : {&p.messages, &p.signals, &p.errors, &p.escalations})
      for (const auto& d : *declared) CHECK_MESSAGE(both(d.name), d.id);
    model::for_each_node(p.nodes, [&](const model::Node& n, const model::Node*) { CHECK_MESSAGE(both(n.name), n.id); });
  }
  for (const auto& entry : shipped.project().texts())
    if (const auto& table = entry.second->what->table)
      for (const auto& rule : table->table.rules) CHECK_MESSAGE(!rule.note.empty(), entry.first.second);
}
