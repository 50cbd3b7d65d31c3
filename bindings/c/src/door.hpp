// The one door of the C binding: every function runs inside `guarded`, so that no exception leaves the library.
#pragma once

#include <exception>
#include <new>
#include <string>
#include <vector>

#include "handles.hpp"
#include "switchboard.h"
#include "switchboard/engine.hpp"

namespace switchboard::c {

/// Thrown to the engine when the embedder's clock cannot tell the time: the call then ends with SB0553.
struct ClockFailed {};

/// Copies `text` to the C heap for sb_free; NULL when there is no memory.
[[nodiscard]] char* copy(const std::string& text) noexcept;
/// Findings as JSON: {rule, severity, file, line, column, element, message, hint, subject, related, text} each.
[[nodiscard]] Value findings_value(const std::vector<Finding>& findings);
/// Writes `error` as JSON to `answer` (may be NULL).
sb_status refuse(char** answer, const Error& error) noexcept;
sb_status refuse_defect(char** answer, const char* what) noexcept;
sb_status refuse_no_memory(char** answer) noexcept;
sb_status refuse_no_time(char** answer) noexcept;

/// Runs `call`, which yields Result<Value>, and turns what comes of it into a status and an answer.
template <class Call>
sb_status guarded(char** answer, Call&& call) noexcept {
  if (answer != nullptr) *answer = nullptr;
  try {
    const Result<Value> result = call();
    if (!result && result.error().id == "SB0553") return refuse_no_time(answer);
    if (!result) return refuse(answer, result.error());
    if (answer == nullptr) return SB_OK;
    *answer = copy(to_json(result.value()));
    return SB_OK;
  } catch (const std::bad_alloc&) {
    return refuse_no_memory(answer);
  } catch (const std::exception& e) {
    return refuse_defect(answer, e.what());
  } catch (...) {
    return refuse_defect(answer, "an exception that is no std::exception");
  }
}

/// The same for a call on an open engine: `call` gets OpenEngine&.
template <class Call>
sb_status on(sb_engine* handle, char** answer, Call&& call) noexcept {
  return guarded(answer, [&]() -> Result<Value> {
    SB_TRY(const RunningCall running, begin(handle));
    return call(*running);
  });
}

}  // namespace switchboard::c
