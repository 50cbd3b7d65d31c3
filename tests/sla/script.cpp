#include "script.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sstream>
#include <vector>

#include "sla/ledger.hpp"

namespace switchboard::sla::testing {
namespace {

constexpr std::string_view zone = "Asia/Shanghai";

std::string show(Instant at) { return to_string(at, zone).substr(0, 19); }

model::MarkSpec mark_of(std::string text) {
  model::MarkSpec mark;
  if (text.ends_with(" skip")) {
    mark.skip_late = true;
    text.resize(text.size() - 5);
  }
  mark.text = text;
  if (text.ends_with('%')) {
    mark.kind = model::ClockMark::Kind::percent;
    mark.percent = std::stod(text);
  } else if (text.ends_with(" left")) {
    mark.kind = model::ClockMark::Kind::left;
    mark.left = calendar::parse_duration(text.substr(0, text.size() - 5)).value();
  }
  return mark;
}

class Script {
 public:
  Script() { spec_.within.calendar = china(); }

  void line(const std::string& text) {
    std::istringstream in(text);
    std::string first;
    std::string word;
    in >> first;
    if (first == "within" || first == "mark" || first == "mean") return declare(first, rest_of(in));
    in >> word;
    act(local(first), word, rest_of(in));
  }

 private:
  static std::string rest_of(std::istringstream& in) {
    std::string rest;
    std::getline(in >> std::ws, rest);
    return rest;
  }

  void declare(const std::string& what, const std::string& rest) {
    if (what == "mean") spec_.mean = true;
    if (what == "mark") spec_.marks.push_back(mark_of(rest));
    if (what == "within") spec_.within.literal = calendar::parse_duration(rest).value();
  }

  void act(Instant at, const std::string& word, const std::string& rest) {
    if (word == "start")
      ledger_ = start(spec_, {0}, 1, spec_.within.literal, rest.starts_with("from ") ? local(rest.substr(5)) : at, at);
    else if (word == "pause")
      pause(ledger_, spec_, at);
    else if (word == "resume")
      resume(ledger_, spec_, at);
    else if (word == "stop")
      stop(ledger_, spec_, at);
    else if (word == "cancel")
      cancel(ledger_, spec_, at);
    else if (word == "rederive")
      moved_ = rederive(ledger_, spec_, calendar::parse_duration(rest).value(), at);
    else if (word == "fires")
      CHECK(fire(at) == rest);
    else if (word == "is")
      check(at, rest);
    else
      FAIL("unknown word: " << word);
  }

  std::string fire(Instant until) {
    std::string fired;
    for (auto mark = next_mark(ledger_, spec_); mark && mark->at <= until; mark = next_mark(ledger_, spec_)) {
      const std::string text = mark->index < spec_.marks.size() ? spec_.marks[mark->index].text : "implicit breach";
      fired += fmt::format("{}{} {}", fired.empty() ? "" : ", ", text, show(mark->due).substr(5, 11));
      mark_done(ledger_, spec_, mark->index, until);
    }
    return fired.empty() ? "-" : fired;
  }

  void check(Instant at, const std::string& rest) {
    const auto space = rest.find(' ');
    const std::string key = rest.substr(0, space);
    const std::string wanted = rest.substr(space + 1);
    const Reading r = read(ledger_, spec_, at);
    const auto hours = [](Duration d) { return fmt::format("{:g} h", static_cast<double>(d.us) / 3.6e9); };
    if (key == "due") CHECK(show(ledger_.due) == show(local(wanted)));
    if (key == "original") CHECK(show(ledger_.original_due) == show(local(wanted)));
    if (key == "state") CHECK(std::string(to_string(ledger_.state)) == wanted);
    if (key == "breached") CHECK(fmt::format("{}", r.breached) == wanted);
    if (key == "breached-at") CHECK(show(ledger_.breached_at) == show(local(wanted)));
    if (key == "flag") CHECK(fmt::format("{}", ledger_.breached) == wanted);
    if (key == "percent") CHECK(fmt::format("{:.2f}", r.percent) == wanted);
    if (key == "days") CHECK(fmt::format("{:.3f}", r.elapsed_working_days) == wanted);
    if (key == "open") CHECK(hours(r.elapsed_working) == wanted);
    if (key == "wall") CHECK(hours(r.elapsed_wall) == wanted);
    if (key == "running") CHECK(hours(r.running_wall) == wanted);
    if (key == "left") CHECK(hours(r.left_wall) == wanted);
    if (key == "paused") CHECK(hours(r.paused_total) == wanted);
    if (key == "provisional") CHECK(fmt::format("{}", ledger_.provisional) == wanted);
    if (key == "moved") CHECK(fmt::format("{}", moved_) == wanted);
    if (key == "next") {
      const auto mark = next_mark(ledger_, spec_);
      CHECK((mark ? show(mark->due) : std::string("-")) == (wanted == "-" ? wanted : show(local(wanted))));
    }
  }

  model::ClockSpec spec_;
  Ledger ledger_;
  bool moved_ = false;
};

}  // namespace

calendar::CalendarPtr china() {
  calendar::CalendarSpec spec;
  spec.id = "cn";
  spec.zone = zone;
  const std::vector<calendar::Hours> open{{8 * 60 + 30, 17 * 60 + 30}};
  for (std::size_t day = 0; day < 5; ++day) spec.week[day] = open;
  spec.working_day_hours = open;
  for (std::uint8_t day = 15; day <= 23; ++day) spec.off.push_back({{2026, 2, day}, "Spring Festival", {}});
  for (std::uint8_t day = 1; day <= 7; ++day) spec.off.push_back({{2026, 10, day}, "National Day", {}});
  spec.working = {{{2026, 2, 14}, "Spring Festival", {}}, {{2026, 2, 28}, "Spring Festival", {}}, {{2026, 10, 10}, "National Day", {}}};
  spec.first_year = spec.last_year = 2026;
  auto made = calendar::BusinessCalendar::make(std::move(spec));
  REQUIRE(made.has_value());
  return made.value();
}

Instant local(std::string_view text) {
  const std::string full = text.size() < 13 || text[4] != '-' ? "2026-" + std::string(text) : std::string(text);
  const auto at = parse_instant(full.size() == 16 ? full + ":00" : full, zone);
  REQUIRE_MESSAGE(at.has_value(), "not a time: " << std::string(text));
  return *at;
}

void run(std::string_view script) {
  Script s;
  std::istringstream in{std::string(script)};
  for (std::string text; std::getline(in, text);) {
    const auto from = text.find_first_not_of(' ');
    if (from == std::string::npos || text[from] == '#') continue;
    INFO("line: " << text);
    s.line(text.substr(from));
  }
}

}  // namespace switchboard::sla::testing
