#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "switchboard/engine.hpp"

namespace switchboard::testing {

class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

[[nodiscard]] std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& bytes);
/// The number in environment variable `name`, else `usual`.
[[nodiscard]] int parameter(const char* name, int usual);
/// Everything the engine says about every case, as one text; stops at the first error, which is then in `error`.
[[nodiscard]] std::string tour(Engine& engine, std::string& error);

}  // namespace switchboard::testing
