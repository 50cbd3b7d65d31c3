// conformance: the test material of others, run against the built rooms; prints its counts.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>

#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/sources.hpp"
#include "feel/conformance.hpp"
#include "notation/yaml.hpp"
#include "switchboard/value/json.hpp"
#include "testing/bpmn_suite.hpp"

namespace switchboard::cli {

namespace {

namespace fs = std::filesystem;

struct ConformanceRequest {
  std::string suite;
  std::string folder;
  bool failures = false;
};

/// Named counts in order of first use, and what failed.
struct Tally {
  std::vector<std::pair<std::string, std::size_t>> counts;
  std::vector<std::string> failures;
  bool always_lists = false;  ///< failures are few and each is told
  void add(const std::string& name) {
    const auto found = std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.first == name; });
    if (found == counts.end()) {
      counts.emplace_back(name, 1);
    } else {
      ++found->second;
    }
  }
  void fail(std::string what) { failures.push_back(std::move(what)); }
};

/// Calls `each` for every line of a JSONL file.
Result<void> for_each_line(const fs::path& path, const std::function<Result<void>(const Context&)>& each) {
  std::ifstream in(path);
  if (!in) return Error{ErrorKind::not_found, "SB0703", "there is no such file", path.string(), "name the folder of the suite"};
  std::size_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    Result<Value> value = parse_json(line);
    if (!value || value.value().context() == nullptr)
      return Error{ErrorKind::invalid, "SB0715", "is no JSON object", fmt::format("{}:{}", path.string(), number), {}};
    SB_TRYV(each(*value.value().context()));
  }
  return success();
}

std::string text_of(const Context& object, std::string_view name) {
  const Value* v = object.find(name);
  return v == nullptr || v->is_null() ? std::string() : to_display(*v);
}

// ---- dmn-tck

/// The kit compares numbers rounded to 8 places.
bool same(const Value& a, const Value& b) {
  if (a.number() != nullptr && b.number() != nullptr) {
    const std::optional<Decimal> difference = subtract(*a.number(), *b.number());
    return difference && difference->abs() <= *Decimal::parse("0.00000001");
  }
  if (a.list() != nullptr && b.list() != nullptr) return std::equal(a.list()->begin(), a.list()->end(), b.list()->begin(), b.list()->end(), same);
  if (a.context() != nullptr && b.context() != nullptr) {
    const auto matches = [&](const Context::Entry& e) {
      const Value* other = b.context()->find(e.first);
      return other != nullptr && same(e.second, *other);
    };
    return a.context()->size() == b.context()->size() && std::all_of(a.context()->entries().begin(), a.context()->entries().end(), matches);
  }
  return a == b;
}

/// Where the kit gives no type, its expectation is text: the answer is compared as text too, inside lists and contexts as well.
Value as_text_where_untyped(const Value& got, const Value& tagged) {
  const Context* c = tagged.context();
  if (c == nullptr) return got;
  const Value* untyped = c->find("untyped");
  if (untyped != nullptr && untyped->boolean() != nullptr && *untyped->boolean() && !got.is_null()) return to_display(got);
  const Value* v = c->find("v");
  if (v != nullptr && v->list() != nullptr && got.list() != nullptr && v->list()->size() == got.list()->size()) {
    List out;
    for (std::size_t i = 0; i < v->list()->size(); ++i) out.push_back(as_text_where_untyped((*got.list())[i], (*v->list())[i]));
    return out;
  }
  if (v != nullptr && v->context() != nullptr && got.context() != nullptr) {
    Context out;
    for (const auto& [name, value] : got.context()->entries()) {
      const Value* inner = v->context()->find(name);
      out.set(name, inner != nullptr ? as_text_where_untyped(value, *inner) : value);
    }
    return out;
  }
  return got;
}

Result<void> dmn_file(const fs::path& path, Tally& tally) {
  const std::string name = path.stem().string();
  return for_each_line(path, [&](const Context& c) -> Result<void> {
    const Value* tagged = c.find("expected");
    if (tagged == nullptr) return Error{ErrorKind::invalid, "SB0715", "a line without `expected`", path.string(), {}};
    SB_TRY(const Value expected, from_tagged(*tagged));
    const feel::Answer got = feel::answer(c);
    const bool right = same(as_text_where_untyped(got.value, *tagged), expected);
    tally.add(name + (right ? " passed" : " failed"));
    if (!right) tally.fail(fmt::format("{}: expected {}, got {} {}", text_of(c, "id"), to_feel(expected), to_feel(got.value), got.error));
    return success();
  });
}

Result<void> dmn_tck(const Options&, const fs::path& folder, Tally& tally) {
  for (const char* file : {"feel.jsonl", "feel_deps.jsonl", "boxed.jsonl", "tables.jsonl"}) {
    SB_TRYV(dmn_file(folder / file, tally));
  }
  return success();
}

