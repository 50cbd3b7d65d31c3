// Checks and converts every value that is written to data: type, enumeration, bounds.
#include <fmt/format.h>

#include <algorithm>
#include <compare>
#include <optional>

#include "feel/remedy.hpp"
#include "model/executable.hpp"

namespace switchboard::model {
namespace {

using Kind = feel::Type::Kind;

Error refusal(const DataSpec& d, std::string what, std::string hint) {
  return {ErrorKind::invalid, "SB0501", fmt::format("data '{}': {}", d.name, std::move(what)), {}, std::move(hint)};
}

std::string shown(const Value& v) {
  constexpr std::size_t longest = 80;
  std::string text = to_feel(v);
  if (text.size() <= longest) return text;
  std::size_t cut = longest;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;  // never inside a UTF-8 sequence
  return text.substr(0, cut) + "...";
}

/// 2026-03-05T13:30 is 2026-03-05T13:30:00, as it is for every other instant that people write.
std::string with_seconds(const std::string& text) {
  constexpr std::size_t minutes_end = 16;
  const bool has_none = text.size() >= minutes_end && text[10] == 'T' && text[13] == ':' && (text.size() == minutes_end || text[minutes_end] != ':');
  return has_none ? text.substr(0, minutes_end) + ":00" + text.substr(minutes_end) : text;
}

/// JSON has no dates: a text in the form of the wanted type is that value.
std::optional<Value> parse_as(const std::string& text, Kind kind) {
  const auto wrap = [](const auto& parsed) { return parsed ? std::optional<Value>(*parsed) : std::nullopt; };
  switch (kind) {
    case Kind::date: return wrap(parse_date(text));
    case Kind::time: return wrap(parse_time(text));
    case Kind::date_time:
      if (const auto date = parse_date(text)) return Value(DateTime{*date, {}});
      return wrap(parse_date_time(with_seconds(text)));
    case Kind::days_time_duration: return wrap(parse_days_time_duration(text));
    case Kind::years_months_duration: return wrap(parse_years_months_duration(text));
    case Kind::any:
    case Kind::null:
    case Kind::boolean:
    case Kind::number:
    case Kind::string:
    case Kind::list:
    case Kind::context:
    case Kind::range:
    case Kind::function: break;
  }
  return std::nullopt;
}

/// A date and time that says nothing of a zone is one of `zone`: FEEL compares it with now() only when it has an offset.
Value with_offset(const Value& v, std::string_view zone) {
  const auto* local = v.date_time();
  if (local == nullptr || local->time.zone.kind != ZoneInfo::Kind::local || zone.empty()) return v;
  const auto at = to_instant(*local, zone);
  auto known = at ? to_date_time(*at, zone) : std::nullopt;
  return known ? Value(std::move(*known)) : v;
}

Value read_list(const List& all, const feel::Type& type, std::string_view zone) {
  List out;
  out.reserve(all.size());
  for (const Value& item : all) out.push_back(read_as(item, type.element(), zone));
  return out;
}

Value read_context(const Context& all, const feel::Type& type, std::string_view zone) {
  Context out;
  for (const Context::Entry& entry : all.entries()) {
    const std::string& name = entry.first;  // clang 14 captures no structured binding
    const Value& item = entry.second;
    const auto& fields = type.fields();
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.first == name; });
    out.set(name, field == fields.end() ? item : read_as(item, field->second, zone));
  }
  return out;
}

std::optional<std::partial_ordering> compare(const Value& a, const Value& b, std::string_view zone) {
  if (a.number() != nullptr && b.number() != nullptr) return *a.number() <=> *b.number();
  if (a.date() != nullptr && b.date() != nullptr) return *a.date() <=> *b.date();
  if (a.days_time_duration() != nullptr && b.days_time_duration() != nullptr) return *a.days_time_duration() <=> *b.days_time_duration();
  if (a.years_months_duration() != nullptr && b.years_months_duration() != nullptr) return *a.years_months_duration() <=> *b.years_months_duration();
  if (a.date_time() != nullptr && b.date_time() != nullptr) {
    const auto x = to_instant(*a.date_time(), zone);
    const auto y = to_instant(*b.date_time(), zone);
    if (x && y) return *x <=> *y;
  }
  if (a.time() != nullptr && b.time() != nullptr)
    return std::pair(seconds_of_day(*a.time()), a.time()->nanosecond) <=> std::pair(seconds_of_day(*b.time()), b.time()->nanosecond);
  return std::nullopt;
}

