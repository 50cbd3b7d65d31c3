// Says before deployment what a process would do wrong: rules SB04xx, docs/rules.md.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/contract.hpp"
#include "model/library.hpp"
#include "model/process.hpp"

namespace switchboard::verify {

/// How far the token game of one scope is played before the check gives up and says so (SB0419).
struct Bounds {
  std::size_t states = 200'000;
  std::size_t work = 40'000'000;  ///< states times the nodes and flows of the scope: large scopes get fewer states
};

/// What was explored, for reports and tests.
struct Effort {
  std::size_t scopes = 0;
  std::size_t states = 0;          ///< of all scopes
  std::size_t gave_up = 0;         ///< scopes whose bound was reached
  std::size_t gave_up_wholly = 0;  ///< of these, scopes in which not even one order of independent steps could be played to the end
};

/// All findings, sorted. Pure and deterministic; needs a Process whose names resolve (a loader's errors come first), and leaves out what does not.
///
/// Structure, per scope: reachability, gateways, events, boundaries. Soundness, per scope: every reachable distribution of tokens is visited;
/// conditions are free choices unless they are constants, timers and messages may come at any time or never, interrupting boundary events cut their
/// host off, inclusive joins wait as BPMN 2.0.2, 13.4.3 says. A non-interrupting boundary event is taken once per run of its scope. Usage: what is
/// declared and never used. Promises: marks that never fire, clocks that never start or stop, stages that together exceed a total promise.
///
/// Severity follows the standard: a token that can get stuck is an error, what is legal BPMN but most likely wrong a warning, taste an advice. A
/// process that says `strict: true` has SB0411, SB0412 and SB0430 as errors.
[[nodiscard]] model::Diagnostics check(const model::Process& process);
[[nodiscard]] model::Diagnostics check(const model::Process& process, const Bounds& bounds, Effort& effort);

/// Structure and soundness alone: for a process with errors that leave its graph as it is meant.
[[nodiscard]] model::Diagnostics check_graph(const model::Process& process);

/// What a process refers to outside itself, as far as it is known. Borrowed for the call.
struct Surroundings {
  const model::Library& library;
  std::map<std::string_view, const model::Process*> processes;  ///< by id, for those it calls
  std::vector<const model::Process*> started = {};              ///< those that a message or signal which it throws starts, itself among them
};
/// Tables asked with a value that they do not know (SB0432), calls that do not fit the called process (SB0460 to SB0463), what is thrown and cannot
/// start what waits for it (SB0470, SB0472), units of the company that are not there (SB0474). Of a process that is not named here nothing is said.
/// Sorted.
[[nodiscard]] model::Diagnostics check_surroundings(const model::Process& process, const Surroundings& surroundings);

/// What the process declares, awaits and sends, against the contracts with other systems that know the message (SB0480). Borrowed for the call.
/// Sorted.
[[nodiscard]] model::Diagnostics check_contracts(const model::Process& process, std::span<const model::Contract* const> contracts);
/// Messages that the process declares, awaits or sends, ascending.
[[nodiscard]] std::vector<std::string> messages_of(const model::Process& process);

/// Whether a case of `process` begins when message or signal `name` comes.
[[nodiscard]] bool is_started_by(const model::Process& process, model::EventKind kind, std::string_view name);
/// Every message and signal that `process` throws, as often as it does.
[[nodiscard]] std::vector<std::pair<model::EventKind, std::string>> thrown_by(const model::Process& process);

/// Calendars that expressions of `process` name, as often as they do, with the place of the expression. What cannot be read names none.
[[nodiscard]] std::vector<model::Ref> calendars_asked(const model::Process& process);

/// Rings of messages, signals and calls in which nothing waits (SB0465), among `processes` taken together: each ring once, at the first step that was
/// found of it. A warning; an advice where conditions on data that change may end it. Calls of processes that are not among them are taken to wait.
/// Needs processes without errors, each id once. Sorted.
[[nodiscard]] model::Diagnostics check_rings(const std::vector<const model::Process*>& processes);

/// `said` with what `more`, found later, adds: where there is an error already (a place, or a data item's declaration), another one only says the
/// same thing in other words and is left out. Sorted.
[[nodiscard]] model::Diagnostics merge_findings(model::Diagnostics said, model::Diagnostics more);

}  // namespace switchboard::verify
