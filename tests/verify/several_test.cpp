// Events with several definitions, complex gateways, ad-hoc sub-processes and what begins a case: shapes, and the token game.
#include <ctime>

#include "findings.hpp"
#include "notation/load.hpp"

using switchboard::testing::finding;
using switchboard::testing::findings;

namespace {

/// Of nodes that are given in YAML, between a start `s` and an end `e` when they name these.
switchboard::model::Process several_of(const std::string& nodes) {
  const auto loaded = switchboard::notation::load_process("switchboard: 1\nprocess: p\ndata: {x: boolean, n: number}\nnodes:\n" + nodes, "p.yaml");
  for (const auto& d : loaded.diagnostics) FAIL_CHECK(d.text());
  REQUIRE(loaded.value.has_value());
  return *loaded.value;
}
/// Without what is said of names that nobody uses.
std::string of(const std::string& nodes) {
  std::string out;
  for (const auto& d : switchboard::verify::check_graph(several_of(nodes)))
    if (d.severity != switchboard::model::Severity::advice)
      out += fmt::format("{}{}{} {}", out.empty() ? "" : "; ", d.rule, d.severity == switchboard::model::Severity::error ? "!" : "", d.element);
  return out;
}
std::string said(const std::string& nodes, std::string_view rule) {
  for (const auto& d : switchboard::verify::check_graph(several_of(nodes)))
    if (d.rule == rule) return d.message;
  return {};
}

constexpr const char* two_of_three = R"(
  s: {type: startEvent, next: split}
  split: {type: parallelGateway, next: [a, b, c]}
  a: {type: userTask, next: join}
  b: {type: userTask, next: join}
  c: {type: userTask, next: join}
)";

}  // namespace

TEST_CASE("a complex gateway that goes off and is reset is sound") {
  const std::string end = "  e: {type: endEvent}\n";
  CHECK(of(two_of_three + std::string("  join: {type: complexGateway, activate: activationCount >= 2, next: e}\n") + end).empty());
  CHECK(of(two_of_three + std::string("  join: {type: complexGateway, activate: n > 2 and activationCount >= 1, next: e}\n") + end).empty());
  CHECK(of(two_of_three +
           std::string("  join: {type: complexGateway, activate: activationCount = 3, next: [{if: waitingForStart, to: f}, {else: e}]}\n"
                       "  f: {type: userTask, next: e}\n") +
           end)
            .empty());
}

TEST_CASE("SB0410 a complex gateway that can never go off") {
  const std::string text =
      two_of_three + std::string("  join: {type: complexGateway, activate: activationCount >= 4, next: e}\n  e: {type: endEvent}\n");
  CHECK(of(text) == "SB0410! join");
}

