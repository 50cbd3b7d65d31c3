// Units of the company that a process names, against the tree.
#include <fmt/format.h>

#include "feel/literal_uses.hpp"
#include "verify/expressions.hpp"
#include "verify/organisations.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {

void check_organisations(const model::Process& process, const model::OrganisationsPtr& tree, Findings& findings) {
  const auto tell = [&](model::Position at, const std::string& element, std::string message, std::string hint, model::Subject subject) {
    findings.error("SB0474", at, element, std::move(message), std::move(hint));
    findings.all.back().subject = std::move(subject);
  };
  bool is_told = false;
  const auto look_at = [&](const model::Expr& expr, const std::string& element) {
    if (expr.empty()) return;
    if (tree == nullptr && !is_told)
      tell(expr.at, element, "`organisation` names a unit of the company, and there is no tree of organisations",
           "put organisations.yaml beside the processes (`organisations: ID`, `units:`), or deploy it",
           missing(model::SubjectKind::organisations, ""));
    is_told = is_told || tree == nullptr;
    if (tree == nullptr) return;
    for (const feel::LiteralUse& l : feel::literal_uses(expr.text, {})) {
      const std::string* unit = l.kind == feel::LiteralUse::Kind::outcome ? l.value.string() : nullptr;
      if (unit == nullptr || tree->find(*unit) != nullptr) continue;
      const std::string near = model::nearest_name(*unit, tree->ids());
      tell(place_in(expr, l.offset), element, fmt::format("the organisations '{}' have no unit '{}'", tree->id, *unit),
           near.empty() ? std::string("add it to the tree") : fmt::format("did you mean '{}'?", near), missing(model::SubjectKind::unit, *unit));
    }
  };
  look_at(process.organisation, process.id);
  for (const model::Lane& lane : process.lanes) look_at(lane.organisation, lane.id);
  for_each_place(process, [&](const model::Node& node, const std::string& path, const Seen& /*seen*/) { look_at(node.organisation, path); });
}

}  // namespace switchboard::verify
