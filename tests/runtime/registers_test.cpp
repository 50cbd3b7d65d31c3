// Registers: cases read and write rows, operators give them, another system may have them (decision 0093).
#include <atomic>
#include <stdexcept>
#include <thread>

#include "support.hpp"

namespace switchboard::testing::registers {

namespace {

constexpr std::string_view customer = R"(
switchboard: 1
register: customer
key: customer_no
fields:
  customer_no: string
  name: {type: string, required: true}
  category: {enum: [resident, business]}
  debt: {type: number, min: 0}
  since: date
  suspended: {type: counter, per: year}
  reports: {type: counter, per: month, over: 2}
)";

constexpr std::string_view cut = R"(
switchboard: 1
process: cut
calendar: 24x7@Asia/Shanghai
data: {customer_no: string, debt: number, is_known: boolean, version: number, times: number}
nodes:
  s: {type: startEvent, next: look}
  look:
    type: serviceTask
    register: {read: customer, key: customer_no}
    out: {debt: debt, is_known: found, version: version}
    next: decide
  decide: {type: userTask, form: [], next: write}
  write:
    type: serviceTask
    register: {write: customer, key: customer_no, set: {debt: '0', name: '"Li"'}, add: {suspended: '1', reports: '1'}}
    out: {times: suspended, version: version}
    next: last
  last: {type: userTask, form: [], next: e}
  e: {type: endEvent}
)";

void prepare(World& w) {
  must(w.engine().add_resource(customer, "customer.yaml"));
  must(w.engine().deploy(cut, "cut.yaml"));
}

RowInfo put(World& w, const std::string& key, const Value& fields) { return must(w.engine().put_row("customer", key, fields, {.by = "wang"})); }

Value field(const RowInfo& row, std::string_view name) { return *row.fields.context()->find(name); }
Value field(World& w, const std::string& key, std::string_view name) { return field(must(w.engine().row("customer", key)), name); }

CaseInfo begin(World& w, const std::string& number, const std::string& key) { return w.start("cut", number, context({{"customer_no", key}})); }

std::string incident(World& w, const std::string& number) {
  const auto all = must(w.engine().incidents({.case_no = number}));
  return all.empty() ? std::string() : all.front().rule + ": " + all.front().message;
}

/// What of the history says how the register answered.
std::string answers(World& w, const CaseInfo& c) {
  std::string text;
  for (const HistoryInfo& h : must(w.engine().history(c.instance, 0, 1000)))
    if (h.event == "call-finished") text += to_json(h.details) + "\n";
  return text;
}

}  // namespace

TEST_CASE("a case reads a row: fields, found, version; what it read is in its history") {
  on_both_stores([](World& w) {
    prepare(w);
    put(w, "1001", context({{"name", "Wang"}, {"debt", 50}, {"since", "2020-01-31"}}));
    const CaseInfo c = begin(w, "A", "1001");
    CHECK(w.at("A") == "decide");
    CHECK(w.data("A", "debt") == Value(50));
    CHECK(w.data("A", "is_known") == Value(true));
    CHECK(w.data("A", "version") == Value(1));
    put(w, "1001", context({{"debt", 60}}));
    w.reopen();
    CHECK(answers(w, c).find(R"("debt":50)") != std::string::npos);
    CHECK(answers(w, c).find(R"("since":"2020-01-31")") != std::string::npos);
    begin(w, "B", "4711");
    CHECK(w.data("B", "is_known") == Value(false));
    CHECK(w.data("B", "debt") == Value());
    CHECK(w.data("B", "version") == Value(0));
  });
}

TEST_CASE("a case writes a row with its step, each change is a version with the case that made it") {
  on_both_stores([](World& w) {
    prepare(w);
    put(w, "1001", context({{"name", "Wang"}, {"debt", 50}}));
    const CaseInfo c = begin(w, "A", "1001");
    w.complete("A", "decide");
    CHECK(w.at("A") == "last");
    CHECK(w.data("A", "times") == Value(1));
    CHECK(w.data("A", "version") == Value(2));
    w.reopen();
    const auto all = must(w.engine().row_history("customer", "1001", 0, 10));
    REQUIRE(all.size() == 2);
    CHECK(all[0].by == "wang");
    CHECK(all[1].instance == c.instance);
    CHECK(field(all[1], "debt") == Value(0));
    CHECK(field(all[1], "name") == Value("Li"));
    begin(w, "B", "2002");  // one that is not there is made
    w.complete("B", "decide");
    CHECK(field(w, "2002", "name") == Value("Li"));
  });
}

