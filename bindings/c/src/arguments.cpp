#include "arguments.hpp"

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace switchboard::c {

namespace {

constexpr double most_seconds = 1e11;  // three thousand years

/// Reads the keys of one JSON object; every key must be asked for. The first thing wrong is kept, the rest is read in vain.
class Options {
 public:
  Options(Value object, const char* name) : object_(std::move(object)), name_(name) {}

  void read(std::string_view key, std::string& to) {
    if (const Value* v = given(key)) {
      if (const std::string* s = v->string())
        to = *s;
      else
        wrong(key, "a text", *v);
    }
  }
  void read(std::string_view key, bool& to) {
    if (const Value* v = given(key)) {
      if (const bool* b = v->boolean())
        to = *b;
      else
        wrong(key, "true or false", *v);
    }
  }
  void read(std::string_view key, std::optional<Instant>& to) {
    if (const Value* v = given(key)) {
      const std::string* s = v->string();
      to = s == nullptr ? std::nullopt : parse_instant(*s);
      if (!to) wrong(key, "an instant such as \"2026-03-02T09:00:00+08:00\"", *v);
    }
  }
  void read(std::string_view key, std::vector<std::string>& to) {
    const Value* v = given(key);
    if (v == nullptr) return;
    const bool is_list =
        v->list() != nullptr && std::all_of(v->list()->begin(), v->list()->end(), [](const Value& one) { return one.string() != nullptr; });
    if (!is_list) return wrong(key, "a list of texts", *v);
    for (const Value& one : *v->list()) to.push_back(*one.string());
  }
  /// A whole number from 0 up to what T holds.
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) void read(std::string_view key, T& to) {
    if (const Value* v = given(key)) {
      const auto n = v->number() == nullptr ? std::nullopt : v->number()->to_int64();
      if (n && *n >= 0 && static_cast<std::uint64_t>(*n) <= std::numeric_limits<T>::max())
        to = static_cast<T>(*n);
      else
        wrong(key, "a whole number that is not negative", *v);
    }
  }
  void read(std::string_view key, std::int32_t& to) {
    if (const Value* v = given(key)) {
      const auto n = v->number() == nullptr ? std::nullopt : v->number()->to_int64();
      if (n && *n >= std::numeric_limits<std::int32_t>::min() && *n <= std::numeric_limits<std::int32_t>::max())
        to = static_cast<std::int32_t>(*n);
      else
        wrong(key, "a whole number", *v);
    }
  }
  /// Seconds, under the name with its unit, as in answers.
  void read(std::string_view key, Duration& to) {
    const std::string in_seconds = std::string(key) + "_seconds";
    if (const Value* v = given(in_seconds)) {
      const double seconds = v->number() == nullptr ? -1 : v->number()->to_double();
      if (seconds >= 0 && seconds <= most_seconds)
        to = Duration::micros(static_cast<std::int64_t>(seconds * 1e6));
      else
        wrong(in_seconds, "a number of seconds that is not negative", *v);
    }
  }
  void read(std::string_view key, std::optional<Duration>& to) {
    if (given(std::string(key) + "_seconds") != nullptr) read(key, to.emplace());
  }
  template <class T>
  void read(std::string_view key, std::optional<T>& to) {
    if (given(key) != nullptr) read(key, to.emplace());
  }
  /// Every field that the description of `to` has.
  template <class R>
  void read_all(R& to) {
    Described<R>::visit([&](std::string_view key, auto member, std::string_view /*meaning*/, const Look& /*look*/ = {}) { read(key, to.*member); });
  }

  void not_empty(std::string_view key, const char* hint) {
    const Value* v = given(key);
    if (!error_ && v != nullptr && v->string() != nullptr && v->string()->empty())
      error_ = Error{ErrorKind::usage, "SB1104", "'" + std::string(key) + "' is empty", name_, hint};
  }

  /// Call last: refuses keys that nobody asked for.
  Result<void> finish() {
    if (error_) return *error_;
    for (const auto& [key, value] : object_.context()->entries()) {
      if (std::find(known_.begin(), known_.end(), key) == known_.end()) return unknown(key);
    }
    return success();
  }

 private:
  /// null is the same as leaving it out.
  const Value* given(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
    const Value* v = object_.context()->find(key);
    return v == nullptr || v->is_null() ? nullptr : v;
  }
  void wrong(std::string_view key, const char* expected, const Value& is) {
    if (!error_) error_ = Error{ErrorKind::usage, "SB1104", "'" + std::string(key) + "' must be " + expected + ", not " + to_json(is), name_, ""};
  }
  Error unknown(const std::string& key) const {
    std::string all;
    for (const std::string& k : known_) all += (all.empty() ? "" : ", ") + k;
    const std::string near = nearest_name(key, known_);
    return {ErrorKind::usage, "SB1103", "unknown option '" + key + "'", name_,
            near.empty() ? "known options: " + all : "did you mean '" + near + "'?"};
  }

  Value object_;
  const char* name_;
  std::vector<std::string> known_;
  std::optional<Error> error_;
};

}  // namespace

