// Reports of a real engine: keys, periods, paging, refusals.
#include <doctest/doctest.h>

#include <memory>
#include <string>

#include "switchboard/report.hpp"
#include "switchboard/value/json.hpp"
#include "switchboard/value/temporal.hpp"

using namespace switchboard;
using report::PromiseQuery;
using report::PromiseReport;

namespace {

constexpr const char* answer_yaml = R"(switchboard: 1
process: answer
calendar: 24x7@Asia/Shanghai
data:
  company: {type: string, required: true}
  size: {type: number, default: 1}
lanes:
  desk: {groups: [desk]}
nodes:
  begin: {type: startEvent, next: reply}
  reply: {type: userTask, lane: desk, next: check}
  check: {type: callActivity, process: check, next: done}
  done: {type: endEvent}
sla:
  first:
    name: {en: First answer}
    start: {entered: reply}
    stop: {completed: reply}
    within: 1 h
  usual:
    audience: internal
    start: {entered: reply}
    stop: {completed: reply}
    within: {mean: 30 min}
  whole:
    start: {entered: reply}
    stop: {completed: done}
    within: 3 h
)";
constexpr const char* check_yaml = R"(switchboard: 1
process: check
calendar: 24x7@Asia/Shanghai
nodes:
  begin: {type: startEvent, next: look}
  look: {type: userTask, groups: [inspectors], next: done}
  done: {type: endEvent}
sla:
  look-limit:
    start: {entered: look}
    stop: {completed: look}
    within: 1 h
)";

template <class T>
T must(Result<T> result) {
  if (!result) FAIL_CHECK(result.error().text());
  REQUIRE(result);
  return std::move(result.value());
}

class Desk {
 public:
  Desk() {
    EngineOptions options;
    options.clock = [this] { return now_; };
    options.language = "en";
    engine_ = must(Engine::open(options));
    must(engine_->deploy(check_yaml, "check.yaml"));
    must(engine_->deploy(answer_yaml, "answer.yaml"));
  }

  Engine& engine() { return *engine_; }

  void at(const char* text) {
    now_ = *parse_instant(text, "Asia/Shanghai");
    must(engine_->tick(1000));
  }
  void start(const char* case_no, const char* company) {
    StartOptions options;
    options.case_no = case_no;
    must(engine_->start("answer", Context{{"company", company}}, options));
  }
  void complete(const char* case_no) {
    Find find;
    find.case_no = case_no;
    find.open_only = true;
    const auto work = must(engine_->work(find));
    REQUIRE(work.size() == 1);
    must(engine_->complete(work.front().work, Context{}, {.by = "wang"}));
  }

  /// Two cases of `north` on 31 March (one answered in time, one an hour late on 1 April) and one of `south` that is not answered.
  void three_cases() {
    at("2026-03-31T23:30");
    start("A", "north");
    start("B", "north");
    start("C", "south");
    at("2026-03-31T23:50");
    complete("A");
    at("2026-04-01T01:30");
    complete("B");
    complete("A");
  }

  PromiseReport report(PromiseQuery query) { return must(report::promises(engine(), query)); }

 private:
  Instant now_ = *parse_instant("2026-03-31T09:00", "Asia/Shanghai");
  std::unique_ptr<Engine> engine_;
};

/// "north 2026-03: kept 1, broken 0" for every row.
std::string said(const PromiseReport& report) {
  std::string text;
  for (const report::PromiseRow& row : report.rows) {
    if (!text.empty()) text += "; ";
    for (const std::string& key : row.keys) text += (key.empty() ? "-" : key) + " ";
    text += std::to_string(row.figures.kept) + "/" + std::to_string(row.figures.broken) + "/" + std::to_string(row.figures.open);
  }
  return text;
}

std::string refusal(Engine& engine, const PromiseQuery& query) {
  const auto done = report::promises(engine, query);
  REQUIRE(!done);
  return done.error().text();
}

}  // namespace

