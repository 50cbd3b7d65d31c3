#include "compiled.hpp"
#include "switchboard/value/json.hpp"

using namespace switchboard;
using Kind = feel::Type::Kind;

namespace {

/// The admitted value as FEEL text, or the refusal.
std::string admitted(const model::DataSpec& d, const std::string& json) {
  const auto result = model::admit(d, parse_json(json).value());
  return result ? to_feel(result.value()) : result.error().text();
}

model::DataSpec spec(feel::Type type) {
  model::DataSpec d;
  d.name = "x";
  d.type = type;
  return d;
}

}  // namespace

TEST_CASE("types at the door, with JSON's texts for dates") {
  CHECK(admitted(spec(Kind::string), R"("a")") == R"("a")");
  CHECK(admitted(spec(Kind::string), "1") == "data 'x': 1 is a number, wanted is string [SB0501] - give a text, in quotation marks");
  CHECK(admitted(spec(Kind::number), R"("1")") == "data 'x': \"1\" is a string, wanted is number [SB0501] - leave the quotation marks out");
  CHECK(admitted(spec(Kind::number), R"("one")") ==
        "data 'x': \"one\" is a string, wanted is number [SB0501] - give a number, without quotation marks: 12.5");
  CHECK(admitted(spec(Kind::boolean), R"("true")") == "data 'x': \"true\" is a string, wanted is boolean [SB0501] - leave the quotation marks out");
  CHECK(admitted(spec(Kind::date), R"("2026-03-02")") == R"(date("2026-03-02"))");
  CHECK(admitted(spec(Kind::date), R"("2026-03-32")") == "data 'x': \"2026-03-32\" is no date [SB0501] - March 2026 has 31 days");
  CHECK(admitted(spec(Kind::days_time_duration), R"("3 bd")") ==
        "data 'x': \"3 bd\" is no days and time duration [SB0501] - write it as in \"P3DT4H\": days, hours, minutes, seconds");
  CHECK(admitted(spec(feel::Type::list_of(Kind::number)), R"([1, "a"])") ==
        "data 'x': item 2: \"a\" is a string, wanted is number [SB0501] - give a number, without quotation marks: 12.5");
  CHECK(admitted(spec(feel::Type::context_of({{"on", Kind::date}})), R"({"on": "soon"})") ==
        "data 'x': entry 'on': \"soon\" is no date [SB0501] - write it as in \"2026-03-15\", a day that exists");
  CHECK(admitted(spec(feel::Type::context_of({{"on", Kind::date}})), R"({"off": "soon"})") ==
        "data 'x': the entry 'on' is missing [SB0501] - give it, null if nothing is known");
  CHECK(admitted(spec(Kind::date_time), R"("2026-03-02T10:00:00")") == R"(date and time("2026-03-02T10:00:00"))");
  CHECK(admitted(spec(Kind::date_time), R"("2026-03-02")") == R"(date and time("2026-03-02T00:00:00"))");
  CHECK(admitted(spec(Kind::days_time_duration), R"("PT1H")") == R"(duration("PT1H"))");
  CHECK(admitted(spec(Kind::years_months_duration), R"("P1Y")") == R"(duration("P1Y"))");
  CHECK(admitted(spec(feel::Type::list_of(Kind::date)), R"(["2026-03-02"])") == R"([date("2026-03-02")])");
  CHECK(admitted(spec(feel::Type::list_of(Kind::string)), R"("a")") == R"(["a"])");
  CHECK(admitted(spec(Kind::any), R"({"a": [1]})") == "{a: [1]}");
  CHECK(admitted(spec(feel::Type::context_of({{"on", Kind::date}})), R"({"on": "2026-03-02", "more": 1})") == R"({on: date("2026-03-02"), more: 1})");
}

