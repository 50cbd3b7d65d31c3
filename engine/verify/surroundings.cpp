// Calls of tables and processes against what is called.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "feel/literal_uses.hpp"
#include "switchboard/value/value.hpp"
#include "verify/check.hpp"
#include "verify/expressions.hpp"
#include "verify/limit_cases.hpp"
#include "verify/organisations.hpp"
#include "verify/scope.hpp"
#include "verify/starts.hpp"

namespace switchboard::verify {
namespace {

using feel::LiteralUse;
using model::Node;
using model::NodeType;

class Tables {
 public:
  Tables(const model::Process& process, const model::Library& library, Findings& findings)
      : process_(process), library_(library), findings_(findings) {}

  void run() {
    NamesSeen names(process_);
    for_each_use(process_, [&](const Use& use) {
      for (const LiteralUse& l : feel::literal_uses(use.expr.text, names.at(use.seen)))
        if (l.kind == LiteralUse::Kind::argument) argument(l.name, l.position, l, use.expr, use.element);
    });
    for_each_place(process_, [&](const Node& n, const std::string&, const Seen& seen) {
      if (n.type != NodeType::business_rule_task) return;
      for (const auto& m : n.in) {
        const auto position = parameter(n.decision.name, m.name);
        for (const LiteralUse& l : feel::literal_uses(m.value.text, names.at(seen)))
          if (l.kind == LiteralUse::Kind::outcome && position) argument(n.decision.name, *position, l, m.value, n.id);
      }
    });
  }

 private:
  std::optional<std::size_t> parameter(std::string_view table, std::string_view name) const {
    const auto found = library_.decisions.find(table);
    if (found == library_.decisions.end()) return std::nullopt;
    const auto& all = found->second.table().parameters;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].first == name) return i;
    return std::nullopt;
  }

  void argument(std::string_view table, std::size_t position, const LiteralUse& literal, const model::Expr& expr, const std::string& element) {
    const auto found = library_.decisions.find(table);
    if (found == library_.decisions.end()) return;
    const feel::DecisionTable& t = found->second.table();
    if (position >= t.parameters.size()) return;
    const std::string& name = t.parameters[position].first;
    for (const auto& input : t.inputs) {
      if (input.expression != name || feel::allows(input, literal.value)) continue;
      const auto known = feel::allowed_texts(input);
      const std::string near = literal.value.string() == nullptr ? std::string{} : model::nearest_name(*literal.value.string(), known);
      findings_.error("SB0432", place_in(expr, literal.offset), element,
                      fmt::format("the table '{}' knows no {} for '{}'", table, to_feel(literal.value), input.label.empty() ? name : input.label),
                      near.empty() ? fmt::format("`allowed` of the table lists what it knows: {}", input.allowed.substr(0, 120))
                                   : fmt::format("did you mean \"{}\"?", near));
      return;
    }
  }

  const model::Process& process_;
  const model::Library& library_;
  Findings& findings_;
};

const model::DataItem* item(const model::Process& process, std::string_view name) {
  const auto found = std::find_if(process.data.begin(), process.data.end(), [&](const auto& d) { return d.name == name; });
  return found == process.data.end() ? nullptr : &*found;
}

std::vector<std::string> data_names(const model::Process& process) {
  std::vector<std::string> names;
  for (const auto& d : process.data) names.push_back(d.name);
  return names;
}

class Calls {
 public:
  Calls(const model::Process& process, const Surroundings& around, Findings& findings) : process_(process), around_(around), findings_(findings) {}

  void run() {
    for_each_place(process_, [&](const Node& n, const std::string& path, const Seen& seen) {
      const auto called = n.type == NodeType::call_activity ? around_.processes.find(n.process.name) : around_.processes.end();
      if (called == around_.processes.end() || called->second == nullptr) return;
      seen_ = seen;
      scope_ = scope_of(process_, around_.library, seen);
      call(n, path, *called->second);
    });
  }

 private:
  void call(const Node& n, const std::string& path, const model::Process& called) {
    const auto start =
        std::find_if(called.nodes.begin(), called.nodes.end(), [](const Node& s) { return s.type == NodeType::start_event && s.events.empty(); });
    if (start == called.nodes.end() && !called.nodes.empty())
      findings_.error("SB0463", n.process.at, path, fmt::format("the process '{}' cannot be called: it has no plain start event", called.id),
                      "give it a startEvent without a message or other event");
    // A start event with `out` reads what it is given as it likes.
    if (start != called.nodes.end() && !start->has_out && start->out.empty()) inputs(n, path, called);
    for (const auto& m : n.out) output(m, path, called);
  }

