#include "base/error.hpp"

namespace switchboard {

std::string Error::text() const {
  std::string out;
  if (!place.empty()) out += place + ": ";
  out += message;
  if (!id.empty()) out += " [" + id + "]";
  if (!hint.empty()) out += " - " + hint;
  return out;
}

std::string_view to_string(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::usage: return "usage";
    case ErrorKind::invalid: return "invalid";
    case ErrorKind::not_found: return "not_found";
    case ErrorKind::conflict: return "conflict";
    case ErrorKind::rejected: return "rejected";
    case ErrorKind::limit: return "limit";
    case ErrorKind::storage: return "storage";
  }
  return "unknown";
}

}  // namespace switchboard
