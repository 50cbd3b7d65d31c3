// What cases are found by, and the order of work by promise: the same in every store, and through an index.
#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <set>

#include "store/projection.hpp"
#include "store/sqlite_filter.hpp"
#include "support.hpp"

namespace switchboard::testing {

namespace {

template <class T>
T need(Result<T> r) {
  REQUIRE_MESSAGE(r, (r ? std::string() : r.error().text()));
  return std::move(r).value();
}
void need(Result<void> r) { REQUIRE_MESSAGE(r, (r ? std::string() : r.error().text())); }

model::DataItem text_item(const std::string& name, bool search, feel::Type type = feel::Type::Kind::string) {
  model::DataItem item;
  item.name = name;
  item.type = std::move(type);
  item.search = search;
  return item;
}

/// begin -> look (user task of clerks; priority and promise from the data) -> done
model::ExecutablePtr searched_process() {
  model::Process p;
  p.id = "call";
  p.file = "call.yaml";
  p.customer.text = "customer_no";
  p.data = {text_item("customer_no", false), text_item("phone", true), text_item("names", true, feel::Type::list_of(feel::Type::Kind::string)),
            text_item("urgency", false, feel::Type::Kind::number), text_item("hours", false, feel::Type::Kind::number)};
  model::Node begin;
  begin.id = "begin";
  begin.type = model::NodeType::start_event;
  begin.next.push_back({{"look", {}}, {}, false, {}});
  model::Node look;
  look.id = "look";
  look.type = model::NodeType::user_task;
  look.groups = {"clerks", "chiefs"};
  look.priority.text = "if urgency = null then 0 else urgency";
  look.next.push_back({{"done", {}}, {}, false, {}});
  model::Node done;
  done.id = "done";
  done.type = model::NodeType::end_event;
  p.nodes = {begin, look, done};
  model::ClockDefinition clock;
  clock.id = "promise";
  clock.start.any.push_back({model::Trigger::Kind::process_started, {}, {}});
  clock.stop.any.push_back({model::Trigger::Kind::process_ended, {}, {}});
  clock.within.text = "if hours = null then null else duration(\"PT\" + string(hours) + \"H\")";
  p.sla.push_back(clock);
  model::Library library;
  auto calendar = calendar::BusinessCalendar::always("cn", "Asia/Shanghai");
  REQUIRE(calendar);
  library.calendars["cn"] = calendar.value();
  const model::CompileResult result = model::compile(p, library, "text of call");
  REQUIRE_MESSAGE(result.process != nullptr, (result.diagnostics.empty() ? std::string() : result.diagnostics.front().text()));
  return result.process;
}

struct Given {
  std::string phone;
  std::vector<std::string> names{};
  int urgency = 0, hours = 0;  ///< 0 hours: no promise
  Duration after{};
};

core::InstanceKey begin(Stepper& cases, const std::string& number, const Given& given) {
  const auto key = need(cases.store.new_instance_key());
  core::StartInstance command;
  command.key = key;
  command.case_no = number;
  Context data{{"customer_no", "C-" + number}, {"urgency", given.urgency}};
  if (!given.phone.empty()) data.set("phone", given.phone);
  if (!given.names.empty()) data.set("names", List(given.names.begin(), given.names.end()));
  if (given.hours != 0) data.set("hours", given.hours);
  command.data = Value(std::move(data));
  std::vector<std::unique_ptr<Prepared>> all;
  all.push_back(prepare(*cases.process, std::nullopt, {"", t0 + given.after, command}));
  all.back()->change.stage = "look";
  std::size_t ignored = 0;
  need(commit_all(cases.store, all, ignored));
  return key;
}

void on_both_stores(const std::function<void(store::Store&)>& test) {
  SUBCASE("memory") { test(*store::open_memory()); }
  SUBCASE("SQLite") {
    const Folder folder;
    store::SqliteOptions options;
    options.path = folder.file("search.db");
    options.full_sync = false;
    auto store = store::open_sqlite(options);
    REQUIRE(store);
    test(*store.value());
  }
}

std::string numbers_of(store::Store& s, const std::vector<store::SearchTerm>& terms, const std::function<void(store::Query&)>& also = {}) {
  store::Query q;
  q.search = terms;
  if (also) also(q);
  std::string found;
  for (const store::InstanceRow& row : need(s.instances(q))) found += (found.empty() ? "" : " ") + row.case_no;
  return found;
}

std::string plan_of(const std::string& path, const store::Statement& statement) {
  SQLite::Database db(path, SQLite::OPEN_READONLY);
  SQLite::Statement plan(db, "EXPLAIN QUERY PLAN " + statement.sql);
  std::string text;
  while (plan.executeStep()) text += plan.getColumn(3).getString() + "\n";
  return text;
}

}  // namespace

TEST_CASE("texts are folded: width, case, blanks and the signs between digits do not count") {
  CHECK(store::folded("  Zhang  San ") == "zhang san");
  CHECK(store::folded("ＡＢｃ１２３") == "abc123");
  CHECK(store::folded("138 1234-5678") == "13812345678");
  CHECK(store::folded("１３８　１２３４—５６７８") == "13812345678");
  CHECK(store::folded("+86 138-1234") == "+861381234");
  CHECK(store::folded("张 三") == "张 三");
  CHECK(store::folded("R-2026-001") == "r-2026001");
  CHECK(store::folded("\t \n").empty());
  CHECK(store::folded("") == "");
  const std::string broken("a\xff\xfe", 3);
  CHECK(store::folded(broken).size() == 3);
  CHECK(store::folded(std::string(199, 'x') + "张").size() == 199);
  // What begins a text begins what it is folded to.
  const std::string phone = "0571 - 8888 9999";
  for (std::size_t n = 1; n <= phone.size(); ++n) CHECK(store::folded(phone).starts_with(store::folded(phone.substr(0, n))));
}

TEST_CASE("cases are found by their searched data, also by the beginning, and by what these become") {
  on_both_stores([](store::Store& s) {
    Stepper cases(s, searched_process());
    const auto first = begin(cases, "R-1", {"138 1234-5678", {"张三", "Li Si"}});
    begin(cases, "R-2", {"13812345679", {"李四"}});
    begin(cases, "R-3", {});
    CHECK(numbers_of(s, {{"phone", "13812345678", false}}) == "R-1");
    CHECK(numbers_of(s, {{"phone", "1381234", true}}) == "R-1 R-2");
    CHECK(numbers_of(s, {{"names", "LI SI", false}}) == "R-1");
    CHECK(numbers_of(s, {{"names", "13812345678", false}}) == "");
    CHECK(numbers_of(s, {{"", "张", true}}) == "R-1");
    CHECK(numbers_of(s, {{"", "C-R-2", false}}) == "R-2");
    CHECK(numbers_of(s, {{"", "R-", true}}) == "R-1 R-2 R-3");
    CHECK(numbers_of(s, {{"phone", "1381234", true}, {"names", "李四", false}}) == "R-2");
    CHECK(numbers_of(s, {{"names", "张三", false}, {"names", "li si", false}}) == "R-1");
    CHECK(numbers_of(s, {{"phone", "1381234", true}}, [&](store::Query& q) { q.after = first.value; }) == "R-2");
    CHECK(cases.check().empty());

    need(cases.command(first, core::SetData{Value(Context{{"phone", "0571-1"}, {"names", List{Value("张三")}}}), "li", "wrong"}));
    CHECK(numbers_of(s, {{"phone", "13812345678", false}}) == "");
    CHECK(numbers_of(s, {{"phone", "05711", false}}) == "R-1");
    CHECK(numbers_of(s, {{"names", "li si", false}}) == "");
    CHECK(cases.check().empty());
    need(cases.command(first, core::CancelInstance{"off", "li"}, t0 + minute));
    CHECK(numbers_of(s, {{"names", "张三", false}}) == "R-1");  // what is over is found, too
    CHECK(numbers_of(s, {{"", "R-", true}}, [](store::Query& q) { q.state = "active,cancelled"; }) == "R-1 R-2 R-3");
    CHECK(numbers_of(s, {}, [](store::Query& q) { q.state = "cancelled"; }) == "R-1");
    CHECK(numbers_of(s, {}, [](store::Query& q) { q.node = "look"; }) == "R-2 R-3");
    CHECK(numbers_of(s, {}, [](store::Query& q) { q.node = "ook"; }) == "");
    CHECK(numbers_of(s, {}, [](store::Query& q) { q.ended_from = t0 + minute; }) == "R-1");
    CHECK(numbers_of(s, {}, [](store::Query& q) { q.ended_before = t0 + minute; }) == "");
    CHECK(numbers_of(s, {}, [](store::Query& q) { q.started_from = t0; }) == "R-1 R-2 R-3");
    CHECK(numbers_of(s, {}, [](store::Query& q) { q.started_before = t0; }) == "");
    const auto counts = need(s.count({}, store::CountBy::state));
    REQUIRE(counts.size() == 2);
    CHECK(counts[0].key == "active");
    CHECK(counts[0].number == 2);
    CHECK(need(s.count({}, store::CountBy::all)).front().number == 3);
    CHECK(cases.check().empty());
  });
}

TEST_CASE("work comes in the order in which promises break, then by priority, then by age, page by page") {
  on_both_stores([](store::Store& s) {
    Stepper cases(s, searched_process());
    begin(cases, "none-old", {"", {}, 0, 0});
    begin(cases, "none-urgent", {"", {}, 5, 0, minute});
    begin(cases, "late", {"", {}, 9, 48});
    begin(cases, "soon", {"", {}, 0, 2});
    begin(cases, "soon-urgent", {"", {}, 3, 2});
    begin(cases, "soon-older", {"", {}, 0, 2});
    const std::vector<std::string> expected{"soon-urgent", "soon", "soon-older", "late", "none-urgent", "none-old"};
    for (const std::string group : {"", "clerks", "chiefs"}) {
      for (const std::size_t page : {std::size_t{1}, std::size_t{2}, std::size_t{100}}) {
        store::Query q;
        q.by_promise = true;
        q.group = group;
        q.limit = page;
        std::vector<std::string> found;
        for (;;) {
          const auto rows = need(s.work(q));
          for (const store::WorkRow& row : rows) found.push_back(row.case_no);
          if (rows.size() < page) break;
          q.behind = store::place_of(rows.back());
        }
        CHECK(found == expected);
      }
    }
    CHECK(cases.check().empty());
  });
}

TEST_CASE("no question of a list looks at all cases") {
  const Folder folder;
  const std::string path = folder.file("plan.db");
  store::SqliteOptions options;
  options.path = path;
  auto store = store::open_sqlite(options);
  REQUIRE(store);
  const auto plan = [&](const std::function<void(store::Query&)>& fill) {
    store::Query q;
    fill(q);
    return plan_of(path, store::statement_of_instances(q));
  };
  const auto is_searched = [](const std::string& text) {
    return text.find("SCAN") == std::string::npos || text.find("SCAN i USING INDEX") != std::string::npos;
  };
  const std::string exact = plan([](store::Query& q) { q.search = {{"phone", "1", false}}; });
  CHECK_MESSAGE(exact.find("SEARCH s USING PRIMARY KEY (name=? AND value=? AND instance>?)") != std::string::npos, exact);
  CHECK_MESSAGE(exact.find("TEMP B-TREE") == std::string::npos, exact);
  const std::string prefix = plan([](store::Query& q) { q.search = {{"phone", "138", true}}; });
  CHECK_MESSAGE(prefix.find("PRIMARY KEY (name=? AND value>? AND value<?)") != std::string::npos, prefix);
  const std::string any = plan([](store::Query& q) { q.search = {{"", "138", true}}; });
  for (const char* index :
       {"search_value (value>? AND value<?)", "instance_case (case_no>? AND case_no<?)", "instance_customer (customer>? AND customer<?)"})
    CHECK_MESSAGE(any.find(index) != std::string::npos, any);
  const std::string two = plan([](store::Query& q) { q.search = {{"phone", "1", false}, {"", "z", false}}; });
  const std::string ended = plan([](store::Query& q) { q.ended_from = t0; });
  CHECK_MESSAGE(ended.find("instance_ended (ended>?") != std::string::npos, ended);
  for (const std::string& one : {exact, prefix, any, two, ended}) CHECK_MESSAGE(is_searched(one), one);
  store::Query work;
  work.by_promise = true;
  const std::string all = plan_of(path, store::statement_of_work(work));
  CHECK_MESSAGE(all.find("USING INDEX instance_promise") != std::string::npos, all);
  CHECK_MESSAGE(all.find("USE TEMP B-TREE FOR ORDER BY") == std::string::npos, all);
  CHECK_MESSAGE(all.find("TERMS OF ORDER BY") + all.find("RIGHT PART OF ORDER BY") != 2 * std::string::npos, all);
}

}  // namespace switchboard::testing