TEST_CASE("kept/broken/open by each key") {
  Desk desk;
  desk.three_cases();
  struct Row {
    PromiseQuery query;
    const char* says;
  };
  const Row rows[] = {
      {{.by = {"process"}}, "answer 2/2/4; check 0/1/1"},
      {{.by = {"process", "clock"}}, "answer first 1/2/1; answer usual 0/0/1; answer whole 1/0/2; check look-limit 0/1/1"},
      {{.by = {"audience"}, .process = "answer"}, "customer 2/2/3; internal 0/0/1"},
      {{.by = {"stage"}, .clock = "first"}, "reply 1/2/1"},
      {{.by = {"lane"}, .clock = "first"}, "desk 1/2/1"},
      {{.by = {"company"}, .clock = "first"}, "north 1/1/0; south 0/1/1"},
      {{.by = {"company", "month"}, .clock = "first"}, "north 2026-03 1/0/0; north 2026-04 0/1/0; south 2026-04 0/1/1"},
      {{.by = {"data.size"}, .clock = "first"}, "1 1/2/1"},
      {{.by = {"company"}, .clock = "look-limit"}, "north 0/1/1"},
      {{.by = {"broke-at"}, .clock = "first"}, "- 1/0/0; reply 0/2/1"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.query.clock);
    CHECK(said(desk.report(row.query)) == row.says);
  }
}

TEST_CASE("averages are judged by the group") {
  Desk desk;
  desk.three_cases();
  const PromiseReport report = desk.report({.by = {"company"}, .clock = "usual"});
  REQUIRE(report.rows.size() == 2);
  // 20 and 120 minutes of 30: 233 %
  CHECK(report.rows[0].figures.averages.at("answer/usual").percent() == doctest::Approx(700.0 / 3));
  CHECK(report.rows[0].figures.averages_broken() == 1);
  CHECK(report.rows[1].figures.averages.empty());
  CHECK(desk.report({.by = {}, .audience = "internal"}).total.rounds == 3);
}

TEST_CASE("the period: from is in it, until is not") {
  Desk desk;
  desk.three_cases();
  const auto rounds = [&](const char* from, const char* until) {
    PromiseQuery query{.clock = "first"};
    if (*from != '\0') query.from = parse_instant(from, "Asia/Shanghai");
    if (*until != '\0') query.until = parse_instant(until, "Asia/Shanghai");
    return desk.report(query).total.rounds;
  };
  CHECK(rounds("", "") == 3);
  CHECK(rounds("2026-03-31T23:50", "") == 3);  // A was answered then
  CHECK(rounds("2026-03-31T23:50:00.000001", "") == 2);
  CHECK(rounds("", "2026-03-31T23:50") == 0);
  CHECK(rounds("2026-04-01", "2026-05-01") == 2);
  CHECK(rounds("", "2026-04-01T00:30") == 1);  // B and C were due then
}

TEST_CASE("a page of one gives the same as all at once") {
  Desk desk;
  desk.three_cases();
  for (const std::size_t page : {1u, 2u, 3u, 1000u}) {
    CAPTURE(page);
    const PromiseReport report = desk.report({.by = {"process", "clock", "company"}, .page = page});
    CHECK(report.total.rounds == 11);
    CHECK(report.rows.size() == 7);
  }
}

TEST_CASE("nothing to count is an empty report") {
  Desk desk;
  const PromiseReport report = desk.report({.by = {"process", "company"}});
  CHECK(report.rows.empty());
  CHECK(report.total.rounds == 0);
  CHECK(to_json(report::to_value(report)).find("\"kept_share\":null") != std::string::npos);
}

TEST_CASE("refusals say what would do") {
  Desk desk;
  desk.three_cases();
  CHECK(refusal(desk.engine(), {.by = {"team"}}).find("nothing to group by called 'team' [SB0720] - one of process, overlay, clock") !=
        std::string::npos);
  CHECK(refusal(desk.engine(), {.by = {"data."}}).find("SB0720") != std::string::npos);
  CHECK(refusal(desk.engine(), {.by = {"clock", "clock"}}).find("named twice") != std::string::npos);
  CHECK(refusal(desk.engine(), {.audience = "all"}).find("no audience 'all'") != std::string::npos);
  CHECK(refusal(desk.engine(), {.from = Instant{5}, .until = Instant{5}}).find("empty") != std::string::npos);
  const std::string undeclared = refusal(desk.engine(), {.by = {"data.compny"}});
  CHECK(undeclared.find("no case that counts here has data 'compny' [SB0721] - there are company, size") != std::string::npos);
}
