// Scenario text in, figures out: what the tests of the simulator share.
#pragma once

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>

#include "switchboard/simulation.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::play {

/// A folder of its own, with the files that are put there, removed at the end.
class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(std::filesystem::temp_directory_path() / ("switchboard-" + name + "-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  void put(const std::string& name, const std::string& text) const { std::ofstream(path_ / name) << text; }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// `rest` of a scenario whose zone is UTC, with the processes in `folder`.
inline Result<Value> run(const Folder& folder, const std::string& rest, const SimulationOptions& options = {}) {
  return simulate_text("switchboard: 1\nscenario: test\ncalendar: 24x7@UTC\n" + rest, folder.file("test.scenario.yaml"), options);
}

inline Value must(const Folder& folder, const std::string& rest, const SimulationOptions& options = {}) {
  auto result = run(folder, rest, options);
  if (!result) FAIL(result.error().text());
  return result.value();
}

inline const Value& at(const Value& v, std::initializer_list<const char*> path) {
  const Value* p = &v;
  for (const char* key : path) {
    REQUIRE(p->context() != nullptr);
    p = p->context()->find(key);
    REQUIRE_MESSAGE(p != nullptr, key);
  }
  return *p;
}
inline double number(const Value& v, std::initializer_list<const char*> path) {
  const Decimal* n = at(v, path).number();
  REQUIRE(n != nullptr);
  return n->to_double();
}
inline double number(const Value& v, const std::string& key) { return number(v, {key.c_str()}); }

/// The JSON but for the time that the run took.
inline std::string without_wall(const Value& v) {
  std::string text = to_json(v);
  for (std::size_t from = text.find("\"wall_seconds\""); from != std::string::npos; from = text.find("\"wall_seconds\"", from + 1)) {
    const std::size_t end = text.find_first_of(",}", from);
    text.erase(from + 14, end - from - 14);
  }
  return text;
}

/// Little's law between the figures of one run, or of all together: of every resource, whatever the run was.
inline void check_little_of(const Value& figures) {
  for (const auto& entry : at(figures, {"resources"}).context()->entries()) {
    const std::string& name = entry.first;
    const Value& r = entry.second;
    CAPTURE(name);
    const double rate = number(r, "arrivals_per_second");
    if (rate == 0) continue;
    CHECK(number(r, "mean_queue") == doctest::Approx(rate * number(r, "mean_wait")).epsilon(1e-6).scale(1e-9));
  }
}
inline void check_little(const Value& v) {
  check_little_of(at(v, {"overall"}));
  for (const Value& one : *at(v, {"replications"}).list()) check_little_of(one);
}

/// The warnings, one under the other.
inline std::string warnings(const Value& v) {
  std::string all;
  for (const Value& w : *at(v, {"warnings"}).list()) all += *w.string() + "\n";
  return all;
}

}  // namespace switchboard::play
