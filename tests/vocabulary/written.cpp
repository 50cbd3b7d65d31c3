// The three forms in which the records are written down.
#include <algorithm>
#include <cctype>
#include <sstream>
#include <stdexcept>

#include <fmt/core.h>

#include "described.hpp"

namespace vocabulary {

namespace {

std::string joined(const std::vector<std::string_view>& words, std::string_view last, std::string_view around) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += fmt::format("{}{}{}{}", i == 0 ? "" : i + 1 == words.size() ? last : ", ", around, words[i], around);
  return text;
}

std::string plain_type(const FieldText& f, std::string_view around) {
  switch (f.sort) {
    case Sort::text: return "text";
    case Sort::texts: return "list of texts";
    case Sort::word: return joined(f.words.words, " or ", around);
    case Sort::whole: return "whole number";
    case Sort::number: return "number";
    case Sort::truth: return "true or false";
    case Sort::instant: return "instant";
    case Sort::span: return "seconds";
    case Sort::object: return "object";
    case Sort::value: return "any value";
  }
  throw std::logic_error("a sort of field without a name");
}

std::string type_with(const FieldText& f, std::string_view around) {
  std::string text = plain_type(f, around);
  if (!f.look.unit.empty()) text += fmt::format(" ({})", f.look.unit);
  return text + (f.may_be_null || f.sort == Sort::object ? " or null" : "");
}

// ---- Python

std::string python_type(const FieldText& f) {
  std::string type;
  switch (f.sort) {
    case Sort::text: type = "str"; break;
    case Sort::texts: type = "list[str]"; break;
    case Sort::word: type = f.words.name; break;
    case Sort::whole: type = "int"; break;
    case Sort::number: type = "float"; break;
    case Sort::truth: type = "bool"; break;
    case Sort::instant: type = "dt.datetime"; break;
    case Sort::span: type = "dt.timedelta"; break;
    case Sort::object: type = "Json"; break;
    case Sort::value: type = "Any"; break;
  }
  return type + (f.may_be_null ? " | None" : "");
}

/// `unless_damaged`: the field is null when the row of the record is damaged.
std::string python_reading(const FieldText& f, bool unless_damaged) {
  const std::string item = fmt::format("j[\"{}\"]", f.json);
  const auto read_by = [&](std::string_view function) {
    return unless_damaged ? fmt::format("known({}, {})", function, item) : fmt::format("{}({})", function, item);
  };
  switch (f.sort) {
    case Sort::number: return read_by("float");
    case Sort::instant: return f.may_be_null ? fmt::format("instant_or_none({})", item) : read_by("instant");
    case Sort::span: return read_by("span");
    case Sort::object: return item + " or {}";
    default: return item;
  }
}

void write_python(std::string& out, const RecordText& r) {
  out += fmt::format("\n\n@dataclass(frozen=True)\nclass {}{}:\n    \"\"\"{}\"\"\"\n\n", r.name, r.base.empty() ? "" : fmt::format("({})", r.base),
                     r.meaning);
  for (const FieldText& f : r.fields) {
    if (f.inherited) continue;
    const std::string unit = f.look.unit.empty() ? "" : fmt::format(" ({})", f.look.unit);
    out += fmt::format("    {}: {}\n    \"\"\"{}{}.\"\"\"\n", f.name, python_type(f), capitalised(f.meaning), unit);
  }
  out += fmt::format("\n    @classmethod\n    def of(cls, j: Json) -> {}:\n        return cls(\n", r.name);
  const bool may_be_damaged = std::any_of(r.fields.begin(), r.fields.end(), [](const FieldText& f) { return f.name == "damaged" && f.look.known; });
  for (const FieldText& f : r.fields) out += fmt::format("            {}={},\n", f.name, python_reading(f, may_be_damaged && !f.look.known));
  out += "        )\n";
}

// ---- the document

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

void write_table(std::string& out, const RecordText& r, bool headings) {
  out += fmt::format("\n### {}\n{}\n\n", r.name, r.meaning);
  if (!r.base.empty()) out += fmt::format("All fields of {}, and:\n\n", r.base);
  out += headings ? "| field | type | meaning | 中文 |\n|---|---|---|---|\n" : "| field | type | meaning |\n|---|---|---|\n";
  for (const FieldText& f : r.fields) {
    if (f.inherited) continue;
    out += fmt::format("| `{}` | {} | {} |", f.json, cell(type_with(f, "`")), cell(std::string(f.meaning)));
    out += headings ? fmt::format(" {} |\n", f.look.zh) : "\n";
  }
}

// ---- the C header

void write_comment(std::string& out, const RecordText& r) {
  std::size_t names = 0;
  for (const FieldText& f : r.fields) names = std::max(names, f.inherited ? 0 : f.json.size());
  out += fmt::format(" *\n * {}: {}{}\n", r.name, r.meaning, r.base.empty() ? "" : fmt::format(" All fields of {}, and:", r.base));
  for (const FieldText& f : r.fields) {
    if (f.inherited) continue;
    const std::string begin = fmt::format(" *   {}{}  ", f.json, std::string(names - f.json.size(), ' '));
    const std::string next = " *   " + std::string(names + 2, ' ');
    std::string text = fmt::format("{}: {}", type_with(f, ""), f.meaning);
    std::erase(text, '`');
    out += folded(text, 150, begin, next);
  }
}

constexpr std::string_view header_begin = "/* ---- The fields of the answers";
constexpr std::string_view header_end = "/* ---- End of the fields";

}  // namespace

