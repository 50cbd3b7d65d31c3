// The bytes of a file.
#include <fstream>
#include <utility>

#include "base/limits.hpp"
#include "notation/load.hpp"

namespace switchboard::notation {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& path) {
  const auto refuse = [&](ErrorKind kind, std::string message, std::string hint) {
    return Error{kind, "SB0100", std::move(message), path.generic_string(), std::move(hint)};
  };
  std::error_code error;
  if (!fs::exists(path, error)) return refuse(ErrorKind::not_found, "there is no such file", "check the path");
  if (!fs::is_regular_file(path, error)) return refuse(ErrorKind::invalid, "this is no file", "name a file");
  std::ifstream in(path, std::ios::binary);
  // One byte more than allowed shows that there is more, without reading all of it.
  std::string text(limits::file_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in && !in.eof()) return refuse(ErrorKind::storage, "the file cannot be read", "check its permissions");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > limits::file_bytes)
    return Error{ErrorKind::limit, "SB0103", "the file has more than " + std::to_string(limits::file_bytes) + " bytes", path.generic_string(),
                 "split it"};
  return text;
}

}  // namespace switchboard::notation
