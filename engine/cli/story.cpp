#include "cli/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/answers.hpp"
#include "cli/output.hpp"
#include "cli/words.hpp"

namespace switchboard::cli {

namespace {

struct Line {
  Instant at;
  std::string zone;
  std::string event, clock;
  std::string of;  ///< the called case; empty: the case itself
  std::string text;
  std::string instance;
};

/// One called case may call others; no case has so many that matter to a reader.
constexpr std::size_t most_called = 1'000;

std::string word_of(const HistoryInfo& h, std::string_view name) {
  const Context* details = h.details.context();
  const Value* v = details == nullptr ? nullptr : details->find(name);
  return v == nullptr || v->string() == nullptr ? std::string() : *v->string();
}

/// The case first, then those that it called, from the outermost inwards.
Result<std::vector<CaseInfo>> family_of(const Session& session, const CaseInfo& root, bool called) {
  std::vector<CaseInfo> all{root};
  for (std::size_t i = 0; called && i < all.size() && all.size() < most_called; ++i) {
    Find find;
    find.parent = all[i].instance;
    SB_TRY(std::vector<CaseInfo> children, session.engine().instances(find));
    for (CaseInfo& child : children) all.push_back(std::move(child));
  }
  return all;
}

Result<std::vector<Line>> lines_of(const Session& session, const std::vector<CaseInfo>& family, std::size_t limit) {
  std::vector<Line> lines;
  for (const CaseInfo& c : family) {
    SB_TRY(const std::vector<HistoryInfo> history, session.engine().history(c.instance, 0, limit));
    if (history.size() >= limit) note(fmt::format("only the first {} entries of case {} are told; --limit N tells more", limit, c.case_no));
    const std::string of = &c == &family.front() ? std::string() : fmt::format("{} {}", c.process, c.case_no);
    for (const HistoryInfo& h : history)
      if (!h.text.empty()) lines.push_back({h.at, session.zone(c.process), h.event, word_of(h, "clock"), of, h.text, c.instance});
  }
  std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.at < b.at; });
  return lines;
}

/// "2026-03-02 09:00:05", local time.
std::string local(Instant at, const std::string& zone) {
  std::string text = to_string(at, zone);
  if (text.size() < 19) return text;
  text.resize(19);
  text[10] = ' ';
  return text;
}

/// What a customer may read of a history.
bool is_for_others(const Line& line, const std::set<std::string>& internal) {
  constexpr std::array shown{"instance-started", "instance-completed", "instance-cancelled", "instance-suspended", "instance-resumed",
                             "work-completed",   "message-received",   "feedback-given",     "clock-started",      "clock-stopped",
                             "clock-paused",     "clock-resumed",      "clock-changed",      "clock-moved",        "clock-marked",
                             "data-changed",     "data-corrected",     "call-started"};
  return std::find(shown.begin(), shown.end(), line.event) != shown.end() && (line.clock.empty() || !internal.contains(line.clock));
}

/// So that a text means itself in Markdown.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view("\\`*_[]<>#|").find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c == '\n' ? ' ' : c);
  }
  return out;
}

std::string outcome_of(const ClockInfo& c, bool zh) {
  const bool is_open = c.state == ClockState::running || c.state == ClockState::paused;
  if (c.breached) return is_open ? (zh ? "已超时，未完成" : "broken, still open") : (zh ? "超时" : "broken");
  if (c.state == ClockState::met) return zh ? "兑现" : "kept";
  if (c.state == ClockState::cancelled) return zh ? "已取消" : "cancelled";
  return c.on_hold ? (zh ? "暂停中" : "on hold") : (zh ? "计时中" : "running");
}

Result<int> print_page(const Options& options, const Session& session, const std::vector<CaseInfo>& family, const std::vector<Line>& lines) {
  const CaseInfo& c = family.front();
  const bool zh = language_of(options) == "zh";
  const std::string& zone = session.zone(c.process);
  std::set<std::string> internal;
  std::string promises;
  for (const CaseInfo& one : family) {
    Find find;
    find.instance = one.instance;
    SB_TRY(const std::vector<ClockInfo> clocks, session.engine().clocks(find));
    for (const ClockInfo& k : clocks) {
      if (is_damaged(k)) continue;
      if (k.internal || k.mean) {
        internal.insert(k.clock);
        continue;
      }
      promises += fmt::format("| {} | {} | {} |\n", plain(k.name), local(k.due, zone), outcome_of(k, zh));
    }
  }
  std::string page = fmt::format("# {} {}\n\n", zh ? "工单" : "Case", plain(c.case_no));
  const auto fact = [&](std::string_view english, std::string_view chinese, const std::string& text) {
    if (!text.empty()) page += fmt::format("- {}{}{}\n", zh ? chinese : english, zh ? "：" : ": ", plain(text));
  };
  fact("Customer", "客户编号", c.customer);
  fact("State", "状态", word_in(c.state, language_of(options)));
  fact("Begun", "开始", local(c.started, zone));
  if (c.ended) fact("Ended", "结束", local(*c.ended, zone));
  fact("As of", "截至", local(session.now(), zone));
  page += fmt::format("\n## {}\n\n", zh ? "办理经过" : "What happened");
  for (const Line& line : lines) {
    if (!is_for_others(line, internal)) continue;
    page += fmt::format("- {}　{}{}\n", local(line.at, line.zone), line.of.empty() ? "" : plain(line.of) + (zh ? "：" : ": "), plain(line.text));
  }
  if (!promises.empty())
    page += fmt::format("\n## {}\n\n| {} | {} | {} |\n|---|---|---|\n{}", zh ? "承诺时限" : "Promises", zh ? "时限" : "promise", zh ? "到期" : "due",
                        zh ? "结果" : "outcome", promises);
  print(page);
  return exit_ok;
}

}  // namespace

Result<int> tell_story(const Options& options, const Session& session, const CaseInfo& c, const StoryWanted& wanted) {
  SB_TRY(const std::vector<CaseInfo> family, family_of(session, c, wanted.called));
  SB_TRY(const std::vector<Line> lines, lines_of(session, family, wanted.limit));
  if (wanted.page) return print_page(options, session, family, lines);
  if (options.json) {
    List all;
    for (const Line& line : lines)
      all.emplace_back(Context{{"at", instant(line.at, line.zone)}, {"instance", line.instance}, {"event", line.event}, {"text", line.text}});
    print_json(Value(std::move(all)));
    return exit_ok;
  }
  for (const Line& line : lines)
    print_line(fmt::format("{}  {}{}", local(line.at, line.zone), line.of.empty() ? "" : "[" + line.of + "] ", line.text));
  return exit_ok;
}

}  // namespace switchboard::cli
