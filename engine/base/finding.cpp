#include "switchboard/base/finding.hpp"

#include <algorithm>
#include <tuple>

namespace switchboard {

std::string_view to_string(Severity s) noexcept {
  switch (s) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::advice: return "advice";
  }
  return "unknown";
}

std::string_view to_string(SubjectKind kind) noexcept {
  switch (kind) {
    case SubjectKind::none: return "";
    case SubjectKind::process: return "process";
    case SubjectKind::calendar: return "calendar";
    case SubjectKind::decision: return "decision";
    case SubjectKind::test: return "test";
    case SubjectKind::scenario: return "scenario";
    case SubjectKind::contract: return "contract";
    case SubjectKind::collaboration: return "collaboration";
    case SubjectKind::registers: return "register";
    case SubjectKind::node: return "node";
    case SubjectKind::lane: return "lane";
    case SubjectKind::data: return "data";
    case SubjectKind::message: return "message";
    case SubjectKind::signal: return "signal";
    case SubjectKind::error: return "error";
    case SubjectKind::escalation: return "escalation";
    case SubjectKind::clock: return "clock";
    case SubjectKind::feedback: return "feedback";
    case SubjectKind::name: return "name";
    case SubjectKind::function: return "function";
    case SubjectKind::organisations: return "organisations";
    case SubjectKind::unit: return "unit";
  }
  return "unknown";
}

std::string Finding::text() const {
  std::string out;
  if (!file.empty()) out += file + ":";
  if (at.line != 0) out += std::to_string(at.line) + ":" + std::to_string(at.column) + ":";
  if (!out.empty()) out += " ";
  out += std::string(to_string(severity)) + " " + rule;
  if (!element.empty()) out += " [" + element + "]";
  out += ": " + message;
  if (!hint.empty()) out += " (" + hint + ")";
  return out;
}

bool has_errors(const std::vector<Finding>& all) noexcept {
  return std::any_of(all.begin(), all.end(), [](const Finding& d) { return d.severity == Severity::error; });
}

void sort_and_unique(std::vector<Finding>& all) {
  const auto order = [](const Finding& d) { return std::tie(d.file, d.at, d.rule, d.element, d.message); };
  std::stable_sort(all.begin(), all.end(), [&](const Finding& a, const Finding& b) { return order(a) < order(b); });
  all.erase(std::unique(all.begin(), all.end(), [&](const Finding& a, const Finding& b) { return order(a) == order(b); }), all.end());
}

}  // namespace switchboard
