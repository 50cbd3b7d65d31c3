// The operations a compiled expression is made of. Private to room feel.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "base/word_table.hpp"
#include "feel/builtin.hpp"
#include "feel/node.hpp"
#include "feel/operators.hpp"

namespace switchboard::feel {

class ConstantNode : public Node {
 public:
  explicit ConstantNode(Value v) : value_(std::move(v)) {}
  Value eval(Run&) const override { return value_; }
  const Value* peek(Run&) const override { return &value_; }
  bool constant() const override { return true; }
  const Value* content() const override { return &value_; }

 private:
  Value value_;
};

/// Null for a reason that is known when the program is compiled (an unknown name in the kit's mode).
class FailNode : public Node {
 public:
  explicit FailNode(std::string reason) : reason_(std::move(reason)) {}
  Value eval(Run& run) const override { return run.fail("{}", reason_); }

 private:
  std::string reason_;
};

/// A name of the world outside: a slot of the frame.
class SlotNode : public Node {
 public:
  explicit SlotNode(std::uint32_t slot) : slot_(slot) {}
  Value eval(Run& run) const override { return *peek(run); }
  const Value* peek(Run& run) const override;
  std::optional<std::uint32_t> slot() const override { return slot_; }

 private:
  std::uint32_t slot_;
};

/// A variable of the expression itself.
class LocalNode : public Node {
 public:
  explicit LocalNode(std::uint32_t index) : index_(index) {}
  Value eval(Run& run) const override { return run.local(index_); }
  const Value* peek(Run& run) const override { return &run.local(index_); }

 private:
  std::uint32_t index_;
};

/// A name in a filter: an entry of the item if it is a context that has one, else what the name means outside.
class ItemNameNode : public Node {
 public:
  ItemNameNode(NodePtr item, std::string name, NodePtr outside) : item_(std::move(item)), name_(std::move(name)), outside_(std::move(outside)) {}
  Value eval(Run& run) const override;
  const Value* peek(Run& run) const override;

 private:
  NodePtr item_;
  std::string name_;
  NodePtr outside_;
};

class ListNode : public Node {
 public:
  explicit ListNode(std::vector<NodePtr> items) : items_(std::move(items)) {}
  Value eval(Run& run) const override;
  bool constant() const override;

 private:
  std::vector<NodePtr> items_;
};

class ContextNode : public Node {
 public:
  struct Entry {
    std::string name;
    NodePtr value;
    std::uint32_t local = 0;  ///< where later entries find it
  };
  explicit ContextNode(std::vector<Entry> entries) : entries_(std::move(entries)) {}
  Value eval(Run& run) const override;

 private:
  std::vector<Entry> entries_;
};

class RangeNode : public Node {
 public:
  RangeNode(NodePtr low, NodePtr high, Range::End low_end, Range::End high_end)
      : low_(std::move(low)), high_(std::move(high)), low_end_(low_end), high_end_(high_end) {}
  Value eval(Run& run) const override;
  bool constant() const override { return low_->constant() && high_->constant(); }

 private:
  NodePtr low_;
  NodePtr high_;
  Range::End low_end_;
  Range::End high_end_;
};

class UnaryRangeNode : public Node {
 public:
  UnaryRangeNode(Op op, NodePtr end) : op_(op), end_(std::move(end)) {}
  Value eval(Run& run) const override;
  bool constant() const override { return end_->constant(); }

 private:
  Op op_;
  NodePtr end_;
};

class NegateNode : public Node {
 public:
  explicit NegateNode(NodePtr operand) : operand_(std::move(operand)) {}
  Value eval(Run& run) const override { return negate(run, *Operand(*operand_, run)); }
  bool constant() const override { return operand_->constant(); }

 private:
  NodePtr operand_;
};

class ArithmeticNode : public Node {
 public:
  ArithmeticNode(Op op, NodePtr left, NodePtr right) : op_(op), left_(std::move(left)), right_(std::move(right)) {}
  Value eval(Run& run) const override;
  bool constant() const override { return left_->constant() && right_->constant(); }

 private:
  Op op_;
  NodePtr left_;
  NodePtr right_;
};

/// Nodes whose natural result is a truth.
class TruthNode : public Node {
 public:
  Value eval(Run& run) const final { return to_value(test(run)); }
  Truth test(Run& run) const override = 0;
};

class CompareNode : public TruthNode {
 public:
  CompareNode(Op op, NodePtr left, NodePtr right) : op_(op), left_(std::move(left)), right_(std::move(right)) {}
  Truth test(Run& run) const override;
  bool constant() const override { return left_->constant() && right_->constant(); }

