// SB0449: what looks like a hole of a text and is none.
#include <fmt/format.h>

#include "findings.hpp"
#include "notation/load.hpp"

using namespace switchboard;

namespace {

/// "message | remedy" of each SB0449.
std::string holes(const std::string& text, const std::string& value = "1") {
  auto loaded = notation::load_process(
      fmt::format("switchboard: 1\nprocess: p\ndata: {{name: string}}\nmessages: {{m: {{key: name, payload: {{text: string}}}}}}\nnodes:\n"
                  "  s: {{type: startEvent, next: e}}\n  e: {{type: endEvent, message: m, in: {{text: '{}'}}}}\n"
                  "feedback:\n  told: {{on: {{completed: s}}, channels: [sms], text: '{}'}}\n",
                  value, text),
      "p.yaml");
  for (const auto& d : loaded.diagnostics) MESSAGE(d.text());
  REQUIRE(loaded.value);
  std::string out;
  for (const auto& d : verify::check(*loaded.value))
    if (d.rule == "SB0449") {
      CHECK(d.at.line != 0);
      out += fmt::format("{}{} | {}", out.empty() ? "" : "\n", d.message, d.hint);
    }
  return out;
}

}  // namespace

TEST_CASE("SB0449 what looks like a hole goes out as it is written") {
  const auto none = [](const std::string& shown) {
    return fmt::format("`{}` is no hole: it goes out as it is written | write `{{{{name}}}}`", shown);
  };
  CHECK(holes("Dear {name}") == none("{name}"));
  CHECK(holes("Dear ${name},") == none("${name}"));
  CHECK(holes("Dear #{name}.") == none("#{name}"));
  CHECK(holes("Dear ${name[\"a\"]}").starts_with("`${` is no hole"));
  CHECK(holes("until ${due").starts_with("`${` is no hole"));
  CHECK(holes("Dear {{name}}, {name}") == none("{name}"));
  CHECK(holes("尊敬的｛｛name｝｝") == none("｛｛name｝｝"));
  CHECK(holes("尊敬的｛name｝") == none("｛name｝"));
  CHECK(holes("Dear name}}").starts_with("`}}` is no hole"));
  CHECK(holes("Dear {{name}}") == "");
  CHECK(holes("Dear {{if name = \"x\" then \"}\" else name}}") == "");
  CHECK(holes("a { b, c } d: {}") == "`{ b, c }` is no hole: it goes out as it is written | write `{{b, c}}`");
}

TEST_CASE("SB0449 only the texts of feedback have holes") {
  CHECK(holes("x", "\"Dear {{name}}\"") == "`{{name}}` is no hole: only the texts of feedback have some | write `\"...\" + string(name)`");
  CHECK(holes("x", "\"Dear \" + name") == "");
  CHECK(holes("x", "string({a: {b: 1}})") == "");
}
