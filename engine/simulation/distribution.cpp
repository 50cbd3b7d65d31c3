#include "simulation/distribution.hpp"

#include <algorithm>
#include <cmath>

namespace switchboard::simulation {

namespace {

constexpr double pi = 3.14159265358979323846;

double standard_normal(Stream& random) {  // Box and Muller; one of the pair is enough, so that a draw always costs two numbers
  const double u = random.uniform();
  const double v = random.uniform();
  return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * pi * v);
}

/// Marsaglia and Tsang 2000, with the boost for shapes below one.
double standard_gamma(Stream& random, double shape) {
  if (shape < 1.0) {
    const double u = random.uniform();
    return standard_gamma(random, shape + 1.0) * std::pow(u, 1.0 / shape);
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  for (int tries = 0; tries < 1000; ++tries) {  // accepts more than 95 % at once; the bound is never met
    const double x = standard_normal(random);
    const double t = 1.0 + c * x;
    if (t <= 0.0) continue;
    const double v = t * t * t;
    if (std::log(random.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
  return d;
}

double triangular(Stream& random, double low, double mode, double high) {
  const double u = random.uniform();
  const double width = high - low;
  if (width <= 0.0) return low;
  const double cut = (mode - low) / width;
  if (u < cut) return low + std::sqrt(u * width * (mode - low));
  return high - std::sqrt((1.0 - u) * width * (high - mode));
}

double erlang(Stream& random, double stages, double mean) {
  double sum = 0;
  const int k = static_cast<int>(stages);
  for (int i = 0; i < k; ++i) sum -= std::log(random.uniform());
  return sum * mean / k;
}

/// The row that `u`, uniform on (0, 1), falls on.
double row_of(double u, const std::vector<std::pair<double, double>>& table) {
  const auto at = std::find_if(table.begin(), table.end(), [u](const auto& row) { return u < row.second; });
  return at == table.end() ? table.back().first : at->first;
}

double lognormal(Stream& random, double mean, double deviation) {
  const double variance = std::log(1.0 + (deviation * deviation) / (mean * mean));
  return std::exp(std::log(mean) - variance / 2.0 + std::sqrt(variance) * standard_normal(random));
}

double draw(const Distribution& d, Stream& random) {
  switch (d.kind) {
    case Distribution::Kind::fixed: return d.a;
    case Distribution::Kind::exponential: return -d.a * std::log(random.uniform());
    case Distribution::Kind::lognormal: return d.a <= 0 ? 0.0 : lognormal(random, d.a, d.b);
    case Distribution::Kind::normal: return d.a + d.b * standard_normal(random);
    case Distribution::Kind::gamma: return d.b <= 0 ? d.a : standard_gamma(random, (d.a / d.b) * (d.a / d.b)) * d.b * d.b / d.a;
    case Distribution::Kind::triangular: return triangular(random, d.a, d.b, d.c);
    case Distribution::Kind::uniform: return d.a + (d.b - d.a) * random.uniform();
    case Distribution::Kind::erlang: return erlang(random, d.a, d.b);
    case Distribution::Kind::weibull: return d.b * std::pow(-std::log(random.uniform()), 1.0 / d.a);
    case Distribution::Kind::empirical: return row_of(random.uniform(), d.table);
    case Distribution::Kind::hyperexponential: {
      const double mean = row_of(random.uniform(), d.table);
      return -mean * std::log(random.uniform());
    }
  }
  return 0;
}

}  // namespace

double Distribution::sample(Stream& random) const { return draw(*this, random); }

double Distribution::mean() const {
  switch (kind) {
    case Kind::triangular: return (a + b + c) / 3.0;
    case Kind::uniform: return (a + b) / 2.0;
    case Kind::erlang: return b;
    case Kind::weibull: return b * std::tgamma(1.0 + 1.0 / a);
    case Kind::hyperexponential:
    case Kind::empirical: {
      double sum = 0;
      double before = 0;
      for (const auto& [value, share] : table) {
        sum += value * (share - before);
        before = share;
      }
      return sum;
    }
    case Kind::fixed:
    case Kind::exponential:
    case Kind::lognormal:
    case Kind::normal:
    case Kind::gamma: break;
  }
  return a;
}

}  // namespace switchboard::simulation
