// Rows of registers as a driver has them (docs/language.md, "Registers"; decision 0093). What a row may hold is the model's to say.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/core.hpp"
#include "model/registers.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::driver {

/// A row as it is now.
struct Row {
  Value value;                ///< as it is kept (model::row_after), or as another system gave it; null: there is none
  std::uint64_t version = 0;  ///< 0: there is none, or another system has it
  bool is_foreign = false;    ///< another system has this register: nothing of it is written here
  Instant now;                ///< the driver's present instant
};

/// A row that becomes another.
struct RowWrite {
  std::string of, key;         ///< register and key
  std::uint64_t expected = 0;  ///< the version it has; afterwards it is one more
  Value value;                 ///< as model::row_after gives it
  std::string by{};            ///< who did it, when no case did
};

/// The row is another by now than when it was looked at.
inline constexpr std::string_view row_changed = "SB0582";
[[nodiscard]] Error changed_row(const RowWrite& write);
/// SB0580: no register of that name. `known`: of all that are.
[[nodiscard]] Error no_such_register(std::string_view name, const std::vector<std::string>& known);

/// The rows of a driver that has no store: a process test, the simulator.
class RowList {
 public:
  [[nodiscard]] Row row(const std::string& of, const std::string& key, Instant now) const;
  /// False: the row has another version.
  [[nodiscard]] bool write(const RowWrite& write);
  /// Rows that a file brings, of the registers that `processes` use, in order; a second one of a key is put over the first.
  [[nodiscard]] std::vector<std::pair<model::Position, Error>> fill(const std::vector<model::GivenRow>& rows,
                                                                    std::span<const model::ExecutablePtr> processes, Instant at);

 private:
  struct Kept {
    Value value;
    std::uint64_t version = 0;
  };
  std::map<std::pair<std::string, std::string>, Kept> rows_;
};

/// The registers that `processes` read or write, by id.
[[nodiscard]] std::map<std::string, model::RegisterPtr, std::less<>> registers_of(std::span<const model::ExecutablePtr> processes);

}  // namespace switchboard::driver
