#include "feel/type.hpp"

#include <algorithm>

#include "feel/function.hpp"
#include "feel/names.hpp"
#include "feel/type_text.hpp"

namespace switchboard::feel {

struct Type::Details {
  Type element;
  Fields fields;
  std::vector<Type> parameters;
  Type result;
  std::shared_ptr<const Constraint> constraint;
};

Type Type::list_of(Type element) {
  Type out(Kind::list);
  out.details_ = std::make_shared<const Details>(Details{std::move(element), {}, {}, {}, nullptr});
  return out;
}
Type Type::range_of(Type element) {
  Type out(Kind::range);
  out.details_ = std::make_shared<const Details>(Details{std::move(element), {}, {}, {}, nullptr});
  return out;
}
Type Type::context_of(Fields fields) {
  Type out(Kind::context);
  out.details_ = std::make_shared<const Details>(Details{{}, std::move(fields), {}, {}, nullptr});
  return out;
}
Type Type::function_of(std::vector<Type> parameters, Type result) {
  Type out(Kind::function);
  out.details_ = std::make_shared<const Details>(Details{{}, {}, std::move(parameters), std::move(result), nullptr});
  return out;
}
Type Type::constrained(Type base, std::shared_ptr<const Constraint> constraint) {
  Details details = base.details_ != nullptr ? *base.details_ : Details{};
  details.constraint = std::move(constraint);
  base.details_ = std::make_shared<const Details>(std::move(details));
  return base;
}

namespace {

template <class T>
const T& nothing() {
  static const T empty{};
  return empty;
}

Type::Kind kind_of(Value::Type t) {
  switch (t) {
    case Value::Type::null: return Type::Kind::null;
    case Value::Type::boolean: return Type::Kind::boolean;
    case Value::Type::number: return Type::Kind::number;
    case Value::Type::string: return Type::Kind::string;
    case Value::Type::date: return Type::Kind::date;
    case Value::Type::time: return Type::Kind::time;
    case Value::Type::date_time: return Type::Kind::date_time;
    case Value::Type::days_time_duration: return Type::Kind::days_time_duration;
    case Value::Type::years_months_duration: return Type::Kind::years_months_duration;
    case Value::Type::list: return Type::Kind::list;
    case Value::Type::context: return Type::Kind::context;
    case Value::Type::range: return Type::Kind::range;
    case Value::Type::function: return Type::Kind::function;
  }
  return Type::Kind::any;
}

}  // namespace

const Type& Type::element() const { return details_ != nullptr ? details_->element : nothing<Type>(); }
const Type::Fields& Type::fields() const { return details_ != nullptr ? details_->fields : nothing<Fields>(); }
const std::vector<Type>& Type::parameters() const { return details_ != nullptr ? details_->parameters : nothing<std::vector<Type>>(); }
const Type& Type::result() const { return details_ != nullptr ? details_->result : nothing<Type>(); }

std::string_view name_of(Type::Kind kind) {
  switch (kind) {
    case Type::Kind::any: return "Any";
    case Type::Kind::null: return "Null";
    case Type::Kind::boolean: return "boolean";
    case Type::Kind::number: return "number";
    case Type::Kind::string: return "string";
    case Type::Kind::date: return "date";
    case Type::Kind::time: return "time";
    case Type::Kind::date_time: return "date and time";
    case Type::Kind::days_time_duration: return "days and time duration";
    case Type::Kind::years_months_duration: return "years and months duration";
    case Type::Kind::list: return "list";
    case Type::Kind::context: return "context";
    case Type::Kind::range: return "range";
    case Type::Kind::function: return "function";
  }
  return "Any";
}

std::string Type::to_string() const {
  std::string out(name_of(kind_));
  if (details_ == nullptr) return out;
  if (kind_ == Kind::list || kind_ == Kind::range) return out + "<" + element().to_string() + ">";
  if (kind_ == Kind::context) {
    out += "<";
    for (const auto& [name, type] : fields()) out += (out.back() == '<' ? "" : ", ") + name + ": " + type.to_string();
    return out + ">";
  }
  if (kind_ == Kind::function) {
    out += "<";
    for (const auto& type : parameters()) out += (out.back() == '<' ? "" : ", ") + type.to_string();
    return out + "> -> " + result().to_string();
  }
  return out;
}

std::optional<Type> Type::parse(std::string_view text) { return parse(text, Fields{}); }

std::optional<Type> Type::parse(std::string_view text, const Fields& named) {
  std::size_t at = 0;
  auto out = read_type(text, at, named);
  skip_space(text, at);
  if (!out || at != text.size()) return std::nullopt;
  return out;
}

bool Type::conforms_to(const Type& other) const {
  if (kind_ == Kind::any || other.kind_ == Kind::any || kind_ == Kind::null) return true;
  if (kind_ != other.kind_) return false;
  if (details_ == nullptr || other.details_ == nullptr) return true;
  switch (kind_) {
    case Kind::list:
    case Kind::range: return element().conforms_to(other.element());
    case Kind::context:
      return std::all_of(other.fields().begin(), other.fields().end(), [this](const auto& wanted) {
        return std::any_of(fields().begin(), fields().end(),
                           [&](const auto& f) { return f.first == wanted.first && f.second.conforms_to(wanted.second); });
      });
    case Kind::function: {
      if (parameters().size() != other.parameters().size()) return false;
      for (std::size_t i = 0; i < parameters().size(); ++i) {
        if (!other.parameters()[i].conforms_to(parameters()[i])) return false;
      }
      return result().conforms_to(other.result());
    }
    case Kind::any:
    case Kind::null:
    case Kind::boolean:
    case Kind::number:
    case Kind::string:
    case Kind::date:
    case Kind::time:
    case Kind::date_time:
    case Kind::days_time_duration:
    case Kind::years_months_duration: break;
  }
  return true;
}

bool Type::admits(const Value& v) const {
  if (v.is_null()) return true;
  if (kind_ != Kind::any && kind_ != kind_of(v.type())) return false;
  if (details_ == nullptr) return true;
  if (details_->constraint != nullptr && !details_->constraint->allows(v)) return false;
  switch (kind_) {
    case Kind::list: return std::all_of(v.list()->begin(), v.list()->end(), [this](const Value& item) { return element().admits(item); });
    case Kind::range: return element().admits(v.range()->low) && element().admits(v.range()->high);
    case Kind::context:
      return std::all_of(fields().begin(), fields().end(), [&](const auto& f) {
        const Value* found = v.context()->find(f.first);
        return found != nullptr && f.second.admits(*found);
      });
    case Kind::function: {
      const Function* f = feel::function_of(v);
      return f != nullptr && f->type().conforms_to(*this);
    }
    case Kind::any:
    case Kind::null:
    case Kind::boolean:
    case Kind::number:
    case Kind::string:
    case Kind::date:
    case Kind::time:
    case Kind::date_time:
    case Kind::days_time_duration:
    case Kind::years_months_duration: break;
  }
  return true;
}

bool operator==(const Type& a, const Type& b) {
  if (a.kind_ != b.kind_) return false;
  if (a.details_ == b.details_) return true;
  if (a.details_ == nullptr || b.details_ == nullptr) return false;
  return a.element() == b.element() && a.fields() == b.fields() && a.parameters() == b.parameters() && a.result() == b.result() &&
         a.details_->constraint == b.details_->constraint;
}

Value coerce(const Value& v, const Type& type) {
  if (v.is_null() || type.admits(v)) return v;
  const List* l = v.list();
  if (l != nullptr && l->size() == 1 && type.kind() != Type::Kind::list) return coerce(l->front(), type);
  if (l == nullptr && type.kind() == Type::Kind::list && type.element().admits(v)) return Value(List{v});
  if (v.date() != nullptr && type.kind() == Type::Kind::date_time) {
    return Value(DateTime{*v.date(), Time{0, 0, 0, 0, ZoneInfo{ZoneInfo::Kind::offset, 0, {}}}});
  }
  return Value();
}

}  // namespace switchboard::feel
