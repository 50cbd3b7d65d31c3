// Means, quantiles, time averages and their confidence intervals. Memory does not grow with the number of observations.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace switchboard::simulation {

/// Half width of the 95 % confidence interval of a mean from `n` independent values with sample variance `variance` (Student's t). 0 for n < 2.
[[nodiscard]] double half_width_95(std::uint64_t n, double variance);

/// Mean and variance as observations come (Welford 1962).
struct Moments {
  std::uint64_t count = 0;
  double mean = 0;
  double squares = 0;  ///< of the distances from the mean, summed up
  void add(double x) {
    const double delta = x - mean;
    mean += delta / static_cast<double>(++count);
    squares += delta * (x - mean);
  }
  [[nodiscard]] double variance() const { return count > 1 ? squares / static_cast<double>(count - 1) : 0; }
};

/// The interval of a mean from one run, whose observations are not independent: by the method of batch means, with 16 to 32 batches, which double in
/// size when there are 32 of them.
class BatchMeans {
 public:
  void add(double x);
  [[nodiscard]] double half_width() const;

 private:
  void close_batch();
  Moments all_;
  std::vector<double> batches_;
  std::uint64_t batch_size_ = 8;
  std::uint64_t in_batch_ = 0;
  double batch_sum_ = 0;
};

/// Observations of one quantity, each >= 0 (smaller ones count as 0).
class Tally {
 public:
  void add(double x);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double mean() const { return mean_; }
  [[nodiscard]] double variance() const { return count_ > 1 ? m2_ / static_cast<double>(count_ - 1) : 0; }
  [[nodiscard]] double maximum() const { return maximum_; }
  /// Within 0.2 % of the true quantile's value. `q` in [0, 1].
  [[nodiscard]] double quantile(double q) const;
  [[nodiscard]] double half_width() const { return batches_.half_width(); }  ///< of a single run
  void merge(const Tally& other);

 private:
  void cover(std::size_t from, std::size_t to);
  std::uint64_t count_ = 0;
  double mean_ = 0;
  double m2_ = 0;
  double minimum_ = 0;
  double maximum_ = 0;
  std::size_t first_ = 0;               ///< number of the first bucket kept
  std::vector<std::uint32_t> buckets_;  ///< logarithmic: bucket i (less first_) holds values in [least * base^i, least * base^(i+1))
  std::uint64_t zeros_ = 0;
  BatchMeans batches_;
};

/// The average over time of a step function, from `from` on.
class TimeAverage {
 public:
  void start(std::int64_t from_us) { from_ = from_us; }
  void set(double value, std::int64_t at_us) {
    account(at_us);
    value_ = value;
  }
  [[nodiscard]] double value() const { return value_; }
  [[nodiscard]] double integral_until(std::int64_t at_us) {
    account(at_us);
    return integral_;
  }

 private:
  void account(std::int64_t at_us) {
    const std::int64_t since = last_ > from_ ? last_ : from_;
    if (at_us > since) integral_ += value_ * static_cast<double>(at_us - since);
    if (at_us > last_) last_ = at_us;
  }
  std::int64_t from_ = 0;
  std::int64_t last_ = INT64_MIN;
  double value_ = 0;
  double integral_ = 0;
};

}  // namespace switchboard::simulation
