#include "testing/runner.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "calendar/duration.hpp"
#include "switchboard/base/text.hpp"

namespace switchboard::testing {

namespace {

using notation::TestCase;
using notation::TestStep;
using notation::TestSuite;

constexpr std::string_view first_instant = "2026-03-02T09:00:00";  // a Monday, when a case does not say

Error refusal(std::string id, std::string message) { return Error{ErrorKind::rejected, std::move(id), std::move(message), {}, {}}; }

/// One case on its way.
class Run {
 public:
  Run(const DefinitionsPtr& definitions, const TestSuite& suite, const TestCase& test, std::size_t number)
      : suite_(suite),
        test_(test),
        process_(definitions->find(suite.process.name)),
        case_no_(test.case_no.empty() ? fmt::format("T-{}", number) : test.case_no) {
    if (process_ == nullptr) return;
    zone_ = process_->calendar->spec().zone;
    world_ = World(definitions, parse_instant(test.now.empty() ? first_instant : std::string_view(test.now), zone_).value_or(Instant{}));
  }

  CaseOutcome run();
  [[nodiscard]] const std::optional<World>& world() const { return world_; }

 private:
  bool step(const TestStep& step);  ///< false: the case stops here
  Result<void> perform(const TestStep& step);
  Result<void> pass_time(const TestStep& step);
  Result<void> complete(const TestStep& step);
  Result<void> fail(const TestStep& step);
  Result<void> message(const TestStep& step);
  Result<void> signal(const TestStep& step);
  Result<void> change_clock(const TestStep& step);
  Result<void> operate(const TestStep& step);
  Result<void> move(const TestStep& step);
  Result<OpenWork> find_work(const std::string& node) const;
  std::string standing() const;
  bool expect(const notation::Expectation& expected, std::string_view when);
  void failed(model::Position at, std::string what, std::vector<std::string> differences) {
    outcome_.failures.push_back({at, std::move(what), std::move(differences)});
  }

