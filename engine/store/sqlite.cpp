#include "store/store.hpp"

namespace switchboard::store {

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  return Error{ErrorKind::storage, "SB0609", "the SQLite store is being built", options.path, "use a database in memory for now"};
}

}  // namespace switchboard::store
