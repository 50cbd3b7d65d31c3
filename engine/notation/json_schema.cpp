#include "notation/json_schema.hpp"

#include <map>
#include <nlohmann/json.hpp>

namespace switchboard::notation {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* id_pattern = "^[a-z][a-z0-9-]*$";
constexpr const char* path_pattern = "^[a-z][a-z0-9-]*(/[a-z][a-z0-9-]*)*$";
constexpr const char* name_pattern = "^[A-Za-z_][A-Za-z0-9_]*$";
constexpr const char* language_pattern = "^[A-Za-z0-9-]{2,35}$";
constexpr const char* something_pattern = "\\S";

/// "a boundary event" -> "boundary-event".
std::string slug(std::string_view title) {
  for (const std::string_view article : {"a ", "an ", "the "})
    if (title.substr(0, article.size()) == article) {
      title.remove_prefix(article.size());
      break;
    }
  std::string out;
  for (const char c : title) out += c == ' ' ? '-' : c;
  return out;
}

class SchemaWriter {
 public:
  Json file(FileKind kind, const Shape& shape) {
    Json root{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", "Switchboard " + std::string(to_string(kind))},
              {"description", shape.doc}};
    Json body = object(shape.fields, nullptr);
    root.update(body);
    root["$defs"] = std::move(definitions_);
    return root;
  }

 private:
  static Json text() { return {{"type", {"string", "number"}}}; }

  static Json label() {
    return {
        {"anyOf",
         {text(), {{"type", "object"}, {"minProperties", 1}, {"propertyNames", {{"pattern", language_pattern}}}, {"additionalProperties", text()}}}}};
  }

  static Json key_names(Form form) {
    if (form == Form::id) return {{"pattern", id_pattern}, {"maxLength", 64}};
    if (form == Form::name) return {{"pattern", name_pattern}, {"maxLength", 64}};
    return Json::object();
  }

  // The grammar is finite: what is built of other shapes becomes a definition, so recursion ends there.
  Json of(const Shape& s) {
    switch (s.form) {
      case Form::anything: return Json::object();
      case Form::scalar: return {{"type", {"string", "number", "boolean", "null"}}};
      case Form::text: return text();
      case Form::label: return reference(s);
      case Form::id: return {{"type", "string"}, {"pattern", id_pattern}, {"maxLength", 64}};
      case Form::path: return {{"type", "string"}, {"pattern", path_pattern}};
      case Form::name: return {{"type", "string"}, {"pattern", name_pattern}, {"maxLength", 64}};
      case Form::expression: return {{"type", {"string", "number", "boolean", "null"}}, {"pattern", something_pattern}};
      case Form::duration: return {{"type", "string"}, {"pattern", something_pattern}};
      case Form::boolean: return {{"type", "boolean"}};
      case Form::integer: return {{"type", "integer"}, {"minimum", s.least}, {"maximum", s.most}};
      case Form::word: return {{"enum", s.words}};
      case Form::constant: return {{"const", 1}};
      case Form::list: return list(s);
      case Form::map:
      case Form::object:
      case Form::variants:
      case Form::either: return reference(s);
    }
    return Json::object();
  }

  Json definition(const Shape& s) {
    switch (s.form) {
      case Form::label: return label();
      case Form::map: return map(s);
      case Form::variants: return variants(s);
      case Form::either: return either(s);
      case Form::anything:
      case Form::scalar:
      case Form::text:
      case Form::id:
      case Form::path:
      case Form::name:
      case Form::expression:
      case Form::duration:
      case Form::boolean:
      case Form::integer:
      case Form::word:
      case Form::constant:
      case Form::list:
      case Form::object: break;
    }
    return object(s.fields, nullptr);
  }

  Json list(const Shape& s) {
    Json out{{"type", "array"}, {"items", of(*s.element)}};
    if (s.least_items > 0) out["minItems"] = s.least_items;
    return out;
  }

  Json map(const Shape& s) {
    Json out{{"type", "object"}};
    if (Json names = key_names(s.key_form); !names.empty()) out["propertyNames"] = std::move(names);
    out["additionalProperties"] = of(*s.element);
    return out;
  }

  Json either(const Shape& s) {
    Json options = Json::array();
    for (const Shape* o : s.options) options.push_back(of(*o));
    return {{"anyOf", std::move(options)}};
  }

  void properties(const std::vector<Field>& fields, Json& out, Json& required) {
    for (const Field& f : fields) {
      Json property = of(*f.shape);
      // A $ref may have sisters in 2020-12.
      property["description"] = f.doc;
      out[std::string(f.key)] = std::move(property);
      if (f.required) required.push_back(f.key);
    }
  }

  Json object(const std::vector<Field>& fields, const std::vector<Field>* common) {
    Json all = Json::object();
    Json required = Json::array();
    if (common != nullptr) properties(*common, all, required);
    properties(fields, all, required);
    Json out{{"type", "object"}, {"properties", std::move(all)}};
    if (!required.empty()) out["required"] = std::move(required);
    out["additionalProperties"] = false;
    return out;
  }

  Json variants(const Shape& s) {
    Json words = Json::array();
    Json branches = Json::array();
    for (const Variant& v : s.variants) {
      words.push_back(v.word);
      const std::string name(v.word);
      Json body = object(v.fields, &s.fields);
      body["properties"]["type"] = {{"const", v.word}, {"description", v.doc}};
      Json described{{"description", v.doc}};
      described.update(body);
      definitions_[name] = std::move(described);
      branches.push_back(
          {{"if", {{"properties", {{"type", {{"const", v.word}}}}}, {"required", {"type"}}}}, {"then", {{"$ref", "#/$defs/" + name}}}});
    }
    return {{"type", "object"},
            {"description", s.doc},
            {"properties", {{"type", {{"enum", std::move(words)}}}}},
            {"required", {"type"}},
            {"allOf", std::move(branches)}};
  }

  Json reference(const Shape& s) {
    const auto known = names_.find(&s);
    if (known != names_.end()) return {{"$ref", "#/$defs/" + known->second}};
    std::string name = s.form == Form::label ? "label" : slug(s.title);
    while (definitions_.contains(name)) name += "-2";
    names_[&s] = name;
    definitions_[name] = Json::object();  // holds the place
    Json made = definition(s);
    if (!s.doc.empty()) made["description"] = s.doc;
    definitions_[name] = std::move(made);
    return {{"$ref", "#/$defs/" + name}};
  }

  Json definitions_ = Json::object();
  std::map<const Shape*, std::string> names_;
};

}  // namespace

std::string json_schema(FileKind kind) {
  const Shape* shape = grammar().file(kind);
  if (shape == nullptr) return "";
  return SchemaWriter().file(kind, *shape).dump(2) + "\n";
}

}  // namespace switchboard::notation
