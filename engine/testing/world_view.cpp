// Looking at a family of cases: a root case, those it called and those of its partners, seen as one.
#include <algorithm>
#include <tuple>

#include "switchboard/base/text.hpp"
#include "testing/world.hpp"

namespace switchboard::testing {

namespace {

bool can_be_completed(const core::Work& work) { return work.state == core::WorkState::offered || work.state == core::WorkState::claimed; }

}  // namespace

std::vector<OpenWork> World::open_work(InstanceKey root) const {
  std::vector<OpenWork> all;
  if (const core::ProcessInstance* instance = find(root)) {
    open_work_of(*instance, {}, all);
    for (const auto& [prefix, partner] : partners_of(*instance)) open_work_of(*partner, prefix, all);
  }
  std::sort(all.begin(), all.end(), [](const OpenWork& a, const OpenWork& b) { return std::tie(a.instance, a.work) < std::tie(b.instance, b.work); });
  return all;
}

void World::open_work_of(const core::ProcessInstance& instance, const std::string& prefix, std::vector<OpenWork>& out) const {
  const model::ExecutableProcess& process = definition_of(instance);
  for (const core::Work& work : instance.work) {
    if (can_be_completed(work)) out.push_back({instance.key, work.key, prefix + core::path_of(process, instance, work.element_key)});
  }
  for (const core::Call& call : instance.calls) {
    if (const core::ProcessInstance* called = child(instance.key, call.key))
      open_work_of(*called, prefix + core::path_of(process, instance, call.element_key) + "/", out);
  }
}

std::vector<Spot> World::positions(InstanceKey root, bool inside_calls) const {
  std::vector<Spot> all;
  if (const core::ProcessInstance* instance = find(root)) {
    positions_of(*instance, {}, inside_calls, all);
    if (inside_calls) {
      for (const auto& [prefix, partner] : partners_of(*instance)) {
        const std::size_t before = all.size();
        positions_of(*partner, prefix, true, all);
        for (std::size_t i = before; i < all.size(); ++i) all[i].partner = prefix;
      }
    }
  }
  std::sort(all.begin(), all.end(), [](const Spot& a, const Spot& b) { return a.path < b.path; });
  all.erase(std::unique(all.begin(), all.end(), [](const Spot& a, const Spot& b) { return a.path == b.path; }), all.end());
  return all;
}

void World::positions_of(const core::ProcessInstance& instance, const std::string& prefix, bool inside_calls, std::vector<Spot>& out) const {
  if (core::is_finished(instance.state)) return;
  const model::ExecutableProcess& process = definition_of(instance);
  for (const core::ElementInstance& e : instance.elements) {
    const model::Element& element = process.at(e.element);
    const bool is_around = model::is_container(element.type) && !core::waits_for_activities(instance, e.key);
    if (is_around || e.element.value == 0 || (core::is_body(element, e) && instance.find_repetition(e.key) != nullptr)) continue;
    Spot spot{prefix + core::path_of(process, instance, e.key), {}};
    if (std::string plain = without_numbers(spot.path); plain != spot.path) spot.also.push_back(std::move(plain));
    if (element.type == model::NodeType::event_based_gateway) {
      for (const model::FlowIndex flow : element.outgoing) spot.also.push_back(prefix + process.at(process.at(flow).to).path);
    }
    out.push_back(std::move(spot));
  }
  if (!inside_calls) return;
  for (const core::Call& call : instance.calls) {
    if (const core::ProcessInstance* called = child(instance.key, call.key))
      positions_of(*called, prefix + core::path_of(process, instance, call.element_key) + "/", true, out);
  }
}

/// The cases of the other participants of its collaboration that have its number, each with what stands before the paths in it.
std::vector<std::pair<std::string, const core::ProcessInstance*>> World::partners_of(const core::ProcessInstance& root) const {
  std::vector<std::pair<std::string, const core::ProcessInstance*>> found;
  for (const model::Partner& partner : definition_of(root).partners)
    for (const core::ProcessInstance& i : instances_)
      if (i.process == partner.process.name && i.case_no == root.case_no && !i.parent) found.emplace_back(partner.participant + "/", &i);
  return found;
}

std::optional<std::string> World::prefix_of(InstanceKey root, InstanceKey instance) const {
  std::string prefix;
  for (const core::ProcessInstance* i = find(instance); i != nullptr;) {
    if (i->key == root) return prefix;
    if (!i->parent) {
      const core::ProcessInstance* seen_from = find(root);
      if (seen_from == nullptr) return std::nullopt;
      for (const auto& [before, partner] : partners_of(*seen_from))
        if (partner == i) return before + prefix;
      return std::nullopt;
    }
    const core::ProcessInstance* parent = find(i->parent->instance);
    if (parent == nullptr) return std::nullopt;
    // The call may have ended: its node is told by the diary.
    for (const Entry& entry : diary_) {
      const auto* started = std::get_if<core::CallStarted>(&entry.event.body);
      if (started == nullptr || entry.instance != parent->key || started->call.key != i->parent->call) continue;
      prefix.insert(0, definition_of(*parent).at(started->call.element).path + "/");
      break;
    }
    i = parent;
  }
  return std::nullopt;
}

}  // namespace switchboard::testing
