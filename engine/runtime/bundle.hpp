// A definition as texts that belong together: what goes into the store so that another process of the operating system can make it again.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "model/executable.hpp"
#include "model/process.hpp"
#include "store/store.hpp"

namespace switchboard::runtime {

/// Calendars and decision tables by id: their texts and what was made of them.
struct Shelf {
  std::map<std::string, store::Resource, std::less<>> texts;  ///< key: "calendar/cn"
  model::Library library;
  /// Reads, compiles and keeps `resource`; SB0542 with every finding when it has errors.
  [[nodiscard]] Result<void> put(const store::Resource& resource);
};

/// Kind and id of a text that is a calendar or a decision table; SB0542 when it is neither or has errors.
[[nodiscard]] Result<store::Resource> read_resource(std::string_view text, std::string_view file, Instant at);

struct Layer {
  std::string file, text;
};

/// A process file, or an overlay with what it lies over.
struct Bundle {
  std::string file, text;
  std::vector<Layer> below;                                    ///< of an overlay: further overlays, from above, and the process last
  std::map<std::string, store::Resource, std::less<>> tables;  ///< decision tables used
};

struct Compiled {
  model::ExecutablePtr process;
  std::string called_by;  ///< for messages about missing processes
  std::vector<std::string> calls;
  Bundle bundle;
};

/// Loads, compiles and checks. Refused (SB0542) with every finding when there is an error.
[[nodiscard]] Result<Compiled> compile_bundle(const Bundle& bundle, const model::Library& library);

/// Puts the tables that the definition uses into its bundle.
void pack_tables(Compiled& compiled, const Shelf& shelf);

/// Bundle <-> the `source` and `library` texts of a deployment.
[[nodiscard]] std::string library_text(const Bundle& bundle);
[[nodiscard]] Result<Bundle> bundle_of(const store::Deployment& deployment);

}  // namespace switchboard::runtime
