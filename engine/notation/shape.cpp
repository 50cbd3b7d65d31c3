#include "notation/shape.hpp"

#include <algorithm>
#include <utility>

#include "base/odd_signs.hpp"
#include "calendar/duration.hpp"
#include "feel/remedy.hpp"
#include "notation/foreign_words.hpp"

namespace switchboard::notation {

namespace {

constexpr std::size_t longest_id = 64;

std::string in_ticks(std::string_view text) { return "`" + std::string(text.substr(0, 80)) + "`"; }

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto w : words) out += (out.empty() ? "" : ", ") + std::string(w);
  return out;
}

std::string describe(const yaml::Node& node) {
  if (node.is_left_out()) return "nothing";
  if (node.is_scalar()) return std::string(yaml::describe(node.kind)) + " (" + node.text.substr(0, 40) + ")";
  return std::string(yaml::describe(node.kind));
}

/// A text, or a number as written.
bool is_text(const yaml::Node& node) { return node.is(yaml::Kind::string) || node.is(yaml::Kind::number); }

bool wrong(const yaml::Node& node, std::string_view expected, std::string& problem, std::string& hint, std::string_view remedy) {
  problem = "expected " + std::string(expected) + ", found " + describe(node);
  hint = remedy;
  if (hint.empty() && node.is(yaml::Kind::list) && node.items.size() == 1 && node.items[0].is_scalar() && !node.items[0].is_left_out())
    hint = "write `" + node.items[0].text.substr(0, 40) + "` without brackets";
  if (hint.empty() && node.is(yaml::Kind::map)) hint = "quote a text that begins with `{` or holds `: `";
  if (!node.is(yaml::Kind::string)) return false;
  if (node.text.size() > 1 && node.text[0] == '-' && node.text[1] != '-' && node.text[1] != ' ' && node.style == yaml::Style::plain)
    hint = "an item of a list needs a blank behind its dash: `- " + node.text.substr(1, 40) + "`";
  else if (const std::string wide = feel::wide_sign_in(node.text); !wide.empty() && node.style == yaml::Style::plain)
    hint = wide;
  return false;
}

/// As `wrong`, for what is written in ASCII alone: a character that only looks like it is the mistake.
bool wrong_word(const yaml::Node& node, std::string_view expected, std::string& problem, std::string& hint, std::string_view remedy) {
  static_cast<void>(wrong(node, expected, problem, hint, remedy));
  if (std::string odd = odd_remedy(node.is_scalar() ? std::string_view(node.text) : std::string_view()); !odd.empty()) hint = std::move(odd);
  return false;
}

bool text_form(const yaml::Node& node, std::string_view expected, std::string& problem, std::string& hint) {
  if (is_text(node)) return true;
  if (node.is_scalar() && !node.is_left_out()) return wrong(node, expected, problem, hint, "quote it: \"" + node.text + "\"");
  return wrong(node, expected, problem, hint, "");
}

bool expression_form(const yaml::Node& node, const Shape& shape, std::string& problem, std::string& hint) {
  if (node.is_left_out()) return wrong(node, "a FEEL expression", problem, hint, "write the expression, or delete the key");
  if (!node.is_scalar())
    return wrong(node, "a FEEL expression", problem, hint, "quote an expression that begins with `[` or `{`, or holds `: `: '...'");
  if (node.text.find_first_not_of(" \t\n") == std::string::npos)
    return wrong(node, "a FEEL expression", problem, hint,
                 shape.title == "a cell" ? "`-` stands for any value; an empty FEEL text is written '\"\"'" : "an empty FEEL text is written '\"\"'");
  return true;
}

bool integer_form(const yaml::Node& node, const Shape& shape, std::string& problem, std::string& hint) {
  const auto n = node.is(yaml::Kind::number) ? node.number.to_int64() : std::nullopt;
  if (n && *n >= shape.least && *n <= shape.most) return true;
  return wrong_word(node, "a whole number from " + std::to_string(shape.least) + " to " + std::to_string(shape.most), problem, hint, "");
}

