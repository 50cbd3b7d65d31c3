// Random sound processes, random interleavings, an independent oracle. SWITCHBOARD_PROPERTY_CASES=n for more, SWITCHBOARD_PROPERTY_FROM=n for others,
// SWITCHBOARD_PROPERTY_SEED=n for one. A failing process is shrunk, then printed as YAML with its seed.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "notation/write_process.hpp"
#include "property/driver.hpp"
#include "property/parameters.hpp"
#include "verify/check.hpp"

namespace switchboard::testing {
namespace {

constexpr std::uint64_t usual_cases = 2000;
constexpr std::uint64_t interleavings = 2;
constexpr std::uint64_t when_shrinking = 20;  ///< a smaller process is walked through differently: the failure has to be found again
constexpr std::size_t most_shrinking = 2000;  ///< trials

using Seen = std::map<std::string, std::size_t>;

feel::Decision some_table() {
  feel::DecisionTable t;
  t.id = "table";
  t.parameters = {{"x", feel::Type(feel::Type::Kind::number)}};
  t.required_parameters = 1;
  t.inputs = {{"x", "x", feel::Type(feel::Type::Kind::number), ""}};
  t.outputs = {{"", feel::Type(feel::Type::Kind::number), "", "null"}};
  t.rules = {{{"> 1"}, {"x + 1"}, ""}};
  return std::get<feel::Decision>(feel::compile_decision(t));
}

calendar::CalendarPtr work_week() {
  calendar::CalendarSpec spec;
  spec.id = "week";
  spec.zone = "Asia/Shanghai";
  for (std::size_t day = 0; day < 5; ++day) spec.week[day] = {{9 * 60, 17 * 60}};
  spec.version = "test";
  return calendar::BusinessCalendar::make(std::move(spec)).value();
}

const model::Library& library() {
  static const model::Library all = [] {
    model::Library l;
    l.calendars["week"] = work_week();
    l.decisions["table"] = some_table();
    return l;
  }();
  return all;
}

std::string errors_in(const model::Diagnostics& all) {
  std::string text;
  for (const auto& d : all)
    if (d.severity == model::Severity::error) text += d.text() + "\n";
  return text;
}

std::string difference(const Tally& expected, const Tally& actual) {
  std::string text;
  for (const auto& [path, n] : expected)
    if (const auto a = actual.find(path); a == actual.end() || a->second != n)
      text += fmt::format("{}: expected {}, done {}; ", path, n, a == actual.end() ? 0 : a->second);
  for (const auto& [path, n] : actual)
    if (!expected.contains(path)) text += fmt::format("{}: expected 0, done {}; ", path, n);
  return text;
}

struct Total {
  std::size_t steps = 0;
  std::size_t events = 0;
  Seen seen;
};

/// Empty when all is well.
std::string check(const Generated& g, std::uint64_t seed, std::uint64_t rounds, Total& total) {
  if (const std::string refused = errors_in(verify::check(g.process)); !refused.empty()) return "check refuses a sound process: " + refused;
  const auto compiled = model::compile(g.process, library(), {});
  if (compiled.process == nullptr) return "does not compile: " + errors_in(compiled.diagnostics);
  const Tally expected = expected_tasks(g);
  for (std::uint64_t i = 0; i < rounds; ++i) {
    const Drive d = drive(g, compiled.process, seed * 31 + i);
    total.steps += d.steps;
    total.events += d.events;
    for (const auto& [sort, n] : d.seen) total.seen[sort] += n;
    if (!d.trouble.empty()) return fmt::format("interleaving {}: {}", i, d.trouble);
    if (const std::string wrong = difference(expected, d.done); !wrong.empty()) return fmt::format("interleaving {}: {}", i, wrong);
  }
  return {};
}

/// What sort of failure it is: the text without what differs from process to process.
std::string sort_of(const std::string& wrong) { return wrong.substr(0, 36); }

/// The smallest tree found that still fails, in the same way.
Block shrink(Block root, std::uint64_t seed, std::string& wrong) {
  Total ignored;
  std::size_t trials = 0;
  for (bool moved = true; moved && trials < most_shrinking;) {
    moved = false;
    for (Block& less : smaller(root)) {
      if (++trials > most_shrinking) break;
      std::string still = check(build(less, seed), seed, when_shrinking, ignored);
      if (still.empty() || sort_of(still) != sort_of(wrong)) continue;
      wrong = std::move(still);
      root = std::move(less);
      moved = true;
      break;
    }
  }
  return root;
}

/// Everything the core runs; a run in which one of them was never entered proves nothing about it.
const std::vector<std::string> must_be_seen = {
    "userTask", "userTask multi-instance", "userTask loop", "serviceTask", "serviceTask multi-instance", "callActivity multi-instance",
    "callActivity loop", "subProcess multi-instance", "subProcess loop", "sendTask message", "sendTask job", "receiveTask", "scriptTask",
    "manualTask", "task", "task that chooses", "task that splits", "businessRuleTask", "callActivity", "subProcess", "transaction", "eventSubProcess",
    "adHocSubProcess parallel", "adHocSubProcess sequential", "exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway",
    "message for clocks",
    // Where cases and bodies begin and end.
    "startEvent", "startEvent of the case", "startEvent message of the case", "startEvent signal of the case", "startEvent timer of the case",
    "endEvent", "endEvent error", "endEvent escalation", "endEvent terminate", "endEvent cancel", "endEvent compensate",
    "intermediateThrowEvent compensate", "startEvent compensate interrupting", "endEvent message", "endEvent signal",
    // In between.
    "intermediateCatchEvent message", "intermediateCatchEvent signal", "intermediateCatchEvent timer", "intermediateCatchEvent condition",
    "intermediateCatchEvent link", "intermediateThrowEvent", "intermediateThrowEvent link", "intermediateThrowEvent message",
    "intermediateThrowEvent signal", "intermediateThrowEvent escalation",
    // On boundaries and in event sub-processes.
    "boundaryEvent message interrupting", "boundaryEvent message non-interrupting", "boundaryEvent signal interrupting",
    "boundaryEvent signal non-interrupting", "boundaryEvent timer interrupting", "boundaryEvent timer non-interrupting",
    "boundaryEvent timer cycle non-interrupting", "boundaryEvent condition interrupting", "boundaryEvent condition non-interrupting",
    "boundaryEvent error interrupting", "boundaryEvent cancel interrupting", "boundaryEvent escalation interrupting",
    "boundaryEvent escalation non-interrupting", "startEvent message interrupting", "startEvent message non-interrupting",
    "startEvent signal interrupting", "startEvent signal non-interrupting", "startEvent timer interrupting", "startEvent timer non-interrupting",
    "startEvent timer cycle non-interrupting", "startEvent condition interrupting", "startEvent condition non-interrupting",
    "startEvent error interrupting", "startEvent escalation non-interrupting",
    // Of several definitions, any or all.
    "startEvent message signal of the case", "startEvent message signal parallel of the case", "intermediateThrowEvent message signal",
    "intermediateCatchEvent message signal", "intermediateCatchEvent message signal parallel", "intermediateCatchEvent message signal timer",
    "boundaryEvent message signal interrupting", "boundaryEvent message signal non-interrupting",
    "boundaryEvent message signal parallel interrupting", "boundaryEvent message signal parallel non-interrupting",
    "boundaryEvent message signal timer parallel non-interrupting", "startEvent message signal interrupting",
    "startEvent message signal non-interrupting", "startEvent message signal parallel interrupting",
    "startEvent message signal parallel non-interrupting",
    // What happened to cases, work, timers, clocks.
    "instance-suspended", "instance-resumed", "work-claimed", "work-released", "work-failed", "work-retried", "work-withdrawn", "timer-disarmed",
    "timer-moved", "subscription-closed", "call-abandoned", "join-fired", "join-cleared", "element-terminated", "feedback-given", "clock-started",
    "clock-paused", "clock-resumed", "clock-stopped", "clock-cancelled", "clock-marked"};

bool is_reached(const Seen& seen, std::string_view type) {
  return std::any_of(seen.begin(), seen.end(),
                     [&](const auto& s) { return s.first.starts_with(type) && (s.first.size() == type.size() || s.first[type.size()] == ' '); });
}

/// Whether compile runs a process with one node of this type. What it refuses here cannot be reached, and must come into the grammar when it can.
bool is_supported(model::NodeType type) {
  model::Process p;
  p.id = "one";
  p.calendar = {"week", {}};
  const auto node = [&](std::string id, model::NodeType t, std::string next) {
    model::Node n;
    n.id = std::move(id);
    n.type = t;
    if (!next.empty()) n.next.push_back({{std::move(next), {}}, {}, false, {}});
    return n;
  };
  p.nodes = {node("s", model::NodeType::start_event, "x"), node("x", type, "e"), node("e", model::NodeType::end_event, "")};
  model::Node& x = p.nodes[1];
  x.nodes = {node("s2", model::NodeType::start_event, "e2"), node("e2", model::NodeType::end_event, "")};
  if (!model::is_container(type)) x.nodes.clear();
  if (type == model::NodeType::business_rule_task) {
    x.decision = {"table", {}};
    x.in.push_back({"x", {}, {"2", {}}});
  }
  if (type == model::NodeType::call_activity) x.process = {"other", {}};
  if (type == model::NodeType::receive_task) x.message = {"m", {}};
  return model::compile(p, library(), {}).process != nullptr;
}

void report(std::uint64_t seed, const std::string& wrong) {
  std::string smallest = wrong;
  const Block root = shrink(grow(seed), seed, smallest);
  FAIL_CHECK("SWITCHBOARD_PROPERTY_SEED=" << seed << ": " << wrong << "\nshrunk to: " << smallest << "\n"
                                          << notation::write_process(build(root, seed).process));
}

}  // namespace

TEST_CASE("random processes do exactly their tasks, whatever the order") {
  Total total;
  const std::uint64_t one = number_from("SWITCHBOARD_PROPERTY_SEED", 0);
  const std::uint64_t cases = one != 0 ? 1 : number_from("SWITCHBOARD_PROPERTY_CASES", usual_cases);
  const auto begin = std::chrono::steady_clock::now();
  std::size_t failures = 0;
  const std::uint64_t first = one != 0 ? one : number_from("SWITCHBOARD_PROPERTY_FROM", 1);
  for (std::uint64_t seed = first; seed < first + cases && failures < 3; ++seed) {
    const std::string wrong = check(generate(seed), seed, interleavings, total);
    if (wrong.empty()) continue;
    ++failures;
    report(seed, wrong);
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print("{} processes (seeds {} to {}), {} interleavings each: {} steps, {} events, {:.1f} s\n", cases, first, first + cases - 1, interleavings,
             total.steps, total.events, took.count());
  if (one != 0 || cases < 1000) return;
  for (const auto& [sort, n] : total.seen) fmt::print("  {:>8} x {}\n", n, sort);
  for (const auto& sort : must_be_seen) CHECK_MESSAGE(total.seen.contains(sort), "never reached: " << sort);
  for (int t = 0; t <= static_cast<int>(model::NodeType::call_activity); ++t) {
    const auto type = static_cast<model::NodeType>(t);
    if (is_supported(type))
      CHECK_MESSAGE(is_reached(total.seen, model::to_string(type)), "runs, but is not in the grammar: " << std::string(model::to_string(type)));
  }
}

}  // namespace switchboard::testing
