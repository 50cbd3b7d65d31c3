#include "value/value.hpp"

#include <algorithm>

namespace switchboard {

struct Value::ListBox {
  List content;
  std::uint32_t depth;
};
struct Value::ContextBox {
  Context content;
  std::uint32_t depth;
};
struct Value::RangeBox {
  Range content;
  std::uint32_t depth;
};

namespace {

std::uint32_t depth_of(const List& l) {
  std::uint32_t inner = 0;
  for (const auto& item : l) inner = std::max(inner, item.depth());
  return inner + 1;
}
std::uint32_t depth_of(const Context& c) {
  std::uint32_t inner = 0;
  for (const auto& entry : c.entries()) inner = std::max(inner, entry.second.depth());
  return inner + 1;
}
std::uint32_t depth_of(const Range& r) { return std::max(r.low.depth(), r.high.depth()) + 1; }

template <class Box, class T>
std::shared_ptr<const Box> boxed(T content) {
  const std::uint32_t depth = depth_of(content);
  return std::make_shared<const Box>(Box{std::move(content), depth});
}

}  // namespace

Value::Value(List l) : v_(boxed<ListBox>(std::move(l))) {}
Value::Value(Context c) : v_(boxed<ContextBox>(std::move(c))) {}
Value::Value(Range r) : v_(boxed<RangeBox>(std::move(r))) {}

std::uint32_t Value::depth() const {
  switch (type()) {
    case Type::list: return std::get<std::shared_ptr<const ListBox>>(v_)->depth;
    case Type::context: return std::get<std::shared_ptr<const ContextBox>>(v_)->depth;
    case Type::range: return std::get<std::shared_ptr<const RangeBox>>(v_)->depth;
    default: return 0;
  }
}

const Time* Value::time() const {
  const auto* p = std::get_if<std::shared_ptr<const Time>>(&v_);
  return p != nullptr ? p->get() : nullptr;
}
const DateTime* Value::date_time() const {
  const auto* p = std::get_if<std::shared_ptr<const DateTime>>(&v_);
  return p != nullptr ? p->get() : nullptr;
}
const List* Value::list() const {
  const auto* p = std::get_if<std::shared_ptr<const ListBox>>(&v_);
  return p != nullptr ? &(*p)->content : nullptr;
}
const Context* Value::context() const {
  const auto* p = std::get_if<std::shared_ptr<const ContextBox>>(&v_);
  return p != nullptr ? &(*p)->content : nullptr;
}
const Range* Value::range() const {
  const auto* p = std::get_if<std::shared_ptr<const RangeBox>>(&v_);
  return p != nullptr ? &(*p)->content : nullptr;
}
std::shared_ptr<const FunctionObject> Value::function() const {
  const auto* p = std::get_if<std::shared_ptr<const FunctionObject>>(&v_);
  return p != nullptr ? *p : nullptr;
}
const FunctionObject* Value::function_object() const {
  const auto* p = std::get_if<std::shared_ptr<const FunctionObject>>(&v_);
  return p != nullptr ? p->get() : nullptr;
}

bool operator==(const Value& a, const Value& b) {
  if (a.type() != b.type()) return false;
  switch (a.type()) {
    case Value::Type::null: return true;
    case Value::Type::boolean: return *a.boolean() == *b.boolean();
    case Value::Type::number: return *a.number() == *b.number();
    case Value::Type::string: return *a.string() == *b.string();
    case Value::Type::date: return *a.date() == *b.date();
    case Value::Type::time: return *a.time() == *b.time();
    case Value::Type::date_time: return *a.date_time() == *b.date_time();
    case Value::Type::days_time_duration: return *a.days_time_duration() == *b.days_time_duration();
    case Value::Type::years_months_duration: return *a.years_months_duration() == *b.years_months_duration();
    case Value::Type::list: return a.list() == b.list() || *a.list() == *b.list();
    case Value::Type::context: return a.context() == b.context() || *a.context() == *b.context();
    case Value::Type::range: return a.range() == b.range() || *a.range() == *b.range();
    case Value::Type::function: return a.function_object() == b.function_object();
  }
  return false;
}

Context::Context(std::initializer_list<Entry> entries) {
  entries_.reserve(entries.size());
  for (const auto& [name, value] : entries) set(name, value);
}

void Context::set(std::string_view name, Value value) {
  for (auto& entry : entries_) {
    if (entry.first == name) {
      entry.second = std::move(value);
      return;
    }
  }
  entries_.emplace_back(std::string(name), std::move(value));
}

const Value* Context::find(std::string_view name) const {
  for (const auto& entry : entries_) {
    if (entry.first == name) return &entry.second;
  }
  return nullptr;
}

bool operator==(const Context& a, const Context& b) {
  if (a.size() != b.size()) return false;
  return std::all_of(a.entries_.begin(), a.entries_.end(), [&](const Context::Entry& e) {
    const Value* other = b.find(e.first);
    return other != nullptr && *other == e.second;
  });
}

std::string_view to_string(Value::Type type) noexcept {
  switch (type) {
    case Value::Type::null: return "null";
    case Value::Type::boolean: return "boolean";
    case Value::Type::number: return "number";
    case Value::Type::string: return "string";
    case Value::Type::date: return "date";
    case Value::Type::time: return "time";
    case Value::Type::date_time: return "date and time";
    case Value::Type::days_time_duration: return "days and time duration";
    case Value::Type::years_months_duration: return "years and months duration";
    case Value::Type::list: return "list";
    case Value::Type::context: return "context";
    case Value::Type::range: return "range";
    case Value::Type::function: return "function";
  }
  return "unknown";
}

}  // namespace switchboard
