// Compact binary form of plain structs: one `fields` function per struct serves writer and reader. Only for codec_*.cpp.
//
// Layout: form, fields (unsigned integers as LEB128, signed ones zig-zag, sizes first), 8 bytes of check sum. The reader never trusts a size.
//
// All stored structs share one number, the form: it says which fields the bytes hold, of the outermost struct and of all those nested in it. A field
// that comes later goes to the end of its struct's `fields` as `a.since(form, t.field)`: older bytes are read without it and leave its default.
// The form rises once for a release in which any struct gained a field or a closed set a member, and with it the schema number of the database.
// docs/format.md
#pragma once

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/key.hpp"
#include "base/words.hpp"
#include "core/parts.hpp"
#include "switchboard/base/error.hpp"
#include "switchboard/base/time.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::core {

/// 1: releases before 2026-12. 2 and 3: add what `since(2, ...)` and `since(3, ...)` name in the sources.
inline constexpr std::uint8_t newest_form = 8;

/// SB0610: bytes that nobody wrote.
[[nodiscard]] inline Error unreadable(std::string_view what) {
  return {ErrorKind::storage, "SB0610", fmt::format("the stored form of {} is damaged", what), {}, "restore it from a backup"};
}
/// SB0616: whole bytes of a form that this program does not know.
[[nodiscard]] inline Error written_by_newer(std::string_view what, std::uint8_t form) {
  return {ErrorKind::storage,
          "SB0616",
          fmt::format("written by a newer version of Switchboard: form {} of {}, this one reads up to {}", form, what, newest_form),
          {},
          "use the version of Switchboard that wrote it, or a newer one"};
}

/// Every step is a bijection of the state for a given block and of the block for a given state, so a damaged block always shows.
[[nodiscard]] inline std::uint64_t check_sum(std::string_view bytes) {
  std::uint64_t h = 0x9E37'79B9'7F4A'7C15u ^ bytes.size();
  while (!bytes.empty()) {
    std::uint64_t block = 0;
    const std::size_t n = bytes.size() < 8 ? bytes.size() : 8;
    if (std::endian::native == std::endian::little && n == 8) {
      std::memcpy(&block, bytes.data(), 8);
    } else {
      for (std::size_t i = 0; i < n; ++i) block |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    }
    bytes.remove_prefix(n);
    h = (h ^ block) * 0xBF58'476D'1CE4'E5B9u;
    h ^= h >> 29;
  }
  return h;
}

class ByteWriter {
 public:
  static constexpr bool reading = false;
  std::string bytes;

  /// Writes `form`; an older one leaves out what came later.
  explicit ByteWriter(std::uint8_t form = newest_form) : form_(form) {}
  [[nodiscard]] std::uint8_t version() const { return form_; }

  template <class... T>
  void operator()(const T&... fields) {
    (one(fields), ...);
  }
  /// Fields that `form` brought.
  template <class... T>
  void since(std::uint8_t form, const T&... fields) {
    if (form_ >= form) (one(fields), ...);
  }

  void one(bool b) { bytes.push_back(b ? '\1' : '\0'); }
  void one(std::uint64_t n) {
    if (n < 0x80) return bytes.push_back(static_cast<char>(n));
    std::array<char, 10> leb;
    std::size_t size = 0;
    for (; n >= 0x80; n >>= 7) leb[size++] = static_cast<char>((n & 0x7F) | 0x80);
    leb[size++] = static_cast<char>(n);
    bytes.append(leb.data(), size);
  }
  void one(double d) { one(std::bit_cast<std::uint64_t>(d)); }
  void one(std::uint32_t n) { one(static_cast<std::uint64_t>(n)); }
  void one(std::int64_t n) { one((static_cast<std::uint64_t>(n) << 1) ^ static_cast<std::uint64_t>(n >> 63)); }
  void one(std::int32_t n) { one(static_cast<std::int64_t>(n)); }
  void one(const std::string& s) {
    one(static_cast<std::uint64_t>(s.size()));
    bytes += s;
  }
  void one(const Words& words) { one(words.all()); }
  void one(const Value& v) { encode(v, bytes); }
  void one(Instant t) { one(t.us); }
  void one(Duration d) { one(d.us); }
  template <class Tag>
  void one(Key<Tag> k) {
    one(k.value);
  }
  /// npos is 0, so that it costs one byte.
  template <class Tag>
  void one(Index<Tag> i) {
    one(static_cast<std::uint64_t>(i ? static_cast<std::uint64_t>(i.value) + 1 : 0));
  }
  template <class E>
  requires std::is_enum_v<E>
  void one(E e) { one(static_cast<std::uint64_t>(e)); }
  template <class T>
  void one(const std::optional<T>& o) {
    one(o.has_value());
    if (o) one(*o);
  }
  template <class A, class B>
  void one(const std::pair<A, B>& p) {
    one(p.first);
    one(p.second);
  }
  template <class T>
  void one(const std::vector<T>& all) {
    one(static_cast<std::uint64_t>(all.size()));
    for (const T& t : all) one(t);
  }
  /// As a vector of them.
  template <class T>
  void one(const Parts<T>& all) {
    one(static_cast<std::uint64_t>(all.size()));
    for (const T& t : all) one(t);
  }
  template <class T>
  requires std::is_class_v<T>
  void one(const T& t) {
    fields(*this, const_cast<T&>(t));  // NOLINT: a writer only reads
  }

