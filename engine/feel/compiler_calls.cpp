// Paths, filters, calls and control.
#include <algorithm>

#include "feel/compiler.hpp"
#include "feel/names.hpp"
#include "feel/probe.hpp"
#include "feel/type_text.hpp"
#include "switchboard/base/text.hpp"

namespace switchboard::feel {
namespace {

using Kind = Type::Kind;

/// The properties of a scalar type with their types.
Type::Fields properties_of(const Type& t) {
  const Type number(Kind::number);
  const Type boolean(Kind::boolean);
  Type::Fields day{{"year", number}, {"month", number}, {"day", number}, {"weekday", number}};
  Type::Fields clock{
      {"hour", number}, {"minute", number}, {"second", number}, {"time offset", Type(Kind::days_time_duration)}, {"timezone", Type(Kind::string)}};
  switch (t.kind()) {
    case Kind::date: return day;
    case Kind::time: return clock;
    case Kind::date_time: {
      Type::Fields all = day;
      all.insert(all.end(), clock.begin(), clock.end());
      return all;
    }
    case Kind::days_time_duration: return {{"days", number}, {"hours", number}, {"minutes", number}, {"seconds", number}};
    case Kind::years_months_duration: return {{"years", number}, {"months", number}};
    case Kind::range: return {{"start", t.element()}, {"end", t.element()}, {"start included", boolean}, {"end included", boolean}};
    case Kind::context: return t.fields();
    case Kind::any:
    case Kind::null:
    case Kind::boolean:
    case Kind::number:
    case Kind::string:
    case Kind::list:
    case Kind::function: break;
  }
  return {};
}

Type element_type(const Type& domain) {
  if (domain.kind() == Kind::list || domain.kind() == Kind::range) return domain.element();
  return domain;
}

}  // namespace

Compiler::Lowered Compiler::path(const Syntax& s) {
  Lowered base = lower(*s.items[0]);
  const std::string name = canonical_name(s.text);
  Type type = property_type(base.type, name, s);
  return {std::make_unique<PathNode>(std::move(base.node), name), std::move(type), base.given};
}

Type Compiler::property_type(const Type& base, const std::string& name, const Syntax& s) {
  if (is_open(base)) return Type();
  if (base.kind() == Kind::list) return Type::list_of(property_type(base.element(), name, s));
  const auto all = properties_of(base);
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& f) { return f.first == name; });
  if (found != all.end()) return found->second;
  const bool unknown_context = base.kind() == Kind::context && !base.has_details();
  if (options_.type_check && !unknown_context) {
    std::vector<std::string> names;
    for (const auto& f : all) names.push_back(f.first);
    const std::string nearest = nearest_name(name, names);
    problem(s, "SB0210", fmt::format("{} has no `{}`", base.kind() == Kind::context ? "the context" : base.to_string(), name),
            nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest));
  }
  return Type();
}

Compiler::Lowered Compiler::filter(const Syntax& s) {
  Lowered base = lower(*s.items[0]);
  const Type element = base.type.kind() == Kind::list ? base.type.element() : base.type;
  const std::size_t outer = bindings_.size();
  const std::uint32_t item = new_local("item", element);
  bindings_.push_back({Binding::Kind::fields, {}, element, item, static_cast<std::uint32_t>(levels_.size() - 1)});
  Lowered condition = lower(*s.items[1]);
  bindings_.resize(outer);
  const Kind kind = condition.type.kind();
  if (kind == Kind::number && condition.node->constant())
    return {std::make_unique<IndexNode>(std::move(base.node), std::move(condition.node)), element};
  if (options_.type_check && !is_open(condition.type) && kind != Kind::boolean && kind != Kind::number) {
    problem(*s.items[1], "SB0207", fmt::format("a filter must be a boolean or a position, not {}", condition.type.to_string()), "");
  }
  Type type = kind == Kind::boolean ? Type::list_of(element) : kind == Kind::number ? element : Type();
  return {std::make_unique<FilterNode>(std::move(base.node), std::move(condition.node), item), std::move(type)};
}

