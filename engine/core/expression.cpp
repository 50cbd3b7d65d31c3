// Expressions over an instance: the host functions they may call, and what their values must be.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/rules.hpp"
#include "core/step.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::core {
namespace {

constexpr std::int64_t micros_per_second = 1'000'000;

Value duration_value(Duration d) { return DaysTimeDuration{d.us / micros_per_second, static_cast<std::int32_t>(d.us % micros_per_second * 1000)}; }

Value instant_value(Instant at, std::string_view zone) {
  auto t = to_date_time(at, zone);
  return t ? Value(std::move(*t)) : Value();
}

/// To a millionth.
Value number_value(double d) { return json_number(d, 6); }

/// Business time of the clock's own kind: of budgets of working days alone, or of working hours alone, that; of all others real time without pauses.
Duration elapsed_of(const sla::Ledger& ledger, const sla::Reading& reading) {
  constexpr double micros_per_day = 86'400e6;
  switch (sla::measure_of(ledger.budget)) {
    case sla::Measure::days: return {static_cast<std::int64_t>(reading.elapsed_working_days * micros_per_day)};
    case sla::Measure::open: return reading.elapsed_working;
    case sla::Measure::wall: break;
  }
  return reading.running_wall;
}

Value late_value(const sla::Late& late) { return late.days ? Value(*late.days) : duration_value(late.time); }

constexpr std::string_view clock_entries[] = {"state", "breached", "due",     "original_due", "started", "elapsed",
                                              "left",  "late",     "percent", "paused",       "round"};

/// What sla("id").NAME is. A reading costs calendar arithmetic: it is made when an entry needs it, once.
class ClockEntries {
 public:
  ClockEntries(const sla::Ledger& ledger, const model::ClockSpec& spec, Instant at, std::string_view zone)
      : ledger_(ledger), spec_(spec), at_(at), zone_(zone) {}

  Value entry(std::string_view name) {
    if (name == "breached") return sla::is_breached(ledger_, at_);
    if (name == "state") return std::string(sla::to_string(ledger_.state));
    if (name == "due") return instant_value(ledger_.due, zone_);
    if (name == "original_due") return instant_value(ledger_.original_due, zone_);
    if (name == "started") return instant_value(ledger_.started, zone_);
    if (name == "round") return static_cast<std::int64_t>(ledger_.round);
    if (name == "elapsed") return duration_value(elapsed_of(ledger_, reading()));
    if (name == "left") return duration_value(reading().left_wall);
    if (name == "late") return late_value(sla::late(ledger_, spec_, at_));
    if (name == "percent") return number_value(reading().percent);
    SB_ASSERT(name == "paused");
    return duration_value(reading().paused_total);
  }
  Value all() {
    Context c;
    for (const std::string_view name : clock_entries) c.append_new(name, entry(name));
    return c;
  }

 private:
  const sla::Reading& reading() {
    if (!reading_) reading_ = sla::read(ledger_, spec_, at_);
    return *reading_;
  }

  const sla::Ledger& ledger_;
  const model::ClockSpec& spec_;
  Instant at_;
  std::string_view zone_;
  std::optional<sla::Reading> reading_;
};

sla::Basis basis_of(const feel::DecisionTable& table, const std::optional<std::uint32_t>& row) {
  if (!row) return {table.id, 0, {}, {}, {}};
  const feel::DecisionTable::Rule& rule = table.rules[*row];
  return {table.id, *row + 1, rule.source, rule.edition, rule.unverified};
}

std::string shown(const feel::Program& program, const feel::Evaluation& e) {
  return e.error.empty() ? fmt::format("`{}` is {}", program.text(), to_feel(e.value)) : fmt::format("`{}`: {}", program.text(), e.error);
}

}  // namespace

Value InstanceHost::call(std::uint32_t id, std::span<const Value> arguments, std::string& error) const {
  if (id >= model::HostFunctionId::first_decision) {
    const std::size_t n = id - model::HostFunctionId::first_decision;
    SB_ASSERT(n < process_.decisions.size());
    const feel::Decision& decision = process_.decisions[n].second;
    std::optional<std::uint32_t> row;
    feel::Evaluation e = decision.evaluate(arguments, frame({}), &row);
    if (basis_ != nullptr) *basis_ = basis_of(decision.table(), row);
    if (!e.error.empty()) error = std::move(e.error);
    return std::move(e.value);
  }
  SB_ASSERT(id == model::HostFunctionId::sla);
  const std::string* name = arguments.empty() ? nullptr : arguments.front().string();
  const ClockIndex clock = name == nullptr ? ClockIndex{} : process_.find_clock(*name);
  if (!clock) {
    error = "sla(): there is no such clock";
    return {};
  }
  const sla::Ledger* ledger = instance_.find(clock);
  return ledger == nullptr ? Value() : ClockEntries(*ledger, process_.clocks[clock.value], at_, zone()).all();
}

std::optional<Value> InstanceHost::call_for(std::uint32_t id, std::span<const Value> arguments, std::string_view name) const {
  if (id != model::HostFunctionId::sla || arguments.empty() || arguments.front().string() == nullptr) return std::nullopt;
  const ClockIndex clock = process_.find_clock(*arguments.front().string());
  const sla::Ledger* ledger = clock ? instance_.find(clock) : nullptr;
  if (ledger == nullptr || std::find(std::begin(clock_entries), std::end(clock_entries), name) == std::end(clock_entries)) return std::nullopt;
  return ClockEntries(*ledger, process_.clocks[clock.value], at_, zone()).entry(name);
}

