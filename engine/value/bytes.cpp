// Canonical bytes. One tag byte, then the content; integers as LEB128 varints, signed ones zigzag first; keys of a context in byte order, so that
// equal contexts have equal bytes (the order of insertion is not kept). decode() accepts exactly what encode() writes.
#include <algorithm>

#include "base/limits.hpp"
#include "switchboard/base/assert.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard {
namespace {

enum class Tag : std::uint8_t { null, no, yes, number, string, date, time, date_time, days_time, years_months, list, context, range };

// --- writing ---

void put(std::string& out, Tag tag) { out += static_cast<char>(tag); }

void put_varint(std::string& out, std::uint64_t v) {
  for (; v >= 0x80; v >>= 7) out += static_cast<char>((v & 0x7f) | 0x80);
  out += static_cast<char>(v);
}

void put_signed(std::string& out, std::int64_t v) {
  put_varint(out, (static_cast<std::uint64_t>(v) << 1) ^ (v < 0 ? ~std::uint64_t{0} : std::uint64_t{0}));
}

void put_text(std::string& out, std::string_view text) {
  put_varint(out, text.size());
  out += text;
}

void put_date(std::string& out, const Date& d) {
  put_signed(out, d.year);
  out += static_cast<char>(d.month);
  out += static_cast<char>(d.day);
}

void put_time(std::string& out, const Time& t) {
  out += static_cast<char>(t.hour);
  out += static_cast<char>(t.minute);
  out += static_cast<char>(t.second);
  put_varint(out, t.nanosecond);
  out += static_cast<char>(t.zone.kind);
  if (t.zone.kind == ZoneInfo::Kind::offset) put_signed(out, t.zone.offset_seconds);
  if (t.zone.kind == ZoneInfo::Kind::zone) put_text(out, t.zone.zone);
}

void put_number(std::string& out, const Decimal& d) {
  const Decimal n = d.normalized();
  put(out, Tag::number);
  const bool wide = n.high() != 0;
  out += static_cast<char>((n.is_negative() ? 1 : 0) | (wide ? 2 : 0));
  put_signed(out, n.exponent());
  put_varint(out, n.low());
  if (wide) put_varint(out, n.high());
}

void put_context(std::string& out, const Context& c) {
  std::vector<const Context::Entry*> sorted;
  sorted.reserve(c.size());
  for (const auto& e : c.entries()) sorted.push_back(&e);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->first < b->first; });
  put_varint(out, sorted.size());
  for (const auto* e : sorted) {
    put_text(out, e->first);
    encode(e->second, out);
  }
}

// --- reading ---

Error damaged(std::string_view what) {
  return Error{ErrorKind::invalid, "SB0250", "damaged value bytes: " + std::string(what), "",
               "the bytes were not written by this engine, or were cut"};
}

class Reader {
 public:
  explicit Reader(std::string_view& bytes) : bytes_(bytes) {}

  Result<Value> value(std::size_t depth) {
    if (depth > limits::value_depth) return damaged("nested too deeply");
    SB_TRY(const auto tag, byte(static_cast<std::uint8_t>(Tag::range)));
    switch (static_cast<Tag>(tag)) {
      case Tag::null: return Value();
      case Tag::no: return Value(false);
      case Tag::yes: return Value(true);
      case Tag::number: return number();
      case Tag::string: {
        SB_TRY(auto text, text_of());
        return Value(std::string(text));
      }
      case Tag::date: {
        SB_TRY(const auto d, date());
        return Value(d);
      }
      case Tag::time: {
        SB_TRY(auto t, time());
        return Value(std::move(t));
      }
      case Tag::date_time: {
        SB_TRY(const auto d, date());
        SB_TRY(auto t, time());
        return Value(DateTime{d, std::move(t)});
      }
      case Tag::days_time: return days_time();
      case Tag::years_months: {
        SB_TRY(const auto months, signed_number());
        return Value(YearsMonthsDuration{months});
      }
      case Tag::list: return list(depth);
      case Tag::context: return context(depth);
      case Tag::range: return range(depth);
    }
    return damaged("unknown tag");
  }