Compiler::Lowered Compiler::conditional(const Syntax& s) {
  Lowered condition = lower(*s.items[0]);
  require(condition, Kind::boolean, *s.items[0], "the condition of `if`");
  Lowered yes = lower(*s.items[1]);
  Lowered no = lower(*s.items[2]);
  Type type = yes.type == no.type || no.type.kind() == Kind::null ? yes.type : yes.type.kind() == Kind::null ? no.type : Type();
  return {std::make_unique<IfNode>(std::move(condition.node), std::move(yes.node), std::move(no.node)), std::move(type)};
}

std::vector<Iterator> Compiler::iterators(const Syntax& s) {
  std::vector<Iterator> out;
  for (const auto& entry : s.entries) {
    Lowered domain = lower(*entry.value);
    Iterator it;
    Type element = element_type(domain.type);
    it.domain = std::move(domain.node);
    if (entry.to != nullptr) {
      Lowered to = lower(*entry.to);
      const auto countable = [](const Type& t) { return is_open(t) || t.kind() == Kind::number || t.kind() == Kind::date; };
      if (options_.type_check && (!countable(domain.type) || !countable(to.type))) {
        problem(*entry.value, "SB0212",
                fmt::format("only whole numbers and dates can be counted, not {} to {}", domain.type.to_string(), to.type.to_string()), "",
                {domain.type.to_string(), to.type.to_string()});
      }
      it.to = std::move(to.node);
    }
    it.local = new_local(canonical_name(entry.name), std::move(element));
    out.push_back(std::move(it));
  }
  return out;
}

namespace {

bool mentions(const Syntax& s, std::string_view name) {
  if (s.kind == SyntaxKind::name && s.text == name) return true;
  for (const auto& item : s.items) {
    if (mentions(*item, name)) return true;
  }
  return std::any_of(s.entries.begin(), s.entries.end(), [&](const SyntaxEntry& e) {
    return (e.value != nullptr && mentions(*e.value, name)) || (e.to != nullptr && mentions(*e.to, name));
  });
}

}  // namespace

Compiler::Lowered Compiler::loop(const Syntax& s) {
  const std::size_t outer = bindings_.size();
  auto its = iterators(s);
  std::optional<std::uint32_t> partial;
  if (mentions(*s.items[0], "partial")) partial = new_local("partial", Type(Kind::list));
  Lowered body = lower(*s.items[0]);
  bindings_.resize(outer);
  return {std::make_unique<ForNode>(std::move(its), std::move(body.node), partial), Type::list_of(body.type)};
}

Compiler::Lowered Compiler::quantified(const Syntax& s) {
  const std::size_t outer = bindings_.size();
  auto its = iterators(s);
  Lowered condition = lower(*s.items[0]);
  require(condition, Kind::boolean, *s.items[0], "what `satisfies` says");
  bindings_.resize(outer);
  return {std::make_unique<QuantifiedNode>(s.kind == SyntaxKind::every, std::move(its), std::move(condition.node)), Type(Kind::boolean)};
}

Compiler::Lowered Compiler::function(const Syntax& s, const std::string& own_name) {
  const std::size_t outer = bindings_.size();
  auto code = std::make_shared<FunctionCode>();
  levels_.emplace_back();
  std::vector<Type> types;
  for (const auto& entry : s.entries) {
    const std::string name = canonical_name(entry.name);
    const bool twice = std::any_of(code->parameters.begin(), code->parameters.end(), [&](const auto& p) { return p.name == name; });
    if (twice) problem(s, "SB0218", fmt::format("the function has the parameter `{}` twice", name), "rename one of them");
    code->parameters.push_back({name, entry.type, entry.typed});
    types.push_back(entry.type);
    new_local(name, entry.type);
  }
  if (!own_name.empty()) code->self = new_local(canonical_name(own_name), Type(Kind::function));
  Lowered body = lower(*s.items[0]);
  bindings_.resize(outer);
  code->captures = std::move(levels_.back().captures);
  code->locals = levels_.back().locals;
  levels_.pop_back();
  code->levels = s.items[0]->depth + 1;
  code->body = std::move(body.node);
  code->type = Type::function_of(std::move(types), body.type);
  Type type = code->type;
  return {std::make_unique<FunctionNode>(std::move(code)), std::move(type)};
}

// --- calls ---

