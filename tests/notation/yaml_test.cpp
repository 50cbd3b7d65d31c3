// The YAML reader by itself: kinds, places, refusals, bounds.
#include <doctest/doctest.h>

#include <ctime>
#include <string>

#include "base/limits.hpp"
#include "notation/load.hpp"
#include "notation/yaml.hpp"

using namespace switchboard;
using notation::yaml::answer;
using notation::yaml::Kind;

namespace {

std::string place(model::Position p) { return std::to_string(p.line) + ":" + std::to_string(p.column); }

/// Milliseconds of processor time that reading takes (other programs of the machine do not count).
double time_of(const std::string& text, std::string& said) {
  const std::clock_t start = std::clock();
  said = answer(text);
  return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

std::string repeated(std::string_view part, std::size_t times) {
  std::string out;
  out.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += part;
  return out;
}

}  // namespace

TEST_CASE("core schema: what is a number, a boolean, nothing, and what is text") {
  struct Case {
    const char* text;
    const char* json;
  };
  for (const Case& c : std::initializer_list<Case>{{"1", "1"},
                                                   {"-12", "-12"},
                                                   {"+3", "3"},
                                                   {"0.50", "0.5"},
                                                   {".5", "0.5"},
                                                   {"1.", "1"},
                                                   {"1e3", "1000"},
                                                   {"1.e2", "100"},
                                                   {"0x1F", "31"},
                                                   {"0o17", "15"},
                                                   {"017", "17"},
                                                   {"true", "true"},
                                                   {"False", "false"},
                                                   {"TRUE", "true"},
                                                   {"null", "null"},
                                                   {"~", "null"},
                                                   {"", "null"},
                                                   {"yes", "\"yes\""},
                                                   {"no", "\"no\""},
                                                   {"on", "\"on\""},
                                                   {"off", "\"off\""},
                                                   {"12:30", "\"12:30\""},
                                                   {"2026-03-12", "\"2026-03-12\""},
                                                   {"1_000", "\"1_000\""},
                                                   {"0x", "\"0x\""},
                                                   {"0b1", "\"0b1\""},
                                                   {"1.2.3", "\"1.2.3\""},
                                                   {"e3", "\"e3\""},
                                                   {"'1'", "\"1\""},
                                                   {"\"true\"", "\"true\""},
                                                   {"45 min", "\"45 min\""},
                                                   {"80%", "\"80%\""},
                                                   {"!!str 1", "\"1\""},
                                                   {"!!int 1", "1"},
                                                   {"string?", "\"string?\""},
                                                   {"[a?, b ? c]", "[\"a?\", \"b ? c\"]"},
                                                   {"'it''s'", "\"it's\""},
                                                   {"\"\\u6d3e\"", "\"派\""}}) {
    CAPTURE(c.text);
    CHECK(answer(std::string("k: ") + c.text + "\n") == std::string("{\"k\": ") + c.json + "}");
  }
}

TEST_CASE("places count lines and characters, not bytes") {
  const auto document = notation::yaml::read("# 派单\nname: {en: a, 中文: b}\ntext: |\n\n    first\n  \nlist:\n- \"q\"\n", "f");
  REQUIRE(document.root);
  const auto& root = *document.root;
  CHECK(place(root.entries[0].at) == "2:1");
  CHECK(place(root.entries[0].value.at) == "2:7");
  CHECK(place(root.entries[0].value.entries[1].at) == "2:15");
  CHECK(place(root.entries[0].value.entries[1].value.at) == "2:19");
  CHECK(place(root.entries[1].value.at) == "3:7");
  CHECK(place(root.entries[1].value.content_at) == "5:5");
  CHECK(root.entries[1].value.text == "\nfirst\n");
  CHECK(place(root.entries[2].value.items[0].at) == "8:3");
  CHECK(place(root.entries[2].value.items[0].content_at) == "8:4");
}

TEST_CASE("line breaks and byte order marks of other systems") {
  CHECK(answer("\xEF\xBB\xBF"
               "a: 1\r\nb: |\r\n  x\r\n  y\r\n") == "{\"a\": 1, \"b\": \"x\\ny\\n\"}");
  CHECK(answer("a: 1\rb: 2\r") == "{\"a\": 1, \"b\": 2}");
  CHECK(answer(std::string("\xFF\xFE"
                           "a\0:\0",
                           6))
            .rfind("refused: SB0102 1:1", 0) == 0);
  CHECK(answer("a: |\n  no line break at the end").rfind("{\"a\": \"no line break at the end\\n\"}", 0) == 0);
}

TEST_CASE("an alias is a copy, and keeps the place of its anchor") {
  const auto document = notation::yaml::read("a: &x {k: 1}\nb: *x\nc: [*x, *x]\n", "f");
  REQUIRE(document.root);
  CHECK(document.root->entries[2].value.items.size() == 2);
  CHECK(place(document.root->entries[1].value.entries[0].at) == "1:8");
  CHECK(answer("b: *unknown\n").rfind("refused: SB0101", 0) == 0);
}

TEST_CASE("both mistakes of a file with two duplicates are found") {
  const auto document = notation::yaml::read("a: 1\nb: {x: 1, x: 2}\na: 3\n", "f");
  REQUIRE(document.diagnostics.size() == 2);
  CHECK(document.diagnostics[0].rule == "SB0105");
  CHECK(place(document.diagnostics[1].at) == "3:1");
}

TEST_CASE("hostile files are refused within a second, with a reason") {
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'z'; ++c)
    bomb += std::string(1, c) + ": &" + c + " [" + repeated(std::string("*") + static_cast<char>(c - 1) + ", ", 10) + "x]\n";
  std::string wide;
  for (int i = 0; i < 300'000; ++i) wide += "k" + std::to_string(i) + ": 1\n";
  std::string deep_maps;
  for (std::size_t i = 0; i < 10'000; ++i) deep_maps += std::string(i, ' ') + "a:\n" + (i > 200 ? "x" : "");
  struct Case {
    const char* what;
    std::string text;
    const char* rule;
  };
  const std::vector<Case> cases{
      {"10,000 open lists", repeated("[", 10'000), "SB0103"},
      {"10,000 open maps", repeated("{a: ", 10'000), "SB0103"},
      {"10,000 dashes", repeated("- ", 10'000) + "x\n", "SB0103"},
      {"10,000 nested block maps", deep_maps, "SB0103"},
      {"alias bomb", bomb, "SB0103"},
      {"5 MB", "a: " + std::string(5u << 20, 'x') + "\n", "SB0103"},
      {"300,000 keys", wide, "SB0103"},
      {"a scalar of 4 MB", "a: " + std::string((4u << 20) - 10, 'x') + "\n", ""},
      {"4 MB of quotes", "a: \"" + std::string((4u << 20) - 10, 'x') + "\n", "SB0101"},
      {"4 MB of backslashes", "a: \"" + std::string((4u << 20) - 10, '\\') + "\n", "SB0101"},
      {"4 MB of question marks", "a: [" + std::string((4u << 20) - 10, '?') + "\n", "SB0104"},
      {"4 MB of colons", std::string((4u << 20) - 10, ':') + "\n", ""},
      {"4 MB of blank lines", "a: |\n" + std::string((4u << 20) - 10, '\n'), ""},
      {"4 MB of spaces", "a:" + std::string((4u << 20) - 10, ' ') + "b\n", ""},
      {"4 MB of comments", repeated("# comment\n", (4u << 20) / 10 - 2) + "a: 1\n", ""},
      {"4 MB of commas", "a: [" + std::string((4u << 20) - 10, ',') + "]\n", "SB0101"},
      {"a million anchors", repeated("- &a x\n", 500'000), "SB0103"},
      {"a key of 4 MB", std::string((4u << 20) - 10, 'k') + ": 1\n", "SB0103"},
      {"bad UTF-8", "a: \xC3\x28\n", "SB0102"},
      {"overlong UTF-8", "a: \xC0\xAF\n", "SB0102"},
      {"a surrogate", "a: \xED\xA0\x80\n", "SB0102"},
      {"NUL", std::string("a: x\0y\n", 7), "SB0102"},
      {"a bell", "a: \a\n", "SB0102"},
  };
  for (const Case& c : cases) {
    std::string said;
    const double ms = time_of(c.text, said);
    CAPTURE(c.what);
    CAPTURE(said.substr(0, 200));
    CHECK(ms < 20'000);  // bounded; a loaded or sanitized machine may take its time
    if (*c.rule != '\0') CHECK(said.rfind(std::string("refused: ") + c.rule, 0) == 0);
  }
}

TEST_CASE("kind_of") {
  CHECK(notation::kind_of("switchboard: 1\noverlay: x\n") == notation::FileKind::overlay);
  CHECK(notation::kind_of("switchboard: 1\nscenario: x\n") == notation::FileKind::scenario);
  CHECK(!notation::kind_of("- a\n"));
  CHECK(!notation::kind_of("a: [\n"));
}
