// A line of the kit: item definitions, inputs, requirements, decision services.
#include "feel/boxed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_set>

#include "feel/function.hpp"
#include "feel/literal.hpp"
#include "feel/run.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::feel {
namespace {

constexpr std::size_t max_type_depth = 32;

const Context* context_in(const Context& c, std::string_view name) {
  const Value* v = c.find(name);
  return v != nullptr ? v->context() : nullptr;
}
const List* list_in(const Context& c, std::string_view name) {
  const Value* v = c.find(name);
  return v != nullptr ? v->list() : nullptr;
}
std::string text_in(const Context& c, std::string_view name) {
  const Value* v = c.find(name);
  return v != nullptr && v->string() != nullptr ? *v->string() : std::string();
}
bool true_in(const Context& c, std::string_view name) {
  const Value* v = c.find(name);
  return v != nullptr && v->boolean() != nullptr && *v->boolean();
}

/// Allowed values of an item definition, as unary tests.
class AllowedValues : public Constraint {
 public:
  AllowedValues(Program tests, bool collection) : tests_(std::move(tests)), collection_(collection) {}
  [[nodiscard]] bool allows(const Value& v) const override {
    if (collection_ && v.list() != nullptr)
      return std::all_of(v.list()->begin(), v.list()->end(), [this](const Value& item) { return allows_one(item); });
    return allows_one(v);
  }

