// Decision table files (docs/language.md, Decision tables) -> feel::DecisionTable with the place of every cell.
#include <algorithm>
#include <array>

#include "feel/literal_uses.hpp"
#include "feel/remedy.hpp"
#include "notation/load.hpp"
#include "notation/reading.hpp"

namespace switchboard::notation {

namespace {

struct HitWord {
  std::string_view word;
  feel::HitPolicy hit;
  feel::Aggregation aggregation;
};

using feel::Aggregation;
using feel::HitPolicy;

constexpr std::array<HitWord, 11> hit_words{{{"unique", HitPolicy::unique, Aggregation::none},
                                             {"first", HitPolicy::first, Aggregation::none},
                                             {"any", HitPolicy::any, Aggregation::none},
                                             {"priority", HitPolicy::priority, Aggregation::none},
                                             {"rule order", HitPolicy::rule_order, Aggregation::none},
                                             {"output order", HitPolicy::output_order, Aggregation::none},
                                             {"collect", HitPolicy::collect, Aggregation::none},
                                             {"collect sum", HitPolicy::collect, Aggregation::sum},
                                             {"collect min", HitPolicy::collect, Aggregation::min},
                                             {"collect max", HitPolicy::collect, Aggregation::max},
                                             {"collect count", HitPolicy::collect, Aggregation::count}}};

class DecisionReader {
 public:
  explicit DecisionReader(Findings& findings) : findings_(findings) {}

  DecisionFile read(const yaml::Node& root) {
    file_.table.id = text_of(value_at(root, "decision"));
    if (const yaml::Entry* own = root.find("decision")) file_.at = own->at;
    file_.name = label_of(value_at(root, "name"));
    file_.source = text_of(value_at(root, "source"));
    const std::string hit = text_of(value_at(root, "hit"));
    for (const HitWord& w : hit_words)
      if (w.word == hit) {
        file_.table.hit = w.hit;
        file_.table.aggregation = w.aggregation;
      }
    parameters(value_at(root, "parameters"));
    inputs(value_at(root, "inputs"));
    outputs(value_at(root, "outputs"));
    if (const yaml::Node* rules = value_at(root, "rules"))
      for (const yaml::Node& rule : rules->items) read_rule(rule);
    return std::move(file_);
  }

 private:
  feel::Type type_at(const yaml::Node* node, const std::string& element) {
    return node != nullptr && node->is(yaml::Kind::string) ? type_of(*node, element, findings_) : feel::Type();
  }

  void parameters(const yaml::Node* node) {
    if (node == nullptr) return;
    bool optional_seen = false;
    for (const yaml::Entry& e : node->entries) {
      yaml::Node type = e.value;
      const bool optional = !type.text.empty() && type.text.back() == '?';
      if (optional) type.text.pop_back();
      const std::string element = "parameters." + e.key;
      if (!optional && optional_seen)
        findings_.error("SB0820", e.at, element, "a required parameter stands behind an optional one", "put the optional ones last");
      optional_seen = optional_seen || optional;
      if (!optional) ++file_.table.required_parameters;
      file_.table.parameters.emplace_back(e.key, type.is_scalar() ? type_of(type, element, findings_) : feel::Type());
    }
  }

  void inputs(const yaml::Node* node) {
    if (node == nullptr) {
      for (const auto& [name, type] : file_.table.parameters) {
        file_.table.inputs.push_back({name, name, type, ""});
        file_.inputs.push_back(file_.at);
      }
      return;
    }
    for (const yaml::Node& item : node->items) {
      const model::Expr expression = expression_of(value_at(item, "expression"));
      feel::DecisionTable::Input input;
      input.label = text_of(value_at(item, "label"));
      input.expression = expression.text;
      if (input.label.empty()) input.label = input.expression;
      const std::string element = "inputs." + input.label;
      input.type = type_at(value_at(item, "type"), element);
      if (value_at(item, "type") == nullptr)
        for (const auto& [name, type] : file_.table.parameters)
          if (name == input.expression) input.type = type;
      input.allowed = text_of(value_at(item, "allowed"));
      for (const auto& other : file_.table.inputs)
        if (other.label == input.label)
          findings_.error("SB0821", item.at, element, "two inputs are called `" + input.label + "`", "give each a label of its own");
      file_.table.inputs.push_back(std::move(input));
      file_.inputs.push_back(expression.at);
    }
  }

