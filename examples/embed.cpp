// The smallest embedding: one engine in this program, one case from start to end.
#include <switchboard/engine.hpp>

#include <fstream>
#include <iostream>
#include <iterator>

using namespace switchboard;

int main(int argc, char** argv) {
  std::ifstream file(argc > 1 ? argv[1] : "meter-check.yaml");
  const std::string yaml(std::istreambuf_iterator<char>(file), {});
  // [embed]
  const auto book = [](const Job&) { return JobResult::ok(Context{{"visit", "Monday"}}); };
  const auto run = [&]() -> Result<CaseInfo> {
    SB_TRY(auto engine, Engine::open({}));  // in memory; `.database = "cases.db"` keeps it
    SB_TRY(auto deployed, engine->deploy(yaml, "meter-check.yaml"));
    SB_TRY(auto started, engine->start(deployed.process, Context{{"customer_no", "1001"}}, {}));
    SB_TRYV(engine->work_off("book-visit", book, 10));  // the jobs of the service task
    SB_TRY(auto work, engine->work({.instance = started.instance}));
    return engine->complete(work.at(0).work, Context{{"error_percent", 1}}, {.by = "wang"});
  };
  auto ended = run();
  std::cout << (ended ? ended.value().case_no + " is " + std::string(to_string(ended.value().state)) : ended.error().text()) << '\n';
  // [embed]
  return ended ? 0 : 1;
}