 private:
  std::uint8_t form_;
};

/// How many bytes a writer of the newest form would write, or a few more: without writing them, and without looking into lists and contexts.
class ByteCounter {
 public:
  static constexpr bool reading = false;
  std::uint64_t bytes = 0;

  [[nodiscard]] static std::uint8_t version() { return newest_form; }
  template <class... T>
  void operator()(const T&... fields) {
    (one(fields), ...);
  }
  template <class... T>
  void since(std::uint8_t /*form*/, const T&... fields) {
    (one(fields), ...);
  }

  void one(bool /*b*/) { bytes += 1; }
  void one(std::uint64_t n) {
    for (bytes += 1; n >= 0x80; n >>= 7) bytes += 1;
  }
  void one(double d) { one(std::bit_cast<std::uint64_t>(d)); }
  void one(std::uint32_t n) { one(static_cast<std::uint64_t>(n)); }
  void one(std::int64_t n) { one((static_cast<std::uint64_t>(n) << 1) ^ static_cast<std::uint64_t>(n >> 63)); }
  void one(std::int32_t n) { one(static_cast<std::int64_t>(n)); }
  void one(const std::string& s) {
    one(static_cast<std::uint64_t>(s.size()));
    bytes += s.size();
  }
  void one(const Words& words) { one(words.all()); }
  void one(const Value& v) { bytes += v.written_bytes(); }
  void one(Instant t) { one(t.us); }
  void one(Duration d) { one(d.us); }
  template <class Tag>
  void one(Key<Tag> k) {
    one(k.value);
  }
  template <class Tag>
  void one(Index<Tag> i) {
    one(static_cast<std::uint64_t>(i ? static_cast<std::uint64_t>(i.value) + 1 : 0));
  }
  template <class E>
  requires std::is_enum_v<E>
  void one(E e) { one(static_cast<std::uint64_t>(e)); }
  template <class T>
  void one(const std::optional<T>& o) {
    bytes += 1;
    if (o) one(*o);
  }
  template <class A, class B>
  void one(const std::pair<A, B>& p) {
    one(p.first);
    one(p.second);
  }
  template <class T>
  void one(const std::vector<T>& all) {
    one(static_cast<std::uint64_t>(all.size()));
    for (const T& t : all) one(t);
  }
  template <class T>
  void one(const Parts<T>& all) {
    one(static_cast<std::uint64_t>(all.size()));
    bytes += all.sum([](const T& t) {
      ByteCounter counter;
      counter.one(t);
      return counter.bytes;
    });
  }
  template <class T>
  requires std::is_class_v<T>
  void one(const T& t) {
    fields(*this, const_cast<T&>(t));  // NOLINT: a counter only reads
  }
};

/// The last value of an enumeration that a reader accepts.
template <class E>
constexpr std::uint64_t last_of();

class ByteReader {
 public:
  static constexpr bool reading = true;
  std::string_view bytes;
  bool good = true;

  /// `form`: of what is read, at most newest_form.
  explicit ByteReader(std::string_view b, std::uint8_t form = newest_form) : bytes(b), form_(form) {}
  [[nodiscard]] std::uint8_t version() const { return form_; }

  template <class... T>
  void operator()(T&... fields) {
    (one(fields), ...);
  }
  /// Fields that `form` brought: they stay as they are when the bytes are older.
  template <class... T>
  void since(std::uint8_t form, T&... fields) {
    if (form_ >= form) (one(fields), ...);
  }

