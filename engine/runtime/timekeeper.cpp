#include "runtime/timekeeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <limits>
#include <map>
#include <utility>

#include "runtime/failures.hpp"
#include "runtime/ids.hpp"
#include "store/projection.hpp"

namespace switchboard::runtime {

namespace {

constexpr std::size_t batch_rows = 256;
constexpr std::size_t most_derived = 256;  ///< cases that follow a changed calendar, in one tick
/// What is made side by side in memory for one transaction; the first of a batch always fits.
constexpr std::uint64_t batch_bytes = 64u << 20;

void count(const store::DueRow& row, Instant at, TickReport& report) {
  switch (row.kind) {
    case store::DueRow::Kind::timer: ++report.timers; break;
    case store::DueRow::Kind::mark: ++report.marks; break;
    case store::DueRow::Kind::retry:
    case store::DueRow::Kind::lease: ++report.retries; break;
  }
  report.worst_lateness = std::max(report.worst_lateness, at - row.due);
}

/// Whether the instance itself says that this is due then.
bool follows_from(const store::DueRow& row, const Loaded& loaded) {
  const std::vector<store::DueRow> rows = core::due_of(*loaded.process, *loaded.instance);
  return std::find(rows.begin(), rows.end(), row) != rows.end();
}

/// How much one case has fired in this tick, so that one that is due again and again holds nobody up.
class Shares {
 public:
  explicit Shares(std::size_t limit) : most_(std::clamp<std::size_t>(limit / 4, 1, most_of_one)) {}

  void count(core::InstanceKey instance) { ++fired_[instance]; }
  [[nodiscard]] bool has_had_its_share(core::InstanceKey instance) const {
    const auto found = fired_.find(instance);
    return found != fired_.end() && found->second >= most_;
  }
  /// The others have had theirs: those that wait may have more, up to the bound. False when nobody can.
  bool widen() {
    const auto waits = [this](const auto& one) { return one.second >= most_ && one.second < most_of_one; };
    if (most_ >= most_of_one || std::none_of(fired_.begin(), fired_.end(), waits)) return false;
    most_ = most_of_one;
    return true;
  }
  static constexpr std::size_t most_of_one = 1000;

 private:
  std::size_t most_;
  std::map<core::InstanceKey, std::size_t> fired_;
};

/// The longest front of `rows` in which no instance comes twice: those can be fired side by side in one transaction.
std::vector<store::DueRow> one_per_instance(const std::vector<store::DueRow>& rows) {
  std::vector<store::DueRow> front;
  std::set<core::InstanceKey> seen;
  for (const store::DueRow& row : rows) {
    if (!seen.insert(row.instance).second) break;
    front.push_back(row);
  }
  return front;
}

}  // namespace

struct Timekeeper::Firing {
  store::DueRow row;
  std::optional<Transition> transition;
  bool is_following = false;  ///< nothing fires: the case follows a calendar
};

Result<TickReport> Timekeeper::tick(std::size_t limit) {
  TickReport report;
  limit = std::min<std::size_t>(limit, std::numeric_limits<std::int32_t>::max());
  SB_TRYV(definitions_.refresh());
  Errands met;
  SB_TRYV(courier_.repeat(met));
  report.damaged += met.damaged;
  report.put_off += met.put_off;
  SB_TRY(const bool all_followed, calendar_pass_.go_on(std::min(limit, most_derived), report));
  SB_TRY(const Instant until, time_.now());
  std::set<store::DueRow> refused;
  std::optional<store::DueRow> position;  // behind rows that are not for this tick
  std::set<core::InstanceKey> put_off;
  Shares shares(limit);
  std::optional<Instant> next_start;
  SB_TRY(std::size_t fired, start_scheduled(until, limit, report, next_start));
  // Every round fires, drops or skips something, unless others are faster; the bound is for them.
  for (std::size_t round = 0; fired < limit && round / 10 < limit + 10; ++round) {
    SB_TRY(auto rows, store_.due(until, position, std::min(batch_rows, limit - fired)));
    if (rows.empty()) {
      if (!shares.widen()) break;
      put_off.clear();
      position.reset();
      continue;
    }
    const store::DueRow last = rows.back();
    std::erase_if(rows, [&](const store::DueRow& row) {
      const bool is_put_off = shares.has_had_its_share(row.instance);
      if (is_put_off) put_off.insert(row.instance);
      return is_put_off || refused.contains(row);
    });
    if (rows.empty()) {
      position = last;
      continue;
    }
    SB_TRY(const std::vector<core::InstanceKey> done, fire_batch(one_per_instance(rows), report, refused));
    for (const core::InstanceKey instance : done) shares.count(instance);
    fired += done.size();
    // What fired may have armed something earlier.
    position.reset();
  }
  report.put_off += put_off.size();
  if (fired < limit) {  // what is due at an instant comes before it
    SB_TRY(report.kept, offices_.keeper.end_times(until, limit - fired));
  }
  SB_TRYV(committer_.flush());
  SB_TRY(report.next_due, next_due(refused));
  SB_TRY(const auto next_end, store_.next_kept_due());
  if (next_end && (!report.next_due || *next_end < *report.next_due)) report.next_due = next_end;
  if (!all_followed || met.put_off > 0) report.next_due = until;  // the next tick goes on
  if (next_start && (!report.next_due || *next_start < *report.next_due)) report.next_due = next_start;
  report.listener_threw = observers_.take_threw();
  if (fired == 0) store_.rest();
  return report;
}

/// What was refused now is no reason to call again at once.
Result<std::optional<Instant>> Timekeeper::next_due(const std::set<store::DueRow>& refused) {
  if (refused.empty()) return store_.next_due();
  constexpr Instant far_away{std::numeric_limits<std::int64_t>::max()};
  std::optional<store::DueRow> position;
  for (;;) {
    SB_TRY(const auto rows, store_.due(far_away, position, batch_rows));
    if (rows.empty()) return std::optional<Instant>();
    for (const store::DueRow& row : rows)
      if (!refused.contains(row)) return std::optional(row.due);
    position = rows.back();
  }
}

/// Fires each of `rows`; gives back whose did.
Result<std::vector<core::InstanceKey>> Timekeeper::fire_batch(const std::vector<store::DueRow>& rows, TickReport& report,
                                                              std::set<store::DueRow>& refused) {
  SB_TRYV(committer_.make_room());
  std::vector<Firing> firings(rows.size());
  std::vector<Transition*> group;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < rows.size() && bytes < batch_bytes; ++i) {
    SB_TRYV(prepare_firing(rows[i], firings[i], report, refused));
    if (!firings[i].transition) continue;
    group.push_back(&*firings[i].transition);
    bytes += core::written_bytes(*firings[i].transition->after);
  }
  committer_.commit(group);
  committer_.tell();
  std::vector<store::Errand> errands;
  std::vector<core::InstanceKey> fired;
  std::optional<Error> failed;
  std::vector<std::pair<const Firing*, Error>> unwritten;
  for (Firing& firing : firings) {
    if (!firing.transition) continue;
    const std::optional<Error>& refusal = firing.transition->refused;
    if (refusal) {
      commands_.forget(firing.row.instance);
      // Somebody changed the instance meanwhile: the next round looks again.
      if (refusal->kind == ErrorKind::conflict) continue;
      if (is_everybodys(*refusal)) {
        failed = refusal;
        continue;
      }
      unwritten.emplace_back(&firing, *refusal);
      continue;
    }
    fired.push_back(firing.row.instance);
    if (firing.is_following)
      ++report.rederived;
    else
      count(firing.row, firing.transition->at, report);
    Applied done = commands_.applied(*firing.transition);
    errands.insert(errands.end(), std::make_move_iterator(done.errands.begin()), std::make_move_iterator(done.errands.end()));
  }
  courier_.carry_out(std::move(errands));
  if (failed) return *failed;
  // What cannot be written of one case is that case's trouble: it is told, and the others go on.
  for (const auto& [firing, why] : unwritten) {
    refused.insert(firing->row);
    SB_TRYV(report_refused(firing->row, *firing->transition->process, *firing->transition->before, why));
  }
  return fired;
}

