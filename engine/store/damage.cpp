#include "store/damage.hpp"

#include <fmt/format.h>

#include "driver/driver.hpp"
#include "store/projection.hpp"

namespace switchboard::store {

Error version_stale(const Change& change) {
  return {ErrorKind::conflict, std::string(stale_version), fmt::format("{} was changed by somebody else", text_of(change.after->key)), "",
          "load it again and repeat the command"};
}

Error request_known(const Change& change) {
  return {ErrorKind::conflict, std::string(known_request), fmt::format("request '{}' has an answer already", change.request_id), "",
          "take that answer, or give a new command a new request id"};
}

Error number_taken(const Change& change) { return driver::number_taken(change.after->process, change.after->case_no); }

Error no_such_outbox(std::uint64_t id) {
  return {ErrorKind::not_found, "SB0613", fmt::format("there is no outbox record {}", id), "", "list them with the outbox query"};
}

Error never_told(std::uint64_t id) {
  return {ErrorKind::conflict, "SB0564", fmt::format("nobody has tried to tell outbox record {}: there is nothing to have a receipt of", id), "",
          "deliver it first; look whether the receipt is of another record"};
}

Value with_receipt(const Value& receipts, const Receipt& receipt) {
  List all = receipts.list() == nullptr ? List{} : *receipts.list();
  const auto is_same = [&](const Value& one) { return one.context() != nullptr && *one.context()->find("kind") == Value(receipt.kind); };
  if (std::any_of(all.begin(), all.end(), is_same)) return Value(std::move(all));
  all.emplace_back(Context{{"kind", receipt.kind}, {"at", to_string(receipt.at, "UTC")}, {"note", receipt.note}, {"by", receipt.by}});
  return Value(std::move(all));
}

Error has_not_failed(std::uint64_t id) {
  return {ErrorKind::conflict, "SB0563", fmt::format("outbox record {} has not failed: there is nothing to decide", id), "",
          "look at its `state`: somebody else may have decided already"};
}

std::string_view word_of(KeptRow::State state) {
  switch (state) {
    case KeptRow::State::waiting: return "waiting";
    case KeptRow::State::incident: return "incident";
    case KeptRow::State::dropped: return "dropped";
  }
  return "waiting";
}

std::optional<KeptRow::State> kept_state_of_word(std::string_view word) {
  for (const KeptRow::State state : {KeptRow::State::waiting, KeptRow::State::incident, KeptRow::State::dropped})
    if (word_of(state) == word) return state;
  return std::nullopt;
}

bool can_end(KeptRow::State state, KeptEnd::Outcome outcome) {
  using enum KeptEnd::Outcome;
  if (outcome == again) return state == KeptRow::State::incident;
  if (outcome == dropped) return state != KeptRow::State::dropped;
  return state == KeptRow::State::waiting;
}

Error read_only_store(std::string path) {
  return {ErrorKind::storage, "SB0607", "the database is open for reading only", std::move(path), "open it for writing"};
}

std::string error_of_dropped(std::string_view last, std::string_view by_whom_and_why) {
  return last.empty() ? std::string(by_whom_and_why) : fmt::format("{}; before: {}", by_whom_and_why, last);
}

Error damaged(std::string place, std::string_view what) {
  return {ErrorKind::storage, "SB0603", fmt::format("the database is damaged: {}", what), std::move(place),
          "stop writing to it, keep a copy, restore the last backup; `switchboard fsck` lists what is affected"};
}

}  // namespace switchboard::store
