#include "exchange/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "exchange/xml.hpp"
#include "feel/feel.hpp"
#include "feel/free_names.hpp"

namespace switchboard::exchange {

namespace {

bool begins_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; }
bool goes_on(char c) { return begins_name(c) || is_digit(c); }

/// How a text joins with what stands around it: what binds weaker gets brackets.
enum Binding : int { weakest, disjunction, conjunction, comparison, sum, product, sign, whole };

struct Piece {
  std::string text;
  Binding binding = whole;
};

/// A reader of the expressions that UEL, Java, JavaScript and XPath have in common, which writes FEEL. It knows no types: what depends on them has no
/// counterpart.
class Translator {
 public:
  explicit Translator(std::string_view text) : text_(text) {}

  std::optional<std::string> run() {
    Piece all = choice();
    skip();
    if (failed_ || at_ != text_.size()) return std::nullopt;
    return std::move(all.text);
  }

 private:
  Piece fail() {
    failed_ = true;
    return {};
  }
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\r' || text_[at_] == '\n')) ++at_;
  }
  [[nodiscard]] bool sees(std::string_view sign) const { return text_.substr(at_).starts_with(sign); }
  bool take(std::string_view sign) {
    skip();
    if (!sees(sign)) return false;
    const char last = sign.back();
    if (goes_on(last) && at_ + sign.size() < text_.size() && goes_on(text_[at_ + sign.size()])) return false;  // a longer word
    at_ += sign.size();
    return true;
  }
  static std::string inside(const Piece& p, Binding around) { return p.binding < around ? "(" + p.text + ")" : p.text; }

  Piece choice() {  // or
    Deeper deeper(*this);
    Piece left = both();
    while (!failed_ && (take("||") || take("or"))) {
      const Piece right = both();
      left = {inside(left, disjunction) + " or " + inside(right, conjunction), disjunction};
    }
    return left;
  }

  Piece both() {
    Piece left = relation();
    while (!failed_ && (take("&&") || take("and"))) {
      const Piece right = relation();
      left = {inside(left, conjunction) + " and " + inside(right, comparison), conjunction};
    }
    return left;
  }

  Piece relation() {
    Piece left = additive();
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> signs{{{"===", "="},
                                                                                          {"!==", "!="},
                                                                                          {"==", "="},
                                                                                          {"!=", "!="},
                                                                                          {"<=", "<="},
                                                                                          {">=", ">="},
                                                                                          {"=", "="},
                                                                                          {"<", "<"},
                                                                                          {">", ">"},
                                                                                          {"eq", "="},
                                                                                          {"ne", "!="},
                                                                                          {"le", "<="},
                                                                                          {"ge", ">="},
                                                                                          {"lt", "<"},
                                                                                          {"gt", ">"}}};
    for (const auto& [theirs, ours] : signs) {
      if (failed_ || !take(theirs)) continue;
      const Piece right = additive();
      return {fmt::format("{} {} {}", inside(left, sum), ours, inside(right, sum)), comparison};
    }
    return left;
  }

  Piece additive() {
    Piece left = multiplicative();
    while (!failed_) {
      const std::string_view sign = take("+") ? " + " : take("-") ? " - " : "";
      if (sign.empty()) return left;
      const Piece right = multiplicative();
      left = {inside(left, sum) + std::string(sign) + inside(right, product), sum};
    }
    return left;
  }

  Piece multiplicative() {
    Piece left = unary();
    while (!failed_) {
      skip();
      if (sees("**")) return fail();
      const std::string_view sign = take("*") ? " * " : take("/") || take("div") ? " / " : take("%") || take("mod") ? "%" : "";
      if (sign.empty()) return left;
      const Piece right = unary();
      left = sign == "%" ? Piece{fmt::format("modulo({}, {})", left.text, right.text), whole}
                         : Piece{inside(left, product) + std::string(sign) + inside(right, sign_binding()), product};
    }
    return left;
  }
  static Binding sign_binding() { return sign; }

