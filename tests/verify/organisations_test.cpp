// SB0474: units of the company that a process names.
#include <fmt/format.h>

#include "findings.hpp"
#include "loaded.hpp"

using namespace switchboard;

namespace {

model::OrganisationsPtr tree(const std::string& units) {
  const auto loaded = notation::load_organisations("switchboard: 1\norganisations: company\nunits:\n" + units, "organisations.yaml");
  for (const auto& d : loaded.diagnostics) FAIL_CHECK(d.text());
  return loaded.value.value_or(nullptr);
}

/// Of a process with these texts as `organisation` of process, lane and task.
std::string found(const std::string& process, const std::string& lane, const std::string& task, const model::OrganisationsPtr& company) {
  const auto key = [](const std::string& text) { return text.empty() ? std::string() : fmt::format("organisation: '{}'", text); };
  const auto p = load(fmt::format(
      "switchboard: 1\nprocess: p\n{}\ndata: {{area: string}}\nlanes:\n  l: {{groups: [g]{}{}}}\nnodes:\n  s: {{type: startEvent, next: t}}\n"
      "  t: {{type: userTask, lane: l, next: e{}{}}}\n  e: {{type: endEvent}}\n",
      key(process), lane.empty() ? "" : ", ", key(lane), task.empty() ? "" : ", ", key(task)));
  model::Library library;
  library.organisations = company;
  std::string out;
  for (const auto& d : verify::check_surroundings(p, {library, {}, {}})) {
    if (d.rule != "SB0474") continue;
    CHECK(d.severity == model::Severity::error);
    CHECK(d.subject.is_missing);
    CHECK_FALSE(d.hint.empty());
    out += fmt::format("{}{}:{} {}: {}", out.empty() ? "" : "; ", d.at.line, d.at.column, d.element, d.message);
  }
  return out;
}

}  // namespace

TEST_CASE("SB0474 a unit that the tree does not have, wherever it is named in full") {
  const auto company = tree("  zj: {}\n  hz: {parent: zj}\n");
  CHECK(found("area", "area", "area", company) == "");
  CHECK(found("\"hz\"", "\"zj\"", "if area = \"x\" then \"hz\" else null", company) == "");
  CHECK(found("\"hx\"", "", "", company) == "3:16 p: the organisations 'company' have no unit 'hx'");
  CHECK(found("", "\"hx\"", "if area = \"x\" then \"hz\" else \"nb\"", company) ==
        "6:35 l: the organisations 'company' have no unit 'hx'; 9:85 t: the organisations 'company' have no unit 'nb'");
}

TEST_CASE("SB0474 units without a tree: said once") {
  CHECK(found("area", "area", "", nullptr) == "3:16 p: `organisation` names a unit of the company, and there is no tree of organisations");
  CHECK(found("", "", "", nullptr) == "");
}
