// What holds for every verb: the options before or after it, and what they mean.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "switchboard/base/error.hpp"
#include "switchboard/base/time.hpp"

namespace CLI {
class App;
}

namespace switchboard::cli {

/// Options every verb understands. Filled once by main, then read only.
struct Options {
  std::string program;  ///< path of this executable as called
  std::string database = "switchboard.db";
  std::string now;           ///< text of --now; empty: the system's clock
  std::string processes;     ///< folder; empty: the default place
  std::string language;      ///< of names and titles: "zh" or "en"; empty: from the environment
  double busy_timeout = 10;  ///< seconds
  bool json = false;
  bool force_clock = false;
  bool accept_loss = false;
};

/// What a verb does once the command line is understood: the exit code, or why it was refused.
using Action = std::function<Result<int>()>;

inline constexpr int exit_ok = 0;
inline constexpr int exit_refused = 1;
inline constexpr int exit_wrong_use = 2;

/// Zone of instants written without an offset when no calendar says otherwise.
inline constexpr std::string_view default_zone = "Asia/Shanghai";

[[nodiscard]] Error wrong_use(std::string message, std::string hint);

/// The present: --now, else the system's clock. SB0702 when --now is no instant.
[[nodiscard]] Result<Instant> present(const Options& options);
/// An instant from the command line; local in `zone` unless it carries an offset. SB0702.
[[nodiscard]] Result<Instant> instant_argument(std::string_view option, std::string_view text, std::string_view zone);
enum class Direction { ahead, back };
/// An instant, or real time from `now` on ('2 h', '3 d') in that direction; local in the default zone. SB0702, also for working time: that needs a
/// calendar.
[[nodiscard]] Result<Instant> instant_or_span(std::string_view option, const std::string& text, Instant now, Direction direction);
/// A duration alone.
[[nodiscard]] Result<Duration> span(std::string_view option, const std::string& text);
/// "zh" or "en".
[[nodiscard]] std::string language_of(const Options& options);
/// The folder of processes: --processes, else beside the installation, else that of the checkout. Nothing when there is none.
[[nodiscard]] std::optional<std::filesystem::path> processes_folder(const Options& options);

// One function for each group of verbs; each adds its subcommands and lets them set `action` when they are chosen.
void add_calendar_verbs(CLI::App& app, const Options& options, Action& action);
void add_feel_verb(CLI::App& app, const Options& options, Action& action);
void add_check_verbs(CLI::App& app, const Options& options, Action& action);
void add_test_verb(CLI::App& app, const Options& options, Action& action);
void add_play_verb(CLI::App& app, const Options& options, Action& action);
void add_simulate_verb(CLI::App& app, const Options& options, Action& action);
void add_case_verbs(CLI::App& app, const Options& options, Action& action);
void add_work_verbs(CLI::App& app, const Options& options, Action& action);
void add_query_verbs(CLI::App& app, const Options& options, Action& action);
void add_report_verb(CLI::App& app, const Options& options, Action& action);
void add_register_verbs(CLI::App& app, const Options& options, Action& action);
void add_watch_verb(CLI::App& app, const Options& options, Action& action);
void add_conformance_verb(CLI::App& app, const Options& options, Action& action);
void add_completion_verbs(CLI::App& app, const Options& options, Action& action);

}  // namespace switchboard::cli
