// Errors as values. A refusal anywhere in Switchboard is an `Error`; a broken invariant is not (see assert.hpp).
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "switchboard/base/assert.hpp"
#include "switchboard/base/finding.hpp"

namespace switchboard {

/// What sort of refusal this is. Closed set: faces (CLI exit code, C status, Python exception) map from it.
enum class ErrorKind : std::uint8_t {
  usage,      ///< the call itself is wrong (unknown option, missing argument)
  invalid,    ///< the input does not follow its rules (syntax, type, schema)
  not_found,  ///< the named thing does not exist
  conflict,   ///< the thing exists already, or was changed by somebody else
  rejected,   ///< the command does not fit the present state; nothing changed
  limit,      ///< a stated bound of size, depth or time was reached
  storage,    ///< the store failed (disk full, damaged file, newer schema)
};

/// One clear refusal. `id` is stable (`SB0107`) and documented in docs/rules.md; `message` says what is wrong, `place` where
/// (file:line:column, an element, a row; may be empty), `hint` what to do about it (may be empty). Of texts with several mistakes the error is the
/// first one and `findings` has all of them, the first included; of any other error it is empty. Plain value; thread-safe to copy.
struct Error {
  ErrorKind kind = ErrorKind::invalid;
  std::string id;
  std::string message;
  std::string place;
  std::string hint;
  std::vector<Finding> findings = {};

  /// "place: message [id] - hint", leaving out what is empty; the findings behind the first follow, each on a line of its own.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Error&, const Error&) = default;
};

[[nodiscard]] std::string_view to_string(ErrorKind kind) noexcept;

/// The refusal of texts with mistakes: the first error among `findings`, carrying all errors of them. Without any: `id` and "`what` cannot be used".
[[nodiscard]] Error refusal_of(std::string_view what, std::string_view id, const std::vector<Finding>& findings);

/// Ends the program like a defect (assert.hpp), and says which error was there when a value was asked for.
[[noreturn]] void no_value(const Error& error) noexcept;

/// What a Result<void> is when all went well.
struct Success {};
[[nodiscard]] constexpr Success success() noexcept { return {}; }

/// A `T` or an `Error`, never both and never room for both: refusals are rare, and results are made many times in every step (decision 0026). Made
/// from what makes a `T`, or from an Error. Must be looked at; asking for the side that is not there is a defect
/// (of a value that is not there: with the text of the error that is).
template <class T>
class [[nodiscard]] Result {
  template <std::size_t side, class Sides>
  static auto* there(Sides& sides) {
    auto* found = std::get_if<side>(&sides);
    SB_ASSERT(found != nullptr);
    return found;
  }
  template <class Sides>
  static auto* made(Sides& sides) {
    auto* found = std::get_if<0>(&sides);
    if (found == nullptr) [[unlikely]]
      no_value(*std::get_if<1>(&sides));
    return found;
  }

 public:
  using value_type = T;
  template <class U = T>
  requires(std::convertible_to<U&&, T> && !std::same_as<std::remove_cvref_t<U>, Error> && !std::same_as<std::remove_cvref_t<U>, Result>)
      Result(U&& value)
      : side_(std::in_place_index<0>, std::forward<U>(value)) {}                     // NOLINT(google-explicit-constructor)
  Result(Error error) noexcept : side_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const noexcept { return side_.index() == 0; }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] T& value() & { return *made(side_); }
  [[nodiscard]] const T& value() const& { return *made(side_); }
  [[nodiscard]] T&& value() && { return std::move(*made(side_)); }
  [[nodiscard]] Error& error() & { return *there<1>(side_); }
  [[nodiscard]] const Error& error() const& { return *there<1>(side_); }
  [[nodiscard]] Error&& error() && { return std::move(*there<1>(side_)); }

 private:
  std::variant<T, Error> side_;
};

template <>
class [[nodiscard]] Result<void> {
 private:
  template <class Side>
  static auto& there(Side& side) {
    SB_ASSERT(side.has_value());
    return *side;
  }

 public:
  using value_type = void;
  Result(Success /*done*/) noexcept {}                        // NOLINT(google-explicit-constructor)
  Result(Error error) noexcept : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool has_value() const noexcept { return !error_; }
  [[nodiscard]] explicit operator bool() const noexcept { return has_value(); }

  [[nodiscard]] Error& error() & { return there(error_); }
  [[nodiscard]] const Error& error() const& { return there(error_); }
  [[nodiscard]] Error&& error() && { return std::move(there(error_)); }

 private:
  std::optional<Error> error_;
};

}  // namespace switchboard

/// `SB_TRY(auto x, f())` binds the value of f() or returns its error; `SB_TRYV(f())` for Result<void>. Statements, in a block of their own.
#define SB_TRY(target, ...) SB_TRY_AS(SB_TRY_NAME(sb_try_, __LINE__), target, __VA_ARGS__)
#define SB_TRYV(...) SB_TRYV_AS(SB_TRY_NAME(sb_try_, __LINE__), __VA_ARGS__)
#define SB_TRY_NAME(prefix, line) SB_TRY_GLUE(prefix, line)
#define SB_TRY_GLUE(prefix, line) prefix##line
#define SB_TRY_AS(name, target, ...)                   \
  auto&& name = (__VA_ARGS__);                         \
  if (!name) [[unlikely]]                              \
    return std::forward<decltype(name)>(name).error(); \
  target = std::forward<decltype(name)>(name).value()
#define SB_TRYV_AS(name, ...)  \
  auto&& name = (__VA_ARGS__); \
  if (!name) [[unlikely]]      \
  return std::forward<decltype(name)>(name).error()