TEST_CASE("a date and time without a zone is one of the process's zone") {
  auto d = spec(Kind::date_time);
  d.zone = "Asia/Shanghai";
  CHECK(admitted(d, R"("2026-03-02T10:00:00")") == R"(date and time("2026-03-02T10:00:00+08:00"))");
  CHECK(admitted(d, R"("2026-03-02")") == R"(date and time("2026-03-02T00:00:00+08:00"))");
  CHECK(admitted(d, R"("2026-03-02T10:00:00Z")") == R"(date and time("2026-03-02T10:00:00Z"))");
  d.min = Value(*parse_date_time("2026-03-02T10:00:00"));
  CHECK(admitted(d, R"("2026-03-02T10:00:00")") == R"(date and time("2026-03-02T10:00:00+08:00"))");
  CHECK(admitted(d, R"("2026-03-02T01:59:59Z")").find("is less than") != std::string::npos);
  const feel::Type payload = feel::Type::context_of({{"at", Kind::date_time}, {"days", feel::Type::list_of(Kind::date)}});
  CHECK(to_feel(model::read_as(parse_json(R"({"at": "2026-03-02T10:00:00", "days": ["2026-03-02", 5], "more": "2026-03-02"})").value(), payload,
                               "Asia/Shanghai")) ==
        R"({at: date and time("2026-03-02T10:00:00+08:00"), days: [date("2026-03-02"), 5], more: "2026-03-02"})");
  auto p = testing::process_of("s start > e\n e end");
  p.data = {testing::data("since", Kind::date_time)};
  p.data[0].default_value = Value("2026-03-02T10:00:00");
  const auto process = testing::compiled(p);
  CHECK(process->data[0].zone == "Asia/Shanghai");
  CHECK(to_feel(process->data[0].default_value) == R"(date and time("2026-03-02T10:00:00+08:00"))");
}

TEST_CASE("null is welcome where nothing is required") {
  auto d = spec(Kind::string);
  CHECK(admitted(d, "null") == "null");
  d.required = true;
  CHECK(admitted(d, "null") == "data 'x': a value is required, null was given [SB0501]");
}

TEST_CASE("enumerations, also of lists") {
  auto d = spec(Kind::string);
  d.enumeration = {"urban", "rural"};
  CHECK(admitted(d, R"("rural")") == R"("rural")");
  CHECK(admitted(d, R"("urbn")") == "data 'x': \"urbn\" is not one of urban, rural [SB0501] - did you mean 'urban'?");
  d.type = feel::Type::list_of(Kind::string);
  CHECK(admitted(d, R"(["urban", "rural"])") == R"(["urban", "rural"])");
  CHECK(admitted(d, R"(["urban", "moon"])").find("is not one of") != std::string::npos);
}

TEST_CASE("bounds of numbers, dates, durations and lengths") {
  auto d = spec(Kind::number);
  d.min = Value(1);
  d.max = Value(10);
  CHECK(admitted(d, "1") == "1");
  CHECK(admitted(d, "0.5") == "data 'x': 0.5 is less than 1 [SB0501]");
  CHECK(admitted(d, "11") == "data 'x': 11 is more than 10 [SB0501]");
  d.type = Kind::string;
  CHECK(admitted(d, R"("客户客户客户客户客户")") == R"("客户客户客户客户客户")");
  CHECK(admitted(d, R"("客户客户客户客户客户客")") == "data 'x': length 11 is more than 10 [SB0501]");
  d.type = feel::Type::list_of(Kind::number);
  CHECK(admitted(d, "[]") == "data 'x': length 0 is less than 1 [SB0501]");
  auto date = spec(Kind::date);
  date.min = Value(Date{2026, 1, 1});
  CHECK(admitted(date, R"("2025-12-31")").find("is less than") != std::string::npos);
  auto span = spec(Kind::days_time_duration);
  span.max = Value(DaysTimeDuration{3600, 0});
  CHECK(admitted(span, R"("PT2H")").find("is more than") != std::string::npos);
}

TEST_CASE("defaults pass the same door when the process is compiled") {
  auto p = testing::process_of("s start > e\n e end");
  p.data = {testing::data("since", Kind::date)};
  p.data[0].default_value = Value("2026-03-02");
  CHECK(testing::compiled(p)->data[0].default_value == Value(Date{2026, 3, 2}));
  p.data[0].default_value = Value("soon");
  CHECK(testing::problems(p).find("SB0187 since: default: data 'since':") == 0);
}
