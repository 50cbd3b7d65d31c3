// What each row is sealed over. One function per table, used where the row is written and where it is read.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "store/codec_rows.hpp"
#include "store/store.hpp"

namespace switchboard::store {

[[nodiscard]] inline std::int64_t seal_of(const Deployment& d) {
  return seal({d.process, fmt::format("{} {}", d.number, d.deployed.us), d.hash, d.version, d.source, d.library});
}
[[nodiscard]] inline std::int64_t seal_of(const Resource& r) {
  return r.by_hand ? seal({r.kind, r.id, r.file, r.text, "by hand"}) : seal({r.kind, r.id, r.file, r.text});
}
[[nodiscard]] inline std::int64_t seal_of(const CalendarChange& c) { return seal({c.calendar, fmt::format("{} {}", c.at.us, c.from_now), c.before}); }
/// `definition`: the hash of the definition that the events were written under; empty for rows of schemas before 4, which did not say it.
[[nodiscard]] inline std::int64_t seal_of_history(std::uint64_t instance, std::uint64_t first, std::uint64_t last, std::string_view events,
                                                  std::string_view definition) {
  const std::string place = fmt::format("{} {} {}", instance, first, last);
  return definition.empty() ? seal({place, events}) : seal({place, events, definition});
}
[[nodiscard]] inline std::int64_t seal_of_waiting(InstanceKey instance, std::string_view case_no, const core::Subscription& s) {
  const std::string since = s.opened == Instant{} ? std::string() : fmt::format(" {}", s.opened.us);  // rows of earlier versions do not say it
  return seal(
      {fmt::format("{} {} {} {} {}{}", instance.value, static_cast<unsigned>(s.kind), s.key.value, s.element_key.value, s.element.value, since),
       s.name, s.correlation, case_no});
}
[[nodiscard]] inline std::int64_t seal_of_clock(std::uint64_t instance, std::string_view id, std::string_view ledger) {
  return seal({fmt::format("{}", instance), id, ledger});
}
/// Not over state, attempts and error: those change.
[[nodiscard]] inline std::int64_t seal_of_outbox(std::string_view key, std::string_view kind, std::uint64_t instance, std::string_view name,
                                                 std::string_view customer, std::string_view text, std::string_view body) {
  return seal({key, kind, fmt::format("{}", instance), name, customer, text, body});
}
[[nodiscard]] inline std::int64_t seal_of_errand(const ErrandKey& key, std::string_view effect) {
  return seal({fmt::format("{} {} {}", key.instance.value, key.sequence, key.index), effect});
}
/// Not over what happens to it while it is kept.
[[nodiscard]] inline std::int64_t seal_of_kept(const driver::KeptMessage& m, std::string_view payload, std::string_view request_id) {
  return seal({fmt::format("{} {} {} {} {} {} {}", m.to_case, m.from.value, m.heard_by.value, m.arrived.us, m.until.us, m.discard, m.may_start),
               m.message.name, m.message.correlation, payload, request_id});
}
[[nodiscard]] inline std::int64_t seal_of_row(std::string_view of, std::string_view key, std::uint64_t version, std::string_view value, Instant at,
                                              InstanceKey instance, std::string_view by) {
  return seal({of, key, fmt::format("{} {} {}", version, at.us, instance.value), value, by});
}
[[nodiscard]] inline std::int64_t seal_of_request(std::string_view id, std::string_view answer) { return seal({id, answer}); }

}  // namespace switchboard::store
