// An application with tables of its own beside the engine: a desk that sells meter checks. The two files cannot commit together, and need not:
// the desk writes down first what it wants, with a request id, and repeats it until the engine has answered. A repeated request is harmless.
#include <SQLiteCpp/SQLiteCpp.h>
#include <switchboard/engine.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

using namespace switchboard;

namespace {

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  return std::move(result).value();
}

class Desk {
 public:
  Desk(const std::string& file, Engine& engine) : tables_(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE), engine_(engine) {
    tables_.exec("CREATE TABLE IF NOT EXISTS orders (number TEXT PRIMARY KEY, customer TEXT NOT NULL, fee INTEGER NOT NULL, instance TEXT)");
    tables_.exec("CREATE TABLE IF NOT EXISTS visits (work TEXT PRIMARY KEY, customer TEXT NOT NULL, slot TEXT NOT NULL)");
  }

  /// Only our own table: an order is accepted even when the engine is not there.
  void accept(const std::string& number, const std::string& customer, int fee) {
    SQLite::Statement insert(tables_, "INSERT INTO orders (number, customer, fee) VALUES (?, ?, ?)");
    insert.bind(1, number);
    insert.bind(2, customer);
    insert.bind(3, fee);
    insert.exec();
  }

  // [start]
  /// Starts a case for every order that has none. May die anywhere and run again: the request id leads to the same case.
  int start_cases() {
    int started = 0;
    SQLite::Statement open(tables_, "SELECT number, customer FROM orders WHERE instance IS NULL");
    while (open.executeStep()) {
      const std::string number = open.getColumn(0);
      StartOptions how;
      how.case_no = number;
      const CaseInfo info =
          must(engine_.start("meter-check", Context{{"customer_no", open.getColumn(1).getString()}}, how, {.request_id = "order/" + number}));
      if (die_before_writing) return started;
      SQLite::Statement update(tables_, "UPDATE orders SET instance = ? WHERE number = ?");
      update.bind(1, info.instance);
      update.bind(2, number);
      started += update.exec();
    }
    return started;
  }
  // [start]

  // [worker]
  /// Jobs come at least once: our row has the key of the work, so a second time changes nothing.
  std::size_t book_visits() {
    const auto book = [this](const Job& job) {
      SQLite::Statement insert(tables_, "INSERT OR IGNORE INTO visits (work, customer, slot) VALUES (?, ?, 'Monday 09:00')");
      insert.bind(1, job.work);
      insert.bind(2, *job.inputs.context()->find("customer")->string());
      insert.exec();
      return JobResult::ok(Context{{"visit", "Monday 09:00"}});
    };
    return must(engine_.work_off("book-visit", book, 100));
  }
  // [worker]

  // [report]
  /// Reads both files in one statement; the engine's views (v_cases, v_work, v_clocks, ...) are made for this.
  int print_report(const std::string& engine_file) {
    SQLite::Statement attach(tables_, "ATTACH ? AS cases");
    attach.bind(1, engine_file);
    attach.exec();
    SQLite::Statement rows(tables_,
                           "SELECT o.number, o.fee, c.state, k.due FROM orders o JOIN cases.v_cases c ON c.case_no = o.number "
                           "JOIN cases.v_clocks k ON k.instance = c.instance ORDER BY o.number");
    int count = 0;
    for (; rows.executeStep(); ++count)
      std::cout << rows.getColumn(0) << "  fee " << rows.getColumn(1) << "  " << rows.getColumn(2) << "  due " << rows.getColumn(3) << '\n';
    return count;
  }
  // [report]

  bool die_before_writing = false;

 private:
  SQLite::Database tables_;
  Engine& engine_;
};

void expect(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("expected: ") + what);
}

void run(const std::string& yaml, const std::string& folder) {
  std::filesystem::create_directories(folder);
  std::filesystem::remove(folder + "/cases.db");
  std::filesystem::remove(folder + "/desk.db");
  EngineOptions options;
  options.database = folder + "/cases.db";
  const auto engine = must(Engine::open(options));
  must(engine->deploy(yaml, "meter-check.yaml"));
  Desk desk(folder + "/desk.db", *engine);
  desk.accept("M-1", "1001", 30);
  desk.accept("M-2", "1002", 30);
  desk.die_before_writing = true;  // a crash between the two files: the case is there, the desk does not know
  expect(desk.start_cases() == 0, "nothing written by the desk");
  desk.die_before_writing = false;
  expect(desk.start_cases() == 2, "both orders have their case after the restart");
  expect(must(engine->instances({})).size() == 2, "no order has two cases");
  expect(desk.book_visits() == 2, "both visits are booked");
  expect(desk.print_report(options.database) == 2, "both orders in the report");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    std::ifstream file(argc > 1 ? argv[1] : "meter-check.yaml");
    run({std::istreambuf_iterator<char>(file), {}}, argc > 2 ? argv[2] : "own-tables");
    return 0;
  } catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 1;
  }
}