 private:
  Result<std::uint8_t> byte(std::uint8_t highest) {
    if (bytes_.empty()) return damaged("cut short");
    const auto b = static_cast<std::uint8_t>(bytes_.front());
    if (b > highest) return damaged("a byte out of its range");
    bytes_.remove_prefix(1);
    return b;
  }
  Result<std::uint64_t> varint() {
    std::uint64_t out = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      SB_TRY(const auto b, byte(0xff));
      const std::uint64_t part = b & 0x7fu;
      if (shift == 63 && part > 1) return damaged("a number too long");
      out |= part << shift;
      if ((b & 0x80u) != 0) continue;
      if (b == 0 && shift != 0) return damaged("a number not in its shortest form");
      return out;
    }
    return damaged("a number too long");
  }
  Result<std::int64_t> signed_number() {
    SB_TRY(const auto v, varint());
    return static_cast<std::int64_t>((v >> 1) ^ ((v & 1u) != 0 ? ~std::uint64_t{0} : std::uint64_t{0}));
  }
  Result<std::string_view> text_of() {
    SB_TRY(const auto size, varint());
    if (size > bytes_.size()) return damaged("cut short");
    const std::string_view out = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return out;
  }
  Result<Value> number() {
    SB_TRY(const auto flags, byte(3));
    SB_TRY(const auto exponent, signed_number());
    SB_TRY(const auto low, varint());
    std::uint64_t high = 0;
    if ((flags & 2u) != 0) {
      SB_TRY(const auto upper, varint());
      if (upper == 0) return damaged("a number not in its shortest form");
      high = upper;
    }
    if (exponent < INT32_MIN || exponent > INT32_MAX) return damaged("an exponent out of range");
    const auto d = Decimal::from_parts((flags & 1u) != 0, high, low, static_cast<std::int32_t>(exponent));
    if (!d) return damaged("a number out of range");
    const Decimal n = d->normalized();
    const bool canonical = n.exponent() == exponent && n.low() == low && n.high() == high && n.is_negative() == ((flags & 1u) != 0);
    if (!canonical) return damaged("a number not in its shortest form");
    return Value(*d);
  }
  Result<Date> date() {
    SB_TRY(const auto year, signed_number());
    SB_TRY(const auto month, byte(12));
    SB_TRY(const auto day, byte(31));
    if (year < -max_year || year > max_year || month == 0 || day == 0 || day > days_in_month(year, month)) return damaged("not a date");
    return Date{static_cast<std::int32_t>(year), month, day};
  }
  Result<Time> time() {
    Time t;
    SB_TRY(t.hour, byte(23));
    SB_TRY(t.minute, byte(59));
    SB_TRY(t.second, byte(59));
    SB_TRY(const auto nanosecond, varint());
    if (nanosecond > 999'999'999) return damaged("not a time");
    t.nanosecond = static_cast<std::uint32_t>(nanosecond);
    SB_TRY(const auto kind, byte(2));
    t.zone.kind = static_cast<ZoneInfo::Kind>(kind);
    if (t.zone.kind == ZoneInfo::Kind::offset) {
      SB_TRY(const auto offset, signed_number());
      if (offset < -max_offset_seconds || offset > max_offset_seconds) return damaged("not an offset");
      t.zone.offset_seconds = static_cast<std::int32_t>(offset);
    }
    if (t.zone.kind == ZoneInfo::Kind::zone) {
      SB_TRY(const auto zone, text_of());
      t.zone.zone = std::string(zone);
    }
    return t;
  }
  Result<Value> days_time() {
    SB_TRY(const auto seconds, signed_number());
    SB_TRY(const auto ns, signed_number());
    const bool one_sign = !(seconds > 0 && ns < 0) && !(seconds < 0 && ns > 0);
    if (!one_sign || ns <= -1'000'000'000 || ns >= 1'000'000'000) return damaged("not a duration");
    return Value(DaysTimeDuration{seconds, static_cast<std::int32_t>(ns)});
  }
  Result<Value> list(std::size_t depth) {
    SB_TRY(const auto size, varint());
    if (size > bytes_.size()) return damaged("cut short");
    List out;
    out.reserve(size);
    for (std::uint64_t i = 0; i < size; ++i) {
      SB_TRY(auto item, value(depth + 1));
      out.push_back(std::move(item));
    }
    return Value(std::move(out));
  }
  Result<Value> context(std::size_t depth) {
    SB_TRY(const auto size, varint());
    if (size > bytes_.size()) return damaged("cut short");
    Context out;
    std::string_view last;
    for (std::uint64_t i = 0; i < size; ++i) {
      SB_TRY(const auto name, text_of());
      if (i != 0 && name <= last) return damaged("names out of order");
      last = name;
      SB_TRY(auto item, value(depth + 1));
      out.append_new(name, std::move(item));
    }
    return Value(std::move(out));
  }
  Result<Value> range(std::size_t depth) {
    SB_TRY(const auto flags, byte(7));
    Range r;
    r.low_end = (flags & 1u) != 0 ? Range::End::closed : Range::End::open;
    r.high_end = (flags & 2u) != 0 ? Range::End::closed : Range::End::open;
    r.unary = (flags & 4u) != 0;
    SB_TRY(r.low, value(depth + 1));
    SB_TRY(r.high, value(depth + 1));
    return Value(std::move(r));
  }

  std::string_view& bytes_;
};

}  // namespace

