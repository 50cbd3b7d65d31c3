// JSON text -> Value through nlohmann's SAX reader (so that numbers keep their digits and no second tree is built); Value -> JSON by hand.
#include "switchboard/value/json.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_set>

#include "base/limits.hpp"

namespace switchboard {
namespace {

/// Walks the text and shares how far it has come, because the SAX interface does not say where an event happened.
class TrackingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  TrackingIterator(const char* at, const char** seen) : at_(at), seen_(seen) {}
  reference operator*() const { return *at_; }
  TrackingIterator& operator++() {
    ++at_;
    if (seen_ != nullptr) *seen_ = at_;
    return *this;
  }
  TrackingIterator operator++(int) {
    TrackingIterator old = *this;
    ++*this;
    return old;
  }
  friend bool operator==(const TrackingIterator& a, const TrackingIterator& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  const char** seen_;
};

std::string place_of(std::string_view text, std::size_t offset) {
  std::size_t line = 1;
  std::size_t column = 1;
  for (const char c : text.substr(0, offset)) {
    if (c == '\n') {
      ++line;
      column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xc0u) != 0x80u) {
      ++column;  // columns count characters, not bytes
    }
  }
  return fmt::format("{}:{}", line, column);
}

class Builder {
 public:
  Builder(std::string_view text, const char* const* position) : text_(text), position_(position) {}

  bool null() { return take(Value()); }
  bool boolean(bool v) { return take(Value(v)); }
  bool number_integer(std::int64_t v) { return take(Value(v)); }
  bool number_unsigned(std::uint64_t v) { return decimal(std::to_string(v)); }
  bool number_float(double, const std::string& text) { return decimal(text); }
  bool string(std::string& v) { return take(Value(std::move(v))); }
  bool binary(std::vector<std::uint8_t>&) { return false; }
  bool start_object(std::size_t) { return open(true); }
  bool start_array(std::size_t) { return open(false); }
  bool end_array() {
    Level top = std::move(levels_.back());
    levels_.pop_back();
    return take(Value(std::move(top.list)));
  }
  bool end_object() {
    Level top = std::move(levels_.back());
    levels_.pop_back();
    return take(Value(std::move(top.context)));
  }
  bool key(std::string& name) {
    Level& top = levels_.back();
    if (!top.names.insert(name).second)
      return refuse("SB0251", fmt::format("the name {} is there twice in one object", json_quote(name)), "keep one of them");
    top.key = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& problem) {
    constexpr int number_overflow = 406;
    if (problem.id == number_overflow)
      return refuse("SB0251", "a number of this size cannot be read from JSON", "give one between -1.7e308 and 1.7e308");
    std::string_view what = problem.what();
    if (const auto bracket = what.find("] "); bracket != std::string_view::npos) what.remove_prefix(bracket + 2);
    if (const auto colon = what.find(": "); what.starts_with("parse error") && colon != std::string_view::npos) what.remove_prefix(colon + 2);
    error_ = Error{ErrorKind::invalid, "SB0251", "not JSON: " + std::string(what), place_of(text_, position > 0 ? position - 1 : 0),
                   "write strict JSON (RFC 8259): double quotes, no comments, no trailing commas"};
    return false;
  }

  Result<Value> result() {
    if (!error_.id.empty()) return error_;
    return std::move(result_);
  }

 private:
  struct Level {
    bool object = false;
    List list;
    Context context;
    std::string key;
    std::unordered_set<std::string> names;
  };

  bool refuse(std::string id, std::string message, std::string hint) {
    const auto offset = static_cast<std::size_t>(*position_ - text_.data());
    error_ = Error{ErrorKind::invalid, std::move(id), std::move(message), place_of(text_, offset > 0 ? offset - 1 : 0), std::move(hint)};
    return false;
  }
  bool open(bool object) {
    if (levels_.size() >= limits::value_depth) {
      refuse("SB0252", fmt::format("more than {} levels of arrays and objects", limits::value_depth), "flatten the data");
      error_.kind = ErrorKind::limit;
      return false;
    }
    levels_.emplace_back();
    levels_.back().object = object;
    return true;
  }
  bool decimal(const std::string& text) {
    const auto d = Decimal::parse(text);
    if (!d) return refuse("SB0251", fmt::format("the number {} is out of range", text), "numbers go up to 10^6144");
    std::size_t significant = 0;
    std::size_t zeros = 0;
    for (const char c : text) {
      if (c == 'e' || c == 'E') break;
      if (c < '0' || c > '9' || (c == '0' && significant == 0)) continue;
      zeros = c == '0' ? zeros + 1 : 0;
      ++significant;
    }
    if (significant - zeros > 34)
      return refuse("SB0251", fmt::format("the number {} has more than 34 digits", text), "round it, or send it as a string");
    return take(Value(*d));
  }
  bool take(Value v) {
    if (levels_.empty()) {
      result_ = std::move(v);
    } else if (levels_.back().object) {
      levels_.back().context.append_new(levels_.back().key, std::move(v));
    } else {
      levels_.back().list.push_back(std::move(v));
    }
    return true;
  }

