// Units of the company that a process names, against the tree.
#pragma once

#include "model/organisation.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {

/// SB0474: a process that says `organisation` where there is no tree, or a unit, named in full, that the tree does not have.
void check_organisations(const model::Process& process, const model::OrganisationsPtr& tree, Findings& findings);

}  // namespace switchboard::verify
