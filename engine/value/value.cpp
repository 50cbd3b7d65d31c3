#include "value/value.hpp"

#include <algorithm>

namespace switchboard {

Value::Value(List l) : v_(std::make_shared<const List>(std::move(l))) {}
Value::Value(Context c) : v_(std::make_shared<const Context>(std::move(c))) {}
Value::Value(Range r) : v_(std::make_shared<const Range>(std::move(r))) {}

const Time* Value::time() const {
  const auto* p = std::get_if<std::shared_ptr<const Time>>(&v_);
  return p != nullptr ? p->get() : nullptr;
}
const DateTime* Value::date_time() const {
  const auto* p = std::get_if<std::shared_ptr<const DateTime>>(&v_);
  return p != nullptr ? p->get() : nullptr;
}
const List* Value::list() const {
  const auto* p = std::get_if<std::shared_ptr<const List>>(&v_);
  return p != nullptr ? p->get() : nullptr;
}
const Context* Value::context() const {
  const auto* p = std::get_if<std::shared_ptr<const Context>>(&v_);
  return p != nullptr ? p->get() : nullptr;
}
const Range* Value::range() const {
  const auto* p = std::get_if<std::shared_ptr<const Range>>(&v_);
  return p != nullptr ? p->get() : nullptr;
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
