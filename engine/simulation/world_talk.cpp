// What cases say to each other, and what the outside says to them: messages, signals, calls.
#include <fmt/format.h>

#include <algorithm>

#include "simulation/world.hpp"

namespace switchboard::simulation {

namespace {

std::string file_key(core::SubscriptionKind kind, const std::string& name, const std::string& correlation) {
  return fmt::format("{}\x1f{}\x1f{}", static_cast<int>(kind), name, correlation);
}

std::string file_key(const core::Subscription& s) {
  return file_key(s.kind, s.name, s.kind == core::SubscriptionKind::signal ? std::string() : s.correlation);
}

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
        schedule({now_ + Duration::micros(static_cast<std::int64_t>(us)), 0, Kind::message, c, generation, s.key.value, 0, 0});
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

void World::carry_out(Delivery d) {
  if (const auto* m = std::get_if<core::PublishMessage>(&d.effect)) return publish(*m);
  if (const auto* s = std::get_if<core::BroadcastSignal>(&d.effect)) return broadcast(*s);
  if (d.target == no_case || !cases_[d.target].live || cases_[d.target].generation != d.generation) return;
  if (const auto* call = std::get_if<core::StartCall>(&d.effect)) return start_call(d.target, *call);
  if (const auto* cancel = std::get_if<core::CancelCall>(&d.effect)) return cancel_call(d.target, cancel->call);
  if (auto* r = std::get_if<core::ReturnToCaller>(&d.effect)) {
    auto& children = cases_[d.target].children;
    children.erase(std::remove_if(children.begin(), children.end(), [r](const auto& entry) { return entry.first == r->parent.call; }),
                   children.end());
    submit(d.target, {{}, now_, core::FinishCall{r->parent.call, r->completed, std::move(r->data), r->error}});
  }
}

/// core::correlate over those that wait under this name and key. A message that nobody waits for leaves the company: nothing to simulate.
void World::publish(const core::PublishMessage& m) {
  const auto file = subscriptions_.find(file_key(core::SubscriptionKind::message, m.name, m.correlation));
  if (file == subscriptions_.end()) return;
  std::vector<core::WaitingInstance> waiting;
  for (const auto& w : file->second) waiting.push_back({cases_[w.owner].instance.key, cases_[w.owner].instance.case_no, w.subscription});
  const auto chosen = core::correlate(waiting, {m.name, m.correlation, m.payload});
  if (!chosen) return;
  for (const auto& w : file->second) {
    if (cases_[w.owner].instance.key != chosen->instance || w.subscription.key != chosen->subscription.key) continue;
    submit(w.owner, {{}, now_, core::DeliverMessage{w.subscription.key, m.name, m.payload}});
    return;
  }
}

void World::broadcast(const core::BroadcastSignal& s) {
  const auto file = subscriptions_.find(file_key(core::SubscriptionKind::signal, s.name, {}));
  if (file == subscriptions_.end()) return;
  const std::vector<Waiting> all = file->second;
  for (const auto& w : all)
    if (cases_[w.owner].live && cases_[w.owner].generation == w.generation && cases_[w.owner].instance.find(w.subscription.key) != nullptr)
      submit(w.owner, {{}, now_, core::DeliverSignal{w.subscription.key, s.name, s.payload}});
}

void World::start_call(CaseIndex parent, const core::StartCall& call) {
  if (cases_[parent].instance.find(call.call.key) == nullptr) return;
  const std::uint32_t process = scenario_.find_process(call.call.process);
  const CaseIndex c = open_case(process, Stream::mix(cases_[parent].number ^ call.call.key.value), cases_[parent].counted, parent);
  cases_[parent].children.emplace_back(call.call.key, c);
  const BoundProcess& p = scenario_.processes[process];
  core::StartInstance start;
  start.key = core::InstanceKey{next_instance_++};
  start.case_no = cases_[parent].instance.case_no;
  start.start_event = p.default_start_event;
  start.message = p.default_start_message;
  start.data = call.data;
  start.parent = core::Parent{cases_[parent].instance.key, call.call.key};
  start.call_depth = cases_[parent].instance.call_depth + 1;
  submit(c, {{}, now_, std::move(start)});
}

void World::cancel_call(CaseIndex parent, core::CallKey call) {
  auto& children = cases_[parent].children;
  const auto found = std::find_if(children.begin(), children.end(), [call](const auto& entry) { return entry.first == call; });
  if (found == children.end()) return;
  const CaseIndex child = found->second;
  children.erase(found);
  if (cases_[child].live && cases_[child].parent == parent)
    submit(child, {{}, now_, core::CancelInstance{"the caller went on without it", "simulation"}});
}

}  // namespace switchboard::simulation
