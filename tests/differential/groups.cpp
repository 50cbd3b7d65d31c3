#include "differential/groups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "differential/writer.hpp"
#include "notation/write_process.hpp"
#include "workspace/workspace.hpp"

namespace switchboard::differential {

namespace {

constexpr const char* first_instant = "2026-03-02T01:00:00";

std::string errors_in(const model::Diagnostics& all) {
  std::string text;
  for (const auto& d : all)
    if (d.severity == model::Severity::error) text += d.text() + "\n";
  return text;
}

}  // namespace

std::optional<Stage> make_stage(std::vector<std::pair<std::string, std::string>> texts, std::vector<std::pair<std::string, std::string>> resources,
                                std::string zone, Called called, std::string& trouble) {
  Stage stage;
  stage.texts = std::move(texts);
  stage.resources = std::move(resources);
  stage.zone = std::move(zone);
  stage.begin = *parse_instant(first_instant, "UTC");
  // All together, as they are deployed: calls are held against what they call. Each text is read once.
  workspace::Workspace files;
  for (const auto& [file, text] : stage.resources) files.put(file, text);
  for (const auto& [id, text] : stage.texts) files.put(id + ".yaml", text);
  workspace::Project& project = files.project();
  trouble = errors_in(project.reading(workspace::Layer::given));
  for (const auto& [id, text] : stage.texts) {
    model::Diagnostics found = project.errors_of(id);
    if (called == Called::may_be_missing) std::erase_if(found, [](const model::Diagnostic& d) { return d.rule == "SB0713"; });
    trouble += errors_in(found);
    stage.processes[id] = project.compiled(id).process;
    if (!trouble.empty() || stage.processes[id] == nullptr) return std::nullopt;
  }
  return stage;
}

std::optional<Stage> make_group(std::uint64_t seed, std::string& trouble) {
  return make_stage(write_group(seed), {{"organisations.yaml", company}}, "UTC", Called::all_there, trouble);
}

std::optional<Stage> make_single(std::uint64_t seed, std::string& trouble) {
  constexpr const char* week = "switchboard: 1\ncalendar: week\nzone: Asia/Shanghai\nname: Week\nweek: {mon-fri: 09:00-17:00, sat-sun: closed}\n";
  constexpr const char* table =
      "switchboard: 1\ndecision: table\nparameters: {x: number}\nhit: first\ninputs: [{label: x, expression: x, type: number}]\noutputs: [{name: y, "
      "type: "
      "number, default: 'null'}]\nrules:\n  - {when: ['> 1'], then: ['x + 1']}\n";
  const testing::Generated g = testing::generate(seed);
  return make_stage({{"random", notation::write_process(g.process)}}, {{"week.yaml", week}, {"table.yaml", table}}, "Asia/Shanghai",
                    Called::may_be_missing, trouble);
}

}  // namespace switchboard::differential
