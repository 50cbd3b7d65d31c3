// What cases say to each other, and what the outside says to them: messages, signals, calls.
#include <fmt/format.h>

#include <algorithm>

#include "simulation/world.hpp"

namespace switchboard::simulation {

namespace {

/// Those who wait for a signal stand under one name.
std::string file_key(core::SubscriptionKind kind, std::string_view name, std::string_view correlation) {
  return fmt::format("{}\x1f{}\x1f{}", static_cast<int>(kind), name, kind == core::SubscriptionKind::signal ? std::string_view() : correlation);
}

std::string file_key(const core::Subscription& s) { return file_key(s.kind, s.name, s.correlation); }

}  // namespace

void World::subscribe(CaseIndex c, const core::Subscription& s) {
  const std::uint32_t generation = cases_[c].generation;
  if (s.kind == core::SubscriptionKind::message && !core::is_listening(s)) {  // a message comes for those that wait for it
    Case& k = cases_[c];
    const auto& messages = scenario_.processes[k.process].messages;
    const auto message = messages.find(s.name);
    if (message != messages.end()) {
      Stream random = stream(hash_of("message"), k.number, hash_of(s.name), s.key.value);
      if (random.uniform() < pick(message->second.probability, k).a) {
        const double us = std::clamp(pick(message->second.after, k).sample(random), 0.0, longest_us);
        ++k.messages_due;
        schedule({now_ + Duration::micros(static_cast<std::int64_t>(us)), 0, Kind::message, c, generation, {{}, {}, {}, s.key.value, 0, 0}});
      }
    }
  }
  if (!index_subscriptions_) return;
  subscriptions_[file_key(s)].push_back({c, generation, s});
  cases_[c].waiting.push_back(s);
}

void World::unsubscribe(CaseIndex c, core::SubscriptionKey key) {
  auto& mine = cases_[c].waiting;
  const auto found = std::find_if(mine.begin(), mine.end(), [key](const auto& s) { return s.key == key; });
  if (found == mine.end()) return;
  const auto file = subscriptions_.find(file_key(*found));
  if (file != subscriptions_.end()) {
    auto& all = file->second;
    all.erase(std::remove_if(all.begin(), all.end(), [&](const Waiting& w) { return w.owner == c && w.subscription.key == key; }), all.end());
    if (all.empty()) subscriptions_.erase(file);
  }
  mine.erase(found);
}

World::CaseIndex World::find_case(core::InstanceKey key) const {
  const auto found = cases_by_key_.find(key.value);
  return found == cases_by_key_.end() ? no_case : found->second;
}

/// A started case is nobody's child unless it was called; what is random in it depends on which one of its process it is.
Result<void> World::start_inside(core::StartInstance start, std::uint32_t process) {
  const CaseIndex parent = start.parent ? find_case(start.parent->instance) : no_case;
  start.key = core::InstanceKey{next_instance_++};
  start.case_no = driver::case_number(start.case_no, start.key);
  const std::uint64_t number = parent == no_case
                                   ? Stream::mix(hash_of(scenario_.processes[process].process->id + " started inside") ^ ++started_inside_[process])
                                   : Stream::mix(cases_[parent].number ^ start.parent->call.value);
  const CaseIndex c = open_case(process, number, parent == no_case ? now_ >= window_ : cases_[parent].counted, parent);
  cases_by_key_.emplace(start.key.value, c);
  if (parent != no_case) called_[{start.parent->instance, start.parent->call}] = start.key;
  const core::Command command{{}, now_, std::move(start), chain_};
  std::optional<Error> why;
  const Outcome outcome = step(c, command, &why);
  if (outcome != Outcome::refused) {
    result_.started += parent == no_case ? 1 : 0;
    return success();
  }
  const auto& refused = std::get<core::StartInstance>(command.what);
  cases_by_key_.erase(refused.key.value);
  if (parent != no_case) called_.erase({refused.parent->instance, refused.parent->call});
  give_back_case(c);
  return *why;
}

/// What the core has to say against a start comes first, and a case that is over at once takes none.
std::optional<Error> World::take_number(CaseIndex c) {
  const core::ProcessInstance& i = cases_[c].instance;
  if (!index_cases_ || !driver::takes_case_number(i)) return std::nullopt;
  if (numbers_.try_emplace({cases_[c].process, i.case_no}, i.key).second) return std::nullopt;
  return driver::number_taken(i.process, i.case_no);
}

void World::give_back_number(CaseIndex c) {
  const auto number = numbers_.find({cases_[c].process, cases_[c].instance.case_no});
  if (number != numbers_.end() && number->second == cases_[c].instance.key) numbers_.erase(number);
}

/// A case that is over is counted and gone: then only the incident is counted.
void World::stand_aside(const Delivery& d) {
  core::StandAside command = driver::stand_aside(d.effect, d.sequence, d.place, d.chain);
  const CaseIndex c = find_case(d.from);
  if (c == no_case) return note_incident(std::move(command.message));
  std::optional<Error> why;
  static_cast<void>(step(c, {{}, now_, std::move(command)}, &why));
  SB_ASSERT(!why);
}

void World::note_incident(std::string what) {
  if (result_.incidents++ == 0) result_.first_incident = std::move(what);
}

void World::note_refused(std::string what) {
  if (result_.refused++ == 0) result_.first_refused = std::move(what);
}

class World::Post final : public driver::Port {
 public:
  explicit Post(World& world) : world_(world) {}