Compiler::Lowered Compiler::call(const Syntax& s) {
  const Syntax& callee = *s.items[0];
  if (callee.kind != SyntaxKind::name || callee.in_parentheses) return call_value(lower(callee), nullptr, s);
  const std::string name = canonical_name(callee.text);
  const Builtin* builtin = find_builtin(name);
  // A name of the user wins when it may be a function; a number called `count` does not hide count().
  const auto user =
      std::find_if(bindings_.rbegin(), bindings_.rend(), [&](const Binding& b) { return b.kind != Binding::Kind::fields && b.name == name; });
  const bool callable = user != bindings_.rend() && (is_open(user->type) || user->type.kind() == Kind::function || builtin == nullptr);
  if (callable) return call_value(lower(callee), builtin, s);
  for (const auto& f : scope_.functions) {
    if (canonical_name(f.name) == name) return call_host_node(f, s);
  }
  if (builtin != nullptr) return call_builtin_node(*builtin, s);
  const bool in_filter = std::any_of(bindings_.begin(), bindings_.end(), [](const Binding& b) { return b.kind == Binding::Kind::fields; });
  if (in_filter) return call_value(lower(callee), nullptr, s);
  if (!options_.unknown_names_are_null) {
    const std::string nearest = nearest_name(name, known_names());
    problem(callee, "SB0203", fmt::format("unknown function `{}`", name), nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest));
  }
  return {std::make_unique<FailNode>(fmt::format("unknown function `{}`", name)), Type()};
}

void Compiler::arguments_of(const Syntax& s, std::vector<NodePtr>& nodes, std::vector<Type>& types, std::vector<std::string>& names) {
  const auto add = [&](const Syntax& argument) {
    Lowered v = lower(argument);
    nodes.push_back(std::move(v.node));
    types.push_back(std::move(v.type));
  };
  for (std::size_t i = 1; i < s.items.size(); ++i) add(*s.items[i]);
  for (const auto& entry : s.entries) {
    names.push_back(canonical_name(entry.name));
    add(*entry.value);
  }
}

/// Why these arguments cannot be for this way to call the function; empty when they can. `argument` is the one at fault.
std::string Compiler::fault_of(const Overload& o, const std::vector<Type>& types, const std::vector<std::string>& names, std::size_t& argument) {
  argument = types.size();
  std::vector<bool> given(o.parameters.size(), false);
  for (std::size_t i = 0; i < types.size(); ++i) {
    std::size_t p = i;
    if (!names.empty()) {
      p = static_cast<std::size_t>(std::find_if(o.parameters.begin(), o.parameters.end(), [&](const Parameter& q) { return q.name == names[i]; }) -
                                   o.parameters.begin());
      if (p == o.parameters.size() || o.variadic) return fmt::format("there is no parameter `{}`", names[i]);
      if (given[p]) return fmt::format("`{}` is given twice", names[i]);
    } else if (o.variadic && i + 1 >= o.parameters.size()) {
      given.back() = true;
      continue;
    } else if (i >= o.parameters.size()) {
      return fmt::format("takes {} arguments, not {}", o.parameters.size(), types.size());
    }
    given[p] = true;
    if (!may_fit(types[i], o.parameters[p].accepts)) {
      argument = i;
      return fmt::format("`{}` cannot be {}", o.parameters[p].name, types[i].to_string());
    }
  }
  for (std::size_t p = 0; p < o.parameters.size(); ++p) {
    const bool may_be_left_out = o.parameters[p].optional || (o.variadic && p + 1 == o.parameters.size() && p > 0);
    if (!given[p] && !may_be_left_out) return fmt::format("`{}` is missing", o.parameters[p].name);
  }
  return {};
}

void Compiler::check_builtin_call(const Builtin& builtin, const Syntax& s, const std::vector<Type>& types, const std::vector<std::string>& names) {
  std::string reason;
  std::size_t at = types.size();
  const Overload* nearest = &builtin.overloads.front();
  for (const auto& o : builtin.overloads) {
    std::size_t argument = 0;
    std::string why = fault_of(o, types, names, argument);
    if (why.empty()) return;
    // A wrong type says more than a wrong number of arguments.
    if (reason.empty() || (at == types.size() && argument != types.size())) {
      reason = std::move(why);
      at = argument;
      nearest = &o;
    }
  }
  const Syntax& where = at == types.size() ? s : names.empty() ? *s.items[at + 1] : *s.entries[at].value;
  problem(where, at == types.size() ? "SB0205" : "SB0206", fmt::format("{}(): {}", builtin.name, reason),
          "call it as " + signature_text(builtin, *nearest), at == types.size() ? std::vector<std::string>() : std::vector{types[at].to_string()});
}

