// register list | get | put | import | history: rows of registers.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <fstream>
#include <iostream>
#include <istream>
#include <memory>
#include <utility>

#include "cli/answers.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/record_table.hpp"
#include "cli/session.hpp"
#include "cli/sources.hpp"
#include "cli/verb.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::cli {

namespace {

constexpr std::size_t rows_at_once = 1'000;
constexpr std::size_t most_told = 20;  ///< lines that were refused, one by one

struct RegisterRequest {
  std::string of, key, data, file, after;
  Caller caller;
  bool csv = false;
  std::uint64_t after_version = 0;
  std::size_t limit = 1'000;
};
using RequestPtr = std::shared_ptr<RegisterRequest>;

int answer(const Options& options, const Session& session, const std::vector<RowInfo>& rows, const char* none) {
  const std::string& zone = session.zone({});
  if (options.json) {
    print_json(to_value(rows, zone));
    return exit_ok;
  }
  const auto same_zone = [&](const RowInfo&) -> const std::string& { return zone; };
  print(rows.empty() ? none : RecordTable<RowInfo>(language_of(options)).text(rows, same_zone));
  return exit_ok;
}

int answer(const Options& options, const Session& session, const RowInfo& row) {
  const std::string& zone = session.zone({});
  if (options.json) {
    print_json(to_value(row, zone));
    return exit_ok;
  }
  print_line(fmt::format("{} {}, version {} of {}{}{}", row.register_id, row.key, row.version, shown_time(row.at, zone),
                         row.instance.empty() ? "" : " by case " + row.instance, row.by.empty() ? "" : " by " + row.by));
  Table table(titles({"field", "value"}, language_of(options)));
  if (const Context* fields = row.fields.context())
    for (const auto& [name, value] : fields->entries()) table.add({name, to_feel(value)});
  print(table.text());
  return exit_ok;
}

Result<int> list(const Options& options, const RegisterRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRY(const std::vector<RowInfo> rows, session.engine().rows(request.of, request.after, request.limit));
  if (rows.size() >= request.limit) note(fmt::format("only {} rows are shown; --after {} goes on", rows.size(), rows.empty() ? "" : rows.back().key));
  return answer(options, session, rows, "no rows\n");
}

Result<int> get(const Options& options, const RegisterRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRY(const RowInfo row, session.engine().row(request.of, request.key));
  return answer(options, session, row);
}

Result<int> row_history(const Options& options, const RegisterRequest& request) {
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRY(const std::vector<RowInfo> rows, session.engine().row_history(request.of, request.key, request.after_version, request.limit));
  if (rows.size() >= request.limit) note(fmt::format("only {} versions are shown; --after {} goes on", rows.size(), rows.back().version));
  return answer(options, session, rows, "no versions behind this one\n");
}

Result<int> put(const Options& options, const RegisterRequest& request) {
  if (request.data.empty()) return wrong_use("register put: what?", "give --data '{\"field\": value}'");
  SB_TRY(const Value fields, data_argument(request.data));
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  SB_TRY(const RowInfo row, session.engine().put_row(request.of, request.key, fields, request.caller));
  return answer(options, session, row);
}

/// One record of RFC 4180, which may go over several lines; false at the end.
bool read_csv(std::istream& in, std::vector<std::string>& cells, std::size_t& line) {
  cells.clear();
  std::string cell;
  bool quoted = false, any = false;
  for (int c = in.get(); c != std::char_traits<char>::eof(); c = in.get()) {
    any = true;
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        cell += static_cast<char>(c);
      } else if (in.peek() == '"') {
        cell += static_cast<char>(in.get());
      } else {
        quoted = false;
      }
    } else if (c == '"' && cell.empty()) {
      quoted = true;
    } else if (c == ',' || c == '\n') {
      if (c == '\n' && !cell.empty() && cell.back() == '\r') cell.pop_back();
      cells.push_back(std::move(cell));
      cell.clear();
      if (c == '\n') return true;
    } else {
      cell += static_cast<char>(c);
    }
  }
  if (any) cells.push_back(std::move(cell));
  return any;
}

/// Reads rows, hands them in by the thousand, and tells each line that is refused.
class Import {
 public:
  Import(const Session& session, const RegisterRequest& request) : session_(session), request_(request) {}

  Result<void> run(std::istream& in) {
    SB_TRYV(request_.csv ? csv(in) : lines(in));
    return hand_in();
  }
  [[nodiscard]] const ImportReport& report() const { return all_; }
  [[nodiscard]] std::size_t read() const { return read_; }

