// Private to room verify: the token game of one scope, played through (BPMN 2.0.2, chapter 13).
//
// A place is a flow on which a token can rest, that is, one into a node that joins, chooses, or can be cut off. What merely passes tokens on (a task
// with one flow out, an exclusive merge) is folded into the places before it, so that the number of states depends on the branching of a scope and
// not on its length.
//
// As in the engine, what takes no time (gateways, scripts, plain ends) is passed before anything else happens: a token that has rested nowhere on its
// way to such a node stands on a hot place, and hot places are emptied first.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "verify/scope.hpp"

namespace switchboard::verify {

/// A distribution of tokens: one byte per place (0, 1, 2 or `many`), then one per non-interrupting boundary event (how often it was taken), then one
/// per incoming place of each complex gateway (1: it has gone off with a token from there, and is not reset).
using Marking = std::string;
/// Three tokens or more. Taking one away leaves two, or still many.
inline constexpr char many = 3;

struct TokenGame {
  struct Place {
    std::size_t flow = none;   ///< the last flow of the chain, into the node that takes the token
    std::size_t taker = none;  ///< that node
    bool hot = false;          ///< nothing on the way here rests, nor does the taker
    std::size_t twin = none;   ///< the hot place of the same flow, or the other way round
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
    std::size_t meets = none;               ///< a node that works and now has two tokens, or that one passes at once and another can still come to
    bool overflow = false;                  ///< a place has many
    bool guessed = false;  ///< a token was taken from a place with `many`, and the place is said to have `many` still, though two may be left
  };

  explicit TokenGame(const Scope& scope);

  /// The nodes a token passes on its way from `flow` to its place.
  [[nodiscard]] std::vector<std::size_t> passed(std::size_t flow) const;
  [[nodiscard]] std::vector<Step> starts() const;
  /// Everything that can happen in `marking`: while there is a token on a hot place only what that does, or, with `all`, everything.
  void steps(const Marking& marking, bool all, std::vector<Step>& out) const;
  [[nodiscard]] bool finished(const Marking& marking) const {
    return marking.find_first_not_of('\0') >= places.size() && marking.find_first_not_of('\0', first_flag_) == Marking::npos;
  }
  /// Whether a non-interrupting boundary event has been taken more than once: what is done twice then was asked for twice.
  [[nodiscard]] bool happened_again(const Marking& marking) const { return marking.find('\2', places.size()) < first_flag_; }
  /// What one state costs to look at, in nodes and flows; joins that look around look at every place for each of their ways.
  [[nodiscard]] std::size_t cost_of_state() const;
  /// Nodes where tokens rest.
  [[nodiscard]] std::vector<std::size_t> resting(const Marking& marking) const;

  const Scope& scope;
  std::vector<Place> places;
  std::vector<Course> courses;    ///< by flow
  std::vector<std::size_t> once;  ///< non-interrupting boundary events, by their byte after the places; without those that are `apart`
  /// Non-interrupting boundary events whose tokens meet no others and end nothing: what comes of them is played by itself, as if it were a start.
  std::vector<std::size_t> apart;

 private:
  void find_idle();
  void find_places();
  void find_hot_places();
  void find_others();
  [[nodiscard]] std::size_t place_at(std::size_t flow);
  [[nodiscard]] bool meets_nobody(std::size_t boundary) const;
  [[nodiscard]] bool passes(std::size_t node) const;
  [[nodiscard]] std::vector<std::vector<std::size_t>> choices(std::size_t node) const;
  [[nodiscard]] bool ready(std::size_t node, const Marking& marking) const;
  [[nodiscard]] bool inclusive_ready(std::size_t node, const Marking& marking) const;
  /// Whether no token elsewhere may still come to an incoming place that is not full.
  [[nodiscard]] bool nothing_expected(std::size_t node, const Marking& marking, const std::vector<bool>& full) const;

  // token_game_complex.cpp
  /// A complex gateway that joins (13.4.5).
  struct Complex {
    std::size_t node = none;
    std::size_t first_flag = 0;                       ///< in a marking
    std::vector<Truth> goes_off;                      ///< with so many tokens
    std::vector<std::vector<std::size_t>> going_off;  ///< choices of flows when it goes off
    std::vector<std::vector<std::size_t>> reset;      ///< and when it is reset
  };
  void find_complex();
  void find_repeated();
  [[nodiscard]] std::size_t flag_count() const;
  /// All ways of taking one token from each of `from`.
  [[nodiscard]] static std::vector<Step> taking(std::size_t node, const std::vector<std::size_t>& from, const Marking& marking);
  [[nodiscard]] bool is_active(const Complex& c, const Marking& marking) const;
  /// Whether it certainly goes off, or is reset, in `marking`.
  [[nodiscard]] bool surely_fires(const Complex& c, const Marking& marking) const;
  void fire_complex(const Complex& c, const Marking& marking, std::vector<Step>& out) const;
  void fire(std::size_t node, const Marking& marking, std::vector<Step>& out) const;
  void fire_from(std::size_t place, const Marking& marking, std::vector<Step>& out) const;
  void fire_boundaries(std::size_t node, const Step& taken, const Marking& marking, std::vector<Step>& out) const;
  void put(Step& step, const std::vector<std::size_t>& flows) const;
  [[nodiscard]] bool is_met(std::size_t place, const Marking& marking) const;
  [[nodiscard]] std::size_t done_twice(const Step& step, std::size_t flow, const Marking& before) const;
  [[nodiscard]] bool reached_without(std::size_t from, std::size_t to, std::size_t avoided) const;
  [[nodiscard]] std::vector<bool> reaching(std::size_t join, std::size_t flow) const;
  [[nodiscard]] bool leads_to_host(std::size_t node) const;
  void find_ways();

  /// What a token, or an event on the boundary of the activity it is in, reaches of an inclusive join.
  struct Way {
    std::vector<bool> reached;  ///< by incoming place
    std::vector<bool> from;     ///< by node with such a token
  };
  std::vector<std::vector<std::size_t>> incoming_;  ///< places by taker
  std::map<std::size_t, std::vector<Way>> ways_;    ///< by inclusive join
  std::vector<std::vector<std::vector<std::size_t>>> choices_;
  std::vector<bool> idle_;                      ///< nodes behind which nothing is ever done: plain ends, and gateways that lead to these alone
  std::vector<std::vector<std::size_t>> work_;  ///< by flow that leads to a hot place: what is done on the way
  std::vector<std::vector<bool>> others_;       ///< by such a flow: nodes from which that is reached without the node that the flow leaves
  std::size_t first_hot_ = 0;
  bool looks_around_ = false;  ///< there is an inclusive or complex join
  std::vector<Complex> complex_;
  std::vector<char> most_often_;  ///< how often each of `once` is taken
  std::size_t first_flag_ = 0;    ///< of the complex gateways, in a marking
};

}  // namespace switchboard::verify
