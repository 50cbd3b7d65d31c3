// A project: texts that belong together, what stands in them, and what is wrong with it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/executable.hpp"
#include "model/library.hpp"
#include "switchboard/base/error.hpp"
#include "workspace/parsed.hpp"

namespace switchboard::workspace {

/// Where a text comes from. What comes from further up hides what has the same kind and id further down, also when it has mistakes: nobody shall run
/// another thing than the one that he gave.
enum class Layer : std::uint8_t {
  given,   ///< named by the one who asks: findings are told about these
  kept,    ///< given to the database before, by somebody's hand: a folder does not take its place
  folder,  ///< of the folder of processes
  stored,  ///< deployed already, as it was found in a folder
};

class Project;

/// A process that is there without a text of its own.
struct Known {
  std::shared_ptr<const model::Process> process;
  Layer layer = Layer::stored;  ///< where it stands: texts of layers further down are hidden by it
};
/// By id.
using Processes = std::map<std::string, Known, std::less<>>;

/// How often something was done that costs: for tests, and to see that nothing is done twice.
struct Effort {
  std::uint64_t compiled = 0;  ///< processes
  std::uint64_t checked = 0;   ///< processes
  std::uint64_t analysed = 0;  ///< tables
};

/// What a room above finds in a scenario, which this room keeps as its text.
using ScenarioCheck = std::function<model::Diagnostics(Project& project, std::string_view text, const std::string& file)>;

/// What a text declares: kind and id.
using Thing = std::pair<model::SubjectKind, std::string>;

/// One text of a project.
struct File {
  Layer layer = Layer::given;
  ParsedPtr what;
};

/// Processes (results of overlays among them), tables and calendars by id, and findings. Everything that costs something (compiling, checking) is
/// done when it is asked for first, and kept. Pointers and references live as long as the project. Not thread-safe: for one thread at a time.
class Project {
 public:
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;

  // ---- what is there

  /// By id; the one that counts. Null when there is none, or when the text that hides all others has mistakes.
  [[nodiscard]] const model::Process* process(std::string_view id) const;
  /// Ids of all processes, ascending.
  [[nodiscard]] std::vector<std::string> process_ids() const;
  /// The overlay that made process `id`, or null.
  [[nodiscard]] const notation::Overlay* overlay(std::string_view id) const;
  /// The texts that make process `id`: the process at the bottom last, overlays in front of it, the topmost first. Empty when there is none.
  [[nodiscard]] std::vector<const Parsed*> texts_of(std::string_view id) const;
  /// The files of process `id`: of the process at the bottom, then of the overlays over it.
  [[nodiscard]] std::vector<std::string> files_below(std::string_view id) const;
  /// The processes that `id` needs (needed_by), directly or not, itself first, then in the order of the calls; each once, as far as they are there.
  [[nodiscard]] std::vector<std::string> with_called(std::string_view id) const;
  /// The texts that count, by what they declare.
  [[nodiscard]] const std::map<Thing, const File*>& texts() const { return winners_; }
  /// The text that counts for calendar or table `id`, or null.
  [[nodiscard]] const Parsed* resource(model::SubjectKind kind, std::string_view id) const;
  /// Calendars and tables that can be used.
  [[nodiscard]] const model::Library& library() const { return library_; }
  /// The text of a file by its name in findings, or null.
  [[nodiscard]] const std::string* text(std::string_view file) const;

  /// The given texts of one kind, in the order in which they were given; of two that declare the same thing the first.
  [[nodiscard]] std::vector<const Parsed*> given(notation::FileKind kind) const;
  /// The processes that given texts make, results of overlays behind them.
  [[nodiscard]] const std::vector<const model::Process*>& given_processes() const { return given_processes_; }
  /// All given texts, in order.
  [[nodiscard]] std::vector<const Parsed*> given() const;
  /// A given text is there for it and has errors, which are enough: that others refer to it is no finding.
  [[nodiscard]] bool is_broken(model::SubjectKind kind, std::string_view id) const;
  /// Files with errors by what they declare, of all layers.
  [[nodiscard]] const std::map<Thing, const File*>& broken() const { return broken_; }

  /// What was done up to now, by this project and those before it in its workspace.
  [[nodiscard]] const Effort& effort() const { return effort_; }

  // ---- what is wrong

  /// Findings of reading, of one layer. Not sorted.
  [[nodiscard]] const model::Diagnostics& reading(Layer layer) const { return reading_[static_cast<std::size_t>(layer)]; }
  /// Compiled once, with its findings. `process` is null when there are errors, or no such process.
  [[nodiscard]] const model::CompileResult& compiled(std::string_view id);
  /// Everything found in process `id` alone (and in the overlays that make it), held against what it calls and asks. Not sorted.
  [[nodiscard]] const model::Diagnostics& findings_of(std::string_view id);
  /// Everything found in the given texts, sorted.
  [[nodiscard]] model::Diagnostics check(const ScenarioCheck& scenarios = {});
  /// The errors among findings_of, sorted.
  [[nodiscard]] model::Diagnostics errors_of(std::string_view id);
  /// Errors that keep process `id` from being run: of itself and of the processes it calls. Sorted; empty when it is fine.
  [[nodiscard]] model::Diagnostics obstacles(std::string_view id);
  /// Tested processes that are in none of the files (SB0713).
  [[nodiscard]] model::Diagnostics missing_tested() const;
  /// Called processes that are in none of the files (SB0713).
  [[nodiscard]] model::Diagnostics missing_calls(const model::Process& process) const;