 private:
  Op op_;
  NodePtr left_;
  NodePtr right_;
};

/// `= null` and `!= null`: never unknown.
class NullTestNode : public TruthNode {
 public:
  NullTestNode(Op op, NodePtr operand) : op_(op), operand_(std::move(operand)) {}
  Truth test(Run& run) const override;
  bool constant() const override { return operand_->constant(); }

 private:
  Op op_;
  NodePtr operand_;
};

/// `and` (decisive: no) and `or` (decisive: yes) of any number of operands.
class LogicNode : public TruthNode {
 public:
  LogicNode(Truth decisive, std::vector<NodePtr> operands) : decisive_(decisive), operands_(std::move(operands)) {}
  Truth test(Run& run) const override;
  bool constant() const override;

 private:
  Truth decisive_;
  std::vector<NodePtr> operands_;
};

class NotNode : public TruthNode {
 public:
  explicit NotNode(NodePtr operand) : operand_(std::move(operand)) {}
  Truth test(Run& run) const override { return run.step() ? negate(operand_->test(run)) : Truth::unknown; }
  bool constant() const override { return operand_->constant(); }

 private:
  NodePtr operand_;
};

class BetweenNode : public TruthNode {
 public:
  BetweenNode(NodePtr value, NodePtr low, NodePtr high) : value_(std::move(value)), low_(std::move(low)), high_(std::move(high)) {}
  Truth test(Run& run) const override;
  bool constant() const override { return value_->constant() && low_->constant() && high_->constant(); }

 private:
  NodePtr value_;
  NodePtr low_;
  NodePtr high_;
};

/// One test of `in` or of a cell.
struct TestPart {
  Op op = Op::none;        ///< `< 5`; none: a value, range or list to match, or a condition about `?`
  bool condition = false;  ///< the test uses `?`: its own truth counts
  NodePtr value;
  NodePtr low;  ///< a range literal is tested without being built: its ends
  NodePtr high;
  bool low_closed = false;
  bool high_closed = false;
};

class InNode : public TruthNode {
 public:
  /// `tested`: the local variable that is the value in the tests (`?`), if one of them names it.
  InNode(NodePtr value, std::vector<TestPart> tests, bool negated, bool cell, std::optional<std::uint32_t> tested = std::nullopt);
  Truth test(Run& run) const override;
  bool constant() const override;

 private:
  Truth one(Run& run, const Value& v, const TestPart& part) const;

  NodePtr value_;
  std::vector<TestPart> tests_;
  std::vector<std::string> words_;  ///< when every test is a literal string
  WordTable places_;                ///< of the words
  bool negated_;
  std::optional<std::uint32_t> tested_;
  bool cell_;  ///< a cell of a table: a true condition matches whatever the input's type is
};

class InstanceOfNode : public TruthNode {
 public:
  InstanceOfNode(NodePtr value, Type type) : value_(std::move(value)), type_(std::move(type)) {}
  Truth test(Run& run) const override;
  bool constant() const override { return value_->constant(); }

 private:
  NodePtr value_;
  Type type_;
};

class PathNode : public Node {
 public:
  PathNode(NodePtr base, std::string name);
  Value eval(Run& run) const override;
  const Value* peek(Run& run) const override;
  bool constant() const override { return base_->constant(); }

 private:
  NodePtr base_;
  std::string name_;
  const class HostCallNode* call_ = nullptr;  ///< base_, when it is one
};

/// `list[position]`, with a position that does not depend on the item.
class IndexNode : public Node {
 public:
  IndexNode(NodePtr base, NodePtr position) : base_(std::move(base)), position_(std::move(position)) {}
  Value eval(Run& run) const override;
  bool constant() const override { return base_->constant() && position_->constant(); }

 private:
  NodePtr base_;
  NodePtr position_;
};

class FilterNode : public Node {
 public:
  FilterNode(NodePtr base, NodePtr condition, std::uint32_t item) : base_(std::move(base)), condition_(std::move(condition)), item_(item) {}
  Value eval(Run& run) const override;

 private:
  NodePtr base_;
  NodePtr condition_;
  std::uint32_t item_;
};

class IfNode : public Node {
 public:
  IfNode(NodePtr condition, NodePtr yes, NodePtr no);
  Value eval(Run& run) const override;
  const Value* peek(Run& run) const override;
  bool constant() const override { return condition_->constant() && yes_->constant() && no_->constant(); }

