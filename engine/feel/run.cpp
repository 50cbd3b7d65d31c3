#include "feel/run.hpp"

namespace switchboard::feel {

Value Run::too_large(std::uint64_t bytes) {
  return halt("a value has {} bytes or more when it is written, more than {} [SB0232]", bytes, limits::value_bytes);
}

Value Run::made(Value v) {
  if (const std::uint64_t bytes = v.written_bytes(); bytes > limits::value_bytes) return too_large(bytes);
  if (v.depth() <= limits::value_depth) return v;
  return halt("a value is nested more than {} levels deep [SB0232]", limits::value_depth);
}

Value Run::made(List items) {
  if (items.size() > max_list_items) return halt("a list has {} items, more than {} [SB0232]", items.size(), max_list_items);
  if (!step(items.size())) return Value();
  return made(Value(std::move(items)));
}

Value Run::made_string(std::string text) {
  if (text.size() > limits::value_bytes) return halt("a string has {} bytes, more than {} [SB0232]", text.size(), limits::value_bytes);
  if (!charge_bytes(text.size())) return Value();
  return Value(std::move(text));
}

}  // namespace switchboard::feel
