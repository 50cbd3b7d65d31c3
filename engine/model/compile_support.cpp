// Diagnostics of compile() and the places they name.
#include <fmt/format.h>

#include <algorithm>

#include "model/compiler.hpp"

namespace switchboard::model {

void report(Compilation& c, std::string rule, Position at, std::string_view element, std::string message, std::string hint, Subject subject) {
  c.diagnostics.push_back(
      {std::move(rule), Severity::error, c.process.file, at, std::string(element), std::move(message), std::move(hint), {}, std::move(subject)});
}

void report_unknown(Compilation& c, std::string rule, const Ref& ref, std::string_view element, SubjectKind kind,
                    const std::vector<std::string>& known, std::string_view word) {
  const std::string near = nearest_name(ref.name, known);
  std::string hint = near.empty() ? std::string{} : fmt::format("did you mean '{}'?", near);
  constexpr std::size_t most_listed = 12;
  if (near.empty() && !known.empty() && known.size() <= most_listed) hint = fmt::format("known are: {}", fmt::join(known, ", "));
  report(c, std::move(rule), ref.at, element, fmt::format("there is no {} '{}'", word.empty() ? to_string(kind) : word, ref.name), std::move(hint),
         missing(kind, ref.name));
}

Subject subject_of(std::string_view text, const feel::Problem& p) {
  if (p.id != "SB0202" && p.id != "SB0203") return {};
  return missing(p.id == "SB0202" ? SubjectKind::name : SubjectKind::function, text.substr(std::min<std::size_t>(p.offset, text.size()), p.length));
}

Position place_in(const Expr& expr, std::size_t offset) {
  if (expr.at.line == 0) return expr.at;
  Position p = expr.at;
  const std::size_t end = std::min(offset, expr.text.size());
  for (std::size_t i = 0; i < end; ++i) {
    const auto byte = static_cast<unsigned char>(expr.text[i]);
    if (byte == '\n') {
      ++p.line;
      p.column = expr.at.column;  // how far the lines of a block scalar are indented is not known here: they are taken to be indented like the first
    } else if ((byte & 0xC0U) != 0x80U) {
      ++p.column;  // columns count code points: continuation bytes of UTF-8 are none
    }
  }
  return p;
}

}  // namespace switchboard::model
