// Literals beside data: compared with it, or given to it.
#include "feel/literal_uses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "model/executable.hpp"
#include "value/value.hpp"
#include "verify/expressions.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

using feel::LiteralUse;

const model::DataItem* find_data(const model::Process& process, std::string_view name) {
  const auto found = std::find_if(process.data.begin(), process.data.end(), [&](const auto& d) { return d.name == name; });
  return found == process.data.end() ? nullptr : &*found;
}

std::string listed(const std::vector<Value>& values) {
  constexpr std::size_t most = 12;
  std::string out;
  for (std::size_t i = 0; i < values.size() && i < most; ++i) out += (i == 0 ? "" : ", ") + to_feel(values[i]);
  return out + (values.size() > most ? ", ..." : "");
}

/// The value of `d` that `written` most likely means.
std::string meant(const model::DataItem& d, const Value& written) {
  if (written.string() == nullptr) return {};
  std::vector<std::string> words;
  for (const Value& v : d.enumeration)
    if (v.string() != nullptr) words.push_back(*v.string());
  const std::string near = model::nearest_name(*written.string(), words);
  return near.empty() ? std::string{} : fmt::format("did you mean \"{}\"?", near);
}

void compared(const model::Process& process, const Use& use, const LiteralUse& literal, Findings& findings) {
  const model::DataItem* d = find_data(process, literal.name);
  if (d == nullptr || d->enumeration.empty() || use.other_names) return;
  if (std::find(d->enumeration.begin(), d->enumeration.end(), literal.value) != d->enumeration.end()) return;
  std::string hint = meant(*d, literal.value);
  if (hint.empty()) hint = fmt::format("add {} to its `enum`, or compare with one of them", to_feel(literal.value));
  findings.soundness("SB0430", place_in(use.expr, literal.offset), use.element,
                     fmt::format("`{}` is never {}: it is one of {}", d->name, to_feel(literal.value), listed(d->enumeration)), std::move(hint), {});
}

void given(const model::Process& process, const Use& use, const LiteralUse& literal, Findings& findings) {
  const model::DataItem* d = find_data(process, use.target);
  if (d == nullptr) return;
  const auto fitted = model::admit(spec_of(*d), literal.value);
  if (fitted) return;
  findings.error("SB0431", place_in(use.expr, literal.offset), use.element,
                 fmt::format("'{}' can never take this: {}", d->name, fitted.error().message),
                 fitted.error().hint.empty() ? meant(*d, literal.value) : fitted.error().hint);
}

}  // namespace

void check_literals(const model::Process& process, Findings& findings) {
  feel::StaticScope scope = names_of(process);
  for_each_use(process, [&](const Use& use) {
    for (const LiteralUse& literal : feel::literal_uses(use.expr.text, scope)) {
      if (literal.kind == LiteralUse::Kind::compared) compared(process, use, literal, findings);
      if (literal.kind == LiteralUse::Kind::outcome && !use.target.empty()) given(process, use, literal, findings);
    }
  });
}

}  // namespace switchboard::verify
