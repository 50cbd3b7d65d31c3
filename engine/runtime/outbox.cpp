#include "runtime/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <utility>

#include "base/plain_text.hpp"
#include "runtime/answers.hpp"
#include "runtime/callbacks.hpp"
#include "runtime/ids.hpp"
#include "runtime/queries.hpp"
#include "runtime/views.hpp"
#include "store/projection.hpp"

namespace switchboard::runtime {

Result<void> Outbox::report_trouble(core::InstanceKey instance, const std::string& about, const Error& why) {
  SB_TRY(const Instant at, time_.now());
  {
    const std::lock_guard lock(mutex_);
    if (!reported_.insert(fmt::format("{}/{}", instance.value, about)).second) return success();
  }
  store::OutboxRow record;
  record.key = fmt::format("{}/trouble-{}", instance_id(instance), about);
  record.kind = store::OutboxRow::Kind::incident;
  record.instance = instance;
  record.name = why.id;
  record.body = Value(Context{{"message", fmt::format("{}: {}", about, why.text())}});
  record.created = at;
  if (const auto loaded = instance ? commands_.load(instance, true) : Result<Loaded>(Loaded{}); loaded && loaded.value()) {
    record.case_no = loaded.value().instance->case_no;
    record.process = loaded.value().instance->process;
    record.customer = loaded.value().instance->customer;
  }
  auto added = add(std::move(record));
  if (added) return success();
  const std::lock_guard lock(mutex_);
  reported_.erase(fmt::format("{}/{}", instance.value, about));
  return added;
}

Result<void> Outbox::add(store::OutboxRow record, const std::string& request_id) {
  Transition t;
  t.outbox.push_back(std::move(record));
  t.request_id = request_id;
  if (!request_id.empty()) t.answer = answer_bytes(std::size_t{0});
  auto written = write(std::move(t));
  if (!written && written.error().id == store::known_request) return success();
  return written;
}

/// What stands beside cases, in a transaction of its own.
Result<void> Outbox::write(Transition t) {
  SB_TRY(t.at, time_.now());
  Transition* one = &t;
  committer_.commit({&one, 1});
  if (t.refused) return *t.refused;
  return success();
}

Result<void> Outbox::set_aside(const store::ErrandKey& errand) {
  Transition t;
  t.errands_aside.push_back(errand);
  return write(std::move(t));
}

Result<store::OutboxRow> Outbox::record(std::uint64_t id) {
  store::Query query;
  query.after = id - 1;
  query.limit = 1;
  SB_TRY(auto rows, store_.outbox(query));
  if (rows.empty() || rows.front().id != id)
    return Error{ErrorKind::not_found, "SB0613", fmt::format("there is no outbox record {}", id), "", "list them with the outbox query"};
  return std::move(rows.front());
}

Result<void> Outbox::decide(store::OutboxVerdict verdict, const std::string& request_id, std::string answer) {
  Transition t;
  t.verdicts.push_back(std::move(verdict));
  t.request_id = request_id;
  t.answer = std::move(answer);
  return write(std::move(t));
}

namespace {

constexpr Duration longest_span = Duration::days(366);

Error makes_no_sense(std::string message, std::string hint) { return {ErrorKind::usage, "SB0556", std::move(message), "", std::move(hint)}; }

Result<void> check_delivery(const Delivery& d) {
  const auto is_span = [](Duration span) { return span > Duration{} && span <= longest_span; };
  if (d.attempts == 0) return makes_no_sense("no attempt is none", "allow at least one");
  if (!is_span(d.back_off))
    return makes_no_sense("the back-off is not above zero, or longer than a year", "say how long to wait after the first attempt");
  if (!is_span(d.longest_back_off))
    return makes_no_sense("the longest back-off is not above zero, or longer than a year", "say how long to wait at most");
  if (!is_span(d.lease)) return makes_no_sense("the lease is not above zero, or longer than a year", "say how long one record may take at most");
  return success();
}

/// How long a record waits that was tried so often in vain: twice as long each time.
Duration wait_after(std::uint64_t attempts, const Delivery& d) {
  Duration wait = std::min(d.back_off, d.longest_back_off);
  for (std::uint64_t n = 1; n < attempts && wait < d.longest_back_off; ++n) wait = std::min(wait + wait, d.longest_back_off);
  return wait;
}

std::string problem_of(const std::function<std::string(const OutboxInfo&)>& adapter, const store::OutboxRow& row) {
  try {
    return adapter(outbox_info(row));
  } catch (const std::exception& e) {
    return std::string("the adapter threw: ") + e.what();
  } catch (...) {
    return "the adapter threw something that is no std::exception";
  }
}

store::OutboxAnswer answer_for(const store::OutboxRow& row, const std::string& problem, Instant at, const Delivery& d) {
  using enum store::OutboxAnswer::Outcome;
  store::OutboxAnswer answer;
  answer.id = row.id;
  answer.token = row.token;
  answer.at = at;
  answer.error = made_plain(problem, TextKind::prose);
  answer.outcome = problem.empty() ? delivered : row.attempts >= d.attempts ? failed : again;
  answer.next_try = at + wait_after(row.attempts, d);
  return answer;
}

}  // namespace

/// What became of one record is noted in the transaction that takes the next, so each costs one. Where filters name some records only, these are gone
/// through by id, and once more from the first when something was taken: what stood behind that may go out then.
Result<std::size_t> Outbox::deliver(const Delivery& d, const std::function<std::string(const OutboxInfo&)>& adapter) {
  if (!adapter) return nothing_to_call("adapter");
  SB_TRYV(check_delivery(d));
  store::OutboxTake take;
  SB_TRY(take.find, query_for(definitions_, d));
  take.attempts = static_cast<std::uint32_t>(std::min<std::size_t>(d.attempts, std::numeric_limits<std::uint32_t>::max()));
  const std::uint64_t first = take.find.after;
  const bool is_filtered = store::names_records(take.find);
  std::size_t delivered = 0;
  std::size_t tried_before = 0;  // when the present round began
  std::optional<store::OutboxAnswer> answer;
  for (std::size_t tried = 0;;) {
    // Told or not, that must be noted: without a clock, with the last instant that it told.
    const Result<Instant> told = time_.now();
    take.now = told ? told.value() : time_.last_told();
    take.lease_until = take.now + d.lease;
    const bool goes_on = told && tried < d.limit;
    auto turn = store_.outbox_turn(answer ? &*answer : nullptr, goes_on ? &take : nullptr);
    if (!turn) {
      // What was told would be told again when its lease runs out: once more, for itself.
      if (answer) static_cast<void>(store_.outbox_turn(&*answer, nullptr));
      return turn.error();
    }
    if (answer && answer->outcome == store::OutboxAnswer::Outcome::delivered && !turn.value().late) ++delivered;
    answer.reset();
    SB_TRYV(told);
    const std::optional<store::OutboxRow>& row = turn.value().row;
    if (!row && (!is_filtered || tried == tried_before || !goes_on)) return delivered;
    if (!row) {
      take.find.after = first;
      tried_before = tried;
      continue;
    }
    if (is_filtered) take.find.after = row->id;
    const std::string problem = problem_of(adapter, *row);
    ++tried;
    const Result<Instant> at = time_.now();
    answer = answer_for(*row, problem, at ? at.value() : time_.last_told(), d);
  }
}

}  // namespace switchboard::runtime