TEST_CASE("SB0410 a branch that ends elsewhere leaves too few tokens for a complex gateway") {
  CHECK(of(R"(
  s: {type: startEvent, next: split}
  split: {type: parallelGateway, next: [a, b]}
  a: {type: userTask, next: join}
  b: {type: userTask, next: way}
  way: {type: exclusiveGateway, next: [{if: x, to: join}, {else: gone}]}
  gone: {type: endEvent}
  join: {type: complexGateway, activate: activationCount = 2, next: e}
  e: {type: endEvent}
)") == "SB0410! join");
}

TEST_CASE("SB0411 both phases of a complex gateway lead to one task") {
  CHECK(of(two_of_three + std::string("  join: {type: complexGateway, activate: activationCount >= 1, next: [{if: waitingForStart, to: f}, {if: "
                                      "not(waitingForStart), to: f}]}\n"
                                      "  f: {type: userTask, next: e}\n  e: {type: endEvent}\n")) == "SB0411 f");
}

TEST_CASE("SB0410 a parallel join behind a complex gateway waits for a flow of the other phase") {
  // The reset always comes, so both flows get their token.
  CHECK(of(two_of_three + std::string("  join: {type: complexGateway, activate: activationCount >= 1, next: [{if: waitingForStart, to: f}, {if: "
                                      "not(waitingForStart), to: g}]}\n"
                                      "  f: {type: userTask, next: both}\n  g: {type: userTask, next: both}\n"
                                      "  both: {type: parallelGateway, next: e}\n  e: {type: endEvent}\n"))
            .empty());
  CHECK(of(two_of_three +
           std::string(
               "  join: {type: complexGateway, activate: activationCount >= 1, next: [{if: waitingForStart, to: f}, {if: x, to: g}, {else: g}]}\n"
               "  f: {type: userTask, next: both}\n  g: {type: userTask, next: both}\n"
               "  both: {type: parallelGateway, next: e}\n  e: {type: endEvent}\n"))
            .find("SB041") != std::string::npos);
}

TEST_CASE("a complex gateway in a loop") {
  CHECK(of(R"(
  s: {type: startEvent, next: m}
  m: {type: exclusiveGateway, next: split}
  split: {type: parallelGateway, next: [a, b]}
  a: {type: userTask, next: join}
  b: {type: userTask, next: join}
  join: {type: complexGateway, activate: activationCount = 2, next: again}
  again: {type: exclusiveGateway, next: [{if: x, to: m}, {else: e}]}
  e: {type: endEvent}
)")
            .empty());
}

TEST_CASE("an ad-hoc sub-process is sound by itself") {
  CHECK(of(R"(
  s: {type: startEvent, next: v}
  v:
    type: adHocSubProcess
    completionCondition: x
    next: e
    nodes:
      a: {type: userTask, next: j}
      b: {type: userTask, next: j}
      j: {type: parallelGateway, next: c}
      c: {type: userTask}
      d: {type: userTask, boundary: {late: {timer: {after: 1 h}, next: f}}}
      f: {type: userTask}
  e: {type: endEvent}
)")
            .empty());
  CHECK(of(R"(
  s: {type: startEvent, next: v}
  v:
    type: adHocSubProcess
    sequential: true
    next: e
    nodes:
      a: {type: userTask, next: j}
      b: {type: userTask, next: j}
      j: {type: parallelGateway, next: c}
      c: {type: userTask}
  e: {type: endEvent}
)") == "SB0410! v/j");
}

TEST_CASE("SB0417 the body of an ad-hoc sub-process") {
  CHECK(of(R"(
  s: {type: startEvent, next: v}
  v:
    type: adHocSubProcess
    next: e
    nodes:
      in: {type: startEvent, next: a}
      a: {type: userTask, next: out}
      out: {type: endEvent}
  e: {type: endEvent}
)")
            .find("SB0417! v/in") != std::string::npos);
  CHECK(of(R"(
  s: {type: startEvent, next: v}
  v:
    type: adHocSubProcess
    next: e
    nodes:
      a: {type: userTask, next: b}
      b: {type: userTask, next: a}
  e: {type: endEvent}
)")
            .find("SB0417! v") != std::string::npos);
}

TEST_CASE("SB0416 event definitions that do not go together") {
  const auto boundary = [](const std::string& event) {
    return "  s: {type: startEvent, next: a}\n  a: {type: userTask, next: e, boundary: {b: {" + event + ", next: e}}}\n  e: {type: endEvent}\n";
  };
  CHECK(of(boundary("multiple: [{message: m}, {error: any}]")).empty());
  CHECK(of(boundary("parallelMultiple: [{message: m}, {timer: {after: 1 h}}, {condition: x}], interrupting: false")).empty());
  CHECK(said(boundary("multiple: [{message: m}, {error: any}], interrupting: false"), "SB0416") ==
        "an error ends what it comes from: it cannot be one of the events that do not interrupt");
  CHECK(said(boundary("parallelMultiple: [{message: m}, {error: any}]"), "SB0416") ==
        "`error` cannot wait for other events: it ends what it comes from");
  CHECK(said(boundary("multiple: [{message: m}, {signal: m}, {message: m}]"), "SB0416") == "the same event definition stands here twice");
  const auto begin = [](const std::string& event) { return "  s: {type: startEvent, " + event + ", next: e}\n  e: {type: endEvent}\n"; };
  CHECK(of(begin("parallelMultiple: [{message: m}, {signal: t}]")).empty());
  CHECK(said(begin("parallelMultiple: [{message: m}, {timer: {after: 1 h}}]"), "SB0416").find("messages and signals, not for a timer") !=
        std::string::npos);
  CHECK(said(begin("multiple: [{timer: {after: 2 h}}, {timer: {after: 1 h}}]"), "SB0416") == "a start event of the process has one timer at most");
  CHECK(said("  s: {type: startEvent, next: e}\n  e: {type: endEvent, multiple: [{terminate: true}, {error: lost}]}\n", "SB0416") ==
        "an end event ends in one way: `error`, `terminate` or `cancel`");
  CHECK(said("  s: {type: startEvent, next: t}\n  t: {type: intermediateThrowEvent, multiple: [{link: l}, {signal: m}]}\n"
             "  l: {type: intermediateCatchEvent, link: l, next: e}\n  e: {type: endEvent}\n",
             "SB0416") == "a link cannot be one of several event definitions");
}

TEST_CASE("SB0418 where a case begins") {
  CHECK(of("  r: {type: receiveTask, message: m, instantiate: true, next: e}\n  e: {type: endEvent}\n").empty());
  CHECK(said("  r: {type: receiveTask, message: m, instantiate: true, loop: {max: 3}, next: e}\n  e: {type: endEvent}\n", "SB0418") ==
        "one message begins a case: the task cannot be repeated");
  const auto gateway = [](const std::string& keys, const std::string& second) {
    return "  g: {type: eventBasedGateway, " + keys + ", next: [a, b]}\n  a: {type: intermediateCatchEvent, message: m, next: e}\n  b: {" + second +
           ", next: e}\n  e: {type: endEvent}\n";
  };
  CHECK(of(gateway("instantiate: true", "type: intermediateCatchEvent, timer: {every: 1 d}")).empty());
  CHECK(of(gateway("instantiate: true, parallel: true", "type: receiveTask, message: n")).empty());
  CHECK(said(gateway("instantiate: true, parallel: true", "type: intermediateCatchEvent, signal: n"), "SB0418") ==
        "a gateway whose events all belong to one case waits for messages, not for a signal");
  CHECK(said(gateway("instantiate: true", "type: intermediateCatchEvent, condition: x"), "SB0418") ==
        "a condition has nothing to look at before there is a case");
  CHECK(said(gateway("instantiate: true", "type: intermediateCatchEvent, parallelMultiple: [{message: n}, {message: o}]"), "SB0418") ==
        "behind a gateway that begins cases an event waits for one thing");
  CHECK(said("  s: {type: startEvent, next: r}\n  r: {type: receiveTask, message: m, instantiate: true, next: e}\n  e: {type: endEvent}\n",
             "SB0418") == "a case begins here, so that no flow can lead here; s->r does");
  CHECK(said("  s: {type: startEvent, next: v}\n  v:\n    type: subProcess\n    next: e\n    nodes:\n      i: {type: startEvent, next: r}\n"
             "      r: {type: receiveTask, message: m, instantiate: true, next: o}\n      o: {type: endEvent}\n  e: {type: endEvent}\n",
             "SB0418") == "only a node of the process itself begins cases");
  CHECK(said("  s: {type: startEvent, next: g}\n" + gateway("parallel: true", "type: receiveTask, message: n"), "SB0418") ==
        "`parallel` belongs to a gateway that begins cases");
}

TEST_CASE("SB0410 behind a gateway that begins a case with all its messages every one comes") {
  const auto process = [](const std::string& keys) {
    return "  g: {type: eventBasedGateway, " + keys +
           ", next: [a, b]}\n  a: {type: intermediateCatchEvent, message: m, next: j}\n  b: {type: receiveTask, message: n, next: j}\n"
           "  j: {type: parallelGateway, next: e}\n  e: {type: endEvent}\n";
  };
  CHECK(of(process("instantiate: true, parallel: true")).empty());
  CHECK(of(process("instantiate: true")).find("SB0410! j") != std::string::npos);
}

TEST_CASE("SB0407 a complex gateway that may find no flow when it goes off") {
  const auto with = [](const std::string& next) {
    return of(two_of_three + std::string("  join: {type: complexGateway, activate: activationCount >= 2, next: ") + next +
              "}\n  f: {type: userTask, next: e}\n  e: {type: endEvent}\n");
  };
  CHECK(with("[{if: n > 2, to: f}, {if: n < 2, to: e}]") == "SB0407 join; SB0411 f");
  CHECK(with("[{if: waitingForStart and x, to: f}, {if: not(waitingForStart), to: e}]") == "SB0407 join");
  // At the reset there need be none.
  CHECK(with("[{if: waitingForStart, to: f}, {if: n < 2, to: e}]").empty());
  CHECK(with("[{if: waitingForStart or x, to: e}, {if: waitingForStart and n < 2, to: f}]").empty());
  CHECK(with("[{if: waitingForStart and n > 2, to: f}, {else: e}]").empty());
  CHECK(with("[f, {if: waitingForStart and n < 2, to: e}]").empty());
}

TEST_CASE("a condition that holds in one phase only together with data leads one token to the task") {
  const auto with = [](const std::string& next) {
    return of(two_of_three + std::string("  join: {type: complexGateway, activate: activationCount >= 2, next: ") + next +
              "}\n  f: {type: userTask, next: e}\n  e: {type: endEvent}\n");
  };
  CHECK(with("[{if: waitingForStart and x, to: f}, {else: e}]").empty());
  CHECK(with("[{if: not(waitingForStart or x), to: f}, {else: e}]").empty());
  CHECK(with("[{if: waitingForStart and n > 3, to: f}, {if: not(waitingForStart) and n > 3, to: e}, {else: e}]").empty());
  CHECK(with("[{if: waitingForStart or x, to: f}, {else: e}]") == "SB0411 f");
}

TEST_CASE("what says of the number of tokens is known whatever the data are") {
  // With one token it never goes off, and three never come.
  CHECK(
      of("  s: {type: startEvent, next: a}\n  a: {type: userTask, next: way}\n  way: {type: exclusiveGateway, next: [{if: x, to: join}, {else: b}]}\n"
         "  b: {type: userTask, next: join}\n  join: {type: complexGateway, activate: activationCount >= 2 and x, next: e}\n  e: {type: "
         "endEvent}\n") == "SB0410! join");
}

TEST_CASE("SB0410 tokens of an event that happens again are left before a complex gateway") {
  const auto with = [](const std::string& event, const std::string& activate) {
    return of(
        "  s: {type: startEvent, next: split}\n  split: {type: parallelGateway, next: [a, b]}\n  a: {type: userTask, next: join, boundary: {r: {" +
        event + ", interrupting: false, next: join}}}\n  b: {type: userTask, next: join}\n  join: {type: complexGateway, activate: " + activate +
        ", next: e}\n  e: {type: endEvent}\n");
  };
  CHECK(with("timer: {every: 1 h}", "activationCount >= 2") == "SB0410! join");
  CHECK(with("timer: {after: 1 h}", "activationCount >= 2").empty());
  CHECK(with("timer: {every: 1 h}", "activationCount >= 1").empty());
}

TEST_CASE("SB0410 the remedy at a complex gateway is about its condition") {
  const std::string nodes =
      "  s: {type: startEvent, next: way}\n  way: {type: exclusiveGateway, next: [{if: x, to: a}, {else: p}]}\n"
      "  p: {type: parallelGateway, next: [b, c]}\n  a: {type: userTask, next: join}\n  b: {type: userTask, next: join}\n"
      "  c: {type: userTask, next: join}\n  join: {type: complexGateway, activate: activationCount >= 2, next: e}\n  e: {type: endEvent}\n";
  for (const auto& d : switchboard::verify::check_graph(several_of(nodes)))
    if (d.rule == "SB0410")
      CHECK(d.hint ==
            "way takes one of its flows only, so that `activate` may never hold: let it hold for the tokens of each way, or lead the ways "
            "with fewer tokens past this gateway");
  CHECK(of(nodes) == "SB0410! join");
}

TEST_CASE("SB0410 an activity begins with more tokens than can come") {
  const auto with = [](const std::string& first, const std::string& second) {
    return "  s: {type: startEvent, next: split}\n  split: {type: parallelGateway, next: [a, b]}\n  a: {type: userTask" + first +
           ", next: c}\n  b: {type: userTask, next: c}\n  c: {type: userTask" + second + ", next: e}\n  e: {type: endEvent}\n";
  };
  const std::string never = with("", ", startQuantity: 3");
  CHECK(of(never) == "SB0410! c");
  CHECK(said(never, "SB0410") == "deadlock: this begins with 3 tokens, and 2 at most can come");
  const std::string left = with(", completionQuantity: 2", ", startQuantity: 2");
  CHECK(of(left) == "SB0410! c");
  CHECK(said(left, "SB0410") == "deadlock: this begins with 2 tokens, 3 come: what is left over (1) waits here for ever");
  // Enough come, or how many is not known: what was not checked is said.
  CHECK(of(with("", ", startQuantity: 2")) == "SB0419 p");
  CHECK(of(with(", completionQuantity: 2", ", startQuantity: 3")) == "SB0419 p");
  CHECK(of(with(", boundary: {r: {timer: {every: 1 h}, interrupting: false, next: c}}", ", startQuantity: 3")) == "SB0419 p");
  CHECK(of("  s: {type: startEvent, next: m}\n  m: {type: exclusiveGateway, next: a}\n  a: {type: userTask, next: split}\n"
           "  split: {type: parallelGateway, next: [c, way]}\n  way: {type: exclusiveGateway, next: [{if: x, to: m}, {else: e}]}\n"
           "  c: {type: userTask, startQuantity: 3, next: e}\n  e: {type: endEvent}\n") == "SB0419 p");
  CHECK(of("  s: {type: startEvent, next: a}\n  a: {type: userTask, completionQuantity: 3, next: c}\n"
           "  c: {type: userTask, startQuantity: 2, next: e}\n  e: {type: endEvent}\n") == "SB0410! c");
}

TEST_CASE("SB0426 an event on the boundary of a receive task that begins cases") {
  const std::string text =
      "  r: {type: receiveTask, message: m, instantiate: true, next: e, boundary: {late: {timer: {after: 1 h}, next: e}}}\n  e: {type: endEvent}\n";
  const auto loaded = switchboard::notation::load_process("switchboard: 1\nprocess: p\nmessages: {m: {}}\nnodes:\n" + text, "p.yaml");
  REQUIRE(loaded.value);
  CHECK(findings(*loaded.value) == "SB0426 late");
}

TEST_CASE("a large scope with complex gateways is checked within a bounded time") {
  std::string nodes = "  s: {type: startEvent, next: split}\n";
  std::string first;
  for (int stage = 0; stage < 6; ++stage) {
    const std::string join = stage == 5 ? "e" : fmt::format("split{}", stage + 1);
    std::string all;
    for (int i = 0; i < 8; ++i) {
      all += fmt::format("{}t{}x{}", i == 0 ? "" : ", ", stage, i);
      nodes += fmt::format(
          "  t{0}x{1}: {{type: userTask, next: j{0}, boundary: {{b{0}x{1}: {{timer: {{every: 1 h}}, interrupting: false, next: j{0}}}}}}}\n", stage,
          i);
    }
    nodes +=
        fmt::format("  split{}: {{type: parallelGateway, next: [{}]}}\n  j{}: {{type: complexGateway, activate: activationCount >= 1, next: {}}}\n",
                    stage == 0 ? std::string() : std::to_string(stage), all, stage, join);
  }
  nodes += "  e: {type: endEvent}\n";
  const std::clock_t before = std::clock();
  CHECK(!said(nodes, "SB0419").empty());
  // Processor time. The bound is far above what it takes, so that a slow machine does not fail; it is there for a check that does not end.
  CHECK(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC < 30);
}
