// A record written field by field into a context, and read from one, along its description. How instants, spans and what is empty are written is up
// to a form: that of the doors (answer_values.cpp) or that of stored answers (answers.cpp).
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "switchboard/answers.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::runtime {

template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;
template <class T>
constexpr bool is_span = std::same_as<T, Duration> || std::same_as<T, std::optional<Duration>>;

/// Form has `instant`, `span`, `number` (leaf -> Value), `name(name, is_span)` and `leaves_out(value)`.
template <class Form, class R>
class RecordWriter {
 public:
  RecordWriter(const Form& form, const R& record, Context& to) : form_(form), record_(record), to_(to) {}

  template <class T, class Owner>
  void operator()(std::string_view name, T Owner::*member, std::string_view /*meaning*/, const Look& look = {}) {
    Value value = is_damaged(record_) && !look.known ? Value() : written(record_.*member, look);
    if (form_.leaves_out(value)) return;
    to_.append_new(form_.name(name, is_span<T>), std::move(value));
  }

 private:
  Value written(const std::string& s, const Look& look) const { return look.null_if_empty && s.empty() ? Value() : Value(s); }
  Value written(const std::vector<std::string>& all, const Look&) const { return List(all.begin(), all.end()); }
  Value written(const Value& v, const Look& look) const { return look.dated ? form_.dated(v) : v; }
  Value written(bool b, const Look&) const { return b; }
  Value written(Instant at, const Look&) const { return form_.instant(at); }
  Value written(Duration d, const Look&) const { return form_.span(d); }
  Value written(double d, const Look&) const { return form_.number(d); }
  template <class T>
  Value written(const std::optional<T>& v, const Look& look) const {
    return v ? written(*v, look) : Value();
  }
  template <Worded E>
  Value written(E e, const Look&) const {
    return to_string(e);
  }
  template <std::signed_integral T>
  Value written(T n, const Look&) const {
    return static_cast<std::int64_t>(n);
  }
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) Value written(T n, const Look&)
  const { return json_number(static_cast<std::uint64_t>(n)); }

  const Form& form_;
  const R& record_;
  Context& to_;
};

/// Form has `read(value, Instant&)`, `read(value, Duration&)`, `name(name, is_span)` and `may_lack`, whether a field may be left out. `bad()` names
/// the first field that is missing or of another type; empty: all are read.
template <class Form, class R>
class RecordReader {
 public:
  RecordReader(const Form& form, const Context& from, R& record, std::string& bad) : form_(form), from_(from), record_(record), bad_(bad) {
    const Value* damaged = from.find("damaged");
    is_damaged_ = damaged != nullptr && damaged->string() != nullptr;
  }

  template <class T, class Owner>
  void operator()(std::string_view name, T Owner::*member, std::string_view /*meaning*/, const Look& look = {}) {
    const auto written = form_.name(name, is_span<T>);
    const Value* value = from_.find(written);
    const bool lacks = value == nullptr && !Form::may_lack;
    const bool absent = value == nullptr || (value->is_null() && (is_optional<T> || look.null_if_empty || (is_damaged_ && !look.known)));
    if (bad_.empty() && (lacks || (!absent && !read(*value, record_.*member)))) bad_ = written;
  }

 private:
  bool read(const Value& v, std::string& to) const {
    if (v.string() == nullptr) return false;
    to = *v.string();
    return true;
  }
  bool read(const Value& v, std::vector<std::string>& to) const {
    if (v.list() == nullptr) return false;
    for (const Value& one : *v.list()) {
      if (one.string() == nullptr) return false;
      to.push_back(*one.string());
    }
    return true;
  }
  bool read(const Value& v, Value& to) const {
    to = v;
    return true;
  }
  bool read(const Value& v, bool& to) const {
    if (v.boolean() == nullptr) return false;
    to = *v.boolean();
    return true;
  }
  bool read(const Value& v, Instant& to) const { return form_.read(v, to); }
  bool read(const Value& v, Duration& to) const { return form_.read(v, to); }
  bool read(const Value& v, double& to) const {
    if (v.number() == nullptr) return false;
    to = v.number()->to_double();
    return true;
  }
  template <class T>
  bool read(const Value& v, std::optional<T>& to) const {
    return read(v, to.emplace());
  }
  template <Worded E>
  bool read(const Value& v, E& to) const {
    const auto word = v.string() == nullptr ? std::nullopt : parse_word<E>(*v.string());
    to = word.value_or(to);
    return word.has_value();
  }
  template <std::integral T>
  requires(!std::same_as<T, bool>) bool read(const Value& v, T& to) const {
    const auto n = v.number() == nullptr ? std::nullopt : v.number()->to_int64();
    if (!n || !std::in_range<T>(*n)) return false;
    to = static_cast<T>(*n);
    return true;
  }

  const Form& form_;
  const Context& from_;
  R& record_;
  std::string& bad_;
  bool is_damaged_ = false;
};

template <class Form, class R>
[[nodiscard]] Context written(const Form& form, const R& record) {
  Context to;
  Described<R>::visit(RecordWriter<Form, R>(form, record, to));
  return to;
}

/// SB0558 when it does not fit.
template <class Form, class R>
[[nodiscard]] Result<R> read_record(const Form& form, const Context& from) {
  R record;
  std::string bad;
  Described<R>::visit(RecordReader<Form, R>(form, from, record, bad));
  if (bad.empty()) return record;
  return Error{ErrorKind::invalid, "SB0558", "'" + bad + "' is missing or of another type than docs/answers.md says", std::string(Described<R>::name),
               "hand in an answer as it was given"};
}

}  // namespace switchboard::runtime
