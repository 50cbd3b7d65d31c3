// Copying, moving and destroying commands, events and effects: compiled here and nowhere else.
#include "base/closed_set_definition.hpp"
#include "core/command.hpp"
#include "core/effect.hpp"

namespace switchboard {
template struct ClosedSet<core::CommandVariant>;
template struct ClosedSet<core::EventVariant>;
template struct ClosedSet<core::EffectVariant>;
}  // namespace switchboard
