// Keys of things inside one instance. They come from the instance's own counter, so the same commands give the same keys everywhere.
#pragma once

#include <string>

#include "base/key.hpp"

namespace switchboard::core {

using ElementKey = Key<struct ElementKeyTag>;  ///< one activation of an element; 1 is always the process itself
using WorkKey = Key<struct WorkKeyTag>;
using TimerKey = Key<struct TimerKeyTag>;
using SubscriptionKey = Key<struct SubscriptionKeyTag>;
using IncidentKey = Key<struct IncidentKeyTag>;
using CallKey = Key<struct CallKeyTag>;
using FeedbackKey = Key<struct FeedbackKeyTag>;

/// Names an instance everywhere (store, bindings). Given by the driver at creation, never by the core.
using InstanceKey = Key<struct InstanceKeyTag>;

}  // namespace switchboard::core
