// The YAML test suite (yaml/yaml-test-suite) is the judge of the reader: same JSON, a refusal with a reason, or (for invalid YAML) a refusal.
#include <doctest/doctest.h>

#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "notation/yaml.hpp"
#include "support/shared_data.hpp"

using namespace switchboard;

TEST_CASE("yaml test suite: never other JSON, never accept what is invalid") {
  const auto folder = testing::shared_data("yaml-test-suite");
  if (!folder) return;
  std::ifstream in(*folder / "tests.jsonl");
  std::size_t same = 0;
  std::size_t refused = 0;
  std::size_t must_fail = 0;
  for (std::string line; std::getline(in, line);) {
    const auto test = nlohmann::json::parse(line);
    const std::string answer = notation::yaml::answer(test["yaml"].get<std::string>());
    CAPTURE(test["id"].get<std::string>());
    CAPTURE(test["yaml"].get<std::string>());
    CAPTURE(answer);
    const bool is_refusal = answer.rfind("refused: ", 0) == 0;
    if (std::getenv("SWITCHBOARD_VERBOSE") != nullptr) std::cout << test["id"] << " " << test["fail"] << " " << test["name"] << " " << answer << "\n";
    if (test["fail"].get<bool>()) {
      CHECK(is_refusal);
      ++must_fail;
    } else if (is_refusal) {
      // The text is valid: it may be left out (SB0104) or too large (SB0103), but never be called "not valid YAML".
      CHECK((answer.starts_with("refused: SB0104") || answer.starts_with("refused: SB0103")));
      ++refused;
    } else {
      const std::string wanted = test["json"].is_null() ? "" : test["json"].get<std::string>();
      CHECK(nlohmann::json::accept(wanted));
      if (nlohmann::json::accept(wanted)) CHECK(nlohmann::json::parse(wanted) == nlohmann::json::parse(answer));
      ++same;
    }
  }
  std::cout << "yaml-test-suite: " << same << " same JSON, " << refused << " refused with a reason, " << must_fail << " invalid refused\n";
  CHECK(same + refused + must_fail == 405);
}
