// switchboard: one verb, one process of the operating system. Nothing here lives longer than a command.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "cli/words.hpp"
#include "model/diagnostic.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::cli {

namespace {

constexpr const char* introduction =
    "Switchboard runs the processes of a utility's customer service: cases from application to callback, every promise a clock.\n"
    "Exit codes: 0 done, 1 refused (reason on stderr), 2 wrong use. Instants without an offset are local time of Asia/Shanghai.";

void add_options(CLI::App& app, Options& options) {
  app.add_option("--db", options.database, "database file")->type_name("FILE")->capture_default_str();
  app.add_flag("--force-clock", options.force_clock, "take the present also when it is more than 366 days after the latest instant recorded");
  app.add_flag("--accept-loss", options.accept_loss, "open also a database whose log is damaged, without the transactions behind the damage");
  app.add_option("--now", options.now, "take this instant for the present")->type_name("INSTANT");
  app.add_option("--processes", options.processes, "folder of processes, calendars and tables")->type_name("DIR");
  app.add_option("--lang", options.language, "language of names and titles: zh or en")->type_name("LANG")->check(one_of({"zh", "en"}));
  app.add_option("--busy-timeout", options.busy_timeout, "how long to wait for another process that writes to the database")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.0, 86400.0))
      ->capture_default_str();
  app.add_flag("--json", options.json, "answer in JSON");
  app.set_version_flag("--version", "switchboard " SWITCHBOARD_VERSION "\nSQLite " + sqlite_version());
  app.set_help_flag("-h,--help", "print this help");
}

void add_verbs(CLI::App& app, const Options& options, Action& action) {
#ifdef SWITCHBOARD_VERBS_CHECK
  add_check_verbs(app, options, action);
#endif
#ifdef SWITCHBOARD_VERBS_TEST
  add_test_verb(app, options, action);
#endif
#ifdef SWITCHBOARD_VERBS_PLAY
  add_play_verb(app, options, action);
#endif
#ifdef SWITCHBOARD_VERBS_SIMULATE
  add_simulate_verb(app, options, action);
#endif
#ifdef SWITCHBOARD_VERBS_ENGINE
  add_case_verbs(app, options, action);
  add_work_verbs(app, options, action);
  add_query_verbs(app, options, action);
  add_watch_verb(app, options, action);
  add_register_verbs(app, options, action);
#endif
#ifdef SWITCHBOARD_VERBS_REPORT
  add_report_verb(app, options, action);
#endif
#ifdef SWITCHBOARD_VERBS_CALENDAR
  add_calendar_verbs(app, options, action);
#endif
#ifdef SWITCHBOARD_VERBS_FEEL
  add_feel_verb(app, options, action);
#endif
#ifdef SWITCHBOARD_VERBS_CONFORMANCE
  add_conformance_verb(app, options, action);
#endif
#ifdef SWITCHBOARD_VERBS_COMPLETION
  add_completion_verbs(app, options, action);
#endif
}

// Options written after the verb belong to the program as well.
void let_options_fall_through(CLI::App& app) {
  for (CLI::App* sub : app.get_subcommands([](CLI::App*) { return true; })) {
    sub->fallthrough();
    sub->footer("Before or after the verb: --db FILE, --now INSTANT, --processes DIR, --lang zh|en, --json (see 'switchboard --help').");
    let_options_fall_through(*sub);
  }
}

std::vector<std::string> names_of_subcommands(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!sub->get_group().empty()) names.push_back(sub->get_name());
  }
  return names;
}

const CLI::App* deepest(const CLI::App& app) {
  const CLI::App* last = &app;
  while (!last->get_subcommands().empty()) last = last->get_subcommands().front();
  return last;
}

