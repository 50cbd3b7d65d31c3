// tests/feel/scripts/*.feel: one expression a line, the expected value behind the last `// `. SWITCHBOARD_SCRIPT=lists runs lists.feel alone.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "feel/feel.hpp"

using namespace switchboard;
using namespace switchboard::feel;

namespace {

struct Line {
  std::string expression;
  std::string expected;
};

Line split_line(const std::string& line) {
  const auto at = line.rfind("// ");
  if (at == std::string::npos || at == 0) return {};
  Line out{line.substr(0, at), line.substr(at + 3)};
  out.expression.erase(out.expression.find_last_not_of(' ') + 1);
  out.expected.erase(out.expected.find_last_not_of(" \r") + 1);
  return out;
}

/// What a line gives: the value's FEEL text, or `error: ` and the text of the first problem.
std::string outcome(const std::string& expression, bool lenient) {
  StaticScope scope;
  scope.names = {
      {"amount", Type(Type::Kind::number), 0}, {"area", Type(Type::Kind::string), 1}, {"Full Name", Type(Type::Kind::string), 2}, {"any", Type(), 3}};
  const Value slots[] = {150, "urban", "Ann Lee", Value(Context{{"x y", 1}})};
  CompileOptions options;
  options.type_check = !lenient;
  options.unknown_names_are_null = lenient;
  const auto compiled = compile(expression, scope, options);
  if (const auto* problems = std::get_if<std::vector<Problem>>(&compiled)) return "error: " + problems->front().id + " " + problems->front().message;
  Frame frame;
  frame.slots = slots;
  frame.now = parse_instant("2026-03-12T08:30:00Z");
  frame.zone = "Asia/Shanghai";
  return to_feel(std::get<Program>(compiled).evaluate(frame).value);
}

}  // namespace

TEST_CASE("feel: scripts") {
  std::size_t lines = 0;
  const char* only = std::getenv("SWITCHBOARD_SCRIPT");
  for (const auto& file : std::filesystem::directory_iterator(std::string(SWITCHBOARD_SOURCE_DIR) + "/tests/feel/scripts")) {
    if (file.path().extension() != ".feel" || (only != nullptr && file.path().stem() != only)) continue;
    // What a script says about problems is checked in the strict mode only;
    const bool strict = file.path().filename().string().starts_with("strict_");
    std::ifstream in(file.path());
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
      const Line l = split_line(line);
      if (l.expression.empty()) continue;
      ++lines;
      CHECK_MESSAGE(outcome(l.expression, !strict) == l.expected, file.path().filename().string() << ":" << number << ": " << l.expression);
    }
  }
  CHECK(lines > (only == nullptr ? 40 : 0));
}
