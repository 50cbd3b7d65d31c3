// Bytes of what a store keeps beside snapshots: clock ledgers, errands, the events of one change. Each carries a check sum: a damaged row is refused,
// never wrongly continued.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/core.hpp"
#include "store/store.hpp"

namespace switchboard::store {

// Everything that decodes gives SB0610 for bytes that nobody wrote and SB0616 for those of a newer version of Switchboard.

[[nodiscard]] std::string encode_ledger(const sla::Ledger& ledger);
[[nodiscard]] Result<sla::Ledger> decode_ledger(std::string_view bytes);

/// One of the five effects that are errands.
[[nodiscard]] std::string encode_errand(const core::Effect& effect);
[[nodiscard]] Result<core::Effect> decode_errand(std::string_view bytes);

/// One open work with the case it belongs to: what a list of work shows, without the rest of the case.
[[nodiscard]] std::string encode_work(InstanceKey instance, const core::Work& work);
[[nodiscard]] Result<std::pair<InstanceKey, core::Work>> decode_work(std::string_view bytes);

/// A value that stands for itself: an answer, the body of an outbox record, what a schedule has done.
struct StoredValue {
  Value value;
  std::uint8_t form = 0;        ///< that it was written in: lists of fields grow at their end
  std::optional<Value> beside;  ///< put behind it by `append_value`
};
/// No check sum of its own: the row around it is sealed.
[[nodiscard]] std::string encode_value(const Value& value);
/// Puts a second value behind one that encode_value wrote.
void append_value(std::string& bytes, const Value& beside);
[[nodiscard]] Result<StoredValue> decode_value(std::string_view what, std::string_view bytes);

// What each event is and about what, for people who read with SQL. Events and the things of a definition are numbered, and the words for the numbers
// are kept once: for events in table event_word, for the things of a definition in table place.

/// What an event may be about. The numbers stand in databases.
enum class PlaceKind : std::uint8_t { nothing, clock, element, data, flow, feedback };

/// As JSON: [[5,12],[13]], the event's number in core::EventVariant and, when it is about something, that thing's index in its definition.
[[nodiscard]] std::string number_events(std::span<const core::Event> events);
/// The same in words, as schemas before 4 kept it: [["element-entered","restore"],...].
[[nodiscard]] std::string describe_events(const model::ExecutableProcess& process, std::span<const core::Event> events);

struct EventWord {
  std::uint64_t number = 0;
  std::string_view word;
  PlaceKind about = PlaceKind::nothing;
};
/// One for every event that there is.
[[nodiscard]] std::vector<EventWord> event_words();
struct Place {
  PlaceKind kind = PlaceKind::nothing;
  std::uint64_t number = 0;
  std::string text;
};
/// All that an event under this definition may be about, ascending (kind, number).
[[nodiscard]] std::vector<Place> places_of(const model::ExecutableProcess& process);

/// Over the columns of a row that must not change by themselves, each with its size, so that nothing moves from one to the next unseen.
[[nodiscard]] std::int64_t seal(std::initializer_list<std::string_view> columns);

}  // namespace switchboard::store
