// Process tests as plain data (docs/language.md, Process tests). engine/testing runs them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/process.hpp"
#include "model/registers.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::notation {

using model::Position;
using model::Ref;

/// What must hold at a point of a case. Only what is given is compared.
struct Expectation {
  struct Clock {
    std::string id;
    Position at;
    std::optional<std::string> state;  ///< running, paused, met, cancelled, none (never started)
    std::optional<bool> breached;
    std::optional<std::string> due;  ///< local date and time, as written
    std::optional<std::string> original_due;
    std::optional<std::string> elapsed;  ///< duration, as written
    std::optional<std::string> left;
    std::optional<Decimal> percent;
  };
  Position at;
  std::optional<std::vector<Ref>> at_nodes;  ///< exactly the nodes with open work, waiting events or called cases
  std::vector<Ref> not_at;
  std::vector<std::pair<Ref, Value>> data;
  std::vector<Clock> clocks;
  std::optional<std::vector<Ref>> feedback;     ///< all fired so far, in order
  std::optional<std::vector<Ref>> escalations;  ///< all thrown so far, in order
  std::optional<std::vector<Ref>> kept;         ///< messages that are kept now, in the order in which they came
  std::optional<std::int64_t> incidents;
  std::optional<std::vector<Ref>> ended;        ///< end events reached; also says that the case is over
  std::optional<Ref> organisation;              ///< unit of the company that the case belongs to
  std::vector<std::pair<Ref, Ref>> offered_to;  ///< by node with open work: unit that it is offered to
  std::vector<model::GivenRow> rows{};          ///< of registers: the fields that are named, and no others
  [[nodiscard]] bool empty() const {
    return !at_nodes && not_at.empty() && data.empty() && clocks.empty() && !feedback && !escalations && !kept && !incidents && !ended &&
           !organisation && offered_to.empty() && rows.empty();
  }
};

/// One step of a case: what somebody or something does, or what must hold now.
struct TestStep {
  enum class Kind : std::uint8_t { complete, fail, message, signal, change_clock, begin, operate, advance, expect, move };
  Kind kind = Kind::complete;
  Position at;
  Ref name;            ///< node path (`call-back/dial`), message, signal, clock, activity to begin, or what an operator does: suspend, resume, cancel
  Context with;        ///< result or payload
  std::string by;      ///< who does it
  std::string reason;  ///< of an operator
  std::string change;  ///< kind change_clock: extend, void, pause, resume
  std::string amount;  ///< kind change_clock: duration, as written
  std::string case_no;     ///< message or signal to another case; empty: this one
  std::string after;       ///< duration that passes before, as written; empty: none
  std::string advance_by;  ///< kind advance: duration, as written
  std::string advance_to;  ///< kind advance: local date and time, as written
  std::string error_id;    ///< kind fail: BPMN error; empty: a technical failure
  std::string error_message;
  bool must_be_refused = false;  ///< `refused: {...}`
  std::string organisation;      ///< unit that who does it acts for; empty: none in particular
  std::string work;              ///< kind move: node of the work that is moved; empty: the case
  std::string refused_id;        ///< rule id that the refusal must have; empty: any
  Expectation expect;            ///< kind expect
};

struct TestCase {
  std::string name;
  Position at;
  std::string now;      ///< local date and time at which the case starts, as written; empty: the suite's default
  std::string case_no;  ///< empty: T-<n>
  Context data;
  std::vector<model::GivenRow> rows{};  ///< of registers, over those of the suite
  Ref start;                            ///< start message, when the process has several start events
  std::vector<TestStep> steps;
  Expectation expect;  ///< after the last step
};

struct TestSuite {
  std::string id;
  std::string file;
  Position at;
  Ref process;
  std::vector<TestCase> cases;
  struct Uncovered {
    std::string from;
    std::string to;
    Position at;
  };
  std::vector<Uncovered> uncovered;     ///< flows that no test needs to take
  std::vector<model::GivenRow> rows{};  ///< of registers, when a case begins
};

}  // namespace switchboard::notation