  std::string_view text_;
  const char* const* position_;
  std::vector<Level> levels_;
  Value result_;
  Error error_;
};

class JsonWriter {
 public:
  JsonWriter(std::string& out, int indent) : out_(out), indent_(indent) {}

  void write(const Value& v, int depth) {
    switch (v.type()) {
      case Value::Type::null: out_ += "null"; return;
      case Value::Type::boolean: out_ += *v.boolean() ? "true" : "false"; return;
      case Value::Type::number: out_ += number_text(*v.number()); return;
      case Value::Type::list: list(*v.list(), depth); return;
      case Value::Type::context: context(*v.context(), depth); return;
      case Value::Type::string:
      case Value::Type::date:
      case Value::Type::time:
      case Value::Type::date_time:
      case Value::Type::days_time_duration:
      case Value::Type::years_months_duration:
      case Value::Type::range:
      case Value::Type::function: out_ += json_quote(to_display(v)); return;
    }
  }

 private:
  /// Plain digits unless the exponent would make them absurdly many.
  static std::string number_text(const Decimal& d) {
    const Decimal n = d.normalized();
    if (n.exponent() >= -40 && n.exponent() <= 40) return n.to_string();
    const auto coefficient = Decimal::from_parts(n.is_negative(), n.high(), n.low(), 0);
    return fmt::format("{}e{}", coefficient->to_string(), n.exponent());
  }
  void line(int depth) {
    if (indent_ < 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(depth), ' ');
  }
  void list(const List& l, int depth) {
    if (l.empty()) {
      out_ += "[]";
      return;
    }
    out_ += '[';
    for (std::size_t i = 0; i < l.size(); ++i) {
      if (i != 0) out_ += ',';
      line(depth + 1);
      write(l[i], depth + 1);
    }
    line(depth);
    out_ += ']';
  }
  void context(const Context& c, int depth) {
    if (c.size() == 0) {
      out_ += "{}";
      return;
    }
    out_ += '{';
    bool first = true;
    for (const auto& [name, value] : c.entries()) {
      if (!first) out_ += ',';
      first = false;
      line(depth + 1);
      out_ += json_quote(name);
      out_ += indent_ < 0 ? ":" : ": ";
      write(value, depth + 1);
    }
    line(depth);
    out_ += '}';
  }

  std::string& out_;
  int indent_;
};

}  // namespace

Result<Value> parse_json(std::string_view text) {
  if (text.size() > limits::value_bytes) {
    return Error{ErrorKind::limit, "SB0252", fmt::format("the JSON text has {} bytes, more than {}", text.size(), limits::value_bytes), "",
                 "send less data at once"};
  }
  const char* position = text.data();
  Builder builder(text, &position);
  const TrackingIterator first(text.data(), &position);
  const TrackingIterator last(text.data() + text.size(), nullptr);
  static_cast<void>(nlohmann::json::sax_parse(first, last, &builder));
  return builder.result();
}

std::string to_json(const Value& v, int indent) {
  std::string out;
  JsonWriter(out, indent).write(v, 0);
  return out;
}

Value json_number(double d, int places) {
  const auto exact = Decimal::from_double(d);
  if (!exact) return {};
  const auto rounded = exact->rounded(places, Decimal::Rounding::half_even);
  return rounded ? rounded->normalized() : *exact;
}

Value json_number(std::uint64_t n) {
  if (n <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return static_cast<std::int64_t>(n);
  return std::to_string(n);
}

std::string json_quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
        } else {
          out += c;
        }
    }
  }
  out += '"';
  return out;
}

}  // namespace switchboard
