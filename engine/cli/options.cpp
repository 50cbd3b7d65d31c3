#include "cli/options.hpp"

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <system_error>

#include "calendar/duration.hpp"
#include "feel/remedy.hpp"
#include "switchboard/value/temporal.hpp"

namespace switchboard::cli {

namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::optional<std::filesystem::path> existing_folder(const std::filesystem::path& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return path;
  return std::nullopt;
}

std::filesystem::path executable_path(const std::string& program) {
  std::error_code failed;
  std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (!failed) return self;
  return std::filesystem::absolute(program, failed);
}

}  // namespace

Error wrong_use(std::string message, std::string hint) { return Error{ErrorKind::usage, "SB0701", std::move(message), {}, std::move(hint)}; }

Result<Instant> present(const Options& options) {
  if (!options.now.empty()) return instant_argument("--now", options.now, default_zone);
  return Instant::from(std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()));
}

namespace {

/// As tables print instants and people type them: a blank in place of `T`, one before the offset, `UTC` for `Z`.
std::string as_iso(std::string_view text) {
  std::string out(text);
  if (out.size() > 10 && out[10] == ' ') out[10] = 'T';
  if (out.ends_with(" UTC")) out.replace(out.size() - 4, 4, "Z");
  if (const std::size_t blank = out.find(' ');
      blank != std::string::npos && blank + 1 < out.size() && std::string_view("+-Z").find(out[blank + 1]) != std::string_view::npos)
    out.erase(blank, 1);
  return out;
}

}  // namespace

Result<Instant> instant_argument(std::string_view option, std::string_view text, std::string_view zone) {
  if (const std::optional<Instant> at = parse_instant(as_iso(text), zone)) return *at;
  if (const std::string why = feel::no_such_day(text); !why.empty())
    return Error{ErrorKind::usage, "SB0702", fmt::format("{} '{}' is not an instant", option, text), {}, why};
  return Error{ErrorKind::usage,
               "SB0702",
               fmt::format("{} '{}' is not an instant", option, text),
               {},
               fmt::format("write it like 2026-03-02T09:00 (local time of {}) or 2026-03-02T09:00:00+08:00", zone)};
}

Result<Instant> instant_or_span(std::string_view option, const std::string& text, Instant now, Direction direction) {
  const auto refused = [&](std::string_view why, std::string hint) {
    return Error{ErrorKind::usage, "SB0702", fmt::format("{} '{}' {}", option, text, why), {}, std::move(hint)};
  };
  if (const Result<calendar::WorkingDuration> d = calendar::parse_duration(text)) {
    if (d.value().working_days != 0 || d.value().working.us != 0 || d.value().months != 0)
      return refused("has units that depend on a calendar", "give real time ('3 d', '2 h') or an instant; 'switchboard calendar deadline' finds one");
    const Duration span = Duration::days(d.value().days) + d.value().wall;
    return direction == Direction::ahead ? now + span : now - span;
  }
  if (const std::optional<Instant> at = parse_instant(text, default_zone)) return *at;
  return refused("is neither an instant nor a duration", "write it like 2026-03-02T09:00 or '2 h'");
}

Result<Duration> span(std::string_view option, const std::string& text) {
  SB_TRY(const Instant end, instant_or_span(option, text, Instant{}, Direction::ahead));
  return end - Instant{};
}

std::string language_of(const Options& options) {
  if (!options.language.empty()) return options.language;
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const std::string value = environment(name);
    if (!value.empty()) return value.starts_with("zh") ? "zh" : "en";
  }
  return "en";
}

std::optional<std::filesystem::path> processes_folder(const Options& options) {
  if (!options.processes.empty()) return std::filesystem::path(options.processes);
  const std::filesystem::path self = executable_path(options.program);
  if (auto installed = existing_folder(self.parent_path().parent_path() / "share" / "switchboard" / "processes")) return installed;
  return existing_folder(SWITCHBOARD_SOURCE_PROCESSES);
}

}  // namespace switchboard::cli
