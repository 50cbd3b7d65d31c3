// The state of one evaluation: variables, budget, first error. Private to room feel.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "feel/feel.hpp"

namespace switchboard::feel {

/// Budgets beside limits.hpp. A step is one operation or so; strings and lists cost steps by their size, which bounds memory too.
inline constexpr std::size_t max_list_items = 1'000'000;
inline constexpr std::size_t bytes_per_step = 16;
inline constexpr std::size_t max_stack_levels = 4'000;  ///< syntax levels of all nested calls together: bounds the C++ stack

/// As many values as a call has arguments or a program has variables: the usual few without a heap.
template <std::size_t few>
class FewValues {
 public:
  explicit FewValues(std::size_t size) : size_(size), many_(size > few_.size() ? std::make_unique<Value[]>(size) : nullptr) {}
  [[nodiscard]] Value* data() { return many_ != nullptr ? many_.get() : few_.data(); }
  [[nodiscard]] Value& operator[](std::size_t i) { return data()[i]; }
  [[nodiscard]] std::span<Value> all() { return {data(), size_}; }

 private:
  std::size_t size_;
  std::array<Value, few> few_;
  std::unique_ptr<Value[]> many_;
};

class Run {
 public:
  /// `explain`: build error texts. `locals` of the outermost code are the first ones.
  Run(const Frame& frame, std::size_t locals, bool explain, std::size_t steps = limits::evaluation_steps)
      : frame_(frame), steps_(steps), explain_(explain), outermost_(locals), locals_(outermost_.data()) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  [[nodiscard]] const Frame& frame() const { return frame_; }
  [[nodiscard]] Value& local(std::uint32_t index) { return locals_[index]; }

  /// Takes `cost` steps from the budget; false when it is used up (then everything becomes null quickly).
  [[nodiscard]] bool step(std::size_t cost = 1) {
    if (cost <= steps_) [[likely]] {
      steps_ -= cost;
      return true;
    }
    halt("the evaluation took more than {} steps and was stopped [SB0230]", limits::evaluation_steps);
    return false;
  }
  [[nodiscard]] bool charge_bytes(std::size_t bytes) { return step(1 + bytes / bytes_per_step); }
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] std::size_t steps_left() const { return steps_; }

  /// Notes the first reason and yields null.
  template <class... Args>
  Value fail(fmt::format_string<Args...> format, Args&&... args) {
    failed_ = true;
    if (explain_ && error_.empty()) error_ = fmt::format(format, std::forward<Args>(args)...);
    return Value();
  }
  /// Notes that a limit was reached, whatever was noted before, and stops: everything becomes null quickly.
  template <class... Args>
  Value halt(fmt::format_string<Args...> format, Args&&... args) {
    failed_ = true;
    if (explain_ && !stopped_) error_ = fmt::format(format, std::forward<Args>(args)...);
    stopped_ = true;
    steps_ = 0;
    return Value();
  }
  [[nodiscard]] const std::string& error() const { return error_; }
  /// Whether there is a first reason, also when its text is not built.
  [[nodiscard]] bool failed() const { return failed_; }

  /// Adds what `next` takes when it is written to `bytes`, the size of a list or context that is being made; beyond the bound it stops the
  /// evaluation, before the memory is used.
  [[nodiscard]] bool grows(std::uint64_t& bytes, const Value& next) {
    bytes += next.written_bytes();
    if (bytes <= limits::value_bytes) [[likely]]
      return true;
    too_large(bytes);
    return false;
  }
  /// A copy of `v` is about to be made: a text costs steps by its length.
  [[nodiscard]] bool copies(const Value& v) {
    const std::string* text = v.string();
    return text == nullptr || text->size() < bytes_per_step || charge_bytes(text->size());
  }
  /// A value that was just made; too large when it is written, or nested too deeply, it stops the evaluation.
  [[nodiscard]] Value made(Value v);
  [[nodiscard]] Value made(List items);
  [[nodiscard]] Value made_string(std::string text);

  /// Runs `body` with locals of its own. Refuses (null) when calls are nested too deeply.
  template <class Body>
  Value call(std::vector<Value>& locals, std::size_t levels, const Body& body) {
    if (calls_ >= limits::evaluation_depth || levels_ + levels > max_stack_levels) {
      return halt("functions call each other more than {} levels deep [SB0231]", limits::evaluation_depth);
    }
    Value* const outer = std::exchange(locals_, locals.data());
    ++calls_;
    levels_ += levels;
    Value out = body();
    levels_ -= levels;
    --calls_;
    locals_ = outer;
    return out;
  }

 private:
  Value too_large(std::uint64_t bytes);

  const Frame& frame_;
  std::size_t steps_;
  std::size_t calls_ = 0;
  std::size_t levels_ = 0;
  bool explain_;
  bool stopped_ = false;
  bool failed_ = false;
  std::string error_;
  FewValues<4> outermost_;
  Value* locals_;
};

}  // namespace switchboard::feel
