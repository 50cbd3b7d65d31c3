// A result as tables for the terminal.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "switchboard/simulation.hpp"

namespace switchboard {

namespace {

double number(const Value& v, std::string_view key) {
  const Context* c = v.context();
  const Value* found = c == nullptr ? nullptr : c->find(key);
  return found == nullptr || found->number() == nullptr ? 0 : found->number()->to_double();
}
const Value& part(const Value& v, std::string_view key) {
  static const Value none;
  const Context* c = v.context();
  const Value* found = c == nullptr ? nullptr : c->find(key);
  return found == nullptr ? none : *found;
}

/// 93 s -> "1 min 33 s", 5400 s -> "1 h 30 min".
std::string span(double seconds) {
  if (seconds < 1) return fmt::format("{:.2f} s", seconds);
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const long long s = std::llround(seconds);
  if (s < 3600) return fmt::format("{} min {:02} s", s / 60, s % 60);
  if (s < 2 * 86400LL) return fmt::format("{} h {:02} min", s / 3600, s % 3600 / 60);
  return fmt::format("{} d {:02} h", s / 86400, s % 86400 / 3600);
}

/// Half of an interval, where one is known.
std::string width(const Value& v, std::string_view key) { return part(v, key).is_null() ? std::string("-") : span(number(v, key)); }

void clocks(const Value& overall, std::string& out) {
  const Context* all = part(overall, "clocks").context();
  if (all == nullptr || all->size() == 0) return;
  std::string silent;
  out += fmt::format("\n{:<34} {:>8} {:>9} {:>14} {:>12} {:>14} {:>14}\n", "promise", "cases", "kept", "mean", "+/-", "median", "95 %");
  for (const auto& [name, c] : all->entries()) {
    if (number(c, "count") == 0 && number(c, "undecided") == 0) {
      silent += (silent.empty() ? "" : ", ") + name;
      continue;
    }
    out += fmt::format("{:<34} {:>8.0f} {:>8.2f}% {:>14} {:>12} {:>14} {:>14}\n", name, number(c, "count"), 100 * number(c, "kept"),
                       span(number(c, "mean")), width(c, "half_width"), span(number(c, "p50")), span(number(c, "p95")));
    if (number(c, "budget_mean") > 0)
      out += fmt::format("    promised on average {}: {}\n", span(number(c, "budget_mean")),
                         part(c, "mean_kept").boolean() != nullptr && *part(c, "mean_kept").boolean() ? "kept" : "BROKEN");
    const Context* where = part(c, "where").context();
    std::vector<std::pair<double, std::string>> places;
    if (where != nullptr)
      for (const auto& [place, seconds] : where->entries())
        if (seconds.number() != nullptr && seconds.number()->to_double() >= 0.005 * number(c, "mean"))
          places.emplace_back(seconds.number()->to_double(), place);
    std::sort(places.rbegin(), places.rend());
    std::string line;
    for (std::size_t i = 0; i < places.size() && i < 5; ++i)
      line += fmt::format("{}{} {}", i == 0 ? "" : ", ", places[i].second, span(places[i].first));
    if (!line.empty()) out += "    where the time went: " + line + "\n";
    if (number(c, "open_late") + number(c, "undecided") > 0)
      out += fmt::format("    at the end of the run {:.0f} were open and late (counted as broken), {:.0f} open and undecided (not counted)\n",
                         number(c, "open_late"), number(c, "undecided"));
  }
  if (!silent.empty()) out += "never started: " + silent + "\n";
}

void resources(const Value& overall, std::string& out) {
  const Context* all = part(overall, "resources").context();
  if (all == nullptr || all->size() == 0) return;
  out += fmt::format("\n{:<34} {:>8} {:>14} {:>12} {:>14} {:>10}\n", "resource", "busy", "mean wait", "+/-", "95 % wait", "queue");
  for (const auto& [name, r] : all->entries())
    out += fmt::format("{:<34} {:>7.1f}% {:>14} {:>12} {:>14} {:>10.2f}\n", name, 100 * number(r, "utilisation"), span(number(r, "mean_wait")),
                       width(r, "half_width"), span(number(r, "p95_wait")), number(r, "mean_queue"));
}

void activities(const Value& overall, std::string& out) {
  const Context* all = part(overall, "activities").context();
  if (all == nullptr) return;
  out += fmt::format("\n{:<34} {:>8} {:>14} {:>14}\n", "activity", "done", "mean wait", "mean service");
  for (const auto& [name, a] : all->entries())
    if (number(a, "count") > 0)
      out += fmt::format("{:<34} {:>8.0f} {:>14} {:>14}\n", name, number(a, "count"), span(number(a, "mean_wait")), span(number(a, "mean_service")));
}

}  // namespace

std::string simulation_summary(const Value& result) {
  const Value& overall = part(result, "overall");
  const List* each = part(result, "replications").list();
  const auto text = [&](std::string_view key) { return part(result, key).string() != nullptr ? *part(result, key).string() : std::string(); };
  std::string out = fmt::format("{}{}: {} replication(s), seed {:.0f}\n", text("scenario"), text("name").empty() ? "" : " (" + text("name") + ")",
                                each == nullptr ? 0 : each->size(), number(result, "seed"));
  out += fmt::format("{:.0f} cases finished, {:.0f} still open, {:.0f} events in {:.2f} s\n", number(overall, "cases"),
                     number(overall, "open_at_end"), number(overall, "events"), number(overall, "wall_seconds"));
  const Value& cycle = part(overall, "cycle_time");
  out += fmt::format("a case takes {} on average (+/- {}), 95 % take at most {}\n", span(number(cycle, "mean")), width(cycle, "half_width"),
                     span(number(cycle, "p95")));
  if (const List* said = part(result, "warnings").list())
    for (const Value& w : *said)
      if (w.string() != nullptr) out += "WARNING: " + *w.string() + "\n";
  clocks(overall, out);
  resources(overall, out);
  activities(overall, out);
  return out;
}

}  // namespace switchboard
