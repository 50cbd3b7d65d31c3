// Random sound processes, random interleavings, an independent oracle. SWITCHBOARD_PROPERTY_CASES=n for more, SWITCHBOARD_PROPERTY_SEED=n for one.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>

#include "property/driver.hpp"

namespace switchboard::testing {
namespace {

constexpr std::uint64_t usual_cases = 2000;
constexpr std::uint64_t interleavings = 2;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

model::ExecutablePtr compiled(const Generated& g, std::string& trouble) {
  model::Library library;
  library.calendars["utc"] = calendar::BusinessCalendar::always("utc", "UTC").value();
  auto result = model::compile(g.process, library, {});
  for (const auto& d : result.diagnostics)
    if (d.severity == model::Severity::error) trouble += d.text() + "\n";
  return result.process;
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

/// The process in a few lines, for a failing seed.
void print(const std::vector<model::Node>& nodes, const std::string& indent, std::string& out) {
  for (const model::Node& n : nodes) {
    out += fmt::format("{}{} {}", indent, n.id, model::to_string(n.type));
    for (const auto& e : n.events) out += fmt::format(" {}{}", model::to_string(e.kind), n.interrupting ? "" : " (non-interrupting)");
    out += " ->";
    for (const auto& f : n.next) out += " " + f.to.name + (f.condition.text.empty() ? "" : " if " + f.condition.text);
    out += "\n";
    print(n.boundary, indent + "  * ", out);
    print(n.nodes, indent + "    ", out);
  }
}

struct Total {
  std::size_t steps = 0;
  std::size_t events = 0;
  std::set<std::string> seen;
};

/// Empty when all is well.
std::string check_seed(std::uint64_t seed, Total& total) {
  const Generated g = generate(seed);
  std::string trouble;
  const auto process = compiled(g, trouble);
  if (process == nullptr) return "does not compile: " + trouble;
  const Tally expected = expected_tasks(g);
  for (std::uint64_t i = 0; i < interleavings; ++i) {
    const Drive d = drive(g, process, seed * 31 + i);
    total.steps += d.steps;
    total.events += d.events;
    total.seen.insert(d.seen.begin(), d.seen.end());
    if (!d.trouble.empty()) return fmt::format("interleaving {}: {}", i, d.trouble);
    if (const std::string wrong = difference(expected, d.done); !wrong.empty()) return fmt::format("interleaving {}: {}", i, wrong);
  }
  return {};
}

const std::vector<std::string> must_be_seen = {"userTask",
                                               "serviceTask",
                                               "sendTask",
                                               "receiveTask",
                                               "scriptTask",
                                               "manualTask",
                                               "task",
                                               "callActivity",
                                               "subProcess",
                                               "eventSubProcess",
                                               "exclusiveGateway",
                                               "inclusiveGateway",
                                               "parallelGateway",
                                               "eventBasedGateway",
                                               "startEvent",
                                               "endEvent",
                                               "endEvent error",
                                               "endEvent escalation",
                                               "endEvent terminate",
                                               "intermediateCatchEvent message",
                                               "intermediateCatchEvent signal",
                                               "intermediateCatchEvent timer",
                                               "intermediateCatchEvent condition",
                                               "intermediateCatchEvent link",
                                               "intermediateThrowEvent",
                                               "intermediateThrowEvent link",
                                               "boundaryEvent message interrupting",
                                               "boundaryEvent message non-interrupting",
                                               "boundaryEvent signal interrupting",
                                               "boundaryEvent signal non-interrupting",
                                               "boundaryEvent timer interrupting",
                                               "boundaryEvent timer non-interrupting",
                                               "boundaryEvent timer cycle non-interrupting",
                                               "boundaryEvent condition interrupting",
                                               "boundaryEvent condition non-interrupting",
                                               "boundaryEvent error interrupting",
                                               "boundaryEvent escalation interrupting",
                                               "startEvent message interrupting",
                                               "startEvent message non-interrupting",
                                               "startEvent signal interrupting",
                                               "startEvent signal non-interrupting",
                                               "startEvent timer interrupting",
                                               "startEvent timer non-interrupting",
                                               "startEvent timer cycle non-interrupting",
                                               "startEvent condition interrupting",
                                               "startEvent condition non-interrupting",
                                               "startEvent error interrupting"};

}  // namespace

TEST_CASE("random processes do exactly their tasks, whatever the order") {
  Total total;
  const std::uint64_t one = number_from("SWITCHBOARD_PROPERTY_SEED", 0);
  const std::uint64_t cases = one != 0 ? 1 : number_from("SWITCHBOARD_PROPERTY_CASES", usual_cases);
  std::size_t failures = 0;
  for (std::uint64_t i = 1; i <= cases && failures < 5; ++i) {
    const std::uint64_t seed = one != 0 ? one : i;
    const std::string wrong = check_seed(seed, total);
    if (wrong.empty()) continue;
    ++failures;
    FAIL_CHECK("SWITCHBOARD_PROPERTY_SEED=" << seed << ": " << wrong);
    if (one == 0) continue;
    std::string model;
    print(generate(seed).process.nodes, "  ", model);
    MESSAGE(model);
  }
  MESSAGE(cases << " processes, " << total.steps << " steps, " << total.events << " events, " << total.seen.size() << " sorts of elements");
  if (one != 0 || cases < 1000) return;
  for (const auto& sort : must_be_seen) {
    INFO("never reached: " << sort);
    CHECK(total.seen.contains(sort));
  }
}

}  // namespace switchboard::testing