 private:
  Result<void> lines(std::istream& in) {
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
      ++read_;
      Result<Value> row = parse_json(line);
      if (!row || row.value().context() == nullptr) {
        refuse(number, row ? "is no JSON object [SB0710]" : row.error().text());
        continue;
      }
      SB_TRYV(add(std::move(row).value(), number));
    }
    return success();
  }

  Result<void> csv(std::istream& in) {
    std::vector<std::string> heads, cells;
    std::size_t line = 1;
    if (!read_csv(in, heads, line)) return success();
    if (!heads.empty() && heads.front().starts_with("\xEF\xBB\xBF")) heads.front().erase(0, 3);
    for (std::size_t begins = line; read_csv(in, cells, line); begins = line) {
      if (cells.size() == 1 && cells.front().empty()) continue;
      ++read_;
      if (cells.size() != heads.size()) {
        refuse(begins, fmt::format("{} cells under {} headings [SB0585]", cells.size(), heads.size()));
        continue;
      }
      Context row;
      for (std::size_t i = 0; i < cells.size(); ++i) row.set(heads[i], Value(cells[i]));
      SB_TRYV(add(Value(std::move(row)), begins));
    }
    return success();
  }

  Result<void> add(Value row, std::size_t line) {
    rows_.push_back(std::move(row));
    lines_.push_back(line);
    return rows_.size() < rows_at_once ? success() : hand_in();
  }

  Result<void> hand_in() {
    if (rows_.empty()) return success();
    SB_TRY(const ImportReport done, session_.engine().import_rows(request_.of, rows_, request_.caller));
    all_.written += done.written;
    all_.unchanged += done.unchanged;
    for (const std::string& why : done.errors) {  // "row 17: ..."
      const std::size_t colon = why.find(':');
      const std::size_t row = std::stoul(why.substr(4, colon - 4));
      refuse(lines_[row - 1], why.substr(colon + 2));
    }
    rows_.clear();
    lines_.clear();
    return success();
  }

  void refuse(std::size_t line, const std::string& why) {
    ++all_.refused;
    const std::string text = fmt::format("{}:{}: {}", request_.file, line, why);
    if (all_.errors.size() < most_told)
      note(text);
    else if (all_.errors.size() == most_told)
      note("further lines that are refused are counted and not told");
    if (all_.errors.size() < 1'000) all_.errors.push_back(text);
  }

  const Session& session_;
  const RegisterRequest& request_;
  std::vector<Value> rows_;
  std::vector<std::size_t> lines_;
  ImportReport all_;
  std::size_t read_ = 0;
};

Result<int> import_rows(const Options& options, const RegisterRequest& given) {
  RegisterRequest request = given;
  request.csv = request.csv || request.file.ends_with(".csv");
  std::ifstream file;
  if (request.file != "-") {
    file.open(request.file, std::ios::binary);
    if (!file) return Error{ErrorKind::not_found, "SB0703", "there is no such file", request.file, "check the path; - reads what comes in"};
  }
  SB_TRY(const Session session, Session::open(options, Missing::refuse));
  Import reader(session, request);
  SB_TRYV(reader.run(request.file == "-" ? std::cin : file));
  const ImportReport& report = reader.report();
  if (options.json)
    print_json(to_value(report, session.zone({})));
  else
    print_line(fmt::format("{} rows read: {} written, {} unchanged, {} refused", reader.read(), report.written, report.unchanged, report.refused));
  return report.refused == 0 ? exit_ok : exit_refused;
}

}  // namespace

void add_register_verbs(CLI::App& app, const Options& options, Action& action) {
  CLI::App* group = app.add_subcommand("register", "rows of registers: list, get, put, import, history");
  group->group("Registers");
  group->require_subcommand(0, 1);
  group->callback([group] {
    if (group->get_subcommands().empty()) throw CLI::RequiredError("list, get, put, import or history");
  });
  const auto request = std::make_shared<RegisterRequest>();
  const auto verb = [&](const char* name, const char* about, Result<int> (*run)(const Options&, const RegisterRequest&)) {
    CLI::App* sub = group->add_subcommand(name, about);
    sub->callback([&options, &action, request, run] { action = [&options, request, run] { return run(options, *request); }; });
    sub->add_option("register", request->of, "id of the register")->type_name("REGISTER")->required();
    return sub;
  };
  const auto key = [&](CLI::App* sub) { sub->add_option("key", request->key, "key of the row")->type_name("KEY")->required(); };
  const auto who = [&](CLI::App* sub) { sub->add_option("--by", request->caller.by, "who does it")->type_name("NAME"); };
  const auto limit = [&](CLI::App* sub) {
    sub->add_option("--limit", request->limit, "at most so many")->type_name("N")->check(positive())->capture_default_str();
  };

  CLI::App* sub = verb("list", "the rows of a register as they are now, by key", list);
  sub->add_option("--after", request->after, "behind this key")->type_name("KEY");
  limit(sub);

  sub = verb("get", "one row as it is now", get);
  key(sub);

  sub = verb("put", "make a row, or change fields of one", put);
  key(sub);
  sub->add_option("--data", request->data, "fields; of a counter what it stands at")->type_name("JSON|@FILE");
  sub->add_option("--request-id", request->caller.request_id, "makes a repeated call harmless")->type_name("TEXT");
  who(sub);

  sub = verb("import", "many rows: a JSON object a line, or CSV with a line of headings", import_rows);
  sub->add_option("file", request->file, "file; - reads what comes in")->type_name("FILE")->required();
  sub->add_flag("--csv", request->csv, "it is CSV; a file that ends in .csv is");
  who(sub);

  sub = verb("history", "every version of a row, with the case that made it", row_history);
  key(sub);
  sub->add_option("--after", request->after_version, "behind this version")->type_name("N");
  limit(sub);
}

}  // namespace switchboard::cli
