// The shipped processes with one file edited: everything that reading, compiling and checking says about that file, as `switchboard check` does.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

#include "workspace/workspace.hpp"

namespace switchboard::testing {

class Shipped {
 public:
  Shipped() { files_.read_folder(root()); }

  static std::filesystem::path root() { return std::filesystem::path(SWITCHBOARD_SOURCE_DIR) / "processes"; }

  /// The text of a file under processes/.
  [[nodiscard]] std::string text(const std::string& file) const {
    const std::string* found = files_.project().text((root() / file).generic_string());
    return found == nullptr ? std::string() : *found;
  }
  [[nodiscard]] workspace::Project& project() const { return files_.project(); }

  /// Findings about `text` in place of `file`.
  [[nodiscard]] model::Diagnostics check(std::string text, const std::string& file) const {
    files_.put(file, std::move(text));
    model::Diagnostics found = files_.project().check();
    files_.remove(file);
    return found;
  }

 private:
  mutable workspace::Workspace files_;
};

}  // namespace switchboard::testing
