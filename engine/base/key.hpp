// Strong integer keys: a work key cannot be passed where a timer key is wanted.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace switchboard {

/// A key of kind `Tag`. 0 means "none". Keys inside an instance come from that instance's counter, so they are deterministic.
template <class Tag, class Rep = std::uint64_t>
struct Key {
  Rep value = 0;
  [[nodiscard]] constexpr explicit operator bool() const { return value != 0; }
  friend constexpr auto operator<=>(Key, Key) = default;
};

/// An index into a flat table of a compiled definition. `npos` means "none".
template <class Tag>
struct Index {
  static constexpr std::uint32_t npos = 0xffff'ffffu;
  std::uint32_t value = npos;
  [[nodiscard]] constexpr explicit operator bool() const { return value != npos; }
  friend constexpr auto operator<=>(Index, Index) = default;
};

}  // namespace switchboard

template <class Tag, class Rep>
struct std::hash<switchboard::Key<Tag, Rep>> {
  std::size_t operator()(switchboard::Key<Tag, Rep> k) const noexcept { return std::hash<Rep>{}(k.value); }
};
template <class Tag>
struct std::hash<switchboard::Index<Tag>> {
  std::size_t operator()(switchboard::Index<Tag> i) const noexcept { return std::hash<std::uint32_t>{}(i.value); }
};
