#include "runtime/bundle.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "notation/load.hpp"
#include "switchboard/value/json.hpp"
#include "workspace/parsed.hpp"

namespace switchboard::runtime {

namespace {

const std::string& text_at(const Context& context, std::string_view name) {
  static const std::string none;
  const Value* found = context.find(name);
  const std::string* text = found == nullptr ? nullptr : found->string();
  return text == nullptr ? none : *text;
}

}  // namespace

Result<store::Resource> read_resource(std::string_view text, std::string_view file, Instant at) {
  const auto kind = notation::kind_of(text);
  if (kind != notation::FileKind::calendar && kind != notation::FileKind::decision && kind != notation::FileKind::registers &&
      kind != notation::FileKind::organisations)
    return Error{ErrorKind::invalid, "SB0544", "neither a calendar nor a decision table, a register or a tree of organisations", std::string(file),
                 "its second key must be `calendar:`, `decision:`, `register:` or `organisations:`"};
  const workspace::ParsedPtr read = workspace::read_text(std::string(text), std::string(file));
  if (!read->is_resource()) {
    model::Diagnostics found = read->found;
    found.insert(found.end(), read->made.begin(), read->made.end());
    return refusal_of(file, "SB0542", found);
  }
  return store::Resource{std::string(to_string(*kind)), read->id, std::string(file), std::string(text), at};
}

Result<std::shared_ptr<const model::Process>> process_of(const Bundle& bundle) {
  std::vector<Layer> layers{{bundle.file, bundle.text}};
  layers.insert(layers.end(), bundle.below.begin(), bundle.below.end());
  std::vector<notation::Overlay> overlays;
  for (std::size_t i = 0; i + 1 < layers.size(); ++i) {
    auto overlay = notation::load_overlay(layers[i].text, layers[i].file);
    if (!overlay.value) return refusal_of(layers[i].file, "SB0542", overlay.diagnostics);
    overlays.push_back(std::move(*overlay.value));
  }
  auto process = notation::load_process_of(layers.back().text, layers.back().file, overlays.empty() ? bundle.process : overlays.back().of.name);
  for (auto overlay = overlays.rbegin(); process.value && overlay != overlays.rend(); ++overlay)
    process = notation::apply_overlay(*process.value, *overlay);
  if (!process.value) return refusal_of(bundle.file, "SB0542", process.diagnostics);
  return std::make_shared<const model::Process>(std::move(*process.value));
}

std::string library_text(const Bundle& bundle) {
  List tables, registers;
  for (const auto& [key, r] : bundle.tables)
    (r.kind == "register" ? registers : tables).emplace_back(Context{{"id", r.id}, {"file", r.file}, {"text", r.text}});
  Context all{{"file", bundle.file}, {"decisions", std::move(tables)}};
  if (!registers.empty()) all.set("registers", Value(std::move(registers)));
  Value base;
  for (auto layer = bundle.below.rbegin(); layer != bundle.below.rend(); ++layer) {
    Context one{{"file", layer->file}, {"text", layer->text}};
    if (!base.is_null()) one.set("base", std::move(base));
    base = Value(std::move(one));
  }
  if (!base.is_null()) all.set("base", std::move(base));
  if (bundle.by_hand) all.set("by_hand", Value(true));
  return to_json(Value(std::move(all)));
}

Result<Bundle> bundle_of(const store::Deployment& deployment) {
  SB_TRY(const auto value, parse_json(deployment.library));
  const Context* all = value.context();
  if (all == nullptr)
    return Error{ErrorKind::storage, "SB0543", "the library of a stored definition is not readable", deployment.process, "restore the last backup"};
  Bundle bundle{deployment.process, text_at(*all, "file"), deployment.source, {}, {}, false};
  if (const Value* by_hand = all->find("by_hand"); by_hand != nullptr) bundle.by_hand = *by_hand == Value(true);
  for (const Value* base = all->find("base"); base != nullptr && base->context() != nullptr; base = base->context()->find("base"))
    bundle.below.push_back({text_at(*base->context(), "file"), text_at(*base->context(), "text")});
  for (const auto& [name, kind] : {std::pair("decisions", "decision"), std::pair("registers", "register")}) {
    const Value* tables = all->find(name);
    if (tables == nullptr || tables->list() == nullptr) continue;
    for (const Value& table : *tables->list()) {
      if (table.context() == nullptr) continue;
      const std::string& id = text_at(*table.context(), "id");
      bundle.tables.emplace(std::string(kind) + "/" + id,
                            store::Resource{kind, id, text_at(*table.context(), "file"), text_at(*table.context(), "text"), {}});
    }
  }
  return bundle;
}

}  // namespace switchboard::runtime
