// A process as a readable outline for terminals.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "model/process.hpp"

namespace switchboard::notation {

/// Nodes in the order of the flow (boundary events and bodies indented), then clocks with their marks, feedback, data and lanes. Names in `language`.
/// Columns line up in a terminal that shows East Asian wide characters two columns wide.
[[nodiscard]] std::string outline(const model::Process& process, std::string_view language);

/// Terminal columns of UTF-8 text (Unicode Standard Annex 11: wide and fullwidth count two, combining marks none).
[[nodiscard]] std::size_t display_width(std::string_view text);

}  // namespace switchboard::notation
