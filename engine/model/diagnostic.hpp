// What a compiler for processes says: where, which rule, what was expected, what to do.
#pragma once

#include <vector>

#include "switchboard/base/finding.hpp"
#include "switchboard/base/text.hpp"

namespace switchboard::model {

using switchboard::has_errors;
using switchboard::nearest_name;
using switchboard::Position;
using switchboard::Severity;
using switchboard::sort_and_unique;
using switchboard::Subject;
using switchboard::SubjectKind;
using switchboard::to_string;
using Diagnostic = Finding;
using Diagnostics = std::vector<Finding>;

}  // namespace switchboard::model