/// Steps; leaves the firing without a transition when the row is stale (and puts the index right) or refused (and reports that).
Result<void> Timekeeper::prepare_firing(const store::DueRow& row, Firing& firing, TickReport& report, std::set<store::DueRow>& refused) {
  firing.row = row;
  for (const bool fresh : {false, true}) {
    auto found = commands_.load(row.instance, fresh);
    if (!found && !is_everybodys(found.error())) {
      refused.insert(row);
      if (is_damage(found.error())) ++report.damaged;
      return outbox_.report_trouble(row.instance, "what is due", found.error());
    }
    SB_TRY(const auto loaded, std::move(found));
    if (!loaded) {
      refused.insert(row);
      ++report.stale;
      return store_.reindex(row, nullptr, nullptr, 0);
    }
    SB_TRY(const Instant told, time_.now());
    const Instant at = std::max(told, loaded.instance->last);
    core::StepResult result = Commands::step(*loaded.process, *loaded.instance, {"", at, core::command_of(row)});
    if (!result.rejection && !result.stale) {
      firing.transition = Commands::transition_of(loaded, std::move(result), at);
      firing.transition->chain = core::chain_of(*loaded.instance, row);
      return success();
    }
    if (loaded.cached && !fresh) continue;
    if (!loaded.followed.empty()) {
      // It is not due any more on the calendar of today: that is written, and with it the index.
      firing.transition = Commands::transition_of_following(loaded);
      firing.is_following = true;
      return success();
    }
    // Not again in this tick: a damaged index may show a row that cannot be removed.
    refused.insert(row);
    const bool stale = result.stale || !follows_from(row, loaded);
    SB_TRYV(store_.reindex(row, loaded.process.get(), loaded.instance.get(), loaded.version));
    if (stale) {
      ++report.stale;
      return success();
    }
    return report_refused(row, *loaded.process, *loaded.instance, *result.rejection);
  }
  return success();
}

/// Nothing of the engine's own making fails silently: a refused firing becomes an incident record, once, and is tried again by later ticks.
Result<void> Timekeeper::report_refused(const store::DueRow& row, const model::ExecutableProcess& process, const core::ProcessInstance& instance,
                                        const Error& why) {
  const std::string& zone = process.calendar->spec().zone;
  store::OutboxRow record;
  record.key = fmt::format("{}/refused-{}-{}-{}", instance_id(row.instance), core::to_string(row.kind), row.key, row.due.us);
  record.kind = store::OutboxRow::Kind::incident;
  record.instance = row.instance;
  record.case_no = instance.case_no;
  record.process = instance.process;
  record.name = why.id;
  record.customer = instance.customer;
  record.body =
      Value(Context{{"message", fmt::format("the {} due at {} was refused: {}", core::to_string(row.kind), to_string(row.due, zone), why.text())}});
  SB_TRY(record.created, time_.now());
  return outbox_.add(std::move(record));
}

}  // namespace switchboard::runtime
