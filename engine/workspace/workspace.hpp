// One way from files and texts to checked definitions: for the command line, the engine, the simulator and editors alike.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "switchboard/base/error.hpp"
#include "workspace/project.hpp"

namespace switchboard::workspace {

/// Holds texts by name and answers with the project that they make. A text is read once; when one changes, it alone is read again, and only what
/// hangs on it is compiled and checked again. May be held for hours. Not thread-safe.
class Workspace {
 public:
  /// Puts a text in place of the one of that name and layer. `name` is what findings say; by its stem a text that does not say what it is is named.
  void put(const std::string& name, std::string text, Layer layer = Layer::given);
  /// The same with a text that is read already.
  void put(ParsedPtr text, Layer layer);
  /// Nothing happens when there is none of that name.
  void remove(const std::string& name, Layer layer = Layer::given);
  /// A finding about a file that is no text: it cannot be read. Stays until the layer is cleared.
  void refuse(const std::filesystem::path& path, const Error& error, Layer layer = Layer::given);
  /// Forgets the texts and findings of a layer. What was read stays known for as long as a text with that name comes again before the next project.
  void clear(Layer layer);

  /// Things that are there without a text of their own: they count where no text of the same layer or one further up has their name.
  void know(const std::string& calendar, calendar::CalendarPtr made);
  void know(std::shared_ptr<const model::Process> process, Layer layer = Layer::stored);
  /// Forgets the processes that are known.
  void forget_known();

  /// Everything of the language under a folder, in layer `folder`: reads what has changed since the last call, removes what is gone. A folder that
  /// cannot be read is a finding (SB0100, SB0103), and so is a file.
  void read_folder(const std::filesystem::path& folder);
  /// A file, or everything of the language under a folder, as given; mistakes likewise, and a folder without any (SB0719).
  void give(const std::filesystem::path& path);
  /// What stands beside given texts in the file of its name: the process of a suite or an overlay, what a scenario plays and counts in, what a
  /// process calls, asks and counts in. Only those files are looked at, never the folder.
  void read_beside();

  /// What the texts make. The same object until something changes; the one before is gone then.
  [[nodiscard]] Project& project();

  /// How many texts were read (parsed) up to now.
  [[nodiscard]] std::uint64_t texts_read() const { return texts_read_; }

 private:
  using Name = std::pair<Layer, std::string>;
  struct Text {
    std::uint64_t order = 0;
    ParsedPtr what;
  };
  struct Stamp {
    std::filesystem::file_time_type changed;
    std::uintmax_t size = 0;
    bool is_settled = false;  ///< so old when it was read that another change has another time
  };

  [[nodiscard]] std::map<std::filesystem::path, notation::FileKind> wanted_beside();

  std::map<Name, Text> texts_;
  std::map<Name, ParsedPtr> cleared_;  ///< as they were, for when they come again
  std::vector<std::pair<Layer, Finding>> refused_;
  std::map<std::string, Stamp> stamps_;  ///< files of the folder
  std::map<std::string, calendar::CalendarPtr, std::less<>> calendars_;
  Processes known_;
  std::uint64_t next_ = 0;
  std::uint64_t texts_read_ = 0;
  std::unique_ptr<Project> project_;
  bool is_changed_ = true;
};

/// `paths` (files or folders) as given, what stands beside them in the files of the names they use, and the folder of processes behind them, unless
/// it is among them. Mistakes in files are findings, and so are files that cannot be read; without its folder nothing can be said (SB0703).
[[nodiscard]] Result<Workspace> open_files(const std::vector<std::string>& paths, const std::optional<std::filesystem::path>& folder);
/// The bytes of a file, at most limits::file_bytes. SB0703 with the nearest name when it is not there, else SB0100 and SB0103.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path);
/// Whether `path` is `folder` or stands somewhere below it, whatever they are called.
[[nodiscard]] bool is_same_or_inside(const std::filesystem::path& path, const std::filesystem::path& folder);
/// Stems of the .yaml files of a folder itself, as they come.
[[nodiscard]] std::vector<std::string> ids_in(const std::filesystem::path& folder);
/// The files of the language under a folder, recursively, in the order of their names: *.yaml and *.yml without layouts. SB0100 when it cannot be
/// read, SB0103 when there are too many.
[[nodiscard]] Result<std::vector<std::filesystem::path>> files_under(const std::filesystem::path& folder);

}  // namespace switchboard::workspace
