// What YAML reads as something else than it looks like.
#pragma once

#include <string_view>

#include "notation/findings.hpp"
#include "notation/yaml.hpp"

namespace switchboard::notation {

/// Warnings about plain texts: one that a comment without a space cuts short (SB0115), and names in a list that a full-width comma joins (SB0117);
/// about all texts: a character that nobody sees (SB0119), where nothing else is said.
/// `text` is what `root` was read from.
void warn_of_look_alikes(const yaml::Node& root, std::string_view text, Findings& findings);

}  // namespace switchboard::notation
