// Damaged bytes are refused: never a crash, never another instance.
#include <doctest/doctest.h>

#include <random>

#include "core/bytes.hpp"
#include "core/core.hpp"
#include "core/fields.hpp"

namespace switchboard::core {
namespace {

sla::Ledger some_ledger() {
  sla::Ledger l;
  l.clock = {3};
  l.round = 2;
  l.state = ClockState::paused;
  l.breached = true;
  l.budget.working_days = 3;
  l.remaining.working = Duration::hours(-2);
  l.started = {1'700'000'000'000'000};
  l.due = {1'800'000'000'000'001};
  l.marks_done = 5;
  l.calendar_version = "v7";
  l.by = Instant{1'800'000'000'000'002};
  l.changes = {{{5}, sla::ChangeKind::extend, l.budget, "li", "台风", {6}, {7}}, {{8}, sla::ChangeKind::pause, {}, "wang", "closed", {7}, {7}}};
  l.stands = true;
  l.used = sla::Used{1.5, 80, Duration::hours(3), sla::Late{2, {}}};
  return l;
}

Work some_work() {
  Work w;
  w.key = {9};
  w.element_key = {4};
  w.element = {2};
  w.kind = WorkKind::service;
  w.state = WorkState::claimed;
  w.topic = "sms";
  w.groups = {"a", "客服"};
  w.assignee = "li";
  w.inputs = Context{{"x", 1}, {"y", List{true, Value()}}};
  w.priority = -3;
  w.retries = 2;
  w.due = Instant{-5};
  w.offered = {INT64_MAX};
  w.personal = true;
  w.burnt = true;
  w.due_in.working_days = 2;
  return w;
}

Completion some_completion() { return {{3}, {2}, {1}, {6}, Value(Context{{"hotel", "north"}}), {Value(1), Value()}, {4}, {14}, 3, true}; }

ProcessInstance some_instance() {
  ProcessInstance i;
  i.key = {77};
  i.case_no = "C-1";
  i.process = "p";
  i.definition = "abc";
  i.customer = "1001";
  i.parent = Parent{{5}, {6}};
  i.call_depth = 2;
  i.state = InstanceState::active;
  i.started = {1};
  i.last = {2};
  i.next_key = 300;
  i.sequence = 1000;
  i.data = {Value(), Value("text"), Value(true), Value(*Decimal::parse("12.50")), Value(Date{2026, 3, 2})};
  i.elements = {{{1}, {0}, {}, ActivityState::active}, {{4}, {2}, {1}, ActivityState::active}};
  i.joins = {{{1}, {{{1}, {5}, {6}, 2}}}};
  i.work = {some_work()};
  i.timers = {{{10}, {4}, {3}, {99}, -1, Duration::hours(1), true, {98}, {1, 2, 3, {4}, {5}}, 0, 0, 2}};
  i.subscriptions = {{{11}, {1}, {8}, SubscriptionKind::signal, "storm", "", {97}, 3}};
  i.calls = {{{12}, {4}, {7}, "other", "same", Value(Context{{"a", 1}})}};
  i.clocks = {some_ledger()};
  i.repetitions = {{{4}, 3, Value(List{1, 2, 3}), {{{1}, Value("a")}, {{3}, Value()}}}};
  i.incidents = {{{13}, {4}, {2}, {9}, "SB0520", "no", {3}, {}, Value(Context{{"kept", 1}}), 5, 1}};
  i.occurrences = {{{4}, {9}, 1, Value(Context{{"paid", true}})}};
  i.gateways = {{{1}, {5}, {{6}, {7}}}};
  i.ad_hocs = {{{4}, 2, true}};
  i.completions = {some_completion()};
  i.organisation = "hz";
  return i;
}

std::vector<Event> some_events() {
  std::vector<EventBody> bodies = {InstanceStarted{{1}, "C", "p", "h", "k", Parent{{1}, {2}}, 1, {Value(1), Value("x")}, "m", "hz"},
                                   InstanceCompleted{Context{{"a", 1}}, "err"},
                                   JoinFired{{1}, {2}, {{3}, {4}}},
                                   WorkOffered{some_work()},
                                   WorkFailed{{1}, {2}, "m", "e", "by", 2, Instant{5}},
                                   ClockMarked{some_ledger(), 2, {7}, true},
                                   FeedbackGiven{{1}, {2}, "f", "c", {"sms"}, {{"zh", "你好"}, {"en", "hi"}}, Instant{7}},
                                   CallStarted{{{1}, {2}, {3}, "p", "", {}}, Context{{"x", 1}}, "latest"},
                                   CallStarted{{{1}, {2}, {3}, "customer", "", {}, CallKind::write}, Context{{"key", "1001"}}, ""},
                                   CallFinished{{1}, true, Context{{"found", true}}},
                                   IncidentRaised{{{13}, {4}, {2}, {9}, "SB0520", "no", {3}, {1}, Value("kept"), 5, 1}},
                                   NoteAdded{"t", "b"},
                                   ClockChanged{some_ledger()},
                                   WorkReleased{{1}, "by", 3, true},
                                   ClockMoved{some_ledger(), "why", Instant{9}},
                                   TimerMoved{{1}, {2}, true, "why", Instant{3}, Instant{4}},
                                   WorkMoved{{1}, {2}, {3}, {4}, "why"},
                                   WorkAssigned{{1}, {2}, "li", "wang", "boss", "ill", 4},
                                   OrganisationChanged{{1}, {2}, "hz", "nb", "boss", "moved house", 5},
                                   RepetitionBegun{{4}, {2}, 3, Value(List{1, 2}), 4},
                                   OutputCollected{{4}, {2}, 3, Value("x")},
                                   ElementEntered{{9}, {2}, {4}, 3},
                                   EventOccurred{{4}, {9}, 1, Value("kept")},
                                   OccurrencesCleared{{4}, {9}},
                                   GatewayActivated{{1}, {2}, {{3}, {4}}},
                                   GatewayReset{{1}, {2}, {{3}}},
                                   ActivityBegun{{1}, {2}, "li", true},
                                   DataCorrected{{1}, Value("a"), Value("b"), "li", "why"},
                                   AdHocClosed{{1}, {2}},
                                   CompensationEnabled{some_completion()},
                                   CompensationTriggered{{4}, {2}, {2}, {{3}, {5}}},
                                   CompensationStarted{{3}, {2}, {6}, {14}},
                                   ElementCompensated{{3}, {2}, {1}},
                                   TransactionCancelled{{3}, {2}, {7}}};
  std::vector<Event> all;
  for (auto& body : bodies) all.push_back({all.size() + 1, {static_cast<std::int64_t>(all.size()) * 1000}, std::move(body)});
  return all;
}

/// The body without its check sum, so that the reader itself meets what is wrong.
std::string resealed(std::string bytes) {
  if (bytes.size() < 9) return bytes;
  bytes.resize(bytes.size() - 8);
  const std::uint64_t sum = check_sum(bytes);
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(sum >> (8 * i)));
  return bytes;
}

template <class Decode>
void flip_every_bit(const std::string& bytes, Decode decode) {
  for (std::size_t i = 0; i < bytes.size(); ++i)
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(static_cast<unsigned char>(damaged[i]) ^ (1u << bit));
      CHECK_FALSE(decode(damaged).has_value());
      static_cast<void>(decode(resealed(damaged)));  // may be another value, may not crash
    }
}

template <class Decode>
void cut_and_scramble(const std::string& bytes, Decode decode) {
  for (std::size_t n = 0; n < bytes.size(); ++n) {
    CHECK_FALSE(decode(bytes.substr(0, n)).has_value());
    static_cast<void>(decode(resealed(bytes.substr(0, n))));
  }
  CHECK_FALSE(decode(bytes + '\0').has_value());
  std::mt19937_64 chance(20260302);
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = bytes;
    for (std::uint64_t n = 1 + chance() % 6; n > 0; --n) damaged[chance() % damaged.size()] = static_cast<char>(chance());
    static_cast<void>(decode(resealed(damaged)));
  }
}

}  // namespace

TEST_CASE("an instance reads back as itself") {
  const ProcessInstance i = some_instance();
  const auto back = decode_instance(encode(i));
  REQUIRE(back);
  CHECK(back.value() == i);
  CHECK(decode_instance(encode(ProcessInstance{})).value() == ProcessInstance{});
  MESSAGE("the instance takes " << encode(i).size() << " bytes");
}

/// Form and check sum are around what is counted; numbers in values may count some bytes more than their shortest form.
TEST_CASE("what is counted without writing is never less than what is written, and hardly more") {
  constexpr std::size_t around = 9;
  const auto fits = [](std::uint64_t counted, std::size_t written) {
    CHECK(counted + around >= written);
    CHECK(counted <= written + 100);
  };
  fits(written_bytes(some_instance()), encode(some_instance()).size());
  for (const Event& e : some_events()) fits(written_bytes(e), encode(e).size());
}

TEST_CASE("events read back as themselves") {
  for (const Event& e : some_events()) {
    const auto back = decode_event(encode(e));
    REQUIRE(back);
    CHECK(back.value().sequence == e.sequence);
    CHECK(back.value().at == e.at);
    CHECK(name_of(back.value().body) == name_of(e.body));
    CHECK(describe(back.value(), nullptr) == describe(e, nullptr));
    CHECK(encode(back.value()) == encode(e));
  }
}

TEST_CASE("damaged bytes are refused") {
  const auto decode_i = [](const std::string& b) { return decode_instance(b); };
  const auto decode_e = [](const std::string& b) { return decode_event(b); };
  const std::string instance = encode(some_instance());
  flip_every_bit(instance, decode_i);
  cut_and_scramble(instance, decode_i);
  for (const Event& e : some_events()) {
    flip_every_bit(encode(e), decode_e);
    cut_and_scramble(encode(e), decode_e);
  }
  CHECK(decode_instance("").error().id == "SB0610");
  CHECK(decode_event("\x02").error().id == "SB0610");
}

// A struct of two releases: the second brought `later`, and what was stored before is read without it.
struct Grown {
  std::uint64_t first = 0;
  std::string later = "as before";
};
template <class A>
void fields(A& a, Grown& g) {
  a(g.first);
  a.since(2, g.later);
}
struct Around {
  Grown inner;
  std::uint64_t last = 0;
};
template <class A>
void fields(A& a, Around& o) {
  a(o.inner, o.last);
}

TEST_CASE("bytes are read by the form that they were written in") {
  const Around now{{7, "new"}, 9};
  const auto old = from_bytes<Around>("a thing", to_bytes(now, 1));
  REQUIRE(old);
  CHECK(old.value().inner.first == 7);
  CHECK(old.value().inner.later == "as before");  // the nested struct follows the form of the whole
  CHECK(old.value().last == 9);
  const auto same = from_bytes<Around>("a thing", to_bytes(now));
  REQUIRE(same);
  CHECK(same.value().inner.later == "new");
}

TEST_CASE("bytes of a newer form are refused by name, damaged ones as damaged") {
  std::string bytes = encode(ProcessInstance{});
  bytes.front() = static_cast<char>(newest_form + 1);
  const auto newer = decode_instance(resealed(bytes));
  REQUIRE_FALSE(newer);
  CHECK(newer.error().id == "SB0616");
  CHECK(newer.error().kind == ErrorKind::storage);
  CHECK(newer.error().message ==
        fmt::format("written by a newer version of Switchboard: form {} of a case, this one reads up to {}", newest_form + 1, newest_form));
  CHECK(decode_instance(bytes).error().id == "SB0610");  // the check sum does not fit: a flipped bit, not a newer version
  bytes.front() = 0;
  CHECK(decode_instance(resealed(bytes)).error().id == "SB0610");
}

TEST_CASE("a size that cannot be is refused before memory is asked for") {
  ByteWriter w;
  w.bytes.push_back('\1');
  w(std::uint64_t{1}, Instant{}, std::uint64_t{12}, DataChanged{}.slot);
  w.one(std::uint64_t{1} << 60);
  CHECK_FALSE(decode_event(resealed(w.bytes + "12345678")).has_value());
}

}  // namespace switchboard::core