Compiler::Lowered Compiler::call_builtin_node(const Builtin& builtin, const Syntax& s) {
  std::vector<NodePtr> nodes;
  std::vector<Type> types;
  std::vector<std::string> names;
  const std::size_t problems_before = problems_.size();
  arguments_of(s, nodes, types, names);
  uses_clock_ = uses_clock_ || builtin.clock;
  if (builtin.calendars) note_calendar(builtin, s);
  if (options_.type_check) check_builtin_call(builtin, s, types, names);
  if (builtin.name == "not" && nodes.size() == 1 && (names.empty() || names[0] == "negand")) {
    if (options_.type_check && !is_open(types[0]) && types[0].kind() != Kind::boolean) {
      problem(s, "SB0207", fmt::format("not() takes a boolean, not {}", types[0].to_string()), "");
    }
    return {std::make_unique<NotNode>(std::move(nodes[0])), Type(Kind::boolean)};
  }
  Type result = builtin.overloads.front().result;
  for (const auto& o : builtin.overloads) {
    std::size_t ignored = 0;
    if (!fault_of(o, types, names, ignored).empty()) continue;
    result = o.infer != nullptr && names.empty() ? o.infer(types) : o.result;
    break;
  }
  if (options_.type_check && problems_.size() == problems_before) probe(builtin, s, nodes, types, names);
  return {std::make_unique<BuiltinCallNode>(builtin, std::move(nodes), std::move(names)), std::move(result), builtin.clock};
}

namespace {

bool has_no_offset(const Value& v) {
  if (const DateTime* t = v.date_time()) return t->time.zone.kind == ZoneInfo::Kind::local;
  if (const Range* r = v.range()) return has_no_offset(r->low) || has_no_offset(r->high);
  const List* l = v.list();
  return l != nullptr && std::any_of(l->begin(), l->end(), [](const Value& item) { return item.date_time() != nullptr && has_no_offset(item); });
}

}  // namespace

/// A date and time without an offset stands on no line with those that have one: whatever is asked of both is null (docs/feel.md).
void Compiler::refuse_local(const Lowered& given, const Node& other, const Syntax& s) {
  if (!options_.type_check || !given.given || given.type.kind() != Kind::date_time) return;
  if (other.content() == nullptr || !has_no_offset(*other.content())) return;
  problem(s, "SB0214", "this is always null: a date and time without an offset is compared with one that has one",
          "write the offset or the zone: @\"2026-03-12T08:30:00+08:00\", @\"2026-03-12T08:30:00@Asia/Shanghai\"");
}

void Compiler::check_operands(const Syntax& s, const Lowered& left, const Lowered& right) {
  if (s.kind == SyntaxKind::compare || s.op == Op::subtract) {
    refuse_local(left, *right.node, s);
    refuse_local(right, *left.node, s);
  }
  const bool divides = s.kind == SyntaxKind::arithmetic && s.op == Op::divide;
  const Decimal* divisor = divides && right.node->content() != nullptr ? right.node->content()->number() : nullptr;
  if (options_.type_check && divisor != nullptr && divisor->is_zero() && !left.node->constant())
    problem(s, "SB0214", "this is always null: division by zero", "divide by something else");
}

/// A constant argument at fault makes the call null whatever the others are. What is constant altogether is told when it is folded.
void Compiler::probe(const Builtin& builtin, const Syntax& s, const std::vector<NodePtr>& nodes, const std::vector<Type>& types,
                     const std::vector<std::string>& names) {
  std::vector<ProbedArgument> arguments;
  std::size_t constants = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    ProbedArgument& argument = arguments.emplace_back(ProbedArgument{{}, mask_of(types[i])});
    if (!nodes[i]->constant()) continue;
    const Frame nothing;
    Run run(nothing, 0, true, probing_steps);
    argument.constant = nodes[i]->value(run);
    if (run.stopped() || !run.error().empty()) return;
    ++constants;
  }
  if (constants == 0 || (constants == nodes.size() && !builtin.calendars)) return;
  if (auto why = always_null(builtin, arguments, names))
    problem(s, "SB0214", fmt::format("this is always null: {}", *why),
            "correct the argument; call it as " + signature_text(builtin, builtin.overloads.front()));
}