  const TestSuite& suite_;
  const TestCase& test_;
  const model::ExecutableProcess* process_;
  std::string case_no_;
  std::string zone_;
  std::optional<World> world_;
  InstanceKey root_;
  CaseOutcome outcome_;
};

CaseOutcome Run::run() {
  outcome_.name = test_.name;
  outcome_.at = test_.at;
  if (process_ == nullptr) {
    failed(suite_.process.at, fmt::format("process '{}' is not there or has errors", suite_.process.name), {});
    return outcome_;
  }
  if (!test_.now.empty() && !parse_instant(test_.now, zone_)) {
    failed(test_.at, fmt::format("now: '{}' is no date and time", test_.now), {});
    return outcome_;
  }
  for (const auto* rows : {&suite_.rows, &test_.rows})
    for (const auto& [at, why] : world_->fill(*rows)) failed(at, "registers: " + why.text(), {});
  if (!outcome_.failures.empty()) return outcome_;
  const Result<InstanceKey> started = world_->start(suite_.process.name, case_no_, Value(test_.data), test_.start.name);
  if (!started) {
    failed(test_.start.name.empty() ? test_.at : test_.start.at, "the case does not start: " + started.error().text(), {});
    return outcome_;
  }
  root_ = started.value();
  for (const TestStep& s : test_.steps) {
    if (!step(s)) return outcome_;
  }
  static_cast<void>(expect(test_.expect, "at the end"));
  return outcome_;
}

std::string describe(const TestStep& step) {
  switch (step.kind) {
    case TestStep::Kind::complete: return "complete " + step.name.name;
    case TestStep::Kind::fail: return "fail " + step.name.name;
    case TestStep::Kind::message: return "message " + step.name.name;
    case TestStep::Kind::signal: return "signal " + step.name.name;
    case TestStep::Kind::change_clock: return fmt::format("{} clock {}", step.change, step.name.name);
    case TestStep::Kind::begin: return "begin " + step.name.name;
    case TestStep::Kind::operate: return step.name.name;
    case TestStep::Kind::move: return fmt::format("move {}to {}", step.work.empty() ? "" : step.work + " ", step.name.name);
    case TestStep::Kind::advance: return "advance " + (step.advance_to.empty() ? step.advance_by : "to " + step.advance_to);
    case TestStep::Kind::expect: return "expect";
  }
  return {};
}

bool Run::step(const TestStep& step) {
  if (step.kind == TestStep::Kind::expect) return expect(step.expect, "here");
  if (const Result<void> passed = pass_time(step); !passed) {
    failed(step.at, passed.error().text(), {});
    return false;
  }
  const Result<void> done = perform(step);
  if (!step.must_be_refused) {
    if (!done) failed(step.at, fmt::format("{}: refused: {}", describe(step), done.error().text()), {standing()});
    return done.has_value();
  }
  if (done) {
    failed(step.at, fmt::format("{} must be refused, but was done", describe(step)), {standing()});
    return false;
  }
  if (!step.refused_id.empty() && step.refused_id != done.error().id) {
    failed(step.at, fmt::format("{} must be refused with {}, but was: {}", describe(step), step.refused_id, done.error().text()), {});
    return false;
  }
  return true;
}

Result<void> Run::pass_time(const TestStep& step) {
  const std::string& wait = step.kind == TestStep::Kind::advance ? step.advance_by : step.after;
  if (!wait.empty()) {
    SB_TRY(const calendar::WorkingDuration d, calendar::parse_duration(wait));
    return world_->advance_to(process_->calendar->deadline(world_->now(), d).at);
  }
  if (step.advance_to.empty()) return success();
  const std::optional<Instant> to = parse_instant(step.advance_to, zone_);
  if (!to) return refusal("SB0901", fmt::format("'{}' is no date and time", step.advance_to));
  if (*to < world_->now()) return refusal("SB0901", fmt::format("time does not run backwards: it is {} already", to_string(world_->now(), zone_)));
  return world_->advance_to(*to);
}

Result<void> Run::perform(const TestStep& step) {
  switch (step.kind) {
    case TestStep::Kind::complete: return complete(step);
    case TestStep::Kind::fail: return fail(step);
    case TestStep::Kind::message: return message(step);
    case TestStep::Kind::signal: return signal(step);
    case TestStep::Kind::change_clock: return change_clock(step);
    case TestStep::Kind::begin: return world_->submit(root_, core::BeginActivity{step.name.name, step.by}, step.organisation);
    case TestStep::Kind::move: return move(step);
    case TestStep::Kind::operate: return operate(step);
    case TestStep::Kind::advance:
    case TestStep::Kind::expect: return success();
  }
  return success();
}

namespace {

bool ends_in(std::string_view path, std::string_view node) {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1))
    if (is_path_of(node, path.substr(slash + 1))) return true;
  return false;
}

}  // namespace

// By path, numbers of instances included or not, else by the last id of the path when only one node with open work ends in it. Of several instances
// of one node that fit, the one whose work was offered first.
Result<OpenWork> Run::find_work(const std::string& node) const {
  const std::vector<OpenWork> open = world_->open_work(root_);
  const OpenWork* by_end = nullptr;
  bool unique = true;
  for (const OpenWork& w : open) {
    if (is_path_of(node, w.path)) return w;
    if (!ends_in(w.path, node)) continue;
    unique = unique && (by_end == nullptr || without_numbers(by_end->path) == without_numbers(w.path));
    if (by_end == nullptr) by_end = &w;
  }
  if (by_end != nullptr && unique) return *by_end;
  return refusal("SB0504", fmt::format("'{}' has no open work", node));
}

std::string Run::standing() const {
  std::vector<std::string> open, places;
  for (const OpenWork& w : world_->open_work(root_)) open.push_back(w.path);
  for (const Spot& spot : world_->positions(root_, true)) places.push_back(spot.path);
  const core::ProcessInstance* root = world_->find(root_);
  return fmt::format("it is {}; the case is {}, at [{}]; open work: [{}]", to_string(world_->now(), zone_),
                     root == nullptr ? "?" : core::to_string(root->state), fmt::join(places, ", "), fmt::join(open, ", "));
}

