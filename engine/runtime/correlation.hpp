// Messages and signals: who they are for, waiting cases first, then start events.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/commands.hpp"

namespace switchboard::runtime {

/// Thread-safe. Everything that is given by reference outlives it.
class Correlation {
 public:
  Correlation(store::Store& store, Definitions& definitions, Commands& commands) : store_(store), definitions_(definitions), commands_(commands) {}

  /// To whom waits with the message's key, or is started by it. Nothing: nobody. The caller has looked whether `request_id` is new.
  [[nodiscard]] Result<std::optional<Applied>> deliver_message(const core::Message& message, const std::string& request_id,
                                                               const RequestUse& use = {});
  /// The same for a case by its number, whatever key the message has there.
  [[nodiscard]] Result<std::optional<Applied>> deliver_to_case(std::string_view case_no, const core::Message& message, const std::string& request_id,
                                                               const RequestUse& use);
  /// To everybody who waits for it and to every start event; how many got it, and their errands behind `errands`. With a request id each receiver
  /// gets it once, however often this is repeated.
  [[nodiscard]] Result<std::size_t> broadcast(std::string_view name, const Value& payload, const std::string& request_id,
                                              std::deque<store::Errand>& errands);
  /// SB0506: a name that no process knows is a slip, and says so.
  [[nodiscard]] Error nobody_waits(std::string_view message, const std::string& where);

 private:
  using FindReceiver = std::function<Result<std::optional<core::WaitingInstance>>()>;
  [[nodiscard]] Result<std::optional<Applied>> deliver_to(const FindReceiver& find, const core::Message& message, const std::string& request_id,
                                                          const RequestUse& use);
  [[nodiscard]] Result<std::optional<core::WaitingInstance>> receiver_in_case(std::string_view name, std::string_view case_no);
  [[nodiscard]] Result<std::optional<Applied>> start_by_message(const core::Message& message, const std::string& request_id, const RequestUse& use);

  store::Store& store_;
  Definitions& definitions_;
  Commands& commands_;
};

}  // namespace switchboard::runtime