/// Which calendar is asked has to be known before anything runs: it is checked, kept with the definition, and its changes reach the case.
void Compiler::note_calendar(const Builtin& builtin, const Syntax& s) {
  const std::size_t last = builtin.overloads.front().parameters.size() - 1;
  const Syntax* named = last + 1 < s.items.size() ? s.items[last + 1].get() : nullptr;
  for (const auto& entry : s.entries)
    if (canonical_name(entry.name) == builtin.overloads.front().parameters[last].name) named = entry.value.get();
  const bool is_left_out = named == nullptr || (named->kind == SyntaxKind::literal && named->value.is_null());
  if (is_left_out) return used_calendars_.push_back({{}, s.offset});
  const std::string* id = named->kind == SyntaxKind::literal ? named->value.string() : nullptr;
  if (id != nullptr && !id->empty()) return used_calendars_.push_back({*id, named->offset});
  problem(*named, "SB0219", fmt::format("{}(): the calendar must be written as a text", builtin.name),
          "for example \"cn\", so that it can be checked; choose between calendars with `if`");
}

Compiler::Lowered Compiler::call_host_node(const HostSignature& signature, const Syntax& s) {
  std::vector<NodePtr> nodes;
  std::vector<Type> types;
  std::vector<std::string> names;
  arguments_of(s, nodes, types, names);
  used_functions_.insert(signature.id);
  std::vector<NodePtr> ordered(signature.parameters.size());
  const auto complain = [&](const std::string& why) {
    std::string hint = "call it as " + signature.name + "(";
    for (const auto& p : signature.parameters) hint += (hint.back() == '(' ? "" : ", ") + p.first + ": " + p.second.to_string();
    problem(s, "SB0205", fmt::format("{}(): {}", signature.name, why), hint + ")");
  };
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    std::size_t p = i;
    if (!names.empty()) {
      p = static_cast<std::size_t>(
          std::find_if(signature.parameters.begin(), signature.parameters.end(), [&](const auto& q) { return canonical_name(q.first) == names[i]; }) -
          signature.parameters.begin());
    }
    if (p >= signature.parameters.size()) {
      complain(names.empty() ? fmt::format("takes {} arguments, not {}", signature.parameters.size(), nodes.size())
                             : fmt::format("there is no parameter `{}`", names[i]));
      return {std::make_unique<FailNode>("a call that does not fit"), signature.result};
    }
    if (options_.type_check && !may_fit(types[i], signature.parameters[p].second)) {
      problem(s, "SB0206",
              fmt::format("{}(): `{}` is {}, not {}", signature.name, signature.parameters[p].first, types[i].to_string(),
                          signature.parameters[p].second.to_string()),
              "", {types[i].to_string(), signature.parameters[p].second.to_string()});
    }
    ordered[p] = std::move(nodes[i]);
  }
  for (std::size_t p = 0; p < ordered.size(); ++p) {
    if (ordered[p] == nullptr && p < signature.required) complain(fmt::format("`{}` is missing", signature.parameters[p].first));
    if (ordered[p] == nullptr) ordered[p] = std::make_unique<ConstantNode>(Value());
  }
  return {std::make_unique<HostCallNode>(signature.id, std::move(ordered), signature.name), signature.result};
}

Compiler::Lowered Compiler::call_value(Lowered callee, const Builtin* builtin, const Syntax& s) {
  std::vector<NodePtr> nodes;
  std::vector<Type> types;
  std::vector<std::string> names;
  arguments_of(s, nodes, types, names);
  if (options_.type_check && builtin == nullptr) {
    if (!is_open(callee.type) && callee.type.kind() != Kind::function)
      problem(s, "SB0213", fmt::format("{} cannot be called", callee.type.to_string()), "");
    const bool known = callee.type.kind() == Kind::function && callee.type.has_details();
    if (known && callee.type.parameters().size() != types.size()) {
      problem(s, "SB0205", fmt::format("the function takes {} arguments, not {}", callee.type.parameters().size(), types.size()), "");
    }
  }
  Type result = callee.type.kind() == Kind::function ? callee.type.result() : Type();
  return {std::make_unique<ValueCallNode>(std::move(callee.node), builtin, std::move(nodes), std::move(names)), std::move(result)};
}

}  // namespace switchboard::feel
