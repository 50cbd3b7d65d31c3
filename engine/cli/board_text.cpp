// The board for a terminal: sections one below the other, clocks get the room that is left.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "cli/answers.hpp"
#include "cli/board.hpp"
#include "cli/output.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"

namespace switchboard::cli {

namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t narrow = 72;  // below this, columns that say the same in other words go
constexpr std::size_t roomy = 120;  // from this on, also which row of a table promised it, and that it is unverified
constexpr std::size_t bar_cells = 10;
constexpr std::size_t stages_shown = 6;  // of one process
constexpr std::size_t least_clocks = 3;

std::string text_of(const Counted& c) { return fmt::format("{}{}", c.number, c.is_more ? "+" : ""); }

std::string bar(double percent) {
  const double share = std::clamp(percent / 100.0, 0.0, 1.0);
  const auto full = static_cast<std::size_t>(std::floor(share * static_cast<double>(bar_cells)));
  return std::string(full, '#') + std::string(bar_cells - full, '.');
}

std::optional<Colour> colour_of(const ClockInfo& c) {
  if (c.breached) return Colour::red;
  if (c.state == ClockState::paused) return Colour::dim;
  return c.percent >= 80 ? std::optional(Colour::yellow) : std::nullopt;
}

std::string painted(const std::string& text, const std::optional<Colour>& colour) { return colour ? paint(text, *colour, 1) : text; }

std::vector<std::string> row_of(const ClockInfo& c, const Session& session, const std::string& board_zone, bool wide, bool has_room,
                                const std::string& language) {
  const std::string percent = fmt::format("{:.0f}%", std::min(c.percent, 99'999.0));
  std::vector<std::string> row{c.case_no,
                               c.name,
                               (c.on_hold ? on_hold(language) : board_time(c.due, session.zone(c.process), board_zone)) + (c.provisional ? "?" : "") +
                                   (c.changes.is_null() ? "" : "*"),
                               painted(short_duration(c.left), colour_of(c)),
                               c.business_left,
                               percent};
  if (wide) row.push_back(painted(bar(c.percent), colour_of(c)));
  row.push_back(join(c.holders));
  if (wide) row.push_back(c.process + "/" + c.stage);
  if (has_room) row.push_back(promised_by(c.table, c.row, "", "", c.unverified.empty() ? "" : "unverified"));
  return row;
}

Lines split(const std::string& text) {
  Lines lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

Lines clock_lines(const std::vector<ClockInfo>& clocks, std::size_t most, const Session& session, const std::string& board_zone, const Screen& screen,
                  const std::string& language) {
  const bool wide = screen.width >= narrow;
  std::vector<std::string_view> keys{"case", "promise", "due", "left", "business", "percent"};
  if (wide) keys.emplace_back("bar");
  keys.emplace_back("holders");
  if (wide) keys.emplace_back("stage");
  if (screen.width >= roomy) keys.emplace_back("source");
  std::vector<std::string> heads = titles(keys, language);
  if (wide) heads[6].clear();
  Table table(std::move(heads));
  for (std::size_t i = 0; i < clocks.size() && i < most; ++i)
    table.add(row_of(clocks[i], session, board_zone, wide, screen.width >= roomy, language));
  const std::vector<std::size_t> numbers = wide ? std::vector<std::size_t>{2, 3, 4, 5, 6} : std::vector<std::size_t>{2, 3, 4, 5};
  return split(table.text(screen.width, numbers));
}

std::string headline(const Board& board, const std::string& language) {
  std::size_t open = 0;
  bool more = false;
  for (const Board::Process& p : board.processes) open += p.cases.number, more = more || p.cases.is_more;
  const std::string broken = fmt::format("{} {}{}", title("broken", language), board.broken.size(), board.more_broken ? "+" : "");
  const std::string incidents = fmt::format("{} {}{}", title("incidents", language), board.incidents.size(), board.more_incidents ? "+" : "");
  return fmt::format("{}  {} {}  {} {}  {}  {}  {} {}", paint(whole_seconds(board.now, board.zone), Colour::bold, 1), title("cases", language),
                     text_of({open, more}), title("work", language), text_of(board.work),
                     board.broken.empty() ? broken : paint(broken, Colour::red, 1),
                     board.incidents.empty() ? incidents : paint(incidents, Colour::red, 1), title("outbox", language), text_of(board.outbox));
}

Lines case_lines(const Board& board) {
  Lines lines;
  for (const Board::Process& p : board.processes) {
    std::vector<std::pair<std::string, std::size_t>> stages(p.stages.begin(), p.stages.end());
    std::stable_sort(stages.begin(), stages.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    std::string text;
    for (std::size_t i = 0; i < stages.size() && i < stages_shown; ++i)
      text += fmt::format("{}{} {}", i == 0 ? "" : ", ", stages[i].first, stages[i].second);
    if (stages.size() > stages_shown) text += fmt::format(", {} more", stages.size() - stages_shown);
    lines.push_back(fmt::format("  {} {}: {}", p.id, text_of(p.cases), text));
  }
  return lines;
}

Lines holder_lines(const Board& board, std::size_t most) {
  Lines lines;
  for (const Board::Holder& h : board.holders) {
    if (lines.size() == most) {
      lines.push_back(fmt::format("  {} more", board.holders.size() - most));
      break;
    }
    const std::string name = h.is_person ? h.name : "[" + h.name + "]";
    lines.push_back(fmt::format("  {} {}, oldest {}", name, h.work, short_duration(board.now - h.oldest)));
  }
  return lines;
}

Lines incident_lines(const Board& board, std::size_t most) {
  Lines lines;
  for (std::size_t i = 0; i < board.incidents.size() && i < most; ++i) {
    const IncidentInfo& incident = board.incidents[i];
    const std::string where = incident.node.empty() ? incident.case_no : incident.case_no + " " + place_of(incident);
    lines.push_back(fmt::format("  {} {}: {}", incident.incident, where, incident.message));
  }
  if (board.incidents.size() > most) lines.push_back(fmt::format("  {} more", board.incidents.size() - most));
  return lines;
}

Lines damaged_lines(const Board& board, std::size_t most) {
  Lines lines;
  for (const std::string& what : board.damaged)
    if (lines.size() < most) lines.push_back("  " + what);
  if (board.damaged.size() > most) lines.push_back(fmt::format("  {} more", board.damaged.size() - most));
  return lines;
}

class Sheet {
 public:
  Sheet(const Screen& screen, const std::string& language) : screen_(screen), language_(language) {}
  void line(const std::string& text) { lines_.push_back(cut(text, screen_.width)); }
  void section(std::string_view key, const Lines& body) {
    if (body.empty()) return;
    line("");
    line(paint(title(key, language_), Colour::bold, 1));
    for (const std::string& one : body) line(one);
  }
  [[nodiscard]] Lines take() && {
    if (screen_.height > 0 && lines_.size() > screen_.height) lines_.resize(screen_.height);
    return std::move(lines_);
  }

 private:
  const Screen& screen_;
  const std::string& language_;
  Lines lines_;
};

/// Rows of clocks that still fit below what stands already and above the rest.
std::size_t room_for_clocks(const Screen& screen, std::size_t others) {
  if (screen.height == 0) return 1000;
  return std::max(least_clocks, screen.height > others ? screen.height - others : 0);
}

}  // namespace

std::vector<std::string> lines_of(const Board& board, const Session& session, const Screen& screen, const std::string& language) {
  const Lines cases = case_lines(board);
  const Lines holders = holder_lines(board, screen.height == 0 ? 20 : 5);
  const Lines incidents = incident_lines(board, screen.height == 0 ? 20 : 3);
  const Lines damaged = damaged_lines(board, screen.height == 0 ? 20 : 3);
  const auto height_of = [](const Lines& body) { return body.empty() ? 0 : body.size() + 2; };
  const std::size_t room = room_for_clocks(screen, 1 + height_of(cases) + height_of(holders) + height_of(incidents) + height_of(damaged) + 6);
  const std::size_t broken = std::min(board.broken.size(), std::max(least_clocks, room / 3));
  Sheet sheet(screen, language);
  sheet.line(headline(board, language));
  if (!board.next.empty())
    sheet.section("breaks next",
                  clock_lines(board.next, std::max(least_clocks, room > broken ? room - broken : 0), session, board.zone, screen, language));
  if (!board.broken.empty()) sheet.section("broken and open", clock_lines(board.broken, broken, session, board.zone, screen, language));
  sheet.section("open cases", cases);
  sheet.section("work held by", holders);
  sheet.section("incidents", incidents);
  if (board.outbox.number > 0) {
    sheet.section("to be told", {fmt::format("  {}, oldest {}", text_of(board.outbox), short_duration(board.now - *board.oldest_record))});
  }
  if (board.kept.number > 0) sheet.section("messages kept", {fmt::format("  {} for which nobody waits yet", text_of(board.kept))});
  if (!board.pending.empty())
    sheet.section("still to follow",
                  {fmt::format("  calendar {} was changed: open cases are shown as they were before until they follow", join(board.pending))});
  sheet.section("damaged", damaged);
  return std::move(sheet).take();
}

}  // namespace switchboard::cli
