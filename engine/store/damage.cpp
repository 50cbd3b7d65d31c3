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

Error outbox_is_taken() {
  return {ErrorKind::conflict, "SB0615", "somebody else is delivering from this outbox", "", "let him finish; one who delivers is enough"};
}

Error damaged(std::string place, std::string_view what) {
  return {ErrorKind::storage, "SB0603", fmt::format("the database is damaged: {}", what), std::move(place),
          "stop writing to it, keep a copy, restore the last backup; `switchboard fsck` lists what is affected"};
}

}  // namespace switchboard::store
