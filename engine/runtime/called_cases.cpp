// Suspending and resuming a case together with the cases that it called, and those that these called.
#include <fmt/format.h>

#include <deque>
#include <utility>

#include "runtime/ids.hpp"
#include "runtime/post.hpp"
#include "runtime/requests.hpp"
#include "runtime/views.hpp"

namespace switchboard::runtime {

Result<std::vector<CaseInfo>> Requests::suspend_with_called(const InstanceId& instance, std::string_view reason, const Caller& caller) {
  SB_TRYV(check_reason(caller, reason));
  return move_with_called(instance, core::SuspendInstance{std::string(reason), caller.by}, core::InstanceState::suspended, caller);
}

Result<std::vector<CaseInfo>> Requests::resume_with_called(const InstanceId& instance, const Caller& caller) {
  SB_TRYV(check_caller(caller));
  auto moved = move_with_called(instance, core::ResumeInstance{caller.by}, core::InstanceState::active, caller);
  Errands met;
  static_cast<void>(courier_.repeat(met));  // as resume: what waited for this
  return moved;
}

/// From the outermost one inwards, so that none calls another after it was looked at. One that stands there already is left as it is.
Result<std::vector<CaseInfo>> Requests::move_with_called(const InstanceId& instance, const CommandBody& what, core::InstanceState wanted,
                                                         const Caller& caller) {
  SB_TRY(const core::InstanceKey root, parse_instance_id(instance));
  SB_TRY(const Loaded first, commands_.load_existing(root));
  std::vector<CaseInfo> all;
  if (core::is_finished(first.instance->state)) {
    SB_TRY(CaseInfo info, submit(root, what, caller));  // says so, or what was answered then
    all.push_back(std::move(info));
    return all;
  }
  Errands met;
  static_cast<void>(courier_.repeat(met));  // called cases that have not begun yet
  Post post(offices_, std::string());
  std::vector<std::string> failed;
  std::optional<Error> why;
  bool has_moved = false;
  std::deque<core::InstanceKey> left{root};
  for (; !left.empty(); left.pop_front()) {
    const core::InstanceKey key = left.front();
    const auto fail = [&](const Error& error) {
      if (!why) why = error;
      failed.push_back(instance_id(key));
    };
    auto loaded = commands_.load(key, true);
    if (loaded && loaded.value() && !core::is_finished(loaded.value().instance->state) && loaded.value().instance->state != wanted) {
      Caller here = caller;
      if (key != root && !caller.request_id.empty()) here.request_id += "/" + instance_id(key);
      const auto moved = submit(key, what, here);
      loaded = commands_.load(key, true);
      const bool has_ended = loaded && loaded.value() && core::is_finished(loaded.value().instance->state);
      if (!moved && !has_ended) {
        fail(moved.error());
        continue;
      }
      has_moved = true;
    }
    if (!loaded) {
      fail(loaded.error());
      continue;
    }
    const Loaded& now = loaded.value();
    if (!now || (core::is_finished(now.instance->state) && key != root)) continue;
    all.push_back(case_info(*now.process, *now.instance));
    for (const core::Call& call : now.instance->calls) {
      SB_TRY(const auto called, post.called_by({key, call.key}));
      if (called) left.push_back(*called);
    }
  }
  if (why) {
    std::string done;
    for (const CaseInfo& c : all) done += (done.empty() ? "" : ", ") + c.instance;
    why->message =
        fmt::format("{} could not be {}: {}; {} is", fmt::join(failed, ", "), wanted == core::InstanceState::suspended ? "suspended" : "resumed",
                    why->message, done.empty() ? "nothing else" : done);
    why->hint = fmt::format("mend that, then repeat: what is done already stays{}", why->hint.empty() ? "" : " - " + why->hint);
    return *why;
  }
  if (has_moved) return all;
  SB_TRY(CaseInfo info, submit(root, what, caller));  // refused, as everything stands there already
  all.front() = std::move(info);
  return all;
}

}  // namespace switchboard::runtime
