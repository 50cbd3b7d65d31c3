// Every driver plays the same, and the histories are compared word for word: all core scripts, all shipped process tests, processes and groups of
// processes by chance. SWITCHBOARD_DIFFERENTIAL_GROUPS=n for more groups, SWITCHBOARD_DIFFERENTIAL_FROM=n for others, SWITCHBOARD_DIFFERENTIAL_SEED=n
// for one, which is then told in full.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "differential/groups.hpp"
#include "differential/recorded.hpp"
#include "property/parameters.hpp"

namespace switchboard::differential {

namespace {

using testing::number_from;

/// When a command was given, seen from what is due.
enum class Beside { none, just_before, at_unfired, at_fired, just_after };

struct Count {
  std::size_t plays = 0, actions = 0, refused = 0, cases = 0, events = 0, left_out = 0, on_files = 0;
  std::map<std::string, std::size_t> actions_of, events_of, left_out_for;
  std::map<Beside, std::size_t> beside;
  std::map<std::string, std::size_t> unfired;  ///< commands at a due instant before what is due fired, by what is due
};

std::string first_difference(const Histories& a, const Histories& b) {
  for (const auto& [key, lines] : a) {
    const auto other = b.find(key);
    if (other == b.end()) return fmt::format("{} is missing", lines.front());
    for (std::size_t i = 0; i < std::max(lines.size(), other->second.size()); ++i) {
      const std::string& x = i < lines.size() ? lines[i] : "<nothing>";
      const std::string& y = i < other->second.size() ? other->second[i] : "<nothing>";
      if (x != y) return fmt::format("{}\n    test world: {}\n    here:       {}", lines.front(), x, y);
    }
  }
  for (const auto& [key, lines] : b)
    if (!a.contains(key)) return fmt::format("{} is too much", lines.front());
  return {};
}

/// "" when all drivers tell the same.
std::string compare(const Stage& stage, const std::vector<Action>& actions, const std::vector<std::string>& outcomes, Histories reference,
                    bool on_file) {
  struct Other {
    const char* name;
    std::unique_ptr<Player> player;
  };
  std::vector<Other> others;
  std::string trouble;
  others.push_back({"engine in memory", play_in_engine(stage, StoreKind::memory, trouble)});
  if (on_file) others.push_back({"engine on a file", play_in_engine(stage, StoreKind::file, trouble)});
  others.push_back({"simulator", play_in_simulator(stage, trouble)});
  for (Other& other : others) {
    if (other.player == nullptr) return fmt::format("{}: {}", other.name, trouble);
    for (std::size_t i = 0; i < actions.size(); ++i) {
      const std::string outcome = other.player->act(actions[i]);
      if (outcome == outcomes[i]) continue;
      const std::string seen = first_difference(reference, other.player->histories());
      return fmt::format("{}: action {} ({}) is '{}', in the test world '{}'; histories: {}", other.name, i, text_of(actions[i]), outcome,
                         outcomes[i], seen);
    }
    const std::string difference = first_difference(reference, other.player->histories());
    if (!difference.empty()) return fmt::format("{}: {}", other.name, difference);
  }
  return {};
}

std::string kind_of(const Action& action) {
  return std::visit(Overload{[](const Start& /*a*/) { return "starts"; }, [](const Submit& /*a*/) { return "commands to cases"; },
                             [](const SendMessage& /*a*/) { return "messages"; }, [](const SendToCase& /*a*/) { return "messages"; },
                             [](const SendSignal& /*a*/) { return "signals"; }, [](const FetchJobs& /*a*/) { return "fetches"; },
                             [](const Advance& /*a*/) { return "advances"; }},
                    action);
}

void add(Count& count, const std::vector<Action>& actions, const std::vector<std::string>& outcomes, const Histories& histories, bool on_file) {
  ++count.plays;
  count.on_files += on_file ? 1 : 0;
  count.actions += outcomes.size();
  for (const Action& action : actions) ++count.actions_of[kind_of(action)];
  for (const std::string& outcome : outcomes) count.refused += outcome.starts_with("SB") ? 1 : 0;
  count.cases += histories.size();
  for (const auto& [key, lines] : histories) {
    count.events += lines.size() - 1;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::size_t name = lines[i].find(' ', lines[i].find(' ') + 1) + 1;
      ++count.events_of[lines[i].substr(name, lines[i].find(' ', name) - name)];
    }
  }
}

std::string told(const std::map<std::string, std::size_t>& counts) {
  std::string text;
  for (const auto& [what, n] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", n, what);
  return text;
}

void print(const char* what, const Count& count, double seconds) {
  fmt::print("{}: {} compared ({} left out), {} of them on a file too: {} actions ({}; {} refused), {} cases, {} events, {:.1f} s\n", what,
             count.plays, count.left_out, count.on_files, count.actions, told(count.actions_of), count.refused, count.cases, count.events, seconds);
  const auto events = [&](const char* name) { return count.events_of.contains(name) ? count.events_of.at(name) : 0; };
  fmt::print("  events: {} starts, {} messages thrown, {} received, {} signals thrown, {} received, {} calls\n", events("instance-started"),
             events("message-thrown"), events("message-received"), events("signal-thrown"), events("signal-received"), events("call-started"));
  for (const auto& [rule, n] : count.left_out_for) fmt::print("  left out for {}: {}\n", rule, n);
}

std::string all_texts(const Stage& stage) {
  std::string text;
  for (const auto& [id, yaml] : stage.texts) text += "--- " + id + "\n" + yaml;
  return text;
}

/// Where now stands to what is due or was due; `due`: all instants that were waited for up to now.
Beside beside(const testing::World& world, const std::set<Instant>& due) {
  constexpr Duration least = Duration::micros(1);
  if (const auto next = world.next_instant(); next && *next <= world.now()) return Beside::at_unfired;
  if (due.contains(world.now())) return Beside::at_fired;
  if (due.contains(world.now() + least)) return Beside::just_before;
  return due.contains(world.now() - least) ? Beside::just_after : Beside::none;
}

void count_command(const testing::World& world, Beside here, Count& count) {
  ++count.beside[here];
  if (here != Beside::at_unfired) return;
  std::set<std::string> kinds;
  for (const core::Due& due : world.all_due())
    if (due.due <= world.now()) kinds.insert(std::string(to_string(due.kind)));
  if (kinds.empty()) kinds.insert("start");
  for (const std::string& kind : kinds) ++count.unfired[kind];
}

/// Plays by chance; "" when all is well.
std::string by_chance(const Stage& stage, std::uint64_t seed, std::size_t most, bool on_file, bool in_full, Count& count) {
  Chance chance(seed * 2 + 1);
  WorldPlayer world(stage);
  std::vector<Action> actions;
  std::vector<std::string> outcomes;
  std::set<Instant> due;
  for (std::size_t i = 0; i < most; ++i) {
    for (const core::Due& d : world.world().all_due()) due.insert(d.due);
    if (const auto next = world.world().next_instant()) due.insert(*next);
    const Beside here = beside(world.world(), due);
    actions.push_back(choose(stage, world.world(), here != Beside::none, chance));
    if (!std::holds_alternative<Advance>(actions.back())) count_command(world.world(), here, count);
    outcomes.push_back(world.act(actions.back()));
    if (in_full) fmt::print("{} {} -> {}\n", i, text_of(actions.back()), outcomes.back());
  }
  const Histories reference = world.histories();
  add(count, actions, outcomes, reference, on_file);
  return compare(stage, actions, outcomes, reference, on_file);
}

template <class Make>
void play_many(const char* what, const Make& make, std::uint64_t usual, std::size_t actions, Count& count) {
  const std::uint64_t one = number_from("SWITCHBOARD_DIFFERENTIAL_SEED", 0);
  const std::uint64_t first = one != 0 ? one : number_from("SWITCHBOARD_DIFFERENTIAL_FROM", 1);
  const std::uint64_t groups = one != 0 ? 1 : number_from("SWITCHBOARD_DIFFERENTIAL_GROUPS", usual);
  const auto begin = std::chrono::steady_clock::now();
  std::size_t failures = 0;
  for (std::uint64_t seed = first; seed < first + groups && failures < 3; ++seed) {
    std::string trouble;
    const auto stage = make(seed, trouble);
    if (!stage) {
      ++count.left_out;
      const std::size_t rule = trouble.find("SB");
      ++count.left_out_for[rule == std::string::npos ? trouble : trouble.substr(rule, 6)];
      if (one != 0) fmt::print("left out: {}\n", trouble);
      continue;
    }
    const std::string wrong = by_chance(*stage, seed, actions, seed % 5 == 0, one != 0, count);
    if (wrong.empty()) continue;
    ++failures;
    FAIL_CHECK(what << ", SWITCHBOARD_DIFFERENTIAL_SEED=" << seed << ": " << wrong << "\n" << all_texts(*stage));
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  print(what, count, took.count());
  // What nobody plays compares nothing: the generators write what `check` takes.
  CHECK(count.left_out * 100 <= count.plays + count.left_out);
}

}  // namespace

TEST_CASE("groups of processes by chance have one history, whoever drives them") {
  Count count;
  play_many("groups", make_group, SWITCHBOARD_DIFFERENTIAL_USUAL, 40, count);
  fmt::print(
      "  commands beside a due instant: {} a microsecond before, {} at it before what is due fired ({}), {} at it after that, {} a microsecond "
      "after\n",
      count.beside[Beside::just_before], count.beside[Beside::at_unfired], told(count.unfired), count.beside[Beside::at_fired],
      count.beside[Beside::just_after]);
  if (count.plays < 200) return;
  for (const char* name :
       {"message-thrown", "message-received",     "signal-thrown",        "signal-received",      "call-started",    "call-finished",
        "call-abandoned", "instance-suspended",   "instance-resumed",     "instance-cancelled",   "timer-fired",     "clock-marked",
        "clock-stopped",  "clock-paused",         "work-claimed",         "work-released",        "incident-raised", "incident-resolved",
        "error-raised",   "work-retried",         "repetition-begun",     "activity-begun",       "event-occurred",  "gateway-activated",
        "gateway-reset",  "compensation-enabled", "compensation-started", "transaction-cancelled"})
    CHECK_MESSAGE(count.events_of.contains(name), "never happened: " << name);
  for (const char* kind : {"timer", "mark", "retry", "lease", "start"})
    CHECK_MESSAGE(count.unfired.contains(kind), "no command came at the due instant of a " << kind);
  for (const Beside one : {Beside::just_before, Beside::at_unfired, Beside::at_fired, Beside::just_after}) CHECK(count.beside[one] > 50);
}

TEST_CASE("processes of the property tests have one history, whoever drives them") {
  Count count;
  play_many("single processes", make_single, std::max(20, SWITCHBOARD_DIFFERENTIAL_USUAL / 10), 40, count);
}

TEST_CASE("core scripts have one history, whoever drives them") {
  Count count;
  for (const Recorded& play : recorded_scripts()) {
    CAPTURE(play.name);
    if (!play.left_out.empty()) {
      ++count.left_out;
      fmt::print("  {} is left out: {}\n", play.name, play.left_out.substr(0, play.left_out.find('\n')));
      continue;
    }
    add(count, play.actions, play.outcomes, play.histories, true);
    CHECK(compare(play.stage, play.actions, play.outcomes, play.histories, true) == "");
  }
  print("core scripts", count, 0);
  CHECK(count.plays > 30);
}

TEST_CASE("shipped process tests have one history, whoever drives them") {
  Count count;
  for (const Recorded& play : recorded_suites()) {
    CAPTURE(play.name);
    add(count, play.actions, play.outcomes, play.histories, true);
    CHECK(compare(play.stage, play.actions, play.outcomes, play.histories, true) == "");
  }
  print("process tests", count, 0);
  CHECK(count.plays > 20);
}

}  // namespace switchboard::differential
