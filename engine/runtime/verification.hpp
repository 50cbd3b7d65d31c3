// The gate before a deployment: what room verify finds beyond what compile finds.
#pragma once

#include "model/diagnostic.hpp"
#include "model/library.hpp"
#include "model/process.hpp"

namespace switchboard::runtime {

/// Adds to `findings`.
void verify_definition(const model::Process& process, const model::Library& library, model::Diagnostics& findings);

}  // namespace switchboard::runtime
