// watch: a board that refreshes.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "calendar/duration.hpp"
#include "cli/board.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/verb.hpp"

namespace switchboard::cli {

namespace {

struct WatchRequest {
  std::string every = "2s";
  bool once = false;
  BoardLimits limits;
};

constexpr Duration fastest = Duration::millis(200);
constexpr Duration slowest = Duration::days(1);

Result<Duration> interval(const std::string& text) {
  const Result<calendar::WorkingDuration> every = calendar::parse_duration(text);
  if (every && every.value().is_pure_wall() && every.value().wall >= fastest && every.value().wall <= slowest) return every.value().wall;
  return wrong_use(fmt::format("--every '{}' is no interval for a board", text), "from 200ms to 24h, like 2s or '5 min'");
}

/// A day's time stands still with --now.
Result<std::vector<std::string>> board_lines(const Options& options, const Session& session, const BoardLimits& limits, const Screen& screen) {
  SB_TRY(const Instant now, present(options));
  SB_TRY(const Board board, read_board(session, now, limits));
  return lines_of(board, session, screen, language_of(options));
}

Result<int> once(const Options& options, const Session& session, const WatchRequest& request) {
  if (options.json) {
    SB_TRY(const Board board, read_board(session, session.now(), request.limits));
    print_json(to_value(board, session));
    return exit_ok;
  }
  const std::size_t width = terminal_width();
  SB_TRY(const auto lines, board_lines(options, session, request.limits, {width, 0}));
  for (const std::string& line : lines) print_line(line);
  return exit_ok;
}

Result<int> keep_watching(const Options& options, const Session& session, const WatchRequest& request, Duration every) {
  const Terminal terminal;
  for (Terminal::Woken woken = Terminal::Woken::by_time; woken != Terminal::Woken::to_end;) {
    const Terminal::Size size = terminal.size();
    auto lines = board_lines(options, session, request.limits, {size.width, size.height > 1 ? size.height - 1 : size.height});
    // A database that is busy for a moment is no reason to end: the next board says whether it is over.
    std::vector<std::string> shown = lines ? std::move(lines.value()) : std::vector<std::string>{cut(lines.error().text(), size.width)};
    if (size.height > 1) {
      shown.resize(size.height - 1);
      shown.push_back(cut(paint(fmt::format("q: end  space: refresh  every {}", request.every), Colour::dim, 1), size.width));
    }
    terminal.show(shown);
    if (!is_written()) break;
    char key = 0;
    woken = terminal.wait(every, key);
  }
  return exit_ok;
}

Result<int> watch(const Options& options, const WatchRequest& request) {
  SB_TRY(const Duration every, interval(request.every));
  if (options.json && !request.once) return wrong_use("watch --json is for one board", "add --once, or leave --json out");
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRYV(known_process(session, request.limits.process));
  return request.once ? once(options, session, request) : keep_watching(options, session, request, every);
}

}  // namespace

void add_watch_verb(CLI::App& app, const Options& options, Action& action) {
  const Verb<WatchRequest> v = add_verb<WatchRequest>(app, options, action, "Questions", "watch",
                                                      "a board that refreshes: what breaks next, open cases, who holds the work", watch);
  v.sub->add_option("--every", v.request->every, "how often the board is read again")->type_name("DURATION")->capture_default_str();
  v.sub->add_flag("--once", v.request->once, "print one board and end");
  v.sub->add_option("--process", v.request->limits.process, "only of this process")->type_name("ID");
  v.sub->add_option("--organisation", v.request->limits.organisation, "only what belongs to this unit of the company or one below it")
      ->type_name("UNIT");
  v.sub->add_option("--limit", v.request->limits.clocks, "clocks that break next")->type_name("N")->check(CLI::Range(1, 1000))->capture_default_str();
}

}  // namespace switchboard::cli
