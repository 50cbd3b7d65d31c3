// What a compiler for processes says: where, which rule, what was expected, what to do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/finding.hpp"

namespace switchboard::model {

using switchboard::has_errors;
using switchboard::Position;
using switchboard::Severity;
using switchboard::sort_and_unique;
using switchboard::Subject;
using switchboard::SubjectKind;
using switchboard::to_string;
using Diagnostic = Finding;
using Diagnostics = std::vector<Finding>;
/// The name in `names` nearest to `wanted` when it is near enough to be a typo, else empty.
[[nodiscard]] std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace switchboard::model
