// Distributions of durations and numbers. The transforms are written here, because those of <random> differ between standard libraries.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "simulation/random.hpp"

namespace switchboard::simulation {

/// Values are in the unit of whoever uses it: microseconds for durations, plain numbers for data. Durations are never negative (draws below 0 count
/// as 0).
struct Distribution {
  enum class Kind : std::uint8_t { fixed, exponential, lognormal, normal, gamma, triangular, uniform, erlang, weibull, empirical };
  Kind kind = Kind::fixed;
  double a = 0;  ///< fixed: value; exponential: mean; lognormal, normal, gamma: mean; triangular, uniform: low; erlang: stages; weibull: shape
  double b = 0;  ///< lognormal, normal, gamma: standard deviation; triangular: mode; uniform: high; erlang: mean of the whole; weibull: scale
  double c = 0;  ///< triangular: high
  std::vector<std::pair<double, double>> table;  ///< empirical: value, cumulative share

  [[nodiscard]] double sample(Stream& random) const;
  [[nodiscard]] double mean() const;
};

/// A distribution, or one by the value of a data item of the case.
struct ByData {
  std::string data;  ///< empty: `otherwise` holds for all
  std::vector<std::pair<std::string, Distribution>> by_value;
  Distribution otherwise;
  bool has_otherwise = false;
};

}  // namespace switchboard::simulation