void encode(const Value& v, std::string& out) {
  switch (v.type()) {
    case Value::Type::null: put(out, Tag::null); return;
    case Value::Type::boolean: put(out, *v.boolean() ? Tag::yes : Tag::no); return;
    case Value::Type::number: put_number(out, *v.number()); return;
    case Value::Type::string:
      put(out, Tag::string);
      put_text(out, *v.string());
      return;
    case Value::Type::date:
      put(out, Tag::date);
      put_date(out, *v.date());
      return;
    case Value::Type::time:
      put(out, Tag::time);
      put_time(out, *v.time());
      return;
    case Value::Type::date_time:
      put(out, Tag::date_time);
      put_date(out, v.date_time()->date);
      put_time(out, v.date_time()->time);
      return;
    case Value::Type::days_time_duration:
      put(out, Tag::days_time);
      put_signed(out, v.days_time_duration()->seconds);
      put_signed(out, v.days_time_duration()->nanoseconds);
      return;
    case Value::Type::years_months_duration:
      put(out, Tag::years_months);
      put_signed(out, v.years_months_duration()->months);
      return;
    case Value::Type::list:
      put(out, Tag::list);
      put_varint(out, v.list()->size());
      for (const auto& item : *v.list()) encode(item, out);
      return;
    case Value::Type::context:
      put(out, Tag::context);
      put_context(out, *v.context());
      return;
    case Value::Type::range: {
      const Range& r = *v.range();
      put(out, Tag::range);
      out += static_cast<char>((r.low_end == Range::End::closed ? 1 : 0) | (r.high_end == Range::End::closed ? 2 : 0) | (r.unary ? 4 : 0));
      encode(r.low, out);
      encode(r.high, out);
      return;
    }
    case Value::Type::function: SB_UNREACHABLE("a function value cannot be stored");
  }
}

namespace {

bool storable_at(const Value& v, std::size_t depth) {
  if (depth > limits::value_depth || v.is(Value::Type::function)) return false;
  const auto inner = [depth](const Value& x) { return storable_at(x, depth + 1); };
  if (const auto* l = v.list()) return std::all_of(l->begin(), l->end(), inner);
  if (const auto* c = v.context()) return std::all_of(c->entries().begin(), c->entries().end(), [&](const auto& e) { return inner(e.second); });
  if (const auto* r = v.range()) return inner(r->low) && inner(r->high);
  return true;
}

}  // namespace

bool is_storable(const Value& v) { return storable_at(v, 0); }

Result<Value> decode(std::string_view& bytes) {
  std::string_view rest = bytes;
  auto out = Reader(rest).value(0);
  if (out) bytes = rest;
  return out;
}

}  // namespace switchboard
