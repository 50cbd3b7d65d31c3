// The published JSON Schemas are what the loader's table says, and both agree on every file at hand.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <regex>

#include "notation/json_schema.hpp"
#include "notation/load.hpp"
#include "notation/shape.hpp"

using namespace switchboard;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

/// The part of JSON Schema 2020-12 that json_schema() uses; written from the standard, not from the loader.
class Validator {
 public:
  explicit Validator(const Json& root) : root_(root) {}

  bool valid(const Json& v, const Json& s) {
    for (const auto& [keyword, argument] : s.items())
      if (!holds(keyword, argument, v, s)) return false;
    return true;
  }

 private:
  static bool has_type(const Json& v, const std::string& type) {
    if (type == "string") return v.is_string();
    if (type == "number") return v.is_number();
    if (type == "integer") return v.is_number_integer();
    if (type == "boolean") return v.is_boolean();
    if (type == "null") return v.is_null();
    if (type == "array") return v.is_array();
    if (type == "object") return v.is_object();
    FAIL("unknown type " << type);
    return false;
  }

  bool holds(const std::string& keyword, const Json& a, const Json& v, const Json& s) {
    if (keyword == "$schema" || keyword == "title" || keyword == "description" || keyword == "$defs" || keyword == "then") return true;
    if (keyword == "$ref") return valid(v, root_.at(Json::json_pointer(a.get<std::string>().substr(1))));
    if (keyword == "type") {
      if (a.is_string()) return has_type(v, a);
      return std::any_of(a.begin(), a.end(), [&](const Json& t) { return has_type(v, t); });
    }
    if (keyword == "enum") return std::find(a.begin(), a.end(), v) != a.end();
    if (keyword == "const") return v == a;
    if (keyword == "pattern") return !v.is_string() || std::regex_search(v.get<std::string>(), std::regex(a.get<std::string>()));
    if (keyword == "maxLength") return !v.is_string() || v.get<std::string>().size() <= a.get<std::size_t>();
    if (keyword == "minimum") return !v.is_number() || v.get<double>() >= a.get<double>();
    if (keyword == "maximum") return !v.is_number() || v.get<double>() <= a.get<double>();
    if (keyword == "items") return !v.is_array() || std::all_of(v.begin(), v.end(), [&](const Json& item) { return valid(item, a); });
    if (keyword == "minItems") return !v.is_array() || v.size() >= a.get<std::size_t>();
    if (keyword == "minProperties") return !v.is_object() || v.size() >= a.get<std::size_t>();
    if (keyword == "required")
      return !v.is_object() || std::all_of(a.begin(), a.end(), [&](const Json& key) { return v.contains(key.get<std::string>()); });
    if (keyword == "anyOf") return std::any_of(a.begin(), a.end(), [&](const Json& option) { return valid(v, option); });
    if (keyword == "allOf") return std::all_of(a.begin(), a.end(), [&](const Json& part) { return valid(v, part); });
    if (keyword == "if") return !valid(v, a) || valid(v, s.at("then"));
    if (keyword == "properties" || keyword == "additionalProperties" || keyword == "propertyNames")
      return !v.is_object() || properties(keyword, a, v, s);
    FAIL("unknown keyword " << keyword);
    return false;
  }

  bool properties(const std::string& keyword, const Json& a, const Json& v, const Json& s) {
    const Json none = Json::object();
    const Json& known = s.contains("properties") ? s.at("properties") : none;
    for (const auto& [key, value] : v.items()) {
      if (keyword == "propertyNames" && !valid(key, a)) return false;
      if (keyword == "properties" && a.contains(key) && !valid(value, a.at(key))) return false;
      if (keyword != "additionalProperties" || known.contains(key)) continue;
      if (a.is_boolean() ? !a.get<bool>() : !valid(value, a)) return false;
    }
    return true;
  }

  const Json& root_;
};

constexpr notation::FileKind kinds[] = {notation::FileKind::process,  notation::FileKind::calendar,      notation::FileKind::decision,
                                        notation::FileKind::overlay,  notation::FileKind::test,          notation::FileKind::collaboration,
                                        notation::FileKind::contract, notation::FileKind::organisations, notation::FileKind::registers};

fs::path schema_path(notation::FileKind kind) { return fs::path(SWITCHBOARD_SOURCE_DIR) / "docs" / (std::string(to_string(kind)) + ".schema.json"); }

}  // namespace

TEST_CASE("docs/*.schema.json are up to date (SWITCHBOARD_REWRITE=1 writes them anew)") {
  for (const auto kind : kinds) {
    const std::string made = notation::json_schema(kind);
    if (std::getenv("SWITCHBOARD_REWRITE") != nullptr) std::ofstream(schema_path(kind), std::ios::binary) << made;
    const auto published = notation::read_file(schema_path(kind));
    CAPTURE(schema_path(kind).string());
    REQUIRE(published);
    const bool same = published.value() == made;
    CHECK(same);
    CHECK(Json::accept(made));
  }
}

TEST_CASE("loader and schema agree on the form of every file") {
  std::size_t right = 0;
  std::size_t wrong = 0;
  for (const char* folder : {"tests/notation/broken", "tests/notation/sound", "processes"}) {
    const fs::path root = fs::path(SWITCHBOARD_SOURCE_DIR) / folder;
    if (!fs::is_directory(root)) {
      std::cout << "SKIPPED: no folder " << folder << "\n";
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".yaml") continue;
      const std::string text = notation::read_file(entry.path()).value();
      const auto document = notation::yaml::read(text, "f");
      const auto kind = notation::kind_of(text);
      if (!document.root || !document.diagnostics.empty() || !kind || notation::grammar().file(*kind) == nullptr) continue;
      notation::Findings findings("f");
      notation::check_shape(*document.root, *notation::grammar().file(*kind), "", findings);
      bool shaped = true;
      std::string all;
      for (const auto& d : findings.take()) {
        all += d.text() + "\n";
        if (d.rule.rfind("SB03", 0) != 0) shaped = false;  // durations are no matter of form
      }
      const Json schema = Json::parse(notation::json_schema(*kind));
      const bool valid = Validator(schema).valid(Json::parse(notation::yaml::answer(text)), schema);
      // `key:` with nothing behind it is null in JSON; there the loader sees more.
      const bool left_out = all.find("found nothing") != std::string::npos;
      CAPTURE(entry.path().string());
      CAPTURE(all);
      if (!left_out) CHECK(valid == shaped);
      ++(shaped ? right : wrong);
    }
  }
  std::cout << "schema and loader agree: " << right << " of right form, " << wrong << " of wrong form\n";
  CHECK(wrong >= 30);
}
