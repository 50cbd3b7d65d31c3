#include "door.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace switchboard::c {

namespace {

sb_status status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage: return SB_USAGE;
    case ErrorKind::invalid: return SB_INVALID;
    case ErrorKind::not_found: return SB_NOT_FOUND;
    case ErrorKind::conflict: return SB_CONFLICT;
    case ErrorKind::rejected: return SB_REJECTED;
    case ErrorKind::limit: return SB_LIMIT;
    case ErrorKind::storage: return SB_STORAGE;
  }
  return SB_DEFECT;
}

/// Ready-made texts for when making one might fail.
sb_status refuse_with(char** answer, sb_status status, const char* json) noexcept {
  if (answer == nullptr) return status;
  *answer = static_cast<char*>(std::malloc(std::strlen(json) + 1));
  if (*answer != nullptr) std::strcpy(*answer, json);
  return status;
}

sb_status write_error(char** answer, sb_status status, Error error) {
  if (answer == nullptr) return status;
  Value findings = findings_value(std::exchange(error.findings, {}));
  std::string text = error.text();
  std::replace(text.begin(), text.end(), '\n', ' ');
  const Context json{{"kind", sb_status_name(status)}, {"id", error.id},     {"message", error.message},
                     {"place", error.place},           {"hint", error.hint}, {"text", text},
                     {"findings", std::move(findings)}};
  *answer = copy(to_json(Value(json)));
  return status;
}

}  // namespace

Value findings_value(const std::vector<Finding>& findings) {
  List all;
  for (const Finding& d : findings) {
    std::string text = d.text();
    std::replace(text.begin(), text.end(), '\n', ' ');
    List related;
    for (const std::string& element : d.related) related.emplace_back(element);
    all.emplace_back(
        Context{{"rule", d.rule},
                {"severity", std::string(to_string(d.severity))},
                {"file", d.file},
                {"line", static_cast<std::int64_t>(d.at.line)},
                {"column", static_cast<std::int64_t>(d.at.column)},
                {"element", d.element},
                {"message", d.message},
                {"hint", d.hint},
                {"subject", Context{{"kind", std::string(to_string(d.subject.kind))}, {"name", d.subject.name}, {"missing", d.subject.is_missing}}},
                {"related", std::move(related)},
                {"text", std::move(text)}});
  }
  return all;
}

char* copy(const std::string& text) noexcept {
  auto* const bytes = static_cast<char*>(std::malloc(text.size() + 1));
  if (bytes != nullptr) std::memcpy(bytes, text.c_str(), text.size() + 1);
  return bytes;
}

sb_status refuse(char** answer, const Error& error) noexcept {
  try {
    return write_error(answer, status_of(error.kind), error);
  } catch (...) {
    return refuse_no_memory(answer);
  }
}

sb_status refuse_defect(char** answer, const char* what) noexcept {
  try {
    return write_error(
        answer, SB_DEFECT,
        {ErrorKind::rejected, "SB1111", std::string("a mistake of Switchboard itself: ") + what, "", "please report it with what you did"});
  } catch (...) {
    return refuse_no_memory(answer);
  }
}

sb_status refuse_no_memory(char** answer) noexcept {
  return refuse_with(answer, SB_LIMIT,
                     R"({"kind":"limit","id":"SB1109","message":"out of memory","place":"","hint":"","text":"out of memory [SB1109]",)"
                     R"("findings":[]})");
}

sb_status refuse_no_time(char** answer) noexcept {
  return refuse_with(answer, SB_USAGE,
                     R"({"kind":"usage","id":"SB1108","message":"the clock given to sb_open cannot tell the time","place":"",)"
                     R"("hint":"return microseconds since 1970, not INT64_MIN","text":"the clock given to sb_open cannot tell the time [SB1108]",)"
                     R"("findings":[]})");
}

}  // namespace switchboard::c

extern "C" {

const char* sb_status_name(sb_status status) {
  switch (status) {
    case SB_OK: return "ok";
    case SB_USAGE: return "usage";
    case SB_INVALID: return "invalid";
    case SB_NOT_FOUND: return "not_found";
    case SB_CONFLICT: return "conflict";
    case SB_REJECTED: return "rejected";
    case SB_LIMIT: return "limit";
    case SB_STORAGE: return "storage";
    case SB_DEFECT: return "defect";
  }
  return "unknown";
}

const char* sb_version(void) { return SWITCHBOARD_VERSION; }

const char* sb_sqlite_version(void) {
  static const std::string version = switchboard::sqlite_version();
  return version.c_str();
}

void sb_free(char* text) { std::free(text); }
}
