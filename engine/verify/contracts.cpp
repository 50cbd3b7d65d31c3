// Processes held against what other systems send and take (SB0480, SB0481).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "verify/check.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {

namespace {

using model::ContractMessage;
using model::EventKind;
using model::Node;

struct Agreed {
  const model::Contract* contract;
  const ContractMessage* message;
};

class Holder {
 public:
  Holder(const model::Process& process, std::span<const model::Contract* const> contracts, Findings& findings)
      : process_(process), findings_(findings) {
    for (const model::Contract* c : contracts)
      for (const ContractMessage& m : c->messages) agreed_.emplace(m.id, Agreed{c, &m});
  }

  void run() {
    for (const model::Declaration& d : process_.messages)
      if (const Agreed* agreed = find(d.id)) declaration(d, *agreed);
    model::for_each_node(process_.nodes, [&](const Node& n, const Node*) {
      model::for_each_told(n, [&](EventKind kind, const model::Ref& told) {
        const Agreed* agreed = kind == EventKind::message ? find(told.name) : nullptr;
        if (agreed == nullptr) return;
        if (model::sends(n.type))
          sent(n, told, *agreed);
        else
          awaited(n, told, *agreed);
      });
    });
  }

 private:
  const Agreed* find(const std::string& message) const {
    const auto found = agreed_.find(message);
    return found == agreed_.end() ? nullptr : &found->second;
  }

  static const feel::Type* field(const ContractMessage& m, std::string_view name) {
    const auto found = std::find_if(m.payload.begin(), m.payload.end(), [&](const auto& f) { return f.first == name; });
    return found == m.payload.end() ? nullptr : &found->second;
  }
  static std::string fields(const ContractMessage& m) {
    std::vector<std::string> names;
    for (const auto& [name, type] : m.payload) names.push_back(name);
    return names.empty() ? "it has no fields" : fmt::format("its fields are {}", fmt::join(names, ", "));
  }

  void declaration(const model::Declaration& d, const Agreed& agreed) {
    for (const auto& [name, type] : d.payload) {
      const feel::Type* known = field(*agreed.message, name);
      if (known == nullptr)
        findings_.error("SB0480", d.at, "messages." + d.id,
                        fmt::format("message '{}' of contract '{}' has no field '{}'", d.id, agreed.contract->id, name), fields(*agreed.message));
      else if (!known->conforms_to(type) && !type.conforms_to(*known))
        findings_.error("SB0480", d.at, "messages." + d.id,
                        fmt::format("field '{}' of message '{}' is {} in contract '{}', and {} here", name, d.id, known->to_string(),
                                    agreed.contract->id, type.to_string()),
                        "declare it as the contract does");
    }
    if (d.payload.empty() || !agreed.message->is_sent_to_us) return;
    for (const auto& known : agreed.message->payload) {
      const std::string& name = known.first;
      if (std::none_of(d.payload.begin(), d.payload.end(), [&name](const auto& f) { return f.first == name; }))
        findings_.error("SB0480", d.at, "messages." + d.id,
                        fmt::format("message '{}' {} with '{}' by contract '{}', and would be refused then: it is not declared here", d.id,
                                    agreed.message->required.contains(name) ? "comes" : "may come", name, agreed.contract->id),
                        fmt::format("add '{}' to its payload", name));
    }
  }

  void awaited(const Node& n, const model::Ref& told, const Agreed& agreed) {
    if (!agreed.message->is_sent_to_us)
      findings_.error("SB0480", told.at, n.id,
                      fmt::format("message '{}' is sent by us in contract '{}': nobody sends it to us", told.name, agreed.contract->id),
                      "wait for another message, or correct its `direction` in the contract");
  }

  void sent(const Node& n, const model::Ref& told, const Agreed& agreed) {
    if (agreed.message->is_sent_to_us) {
      findings_.error("SB0480", told.at, n.id,
                      fmt::format("message '{}' is sent to us in contract '{}': nobody takes it there", told.name, agreed.contract->id),
                      "send another message, or correct its `direction` in the contract");
      return;
    }
    std::set<std::string> given;
    for (const model::Mapping& m : n.in) {
      given.insert(m.name);
      if (field(*agreed.message, m.name) == nullptr)
        findings_.error("SB0480", m.at, n.id, fmt::format("message '{}' of contract '{}' has no field '{}'", told.name, agreed.contract->id, m.name),
                        fields(*agreed.message));
    }
    for (const std::string& name : agreed.message->required)
      if (!given.contains(name))
        findings_.error("SB0480", told.at, n.id,
                        fmt::format("message '{}' is sent without '{}', which contract '{}' requires", told.name, name, agreed.contract->id),
                        fmt::format("add `{}:` to `in`", name));
  }

  const model::Process& process_;
  Findings& findings_;
  std::map<std::string, Agreed, std::less<>> agreed_;
};

}  // namespace

model::Diagnostics check_contracts(const model::Process& process, std::span<const model::Contract* const> contracts) {
  Findings findings(process);
  if (!contracts.empty()) Holder(process, contracts, findings).run();
  model::sort_and_unique(findings.all);
  return std::move(findings.all);
}

std::vector<std::string> messages_of(const model::Process& process) {
  std::set<std::string> names;
  for (const model::Declaration& d : process.messages) names.insert(d.id);
  model::for_each_node(process.nodes, [&](const Node& n, const Node*) {
    model::for_each_told(n, [&](EventKind kind, const model::Ref& told) {
      if (kind == EventKind::message) names.insert(told.name);
    });
  });
  return {names.begin(), names.end()};
}

}  // namespace switchboard::verify
