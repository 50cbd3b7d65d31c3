#include "feel/builtin.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "feel/names.hpp"
#include "feel/operators.hpp"
#include "feel/type_text.hpp"

namespace switchboard::feel {
namespace {

/// All built-ins with their indexes; made once, then only read.
struct Library {
  std::vector<Builtin> all;
  std::unordered_map<std::string_view, const Builtin*> by_name;
  std::unordered_map<std::string_view, std::vector<std::string_view>> by_word;
  std::vector<std::string> names;

  Library() {
    add_conversion_builtins(all);
    add_string_builtins(all);
    add_number_builtins(all);
    add_list_builtins(all);
    add_aggregate_builtins(all);
    add_temporal_builtins(all);
    add_range_builtins(all);
    add_format_builtins(all);
    add_calendar_builtins(all);
    add_context_builtins(all);
    for (const auto& b : all) {
      by_name.emplace(b.name, &b);
      by_word[word_at(b.name, 0)].push_back(b.name);
      names.emplace_back(b.name);
    }
  }
};

const Library& library() {
  static const Library instance;
  return instance;
}

/// The implicit conversions of an invocation (DMN 1.5, 10.3.2.9.4): singleton list <-> element, date -> date and time.
bool fit(const Value& v, TypeMask accepts, Value& out) {
  if ((bit(v.type()) & accepts) != 0) {
    out = v;
    return true;
  }
  if (v.is_null()) return false;
  const List* l = v.list();
  if (l != nullptr && l->size() == 1 && (bit(l->front().type()) & accepts) != 0) {
    out = l->front();
    return true;
  }
  if (l == nullptr && (accepts & mask::list) != 0) {
    out = Value(List{v});
    return true;
  }
  if (v.date() != nullptr && (accepts & mask::date_time) != 0) {
    out = Value(midnight(*v.date()));
    return true;
  }
  return false;
}

std::string mask_text(TypeMask mask) {
  if ((mask & mask::something) == mask::something) return "Any";
  std::string out;
  for (unsigned i = 1; i <= static_cast<unsigned>(Value::Type::function); ++i) {
    if ((mask >> i & 1u) == 0) continue;
    if (!out.empty()) out += " or ";
    out += to_string(static_cast<Value::Type>(i));
  }
  return out;
}

bool count_fits(const Overload& o, std::size_t count) {
  const auto required =
      static_cast<std::size_t>(std::count_if(o.parameters.begin(), o.parameters.end(), [](const Parameter& p) { return !p.optional; }));
  return count >= required && (o.variadic || count <= o.parameters.size());
}

/// Arguments in the order of the parameters; `given` says which were there at all.
struct Bound {
  std::vector<Value> values;
  std::vector<bool> given;
};

/// What keeps these arguments from this overload; empty when nothing does (then they are converted).
std::string bind(const Overload& o, Bound& bound) {
  for (std::size_t i = 0; i < o.parameters.size(); ++i) {
    const Parameter& p = o.parameters[i];
    if (!bound.given[i]) {
      if (p.optional) continue;
      return fmt::format("argument `{}` is missing", p.name);
    }
    Value converted;
    if (!fit(bound.values[i], p.accepts, converted)) {
      return fmt::format("argument `{}` is {}, not {}", p.name, to_string(bound.values[i].type()), mask_text(p.accepts & ~mask::null));
    }
    bound.values[i] = std::move(converted);
  }
  return {};
}

bool positional(Run& run, const Overload& o, std::span<const Value> arguments, Bound& bound) {
  if (!count_fits(o, arguments.size())) return false;
  std::uint64_t bytes = 0;
  for (const Value& argument : arguments)
    if (o.variadic && !run.grows(bytes, argument)) return false;
  const std::size_t n = o.parameters.size();
  bound.values.assign(n, Value());
  bound.given.assign(n, false);
  const std::size_t fixed = o.variadic ? n - 1 : n;
  for (std::size_t i = 0; i < std::min(fixed, arguments.size()); ++i) {
    bound.values[i] = arguments[i];
    bound.given[i] = true;
  }
  if (o.variadic) {
    bound.values[fixed] = Value(List(arguments.begin() + static_cast<std::ptrdiff_t>(fixed), arguments.end()));
    bound.given[fixed] = true;
  }
  return true;
}

bool by_name(const Overload& o, std::span<const std::string> names, std::span<const Value> arguments, Bound& bound) {
  if (o.variadic) return false;
  bound.values.assign(o.parameters.size(), Value());
  bound.given.assign(o.parameters.size(), false);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto p = std::find_if(o.parameters.begin(), o.parameters.end(), [&](const Parameter& q) { return q.name == names[i]; });
    if (p == o.parameters.end()) return false;
    const auto index = static_cast<std::size_t>(p - o.parameters.begin());
    if (bound.given[index]) return false;
    bound.values[index] = arguments[i];
    bound.given[index] = true;
  }
  return true;
}

/// Functions look through their arguments, so big ones cost more.
std::size_t cost_of(std::span<const Value> values) {
  std::size_t cost = 1;
  for (const auto& v : values) {
    if (v.string() != nullptr) cost += v.string()->size() / 64;
    if (v.list() != nullptr) cost += v.list()->size() / 4;
  }
  return cost;
}

template <class Fill>
Value call_first_fitting(Run& run, const Builtin& builtin, const Fill& fill) {
  std::string reason;
  Bound bound;
  for (const Overload& o : builtin.overloads) {
    if (!fill(o, bound)) {
      if (run.stopped()) return Value();
      continue;
    }
    std::string why = bind(o, bound);
    if (why.empty()) {
      if (!run.step(cost_of(bound.values))) return Value();
      return run.made(o.evaluate(run, bound.values));
    }
    if (reason.empty()) reason = std::move(why);
  }
  if (reason.empty()) reason = fmt::format("call it as {}", signature_text(builtin, builtin.overloads.front()));
  return run.fail("{}(): {}", builtin.name, reason);
}

}  // namespace

