// An engine under load, for the figures about what is durable.
#pragma once

#include <memory>
#include <string>

#include "switchboard/engine.hpp"

namespace switchboard::bench {

/// With process `bench` (two user tasks, one clock with two marks) deployed.
[[nodiscard]] std::unique_ptr<Engine> open_engine(const std::string& path, bool full_sync);
/// `cases` cases, three commands each: start, complete, complete. Their numbers begin with `name`.
void run_cases(Engine& engine, const std::string& name, int cases);
void run_threads(Engine& engine, int threads, int cases_each);

}  // namespace switchboard::bench