 private:
  NodePtr condition_;
  NodePtr yes_;
  NodePtr no_;
  bool picks_ = false;  ///< `if a = null then b else c` of names and constants only: peek() can show the value where it lies
};

struct Iterator {
  NodePtr domain;
  NodePtr to;  ///< for `a..b`
  std::uint32_t local = 0;
};

class ForNode : public Node {
 public:
  ForNode(std::vector<Iterator> iterators, NodePtr body, std::optional<std::uint32_t> partial)
      : iterators_(std::move(iterators)), body_(std::move(body)), partial_(partial) {}
  Value eval(Run& run) const override;

 private:
  std::vector<Iterator> iterators_;
  NodePtr body_;
  std::optional<std::uint32_t> partial_;
};

class QuantifiedNode : public TruthNode {
 public:
  QuantifiedNode(bool every, std::vector<Iterator> iterators, NodePtr condition)
      : every_(every), iterators_(std::move(iterators)), condition_(std::move(condition)) {}
  Truth test(Run& run) const override;

 private:
  bool every_;
  std::vector<Iterator> iterators_;
  NodePtr condition_;
};

class BuiltinCallNode : public Node {
 public:
  BuiltinCallNode(const Builtin& builtin, std::vector<NodePtr> arguments, std::vector<std::string> names)
      : builtin_(builtin), arguments_(std::move(arguments)), names_(std::move(names)) {}
  Value eval(Run& run) const override;
  bool constant() const override;

 private:
  const Builtin& builtin_;
  std::vector<NodePtr> arguments_;
  std::vector<std::string> names_;  ///< empty: by position
};

class HostCallNode : public Node {
 public:
  HostCallNode(std::uint32_t id, std::vector<NodePtr> arguments, std::string name)
      : id_(id), arguments_(std::move(arguments)), name_(std::move(name)) {}
  Value eval(Run& run) const override;
  bool is_null(Run& run) const override;
  /// Only entry `entry` of the result, when the host can give it alone.
  std::optional<Value> entry(Run& run, std::string_view entry) const;

 private:
  std::uint32_t id_;
  std::vector<NodePtr> arguments_;
  std::string name_;
};

/// A call of whatever function value `callee` is at run time; `builtin` is the meaning of the name when it is no function.
class ValueCallNode : public Node {
 public:
  ValueCallNode(NodePtr callee, const Builtin* builtin, std::vector<NodePtr> arguments, std::vector<std::string> names)
      : callee_(std::move(callee)), builtin_(builtin), arguments_(std::move(arguments)), names_(std::move(names)) {}
  Value eval(Run& run) const override;

 private:
  NodePtr callee_;
  const Builtin* builtin_;
  std::vector<NodePtr> arguments_;
  std::vector<std::string> names_;
};

/// What a function literal compiles to; shared by its closures, so that they may outlive the program.
struct FunctionCode {
  struct Capture {
    NodePtr from;             ///< in the surrounding code
    std::uint32_t local = 0;  ///< in the body
  };
  struct Parameter {
    std::string name;
    Type type;
    bool typed = false;
  };
  std::vector<Parameter> parameters;  ///< locals 0, 1, ...
  std::vector<Capture> captures;
  std::optional<std::uint32_t> self;  ///< the local through which the body may call itself
  std::uint32_t locals = 0;
  std::uint32_t levels = 1;  ///< depth of the body's tree
  NodePtr body;
  Type type;
};

class FunctionNode : public Node {
 public:
  explicit FunctionNode(std::shared_ptr<const FunctionCode> code) : code_(std::move(code)) {}
  Value eval(Run& run) const override;

 private:
  std::shared_ptr<const FunctionCode> code_;
};

/// A function of the host as a value.
class HostFunction : public Function {
 public:
  using Function::call;
  explicit HostFunction(const HostSignature& signature);
  [[nodiscard]] const Type& type() const override { return type_; }
  [[nodiscard]] Value call(Run& run, const Value& self, std::span<const Value> arguments) const override;
  [[nodiscard]] std::vector<std::string> parameter_names() const override;

 private:
  HostSignature signature_;
  Type type_;
};

[[nodiscard]] Value call_host(Run& run, std::uint32_t id, const std::string& name, std::span<const Value> arguments);

/// Calls `each` with every value a domain runs through, in order, until it returns false. Null domains and such that cannot be walked: false
/// is returned and a reason noted.
[[nodiscard]] bool walk(Run& run, const Iterator& iterator, const std::function<bool(const Value&)>& each);

}  // namespace switchboard::feel