TypeMask mask_of(const Type& type) {
  switch (type.kind()) {
    case Type::Kind::any: return mask::anything;
    case Type::Kind::null: return mask::null;
    case Type::Kind::boolean:
    case Type::Kind::number:
    case Type::Kind::string:
    case Type::Kind::date:
    case Type::Kind::time:
    case Type::Kind::date_time:
    case Type::Kind::days_time_duration:
    case Type::Kind::years_months_duration:
    case Type::Kind::list:
    case Type::Kind::context:
    case Type::Kind::range:
    case Type::Kind::function: break;
  }
  return 1u << (static_cast<unsigned>(type.kind()) - 1);
}

const Builtin* find_builtin(std::string_view name) {
  const auto found = library().by_name.find(name);
  return found == library().by_name.end() ? nullptr : found->second;
}

std::span<const std::string_view> builtin_names_beginning(std::string_view word) {
  const auto found = library().by_word.find(word);
  if (found == library().by_word.end()) return {};
  return found->second;
}

const std::vector<std::string>& builtin_names() { return library().names; }

namespace {

constexpr std::size_t few = 4;

/// The common case without any allocation: one way to call it, few parameters, all of the right types.
bool call_directly(Run& run, const Overload& o, std::span<const Value> arguments, Value& out) {
  if (o.variadic || o.parameters.size() > few || !count_fits(o, arguments.size())) return false;
  std::array<Value, few> values;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!fit(arguments[i], o.parameters[i].accepts, values[i])) return false;
  }
  const std::span<const Value> bound(values.data(), o.parameters.size());
  out = run.step(cost_of(bound)) ? run.made(o.evaluate(run, bound)) : Value();
  return true;
}

}  // namespace

Value finite(Run& run, const std::optional<Decimal>& d, std::string_view function) {
  return d ? Value(*d) : run.fail("{}() has no finite result", function);
}

Value call_builtin(Run& run, const Builtin& builtin, std::span<const Value> arguments) {
  if (Value out; call_directly(run, builtin.overloads.front(), arguments, out)) return out;
  return call_first_fitting(run, builtin, [&](const Overload& o, Bound& bound) { return positional(run, o, arguments, bound); });
}

Value call_builtin(Run& run, const Builtin& builtin, std::span<const std::string> names, std::span<const Value> arguments) {
  return call_first_fitting(run, builtin, [&](const Overload& o, Bound& bound) { return by_name(o, names, arguments, bound); });
}

std::string signature_text(const Builtin& builtin, const Overload& overload) {
  std::string out(builtin.name);
  out += '(';
  for (const auto& p : overload.parameters) {
    if (out.back() != '(') out += ", ";
    out += fmt::format("{}{}: {}", p.name, p.optional ? "?" : "", mask_text(p.accepts & ~mask::null));
  }
  return out + (overload.variadic ? "...)" : ")");
}

BuiltinFunction::BuiltinFunction(const Builtin& builtin) : builtin_(builtin) {
  std::vector<Type> parameters;
  for (const auto& p : builtin.overloads.front().parameters) {
    Type type;
    for (unsigned k = 0; k <= static_cast<unsigned>(Type::Kind::function); ++k) {
      if (mask_of(Type(static_cast<Type::Kind>(k))) == (p.accepts & ~mask::null)) type = Type(static_cast<Type::Kind>(k));
    }
    if (!p.optional) parameters.push_back(type);
  }
  type_ = Type::function_of(std::move(parameters), builtin.overloads.front().result);
}

Value BuiltinFunction::call(Run& run, const Value&, std::span<const Value> arguments) const { return call_builtin(run, builtin_, arguments); }

Value BuiltinFunction::call(Run& run, const Value&, std::span<const std::string> names, std::span<const Value> arguments) const {
  return call_builtin(run, builtin_, names, arguments);
}

}  // namespace switchboard::feel
