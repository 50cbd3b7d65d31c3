// Answers in the form of the doors.
#include "switchboard/answers.hpp"

#include <cmath>
#include <cstdint>

#include "runtime/record_values.hpp"

namespace switchboard {

namespace {

/// Instants as texts in a zone, spans as seconds under a name that says so, nothing left out.
struct DoorForm {
  static constexpr bool may_lack = false;
  std::string zone = "UTC";

  [[nodiscard]] std::string name(std::string_view name, bool is_span) const { return std::string(name) + (is_span ? "_seconds" : ""); }
  [[nodiscard]] bool leaves_out(const Value&) const { return false; }
  [[nodiscard]] Value instant(Instant at) const { return to_string(at, zone); }
  [[nodiscard]] Value span(Duration d) const { return json_number(d.to_seconds(), 9); }
  [[nodiscard]] Value number(double d) const { return json_number(d, 9); }
  /// The core writes the instants of details in the zone of the process's calendar.
  [[nodiscard]] Value dated(const Value& details) const {
    if (const List* all = details.list(); all != nullptr) {
      List written;
      for (const Value& one : *all) written.push_back(dated(one));
      return written;
    }
    if (details.context() == nullptr) return details;
    Context c = *details.context();
    for (const char* name : {"at", "due", "due_after", "due_before", "lease_until", "not_before", "retry_at", "started"}) {
      const Value* written = c.find(name);
      const auto at = written == nullptr || written->string() == nullptr ? std::nullopt : parse_instant(*written->string());
      if (at) c.set(name, instant(*at));
    }
    return c;
  }
  [[nodiscard]] bool read(const Value& v, Instant& to) const {
    const auto at = v.string() == nullptr ? std::nullopt : parse_instant(*v.string());
    to = at.value_or(to);
    return at.has_value();
  }
  [[nodiscard]] bool read(const Value& v, Duration& to) const {
    const Decimal* seconds = v.number();
    const double micros = seconds == nullptr ? 0 : seconds->to_double() * 1e6;
    if (seconds == nullptr || std::abs(micros) >= 9.2e18) return false;
    to = Duration::micros(std::llround(micros));
    return true;
  }
};

}  // namespace

template <Record R>
Value to_value(const R& record, const std::string& zone) {
  return runtime::written(DoorForm{zone}, record);
}

template <Record R>
Result<R> from_value(const Value& value) {
  if (value.context() == nullptr)
    return Error{ErrorKind::invalid, "SB0558", "an answer is an object", std::string(Described<R>::name), "hand in an answer as it was given"};
  return runtime::read_record<DoorForm, R>(DoorForm{}, *value.context());
}

template Value to_value(const CaseInfo&, const std::string&);
template Value to_value(const WorkInfo&, const std::string&);
template Value to_value(const CountInfo&, const std::string&);
template Value to_value(const FieldInfo&, const std::string&);
template Value to_value(const Job&, const std::string&);
template Value to_value(const ClockInfo&, const std::string&);
template Value to_value(const OutboxInfo&, const std::string&);
template Value to_value(const MessageInfo&, const std::string&);
template Value to_value(const RowInfo&, const std::string&);
template Value to_value(const ImportReport&, const std::string&);
template Value to_value(const HistoryInfo&, const std::string&);
template Value to_value(const DeploymentInfo&, const std::string&);
template Value to_value(const ResourceInfo&, const std::string&);
template Value to_value(const OrganisationInfo&, const std::string&);
template Value to_value(const IncidentInfo&, const std::string&);
template Value to_value(const TickReport&, const std::string&);
template Value to_value(const PruneReport&, const std::string&);
template Result<CaseInfo> from_value(const Value&);
template Result<WorkInfo> from_value(const Value&);
template Result<CountInfo> from_value(const Value&);
template Result<FieldInfo> from_value(const Value&);
template Result<Job> from_value(const Value&);
template Result<ClockInfo> from_value(const Value&);
template Result<OutboxInfo> from_value(const Value&);
template Result<MessageInfo> from_value(const Value&);
template Result<RowInfo> from_value(const Value&);
template Result<ImportReport> from_value(const Value&);
template Result<HistoryInfo> from_value(const Value&);
template Result<DeploymentInfo> from_value(const Value&);
template Result<ResourceInfo> from_value(const Value&);
template Result<OrganisationInfo> from_value(const Value&);
template Result<IncidentInfo> from_value(const Value&);
template Result<TickReport> from_value(const Value&);
template Result<PruneReport> from_value(const Value&);

}  // namespace switchboard
