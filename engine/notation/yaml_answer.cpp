// One line of JSON for the conformance kit.
#include "notation/yaml.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::notation::yaml {

namespace {

// Depth is bounded by limits::yaml_depth.
void print(const Node& node, std::string& out) {
  switch (node.kind) {
    case Kind::null: out += "null"; return;
    case Kind::boolean: out += node.boolean ? "true" : "false"; return;
    case Kind::number: out += node.number.to_string(); return;
    case Kind::string: out += json_quote(node.text); return;
    case Kind::list: {
      out += '[';
      for (const Node& item : node.items) {
        if (&item != &node.items.front()) out += ", ";
        print(item, out);
      }
      out += ']';
      return;
    }
    case Kind::map: {
      out += '{';
      for (const Entry& e : node.entries) {
        if (&e != &node.entries.front()) out += ", ";
        out += json_quote(e.key) + ": ";
        print(e.value, out);
      }
      out += '}';
      return;
    }
  }
}

}  // namespace

std::string answer(std::string_view text) {
  const Document document = read(text, "");
  if (!document.root || !document.diagnostics.empty()) {
    const model::Diagnostic& d = document.diagnostics.front();
    return "refused: " + d.rule + " " + std::to_string(d.at.line) + ":" + std::to_string(d.at.column) + " " + d.message;
  }
  std::string out;
  print(*document.root, out);
  return out;
}

}  // namespace switchboard::notation::yaml
