// A value as FEEL text and as text for a person.
#include <array>

#include "base/limits.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard {
namespace {

bool is_plain_name(std::string_view name) {
  if (name.empty() || (name.front() >= '0' && name.front() <= '9')) return false;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!plain) return false;
  }
  return true;
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default: out += c;
    }
  }
  out += '"';
}

void append_constructor(std::string& out, std::string_view function, const std::string& text) {
  out += function;
  out += "(\"";
  out += text;
  out += "\")";
}

class Writer {
 public:
  Writer(std::string& out, bool display) : out_(out), display_(display) {}

  void write(const Value& v, std::size_t depth) {
    if (depth > limits::value_depth) {
      out_ += "...";
      return;
    }
    switch (v.type()) {
      case Value::Type::null: out_ += "null"; break;
      case Value::Type::boolean: out_ += *v.boolean() ? "true" : "false"; break;
      case Value::Type::number: out_ += v.number()->to_string(); break;
      case Value::Type::string: append_quoted(out_, *v.string()); break;
      case Value::Type::date: temporal("date", to_string(*v.date())); break;
      case Value::Type::time: temporal("time", to_string(*v.time())); break;
      case Value::Type::date_time: temporal("date and time", to_string(*v.date_time())); break;
      case Value::Type::days_time_duration: temporal("duration", to_string(*v.days_time_duration())); break;
      case Value::Type::years_months_duration: temporal("duration", to_string(*v.years_months_duration())); break;
      case Value::Type::list: list(*v.list(), depth); break;
      case Value::Type::context: context(*v.context(), depth); break;
      case Value::Type::range: range(*v.range(), depth); break;
      case Value::Type::function: out_ += "function"; break;
    }
  }

 private:
  void temporal(std::string_view function, const std::string& text) {
    if (display_) {
      out_ += text;
    } else {
      append_constructor(out_, function, text);
    }
  }
  void list(const List& l, std::size_t depth) {
    out_ += '[';
    bool first = true;
    for (const auto& item : l) {
      if (!first) out_ += ", ";
      first = false;
      write(item, depth + 1);
    }
    out_ += ']';
  }
  void context(const Context& c, std::size_t depth) {
    out_ += '{';
    bool first = true;
    for (const auto& [name, value] : c.entries()) {
      if (!first) out_ += ", ";
      first = false;
      if (is_plain_name(name)) {
        out_ += name;
      } else {
        append_quoted(out_, name);
      }
      out_ += ": ";
      write(value, depth + 1);
    }
    out_ += '}';
  }
  void range(const Range& r, std::size_t depth) {
    if (is_equality(r)) {
      out_ += r.low_end == Range::End::closed ? "= " : "!= ";
      write(r.low, depth + 1);
      return;
    }
    if (r.unary) {
      const bool below = r.low.is_null();
      const bool closed = (below ? r.high_end : r.low_end) == Range::End::closed;
      out_ += below ? (closed ? "<= " : "< ") : (closed ? ">= " : "> ");
      write(below ? r.high : r.low, depth + 1);
      return;
    }
    out_ += r.low_end == Range::End::closed ? '[' : '(';
    write(r.low, depth + 1);
    out_ += "..";
    write(r.high, depth + 1);
    out_ += r.high_end == Range::End::closed ? ']' : ')';
  }

  std::string& out_;
  bool display_;
};

}  // namespace

std::string to_feel(const Value& v) {
  std::string out;
  Writer(out, false).write(v, 0);
  return out;
}

std::string to_display(const Value& v) {
  if (const auto* s = v.string()) return *s;
  std::string out;
  Writer(out, true).write(v, 0);
  return out;
}

}  // namespace switchboard
