// The descriptions of switchboard/records.hpp as plain lists, for those who write them down in another language.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "switchboard/records.hpp"

namespace vocabulary {

using switchboard::Described;
using switchboard::Look;
using switchboard::Worded;
using switchboard::WordsOf;

enum class Sort { text, texts, word, whole, number, truth, instant, span, object, value };

struct Enumeration {
  std::string_view name;
  std::vector<std::string_view> words;
};

struct FieldText {
  std::string_view name, meaning;
  std::string json;  ///< the name in JSON
  Sort sort = Sort::text;
  bool may_be_null = false;
  bool inherited = false;  ///< of the record that this one builds on
  Enumeration words;       ///< of a word
  Look look;
};

struct RecordText {
  std::string_view name, meaning, base;
  std::vector<FieldText> fields;
};

template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;

template <class T>
Sort sort_of(const Look& look) {
  using namespace switchboard;
  if constexpr (std::same_as<T, std::string>) return Sort::text;
  if constexpr (std::same_as<T, std::vector<std::string>>) return Sort::texts;
  if constexpr (std::same_as<T, bool>) return Sort::truth;
  if constexpr (std::same_as<T, Instant>) return Sort::instant;
  if constexpr (std::same_as<T, Duration>) return Sort::span;
  if constexpr (std::same_as<T, Value>) return look.object ? Sort::object : Sort::value;
  if constexpr (std::same_as<T, double>) return Sort::number;
  if constexpr (Worded<T>) return Sort::word;
  return Sort::whole;
}

template <class R>
struct Lister {
  RecordText& record;
  template <class T, class Owner>
  void operator()(std::string_view name, T Owner::*, std::string_view meaning, const Look& look = {}) {
    if constexpr (is_optional<T>) {
      add<typename T::value_type, Owner>(name, meaning, look);
      record.fields.back().may_be_null = true;
    } else {
      add<T, Owner>(name, meaning, look);
    }
  }
  template <class T, class Owner>
  void add(std::string_view name, std::string_view meaning, const Look& look) {
    FieldText f;
    f.name = name;
    f.meaning = meaning;
    f.json = std::string(name) + (std::same_as<T, switchboard::Duration> ? "_seconds" : "");
    f.sort = sort_of<T>(look);
    f.may_be_null = look.null_if_empty;
    f.look = look;
    if constexpr (Worded<T>) f.words = {WordsOf<T>::name, {WordsOf<T>::all.begin(), WordsOf<T>::all.end()}};
    if constexpr (!std::same_as<Owner, R>) {
      f.inherited = true;
      record.base = Described<Owner>::name;
    }
    record.fields.push_back(std::move(f));
  }
};

template <class R>
RecordText record_text() {
  RecordText text{Described<R>::name, Described<R>::meaning, {}, {}};
  Described<R>::visit(Lister<R>{text});
  return text;
}

struct Gather {
  std::vector<RecordText> all;
  template <class R>
  void operator()() {
    all.push_back(record_text<R>());
  }
};
inline std::vector<RecordText> answers() {
  Gather gather;
  switchboard::each_answer(gather);
  return gather.all;
}
inline std::vector<RecordText> questions() {
  Gather gather;
  switchboard::each_question(gather);
  return gather.all;
}

/// "text", "instant or null", "active, suspended, completed or cancelled".
std::string type_text(const FieldText& field);

// What is written from the descriptions.
std::string python_records();                     ///< bindings/python/src/switchboard/_records.py
std::string document();                           ///< docs/answers.md
std::string c_header(const std::string& header);  ///< switchboard.h with its generated part made anew
std::string capitalised(std::string_view text);   ///< "Id of the work"
std::string folded(const std::string& text, std::size_t width, const std::string& begin, const std::string& next);

}  // namespace vocabulary
