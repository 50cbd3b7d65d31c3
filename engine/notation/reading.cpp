#include "notation/reading.hpp"

#include <algorithm>

#include "notation/foreign_words.hpp"
#include "notation/grammar.hpp"
#include "notation/look_alikes.hpp"
#include "notation/shape.hpp"

namespace switchboard::notation {

const yaml::Node* value_at(const yaml::Node& map, std::string_view key) {
  const yaml::Entry* e = map.find(key);
  return e == nullptr ? nullptr : &e->value;
}

std::string text_of(const yaml::Node* node) {
  if (node == nullptr || !node->is_scalar()) return "";
  return node->text;
}

std::vector<std::string> texts_of(const yaml::Node* node) {
  std::vector<std::string> out;
  if (node == nullptr) return out;
  for (const yaml::Node& item : node->items) out.push_back(text_of(&item));
  return out;
}

model::Text label_of(const yaml::Node* node) {
  model::Text out;
  if (node == nullptr) return out;
  if (node->is_scalar() && !node->is_left_out()) out.by_language[""] = node->text;
  for (const yaml::Entry& e : node->entries)
    if (e.value.is_scalar()) out.by_language[e.key] = e.value.text;
  return out;
}

model::Expr expression_of(const yaml::Node* node) {
  if (node == nullptr || !node->is_scalar() || node->is_left_out()) return {};
  return {node->text, node->content_at};
}

model::Ref ref_of(const yaml::Node* node) {
  if (node == nullptr || !node->is(yaml::Kind::string)) return {};
  return {node->text, node->content_at};
}

std::vector<model::Ref> refs_of(const yaml::Node* node) {
  std::vector<model::Ref> out;
  if (node == nullptr) return out;
  if (node->is(yaml::Kind::string)) out.push_back(ref_of(node));
  for (const yaml::Node& item : node->items)
    if (item.is(yaml::Kind::string)) out.push_back(ref_of(&item));
  return out;
}

bool flag_of(const yaml::Node* node, bool otherwise) { return node != nullptr && node->is(yaml::Kind::boolean) ? node->boolean : otherwise; }

std::vector<model::Mapping> mappings_of(const yaml::Node* node) {
  std::vector<model::Mapping> out;
  if (node == nullptr) return out;
  for (const yaml::Entry& e : node->entries) out.push_back({e.key, e.at, expression_of(&e.value)});
  return out;
}

std::string unverified_of(const yaml::Node* node) {
  if (node == nullptr || node->is_left_out()) return "";
  if (node->is(yaml::Kind::boolean)) return node->boolean ? "unverified" : "";
  return text_of(node);
}

model::Trigger trigger_of(const yaml::Node* node) {
  using Kind = model::Trigger::Kind;
  model::Trigger out;
  if (node == nullptr) return out;
  out.at = node->at;
  for (const yaml::Node& item : node->items)
    for (auto& c : trigger_of(&item).any) out.any.push_back(std::move(c));
  for (const yaml::Entry& e : node->entries) {
    if (e.key == "completed" || e.key == "entered" || e.key == "message") {
      const Kind kind = e.key == "completed" ? Kind::completed : e.key == "entered" ? Kind::entered : Kind::message;
      for (model::Ref& r : refs_of(&e.value)) out.any.push_back({kind, std::move(r), {}});
    } else if (e.key == "condition") {
      out.any.push_back({Kind::condition, {}, expression_of(&e.value)});
    } else if (e.key == "process" && (e.value.text == "started" || e.value.text == "ended")) {
      out.any.push_back({e.value.text == "started" ? Kind::process_started : Kind::process_ended, {}, {}});
    }
  }
  return out;
}

namespace {

bool check_head(const yaml::Node& root, FileKind kind, Findings& findings) {
  if (!root.is(yaml::Kind::map)) {
    findings.error("SB0106", root.at, "", "a file is a map that begins with `switchboard: 1`",
                   "begin with `switchboard: 1` and `" + std::string(to_string(kind)) + ": ID`");
    return false;
  }
  const auto& entries = root.entries;
  if (entries.empty() || entries[0].key != "switchboard") {
    const model::Position at = entries.empty() ? root.at : entries[0].at;
    findings.error("SB0106", at, "", "the first key must be `switchboard: 1`", "put `switchboard: 1` into the first line");
  }
  const std::string_view word = to_string(kind);
  const yaml::Entry* own = root.find(word);
  if (own == nullptr || entries.size() < 2 || entries[1].key != word) {
    const model::Position at = own != nullptr ? own->at : entries.size() > 1 ? entries[1].at : root.at;
    const bool is_id = own == nullptr && entries.size() > 1 && (entries[1].key == "id" || entries[1].key == "name") && entries[1].value.is_scalar();
    findings.error("SB0106", at, "", "the second key must be `" + std::string(word) + ": ID`",
                   entries.size() > 1 && !meant_key(entries[1].key, {std::string(word)}).word.empty() ? "did you mean `" + std::string(word) + "`?"
                   : is_id ? "write `" + std::string(word) + ": " + entries[1].value.text.substr(0, 64) + "` in its place"
                           : "say what the file is right behind `switchboard: 1`");
  }
  return true;
}

// Depth is bounded by limits::yaml_depth.
void rename_misspelt(yaml::Node& node, const std::vector<Findings::Misspelt>& all) {
  if (node.is_scalar() && !node.is_left_out()) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Findings::Misspelt& m) { return m.at == node.at; });
    if (found != all.end()) {
      node.kind = yaml::Kind::string;
      node.text = found->meant;
    }
  }
  for (yaml::Node& item : node.items) rename_misspelt(item, all);
  for (yaml::Entry& e : node.entries) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Findings::Misspelt& m) { return m.at == e.at; });
    if (found != all.end()) e.key = found->meant;
    rename_misspelt(e.value, all);
  }
}

}  // namespace

std::optional<yaml::Node> open_file(std::string_view text, FileKind kind, Findings& findings) {
  yaml::Document document = yaml::read(text, findings.file());
  findings.add(std::move(document.diagnostics));
  if (!document.root || !check_head(*document.root, kind, findings)) return std::nullopt;
  Shape shape = *grammar().file(kind);
  for (Field& f : shape.fields)  // what check_head has said is not said again
    if (f.key == "switchboard" || f.key == to_string(kind)) f.required = false;
  check_shape(*document.root, shape, "", findings);
  warn_of_look_alikes(*document.root, text, findings);
  if (!findings.misspelt.empty()) rename_misspelt(*document.root, findings.misspelt);
  return std::move(document.root);
}

}  // namespace switchboard::notation