TEST_CASE("counters count by calendar year and by the last months, and forget what lies before") {
  on_both_stores([](World& w) {
    prepare(w);
    const auto count = [&](const std::string& number) {
      begin(w, number, "1");
      w.complete(number, "decide");
    };
    count("A");
    count("B");
    CHECK(field(w, "1", "suspended") == Value(2));
    CHECK(field(w, "1", "reports") == Value(2));
    w.now = *parse_instant("2026-04-30T23:59:59+08:00");
    CHECK(field(w, "1", "reports") == Value(2));  // of March, which is the month before
    w.now = *parse_instant("2026-05-01T00:00:00+08:00");
    CHECK(field(w, "1", "reports") == Value(0));
    CHECK(field(w, "1", "suspended") == Value(2));
    w.now = *parse_instant("2027-01-01T00:00:00+08:00");
    CHECK(field(w, "1", "suspended") == Value(0));
    count("C");
    CHECK(field(w, "1", "suspended") == Value(1));
    CHECK(field(put(w, "1", context({{"suspended", 7}})), "suspended") == Value(7));  // an operator says what it stands at
  });
}

TEST_CASE("what does not fit is refused at the door, and nothing is written") {
  on_both_stores([](World& w) {
    CHECK(error_of(w.engine().put_row("customer", "1", context({}))) == "SB0580");
    prepare(w);
    const auto refused = [&](const std::string& key, const Value& fields, const std::string& says) {
      const auto done = w.engine().put_row("customer", key, fields);
      REQUIRE_FALSE(done);
      CHECK(done.error().id == "SB0581");
      CAPTURE(done.error().text());
      CHECK(done.error().text().find(says) != std::string::npos);
    };
    refused("", context({{"name", "x"}}), "the key is empty");
    refused("a\nb", context({{"name", "x"}}), "the key");
    refused(std::string(300, 'x'), context({{"name", "x"}}), "the key");
    refused("1", context({{"debt", 5}}), "field 'name' is required");
    refused("1", context({{"name", "x"}, {"debts", 5}}), "did you mean 'debt'?");
    refused("1", context({{"name", "x"}, {"debt", -1}}), "field 'debt': -1 is less than 0");
    refused("1", context({{"name", "x"}, {"debt", "much"}}), "wanted is number");
    refused("1", context({{"name", "x"}, {"category", "residant"}}), "did you mean 'resident'?");
    refused("1", context({{"name", "x"}, {"since", "2026-02-30"}}), "since");
    refused("1", context({{"name", "x"}, {"suspended", "twice"}}), "whole number");
    refused("1", context({{"name", "x"}, {"customer_no", "2"}}), "is the key");
    refused("1", Value("x"), "no object");
    CHECK(must(w.engine().rows("customer", "", 10)).empty());
    CHECK(error_of(w.engine().row("customer", "1")) == "SB0584");
    CHECK(error_of(w.engine().row_history("customer", "1", 0, 10)) == "SB0584");
    const auto near = w.engine().row("customar", "1");
    REQUIRE_FALSE(near);
    CHECK(near.error().hint == "did you mean 'customer'?");
  });
}

TEST_CASE("a request that is repeated puts a row once; what is so already makes no version") {
  on_both_stores([](World& w) {
    prepare(w);
    const Value fields = context({{"name", "Wang"}, {"debt", 1}});
    CHECK(must(w.engine().put_row("customer", "1", fields, {.request_id = "r"})).version == 1);
    CHECK(must(w.engine().put_row("customer", "1", fields, {.request_id = "r"})).version == 1);
    put(w, "1", context({{"debt", 2}}));
    CHECK(must(w.engine().put_row("customer", "1", fields, {.request_id = "r"})).version == 2);  // not once more
    CHECK(field(w, "1", "debt") == Value(2));
    CHECK(put(w, "1", context({{"debt", 2}})).version == 2);
    CHECK(error_of(w.engine().put_row("customer", "1", context({{"debt", 9}}), {.request_id = "r"})) == "SB0546");
  });
}

