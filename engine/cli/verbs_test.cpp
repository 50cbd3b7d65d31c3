// test: runs process tests in memory under a virtual clock, and says which flows no test takes.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <set>

#include "cli/definitions.hpp"
#include "cli/findings.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "testing/runner.hpp"

namespace switchboard::cli {

namespace {

using testing::CaseOutcome;
using testing::Coverage;
using testing::Failure;

struct TestRequest {
  std::vector<std::string> paths;
  std::string filter;
  bool allow_uncovered = false;
};

struct SuiteReport {
  const notation::TestSuite* suite;
  std::vector<CaseOutcome> cases;
};

struct FlowReport {
  std::string process;
  std::size_t flows = 0;
  std::vector<std::string> missing;  ///< not taken and not allowed to be missing
  std::vector<std::string> excused;  ///< not taken, listed under `uncovered`
  std::vector<Failure> wrong;        ///< entries of `uncovered` that name no flow, or one that is taken
  std::string file;
};

bool is_wanted(const notation::TestSuite& suite, const notation::TestCase& test, const std::string& filter) {
  return filter.empty() || (suite.id + ": " + test.name).find(filter) != std::string::npos;
}

std::vector<SuiteReport> run(workspace::Project& all, const TestRequest& request, Coverage& coverage) {
  std::vector<SuiteReport> reports;
  for (const workspace::Parsed* text : all.given(notation::FileKind::test)) {
    const notation::TestSuite& suite = *text->suite;
    SuiteReport report{&suite, {}};
    const testing::DefinitionsPtr definitions = definitions_of(all, suite.process.name);
    for (std::size_t i = 0; i < suite.cases.size(); ++i) {
      if (is_wanted(suite, suite.cases[i], request.filter))
        report.cases.push_back(testing::run_case(definitions, suite, suite.cases[i], i + 1, coverage));
    }
    reports.push_back(std::move(report));
  }
  return reports;
}

// Every tested process, with what all its suites together leave out.
std::vector<FlowReport> flows(workspace::Project& all, const Coverage& coverage) {
  std::vector<FlowReport> reports;
  std::set<std::string> seen;
  const std::vector<const workspace::Parsed*> suites = all.given(notation::FileKind::test);
  for (const workspace::Parsed* first : suites) {
    const std::string& id = first->suite->process.name;
    const model::ExecutablePtr process = all.compiled(id).process;
    if (!seen.insert(id).second || process == nullptr) continue;
    FlowReport report{id, process->flows.size(), {}, {}, {}, first->file};
    const std::vector<std::string> missing = coverage.missing(*process);
    std::set<std::string> excused;
    for (const workspace::Parsed* text : suites) {
      if (text->suite->process.name != id) continue;
      for (const notation::TestSuite::Uncovered& u : text->suite->uncovered) {
        const std::string flow = u.from + "->" + u.to;
        const auto is_it = [&](const std::string& f) { return f == flow || f.starts_with(flow + "#"); };
        const bool exists = std::any_of(process->flows.begin(), process->flows.end(), [&](const model::FlowSpec& f) { return is_it(f.id); });
        const bool open = std::any_of(missing.begin(), missing.end(), is_it);
        if (!exists) report.wrong.push_back({u.at, fmt::format("uncovered: process '{}' has no flow {}", id, flow), {}});
        if (exists && !open) report.wrong.push_back({u.at, fmt::format("uncovered: a test takes flow {} now, leave it out here", flow), {}});
        excused.insert(flow);
      }
    }
    for (const std::string& m : missing) (excused.contains(m.substr(0, m.find('#'))) ? report.excused : report.missing).push_back(m);
    reports.push_back(std::move(report));
  }
  return reports;
}

struct Count {
  std::size_t passed = 0;
  std::size_t failed = 0;
};

Count count(const std::vector<SuiteReport>& suites) {
  Count c;
  for (const SuiteReport& s : suites) {
    for (const CaseOutcome& o : s.cases) (o.passed() ? c.passed : c.failed) += 1;
  }
  return c;
}

bool covers_all(const std::vector<FlowReport>& reports) {
  return std::all_of(reports.begin(), reports.end(), [](const FlowReport& r) { return r.missing.empty() && r.wrong.empty(); });
}

void print_failure(const std::string& file, const Failure& f) {
  print_line(fmt::format("      {}:{}:{}: {}", file, f.at.line, f.at.column, f.what));
  for (const std::string& line : f.differences) print_line("        " + line);
}

void print_text(const std::vector<SuiteReport>& suites, const std::vector<FlowReport>& reports) {
  for (const SuiteReport& s : suites) {
    if (s.cases.empty()) continue;
    print_line(fmt::format("{} ({}, process {})", s.suite->id, s.suite->file, s.suite->process.name));
    for (const CaseOutcome& o : s.cases) {
      print_line(fmt::format("  {}  {}", o.passed() ? paint("ok    ", Colour::green, 1) : paint("FAILED", Colour::red, 1), o.name));
      for (const Failure& f : o.failures) print_failure(s.suite->file, f);
    }
  }
  for (const FlowReport& r : reports) {
    const std::size_t taken = r.flows - r.missing.size() - r.excused.size();
    print_line(fmt::format("{}: {} of {} flows taken{}", r.process, taken, r.flows,
                           r.excused.empty() ? "" : fmt::format(", {} listed as uncovered", r.excused.size())));
    for (const std::string& m : r.missing) print_line("  no test takes " + m);
    for (const Failure& f : r.wrong) print_failure(r.file, f);
  }
}

Value to_value(const Failure& f) {
  List lines;
  for (const std::string& line : f.differences) lines.emplace_back(line);
  return Context{{"line", static_cast<std::int64_t>(f.at.line)},
                 {"column", static_cast<std::int64_t>(f.at.column)},
                 {"what", f.what},
                 {"differences", std::move(lines)}};
}

void print_as_json(const std::vector<SuiteReport>& suites, const std::vector<FlowReport>& reports, const Count& c) {
  List cases, coverage;
  for (const SuiteReport& s : suites) {
    for (const CaseOutcome& o : s.cases) {
      List failures;
      for (const Failure& f : o.failures) failures.push_back(to_value(f));
      cases.emplace_back(Context{{"suite", s.suite->id},
                                 {"file", s.suite->file},
                                 {"line", static_cast<std::int64_t>(o.at.line)},
                                 {"case", o.name},
                                 {"passed", o.passed()},
                                 {"failures", std::move(failures)}});
    }
  }
  for (const FlowReport& r : reports) {
    List wrong;
    for (const Failure& f : r.wrong) wrong.push_back(to_value(f));
    coverage.emplace_back(Context{{"process", r.process},
                                  {"flows", number(r.flows)},
                                  {"taken", number(r.flows - r.missing.size() - r.excused.size())},
                                  {"missing", strings(r.missing)},
                                  {"uncovered", strings(r.excused)},
                                  {"wrong", std::move(wrong)}});
  }
  print_json(Context{{"passed", number(c.passed)}, {"failed", number(c.failed)}, {"cases", std::move(cases)}, {"coverage", std::move(coverage)}});
}

// What keeps the tested processes from running at all.
model::Diagnostics broken(workspace::Project& project) {
  model::Diagnostics found = project.reading(workspace::Layer::given);
  const auto add = [&](const model::Diagnostics& more) { found.insert(found.end(), more.begin(), more.end()); };
  add(project.missing_tested());
  for (const workspace::Parsed* text : project.given(notation::FileKind::test)) add(project.obstacles(text->suite->process.name));
  std::erase_if(found, [](const model::Diagnostic& d) { return d.severity != model::Severity::error; });
  model::sort_and_unique(found);
  return found;
}

Result<int> test(const Options& options, const TestRequest& request) {
  SB_TRY(workspace::Workspace files, read_project(request.paths, options));
  workspace::Project& all = files.project();
  if (model::Diagnostics errors = broken(all); !errors.empty()) {
    const std::size_t count = errors.size();
    return refusal_for(std::move(errors), all, "SB0907", fmt::format("{} errors in the files, nothing was tested", count));
  }
  if (all.given(notation::FileKind::test).empty())
    return Error{ErrorKind::not_found, "SB0908", "no process tests there", request.paths.front(), "tests are files that say `test: ID`"};
  Coverage coverage;
  const std::vector<SuiteReport> suites = run(all, request, coverage);
  // With a filter most flows are not taken on purpose.
  const std::vector<FlowReport> reports = request.filter.empty() ? flows(all, coverage) : std::vector<FlowReport>();
  const Count c = count(suites);
  const bool covered = request.allow_uncovered || covers_all(reports);
  if (options.json) {
    print_as_json(suites, reports, c);
  } else {
    print_text(suites, reports);
    if (!covered) print_line("flows are left out: write cases for them, or list them under `uncovered` in the suite");
    print_line(fmt::format("{} passed, {} failed", c.passed, c.failed));
  }
  if (c.passed + c.failed == 0) return Error{ErrorKind::not_found, "SB0908", fmt::format("no case matches --filter '{}'", request.filter), {}, {}};
  return c.failed == 0 && covered ? exit_ok : exit_refused;
}

}  // namespace

void add_test_verb(CLI::App& app, const Options& options, Action& action) {
  const auto request = std::make_shared<TestRequest>();
  CLI::App* sub = app.add_subcommand("test", "run process tests (.test.yaml) and find flows that no test takes");
  sub->group("Processes");
  sub->add_option("PATH", request->paths, "files or folders")->required();
  sub->add_option("--filter", request->filter, "only cases whose 'suite: name' contains this")->type_name("TEXT");
  sub->add_flag("--allow-uncovered", request->allow_uncovered, "report flows that no test takes, but do not fail");
  sub->callback([&options, &action, request] { action = [&options, request] { return test(options, *request); }; });
}

}  // namespace switchboard::cli
