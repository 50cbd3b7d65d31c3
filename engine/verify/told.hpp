// The messages and signals of a node. Private to room verify.
#pragma once

#include "model/process.hpp"

namespace switchboard::verify {

/// Calls f(kind, name) for each message and signal of the node: its own message, then those of its events.
template <class F>
void for_each_told(const model::Node& n, const F& f) {
  if (!n.message.empty()) f(model::EventKind::message, n.message);
  for (const auto& e : n.events)
    if (e.kind == model::EventKind::message || e.kind == model::EventKind::signal) f(e.kind, e.name);
}

}  // namespace switchboard::verify