std::string type_text(const FieldText& field) { return type_with(field, ""); }

std::string capitalised(std::string_view text) {
  std::string all(text);
  if (!all.empty()) all.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(all.front())));
  return all;
}

std::string folded(const std::string& text, std::size_t width, const std::string& begin, const std::string& next) {
  std::string out;
  std::string line = begin;
  bool empty = true;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!empty && line.size() + 1 + word.size() > width) {
      out += line + "\n";
      line = next;
      empty = true;
    }
    line += (empty ? "" : " ") + word;
    empty = false;
  }
  return out + line + "\n";
}

std::string python_records() {
  std::string out =
      "\"\"\"What the engine answers, as plain records. Instants are aware datetimes, spans of time timedeltas.\n\n"
      "Written from engine/include/switchboard/records.hpp: change it there (HACKING.md says how).\n\"\"\"\n\n"
      "from __future__ import annotations\n\nimport datetime as dt\nfrom dataclasses import dataclass\nfrom typing import Any, Literal\n\n"
      "from ._json import instant, instant_or_none, known, span\n\nJson = dict[str, Any]\n\n";
  std::vector<std::string_view> enumerations;
  const auto all = answers();
  for (const RecordText& r : all) {
    for (const FieldText& f : r.fields) {
      if (f.sort != Sort::word || std::find(enumerations.begin(), enumerations.end(), f.words.name) != enumerations.end()) continue;
      enumerations.push_back(f.words.name);
      out += fmt::format("{} = Literal[{}]\n", f.words.name, joined(f.words.words, ", ", "\""));
    }
  }
  using Names = switchboard::WordsOf<switchboard::NameKind>;
  using Changes = switchboard::WordsOf<switchboard::ClockChange>;
  using Calendars = switchboard::WordsOf<switchboard::CalendarChange>;
  out += fmt::format("{} = Literal[{}]\n", Names::name, joined({Names::all.begin(), Names::all.end()}, ", ", "\""));
  out += fmt::format("{} = Literal[{}]\n", Calendars::name, joined({Calendars::all.begin(), Calendars::all.end()}, ", ", "\""));
  out += fmt::format("{} = Literal[{}]\n", Changes::name, joined({Changes::all.begin(), Changes::all.end()}, ", ", "\""));
  using Receipts = switchboard::WordsOf<switchboard::ReceiptKind>;
  out += fmt::format("{} = Literal[{}]\n", Receipts::name, joined({Receipts::all.begin(), Receipts::all.end()}, ", ", "\""));
  for (const RecordText& r : all) write_python(out, r);
  return out;
}

std::string document() {
  std::string out =
      "# Answers\n\nThe fields of everything that the engine answers, and of the options that it takes: the same names at every door. This page is "
      "written from\n"
      "`engine/include/switchboard/records.hpp`, like the comments of the C header and the records of Python (`HACKING.md` says how a field is "
      "added).\n\n"
      "The tables show the form of JSON: what `--json` of the command line prints, and what the C functions take and give. In C++ and Python the "
      "same fields are\n"
      "members of the record, with these differences:\n"
      "- a span of time is a `Duration` or a `timedelta`, and has no `_seconds` in its name: `left_seconds` is `left`;\n"
      "- an instant is an `Instant` or an aware `datetime`; in JSON it is an ISO 8601 text with the offset of a zone. It goes in with `Z` or an "
      "offset;\n"
      "- a word such as `active` is a value of an enumeration in C++ (`CaseState::active`) and the word itself in Python;\n"
      "- what may be null is empty in C++ (an `std::optional`, or an empty text) and `None` in Python; an object that is null is `{}` in Python;\n"
      "- where `case` is a reserved word, in C++ and in the SQL views, it is `case_no`.\n\n"
      "Ids of work and incidents are written `i-17.5`, which is safe in the path of a URL. The form of earlier versions, `i-17/5`, is read "
      "everywhere.\n\n"
      "## What is answered\n";
  for (const RecordText& r : answers()) write_table(out, r, true);
  out += "\n## What is asked with\n";
  for (const RecordText& r : questions()) write_table(out, r, false);
  return out;
}

std::string c_header(const std::string& header) {
  const std::size_t begin = header.find(header_begin);
  const std::size_t end = header.find(header_end);
  if (begin == std::string::npos || end == std::string::npos || end < begin)
    throw std::runtime_error("switchboard.h has lost the marks of its generated part");
  std::string made = fmt::format("{} ", header_begin);
  made += std::string(148 - made.size(), '-') +
          "\n *\n * Written from engine/include/switchboard/records.hpp. In the order in which they stand in JSON: name, type, meaning.\n";
  for (const RecordText& r : answers()) write_comment(made, r);
  for (const RecordText& r : questions()) write_comment(made, r);
  made += " */\n";
  return header.substr(0, begin) + made + header.substr(end);
}

}  // namespace vocabulary
