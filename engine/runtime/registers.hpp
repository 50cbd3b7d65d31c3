// Rows of registers: what cases read and write, and what an operator or a program asks for and gives (docs/language.md, "Registers"; decision 0093).
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "driver/registers.hpp"
#include "runtime/committer.hpp"
#include "runtime/definitions.hpp"
#include "runtime/time_source.hpp"
#include "store/store.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// Thread-safe. Everything that is given by reference outlives it.
class Registers {
 public:
  Registers(store::Store& store, Definitions& definitions, Committer& committer, const TimeSource& time)
      : store_(store), definitions_(definitions), committer_(committer), time_(time) {}

  /// As driver::Port::row: of the source, when it has this register, else of the store.
  [[nodiscard]] Result<driver::Row> row(const model::Register& of, const std::string& key);
  void set_source(RegisterSource source);

  // As Engine has them.
  [[nodiscard]] Result<RowInfo> row_info(std::string_view register_id, std::string_view key);
  [[nodiscard]] Result<std::vector<RowInfo>> rows(std::string_view register_id, std::string_view after, std::size_t limit);
  [[nodiscard]] Result<std::vector<RowInfo>> history(std::string_view register_id, std::string_view key, std::uint64_t after, std::size_t limit);
  [[nodiscard]] Result<RowInfo> put(std::string_view register_id, std::string_view key, const Value& fields, const Caller& caller);
  [[nodiscard]] Result<ImportReport> import_rows(std::string_view register_id, const std::vector<Value>& rows, const Caller& caller);

 private:
  struct Changed {
    driver::RowWrite write;
    bool is_same = false;  ///< nothing is to be written
  };
  [[nodiscard]] Result<Changed> change_of(const model::Register& of, const std::string& key, const Context& fields, const std::string& by, Instant at,
                                          const driver::RowWrite* before);
  [[nodiscard]] Result<std::size_t> import_page(const model::Register& of, const std::vector<Value>& rows, std::size_t from, const Caller& caller,
                                                ImportReport& report);
  [[nodiscard]] Result<RowInfo> info_of(const model::Register& of, const store::RegisterRow& row) const;

  store::Store& store_;
  Definitions& definitions_;
  Committer& committer_;
  const TimeSource& time_;
  std::mutex mutex_;
  RegisterSource source_;  ///< under mutex_
};

}  // namespace switchboard::runtime
