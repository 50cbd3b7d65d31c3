#include "verify/limit_cases.hpp"

#include <algorithm>
#include <set>

#include "verify/expressions.hpp"

namespace switchboard::verify {
namespace {

constexpr std::size_t most_combinations = 20'000;

/// Evaluates decision tables for expressions; sla() is null, since no clock runs while a process is checked.
class TableHost final : public feel::Host {
 public:
  explicit TableHost(std::vector<const feel::Decision*> tables) : tables_(std::move(tables)) {}
  Value call(std::uint32_t id, std::span<const Value> arguments, std::string& error) const override {
    if (id == 0 || id > tables_.size()) return {};
    feel::Frame frame;
    frame.host = this;
    feel::Evaluation e = tables_[id - 1]->evaluate(arguments, frame);
    error = std::move(e.error);
    return std::move(e.value);
  }

 private:
  std::vector<const feel::Decision*> tables_;
};

struct Variable {
  std::uint32_t slot = 0;
  std::vector<Value> values;
};

std::vector<const feel::Decision*> tables_of(const model::Process& process, const model::Library& library) {
  std::vector<const feel::Decision*> tables;
  for (const auto& d : process.decisions)
    if (const auto found = library.decisions.find(d.name); found != library.decisions.end()) tables.push_back(&found->second);
  return tables;
}

std::vector<Value> values_of(const model::DataItem& d, const std::vector<const feel::Decision*>& tables) {
  if (!d.enumeration.empty()) return d.enumeration;
  if (d.type.kind() == feel::Type::Kind::boolean) return {Value(true), Value(false)};
  std::vector<Value> values{Value()};
  if (d.type.kind() != feel::Type::Kind::date) return values;
  for (const feel::Decision* table : tables) {
    const auto& parameters = table->table().parameters;
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      if (parameters[p].second.kind() != feel::Type::Kind::date) continue;
      for (Value& v : feel::telling_values(*table, p))
        if (std::find(values.begin(), values.end(), v) == values.end()) values.push_back(std::move(v));
    }
  }
  return values;
}

std::optional<calendar::WorkingDuration> duration_of(const Value& v) {
  if (const auto* text = v.string()) {
    auto parsed = calendar::parse_duration(*text);
    return parsed ? std::optional(parsed.value()) : std::nullopt;
  }
  calendar::WorkingDuration d;
  if (const auto* time = v.days_time_duration())
    d.wall = Duration::seconds(time->seconds);
  else if (const auto* months = v.years_months_duration())
    d.months = months->months;
  else
    return std::nullopt;
  return d;
}

class Limits {
 public:
  Limits(const model::Process& process, const model::Library& library)
      : tables_(tables_of(process, library)), host_(tables_), slots_(process.data.size() + 2) {
    const feel::StaticScope scope = scope_of(process, library, seen_in_process(process));  // clocks belong to the process
    std::set<std::uint32_t> used;
    for (const auto& clock : process.sla) {
      programs_.emplace_back();
      literals_.push_back(duration_of(Value(clock.within.text)));
      if (literals_.back()) continue;
      auto compiled = feel::compile(clock.within.text, scope);
      auto* program = std::get_if<feel::Program>(&compiled);
      if (program == nullptr) continue;
      asks_ = asks_ || !program->used_functions().empty();
      used.insert(program->used_slots().begin(), program->used_slots().end());
      programs_.back() = std::move(*program);
    }
    for (const std::uint32_t slot : used)
      if (slot < process.data.size()) variables_.push_back({slot, values_of(process.data[slot], tables_)});
  }

  std::vector<LimitCase> run() {
    std::size_t combinations = asks_ ? 1 : 0;
    for (const Variable& v : variables_) combinations = std::min(combinations * v.values.size(), most_combinations + 1);
    if (combinations > most_combinations) return {};
    for (std::size_t i = 0; i < combinations; ++i) try_out(i);
    return std::move(cases_);
  }

 private:
  void try_out(std::size_t combination) {
    LimitCase one;
    for (const Variable& v : variables_) {
      slots_[v.slot] = v.values[combination % v.values.size()];
      combination /= v.values.size();
    }
    feel::Frame frame;
    frame.slots = slots_;
    frame.host = &host_;
    for (std::size_t k = 0; k < programs_.size(); ++k)
      one.within.push_back(literals_[k] || !programs_[k] ? literals_[k] : duration_of(programs_[k].evaluate(frame).value));
    const auto same = [&](const LimitCase& known) { return known.within == one.within; };
    if (std::none_of(cases_.begin(), cases_.end(), same)) cases_.push_back(std::move(one));
  }

  std::vector<const feel::Decision*> tables_;
  TableHost host_;
  std::vector<Value> slots_;
  std::vector<feel::Program> programs_;  ///< by clock; empty: a literal, or not known
  std::vector<std::optional<calendar::WorkingDuration>> literals_;
  std::vector<Variable> variables_;
  bool asks_ = false;  ///< a limit comes from a table
  std::vector<LimitCase> cases_;
};

}  // namespace

feel::StaticScope scope_of(const model::Process& process, const model::Library& library, const Seen& seen) {
  feel::StaticScope scope = names_of(process, seen);
  scope.functions.resize(1);  // sla
  for (const auto& d : process.decisions) {
    const auto found = library.decisions.find(d.name);
    if (found == library.decisions.end()) continue;
    feel::HostSignature s = found->second.signature();
    s.name = d.name;
    s.id = static_cast<std::uint32_t>(scope.functions.size());
    scope.functions.push_back(std::move(s));
  }
  return scope;
}

std::vector<LimitCase> limit_cases(const model::Process& process, const model::Library& library) { return Limits(process, library).run(); }

}  // namespace switchboard::verify
