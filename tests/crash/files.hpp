#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "support/folder.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::testing {

[[nodiscard]] std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& bytes);
/// The number in environment variable `name`, else `usual`.
[[nodiscard]] int parameter(const char* name, int usual);
/// Everything the engine says about every case, as one text; stops at the first error, which is then in `error`.
[[nodiscard]] std::string tour(Engine& engine, std::string& error);

}  // namespace switchboard::testing
