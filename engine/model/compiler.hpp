// Private to room model: what the parts of compile() share. Each part is a free function over one Compilation; none of them is seen outside.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/executable.hpp"

namespace switchboard::model {

/// What every case has besides its data.
namespace names {
inline constexpr std::string_view case_no = "case_no";
inline constexpr std::string_view instance_started = "instance_started";
// Of a complex gateway alone: `activate` sees the first, the conditions of its flows the second.
inline constexpr std::string_view activation_count = "activationCount";
inline constexpr std::string_view waiting_for_start = "waitingForStart";
}  // namespace names

/// Where an expression stands and what is wanted of it.
struct ExprUse {
  const Expr& expr;
  std::string_view element;  ///< path, for the diagnostic
  std::string_view what;     ///< "condition", "due", ... in words
};

/// One run of compile(). `process` is the canonical copy, so all indices depend on the content alone, never on the order in a file.
struct Compilation {
  const Process& process;
  const Library& library;
  ExecutableProcess& out;
  Diagnostics& diagnostics;
  feel::StaticScope scope;         ///< of the case: data, case_no, instance_started; sla() and the decisions
  bool default_missing = false;    ///< no calendar is named and the library has no `cn`: only wall-clock durations can be counted
  std::vector<const Node*> nodes;  ///< by element index; element 0 has none
  std::map<std::string, std::vector<ElementIndex>, std::less<>> by_name;  ///< path and id -> elements
  std::vector<std::string> missing_decisions{};                           ///< tables that a misspelt name under `decisions` most likely means
  std::map<ElementIndex, feel::StaticScope> inner_scopes{};               ///< of containers that declare data: what is seen inside them
  std::map<ElementIndex, feel::StaticScope> body_scopes{};                ///< of repeated activities: what is seen from their body
  const feel::StaticScope* visible = nullptr;  ///< the names that expressions see where compile is just now; null: those of the case
};

// compile_support.cpp: diagnostics and places.
void report(Compilation& c, std::string rule, Position at, std::string_view element, std::string message, std::string hint, Subject subject = {});
void report_unknown(Compilation& c, std::string rule, const Ref& ref, std::string_view element, SubjectKind kind,
                    const std::vector<std::string>& known, std::string_view word = {});
/// What a problem in an expression is about: an unknown name or function (SB0202, SB0203).
[[nodiscard]] Subject subject_of(std::string_view text, const feel::Problem& p);
/// The place of byte `offset` of `expr`; exact when the text stands on one line, approximate in block scalars.
[[nodiscard]] Position place_in(const Expr& expr, std::size_t offset);

// compile_expressions.cpp: FEEL, durations, result scopes.
[[nodiscard]] feel::Program compile_feel(Compilation& c, const ExprUse& use, const feel::StaticScope& scope, const feel::Type& expected);
[[nodiscard]] feel::Program compile_feel(Compilation& c, const ExprUse& use,
                                         const feel::Type& expected);  ///< over what is visible; empty for an empty text
/// What to write where a date and time is wanted and the expression gives `type`.
[[nodiscard]] std::string instead_of_instant(const ExprUse& use, const feel::Type& type);
/// A condition: boolean.
[[nodiscard]] feel::Program compile_condition(Compilation& c, const ExprUse& use);
[[nodiscard]] DurationSpec compile_duration(Compilation& c, const ExprUse& use, const Ref& calendar);
/// The process's default calendar: its own, `cn`, or (no working time may then be used) one that carries the zone alone.
void choose_calendar(Compilation& c);
[[nodiscard]] calendar::CalendarPtr find_calendar(Compilation& c, const Ref& ref, std::string_view element);
/// Puts the calendars that an expression or a table asks beside the process; SB0180 for one that is not there.
/// `offset`: of the expression in the text of `use`.
void keep_calendars(Compilation& c, const ExprUse& use, const feel::Program& program, std::uint32_t offset = 0);
void keep_calendars(Compilation& c, const feel::Decision& decision, Position at);
[[nodiscard]] std::vector<Assignment> compile_inputs(Compilation& c, const std::vector<Mapping>& mappings, std::string_view element,
                                                     const feel::Type::Fields& known);
/// `declared`: the names of the result when they are known (a declared payload); otherwise they are found in the texts. Targets are data that
/// stand around `element`.
[[nodiscard]] ResultScope compile_result(Compilation& c, const Node& node, ElementIndex element, const feel::Type::Fields* declared);

// compile_data.cpp: data of the case and of scopes, and who sees them.
void compile_data(Compilation& c);
void compile_computed_defaults(Compilation& c);  ///< once the names of the case are known
/// Data of containers and repeated activities; after flatten. A name that hides one around it: SB0188.
void compile_scoped_data(Compilation& c);
/// What expressions inside `container` see (element 0: the case's own scope).
[[nodiscard]] const feel::StaticScope& visible_in(const Compilation& c, ElementIndex container);
/// The names of data that can be read and written inside `container`, for hints.
[[nodiscard]] std::vector<std::string> data_names(const Compilation& c, ElementIndex container);
/// Data `ref` as seen inside `place`, to be written; npos with SB0185 otherwise.
[[nodiscard]] SlotIndex resolve_data(Compilation& c, ElementIndex place, const Ref& ref, std::string_view element);
/// `in` of a container that declares data: its own data, from what is seen around it.
[[nodiscard]] std::vector<Assignment> compile_initial_data(Compilation& c, const Node& node, ElementIndex container);

// compile_elements.cpp: flattening, flows, names.
void flatten(Compilation& c);
void connect(Compilation& c);
/// The element of that path or, when it is unambiguous, id; npos with a diagnostic otherwise.
[[nodiscard]] ElementIndex resolve_element(Compilation& c, const Ref& ref, std::string_view user);

// compile_work.cpp: what each kind of node carries.
void compile_nodes(Compilation& c);

// compile_repetition.cpp
/// Loops and multi-instance: how often, with which data, until when, and what comes out of it.
void compile_repetition(Compilation& c, const Node& node, ElementIndex self);

// compile_events.cpp
[[nodiscard]] EventSpec compile_event(Compilation& c, const EventDefinition& event, ElementIndex element);
[[nodiscard]] EventSpec compile_message(Compilation& c, const Ref& name, ElementIndex element, bool waits);
/// The code under which an error or escalation is matched: its declared code, else its id.
[[nodiscard]] std::string code_of(const std::vector<Declaration>& all, std::string_view id);

/// Which messages are kept for one who does not wait yet, and how long.
void compile_keeping(Compilation& c);

// compile_compensation.cpp
/// What undoes what, and what transactions are cancelled: after flows and events.
void compile_compensation(Compilation& c);

// compile_joins.cpp
void compile_joins(Compilation& c);

// compile_clocks.cpp: clocks, feedback and what they react to.
void compile_clocks(Compilation& c);
void compile_feedback(Compilation& c);
void compile_listening(Compilation& c);  ///< after both

// canonical.cpp
/// The same process with everything whose order has no meaning sorted by id.
[[nodiscard]] Process canonical(const Process& process);
/// Ids of the tables that the process lists or a business rule task names, ascending.
[[nodiscard]] std::vector<std::string> used_decisions(const Process& process);
/// Ids of the registers that its tasks read or write, ascending.
[[nodiscard]] std::vector<std::string> used_registers(const Process& process);
/// The canonical text of a canonical process: every meaningful field, no place, no file, no comment.
[[nodiscard]] std::string canonical_text(const Process& process, const Library& library);
/// The order of clocks and feedback in the file, the last part of the canonical text; empty when it is the order of their names.
[[nodiscard]] std::string canonical_order(const Process& process);
/// Hex SHA-256.
[[nodiscard]] std::string fingerprint(std::string_view text);

}  // namespace switchboard::model
