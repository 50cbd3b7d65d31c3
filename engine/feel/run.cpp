#include "feel/run.hpp"

namespace switchboard::feel {

void Run::stop() {
  steps_ = 0;
  if (stopped_) return;
  stopped_ = true;
  // The budget is the true reason, whatever was noted before.
  if (explain_) error_ = fmt::format("the evaluation took more than {} steps and was stopped [SB0230]", limits::evaluation_steps);
}

std::string Run::too_deep() { return fmt::format("functions call each other more than {} levels deep [SB0231]", limits::evaluation_depth); }

Value Run::made(Value v) {
  if (v.depth() <= limits::value_depth) return v;
  return fail("a value is nested more than {} levels deep [SB0232]", limits::value_depth);
}

Value Run::made(List items) {
  if (items.size() > max_list_items) return fail("a list has {} items, more than {} [SB0232]", items.size(), max_list_items);
  if (!step(items.size())) return Value();
  return made(Value(std::move(items)));
}

Value Run::made_string(std::string text) {
  if (text.size() > limits::value_bytes) return fail("a string has {} bytes, more than {} [SB0232]", text.size(), limits::value_bytes);
  if (!charge_bytes(text.size())) return Value();
  return Value(std::move(text));
}

}  // namespace switchboard::feel