Result<void> Run::complete(const TestStep& step) {
  SB_TRY(const OpenWork work, find_work(step.name.name));
  return world_->submit(work.instance, core::CompleteWork{work.work, Value(step.with), step.by}, step.organisation);
}

Result<void> Run::fail(const TestStep& step) {
  SB_TRY(const OpenWork work, find_work(step.name.name));
  return world_->submit(work.instance, core::FailWork{work.work, step.error_message, step.error_id, Value(step.with), step.by}, step.organisation);
}

Result<void> Run::message(const TestStep& step) {
  return world_->message_to_case(step.name.name, step.case_no.empty() ? case_no_ : step.case_no, Value(step.with));
}

Result<void> Run::signal(const TestStep& step) {
  SB_TRY(const std::size_t heard, world_->signal(step.name.name, Value(step.with)));
  if (heard == 0) return refusal("SB0506", fmt::format("nobody waits for signal '{}'", step.name.name));
  return success();
}

Result<void> Run::change_clock(const TestStep& step) {
  using sla::ChangeKind;
  core::ChangeClock command{step.name.name, ChangeKind::extend, {}, step.reason, step.by};
  for (const ChangeKind kind : {ChangeKind::extend, ChangeKind::annul, ChangeKind::pause, ChangeKind::resume})
    if (to_string(kind) == step.change) command.kind = kind;
  if (!step.amount.empty()) {
    SB_TRY(command.amount, calendar::parse_duration(step.amount));
  }
  return world_->submit(root_, std::move(command), step.organisation);
}

Result<void> Run::operate(const TestStep& step) {
  if (step.name.name == "suspend") return world_->submit(root_, core::SuspendInstance{step.reason, step.by}, step.organisation);
  if (step.name.name == "resume") return world_->submit(root_, core::ResumeInstance{step.by}, step.organisation);
  return world_->submit(root_, core::CancelInstance{step.reason, step.by}, step.organisation);
}

Result<void> Run::move(const TestStep& step) {
  if (step.work.empty()) return world_->submit(root_, core::MoveToOrganisation{step.name.name, step.by, step.reason}, step.organisation);
  SB_TRY(const OpenWork work, find_work(step.work));
  return world_->submit(work.instance, core::MoveToOrganisation{step.name.name, step.by, step.reason, work.work}, step.organisation);
}

bool Run::expect(const notation::Expectation& expected, std::string_view when) {
  if (expected.empty()) return true;
  std::vector<std::string> lines = differences(*world_, root_, expected);
  if (lines.empty()) return true;
  failed(expected.at, fmt::format("not as expected {} ({})", when, to_string(world_->now(), zone_)), std::move(lines));
  return false;
}

}  // namespace

CaseOutcome run_case(const DefinitionsPtr& definitions, const TestSuite& suite, const TestCase& test, std::size_t number, Coverage& coverage) {
  Run run(definitions, suite, test, number);
  CaseOutcome outcome = run.run();
  if (run.world()) coverage.add(*run.world());
  return outcome;
}

void Coverage::add(const World& world) {
  for (const Entry& entry : world.diary()) {
    if (const auto* taken = std::get_if<core::FlowTaken>(&entry.event.body)) taken_[world.find(entry.instance)->process].insert(taken->flow.value);
  }
}

std::vector<std::string> Coverage::missing(const model::ExecutableProcess& process) const {
  const auto found = taken_.find(process.id);
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < process.flows.size(); ++i) {
    const bool taken = found != taken_.end() && found->second.contains(static_cast<std::uint32_t>(i));
    if (!taken) missing.push_back(process.flows[i].id);
  }
  return missing;
}

std::size_t Coverage::taken(const model::ExecutableProcess& process) const { return process.flows.size() - missing(process).size(); }

}  // namespace switchboard::testing