  void outputs(const yaml::Node* node) {
    if (node == nullptr) return;
    for (const yaml::Node& item : node->items) {
      feel::DecisionTable::Output output;
      output.name = text_of(value_at(item, "name"));
      const std::string element = "outputs." + output.name;
      output.type = type_at(value_at(item, "type"), element);
      output.allowed = text_of(value_at(item, "allowed"));
      const model::Expr otherwise = expression_of(value_at(item, "default"));
      output.default_value = otherwise.text;
      if (output.name.empty() && node->items.size() > 1)
        findings_.error("SB0821", item.at, element, "with several outputs each needs a `name`", "the result is a context with these names");
      for (const auto& other : file_.table.outputs)
        if (!output.name.empty() && other.name == output.name)
          findings_.error("SB0821", item.at, element, "two outputs are called `" + output.name + "`", "give each a name of its own");
      file_.outputs.push_back(otherwise.empty() ? item.at : otherwise.at);
      file_.table.outputs.push_back(std::move(output));
    }
  }

  struct Cells {
    std::vector<std::string> texts;
    std::vector<model::Position> places;
  };

  /// Cells in the order of `names`, from a single cell, a list or a map by name.
  Cells cells(const yaml::Node& node, const std::vector<std::string>& names, std::string_view missing, std::string_view what,
              const std::string& element) {
    Cells out{std::vector<std::string>(names.size(), std::string(missing)), std::vector<model::Position>(names.size(), node.at)};
    const auto put = [&](std::size_t i, const yaml::Node& cell) {
      out.texts[i] = cell.text;
      out.places[i] = cell.content_at;
    };
    if (node.is_scalar() && names.size() == 1) put(0, node);
    if (node.is_scalar() ? names.size() != 1 : node.is(yaml::Kind::list) && node.items.size() != names.size())
      findings_.error("SB0822", node.at, element,
                      "the table has " + std::to_string(names.size()) + " " + std::string(what) + "s, this rule gives " +
                          std::to_string(node.is_scalar() ? 1 : node.items.size()),
                      "one cell for each, in their order");
    for (std::size_t i = 0; i < node.items.size() && i < names.size(); ++i) put(i, node.items[i]);
    for (const yaml::Entry& e : node.entries) {
      const auto found = std::find(names.begin(), names.end(), e.key);
      if (found == names.end())
        findings_.error("SB0823", e.at, element, "unknown " + std::string(what) + " `" + e.key + "`", suggestion(e.key, names, ""));
      else
        put(static_cast<std::size_t>(found - names.begin()), e.value);
    }
    return out;
  }

  void read_rule(const yaml::Node& node) {
    const std::string element = "rules." + std::to_string(file_.table.rules.size() + 1);
    std::vector<std::string> labels;
    std::vector<std::string> names;
    for (const auto& i : file_.table.inputs) labels.push_back(i.label);
    for (const auto& o : file_.table.outputs) names.push_back(o.name);
    feel::DecisionTable::Rule rule;
    Cells in;
    Cells out;
    if (const yaml::Node* when = value_at(node, "when")) in = cells(*when, labels, "-", "input", element);
    if (const yaml::Node* then = value_at(node, "then")) {
      out = cells(*then, names, "", "output", element);
      if (then->is(yaml::Kind::map))
        for (std::size_t i = 0; i < names.size(); ++i)
          if (out.texts[i].empty())
            findings_.error("SB0822", then->at, element, "the output `" + names[i] + "` is missing", "write null when it has none");
    }
    rule.in = in.texts;
    rule.out = out.texts;
    rule.source = text_of(value_at(node, "source"));
    rule.edition = text_of(value_at(node, "edition"));
    rule.unverified = unverified_of(value_at(node, "unverified"));
    rule.note = rule.source;
    for (const std::string& more : {rule.edition, text_of(value_at(node, "note")), rule.unverified})
      if (!more.empty()) rule.note += (rule.note.empty() ? "" : "; ") + more;
    file_.table.rules.push_back(std::move(rule));
    file_.rules.push_back(node.at);
    file_.rule_inputs.push_back(std::move(in.places));
    file_.rule_outputs.push_back(std::move(out.places));
  }

