#include "cli/output.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "cli/options.hpp"
#include "value/json.hpp"

namespace switchboard::cli {

namespace {

void write(std::FILE* stream, std::string_view text) { std::fwrite(text.data(), 1, text.size(), stream); }

}  // namespace

void print(std::string_view text) { write(stdout, text); }

void print_line(std::string_view text) {
  write(stdout, text);
  write(stdout, "\n");
}

void note(std::string_view text) {
  std::fflush(stdout);
  write(stderr, fmt::format("switchboard: {}\n", text));
}

int refuse(const Error& error) {
  note(error.text());
  return error.kind == ErrorKind::usage ? exit_wrong_use : exit_refused;
}

void print_json(const Value& value) { print_line(to_json(value, 2)); }

Value number(double value) {
  const std::optional<Decimal> exact = Decimal::from_double(value);
  if (!exact) return nullptr;
  const std::optional<Decimal> rounded = exact->rounded(9, Decimal::Rounding::half_even);
  return rounded ? Value(rounded->normalized()) : Value(*exact);
}

Value number(std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return Value(static_cast<std::int64_t>(value));
  return Value(fmt::format("{}", value));
}

Value instant(Instant at, std::string_view zone) { return Value(to_string(at, zone)); }

Value instant(const std::optional<Instant>& at, std::string_view zone) { return at ? instant(*at, zone) : Value(); }

Value strings(const std::vector<std::string>& items) {
  List list;
  list.reserve(items.size());
  for (const std::string& item : items) list.emplace_back(item);
  return list;
}

std::string short_time(Instant at, std::string_view zone) {
  std::string text = to_string(at, zone);  // 2026-03-02T09:00:00+08:00
  if (text.size() < 19) return text;
  text[10] = ' ';
  return text.substr(0, 19);
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
  const char* refused = std::getenv("NO_COLOR");
  if ((refused != nullptr && *refused != '\0') || isatty(stream) == 0) return std::string(text);
  static constexpr const char* codes[] = {"31", "32", "33", "36", "1", "2"};
  return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<int>(colour)], text);
}

}  // namespace switchboard::cli
