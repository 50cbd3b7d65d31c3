// report: kept and broken promises in figures.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>

#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/session.hpp"
#include "cli/table.hpp"
#include "cli/verb.hpp"
#include "switchboard/report.hpp"

namespace switchboard::cli {

namespace {

struct ReportRequest {
  std::string by = "process,clock";
  report::PromiseQuery query;
  std::string from, until, format = "text";
};

std::string share(const std::optional<double>& part) { return part ? fmt::format("{:.1f}%", *part * 100) : ""; }

std::string lateness(const std::optional<double>& seconds) {
  return seconds ? short_duration(Duration::micros(static_cast<std::int64_t>(*seconds * 1e6))) : "";
}

std::string elapsed(const report::PromiseFigures& f) {
  std::string text;
  for (const auto& [unit, used] : f.elapsed) text += fmt::format("{}{:.2f} {}", text.empty() ? "" : ", ", *f.elapsed_mean(unit), unit);
  return text;
}

/// "87% kept" of the one average promised, or "2 of 3 kept".
std::string averages(const report::PromiseFigures& f) {
  if (f.averages.empty()) return "";
  if (f.averages.size() > 1) return fmt::format("{} of {} kept", f.averages_kept(), f.averages_kept() + f.averages_broken());
  return fmt::format("{:.0f}% {}", f.averages.begin()->second.percent(), f.averages_kept() == 1 ? "kept" : "broken");
}

void add_figures(std::vector<std::string>& cells, const report::PromiseFigures& f) {
  const auto late = f.broken > 0 ? std::optional(f.lateness_max.to_seconds()) : std::nullopt;
  for (std::string cell :
       {std::to_string(f.kept), std::to_string(f.broken), share(f.kept_share()), std::to_string(f.finished), std::to_string(f.open),
        std::to_string(f.cancelled), lateness(f.lateness_mean_seconds()), lateness(late), elapsed(f), averages(f),
        f.provisional == 0 ? std::string() : std::to_string(f.provisional), f.changed == 0 ? std::string() : std::to_string(f.changed)})
    cells.push_back(std::move(cell));
}

/// How deep each unit stands: lines of units are indented by it.
using Depths = std::map<std::string, std::size_t>;

Result<Depths> depths_of(const Session& session, const report::PromiseReport& report) {
  Depths depths;
  if (std::find(report.by.begin(), report.by.end(), "organisation") == report.by.end()) return depths;
  SB_TRY(const std::vector<OrganisationInfo> units, session.engine().organisations());
  for (const OrganisationInfo& unit : units) depths.emplace(unit.organisation, unit.path.size() - 1);
  return depths;
}

std::string text_of(const report::PromiseReport& report, const Depths& depths, const std::string& language) {
  const bool named = std::find(report.by.begin(), report.by.end(), "clock") != report.by.end();
  std::vector<std::string_view> keys(report.by.begin(), report.by.end());
  if (named) keys.emplace_back("name");
  for (const char* key :
       {"kept", "broken", "share", "finished", "open", "cancelled", "late (mean)", "late (max)", "used (mean)", "average", "provisional", "changed"})
    keys.emplace_back(key);
  Table table(titles(keys, language));
  for (const report::PromiseRow& row : report.rows) {
    std::vector<std::string> cells = row.keys;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto depth = report.by[i] == "organisation" ? depths.find(cells[i]) : depths.end();
      if (depth != depths.end()) cells[i].insert(0, 2 * depth->second, ' ');
      if (cells[i].empty()) cells[i] = "-";
    }
    if (named) cells.push_back(row.name);
    add_figures(cells, row.figures);
    table.add(std::move(cells));
  }
  if (report.rows.size() != 1) {
    std::vector<std::string> cells(report.by.size() + (named ? 1 : 0));
    if (!cells.empty()) cells.front() = title("total", language);
    add_figures(cells, report.total);
    table.add(std::move(cells));
  }
  return table.text();
}

/// "a, b" -> a and b; empty words do not count.
std::vector<std::string> words_of(const std::string& list) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    std::string word = list.substr(begin, end - begin);
    std::erase(word, ' ');
    if (!word.empty()) words.push_back(std::move(word));
    begin = end + 1;
  }
  return words;
}

Result<report::PromiseQuery> query_of(const ReportRequest& request) {
  report::PromiseQuery query = request.query;
  query.by = words_of(request.by);
  if (!request.from.empty()) {
    SB_TRY(query.from, instant_argument("--from", request.from, default_zone));
  }
  if (!request.until.empty()) {
    SB_TRY(query.until, instant_argument("--to", request.until, default_zone));
  }
  return query;
}

Result<int> report_promises(const Options& options, const ReportRequest& request) {
  SB_TRY(const report::PromiseQuery query, query_of(request));
  SB_TRY(const Session session, Session::open(options, Missing::refuse, Use::look));
  SB_TRYV(known_process(session, query.process));
  SB_TRY(const report::PromiseReport report, report::promises(session.engine(), query));
  for (const std::string& what : report.damaged) note(fmt::format("left out: {} [SB0603] - see `switchboard fsck`", what));
  note_pending_calendars(session);
  if (report.total.rounds == 0) {
    SB_TRYV(known_clock(session, query.clock));
  }
  if (options.json || request.format == "json") {
    print_json(report::to_value(report));
  } else if (request.format == "csv") {
    print_raw(report::to_csv(report));
  } else {
    SB_TRY(const Depths depths, depths_of(session, report));
    print(report.total.rounds == 0 ? "no promises\n" : text_of(report, depths, language_of(options)));
  }
  return exit_ok;
}

}  // namespace

void add_report_verb(CLI::App& app, const Options& options, Action& action) {
  const Verb<ReportRequest> v =
      add_verb<ReportRequest>(app, options, action, "Questions", "report", "kept and broken promises in figures", report_promises);
  v.sub
      ->add_option("--by", v.request->by,
                   "a line each: process, overlay, clock, organisation, stage, lane, person, group, broke-at, audience, customer, company, "
                   "data.NAME, day, week, "
                   "month, quarter, year")
      ->type_name("KEY,...")
      ->capture_default_str();
  v.sub->add_option("--process", v.request->query.process, "only of this process")->type_name("ID");
  v.sub->add_option("--organisation", v.request->query.organisation, "only cases of this unit of the company or one below it")->type_name("UNIT");
  v.sub->add_option("--clock", v.request->query.clock, "only this clock")->type_name("ID");
  v.sub->add_option("--audience", v.request->query.audience, "customer or internal; default: both")
      ->type_name("WHOSE")
      ->check(one_of({"customer", "internal"}));
  v.sub->add_option("--from", v.request->from, "promises that were kept or broken, or are due, at this instant or later")->type_name("INSTANT");
  v.sub->add_option("--to", v.request->until, "and before this one")->type_name("INSTANT");
  v.sub->add_option("--format", v.request->format, "text, csv or json")
      ->type_name("FORMAT")
      ->check(one_of({"text", "csv", "json"}))
      ->capture_default_str();
}

}  // namespace switchboard::cli
