// Words of a definition looked up while it runs: names of data, of clocks, words of a table's column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace switchboard {

/// Positions of words in a list that belongs to somebody else, found by hash. `word(i)` gives the list's word at i, the same as when it was made.
/// Of equal words the first is found. The words come from definitions, not from customers: nobody gains by making them collide.
class WordTable {
 public:
  static constexpr std::uint32_t npos = 0xffff'ffffu;

  WordTable() = default;
  template <class Word>
  WordTable(std::uint32_t count, Word word) {
    std::size_t places = 4;
    while (places < std::size_t{count} * 2) places *= 2;
    places_.assign(places, npos);
    for (std::uint32_t i = 0; i < count; ++i) {
      std::uint32_t& place = places_[place_of(word(i), word)];
      if (place == npos) place = i;
    }
  }

  /// npos when it is not there.
  template <class Word>
  [[nodiscard]] std::uint32_t find(std::string_view wanted, Word word) const {
    return places_.empty() ? npos : places_[place_of(wanted, word)];
  }

 private:
  /// Length, beginning and end: enough to tell the words of one list apart, in a few instructions.
  static std::uint64_t hash(std::string_view w) noexcept {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    if (w.size() >= sizeof first) {
      std::memcpy(&first, w.data(), sizeof first);
      std::memcpy(&last, w.data() + w.size() - sizeof last, sizeof last);
    } else {
      for (const char c : w) first = first << 8 | static_cast<unsigned char>(c);
    }
    std::uint64_t h = (first ^ (last + w.size()) * 0x9e37'79b9'7f4a'7c15u) * 0xff51'afd7'ed55'8ccdu;
    h ^= h >> 32;
    return h;
  }

  template <class Word>
  [[nodiscard]] std::size_t place_of(std::string_view wanted, Word word) const {
    const std::size_t mask = places_.size() - 1;
    std::size_t place = static_cast<std::size_t>(hash(wanted)) & mask;
    while (places_[place] != npos && std::string_view(word(places_[place])) != wanted) place = (place + 1) & mask;
    return place;
  }

  std::vector<std::uint32_t> places_;  ///< a power of two of them, at least half empty
};

}  // namespace switchboard
