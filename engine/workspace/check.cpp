// Findings: of reading, compiling and checking, each thing once and where it stands.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "feel/decision.hpp"
#include "verify/check.hpp"
#include "workspace/project.hpp"
#include "workspace/suite_names.hpp"

namespace switchboard::workspace {

using model::Diagnostic;
using model::Diagnostics;
using model::Severity;
using model::SubjectKind;
using notation::FileKind;

namespace {

void append(Diagnostics& into, Diagnostics from) {
  into.insert(into.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

void keep_errors(Diagnostics& found) {
  std::erase_if(found, [](const Diagnostic& d) { return d.severity != Severity::error; });
}

std::string did_you_mean(const std::string& near) { return near.empty() ? std::string() : fmt::format("did you mean '{}'?", near); }

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
    case Kind::unreachable_rule:
      return {"SB0831", Severity::warning, "rule {} can never decide: {}", "move it above those that hide it, make them narrower, or delete it"};
    case Kind::impossible_rule:
      return {"SB0831", Severity::warning, "rule {} can never decide: {}",
              "correct the test: its ends may be the wrong way round, or what it asks is not allowed"};
    case Kind::gap: return {"SB0832", Severity::advice, "no rule{} hits for {}", "add a rule, or a default output"};
    case Kind::incomplete:
      return {"SB0833", Severity::advice, "not everything is known about the table{}: {}",
              "what is reported besides holds; have a process test for the rest"};
    case Kind::not_a_duration:
      return {"SB0834", Severity::warning, "rule {} gives no duration, as the others do: {}", "write it like the others: 45 min, 15 bd, P1M"};
  }
  return {"SB0833", Severity::advice, "{}{}", ""};
}

// Overlaps and gaps; a rule is named by its number in the file, and the finding stands at the last of them.
Diagnostics analyse_table(const std::string& file, const notation::DecisionFile& source, const feel::Decision& decision) {
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
                     fmt::format(fmt::runtime(rule.message), fmt::join(numbers, ", "), f.witness),
                     rule.hint,
                     {},
                     {SubjectKind::decision, source.table.id, false}});
  }
  return found;
}

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

Diagnostics Project::missing_calls(const model::Process& process) const {
  Diagnostics found;
  for (const model::Ref& call : calls_of(process)) {
    if (this->process(call.name) != nullptr || is_broken(SubjectKind::process, call.name)) continue;
    found.push_back({"SB0713",
                     Severity::error,
                     process.file,
                     call.at,
                     {},
                     fmt::format("there is no process '{}' to call", call.name),
                     did_you_mean(model::nearest_name(call.name, process_ids())),
                     {},
                     missing(SubjectKind::process, call.name)});
  }
  return found;
}

Diagnostics Project::missing_tested() const {
  Diagnostics found;
  for (const Parsed* text : given(FileKind::test)) {
    const notation::TestSuite& suite = *text->suite;
    const std::string& id = suite.process.name;
    if (process(id) != nullptr || is_broken(SubjectKind::process, id)) continue;
    const std::string near = model::nearest_name(id, process_ids());
    found.push_back(
        {"SB0713",
         Severity::error,
         suite.file,
         suite.process.at,
         suite.id,
         fmt::format("there is no process '{0}' to test: not in the given files, no {0}.yaml beside this one, not in the folder of processes", id),
         near.empty() ? "give its file too, or name the file as the process" : did_you_mean(near),
         {},
         missing(SubjectKind::process, id)});
  }
  return found;
}

// Findings that only say that a given file cannot be used: its own errors stand there. A table is asked by its name, like a function.
void Project::leave_out_broken(const model::Process& process, Diagnostics& found) const {
  std::erase_if(found, [&](const Diagnostic& d) {
    if (d.severity != Severity::error || d.file != process.file || !d.subject.is_missing) return false;
    const SubjectKind kind = d.subject.kind == SubjectKind::function ? SubjectKind::decision : d.subject.kind;
    return is_broken(kind, d.subject.name);
  });
}