bool word_form(const yaml::Node& node, const Shape& shape, std::string& problem, std::string& hint) {
  if (node.is_scalar() && std::find(shape.words.begin(), shape.words.end(), node.text) != shape.words.end()) return true;
  const std::vector<std::string> names(shape.words.begin(), shape.words.end());
  const std::string near = model::nearest_name(node.text, names);
  return wrong_word(node, "one of: " + joined(shape.words), problem, hint, near.empty() ? "" : "did you mean `" + near + "`?");
}

bool id_form(const yaml::Node& node, std::string& problem, std::string& hint) {
  if (!node.is(yaml::Kind::string)) return wrong(node, "an id", problem, hint, "ids are kebab-case: [a-z][a-z0-9-]*");
  if (is_id(node.text)) return true;
  return wrong_word(node, "an id", problem, hint, "ids are kebab-case: [a-z][a-z0-9-]*, at most 64 characters");
}

bool path_form(const yaml::Node& node, std::string& problem, std::string& hint) {
  if (node.is(yaml::Kind::string) && is_path(node.text)) return true;
  return wrong_word(node, "the id of a node", problem, hint, "ids are kebab-case: [a-z][a-z0-9-]*; inside a sub-process `sub/inner`");
}

bool name_form(const yaml::Node& node, std::string& problem, std::string& hint) {
  if (node.is(yaml::Kind::string) && is_name(node.text)) return true;
  return wrong_word(node, "a name", problem, hint, "names of data are [A-Za-z_][A-Za-z0-9_]*");
}

bool label_form(const yaml::Node& node, std::string& problem, std::string& hint) {
  if (!node.is(yaml::Kind::map)) return text_form(node, "a text, or a map of texts by language", problem, hint);
  if (node.entries.empty()) return wrong(node, "at least one language", problem, hint, "write {en: ..., zh: ...}");
  return true;
}

/// What a map of this shape is made of, as a remedy for one who wrote none.
std::string keys_of(const Shape& shape) {
  if (shape.form == Form::map) return "write a map: `NAME: ...` for each, indented below";
  if (shape.form == Form::variants) return "write a map: {type: userTask, next: ID}";
  std::string needed;
  std::string some;
  std::size_t count = 0;
  for (const Field& f : shape.fields) {
    if (f.required) needed += (needed.empty() ? "" : ", ") + std::string(f.key) + ": ...";
    if (count++ < 4) some += (some.empty() ? "" : ", ") + std::string(f.key);
  }
  return needed.empty() ? "write a map; its keys are " + some + (count > 4 ? ", ..." : "") : "write a map: {" + needed + "}";
}

/// The option of `either` for the YAML kind of `node`; nullptr when none is meant for it.
const Shape* option_for(const yaml::Node& node, const Shape& shape) {
  for (const Shape* option : shape.options) {
    const bool list = option->form == Form::list;
    const bool map = option->form == Form::map || option->form == Form::object;
    if (option->form == Form::anything || (node.is(yaml::Kind::list) && list) || (node.is(yaml::Kind::map) && map) ||
        (node.is_scalar() && !list && !map))
      return option;
  }
  return nullptr;
}

