#include "runtime/verification.hpp"

namespace switchboard::runtime {

void verify_definition(const model::Process&, const model::Library&, model::Diagnostics&) {}

}  // namespace switchboard::runtime
