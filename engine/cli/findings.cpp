#include "cli/findings.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "cli/caret.hpp"
#include "cli/output.hpp"
#include "simulation/check_scenario.hpp"

namespace switchboard::cli {

namespace fs = std::filesystem;
using model::Diagnostic;
using model::Diagnostics;
using model::Severity;

Result<workspace::Workspace> read_project(const std::vector<std::string>& paths, const Options& options) {
  return workspace::open_files(paths, processes_folder(options));
}

Result<const model::Process*> process_named(workspace::Project& project, const std::string& what, bool is_file) {
  return is_file ? project.process_in(fs::path(what).generic_string()) : project.process_called(what);
}

Diagnostics check_all(workspace::Project& project) { return project.check(simulation::check_scenario); }

Error refusal_for(Diagnostics errors, const workspace::Project& project, std::string id, std::string message) {
  std::erase_if(errors, [](const Diagnostic& d) { return d.severity != Severity::error; });
  model::sort_and_unique(errors);
  print_aside(text_of(errors, project, 2));
  return {ErrorKind::invalid, std::move(id), std::move(message), {}, "'switchboard check' shows them too"};
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

std::string text_of(const Diagnostics& found, const workspace::Project& project, int stream) {
  std::string text;
  for (const Diagnostic& d : found) {
    const Colour colour = d.severity == Severity::error ? Colour::red : Colour::yellow;
    text += fmt::format("{}:{}:{}: {} {}", d.file, d.at.line, d.at.column, paint(model::to_string(d.severity), colour, stream), d.rule);
    text += fmt::format("{}: {}{}\n", d.element.empty() ? "" : fmt::format(" [{}]", d.element), d.message, d.hint.empty() ? "" : ", " + d.hint);
    if (const std::string* source = project.text(d.file)) text += caret(*source, d.at.line, d.at.column);
  }
  return text;
}

namespace {

Value text_or_null(const std::string& text) { return text.empty() ? Value() : Value(text); }
Value or_null(const std::optional<Value>& v) { return v ? *v : Value(); }
Value list_or_null(const std::vector<Value>& all) { return all.empty() ? Value() : Value(List(all.begin(), all.end())); }

Context summary(const model::DataItem& d, const std::string& language) {
  return {{"name", d.name},
          {"label", d.label.empty() ? d.name : d.label.in(language)},
          {"type", d.type_text},
          {"required", d.required},
          {"default", or_null(d.default_value)},
          {"computed", text_or_null(d.computed.text)},
          {"set_by", d.set_by_process ? Value("process") : Value()},
          {"search", d.search},
          {"enum", list_or_null(d.enumeration)},
          {"min", or_null(d.min)},
          {"max", or_null(d.max)}};
}

/// What a form asks, its expressions as they are written: `work ID --json` says what they come to.
List summary(const std::vector<model::FormField>& form, const std::string& language) {
  List fields;
  for (const model::FormField& f : form)
    fields.emplace_back(Context{{"name", f.name},
                                {"label", text_or_null(f.label.in(language))},
                                {"hint", text_or_null(f.hint.in(language))},
                                {"required", f.required},
                                {"required_if", text_or_null(f.required_if.text)},
                                {"choices", list_or_null(f.choices)},
                                {"choices_from", text_or_null(f.choices_from.text)},
                                {"min", text_or_null(f.min.text)},
                                {"max", text_or_null(f.max.text)}});
  return fields;
}

}  // namespace

Value summary(const model::Process& process, const std::string& language) {
  List data, nodes, clocks, feedback;
  for (const model::DataItem& d : process.data) data.emplace_back(summary(d, language));
  model::for_each_node(process.nodes, [&](const model::Node& node, const model::Node* parent) {
    Context one{{"id", node.id},
                {"type", std::string(model::to_string(node.type))},
                {"name", node.name.in(language)},
                {"lane", node.lane.name},
                {"inside", parent == nullptr ? Value() : Value(parent->id)}};
    if (!node.form.empty()) one.set("form", summary(node.form, language));
    nodes.emplace_back(std::move(one));
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