 private:
  [[nodiscard]] bool allows_one(const Value& v) const {
    Frame frame;
    frame.slots = std::span(&v, 1);
    return v.is_null() || tests_.is_true(frame);
  }
  Program tests_;
  bool collection_;
};

/// Text of an untyped test value as its declared type says.
Value from_text(const std::string& text, const Type& type) {
  switch (type.kind()) {
    case Type::Kind::number:
      if (const auto d = Decimal::parse(text)) return Value(*d);
      return Value(text);
    case Type::Kind::boolean: return text == "true" || text == "false" ? Value(text == "true") : Value(text);
    case Type::Kind::any:
    case Type::Kind::string: return Value(text);
    case Type::Kind::null:
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
  Value v = parse_at_literal(text);
  return v.is_null() ? Value(text) : v;
}

}  // namespace

BoxedWorld::BoxedWorld(const Context& line) : line_(line) {
  definitions_ = context_in(line, "types");
  if (definitions_ != nullptr) read_types(*definitions_);
  if (const auto* inputs = context_in(line, "inputs")) read_inputs(*inputs);
}

void BoxedWorld::read_types(const Context& types) {
  for (const auto& [name, definition] : types.entries()) {
    if (definition.context() != nullptr) types_.emplace_back(name, item_definition(*definition.context(), 0));
  }
}

/// A type by name: a built-in one, or an item definition.
Type BoxedWorld::type_named(std::string_view name, std::size_t depth) {
  if (depth > max_type_depth) return Type();
  const auto known = std::find_if(types_.begin(), types_.end(), [&](const auto& t) { return t.first == name; });
  if (known != types_.end()) return known->second;
  if (definitions_ != nullptr) {
    if (const auto* definition = context_in(*definitions_, name)) return item_definition(*definition, depth + 1);
  }
  return Type::parse(name).value_or(Type());
}

Type BoxedWorld::item_definition(const Context& d, std::size_t depth) {
  if (depth > max_type_depth) return Type();
  Type type;
  if (const auto* components = context_in(d, "components")) {
    Type::Fields fields;
    for (const auto& [name, component] : components->entries()) {
      if (component.context() != nullptr) fields.emplace_back(name, item_definition(*component.context(), depth + 1));
    }
    type = Type::context_of(std::move(fields));
  } else if (const auto* function = context_in(d, "function")) {
    std::vector<Type> parameters;
    if (const auto* list = list_in(*function, "params")) {
      for (const Value& p : *list) parameters.push_back(p.context() != nullptr ? type_named(text_in(*p.context(), "type"), depth + 1) : Type());
    }
    type = Type::function_of(std::move(parameters), type_named(text_in(*function, "output"), depth + 1));
  } else {
    type = type_named(text_in(d, "type"), depth + 1);
  }
  const bool collection = true_in(d, "collection");
  if (collection) type = Type::list_of(type);
  if (const std::string allowed = text_in(d, "allowed"); !allowed.empty()) {
    CompileOptions options;
    options.type_check = false;
    auto tests = compile_unary_tests(allowed, StaticScope{}, 0, Type(), options);
    if (auto* program = std::get_if<Program>(&tests))
      type = Type::constrained(type, std::make_shared<const AllowedValues>(std::move(*program), collection));
  }
  return type;
}

Type BoxedWorld::type_of(const Context& holder, std::string_view member) {
  const std::string name = text_in(holder, member);
  return name.empty() ? Type() : type_named(name, 0);
}

/// A test's value as tagged; untyped texts become what the declared type says, inside lists and contexts too.
Value BoxedWorld::input_value(const Context& input, const Type& type) {
  if (true_in(input, "untyped") && input.find("v") != nullptr && input.find("v")->string() != nullptr)
    return from_text(*input.find("v")->string(), type);
  const std::string tag = text_in(input, "t");
  if (const auto* items = list_in(input, "v"); tag == "list" && items != nullptr) {
    List out;
    for (const Value& item : *items) out.push_back(item.context() != nullptr ? input_value(*item.context(), type.element()) : Value());
    return Value(std::move(out));
  }
  if (const auto* entries = context_in(input, "v"); tag == "context" && entries != nullptr) {
    Context out;
    for (const auto& [name, entry] : entries->entries()) {
      const auto field = std::find_if(type.fields().begin(), type.fields().end(), [&, &wanted = name](const auto& f) { return f.first == wanted; });
      out.append_new(name,
                     entry.context() != nullptr ? input_value(*entry.context(), field != type.fields().end() ? field->second : Type()) : Value());
    }
    return Value(std::move(out));
  }
  auto v = from_tagged(Value(input));
  if (!v && bad_input_.empty()) bad_input_ = v.error().text();
  return v ? v.value() : Value();
}

namespace {

/// What is known of a value whose type nobody declared: which names its contexts have. Those of several words cannot be read without.
Type shape_of(const Value& v) {
  const List alone = v.context() != nullptr ? List{v} : List{};
  const List* items = v.list() != nullptr ? v.list() : &alone;
  if (items->empty() || !std::all_of(items->begin(), items->end(), [](const Value& item) { return item.context() != nullptr; })) return {};
  Type::Fields fields;
  std::unordered_set<std::string_view> known;
  for (const Value& item : *items)
    for (const auto& [name, entry] : item.context()->entries())
      if (known.insert(name).second) fields.emplace_back(name, shape_of(entry));
  Type all = Type::context_of(std::move(fields));
  return v.list() != nullptr ? Type::list_of(std::move(all)) : all;
}

}  // namespace

void BoxedWorld::read_inputs(const Context& inputs) {
  for (const auto& [name, input] : inputs.entries()) {
    if (input.context() == nullptr) continue;
    const Type declared = type_of(*input.context());
    Value value = coerce(input_value(*input.context(), declared), declared);
    Type type = declared.kind() == Type::Kind::any ? shape_of(value) : declared;
    inputs_.push_back({name, std::move(type), std::move(value)});
  }
}

Value BoxedWorld::fail(std::string why) {
  if (error_.empty()) error_ = std::move(why);
  return Value();
}

Value BoxedWorld::answer() {
  if (!bad_input_.empty()) return fail(bad_input_);
  Names names = inputs_;
  if (context_in(line_, "invoke") != nullptr) return invoke_service();
  if (const auto* required = list_in(line_, "requires")) {
    for (const Value& r : *required) {
      if (r.context() != nullptr) require(*r.context(), names, false);
    }
  }
  error_.clear();
  Value out;
  if (const Value* table_box = line_.find("table"); table_box != nullptr && table_box->context() != nullptr) {
    out = table(*table_box->context(), names);
  } else if (const Value* box = line_.find("logic"); box != nullptr && box->context() != nullptr) {
    out = logic(*box, names);
  } else {
    out = evaluate(text_in(line_, "expression"), names);
  }
  return typed(out, type_of(line_, "result_type"));
}

/// Adds what another decision, knowledge model or service offers.
void BoxedWorld::require(const Context& required, Names& names, bool only_decisions) {
  const std::string kind = text_in(required, "kind");
  const std::string name = text_in(required, "name");
  const Value* box = required.find("logic");
  if (kind == "decision" && box != nullptr) {
    const Type type = type_of(required);
    names.push_back({name, type, typed(logic(*box, names), type)});
  } else if (kind == "bkm" && box != nullptr && !only_decisions) {
    // A knowledge model sees its parameters and other models, not the inputs of whoever calls it (DMN 1.5, 6.3.9).
    Names models;
    std::copy_if(names.begin(), names.end(), std::back_inserter(models), [](const Name& n) { return n.model; });
    names.push_back({name, Type(Type::Kind::function), function_value(name, required, *box, models), true});
  } else if (kind == "service" && !only_decisions) {
    names.push_back({name, Type(Type::Kind::function), function_value(name, required, Value(), names), true});
  }
}

Value BoxedWorld::invoke_service() {
  const auto* service = context_in(line_, "service");
  if (service == nullptr) return fail("the service is not there");
  for (const auto* member : {"input_data", "input_decisions"}) {
    const auto* wanted = list_in(*service, member);
    if (wanted == nullptr) continue;
    for (const Value& w : *wanted) {
      const auto given = std::find_if(inputs_.begin(), inputs_.end(), [&](const Name& n) { return w.string() != nullptr && n.name == *w.string(); });
      if (given == inputs_.end()) continue;
      const auto* raw = context_in(*context_in(line_, "inputs"), given->name);
      if (given->value.is_null() && raw != nullptr && text_in(*raw, "t") != "null") return fail(fmt::format("`{}` has the wrong type", given->name));
    }
  }
  Value out = run_service(*service, inputs_);
  // A service with several outputs gives a context; the test line may name the one output that it compares.
  const auto* outputs = list_in(*service, "output");
  const Value* one = outputs != nullptr && outputs->size() > 1 && out.context() != nullptr ? out.context()->find(text_in(line_, "result")) : nullptr;
  if (one != nullptr) out = Value(*one);
  return typed(out, type_of(line_, "result_type"));
}

/// DMN 1.5, 10.4: the decisions of the service, given its inputs; one output is a value, several are a context.
Value BoxedWorld::run_service(const Context& service, const Names& given) {
  Names names = given;
  const auto listed = [&](std::string_view member, const std::string& name) {
    const auto* l = list_in(service, member);
    return l != nullptr && std::any_of(l->begin(), l->end(), [&](const Value& v) { return v.string() != nullptr && *v.string() == name; });
  };
  if (const auto* required = list_in(line_, "requires")) {
    for (const Value& r : *required) {
      if (r.context() == nullptr) continue;
      const std::string name = text_in(*r.context(), "name");
      if (name == text_in(service, "name")) break;
      if (!listed("input_decisions", name)) require(*r.context(), names, false);
    }
  }
  const auto value_of = [&](const std::string& name) {
    const auto n = std::find_if(names.rbegin(), names.rend(), [&](const Name& x) { return x.name == name; });
    return n != names.rend() ? n->value : Value();
  };
  const auto* outputs = list_in(service, "output");
  if (outputs == nullptr || outputs->empty()) return fail("the service has no output");
  Value out;
  if (outputs->size() == 1) {
    out = value_of(*outputs->front().string());
  } else {
    Context c;
    for (const Value& o : *outputs) {
      if (o.string() != nullptr) c.set(*o.string(), value_of(*o.string()));
    }
    out = Value(std::move(c));
  }
  return typed(out, type_of(service));
}

}  // namespace switchboard::feel
