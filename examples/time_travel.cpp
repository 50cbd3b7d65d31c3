// A test of a promise that takes five days in the world and a millisecond here: the engine asks the test for the time.
#include <switchboard/engine.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>

using namespace switchboard;

namespace {

/// The value, or the refusal as an exception: an example may do that, the engine does not.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(result).value();
}

void expect(bool good, const std::string& what) {
  if (!good) throw std::runtime_error("expected: " + what);
  std::cout << "as expected: " << what << '\n';
}

// [travel]
/// Lets `span` pass, stopping at every instant at which something is due, so that nothing fires late.
void travel(Engine& engine, Instant& now, Duration span) {
  const Instant end = now + span;
  for (;;) {
    const TickReport report = must(engine.tick(100'000));
    if (!report.next_due || *report.next_due > end || *report.next_due <= now) break;
    now = *report.next_due;
  }
  now = end;
}
// [travel]

void test(const std::string& yaml) {
  // [clock]
  Instant now = parse_instant("2026-03-02T09:00:00+08:00").value();
  EngineOptions options;
  options.clock = [&now] { return now; };
  const auto engine = must(Engine::open(options));
  // [clock]
  // [listener]
  int told = 0;
  const Observation observation = engine->observe([&told](const CaseInfo& c, const std::vector<HistoryInfo>& entries) {
    told += static_cast<int>(entries.size());
    if (c.ended) std::cout << "case " << c.case_no << " has ended\n";
  });
  // [listener]
  must(engine->deploy(yaml, "meter-check.yaml"));
  StartOptions how;
  how.case_no = "M-1";
  must(engine->start("meter-check", Context{{"customer_no", "1001"}}, how));
  must(engine->work_off(
      "book-visit",
      [](const Job&) {
        return JobResult::ok(Context{{"visit", "Monday"}});
      },
      10));

  Find of_case;
  of_case.case_no = "M-1";
  travel(*engine, now, Duration::days(4) - Duration::seconds(1));
  expect(must(engine->outbox(of_case)).empty(), "nobody is told anything before 80 % of five days");
  travel(*engine, now, Duration::seconds(1));
  expect(must(engine->outbox(of_case)).size() == 1, "at 80 % the customer is told that we are still at work");
  travel(*engine, now, Duration::hours(25));
  const ClockInfo late = must(engine->clocks(of_case)).at(0);
  expect(late.breached && late.due == parse_instant("2026-03-07T09:00:00+08:00"), "after five days the promise is broken");

  const WorkInfo work = must(engine->work(of_case)).at(0);
  must(engine->complete(work.work, Context{{"error_percent", *Decimal::parse("1.25")}}, {.by = "wang"}));
  const ClockInfo met = must(engine->clocks(of_case)).at(0);
  expect(met.state == ClockState::met && met.breached, "an answer that comes late still stops the clock, and stays late");
  expect(told > 0, "the listener was told");
  expect(must(engine->check()).empty(), "the store is in order");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::ifstream file(argc > 1 ? argv[1] : "meter-check.yaml");
    test({std::istreambuf_iterator<char>(file), {}});
    return 0;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