/// What a bound is compared with: the value itself, or the length of a string (in characters) or list.
Value measure(const Value& v) {
  if (const auto* s = v.string())
    return Value(
        static_cast<std::int64_t>(std::count_if(s->begin(), s->end(), [](char ch) { return (static_cast<unsigned char>(ch) & 0xC0U) != 0x80U; })));
  if (const auto* l = v.list()) return Value(static_cast<std::int64_t>(l->size()));
  return v;
}

std::optional<Error> outside_enumeration(const DataSpec& d, const Value& v) {
  if (d.enumeration.empty()) return std::nullopt;
  const auto listed = [&](const Value& one) {
    return one.is_null() || std::find(d.enumeration.begin(), d.enumeration.end(), one) != d.enumeration.end();
  };
  const auto* list = v.list();
  const bool fine = list != nullptr && d.type.kind() == Kind::list ? std::all_of(list->begin(), list->end(), listed) : listed(v);
  if (fine) return std::nullopt;
  std::vector<std::string> words;
  for (const Value& one : d.enumeration) words.push_back(to_display(one));
  const std::string near = v.string() == nullptr ? std::string{} : nearest_name(*v.string(), words);
  return refusal(d, fmt::format("{} is not one of {}", shown(v), fmt::join(words, ", ")),
                 near.empty() ? std::string{} : fmt::format("did you mean '{}'?", near));
}

std::optional<Error> outside_bounds(const DataSpec& d, const Value& v) {
  if (!d.min && !d.max) return std::nullopt;
  const Value measured = measure(v);
  const std::string_view zone = d.zone.empty() ? std::string_view("UTC") : std::string_view(d.zone);
  const std::string_view what = v.string() != nullptr || v.list() != nullptr ? "length " : "";
  const auto low = d.min ? compare(measured, *d.min, zone) : std::nullopt;
  const auto high = d.max ? compare(measured, *d.max, zone) : std::nullopt;
  if (low && *low < 0) return refusal(d, fmt::format("{}{} is less than {}", what, shown(measured), shown(*d.min)), {});
  if (high && *high > 0) return refusal(d, fmt::format("{}{} is more than {}", what, shown(measured), shown(*d.max)), {});
  if ((d.min && !low) || (d.max && !high)) return refusal(d, fmt::format("{} cannot be compared with its bounds", shown(v)), {});
  return std::nullopt;
}

/// How a text says a value of this kind; empty where none does.
std::string_view written_form(Kind kind) {
  switch (kind) {
    case Kind::date: return "as in \"2026-03-15\", a day that exists";
    case Kind::time: return "as in \"13:30:00\"";
    case Kind::date_time: return "as in \"2026-03-15T13:30:00+08:00\"";
    case Kind::days_time_duration: return "as in \"P3DT4H\": days, hours, minutes, seconds";
    case Kind::years_months_duration: return "as in \"P1Y6M\"";
    case Kind::any:
    case Kind::null:
    case Kind::boolean:
    case Kind::number:
    case Kind::string:
    case Kind::list:
    case Kind::context:
    case Kind::range:
    case Kind::function: break;
  }
  return {};
}

/// What to give for a value of this kind.
std::string_view example_of(Kind kind) {
  switch (kind) {
    case Kind::boolean: return "give true or false";
    case Kind::number: return "give a number, without quotation marks: 12.5";
    case Kind::string: return "give a text, in quotation marks";
    case Kind::list: return "give a list: [...]";
    case Kind::context: return "give an object: {...}";
    case Kind::date: return "give a text as in \"2026-03-15\"";
    case Kind::time: return "give a text as in \"13:30:00\"";
    case Kind::date_time: return "give a text as in \"2026-03-15T13:30:00+08:00\"";
    case Kind::days_time_duration: return "give a text as in \"P3DT4H\"";
    case Kind::years_months_duration: return "give a text as in \"P1Y6M\"";
    case Kind::any:
    case Kind::null:
    case Kind::range:
    case Kind::function: break;
  }
  return {};
}

struct Misfit {
  std::string what;
  std::string hint;
};

