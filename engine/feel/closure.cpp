// Function values: closures, and calling whatever can be called.
#include <algorithm>

#include "feel/nodes.hpp"

namespace switchboard::feel {
namespace {

class Closure : public Function {
 public:
  using Function::call;
  Closure(std::shared_ptr<const FunctionCode> code, std::vector<Value> captured) : code_(std::move(code)), captured_(std::move(captured)) {}
  [[nodiscard]] const Type& type() const override { return code_->type; }
  [[nodiscard]] std::vector<std::string> parameter_names() const override {
    std::vector<std::string> out;
    for (const auto& p : code_->parameters) out.push_back(p.name);
    return out;
  }

  [[nodiscard]] Value call(Run& run, const Value& self, std::span<const Value> arguments) const override {
    if (arguments.size() != code_->parameters.size()) {
      return run.fail("the function takes {} arguments, not {}", code_->parameters.size(), arguments.size());
    }
    std::vector<Value> locals(code_->locals);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const auto& p = code_->parameters[i];
      if (!p.typed) {
        locals[i] = arguments[i];
        continue;
      }
      locals[i] = coerce(arguments[i], p.type);
      if (locals[i].is_null() && !arguments[i].is_null()) {
        return run.fail("argument `{}` is {}, not {}", p.name, to_string(arguments[i].type()), p.type.to_string());
      }
    }
    for (std::size_t i = 0; i < captured_.size(); ++i) {
      if (!run.copies(captured_[i])) return Value();
      locals[code_->captures[i].local] = captured_[i];
    }
    if (code_->self) locals[*code_->self] = self;
    return run.call(locals, code_->levels, [&] { return code_->body->value(run); });
  }

 private:
  std::shared_ptr<const FunctionCode> code_;
  std::vector<Value> captured_;
};

}  // namespace

Value FunctionNode::eval(Run& run) const {
  std::vector<Value> captured;
  captured.reserve(code_->captures.size());
  for (const auto& c : code_->captures) {
    captured.push_back(c.from->value(run));
    if (!run.copies(captured.back())) return Value();
  }
  return Value(std::shared_ptr<const FunctionObject>(std::make_shared<const Closure>(code_, std::move(captured))));
}

/// Arguments with names are put in the order of the parameters; each parameter needs one.
Value Function::call(Run& run, const Value& self, std::span<const std::string> names, std::span<const Value> arguments) const {
  const std::vector<std::string> parameters = parameter_names();
  if (names.size() != parameters.size()) return run.fail("the function takes {} arguments, not {}", parameters.size(), names.size());
  std::vector<Value> ordered(parameters.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto p = std::find(parameters.begin(), parameters.end(), names[i]);
    if (p == parameters.end()) return run.fail("the function has no parameter `{}`", names[i]);
    ordered[static_cast<std::size_t>(p - parameters.begin())] = arguments[i];
  }
  return call(run, self, ordered);
}

Value call_function(Run& run, const Value& function, std::span<const Value> arguments) {
  const Function* f = function_of(function);
  return f != nullptr ? f->call(run, function, arguments) : run.fail("{} is not a function", to_string(function.type()));
}

Value call_function(Run& run, const Value& function, std::span<const std::string> names, std::span<const Value> arguments) {
  const Function* f = function_of(function);
  return f != nullptr ? f->call(run, function, names, arguments) : run.fail("{} is not a function", to_string(function.type()));
}

HostFunction::HostFunction(const HostSignature& signature) : signature_(signature) {
  std::vector<Type> parameters;
  for (const auto& p : signature.parameters) parameters.push_back(p.second);
  type_ = Type::function_of(std::move(parameters), signature.result);
}

Value HostFunction::call(Run& run, const Value&, std::span<const Value> arguments) const {
  return call_host(run, signature_.id, signature_.name, arguments);
}

std::vector<std::string> HostFunction::parameter_names() const {
  std::vector<std::string> out;
  for (const auto& p : signature_.parameters) out.push_back(p.first);
  return out;
}

std::size_t parameter_count(const Value& function) {
  const Function* f = function_of(function);
  return f != nullptr ? f->type().parameters().size() : 0;
}

}  // namespace switchboard::feel
