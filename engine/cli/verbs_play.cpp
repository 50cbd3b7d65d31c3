// play: a process walked through in memory, by hand with time travel or by chance.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>

#include "calendar/duration.hpp"
#include "cli/definitions.hpp"
#include "cli/findings.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/sources.hpp"
#include "cli/timeline.hpp"
#include "cli/verb.hpp"
#include "switchboard/value/json.hpp"
#include "switchboard/value/temporal.hpp"
#include "testing/player.hpp"

namespace switchboard::cli {

namespace {

using testing::Dice;
using testing::InstanceKey;
using testing::Move;
using testing::World;

struct PlayRequest {
  std::string what, data, start;
  bool by_chance = false;
  std::uint64_t seed = 1;
  std::size_t cases = 1;
  std::size_t steps = 2000;
};

/// The process, and the world before its first case.
struct Game {
  testing::DefinitionsPtr definitions;
  std::string process;
  Instant now;
};

Result<Game> set_up(const Options& options, const PlayRequest& request) {
  std::error_code ignored;
  const bool file = std::filesystem::is_regular_file(request.what, ignored);
  SB_TRY(workspace::Workspace all, read_project(file ? std::vector{request.what} : std::vector<std::string>(), options));
  workspace::Project& project = all.project();
  SB_TRY(const model::Process* process, process_named(project, request.what, file));
  if (model::Diagnostics errors = project.obstacles(process->id); !errors.empty())
    return refusal_for(std::move(errors), project, "SB0714", fmt::format("process '{}' has errors and cannot be played", process->id));
  SB_TRY(Instant now, present(options));
  if (options.now.empty() && request.by_chance) now = *parse_instant("2026-03-02T09:00", default_zone);  // the same game on every day
  return Game{definitions_of(project, process->id), process->id, now};
}

// ---- by chance

/// A case with made-up data; some data fit the types and are refused all the same, so it is tried a few times.
Result<InstanceKey> start_by_chance(World& world, const Game& table, const PlayRequest& request, std::size_t number, Dice& dice, const Value& given) {
  const model::ExecutableProcess& process = *table.definitions->find(table.process);
  const std::vector<model::ElementIndex>& starts = process.elements.front().entries;
  Result<InstanceKey> started = Error{};
  for (int attempt = 0; attempt < 20; ++attempt) {
    Value data = testing::made_up_data(process, world.now(), dice);
    if (const Context* fixed = given.context(); fixed != nullptr && fixed->size() > 0) {
      Context merged = *data.context();
      for (const auto& [name, value] : fixed->entries()) merged.set(name, value);
      data = std::move(merged);
    }
    const std::string start = !request.start.empty() ? request.start : starts.size() > 1 ? process.at(dice.one_of(starts)).id : std::string();
    started = world.start(table.process, fmt::format("P-{}", number), data, start);
    if (started) return started;
  }
  return started;
}

Result<bool> play_one(const Options& options, const PlayRequest& request, const Game& table, std::size_t nth, const Value& given, List& answers) {
  Dice dice(request.seed + nth - 1);
  World world(table.definitions, table.now);
  SB_TRY(const InstanceKey root, start_by_chance(world, table, request, nth, dice, given));
  const testing::Walk walk = testing::play_out(world, root, dice, request.steps);
  const core::ProcessInstance& instance = *world.find(root);
  if (options.json) {
    answers.emplace_back(Context{{"case", instance.case_no},
                                 {"seed", number(request.seed + nth - 1)},
                                 {"ended", walk.ended},
                                 {"state", std::string(core::to_string(instance.state))},
                                 {"stopped", walk.stopped.empty() ? Value() : Value(walk.stopped)},
                                 {"steps", number(walk.steps)},
                                 {"refused", number(walk.refused)},
                                 {"timeline", timeline_value(world, 0)},
                                 {"clocks", clock_values(world, root)}});
    return walk.ended;
  }
  print_line(fmt::format("== {} case {} of {}, seed {}", table.process, nth, request.cases, request.seed + nth - 1));
  print(timeline(world, root, 0, language_of(options)));
  print("\n" + clock_table(world, root, language_of(options)));
  print_line(walk.ended ? fmt::format("the case is {} after {} steps\n", core::to_string(instance.state), walk.steps)
                        : fmt::format("the case did NOT end: {}\n{}", walk.stopped, standing(world, root)));
  return walk.ended;
}

Result<int> play_by_chance(const Options& options, const PlayRequest& request) {
  SB_TRY(const Value given, data_argument(request.data));
  SB_TRY(const Game table, set_up(options, request));
  List answers;
  std::size_t ended = 0;
  for (std::size_t number = 1; number <= request.cases; ++number) {
    SB_TRY(const bool over, play_one(options, request, table, number, given, answers));
    ended += over ? 1 : 0;
  }
  if (options.json) {
    print_json(answers);
  } else {
    print_line(fmt::format("{} of {} cases ended", ended, request.cases));
  }
  return ended == request.cases ? exit_ok : exit_refused;
}

// ---- by hand

/// One line of play: all worlds up to now, the last one being the present. Undo drops the last.
struct Branch {
  std::vector<World> past;
  [[nodiscard]] World& present() { return past.back(); }
};

constexpr const char* help =
    "  Give the number of a choice. Completing work and sending a message ask for data: Enter takes what is made up, a JSON object replaces it.\n"
    "  'wait for ...' and 'advance' move the time; what falls due on the way happens. 'undo' goes back one step, time included. 'fork' keeps this "
    "point as a\n"
    "  branch to come back to. q or the end of the input leaves.\n";

class Hand {
 public:
  Hand(const Options& options, InstanceKey root, World start, std::uint64_t seed) : language_(language_of(options)), root_(root), dice_(seed) {
    branches_.push_back({{std::move(start)}});
  }