  Result<driver::Seen> look(core::InstanceKey key) override {
    const CaseIndex c = world_.find_case(key);
    if (c == no_case) return driver::Seen{};
    return driver::Seen{world_.scenario_.processes[world_.cases_[c].process].process.get(), &world_.cases_[c].instance};
  }

  Result<std::vector<core::WaitingInstance>> waiting(core::SubscriptionKind kind, std::string_view name, std::string_view key) override {
    return subscribed(kind, name, key, true);
  }

  Result<std::vector<core::WaitingInstance>> held(core::SubscriptionKind kind, std::string_view name, std::string_view key) override {
    return subscribed(kind, name, key, false);
  }

  Result<std::vector<core::InstanceKey>> cases_of(std::string_view case_no) override {
    std::vector<core::InstanceKey> keys;
    for (const auto& [key, c] : world_.cases_by_key_)
      if (world_.cases_[c].instance.case_no == case_no) keys.push_back(core::InstanceKey{key});
    std::sort(keys.begin(), keys.end());
    return keys;
  }

  Result<std::vector<driver::StartPoint>> started_by(model::EventKind kind, std::string_view name) override {
    std::vector<driver::StartPoint> all;
    for (const auto& p : world_.scenario_.processes)
      for (driver::StartPoint& start : driver::starts_of(p.process, kind, name)) all.push_back(std::move(start));
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.process->id < b.process->id; });
    return all;
  }

  Result<model::ExecutablePtr> definition(std::string_view process, std::string_view version) override {
    std::vector<std::string> names;
    for (const auto& p : world_.scenario_.processes) {
      if (p.process->id == process && (version.empty() || p.process->version == version || p.process->hash == version)) return p.process;
      names.push_back(p.process->id);
    }
    return driver::not_there(process, version, names);
  }

  Result<std::optional<core::InstanceKey>> called_by(core::Parent caller) override {
    const auto found = world_.called_.find({caller.instance, caller.call});
    return found == world_.called_.end() ? std::nullopt : std::optional(found->second);
  }

  Result<bool> is_done(const driver::Deed& /*deed*/) override { return false; }

  Result<bool> submit(const driver::Deed& deed, core::InstanceKey instance, driver::CommandBody what) override {
    using Kind = driver::Deed::Kind;
    if (deed.kept != 0 && world_.kept_.find(deed.kept) == nullptr) return false;
    if (deed.writes != nullptr && world_.rows_.row(deed.writes->of, deed.writes->key, world_.now_).version != deed.writes->expected)
      return driver::changed_row(*deed.writes);
    if (deed.kind == Kind::withdrawal) world_.called_.erase({deed.instance, core::CallKey{deed.key}});
    if (const auto* finish = std::get_if<core::FinishCall>(&what)) world_.called_.erase({instance, finish->call});
    const CaseIndex c = world_.find_case(instance);
    if (c == no_case) return false;
    std::optional<Error> why;
    const Outcome outcome = world_.step(c, {{}, world_.now_, std::move(what), world_.chain_}, &why);
    if (outcome == Outcome::refused) return *why;
    if (outcome != Outcome::done) return false;
    if (deed.writes != nullptr) static_cast<void>(world_.rows_.write(*deed.writes));
    if (deed.kept != 0) world_.kept_.remove(deed.kept, world_.now_);
    if (deed.keeps != nullptr) {
      SB_TRYV(world_.keep(*deed.keeps));
    }
    return true;
  }

  Result<void> start(const driver::Deed& deed, const model::ExecutablePtr& process, core::StartInstance start) override {
    if (deed.kept != 0 && world_.kept_.find(deed.kept) == nullptr) return driver::kept_no_more();
    SB_TRYV(world_.start_inside(std::move(start), world_.scenario_.find_process(process->id)));
    if (deed.kept != 0) world_.kept_.remove(deed.kept, world_.now_);
    return success();
  }

  Result<bool> is_for_all(std::string_view message) override { return driver::is_for_all(latest(), message); }
  Result<std::optional<driver::Keeping>> keeping(std::string_view name) override { return driver::keeping_of(latest(), name, world_.now_); }

  Result<std::optional<driver::KeptMessage>> first_kept(const core::Message& message, bool to_case) override {
    const driver::KeptMessage* first = world_.kept_.first(message, to_case, world_.now_);
    return first == nullptr ? std::nullopt : std::optional(*first);
  }

  Result<void> keep(const driver::Deed& /*deed*/, const driver::KeptMessage& message) override { return world_.keep(message); }

  Result<void> stays_kept(const driver::KeptMessage& /*message*/) override { return success(); }

  Result<driver::Row> row(const model::Register& of, const std::string& key) override { return world_.rows_.row(of.id, key, world_.now_); }

  Result<void> set_time(const driver::KeptMessage& message, Instant until) override {
    const std::uint64_t id = message.id;
    world_.kept_.set_time(id, until);
    world_.schedule_end(id);
    return success();
  }

  Result<void> cannot_deliver(const driver::KeptMessage& message, const Error& why) override {
    world_.kept_.remove(message.id, world_.now_);
    world_.note_incident(why.text());
    return success();
  }

  /// A message that nobody waits for leaves the company: nothing to simulate.
  Result<void> note_unheard(core::InstanceKey /*from*/, const core::PublishMessage& /*message*/) override { return success(); }

  Result<void> note_refused(const driver::Deed& /*deed*/, core::InstanceKey about, const Error& why) override {
    const CaseIndex c = world_.find_case(about);
    world_.note_refused(c == no_case ? why.text() : fmt::format("{}: {}", world_.cases_[c].instance.case_no, why.text()));
    return success();
  }

 private:
  [[nodiscard]] std::vector<model::ExecutablePtr> latest() const {
    std::vector<model::ExecutablePtr> all;
    for (const auto& p : world_.scenario_.processes) all.push_back(p.process);
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a->id < b->id; });
    return all;
  }

  [[nodiscard]] std::vector<core::WaitingInstance> subscribed(core::SubscriptionKind kind, std::string_view name, std::string_view key,
                                                              bool receives) const {
    std::vector<core::WaitingInstance> all;
    const auto file = world_.subscriptions_.find(file_key(kind, name, key));
    if (file == world_.subscriptions_.end()) return all;
    for (const auto& w : file->second)
      if (const auto& i = world_.cases_[w.owner].instance; core::receives(i) == receives) all.push_back({i.key, i.case_no, w.subscription});
    return all;
  }

  World& world_;
};

