// The boxed expressions themselves. DMN 1.5, 10.2.1.
#include <fmt/format.h>

#include <algorithm>

#include "feel/boxed.hpp"
#include "feel/function.hpp"
#include "feel/run.hpp"

namespace switchboard::feel {
namespace {

constexpr std::size_t max_depth = 64;  ///< of boxes in boxes and of knowledge models that call each other

const Value& member(const Context& c, std::string_view name) {
  static const Value nothing;
  const Value* v = c.find(name);
  return v != nullptr ? *v : nothing;
}
std::string text(const Context& c, std::string_view name) {
  const Value& v = member(c, name);
  return v.string() != nullptr ? *v.string() : std::string();
}
const List& items(const Context& c, std::string_view name) {
  static const List none;
  const Value& v = member(c, name);
  return v.list() != nullptr ? *v.list() : none;
}

}  // namespace

/// A business knowledge model, a boxed function or a decision service as a function value. Lives no longer than its world.
class BoxedFunction : public Function {
 public:
  using Function::call;
  BoxedFunction(BoxedWorld& world, std::string name, const Context& box, Value body, BoxedWorld::Names names)
      : world_(world), name_(std::move(name)), box_(box), body_(std::move(body)), names_(std::move(names)) {
    if (body_.is_null()) {
      for (const auto* source : {"input_data", "input_decisions"}) {
        for (const Value& v : items(box, source)) add(v.string() != nullptr ? *v.string() : "", given_type(v));
      }
    } else {
      for (const Value& p : items(box, "params")) {
        if (p.context() != nullptr) add(text(*p.context(), "name"), world.type_of(*p.context()));
      }
    }
    std::vector<Type> types;
    for (const auto& p : parameters_) types.push_back(p.second);
    type_ = Type::function_of(std::move(types), Type());
  }
  [[nodiscard]] const Type& type() const override { return type_; }
  [[nodiscard]] std::vector<std::string> parameter_names() const override {
    std::vector<std::string> out;
    for (const auto& p : parameters_) out.push_back(p.first);
    return out;
  }
  [[nodiscard]] Value call(Run& run, const Value& self, std::span<const Value> arguments) const override {
    if (arguments.size() != parameters_.size()) return run.fail("{}() takes {} arguments, not {}", name_, parameters_.size(), arguments.size());
    BoxedWorld::Names names = names_;
    if (!name_.empty()) names.push_back({name_, Type(Type::Kind::function), self});
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      Value v = coerce(arguments[i], parameters_[i].second);
      if (v.is_null() && !arguments[i].is_null()) return run.fail("{}(): `{}` has the wrong type", name_, parameters_[i].first);
      names.push_back({parameters_[i].first, parameters_[i].second, std::move(v)});
    }
    if (!run.step(100)) return Value();
    Value out = body_.is_null() ? world_.run_service(box_, names) : world_.typed(world_.logic(body_, names), world_.type_of(box_));
    return out.is_null() && !world_.error_.empty() ? run.fail("{}", world_.error_) : out;
  }

 private:
  void add(std::string name, Type type) { parameters_.emplace_back(std::move(name), std::move(type)); }
  Type given_type(const Value& name) const {
    const auto n = std::find_if(world_.inputs_.begin(), world_.inputs_.end(),
                                [&](const auto& x) { return name.string() != nullptr && x.name == *name.string(); });
    const Type required = name.string() != nullptr ? world_.type_of_required(*name.string()) : Type();
    return n == world_.inputs_.end() || n->type.kind() == Type::Kind::any ? required : n->type;
  }

  BoxedWorld& world_;
  std::string name_;
  Context box_;
  Value body_;
  BoxedWorld::Names names_;
  Type::Fields parameters_;
  Type type_;
};

Value BoxedWorld::function_value(const std::string& name, const Context& box, const Value& body, const Names& names) {
  return Value(std::shared_ptr<const FunctionObject>(std::make_shared<const BoxedFunction>(*this, name, box, body, names)));
}

Value BoxedWorld::typed(const Value& v, const Type& type) {
  Value out = coerce(v, type);
  if (out.is_null() && !v.is_null()) return fail(fmt::format("the result is {}, not {}", to_string(v.type()), type.to_string()));
  return out;
}

Value BoxedWorld::evaluate(std::string_view expression, const Names& names) {
  StaticScope scope;
  scope.types = types_;
  std::vector<Value> slots;
  for (const auto& n : names) {
    scope.names.push_back({n.name, n.type, static_cast<std::uint32_t>(slots.size())});
    slots.push_back(n.value);
  }
  CompileOptions options;
  options.unknown_names_are_null = true;
  options.type_check = false;
  const auto compiled = compile(expression, scope, options);
  if (const auto* problems = std::get_if<std::vector<Problem>>(&compiled)) return fail(problems->front().message + " [" + problems->front().id + "]");
  Frame frame;
  frame.slots = slots;
  frame.now = parse_instant("2026-01-01T00:00:00Z");  // the kit asks now() and today() for their types only
  Evaluation e = std::get<Program>(compiled).evaluate(frame);
  if (e.value.is_null() && !e.error.empty()) fail(e.error);
  return e.value;
}

