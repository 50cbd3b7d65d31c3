// A copy of the file while others write to it.
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "store/sqlite_store.hpp"

namespace switchboard::store {

namespace {

Error cannot_write(const std::string& path, const std::error_code& why) {
  return {ErrorKind::storage, "SB0608", fmt::format("the copy cannot be written: {}", why.message()), path,
          "see whether the folder exists, may be written and has room"};
}

std::error_code last_problem() { return {errno, std::generic_category()}; }

/// Brings what was written to a file or folder to the disk.
std::error_code synced(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) return last_problem();
  const std::error_code problem = ::fsync(file) == 0 ? std::error_code() : last_problem();
  ::close(file);
  return problem;
}

}  // namespace

std::string sqlite_version() { return sqlite3_libversion(); }

/// Written beside its place and moved there whole, so that a copy that was broken off is never taken for one.
Result<void> SqliteStore::backup(const std::string& path) {
  std::error_code problem;
  if (std::filesystem::exists(path, problem))
    return Error{ErrorKind::storage, "SB0617", "there is a file of this name already: a copy replaces nothing", path, "give another name"};
  const std::string part = path + ".part";
  std::filesystem::remove(part, problem);
  const int file = ::open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return cannot_write(path, last_problem());
  ::close(file);
  Result<void> copied = success();
  try {
    Connection reader(options_, false, name_);
    reader.execute("PRAGMA query_only = OFF");  // the copy is written by this connection
    SQLite::Statement copy(reader.database(), "VACUUM INTO ?");
    copy.bind(1, part);
    copy.exec();
  } catch (const SQLite::Exception& failure) {
    copied = error_of(failure, options_.path);
  }
  if (copied) {
    problem = synced(part, O_RDWR);
    if (!problem) std::filesystem::rename(part, path, problem);
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!problem) problem = synced(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
    if (!problem) return success();
    copied = cannot_write(path, problem);
  }
  std::filesystem::remove(part, problem);
  return copied;
}

}  // namespace switchboard::store