// ---- yaml-test-suite

Result<void> yaml_test_suite(const Options&, const fs::path& folder, Tally& tally) {
  return for_each_line(folder / "tests.jsonl", [&](const Context& c) -> Result<void> {
    const std::string answer = notation::yaml::answer(text_of(c, "yaml"));
    const bool refused = answer.starts_with("refused: ");
    const Value* must_fail = c.find("fail");
    if (must_fail != nullptr && must_fail->boolean() != nullptr && *must_fail->boolean()) {
      tally.add(refused ? "invalid, refused" : "invalid, accepted");
      if (!refused) tally.fail(text_of(c, "id") + ": is invalid and was accepted");
    } else if (refused) {
      // SB0103 is a limit, SB0104 what the language leaves out; any other rule would call a valid text invalid.
      const bool on_purpose = answer.starts_with("refused: SB0104") || answer.starts_with("refused: SB0103");
      tally.add(on_purpose ? "valid, refused on purpose" : "valid, refused wrongly");
      if (!on_purpose) tally.fail(text_of(c, "id") + ": is valid and was " + answer);
    } else {
      const Result<Value> wanted = parse_json(text_of(c, "json"));
      const Result<Value> got = parse_json(answer);
      const bool right = wanted && got && wanted.value() == got.value();
      tally.add(right ? "valid, accepted with the same JSON" : "valid, accepted with other JSON");
      if (!right) tally.fail(text_of(c, "id") + ": other JSON: " + answer);
    }
    return success();
  });
}

// ---- holidays-cn

Result<void> one_year(const fs::path& path, const calendar::BusinessCalendar& cn, Tally& tally) {
  SB_TRY(const std::string text, read_file(path));
  SB_TRY(const Value year, parse_json(text));
  const Value* days = year.context() == nullptr ? nullptr : year.context()->find("days");
  if (days == nullptr || days->list() == nullptr) return Error{ErrorKind::invalid, "SB0715", "has no list of days", path.string(), {}};
  for (const Value& v : *days->list()) {
    const Context* day = v.context();
    const std::optional<Date> date = day == nullptr ? std::nullopt : parse_date(text_of(*day, "date"));
    const Value* off = day == nullptr ? nullptr : day->find("isOffDay");
    if (!date || off == nullptr || off->boolean() == nullptr)
      return Error{ErrorKind::invalid, "SB0715", "has a day without date or isOffDay", path.string(), {}};
    const bool right = cn.is_working_day(*date) != *off->boolean();
    tally.add(right ? "days right" : "days wrong");
    if (!right) tally.fail(fmt::format("{} is {}", to_string(*date), *off->boolean() ? "off" : "a working day"));
  }
  return success();
}

Result<void> working_days_of_years(const fs::path& path, const calendar::BusinessCalendar& cn, Tally& tally) {
  SB_TRY(const std::string text, read_file(path));
  SB_TRY(const Value years, parse_json(text));
  if (years.context() == nullptr) return Error{ErrorKind::invalid, "SB0715", "is no JSON object", path.string(), {}};
  for (const auto& [name, wanted] : years.context()->entries()) {
    const std::optional<Date> first = parse_date(name + "-01-01");
    if (!first) return Error{ErrorKind::invalid, "SB0715", fmt::format("'{}' is no year", name), path.string(), {}};
    std::int64_t count = 0;
    for (std::int64_t day = to_days(*first), end = to_days({first->year + 1, 1, 1}); day < end; ++day)
      count += cn.is_working_day(*from_days(day)) ? 1 : 0;
    const bool right = Value(count) == wanted;
    tally.add(right ? "years right" : "years wrong");
    if (!right) tally.fail(fmt::format("{} has {} working days, counted {}", name, to_display(wanted), count));
  }
  return success();
}

Result<void> holidays_cn(const Options& options, const fs::path& folder, Tally& tally) {
  SB_TRY(const calendar::CalendarPtr cn, find_calendar(options, "cn"));
  std::vector<fs::path> years;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    const std::string stem = entry.path().stem().string();
    const bool year = stem.size() == 4 && std::all_of(stem.begin(), stem.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (entry.path().extension() == ".json" && year) years.push_back(entry.path());
  }
  std::sort(years.begin(), years.end());
  if (years.empty())
    return Error{ErrorKind::not_found, "SB0703", "no files such as 2026.json there", folder.string(), "name the folder of the suite"};
  for (const fs::path& path : years) {
    SB_TRYV(one_year(path, *cn, tally));
  }
  return working_days_of_years(folder / "workdays_per_year.json", *cn, tally);
}

// ---- betsy

bool is_true(const Context& c, std::string_view name) {
  const Value* v = c.find(name);
  return v != nullptr && v->boolean() != nullptr && *v->boolean();
}