  /// The process of that id. SB0712.
  [[nodiscard]] Result<const model::Process*> process_called(const std::string& id) const;
  /// The process that a given file describes, by itself or as an overlay. SB0712 when it is none or has several, or the first error
  /// found in it.
  [[nodiscard]] Result<const model::Process*> process_in(const std::string& file) const;
  /// As process_in, but of a collaboration all of its processes, in the order of the file.
  [[nodiscard]] Result<std::vector<const model::Process*>> processes_in(const std::string& file) const;

 private:
  friend class Workspace;

  /// What process `id` is made of.
  struct Made {
    std::shared_ptr<const model::Process> process;
    const File* file = nullptr;  ///< the process, or the overlay
    ParsedPtr overlay;           ///< null for a process
    std::vector<std::shared_ptr<const void>> from = {};
    std::vector<std::shared_ptr<const void>> laid_from = {};
    model::Diagnostics found = {};  ///< by laying the overlay over
  };
  /// What was found out about a process, and from what: good as long as that is the same.
  struct Checked {
    std::vector<std::shared_ptr<const void>> from;
    std::optional<model::CompileResult> compiled;
    std::optional<model::Diagnostics> found;
  };
  /// Names of everything: hints ("did you mean") hang on them.
  struct Names {
    std::set<Thing> all, broken;
    friend bool operator==(const Names&, const Names&) = default;
  };

  Project(std::vector<File> files, const std::map<std::string, calendar::CalendarPtr, std::less<>>& calendars, const Processes& known,
          Project* before);

  void resolve(const File& file);
  void take_organisations(const File& file);
  void make_extending(const std::vector<const File*>& extending, const Project* before);
  [[nodiscard]] bool counts(const File& file) const;
  void note(Layer layer, const model::Diagnostics& found);
  void lay_overlays(Project* before);
  bool lay(const File& file, Project* before);
  void report_lost(const std::vector<const File*>& lost);
  [[nodiscard]] Checked& checked(std::string_view id);
  [[nodiscard]] std::vector<std::shared_ptr<const void>> made_from(std::string_view id) const;
  [[nodiscard]] std::vector<std::shared_ptr<const model::Process>> started_by(const model::Process& process) const;
  [[nodiscard]] std::vector<std::shared_ptr<const model::Process>> callers_of(const model::Process& process) const;
  [[nodiscard]] std::vector<const model::Contract*> contracts() const;
  [[nodiscard]] model::Diagnostics check_given_contracts() const;
  [[nodiscard]] model::Diagnostics check_alone(const model::Process& process);
  [[nodiscard]] model::Diagnostics unknown_calendars(const Parsed& tree) const;
  [[nodiscard]] const model::Diagnostics& table_findings(const File& file);
  /// Rings in which nothing waits, that a given process takes part in (SB0465).
  [[nodiscard]] model::Diagnostics rings();
  void leave_out_broken(const model::Process& process, model::Diagnostics& found) const;
  void settle(model::Diagnostics& found) const;

  std::vector<File> files_;  ///< in order
  std::map<std::string, const File*, std::less<>> by_file_;
  std::map<Thing, const File*> winners_;                   ///< the text that counts
  std::map<std::pair<Layer, Thing>, const File*> owners_;  ///< the first text of each layer
  std::map<Thing, const File*> broken_;
  std::set<Thing> broken_given_;
  std::map<std::string, Made, std::less<>> processes_;
  std::vector<const model::Process*> given_processes_;
  model::Library library_;
  const File* organisations_ = nullptr;  ///< the text of the tree that counts
  std::array<model::Diagnostics, 4> reading_;
  std::shared_ptr<const Names> names_;
  std::map<std::string, Checked, std::less<>> checked_;
  std::map<ParsedPtr, model::Diagnostics> analysed_;
  Effort effort_;
};

/// Processes that cannot do without each other: those that it calls, and those of the other participants of its collaboration.
[[nodiscard]] std::vector<model::Ref> needed_by(const model::Process& process);
/// Processes that `process` calls, with the place of each call.
[[nodiscard]] std::vector<model::Ref> calls_of(const model::Process& process);
/// Calendars that the units of a tree work by, as often as they are named.
[[nodiscard]] std::vector<model::Ref> calendars_of(const model::Organisations& tree);
/// Whether it calls processes besides that its data choose.
[[nodiscard]] bool calls_by_data(const model::Process& process);
/// Calendars that it counts in: its own, those of its clocks and of its timers, and those that its expressions ask, as often as it names them.
[[nodiscard]] std::vector<model::Ref> calendars_of(const model::Process& process);
/// Registers that its tasks read or write, as often as it names them.
[[nodiscard]] std::vector<model::Ref> registers_of(const model::Process& process);
/// Tables that it asks, as often as it names them.
[[nodiscard]] std::vector<model::Ref> decisions_of(const model::Process& process);

}  // namespace switchboard::workspace