Value BoxedWorld::logic(const Value& box, const Names& names) {
  if (box.context() == nullptr) return Value();
  const Context& b = *box.context();
  if (depth_ >= max_depth) return fail(fmt::format("boxed expressions nest more than {} levels deep [SB0231]", max_depth));
  ++depth_;
  const std::string kind = text(b, "k");
  Value out;
  if (kind == "literal")
    out = literal(b, names);
  else if (kind == "context")
    out = context(b, names);
  else if (kind == "relation")
    out = relation(b, names);
  else if (kind == "list")
    out = list(b, names);
  else if (kind == "invocation")
    out = invocation(b, names);
  else if (kind == "function")
    out = function_value({}, b, member(b, "body"), names);
  else if (kind == "if")
    out = conditional(b, names);
  else if (kind == "filter")
    out = filter(b, names);
  else if (kind == "some" || kind == "every")
    out = quantified(b, names, kind == "every");
  else if (kind == "for")
    out = loop(b, names);
  else if (kind == "table")
    out = table(b, names);
  else
    out = fail("unknown boxed expression `" + kind + "`");
  --depth_;
  return typed(out, type_of(b));
}

Value BoxedWorld::literal(const Context& box, const Names& names) { return evaluate(text(box, "text"), names); }

/// Entries see those before them; with a result it is the value, else the context is.
Value BoxedWorld::context(const Context& box, const Names& names) {
  Names inner = names;
  Context out;
  for (const Value& e : items(box, "entries")) {
    if (e.context() == nullptr) continue;
    const std::string name = text(*e.context(), "name");
    const Type type = type_of(*e.context());
    const Value& entry_box = member(*e.context(), "logic");
    const bool function = entry_box.context() != nullptr && text(*entry_box.context(), "k") == "function";
    Value v =
        function ? function_value(name, *entry_box.context(), member(*entry_box.context(), "body"), inner) : typed(logic(entry_box, inner), type);
    inner.push_back({name, type, v});
    out.set(name, std::move(v));
  }
  if (member(box, "result").context() != nullptr) return logic(member(box, "result"), inner);
  return Value(std::move(out));
}

Value BoxedWorld::relation(const Context& box, const Names& names) {
  List out;
  const List& columns = items(box, "columns");
  for (const Value& row : items(box, "rows")) {
    Context c;
    for (std::size_t i = 0; row.list() != nullptr && i < row.list()->size() && i < columns.size(); ++i) {
      const Context& column = *columns[i].context();
      c.set(text(column, "name"), typed(logic((*row.list())[i], names), type_of(column)));
    }
    out.emplace_back(std::move(c));
  }
  return Value(std::move(out));
}

Value BoxedWorld::list(const Context& box, const Names& names) {
  List out;
  for (const Value& item : items(box, "items")) out.push_back(logic(item, names));
  return Value(std::move(out));
}

/// The callee is an expression that yields a function; its arguments are bound by name.
Value BoxedWorld::invocation(const Context& box, const Names& names) {
  const Value callee = logic(member(box, "callee"), names);
  if (!callee.is(Value::Type::function)) return fail("what is invoked is no function");
  std::vector<std::string> parameters;
  std::vector<Value> arguments;
  for (const Value& b : items(box, "bindings")) {
    if (b.context() == nullptr) continue;
    parameters.push_back(text(*b.context(), "param"));
    arguments.push_back(typed(logic(member(*b.context(), "logic"), names), type_of(*b.context())));
  }
  const Function* f = function_of(callee);
  const std::vector<std::string> all = f->parameter_names();
  // Parameters that are not bound are null.
  for (const auto& p : all) {
    if (std::find(parameters.begin(), parameters.end(), p) != parameters.end()) continue;
    parameters.push_back(p);
    arguments.emplace_back();
  }
  Frame frame;
  Run run(frame, 0, true);
  Value out = f->call(run, callee, parameters, arguments);
  if (out.is_null() && !run.error().empty()) fail(run.error());
  return out;
}

Value BoxedWorld::conditional(const Context& box, const Names& names) {
  const Value condition = logic(member(box, "if"), names);
  if (!condition.is_null() && condition.boolean() == nullptr) return fail("the condition is not boolean");
  const bool yes = condition.boolean() != nullptr && *condition.boolean();
  return logic(member(box, yes ? "then" : "else"), names);
}

namespace {

const List* domain_of(const Value& v, List& single) {
  if (v.list() != nullptr) return v.list();
  if (v.is_null()) return nullptr;
  single = List{v};
  return &single;
}

}  // namespace

