// Types as the language writes them, and the two that stand for something kept elsewhere.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "model/process.hpp"

namespace switchboard::model {
namespace {

using Kind = feel::Type::Kind;

constexpr std::size_t longest_text = 2'000;

feel::Type::Fields fields_of_document() { return {{"name", Kind::string}, {"hash", Kind::string}, {"size", Kind::number}, {"where", Kind::string}}; }

/// What is wrong with `v` as a context of these fields alone.
std::string problem_of(const feel::Type::Fields& fields, const Value& v) {
  const Context* context = v.context();
  if (context == nullptr) return "it is no context";
  for (const Context::Entry& entry : context->entries()) {
    const auto known = std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.first == entry.first; });
    if (known == fields.end()) return fmt::format("it has no entry '{}': what it holds is kept elsewhere, under its hash", entry.first);
    if (const std::string* text = entry.second.string(); text != nullptr && text->size() > longest_text)
      return fmt::format("'{}' has {} bytes, more than {}: what it holds is kept elsewhere", entry.first, text->size(), longest_text);
  }
  for (const auto& [name, type] : fields) {
    const Value* given = context->find(name);
    const std::string* text = given == nullptr ? nullptr : given->string();
    if (type.kind() == Kind::string && (text == nullptr || text->empty())) return fmt::format("it needs '{}', a text", name);
    if (type.kind() != Kind::number) continue;
    const Decimal* size = given == nullptr ? nullptr : given->number();
    const auto whole = size == nullptr ? std::nullopt : size->to_int64();
    if (!whole || *whole < 0) return fmt::format("it needs '{}', its whole number of bytes", name);
  }
  return {};
}

class OnlyThese final : public feel::Constraint {
 public:
  explicit OnlyThese(feel::Type::Fields fields) : fields_(std::move(fields)) {}
  [[nodiscard]] bool allows(const Value& v) const override { return problem_of(fields_, v).empty(); }

 private:
  feel::Type::Fields fields_;
};

feel::Type attachment(const feel::Type::Fields& fields) {
  return feel::Type::constrained(feel::Type::context_of(fields), std::make_shared<OnlyThese>(fields));
}

bool has_fields_of(const feel::Type& type, const feel::Type& of) {
  return type.kind() == Kind::context &&
         std::equal(type.fields().begin(), type.fields().end(), of.fields().begin(), of.fields().end(),
                    [](const auto& a, const auto& b) { return a.first == b.first && a.second.kind() == b.second.kind(); });
}

}  // namespace

const feel::Type& document_type() {
  static const feel::Type made = attachment(fields_of_document());
  return made;
}

const feel::Type& photograph_type() {
  static const feel::Type made = [] {
    feel::Type::Fields fields = fields_of_document();
    fields.emplace_back("taken", Kind::date_time);
    return attachment(fields);
  }();
  return made;
}

std::string not_an_attachment(const feel::Type& type, const Value& v) {
  for (const feel::Type* one : {&document_type(), &photograph_type()})
    if (has_fields_of(type, *one)) return problem_of(one->fields(), v);
  return {};
}

std::string word_of(const feel::Type& type) {
  switch (type.kind()) {
    case Kind::boolean: return "boolean";
    case Kind::number: return "number";
    case Kind::string: return "string";
    case Kind::date: return "date";
    case Kind::time: return "time";
    case Kind::date_time: return "date-time";
    case Kind::days_time_duration: return "duration";
    case Kind::years_months_duration: return "months-duration";
    case Kind::list: return type.element().kind() == Kind::any ? "list" : "list<" + word_of(type.element()) + ">";
    case Kind::context: return has_fields_of(type, document_type()) ? "document" : has_fields_of(type, photograph_type()) ? "photograph" : "context";
    case Kind::any:
    case Kind::null:
    case Kind::range:
    case Kind::function: break;
  }
  return "any";
}

}  // namespace switchboard::model
