// Errors as values. A refusal anywhere in Switchboard is an `Error`; a broken invariant is not (see assert.hpp).
#pragma once

#include <boost/outcome/basic_result.hpp>
#include <boost/outcome/policy/all_narrow.hpp>
#include <boost/outcome/try.hpp>
#include <cstdint>
#include <string>
#include <string_view>

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
/// (file:line:column, an element, a row; may be empty), `hint` what to do about it (may be empty). Plain value; thread-safe to copy.
struct Error {
  ErrorKind kind = ErrorKind::invalid;
  std::string id;
  std::string message;
  std::string place;
  std::string hint;

  /// "place: message [id] - hint", leaving out what is empty.
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Error&, const Error&) = default;
};

[[nodiscard]] std::string_view to_string(ErrorKind kind) noexcept;

/// A `T` or an `Error`. Must be looked at; asking for the side that is not there is a defect.
template <class T>
using Result = BOOST_OUTCOME_V2_NAMESPACE::basic_result<T, Error, BOOST_OUTCOME_V2_NAMESPACE::policy::all_narrow>;

using BOOST_OUTCOME_V2_NAMESPACE::success;

}  // namespace switchboard

/// `SB_TRY(auto x, f())` binds the value of f() or returns its error; `SB_TRYV(f())` for Result<void>.
#define SB_TRY BOOST_OUTCOME_TRY
#define SB_TRYV BOOST_OUTCOME_TRYV
