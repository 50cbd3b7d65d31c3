#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <vector>

#include "switchboard/value/decimal.hpp"

using switchboard::Decimal;

namespace {

Decimal d(std::string_view text) {
  const auto parsed = Decimal::parse(text);
  REQUIRE_MESSAGE(parsed.has_value(), text);
  return *parsed;
}
std::string text(const std::optional<Decimal>& v) { return v ? v->to_string() : "none"; }

}  // namespace

TEST_CASE("decimal: parse and print") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"0", "0"},
      {"-0", "0"},
      {"1.50", "1.5"},
      {".5", "0.5"},
      {"-.5", "-0.5"},
      {"1e3", "1000"},
      {"1E-3", "0.001"},
      {"12345678901234567890", "12345678901234567890"},
      {"01.3", "1.3"},
      {"1234567890123456789012345678901234", "1234567890123456789012345678901234"},
      {"12345678901234567890123456789012345", "12345678901234567890123456789012340"},  // a tie to even at digit 35
      {"12345678901234567890123456789012355", "12345678901234567890123456789012360"},
      {"123456789012345678901234567890123450000000000001", "123456789012345678901234567890123500000000000000"},
      {"99999999999999999999999999999999995", "100000000000000000000000000000000000"}};
  for (const auto& row : table) CHECK_MESSAGE(d(row.first).to_string() == row.second, row.first);
  for (const auto* bad : {"", "-", ".", "1.", "1e", "1e+", "a", "1 ", " 1", "1,0", "0x1", "NaN", "1e7000"}) CHECK_MESSAGE(!Decimal::parse(bad), bad);
  CHECK(d("1e-7000").is_zero());
  CHECK(d("9999999999999999999999999999999999e6111").exponent() == 6111);
}

TEST_CASE("decimal: arithmetic") {
  CHECK(text(add(d("0.1"), d("0.2"))) == "0.3");
  CHECK(text(add(d("1"), d("1e-34"))) == "1");
  CHECK(text(add(d("1"), d("1e-33"))) == "1.000000000000000000000000000000001");
  CHECK(text(subtract(d("1"), d("1e-40"))) == "1");
  CHECK(text(subtract(d("1e34"), d("1"))) == "9999999999999999999999999999999999");
  CHECK(text(add(d("9999999999999999999999999999999999"), d("1"))) == "10000000000000000000000000000000000");
  CHECK(text(subtract(d("5"), d("5.0"))) == "0");
  CHECK(text(multiply(d("1.50"), d("-2"))) == "-3");
  CHECK(text(multiply(d("9999999999999999999999999999999999"), d("9999999999999999999999999999999999"))) ==
        "99999999999999999999999999999999980000000000000000000000000000000000");
  CHECK(text(multiply(d("1e6000"), d("1e6000"))) == "none");
  CHECK(text(divide(d("1"), d("3"))) == "0.3333333333333333333333333333333333");
  CHECK(text(divide(d("2"), d("3"))) == "0.6666666666666666666666666666666667");
  CHECK(text(divide(d("10"), d("4"))) == "2.5");
  CHECK(divide(d("10"), d("4"))->low() == 25);
  CHECK(text(divide(d("1"), d("0"))) == "none");
  CHECK(text(divide(d("1234567890123456789012345678901234"), d("0.0000000000000000000000000000000007"))).size() == 67);
}

TEST_CASE("decimal: compare") {
  CHECK(d("1.0") == d("1"));
  CHECK(d("1e3") == d("1000"));
  CHECK(d("-2") < d("1"));
  CHECK(d("-2") < d("-1.9"));
  CHECK(d("0") == d("-0"));
  CHECK(d("1e-100") > d("0"));
  CHECK(d("1e30") > d("999999999999"));
  CHECK(d("1.00000000000000000000000000000001") > d("1"));
}

TEST_CASE("decimal: modulo, power, functions") {
  const std::vector<std::vector<std::string>> modulo = {{"12", "5", "2"},         {"-12", "5", "3"},      {"12", "-5", "-3"},
                                                        {"-12", "-5", "-2"},      {"10.1", "4.5", "1.1"}, {"-10.1", "4.5", "3.4"},
                                                        {"10.1", "-4.5", "-3.4"}, {"1e100", "7", "4"},    {"1", "1e60", "1"}};
  for (const auto& row : modulo) CHECK_MESSAGE(text(floor_modulo(d(row[0]), d(row[1]))) == row[2], row[0]);
  CHECK(text(power(d("2"), d("10"))) == "1024");
  CHECK(text(power(d("2"), d("-1"))) == "0.5");
  CHECK(text(power(d("2"), d("0.5"))) == "1.414213562373095048801688724209698");
  CHECK(text(power(d("-8"), d("0.5"))) == "none");
  CHECK(text(power(d("0"), d("-1"))) == "none");
  CHECK(text(power(d("1.0000001"), d("10000000"))) == "2.718281692544966271198550225777813");
  CHECK(text(power(d("10"), d("100000"))) == "none");
  CHECK(text(d("4").sqrt()) == "2");
  CHECK(text(d("2").sqrt()) == "1.414213562373095048801688724209698");
  CHECK(text(d("0").exp()) == "1");
  CHECK(text(d("1").exp()) == "2.718281828459045235360287471352662");
  CHECK(text(d("10").log()) == "2.302585092994045684017991454684364");
  CHECK(text(d("-1").log()) == "none");
  CHECK(text(d("1e300").exp()) == "none");
}

TEST_CASE("decimal: rounding modes") {
  using R = Decimal::Rounding;
  const std::vector<std::tuple<std::string, int, R, std::string>> table = {
      {"2.5", 0, R::half_even, "2"},      {"3.5", 0, R::half_even, "4"},      {"2.5", 0, R::half_up, "3"},     {"-2.5", 0, R::half_up, "-3"},
      {"2.5", 0, R::half_down, "2"},      {"-2.5", 0, R::half_down, "-2"},    {"2.1", 0, R::up, "3"},          {"-2.1", 0, R::up, "-3"},
      {"2.9", 0, R::down, "2"},           {"-2.9", 0, R::down, "-2"},         {"-2.1", 0, R::floor, "-3"},     {"-2.9", 0, R::ceiling, "-2"},
      {"1234", -2, R::half_even, "1200"}, {"1250", -2, R::half_even, "1200"}, {"0.005", 2, R::half_even, "0"}, {"0.001", 2, R::up, "0.01"},
      {"5", -6000, R::ceiling, ""}};
  for (const auto& row : table) {
    if (!std::get<3>(row).empty())
      CHECK_MESSAGE(text(d(std::get<0>(row)).rounded(std::get<1>(row), std::get<2>(row))) == std::get<3>(row), std::get<0>(row));
  }
  CHECK(d("5").rounded(-6000, R::ceiling)->exponent() == 6000);
}

TEST_CASE("decimal: conversions") {
  CHECK(d("-9223372036854775808").to_int64() == INT64_MIN);
  CHECK(!d("9223372036854775808").to_int64());
  CHECK(!d("1.5").to_int64());
  CHECK(d("150e-1").to_int64() == 15);
  CHECK(d("0e100").to_int64() == 0);
  CHECK(d("1e1").is_integer());
  CHECK(!d("0.1").is_integer());
  CHECK(d("0.1").to_double() == 0.1);
  CHECK(text(Decimal::from_double(0.5)) == "0.5");
  CHECK(text(Decimal::from_double(0.1)) == "0.10000000000000001");
  CHECK(!Decimal::from_double(1.0 / 0.0 * 0.0));
  CHECK(Decimal(INT64_MIN).to_string() == "-9223372036854775808");
}
