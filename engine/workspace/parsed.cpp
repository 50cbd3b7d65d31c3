#include "workspace/parsed.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "notation/declared.hpp"
#include "notation/yaml.hpp"

namespace switchboard::workspace {

namespace {

using notation::FileKind;
using notation::Loaded;
namespace yaml = notation::yaml;

Finding mistake(const Error& e, const Parsed& in) {
  return {e.id, model::Severity::error, in.file, in.at, in.id, e.message, e.hint, {}, {model::SubjectKind::calendar, in.id, false}};
}

/// Of a key of the file itself.
model::Position place_of_key(std::string_view text, std::string_view key) {
  const yaml::Document document = yaml::read(text, "");
  const yaml::Entry* entry = document.root ? document.root->find(key) : nullptr;
  return entry == nullptr ? model::Position{2, 1} : entry->at;
}

void read_process(Parsed& out) {
  Loaded<model::Process> loaded = notation::load_process(out.text, out.file);
  out.found = std::move(loaded.diagnostics);
  if (loaded.value) {
    out.id = loaded.value->id;
    out.at = loaded.value->at;
    out.process = std::make_shared<const model::Process>(std::move(*loaded.value));
  } else if (loaded.draft) {
    out.draft = std::make_shared<const model::Process>(std::move(*loaded.draft));
  }
}

void read_calendar(Parsed& out) {
  Loaded<calendar::CalendarSpec> loaded = notation::load_calendar(out.text, out.file);
  out.found = std::move(loaded.diagnostics);
  out.at = {2, 1};
  const std::string id = loaded.value ? loaded.value->id : loaded.draft ? loaded.draft->id : std::string();
  if (!id.empty() && std::filesystem::path(out.file).stem() != id) {
    (loaded.value ? out.made : out.found)
        .push_back({"SB0110",
                    model::Severity::error,
                    out.file,
                    out.at,
                    id,
                    fmt::format("the calendar `{}` stands in a file of another name", id),
                    fmt::format("call the file {}.yaml", id),
                    {},
                    {model::SubjectKind::calendar, id, false}});
  }
  if (!loaded.value) return;
  out.id = loaded.value->id;
  if (!loaded.value->extends.empty()) {
    out.extends_at = place_of_key(out.text, "extends");
    out.calendar = std::move(loaded.value);
    return;
  }
  Result<calendar::CalendarPtr> made = calendar::BusinessCalendar::make(*loaded.value);
  if (made)
    out.business_calendar = std::move(made.value());
  else
    out.made.push_back(mistake(made.error(), out));
  out.calendar = std::move(loaded.value);
}

void read_decision(Parsed& out) {
  Loaded<notation::DecisionFile> loaded = notation::load_decision(out.text, out.file);
  out.found = std::move(loaded.diagnostics);
  if (!loaded.value) return;
  out.id = loaded.value->table.id;
  out.at = loaded.value->at;
  Loaded<feel::Decision> compiled = notation::compile_decision_file(*loaded.value, out.file);
  out.made = std::move(compiled.diagnostics);
  out.decision = std::move(compiled.value);
  out.table = std::move(loaded.value);
}

void read_register(Parsed& out) {
  Loaded<model::Register> loaded = notation::load_register(out.text, out.file);
  out.found = std::move(loaded.diagnostics);
  if (!loaded.value) return;
  out.id = loaded.value->id;
  out.at = loaded.value->at;
  out.registered = std::make_shared<const model::Register>(std::move(*loaded.value));
}

/// With errors, too, its processes are there by name: what refers to them is not wrong as well.
void read_collaboration(Parsed& out) {
  Loaded<notation::Collaboration> loaded = notation::load_collaboration(out.text, out.file);
  out.found = std::move(loaded.diagnostics);
  const bool is_sound = loaded.value.has_value();
  std::optional<notation::Collaboration>& read = is_sound ? loaded.value : loaded.draft;
  if (!read) return;
  out.id = read->id.empty() ? out.id : read->id;
  out.at = read->at;
  out.is_read = is_sound;
  for (notation::Participant& p : read->participants) {
    if (!p.process || p.process->id.empty()) continue;
    auto pool = std::make_shared<Parsed>();
    pool->file = out.file;
    pool->text = out.text;
    pool->id = p.process->id;
    pool->at = p.process->at;
    pool->is_read = is_sound;
    if (!is_sound) pool->found = out.found;
    (is_sound ? pool->process : pool->draft) = std::make_shared<const model::Process>(std::move(*p.process));
    out.pools.push_back(std::move(pool));
  }
}

void read_organisations(Parsed& out) {
  Loaded<model::OrganisationsPtr> loaded = notation::load_organisations(out.text, out.file);
  out.found = std::move(loaded.diagnostics);
  out.at = {2, 1};
  if (!loaded.value) return;
  out.organisations = std::move(*loaded.value);
  out.id = out.organisations->id;
}

template <class T>
void keep(Parsed& out, Loaded<T> loaded, std::optional<T>& as) {
  out.found = std::move(loaded.diagnostics);
  if (!loaded.value) return;
  out.id = loaded.value->id;
  out.at = loaded.value->at;
  as = std::move(loaded.value);
}

/// The text under `calendar`, wherever that stands: of the scenario, of arrivals, of shifts.
void find_calendars(const yaml::Node& node, std::vector<std::string>& into) {
  for (const yaml::Entry& entry : node.entries) {
    if (entry.key == "calendar" && entry.value.is(yaml::Kind::string)) into.push_back(entry.value.text);
    find_calendars(entry.value, into);
  }
  for (const yaml::Node& item : node.items) find_calendars(item, into);
}

ScenarioNames names_in_scenario(std::string_view text) {
  ScenarioNames names;
  const yaml::Document document = yaml::read(text, "");
  if (!document.root) return names;
  find_calendars(*document.root, names.calendars);
  if (const yaml::Entry* besides = document.root->find("processes")) {
    if (besides->value.is(yaml::Kind::string)) names.processes.push_back(besides->value.text);
    for (const yaml::Node& item : besides->value.items) names.processes.push_back(item.text);
  }
  const yaml::Entry* arrivals = document.root->find("arrivals");
  if (arrivals == nullptr) return names;
  for (const yaml::Entry& arrival : arrivals->value.entries) {
    const yaml::Entry* process = arrival.value.find("process");
    names.processes.push_back(process == nullptr ? arrival.key : process->value.text);
  }
  return names;
}

}  // namespace

model::SubjectKind declares(FileKind kind) noexcept {
  switch (kind) {
    case FileKind::process:
    case FileKind::overlay: return model::SubjectKind::process;
    case FileKind::calendar: return model::SubjectKind::calendar;
    case FileKind::decision: return model::SubjectKind::decision;
    case FileKind::test: return model::SubjectKind::test;
    case FileKind::scenario: return model::SubjectKind::scenario;
    case FileKind::contract: return model::SubjectKind::contract;
    case FileKind::collaboration: return model::SubjectKind::collaboration;
    case FileKind::organisations: return model::SubjectKind::organisations;
    case FileKind::registers: return model::SubjectKind::registers;
  }
  return model::SubjectKind::none;
}

ParsedPtr read_text(std::string text, std::string file) {
  auto out = std::make_shared<Parsed>();
  out->file = std::move(file);
  out->text = std::move(text);
  out->kind = notation::kind_of(out->text).value_or(FileKind::process);
  out->id = notation::declared_id(out->text, std::filesystem::path(out->file).stem().string());
  switch (out->kind) {
    case FileKind::process: read_process(*out); break;
    case FileKind::calendar: read_calendar(*out); break;
    case FileKind::decision: read_decision(*out); break;
    case FileKind::overlay: keep(*out, notation::load_overlay(out->text, out->file), out->overlay); break;
    case FileKind::test: keep(*out, notation::load_test_suite(out->text, out->file), out->suite); break;
    case FileKind::contract: keep(*out, notation::load_contract(out->text, out->file), out->contract); break;
    case FileKind::collaboration: read_collaboration(*out); break;
    case FileKind::registers: read_register(*out); break;
    case FileKind::scenario: out->played = names_in_scenario(out->text); break;
    case FileKind::organisations: read_organisations(*out); break;
  }
  out->is_read = out->is_read || out->contract || out->process || out->overlay || out->suite || out->calendar || out->table || out->registered ||
                 out->organisations;
  return out;
}

}  // namespace switchboard::workspace
