// What effects mean in a world without an outside: the courier decides, cases reach each other at once, everybody else is only noted down.
#include <fmt/core.h>

#include <algorithm>

#include "switchboard/base/assert.hpp"
#include "testing/world.hpp"

namespace switchboard::testing {

class World::Post final : public driver::Port {
 public:
  explicit Post(World& world) : world_(world) {}

  Result<driver::Seen> look(InstanceKey key) override {
    const core::ProcessInstance* instance = world_.find(key);
    return instance == nullptr ? driver::Seen{} : driver::Seen{&world_.definition_of(*instance), instance};
  }

  Result<std::vector<core::WaitingInstance>> waiting(core::SubscriptionKind kind, std::string_view name, std::string_view key) override {
    std::vector<core::WaitingInstance> all;
    for (const core::ProcessInstance& i : world_.instances_)
      for (const core::Subscription& s : core::subscriptions_of(i))
        if (s.kind == kind && s.name == name && (kind == core::SubscriptionKind::signal || s.correlation == key))
          all.push_back({i.key, i.case_no, s});
    return all;
  }

  Result<std::vector<core::WaitingInstance>> held(core::SubscriptionKind kind, std::string_view name, std::string_view key) override {
    std::vector<core::WaitingInstance> all;
    for (const core::ProcessInstance& i : world_.instances_) {
      if (i.state != core::InstanceState::suspended) continue;
      for (const core::Subscription& s : i.subscriptions)
        if (s.kind == kind && s.name == name && (kind == core::SubscriptionKind::signal || s.correlation == key))
          all.push_back({i.key, i.case_no, s});
    }
    return all;
  }

  Result<std::vector<InstanceKey>> cases_of(std::string_view case_no) override {
    std::vector<InstanceKey> keys;
    for (const core::ProcessInstance& i : world_.instances_)
      if (i.case_no == case_no && !core::is_finished(i.state)) keys.push_back(i.key);
    return keys;
  }

  Result<std::vector<driver::StartPoint>> started_by(model::EventKind kind, std::string_view name) override {
    std::vector<driver::StartPoint> all;
    for (const auto& [id, process] : world_.definitions_->processes)
      for (driver::StartPoint& start : driver::starts_of(process, kind, name)) all.push_back(std::move(start));
    return all;
  }

  Result<model::ExecutablePtr> definition(std::string_view process, std::string_view version) override {
    std::vector<std::string> names;
    for (const auto& [id, one] : world_.definitions_->processes) {
      if (id == process && (version.empty() || one->version == version || one->hash == version)) return one;
      names.push_back(id);
    }
    return driver::not_there(process, version, names);
  }

  Result<std::optional<InstanceKey>> called_by(core::Parent caller) override {
    const core::ProcessInstance* called = world_.child(caller.instance, caller.call);
    return called == nullptr ? std::nullopt : std::optional(called->key);
  }

  Result<bool> is_done(const driver::Deed& /*deed*/) override { return false; }

  Result<bool> submit(const driver::Deed& deed, InstanceKey instance, driver::CommandBody what) override {
    if (deed.kept != 0 && world_.kept_.find(deed.kept) == nullptr) return false;
    if (deed.writes != nullptr && world_.rows_.row(deed.writes->of, deed.writes->key, world_.now_).version != deed.writes->expected)
      return driver::changed_row(*deed.writes);
    const Result<void> done = world_.run(instance, {{}, world_.now_, std::move(what), world_.chain_});
    if (done && deed.kept != 0) world_.kept_.remove(deed.kept, world_.now_);
    if (done && deed.keeps != nullptr) {
      SB_TRYV(keep(deed, *deed.keeps));
    }
    if (done && deed.writes != nullptr) static_cast<void>(world_.rows_.write(*deed.writes));
    if (done) return true;
    if (done.error().id == "SB0905") return false;
    return done.error();
  }

