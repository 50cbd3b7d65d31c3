// What the world must now do. Derived from events, never pushed by hand; every effect has a key, so that repeating it is harmless.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/event.hpp"
#include "core/waits.hpp"

namespace switchboard::core {
// One line each: read as a table.
// clang-format off

struct OfferWork { Work work; };
struct Arm { Due due; };  ///< a timer, mark, retry or lease; the latest one of its DueId holds. One that is waited for no more is stale when it comes
struct OpenSubscription { Subscription subscription; };
struct PublishMessage { std::uint64_t key = 0; std::string name, correlation; Value payload; ElementIndex element{}; };  ///< `element`: that throws it
struct BroadcastSignal { std::uint64_t key = 0; std::string name; Value payload; ElementIndex element{}; };
struct StartCall { Call call; Value data; std::string version; };
struct CancelCall { CallKey call; };
struct ReturnToCaller { Parent parent; bool completed = true; Value data; std::string error; };
struct TellCustomer { FeedbackGiven feedback; };
struct Escalate { std::uint64_t key = 0; std::string code; ClockIndex clock; ElementIndex element; Value payload; };  ///< nobody in the model catches it: somebody in the company must
struct EscalateToCaller { std::uint64_t key = 0; Parent parent; std::string code; Value payload; ElementIndex element{}; };  ///< nobody catches it in this case
struct ReportIncident { Incident incident; };

// The ends of things that somebody else keeps in a queue or under a name.
struct WithdrawWork { WorkKey work; };
struct CloseSubscription { SubscriptionKey subscription; };

using EffectVariant = std::variant<OfferWork, Arm, OpenSubscription, PublishMessage, BroadcastSignal, StartCall, CancelCall, ReturnToCaller, TellCustomer, Escalate,
                            ReportIncident, WithdrawWork, CloseSubscription, EscalateToCaller>;
using Effect = ClosedSet<EffectVariant>;
// clang-format on

}  // namespace switchboard::core
