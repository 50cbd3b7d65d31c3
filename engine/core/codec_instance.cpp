// The snapshot of an instance.
#include "core/fields.hpp"
#include "core/instance.hpp"

namespace switchboard::core {

template <class A>
void fields(A& a, ProcessInstance& i) {
  a(i.key, i.case_no, i.process, i.definition, i.customer, i.parent, i.call_depth, i.state, i.started, i.last, i.ended, i.suspended_at, i.next_key,
    i.sequence, i.data, i.elements, i.joins, i.work, i.timers, i.subscriptions, i.calls, i.clocks, i.incidents);
  a.since(2, i.scopes);
  a.since(6, i.repetitions, i.occurrences, i.gateways, i.ad_hocs, i.completions);
}

std::uint64_t written_bytes(const ProcessInstance& instance) {
  ByteCounter counter;
  counter.one(instance);
  return counter.bytes;
}

std::string encode(const ProcessInstance& instance) { return to_bytes(instance); }

Result<ProcessInstance> decode_instance(std::string_view bytes) { return from_bytes<ProcessInstance>("a case", bytes); }

}  // namespace switchboard::core