  Result<void> start(const driver::Deed& deed, const model::ExecutablePtr& process, core::StartInstance start) override {
    if (deed.kept != 0 && world_.kept_.find(deed.kept) == nullptr) return driver::kept_no_more();
    SB_TRYV(world_.create(std::move(start), *process));
    if (deed.kept != 0) world_.kept_.remove(deed.kept, world_.now_);
    return success();
  }

  Result<bool> is_for_all(std::string_view message) override { return driver::is_for_all(latest(), message); }
  Result<std::optional<driver::Keeping>> keeping(std::string_view name) override { return driver::keeping_of(latest(), name, world_.now_); }

  Result<std::optional<driver::KeptMessage>> first_kept(const core::Message& message, bool to_case) override {
    const driver::KeptMessage* first = world_.kept_.first(message, to_case, world_.now_);
    return first == nullptr ? std::nullopt : std::optional(*first);
  }

  Result<void> keep(const driver::Deed& /*deed*/, const driver::KeptMessage& message) override {
    SB_TRYV(world_.kept_.add(message, world_.now_, world_.chain_));
    return success();
  }

  Result<void> stays_kept(const driver::KeptMessage& /*message*/) override { return success(); }

  Result<driver::Row> row(const model::Register& of, const std::string& key) override { return world_.rows_.row(of.id, key, world_.now_); }

  Result<void> set_time(const driver::KeptMessage& message, Instant until) override {
    world_.kept_.set_time(message.id, until);
    return success();
  }

  Result<void> cannot_deliver(const driver::KeptMessage& message, const Error& why) override {
    const driver::KeptMessage gone = message;
    world_.kept_.remove(gone.id, world_.now_);
    world_.tell_refused(why, gone.from);
    return success();
  }

  Result<void> note_unheard(InstanceKey from, const core::PublishMessage& message) override {
    world_.told_.push_back({Told::Kind::unheard_message, from, world_.now_, message.name, message.correlation, {}, {}});
    return success();
  }

  Result<void> note_refused(const driver::Deed& /*deed*/, InstanceKey about, const Error& why) override {
    world_.tell_refused(why, about);
    return success();
  }

 private:
  [[nodiscard]] std::vector<model::ExecutablePtr> latest() const {
    std::vector<model::ExecutablePtr> all;
    for (const auto& [id, process] : world_.definitions_->processes) all.push_back(process);
    return all;
  }

