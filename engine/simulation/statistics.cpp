#include "simulation/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace switchboard::simulation {

namespace {

constexpr double least = 1e-6;
constexpr double log_base = 0.003992021269537457;  // ln 1.004, written out: compilers that fold std::log may differ in the last bit

}  // namespace

double half_width_95(std::uint64_t n, double variance) {
  if (n < 2) return 0;
  static constexpr std::array<double, 31> t = {0,     0,     12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262,
                                               2.228, 2.201, 2.179,  2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                                               2.080, 2.074, 2.069,  2.064, 2.060, 2.056, 2.052, 2.048, 2.045};
  // Beyond 29 degrees of freedom: Cornish and Fisher's expansion around the normal quantile.
  const double df = static_cast<double>(n - 1);
  const double quantile = n < t.size() ? t[static_cast<std::size_t>(n)] : 1.959964 + 2.372270 / df + 2.822550 / (df * df);
  return quantile * std::sqrt(variance / static_cast<double>(n));
}

void Tally::add(double x) {
  if (!(x > 0)) x = 0;
  ++count_;
  const double delta = x - mean_;
  mean_ += delta / static_cast<double>(count_);
  m2_ += delta * (x - mean_);
  minimum_ = count_ == 1 ? x : std::min(minimum_, x);
  maximum_ = std::max(maximum_, x);
  if (x < least) {
    ++zeros_;
  } else {
    const auto bucket = static_cast<std::size_t>(std::log(x / least) / log_base);
    cover(bucket, bucket);
    ++buckets_[bucket - first_];
  }
  batches_.add(x);
}

/// Room for buckets `from` to `to`, with some to spare: durations of one kind lie close together.
void Tally::cover(std::size_t from, std::size_t to) {
  constexpr std::size_t spare = 128;
  if (buckets_.empty()) first_ = from > spare ? from - spare : 0;
  if (from < first_) {
    const std::size_t begin = from > spare ? from - spare : 0;
    buckets_.insert(buckets_.begin(), first_ - begin, 0);
    first_ = begin;
  }
  if (to >= first_ + buckets_.size()) buckets_.resize(to - first_ + spare, 0);
}

void BatchMeans::add(double x) {
  all_.add(x);
  batch_sum_ += x;
  if (++in_batch_ == batch_size_) close_batch();
}

void BatchMeans::close_batch() {
  batches_.push_back(batch_sum_ / static_cast<double>(batch_size_));
  batch_sum_ = 0;
  in_batch_ = 0;
  if (batches_.size() < 32) return;
  for (std::size_t i = 0; i < 16; ++i) batches_[i] = (batches_[2 * i] + batches_[2 * i + 1]) / 2;
  batches_.resize(16);
  batch_size_ *= 2;
}

double Tally::quantile(double q) const {
  if (count_ == 0) return 0;
  auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
  if (rank == 0) rank = 1;
  if (rank <= zeros_) return 0;
  std::uint64_t seen = zeros_;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= rank) return std::clamp(least * std::exp((static_cast<double>(first_ + i) + 0.5) * log_base), minimum_, maximum_);
  }
  return maximum_;
}

double BatchMeans::half_width() const {
  if (batches_.size() < 2) return half_width_95(all_.count, all_.variance());
  Moments means;
  for (const double b : batches_) means.add(b);
  return half_width_95(means.count, means.variance());
}

void Tally::merge(const Tally& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  const double n = static_cast<double>(count_);
  const double m = static_cast<double>(other.count_);
  const double delta = other.mean_ - mean_;
  mean_ += delta * m / (n + m);
  m2_ += other.m2_ + delta * delta * n * m / (n + m);
  count_ += other.count_;
  zeros_ += other.zeros_;
  minimum_ = std::min(minimum_, other.minimum_);
  maximum_ = std::max(maximum_, other.maximum_);
  if (other.buckets_.empty()) return;
  cover(other.first_, other.first_ + other.buckets_.size() - 1);
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[other.first_ + i - first_] += other.buckets_[i];
}

}  // namespace switchboard::simulation