  void play() {
    print(timeline(world(), root_, 0, language_));
    for (bool going = true; going;) {
      print("\n" + standing(world(), root_));
      going = turn();
    }
  }

 private:
  struct Choice {
    std::string label;
    std::function<bool()> run;  ///< false: leave the game
  };

  World& world() { return branches_[branch_].present(); }

  bool turn() {
    const std::vector<Choice> choices = list();
    for (std::size_t i = 0; i < choices.size(); ++i) print_line(fmt::format("  {:>2}  {}", i + 1, choices[i].label));
    const std::optional<std::string> answer = ask("> ");
    if (!answer || *answer == "q" || *answer == "quit") return false;
    if (answer->empty()) return true;
    if (*answer == "?" || *answer == "h" || *answer == "help") return show(help);
    std::size_t number = 0;
    const auto [end, failed] = std::from_chars(answer->data(), answer->data() + answer->size(), number);
    if (failed != std::errc() || number == 0 || number > choices.size()) {
      print_line(fmt::format("'{}' is no choice: give a number from 1 to {}, ? for help, or q", *answer, choices.size()));
      return true;
    }
    return choices[number - 1].run();
  }

  std::vector<Choice> list() {
    std::vector<Choice> choices;
    for (const Move& move : testing::moves(world(), root_)) choices.push_back({move.label, [this, move] { return make(move); }});
    if (!core::is_finished(world().find(root_)->state)) {
      choices.push_back({"advance 1 h", [this] { return advance(Duration::hours(1)); }});
      choices.push_back({"advance 1 d", [this] { return advance(Duration::days(1)); }});
      choices.push_back({"advance ... (you say how far)", [this] { return advance_as_asked(); }});
    }
    choices.push_back({"show clocks", [this] { return show(clock_table(world(), root_, language_)); }});
    choices.push_back({"show data", [this] { return show(data_table(world(), root_, language_)); }});
    if (branches_[branch_].past.size() > 1) choices.push_back({"undo", [this] { return undo(); }});
    choices.push_back({"fork: go on here and keep this point", [this] { return fork(); }});
    for (std::size_t i = 0; i < branches_.size(); ++i) {
      if (i != branch_) choices.push_back({fmt::format("switch to branch {}", i + 1), [this, i] { return switch_to(i); }});
    }
    choices.push_back({"quit", [] { return false; }});
    return choices;
  }

  bool make(const Move& move) {
    World next = world();
    const std::size_t before = next.diary().size();
    const bool takes_data = move.kind == Move::Kind::complete || move.kind == Move::Kind::message || move.kind == Move::Kind::signal;
    const std::optional<Value> data = takes_data ? ask_data(made_up(next, move)) : std::optional<Value>(Context{});
    if (!data) return true;
    const Result<void> done = testing::perform(next, move, *data);
    if (!done) {
      print_line("refused: " + done.error().text());
      return true;
    }
    return accept(std::move(next), before);
  }

  Value made_up(const World& in, const Move& move) {
    if (move.kind == Move::Kind::complete) return testing::made_up_result(in, move.work, dice_);
    return testing::made_up_payload(in, root_, move, dice_);
  }

  bool advance(Duration d) { return advance_to(world().now() + d); }