TEST_CASE("an import: a row that does not fit stops no other") {
  on_both_stores([](World& w) {
    prepare(w);
    std::vector<Value> rows;
    for (int i = 0; i < 2500; ++i) rows.push_back(context({{"customer_no", std::to_string(10'000 + i)}, {"name", "x"}, {"debt", std::to_string(i)}}));
    rows[7] = context({{"customer_no", "bad"}, {"debt", "1"}});
    rows[1200] = Value("nothing");
    rows[2400] = context({{"name", "x"}});
    rows[2] = rows[1];                                                                               // twice the same
    rows[4] = context({{"customer_no", "10003"}, {"name", "y"}, {"debt", ""}, {"suspended", "2"}});  // one row twice in one page
    ImportReport report = must(w.engine().import_rows("customer", rows, {.by = "li"}));
    CHECK(report.written == 2496);
    CHECK(report.unchanged == 1);
    CHECK(report.refused == 3);
    REQUIRE(report.errors.size() == 3);
    CHECK(report.errors[0].starts_with("row 8: register 'customer', key 'bad': field 'name' is required"));
    CHECK(report.errors[1].starts_with("row 1201: the row has no key"));
    CHECK(must(w.engine().row("customer", "10003")).version == 2);
    CHECK(field(w, "10003", "suspended") == Value(2));
    CHECK(field(w, "10003", "debt") == Value());
    CHECK(field(w, "12499", "debt") == Value(2499));
    CHECK(must(w.engine().rows("customer", "", 10'000)).size() == 2495);
    report = must(w.engine().import_rows("customer", {rows.begin() + 5, rows.begin() + 7}));
    CHECK(report.unchanged == 2);
    CHECK(report.written == 0);
  });
}

TEST_CASE("a row that does not fit is an incident of the case; resolving does it again") {
  on_both_stores([](World& w) {
    prepare(w);
    w.start("cut", "A");  // no customer number
    CHECK(incident(w, "A") == "SB0520: register 'customer', key: `customer_no` is null, wanted is a text");
    const auto all = must(w.engine().incidents({.case_no = "A"}));
    must(w.engine().resolve(all.front().incident, context({{"customer_no", "1"}})));
    CHECK(w.at("A") == "decide");

    constexpr std::string_view nameless = R"(
switchboard: 1
process: nameless
calendar: 24x7@Asia/Shanghai
nodes:
  s: {type: startEvent, next: write}
  write: {type: serviceTask, register: {write: customer, key: '"9"', set: {debt: '5'}}, next: e}
  e: {type: endEvent}
)";
    must(w.engine().deploy(nameless, "n.yaml"));
    w.start("nameless", "N");
    CHECK(incident(w, "N").starts_with("SB0583: register 'customer', key '9': field 'name' is required and would be null"));
    put(w, "9", context({{"name", "Zhao"}}));
    must(w.engine().resolve(must(w.engine().incidents({.case_no = "N"})).front().incident, {}));
    CHECK(w.at("N", "nameless") == "completed");
    CHECK(field(w, "9", "debt") == Value(5));
  });
}

TEST_CASE("a suspended case takes its answer when it goes on; one that is cancelled takes none") {
  on_both_stores([](World& w) {
    prepare(w);
    constexpr std::string_view waits = R"(
switchboard: 1
process: waits
calendar: 24x7@Asia/Shanghai
data: {debt: number}
nodes:
  s: {type: startEvent, next: t}
  t: {type: userTask, form: [], next: [a, b]}
  a: {type: serviceTask, register: {write: customer, key: '"1"', set: {name: '"n"', debt: '7'}}, out: {debt: debt}, next: e}
  b: {type: userTask, form: [], next: e}
  e: {type: endEvent}
)";
    must(w.engine().deploy(waits, "w.yaml"));
    // An observer stands between the step that wants the row and the answer.
    std::string what;
    const Observation watch = w.engine().observe([&](const CaseInfo& c, const std::vector<HistoryInfo>& history) {
      for (const HistoryInfo& h : history) {
        if (h.event != "call-started" || what.empty()) continue;
        const std::string now = std::exchange(what, {});
        if (now == "suspend") must(w.engine().suspend(c.instance, "police"));
        if (now == "cancel") must(w.engine().cancel(c.instance, "wrong"));
      }
    });
    w.start("waits", "A");
    what = "suspend";
    w.complete("A", "t");
    CHECK(w.find("A").state == CaseState::suspended);
    CHECK(error_of(w.engine().row("customer", "1")) == "SB0584");
    w.advance(Duration::minutes(1));
    CHECK(error_of(w.engine().row("customer", "1")) == "SB0584");
    w.reopen();
    must(w.engine().resume(w.find("A").instance));
    w.advance(Duration::minutes(1));
    CHECK(w.at("A") == "b");
    CHECK(w.data("A", "debt") == Value(7));
    CHECK(must(w.engine().row_history("customer", "1", 0, 10)).size() == 1);
  });
}

TEST_CASE("another system answers: its rows are held to the types, its errors are incidents, nothing is written there") {
  on_both_stores([](World& w) {
    prepare(w);
    put(w, "own", context({{"name", "Own"}, {"debt", 1}}));
    w.engine().set_register_source([](std::string_view of, std::string_view key) -> Result<std::optional<Value>> {
      CHECK(of == "customer");
      if (key == "down") return Error{ErrorKind::storage, "X1", "the line is cut", "", ""};
      if (key == "throws") throw std::runtime_error("no such table");
      if (key == "gone") return std::optional<Value>(Value());
      if (key == "odd") return std::optional<Value>(context({{"debt", "much"}}));
      if (key == "own") return std::optional<Value>();
      return std::optional<Value>(context({{"name", "Foreign"}, {"debt", 99}, {"suspended", 3}, {"unknown", 1}}));
    });
    begin(w, "A", "f");
    CHECK(w.data("A", "debt") == Value(99));
    CHECK(w.data("A", "version") == Value(0));
    CHECK(field(w, "f", "suspended") == Value(3));
    begin(w, "B", "gone");
    CHECK(w.data("B", "is_known") == Value(false));
    begin(w, "C", "own");
    CHECK(w.data("C", "debt") == Value(1));
    begin(w, "D", "down");
    CHECK(incident(w, "D").find("the line is cut") != std::string::npos);
    begin(w, "E", "throws");
    CHECK(incident(w, "E").find("no such table") != std::string::npos);
    begin(w, "F", "odd");
    CHECK(incident(w, "F").find("field 'debt'") != std::string::npos);
    w.complete("A", "decide");
    CHECK(incident(w, "A").find("kept by another system") != std::string::npos);
    w.engine().set_register_source({});
    must(w.engine().resolve(must(w.engine().incidents({.case_no = "D"})).front().incident, {}));
    CHECK(w.data("D", "is_known") == Value(false));
  });
}

TEST_CASE("many cases that write one row at once lose no change") {
  World w(true);
  prepare(w);
  constexpr int threads = 4, each = 25;
  for (int i = 0; i < threads * each; ++i) begin(w, std::to_string(i), "1");
  std::vector<std::thread> all;
  std::atomic<int> failed = 0;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([&, t] {
      for (int i = 0; i < each; ++i) {
        Find find;
        find.case_no = std::to_string(t * each + i);
        const auto work = w.engine().work(find);
        if (!work || !w.engine().complete(work.value().front().work, {})) ++failed;
      }
    });
  for (std::thread& t : all) t.join();
  CHECK(failed == 0);
  w.advance(Duration::minutes(1));
  CHECK(field(w, "1", "suspended") == Value(threads * each));
  CHECK(must(w.engine().incidents({})).empty());
  CHECK(w.violations().empty());
}

TEST_CASE("a definition keeps the form of its register; the newest holds for those outside") {
  on_both_stores([](World& w) {
    prepare(w);
    put(w, "1", context({{"name", "Wang"}, {"debt", 5}}));
    constexpr std::string_view newer = R"(
switchboard: 1
register: customer
key: customer_no
fields: {customer_no: string, name: string, debt: string, tariff: string}
)";
    must(w.engine().add_resource(newer, "customer.yaml"));
    const auto resources = must(w.engine().resources());
    const auto one = std::find_if(resources.begin(), resources.end(), [](const ResourceInfo& r) { return r.kind == "register"; });
    REQUIRE(one != resources.end());
    CHECK(one->older_in == std::vector<std::string>{"cut"});
    must(w.engine().put_row("customer", "1", context({{"tariff", "night"}})));
    w.reopen();
    begin(w, "A", "1");
    CHECK(w.data("A", "debt") == Value(5));
    w.complete("A", "decide");
    CHECK(w.at("A") == "last");
    const RowInfo row = must(w.engine().row("customer", "1"));  // its debt is a number, and no text: shown as it is kept
    CHECK(field(row, "tariff") == Value("night"));
    must(w.engine().put_row("customer", "1", context({{"debt", "5 yuan"}})));
    begin(w, "B", "1");
    CHECK(incident(w, "B").starts_with("SB0583: register 'customer', key '1': field 'debt'"));
  });
}

}  // namespace switchboard::testing::registers
