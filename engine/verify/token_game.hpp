// Private to room verify: the token game of one scope, played through (BPMN 2.0.2, chapter 13).
//
// A place is a flow on which a token can rest, that is, one into a node that joins, chooses, or can be cut off. What merely passes tokens on (a task
// with one flow out, an exclusive merge) is folded into the places before it, so that the number of states depends on the branching of a scope and
// not on its length.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "verify/scope.hpp"

namespace switchboard::verify {

/// A distribution of tokens: one byte per place (0, 1 or 2), then one per non-interrupting boundary event (1: taken already).
using Marking = std::string;

struct TokenGame {
  struct Place {
    std::size_t flow = none;   ///< the last flow of the chain, into the node that takes the token
    std::size_t taker = none;  ///< that node
  };
  /// Where a flow puts its token. Courses share their ends, so each says only its first step.
  struct Course {
    std::size_t place = none;
    std::size_t next = none;  ///< the flow out of the node that is passed first; none: no node is passed
  };
  /// One thing that can happen: `node` fires, tokens go out on `produced` flows. Consumption is known from the node.
  struct Step {
    std::size_t node = none;
    std::size_t boundary = none;  ///< the boundary event that happened instead of the node's completion
    Marking after;
    bool ends = false;                      ///< the scope is over (terminate, error)
    std::span<const std::size_t> produced;  ///< flows that get a token; valid as long as the game
    std::size_t crowded = none;             ///< a flow that now has two tokens
    bool overflow = false;                  ///< a place would have three: not followed further
  };

  explicit TokenGame(const Scope& scope);

  /// The nodes a token passes on its way from `flow` to its place.
  [[nodiscard]] std::vector<std::size_t> passed(std::size_t flow) const;
  [[nodiscard]] std::vector<Step> starts() const;
  /// Everything that can happen in `marking`.
  void steps(const Marking& marking, std::vector<Step>& out) const;
  [[nodiscard]] bool finished(const Marking& marking) const { return marking.find_first_not_of('\0') >= places.size(); }
  /// Nodes where tokens rest.
  [[nodiscard]] std::vector<std::size_t> resting(const Marking& marking) const;

  const Scope& scope;
  std::vector<Place> places;
  std::vector<Course> courses;    ///< by flow
  std::vector<std::size_t> once;  ///< non-interrupting boundary events, by their byte after the places; without those that are `apart`
  /// Non-interrupting boundary events whose tokens meet no others and end nothing: what comes of them is played by itself, as if it were a start.
  std::vector<std::size_t> apart;

 private:
  void find_places();
  [[nodiscard]] std::size_t place_at(std::size_t flow);
  [[nodiscard]] bool meets_nobody(std::size_t boundary) const;
  [[nodiscard]] bool passes(std::size_t node) const;
  [[nodiscard]] std::vector<std::vector<std::size_t>> choices(std::size_t node) const;
  [[nodiscard]] bool ready(std::size_t node, const Marking& marking) const;
  [[nodiscard]] bool inclusive_ready(std::size_t node, const Marking& marking) const;
  void fire(std::size_t node, const Marking& marking, std::vector<Step>& out) const;
  void fire_boundaries(std::size_t node, const Marking& taken, const Marking& marking, std::vector<Step>& out) const;
  void put(Step& step, const std::vector<std::size_t>& flows) const;
  void find_upstream();

  std::vector<std::vector<std::size_t>> incoming_;                  ///< places by taker
  std::map<std::size_t, std::vector<std::vector<bool>>> upstream_;  ///< inclusive join -> by incoming place -> by node
  std::vector<std::vector<std::vector<std::size_t>>> choices_;
};

}  // namespace switchboard::verify
