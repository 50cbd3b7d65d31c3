#include "switchboard/base/error.hpp"

#include <cstdio>
#include <cstdlib>

namespace switchboard {

std::string Error::text() const {
  std::string out;
  if (!place.empty()) out += place + ": ";
  out += message;
  if (!id.empty()) out += " [" + id + "]";
  if (!hint.empty()) out += " - " + hint;
  for (std::size_t i = 1; i < findings.size(); ++i) out += "\n" + findings[i].text();
  return out;
}

void no_value(const Error& error) noexcept {
  std::fprintf(stderr, "switchboard: defect: a value was asked for where there is an error: %s\n", error.text().c_str());
  std::abort();
}

Error refusal_of(std::string_view what, std::string_view id, const std::vector<Finding>& findings) {
  Error error{ErrorKind::invalid, std::string(id), std::string(what) + " cannot be used", "", ""};
  for (const Finding& d : findings)
    if (d.severity == Severity::error) error.findings.push_back(d);
  if (error.findings.empty()) return error;
  const Finding& first = error.findings.front();
  error.id = first.rule;
  error.message = first.message;
  error.place = first.file.empty() ? std::string("text") : first.file;
  if (first.at.line != 0) error.place += ":" + std::to_string(first.at.line) + ":" + std::to_string(first.at.column);
  if (!first.element.empty()) error.place += " [" + first.element + "]";
  error.hint = first.hint.empty() ? "see " + first.rule + " in docs/rules.md" : first.hint;
  return error;
}

std::string_view to_string(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::usage: return "usage";
    case ErrorKind::invalid: return "invalid";
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::conflict: return "conflict";
    case ErrorKind::rejected: return "rejected";
    case ErrorKind::limit: return "limit";
    case ErrorKind::storage: return "storage";
  }
  return "unknown";
}

}  // namespace switchboard
