// Figures and their limits. Each figure names the benchmark that measures its limit: something that cannot be beaten by definition (raw SQLite
// writing the same rows, fdatasync, an empty loop over the same commands), measured in the same run.
#pragma once

#include <string>
#include <utility>

#include "switchboard/base/error.hpp"

namespace switchboard::bench {

/// A figure is a rate (per second, more is better) or a time (less is better); `ratio` is value / limit for both.
enum class Kind : unsigned char { rate, time };

/// One row of bench.json. `scale` turns items per second, or seconds, into `unit`.
struct Figure {
  std::string name;   ///< of the benchmark, and in bench.json
  std::string limit;  ///< of the benchmark that measures the limit
  std::string unit;
  Kind kind = Kind::rate;
  double scale = 1;
};
void expect(Figure figure);

[[noreturn]] void give_up(const Error& error);
/// A result, or the end of the program with the error on stderr.
template <class T>
T must(Result<T> r) {
  if (!r) give_up(r.error());
  return std::move(r).value();
}
inline void must(const Result<void>& r) {
  if (!r) give_up(r.error());
}

// Each registers its benchmarks and figures.
void measure_crowd();
void measure_memory();
void measure_small();
void measure_durable();
void measure_timers();
void measure_registers();
void measure_bindings();

}  // namespace switchboard::bench
