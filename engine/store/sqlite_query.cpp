// Lists for people: statements put together from the filters that are set, so that each finds its index.
#include <fmt/format.h>

#include <algorithm>

#include "store/codec_rows.hpp"
#include "store/seals.hpp"
#include "store/sqlite_store.hpp"

namespace switchboard::store {

namespace {

/// Conditions that are joined by AND, with their values in order.
class Filter {
 public:
  void require(std::string_view condition) { where_ += fmt::format("{}{}", where_.empty() ? " WHERE " : " AND ", condition); }
  void require(std::string_view condition, Bound value) {
    require(condition);
    values_.push_back(std::move(value));
  }
  /// An empty text does not filter.
  void maybe(std::string_view condition, const std::string& text) {
    if (!text.empty()) require(condition, text);
  }
  void maybe(std::string_view condition, InstanceKey key) {
    if (key) require(condition, static_cast<std::int64_t>(key.value));
  }
  void maybe(std::string_view condition, const std::optional<Instant>& at) {
    if (at) require(condition, at->us);
  }
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] const std::vector<Bound>& values() const { return values_; }

 private:
  std::string where_;
  std::vector<Bound> values_;
};

std::int64_t signed_of(std::uint64_t n) { return static_cast<std::int64_t>(n); }

/// By case: through the instance's own indexes, wherever the rows stand.
void filter_case(Filter& f, const Query& q, std::string_view instance_column) {
  if (!q.case_no.empty()) f.require(fmt::format("{} IN (SELECT id FROM instance WHERE case_no = ?)", instance_column), q.case_no);
  if (!q.customer.empty()) f.require(fmt::format("{} IN (SELECT id FROM instance WHERE customer = ?)", instance_column), q.customer);
}

core::InstanceState state_of(const std::string& word) {
  for (const core::InstanceState s :
       {core::InstanceState::active, core::InstanceState::suspended, core::InstanceState::completed, core::InstanceState::cancelled}) {
    if (core::to_string(s) == word) return s;
  }
  throw DamagedRow{fmt::format("a case is in the unknown state '{}'", word)};
}

InstanceRow instance_row(const Rows& rows) {
  InstanceRow r;
  r.instance = {rows.number(0)};
  r.case_no = rows.text(1);
  r.process = rows.text(2);
  r.definition = rows.text(3);
  r.customer = rows.text(4);
  r.parent = {rows.number(5)};
  r.state = state_of(rows.text(6));
  r.stage = rows.text(7);
  r.started = rows.instant(8);
  r.last = rows.instant(9);
  r.ended = rows.instant(10);
  return r;
}

template <class T>
T word_to(std::string_view word, std::initializer_list<T> all) {
  for (const T t : all) {
    if (word_of(t) == word) return t;
  }
  throw DamagedRow{fmt::format("an outbox record says '{}'", word)};
}

OutboxRow outbox_row(const Rows& rows) {
  OutboxRow r;
  r.id = rows.number(0);
  r.key = rows.text(1);
  r.kind = word_to(rows.bytes(2), {OutboxRow::Kind::feedback, OutboxRow::Kind::escalation, OutboxRow::Kind::message, OutboxRow::Kind::incident});
  r.state = word_to(rows.bytes(3), {OutboxRow::State::waiting, OutboxRow::State::delivered, OutboxRow::State::failed});
  r.instance = {rows.number(4)};
  r.name = rows.text(5);
  r.customer = rows.text(6);
  const auto what = [&] { return fmt::format("outbox record {} is not what was written", r.id); };
  const std::int64_t sum = seal_of_outbox(r.key, rows.bytes(2), r.instance.value, r.name, r.customer, rows.bytes(14), rows.bytes(7));
  if (sum != rows.whole(15)) throw DamagedRow{what()};
  r.body = whole(decode_value("an outbox record", rows.bytes(7)), what).value;
  r.created = rows.instant(8);
  r.delivered = rows.maybe_instant(9);
  r.attempts = static_cast<std::uint32_t>(rows.number(10));
  r.error = rows.text(11);
  r.case_no = rows.text(12);
  r.process = rows.text(13);
  return r;
}

}  // namespace