Result<void> World::keep(const driver::KeptMessage& message) {
  SB_TRY(const std::uint64_t id, kept_.add(message, now_, chain_));
  schedule_end(id);
  return success();
}

void World::schedule_end(std::uint64_t message) {
  const driver::KeptMessage* kept = kept_.find(message);
  const auto over = kept == nullptr ? std::nullopt : driver::over_at(kept->until);
  if (over) schedule({std::max(*over, now_), 0, Kind::kept_end, static_cast<std::uint32_t>(message), 0, {}});
}

void World::end_keeping(std::uint64_t message) {
  const driver::KeptMessage* kept = kept_.find(message);
  if (kept == nullptr || kept->until >= now_) return;  // its time was set anew
  if (!kept->discard) note_incident(driver::nobody_came(*kept).text());
  kept_.remove(message, now_);
}

/// After each command, before what else cases want of each other.
void World::offer_kept(driver::Courier& courier) {
  while (const auto called = kept_.take_called(now_)) {
    const std::uint32_t chain = driver::chain_of(*called, now_);
    if (chain >= driver::longest_chain) {
      note_incident(driver::ring_of_kept(*called).text());
      kept_.remove(called->id, now_);
      continue;
    }
    chain_ = chain;
    const auto offered = courier.offer(*called);
    chain_ = 0;
    if (!offered) result_.error = offered.error();
  }
}

