#include <algorithm>

#include "driver/kept.hpp"

namespace switchboard::driver {

const KeptMessage* KeptList::find(std::uint64_t id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &found->second;
}

const KeptMessage* KeptList::first(const core::Message& message, bool to_case, Instant now) const {
  const auto all = by_key_.find(message.correlation);
  if (all == by_key_.end()) return nullptr;
  for (const std::uint64_t id : all->second) {
    const KeptMessage& k = by_id_.at(id);
    if (k.message.name == message.name && k.to_case == to_case && k.until >= now) return &k;
  }
  return nullptr;
}

Result<std::uint64_t> KeptList::add(KeptMessage message, Instant now, std::uint32_t chain) {
  std::set<std::uint64_t>& alike = by_key_[message.message.correlation];
  const auto count = std::count_if(alike.begin(), alike.end(), [&](std::uint64_t id) { return by_id_.at(id).message.name == message.message.name; });
  if (static_cast<std::size_t>(count) >= most_kept) return too_many_kept(message.message);
  message.id = ++last_;
  message.arrived = now;
  message.chain = chain;
  alike.insert(last_);
  if (over_at(message.until)) by_until_.insert({message.until, last_});
  called_.insert(last_);
  by_id_.emplace(last_, std::move(message));
  return last_;
}

void KeptList::call(std::string_view key, Instant from, const std::function<bool(const KeptMessage&)>& whether) {
  const auto all = by_key_.find(key);
  if (all == by_key_.end()) return;
  std::set<std::string_view> names;
  for (const std::uint64_t id : all->second) {
    const KeptMessage& k = by_id_.at(id);
    if (k.until < from || names.contains(k.message.name) || !whether(k)) continue;
    names.insert(k.message.name);
    called_.insert(id);
  }
}

void KeptList::call_next(const core::Message& gone, Instant from) {
  call(gone.correlation, from, [&](const KeptMessage& k) { return k.message.name == gone.name; });
}

void KeptList::remove(std::uint64_t id, Instant now) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  const core::Message gone = found->second.message;
  const auto alike = by_key_.find(found->second.message.correlation);
  alike->second.erase(id);
  if (alike->second.empty()) by_key_.erase(alike);
  by_until_.erase({found->second.until, id});
  called_.erase(id);
  by_id_.erase(found);
  call_next(gone, now);
}

void KeptList::set_time(std::uint64_t id, Instant until) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  const bool begins = found->second.until >= no_end && until < no_end;
  by_until_.erase({found->second.until, id});
  found->second.until = until;
  if (over_at(until)) by_until_.insert({until, id});
  called_.insert(id);
  if (begins) call_next(found->second.message, no_end);
}

void KeptList::call_for(const core::ProcessInstance* before, const core::ProcessInstance& after, Instant now) {
  const auto call = [&](std::string_view key) { this->call(key, now, [&](const KeptMessage& k) { return is_called_for(k, before, after); }); };
  call(after.case_no);
  for (const core::ProcessInstance* instance : {before, &after}) {
    if (instance == nullptr) continue;
    for (const core::Subscription& s : instance->subscriptions)
      if (s.correlation != after.case_no) call(s.correlation);
  }
}

std::optional<KeptMessage> KeptList::take_called(Instant now) {
  while (!called_.empty()) {
    const KeptMessage& k = by_id_.at(*called_.begin());
    called_.erase(called_.begin());
    if (k.until >= now) return k;
  }
  return std::nullopt;
}

}  // namespace switchboard::driver