  /// A duration, working days and hours on the process's calendar, or an instant.
  bool advance_as_asked() {
    const std::optional<std::string> text = ask("how far (45 min, 3 bd, 2026-03-05T09:00; Enter: not at all): ");
    if (!text || text->empty()) return text.has_value();
    const calendar::BusinessCalendar& calendar = *world().definition_of(*world().find(root_)).calendar;
    const Result<calendar::WorkingDuration> d = calendar::parse_duration(*text);
    if (d) return advance_to(calendar.deadline(world().now(), d.value()).at);
    const std::optional<Instant> at = parse_instant(*text, calendar.spec().zone);
    if (at && *at >= world().now()) return advance_to(*at);
    print_line(at ? "that is in the past; undo goes back" : "refused: " + d.error().text());
    return true;
  }

  bool advance_to(Instant at) {
    World next = world();
    const std::size_t before = next.diary().size();
    if (const Result<void> done = next.advance_to(at); !done) {
      print_line("refused: " + done.error().text());
      return true;
    }
    return accept(std::move(next), before);
  }

  bool accept(World next, std::size_t before) {
    branches_[branch_].past.push_back(std::move(next));
    print(timeline(world(), root_, before, language_));
    return true;
  }

  bool show(const std::string& text) {
    print(text);
    return true;
  }

  bool undo() {
    branches_[branch_].past.pop_back();
    print_line("back in time");
    return true;
  }

  bool fork() {
    branches_.push_back(branches_[branch_]);
    branch_ = branches_.size() - 1;
    print_line(fmt::format("this is branch {} now", branch_ + 1));
    return true;
  }

  bool switch_to(std::size_t branch) {
    branch_ = branch;
    return true;
  }

  /// Nothing at the end of the input. Blanks around the answer are left out.
  std::optional<std::string> ask(const std::string& prompt) {
    print(prompt);
    std::fflush(stdout);
    std::string line;
    if (!std::getline(std::cin, line)) {
      print_line("");
      return std::nullopt;
    }
    const std::size_t begin = line.find_first_not_of(" \t\r");
    return begin == std::string::npos ? std::string() : line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
  }

  /// Enter takes what was made up; a JSON object replaces it; nothing: back to the choices.
  std::optional<Value> ask_data(const Value& made_up) {
    for (;;) {
      const std::optional<std::string> line = ask(fmt::format("data (Enter for {}, - to go back): ", to_json(made_up)));
      if (!line || *line == "-") return std::nullopt;
      if (line->empty()) return made_up;
      const Result<Value> given = parse_json(*line);
      if (given && given.value().context() != nullptr) return given.value();
      print_line(given ? "data must be one JSON object, like {\"name\": 1}" : "refused: " + given.error().text());
    }
  }

  std::string language_;
  InstanceKey root_;
  Dice dice_;
  std::vector<Branch> branches_;
  std::size_t branch_ = 0;
};

Result<int> play_by_hand(const Options& options, const PlayRequest& request) {
  SB_TRY(const Value given, data_argument(request.data));
  SB_TRY(const Game table, set_up(options, request));
  Dice dice(request.seed);
  World world(table.definitions, table.now);
  SB_TRY(const InstanceKey root, start_by_chance(world, table, request, 1, dice, given));
  Hand(options, root, std::move(world), request.seed).play();
  return exit_ok;
}

}  // namespace

void add_play_verb(CLI::App& app, const Options& options, Action& action) {
  const auto request = std::make_shared<PlayRequest>();
  CLI::App* sub = app.add_subcommand("play", "walk through a process in memory: by hand with time travel, or --auto");
  sub->group("Processes");
  sub->add_option("PROCESS", request->what, "FILE or ID")->required();
  sub->add_flag("--auto", request->by_chance, "valid random data and outcomes, to the end");
  sub->add_option("--seed", request->seed, "the same seed gives the same cases")->check(whole_to(1'000'000'000'000'000))->capture_default_str();
  sub->add_option("--cases", request->cases, "how many cases with --auto")->check(positive())->capture_default_str();
  sub->add_option("--steps", request->steps, "give a case up after so many steps")->check(positive())->capture_default_str();
  sub->add_option("--data", request->data, "case data to start with; the rest is made up")->type_name("JSON|@FILE");
  sub->add_option("--start", request->start, "start event, when there are several")->type_name("NODE");
  sub->callback([&options, &action, request] {
    action = [&options, request] { return request->by_chance ? play_by_chance(options, *request) : play_by_hand(options, *request); };
  });
}

}  // namespace switchboard::cli