Result<testing::BpmnCase> betsy_case(const fs::path& folder, const Context& c) {
  testing::BpmnCase out;
  out.process = text_of(c, "process");
  out.file = text_of(c, "file");
  SB_TRY(out.text, read_file(folder / out.file));
  if (const Value* v = c.find("variables"); v != nullptr && v->context() != nullptr) out.variables = *v->context();
  out.starts_parallel = is_true(c, "parallel_process");
  if (const Value* v = c.find("delay_ms"); v != nullptr && v->number() != nullptr) out.milliseconds = v->number()->to_int64().value_or(0);
  const Value* expected = c.find("expected_trace");
  if (expected == nullptr || expected->list() == nullptr)
    return Error{ErrorKind::invalid, "SB0715", "a line without `expected_trace`", text_of(c, "id"), {}};
  for (const Value& token : *expected->list()) out.expected.push_back(to_display(token));
  return out;
}

/// Every case is read, checked and run; every model that the standard forbids has to be refused.
Result<void> betsy(const Options&, const fs::path& folder, Tally& tally) {
  tally.always_lists = true;
  SB_TRYV(for_each_line(folder / "betsy.jsonl", [&](const Context& c) -> Result<void> {
    SB_TRY(const testing::BpmnCase test, betsy_case(folder, c));
    const testing::BpmnOutcome got = testing::run_bpmn_case(test);
    tally.add(got.is_expected ? "cases passed" : "cases failed");
    if (got.is_expected) return success();
    std::string why = fmt::format("{}: expected [{}], got [{}]", text_of(c, "id"), fmt::join(test.expected, ", "), fmt::join(got.trace, ", "));
    for (const std::string& more : {got.refused, got.told})
      if (!more.empty()) why += " · " + more;
    if (!got.exception.empty()) why += " · exception: " + got.exception;
    tally.fail(std::move(why));
    return success();
  }));
  return for_each_line(folder / "constraints.jsonl", [&](const Context& c) -> Result<void> {
    SB_TRY(const std::string text, read_file(folder / text_of(c, "file")));
    const bool refused = !testing::refusal_of_bpmn(text, text_of(c, "file")).empty();
    tally.add(refused ? "forbidden models refused" : "forbidden models accepted");
    if (!refused) tally.fail(fmt::format("{}: violates {} and was accepted", text_of(c, "id"), text_of(c, "constraint")));
    return success();
  });
}

using Suite = Result<void> (*)(const Options&, const fs::path&, Tally&);
const std::map<std::string, Suite> foreign_suites{
    {"dmn-tck", dmn_tck}, {"yaml-test-suite", yaml_test_suite}, {"holidays-cn", holidays_cn}, {"betsy", betsy}};

Result<int> run(const Options& options, const ConformanceRequest& request) {
  // The folder itself, or the one that holds all foreign_suites.
  fs::path folder = request.folder;
  std::error_code ignored;
  if (fs::is_directory(folder / request.suite, ignored)) folder /= request.suite;
  Tally tally;
  SB_TRYV(foreign_suites.at(request.suite)(options, folder, tally));
  if (options.json) {
    Context counts;
    for (const auto& [name, count] : tally.counts) counts.set(name, number(count));
    print_json(Context{
        {"suite", request.suite}, {"counts", std::move(counts)}, {"failed", number(tally.failures.size())}, {"failures", strings(tally.failures)}});
  } else {
    for (const auto& [name, count] : tally.counts) print_line(fmt::format("{}: {} {}", request.suite, count, name));
    if (request.failures || tally.always_lists) {
      for (const std::string& failure : tally.failures) print_line("  " + failure);
    }
    std::size_t total = 0;
    for (const auto& [name, count] : tally.counts) total += count;
    print_line(fmt::format("{} passed, {} failed", total - tally.failures.size(), tally.failures.size()));
  }
  return tally.failures.empty() ? exit_ok : exit_refused;
}

}  // namespace

void add_conformance_verb(CLI::App& app, const Options& options, Action& action) {
  const auto request = std::make_shared<ConformanceRequest>();
  CLI::App* sub = app.add_subcommand("conformance", "run a foreign test suite and print its counts");
  sub->group("Tools");
  std::vector<std::string> names;
  for (const auto& [name, suite] : foreign_suites) names.push_back(name);
  sub->add_option("SUITE", request->suite, "dmn-tck, yaml-test-suite, holidays-cn or betsy")->required()->check(CLI::IsMember(names));
  sub->add_option("DIR", request->folder, "where it lies")->required();
  sub->add_flag("--failures", request->failures, "print every failure");
  sub->callback([&options, &action, request] { action = [&options, request] { return run(options, *request); }; });
}

}  // namespace switchboard::cli
