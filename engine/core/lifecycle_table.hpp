// Runs a Boost.MSM state machine once through all its states and moves and keeps the answers: a lookup instead of a dispatch. Only for
// lifecycle_*.cpp.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <utility>

namespace switchboard::core {

template <class State, std::size_t states, std::size_t moves>
using LifecycleTable = std::array<std::array<std::optional<State>, moves>, states>;

/// `Machine::entered` names the state it is in, `Machine::moved` is set by every entry; `On<Move>` are its events; move i has the number i. States
/// are found by trying every move from every state already found, on a copy of the machine, so nothing needs to be set from outside.
template <class Machine, class State, std::size_t states, class Move, template <Move> class On, std::size_t... move>
LifecycleTable<State, states, sizeof...(move)> tabulate(std::index_sequence<move...> /*moves*/, std::size_t (*index)(State)) {
  LifecycleTable<State, states, sizeof...(move)> table{};
  std::bitset<states> seen;
  std::list<Machine> open(1);  // MSM's machines are copied from const only: a move would pick a constructor that starts anew
  open.front().start();
  seen.set(index(open.front().entered));
  const auto try_move = [&](const Machine& machine, std::size_t m, auto event) {
    Machine moved = machine;
    moved.moved = false;
    moved.process_event(event);
    if (!moved.moved) return;
    table[index(machine.entered)][m] = moved.entered;
    if (seen.test(index(moved.entered))) return;
    seen.set(index(moved.entered));
    open.push_back(std::as_const(moved));
  };
  while (!open.empty()) {
    (try_move(std::as_const(open.front()), move, On<static_cast<Move>(move)>{}), ...);
    open.pop_front();
  }
  return table;
}

}  // namespace switchboard::core