/// A number and a word: meant as a literal, never FEEL.
bool looks_like_literal(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size() && ((text[i] >= '0' && text[i] <= '9') || text[i] == '.')) ++i;
  if (i == 0) return false;
  while (i < text.size() && text[i] == ' ') ++i;
  const bool letter = i < text.size() && ((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z'));
  // A unit in another script; a sign such as `×` is no unit.
  const bool foreign = i < text.size() && static_cast<unsigned char>(text[i]) >= 0x80 && feel::wide_sign_in(text).empty();
  return (letter || foreign) && text.find_first_of("()+*/,[]\"") == std::string_view::npos;
}

std::string_view rule_of(Form form) {
  if (form == Form::constant) return "SB0106";
  if (form == Form::word) return "SB0111";
  if (form == Form::id || form == Form::path || form == Form::name) return "SB0110";
  return "SB0109";
}

class Checker {
 public:
  explicit Checker(Findings& findings) : findings_(findings) {}

  // Depth is bounded by limits::yaml_depth.
  void check(const yaml::Node& node, const Shape& shape, const std::string& element) {
    std::string problem;
    std::string hint;
    if (shape.form == Form::either) {
      const Shape* option = option_for(node, shape);
      if (option != nullptr) return check(node, *option, element);
      static_cast<void>(wrong(node, shape.title, problem, hint, ""));
      return findings_.error("SB0109", node.at, element, problem, hint);
    }
    if (!has_form(node, shape, problem, hint)) {
      if (rule_of(shape.form) == "SB0110" && node.is(yaml::Kind::string) && odd_sign_in(node.text))
        findings_.misspelt.push_back({node.at, without_odd_signs(node.text)});
      return findings_.error(rule_of(shape.form), node.at, element, problem, hint);
    }
    switch (shape.form) {
      case Form::label: return label(node, element);
      case Form::duration: return duration(node, element);
      case Form::list: return list(node, shape, element);
      case Form::map: return map(node, shape, element);
      case Form::object: return fields(node, {&shape.fields}, shape.title, element, {});
      case Form::variants: return variants(node, shape, element);
      case Form::anything:
      case Form::scalar:
      case Form::text:
      case Form::id:
      case Form::path:
      case Form::name:
      case Form::expression:
      case Form::boolean:
      case Form::integer:
      case Form::word:
      case Form::constant:
      case Form::either: return;
    }
  }

 private:
  void label(const yaml::Node& node, const std::string& element) {
    if (!node.is(yaml::Kind::map)) return;
    for (const yaml::Entry& e : node.entries) {
      const bool tag = e.key.size() >= 2 && e.key.size() <= 35 && std::all_of(e.key.begin(), e.key.end(), [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
                       });
      if (!tag) findings_.error("SB0110", e.at, element, in_ticks(e.key) + " is no language tag", "write en, zh, zh-Hant, ...");
      std::string problem;
      std::string hint;
      if (!text_form(e.value, "a text", problem, hint)) findings_.error("SB0109", e.value.at, element, problem, hint);
    }
  }

  void duration(const yaml::Node& node, const std::string& element) {
    if (!looks_like_literal(node.text)) return;
    const auto parsed = calendar::parse_duration(node.text);
    if (!parsed) findings_.error(parsed.error().id, node.content_at, element, parsed.error().message, parsed.error().hint);
  }

  void list(const yaml::Node& node, const Shape& shape, const std::string& element) {
    for (const yaml::Node& item : node.items) within(item.at, item, *shape.element, element);
  }

  /// Checks what stands under the key (or is the item) at `owner`.
  void within(model::Position owner, const yaml::Node& node, const Shape& shape, const std::string& element) {
    const model::Position outer = std::exchange(owner_, owner);
    check(node, shape, element);
    owner_ = outer;
  }

  void map(const yaml::Node& node, const Shape& shape, const std::string& element) {
    for (const yaml::Entry& e : node.entries) {
      std::string inner = element;
      if (shape.element_prefix == "/")
        inner = element.empty() ? e.key : element + "/" + e.key;
      else if (shape.element_prefix == "^")
        inner = sister(element, e.key);
      else if (!shape.element_prefix.empty())
        inner = std::string(shape.element_prefix) + e.key;
      if (shape.key_form == Form::id && !is_id(e.key))
        odd_key(e, inner, " is no id", "ids are kebab-case: [a-z][a-z0-9-]*, at most 64 characters", is_id);
      if (shape.key_form == Form::name && !is_name(e.key)) odd_key(e, inner, " is no name of data", "write [A-Za-z_][A-Za-z0-9_]*", is_name);
      within(e.at, e.value, *shape.element, inner);
    }
  }

  /// A key of a free map that is none. Where only odd signs are in the way it is read without them, so that what refers to it is found.
  void odd_key(const yaml::Entry& e, const std::string& element, std::string_view what, std::string_view rule, bool (*is_key)(std::string_view)) {
    const std::string odd = odd_remedy(e.key);
    findings_.error("SB0110", e.at, element, in_ticks(e.key) + std::string(what), odd.empty() ? std::string(rule) : odd);
    if (const std::string plain = without_odd_signs(e.key); !odd.empty() && is_key(plain)) findings_.misspelt.push_back({e.at, plain});
  }

  static const Field* find(const std::vector<const std::vector<Field>*>& groups, std::string_view key) {
    for (const auto* group : groups)
      for (const Field& f : *group)
        if (f.key == key) return &f;
    return nullptr;
  }

  void fields(const yaml::Node& node, const std::vector<const std::vector<Field>*>& groups, std::string_view title, const std::string& element,
              const std::vector<std::string>& reported) {
    const std::string other_word = only_missing(node, groups, reported);
    for (const yaml::Entry& e : node.entries) {
      if (std::find(reported.begin(), reported.end(), e.key) != reported.end()) continue;
      if (const Field* f = find(groups, e.key); f != nullptr)
        within(e.at, e.value, *f->shape, element);
      else
        unknown_key(node, e, groups, title, element, other_word);
    }
    if (!other_word.empty()) return;
    // Where every key is unknown, that is the mistake.
    const auto known = [&](const yaml::Entry& e) { return find(groups, e.key) != nullptr; };
    if (!node.entries.empty() && reported.empty() && std::none_of(node.entries.begin(), node.entries.end(), known)) return;
    for (const auto* group : groups)
      for (const Field& f : *group)
        if (f.required && node.find(f.key) == nullptr && !meant(node, f.key))
          findings_.error("SB0108", owner_.line != 0 && owner_.line < node.at.line ? owner_ : node.at, element,
                          std::string(title) + " needs the key `" + std::string(f.key) + "`",
                          "add `" + std::string(f.key) + ": ...`. " + std::string(f.doc));
  }

  /// The one required key that is missing, where one other key is unknown and like none that is known: most likely one mistake. Else empty.
  std::string only_missing(const yaml::Node& node, const std::vector<const std::vector<Field>*>& groups,
                           const std::vector<std::string>& reported) const {
    std::vector<std::string> names;
    std::vector<std::string> missing;
    for (const auto* group : groups)
      for (const Field& f : *group) names.emplace_back(f.key);
    std::vector<std::string> nearly;
    std::size_t unknown = 0;
    for (const yaml::Entry& e : node.entries) {
      if (find(groups, e.key) != nullptr || std::find(reported.begin(), reported.end(), e.key) != reported.end()) continue;
      const Meant key = meant_key(e.key, names);
      nearly.push_back(key.word);
      if (key.word.empty() && key.remedy.empty()) ++unknown;
    }
    for (const auto* group : groups)
      for (const Field& f : *group)
        if (f.required && node.find(f.key) == nullptr && std::find(nearly.begin(), nearly.end(), f.key) == nearly.end()) missing.emplace_back(f.key);
    return unknown == 1 && nearly.size() == 1 && missing.size() == 1 ? missing.front() : std::string();
  }

  void unknown_key(const yaml::Node& node, const yaml::Entry& e, const std::vector<const std::vector<Field>*>& groups, std::string_view title,
                   const std::string& element, const std::string& other_word) {
    if (findings_.is_said("SB0106", e.at)) return;  // the head of the file
    std::vector<std::string> names;
    for (const auto* group : groups)
      for (const Field& f : *group) names.emplace_back(f.key);
    const Meant key = meant_key(e.key, names);
    std::string hint = hint_of(key, {});
    if (hint.empty()) hint = suggestion(e.key, names, "delete it");
    // `type:` makes a node; a node among the keys of another one stands too deep.
    const bool is_unknown = key.word.empty() && key.remedy.empty();
    if (is_unknown && !other_word.empty()) hint = "is " + in_ticks(other_word) + " meant? it is missing here; " + hint;
    if (is_unknown && e.value.is_left_out()) hint = "nothing stands below it: is it, or what follows, indented otherwise than its sisters? " + hint;
    if (is_unknown && e.value.find("type") != nullptr) hint = "a node? indent it like its sister nodes, not deeper";
    findings_.error("SB0107", e.at, element, "unknown key " + in_ticks(e.key) + " in " + std::string(title), hint);
    if (key.word.empty() || node.find(key.word) != nullptr || meant(node, key.word)) return;
    findings_.misspelt.push_back({e.at, key.word});
    const Shape& shape = *find(groups, key.word)->shape;
    // Where more than the word must change, so must the value: it is not looked at, and a computed one counts as null.
    if (!key.is_other || key.remedy.empty())
      within(e.at, e.value, shape, element);
    else if (is_computed(shape))
      findings_.misspelt.push_back({e.value.at, "null"});
  }

  static bool is_computed(const Shape& shape) {
    if (shape.form == Form::either) return std::any_of(shape.options.begin(), shape.options.end(), [](const Shape* s) { return is_computed(*s); });
    return shape.form == Form::expression || shape.form == Form::duration;
  }

  /// Whether a misspelt key of this map stands for `key`.
  bool meant(const yaml::Node& node, std::string_view key) const {
    return std::any_of(findings_.misspelt.begin(), findings_.misspelt.end(), [&](const Findings::Misspelt& m) {
      return m.meant == key && std::any_of(node.entries.begin(), node.entries.end(), [&](const yaml::Entry& e) { return e.at == m.at; });
    });
  }

  void variants(const yaml::Node& node, const Shape& shape, const std::string& element) {
    const yaml::Entry* type = node.find("type");
    const Variant* variant = nullptr;
    const auto slip = std::find_if(node.entries.begin(), node.entries.end(),
                                   [](const yaml::Entry& e) { return meant_key(e.key, {"type"}).word == "type" && e.value.is_scalar(); });
    const auto as_key =
        std::find_if(node.entries.begin(), node.entries.end(), [&](const yaml::Entry& e) { return variant_of(e.key, shape) != nullptr; });
    std::vector<std::string> reported;
    if (type == nullptr && slip != node.entries.end()) {
      findings_.error("SB0107", slip->at, element, "unknown key " + in_ticks(slip->key) + " in " + std::string(shape.title),
                      hint_of(meant_key(slip->key, {"type"}), {}));
      findings_.misspelt.push_back({slip->at, "type"});
      reported.push_back(slip->key);
      type = &*slip;
    }
    if (type != nullptr) {
      variant = type->value.is_scalar() ? variant_of(type->value.text, shape) : nullptr;
      if (variant == nullptr && !unknown_type(type->value, shape, element, variant)) return;
    } else if (as_key != node.entries.end()) {
      findings_.error("SB0108", as_key->at, element, std::string(shape.title) + " needs the key `type`", "write `type: " + as_key->key + "`");
      reported.push_back(as_key->key);
      variant = variant_of(as_key->key, shape);
      findings_.misspelt.push_back({as_key->at, "type"});
      findings_.misspelt.push_back({as_key->value.at, as_key->key});
    } else {
      findings_.error("SB0108", node.at, element, std::string(shape.title) + " needs the key `type`", "for example `type: userTask`");
    }
    if (variant == nullptr) return known_by_any(node, shape, element);
    for (const yaml::Entry& e : node.entries)
      if (find({&shape.fields, &variant->fields}, e.key) == nullptr && misplaced(e, *variant, shape, element)) reported.push_back(e.key);
    const bool vowel = std::string_view("aei").find(variant->word.front()) != std::string_view::npos;
    fields(node, {&shape.fields, &variant->fields}, (vowel ? "an " : "a ") + std::string(variant->word), element, reported);
  }

  static const Variant* variant_of(std::string_view word, const Shape& shape) {
    const auto found = std::find_if(shape.variants.begin(), shape.variants.end(), [&](const Variant& v) { return v.word == word; });
    return found == shape.variants.end() ? nullptr : &*found;
  }

  /// Reports the type; `meant` is the one that stands for it. False when no node is meant, or one that is written otherwise: then nothing can be said
  /// of its keys.
  bool unknown_type(const yaml::Node& value, const Shape& shape, const std::string& element, const Variant*& meant) {
    std::vector<std::string> names;
    for (const Variant& v : shape.variants) names.emplace_back(v.word);
    const Meant type = meant_type(value.text, names);
    std::string hint = hint_of(type, {});
    if (hint.empty()) hint = suggestion(value.text, names, "use a type of BPMN: userTask, serviceTask, ...");
    findings_.error("SB0113", value.at, element, "unknown type " + in_ticks(value.text), hint);
    meant = variant_of(type.word, shape);
    if (meant != nullptr) findings_.misspelt.push_back({value.at, type.word});
    return meant != nullptr || type.remedy.empty();
  }

  /// Without a known type: only keys that no type has are reported.
  void known_by_any(const yaml::Node& node, const Shape& shape, const std::string& element) {
    std::vector<const std::vector<Field>*> groups{&shape.fields};
    for (const Variant& v : shape.variants) groups.push_back(&v.fields);
    for (const yaml::Entry& e : node.entries) {
      if (e.key == "type") continue;
      if (find(groups, e.key) == nullptr) unknown_key(node, e, groups, shape.title, element, {});
    }
  }

  bool misplaced(const yaml::Entry& e, const Variant& here, const Shape& shape, const std::string& element) {
    std::vector<std::string_view> owners;
    for (const Variant& v : shape.variants)
      if (find({&v.fields}, e.key) != nullptr) owners.push_back(v.word);
    if (owners.empty()) return false;
    const std::string remedy = owners.size() > 6 ? "delete it, or choose another type" : "it belongs to " + joined(owners);
    findings_.error("SB0112", e.at, element, "the key " + in_ticks(e.key) + " does not belong to " + std::string(here.word), remedy);
    return true;
  }

  Findings& findings_;
  model::Position owner_;  ///< the key or list item that holds the node; a block map itself begins a line later
};

}  // namespace

