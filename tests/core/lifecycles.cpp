// The life cycles as text, held against docs/architecture.md.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "core/lifecycle.hpp"

namespace switchboard::core {
namespace {

template <class State, class Move>
std::string table(std::string_view name, const std::vector<State>& states, const std::vector<std::pair<Move, std::string_view>>& moves,
                  std::string_view (*word)(State)) {
  std::string text = fmt::format("    {}\n", name);
  for (const State from : states)
    for (const auto& [move, move_word] : moves)
      if (const auto to = next(from, move)) text += fmt::format("      {:<14}{:<19}{}\n", word(from), move_word, word(*to));
  return text;
}

template <class E>
std::vector<E> up_to(E last) {
  std::vector<E> all;
  for (int i = 0; i <= static_cast<int>(last); ++i) all.push_back(static_cast<E>(i));
  return all;
}

std::string clock_table() {
  using M = ClockMove;
  const std::vector<std::pair<M, std::string_view>> moves = {
      {M::start, "start"}, {M::pause, "pause"}, {M::resume, "resume"}, {M::stop, "stop"}, {M::cancel, "cancel"}};
  std::string text = "    clock\n";
  const std::vector<std::optional<ClockState>> states = {std::nullopt, ClockState::running, ClockState::paused, ClockState::met,
                                                         ClockState::cancelled};
  for (const auto& from : states)
    for (const auto& [move, word] : moves)
      if (const auto to = next(from, move))
        text += fmt::format("      {:<14}{:<19}{}\n", from ? sla::to_string(*from) : "none", word, sla::to_string(*to));
  return text;
}

std::string all_tables() {
  using A = ActivityMove;
  using I = InstanceMove;
  using W = WorkMove;
  return table<InstanceState, I>(
             "case", up_to(InstanceState::cancelled),
             {{I::start, "start"}, {I::suspend, "suspend"}, {I::resume, "resume"}, {I::complete, "complete"}, {I::cancel, "cancel"}}, to_string) +
         "\n" +
         table<ActivityState, A>("activity", up_to(ActivityState::compensated),
                                 {{A::enter, "enter"},
                                  {A::begin_completion, "begin_completion"},
                                  {A::complete, "complete"},
                                  {A::begin_termination, "begin_termination"},
                                  {A::terminate, "terminate"},
                                  {A::fail, "fail"},
                                  {A::begin_compensation, "begin_compensation"},
                                  {A::compensate, "compensate"}},
                                 to_string) +
         "\n" +
         table<WorkState, W>("work", up_to(WorkState::withdrawn),
                             {{W::offer, "offer"},
                              {W::claim, "claim"},
                              {W::release, "release"},
                              {W::complete, "complete"},
                              {W::fail_retry, "fail_retry"},
                              {W::fail_final, "fail_final"},
                              {W::retry, "retry"},
                              {W::withdraw, "withdraw"}},
                             to_string) +
         "\n" + clock_table();
}

}  // namespace

TEST_CASE("the life cycles are those of docs/architecture.md") {
  std::ifstream in(std::string(SWITCHBOARD_SOURCE_DIR) + "/docs/architecture.md", std::ios::binary);
  const std::string docs{std::istreambuf_iterator<char>(in), {}};
  const std::string tables = all_tables();
  INFO("put this into docs/architecture.md, section Life cycles:\n" << tables);
  CHECK(docs.find(tables) != std::string::npos);
}

TEST_CASE("what is not in a table is not allowed") {
  CHECK_FALSE(next(InstanceState::completed, InstanceMove::cancel));
  CHECK_FALSE(next(InstanceState::suspended, InstanceMove::complete));
  CHECK_FALSE(next(ActivityState::none, ActivityMove::complete));
  CHECK_FALSE(next(WorkState::failed, WorkMove::complete));
  CHECK_FALSE(next(WorkState::waiting_retry, WorkMove::claim));
  CHECK_FALSE(next(std::optional<ClockState>{}, ClockMove::stop));
  CHECK_FALSE(next(std::optional(ClockState::met), ClockMove::pause));
}

}  // namespace switchboard::core