std::optional<bool> InstanceHost::call_is_null(std::uint32_t id, std::span<const Value> arguments) const {
  if (id != model::HostFunctionId::sla || arguments.empty() || arguments.front().string() == nullptr) return std::nullopt;
  const ClockIndex clock = process_.find_clock(*arguments.front().string());
  if (!clock) return std::nullopt;
  return instance_.find(clock) == nullptr;
}

std::string_view InstanceHost::zone() const { return process_.calendar == nullptr ? std::string_view("UTC") : process_.calendar->spec().zone; }

feel::Frame InstanceHost::frame(std::span<const Value> slots) const { return {slots, this, at_, zone(), {}, &process_.calendars}; }

Error failure(std::string_view rule, std::string message) { return {ErrorKind::invalid, std::string(rule), std::move(message), {}, {}}; }

std::string_view rule_of(const Error& failed) { return failed.id == rules::cannot_arm ? rules::cannot_arm : rules::cannot_enter; }

Error refusal(std::string_view rule, std::string message, std::string hint) {
  // What is wrong with data is wrong in every state of the case.
  const ErrorKind kind = rule == rules::data_refused ? ErrorKind::invalid : ErrorKind::rejected;
  return {kind, std::string(rule), std::move(message), {}, std::move(hint)};
}

/// FEEL makes a failed expression null and says why; a null without a reason is a value.
Result<Value> value_of(const feel::Program& program, const feel::Frame& frame) {
  feel::Evaluation e = program.evaluate(frame);
  if (e.value.is_null() && !e.error.empty()) return failure({}, shown(program, e));
  return std::move(e.value);
}

Result<bool> condition_of(const feel::Program& program, const feel::Frame& frame, std::string& doubt) {
  const feel::Evaluation e = program.evaluate(frame);
  if (const bool* b = e.value.boolean()) return *b;
  if (e.value.is_null()) {
    if (!e.error.empty()) doubt = shown(program, e) + ", so not true";
    return false;
  }
  return failure({}, shown(program, e) + ", expected true or false");
}

Result<std::optional<calendar::WorkingDuration>> duration_of(const feel::Frame& frame, const model::DurationSpec& spec) {
  if (spec.is_literal()) return std::optional(spec.literal);
  SB_TRY(const Value v, value_of(spec.expression, frame));
  if (v.is_null()) return std::optional<calendar::WorkingDuration>();
  calendar::WorkingDuration out;
  if (const auto* d = v.days_time_duration()) {
    if (d->seconds < 0 || d->nanoseconds < 0)
      return failure({}, fmt::format("`{}` is {}: a duration may not be negative", spec.expression.text(), to_feel(v)));
    out.wall = Duration::seconds(d->seconds) + Duration::micros(d->nanoseconds / 1000);
  } else if (const auto* m = v.years_months_duration()) {
    if (m->months < 0) return failure({}, fmt::format("`{}` is {}: a duration may not be negative", spec.expression.text(), to_feel(v)));
    out.months = m->months;
  } else if (const std::string* text = v.string()) {
    auto parsed = calendar::parse_duration(*text);
    if (!parsed) return failure({}, fmt::format("`{}`: {}", spec.expression.text(), parsed.error().message));
    out = parsed.value();
  } else {
    return failure({}, fmt::format("`{}` is {}, expected a duration", spec.expression.text(), to_feel(v)));
  }
  return std::optional(out);
}

Result<std::optional<Instant>> instant_of(const feel::Frame& frame, const feel::Program& program) {
  SB_TRY(const Value v, value_of(program, frame));
  if (v.is_null()) return std::optional<Instant>();
  std::optional<Instant> at;
  if (const DateTime* t = v.date_time())
    at = to_instant(*t, frame.zone);
  else if (const Date* d = v.date())
    at = to_instant(DateTime{*d, Time{}}, frame.zone);
  else if (const std::string* text = v.string())
    at = parse_instant(*text, frame.zone);
  if (!at) return failure({}, fmt::format("`{}` is {}, expected a date and time", program.text(), to_feel(v)));
  return at;
}

bool is_day(const Value& v) {
  const std::string* text = v.string();
  return v.date() != nullptr || (text != nullptr && parse_date(*text));
}

/// What is null while data that it asks for are null is not known yet: its reason is no mistake.
bool is_not_known_yet(const feel::Frame& frame, const feel::Program& program, const Value& v) {
  const auto& slots = program.used_slots();
  return v.is_null() && std::any_of(slots.begin(), slots.end(), [&](std::uint32_t slot) { return frame.at(slot).is_null(); });
}

calendar::Derived deadline(const calendar::CalendarPtr& calendar, Instant from, const calendar::WorkingDuration& d) {
  if (calendar == nullptr || d.is_pure_wall()) return {from + d.wall, false};
  return calendar->deadline(from, d);
}

feel::Evaluation evaluate(const model::ExecutableProcess& process, const ProcessInstance& instance, const feel::Program& program, Instant at,
                          ElementKey place) {
  const InstanceHost host(process, instance, at);
  return program.evaluate(Visible(host, process, instance, place).frame());
}

}  // namespace switchboard::core
