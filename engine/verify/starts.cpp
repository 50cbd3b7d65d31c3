// What begins cases: whether the declared payload of a message or signal, a timer, or what another process throws gives a new case what it requires.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "verify/check.hpp"
#include "verify/expressions.hpp"
#include "verify/scope.hpp"
#include "verify/starts.hpp"

namespace switchboard::verify {
namespace {

using model::EventKind;
using model::Node;
using model::NodeType;

const model::Declaration* declaration_of(const model::Process& process, EventKind kind, std::string_view name) {
  return model::find_declaration(kind == EventKind::message ? process.messages : process.signals, name);
}

/// What begins cases of `process`: start events, receive tasks, and what stands behind event-based gateways that begin cases.
std::vector<const Node*> entries_of(const model::Process& process) {
  std::vector<const Node*> entries;
  for (const Node& n : process.nodes) {
    if (n.type == NodeType::start_event || (n.type == NodeType::receive_task && n.instantiate)) entries.push_back(&n);
    if (n.type != NodeType::event_based_gateway || !n.instantiate) continue;
    for (const Node& target : process.nodes)
      if (std::any_of(n.next.begin(), n.next.end(), [&](const model::Flow& f) { return f.to.name == target.id; })) entries.push_back(&target);
  }
  return entries;
}

/// That one of them that waits for it, or null.
const Node* start_of(const model::Process& process, EventKind kind, std::string_view name) {
  for (const Node* n : entries_of(process)) {
    bool waits = false;
    model::for_each_told(*n, [&](EventKind k, const model::Ref& told) { waits = waits || (k == kind && told.name == name); });
    if (waits) return n;
  }
  return nullptr;
}

/// Data that a new case requires and that neither `given` nor the start event gives.
std::vector<std::string> missing_at(const model::Process& process, const Node& start, const std::set<std::string>& given) {
  std::vector<std::string> missing;
  for (const auto& d : process.data) {
    const bool is_mapped = std::any_of(start.out.begin(), start.out.end(), [&](const auto& m) { return m.name == d.name; });
    if (d.required && !d.has_default() && !is_mapped && !given.contains(d.name)) missing.push_back(d.name);
  }
  return missing;
}

std::string quoted(const std::vector<std::string>& names) { return fmt::format("'{}'", fmt::join(names, "', '")); }

/// One thing that is thrown, against one process that it starts.
void check_thrown(const model::Process& process, const Node& n, const std::string& path, EventKind kind, const model::Ref& told,
                  const model::Process& started, Findings& findings) {
  const Node* start = start_of(started, kind, told.name);
  if (start == nullptr) return;
  const char* what = kind == EventKind::message ? "message" : "signal";
  const model::Declaration* d = declaration_of(process, kind, told.name);
  if (kind == EventKind::message && (d == nullptr || d->key.text.empty()))
    findings.warning("SB0470", told.at, path,
                     fmt::format("the message '{}' starts cases of '{}' and has no key: each would have the number of the case that throws it, and a "
                                 "second one is refused while the first is open",
                                 told.name, started.id),
                     fmt::format("write `messages: {{{}: {{key: ...}}}}` with the number that the new case is to have", told.name));
  std::set<std::string> given;
  for (const auto& m : n.in) given.insert(m.name);
  const std::vector<std::string> missing = missing_at(started, *start, given);
  if (!missing.empty() && !start->parallel_multiple)
    findings.warning("SB0472", told.at, path,
                     fmt::format("the {} '{}' starts no case of '{}', which requires {}", what, told.name, started.id, quoted(missing)),
                     fmt::format("add `{}:` to `in`", missing.front()));
}

}  // namespace

namespace {

/// What several messages and signals give together, when each says what it carries.
void check_all_together(const model::Process& process, const Node& n, Findings& findings) {
  std::set<std::string> given;
  bool known = true;
  model::for_each_told(n, [&](EventKind kind, const model::Ref& told) {
    const model::Declaration* d = declaration_of(process, kind, told.name);
    known = known && d != nullptr && !d->payload.empty();
    if (known)
      for (const auto& [field, type] : d->payload) given.insert(field);
  });
  const std::vector<std::string> missing = known ? missing_at(process, n, given) : std::vector<std::string>();
  if (!missing.empty())
    findings.warning("SB0471", n.at, n.id, fmt::format("all its events together cannot start a case: {} must be given", quoted(missing)),
                     fmt::format("add '{0}' to one of the payloads, give '{0}' a default, or set it by `out`", missing.front()));
}

}  // namespace

void check_starts_of_cases(const model::Process& process, Findings& findings) {
  for (const Node* entry : entries_of(process)) {
    const Node& n = *entry;
    if (n.parallel_multiple) {
      check_all_together(process, n, findings);
      continue;
    }
    const auto tell = [&](const model::Position& at, const std::string& what, const std::vector<std::string>& missing, const std::string& remedy) {
      if (!missing.empty())
        findings.warning("SB0471", at, n.id, fmt::format("{} cannot start a case: {} must be given", what, quoted(missing)), remedy);
    };
    model::for_each_told(n, [&](EventKind kind, const model::Ref& told) {
      const model::Declaration* d = declaration_of(process, kind, told.name);
      if (d == nullptr || d->payload.empty()) return;  // it may carry anything
      std::set<std::string> given;
      for (const auto& [field, type] : d->payload) given.insert(field);
      const std::vector<std::string> missing = missing_at(process, n, given);
      tell(told.at, fmt::format("'{}' as it is declared", told.name), missing,
           missing.empty() ? std::string() : fmt::format("add '{0}' to its payload, give '{0}' a default, or set it by `out`", missing.front()));
    });
    for (const auto& e : n.events)
      if (e.kind == EventKind::timer)
        tell(e.at, "the timer", missing_at(process, n, {}), "a timer gives nothing: give them a default, or set them by `out`");
  }
}

void check_thrown_starts(const model::Process& process, const Surroundings& around, Findings& findings) {
  for_each_place(process, [&](const Node& n, const std::string& path, const Seen&) {
    if (!model::sends(n.type)) return;
    model::for_each_told(n, [&](EventKind kind, const model::Ref& told) {
      for (const model::Process* started : around.started) check_thrown(process, n, path, kind, told, *started, findings);
    });
  });
}

bool is_started_by(const model::Process& process, EventKind kind, std::string_view name) { return start_of(process, kind, name) != nullptr; }

std::vector<std::pair<EventKind, std::string>> thrown_by(const model::Process& process) {
  std::vector<std::pair<EventKind, std::string>> thrown;
  model::for_each_node(process.nodes, [&](const Node& n, const Node*) {
    if (model::sends(n.type)) model::for_each_told(n, [&](EventKind kind, const model::Ref& told) { thrown.emplace_back(kind, told.name); });
  });
  return thrown;
}

}  // namespace switchboard::verify
