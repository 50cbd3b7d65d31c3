// Opening a file: what is it, is it whole, which schema has it.
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "store/sqlite_schema.hpp"
#include "store/sqlite_store.hpp"
#include "store/wal_check.hpp"

namespace switchboard::store {

namespace {

constexpr std::size_t header_bytes = 100;

Error cannot_open(const std::string& path, std::string message) {
  return {ErrorKind::storage, "SB0604", std::move(message), path, "see whether the folder exists and both file and folder may be read and written"};
}

/// Creates the empty file for its owner alone: it holds customers' data. Journal files get the same mode from SQLite.
Result<void> create_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0 && errno == EEXIST) return success();
  if (file < 0) return cannot_open(path, fmt::format("the database cannot be created: {}", std::strerror(errno)));
  ::close(file);
  return success();
}

std::uint32_t big_endian(const std::array<unsigned char, header_bytes>& header, std::size_t at) {
  return std::uint32_t{header[at]} << 24 | std::uint32_t{header[at + 1]} << 16 | std::uint32_t{header[at + 2]} << 8 | header[at + 3];
}

/// Whether the file is shorter than its own header says. While a log stands beside it the file may lag behind.
bool is_cut_off(const std::string& path, const std::array<unsigned char, header_bytes>& header, std::uintmax_t size) {
  std::error_code ignored;
  const std::uintmax_t log = std::filesystem::file_size(path + "-wal", ignored);
  if (!ignored && log > 0) return false;
  const std::uint32_t page = header[16] == 0 && header[17] == 1 ? 65536u : std::uint32_t{header[16]} << 8 | header[17];
  const bool count_is_valid = big_endian(header, 24) == big_endian(header, 92);
  return count_is_valid && std::uintmax_t{page} * big_endian(header, 28) > size;
}

/// What can be seen from the outside, at a cost that does not depend on the size.
Result<void> inspect_file(const std::string& path, bool may_be_new) {
  std::error_code problem;
  if (std::filesystem::is_directory(path, problem)) return cannot_open(path, "this is a folder, not a database");
  const std::uintmax_t size = std::filesystem::file_size(path, problem);
  if (problem) return cannot_open(path, fmt::format("the database cannot be opened: {}", problem.message()));
  if (size == 0) {
    std::error_code ignored;
    const bool has_log = std::filesystem::exists(path + "-wal", ignored);
    if (may_be_new || has_log) return success();
    return Error{ErrorKind::storage, "SB0603", "the database is damaged: the file is empty", path,
                 "restore the last backup; a new database is made by `deploy` and `start` (by the library with `create`)"};
  }
  std::array<unsigned char, header_bytes> header{};
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(header.data()), header_bytes);  // NOLINT: bytes
  if (!file && !file.eof()) return cannot_open(path, "the database cannot be read");
  const bool is_sqlite = std::memcmp(header.data(), "SQLite format 3", 16) == 0;
  if (!is_sqlite) return Error{ErrorKind::storage, "SB0602", "this file is not a Switchboard database", path, "give another path"};
  if (static_cast<std::size_t>(file.gcount()) < header_bytes || is_cut_off(path, header, size))
    return Error{ErrorKind::storage, "SB0603", "the database is damaged: it is shorter than it says", path, "keep a copy, restore the last backup"};
  return success();
}

/// A name for SQLite in which no character of the path has a meaning.
std::string uri_of(const std::string& path, bool immutable) {
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '?' || c == '#' || c == '%' || byte < 0x21) {
      uri += fmt::format("%{:02x}", byte);
    } else {
      uri += c;
    }
  }
  return immutable ? uri + "?immutable=1" : uri;
}

/// Of a log that this reader cannot read: he can neither make its index nor, perhaps, see it.
Error cannot_read_log(const std::string& path) {
  return {
      ErrorKind::storage, "SB0604", fmt::format("the log beside the database ({0}-wal) cannot be read without its index ({0}-shm)", path), path,
      "give yourself permission to read both files; or let somebody who may write open the database once: that makes the log's index, or takes the "
      "log away"};
}

/// SB0618 unless the loss is accepted: what would be read is not what was last written.
Result<LogState> log_of(const SqliteOptions& options) {
  const LogState log = examine_log(options.path);
  if (log.fault && !options.accept_loss) return log_is_damaged(options.path, *log.fault);
  return log;
}