std::vector<std::string> names_of_options(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

std::string path_of(const CLI::App& app) {
  std::string path;
  for (const CLI::App* level = &app; level->get_parent() != nullptr; level = level->get_parent())
    path.insert(0, level->get_name() + (path.empty() ? "" : " "));
  return path;
}

// What the parser could not place, in our words; the parser's own words otherwise.
Error explain(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& verb = *deepest(app);
  const std::string path = path_of(verb);
  const std::string help = fmt::format("see 'switchboard {}{}--help'", path, path.empty() ? "" : " ");
  const bool wants_verb = !verb.get_subcommands([](const CLI::App*) { return true; }).empty();
  std::vector<std::string> left = verb.remaining(true);
  if (left.empty()) left = app.remaining(true);
  if (!left.empty() && !left.front().starts_with("-") && wants_verb) {
    const std::string near = model::nearest_name(left.front(), names_of_subcommands(verb));
    return wrong_use(fmt::format("there is no verb '{}{}{}'", path, path.empty() ? "" : " ", left.front()),
                     near.empty() ? help : fmt::format("did you mean '{}'?", near));
  }
  if (!left.empty() && left.front().starts_with("-")) {
    const std::string word = left.front().substr(0, left.front().find('='));
    const std::string near = model::nearest_name(word, names_of_options(verb));
    return wrong_use(fmt::format("unknown option '{}'{}", word, path.empty() ? "" : " of '" + path + "'"),
                     near.empty() ? help : fmt::format("did you mean '{}'?", near));
  }
  if (!left.empty()) return wrong_use(fmt::format("'{}' takes no further argument '{}'", path, left.front()), help);
  if (wants_verb)
    return wrong_use(path.empty() ? "say what to do" : fmt::format("'{}' needs a verb: {}", path, join(names_of_subcommands(verb))), help);
  return wrong_use(fmt::format("{}: {}", path, error.what()), help);
}

constexpr std::string_view unwritten = "SB0722";

/// The exit code, once all output has been written.
int finished(int code) {
  if (is_written()) return code;
  const int refused = refuse({ErrorKind::storage,
                              std::string(unwritten),
                              "the output could not be written",
                              {},
                              "what the verb did is done; see that there is room for its answer"});
  return code == exit_ok ? refused : code;
}

/// Whatever a value begins with, it is kept as it was written.
void take_as_given(CLI::App& app) {
  for (CLI::Option* option : app.get_options())
    if (option->get_items_expected_max() > 0) option->transform(as_given);
  for (CLI::App* verb : app.get_subcommands({})) take_as_given(*verb);
}

int run(int argc, const char* const* argv) {
  Options options;
  options.program = argc > 0 ? argv[0] : "switchboard";
  Action action;
  CLI::App app(introduction, "switchboard");
  add_options(app, options);
  add_verbs(app, options, action);
  let_options_fall_through(app);
  app.require_subcommand(1);
  app.get_formatter()->column_width(36);
  take_as_given(app);
  std::vector<std::string> arguments = literal_arguments(argc, argv);
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::Success& wanted) {  // --help, --version
    return finished(app.exit(wanted));
  } catch (const CLI::ParseError& error) {
    return refuse(explain(app, error));
  }
  if (!action) return refuse(wrong_use("say what to do", "see 'switchboard --help'"));
  if (const Result<void> sound = check_arguments(app); !sound) return refuse(sound.error());
  const Result<int> code = action();
  if (code) return finished(code.value());
  const int refused = refuse(code.error());
  return code.error().id == unwritten ? refused : finished(refused);
}

// A descriptor that the caller has closed would go to the next file that is opened: answers would be written into a database.
void occupy_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF)
      static_cast<void>(open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY));  // so that its use fails
  }
}

}  // namespace

}  // namespace switchboard::cli

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_DFL);
  switchboard::cli::occupy_standard_streams();
  try {
    return switchboard::cli::run(argc, argv);
  } catch (const std::exception& defect) {
    std::fputs((std::string("switchboard: defect: ") + defect.what() + "\n").c_str(), stderr);
    return 70;
  }
}
