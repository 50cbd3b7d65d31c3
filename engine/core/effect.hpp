// What the world must now do. Derived from events, never pushed by hand; every effect has a key, so that repeating it is harmless.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/event.hpp"

namespace switchboard::core {
// One line each: read as a table.
// clang-format off

struct OfferWork { Work work; };
struct ArmTimer { TimerKey timer; Instant due; };
struct ArmMark { ClockIndex clock; std::uint32_t round = 1; std::uint32_t mark = 0; Instant due; };
struct ArmRetry { WorkKey work; Instant due; };
struct OpenSubscription { Subscription subscription; };
struct PublishMessage { std::uint64_t key = 0; std::string name, correlation; Value payload; };
struct BroadcastSignal { std::uint64_t key = 0; std::string name; Value payload; };
struct StartCall { Call call; Value data; std::string version; };
struct CancelCall { CallKey call; };
struct ReturnToCaller { Parent parent; bool completed = true; Value data; std::string error; };
struct TellCustomer { FeedbackGiven feedback; };
struct Escalate { std::uint64_t key = 0; std::string code; ClockIndex clock; ElementIndex element; Value payload; };  ///< nobody in the model catches it: somebody in the company must
struct ReportIncident { Incident incident; };

// The ends of things that wait, so that `pending` can be kept as rows.
struct WithdrawWork { WorkKey work; };
struct DisarmTimer { TimerKey timer; };
struct DisarmMark { ClockIndex clock; };
struct CloseSubscription { SubscriptionKey subscription; };
struct CloseCall { CallKey call; };
struct CloseIncident { IncidentKey incident; };

using EffectVariant = std::variant<OfferWork, ArmTimer, ArmMark, ArmRetry, OpenSubscription, PublishMessage, BroadcastSignal, StartCall, CancelCall, ReturnToCaller, TellCustomer, Escalate,
                            ReportIncident, WithdrawWork, DisarmTimer, DisarmMark, CloseSubscription, CloseCall, CloseIncident>;
using Effect = ClosedSet<EffectVariant>;
// clang-format on

}  // namespace switchboard::core