Diagnostics Project::check_alone(const model::Process& process) {
  verify::Surroundings around{library_, {}};
  for (const model::Ref& call : calls_of(process)) {
    const model::Process* called = this->process(call.name);
    if (called != nullptr) around.processes.emplace(called->id, called);  // a view of the name: that of the call does not live long enough
  }
  for (const auto& started : started_by(process)) around.started.push_back(started.get());
  Diagnostics compiled = this->compiled(process.id).diagnostics;
  leave_out_broken(process, compiled);
  Diagnostics found = verify::merge_findings(std::move(compiled), verify::check(process));
  found = verify::merge_findings(std::move(found), verify::check_surroundings(process, around));
  found = verify::merge_findings(std::move(found), verify::check_contracts(process, contracts()));
  std::set<std::string, std::less<>> given;
  for (const auto& caller : callers_of(process))
    model::for_each_node(caller->nodes, [&](const model::Node& node, const model::Node*) {
      if (node.process.name != process.id) return;
      for (const model::Mapping& m : node.in) given.insert(m.name);
    });
  std::erase_if(found, [&](const Diagnostic& d) { return d.rule == "SB0458" && d.file == process.file && given.contains(d.element); });
  return found;
}

std::vector<const model::Contract*> Project::contracts() const {
  std::vector<const model::Contract*> all;
  for (const auto& [thing, file] : winners_)
    if (file->what->contract) all.push_back(&*file->what->contract);
  return all;
}

/// A message that stands in two contracts (SB0128), and one that no process knows (SB0481), as far as there are processes.
Diagnostics Project::check_given_contracts() const {
  Diagnostics found;
  std::set<std::string> used;
  for (const auto& [id, made] : processes_)
    for (std::string& name : verify::messages_of(*made.process)) used.insert(std::move(name));
  std::map<std::string, const model::Contract*> owners;
  for (const model::Contract* c : contracts()) {
    const bool is_given =
        std::any_of(files_.begin(), files_.end(), [&](const File& f) { return f.layer == Layer::given && f.what->file == c->file; });
    for (const model::ContractMessage& m : c->messages) {
      const auto [owner, is_first] = owners.emplace(m.id, c);
      const auto say = [&](std::string_view rule, Severity severity, std::string message, std::string hint) {
        if (is_given)
          found.push_back({std::string(rule),
                           severity,
                           c->file,
                           m.at,
                           "messages." + m.id,
                           std::move(message),
                           std::move(hint),
                           {},
                           {SubjectKind::contract, c->id, false}});
      };
      if (!is_first)
        say("SB0128", Severity::error,
            fmt::format("the message `{}` stands also in contract `{}` ({})", m.id, owner->second->id, owner->second->file),
            "one system sends or takes it: rename one of them");
      else if (!used.empty() && !used.contains(m.id))
        say("SB0481", Severity::advice, fmt::format("no process knows the message `{}`", m.id),
            did_you_mean(model::nearest_name(m.id, std::vector<std::string>(used.begin(), used.end()))));
    }
  }
  return found;
}

/// Those that call `process`, by id: they may give data that only a process sets. None when it has no such data.
std::vector<std::shared_ptr<const model::Process>> Project::callers_of(const model::Process& process) const {
  std::vector<std::shared_ptr<const model::Process>> callers;
  if (std::none_of(process.data.begin(), process.data.end(), [](const model::DataItem& d) { return d.set_by_process; })) return callers;
  for (const auto& [id, made] : processes_) {
    const std::vector<model::Ref> calls = calls_of(*made.process);
    if (std::any_of(calls.begin(), calls.end(), [&](const model::Ref& call) { return call.name == process.id; })) callers.push_back(made.process);
  }
  return callers;
}

/// The processes that begin when something comes that `process` throws, by id.
std::vector<std::shared_ptr<const model::Process>> Project::started_by(const model::Process& process) const {
  std::vector<std::shared_ptr<const model::Process>> started;
  const auto thrown = verify::thrown_by(process);
  if (thrown.empty()) return started;
  for (const auto& [id, made] : processes_) {
    const model::Process& other = *made.process;
    if (std::any_of(thrown.begin(), thrown.end(), [&](const auto& one) { return verify::is_started_by(other, one.first, one.second); }))
      started.push_back(made.process);
  }
  return started;
}

