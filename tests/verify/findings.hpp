#pragma once

#include <fmt/format.h>

#include <string>

#include "model/process_text.hpp"
#include "verify/check.hpp"

namespace switchboard::testing {

/// "SB0401 lost; SB0410! join": rule and element of every finding except advices that are not asked for; errors have a `!`.
inline std::string findings(const model::Process& process, bool advices = false) {
  std::string out;
  for (const auto& d : verify::check(process)) {
    if (d.severity == model::Severity::advice && !advices) continue;
    out += fmt::format("{}{}{} {}", out.empty() ? "" : "; ", d.rule, d.severity == model::Severity::error ? "!" : "", d.element);
  }
  return out;
}
inline std::string findings(const std::string& text) { return findings(process_of(text)); }
inline std::string advices(const std::string& text) { return findings(process_of(text), true); }

/// The first finding of a rule.
inline model::Diagnostic finding(const model::Process& process, std::string_view rule) {
  for (auto& d : verify::check(process))
    if (d.rule == rule) return d;
  return {};
}

}  // namespace switchboard::testing
