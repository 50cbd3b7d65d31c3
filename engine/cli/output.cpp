#include "cli/output.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "cli/options.hpp"
#include "cli/utf8.hpp"
#include "switchboard/answers.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::cli {

namespace {

void write(std::FILE* stream, std::string_view text) { std::fwrite(text.data(), 1, text.size(), stream); }

bool has_colours(int stream) {
  const char* unwanted = std::getenv("NO_COLOR");
  return (unwanted == nullptr || *unwanted == '\0') && isatty(stream) != 0;
}

std::string lines_for(int stream, std::string_view text) {
  return for_terminal(text, has_colours(stream) ? Colours::keep : Colours::drop, LineEnds::keep);
}

}  // namespace

void print(std::string_view text) { write(stdout, lines_for(STDOUT_FILENO, text)); }

void print_line(std::string_view text) {
  print(text);
  write(stdout, "\n");
}

void print_aside(std::string_view text) { write(stderr, lines_for(STDERR_FILENO, text)); }

bool is_written() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

void note(std::string_view text) {
  std::fflush(stdout);
  write(stderr, fmt::format("switchboard: {}\n", for_terminal(text, Colours::drop, LineEnds::keep)));
}

int refuse(const Error& error) {
  note(error.text());
  return error.kind == ErrorKind::usage ? exit_wrong_use : exit_refused;
}

void print_json(const Value& value) { print_raw(to_json(value, 2) + "\n"); }

void print_raw(std::string_view text) { write(stdout, text); }

Value number(double value) { return json_number(value, 9); }

Value number(std::uint64_t value) { return json_number(value); }

Value instant(Instant at, std::string_view zone) { return Value(to_string(at, zone)); }

Value instant(const std::optional<Instant>& at, std::string_view zone) { return at ? instant(*at, zone) : Value(); }

Value strings(const std::vector<std::string>& items) {
  List list;
  list.reserve(items.size());
  for (const std::string& item : items) list.emplace_back(item);
  return list;
}

std::string shown_time(Instant at, std::string_view zone) { return to_string(at, zone); }

std::string whole_seconds(Instant at, std::string_view zone) {
  constexpr std::int64_t second = 1'000'000;
  return to_string(Instant{at.us - (at.us % second + second) % second}, zone);
}

std::string board_time(Instant at, std::string_view zone, std::string_view board_zone) {
  const std::string text = to_string(at, zone);  // 2026-03-02T09:00:00+08:00
  if (text.size() < 19) return text;
  std::string out = text.substr(5, 11);
  out[5] = ' ';
  const std::size_t offset = text.find_first_of("+-Z", 19);
  if (offset != std::string::npos && text.substr(offset) != std::string_view(to_string(at, board_zone)).substr(offset)) out += text.substr(offset);
  return out;
}

std::string short_duration(Duration d) {
  const bool negative = d.us < 0;
  std::int64_t seconds = std::abs(d.us / 1'000'000);
  const std::int64_t days = seconds / 86'400;
  seconds %= 86'400;
  const std::string clock = fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  return fmt::format("{}{}{}", negative ? "-" : "", days > 0 ? fmt::format("{} d ", days) : "", clock);
}

std::string paint(std::string_view text, Colour colour, int stream) {
  if (!has_colours(stream)) return std::string(text);
  static constexpr const char* codes[] = {"31", "32", "33", "36", "1", "2"};
  return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<int>(colour)], text);
}

}  // namespace switchboard::cli
