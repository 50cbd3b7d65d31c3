#include "testing/bpmn_suite.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/rules.hpp"
#include "exchange/read.hpp"
#include "exchange/scripts.hpp"
#include "model/executable.hpp"
#include "testing/world.hpp"

namespace switchboard::testing {

namespace {

constexpr std::string_view begin_at = "2026-03-02T09:00:00";
constexpr std::int64_t slow_job_ms = 5'000;  ///< how long a script takes whose time is looked at
constexpr std::size_t most_rounds = 10'000;

std::string first_error(const model::Diagnostics& all) {
  const auto found = std::find_if(all.begin(), all.end(), [](const Finding& f) { return f.severity == Severity::error; });
  return found == all.end() ? std::string() : found->text();
}

/// What the file does not declare and the case is started with.
void declare_variables(model::Process& process, const Context& variables) {
  for (const auto& [name, value] : variables.entries()) {
    const bool there = std::any_of(process.data.begin(), process.data.end(),
                                   [&, wanted = std::string_view(name)](const model::DataItem& d) { return d.name == wanted; });
    if (there) continue;
    model::DataItem item;
    item.name = name;
    item.type = value.number() != nullptr ? feel::Type::Kind::number : value.string() != nullptr ? feel::Type::Kind::string : feel::Type::Kind::any;
    item.type_text = item.type.to_string();
    process.data.push_back(std::move(item));
  }
}

bool begins_by_itself(const model::Process& process) {
  return std::any_of(process.nodes.begin(), process.nodes.end(),
                     [](const model::Node& n) { return n.type == model::NodeType::start_event && n.events.empty(); });
}

class BpmnRun {
 public:
  BpmnRun(const BpmnCase& test, BpmnOutcome& out) : test_(test), out_(out) {}

  void run() {
    exchange::ReadModel read = exchange::read_bpmn(test_.text, test_.file);
    if (out_.refused = first_error(read.diagnostics); !out_.refused.empty()) {
      out_.trace.emplace_back("ERROR");
      return;
    }
    auto definitions = std::make_shared<Definitions>();
    for (model::Process& p : read.processes) {
      exchange::scripts_as_jobs(p);
      note_scripts(p);
      declare_variables(p, test_.variables);
      model::CompileResult compiled = model::compile(p, {}, test_.text);
      if (compiled.process == nullptr) {
        out_.refused = first_error(compiled.diagnostics);
        return;
      }
      definitions->processes.emplace(p.id, compiled.process);
    }
    world_.emplace(definitions, parse_instant(begin_at, "UTC").value_or(Instant{}));
    end_ = world_->now() + Duration::millis(test_.milliseconds);
    start(read.processes);
    play();
    judge();
  }

 private:
  void note_scripts(const model::Process& p) {
    model::for_each_node(p.nodes, [&](const model::Node& n, const model::Node*) {
      if (!n.job.empty()) scripts_.insert(n.job);
      for (const model::Mapping& m : n.out) results_.insert(m.value.text);
    });
  }

  void start(const std::vector<model::Process>& processes) {
    if (test_.starts_parallel)
      for (const model::Process& p : processes)
        if (p.id != test_.process && begins_by_itself(p)) note(world_->start(p.id, "B-1", Value(test_.variables), {}));
    note(world_->start(test_.process, "B-1", Value(test_.variables), {}));
  }

  template <class T>
  void note(const Result<T>& done) {
    if (done || !out_.told.empty()) return;
    out_.told = done.error().text();
    out_.trace.emplace_back("ERROR_runtime");
  }

  void play() {
    for (std::size_t round = 0; round < most_rounds; ++round) {
      if (work()) continue;
      std::optional<Instant> next = world_->next_instant();
      for (const auto& [key, due] : slow_)
        if (!next || due < *next) next = due;
      if (!next || *next > end_) return;
      note(world_->advance_to(*next));
      if (!out_.told.empty()) return;
    }
    out_.told = fmt::format("still busy after {} rounds", most_rounds);
  }

  /// Does the first piece of work that can be done now; false when there is none.
  bool work() {
    std::size_t slow_now = 0;
    for (const core::ProcessInstance& i : world_->instances())
      for (const core::Work& w : i.work) {
        if (w.state != core::WorkState::offered && w.state != core::WorkState::claimed) continue;
        if (w.topic.starts_with("CREATE_TIMESTAMP_LOG_")) {
          const auto [slow, fresh] = slow_.try_emplace({i.key, w.key}, world_->now() + Duration::millis(slow_job_ms));
          ++slow_now;
          if (slow->second > world_->now()) continue;
          slow_.erase(slow);
        }
        if (slow_now > 1) parallel_ = true;
        return perform(i, w);
      }
    if (slow_now > 1) parallel_ = true;
    return false;
  }

