#include "cli/findings.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <set>

#include "cli/caret.hpp"
#include "cli/output.hpp"
#include "cli/suite_names.hpp"
#include "cli/words.hpp"
#include "feel/decision.hpp"
#include "simulation/model.hpp"
#include "verify/check.hpp"

namespace switchboard::cli {

using model::Diagnostic;
using model::Diagnostics;
using model::Severity;

namespace {

void append(Diagnostics& into, Diagnostics from) {
  into.insert(into.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

std::string did_you_mean(const std::string& near) { return near.empty() ? std::string() : fmt::format("did you mean '{}'?", near); }

/// A called process that nobody has: only who knows all files can say that.
Diagnostics missing_calls(const model::Process& process, const Catalogue& all) {
  Diagnostics found;
  for (const model::Ref& call : calls_of(process)) {
    if (all.process(call.name) != nullptr || all.is_broken("process " + call.name)) continue;
    found.push_back({"SB0713",
                     Severity::error,
                     process.file,
                     call.at,
                     {},
                     fmt::format("there is no process '{}' to call", call.name),
                     did_you_mean(model::nearest_name(call.name, all.process_ids())),
                     {}});
  }
  return found;
}

Diagnostics missing_process(const notation::TestSuite& suite, const Catalogue& all) {
  if (all.process(suite.process.name) != nullptr || all.is_broken("process " + suite.process.name)) return {};
  const std::string near = model::nearest_name(suite.process.name, all.process_ids());
  return {{"SB0713",
           Severity::error,
           suite.file,
           suite.process.at,
           suite.id,
           fmt::format("there is no process '{0}' to test: not in the given files, no {0}.yaml beside this one, not in the folder of processes",
                       suite.process.name),
           near.empty() ? "give its file too, or name the file as the process" : did_you_mean(near),
           {}}};
}

/// Findings that only say that a given file cannot be used: its own errors stand there.
void leave_out_broken(const Catalogue& all, const model::Process& process, Diagnostics& found) {
  const auto names_broken = [&](const Diagnostic& d) {
    return std::any_of(all.broken().begin(), all.broken().end(), [&](const std::string& name) {
      const std::string id = name.substr(name.find(' ') + 1);
      return d.message.find("`" + id + "`") != std::string::npos || d.message.find("'" + id + "'") != std::string::npos;
    });
  };
  const auto unknown = [](const Diagnostic& d) {
    return d.severity == Severity::error &&
           (d.message.find("there is no ") != std::string::npos || d.message.find("no process") != std::string::npos ||
            d.message.find("unknown ") != std::string::npos || d.message.find("not known") != std::string::npos);
  };
  std::erase_if(found, [&](const Diagnostic& d) { return d.file == process.file && unknown(d) && names_broken(d); });
}

Diagnostics check_alone(Catalogue& all, const model::Process& process) {
  verify::Surroundings around{all.library(), {}};
  for (const model::Ref& call : calls_of(process)) {
    const model::Process* called = all.process(call.name);
    if (called != nullptr) around.processes.emplace(called->id, called);  // a view of the name: that of the call does not live long enough
  }
  Diagnostics compiled = all.compiled(process.id).diagnostics;
  leave_out_broken(all, process, compiled);
  Diagnostics found = verify::merge_findings(std::move(compiled), verify::check(process));
  append(found, verify::check_surroundings(process, around));
  append(found, missing_calls(process, all));
  return found;
}

// The result of an overlay is checked as a whole; what is wrong with it is told where it stands, in the overlay or in the process below.
Diagnostics check_process(Catalogue& all, const model::Process& process) {
  Diagnostics found = check_alone(all, process);
  const notation::Overlay* overlay = all.overlay(process.id);
  if (overlay == nullptr) return found;
  const model::Process* below = all.process(overlay->of.name);
  return notation::findings_of_overlay(std::move(found), *overlay, all.files_below(process.id),
                                       below == nullptr ? Diagnostics{} : check_process(all, *below));
}

struct TableRule {
  const char* id;
  Severity severity;
  const char* message;
  const char* hint;
};

TableRule rule_of(feel::TableFinding::Kind kind) {
  using Kind = feel::TableFinding::Kind;
  switch (kind) {
    case Kind::overlap:
      return {"SB0830", Severity::warning, "rules {} hit together, for example for {}", "make them exclusive, or choose another hit policy"};
    case Kind::unreachable_rule: return {"SB0831", Severity::warning, "rule {} can never decide: others hit before it", "move it up or delete it"};
    case Kind::gap: return {"SB0832", Severity::advice, "no rule{} hits for {}", "add a rule, or a default output"};
    case Kind::incomplete:
      return {"SB0833", Severity::advice, "the table{} is too large to be searched whole{}", "overlaps and gaps beyond that are not found"};
    case Kind::not_a_duration:
      return {"SB0834", Severity::warning, "rule {} gives no duration, as the others do: {}", "write it like the others: 45 min, 15 bd, P1M"};
  }
  return {"SB0833", Severity::advice, "{}{}", ""};
}

// Overlaps and gaps; a rule is named by its number in the file, and the finding stands at the last of them.
Diagnostics check_table(const std::string& file, const notation::DecisionFile& source, const feel::Decision& decision) {
  Diagnostics found;
  for (const feel::TableFinding& f : feel::analyse(decision)) {
    const TableRule rule = rule_of(f.kind);
    std::vector<std::string> numbers;
    for (const std::uint32_t n : f.rules) numbers.push_back(std::to_string(n + 1));
    const bool placed = !f.rules.empty() && f.rules.back() < source.rules.size();
    found.push_back({rule.id,
                     rule.severity,
                     file,
                     placed ? source.rules[f.rules.back()] : source.at,
                     source.table.id,
                     fmt::format(fmt::runtime(rule.message), join(numbers), f.witness),
                     rule.hint,
                     {}});
  }
  return found;
}

// What a scenario names must be there: processes, activities, clocks.
Diagnostics check_scenario(Catalogue& all, const simulation::Scenario& scenario) {
  std::map<std::string, model::ExecutablePtr, std::less<>> processes;
  for (const std::string& id : all.process_ids()) {
    if (const model::ExecutablePtr process = all.compiled(id).process) processes.emplace(id, process);
  }
  Diagnostics found = simulation::bind_scenario(scenario, processes, all.library()).diagnostics;
  // A process that has errors is there; and what the scenario says of its activities cannot be looked at.
  const auto lost = [&](const Diagnostic& d) {
    const auto says = [&](std::string_view kind, std::string_view id) { return d.message == fmt::format("no {} `{}`", kind, id); };
    return std::any_of(all.broken().begin(), all.broken().end(),
                       [&](const std::string& name) { return says(name.substr(0, name.find(' ')), name.substr(name.find(' ') + 1)); }) ||
           std::any_of(all.given().processes.begin(), all.given().processes.end(), [&](const model::Process& p) { return says("process", p.id); });
  };
  const bool unseen = std::any_of(found.begin(), found.end(), [&](const Diagnostic& d) { return d.message.starts_with("no process") && lost(d); });
  if (std::any_of(found.begin(), found.end(), lost))
    std::erase_if(found, [&](const Diagnostic& d) { return lost(d) || (unseen && (d.rule == "SB1012" || d.rule == "SB1017")); });
  return found;
}

// Places inside texts over several lines, then order.
void settle(Diagnostics& found, const Catalogue& all) {
  notation::unfold_places(found, [&](const std::string& file) { return all.text(file); });
  model::sort_and_unique(found);
}

}  // namespace

std::vector<model::Ref> calls_of(const model::Process& process) {
  std::vector<model::Ref> calls;
  model::for_each_node(process.nodes, [&](const model::Node& node, const model::Node*) {
    if (node.type == model::NodeType::call_activity && !node.process.empty()) calls.push_back(node.process);
  });
  return calls;
}

namespace {

/// The errors of loading leave the nodes and flows as they are meant: mistakes in data and expressions, and keys that are none outside of nodes.
bool graph_is_known(const Diagnostics& found, const model::Process& draft) {
  std::set<std::string, std::less<>> nodes;
  model::for_each_node(draft.nodes, [&](const model::Node& node, const model::Node*) { nodes.insert(node.id); });
  const auto harmless = [&](const Diagnostic& d) {
    if (d.severity != Severity::error || d.file != draft.file) return true;
    if (d.rule == "SB0107") return !nodes.contains(d.element.substr(d.element.rfind('/') + 1));
    return d.rule.starts_with("SB02") || d.rule.starts_with("SB013") || d.rule == "SB0187";
  };
  return !draft.nodes.empty() && std::all_of(found.begin(), found.end(), harmless);
}

}  // namespace

Diagnostics check_all(Catalogue& all) {
  Diagnostics found = all.diagnostics();
  for (const model::Process& draft : all.drafts()) {
    Diagnostics compiled = model::compile(draft, all.library(), {}).diagnostics;
    leave_out_broken(all, draft, compiled);
    if (graph_is_known(all.diagnostics(), draft)) append(compiled, verify::check_graph(draft));
    found = verify::merge_findings(std::move(found), std::move(compiled));
  }
  for (const model::Process& process : all.given().processes) append(found, check_process(all, process));
  append(found, missing_tested(all));
  for (const notation::TestSuite& suite : all.given().tests)
    if (const model::Process* process = all.process(suite.process.name)) append(found, unknown_in_suite(all, suite, *process));
  for (const simulation::Scenario& scenario : all.scenarios()) append(found, check_scenario(all, scenario));
  for (const auto& [id, source] : all.given().decisions) {
    const auto compiled = all.given().library.decisions.find(id);
    if (compiled != all.given().library.decisions.end()) append(found, check_table(all.file_of("decision " + id), source, compiled->second));
  }
  settle(found, all);
  return found;
}

Diagnostics obstacles(Catalogue& all, std::string_view id) {
  Diagnostics found;
  std::set<std::string> seen{std::string(id)};
  std::deque<std::string> wanted{std::string(id)};
  while (!wanted.empty()) {
    const model::Process* process = all.process(wanted.front());
    wanted.pop_front();
    if (process == nullptr) continue;  // said where it is called
    append(found, check_process(all, *process));
    for (const model::Ref& call : calls_of(*process)) {
      if (seen.insert(call.name).second) wanted.push_back(call.name);
    }
  }
  std::erase_if(found, [](const Diagnostic& d) { return d.severity != Severity::error; });
  settle(found, all);
  return found;
}

Diagnostics missing_tested(const Catalogue& all) {
  Diagnostics found;
  for (const notation::TestSuite& suite : all.given().tests) append(found, missing_process(suite, all));
  return found;
}

Value to_value(const Diagnostics& found) {
  List all;
  for (const Diagnostic& d : found) {
    all.emplace_back(Context{{"rule", d.rule},
                             {"severity", std::string(model::to_string(d.severity))},
                             {"file", d.file},
                             {"line", static_cast<std::int64_t>(d.at.line)},
                             {"column", static_cast<std::int64_t>(d.at.column)},
                             {"element", d.element},
                             {"message", d.message},
                             {"hint", d.hint}});
  }
  return all;
}

std::string text_of(const Diagnostics& found, const Catalogue& all, int stream) {
  std::string text;
  for (const Diagnostic& d : found) {
    const Colour colour = d.severity == Severity::error ? Colour::red : Colour::yellow;
    text += fmt::format("{}:{}:{}: {} {}", d.file, d.at.line, d.at.column, paint(model::to_string(d.severity), colour, stream), d.rule);
    text += fmt::format("{}: {}{}\n", d.element.empty() ? "" : fmt::format(" [{}]", d.element), d.message, d.hint.empty() ? "" : ", " + d.hint);
    if (const std::string* source = all.text(d.file)) text += caret(*source, d.at.line, d.at.column);
  }
  return text;
}

Result<const model::Process*> process_called(const Catalogue& all, const std::string& id) {
  if (const model::Process* process = all.process(id)) return process;
  const std::string near = model::nearest_name(id, all.process_ids());
  return Error{ErrorKind::not_found,
               "SB0712",
               fmt::format("there is no process '{}'", id),
               {},
               near.empty() ? fmt::format("there are {}", join(all.process_ids())) : did_you_mean(near)};
}

Result<const model::Process*> process_in(const Catalogue& all, const std::string& path) {
  const std::string file = std::filesystem::path(path).generic_string();
  for (const Diagnostic& d : all.diagnostics()) {
    if (d.severity == Severity::error && d.file == file)
      return Error{ErrorKind::invalid, d.rule, d.message, fmt::format("{}:{}:{}", d.file, d.at.line, d.at.column), d.hint};
  }
  for (const notation::Overlay& overlay : all.given().overlays) {
    if (overlay.file == file) return process_called(all, overlay.id);
  }
  for (const model::Process& process : all.given().processes) {
    if (process.file == file) return &process;
  }
  return Error{ErrorKind::invalid, "SB0712", "the file is no process", path, "name a file that begins with `switchboard: 1` and `process: ID`"};
}

Value summary(const model::Process& process, const std::string& language) {
  List data, nodes, clocks, feedback;
  for (const model::DataItem& d : process.data) data.emplace_back(Context{{"name", d.name}, {"type", d.type_text}, {"required", d.required}});
  model::for_each_node(process.nodes, [&](const model::Node& node, const model::Node* parent) {
    nodes.emplace_back(Context{{"id", node.id},
                               {"type", std::string(model::to_string(node.type))},
                               {"name", node.name.in(language)},
                               {"lane", node.lane.name},
                               {"inside", parent == nullptr ? Value() : Value(parent->id)}});
  });
  for (const model::ClockDefinition& c : process.sla)
    clocks.emplace_back(Context{{"id", c.id}, {"name", c.name.in(language)}, {"within", c.within.text}, {"source", c.source}});
  for (const model::FeedbackDefinition& f : process.feedback) feedback.emplace_back(Context{{"id", f.id}, {"channels", strings(f.channels)}});
  return Context{{"process", process.id},          {"name", process.name.in(language)},
                 {"version", process.version},     {"calendar", process.calendar.empty() ? "cn" : process.calendar.name},
                 {"file", process.file},           {"data", std::move(data)},
                 {"nodes", std::move(nodes)},      {"clocks", std::move(clocks)},
                 {"feedback", std::move(feedback)}};
}

}  // namespace switchboard::cli
