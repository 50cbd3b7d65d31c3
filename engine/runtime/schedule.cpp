// Timer start events: the latest deployment of a process starts cases by itself when they are due. What a schedule has done is kept as the answer to
// a request of its own, and every start carries a request id with its due instant: so nothing starts twice, whoever ticks.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runtime/answers.hpp"
#include "runtime/errand_names.hpp"
#include "runtime/ids.hpp"
#include "runtime/timekeeper.hpp"
#include "store/codec_rows.hpp"

namespace switchboard::runtime {

namespace {

/// Cases that one timer start event may start in one tick: it holds nobody up.
constexpr std::size_t most_starts_of_one = 1000;

/// The timer as it stands, or nothing when it has fired for the last time.
std::string schedule_bytes(const std::optional<core::Timer>& timer) {
  List fields;
  if (timer)
    fields = {Value(timer->due.us), Value(timer->remaining), Value(timer->period.us), Value(timer->armed.us),
              Value(calendar::to_string(timer->every))};
  return store::encode_value(Value(std::move(fields)));
}

Result<std::optional<core::Timer>> read_schedule(std::string_view bytes, model::ElementIndex start) {
  const auto read = store::decode_value("a timer start event", bytes);
  if (!read && read.error().id == store::newer_form) return read.error();
  const List* fields = read ? read.value().value.list() : nullptr;
  if (fields != nullptr && fields->empty()) return std::optional<core::Timer>();
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; fields != nullptr && i < fields->size(); ++i)
    if (const Decimal* d = (*fields)[i].number())
      if (const auto n = d->to_int64()) numbers.push_back(*n);
  auto every = calendar::parse_duration("0 s");  // four numbers alone: written before form 3
  if (fields != nullptr && fields->size() == 5)
    if (const std::string* text = (*fields)[4].string()) every = calendar::parse_duration(*text);
  if (numbers.size() != 4 || !every) return Error{ErrorKind::storage, "SB0603", "what is kept of a timer start event cannot be read", "", ""};
  core::Timer timer;
  timer.element = start;
  timer.due = {numbers[0]};
  timer.remaining = numbers[1];
  timer.period = {numbers[2]};
  timer.armed = {numbers[3]};
  timer.every = every.value();
  return std::optional(timer);
}

}  // namespace

/// Fires at most `limit` starts that are due; `next`: when the next one is.
Result<std::size_t> Timekeeper::start_scheduled(Instant until, std::size_t limit, TickReport& report, std::optional<Instant>& next) {
  SB_TRY(const auto schedules, definitions_.schedules());
  const std::size_t share = std::clamp<std::size_t>(limit / 4, 1, most_starts_of_one);  // the rest is for the timers and marks of cases
  std::size_t fired = 0;
  for (const auto& [process, why] : schedules.broken) {
    if (!is_damage(why)) return why;
    ++report.damaged;
    SB_TRYV(outbox_.report_trouble({}, "process " + process, why));
  }
  for (const Schedule& s : schedules.starts) {
    auto done = start_by(s, until, std::min(limit - fired, share), report, next);
    if (done) {
      fired += done.value();
      continue;
    }
    if (done.error().kind == ErrorKind::storage && !is_damage(done.error())) return done.error();
    // One that cannot be counted holds nobody else up.
    SB_TRYV(outbox_.report_trouble({}, request_of_schedule(s.process->id, s.number, s.start_event), done.error()));
  }
  return fired;
}

Result<std::size_t> Timekeeper::start_by(const Schedule& s, Instant until, std::size_t limit, TickReport& report, std::optional<Instant>& next) {
  const std::string name = request_of_schedule(s.process->id, s.number, s.start_event);
  const model::ElementIndex start = s.process->find_element(s.start_event);
  SB_TRY(const auto known, store_.answer_of(name));
  std::optional<core::Timer> timer;
  if (known) {
    SB_TRY(timer, read_schedule(*known, start));
  } else {
    SB_TRY(timer, core::start_timer(*s.process, start, s.deployed));
  }
  std::size_t fired = 0;
  const driver::StartPoint point{s.process, s.start_event};
  for (; timer && timer->due <= until && fired < limit; ++fired) {
    Post post(offices_, name);
    SB_TRY(const driver::Courier::Fired firing, driver::Courier(post).start_by_timer(point, *timer, until));
    courier_.carry_out(std::move(post.errands));
    if (firing.started && !post.last->known) {  // somebody else's tick may have started it
      ++report.timers;
      report.worst_lateness = std::max(report.worst_lateness, until - timer->due);
    }
    timer = firing.next;
    SB_TRYV(commands_.keep_answer(name, schedule_bytes(timer), true));
  }
  if (timer && timer->due <= until && limit > 0 && fired >= limit) ++report.put_off;
  if (timer && (!next || timer->due < *next)) next = timer->due;
  return fired;
}

}  // namespace switchboard::runtime
