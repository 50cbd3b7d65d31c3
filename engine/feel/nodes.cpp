#include "feel/nodes.hpp"

#include <algorithm>

namespace switchboard::feel {
namespace {

bool all_constant(const std::vector<NodePtr>& nodes) {
  return std::all_of(nodes.begin(), nodes.end(), [](const NodePtr& n) { return n->constant(); });
}

const Value* entry_of(const Value& v, const std::string& name) { return v.context() != nullptr ? v.context()->find(name) : nullptr; }

}  // namespace

const Value* SlotNode::peek(Run& run) const { return &run.frame().at(slot_); }

const Value* ItemNameNode::peek(Run& run) const {
  const Value* item = item_->peek(run);
  const Value* found = item != nullptr ? entry_of(*item, name_) : nullptr;
  return found != nullptr ? found : outside_->peek(run);
}

Value ItemNameNode::eval(Run& run) const {
  const Operand item(*item_, run);
  const Value* found = entry_of(*item, name_);
  return found != nullptr ? *found : outside_->eval(run);
}

Value ListNode::eval(Run& run) const {
  List out;
  out.reserve(items_.size());
  std::uint64_t bytes = 0;
  for (const auto& item : items_) {
    out.push_back(item->value(run));
    if (!run.grows(bytes, out.back())) return Value();
  }
  return run.made(std::move(out));
}
bool ListNode::constant() const { return all_constant(items_); }

Value ContextNode::eval(Run& run) const {
  Context out;
  std::uint64_t bytes = 0;
  for (const auto& entry : entries_) {
    Value v = entry.value->value(run);
    if (!run.grows(bytes, v)) return Value();
    run.local(entry.local) = v;
    out.append_new(entry.name, std::move(v));
  }
  return run.made(Value(std::move(out)));
}

Value RangeNode::eval(Run& run) const {
  Range r{low_end_, low_->value(run), high_->value(run), high_end_, false};
  const bool comparable = r.low.is_null() || r.high.is_null() || order(r.low, r.high).has_value();
  if (!comparable) return run.fail("{} and {} cannot be the ends of a range", to_string(r.low.type()), to_string(r.high.type()));
  return run.made(Value(std::move(r)));
}

Value UnaryRangeNode::eval(Run& run) const {
  const Range::End end = op_ == Op::less_equal || op_ == Op::greater_equal ? Range::End::closed : Range::End::open;
  const bool below = op_ == Op::less || op_ == Op::less_equal;
  Value v = end_->value(run);
  if (v.is_null()) return run.fail("null cannot be the end of a range");
  // `= 10` and `!= 10` are values of their own kind: not equal to [10..10] or (10..10).
  if (op_ == Op::equal) return run.made(Value(Range{Range::End::closed, v, v, Range::End::closed, true}));
  if (op_ == Op::not_equal) return run.made(Value(Range{Range::End::open, v, v, Range::End::open, true}));
  return run.made(below ? Value(Range{Range::End::open, Value(), std::move(v), end, true})
                        : Value(Range{end, std::move(v), Value(), Range::End::open, true}));
}

Value ArithmeticNode::eval(Run& run) const {
  const Operand left(*left_, run);
  const Operand right(*right_, run);
  return calculate(run, op_, *left, *right);
}

Truth CompareNode::test(Run& run) const {
  if (!run.step()) return Truth::unknown;
  const Operand left(*left_, run);
  const Operand right(*right_, run);
  return compare(run, op_, *left, *right);
}

Truth NullTestNode::test(Run& run) const {
  if (!run.step()) return Truth::unknown;
  const bool null = operand_->is_null(run);
  if (run.stopped()) return Truth::unknown;
  return null == (op_ == Op::equal) ? Truth::yes : Truth::no;
}

Truth LogicNode::test(Run& run) const {
  bool unknown = false;
  for (const auto& operand : operands_) {
    if (!run.step()) return Truth::unknown;
    const Truth t = operand->test(run);
    if (t == decisive_) return t;
    unknown = unknown || t == Truth::unknown;
  }
  return unknown ? Truth::unknown : negate(decisive_);
}
bool LogicNode::constant() const { return all_constant(operands_); }

Truth BetweenNode::test(Run& run) const {
  if (!run.step()) return Truth::unknown;
  const Operand v(*value_, run);
  const Operand low(*low_, run);
  const Operand high(*high_, run);
  const Truth above = compare(run, Op::greater_equal, *v, *low);
  const Truth below = compare(run, Op::less_equal, *v, *high);
  if (above == Truth::no || below == Truth::no) return Truth::no;
  return above == Truth::yes ? below : above;
}

InNode::InNode(NodePtr value, std::vector<TestPart> tests, bool negated, std::optional<std::uint32_t> tested)
    : value_(std::move(value)), tests_(std::move(tests)), negated_(negated), tested_(tested) {
  for (const TestPart& part : tests_) {
    const Value* literal = part.value == nullptr ? nullptr : part.value->content();
    if (part.op != Op::none || part.condition || literal == nullptr || literal->string() == nullptr) {
      words_.clear();
      return;
    }
    words_.push_back(*literal->string());
  }
  places_ = WordTable(static_cast<std::uint32_t>(words_.size()), [this](std::uint32_t i) { return std::string_view(words_[i]); });
}

Truth InNode::one(Run& run, const Value& v, const TestPart& part) const {
  if (part.op != Op::none) return compare(run, part.op, v, *Operand(*part.value, run));
  if (part.low != nullptr) {
    const Operand low(*part.low, run);
    const Operand high(*part.high, run);
    const Truth above = compare(run, part.low_closed ? Op::greater_equal : Op::greater, v, *low);
    if (above == Truth::no) return above;
    const Truth below = compare(run, part.high_closed ? Op::less_equal : Op::less, v, *high);
    return below == Truth::no || above == Truth::yes ? below : above;
  }
  const Operand test(*part.value, run);
  if (part.condition) return truth_of(*test);
  if (part.decides && test->boolean() != nullptr && v.boolean() == nullptr) return truth_of(*test);
  return matches_test(run, v, *test);
}

Truth InNode::test(Run& run) const {
  const Operand v(*value_, run);
  if (const std::string* word = v->string(); word != nullptr && !words_.empty()) {
    if (!run.step()) return Truth::unknown;
    const bool found = places_.find(*word, [this](std::uint32_t i) { return std::string_view(words_[i]); }) != WordTable::npos;
    return found != negated_ ? Truth::yes : Truth::no;
  }
  if (tested_) run.local(*tested_) = *v;
  Truth out = Truth::no;
  for (const auto& part : tests_) {
    if (!run.step()) return Truth::unknown;
    const Truth t = one(run, *v, part);
    if (t == Truth::yes) return negated_ ? Truth::no : t;
    if (t == Truth::unknown) out = t;
  }
  return negated_ ? negate(out) : out;
}

bool InNode::constant() const {
  return value_->constant() && std::all_of(tests_.begin(), tests_.end(), [](const TestPart& t) {
           return (t.value == nullptr || t.value->constant()) && (t.low == nullptr || (t.low->constant() && t.high->constant()));
         });
}

Truth InstanceOfNode::test(Run& run) const {
  const Operand v(*value_, run);
  if (v->is_null()) return type_.kind() == Type::Kind::null ? Truth::yes : Truth::no;
  return type_.admits(*v) ? Truth::yes : Truth::no;
}

PathNode::PathNode(NodePtr base, std::string name)
    : base_(std::move(base)), name_(std::move(name)), call_(dynamic_cast<const HostCallNode*>(base_.get())) {}

const Value* PathNode::peek(Run& run) const {
  const Value* base = base_->peek(run);
  return base != nullptr ? entry_of(*base, name_) : nullptr;
}

Value PathNode::eval(Run& run) const {
  if (call_ != nullptr) {
    if (auto entry = call_->entry(run, name_)) return std::move(*entry);
  }
  const Operand base(*base_, run);
  return property(run, *base, name_);
}

namespace {

/// The item at a 1-based position, from the end when negative.
Value item_at(Run& run, const Value& base, const Decimal& position) {
  if (base.is_null()) return Value();
  const auto n = position.to_int64();
  const auto size = static_cast<std::int64_t>(base.list() != nullptr ? base.list()->size() : 1);
  if (!n || *n == 0 || *n > size || *n < -size) return run.fail("position {} is not in the list", position.to_string());
  if (base.list() == nullptr) return base;
  return (*base.list())[static_cast<std::size_t>(*n > 0 ? *n - 1 : size + *n)];
}

}  // namespace

Value IndexNode::eval(Run& run) const {
  const Operand base(*base_, run);
  const Operand position(*position_, run);
  if (position->number() == nullptr) return run.fail("a filter must be a boolean or a position, not {}", to_string(position->type()));
  return item_at(run, *base, *position->number());
}

Value FilterNode::eval(Run& run) const {
  const Operand base(*base_, run);
  if (base->is_null()) return Value();
  const Value* first = base->list() != nullptr ? base->list()->data() : &*base;
  const std::size_t count = base->list() != nullptr ? base->list()->size() : 1;
  List out;
  for (std::size_t i = 0; i < count; ++i) {
    run.local(item_) = first[i];
    const Value hit = condition_->value(run);
    if (run.stopped()) return Value();
    if (const Decimal* position = hit.number()) return item_at(run, *base, *position);
    if (!hit.is_null() && hit.boolean() == nullptr) return run.fail("a filter must be a boolean or a position, not {}", to_string(hit.type()));
    if (truth_of(hit) == Truth::yes) out.push_back(first[i]);
  }
  return run.made(std::move(out));
}

IfNode::IfNode(NodePtr condition, NodePtr yes, NodePtr no) : condition_(std::move(condition)), yes_(std::move(yes)), no_(std::move(no)) {
  const auto lies_somewhere = [](const Node& n) { return n.slot().has_value() || n.content() != nullptr; };
  picks_ = dynamic_cast<const NullTestNode*>(condition_.get()) != nullptr && lies_somewhere(*yes_) && lies_somewhere(*no_);
}

const Value* IfNode::peek(Run& run) const {
  if (!picks_) return nullptr;
  const Truth null = condition_->test(run);
  return null == Truth::unknown ? nullptr : (null == Truth::yes ? yes_ : no_)->peek(run);
}

/// Null counts as false; anything else that is no boolean is an error.
Value IfNode::eval(Run& run) const {
  const Operand condition(*condition_, run);
  if (condition->boolean() == nullptr && !condition->is_null())
    return run.fail("the condition of `if` is {}, not boolean", to_string(condition->type()));
  return (truth_of(*condition) == Truth::yes ? yes_ : no_)->value(run);
}

Value BuiltinCallNode::eval(Run& run) const {
  FewValues<4> values(arguments_.size());
  for (std::size_t i = 0; i < arguments_.size(); ++i) {
    values[i] = arguments_[i]->value(run);
    if (!run.copies(values[i])) return Value();
  }
  if (run.stopped()) return Value();
  return names_.empty() ? call_builtin(run, builtin_, values.all()) : call_builtin(run, builtin_, names_, values.all());
}
bool BuiltinCallNode::constant() const { return !builtin_.clock && all_constant(arguments_); }

Value call_host(Run& run, std::uint32_t id, const std::string& name, std::span<const Value> arguments) {
  if (run.frame().host == nullptr) return run.fail("{}() is not offered here", name);
  if (!run.step(10)) return Value();
  std::string error;
  Value out = run.frame().host->call(id, arguments, error);
  if (!error.empty()) run.fail("{}(): {}", name, error);
  return out;
}

std::optional<Value> HostCallNode::entry(Run& run, std::string_view entry) const {
  if (run.frame().host == nullptr || arguments_.size() != 1 || !run.step(10)) return std::nullopt;
  const Operand argument(*arguments_.front(), run);
  return run.frame().host->call_for(id_, {&*argument, 1}, entry);
}

bool HostCallNode::is_null(Run& run) const {
  if (run.frame().host != nullptr && arguments_.size() == 1) {
    const Operand argument(*arguments_.front(), run);
    if (!run.step(10)) return true;
    if (const auto null = run.frame().host->call_is_null(id_, {&*argument, 1})) return *null;
  }
  return eval(run).is_null();
}

Value HostCallNode::eval(Run& run) const {
  FewValues<4> values(arguments_.size());
  for (std::size_t i = 0; i < arguments_.size(); ++i) {
    values[i] = arguments_[i]->value(run);
    if (!run.copies(values[i])) return Value();
  }
  if (run.stopped()) return Value();
  return call_host(run, id_, name_, values.all());
}

Value ValueCallNode::eval(Run& run) const {
  const Value callee = callee_->value(run);
  std::vector<Value> values;
  values.reserve(arguments_.size());
  for (const auto& a : arguments_) {
    values.push_back(a->value(run));
    if (!run.copies(values.back())) return Value();
  }
  if (run.stopped()) return Value();
  if (callee.is(Value::Type::function)) return names_.empty() ? call_function(run, callee, values) : call_function(run, callee, names_, values);
  if (builtin_ != nullptr) return names_.empty() ? call_builtin(run, *builtin_, values) : call_builtin(run, *builtin_, names_, values);
  return run.fail("{} is not a function", to_string(callee.type()));
}

}  // namespace switchboard::feel