  void inputs(const Node& n, const std::string& path, const model::Process& called) {
    std::set<std::string> given;
    for (const auto& m : n.in) given.insert(input(m, path, called));
    for (const auto& d : called.data)
      if (d.required && !d.has_default() && !given.contains(d.name))
        findings_.error("SB0461", n.process.at, path, fmt::format("the called process '{}' needs '{}'", called.id, d.name),
                        fmt::format("add `{}:` to `in`", d.name));
  }

  /// The data that the mapping gives, or most likely means.
  std::string input(const model::Mapping& m, const std::string& path, const model::Process& called) {
    const model::DataItem* d = item(called, m.name);
    if (d == nullptr) {
      std::string near = model::nearest_name(m.name, data_names(called));
      findings_.error(
          "SB0460", m.at, path, fmt::format("the called process '{}' has no data '{}'", called.id, m.name),
          near.empty() ? fmt::format("declare it under `data` of '{}', or leave it out", called.id) : fmt::format("did you mean '{}'?", near));
      return near;
    }
    feel::CompileOptions options;
    options.expected = d->type;
    const auto compiled = feel::compile(m.value.text, scope_, options);
    if (const auto* problems = std::get_if<std::vector<feel::Problem>>(&compiled)) type_problems(*problems, m.value, path, d->name, called.id);
    for (const LiteralUse& l : feel::literal_uses(m.value.text, scope_)) {
      if (l.kind != LiteralUse::Kind::outcome) continue;
      const auto fitted = model::admit(spec_of(*d), l.value);
      if (!fitted)
        findings_.error("SB0462", place_in(m.value, l.offset), path,
                        fmt::format("the called process '{}' refuses this: {}", called.id, fitted.error().message), fitted.error().hint);
    }
    return m.name;
  }

  /// `out` sees the data of the called process in front of ours.
  void output(const model::Mapping& m, const std::string& path, const model::Process& called) {
    feel::StaticScope scope = scope_;
    for (const auto& d : called.data) {
      const auto ours = std::find_if(scope.names.begin(), scope.names.end(), [&](const auto& n) { return n.name == d.name; });
      if (ours != scope.names.end())
        ours->type = d.type;
      else
        scope.names.push_back({d.name, d.type, static_cast<std::uint32_t>(scope.names.size())});
    }
    feel::CompileOptions options;
    if (const model::DataItem* target = seen_.find(m.name)) options.expected = target->type;
    const auto compiled = feel::compile(m.value.text, scope, options);
    const auto* problems = std::get_if<std::vector<feel::Problem>>(&compiled);
    if (problems == nullptr) return;
    for (const auto& p : *problems) {
      if (p.id != "SB0202") continue;
      const std::string name = m.value.text.substr(p.offset, p.length);
      const std::string near = model::nearest_name(name, data_names(called));
      findings_.error("SB0460", place_in(m.value, p.offset), path,
                      fmt::format("neither the called process '{}' nor this one has data '{}'", called.id, name),
                      near.empty() ? fmt::format("`out` reads the data of '{}'", called.id) : fmt::format("did you mean '{}'?", near));
    }
    type_problems(*problems, m.value, path, m.name, process_.id);
  }

  void type_problems(const std::vector<feel::Problem>& problems, const model::Expr& expr, const std::string& path, const std::string& name,
                     const std::string& owner) {
    for (const auto& p : problems)
      if (p.id == "SB0208")
        findings_.error("SB0462", place_in(expr, p.offset), path, fmt::format("'{}' of '{}': {}", name, owner, p.message), p.hint);
  }

  const model::Process& process_;
  const Surroundings& around_;
  Seen seen_;                ///< at the call that is looked at
  feel::StaticScope scope_;  ///< names there
  Findings& findings_;
};

}  // namespace

model::Diagnostics check_surroundings(const model::Process& process, const Surroundings& surroundings) {
  Findings findings(process);
  Tables(process, surroundings.library, findings).run();
  Calls(process, surroundings, findings).run();
  check_thrown_starts(process, surroundings, findings);
  check_organisations(process, surroundings.library.organisations, findings);
  check_table_promises(process, limit_cases(process, surroundings.library), findings);
  model::sort_and_unique(findings.all);
  return std::move(findings.all);
}

}  // namespace switchboard::verify
