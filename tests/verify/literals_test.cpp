#include "findings.hpp"

using switchboard::Value;
using switchboard::model::Process;
using switchboard::testing::finding;
using switchboard::testing::findings;
using switchboard::testing::node_of;
using switchboard::testing::process_of;
namespace model = switchboard::model;
namespace feel = switchboard::feel;

namespace {

Process with_area() {
  auto p = process_of("s start > a\n a script > x\n x xor > b?c e!\n b user > e\n e end");
  model::DataItem d;
  d.name = "area";
  d.type = feel::Type::Kind::string;
  d.enumeration = {Value("urban"), Value("rural")};
  model::DataItem n;
  n.name = "n";
  n.type = feel::Type::Kind::number;
  n.max = Value(5);
  p.data = {d, n};
  node_of(p.nodes, "b").form = {{"area", {}}, {"n", {}}};
  return p;
}

std::string asking(const std::string& condition) {
  auto p = with_area();
  node_of(p.nodes, "x").next[0].condition = {condition, {4, 20}};
  return findings(p);
}

std::string setting(const std::string& name, const std::string& value) {
  auto p = with_area();
  node_of(p.nodes, "a").set = {{name, {}, {value, {3, 10}}}};
  return findings(p);
}

}  // namespace

TEST_CASE("SB0430 compared with what the data never is") {
  for (const char* fine :
       {"area = \"urban\"", "area != \"rural\"", "\"urban\" = area", "area in (\"urban\", \"rural\")", "area = null",
        "list contains([\"urban\"], area)", "n = 7", "some area in [\"x\"] satisfies area = \"x\"", "[{area: \"z\"}][area = \"z\"] = []"})
    CHECK_MESSAGE(asking(fine).find("SB0430") == std::string::npos, fine);
  for (const char* wrong : {"area = \"urbn\"", "area != \"town\"", "\"town\" = area", "area in (\"urban\", \"town\")", "area in \"town\"",
                            "list contains([\"urban\", \"town\"], area)", "n > 3 and (area = \"town\" or n = 1)"})
    CHECK_MESSAGE(asking(wrong) == "SB0430 x", wrong);
  auto p = with_area();
  node_of(p.nodes, "x").next[0].condition = {"n > 1 and area = \"urbn\"", {4, 20}};
  const auto d = finding(p, "SB0430");
  CHECK(d.at == model::Position{4, 37});
  CHECK(d.hint == "did you mean \"urban\"?");
  p.strict = true;
  CHECK(findings(p) == "SB0430! x");
}

TEST_CASE("SB0435 a condition that can never be true") {
  for (const char* fine :
       {"n > 4", "n = 5", "n > 4 and n < 5", "n = null", "area = \"urban\" or area = \"rural\"", "not(n > 5)", "n in [5..9]", "n > 20 or area = null",
        "n > n + 1", "n - 10 > 0", "case_no = \"a\" or case_no = \"b\"", "instance_started > now()", "instance_started != null", "case_no != null"})
    CHECK_MESSAGE(asking(fine).find("SB0435") == std::string::npos, fine);
  for (const char* never :
       {"n > 20", "n > 5", "n > 3 and n < 2", "n in (6, 7)", "n in [6..9]", "n between 6 and 9", "area = \"urban\" and area = \"rural\"",
        "area = null and area = \"urban\"", "not(n <= 5) and n != null", "7 < n", "case_no = \"a\" and case_no = \"b\"", "n = 5 and n > 5"})
    CHECK_MESSAGE(asking(never) == "SB0435 x", never);
}

TEST_CASE("SB0431 given what the data refuses") {
  CHECK(setting("area", "\"rural\"") == "");
  CHECK(setting("area", "if n = 1 then \"rural\" else area") == "");
  CHECK(setting("area", "if n = 1 then \"rual\" else area") == "SB0431! a");
  CHECK(setting("area", "\"town\"") == "SB0431! a");
  CHECK(setting("n", "5") == "");
  CHECK(setting("n", "6") == "SB0431! a");
  CHECK(setting("n", "n + 6") == "");
}
