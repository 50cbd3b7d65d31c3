// What begins cases: whether what comes gives a new case what it requires, and whether a thrown message says which case it begins.
#include <fmt/format.h>

#include "findings.hpp"
#include "loaded.hpp"

using namespace switchboard;

namespace {

/// "SB0471 node; ..." of those that this file is about.
std::string starts_found(const model::Diagnostics& all) {
  std::string out;
  for (const auto& d : all) {
    if (d.rule != "SB0470" && d.rule != "SB0471" && d.rule != "SB0472") continue;
    CHECK(d.severity == model::Severity::warning);
    CHECK(d.at.line != 0);
    CHECK_FALSE(d.hint.empty());
    out += (out.empty() ? "" : "; ") + d.rule + " " + d.element;
  }
  return out;
}

/// A process with one start event, one user task, an end.
std::string begun(const std::string& start, const std::string& data, const std::string& declared = "") {
  return fmt::format(
      "switchboard: 1\nprocess: begun\ndata: {}\n{}nodes:\n  s: {{type: startEvent, {}, next: a}}\n  a: {{type: userTask, next: e}}\n  e: {{type: "
      "endEvent}}\n",
      data, declared, start);
}

const std::string needs_area = "{text: string, area: {type: string, required: true}}";

std::string alone(const std::string& start, const std::string& data, const std::string& declared = "") {
  return starts_found(verify::check(load(begun(start, data, declared))));
}

/// What is found in a process that throws, beside `other`.
std::string thrown(const std::string& node, const std::string& declared, const model::Process& other) {
  const auto p = load(fmt::format(
      "switchboard: 1\nprocess: p\ndata: {{text: string, no: string}}\n{}nodes:\n  s: {{type: startEvent, next: t}}\n  t: {{{}, next: e}}\n"
      "  e: {{type: endEvent}}\n",
      declared, node));
  const model::Library none;
  return starts_found(verify::check_surroundings(p, {none, {}, {&p, &other}}));
}

}  // namespace

TEST_CASE("SB0471 a start event that its declared payload cannot start") {
  const std::string text_alone = "messages: {m: {payload: {text: string}}}\n";
  CHECK(alone("message: m", needs_area, text_alone) == "SB0471 s");
  CHECK(alone("message: m", needs_area, "messages: {m: {payload: {text: string, area: string}}}\n") == "");
  // What is not declared may carry anything.
  CHECK(alone("message: m", needs_area) == "");
  CHECK(alone("message: m", needs_area, "messages: {m: {name: {en: M}}}\n") == "");
  // A default, or the start event itself, may give it.
  CHECK(alone("message: m", "{text: string, area: {type: string, required: true, default: urban}}", text_alone) == "");
  CHECK(alone("message: m, out: {area: text}", needs_area, text_alone) == "");
  CHECK(alone("message: m, out: {text: text}", needs_area, text_alone) == "SB0471 s");
  CHECK(alone("signal: m", needs_area, "signals: {m: {payload: {text: string}}}\n") == "SB0471 s");
  CHECK(alone("timer: {every: 1 d}", needs_area) == "SB0471 s");
  CHECK(alone("timer: {every: 1 d}, out: {area: '\"urban\"'}", needs_area) == "");
  CHECK(alone("name: {en: plain}", needs_area) == "");
}

TEST_CASE("SB0470 a thrown message that starts cases and has no key") {
  const auto by_message = load(begun("message: m", "{text: string}"));
  const std::string node = "type: intermediateThrowEvent, message: m, in: {text: text}";
  CHECK(thrown(node, "", by_message) == "SB0470 t");
  CHECK(thrown("type: sendTask, message: m, in: {text: text}", "", by_message) == "SB0470 t");
  CHECK(thrown(node, "messages: {m: {payload: {text: string}}}\n", by_message) == "SB0470 t");
  CHECK(thrown(node, "messages: {m: {key: no, payload: {text: string}}}\n", by_message) == "");
  // Nobody begins with it: the number of the case is as good a key as any.
  CHECK(thrown(node, "", load(begun("message: other", "{text: string}"))) == "");
  // A signal has no key, and begins cases with numbers of their own.
  CHECK(thrown("type: intermediateThrowEvent, signal: m", "", load(begun("signal: m", "{text: string}"))) == "");
}

TEST_CASE("SB0472 something thrown that lacks what the started process requires") {
  const std::string keyed = "messages: {m: {key: no}}\n";
  const auto by_message = load(begun("message: m", needs_area));
  CHECK(thrown("type: intermediateThrowEvent, message: m, in: {text: text}", keyed, by_message) == "SB0472 t");
  CHECK(thrown("type: intermediateThrowEvent, message: m", keyed, by_message) == "SB0472 t");
  CHECK(thrown("type: intermediateThrowEvent, message: m, in: {text: text, area: text}", keyed, by_message) == "");
  CHECK(thrown("type: intermediateThrowEvent, signal: m", "", load(begun("signal: m", needs_area))) == "SB0472 t");
  CHECK(thrown("type: intermediateThrowEvent, signal: m", "", load(begun("signal: m, out: {area: '\"urban\"'}", needs_area))) == "");
}