bool is_id(std::string_view text) {
  if (text.empty() || text.size() > longest_id || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

bool is_path(std::string_view text) {
  while (true) {
    const std::size_t slash = text.find('/');
    if (!is_id(text.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
}

std::string sister(const std::string& element, const std::string& id) {
  const std::size_t slash = element.rfind('/');
  return slash == std::string::npos ? id : element.substr(0, slash + 1) + id;
}

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (text.empty() || text.size() > longest_id || !letter(text[0])) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

bool has_form(const yaml::Node& node, const Shape& shape, std::string& problem, std::string& hint) {
  switch (shape.form) {
    case Form::anything:
    case Form::either: return true;
    case Form::scalar: return node.is_scalar() || wrong(node, shape.title, problem, hint, "");
    case Form::text: return text_form(node, shape.title.empty() ? "a text" : shape.title, problem, hint);
    case Form::label: return label_form(node, problem, hint);
    case Form::id: return id_form(node, problem, hint);
    case Form::path: return path_form(node, problem, hint);
    case Form::name: return name_form(node, problem, hint);
    case Form::expression: return expression_form(node, shape, problem, hint);
    case Form::duration:
      if (node.is(yaml::Kind::number))
        return wrong(node, "a duration", problem, hint, "a number is never a duration: write `" + node.text + " min`, `" + node.text + " bd`, ...");
      if (!node.is(yaml::Kind::string)) return wrong(node, "a duration", problem, hint, "for example `45 min`, `1 bd 4 bh`, or FEEL that yields one");
      return expression_form(node, shape, problem, hint);
    case Form::boolean: return node.is(yaml::Kind::boolean) || wrong_word(node, "true or false", problem, hint, "write true or false");
    case Form::integer: return integer_form(node, shape, problem, hint);
    case Form::word: return word_form(node, shape, problem, hint);
    case Form::constant:
      return (node.is(yaml::Kind::number) && node.number == Decimal(1)) ||
             wrong_word(node, "1", problem, hint, "this engine reads version 1 of the language");
    case Form::list:
      if (!node.is(yaml::Kind::list))
        return wrong(node, shape.title, problem, hint,
                     node.is_scalar() && !node.is(yaml::Kind::null) ? "write [" + node.text + "]" : "write [a, b], or delete the key");
      return node.items.size() >= shape.least_items || wrong(node, std::string(shape.title) + " that is not empty", problem, hint, "");
    case Form::map:
    case Form::object:
    case Form::variants: return node.is(yaml::Kind::map) || wrong(node, shape.title, problem, hint, keys_of(shape));
  }
  return true;
}

void check_shape(const yaml::Node& node, const Shape& shape, const std::string& element, Findings& findings) {
  Checker(findings).check(node, shape, element);
}

std::string suggestion(std::string_view wanted, const std::vector<std::string>& names, std::string_view otherwise) {
  if (const std::string near = model::nearest_name(wanted, names); !near.empty()) return "did you mean `" + near + "`?";
  if (names.empty() || names.size() > 40) return std::string(otherwise);
  std::string out = "known are: ";
  std::size_t shown = 0;
  for (const std::string& name : names) {
    if (shown == 12) return out + ", ...";
    out += (shown++ == 0 ? "" : ", ") + name;
  }
  return out;
}

}  // namespace switchboard::notation
