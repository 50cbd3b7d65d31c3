// Literals beside data: compared with it, or given to it.
#include "feel/literal_uses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "feel/possible.hpp"
#include "model/executable.hpp"
#include "switchboard/value/value.hpp"
#include "verify/expressions.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

using feel::LiteralUse;

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

/// Returns whether it reported something.
bool compared(const Use& use, const LiteralUse& literal, Findings& findings) {
  const model::DataItem* d = use.seen.find(literal.name);
  if (d == nullptr || d->enumeration.empty() || use.other_names) return false;
  if (std::find(d->enumeration.begin(), d->enumeration.end(), literal.value) != d->enumeration.end()) return false;
  std::string hint = meant(*d, literal.value);
  if (hint.empty()) hint = fmt::format("add {} to its `enum`, or compare with one of them", to_feel(literal.value));
  findings.soundness("SB0430", place_in(use.expr, literal.offset), use.element,
                     fmt::format("`{}` is never {}: it is one of {}", d->name, to_feel(literal.value), listed(d->enumeration)), std::move(hint), {});
  return true;
}

void given(const Use& use, const LiteralUse& literal, Findings& findings) {
  const model::DataItem* d = use.target;
  const auto fitted = model::admit(spec_of(*d), literal.value);
  if (fitted) return;
  findings.error("SB0431", place_in(use.expr, literal.offset), use.element,
                 fmt::format("'{}' can never take this: {}", d->name, fitted.error().message),
                 fitted.error().hint.empty() ? meant(*d, literal.value) : fitted.error().hint);
}

feel::Domain domain_of(const Seen& seen, std::string_view name) {
  const model::DataItem* d = seen.find(name);
  return d == nullptr ? feel::Domain{} : feel::Domain{d->enumeration, d->min, d->max};
}

/// `n > 20` of a number that is at most 10; `kind = "a" and kind = "b"`.
void never_true(const Use& use, const feel::StaticScope& scope, Findings& findings) {
  if (feel::can_be_true(use.expr.text, scope, [&](std::string_view name) { return domain_of(use.seen, name); }) != feel::Possible::never) return;
  findings.soundness("SB0435", use.expr.at, use.element, fmt::format("`{}` can never be true, whatever the data are", use.expr.text),
                     "correct it, or take out what waits for it", {});
}

}  // namespace

void check_literals(const model::Process& process, Findings& findings) {
  NamesSeen names(process);
  for_each_use(process, [&](const Use& use) {
    const feel::StaticScope& scope = names.at(use.seen);
    bool said = false;
    for (const LiteralUse& literal : feel::literal_uses(use.expr.text, scope)) {
      if (literal.kind == LiteralUse::Kind::compared) said = compared(use, literal, findings) || said;
      if (literal.kind == LiteralUse::Kind::outcome && use.target != nullptr) given(use, literal, findings);
    }
    if (use.condition && !said) never_true(use, scope, findings);
  });
}

}  // namespace switchboard::verify