Result<std::vector<InstanceRow>> SqliteStore::instances(const Query& q) {
  Filter f;
  f.maybe("id = ?", q.instance);
  f.maybe("case_no = ?", q.case_no);
  f.maybe("process = ?", q.process);
  f.maybe("customer = ?", q.customer);
  // The index on customers holds only those who are known; the planner must be told.
  if (!q.customer.empty()) f.require("customer <> ''");
  f.maybe("state = ?", q.state);
  if (q.open_only) f.require("ended IS NULL");
  if (q.roots_only) f.require("parent IS NULL");
  if (q.with_incidents) f.require("incidents > 0");
  f.require("id > ?", signed_of(q.after));
  const std::string sql = "SELECT id, case_no, process, definition, customer, parent, state, stage, started, last, ended FROM instance" + f.where() +
                          fmt::format(" ORDER BY id LIMIT {}", std::min<std::size_t>(q.limit, 1'000'000'000));
  return read([&](Connection& c) -> Result<std::vector<InstanceRow>> {
    std::vector<InstanceRow> found;
    Rows rows = c.query_text(sql, f.values());
    while (rows.next()) found.push_back(instance_row(rows));
    return found;
  });
}

Result<std::vector<WorkRow>> SqliteStore::work(const Query& q) {
  if (q.limit == 0) return std::vector<WorkRow>();
  Filter f;
  f.maybe("g.name = ?", q.group);
  f.maybe("w.topic = ?", q.topic);
  f.maybe("w.state = ?", q.state);
  f.maybe("w.assignee = ?", q.assignee);
  if (!q.assignee.empty()) f.require("w.assignee <> ''");
  if (!q.topic.empty()) f.require("w.topic <> ''");
  f.maybe("w.instance = ?", q.instance);
  filter_case(f, q, "w.instance");
  f.maybe("i.process = ?", q.process);
  f.maybe("w.due <= ?", q.due_before);
  f.require("w.instance > ?", signed_of(q.after));
  const std::string source =
      q.group.empty() ? std::string("work w") : std::string("work_group g CROSS JOIN work w ON w.instance = g.instance AND w.key = g.key");
  const std::string order = q.group.empty() ? "w.instance, w.key" : "g.instance, g.key";
  const std::string sql = "SELECT w.instance, w.key, w.element, i.snapshot FROM " + source + " CROSS JOIN instance i ON i.id = w.instance" +
                          f.where() + " ORDER BY " + order;
  return read([&](Connection& c) -> Result<std::vector<WorkRow>> {
    std::vector<WorkRow> found;
    core::ProcessInstance instance;
    Rows rows = c.query_text(sql, f.values());
    while (rows.next()) {
      const InstanceKey key{rows.number(0)};
      if (found.size() >= q.limit && found.back().instance != key) break;
      if (instance.key != key) instance = snapshot_of(rows, 3, key);
      const core::Work* work = instance.find(core::WorkKey{rows.number(1)});
      if (work == nullptr) throw DamagedRow{fmt::format("case {} has no work {}, but a row of it", text_of(key), rows.number(1))};
      found.push_back(
          {key, instance.case_no, instance.process, instance.definition, rows.text(2), instance.state == core::InstanceState::suspended, *work});
    }
    return found;
  });
}

Result<std::vector<ClockRow>> SqliteStore::clocks(const Query& q) {
  if (q.limit == 0) return std::vector<ClockRow>();
  Filter f;
  f.maybe("c.instance = ?", q.instance);
  filter_case(f, q, "c.instance");
  f.maybe("i.process = ?", q.process);
  f.maybe("c.id = ?", q.clock);
  f.maybe("c.state = ?", q.state);
  if (q.open_only) f.require("c.ended IS NULL");
  f.maybe("c.due <= ?", q.due_before);
  f.maybe("c.due > ?", q.due_after);
  f.require("c.instance > ?", signed_of(q.after));
  const std::string sql =
      "SELECT c.instance, c.id, c.ledger, i.case_no, i.process, i.definition, i.customer, c.seal FROM clock c CROSS JOIN instance i ON i.id = "
      "c.instance" +
      f.where() + (q.due_before ? " ORDER BY c.due, c.instance, c.clock, c.round" : " ORDER BY c.instance, c.clock, c.round");
  return read([&](Connection& c) -> Result<std::vector<ClockRow>> {
    std::vector<ClockRow> found;
    Rows rows = c.query_text(sql, f.values());
    while (rows.next()) {
      const InstanceKey key{rows.number(0)};
      if (found.size() >= q.limit && (q.due_before || found.back().instance != key)) break;
      const auto what = [&] { return fmt::format("clock '{}' of case {} is not what was written", rows.text(1), text_of(key)); };
      if (seal_of_clock(key.value, rows.bytes(1), rows.bytes(2)) != rows.whole(7)) throw DamagedRow{what()};
      found.push_back({key, rows.text(3), rows.text(4), rows.text(5), rows.text(1), rows.text(6), whole(decode_ledger(rows.bytes(2)), what)});
    }
    return found;
  });
}

Result<std::vector<OutboxRow>> SqliteStore::outbox(const Query& q) {
  Filter f;
  f.maybe("o.instance = ?", q.instance);
  filter_case(f, q, "o.instance");
  f.maybe("i.process = ?", q.process);
  f.maybe("o.state = ?", q.state);
  f.maybe("o.kind = ?", q.kind);
  if (q.open_only) f.require("o.state = 'waiting'");
  f.require("o.id > ?", signed_of(q.after));
  const std::string sql =
      "SELECT o.id, o.key, o.kind, o.state, o.instance, o.name, o.customer, o.body, o.created, o.delivered, o.attempts, o.error, i.case_no, "
      "i.process, o.text, o.seal "
      "FROM outbox o LEFT JOIN instance i ON i.id = o.instance" +
      f.where() + fmt::format(" ORDER BY o.id LIMIT {}", std::min<std::size_t>(q.limit, 1'000'000'000));
  return read([&](Connection& c) -> Result<std::vector<OutboxRow>> {
    std::vector<OutboxRow> found;
    Rows rows = c.query_text(sql, f.values());
    while (rows.next()) found.push_back(outbox_row(rows));
    return found;
  });
}

}  // namespace switchboard::store
