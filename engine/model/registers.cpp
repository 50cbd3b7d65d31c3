#include "model/registers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/plain_text.hpp"

namespace switchboard::model {
namespace {

Error refused(const Register& of, std::string_view key, std::string what, std::string hint) {
  return {ErrorKind::invalid, "SB0581", fmt::format("register '{}', key '{}': {}", of.id, key, what), {}, std::move(hint)};
}

Error unknown_field(const Register& of, std::string_view key, std::string_view name) {
  const std::vector<std::string> known = of.field_names();
  const std::string near = nearest_name(name, known);
  return refused(of, key, fmt::format("there is no field '{}'", name),
                 near.empty() ? fmt::format("its fields: {}", fmt::join(known, ", ")) : fmt::format("did you mean '{}'?", near));
}

/// `data 'x': ...` of a door check, about a field.
Error misfit(const Register& of, std::string_view key, const Error& why) {
  std::string what = why.message;
  if (what.starts_with("data ")) what.replace(0, 5, "field ");
  return refused(of, key, std::move(what), why.hint);
}

struct Period {
  std::int64_t number = 0;  ///< of months since year 0, or the year
  std::string text;         ///< "2026-11", "2026"
};

Period period_of(const Counting& counting, Instant at) {
  const auto local = to_date_time(at, register_zone);
  const std::int64_t year = local ? local->date.year : 1970;
  const std::int64_t month = local ? static_cast<std::int64_t>(local->date.month) : 1;
  if (counting.per == Counting::Per::year) return {year, fmt::format("{:04}", year)};
  return {year * 12 + month - 1, fmt::format("{:04}-{:02}", year, month)};
}

std::optional<std::int64_t> number_of(const Counting& counting, const std::string& text) {
  const auto digits = [](std::string_view t) {
    std::int64_t n = 0;
    for (const char c : t) {
      if (c < '0' || c > '9') return std::int64_t{-1};
      n = n * 10 + (c - '0');
    }
    return t.empty() || t.size() > 6 ? std::int64_t{-1} : n;
  };
  if (counting.per == Counting::Per::year) {
    const std::int64_t year = digits(text);
    return year < 0 ? std::nullopt : std::optional(year);
  }
  const std::size_t dash = text.find('-');
  if (dash == std::string::npos) return std::nullopt;
  const std::int64_t year = digits(std::string_view(text).substr(0, dash));
  const std::int64_t month = digits(std::string_view(text).substr(dash + 1));
  return year < 0 || month < 1 || month > 12 ? std::nullopt : std::optional(year * 12 + month - 1);
}

/// The counts that still matter at `now`; those of later periods too, for a clock may have been set back.
Context counts_left(const Counting& counting, const Value& kept, const Period& now) {
  Context left;
  const Context* counts = kept.context();
  if (counts == nullptr) return left;
  for (const Context::Entry& entry : counts->entries()) {
    const auto number = number_of(counting, entry.first);
    if (number && *number > now.number - static_cast<std::int64_t>(counting.over) && entry.second.number() != nullptr)
      left.set(entry.first, entry.second);
  }
  return left;
}

/// A counter as it is kept, with `amount` more.
Result<Value> counted(const Register& of, std::string_view key, const Register::Field& field, const Value& kept, const Value& amount, Instant at) {
  const Decimal* number = amount.number();
  const auto whole = number == nullptr ? std::nullopt : number->to_int64();
  constexpr std::int64_t most = 1'000'000'000;
  if (!whole || *whole < -most || *whole > most)
    return refused(of, key, fmt::format("counter '{}': {} cannot be added", field.item.name, to_feel(amount)), "add a whole number");
  const Period now = period_of(*field.counting, at);
  Context counts = counts_left(*field.counting, kept, now);
  const Value* present = counts.find(now.text);
  const std::int64_t before = present == nullptr || present->number() == nullptr ? 0 : present->number()->to_int64().value_or(0);
  counts.set(now.text, Value(before + *whole));
  return Value(std::move(counts));
}

/// The counter as a number: what was counted in the present period and in those that count with it.
Value count_at(const Register::Field& field, const Value& kept, Instant at) {
  if (kept.number() != nullptr) return kept;  // another system counts by itself
  const Period now = period_of(*field.counting, at);
  std::int64_t sum = 0;
  const Context left = counts_left(*field.counting, kept, now);
  for (const Context::Entry& entry : left.entries())
    if (number_of(*field.counting, entry.first).value_or(0) <= now.number) sum += entry.second.number()->to_int64().value_or(0);
  return Value(sum);
}

Result<Value> admitted(const Register& of, std::string_view key, const Register::Field& field, const Value& value) {
  DataSpec spec = field.spec;
  spec.required = false;  // asked of the row as a whole
  auto fitted = admit(spec, value);
  if (!fitted) return misfit(of, key, fitted.error());
  return fitted;
}

}  // namespace

std::string_view to_string(Counting::Per per) noexcept { return per == Counting::Per::month ? "month" : "year"; }

const Register::Field* Register::find(std::string_view field) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.item.name == field; });
  return found == fields.end() ? nullptr : &*found;
}

std::vector<std::string> Register::field_names() const {
  std::vector<std::string> names;
  for (const Field& f : fields) names.push_back(f.item.name);
  return names;
}

DataSpec spec_of(const DataItem& item) {
  DataSpec spec{item.name, item.type, item.required, {}, item.enumeration, item.min, item.max, item.label, std::string(register_zone)};
  return spec;
}

feel::Type::Fields answer_of(const Register& of) {
  feel::Type::Fields all;
  for (const Register::Field& f : of.fields) all.emplace_back(f.item.name, f.counting ? feel::Type(feel::Type::Kind::number) : f.item.type);
  all.emplace_back(std::string(names::row_found), feel::Type(feel::Type::Kind::boolean));
  all.emplace_back(std::string(names::row_version), feel::Type(feel::Type::Kind::number));
  return all;
}

