// Lists for people: statements put together from the filters that are set, so that each finds its index.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

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
  r.organisation = rows.text(11);
  return r;
}

}  // namespace

namespace {

/// Of the columns that rows of cases are made of.
Filter instance_filter(const Query& q) {
  Filter f;
  f.maybe("id = ?", q.instance);
  f.maybe("case_no = ?", q.case_no);
  filter_process(f, q, "process");
  f.maybe("customer = ?", q.customer);
  // The index on customers holds only those who are known; the planner must be told.
  if (!q.customer.empty()) f.require("customer <> ''");
  f.maybe("state = ?", q.state);
  if (q.open_only) f.require("ended IS NULL");
  if (q.roots_only) f.require("parent IS NULL");
  if (q.with_incidents) f.require("incidents > 0");
  f.require("id > ?", signed_of(q.after));
  return f;
}

constexpr std::string_view instance_columns =
    "SELECT id, case_no, process, definition, customer, parent, state, stage, started, last, ended, organisation FROM instance";

/// Cases of so many units are found unit by unit, each in order, and merged. Those of more are a good part of all: they are met on the way through
/// all.
constexpr std::size_t most_merged = 32;

struct Statement {
  std::string sql;
  std::vector<Bound> values;
};

/// Without a filter of its own index, what is open is found without what has ended, and what belongs to a unit without what belongs to others: a page
/// costs what stands on it, however many cases there ever were.
Statement instance_statement(const Query& q) {
  const std::string order = fmt::format(" ORDER BY id LIMIT {}", std::min<std::size_t>(q.limit, 1'000'000'000));
  const bool has_index = q.with_incidents || q.instance || !q.case_no.empty() || !q.customer.empty();
  Filter all = instance_filter(q);
  if (q.organisations.empty()) {
    const bool by_openness = q.open_only && !q.roots_only && !has_index;
    return {fmt::format("{}{}{}{}", instance_columns, by_openness ? " INDEXED BY instance_open" : "", all.where(), order), all.values()};
  }
  if (has_index || (!q.open_only && q.organisations.size() > most_merged)) {
    filter_organisation(all, q, "+organisation");
    return {fmt::format("{}{}{}", instance_columns, all.where(), order), all.values()};
  }
  if (q.open_only) {
    filter_organisation(all, q, "organisation");
    all.require("organisation <> ''");
    return {fmt::format("{} INDEXED BY instance_organisation_open{}{}", instance_columns, all.where(), order), all.values()};
  }
  Statement merged;
  for (const std::string& unit : q.organisations) {
    Filter one = instance_filter(q);
    one.require("organisation <> ''");
    one.require("organisation = ?", unit);
    merged.sql += fmt::format("{}{} INDEXED BY instance_organisation{}", merged.sql.empty() ? "" : " UNION ALL ", instance_columns, one.where());
    merged.values.insert(merged.values.end(), one.values().begin(), one.values().end());
  }
  merged.sql += order;
  return merged;
}

}  // namespace

Result<std::vector<InstanceRow>> SqliteStore::instances(const Query& q) {
  const Statement statement = instance_statement(q);
  return read([&](Connection& c) -> Result<std::vector<InstanceRow>> {
    std::vector<InstanceRow> found;
    Rows rows = c.query_text(statement.sql, statement.values);
    while (rows.next()) found.push_back(instance_row(rows));
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
  filter_process(f, q, "i.process");
  f.maybe("w.due <= ?", q.due_before);
  f.require("w.instance > ?", signed_of(q.after));
  filter_organisation(f, q, "w.organisation");
  return f;
}

/// Of the units that are asked for, whatever group, without what others have to do.
Statement work_of_organisations(const Query& q, std::string_view columns, std::string_view of_case) {
  const bool has_index = q.instance || !q.case_no.empty() || !q.customer.empty() || !q.assignee.empty();
  Query others = q;
  others.group.clear();
  Filter f = work_filter(others, "");
  f.require("w.organisation <> ''");
  if (!q.group.empty()) {
    f.require(
        "EXISTS (SELECT 1 FROM (SELECT ? AS wanted) a WHERE w.first_group = a.wanted OR EXISTS "
        "(SELECT 1 FROM work_group g WHERE g.name = a.wanted AND g.instance = w.instance AND g.key = w.key))",
        q.group);
  }
  return {fmt::format("{}work w{}{}{}", columns, has_index ? "" : " INDEXED BY work_organisation", of_case, f.where()), f.values()};
}

WorkRow work_row(const Rows& rows) {
  const InstanceKey key{rows.number(0)};
  const auto what = [&] { return fmt::format("work {} of case {} is not what was written", rows.number(1), text_of(key)); };
  WorkRow row{key, rows.text(4), rows.text(5), rows.text(6), rows.text(3), rows.bytes(7) == core::to_string(core::InstanceState::suspended), {}};
  row.organisation = rows.text(8);
  auto read = readable(decode_work(rows.bytes(2)));
  if (read && read->first == key && read->second.key.value == rows.number(1)) {
    row.work = std::move(read->second);
  } else {
    row.work.key = {rows.number(1)};
    row.damage = what();
  }
  return row;
}

}  // namespace

Result<std::vector<WorkRow>> SqliteStore::work(const Query& q) {
  if (q.limit == 0) return std::vector<WorkRow>();
  constexpr std::string_view columns =
      "SELECT w.instance, w.key, w.item, w.element, i.case_no, i.process, i.definition, i.state, w.organisation FROM ";
  constexpr std::string_view of_case = " CROSS JOIN instance i ON i.id = w.instance";
  const Filter f = work_filter(q, "w.first_group <> '' AND w.first_group = ?");
  const bool of_units = !q.organisations.empty();
  auto [sql, values] =
      of_units ? work_of_organisations(q, columns, of_case) : Statement{fmt::format("{}work w{}{}", columns, of_case, f.where()), f.values()};
  if (!q.group.empty() && !of_units) {  // both halves come in order and are merged
    const Filter others = work_filter(q, "g.name = ?");
    sql +=
        fmt::format(" UNION ALL {}work_group g CROSS JOIN work w ON w.instance = g.instance AND w.key = g.key{}{}", columns, of_case, others.where());
    values.insert(values.end(), others.values().begin(), others.values().end());
  }
  sql += " ORDER BY 1, 2";
  return read([sql = std::move(sql), values = std::move(values), &q](Connection& c) -> Result<std::vector<WorkRow>> {
    std::vector<WorkRow> found;
    Rows rows = c.query_text(sql, values);
    while (rows.next()) {
      if (found.size() >= q.limit && found.back().instance.value != rows.number(0)) break;
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
  ClockRow row{key, rows.text(3), rows.text(4), rows.text(5), rows.text(1), rows.text(6), {}, texts_in(rows.bytes(8)), {}, rows.text(9)};
  auto ledger = readable(decode_ledger(rows.bytes(2)));
  if (ledger && seal_of_clock(key.value, rows.bytes(1), rows.bytes(2)) == rows.whole(7))
    row.ledger = std::move(*ledger);
  else
    row.damage = fmt::format("clock '{}' of case {} is not what was written", rows.text(1), text_of(key));
  return row;
}

}  // namespace

/// All rounds, those that are over among them: case by case, so that only those of the units are looked at.
Result<std::vector<ClockRow>> SqliteStore::clocks_of_organisations(const Query& q) {
  std::vector<ClockRow> found;
  Query cases;
  cases.organisations = q.organisations;
  cases.process = q.process;
  cases.overlays = q.overlays;
  cases.after = q.after;
  while (found.size() < q.limit) {
    SB_TRY(const std::vector<InstanceRow> page, instances(cases));
    if (page.empty()) break;
    for (const InstanceRow& row : page) {
      if (found.size() >= q.limit) break;
      Query one = q;
      one.organisations.clear();
      one.after = 0;
      one.instance = row.instance;
      SB_TRY(std::vector<ClockRow> clocks, this->clocks(one));
      found.insert(found.end(), std::make_move_iterator(clocks.begin()), std::make_move_iterator(clocks.end()));
    }
    cases.after = page.back().instance.value;
  }
  return found;
}

Result<std::vector<ClockRow>> SqliteStore::clocks(const Query& q) {
  if (q.limit == 0) return std::vector<ClockRow>();
  const bool is_open = q.open_only || q.state == sla::to_string(sla::ClockState::running) || q.state == sla::to_string(sla::ClockState::paused);
  const bool of_one = q.instance || !q.case_no.empty() || !q.customer.empty();
  const bool of_units = !q.organisations.empty();
  if (of_units && !is_open && !of_one && !q.due_before) return clocks_of_organisations(q);
  Filter all;
  filter_organisation(all, q, "i.organisation");
  if (of_units && !of_one && is_open) all.require("i.organisation <> '' AND i.ended IS NULL");
  all.maybe("c.instance = ?", q.instance);
  filter_case(all, q, "c.instance");
  filter_process(all, q, "i.process");
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
      const std::string_view from = of_one || !is_open ? "clock c CROSS JOIN instance i ON i.id = c.instance"
                                    : of_units         ? "instance i INDEXED BY instance_organisation_open CROSS JOIN clock c ON c.instance = i.id"
                                                       : "clock c INDEXED BY clock_open CROSS JOIN instance i ON i.id = c.instance";
      const std::string sql = fmt::format(
          "SELECT c.instance, c.id, c.ledger, i.case_no, i.process, i.definition, i.customer, c.seal, i.holders, i.organisation FROM {}{} "
          "ORDER BY {}c.instance, c.clock, c.round",
          from, part.where(), q.due_before ? "c.due, " : "");
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
