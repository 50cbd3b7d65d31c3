#include "notation/grammar.hpp"

#include <array>
#include <utility>

namespace switchboard::notation {

namespace {

constexpr std::array<std::pair<FileKind, std::string_view>, 10> kinds{{{FileKind::process, "process"},
                                                                       {FileKind::calendar, "calendar"},
                                                                       {FileKind::decision, "decision"},
                                                                       {FileKind::overlay, "overlay"},
                                                                       {FileKind::test, "test"},
                                                                       {FileKind::scenario, "scenario"},
                                                                       {FileKind::collaboration, "collaboration"},
                                                                       {FileKind::contract, "contract"},
                                                                       {FileKind::organisations, "organisations"},
                                                                       {FileKind::registers, "register"}}};

}  // namespace

std::string_view to_string(FileKind k) noexcept {
  for (const auto& [kind, word] : kinds)
    if (kind == k) return word;
  return "unknown";
}

std::optional<FileKind> file_kind(std::string_view word) noexcept {
  for (const auto& [kind, text] : kinds)
    if (text == word) return kind;
  return std::nullopt;
}

const Grammar& grammar() {
  static const Grammar made;
  return made;
}

Grammar::Grammar() {
  scalars();
  events();
  flows();
  clocks();
  data();
  nodes();
  process();
  calendar();
  decision();
  overlay();
  test();
  collaboration();
  contract();
  organisations();
  registers();
}

const Shape* Grammar::file(FileKind kind) const {
  switch (kind) {
    case FileKind::process: return process_;
    case FileKind::calendar: return calendar_;
    case FileKind::decision: return decision_;
    case FileKind::overlay: return overlay_;
    case FileKind::test: return test_;
    case FileKind::collaboration: return collaboration_;
    case FileKind::contract: return contract_;
    case FileKind::registers: return register_;
    case FileKind::scenario: return nullptr;
    case FileKind::organisations: return organisations_;
  }
  return nullptr;
}

Shape& Grammar::make(Form form, std::string_view title, std::string_view doc) {
  Shape& s = all_.emplace_back();
  s.form = form;
  s.title = title;
  s.doc = doc;
  return s;
}

const Shape* Grammar::list_of(const Shape* element, std::string_view title) {
  Shape& s = make(Form::list, title, "");
  s.element = element;
  return &s;
}

const Shape* Grammar::map_of(const Shape* element, std::string_view title, std::string_view prefix, Form key_form) {
  Shape& s = make(Form::map, title, "");
  s.element = element;
  s.element_prefix = prefix;
  s.key_form = key_form;
  return &s;
}

const Shape* Grammar::either(std::string_view title, std::vector<const Shape*> options) {
  Shape& s = make(Form::either, title, "");
  s.options = std::move(options);
  return &s;
}

const Shape* Grammar::words(std::string_view title, std::vector<std::string_view> allowed) {
  Shape& s = make(Form::word, title, "");
  s.words = std::move(allowed);
  return &s;
}

const Shape* Grammar::whole(std::string_view title, std::int64_t least, std::int64_t most) {
  Shape& s = make(Form::integer, title, "");
  s.least = least;
  s.most = most;
  return &s;
}

void Grammar::scalars() {
  any_ = &make(Form::anything, "a value", "");
  one_ = &make(Form::constant, "1", "Version of the language.");
  text_ = &make(Form::text, "a text", "");
  label_ = &make(Form::label, "a text", "A text, or a map of texts by language.");
  id_ = &make(Form::id, "an id", "");
  name_ = &make(Form::name, "a name", "");
  expression_ = &make(Form::expression, "a FEEL expression", "FEEL; a literal text needs FEEL's own quotes.");
  duration_ = &make(Form::duration, "a duration", "45 min, 1 bd 4 bh, PT45M, or FEEL that yields a duration.");
  boolean_ = &make(Form::boolean, "true or false", "");
  id_or_ids_ = either("an id or a list of ids", {id_, list_of(id_, "a list of ids")});
  path_ = &make(Form::path, "the id of a node", "An id; inside a sub-process `sub/inner`.");
  path_or_paths_ = either("an id or a list of ids", {path_, list_of(path_, "a list of ids")});
  texts_ = list_of(text_, "a list of texts");
  mapping_ = map_of(expression_, "a map of names to FEEL", "", Form::name);
  payload_ = map_of(text_, "a map of fields to types", "", Form::name);
  unverified_ = &make(Form::scalar, "true or a text", "");
}

}  // namespace switchboard::notation
