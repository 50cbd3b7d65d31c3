// check: everything that can be found out about files before anything runs. show: a process as a readable outline.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <set>
#include <string_view>

#include "cli/caret.hpp"
#include "cli/findings.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/sources.hpp"
#include "notation/outline.hpp"

namespace switchboard::cli {

namespace {

struct CheckRequest {
  std::vector<std::string> paths;
  std::string what;
  bool advice = false;
};

Result<int> check(const Options& options, const CheckRequest& request) {
  SB_TRY(workspace::Workspace all, read_project(request.paths, options));
  workspace::Project& project = all.project();
  model::Diagnostics found = check_all(project);
  const auto advice = static_cast<std::size_t>(
      std::count_if(found.begin(), found.end(), [](const model::Diagnostic& d) { return d.severity == model::Severity::advice; }));
  if (!request.advice) std::erase_if(found, [](const model::Diagnostic& d) { return d.severity == model::Severity::advice; });
  if (options.json) {
    print_json(to_value(found));
  } else {
    print(text_of(found, project, 1));
    const auto errors = static_cast<std::size_t>(
        std::count_if(found.begin(), found.end(), [](const model::Diagnostic& d) { return d.severity == model::Severity::error; }));
    const auto counted = [](std::size_t n, std::string_view one, std::string_view more) { return fmt::format("{} {}", n, n == 1 ? one : more); };
    std::set<std::string_view> files;  // one file may have several processes
    for (const workspace::Parsed* text : project.given()) files.insert(text->file);
    note(fmt::format("{} checked: {}, {}, {}{}", counted(files.size(), "file", "files"), counted(errors, "error", "errors"),
                     counted(found.size() - errors - (request.advice ? advice : 0), "warning", "warnings"),
                     counted(advice, "piece of advice", "pieces of advice"), advice > 0 && !request.advice ? " (see --advice)" : ""));
  }
  return model::has_errors(found) ? exit_refused : exit_ok;
}

Result<int> show(const Options& options, const CheckRequest& request) {
  std::error_code ignored;
  const bool file = std::filesystem::is_regular_file(request.what, ignored);
  SB_TRY(workspace::Workspace all, read_project(file ? std::vector{request.what} : std::vector<std::string>(), options));
  std::vector<const model::Process*> processes;
  if (file) {
    SB_TRY(processes, all.project().processes_in(std::filesystem::path(request.what).generic_string()));
  } else {
    SB_TRY(const model::Process* process, all.project().process_called(request.what));
    processes.push_back(process);
  }
  if (options.json) {
    List summaries;
    for (const model::Process* process : processes) summaries.push_back(summary(*process, language_of(options)));
    print_json(processes.size() == 1 ? summaries.front() : Value(std::move(summaries)));
    return exit_ok;
  }
  for (const model::Process* process : processes) {
    if (process != processes.front()) print("\n");
    print(notation::outline(*process, language_of(options)));
  }
  return exit_ok;
}

}  // namespace

void add_check_verbs(CLI::App& app, const Options& options, Action& action) {
  const auto request = std::make_shared<CheckRequest>();
  CLI::App* sub = app.add_subcommand("check", "find mistakes in processes, calendars, tables, overlays, tests and scenarios");
  sub->group("Processes");
  sub->add_option("PATH", request->paths, "files or folders")->required();
  sub->add_flag("--advice", request->advice, "matters of taste too");
  sub->callback([&options, &action, request] { action = [&options, request] { return check(options, *request); }; });

  sub = app.add_subcommand("show", "a process as a readable outline");
  sub->group("Processes");
  sub->add_option("PROCESS", request->what, "FILE or ID")->required();
  sub->callback([&options, &action, request] { action = [&options, request] { return show(options, *request); }; });
}

}  // namespace switchboard::cli
