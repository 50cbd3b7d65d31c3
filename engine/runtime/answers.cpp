#include "runtime/answers.hpp"

#include <cstdint>
#include <optional>
#include <utility>

#include "store/codec_rows.hpp"
#include "store/store.hpp"

namespace switchboard::runtime {

namespace {

// One list of values per answer; the first is its sort.
constexpr int case_sort = 1;
constexpr int work_sort = 2;
constexpr int count_sort = 3;

Value number_of(std::int64_t n) { return Value(n); }
Value instant_value(const std::optional<Instant>& t) { return t ? number_of(t->us) : Value(); }
Value texts_value(const std::vector<std::string>& texts) {
  List list;
  for (const std::string& t : texts) list.emplace_back(t);
  return Value(std::move(list));
}

std::string bytes_of(List list) { return store::encode_value(Value(std::move(list))); }

/// Takes the fields of an answer one after the other; a field of another type makes the whole answer unreadable.
class Fields {
 public:
  Fields(std::string_view bytes, int sort) {
    auto read = store::decode_value("an answer", bytes);
    if (!read && read.error().id == store::newer_form) newer_ = read.error();
    if (!read || read.value().value.list() == nullptr) return;
    value_ = std::move(read).value().value;
    good_ = whole() == sort;
  }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] Error refusal() const {
    if (newer_) return *newer_;
    return {ErrorKind::conflict, "SB0546", "this request id belongs to another sort of command", "",
            "give every new command a request id of its own"};
  }
  std::string text() {
    const Value* v = next();
    const std::string* s = v == nullptr ? nullptr : v->string();
    good_ = good_ && s != nullptr;
    return s == nullptr ? std::string() : *s;
  }
  std::int64_t whole() {
    const Value* v = next();
    const Decimal* d = v == nullptr ? nullptr : v->number();
    const auto n = d == nullptr ? std::nullopt : d->to_int64();
    good_ = good_ && n.has_value();
    return n.value_or(0);
  }
  Instant instant() { return {whole()}; }
  std::optional<Instant> maybe_instant() {
    if (position_ < size() && (*value_.list())[position_].is_null()) {
      ++position_;
      return std::nullopt;
    }
    return instant();
  }
  std::vector<std::string> texts() {
    std::vector<std::string> found;
    const Value* v = next();
    if (v == nullptr || v->list() == nullptr) {
      good_ = false;
      return found;
    }
    for (const Value& item : *v->list()) {
      if (item.string() != nullptr) found.push_back(*item.string());
    }
    return found;
  }
  Value value() {
    const Value* v = next();
    good_ = good_ && v != nullptr;
    return v == nullptr ? Value() : *v;
  }

 private:
  [[nodiscard]] std::size_t size() const { return value_.list() == nullptr ? 0 : value_.list()->size(); }
  const Value* next() { return position_ < size() ? &(*value_.list())[position_++] : nullptr; }
  Value value_;
  std::size_t position_ = 0;
  bool good_ = false;
  std::optional<Error> newer_;
};

}  // namespace

std::string answer_bytes(const CaseInfo& c) {
  return bytes_of({case_sort, c.instance, c.case_no, c.process, c.definition, c.customer, c.state, texts_value(c.at), number_of(c.started.us),
                   number_of(c.last.us), instant_value(c.ended), c.parent});
}

std::string answer_bytes(const WorkInfo& w) {
  return bytes_of({work_sort, w.id, w.instance, w.case_no, w.process, w.element, w.name, w.kind, w.state, w.topic, w.assignee, texts_value(w.groups),
                   texts_value(w.form), w.inputs, w.priority, w.retries, instant_value(w.due), number_of(w.offered.us)});
}

std::string answer_bytes(std::size_t count) { return bytes_of({count_sort, number_of(static_cast<std::int64_t>(count))}); }

template <>
Result<CaseInfo> read_answer<CaseInfo>(std::string_view bytes) {
  Fields f(bytes, case_sort);
  if (!f.good()) return f.refusal();
  CaseInfo c;
  c.instance = f.text();
  c.case_no = f.text();
  c.process = f.text();
  c.definition = f.text();
  c.customer = f.text();
  c.state = f.text();
  c.at = f.texts();
  c.started = f.instant();
  c.last = f.instant();
  c.ended = f.maybe_instant();
  c.parent = f.text();
  if (!f.good()) return f.refusal();
  return c;
}

template <>
Result<WorkInfo> read_answer<WorkInfo>(std::string_view bytes) {
  Fields f(bytes, work_sort);
  if (!f.good()) return f.refusal();
  WorkInfo w;
  w.id = f.text();
  w.instance = f.text();
  w.case_no = f.text();
  w.process = f.text();
  w.element = f.text();
  w.name = f.text();
  w.kind = f.text();
  w.state = f.text();
  w.topic = f.text();
  w.assignee = f.text();
  w.groups = f.texts();
  w.form = f.texts();
  w.inputs = f.value();
  w.priority = static_cast<std::int32_t>(f.whole());
  w.retries = static_cast<std::int32_t>(f.whole());
  w.due = f.maybe_instant();
  w.offered = f.instant();
  if (!f.good()) return f.refusal();
  return w;
}

template <>
Result<std::size_t> read_answer<std::size_t>(std::string_view bytes) {
  Fields f(bytes, count_sort);
  const std::int64_t n = f.whole();
  if (!f.good() || n < 0) return f.refusal();
  return static_cast<std::size_t>(n);
}

}  // namespace switchboard::runtime