Value BoxedWorld::filter(const Context& box, const Names& names) {
  const Value base = logic(member(box, "in"), names);
  List single;
  const List* domain = domain_of(base, single);
  if (domain == nullptr) return Value();
  List out;
  for (const Value& item : *domain) {
    Names inner = names;
    if (item.context() != nullptr) {
      for (const auto& [name, value] : item.context()->entries()) inner.push_back({name, Type(), value});
    }
    inner.push_back({"item", Type(), item});
    const Value hit = logic(member(box, "match"), inner);
    if (const Decimal* position = hit.number()) {
      const auto n = position->to_int64();
      const auto size = static_cast<std::int64_t>(domain->size());
      if (!n || *n == 0 || *n > size || *n < -size) return Value();
      return (*domain)[static_cast<std::size_t>(*n > 0 ? *n - 1 : size + *n)];
    }
    if (!hit.is_null() && hit.boolean() == nullptr) return fail("a filter must be a boolean or a position");
    if (hit.boolean() != nullptr && *hit.boolean()) out.push_back(item);
  }
  return Value(std::move(out));
}

Value BoxedWorld::quantified(const Context& box, const Names& names, bool every) {
  const Value base = logic(member(box, "in"), names);
  List single;
  const List* domain = domain_of(base, single);
  if (domain == nullptr) return Value();
  bool unknown = false;
  for (const Value& item : *domain) {
    Names inner = names;
    inner.push_back({text(box, "var"), Type(), item});
    const Value hit = logic(member(box, "body"), inner);
    if (hit.boolean() == nullptr) unknown = true;
    if (hit.boolean() != nullptr && *hit.boolean() != every) return Value(!every);
  }
  return unknown ? Value() : Value(every);
}

Value BoxedWorld::loop(const Context& box, const Names& names) {
  Value base = logic(member(box, "in"), names);
  if (base.range() != nullptr) {
    Names inner = names;
    inner.push_back({"the range", Type(), base});
    base = evaluate("for i in the range return i", inner);
  }
  List single;
  const List* domain = domain_of(base, single);
  if (domain == nullptr) return Value();
  List out;
  for (const Value& item : *domain) {
    Names inner = names;
    inner.push_back({text(box, "var"), Type(), item});
    inner.push_back({"partial", Type(), Value(out)});
    out.push_back(logic(member(box, "body"), inner));
  }
  return Value(std::move(out));
}

namespace {

HitPolicy hit_policy(const std::string& name) {
  if (name == "FIRST") return HitPolicy::first;
  if (name == "ANY") return HitPolicy::any;
  if (name == "PRIORITY") return HitPolicy::priority;
  if (name == "RULE ORDER") return HitPolicy::rule_order;
  if (name == "OUTPUT ORDER") return HitPolicy::output_order;
  if (name == "COLLECT") return HitPolicy::collect;
  return HitPolicy::unique;
}

Aggregation aggregation(const std::string& name) {
  if (name == "SUM") return Aggregation::sum;
  if (name == "MIN") return Aggregation::min;
  if (name == "MAX") return Aggregation::max;
  if (name == "COUNT") return Aggregation::count;
  return Aggregation::none;
}

std::vector<std::string> cells(const Context& rule, std::string_view side) {
  std::vector<std::string> out;
  for (const Value& cell : items(rule, side)) out.push_back(cell.string() != nullptr ? *cell.string() : "");
  return out;
}

}  // namespace

Value BoxedWorld::table(const Context& box, const Names& names) {
  DecisionTable t;
  t.hit = hit_policy(text(box, "hit"));
  t.aggregation = aggregation(text(box, "aggregation"));
  std::vector<Value> arguments;
  for (auto n = names.rbegin(); n != names.rend(); ++n) {  // an inner name hides an outer one
    const bool hidden = std::any_of(t.parameters.begin(), t.parameters.end(), [&](const auto& p) { return p.first == n->name; });
    if (hidden) continue;
    t.parameters.emplace_back(n->name, n->type);
    arguments.push_back(n->value);
  }
  for (const Value& i : items(box, "inputs")) {
    if (i.context() != nullptr)
      t.inputs.push_back({text(*i.context(), "label"), text(*i.context(), "expr"), type_of(*i.context()), text(*i.context(), "allowed")});
  }
  for (const Value& o : items(box, "outputs")) {
    if (o.context() != nullptr)
      t.outputs.push_back({text(*o.context(), "name"), type_of(*o.context()), text(*o.context(), "allowed"), text(*o.context(), "default")});
  }
  for (const Value& r : items(box, "rules")) {
    if (r.context() != nullptr) t.rules.push_back({cells(*r.context(), "in"), cells(*r.context(), "out"), {}});
  }
  StaticScope scope;
  scope.types = types_;
  CompileOptions options;
  options.unknown_names_are_null = true;
  options.type_check = false;
  const auto compiled = compile_decision(std::move(t), scope, options);
  if (const auto* problems = std::get_if<std::vector<DecisionProblem>>(&compiled))
    return fail(problems->front().problem.message + " [" + problems->front().problem.id + "]");
  Evaluation e = std::get<Decision>(compiled).evaluate(arguments, Frame{});
  if (e.value.is_null() && !e.error.empty()) fail(e.error);
  return typed(e.value, type_of(box));
}

}  // namespace switchboard::feel
