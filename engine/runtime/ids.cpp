#include "runtime/ids.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace switchboard::runtime {

namespace {

/// A number without sign, leading zeros or anything behind it; never 0.
std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t n = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (problem != std::errc{} || end != text.data() + text.size() || n == 0 || text.front() == '0') return std::nullopt;
  return n;
}

std::optional<core::InstanceKey> instance_part(std::string_view id) {
  if (!id.starts_with("i-")) return std::nullopt;
  const auto n = number(id.substr(2));
  return n ? std::optional(core::InstanceKey{*n}) : std::nullopt;
}

}  // namespace

std::string instance_id(core::InstanceKey key) { return fmt::format("i-{}", key.value); }
std::string part_id(core::InstanceKey key, std::uint64_t part) { return fmt::format("i-{}.{}", key.value, part); }

Result<core::InstanceKey> parse_instance_id(std::string_view id) {
  if (const auto key = instance_part(id)) return *key;
  return Error{ErrorKind::usage, "SB0540", fmt::format("'{}' is not an instance id", id), "", "an instance id looks like i-17"};
}

Result<std::pair<core::InstanceKey, std::uint64_t>> parse_part_id(std::string_view id, std::string_view what) {
  const std::size_t middle = id.find_first_of("./");
  if (middle != std::string_view::npos) {
    const auto key = instance_part(id.substr(0, middle));
    const auto part = number(id.substr(middle + 1));
    if (key && part) return std::pair(*key, *part);
  }
  return Error{ErrorKind::usage, "SB0540", fmt::format("'{}' is no {} id", id, what), "", fmt::format("{} ids look like i-17.5", what)};
}

std::string record_id(std::uint64_t record) { return fmt::format("o-{}", record); }

std::optional<std::uint64_t> parse_record_id(std::string_view id) {
  if (!id.starts_with("o-") || id.size() == 2) return std::nullopt;
  return number(id.substr(2));
}

std::string kept_id(std::uint64_t message) { return fmt::format("m-{}", message); }

std::optional<std::uint64_t> parse_kept_id(std::string_view id) {
  if (!id.starts_with("m-") || id.size() == 2) return std::nullopt;
  return number(id.substr(2));
}

bool is_same_part(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto first = parse_part_id(a, "");
  const auto second = parse_part_id(b, "");
  return first && second && first.value() == second.value();
}

}  // namespace switchboard::runtime