void World::with_courier(const std::function<void(driver::Courier&)>& what) {
  Post post(*this);
  driver::Courier courier(post);
  what(courier);
}

void World::carry_out_all() {
  if (deliveries_.empty() && !kept_.has_called()) return;
  with_courier([this](driver::Courier& courier) {
    driver::RingWatch watch;
    offer_kept(courier);
    while (!deliveries_.empty() && !result_.error) {
      Delivery d = std::move(deliveries_.front());
      deliveries_.pop_front();
      if (watch.goes_too_far(d.chain, deliveries_.size())) {
        stand_aside(d);
        offer_kept(courier);
        continue;
      }
      chain_ = d.chain + 1;
      const auto done = courier.carry_out(d.from, d.effect);
      chain_ = 0;
      if (!done) result_.error = done.error();
      offer_kept(courier);
      if (!done || done.value()) continue;
      const auto behind =
          std::upper_bound(deferred_.begin(), deferred_.end(), d, [](const Delivery& a, const Delivery& b) { return a.from < b.from; });
      deferred_.insert(behind, std::move(d));
    }
  });
}

void World::repeat_deferred() {
  std::vector<Delivery> again;
  again.swap(deferred_);
  for (Delivery& d : again) {
    deliveries_.push_back(std::move(d));
    carry_out_all();
  }
}

// ---- timer start events ----------------------------------------------------------------------------------------------------------------------

void World::arm_starts() {
  for (const auto& p : scenario_.processes) {
    for (const model::ElementIndex start : driver::timer_starts_of(*p.process)) {
      const auto timer = core::start_timer(*p.process, start, now_);
      if (!timer) return fail("SB1020", fmt::format("process {}: {}", p.process->id, timer.error().text()), "");
      schedules_.emplace_back(driver::StartPoint{p.process, p.process->at(start).id}, timer.value());
      schedule({std::max(timer.value().due, now_), 0, Kind::start, static_cast<std::uint32_t>(schedules_.size() - 1), 0, {}});
    }
  }
}

/// Like arrivals, they come until as many cases have arrived as were asked for.
void World::start_by_timer(std::uint32_t schedule_index) {
  if (arrivals_total_ >= arrivals_wanted_) return;
  with_courier([&](driver::Courier& courier) {
    const auto& [start, timer] = schedules_[schedule_index];
    const auto fired = courier.start_by_timer(start, timer, now_);
    if (!fired) result_.error = fired.error();
    if (!fired || !fired.value().next) return;
    schedules_[schedule_index].second = *fired.value().next;
    schedule({std::max(fired.value().next->due, now_), 0, Kind::start, schedule_index, 0, {}});
  });
}

}  // namespace switchboard::simulation