  Piece unary() {
    Deeper deeper(*this);
    if (failed_) return {};
    skip();
    if (sees("!") && !sees("!=") ? take("!") : take("not ") || take("empty ")) {
      if (text_.substr(0, at_).ends_with("empty ")) return fail();  // depends on the type
      return {fmt::format("not({})", unary().text), whole};
    }
    if (take("-")) return {"-" + inside(unary(), sign), sign};
    return postfix();
  }

  Piece postfix() {
    Piece left = primary();
    while (!failed_) {
      skip();
      if (sees("..")) return fail();
      if (!take(".")) return left;
      const std::string name = word();
      if (name.empty()) return fail();
      left = take("(") ? method(left, name, arguments()) : Piece{inside(left, whole) + "." + name, whole};
    }
    return left;
  }

  std::vector<Piece> arguments() {
    std::vector<Piece> out;
    if (take(")")) return out;
    do {
      out.push_back(choice());
    } while (!failed_ && take(","));
    if (!take(")")) failed_ = true;
    return out;
  }

  Piece method(const Piece& of, const std::string& name, const std::vector<Piece>& with) {
    struct Known {
      std::string_view name;
      std::size_t arguments;
      std::string_view feel;
    };
    static constexpr std::array<Known, 8> known{{{"contains", 1, "contains({}, {})"},
                                                 {"startsWith", 1, "starts with({}, {})"},
                                                 {"endsWith", 1, "ends with({}, {})"},
                                                 {"equals", 1, "{} = {}"},
                                                 {"toLowerCase", 0, "lower case({})"},
                                                 {"toUpperCase", 0, "upper case({})"},
                                                 {"length", 0, "string length({})"},
                                                 {"booleanValue", 0, "{}"}}};
    for (const Known& k : known) {
      if (k.name != name || k.arguments != with.size()) continue;
      if (name == "equals") return {inside(of, sum) + " = " + inside(with[0], sum), comparison};
      const std::string second = with.empty() ? std::string() : with[0].text;
      return {fmt::format(fmt::runtime(k.feel), of.text, second), whole};
    }
    return fail();
  }

  Piece primary() {
    Deeper deeper(*this);
    skip();
    if (failed_ || at_ >= text_.size()) return fail();
    const char c = text_[at_];
    if (c == '"' || c == '\'') return string();
    if (is_digit(c)) return number();
    if (take("${") || take("#{")) return closed("}");
    if (take("(")) return closed(")");
    if (c == '$') ++at_;
    return named();
  }

  Piece closed(std::string_view end) {
    Piece inner = choice();
    if (failed_ || !take(end)) return fail();
    if (end == "}") return {inside(inner, whole), whole};
    return inner;  // what stands around it puts brackets where they are needed
  }

  Piece named() {
    std::string name = word();
    if (name.empty()) return fail();
    if (sees(":") && !sees("::")) {  // bpmn:getDataObject
      ++at_;
      name = word();
    }
    if (!take("(")) return name == "null" || !is_word_of_feel(name) ? Piece{name, whole} : fail();
    const std::vector<Piece> with = arguments();
    if (failed_) return {};
    if (with.empty() && (name == "true" || name == "false")) return {name, whole};
    if (with.size() == 1 && (name == "getDataObject" || name == "getProcessProperty" || name == "getActivityProperty" || name == "getDataInput" ||
                             name == "getDataOutput"))
      return unquoted(with[0].text);
    std::string out;
    for (const Piece& p : with) out += (out.empty() ? "" : ", ") + p.text;
    if (name == "starts-with" || name == "not" || name == "contains" || name == "count" || name == "sum" || name == "floor" || name == "ceiling")
      return {fmt::format("{}({})", name == "starts-with" ? "starts with" : name, out), whole};
    static constexpr std::array<std::string_view, 10> feel_too{"date", "time", "duration", "number", "string", "abs", "min", "max", "now", "today"};
    return std::find(feel_too.begin(), feel_too.end(), name) != feel_too.end() ? Piece{fmt::format("{}({})", name, out), whole} : fail();
  }

  static bool is_word_of_feel(std::string_view name) {
    static constexpr std::array<std::string_view, 15> words{"if",        "then",    "else",     "for",      "in",       "return", "some", "every",
                                                            "satisfies", "between", "function", "external", "instance", "of",     "not"};
    return std::find(words.begin(), words.end(), name) != words.end();
  }