Result<std::unique_ptr<Store>> open_for_reading(const SqliteOptions& options) {
  SB_TRY(const LogState log, log_of(options));
  std::string name = uri_of(options.path, false);
  if (log.fault) {
    // The index of a damaged log is made in memory: one on the disk would end where the damage begins, and nobody could tell afterwards.
    std::ofstream(options.path + "-shm", std::ios::app);
    name += "?readonly_shm=1";
  }
  auto store = std::make_unique<SqliteStore>(options, std::move(name), nullptr);
  SB_TRYV(store->require_present_schema());
  return std::unique_ptr<Store>(std::move(store));
}

Result<std::unique_ptr<Store>> open_for_writing(const SqliteOptions& options) {
  const std::string name = uri_of(options.path, false);
  SB_TRY(const LogState log, log_of(options));
  auto writer = std::make_unique<Connection>(options, true, name);
  // Looked at before anything is changed: a database of something else stays as it is.
  SB_TRYV(migrate(*writer, options.path, 0));
  writer->execute("PRAGMA journal_mode = WAL");
  SB_TRYV(migrate(*writer, options.path, newest_schema()));
  // What stands behind the last transaction is over; left there it would look like damage once the next ones are shorter.
  if (log.has_rest) writer->empty_log();
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(options, name, std::move(writer)));
}

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options) {
  if (options.create && !options.read_only) {
    SB_TRYV(create_file(options.path));
  }
  SB_TRYV(inspect_file(options.path, options.create && !options.read_only));
  try {
    return options.read_only ? open_for_reading(options) : open_for_writing(options);
  } catch (const SQLite::Exception& failure) {
    return error_of(failure, options.path);
  }
}

SqliteStore::SqliteStore(SqliteOptions options, std::string name, std::unique_ptr<Connection> writer)
    : options_(std::move(options)), name_(std::move(name)), writer_(std::move(writer)) {}

FileState state_of_file(const std::string& path) {
  FileState state;
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0) {
    state.file = info.st_ino;
    state.size = info.st_size;
    state.changed_ns = std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
  }
  // A rollback journal stands beside a file that was never in WAL mode, or whose writer died.
  state.has_log = ::access((path + "-wal").c_str(), F_OK) == 0 || ::access((path + "-journal").c_str(), F_OK) == 0;
  return state;
}

Result<InstanceKey> SqliteStore::newest() {
  return read([&](Connection& c) -> Result<InstanceKey> {
    Rows rows = c.query("SELECT coalesce(max(id), 0) FROM instance");
    return InstanceKey{rows.next() ? rows.number(0) : 0};
  });
}

void SqliteStore::rest() {
  const std::unique_lock lock(writing_, std::try_to_lock);
  if (!lock || writer_ == nullptr) return;
  const bool is_quiet = writes_ == std::exchange(writes_seen_, writes_);
  if (!is_quiet || writes_ == writes_in_file_) return;
  writer_->empty_log();
  writes_in_file_ = writes_;
}

Result<void> SqliteStore::require_present_schema() {
  return read([&](Connection& c) { return require_schema(c, options_.path); });
}

SqliteStore::Reader SqliteStore::borrow() {
  std::optional<FileState> seen;
  if (options_.read_only) {
    seen = state_of_file(options_.path);
    if (seen->has_log) seen.reset();
  }
  {
    const std::lock_guard lock(pool_mutex_);
    while (!pool_.empty()) {
      Reader reader = std::move(pool_.back());
      pool_.pop_back();
      // One that read without locks does not notice that its pages are old.
      if (reader.seen == seen) return reader;
    }
  }
  return {std::make_unique<Connection>(options_, false, seen ? uri_of(options_.path, true) : name_), seen};
}

void SqliteStore::give_back(Reader reader) {
  constexpr std::size_t most_kept = 64;
  const std::lock_guard lock(pool_mutex_);
  if (pool_.size() < most_kept) pool_.push_back(std::move(reader));
}

Error SqliteStore::read_error_of(const SQLite::Exception& failure) const {
  const int code = failure.getErrorCode() & 0xff;
  const bool is_about_files = code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_PERM;
  if (options_.read_only && is_about_files && ::access(options_.path.c_str(), R_OK) == 0) return cannot_read_log(options_.path);
  return error_of(failure, options_.path);
}

}  // namespace switchboard::store
