// Distributions of durations and numbers. The transforms are written here, because those of <random> differ between standard libraries.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/diagnostic.hpp"
#include "simulation/random.hpp"

namespace switchboard::simulation {

/// Values are in the unit of whoever uses it: microseconds for durations, plain numbers for data. Durations are never negative (draws below 0 count
/// as 0).
struct Distribution {
  enum class Kind : std::uint8_t { fixed, exponential, lognormal, normal, gamma, triangular, uniform, erlang, weibull, empirical, hyperexponential };
  Kind kind = Kind::fixed;
  double a = 0;  ///< fixed: value; exponential: mean; lognormal, normal, gamma: mean; triangular, uniform: low; erlang: stages; weibull: shape
  double b = 0;  ///< lognormal, normal, gamma: standard deviation; triangular: mode; uniform: high; erlang: mean of the whole; weibull: scale
  double c = 0;  ///< triangular: high
  std::vector<std::pair<double, double>> table;  ///< empirical: value, cumulative share; hyperexponential: mean, cumulative share

  [[nodiscard]] double sample(Stream& random) const;
  [[nodiscard]] double mean() const;
};

/// A distribution, or one by the value of a data item of the case. Also carries probabilities: then each is `fixed`.
struct ByData {
  std::string data;  ///< empty: `otherwise` holds for all
  model::Position at;
  std::vector<std::pair<std::string, Distribution>> by_value;
  std::vector<model::Position> by_at;  ///< of the rows of `by_value`
  Distribution otherwise;
  bool has_otherwise = false;
};

}  // namespace switchboard::simulation