  bool perform(const core::ProcessInstance& i, const core::Work& w) {
    const std::string script = w.topic;
    Context result;
    if (script.starts_with("SCRIPT_task")) out_.trace.push_back(script);
    if (script == "CREATE_MARKER_FILE") out_.trace.emplace_back("MARKER_exists");
    if (script.starts_with("INCREMENT_INTEGER_VARIABLE")) {
      const Value now = data(i, "integerVariable");
      const Decimal* number = now.number();
      if (const std::optional<Decimal> sum = number == nullptr ? std::nullopt : add(*number, Decimal(1)); sum)
        result.set("integerVariable", Value(*sum));
      if (script.ends_with("_AND_LOG")) out_.trace.emplace_back("INCREMENT_correct");
    }
    if (script == "SET_STRING_DATA") {
      result.set("data", Value(std::string(written)));
      for (const std::string& name : results_) result.set(name, Value(std::string(written)));
    }
    if (script == "LOG_DATA") {
      const Context* inputs = w.inputs.context();
      const bool given = inputs != nullptr && std::any_of(inputs->entries().begin(), inputs->entries().end(),
                                                          [](const auto& e) { return e.second == Value(std::string(written)); });
      if (given || data(i, "data") == Value(std::string(written))) out_.trace.emplace_back("DATA_correct");
    }
    const core::WorkKey key = w.key;
    const InstanceKey instance = i.key;
    script_threw_ = script_threw_ || script == "THROW_ERROR";
    if (script == "THROW_ERROR")
      note(world_->submit(instance, core::FailWork{key, "the script throws", "THROW_ERROR", {}, "suite"}));
    else
      note(world_->submit(instance, core::CompleteWork{key, Value(result), "suite"}));
    return out_.told.empty();
  }

  Value data(const core::ProcessInstance& i, std::string_view name) const {
    const model::ExecutableProcess& p = world_->definition_of(i);
    for (std::size_t n = 0; n < p.data.size() && n < i.data.size(); ++n)
      if (p.data[n].name == name) return i.data[n];
    return {};
  }

  void judge() {
    if (parallel_) out_.trace.emplace_back("EXECUTION_parallel");
    for (const Told& t : world_->told()) {
      if (t.kind != Told::Kind::incident) continue;
      if (out_.told.empty()) out_.told = fmt::format("incident {}: {}", t.name, t.text);
      if (t.name == core::rules::uncaught_error) out_.trace.emplace_back(script_threw_ ? "ERROR_runtime" : "ERROR_thrownErrorEvent");
      if (t.name != core::rules::uncaught_error && t.name != core::rules::stuck) out_.trace.emplace_back("ERROR_runtime");
    }
    // A token that no script of the model can write is a slip of the case itself.
    for (const std::string& token : test_.expected)
      if (token.starts_with("SCRIPT_task") && !scripts_.contains(token))
        out_.exception = fmt::format("10.3.3: what a script task does is its script, and no script of the model writes {}", token);
  }

  static constexpr std::string_view written = "written";
  const BpmnCase& test_;
  BpmnOutcome& out_;
  std::optional<World> world_;
  Instant end_;
  std::set<std::string> scripts_;
  std::set<std::string> results_;  ///< names under which results are taken over
  std::map<std::pair<InstanceKey, core::WorkKey>, Instant> slow_;
  bool parallel_ = false;
  bool script_threw_ = false;
};

/// ERROR stands for any of ERROR_...
std::vector<std::string> comparable(std::vector<std::string> trace, bool any_error) {
  for (std::string& token : trace)
    if (any_error && token.starts_with("ERROR")) token = "ERROR";
  std::sort(trace.begin(), trace.end());
  return trace;
}

}  // namespace

BpmnOutcome run_bpmn_case(const BpmnCase& test) {
  BpmnOutcome out;
  BpmnRun(test, out).run();
  const bool any_error = std::find(test.expected.begin(), test.expected.end(), "ERROR") != test.expected.end();
  out.is_expected = comparable(out.trace, any_error) == comparable(test.expected, any_error) && (out.refused.empty() || any_error);
  return out;
}

std::string refusal_of_bpmn(std::string_view text, std::string_view file) { return first_error(exchange::read_bpmn(text, file).diagnostics); }

}  // namespace switchboard::testing