  Findings& findings_;
  DecisionFile file_;
};

model::Position moved(model::Position at, std::string_view text, std::size_t offset) {
  if (at.line == 0) return at;
  for (std::size_t i = 0; i < offset && i < text.size(); ++i) {
    if (text[i] == '\n') return at;
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++at.column;
  }
  return at;
}

/// Place and element of a problem.
std::pair<model::Position, std::string> place_of(const DecisionFile& file, const feel::DecisionProblem& p) {
  using Part = feel::DecisionProblem::Part;
  const auto pick = [&](const std::vector<model::Position>& all, std::size_t i) { return i < all.size() ? all[i] : file.at; };
  const feel::DecisionTable& t = file.table;
  switch (p.part) {
    case Part::table: return {file.at, ""};
    case Part::input: return {moved(pick(file.inputs, p.column), "", 0), p.column < t.inputs.size() ? "inputs." + t.inputs[p.column].label : ""};
    case Part::allowed: return {pick(file.inputs, p.column), ""};
    case Part::output:
    case Part::default_value: return {pick(file.outputs, p.column), p.column < t.outputs.size() ? "outputs." + t.outputs[p.column].name : ""};
    case Part::rule_input:
    case Part::rule_output: break;
  }
  const bool input = p.part == Part::rule_input;
  const auto& places = input ? file.rule_inputs : file.rule_outputs;
  if (p.row >= t.rules.size() || p.row >= places.size()) return {file.at, ""};
  const auto& texts = input ? t.rules[p.row].in : t.rules[p.row].out;
  const std::string text = p.column < texts.size() ? texts[p.column] : "";
  return {moved(pick(places[p.row], p.column), text, p.problem.offset), "rules." + std::to_string(p.row + 1)};
}

/// A cell with a value that its column does not allow: the rule can never hit for it.
void check_cells(const DecisionFile& file, Findings& findings) {
  constexpr std::string_view head = "cell in (";
  const feel::DecisionTable& t = file.table;
  for (std::size_t r = 0; r < t.rules.size(); ++r)
    for (std::size_t c = 0; c < std::min(t.inputs.size(), t.rules[r].in.size()); ++c) {
      const std::string& cell = t.rules[r].in[c];
      if (t.inputs[c].allowed.empty() || cell == "-") continue;
      feel::StaticScope scope;
      scope.names.push_back({"cell", t.inputs[c].type, 0});
      for (const feel::LiteralUse& l : feel::literal_uses(std::string(head) + cell + ")", scope)) {
        if (l.kind != feel::LiteralUse::Kind::compared || feel::allows(t.inputs[c], l.value)) continue;
        const std::string near =
            l.value.string() == nullptr ? std::string{} : model::nearest_name(*l.value.string(), feel::allowed_texts(t.inputs[c]));
        const model::Position at = r < file.rule_inputs.size() && c < file.rule_inputs[r].size() ? file.rule_inputs[r][c] : file.at;
        findings.error("SB0824", moved(at, cell, l.offset - head.size()), "rules." + std::to_string(r + 1),
                       to_feel(l.value) + " is not among the allowed values of `" + t.inputs[c].label + "`",
                       near.empty() ? "add it to `allowed`, or choose one of these" : "did you mean \"" + near + "\"?");
      }
    }
}

}  // namespace

Loaded<DecisionFile> load_decision(std::string_view text, std::string_view file) {
  Loaded<DecisionFile> out;
  Findings findings(file);
  if (const auto root = open_file(text, FileKind::decision, findings)) {
    DecisionFile read = DecisionReader(findings).read(*root);
    if (const auto* head = root->find("decision"); head != nullptr && feel::names_own(read.table.id))
      findings.error("SB0188", head->value.at, "",
                     "`" + read.table.id + "` is a word of FEEL: `" + read.table.id + "(...)` would never ask this table",
                     "choose another id, for example `" + read.table.id + "-table`");
    if (!findings.has_errors()) out.value = read;
    out.draft = std::move(read);
  }
  out.diagnostics = findings.take();
  return out;
}

Loaded<feel::Decision> compile_decision_file(const DecisionFile& file, std::string_view file_name) {
  Loaded<feel::Decision> out;
  Findings findings(file_name);
  auto compiled = feel::compile_decision(file.table);
  if (auto* decision = std::get_if<feel::Decision>(&compiled)) {
    check_cells(file, findings);
    if (!findings.has_errors()) out.value = std::move(*decision);
  } else {
    for (const auto& p : std::get<std::vector<feel::DecisionProblem>>(compiled)) {
      const auto [at, element] = place_of(file, p);
      const bool bare_word = p.problem.id == "SB0202" && p.problem.hint.empty();
      findings.error(p.problem.id, at, element, p.problem.message,
                     bare_word ? "a text stands in double quotes, in YAML inside single ones: '\"...\"'" : p.problem.hint);
    }
  }
  out.diagnostics = findings.take();
  return out;
}

}  // namespace switchboard::notation
