// Text -> the things of the language, with all mistakes of a file at once. Pure but for read_file, which reads the file system.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/calendar.hpp"
#include "feel/decision.hpp"
#include "model/contract.hpp"
#include "model/organisation.hpp"
#include "model/process.hpp"
#include "model/registers.hpp"
#include "notation/grammar.hpp"
#include "notation/test_suite.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::notation {

/// What a file said. `value` is there exactly when no diagnostic is an error. Diagnostics are sorted by place.
template <class T>
struct Loaded {
  std::optional<T> value;
  model::Diagnostics diagnostics;
  std::optional<T> draft;  ///< what could be read in spite of errors, for further checks of the same run; never to be deployed
};

/// A decision table with the place of its cells, for problems that feel::compile_decision finds.
struct DecisionFile {
  feel::DecisionTable table;
  model::Text name;
  std::string source;
  model::Position at;
  std::vector<model::Position> inputs;  ///< place of every input's expression
  std::vector<model::Position> outputs;
  std::vector<model::Position> rules;
  std::vector<std::vector<model::Position>> rule_inputs;  ///< place of every cell
  std::vector<std::vector<model::Position>> rule_outputs;
};

/// What differs from the process `of`.
struct Overlay {
  std::string id;
  std::string file;
  model::Position at;
  model::Ref of;
  model::Text name;
  std::string source;
  struct ClockChange {
    std::string id;
    model::Position at;
    model::DurationExpr within;  ///< empty: as it was
    bool mean = false;
    model::Ref calendar;
    bool has_marks = false;
    std::vector<model::ClockMark> marks;
    bool loosen = false;
    std::string reason;
    std::string source;
    std::string unverified;
  };
  std::vector<ClockChange> sla;
  struct FeedbackChange {
    model::FeedbackDefinition entry;
    std::set<std::string> written;  ///< its keys: of one that is there, the others stay as they are
  };
  std::vector<FeedbackChange> feedback;
  struct DefaultChange {
    std::string name;
    model::Position at;
    yaml::Node literal;  ///< read against the type in the process
  };
  std::vector<DefaultChange> defaults;
};

/// A pool (BPMN 2.0.2, 9.2).
struct Participant {
  std::string id;
  model::Position at;
  model::Text name;
  std::optional<model::Process> process;  ///< nothing when only its name is known
};

/// Pools, and what they send each other. Their processes name each other as partners, and what they send has the number of the case as its key.
struct Collaboration {
  std::string id;
  std::string file;
  model::Position at;
  model::Text name;
  std::vector<Participant> participants;
};

[[nodiscard]] Loaded<model::Process> load_process(std::string_view text, std::string_view file);
[[nodiscard]] Loaded<Collaboration> load_collaboration(std::string_view text, std::string_view file);
[[nodiscard]] Loaded<model::Contract> load_contract(std::string_view text, std::string_view file);
[[nodiscard]] Loaded<model::Register> load_register(std::string_view text, std::string_view file);
/// Process `id` of a collaboration, or the one of a process file, whatever its id.
[[nodiscard]] Loaded<model::Process> load_process_of(std::string_view text, std::string_view file, std::string_view id);
[[nodiscard]] Loaded<calendar::CalendarSpec> load_calendar(std::string_view text, std::string_view file);
/// The entry of a calendar file that a refusal of the calendar made from it is about; nothing when it stands in another file.
[[nodiscard]] std::optional<model::Position> place_in_calendar(std::string_view text, const Error& refused);
/// SB0155 for units that are no tree.
[[nodiscard]] Loaded<model::OrganisationsPtr> load_organisations(std::string_view text, std::string_view file);
[[nodiscard]] Loaded<DecisionFile> load_decision(std::string_view text, std::string_view file);
[[nodiscard]] Loaded<Overlay> load_overlay(std::string_view text, std::string_view file);
[[nodiscard]] Loaded<TestSuite> load_test_suite(std::string_view text, std::string_view file);

/// The process named `overlay.id`: `base` with the differences. Refuses what does not exist there (SB012x) and a loosened limit without
/// `loosen: true` and `reason` (SB0140), and one of which nobody can see whether it is tighter, because FEEL computes it or the units differ
/// (SB0141). Places in the result that the overlay brought in are encoded (so are those of overlays below it): findings of compiling or checking the
/// result go through findings_of_overlay before anybody sees them.
[[nodiscard]] Loaded<model::Process> apply_overlay(const model::Process& base, const Overlay& overlay);

/// The findings about the result of `overlay`, each in the file and line where it stands. `files`: of the process at the bottom, then of the
/// overlays over it, `overlay` last. `below`: the findings about what it lies over; what is not among them was made a mistake by the overlay and is
/// told there.
[[nodiscard]] model::Diagnostics findings_of_overlay(model::Diagnostics found, const Overlay& overlay, const std::vector<std::string>& files,
                                                     const model::Diagnostics& below);

/// FEEL in a text over several lines (`>-`, or plain lines that go on) is compiled as one line, so findings in it have columns beyond the end of
/// their line: this moves each of `found` to where it stands in the text of its file (null: not known). Other places stay as they are.
void unfold_places(model::Diagnostics& found, const std::function<const std::string*(const std::string& file)>& text_of);

/// Compiles the table; problems become diagnostics at the place of their cell.
[[nodiscard]] Loaded<feel::Decision> compile_decision_file(const DecisionFile& file, std::string_view file_name);

/// What the text says it is, from its second key; nullopt when it does not say.
[[nodiscard]] std::optional<FileKind> kind_of(std::string_view text);

/// The bytes of a file, at most limits::file_bytes. Error SB0100.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path);

}  // namespace switchboard::notation
