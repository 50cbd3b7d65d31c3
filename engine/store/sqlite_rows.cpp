#include "store/sqlite_rows.hpp"

#include <algorithm>

#include "store/codec_rows.hpp"
#include "store/seals.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::store {

namespace {

ClockLine clock_line(const model::ExecutableProcess& process, InstanceKey instance, const sla::Ledger& ledger) {
  ClockLine line;
  line.ledger = &ledger;
  line.id = ledger.clock.value < process.clocks.size() ? process.clocks[ledger.clock.value].id : std::string("?");
  line.budget = calendar::to_string(ledger.budget);
  line.bytes = encode_ledger(ledger);
  line.seal = seal_of_clock(instance.value, line.id, line.bytes);
  return line;
}

OutboxLine outbox_line(OutboxRow row) {
  OutboxLine line;
  line.body = encode_value(row.body);
  line.text = to_json(row.body);
  line.seal = seal_of_outbox(row.key, word_of(row.kind), row.instance.value, row.name, row.customer, line.text, line.body);
  line.place = place_of(row);
  line.row = std::move(row);
  return line;
}

}  // namespace

WorkLine work_line(const model::ExecutableProcess& process, InstanceKey instance, const core::Work& work, bool is_new) {
  WorkLine line;
  line.work = &work;
  line.element = path_of(process, work.element);
  line.groups = json_of(work.groups);
  line.item = encode_work(instance, work);
  line.is_new = is_new;
  std::vector<std::string> groups = work.groups;
  if (groups.empty()) return line;
  line.first_group = groups.front();
  std::sort(groups.begin(), groups.end());
  groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  std::erase(groups, line.first_group);
  line.other_groups = std::move(groups);
  return line;
}

SqliteRows::SqliteRows(const Change& change) {
  if (!change.request_id.empty()) request_seal = seal_of_request(change.request_id, change.answer);
  for (const OutboxRow& row : change.outbox) outbox.push_back(outbox_line(row));
  for (const driver::KeptMessage& m : change.keeps) {
    kept.push_back({&m, encode_value(m.message.payload), 0});
    kept.back().seal = seal_of_kept(m, kept.back().payload, change.request_id);
  }
  if (change.after == nullptr) return;
  const core::ProcessInstance& after = *change.after;
  bytes = core::written_bytes(after);
  is_apart = bytes > most_bytes_in_row;
  was_apart = change.before != nullptr && core::written_bytes(*change.before) > most_bytes_in_row;
  if (!is_apart) snapshot = core::encode(after);
  holders = json_of(holders_of(after));
  if (!change.events.empty()) {
    events = core::encode(change.events);
    what = number_events(change.events);
    history_seal = seal_of_history(after.key.value, change.events.front().sequence, change.events.back().sequence, events, change.process->hash);
  }
  rows = row_changes(change);
  for (const core::Subscription* s : rows.subscriptions_new) waiting.push_back({s, seal_of_waiting(after.key, after.case_no, *s)});
  for (const core::Work* w : rows.work_new) work.push_back(work_line(*change.process, after.key, *w, true));
  for (const core::Work* w : rows.work_changed) work.push_back(work_line(*change.process, after.key, *w, false));
  for (const sla::Ledger* l : rows.clocks) clocks.push_back(clock_line(*change.process, after.key, *l));
  for (OutboxRow& row : rows.outbox) outbox.push_back(outbox_line(std::move(row)));
  for (const Errand& e : rows.errands) {
    errands.push_back({e.key, encode_errand(e.effect), e.chain, 0});
    errands.back().seal = seal_of_errand(e.key, errands.back().bytes);
  }
}

void write_waiting_row(Connection& connection, InstanceKey instance, const std::string& case_no, const core::Subscription& s, std::int64_t seal) {
  connection.run("INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", static_cast<std::uint32_t>(s.kind), s.name, s.correlation,
                 instance, s.key, case_no, s.element_key, s.element.value, seal, s.opened);
}

}  // namespace switchboard::store