Result<void> check_key(const Register& of, std::string_view key) {
  if (key.empty()) return refused(of, key, "the key is empty", "give the key of the row");
  if (auto usable = check_text("the key", key, TextKind::name); !usable) return refused(of, "...", usable.error().message, usable.error().hint);
  return success();
}

Result<Value> row_after(const Register& of, std::string_view key, const Value& before, const Context& set, const Context& add, Instant at) {
  SB_TRYV(check_key(of, key));
  for (const Context* given : {&set, &add})
    for (const Context::Entry& entry : given->entries())
      if (of.find(entry.first) == nullptr) return unknown_field(of, key, entry.first);
  const Context* kept = before.context();
  Context row;
  for (const Register::Field& field : of.fields) {
    const std::string& name = field.item.name;
    const Value* was = kept == nullptr ? nullptr : kept->find(name);
    const Value* given = set.find(name);
    const Value* more = add.find(name);
    if (field.counting) {
      if (given != nullptr) return refused(of, key, fmt::format("counter '{}' is set", name), "a counter is added to: `add`");
      if (more != nullptr) {
        SB_TRY(auto counts, counted(of, key, field, was == nullptr ? Value() : *was, *more, at));
        row.set(name, std::move(counts));
      } else if (was != nullptr) {
        row.set(name, *was);
      }
      continue;
    }
    if (more != nullptr)
      return refused(of, key, fmt::format("field '{}' is added to and is no counter", name), "set it; or declare it as `type: counter`");
    if (name == of.key.name) {
      if (given != nullptr && *given != Value(std::string(key)))
        return refused(of, key, fmt::format("field '{}' is the key and is given as {}", name, to_feel(*given)), "leave it out: the key says it");
      row.set(name, Value(std::string(key)));
      continue;
    }
    Value now = given != nullptr ? *given : was != nullptr ? *was : Value();
    if (given != nullptr) {
      SB_TRY(now, admitted(of, key, field, now));
    }
    if (now.is_null() && field.spec.required)
      return refused(of, key, fmt::format("field '{}' is required and would be null", name),
                     "give it a value: with what is written, or in the row that is there");
    if (!now.is_null()) row.set(name, std::move(now));
  }
  // What a newer or older form of the register knows stays.
  if (kept != nullptr)
    for (const Context::Entry& entry : kept->entries())
      if (of.find(entry.first) == nullptr) row.set(entry.first, entry.second);
  return Value(std::move(row));
}

Result<Value> row_given(const Register& of, std::string_view key, const Value& before, const Context& fields, Instant at) {
  Context set, add;
  for (const Context::Entry& entry : fields.entries()) {
    const Register::Field* field = of.find(entry.first);
    if (field == nullptr || !field->counting) {
      set.set(entry.first, entry.second);
      continue;
    }
    const Value* kept = before.context() == nullptr ? nullptr : before.context()->find(entry.first);
    const Value stands = count_at(*field, kept == nullptr ? Value() : *kept, at);
    const auto now = stands.number() == nullptr ? std::nullopt : stands.number()->to_int64();
    const auto wanted = entry.second.number() == nullptr ? std::nullopt : entry.second.number()->to_int64();
    if (!now || !wanted)
      add.set(entry.first, entry.second);  // refused: no whole number
    else if (*now != *wanted)
      add.set(entry.first, Value(*wanted - *now));
  }
  return row_after(of, key, before, set, add, at);
}

Context fields_from_texts(const Register& of, const Context& fields) {
  using Kind = feel::Type::Kind;
  Context read;
  for (const Context::Entry& entry : fields.entries()) {
    const Register::Field* field = of.find(entry.first);
    const std::string* text = entry.second.string();
    Value value = entry.second;
    if (field != nullptr && text != nullptr && field->item.type.kind() != Kind::string && field->item.type.kind() != Kind::any) {
      const Kind kind = field->item.type.kind();
      if (text->empty()) value = Value();
      if (const auto number = kind == Kind::number ? Decimal::parse(*text) : std::nullopt) value = Value(*number);
      if (kind == Kind::boolean && (*text == "true" || *text == "false")) value = Value(*text == "true");
    }
    read.set(entry.first, std::move(value));
  }
  return read;
}

Result<Context> row_shown(const Register& of, std::string_view key, const Value& row, Instant at) {
  const Context* kept = row.context();
  if (!row.is_null() && kept == nullptr) return refused(of, key, fmt::format("the row is {}, wanted are names with values", to_feel(row)), {});
  Context shown;
  for (const Register::Field& field : of.fields) {
    const Value* value = kept == nullptr ? nullptr : kept->find(field.item.name);
    if (field.item.name == of.key.name && !row.is_null()) {
      shown.set(field.item.name, Value(std::string(key)));
    } else if (field.counting) {
      shown.set(field.item.name, row.is_null() ? Value(0) : count_at(field, value == nullptr ? Value() : *value, at));
    } else if (value == nullptr) {
      shown.set(field.item.name, Value());
    } else {
      SB_TRY(auto fitted, admitted(of, key, field, *value));
      shown.set(field.item.name, std::move(fitted));
    }
  }
  return shown;
}

Result<Value> row_answer(const Register& of, std::string_view key, const Value& row, bool found, std::uint64_t version, Instant at) {
  SB_TRY(auto shown, row_shown(of, key, row, at));
  shown.set(std::string(names::row_found), Value(found));
  shown.set(std::string(names::row_version), Value(static_cast<std::int64_t>(version)));
  return Value(std::move(shown));
}

}  // namespace switchboard::model