// What the findings of a process hang on: the texts that make it, the calendars, the tables that it asks, the processes that it calls or starts or
// that call it, and the names of everything, for the hints.
std::vector<std::shared_ptr<const void>> Project::made_from(std::string_view id) const {
  const auto found = processes_.find(id);
  if (found == processes_.end()) return {};
  std::vector<std::shared_ptr<const void>> from = found->second.from;
  const model::Process& process = *found->second.process;
  const auto table = [&](const std::string& name) {
    const auto winner = winners_.find(Thing{SubjectKind::decision, name});
    from.push_back(winner == winners_.end() ? nullptr : std::shared_ptr<const void>(winner->second->what));
  };
  for (const model::Ref& decision : process.decisions) table(decision.name);
  model::for_each_node(process.nodes, [&](const model::Node& node, const model::Node*) {
    if (!node.decision.empty()) table(node.decision.name);
  });
  for (const model::Ref& one : registers_of(process)) {
    const auto known = library_.registers.find(one.name);
    from.push_back(known == library_.registers.end() ? nullptr : std::shared_ptr<const void>(known->second));
  }
  for (const model::Ref& call : calls_of(process)) {
    const auto called = processes_.find(call.name);
    from.push_back(called == processes_.end() ? nullptr : std::shared_ptr<const void>(called->second.process));
  }
  for (const auto& started : started_by(process)) from.push_back(started);
  for (const auto& caller : callers_of(process)) from.push_back(caller);
  if (found->second.overlay) {
    const auto below = made_from(found->second.overlay->overlay->of.name);
    from.insert(from.end(), below.begin(), below.end());
    return from;
  }
  for (const auto& [name, calendar] : library_.calendars) from.push_back(calendar);
  for (const auto& [thing, file] : winners_)
    if (file->what->contract) from.push_back(file->what);
  from.push_back(library_.organisations);
  from.push_back(names_);
  return from;
}

Project::Checked& Project::checked(std::string_view id) {
  auto from = made_from(id);
  Checked& known = checked_[std::string(id)];
  if (known.from != from) known = Checked{std::move(from), {}, {}};
  return known;
}

const model::CompileResult& Project::compiled(std::string_view id) {
  Checked& known = checked(id);
  if (!known.compiled) {
    const model::Process* source = process(id);
    if (source == nullptr) return known.compiled.emplace();
    const std::vector<const Parsed*> texts = texts_of(id);
    known.compiled = model::compile(*source, library_, texts.empty() ? std::string() : texts.front()->text);
    ++effort_.compiled;
  }
  return *known.compiled;
}

Diagnostics Project::unknown_calendars(const Parsed& tree) const {
  Diagnostics found;
  std::vector<std::string> known;
  for (const auto& [id, calendar] : library_.calendars) known.push_back(id);
  for (const model::Ref& ref : calendars_of(*tree.organisations)) {
    if (library_.calendars.contains(ref.name) || calendar::BusinessCalendar::is_built_in(ref.name) || is_broken(SubjectKind::calendar, ref.name))
      continue;
    const std::string near = model::nearest_name(ref.name, known);
    found.push_back({"SB0180",
                     Severity::error,
                     tree.file,
                     ref.at,
                     tree.id,
                     fmt::format("no calendar '{}'", ref.name),
                     near.empty() ? fmt::format("put {}.yaml beside this file", ref.name) : did_you_mean(near),
                     {},
                     missing(SubjectKind::calendar, ref.name)});
  }
  return found;
}

// The result of an overlay is checked as a whole; what is wrong with it is told where it stands, in the overlay or in the process below.
const Diagnostics& Project::findings_of(std::string_view id) {
  Checked& known = checked(id);
  if (known.found) return *known.found;
  const model::Process* process = this->process(id);
  if (process == nullptr) return known.found.emplace();
  Diagnostics found = check_alone(*process);
  append(found, missing_calls(*process));
  ++effort_.checked;
  if (const notation::Overlay* over = overlay(id)) {
    const Diagnostics below = findings_of(over->of.name);
    found = notation::findings_of_overlay(std::move(found), *over, files_below(id), below);
  }
  return checked(id).found.emplace(std::move(found));
}

const Diagnostics& Project::table_findings(const File& file) {
  const auto [known, is_new] = analysed_.try_emplace(file.what);
  if (is_new) {
    known->second = analyse_table(file.what->file, *file.what->table, *file.what->decision);
    ++effort_.analysed;
  }
  return known->second;
}

// Of the given processes and those that they call. An overlay changes no nodes, so the process below it stands for both.
Diagnostics Project::rings() {
  std::map<std::string_view, const model::Process*> together;
  std::set<std::string> files;  // given, or below what is given
  for (const model::Process* given : given_processes_) {
    std::string id = given->id;
    for (const notation::Overlay* over = overlay(id); over != nullptr; over = overlay(id)) id = over->of.name;
    for (const std::string& name : with_called(id)) {
      const model::Process* p = process(name);
      if (!model::has_errors(findings_of(name))) together.emplace(p->id, p);
    }
    if (const model::Process* p = process(id)) files.insert(p->file);
  }
  std::vector<const model::Process*> processes;  // the given ones first: a ring stands where somebody looks
  for (const bool given : {true, false})
    for (const auto& [id, p] : together)
      if (files.contains(p->file) == given) processes.push_back(p);
  Diagnostics found = verify::check_rings(processes);
  std::erase_if(found, [&](const Diagnostic& d) { return !files.contains(d.file); });
  return found;
}

