// The snapshot of an instance.
#include "core/fields.hpp"
#include "core/instance.hpp"

namespace switchboard::core {

namespace {

/// Written as one list, in the order of their scopes.
template <class A>
void tokens_at_joins(A& a, Parts<ScopeTokens>& joins) {
  std::vector<JoinTokens> all;
  if constexpr (!A::reading)
    for (const ScopeTokens& scope : joins) all.insert(all.end(), scope.tokens.begin(), scope.tokens.end());
  a(all);
  if constexpr (A::reading) {
    joins.clear();
    for (const JoinTokens& j : all) {
      if (joins.find(j.scope) == nullptr) joins.put({j.scope, {}});
      joins.edit(j.scope).tokens.push_back(j);
    }
  }
}
/// A counter writes nothing: what each scope has is remembered.
void tokens_at_joins(ByteCounter& a, Parts<ScopeTokens>& joins) { a(joins); }

}  // namespace

template <class A>
void fields(A& a, ProcessInstance& i) {
  a(i.key, i.case_no, i.process, i.definition, i.customer, i.parent, i.call_depth, i.state, i.started, i.last, i.ended, i.suspended_at, i.next_key,
    i.sequence, i.data, i.elements);
  tokens_at_joins(a, i.joins);
  a(i.work, i.timers, i.subscriptions, i.calls, i.clocks, i.incidents);
  a.since(2, i.scopes);
  a.since(6, i.repetitions, i.occurrences, i.gateways, i.ad_hocs, i.completions);
  a.since(8, i.organisation);
  a.since(8, i.reopens);
}

std::uint64_t written_bytes(const ProcessInstance& instance) {
  ByteCounter counter;
  counter.one(instance);
  return counter.bytes;
}

std::string encode(const ProcessInstance& instance) { return to_bytes(instance); }

Result<ProcessInstance> decode_instance(std::string_view bytes) {
  SB_TRY(auto instance, from_bytes<ProcessInstance>("a case", bytes));
  instance.crowd.count(instance);
  return instance;
}

}  // namespace switchboard::core
