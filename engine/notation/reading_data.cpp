// Types, literals and data items.
#include <array>

#include "base/odd_signs.hpp"
#include "calendar/duration.hpp"
#include "feel/remedy.hpp"
#include "notation/reading.hpp"

namespace switchboard::notation {

namespace {

using feel::Type;

struct TypeWord {
  std::string_view word;
  Type::Kind kind;
};

constexpr std::array<TypeWord, 11> type_words{{{"string", Type::Kind::string},
                                               {"number", Type::Kind::number},
                                               {"boolean", Type::Kind::boolean},
                                               {"date", Type::Kind::date},
                                               {"time", Type::Kind::time},
                                               {"date-time", Type::Kind::date_time},
                                               {"duration", Type::Kind::days_time_duration},
                                               {"months-duration", Type::Kind::years_months_duration},
                                               {"list", Type::Kind::list},
                                               {"context", Type::Kind::context},
                                               {"any", Type::Kind::any}}};

/// Words of other languages that people write by habit.
constexpr std::array<std::pair<std::string_view, std::string_view>, 19> habits{{{"file", "document"},
                                                                                {"photo", "photograph"},
                                                                                {"image", "photograph"},
                                                                                {"text", "string"},
                                                                                {"str", "string"},
                                                                                {"int", "number"},
                                                                                {"integer", "number"},
                                                                                {"float", "number"},
                                                                                {"double", "number"},
                                                                                {"decimal", "number"},
                                                                                {"bool", "boolean"},
                                                                                {"datetime", "date-time"},
                                                                                {"timestamp", "date-time"},
                                                                                {"date and time", "date-time"},
                                                                                {"days and time duration", "duration"},
                                                                                {"years and months duration", "months-duration"},
                                                                                {"array", "list"},
                                                                                {"object", "context"},
                                                                                {"map", "context"}}};

std::optional<Type> parse_type(std::string_view text, int depth) {
  if (depth > 8) return std::nullopt;
  if (text.size() > 6 && text.substr(0, 5) == "list<" && text.back() == '>') {
    auto element = parse_type(text.substr(5, text.size() - 6), depth + 1);
    if (!element) return std::nullopt;
    return Type::list_of(std::move(*element));
  }
  if (text == "document") return model::document_type();
  if (text == "photograph") return model::photograph_type();
  for (const TypeWord& w : type_words)
    if (w.word == text) return w.kind == Type::Kind::list ? Type::list_of(Type()) : Type(w.kind);
  return std::nullopt;
}

std::string type_hint(std::string_view text) {
  for (const auto& [habit, word] : habits)
    if (habit == text) return "write `" + std::string(word) + "`";
  std::vector<std::string> names;
  for (const TypeWord& w : type_words) names.emplace_back(w.word);
  names.insert(names.end(), {"document", "photograph"});
  return suggestion(text, names, "");
}

/// A language duration that is exact time: days and time.
std::optional<DaysTimeDuration> exact_duration(std::string_view text) {
  if (auto iso = parse_days_time_duration(text)) return iso;
  const auto parsed = calendar::parse_duration(text);
  if (!parsed || parsed.value().months != 0 || parsed.value().working_days != 0 || parsed.value().working.us != 0) return std::nullopt;
  const std::int64_t us = (parsed.value().wall + Duration::days(parsed.value().days)).us;
  return DaysTimeDuration{us / 1'000'000, static_cast<std::int32_t>(us % 1'000'000 * 1000)};
}

std::optional<YearsMonthsDuration> months_duration(std::string_view text) {
  if (auto iso = parse_years_months_duration(text)) return iso;
  const auto parsed = calendar::parse_duration(text);
  if (!parsed) return std::nullopt;
  calendar::WorkingDuration rest = parsed.value();
  rest.months = 0;
  if (!rest.is_zero()) return std::nullopt;
  return YearsMonthsDuration{parsed.value().months};
}

template <class T>
std::optional<Value> wrap(const std::optional<T>& v) {
  if (!v) return std::nullopt;
  return Value(*v);
}

/// `2026-03-01T08:00` is what people write, and says all; FEEL itself wants seconds.
std::optional<DateTime> date_time_literal(const std::string& text) {
  constexpr std::size_t minutes_end = 16;
  if (auto whole = parse_date_time(text); whole || text.size() < minutes_end) return whole;
  return parse_date_time(text.substr(0, minutes_end) + ":00" + text.substr(minutes_end));
}

std::optional<Value> scalar_literal(const yaml::Node& node, Type::Kind kind) {
  if (kind == Type::Kind::boolean) return node.is(yaml::Kind::boolean) ? std::optional<Value>(node.boolean) : std::nullopt;
  if (kind == Type::Kind::number) return node.is(yaml::Kind::number) ? std::optional<Value>(node.number) : std::nullopt;
  if (!node.is(yaml::Kind::string)) return std::nullopt;
  switch (kind) {
    case Type::Kind::string: return Value(node.text);
    case Type::Kind::date: return wrap(parse_date(node.text));
    case Type::Kind::time: return wrap(parse_time(node.text));
    case Type::Kind::date_time: return wrap(date_time_literal(node.text));
    case Type::Kind::days_time_duration: return wrap(exact_duration(node.text));
    case Type::Kind::years_months_duration: return wrap(months_duration(node.text));
    case Type::Kind::any:
    case Type::Kind::null:
    case Type::Kind::boolean:
    case Type::Kind::number:
    case Type::Kind::list:
    case Type::Kind::context:
    case Type::Kind::range:
    case Type::Kind::function: break;
  }
  return std::nullopt;
}

std::string literal_hint(Type::Kind kind) {
  switch (kind) {
    case Type::Kind::string: return "quote a text that looks like a number or a boolean";
    case Type::Kind::boolean: return "write true or false";
    case Type::Kind::date: return "write 2026-03-12";
    case Type::Kind::time: return "write 08:30:00";
    case Type::Kind::date_time: return "write 2026-03-12T08:30:00";
    case Type::Kind::days_time_duration: return "write 45 min, 2 d or PT45M; working units are no FEEL duration";
    case Type::Kind::years_months_duration: return "write 6 mo or P6M";
    case Type::Kind::any:
    case Type::Kind::null:
    case Type::Kind::number:
    case Type::Kind::list:
    case Type::Kind::context:
    case Type::Kind::range:
    case Type::Kind::function: break;
  }
  return "";
}

std::string hint_for_literal(const yaml::Node& node, Type::Kind kind) {
  if (kind != Type::Kind::string && node.is_scalar())
    if (std::string odd = odd_remedy(node.text); !odd.empty()) return odd;
  if (kind == Type::Kind::date && node.is_scalar())
    if (std::string day = feel::no_such_day(node.text); !day.empty()) return day;
  return literal_hint(kind);
}

std::optional<Value> literal(const yaml::Node& node, const Type& type, const std::string& type_text, const std::string& element, Findings& findings) {
  if (node.is(yaml::Kind::null)) return Value();
  switch (type.kind()) {
    case Type::Kind::any: return natural_value(node);
    case Type::Kind::context:
      if (node.is(yaml::Kind::map)) return natural_value(node);
      break;
    case Type::Kind::list: {
      if (!node.is(yaml::Kind::list)) break;
      List items;
      for (const yaml::Node& item : node.items) {
        auto v = literal(item, type.element(), type_text, element, findings);
        if (!v) return std::nullopt;
        items.push_back(std::move(*v));
      }
      return Value(std::move(items));
    }
    case Type::Kind::null:
    case Type::Kind::boolean:
    case Type::Kind::number:
    case Type::Kind::string:
    case Type::Kind::date:
    case Type::Kind::time:
    case Type::Kind::date_time:
    case Type::Kind::days_time_duration:
    case Type::Kind::years_months_duration:
    case Type::Kind::range:
    case Type::Kind::function:
      if (auto v = scalar_literal(node, type.kind())) return v;
  }
  findings.error("SB0131", node.at, element,
                 "expected a literal of type " + type_text + ", found " + std::string(yaml::describe(node.kind)) +
                     (node.is_scalar() ? " (" + node.text.substr(0, 40) + ")" : ""),
                 hint_for_literal(node, type.kind()));
  return std::nullopt;
}

void read_bounds(const yaml::Node& node, model::DataItem& item, const std::string& element, Findings& findings) {
  for (const std::string_view key : {"min", "max"}) {
    const yaml::Node* bound = value_at(node, key);
    if (bound == nullptr || !bound->is_scalar()) continue;
    const yaml::Node* type_node = value_at(node, "type");
    if (type_node != nullptr && findings.is_said("SB0130", type_node->at)) continue;  // what the type is, is not known
    if (!model::has_order(item.type)) {
      findings.error("SB0132", bound->at, element, "`" + std::string(key) + "` has no meaning for type " + item.type_text,
                     "delete it; bounds are for numbers, dates, times, durations, and lengths of texts and lists");
      continue;
    }
    const Type type = model::type_of_bounds(item.type);
    auto value = literal_of(*bound, type, type.kind() == item.type.kind() ? item.type_text : "number (a length)", element, findings);
    (key == "min" ? item.min : item.max) = std::move(value);
  }
  if (item.min && item.max && item.min->number() != nullptr && item.max->number() != nullptr && *item.min->number() > *item.max->number())
    findings.error("SB0132", value_at(node, "min")->at, element, "`min` is greater than `max`", "exchange them");
}

bool among(const Value& v, const std::vector<Value>& all) {
  for (const Value& x : all)
    if (x == v) return true;
  return false;
}

void read_enumeration(const yaml::Node& node, model::DataItem& item, const std::string& element, Findings& findings) {
  const yaml::Node* list = value_at(node, "enum");
  if (list == nullptr || !list->is(yaml::Kind::list)) return;
  if (list->items.empty()) findings.error("SB0132", list->at, element, "`enum` lists no value", "list the values allowed, or delete it");
  for (const yaml::Node& v : list->items) {
    auto value = literal_of(v, item.type, item.type_text, element, findings);
    if (!value) continue;
    if (among(*value, item.enumeration))
      findings.error("SB0132", v.at, element, "the value " + to_feel(*value) + " stands twice in `enum`", "delete one");
    item.enumeration.push_back(std::move(*value));
  }
}

void read_item(const yaml::Node& node, model::DataItem& item, const std::string& element, Findings& findings) {
  if (node.is_scalar()) {
    item.type_text = node.text;
    item.type = type_of(node, element, findings);
    return;
  }
  if (const yaml::Node* type = value_at(node, "type"); type != nullptr && type->is(yaml::Kind::string)) {
    item.type_text = type->text;
    item.type = type_of(*type, element, findings);
  } else if (type == nullptr && value_at(node, "enum") != nullptr) {
    item.type_text = "string";
    item.type = Type(Type::Kind::string);
  } else {
    item.type_text = "any";
    if (type == nullptr)
      findings.error("SB0108", node.at, element, "a data item needs the key `type`", "or `enum`, which implies string; `any` takes everything");
  }
  item.required = flag_of(value_at(node, "required"), false);
  item.label = label_of(value_at(node, "name"));
  item.documentation = label_of(value_at(node, "documentation"));
  read_enumeration(node, item, element, findings);
  read_bounds(node, item, element, findings);
  item.set_by_process = value_at(node, "set-by") != nullptr;
  item.search = flag_of(value_at(node, "search"), false);
  const yaml::Node* given = value_at(node, "default");
  if (given == nullptr) return;
  item.computed = computed_default(*given);
  if (!item.computed.empty()) return;
  auto value = literal_of(*given, item.type, item.type_text, element, findings);
  if (value && !item.enumeration.empty() && !value->is_null() && !among(*value, item.enumeration))
    findings.error("SB0132", given->at, element, "the default " + to_feel(*value) + " is not one of `enum`", "choose one of the values");
  if (value && !value->is_null()) item.default_value = std::move(value);
}

}  // namespace

model::Expr computed_default(const yaml::Node& node) {
  if (!node.is(yaml::Kind::string) || node.text.empty() || node.text.front() != '=') return {};
  const auto first = node.text.find_first_not_of(" \t\r\n", 1);
  if (first == std::string::npos) return {"null", node.content_at};
  model::Position at = node.content_at;
  at.column += static_cast<std::uint32_t>(first);
  return {node.text.substr(first), at};
}

Value natural_value(const yaml::Node& node) {
  switch (node.kind) {
    case yaml::Kind::null: return {};
    case yaml::Kind::boolean: return node.boolean;
    case yaml::Kind::number: return node.number;
    case yaml::Kind::string: return node.text;
    case yaml::Kind::list: {
      List items;
      for (const yaml::Node& item : node.items) items.push_back(natural_value(item));
      return Value(std::move(items));
    }
    case yaml::Kind::map: {
      Context context;
      for (const yaml::Entry& e : node.entries) context.set(e.key, natural_value(e.value));
      return Value(std::move(context));
    }
  }
  return {};
}

feel::Type type_of(const yaml::Node& node, const std::string& element, Findings& findings) {
  if (auto type = parse_type(node.text, 0)) return *type;
  findings.error("SB0130", node.at, element, "unknown type `" + node.text.substr(0, 60) + "`", type_hint(node.text));
  return {};
}

std::optional<Value> literal_of(const yaml::Node& node, const feel::Type& type, const std::string& type_text, const std::string& element,
                                Findings& findings) {
  return literal(node, type, type_text, element, findings);
}

std::vector<model::DataItem> data_of(const yaml::Node* node, const std::string& container, Findings& findings) {
  std::vector<model::DataItem> out;
  if (node == nullptr) return out;
  for (const yaml::Entry& e : node->entries) {
    model::DataItem item;
    item.name = e.key;
    item.at = e.at;
    read_item(e.value, item, "data." + (container.empty() ? e.key : container + "/" + e.key), findings);
    out.push_back(std::move(item));
  }
  return out;
}

}  // namespace switchboard::notation
