#include "switchboard/value/value.hpp"

#include <algorithm>
#include <type_traits>

namespace switchboard {

struct Value::ListBox {
  List content;
  std::uint32_t depth;
  std::uint64_t bytes;
};
struct Value::ContextBox {
  Context content;
  std::uint32_t depth;
  std::uint64_t bytes;
};
struct Value::RangeBox {
  Range content;
  std::uint32_t depth;
  std::uint64_t bytes;
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

std::uint64_t bytes_of_number(std::uint64_t n) {
  std::uint64_t bytes = 1;
  for (; n >= 0x80; n >>= 7) ++bytes;
  return bytes;
}
std::uint64_t bytes_of_text(std::string_view text) { return bytes_of_number(text.size()) + text.size(); }
std::uint64_t sum(std::uint64_t a, std::uint64_t b) { return std::min(a + b, Value::most_written_bytes); }

std::uint64_t bytes_of(const List& l) {
  std::uint64_t bytes = 1 + bytes_of_number(l.size());
  for (const auto& item : l) bytes = sum(bytes, item.written_bytes());
  return bytes;
}
std::uint64_t bytes_of(const Context& c) {
  std::uint64_t bytes = 1 + bytes_of_number(c.size());
  for (const auto& entry : c.entries()) bytes = sum(bytes, bytes_of_text(entry.first) + entry.second.written_bytes());
  return bytes;
}
std::uint64_t bytes_of(const Range& r) { return sum(2 + r.low.written_bytes(), r.high.written_bytes()); }

/// An offset or the name of a zone included.
std::uint64_t bytes_of(const Time& t) {
  constexpr std::uint64_t without_zone = 3 + 5 + 1;
  if (t.zone.kind == ZoneInfo::Kind::zone) return without_zone + bytes_of_text(t.zone.zone);
  return without_zone + 3;
}

template <class Box, class T>
std::shared_ptr<const Box> boxed(T content) {
  const std::uint32_t depth = depth_of(content);
  const std::uint64_t bytes = bytes_of(content);
  return std::make_shared<Box>(Box{std::move(content), depth, bytes});
}

}  // namespace

Value::Value(Time t) : type_(Type::time), box_(std::make_shared<const Time>(std::move(t))) {}
Value::Value(DateTime t) : type_(Type::date_time), box_(std::make_shared<const DateTime>(std::move(t))) {}
Value::Value(List l) : type_(Type::list), box_(boxed<ListBox>(std::move(l))) {}
Value::Value(Context c) : type_(Type::context), box_(boxed<ContextBox>(std::move(c))) {}
Value::Value(Range r) : type_(Type::range), box_(boxed<RangeBox>(std::move(r))) {}

static_assert(sizeof(Decimal) <= sizeof(std::uint64_t[3]) && sizeof(Date) <= sizeof(std::uint64_t[3]) &&
              sizeof(DaysTimeDuration) <= sizeof(std::uint64_t[3]) && sizeof(YearsMonthsDuration) <= sizeof(std::uint64_t[3]));
static_assert(std::is_trivially_copyable_v<Decimal> && std::is_trivially_copyable_v<Date> && std::is_trivially_copyable_v<DaysTimeDuration> &&
              std::is_trivially_copyable_v<YearsMonthsDuration>);

bool Value::append(Value item) {
  if (type_ != Type::list) return false;
  const auto* box = static_cast<const ListBox*>(box_.get());
  const bool alone = box_.use_count() == 1;
  const std::uint32_t depth = std::max(box->depth, item.depth() + 1);
  const std::uint64_t longer = bytes_of_number(box->content.size() + 1) - bytes_of_number(box->content.size());
  const std::uint64_t bytes = sum(box->bytes + longer, item.written_bytes());
  if (alone) {
    auto& mine = const_cast<ListBox&>(*box);  // boxed() made it without const, and nobody else has it
    mine.content.push_back(std::move(item));
    mine.depth = depth;
    mine.bytes = bytes;
  } else {
    List copy = box->content;
    copy.push_back(std::move(item));
    box_ = std::make_shared<ListBox>(ListBox{std::move(copy), depth, bytes});
  }
  return alone;
}

void Value::copy_rest(const Value& other) {
  if (type_ == Type::string) {
    ::new (&string_) std::string(other.string_);
  } else {
    ::new (&box_) std::shared_ptr<const void>(other.box_);
  }
}

void Value::destroy() noexcept {
  if (type_ == Type::string) {
    string_.~basic_string();
  } else {
    box_.~shared_ptr();
  }
}

std::uint32_t Value::depth() const {
  switch (type_) {
    case Type::list: return static_cast<const ListBox*>(box_.get())->depth;
    case Type::context: return static_cast<const ContextBox*>(box_.get())->depth;
    case Type::range: return static_cast<const RangeBox*>(box_.get())->depth;
    case Type::null:
    case Type::boolean:
    case Type::number:
    case Type::string:
    case Type::date:
    case Type::time:
    case Type::date_time:
    case Type::days_time_duration:
    case Type::years_months_duration:
    case Type::function: break;
  }
  return 0;
}

std::uint64_t Value::written_bytes() const {
  constexpr std::uint64_t date_bytes = 4 + 2;
  switch (type_) {
    case Type::number: {
      constexpr std::uint64_t around = 2 + 3;  // tag and flags, an exponent
      return around + bytes_of_number(number_.low()) + (number_.high() == 0 ? 0 : bytes_of_number(number_.high()));
    }
    case Type::string: return 1 + bytes_of_text(string_);
    case Type::date: return 1 + date_bytes;
    case Type::time: return 1 + bytes_of(*time());
    case Type::date_time: return 1 + date_bytes + bytes_of(date_time()->time);
    case Type::days_time_duration:
    case Type::years_months_duration: return 1 + 10 + 5;
    case Type::list: return static_cast<const ListBox*>(box_.get())->bytes;
    case Type::context: return static_cast<const ContextBox*>(box_.get())->bytes;
    case Type::range: return static_cast<const RangeBox*>(box_.get())->bytes;
    case Type::null:
    case Type::boolean:
    case Type::function: break;
  }
  return 1;
}

const Time* Value::time() const { return type_ == Type::time ? static_cast<const Time*>(box_.get()) : nullptr; }
const DateTime* Value::date_time() const { return type_ == Type::date_time ? static_cast<const DateTime*>(box_.get()) : nullptr; }
const List* Value::list() const { return type_ == Type::list ? &static_cast<const ListBox*>(box_.get())->content : nullptr; }
const Context* Value::context() const { return type_ == Type::context ? &static_cast<const ContextBox*>(box_.get())->content : nullptr; }
const Range* Value::range() const { return type_ == Type::range ? &static_cast<const RangeBox*>(box_.get())->content : nullptr; }
std::shared_ptr<const FunctionObject> Value::function() const {
  return type_ == Type::function ? std::static_pointer_cast<const FunctionObject>(box_) : nullptr;
}
const FunctionObject* Value::function_object() const { return type_ == Type::function ? static_cast<const FunctionObject*>(box_.get()) : nullptr; }

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
