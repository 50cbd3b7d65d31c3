#include "runtime/answers.hpp"

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

#include "runtime/record_values.hpp"
#include "store/codec_rows.hpp"
#include "store/store.hpp"

namespace switchboard::runtime {

namespace {

// One list of values per answer. Form 2: the sort of the answer and a context of its fields by their described names (switchboard/records.hpp), so
// that an answer stored by a version with more or fewer fields can be read. Form 1, which is read and no longer written: the sort, then the fields
// one after the other. The sort of a count is followed by the count in both.
constexpr std::int64_t case_sort = 1;
constexpr std::int64_t work_sort = 2;
constexpr std::int64_t count_sort = 3;

/// Instants and spans as whole microseconds; what is empty is left out.
struct StoredForm {
  static constexpr bool may_lack = true;

  [[nodiscard]] std::string_view name(std::string_view name, bool /*is_span*/) const { return name; }
  [[nodiscard]] bool leaves_out(const Value& v) const {
    return v.is_null() || (v.string() != nullptr && v.string()->empty()) || (v.list() != nullptr && v.list()->empty());
  }
  [[nodiscard]] Value instant(Instant at) const { return at.us; }
  [[nodiscard]] Value span(Duration d) const { return d.us; }
  [[nodiscard]] Value number(double d) const { return json_number(d, 9); }
  [[nodiscard]] Value dated(const Value& v) const { return v; }
  [[nodiscard]] bool read(const Value& v, Instant& to) const { return whole(v, to.us); }
  [[nodiscard]] bool read(const Value& v, Duration& to) const { return whole(v, to.us); }

 private:
  [[nodiscard]] static bool whole(const Value& v, std::int64_t& to) {
    const auto n = v.number() == nullptr ? std::nullopt : v.number()->to_int64();
    to = n.value_or(to);
    return n.has_value();
  }
};

std::string bytes_of(List list) { return store::encode_value(Value(std::move(list))); }

Error other_command() {
  return {ErrorKind::conflict, "SB0546", "this request id belongs to another sort of command", "", "give every new command a request id of its own"};
}

/// Takes the fields of an answer in form 1 one after the other; a field of another type makes the whole answer unreadable.
class FirstForm {
 public:
  explicit FirstForm(const List& list) : list_(list) {}
  [[nodiscard]] bool good() const { return good_; }
  void take(std::string& to) {
    const Value* v = next();
    good_ = good_ && v != nullptr && v->string() != nullptr;
    if (good_) to = *v->string();
  }
  template <class T>
  requires std::is_integral_v<T>
  void take(T& to) {
    const Value* v = next();
    const auto n = v == nullptr || v->number() == nullptr ? std::nullopt : v->number()->to_int64();
    good_ = good_ && n.has_value();
    if (good_) to = static_cast<T>(*n);
  }
  void take(Instant& to) { take(to.us); }
  void take(std::optional<Instant>& to) {
    if (position_ < list_.size() && list_[position_].is_null()) {
      ++position_;
    } else {
      take(to.emplace());
    }
  }
  void take(std::vector<std::string>& to) {
    const Value* v = next();
    good_ = good_ && v != nullptr && v->list() != nullptr;
    if (!good_) return;
    for (const Value& item : *v->list()) {
      if (item.string() != nullptr) to.push_back(*item.string());
    }
  }
  void take(Value& to) {
    const Value* v = next();
    good_ = good_ && v != nullptr;
    if (good_) to = *v;
  }
  template <Worded E>
  void take(E& to) {
    std::string word;
    take(word);
    const auto read = parse_word<E>(word);
    good_ = good_ && read.has_value();
    to = read.value_or(to);
  }
  template <class... T>
  void all(T&... to) {
    (take(to), ...);
  }

 private:
  const Value* next() { return position_ < list_.size() ? &list_[position_++] : nullptr; }
  const List& list_;
  std::size_t position_ = 1;  // behind the sort
  bool good_ = true;
};

void read_first(FirstForm& f, CaseInfo& c) {
  f.all(c.instance, c.case_no, c.process, c.definition, c.customer, c.state, c.at, c.started, c.last, c.ended, c.parent);
}

void read_first(FirstForm& f, WorkInfo& w) {
  f.all(w.work, w.instance, w.case_no, w.process, w.node, w.name, w.kind, w.state, w.topic, w.assignee, w.groups, w.form, w.inputs, w.priority,
        w.retries, w.due, w.offered);
  if (const std::size_t slash = w.work.find('/'); slash != std::string::npos) w.work[slash] = '.';  // as ids were written then
}

/// The list of an answer of this sort; SB0546 when it is of another sort, the store's own error when a newer version wrote it.
Result<List> list_of(std::string_view bytes, std::int64_t sort) {
  auto read = store::decode_value("an answer", bytes);
  if (!read && read.error().id == store::newer_form) return read.error();
  const List* list = read ? read.value().value.list() : nullptr;
  if (list == nullptr || list->size() < 2 || list->front().number() == nullptr || list->front().number()->to_int64() != sort) return other_command();
  return *list;
}

template <class R>
Result<R> read_record_answer(std::string_view bytes, std::int64_t sort) {
  SB_TRY(const List list, list_of(bytes, sort));
  if (const Context* fields = list[1].context()) return read_record<StoredForm, R>(StoredForm{}, *fields);
  FirstForm first(list);
  R record;
  read_first(first, record);
  if (!first.good()) return other_command();
  return record;
}

}  // namespace

std::string answer_bytes(const CaseInfo& c) { return bytes_of({case_sort, written(StoredForm{}, c)}); }
std::string answer_bytes(const WorkInfo& w) { return bytes_of({work_sort, written(StoredForm{}, w)}); }
std::string answer_bytes(std::size_t count) { return bytes_of({count_sort, static_cast<std::int64_t>(count)}); }

template <>
Result<CaseInfo> read_answer<CaseInfo>(std::string_view bytes) {
  return read_record_answer<CaseInfo>(bytes, case_sort);
}

template <>
Result<WorkInfo> read_answer<WorkInfo>(std::string_view bytes) {
  return read_record_answer<WorkInfo>(bytes, work_sort);
}

template <>
Result<std::size_t> read_answer<std::size_t>(std::string_view bytes) {
  SB_TRY(const List list, list_of(bytes, count_sort));
  const auto n = list[1].number() == nullptr ? std::nullopt : list[1].number()->to_int64();
  if (!n || *n < 0) return other_command();
  return static_cast<std::size_t>(*n);
}

}  // namespace switchboard::runtime
