// Context functions. DMN 1.5, 10.3.4.10 (table 81).
#include "feel/builtin.hpp"
#include "feel/operators.hpp"

namespace switchboard::feel {
namespace {

using Args = std::span<const Value>;

Value get_value(Run& run, Args a) {
  const Value* v = a[0].context()->find(*a[1].string());
  return v != nullptr ? *v : run.fail("get value(): the context has no entry `{}`", *a[1].string());
}

Value get_entries(Run& run, Args a) {
  List out;
  for (const auto& [name, value] : a[0].context()->entries()) out.emplace_back(Context{{"key", Value(name)}, {"value", value}});
  return run.made(std::move(out));
}

Value context_of_entries(Run& run, Args a) {
  Context out;
  std::uint64_t bytes = 0;
  for (const Value& entry : *a[0].list()) {
    if (!run.grows(bytes, entry)) return Value();
    const Value* key = entry.context() != nullptr ? entry.context()->find("key") : nullptr;
    const Value* value = entry.context() != nullptr ? entry.context()->find("value") : nullptr;
    if (key == nullptr || key->string() == nullptr || value == nullptr) return run.fail("context(): an entry needs `key`, a string, and `value`");
    if (out.find(*key->string()) != nullptr) return run.fail("context(): the key `{}` is there twice", *key->string());
    if (!run.step(out.size() / 8)) return Value();
    out.append_new(*key->string(), *value);
  }
  return run.made(Value(std::move(out)));
}

Value context_put(Run& run, Args a) {
  Context out = *a[0].context();
  out.set(*a[1].string(), a[2]);
  return run.made(Value(std::move(out)));
}

Value put_at(Run& run, const Context& c, std::span<const Value> keys, const Value& value) {
  if (keys.front().string() == nullptr) return run.fail("context put(): keys are strings");
  const std::string& key = *keys.front().string();
  Value inner = value;
  if (keys.size() > 1) {
    const Value* next = c.find(key);
    if (next == nullptr || next->context() == nullptr) return run.fail("context put(): `{}` is not a context", key);
    inner = put_at(run, *next->context(), keys.subspan(1), value);
    if (inner.is_null()) return inner;
  }
  Context out = c;
  out.set(key, std::move(inner));
  return Value(std::move(out));
}

Value context_put_deep(Run& run, Args a) {
  const List& keys = *a[1].list();
  if (keys.empty() || keys.size() > limits::value_depth) return run.fail("context put(): keys must name at least one entry");
  return run.made(put_at(run, *a[0].context(), keys, a[2]));
}

Value context_merge(Run& run, Args a) {
  Context out;
  std::uint64_t bytes = 0;
  for (const Value& c : *a[0].list()) {
    if (!run.grows(bytes, c)) return Value();
    if (c.context() == nullptr) return run.fail("context merge(): {} is not a context", to_string(c.type()));
    for (const auto& [name, value] : c.context()->entries()) {
      if (!run.step(1 + out.size() / 8)) return Value();
      out.set(name, value);
    }
  }
  return run.made(Value(std::move(out)));
}

}  // namespace

void add_context_builtins(std::vector<Builtin>& out) {
  const Type context(Type::Kind::context);
  const Parameter the_context{"context", mask::context};
  const Parameter value{"value", mask::anything};
  out.push_back({"get value", {{{{"m", mask::context}, {"key", mask::string}}, false, get_value, Type()}}});
  out.push_back({"get entries", {{{{"m", mask::context}}, false, get_entries, Type(Type::Kind::list)}}});
  out.push_back({"context", {{{{"entries", mask::list}}, false, context_of_entries, context}}});
  out.push_back({"context put",
                 {{{the_context, {"key", mask::string}, value}, false, context_put, context},
                  {{the_context, {"keys", mask::list}, value}, false, context_put_deep, context}}});
  out.push_back({"context merge", {{{{"contexts", mask::list}}, false, context_merge, context}}});
}

}  // namespace switchboard::feel
