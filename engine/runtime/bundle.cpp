#include "runtime/bundle.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "notation/load.hpp"
#include "value/json.hpp"
#include "verify/check.hpp"

namespace switchboard::runtime {

namespace {

/// The process that the bundle says, and the topmost overlay when there is one.
struct LoadedProcess {
  model::Process process;
  std::optional<notation::Overlay> overlay;
  std::vector<std::string> files;  ///< from the process up
};

Result<LoadedProcess> load_bundle(const Bundle& bundle, model::Diagnostics& findings) {
  const auto kept = [&](auto loaded) {
    findings.insert(findings.end(), loaded.diagnostics.begin(), loaded.diagnostics.end());
    return std::move(loaded.value);
  };
  std::vector<Layer> layers{{bundle.file, bundle.text}};
  layers.insert(layers.end(), bundle.below.begin(), bundle.below.end());
  const Layer& bottom = layers.back();
  auto process = kept(notation::load_process(bottom.text, bottom.file));
  std::optional<notation::Overlay> overlay;
  std::vector<std::string> files{bottom.file};
  for (std::size_t i = layers.size() - 1; process && i-- > 0;) {
    overlay = kept(notation::load_overlay(layers[i].text, layers[i].file));
    process = overlay ? kept(notation::apply_overlay(*process, *overlay)) : std::nullopt;
    files.push_back(layers[i].file);
  }
  if (process) return LoadedProcess{std::move(*process), std::move(overlay), std::move(files)};
  return refusal_of(bundle.file, "SB0542", findings);
}

std::vector<std::string> called_processes(const model::ExecutableProcess& process) {
  std::vector<std::string> calls;
  for (const model::Element& e : process.elements) {
    if (e.type == model::NodeType::call_activity) calls.push_back(e.called_process);
  }
  return calls;
}

/// A case is started by a person or program, a message, a signal or a timer. What else BPMN lets stand at the top is refused here, since it would
/// never happen.
std::optional<Error> start_that_never_happens(const model::ExecutableProcess& process, const std::string& file) {
  for (const model::ElementIndex start : process.elements.front().start_events) {
    for (const model::EventSpec& event : process.at(start).events) {
      using enum model::EventKind;
      if (event.kind == none || event.kind == message || event.kind == signal || event.kind == timer) continue;
      return Error{ErrorKind::invalid, "SB0550",
                   fmt::format("start event '{}' of process '{}' waits for a {}: the engine starts cases by call, message, signal or timer",
                               process.at(start).id, process.id, model::to_string(event.kind)),
                   file, "wait for a message or signal instead, and let whoever sees it happen send that"};
    }
  }
  return std::nullopt;
}

const std::string& text_at(const Context& context, std::string_view name) {
  static const std::string none;
  const Value* found = context.find(name);
  const std::string* text = found == nullptr ? nullptr : found->string();
  return text == nullptr ? none : *text;
}

}  // namespace

Result<store::Resource> read_resource(std::string_view text, std::string_view file, Instant at) {
  store::Resource resource{"", "", std::string(file), std::string(text), at};
  const auto kind = notation::kind_of(text);
  if (kind == notation::FileKind::calendar) {
    const auto loaded = notation::load_calendar(text, file);
    if (!loaded.value) return refusal_of(file, "SB0542", loaded.diagnostics);
    resource.kind = "calendar";
    resource.id = loaded.value->id;
  } else if (kind == notation::FileKind::decision) {
    const auto loaded = notation::load_decision(text, file);
    if (!loaded.value) return refusal_of(file, "SB0542", loaded.diagnostics);
    resource.kind = "decision";
    resource.id = loaded.value->table.id;
  } else {
    return Error{ErrorKind::invalid, "SB0544", "neither a calendar nor a decision table", std::string(file),
                 "its second key must be `calendar:` or `decision:`"};
  }
  return resource;
}

Result<void> Shelf::put(const store::Resource& resource) {
  if (resource.kind == "calendar") {
    auto loaded = notation::load_calendar(resource.text, resource.file);
    if (!loaded.value) return refusal_of(resource.file, "SB0542", loaded.diagnostics);
    SB_TRY(auto made, calendar::BusinessCalendar::make(std::move(*loaded.value)));
    library.calendars.insert_or_assign(resource.id, std::move(made));
  } else {
    const auto loaded = notation::load_decision(resource.text, resource.file);
    if (!loaded.value) return refusal_of(resource.file, "SB0542", loaded.diagnostics);
    const auto compiled = notation::compile_decision_file(*loaded.value, resource.file);
    if (!compiled.value) return refusal_of(resource.file, "SB0542", compiled.diagnostics);
    library.decisions.insert_or_assign(resource.id, *compiled.value);
  }
  texts.insert_or_assign(resource.kind + "/" + resource.id, resource);
  return success();
}

Result<Compiled> compile_bundle(const Bundle& bundle, const model::Library& library) {
  model::Diagnostics findings;
  SB_TRY(const auto loaded, load_bundle(bundle, findings));
  const model::Process& process = loaded.process;
  model::CompileResult result = model::compile(process, library, bundle.text);
  findings.insert(findings.end(), result.diagnostics.begin(), result.diagnostics.end());
  model::Diagnostics verified = verify::merge_findings(verify::check(process), verify::check_surroundings(process, {library, {}}));
  findings = verify::merge_findings(std::move(findings), std::move(verified));
  if (loaded.overlay) findings = notation::findings_of_overlay(std::move(findings), *loaded.overlay, loaded.files, {});
  if (result.process == nullptr || model::has_errors(findings)) return refusal_of(bundle.file, "SB0542", findings);
  if (auto never = start_that_never_happens(*result.process, bundle.file)) return *never;
  Compiled compiled{result.process, {}, called_processes(*result.process), bundle};
  return compiled;
}

void pack_tables(Compiled& compiled, const Shelf& shelf) {
  for (const auto& [id, decision] : compiled.process->decisions) {
    const auto found = shelf.texts.find("decision/" + id);
    if (found != shelf.texts.end()) compiled.bundle.tables.insert(*found);
  }
}

std::string library_text(const Bundle& bundle) {
  List tables;
  for (const auto& [key, r] : bundle.tables) tables.emplace_back(Context{{"id", r.id}, {"file", r.file}, {"text", r.text}});
  Context all{{"file", bundle.file}, {"decisions", std::move(tables)}};
  Value base;
  for (auto layer = bundle.below.rbegin(); layer != bundle.below.rend(); ++layer) {
    Context one{{"file", layer->file}, {"text", layer->text}};
    if (!base.is_null()) one.set("base", std::move(base));
    base = Value(std::move(one));
  }
  if (!base.is_null()) all.set("base", std::move(base));
  return to_json(Value(std::move(all)));
}

Result<Bundle> bundle_of(const store::Deployment& deployment) {
  SB_TRY(const auto value, parse_json(deployment.library));
  const Context* all = value.context();
  if (all == nullptr)
    return Error{ErrorKind::storage, "SB0543", "the library of a stored definition is not readable", deployment.process, "restore the last backup"};
  Bundle bundle{text_at(*all, "file"), deployment.source, {}, {}};
  for (const Value* base = all->find("base"); base != nullptr && base->context() != nullptr; base = base->context()->find("base"))
    bundle.below.push_back({text_at(*base->context(), "file"), text_at(*base->context(), "text")});
  if (const Value* tables = all->find("decisions"); tables != nullptr && tables->list() != nullptr) {
    for (const Value& table : *tables->list()) {
      if (table.context() == nullptr) continue;
      const std::string& id = text_at(*table.context(), "id");
      bundle.tables.emplace("decision/" + id,
                            store::Resource{"decision", id, text_at(*table.context(), "file"), text_at(*table.context(), "text"), {}});
    }
  }
  return bundle;
}

}  // namespace switchboard::runtime