/// The innermost part of `v`, which has been read as `type`, that keeps it from being one.
Misfit misfit_of(const Value& v, const feel::Type& type) {
  if (const List* list = v.list(); list != nullptr && type.kind() == Kind::list) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (type.element().admits((*list)[i])) continue;
      Misfit inner = misfit_of((*list)[i], type.element());
      return {fmt::format("item {}: {}", i + 1, inner.what), std::move(inner.hint)};
    }
  }
  if (std::string problem = not_an_attachment(type, v); !problem.empty())
    return {fmt::format("{} is no {}: {}", shown(v), word_of(type), problem),
            "give name, hash, size and where, as {\"name\": \"meter.jpg\", \"hash\": \"sha256:...\", \"size\": 48211, \"where\": \"archive/17\"}"};
  if (const Context* context = v.context(); context != nullptr && type.kind() == Kind::context) {
    for (const auto& [name, field] : type.fields()) {
      const Value* entry = context->find(name);
      if (entry == nullptr) return {fmt::format("the entry '{}' is missing", name), "give it, null if nothing is known"};
      if (field.admits(*entry)) continue;
      Misfit inner = misfit_of(*entry, field);
      return {fmt::format("entry '{}': {}", name, inner.what), std::move(inner.hint)};
    }
  }
  const std::string_view form = written_form(type.kind());
  if (v.string() != nullptr && !form.empty()) {
    const std::string missing_day = feel::no_such_day(*v.string());
    return {fmt::format("{} is no {}", shown(v), type.to_string()), missing_day.empty() ? fmt::format("write it {}", form) : missing_day};
  }
  const bool quoted = v.string() != nullptr && ((type.kind() == Kind::number && Decimal::parse(*v.string())) ||
                                                (type.kind() == Kind::boolean && (*v.string() == "true" || *v.string() == "false")));
  return {fmt::format("{} is a {}, wanted is {}", shown(v), to_string(v.type()), type.to_string()),
          quoted ? "leave the quotation marks out" : std::string(example_of(type.kind()))};
}

/// The usual value: a scalar of the wanted type, and nothing more is asked of it.
bool fits_as_it_is(const DataSpec& d, const Value& v) {
  if (d.type.has_details() || !d.enumeration.empty() || d.min || d.max) return false;
  switch (v.type()) {
    case Value::Type::boolean: return d.type.kind() == Kind::boolean;
    case Value::Type::number: return d.type.kind() == Kind::number;
    case Value::Type::string: return d.type.kind() == Kind::string;
    case Value::Type::null:
    case Value::Type::date:
    case Value::Type::time:
    case Value::Type::date_time:
    case Value::Type::days_time_duration:
    case Value::Type::years_months_duration:
    case Value::Type::list:
    case Value::Type::context:
    case Value::Type::range:
    case Value::Type::function: break;
  }
  return false;
}

}  // namespace

Value read_as(const Value& v, const feel::Type& type, std::string_view zone) {
  switch (type.kind()) {
    case Kind::list: return v.list() == nullptr ? v : read_list(*v.list(), type, zone);
    case Kind::context: return v.context() == nullptr ? v : read_context(*v.context(), type, zone);
    case Kind::date_time: return with_offset(v.string() == nullptr ? v : parse_as(*v.string(), type.kind()).value_or(v), zone);
    case Kind::any:
    case Kind::null:
    case Kind::boolean:
    case Kind::number:
    case Kind::string:
    case Kind::date:
    case Kind::time:
    case Kind::days_time_duration:
    case Kind::years_months_duration:
    case Kind::range:
    case Kind::function: break;
  }
  return v.string() == nullptr ? v : parse_as(*v.string(), type.kind()).value_or(v);
}

Result<Value> admit(const DataSpec& d, const Value& v) {
  if (v.is_null()) {
    if (d.required) return refusal(d, "a value is required, null was given", {});
    return v;
  }
  if (fits_as_it_is(d, v)) return v;
  if (!is_storable(v)) return refusal(d, "a function or a value nested too deeply cannot be kept", {});
  Value fitted = read_as(v, d.type, d.zone);
  if (!d.type.admits(fitted)) {
    Value coerced = feel::coerce(fitted, d.type);
    if (coerced.is_null()) {
      Misfit misfit = misfit_of(fitted, d.type);
      return refusal(d, std::move(misfit.what), std::move(misfit.hint));
    }
    fitted = std::move(coerced);
  }
  if (auto error = outside_enumeration(d, fitted)) return *error;
  if (auto error = outside_bounds(d, fitted)) return *error;
  return fitted;
}

}  // namespace switchboard::model
