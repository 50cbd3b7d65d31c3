// A broken invariant is a defect of Switchboard: it stops the program with its place, in every build type.
#pragma once

namespace switchboard {

/// Prints `what` with its place to stderr and aborts. Never returns, never throws.
[[noreturn]] void defect(const char* what, const char* file, int line) noexcept;

}  // namespace switchboard

#define SB_ASSERT(condition)                                 \
  do {                                                       \
    if (!(condition)) [[unlikely]]                           \
      ::switchboard::defect(#condition, __FILE__, __LINE__); \
  } while (false)
#define SB_UNREACHABLE(what) ::switchboard::defect(what, __FILE__, __LINE__)
