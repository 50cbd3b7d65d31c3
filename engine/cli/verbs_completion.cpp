// completion: a script for the shell. The script asks the hidden verb __complete, which knows verbs, options and what is in files and database.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>

#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "cli/verb.hpp"
#include "workspace/workspace.hpp"

namespace switchboard::cli {

namespace {

using Words = std::vector<std::string>;

constexpr std::size_t most_answers = 2000;

constexpr const char* bash_script = R"sh(# switchboard completion for bash: source <(switchboard completion bash)
_switchboard() {
  # Never compgen -W: it would expand what stands in the names of cases.
  local word="${COMP_WORDS[COMP_CWORD]}" line
  [[ $word == "=" ]] && word=""
  COMPREPLY=()
  while IFS= read -r line; do
    [[ $line == "$word"* ]] && COMPREPLY+=("$(printf '%q' "$line")")
  done < <("${COMP_WORDS[0]/#\~/$HOME}" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _switchboard switchboard
)sh";

constexpr const char* zsh_script = R"sh(#compdef switchboard
# switchboard completion for zsh: source <(switchboard completion zsh)
_switchboard() {
  local -a answers
  answers=("${(@f)$("${words[1]}" __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "${answers[1]}" ]]; then compadd -a answers; else _files; fi
}
compdef _switchboard switchboard
)sh";

constexpr const char* fish_script = R"sh(# switchboard completion for fish: switchboard completion fish | source
function __switchboard_complete
  set -l current (commandline -ct)
  set -l words (commandline -opc) "$current"
  $words[1] __complete -- $words[2..-1] 2>/dev/null
end
complete -c switchboard -a '(__switchboard_complete)'
)sh";

// ---- what may stand at a place

Words clock_ids(const workspace::Project& folder) {
  std::set<std::string> ids;
  for (const std::string& id : folder.process_ids()) {
    for (const model::ClockDefinition& c : folder.process(id)->sla) ids.insert(c.id);
  }
  return {ids.begin(), ids.end()};
}

/// Names of messages or signals that some node waits for.
Words event_names(const workspace::Project& folder, model::EventKind kind) {
  std::set<std::string> names;
  for (const std::string& id : folder.process_ids()) {
    model::for_each_node(folder.process(id)->nodes, [&](const model::Node& node, const model::Node*) {
      for (const model::EventDefinition& e : node.events) {
        if (e.kind == kind && !e.name.empty()) names.insert(e.name.name);
      }
      if (kind == model::EventKind::message && !node.message.empty()) names.insert(node.message.name);
    });
  }
  return {names.begin(), names.end()};
}

Words calendar_ids(const workspace::Project& folder) {
  Words ids;
  for (const auto& [id, calendar] : folder.library().calendars) ids.push_back(id);
  return ids;
}

class Answers {
 public:
  explicit Answers(const Options& options) : options_(options) {}

  const workspace::Project& folder() {
    if (const auto path = processes_folder(options_)) folder_.read_folder(*path);
    return folder_.project();
  }

  /// Something read from the database; nothing when there is none.
  template <class Read>
  Words from_database(Read&& read) {
    const Result<Session> session = Session::open(options_, Missing::refuse);
    return session ? read(session.value().engine()) : Words{};
  }

