#include "feel/type_text.hpp"

#include <array>

#include "base/limits.hpp"
#include "feel/names.hpp"

namespace switchboard::feel {
namespace {

class TypeReader {
 public:
  TypeReader(std::string_view text, std::size_t& at, const Type::Fields& named, std::string* unknown)
      : text_(text), at_(at), named_(named), unknown_(unknown) {}

  std::optional<Type> type(std::size_t depth) {
    if (depth > limits::expression_depth) return std::nullopt;
    if (auto scalar = scalar_type()) return scalar;
    if (word("list")) return element_type(Type::Kind::list, depth);
    if (word("range")) return element_type(Type::Kind::range, depth);
    if (word("context")) return context_type(depth);
    if (word("function")) return function_type(depth);
    auto named = named_type();
    if (named || unknown_ == nullptr || depth == 0) return named;
    skip_space(text_, at_);
    const std::string name = read_new_name(text_, at_);
    if (name.empty()) return std::nullopt;
    if (unknown_->empty()) *unknown_ = name;
    return Type();
  }

 private:
  bool word(std::string_view name) { return match_name(text_, at_, name); }
  bool symbol(std::string_view s) {
    std::size_t probe = at_;
    skip_space(text_, probe);
    if (text_.substr(probe, s.size()) != s) return false;
    at_ = probe + s.size();
    return true;
  }

  /// The longest name wins, so "date and time" comes before "date".
  std::optional<Type> scalar_type() {
    static constexpr std::array kinds{Type::Kind::date_time,
                                      Type::Kind::days_time_duration,
                                      Type::Kind::years_months_duration,
                                      Type::Kind::any,
                                      Type::Kind::null,
                                      Type::Kind::boolean,
                                      Type::Kind::number,
                                      Type::Kind::string,
                                      Type::Kind::date,
                                      Type::Kind::time};
    for (const auto kind : kinds) {
      if (word(name_of(kind))) return Type(kind);
    }
    // The names that DMN's XML uses for the same types.
    if (word("dateTime")) return Type(Type::Kind::date_time);
    if (word("dayTimeDuration")) return Type(Type::Kind::days_time_duration);
    if (word("yearMonthDuration")) return Type(Type::Kind::years_months_duration);
    return std::nullopt;
  }

  std::optional<Type> element_type(Type::Kind kind, std::size_t depth) {
    if (!symbol("<")) return Type(kind);
    auto element = type(depth + 1);
    if (!element || !symbol(">")) return std::nullopt;
    return kind == Type::Kind::list ? Type::list_of(std::move(*element)) : Type::range_of(std::move(*element));
  }

  std::optional<Type> context_type(std::size_t depth) {
    if (!symbol("<")) return Type(Type::Kind::context);
    Type::Fields fields;
    if (symbol(">")) return Type::context_of({});
    do {
      skip_space(text_, at_);
      const std::string name = read_new_name(text_, at_);
      if (name.empty() || !symbol(":")) return std::nullopt;
      auto field = type(depth + 1);
      if (!field) return std::nullopt;
      fields.emplace_back(name, std::move(*field));
    } while (symbol(","));
    if (!symbol(">")) return std::nullopt;
    return Type::context_of(std::move(fields));
  }

  std::optional<Type> function_type(std::size_t depth) {
    if (!symbol("<")) return Type(Type::Kind::function);
    std::vector<Type> parameters;
    if (!symbol(">")) {
      do {
        auto parameter = type(depth + 1);
        if (!parameter) return std::nullopt;
        parameters.push_back(std::move(*parameter));
      } while (symbol(","));
      if (!symbol(">")) return std::nullopt;
    }
    if (!symbol("->")) return std::nullopt;
    auto result = type(depth + 1);
    if (!result) return std::nullopt;
    return Type::function_of(std::move(parameters), std::move(*result));
  }

  std::optional<Type> named_type() {
    std::optional<Type> best;
    std::size_t best_end = at_;
    for (const auto& [name, type] : named_) {
      std::size_t probe = at_;
      if (match_name(text_, probe, name) && probe > best_end) {
        best = type;
        best_end = probe;
      }
    }
    at_ = best_end;
    return best;
  }

  std::string_view text_;
  std::size_t& at_;
  const Type::Fields& named_;
  std::string* unknown_;
};

}  // namespace

std::optional<Type> read_type(std::string_view text, std::size_t& at, const Type::Fields& named, std::string* unknown) {
  return TypeReader(text, at, named, unknown).type(0);
}

}  // namespace switchboard::feel