  /// A quoted name as a name.
  Piece unquoted(std::string_view text) {
    if (text.size() < 3 || text.front() != '"') return fail();
    const std::string_view name = text.substr(1, text.size() - 2);
    if (!begins_name(name.front()) || !std::all_of(name.begin(), name.end(), goes_on)) return fail();
    return {std::string(name), whole};
  }

  std::string word() {
    skip();
    const std::size_t from = at_;
    if (at_ < text_.size() && begins_name(text_[at_])) ++at_;
    while (at_ > from && at_ < text_.size() && goes_on(text_[at_])) ++at_;
    if (text_.substr(from, at_ - from) == "starts" && sees("-with")) at_ += 5;  // XPath
    return std::string(text_.substr(from, at_ - from));
  }

  Piece number() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    if (sees(".") && at_ + 1 < text_.size() && is_digit(text_[at_ + 1])) {
      ++at_;
      while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    }
    if (at_ < text_.size() && goes_on(text_[at_])) return fail();
    return {std::string(text_.substr(from, at_ - from)), whole};
  }

  Piece string() {
    const char quote = text_[at_++];
    std::string out = "\"";
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\') {
        if (at_ + 1 >= text_.size() || std::string_view("\\\"'nrt").find(text_[at_ + 1]) == std::string_view::npos) return fail();
        if (text_[at_ + 1] != '\'') out += '\\';
        ++at_;
      } else if (text_[at_] == '"') {
        out += '\\';
      }
      out += text_[at_++];
    }
    if (at_ >= text_.size()) return fail();
    ++at_;
    return {out + "\"", whole};
  }

  /// Bounds the nesting.
  struct Deeper {
    explicit Deeper(Translator& t) : of(t) {
      if (++of.depth_ > limits::expression_depth) of.failed_ = true;
    }
    ~Deeper() { --of.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    Translator& of;
  };

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool failed_ = false;
};

/// `a.b(...)` outside texts: data has no functions, a program's objects have.
bool calls_method(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote != 0 || text[i] == '"') {
      quote = quote == 0 ? text[i] : text[i] == quote ? '\0' : quote;
      continue;
    }
    if (text[i] != '.') continue;
    std::size_t end = i + 1;
    while (end < text.size() && goes_on(text[end])) ++end;
    if (end > i + 1 && !is_digit(text[i + 1]) && end < text.size() && text[end] == '(') return true;
  }
  return false;
}

}  // namespace

bool is_feel(std::string_view language) {
  std::string lower(language);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower.find("feel") != std::string::npos || lower.find("omg.org/spec/dmn") != std::string::npos;
}

bool parses_as_feel(std::string_view text) {
  if (xml::trimmed(text).empty() || calls_method(text) || text.size() > limits::expression_bytes) return false;
  feel::StaticScope scope;
  std::uint32_t slot = 0;
  for (const std::string& name : feel::free_names(text)) {
    if (slot == 1000) return false;
    scope.names.push_back({name, feel::Type(), slot++});
  }
  const feel::Compiled compiled = feel::compile(text, scope, {false, false, {}});
  const auto* problems = std::get_if<std::vector<feel::Problem>>(&compiled);
  return problems == nullptr || std::all_of(problems->begin(), problems->end(), [](const feel::Problem& p) { return p.id == "SB0202"; });
}

std::optional<std::string> to_feel(std::string_view text, std::string_view language) {
  text = xml::trimmed(text);
  if (text.empty() || text.size() > limits::expression_bytes) return std::nullopt;
  if (is_feel(language)) {
    if (text.starts_with('=')) text = xml::trimmed(text.substr(1));  // Camunda 8 writes a sign before it
    return std::string(text);
  }
  if (std::optional<std::string> translated = Translator(text).run(); translated && parses_as_feel(*translated)) return translated;
  if (language.empty() && parses_as_feel(text)) return std::string(text);
  return std::nullopt;
}

}  // namespace switchboard::exchange
