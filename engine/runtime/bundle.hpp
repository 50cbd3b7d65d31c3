// A definition as texts that belong together: what goes into the store so that another process of the operating system can make it again.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/process.hpp"
#include "store/store.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::runtime {

/// Kind and id of a text that is a calendar, a decision table, a register or a tree of organisations; SB0544 when it is none of these, SB0542 with
/// every finding when it has errors.
[[nodiscard]] Result<store::Resource> read_resource(std::string_view text, std::string_view file, Instant at);

struct Layer {
  std::string file, text;
};

/// A process file, a collaboration with one of its processes, or an overlay with what it lies over.
struct Bundle {
  std::string process;  ///< id of what the texts make
  std::string file, text;
  std::vector<Layer> below;                                    ///< of an overlay: further overlays, from above, and the process last
  std::map<std::string, store::Resource, std::less<>> tables;  ///< decision tables and registers used, by "decision/limits"
  bool by_hand = false;                                        ///< somebody gave this very text; not: it was found in a folder
};

/// The process that the texts make. SB0542 with every finding when one of them has errors.
[[nodiscard]] Result<std::shared_ptr<const model::Process>> process_of(const Bundle& bundle);

/// Bundle <-> the `source` and `library` texts of a deployment.
[[nodiscard]] std::string library_text(const Bundle& bundle);
[[nodiscard]] Result<Bundle> bundle_of(const store::Deployment& deployment);

}  // namespace switchboard::runtime
