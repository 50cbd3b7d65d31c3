// Lists for people: statements put together from the filters that are set, so that each finds its index.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "store/codec_rows.hpp"
#include "store/seals.hpp"
#include "store/sqlite_filter.hpp"
#include "store/sqlite_store.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::store {

namespace {

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
  r.reopens = {rows.number(11)};
  return r;
}

}  // namespace

namespace {

/// What is behind every text that begins with `text`.
std::string behind_all(const std::string& text) { return text + "\xf4\x8f\xbf\xbf"; }

/// `column` is `text`, or begins so.
void filter_text(Filter& f, std::string_view column, const std::string& text, bool prefix) {
  if (!prefix) return f.require(fmt::format("{} = ?", column), text);
  f.require(fmt::format("{} >= ?", column), text);
  f.require(fmt::format("{} < ?", column), behind_all(text));
}

/// Through an index of `search`; a text of any name also through those of the case and customer numbers.
void filter_search(Filter& all, const SearchTerm& term) {
  const std::string value = folded(term.text);
  Filter f;
  if (!term.name.empty()) f.require("name = ?", term.name);
  filter_text(f, "value", value, term.prefix);
  if (!term.name.empty()) return all.require(fmt::format("i.id IN (SELECT instance FROM search{})", f.where()), f.values());
  Filter by_case;
  filter_text(by_case, "case_no", term.text, term.prefix);
  Filter by_customer;
  by_customer.require("customer <> ''");
  filter_text(by_customer, "customer", term.text, term.prefix);
  std::vector<Bound> values = f.values();
  values.insert(values.end(), by_case.values().begin(), by_case.values().end());
  values.insert(values.end(), by_customer.values().begin(), by_customer.values().end());
  all.require(fmt::format("i.id IN (SELECT instance FROM search{} UNION ALL SELECT id FROM instance{} UNION ALL SELECT id FROM instance{})",
                          f.where(), by_case.where(), by_customer.where()),
              values);
}

/// The stage is a list of paths; the node is one of them, or the end of one.
void filter_node(Filter& f, const std::string& node) {
  const auto among = [&](std::string_view before) { return std::vector<Bound>{fmt::format("{}{},", before, node)}; };
  std::vector<Bound> values = among(" ");
  values.push_back(among("/").front());
  f.require("(instr(' ' || i.stage || ',', ?) > 0 OR instr(' ' || i.stage || ',', ?) > 0)", values);
}

std::vector<std::string> words_in(const std::string& list) {
  std::vector<std::string> words;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    if (end > begin) words.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

void filter_states(Filter& f, const std::string& states) {
  if (states.empty()) return;
  std::string places;
  std::vector<Bound> values;
  for (std::string& word : words_in(states)) {
    places += places.empty() ? "?" : ", ?";
    values.emplace_back(std::move(word));
  }
  f.require(fmt::format("i.state IN ({})", places), values);
}

/// From where instances are taken, and under which conditions.
struct Source {
  std::string from;
  Filter filter;
};

/// The most selective index first: the instance, what it is found by, case and customer number, where it stands, when it began or ended.
Source instances_in(const Query& q, bool paged) {
  Filter f;
  const auto exact = std::find_if(q.search.begin(), q.search.end(), [](const SearchTerm& t) { return !t.prefix && !t.name.empty(); });
  const bool by_term = exact != q.search.end() && !q.instance;
  if (by_term) {
    f.require("s.name = ?", exact->name);
    f.require("s.value = ?", folded(exact->text));
  }
  f.maybe("i.id = ?", q.instance);
  f.maybe("i.parent = ?", q.parent);
  f.maybe("i.case_no = ?", q.case_no);
  f.maybe("i.process = ?", q.process);
  f.maybe("i.customer = ?", q.customer);
  // The index on customers holds only those who are known; the planner must be told.
  if (!q.customer.empty()) f.require("i.customer <> ''");
  for (auto term = q.search.begin(); term != q.search.end(); ++term)
    if (!by_term || term != exact) filter_search(f, *term);
  filter_states(f, q.state);
  const bool open_only = q.open_only || !q.node.empty();
  if (!q.node.empty()) filter_node(f, q.node);
  if (open_only) f.require("i.ended IS NULL");
  if (q.roots_only) f.require("i.parent IS NULL");
  if (q.with_incidents) f.require("i.incidents > 0");
  f.maybe("i.started >= ?", q.started_from);
  f.maybe("i.started < ?", q.started_before);
  f.maybe("i.ended >= ?", q.ended_from);
  f.maybe("i.ended < ?", q.ended_before);
  const bool is_named = q.instance || q.parent || !q.case_no.empty() || !q.customer.empty() || !q.search.empty();
  const char* after = by_term ? "s.instance > ?" : q.search.empty() && !q.parent ? "i.id > ?" : "+i.id > ?";
  if (paged) f.require(after, signed_of(q.after));
  if (by_term) return {" FROM search s CROSS JOIN instance i ON i.id = s.instance", std::move(f)};
  // Without a filter of its own index, what is open is found without what has ended, and what began or ended lately without what is long ago.
  const bool is_free = !is_named && !q.roots_only && !q.with_incidents;
  const char* index = !is_free         ? ""
                      : open_only      ? " INDEXED BY instance_open"
                      : q.ended_from   ? " INDEXED BY instance_ended"
                      : q.started_from ? " INDEXED BY instance_started"
                                       : "";
  return {fmt::format(" FROM instance i{}", index), std::move(f)};
}

}  // namespace

Statement statement_of_instances(const Query& q) {
  const Source source = instances_in(q, true);
  return {fmt::format("SELECT i.id, i.case_no, i.process, i.definition, i.customer, i.parent, i.state, i.stage, i.started, i.last, i.ended, "
                      "i.reopens{}{} ORDER BY "
                      "{} LIMIT {}",
                      source.from, source.filter.where(), source.from.starts_with(" FROM search") ? "s.instance" : "i.id",
                      std::min<std::size_t>(q.limit, 1'000'000'000)),
          source.filter.values()};
}

Result<std::vector<InstanceRow>> SqliteStore::instances(const Query& q) {
  const Statement statement = statement_of_instances(q);
  return read([&](Connection& c) -> Result<std::vector<InstanceRow>> {
    std::vector<InstanceRow> found;
    Rows rows = c.query_text(statement.sql, statement.values);
    while (rows.next()) found.push_back(instance_row(rows));
    return found;
  });
}

Statement statement_of_count(const Query& q, CountBy by) {
  const Source source = instances_in(q, false);
  const char* key = by == CountBy::state ? "i.state" : by == CountBy::process ? "i.process" : by == CountBy::node ? "i.stage" : "''";
  return {fmt::format("SELECT {}, count(*){}{} GROUP BY 1", key, source.from, source.filter.where()), source.filter.values()};
}

Result<std::vector<CountRow>> SqliteStore::count(const Query& q, CountBy by) {
  const Statement statement = statement_of_count(q, by);
  return read([&](Connection& c) -> Result<std::vector<CountRow>> {
    std::map<std::string, std::uint64_t> counts;
    Rows rows = c.query_text(statement.sql, statement.values);
    while (rows.next()) {
      if (by != CountBy::node) {
        counts[rows.text(0)] += rows.number(1);
        continue;
      }
      for (const std::string& place : places_in(rows.text(0))) counts[place] += rows.number(1);
    }
    std::vector<CountRow> found;
    for (const auto& [key, number] : counts) found.push_back({key, number});
    return found;
  });
}

namespace {

/// From `work w CROSS JOIN instance i`. `filed` says how the group is looked for.
Filter work_filter(const Query& q, std::string_view filed) {
  Filter f;
  if (!q.group.empty()) f.require(filed, q.group);
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
  return f;
}

WorkRow work_row(const Rows& rows) {
  const InstanceKey key{rows.number(0)};
  const auto what = [&] { return fmt::format("work {} of case {} is not what was written", rows.number(1), text_of(key)); };
  WorkRow row{key, rows.text(4), rows.text(5), rows.text(6), rows.text(3), rows.bytes(7) == core::to_string(core::InstanceState::suspended), {}};
  row.customer = rows.text(8);
  row.promise = rows.instant(9);
  auto read = readable(decode_work(rows.bytes(2)));
  if (read && read->first == key && read->second.key.value == rows.number(1)) {
    row.work = std::move(read->second);
  } else {
    row.work.key = {rows.number(1)};
    row.work.priority = static_cast<std::int32_t>(rows.whole(10));
    row.work.offered = rows.instant(11);
    row.damage = what();
  }
  return row;
}

/// What comes behind it in the order of WorkPlace.
void filter_behind(Filter& f, const WorkPlace& place) {
  f.require("i.promise >= ?", place.promise.us);
  f.require(
      "(i.promise, -w.priority, w.offered, w.instance, w.key) > (?, ?, ?, ?, ?)",
      {place.promise.us, -static_cast<std::int64_t>(place.priority), place.offered.us, signed_of(place.instance.value), signed_of(place.work.value)});
}

}  // namespace

/// Ordered by promise, all open work comes from the index of promises, in order but for those that break at the same instant. Of one group, person,
/// topic, case or customer it comes from the index of these, and what is found is ordered.
Statement statement_of_work(const Query& q) {
  constexpr std::string_view columns =
      "SELECT w.instance, w.key, w.item, w.element, i.case_no, i.process, i.definition, i.state, i.customer, i.promise, w.priority, w.offered FROM ";
  constexpr std::string_view of_case = " CROSS JOIN instance i ON i.id = w.instance";
  const bool is_named = !q.group.empty() || !q.assignee.empty() || !q.topic.empty() || q.instance || !q.case_no.empty() || !q.customer.empty();
  const auto conditions = [&](std::string_view filed) {
    Filter f = work_filter(q, filed);
    if (q.by_promise && !is_named) f.require("i.ended IS NULL");
    if (q.by_promise && q.behind) filter_behind(f, *q.behind);
    return f;
  };
  const Filter f = conditions("w.first_group <> '' AND w.first_group = ?");
  Statement statement;
  statement.sql = q.by_promise && !is_named
                      ? fmt::format("{}instance i INDEXED BY instance_promise CROSS JOIN work w ON w.instance = i.id{}", columns, f.where())
                      : fmt::format("{}work w{}{}", columns, of_case, f.where());
  statement.values = f.values();
  if (!q.group.empty()) {  // both halves come in order and are merged
    const Filter others = conditions("g.name = ?");
    statement.sql +=
        fmt::format(" UNION ALL {}work_group g CROSS JOIN work w ON w.instance = g.instance AND w.key = g.key{}{}", columns, of_case, others.where());
    statement.values.insert(statement.values.end(), others.values().begin(), others.values().end());
  }
  statement.sql +=
      q.by_promise ? fmt::format(" ORDER BY 10, 11 DESC, 12, 1, 2 LIMIT {}", std::min<std::size_t>(q.limit, 1'000'000'000)) : " ORDER BY 1, 2";
  return statement;
}

Result<std::vector<WorkRow>> SqliteStore::work(const Query& q) {
  if (q.limit == 0) return std::vector<WorkRow>();
  const Statement statement = statement_of_work(q);
  return read([&](Connection& c) -> Result<std::vector<WorkRow>> {
    std::vector<WorkRow> found;
    Rows rows = c.query_text(statement.sql, statement.values);
    while (rows.next()) {
      if (!q.by_promise && found.size() >= q.limit && found.back().instance.value != rows.number(0)) break;
      found.push_back(work_row(rows));
    }
    return found;
  });
}

namespace {

std::vector<std::string> texts_in(std::string_view json) {
  std::vector<std::string> texts;
  const auto read = parse_json(json);
  const List* list = read ? read.value().list() : nullptr;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    if (const std::string* text = (*list)[i].string()) texts.push_back(*text);
  }
  return texts;
}

}  // namespace

namespace {

// As in the index clock_open. Nobody knows when such a clock is due: it is behind all the others.
constexpr std::string_view on_hold = "(c.state = 'paused' AND NOT c.breached)";

ClockRow clock_row(const Rows& rows) {
  const InstanceKey key{rows.number(0)};
  ClockRow row{key, rows.text(3), rows.text(4), rows.text(5), rows.text(1), rows.text(6), {}, texts_in(rows.bytes(8))};
  auto ledger = readable(decode_ledger(rows.bytes(2)));
  if (ledger && seal_of_clock(key.value, rows.bytes(1), rows.bytes(2)) == rows.whole(7))
    row.ledger = std::move(*ledger);
  else
    row.damage = fmt::format("clock '{}' of case {} is not what was written", rows.text(1), text_of(key));
  return row;
}

}  // namespace

Result<std::vector<ClockRow>> SqliteStore::clocks(const Query& q) {
  if (q.limit == 0) return std::vector<ClockRow>();
  const bool is_open = q.open_only || q.state == sla::to_string(sla::ClockState::running) || q.state == sla::to_string(sla::ClockState::paused);
  const bool of_one = q.instance || !q.case_no.empty() || !q.customer.empty();
  Filter all;
  all.maybe("c.instance = ?", q.instance);
  filter_case(all, q, "c.instance");
  all.maybe("i.process = ?", q.process);
  all.maybe("c.id = ?", q.clock);
  all.maybe("c.state = ?", q.state);
  if (is_open) all.require("c.ended IS NULL");
  all.require("c.instance > ?", signed_of(q.after));
  std::vector<Filter> parts;
  if (q.due_before) {
    Filter& known = parts.emplace_back(all);
    known.require(fmt::format("{} = 0", on_hold));
    known.maybe("c.due <= ?", q.due_before);
    known.maybe("c.due > ?", q.due_after);
    if (*q.due_before == Instant::max()) parts.emplace_back(all).require(fmt::format("{} = 1", on_hold));
  } else {
    if (q.due_after) all.require(fmt::format("(c.due > ? OR {})", on_hold), q.due_after->us);
    parts.push_back(std::move(all));
  }
  return read([&](Connection& c) -> Result<std::vector<ClockRow>> {
    std::vector<ClockRow> found;
    for (const Filter& part : parts) {
      const std::string sql = fmt::format(
          "SELECT c.instance, c.id, c.ledger, i.case_no, i.process, i.definition, i.customer, c.seal, i.holders FROM clock c{} "
          "CROSS JOIN instance i ON i.id = c.instance{} ORDER BY {}c.instance, c.clock, c.round",
          is_open && !of_one ? " INDEXED BY clock_open" : "", part.where(), q.due_before ? "c.due, " : "");
      Rows rows = c.query_text(sql, part.values());
      while (rows.next()) {
        if (found.size() >= q.limit && (q.due_before || found.back().instance.value != rows.number(0))) break;
        found.push_back(clock_row(rows));
      }
    }
    return found;
  });
}

}  // namespace switchboard::store
