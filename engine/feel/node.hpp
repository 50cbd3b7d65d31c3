// The compiled form of an expression: an immutable tree of operations. Private to room feel.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "feel/run.hpp"

namespace switchboard::feel {

/// Three-valued logic: `unknown` is FEEL's null, or anything that is not a boolean.
enum class Truth : std::uint8_t { no, yes, unknown };

[[nodiscard]] inline Truth truth_of(const Value& v) {
  const bool* b = v.boolean();
  return b == nullptr ? Truth::unknown : *b ? Truth::yes : Truth::no;
}
[[nodiscard]] inline Value to_value(Truth t) { return t == Truth::unknown ? Value() : Value(t == Truth::yes); }
[[nodiscard]] inline Truth negate(Truth t) { return t == Truth::unknown ? t : t == Truth::yes ? Truth::no : Truth::yes; }

/// One operation. Thread-safe: all state is in the Run.
class Node {
 public:
  Node() = default;
  virtual ~Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  [[nodiscard]] virtual Value eval(Run& run) const = 0;
  /// The value where it already lies (a variable, a constant), or nullptr: then eval. Valid while the variable keeps its value.
  [[nodiscard]] virtual const Value* peek(Run&) const { return nullptr; }
  /// The value as truth, without making a Value where that is possible.
  [[nodiscard]] virtual Truth test(Run& run) const;
  /// Whether the value is null, without making it where that is possible.
  [[nodiscard]] virtual bool is_null(Run& run) const;
  /// The slot whose value this is, for a node that is nothing but a name.
  [[nodiscard]] virtual std::optional<std::uint32_t> slot() const { return std::nullopt; }
  /// The value, for a node that is nothing but a constant.
  [[nodiscard]] virtual const Value* content() const { return nullptr; }
  /// Whether the value depends on nothing but the text.
  [[nodiscard]] virtual bool constant() const { return false; }

  [[nodiscard]] Value value(Run& run) const { return run.step() ? eval(run) : Value(); }
};
using NodePtr = std::unique_ptr<const Node>;

/// A node's value, looked at where it lies if possible.
class Operand {
 public:
  Operand(const Node& node, Run& run) : at_(node.peek(run)) {
    if (at_ == nullptr) {
      own_ = node.value(run);
      at_ = &own_;
    }
  }
  Operand(const Operand&) = delete;
  Operand& operator=(const Operand&) = delete;
  [[nodiscard]] const Value& operator*() const { return *at_; }
  [[nodiscard]] const Value* operator->() const { return at_; }

 private:
  Value own_;
  const Value* at_;
};

inline Truth Node::test(Run& run) const {
  const Operand v(*this, run);
  return truth_of(*v);
}

inline bool Node::is_null(Run& run) const {
  const Operand v(*this, run);
  return v->is_null();
}

}  // namespace switchboard::feel
