// For the one source of each ClosedSet that says `template struct switchboard::ClosedSet<...>;`.
#pragma once

#include "base/closed_set.hpp"

namespace switchboard {

template <class Variant>
ClosedSet<Variant>::ClosedSet() = default;
template <class Variant>
ClosedSet<Variant>::ClosedSet(const ClosedSet& other) = default;
template <class Variant>
ClosedSet<Variant>::ClosedSet(ClosedSet&& other) noexcept = default;
template <class Variant>
ClosedSet<Variant>& ClosedSet<Variant>::operator=(const ClosedSet& other) = default;
template <class Variant>
ClosedSet<Variant>& ClosedSet<Variant>::operator=(ClosedSet&& other) noexcept = default;
template <class Variant>
ClosedSet<Variant>::~ClosedSet() = default;

}  // namespace switchboard