Result<Duration> seconds(double given, const char* name) {
  if (given >= 0 && given <= most_seconds) return Duration::micros(static_cast<std::int64_t>(given * 1e6));
  return Error{ErrorKind::usage, "SB1104", "'" + std::string(name) + "' must be a number of seconds that is not negative", name, ""};
}

Result<std::string_view> optional_text(const char* given, const char* name) {
  if (given == nullptr) return std::string_view();
  const std::string_view s(given);
  if (!is_utf8(s)) return Error{ErrorKind::invalid, "SB1105", "the text is not UTF-8", name, "encode texts as UTF-8"};
  return s;
}

Result<std::string_view> text(const char* given, const char* name) {
  if (given == nullptr) return Error{ErrorKind::usage, "SB1102", std::string("the argument '") + name + "' is missing (NULL)", "", ""};
  return optional_text(given, name);
}

Result<Value> object(const char* given, const char* name) {
  if (given == nullptr) return Value(Context());
  auto value = parse_json(given);
  if (!value) {
    Error error = value.error();
    error.place = error.place.empty() ? name : std::string(name) + ":" + error.place;
    return error;
  }
  if (value.value().context() == nullptr)
    return Error{ErrorKind::usage, "SB1104", std::string("'") + name + "' must be a JSON object, not " + std::string(to_string(value.value().type())),
                 name, ""};
  return value;
}

Result<OpenOptions> open_options(const char* json) {
  SB_TRY(Value given, object(json, "options"));
  Options o(std::move(given), "options");
  OpenOptions to;
  o.read("database", to.engine.database);
  o.read("processes", to.engine.processes);
  o.read("language", to.engine.language);
  o.read("create", to.engine.create);
  o.read("full_sync", to.engine.full_sync);
  o.read("read_only", to.engine.read_only);
  o.read("busy_timeout", to.engine.busy_timeout);
  o.read("force_clock", to.engine.force_clock);
  o.read("accept_loss", to.engine.accept_loss);
  o.read("zone", to.zone);
  o.not_empty("database", "leave it out for an engine in memory");
  o.not_empty("processes", "leave it out when there is none");
  SB_TRYV(o.finish());
  if (!is_known_zone(to.zone))
    return Error{ErrorKind::usage, "SB1106", "there is no zone '" + to.zone + "'", "options", "use an IANA name such as \"Asia/Shanghai\""};
  return to;
}

template <class R>
Result<R> options_of(const char* json, const char* name) {
  SB_TRY(Value given, object(json, name));
  Options o(std::move(given), name);
  R to;
  o.read_all(to);
  SB_TRYV(o.finish());
  return to;
}
template Result<Find> options_of(const char*, const char*);
template Result<StartOptions> options_of(const char*, const char*);
template Result<Caller> options_of(const char*, const char*);
template Result<Failure> options_of(const char*, const char*);
template Result<Fetch> options_of(const char*, const char*);
template Result<Delivery> options_of(const char*, const char*);
template Result<Interest> options_of(const char*, const char*);
template Result<report::PromiseQuery> options_of(const char*, const char*);

Result<SimulateOptions> simulate_options(const char* json) {
  SB_TRY(Value given, object(json, "options"));
  Options o(std::move(given), "options");
  SimulateOptions to;
  o.read("processes", to.simulation.processes);
  o.read("seed", to.simulation.seed);
  o.read("replications", to.simulation.replications);
  o.read("cases", to.simulation.cases);
  o.read("until", to.simulation.until);
  o.read("warm_up", to.simulation.warm_up);
  o.read("threads", to.simulation.threads);
  o.read("text", to.is_text);
  o.read("file", to.file);
  o.read("summary", to.summary);
  SB_TRYV(o.finish());
  return to;
}

Result<std::string> check_options(const char* json) {
  SB_TRY(Value given, object(json, "options"));
  Options o(std::move(given), "options");
  std::string processes;
  o.read("processes", processes);
  SB_TRYV(o.finish());
  return processes;
}

Result<std::vector<ProcessText>> process_texts(const char* given, const char* name) {
  SB_TRY(const auto json, text(given, name));
  SB_TRY(const auto value, parse_json(json));
  const List* items = value.list();
  if (items == nullptr || items->empty())
    return Error{ErrorKind::usage, "SB1104", std::string("'") + name + "' must be a list of {\"yaml\": text, \"file\": name}, at least one", name,
                 ""};
  std::vector<ProcessText> out;
  for (const Value& item : *items) {
    SB_TRY(Value one, object(to_json(item).c_str(), name));
    Options o(std::move(one), name);
    ProcessText& text = out.emplace_back();
    o.read("yaml", text.yaml);
    o.read("file", text.file);
    SB_TRYV(o.finish());
  }
  return out;
}

Result<std::vector<std::string>> texts(const char* given, const char* name) {
  SB_TRY(const auto json, text(given, name));
  SB_TRY(const auto value, parse_json(json));
  std::vector<std::string> out;
  const List* items = value.list();
  for (const Value& item : items == nullptr ? List() : *items)
    if (item.string() != nullptr) out.push_back(*item.string());
  if (items == nullptr || out.size() != items->size() || out.empty())
    return Error{ErrorKind::usage, "SB1104", std::string("'") + name + "' must be a list of texts, at least one", name, ""};
  return out;
}

}  // namespace switchboard::c
