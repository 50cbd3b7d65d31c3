// Named random streams. A stream is a pure function of what it is for: (seed, replication, purpose, case, element, visit). So one draw more or less
// in one place shifts no draw elsewhere (common random numbers by construction), and results do not depend on threads, compilers or the standard
// library.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace switchboard::simulation {

/// The SplitMix64 generator (Steele, Lea, Flood 2014), started from a hash of its name. Plain value, cheap to make.
class Stream {
 public:
  explicit Stream(std::initializer_list<std::uint64_t> name) {
    for (const std::uint64_t part : name) state_ = mix(state_ ^ mix(part + 0x9e3779b97f4a7c15ULL));
  }
  std::uint64_t next() { return mix(state_ += 0x9e3779b97f4a7c15ULL); }
  /// In the open interval (0, 1): 53 bits, never 0 and never 1.
  double uniform() { return (static_cast<double>(next() >> 11) + 0.5) * 0x1.0p-53; }

  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_ = 0x5357424f41524431ULL;
};

/// FNV-1a, 64 bits: a name as a number that is the same everywhere.
constexpr std::uint64_t hash_of(std::string_view text) {
  std::uint64_t h = 14695981039346656037ULL;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return h;
}

}  // namespace switchboard::simulation
