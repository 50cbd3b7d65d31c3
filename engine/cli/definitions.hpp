// Compiled processes of a catalogue for a world in memory.
#pragma once

#include <string_view>

#include "cli/catalogue.hpp"
#include "testing/world.hpp"

namespace switchboard::cli {

/// Process `id` and all it calls, directly or not, as far as they compile.
[[nodiscard]] testing::DefinitionsPtr definitions_for(Catalogue& all, std::string_view id);

}  // namespace switchboard::cli
