// One text of the language, read once: the same text is never read again. Private to room workspace and those who look at single texts.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/calendar.hpp"
#include "feel/decision.hpp"
#include "model/contract.hpp"
#include "model/diagnostic.hpp"
#include "model/organisation.hpp"
#include "model/process.hpp"
#include "notation/load.hpp"

namespace switchboard::workspace {

/// What a scenario plays and counts in, whatever else is wrong with it. What it says beside that is for the room of the simulator.
struct ScenarioNames {
  std::vector<std::string> processes, calendars;
};

/// What a text says. Immutable once made, shared by all projects that have the text.
struct Parsed {
  std::string file;  ///< as findings name it
  std::string text;
  notation::FileKind kind = notation::FileKind::process;
  std::string id;            ///< of what stands there; what the text means to be when it cannot be read
  model::Position at;        ///< where it is declared
  bool is_read = false;      ///< there is a thing of that kind, below (a scenario is kept as its text: the room of the simulator reads it)
  model::Diagnostics found;  ///< by reading
  model::Diagnostics made;   ///< by making calendar or table out of what was read; told only where the thing is the first of its name

  std::shared_ptr<const model::Process> process;
  std::shared_ptr<const model::Process> draft;  ///< a process with mistakes, as far as it could be read
  std::optional<notation::Overlay> overlay;
  std::optional<notation::TestSuite> suite;
  std::optional<model::Contract> contract;
  std::optional<calendar::CalendarSpec> calendar;
  calendar::CalendarPtr business_calendar;  ///< null when it cannot be made, or extends another (calendars.hpp)
  model::Position extends_at;               ///< of a calendar's `extends`
  std::optional<notation::DecisionFile> table;
  std::optional<feel::Decision> decision;            ///< nothing when it does not compile
  model::RegisterPtr registered;                     ///< a register; null when the text has mistakes
  std::vector<std::shared_ptr<const Parsed>> pools;  ///< of a collaboration: its processes, as if each stood in a file of its own
  ScenarioNames played;                              ///< by a scenario
  model::OrganisationsPtr organisations;             ///< the tree of a company

  /// A calendar that extends another: it is made together with that one (calendars.hpp).
  [[nodiscard]] bool is_extending() const { return calendar && !calendar->extends.empty(); }
  /// A calendar, table, register or tree of organisations that can be used by itself, or a calendar that can together with those that it extends.
  [[nodiscard]] bool is_resource() const { return business_calendar || decision || registered || organisations || is_extending(); }
  [[nodiscard]] bool has_errors() const { return model::has_errors(found) || model::has_errors(made); }
};
using ParsedPtr = std::shared_ptr<const Parsed>;

/// What a file of that kind declares; an overlay declares a process.
[[nodiscard]] model::SubjectKind declares(notation::FileKind kind) noexcept;

/// Pure.
[[nodiscard]] ParsedPtr read_text(std::string text, std::string file);

}  // namespace switchboard::workspace