// Places inside texts over several lines; a finding that does not say more is about what its file declares; then order.
void Project::settle(Diagnostics& found) const {
  notation::unfold_places(found, [&](const std::string& file) { return text(file); });
  for (Diagnostic& d : found) {
    if (d.subject.kind != SubjectKind::none) continue;
    if (const auto file = by_file_.find(d.file); file != by_file_.end())
      d.subject = {declares(file->second->what->kind), file->second->what->id, false};
  }
  model::sort_and_unique(found);
}

Diagnostics Project::check(const ScenarioCheck& scenarios) {
  Diagnostics found = reading(Layer::given);
  for (const Parsed* text : given()) {
    if (!text->draft) continue;
    Diagnostics compiled = model::compile(*text->draft, library_, {}).diagnostics;
    leave_out_broken(*text->draft, compiled);
    if (graph_is_known(reading(Layer::given), *text->draft)) append(compiled, verify::check_graph(*text->draft));
    found = verify::merge_findings(std::move(found), std::move(compiled));
  }
  for (const model::Process* process : given_processes_) append(found, findings_of(process->id));
  append(found, rings());
  append(found, check_given_contracts());
  append(found, missing_tested());
  for (const Parsed* text : given(FileKind::test))
    if (const model::Process* process = this->process(text->suite->process.name)) append(found, unknown_in_suite(*this, *text, *process));
  for (const Parsed* text : given(FileKind::organisations)) append(found, unknown_calendars(*text));
  if (scenarios)
    for (const Parsed* text : given(FileKind::scenario)) append(found, scenarios(*this, text->text, text->file));
  for (const File& file : files_)
    if (file.layer == Layer::given && library_.decisions.contains(file.what->id) && resource(SubjectKind::decision, file.what->id) == file.what.get())
      append(found, table_findings(file));
  settle(found);
  return found;
}

Diagnostics Project::errors_of(std::string_view id) {
  Diagnostics found = findings_of(id);
  keep_errors(found);
  settle(found);
  return found;
}

Diagnostics Project::obstacles(std::string_view id) {
  Diagnostics found;
  for (const std::string& name : with_called(id)) append(found, errors_of(name));
  model::sort_and_unique(found);
  return found;
}

Result<const model::Process*> Project::process_called(const std::string& id) const {
  if (const model::Process* found = process(id)) return found;
  const std::vector<std::string> ids = process_ids();
  const std::string near = model::nearest_name(id, ids);
  return Error{ErrorKind::not_found,
               "SB0712",
               fmt::format("there is no process '{}'", id),
               {},
               near.empty() ? fmt::format("there are {}", fmt::join(ids, ", ")) : did_you_mean(near)};
}

Result<std::vector<const model::Process*>> Project::processes_in(const std::string& file) const {
  for (const Diagnostic& d : reading(Layer::given)) {
    if (d.severity == Severity::error && d.file == file)
      return Error{ErrorKind::invalid, d.rule, d.message, fmt::format("{}:{}:{}", d.file, d.at.line, d.at.column), d.hint, {d}};
  }
  std::vector<const model::Process*> all;
  const auto add = [&](const std::string& id) -> Result<void> {
    SB_TRY(const model::Process* process, process_called(id));
    all.push_back(process);
    return success();
  };
  if (const auto found = by_file_.find(file); found != by_file_.end()) {
    const Parsed& what = *found->second->what;
    if (what.process || what.overlay) {
      SB_TRYV(add(what.id));
    }
    for (const ParsedPtr& pool : what.pools) {
      SB_TRYV(add(pool->id));
    }
  }
  if (!all.empty()) return all;
  return Error{ErrorKind::invalid, "SB0712", "the file is no process", file,
               "name a file that begins with `switchboard: 1` and `process: ID` or `collaboration: ID`"};
}

Result<const model::Process*> Project::process_in(const std::string& file) const {
  SB_TRY(const auto all, processes_in(file));
  if (all.size() == 1) return all.front();
  std::vector<std::string> ids;
  for (const model::Process* p : all) ids.push_back(p->id);
  return Error{ErrorKind::invalid, "SB0712", fmt::format("the file has {} processes", ids.size()), file,
               fmt::format("name one of them, and its folder by --processes: {}", fmt::join(ids, ", "))};
}

}  // namespace switchboard::workspace
