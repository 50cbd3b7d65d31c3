#include "support.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>

namespace switchboard::testing {

namespace {

model::Node node(std::string id, model::NodeType type, std::vector<std::string> next) {
  model::Node n;
  n.id = std::move(id);
  n.type = type;
  for (std::string& to : next) n.next.push_back({{std::move(to), {}}, {}, false, {}});
  return n;
}

model::EventDefinition event(model::EventKind kind, std::string name) {
  model::EventDefinition e;
  e.kind = kind;
  e.name.name = std::move(name);
  return e;
}

model::Node catching(std::string id, model::EventKind kind, std::string name) {
  model::Node n = node(std::move(id), model::NodeType::intermediate_catch_event, {"done"});
  n.events.push_back(event(kind, std::move(name)));
  return n;
}

model::Node approving() {
  model::Node approve = node("approve", model::NodeType::user_task, {"done"});
  approve.groups = {"clerks", "chiefs"};
  model::Node late = node("late", model::NodeType::boundary_event, {"done"});
  late.events.push_back(event(model::EventKind::timer, ""));
  late.events.back().timer.duration.text = "1 h";
  approve.boundary.push_back(std::move(late));
  return approve;
}

model::ClockDefinition whole_case() {
  model::ClockDefinition clock;
  clock.id = "promise";
  clock.start.any.push_back({model::Trigger::Kind::process_started, {}, {}});
  clock.stop.any.push_back({model::Trigger::Kind::process_ended, {}, {}});
  clock.within.text = "24 h";
  model::ClockMark half;
  half.kind = model::ClockMark::Kind::percent;
  half.percent = 50;
  half.text = "50%";
  half.feedback.name = "half-time";
  model::ClockMark breach;
  breach.text = "breach";
  breach.escalate.name = "too-late";
  clock.marks = {half, breach};
  return clock;
}

model::FeedbackDefinition feedback(std::string id) {
  model::FeedbackDefinition f;
  f.id = std::move(id);
  f.channels = {"sms"};
  f.text.by_language["en"] = "We are on it.";
  return f;
}

model::Process everything(const std::string& version) {
  using enum model::NodeType;
  model::Process p;
  p.id = "everything";
  p.file = "everything.yaml";
  p.version = version;
  p.customer.text = "customer_no";
  model::DataItem customer;
  customer.name = "customer_no";
  customer.type = feel::Type::Kind::string;
  customer.default_value = Value("1001");
  p.data.push_back(customer);
  model::Node bill = node("bill", service_task, {"done"});
  bill.job = "billing";
  model::Node sub = node("sub", call_activity, {"done"});
  sub.process.name = "elsewhere";
  p.nodes = {node("begin", start_event, {"split"}),
             node("split", parallel_gateway, {"approve", "paid", "bill", "told", "sub"}),
             approving(),
             catching("paid", model::EventKind::message, "paid"),
             bill,
             catching("told", model::EventKind::signal, "go"),
             sub,
             node("done", end_event, {})};
  p.sla.push_back(whole_case());
  p.feedback = {feedback("half-time"), feedback("welcome")};
  p.feedback[1].on.any.push_back({model::Trigger::Kind::process_started, {}, {}});
  return p;
}

}  // namespace

model::ExecutablePtr everything_process(const std::string& version) {
  model::Library library;
  auto calendar = calendar::BusinessCalendar::always("cn", "Asia/Shanghai");
  REQUIRE(calendar);
  library.calendars["cn"] = calendar.value();
  const model::CompileResult result = model::compile(everything(version), library, "text of everything " + version);
  for (const model::Diagnostic& d : result.diagnostics) INFO(d.text());
  REQUIRE_MESSAGE(result.process != nullptr, (result.diagnostics.empty() ? std::string() : result.diagnostics.front().text()));
  return result.process;
}

std::unique_ptr<Prepared> prepare(const model::ExecutableProcess& process, const std::optional<store::StoredInstance>& before,
                                  const core::Command& command) {
  auto p = std::make_unique<Prepared>();
  if (before) p->before = before->instance;
  core::StepResult r = core::step(process, p->before, command);
  REQUIRE_MESSAGE(!r.rejection, (r.rejection ? r.rejection->text() : std::string()));
  REQUIRE(!r.stale);
  p->after = std::move(r.instance);
  p->events = std::move(r.events);
  p->effects = core::effects(process, p->after, p->events);
  p->change.process = &process;
  p->change.expected_version = before ? before->version : 0;
  p->change.before = before ? &p->before : nullptr;
  p->change.after = &p->after;
  p->change.events = p->events;
  p->change.effects = p->effects;
  p->change.stage = "somewhere";
  p->change.request_id = command.request_id;
  p->change.answer = "answer to " + command.request_id;
  p->change.at = command.at;
  return p;
}

Result<void> commit_all(store::Store& store, const std::vector<std::unique_ptr<Prepared>>& all, std::size_t& conflict_index) {
  std::vector<store::Change> changes;
  for (const auto& p : all) changes.push_back(p->change);
  return store.commit(changes, conflict_index);
}

Stepper::Stepper(store::Store& s, model::ExecutablePtr p) : store(s), process(std::move(p)) {
  store::Deployment d;
  d.process = process->id;
  d.hash = process->hash;
  d.source = process->source_text;
  REQUIRE(store.put_deployment(d));
}

Result<core::InstanceKey> Stepper::start(const std::string& number, const std::string& request_id) {
  SB_TRY(const auto key, store.new_instance_key());
  core::StartInstance command;
  command.key = key;
  command.case_no = number.empty() ? fmt::format("N-{}", key.value) : number;
  std::vector<std::unique_ptr<Prepared>> all;
  all.push_back(prepare(*process, std::nullopt, {request_id, t0, command}));
  std::size_t ignored = 0;
  SB_TRYV(commit_all(store, all, ignored));
  return key;
}

Result<void> Stepper::command(core::InstanceKey key, decltype(core::Command::what) what, Instant at, const std::string& request_id) {
  SB_TRY(const auto loaded, store.load(key));
  REQUIRE(loaded);
  std::vector<std::unique_ptr<Prepared>> all;
  all.push_back(prepare(*process, loaded, {request_id, at, std::move(what)}));
  std::size_t ignored = 0;
  return commit_all(store, all, ignored);
}

core::ProcessInstance Stepper::instance(core::InstanceKey key) {
  auto loaded = store.load(key);
  REQUIRE(loaded);
  REQUIRE(loaded.value());
  return loaded.value()->instance;
}

core::WorkKey Stepper::work_of(core::InstanceKey key, const std::string& element) {
  for (const core::Work& w : instance(key).work) {
    if (process->at(w.element).path == element) return w.key;
  }
  FAIL("no open work of " << element);
  return {};
}

std::vector<std::string> Stepper::check() {
  std::vector<std::string> found;
  const auto checked = store.check([&](std::string_view hash) { return hash == process->hash ? process.get() : nullptr; },
                                   [&](const std::string& line) { found.push_back(line); });
  if (!checked) found.push_back(checked.error().text());
  return found;
}

}  // namespace switchboard::testing
