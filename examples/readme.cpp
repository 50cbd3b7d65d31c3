// The program of the README.
#include <cstdio>
#include <switchboard/engine.hpp>

int main() {
  auto engine = switchboard::Engine::open({.database = "cases.db", .processes = "processes"}).value();
  (void)engine->deploy_process("repair").value();
  auto data = switchboard::parse_json(R"({"customer_no": "1001", "area": "urban"})").value();
  auto repair = engine->start("repair", data, {.case_no = "R-1"}).value();
  const auto clocks = engine->clocks({.case_no = "R-1"}).value();
  for (const auto& clock : clocks)
    std::printf("%s: %s, due %s\n", clock.case_no.c_str(), clock.clock.c_str(), to_string(clock.due, "Asia/Shanghai").c_str());
}