  World& world_;
};

void World::end_time(const driver::KeptMessage& kept) {
  const driver::KeptMessage gone = kept;
  kept_.remove(gone.id, now_);
  if (!gone.discard) tell_refused(driver::nobody_came(gone), gone.from);
}

Result<void> World::offer_kept(driver::Courier& courier) {
  Post post(*this);
  while (const auto called = kept_.take_called(now_)) {
    const driver::KeptMessage& kept = *called;
    const std::uint32_t chain = driver::chain_of(kept, now_);
    if (chain >= driver::longest_chain) {
      SB_TRYV(post.cannot_deliver(kept, driver::ring_of_kept(kept)));
      continue;
    }
    chain_ = chain;
    const Result<void> offered = courier.offer(kept);
    chain_ = 0;
    SB_TRYV(offered);
  }
  return success();
}

Result<void> World::message(std::string_view name, std::string_view correlation, const Value& payload) {
  Post post(*this);
  SB_TRY(const driver::Taken taken, driver::Courier(post).message({std::string(name), std::string(correlation), payload}));
  if (taken == driver::Taken::by_nobody)
    return Error{ErrorKind::not_found, "SB0506", fmt::format("nobody waits for message '{}' with key '{}'", name, correlation), {}, {}};
  if (taken == driver::Taken::by_suspended) return driver::suspended_waits(name, fmt::format("with key '{}'", correlation));
  return come_to_rest();
}

Result<void> World::message_to_case(std::string_view name, std::string_view case_no, const Value& payload) {
  Post post(*this);
  SB_TRY(const driver::Taken taken, driver::Courier(post).message_to_case(name, case_no, payload));
  if (taken == driver::Taken::by_nobody)
    return Error{ErrorKind::not_found, "SB0506", fmt::format("nobody waits for message '{}' in case '{}'", name, case_no), {}, {}};
  if (taken == driver::Taken::by_suspended) return driver::suspended_waits(name, fmt::format("in case '{}'", case_no));
  return come_to_rest();
}

Result<std::size_t> World::signal(std::string_view name, const Value& payload) {
  Post post(*this);
  SB_TRY(const driver::Heard heard, driver::Courier(post).signal(name, payload));
  SB_TRYV(come_to_rest());
  return heard.count;
}

Result<void> World::settle() {
  Post post(*this);
  driver::Courier courier(post);
  driver::RingWatch watch;
  SB_TRYV(offer_kept(courier));
  for (std::size_t done = 0; !errands_.empty(); ++done) {
    if (done == most_commands) {
      errands_.clear();
      return Error{ErrorKind::limit,
                   "SB0906",
                   fmt::format("cases set each other going more than {} times at one instant", most_commands),
                   {},
                   "do two processes send each other messages without end?"};
    }
    Errand errand = std::move(errands_.front());
    errands_.pop_front();
    if (tell(errand)) continue;
    if (driver::is_errand(errand.effect) && watch.goes_too_far(errand.chain, errands_.size())) {
      SB_TRYV(run(errand.instance, {{}, now_, driver::stand_aside(errand.effect, errand.sequence, errand.place, errand.chain)}));
      SB_TRYV(offer_kept(courier));
      continue;
    }
    chain_ = errand.chain + 1;
    const Result<bool> finished = courier.carry_out(errand.instance, errand.effect);
    chain_ = 0;
    if (!finished) return finished.error();
    SB_TRYV(offer_kept(courier));
    if (finished.value()) continue;
    const auto behind =
        std::upper_bound(deferred_.begin(), deferred_.end(), errand, [](const Errand& a, const Errand& b) { return a.instance < b.instance; });
    deferred_.insert(behind, std::move(errand));
  }
  return success();
}

Result<void> World::repeat_deferred() {
  std::vector<Errand> again;
  again.swap(deferred_);
  for (Errand& errand : again) {
    errands_.push_back(std::move(errand));
    SB_TRYV(settle());
  }
  return success();
}

Result<void> World::fire_start(Schedule& due) {
  Post post(*this);
  SB_TRY(const driver::Courier::Fired fired, driver::Courier(post).start_by_timer(due.start, due.timer, now_));
  if (fired.next)
    due.timer = *fired.next;
  else
    schedules_.erase(schedules_.begin() + (&due - schedules_.data()));
  return settle();
}

// A refusal of the world's own making must not vanish.
void World::tell_refused(const Error& why, InstanceKey instance) {
  told_.push_back({Told::Kind::incident, instance, now_, why.id, why.message, {}, {}});
}

bool World::tell(const Errand& errand) {
  const auto told = [&](Told::Kind kind, std::string name, std::string text) {
    told_.push_back({kind, errand.instance, now_, std::move(name), std::move(text), {}, {}});
    return true;
  };
  if (const auto* customer = std::get_if<core::TellCustomer>(&errand.effect)) {
    told(Told::Kind::feedback, customer->feedback.id, {});
    told_.back().texts = customer->feedback.texts;
    told_.back().channels = customer->feedback.channels;
    return true;
  }
  if (const auto* escalation = std::get_if<core::Escalate>(&errand.effect)) return told(Told::Kind::escalation, escalation->code, {});
  if (const auto* incident = std::get_if<core::ReportIncident>(&errand.effect))
    return told(Told::Kind::incident, incident->incident.rule, incident->incident.message);
  return false;
}

}  // namespace switchboard::testing
