// Everything the given files say, with what they refer to found in the processes folder.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "cli/options.hpp"
#include "model/executable.hpp"
#include "notation/load.hpp"
#include "simulation/scenario.hpp"

namespace switchboard::cli {

/// Files given on the command line, and behind them the files of the processes folder. A given file hides one of the same id there.
class Catalogue {
 public:
  /// Reads `paths` (files or folders), what stands beside them in the files of the names they use, and the processes folder. Mistakes in files are
  /// diagnostics, not errors, and so are files that cannot be read (SB0703, SB0704); without its folder of processes nothing can be said (SB0703).
  [[nodiscard]] static Result<Catalogue> read(const std::vector<std::string>& paths, const Options& options);

  /// Findings of loading, of the given files only. Not sorted.
  [[nodiscard]] const model::Diagnostics& diagnostics() const { return given_.diagnostics; }
  /// What was given: processes, decisions, calendars, overlays, tests. Results of overlays stand in `processes`.
  [[nodiscard]] const notation::Folder& given() const { return given_; }

  [[nodiscard]] const model::Process* process(std::string_view id) const;
  /// The overlay that made process `id`, or nullptr.
  [[nodiscard]] const notation::Overlay* overlay(std::string_view id) const;
  /// The files of process `id`: of the process at the bottom, then of the overlays over it.
  [[nodiscard]] std::vector<std::string> files_below(std::string_view id) const;
  [[nodiscard]] const std::vector<simulation::Scenario>& scenarios() const { return scenarios_; }
  /// Given processes with mistakes in them, as far as they could be read: for further findings, never to be run.
  [[nodiscard]] const std::vector<model::Process>& drafts() const { return drafts_; }
  [[nodiscard]] const model::Library& library() const { return library_; }
  /// The given file that "decision limits" or "process repair" stands in; empty when none.
  [[nodiscard]] std::string file_of(const std::string& kind_and_id) const;
  /// "process repair", "calendar cn": a given file is there for it and has errors, which are enough: that others refer to it is no finding, and what
  /// the processes folder has of that name does not stand in for it.
  [[nodiscard]] bool is_broken(const std::string& kind_and_id) const { return broken_.contains(kind_and_id); }
  [[nodiscard]] const std::set<std::string>& broken() const { return broken_; }
  /// The text of a file by its name in diagnostics, or nullptr.
  [[nodiscard]] const std::string* text(std::string_view file) const;
  [[nodiscard]] std::vector<std::string> process_ids() const;

  /// Compiled once, with its findings. `process` is null when there are errors, or no such process.
  [[nodiscard]] const model::CompileResult& compiled(std::string_view id);

 private:
  void add_file(const std::filesystem::path& path);
  void add_text(const std::string& text, const std::string& name);
  void add_neighbours();
  /// Whether a given file has it.
  [[nodiscard]] bool has(notation::FileKind kind, const std::string& id) const;
  void note_unreadable(const std::filesystem::path& path, const Error& e);
  /// False, with a finding, when another given file has the same id.
  bool is_fresh(const std::string& kind, const std::string& id, const std::string& file, model::Position at);
  void add_calendar(notation::Loaded<calendar::CalendarSpec> loaded, const std::string& file);
  void add_decision(notation::Loaded<notation::DecisionFile> loaded, const std::string& file);
  void apply_overlays();
  void report_lost(const std::vector<const notation::Overlay*>& lost);
  bool apply(const notation::Overlay& overlay);
  void note(model::Diagnostics found);

  notation::Folder given_;
  notation::Folder background_;
  std::vector<model::Process> drafts_;
  std::vector<simulation::Scenario> scenarios_;
  std::map<std::string, std::string> owners_;  ///< "process repair" -> file
  std::set<std::string> broken_;
  model::Library library_;
  std::map<std::string, model::CompileResult, std::less<>> compiled_;
};

}  // namespace switchboard::cli
