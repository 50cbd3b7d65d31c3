// What driver::Courier asks of an engine: instances out of the store, commands that are durable, and request ids that make repeating them harmless.
// Every decision is the courier's.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/driver.hpp"
#include "runtime/commands.hpp"
#include "runtime/keeper.hpp"
#include "runtime/outbox.hpp"
#include "runtime/registers.hpp"

namespace switchboard::runtime {

/// What a post works with; outlives it.
struct Offices {
  store::Store& store;
  Definitions& definitions;
  Commands& commands;
  Outbox& outbox;
  Keeper& keeper;
  Registers& registers;
};

/// For one errand, one request, or one timer start event. Of one thread.
class Post final : public driver::Port {
 public:
  /// Somebody outside asks. Without a request id nothing that this leads to can be repeated. The caller has looked whether the id is new.
  Post(const Offices& offices, std::string request_id, RequestUse use = {})
      : offices_(offices), request_id_(std::move(request_id)), use_(std::move(use)) {}
  /// `errand` is borrowed. What is done for it leads to errands that are one further in its chain.
  Post(const Offices& offices, const store::Errand& errand);
  /// A message that is kept is offered; what is done for it leads to errands that are the `chain`-th of theirs.
  Post(const Offices& offices, std::uint32_t chain) : offices_(offices), chain_(chain) {}

  /// What was done last, without its errands and without what was kept before; the errands of everything that was done, in order.
  std::optional<Applied> last;
  std::vector<store::Errand> errands;

  Result<driver::Seen> look(core::InstanceKey instance) override;
  Result<std::vector<core::WaitingInstance>> waiting(core::SubscriptionKind kind, std::string_view name, std::string_view key) override;
  Result<std::vector<core::WaitingInstance>> held(core::SubscriptionKind kind, std::string_view name, std::string_view key) override;
  Result<std::vector<core::InstanceKey>> cases_of(std::string_view case_no) override;
  Result<std::vector<driver::StartPoint>> started_by(model::EventKind kind, std::string_view name) override;
  Result<model::ExecutablePtr> definition(std::string_view process, std::string_view version) override;
  Result<std::optional<core::InstanceKey>> called_by(core::Parent caller) override;
  Result<bool> is_done(const driver::Deed& deed) override;
  Result<bool> submit(const driver::Deed& deed, core::InstanceKey instance, driver::CommandBody what) override;
  Result<void> start(const driver::Deed& deed, const model::ExecutablePtr& process, core::StartInstance start) override;
  Result<void> note_unheard(core::InstanceKey from, const core::PublishMessage& message) override;
  Result<void> note_refused(const driver::Deed& deed, core::InstanceKey about, const Error& why) override;
  Result<bool> is_for_all(std::string_view message) override { return offices_.definitions.is_for_all(message); }
  Result<std::optional<driver::Keeping>> keeping(std::string_view name) override { return offices_.keeper.keeping(name); }
  Result<std::optional<driver::KeptMessage>> first_kept(const core::Message& message, bool to_case) override {
    return offices_.keeper.first(message, to_case);
  }
  Result<void> keep(const driver::Deed& deed, const driver::KeptMessage& message) override;
  Result<void> set_time(const driver::KeptMessage& message, Instant until) override;
  Result<void> stays_kept(const driver::KeptMessage& message) override;
  Result<driver::Row> row(const model::Register& of, const std::string& key) override;
  Result<void> cannot_deliver(const driver::KeptMessage& message, const Error& why) override { return offices_.keeper.fail(message, why); }

  /// Until when the message is kept that was handed in; nothing when it is not.
  std::optional<Instant> kept_until;
  /// How many have had the message that was handed in, when it is for all.
  std::size_t receivers = 0;
  /// What was done last is the answer to the request.
  bool is_answered = false;

 private:
  [[nodiscard]] std::string request_of_deed(const driver::Deed& deed) const;
  /// A deed that is what the request asked for: it keeps the caller's use, and its id was looked up before.
  [[nodiscard]] bool is_request_itself(const driver::Deed& deed) const;
  void take(Applied applied, const driver::Deed& deed);

  const Offices& offices_;
  std::string request_id_;
  RequestUse use_;
  const store::ErrandKey* errand_ = nullptr;
  std::uint32_t chain_ = 0;  ///< of the errands that this leads to
  Loaded seen_;              ///< keeps what `look` gave alive
};

/// SB0506: nobody waits for `message`; a name that no process knows is a slip, and says so.
[[nodiscard]] Error nobody_waits(Definitions& definitions, std::string_view message, const std::string& where);

}  // namespace switchboard::runtime
