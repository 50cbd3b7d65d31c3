// The tagged encoding: {"t": type, "v": content}. Loses nothing, functions excepted (docs/feel.md, Tagged encoding).
#include <fmt/format.h>

#include "base/limits.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard {
namespace {

Error bad(std::string message) {
  return Error{ErrorKind::invalid, "SB0253", "tagged value: " + std::move(message), "",
               "write {\"t\": type, \"v\": content}; docs/feel.md lists the types"};
}

Result<Value> read(const Value& tagged, std::size_t depth);

Result<Value> read_duration(const std::string& text) {
  if (const auto d = parse_days_time_duration(text)) return Value(*d);
  if (const auto d = parse_years_months_duration(text)) return Value(*d);
  return bad("not a duration: " + text);
}

template <class T>
Result<Value> parsed(const std::optional<T>& v, std::string_view type, const std::string& text) {
  if (!v) return bad(fmt::format("not a {}: {}", type, text));
  return Value(*v);
}

Result<Value> read_text(const std::string& type, const std::string& text) {
  if (type == "string") return Value(text);
  if (type == "number") return parsed(Decimal::parse(text), type, text);
  if (type == "date") return parsed(parse_date(text), type, text);
  if (type == "time") return parsed(parse_time(text), type, text);
  if (type == "dateTime") return parsed(parse_date_time(text), type, text);
  if (type == "duration") return read_duration(text);
  return bad("unknown type " + json_quote(type));
}

Result<Range::End> read_end(const Context& c, std::string_view name) {
  const Value* v = c.find(name);
  const std::string* s = v != nullptr ? v->string() : nullptr;
  if (s != nullptr && *s == "closed") return Range::End::closed;
  if (s != nullptr && *s == "open") return Range::End::open;
  return bad(fmt::format("a range needs \"{}\": \"open\" or \"closed\"", name));
}

Result<Value> read_range(const Context& c, std::size_t depth) {
  Range r;
  const Value* low = c.find("low");
  const Value* high = c.find("high");
  if (low == nullptr || high == nullptr) return bad("a range needs \"low\" and \"high\"");
  SB_TRY(r.low, read(*low, depth + 1));
  SB_TRY(r.high, read(*high, depth + 1));
  SB_TRY(r.low_end, read_end(c, "lowEnd"));
  SB_TRY(r.high_end, read_end(c, "highEnd"));
  const Value* unary = c.find("unary");
  r.unary = unary != nullptr && unary->boolean() != nullptr && *unary->boolean();
  return Value(std::move(r));
}

Result<Value> read_list(const List& l, std::size_t depth) {
  List out;
  out.reserve(l.size());
  for (const auto& item : l) {
    SB_TRY(auto v, read(item, depth + 1));
    out.push_back(std::move(v));
  }
  return Value(std::move(out));
}

Result<Value> read_context(const Context& c, std::size_t depth) {
  Context out;
  for (const auto& [name, item] : c.entries()) {
    SB_TRY(auto v, read(item, depth + 1));
    out.append_new(name, std::move(v));
  }
  return Value(std::move(out));
}

Result<Value> read(const Value& tagged, std::size_t depth) {
  if (depth > limits::value_depth) return bad("nested too deeply");
  const Context* c = tagged.context();
  const Value* tag = c != nullptr ? c->find("t") : nullptr;
  const std::string* type = tag != nullptr ? tag->string() : nullptr;
  if (type == nullptr) return bad("an object with \"t\" is wanted");
  if (*type == "null") return Value();
  const Value* v = c->find("v");
  if (v == nullptr) return bad("\"v\" is missing");
  if (*type == "boolean" && v->boolean() != nullptr) return Value(*v->boolean());
  if (*type == "list" && v->list() != nullptr) return read_list(*v->list(), depth);
  if (*type == "context" && v->context() != nullptr) return read_context(*v->context(), depth);
  if (*type == "range" && v->context() != nullptr) return read_range(*v->context(), depth);
  if (*type == "number" && v->number() != nullptr) return *v;
  if (v->string() == nullptr) return bad(fmt::format("\"v\" of type {} is of the wrong kind", json_quote(*type)));
  return read_text(*type, *v->string());
}

void write(std::string& out, const Value& v);

void write_scalar(std::string& out, std::string_view type, std::string_view text) {
  out += fmt::format(R"({{"t":"{}","v":{}}})", type, json_quote(text));
}

void write_list(std::string& out, const List& l) {
  out += R"({"t":"list","v":[)";
  for (std::size_t i = 0; i < l.size(); ++i) {
    if (i != 0) out += ',';
    write(out, l[i]);
  }
  out += "]}";
}

void write_context(std::string& out, const Context& c) {
  out += R"({"t":"context","v":{)";
  bool first = true;
  for (const auto& [name, value] : c.entries()) {
    if (!first) out += ',';
    first = false;
    out += json_quote(name);
    out += ':';
    write(out, value);
  }
  out += "}}";
}

void write_range(std::string& out, const Range& r) {
  const auto end = [](Range::End e) { return e == Range::End::closed ? "closed" : "open"; };
  out += R"({"t":"range","v":{"low":)";
  write(out, r.low);
  out += R"(,"high":)";
  write(out, r.high);
  out += fmt::format(R"(,"lowEnd":"{}","highEnd":"{}")", end(r.low_end), end(r.high_end));
  if (r.unary) out += R"(,"unary":true)";
  out += "}}";
}

void write(std::string& out, const Value& v) {
  switch (v.type()) {
    case Value::Type::null: out += R"({"t":"null"})"; return;
    case Value::Type::boolean: out += *v.boolean() ? R"({"t":"boolean","v":true})" : R"({"t":"boolean","v":false})"; return;
    case Value::Type::number: return write_scalar(out, "number", v.number()->to_string());
    case Value::Type::string: return write_scalar(out, "string", *v.string());
    case Value::Type::date: return write_scalar(out, "date", to_string(*v.date()));
    case Value::Type::time: return write_scalar(out, "time", to_string(*v.time()));
    case Value::Type::date_time: return write_scalar(out, "dateTime", to_string(*v.date_time()));
    case Value::Type::days_time_duration: return write_scalar(out, "duration", to_string(*v.days_time_duration()));
    case Value::Type::years_months_duration: return write_scalar(out, "duration", to_string(*v.years_months_duration()));
    case Value::Type::list: return write_list(out, *v.list());
    case Value::Type::context: return write_context(out, *v.context());
    case Value::Type::range: return write_range(out, *v.range());
    case Value::Type::function: out += R"({"t":"function"})"; return;
  }
}

}  // namespace

Result<Value> from_tagged(const Value& tagged) { return read(tagged, 0); }

std::string to_tagged_json(const Value& v) {
  std::string out;
  write(out, v);
  return out;
}

}  // namespace switchboard
