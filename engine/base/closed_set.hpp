// A long closed list of alternatives that is cheap to include.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>
#include <variant>

namespace switchboard {

/// A std::variant whose copying, moving and destruction are compiled once, in the source that instantiates it (base/closed_set_definition.hpp), and
/// not in every file that holds one: a variant of fifty alternatives cost each of them more than a second. std::visit, std::get_if and
/// std::holds_alternative take it as the variant it is. Thread-safety and errors are the variant's; moving does not throw.
template <class Variant>
struct ClosedSet : Variant {
  using Base = Variant;

  ClosedSet();  ///< the first alternative
  template <class T>
  requires(!std::derived_from<std::remove_cvref_t<T>, Variant>)
      ClosedSet(T&& alternative)  // NOLINT(google-explicit-constructor,bugprone-forwarding-reference-overload): as a variant, and constrained
      : Variant(std::in_place_type<std::remove_cvref_t<T>>, std::forward<T>(alternative)) {}
  ClosedSet(const ClosedSet& other);
  ClosedSet(ClosedSet&& other) noexcept;
  ClosedSet& operator=(const ClosedSet& other);
  ClosedSet& operator=(ClosedSet&& other) noexcept;
  ~ClosedSet();
};

}  // namespace switchboard
