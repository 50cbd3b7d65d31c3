#include "notation/load.hpp"
#include "notation/reading.hpp"

namespace switchboard::notation {

namespace {

std::vector<model::Lane> lanes_of(const yaml::Node* node) {
  std::vector<model::Lane> out;
  if (node == nullptr) return out;
  for (const yaml::Entry& e : node->entries)
    out.push_back(
        {e.key, e.at, label_of(value_at(e.value, "name")), texts_of(value_at(e.value, "groups")), expression_of(value_at(e.value, "organisation"))});
  return out;
}

model::KeepDefinition keep_of(const yaml::Node* node) {
  model::KeepDefinition keep;
  if (node == nullptr) return keep;
  keep.at = node->at;
  keep.time = expression_of(node->is_scalar() ? node : value_at(*node, "for"));
  if (!node->is_scalar()) keep.discard = text_of(value_at(*node, "then")) == "discard";
  return keep;
}

std::vector<model::Declaration> declarations_of(const yaml::Node* node, std::string_view kind, Findings& findings) {
  std::vector<model::Declaration> out;
  if (node == nullptr) return out;
  for (const yaml::Entry& e : node->entries) {
    model::Declaration d;
    d.id = e.key;
    d.at = e.at;
    d.name = label_of(value_at(e.value, "name"));
    d.code = text_of(value_at(e.value, "code"));
    d.key = expression_of(value_at(e.value, "key"));
    d.groups = texts_of(value_at(e.value, "groups"));
    if (const yaml::Node* payload = value_at(e.value, "payload"))
      for (const yaml::Entry& field : payload->entries)
        if (field.value.is_scalar()) d.payload.emplace_back(field.key, type_of(field.value, std::string(kind) + "." + e.key, findings));
    d.keep = keep_of(value_at(e.value, "keep"));
    if (const yaml::Node* receivers = value_at(e.value, "receivers")) {
      d.to_all = text_of(receivers) == "all";
      d.to_all_at = receivers->at;
    }
    out.push_back(std::move(d));
  }
  return out;
}

model::Process process_of(const yaml::Node& root, Findings& findings) {
  model::Process p;
  p.file = findings.file();
  p.id = text_of(value_at(root, "process"));
  if (const yaml::Entry* own = root.find("process")) p.at = own->at;
  p.name = label_of(value_at(root, "name"));
  p.documentation = label_of(value_at(root, "documentation"));
  p.version = text_of(value_at(root, "version"));
  p.customer = expression_of(value_at(root, "customer"));
  p.organisation = expression_of(value_at(root, "organisation"));
  p.calendar = ref_of(value_at(root, "calendar"));
  p.strict = flag_of(value_at(root, "strict"), false);
  p.data = data_of(value_at(root, "data"), "", findings);
  p.lanes = lanes_of(value_at(root, "lanes"));
  p.nodes = nodes_of(value_at(root, "nodes"), "", findings);
  p.sla = clocks_of(value_at(root, "sla"), findings);
  p.feedback = feedback_of(value_at(root, "feedback"));
  for (const model::FeedbackDefinition& f : p.feedback)
    if (value_at(*value_at(*value_at(root, "feedback"), f.id), "text") == nullptr && !findings.is_said(f.at))
      findings.error("SB0108", f.at, "feedback." + f.id, "a feedback needs the key `text`", "write `text: {zh: ..., en: ...}`");
  p.messages = declarations_of(value_at(root, "messages"), "messages", findings);
  p.signals = declarations_of(value_at(root, "signals"), "signals", findings);
  p.errors = declarations_of(value_at(root, "errors"), "errors", findings);
  p.escalations = declarations_of(value_at(root, "escalations"), "escalations", findings);
  p.decisions = refs_of(value_at(root, "decisions"));
  return p;
}

/// Nearly every file says what it is in its second line: read without the rest. Nothing when the head is any different.
std::optional<FileKind> kind_in_head(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty() || line == "\r" || line.front() == '#') continue;
    const std::string_view key = line.substr(0, line.find(':'));
    if (key.size() + 1 >= line.size() || line[key.size() + 1] != ' ') return std::nullopt;
    if (key != "switchboard") return file_kind(key);
  }
  return std::nullopt;
}

}  // namespace

model::Process read_process(const yaml::Node& root, Findings& findings) {
  model::Process process = process_of(root, findings);
  const yaml::Node* nodes = value_at(root, "nodes");
  if (nodes != nullptr && nodes->is(yaml::Kind::map) && nodes->entries.empty())
    findings.error("SB0108", nodes->at, "", "a process needs at least one node", "begin with a startEvent and an endEvent");
  resolve_names(process, findings);
  return process;
}

Loaded<model::Process> load_process(std::string_view text, std::string_view file) {
  Loaded<model::Process> out;
  Findings findings(file);
  if (const auto root = open_file(text, FileKind::process, findings)) {
    model::Process process = read_process(*root, findings);
    if (!findings.has_errors()) out.value = process;
    out.draft = std::move(process);
  }
  out.diagnostics = findings.take();
  return out;
}

std::optional<FileKind> kind_of(std::string_view text) {
  if (const auto kind = kind_in_head(text)) return kind;
  const yaml::Document document = yaml::read(text, "");
  if (!document.root || !document.root->is(yaml::Kind::map)) return std::nullopt;
  if (document.root->find("process") == nullptr && document.root->find("nodes") != nullptr) return FileKind::process;  // it has a `calendar:` too
  for (const yaml::Entry& e : document.root->entries)
    if (const auto kind = file_kind(e.key)) return kind;
  // A misspelt word is meant all the same; the loader of that kind says so.
  if (document.root->entries.size() < 2) return std::nullopt;
  std::vector<std::string> words;
  for (const FileKind kind : {FileKind::process, FileKind::calendar, FileKind::decision, FileKind::overlay, FileKind::test, FileKind::scenario,
                              FileKind::collaboration, FileKind::contract, FileKind::organisations, FileKind::registers})
    words.emplace_back(to_string(kind));
  const std::string near = model::nearest_name(document.root->entries[1].key, words);
  return near.empty() ? std::nullopt : file_kind(near);
}

}  // namespace switchboard::notation