  void one(bool& b) {
    const unsigned char c = take();
    if (c > 1) good = false;
    b = c == 1;
  }
  void one(std::uint64_t& n) {
    n = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const unsigned char c = take();
      n |= static_cast<std::uint64_t>(c & 0x7Fu) << shift;
      if ((c & 0x80u) != 0) continue;
      if ((shift == 63 && c > 1) || (c == 0 && shift > 0)) good = false;  // too big, or longer than needed
      return;
    }
    good = false;
  }
  void one(double& d) {
    std::uint64_t bits = 0;
    one(bits);
    d = std::bit_cast<double>(bits);
    if (!std::isfinite(d)) {
      good = false;
      d = 0;
    }
  }
  void one(std::uint32_t& n) {
    std::uint64_t wide = 0;
    one(wide);
    if (wide > UINT32_MAX) good = false;
    n = static_cast<std::uint32_t>(wide);
  }
  void one(std::int64_t& n) {
    std::uint64_t z = 0;
    one(z);
    n = static_cast<std::int64_t>((z >> 1) ^ (~(z & 1) + 1));
  }
  void one(std::int32_t& n) {
    std::int64_t wide = 0;
    one(wide);
    if (wide < INT32_MIN || wide > INT32_MAX) good = false;
    n = static_cast<std::int32_t>(wide);
  }
  void one(std::string& s) {
    const std::size_t n = size();
    s.assign(bytes.substr(0, n));
    bytes.remove_prefix(n);
  }
  void one(Words& words) {
    std::vector<std::string> all;
    one(all);
    words = std::move(all);
  }
  void one(Value& v) {
    if (!good) return;
    auto decoded = decode(bytes);
    if (decoded)
      v = std::move(decoded).value();
    else
      good = false;
  }
  void one(Instant& t) { one(t.us); }
  void one(Duration& d) { one(d.us); }
  template <class Tag>
  void one(Key<Tag>& k) {
    one(k.value);
  }
  template <class Tag>
  void one(Index<Tag>& i) {
    std::uint64_t n = 0;
    one(n);
    if (n > UINT32_MAX) good = false;
    i.value = n == 0 ? Index<Tag>::npos : static_cast<std::uint32_t>(n - 1);
  }
  template <class E>
  requires std::is_enum_v<E>
  void one(E& e) {
    std::uint64_t n = 0;
    one(n);
    if (n > last_of<E>()) good = false;
    e = static_cast<E>(good ? n : 0);
  }
  template <class T>
  void one(std::optional<T>& o) {
    bool there = false;
    one(there);
    o.reset();
    if (there && good) one(o.emplace());
  }
  template <class A, class B>
  void one(std::pair<A, B>& p) {
    one(p.first);
    one(p.second);
  }
  template <class T>
  void one(std::vector<T>& all) {
    const std::size_t n = size();  // every item takes at least one byte
    all.clear();
    for (std::size_t i = 0; i < n && good; ++i) one(all.emplace_back());
  }
  /// Keys that do not ascend are nothing that was written.
  template <class T>
  void one(Parts<T>& all) {
    const std::size_t n = size();
    all.clear();
    decltype(T::key) last;
    for (std::size_t i = 0; i < n && good; ++i) {
      T next{};
      one(next);
      if (!(last < next.key)) good = false;
      last = next.key;
      if (good) all.put(std::move(next));
    }
  }
  template <class T>
  requires std::is_class_v<T>
  void one(T& t) {
    if (good) fields(*this, t);
  }

 private:
  std::uint8_t form_;

  unsigned char take() {
    if (bytes.empty()) {
      good = false;
      return 0;
    }
    const auto c = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    return c;
  }
  /// A size that the rest of the bytes can hold, else 0 and not good.
  std::size_t size() {
    std::uint64_t n = 0;
    one(n);
    if (n > bytes.size()) good = false;
    return good ? static_cast<std::size_t>(n) : 0;
  }
};

/// Makes `body` hold its alternative number `index`, default-constructed. False when there is no such one.
template <class... All>
bool choose(std::variant<All...>& body, std::uint64_t index) {
  return [&]<std::size_t... i>(std::index_sequence<i...> /*all*/) { return ((index == i ? (body.template emplace<i>(), true) : false) || ...); }
  (std::index_sequence_for<All...>{});
}

/// Form, body, check sum. `form` is an older one only where a test writes what a former release would have written.
template <class T>
std::string to_bytes(const T& t, std::uint8_t form = newest_form) {
  ByteWriter w(form);
  w.bytes.reserve(256);
  w.bytes.push_back(static_cast<char>(form));
  w.one(t);
  const std::uint64_t sum = check_sum(w.bytes);
  for (int i = 0; i < 8; ++i) w.bytes.push_back(static_cast<char>(sum >> (8 * i)));
  return std::move(w.bytes);
}

/// Reads by the form that the bytes say. `what` names the thing in a refusal ("a case"): SB0610, or SB0616 when they are newer than this program.
template <class T>
Result<T> from_bytes(std::string_view what, std::string_view bytes) {
  constexpr std::size_t sum_bytes = 8;
  if (bytes.size() < 1 + sum_bytes) return unreadable(what);
  const std::string_view body = bytes.substr(0, bytes.size() - sum_bytes);
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < sum_bytes; ++i) sum |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[body.size() + i])) << (8 * i);
  const auto form = static_cast<std::uint8_t>(body.front());
  if (sum != check_sum(body) || form == 0) return unreadable(what);
  if (form > newest_form) return written_by_newer(what, form);
  ByteReader r(body.substr(1), form);
  T t;
  r.one(t);
  if (!r.good || !r.bytes.empty()) return unreadable(what);
  return t;
}

}  // namespace switchboard::core
