// The descriptions of the records: complete, and the same way in as out, at the doors and in the store.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "runtime/answers.hpp"
#include "runtime/ids.hpp"
#include "switchboard/answers.hpp"

using namespace switchboard;

namespace {

/// Gives every field a value of its own.
class Filler {
 public:
  template <class R>
  static R made() {
    R record;
    Described<R>::visit([&, filler = Filler()](std::string_view name, auto member, std::string_view, const Look& look = {}) mutable {
      filler.fill(record.*member, name, look);
    });
    return record;
  }

 private:
  void fill(std::string& to, std::string_view name, const Look&) { to = "the " + std::string(name); }
  void fill(std::vector<std::string>& to, std::string_view name, const Look&) { to = {std::string(name), "another"}; }
  void fill(bool& to, std::string_view, const Look&) { to = true; }
  void fill(double& to, std::string_view, const Look&) { to = static_cast<double>(++number_) + 0.25; }
  void fill(Instant& to, std::string_view, const Look&) { to = Instant{1'767'000'000'000'000 + ++number_}; }
  void fill(Duration& to, std::string_view, const Look&) { to = Duration::micros(-1'500'000 - ++number_); }
  void fill(Value& to, std::string_view name, const Look&) { to = Context{{"of", std::string(name)}, {"number", ++number_}}; }
  template <Worded E>
  void fill(E& to, std::string_view, const Look&) {
    to = static_cast<E>(WordsOf<E>::all.size() - 1);
  }
  template <std::integral T>
  requires(!std::same_as<T, bool>) void fill(T& to, std::string_view, const Look&) { to = static_cast<T>(++number_); }
  template <class T>
  void fill(std::optional<T>& to, std::string_view name, const Look& look) {
    fill(to.emplace(), name, look);
  }
  std::int64_t number_ = 0;
};

struct Piece {
  std::size_t at, size, alignment;
};

/// Bytes of R that belong to no described field and are no padding in front of one.
template <class R>
std::size_t undescribed() {
  const R record{};
  std::vector<Piece> pieces;
  Described<R>::visit([&](std::string_view, auto member, std::string_view, const Look& = {}) {
    const auto& field = record.*member;
    const auto at = static_cast<std::size_t>(reinterpret_cast<const std::byte*>(&field) - reinterpret_cast<const std::byte*>(&record));
    pieces.push_back({at, sizeof field, alignof(std::remove_cvref_t<decltype(field)>)});
  });
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.at < b.at; });
  pieces.push_back({sizeof(R), 0, alignof(R)});
  std::size_t end = 0, left = 0;
  for (const Piece& p : pieces) {
    const std::size_t padded = (end + p.alignment - 1) / p.alignment * p.alignment;
    left += p.at > padded ? p.at - padded : 0;
    end = p.at + p.size;
  }
  return left;
}

struct Complete {
  template <class R>
  void operator()() {
    INFO(std::string(Described<R>::name), ": a member without a description");
    CHECK(undescribed<R>() == 0);
  }
};

struct ThereAndBack {
  template <class R>
  void operator()() {
    const Value written = to_value(Filler::made<R>(), "Asia/Shanghai");
    INFO(to_json(written));
    const auto read = from_value<R>(written);
    REQUIRE_MESSAGE(read, read.error().text());
    CHECK(to_value(read.value(), "Asia/Shanghai") == written);
    const Value empty = to_value(R{}, "UTC");
    const auto nothing = from_value<R>(empty);
    REQUIRE_MESSAGE(nothing, nothing.error().text());
    CHECK(to_value(nothing.value(), "UTC") == empty);
    CHECK(from_value<R>(Context{}).error().id == "SB0558");
  }
};

}  // namespace

TEST_CASE("every member of a record is described") {
  each_answer(Complete{});
  each_question(Complete{});
}

TEST_CASE("an answer is read back as it was written") { each_answer(ThereAndBack{}); }

TEST_CASE("a field of another type is named") {
  const Value written = to_value(Filler::made<CaseInfo>(), "UTC");
  Context changed = *written.context();
  changed.set("state", "asleep");
  CHECK(from_value<CaseInfo>(changed).error().message.starts_with("'state'"));
  changed.set("state", "active");
  changed.set("of a later version", 1);
  CHECK(from_value<CaseInfo>(changed).value().state == CaseState::active);
}

TEST_CASE("stored answers are read back") {
  const auto c = Filler::made<CaseInfo>();
  CHECK(to_value(runtime::read_answer<CaseInfo>(runtime::answer_bytes(c)).value(), "UTC") == to_value(c, "UTC"));
  const auto w = Filler::made<WorkInfo>();
  CHECK(to_value(runtime::read_answer<WorkInfo>(runtime::answer_bytes(w)).value(), "UTC") == to_value(w, "UTC"));
  CHECK(runtime::read_answer<std::size_t>(runtime::answer_bytes(std::size_t{7})).value() == 7);
  CHECK(runtime::read_answer<WorkInfo>(runtime::answer_bytes(c)).error().id == "SB0546");
  CHECK(runtime::read_answer<CaseInfo>(runtime::answer_bytes(std::size_t{7})).error().id == "SB0546");
}

TEST_CASE("stored answers of the first form are read") {
  const auto bytes = [](List list) {
    std::string out;
    encode(Value(std::move(list)), out);
    return out;
  };
  const List at{Value("work")};
  const auto c = runtime::read_answer<CaseInfo>(bytes({1, "i-17", "R-1", "repair", "hash", "", "suspended", at, 5, 6, Value(), ""}));
  REQUIRE_MESSAGE(c, c.error().text());
  CHECK(c.value().state == CaseState::suspended);
  CHECK(c.value().at == std::vector<std::string>{"work"});
  CHECK(c.value().last == Instant{6});
  CHECK(!c.value().ended);
  const auto w = runtime::read_answer<WorkInfo>(
      bytes({2, "i-17/5", "i-17", "R-1", "repair", "dispatch", "Dispatch", "user", "claimed", "", "li", at, List{}, Value(), 3, 2, 9, 4}));
  REQUIRE_MESSAGE(w, w.error().text());
  CHECK(w.value().work == "i-17.5");
  CHECK(w.value().state == WorkState::claimed);
  CHECK(w.value().due == Instant{9});
  CHECK(runtime::read_answer<CaseInfo>(bytes({1, "i-17", 4})).error().id == "SB0546");
}

TEST_CASE("ids of parts are safe in a URL; those of earlier versions are read") {
  CHECK(runtime::part_id(core::InstanceKey{17}, 5) == "i-17.5");
  for (const char* id : {"i-17.5", "i-17/5"}) CHECK(runtime::parse_part_id(id, "work").value() == std::pair(core::InstanceKey{17}, std::uint64_t{5}));
  for (const char* id : {"", "i-17", "i-17.", "i-17.05", "i-17.5.6", "i-17.5/6", "i-17,5", "17.5"}) {
    INFO(id);
    CHECK(runtime::parse_part_id(id, "work").error().id == "SB0540");
  }
  CHECK(runtime::is_same_part("i-17.5", "i-17/5"));
  CHECK(!runtime::is_same_part("i-17.5", "i-17.6"));
  CHECK(!runtime::is_same_part("R/1", "R.1"));
}
