// Scripts in languages that nobody runs here, as jobs for somebody who does.
#pragma once

#include "model/process.hpp"

namespace switchboard::exchange {

/// Every script task with a foreign script becomes a service task whose job is the text of the script: a worker that takes it does what it says.
void scripts_as_jobs(model::Process& process);

}  // namespace switchboard::exchange
