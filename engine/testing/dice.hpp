// Chance that can be repeated: the same seed gives the same choices on every machine and compiler.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "model/executable.hpp"

namespace switchboard::testing {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  /// 0 .. n-1, all equally likely; 0 for n = 0. (The distributions of <random> differ between standard libraries.)
  [[nodiscard]] std::uint64_t below(std::uint64_t n);
  [[nodiscard]] bool chance(unsigned percent) { return below(100) < percent; }
  template <class T>
  [[nodiscard]] const T& one_of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(below(all.size()))];
  }

  /// A value that the door check of `spec` admits (type, enum, bounds); temporal values lie near `now`. Types whose values cannot be made up
  /// (functions, ranges) give null.
  [[nodiscard]] Value value_for(const model::DataSpec& spec, Instant now, std::string_view zone);

 private:
  [[nodiscard]] Value plain(const feel::Type& type, const model::DataSpec& bounds, Instant now, std::string_view zone, int depth);
  [[nodiscard]] std::int64_t between(const model::DataSpec& bounds, std::int64_t low, std::int64_t high);

  std::mt19937_64 engine_;
};

}  // namespace switchboard::testing
