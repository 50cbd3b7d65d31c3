#include "notation/declared.hpp"

#include "notation/grammar.hpp"
#include "notation/load.hpp"

namespace switchboard::notation {

std::string declared_id(std::string_view text, std::string_view stem) {
  const FileKind kind = kind_of(text).value_or(FileKind::process);
  const std::string head = std::string(to_string(kind)) + ":";
  std::string_view id;
  for (std::size_t begin = 0; begin < text.size() && id.empty();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    if (!line.starts_with(head)) continue;
    const std::size_t from = std::min(line.find_first_not_of(" \t\"'", head.size()), line.size());
    id = line.substr(from, line.find_first_of(" \t\r\"'#", from) - from);
  }
  return std::string(id.empty() ? stem : id);
}

}  // namespace switchboard::notation