 private:
  const Options& options_;
  workspace::Workspace folder_;
};

template <class Info, class Text>
Words texts(const Result<std::vector<Info>>& all, Text&& text) {
  std::set<std::string> unique;
  if (all) {
    for (const Info& info : all.value()) unique.insert(text(info));
  }
  return {unique.begin(), unique.end()};
}

/// Open ones through their index, and some that are over: bounded, so that a key press stays quick on a big database.
Result<std::vector<CaseInfo>> cases_to_name(Engine& engine) {
  Find some;
  some.limit = most_answers / 2;
  SB_TRY(std::vector<CaseInfo> cases, engine.instances(some));
  SB_TRY(const std::vector<DeploymentInfo> deployments, engine.deployments());
  for (const DeploymentInfo& d : deployments) {
    Find open;
    open.process = d.process;
    open.open_only = open.roots_only = true;
    open.limit = most_answers;
    SB_TRY(const std::vector<CaseInfo> of_process, engine.instances(open));
    cases.insert(cases.end(), of_process.begin(), of_process.end());
  }
  return cases;
}

Words of_open_work(Answers& answers, const std::string& option) {
  return answers.from_database([&](Engine& e) -> Words {
    Find find;
    find.open_only = true;
    find.limit = most_answers;
    const Result<std::vector<WorkInfo>> work = e.work(find);
    std::set<std::string> names;
    for (const WorkInfo& w : work ? work.value() : std::vector<WorkInfo>()) {
      if (option.starts_with("--group")) names.insert(w.groups.begin(), w.groups.end());
      if (option == "--assignee") names.insert(w.assignee);
      if (option == "--topic") names.insert(w.topic);
    }
    names.erase("");
    return {names.begin(), names.end()};
  });
}

Words for_option(Answers& answers, const std::string& option) {
  if (option == "--calendar") return calendar_ids(answers.folder());
  if (option == "--clock") return clock_ids(answers.folder());
  if (option == "--process") return answers.folder().process_ids();
  if (option == "--lang") return {"zh", "en"};
  if (option == "--unit") return {"bd", "bh"};
  if (option == "--format") return {"text", "csv", "json"};
  if (option == "--audience") return {"customer", "internal"};
  if (option == "--by")
    return {"process",  "clock",   "stage", "lane", "person", "group", "broke-at", "audience",
            "customer", "company", "data.", "day",  "week",   "month", "quarter",  "year"};
  if (option == "--case")
    return answers.from_database([](Engine& e) { return texts(cases_to_name(e), [](const CaseInfo& c) { return c.case_no; }); });
  if (option == "--group" || option == "--groups" || option == "--assignee" || option == "--topic") return of_open_work(answers, option);
  return {};
}

std::string case_in(const Words& words) {
  const auto found = std::find(words.begin(), words.end(), "--case");
  return found == words.end() || found + 1 == words.end() ? std::string() : *(found + 1);
}

Words open_work(Answers& answers, const std::string& case_no) {
  Find find;
  find.case_no = case_no;
  find.open_only = true;
  return answers.from_database([&](Engine& e) { return texts(e.work(find), [&](const WorkInfo& w) { return case_no.empty() ? w.work : w.node; }); });
}

Words for_argument(Answers& answers, const std::string& verb, const Words& words) {
  static const std::set<std::string> process_verbs{"start", "show", "play", "deploy"};
  static const std::set<std::string> work_verbs{"complete", "claim", "release", "assign", "fail", "extend", "work"};
  static const std::set<std::string> case_verbs{"history", "data",     "set",    "correct", "reopen", "clock",
                                                "begin",   "rederive", "cancel", "suspend", "resume"};
  if (process_verbs.contains(verb)) return answers.folder().process_ids();
  if (work_verbs.contains(verb)) return open_work(answers, case_in(words));
  if (case_verbs.contains(verb)) {
    return answers.from_database([](Engine& e) { return texts(cases_to_name(e), [](const CaseInfo& c) { return c.instance; }); });
  }
  if (verb == "resolve") {
    return answers.from_database([](Engine& e) { return texts(e.incidents({}), [](const IncidentInfo& i) { return i.incident; }); });
  }
  if (verb == "message") return event_names(answers.folder(), model::EventKind::message);
  if (verb == "signal") return event_names(answers.folder(), model::EventKind::signal);
  if (verb == "completion") return {"bash", "zsh", "fish"};
  return {};
}

Words verbs_of(const CLI::App& app) {
  Words names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!sub->get_group().empty()) names.push_back(sub->get_name());
  }
  return names;
}

Words options_of(const CLI::App& app) {
  Words names;
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent()) {
    for (const CLI::Option* option : level->get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  }
  return names;
}

bool takes_value(const CLI::App& app, const std::string& word) {
  for (const CLI::App* level = &app; level != nullptr; level = level->get_parent()) {
    const CLI::Option* option = level->get_option_no_throw(word);
    if (option != nullptr) return option->get_items_expected_max() > 0;
  }
  return false;
}

/// bash splits `--db=x` into three words.
Words joined_at_equals(const Words& words) {
  Words joined;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] != "=" || joined.empty() || !joined.back().starts_with("--"))
      joined.push_back(words[i]);
    else if (i + 1 == words.size())
      joined.emplace_back();  // its value comes next
  }
  return joined;
}

/// The options typed so far count: another database has other cases.
Options as_typed(const Options& options, const Words& words) {
  Options typed = options;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    const auto take = [&](const std::string& name, std::string& into) {
      if (words[i] == name && i + 2 < words.size()) into = words[i + 1];
      if (words[i].starts_with(name + "=")) into = words[i].substr(name.size() + 1);
    };
    take("--db", typed.database);
    take("--processes", typed.processes);
    take("--lang", typed.language);
  }
  return typed;
}

/// Candidates for the last of `words`.
Words candidates(const CLI::App& root, const Options& given, const Words& typed) {
  Words words = joined_at_equals(typed);
  if (words.empty()) words.emplace_back();
  const Options options = as_typed(given, words);
  const CLI::App* verb = &root;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    for (const CLI::App* sub : verb->get_subcommands([](const CLI::App*) { return true; })) {
      if (sub->get_name() == words[i]) {
        verb = sub;
        break;
      }
    }
  }
  Answers answers(options);
  const std::string before = words.size() > 1 ? words[words.size() - 2] : std::string();
  if (before.starts_with("--") && takes_value(*verb, before)) return for_option(answers, before);
  if (words.back().starts_with("-")) return options_of(*verb);
  const Words verbs = verbs_of(*verb);
  return verbs.empty() ? for_argument(answers, verb->get_name(), words) : verbs;
}

}  // namespace

void add_completion_verbs(CLI::App& app, const Options& options, Action& action) {
  const auto shell = std::make_shared<std::string>();
  CLI::App* sub = app.add_subcommand("completion", "print a completion script for the shell");
  sub->group("Tools");
  sub->add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(one_of({"bash", "zsh", "fish"}));
  sub->callback([&action, shell] {
    action = [shell]() -> Result<int> {
      print_raw(*shell == "bash" ? bash_script : *shell == "zsh" ? zsh_script : fish_script);
      return exit_ok;
    };
  });

  const auto words = std::make_shared<Words>();
  CLI::App* hidden = app.add_subcommand("__complete", "candidates for the last word")->group("");
  hidden->add_option("WORD", *words);
  hidden->callback([&app, &options, &action, words] {
    action = [&app, &options, words]() -> Result<int> {
      for (const std::string& candidate : candidates(app, options, *words)) print_line(candidate);
      return exit_ok;
    };
  });
}

}  // namespace switchboard::cli
