#include "differential/recorded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "calendar/duration.hpp"
#include "core/script.hpp"
#include "differential/groups.hpp"
#include "notation/write_process.hpp"
#include "workspace/workspace.hpp"

namespace switchboard::differential {

namespace {

namespace fs = std::filesystem;

constexpr const char* script_week = "switchboard: 1\ncalendar: cn\nzone: Asia/Shanghai\nname: Week\nweek: {mon-fri: 09:00-17:00, sat-sun: closed}\n";
constexpr const char* shanghai = "Asia/Shanghai";

/// Does something in the test world and keeps it with what came of it.
class Recorder {
 public:
  Recorder(Recorded& play) : play_(play), player_(play.stage) {}

  void act(Action action) {
    play_.outcomes.push_back(player_.act(action));
    play_.actions.push_back(std::move(action));
  }
  void pass_to(Instant at, bool stops_short = false) {
    if (at > world().now()) act(Advance{at, stops_short});
  }
  void finish() { play_.histories = player_.histories(); }
  [[nodiscard]] const testing::World& world() const { return player_.world(); }

 private:
  Recorded& play_;
  WorldPlayer player_;
};

// ---- scripts ---------------------------------------------------------------------------------------------------------------------------------

std::string start_event_of(const model::ExecutableProcess& process, const core::StartInstance& c) {
  if (!c.start_event.empty()) return c.start_event;
  std::string only;
  for (const model::ElementIndex s : process.elements.front().start_events) {
    const model::Element& e = process.at(s);
    const bool fits = c.message.empty() ? e.events.empty() || process.elements.front().start_events.size() == 1
                                        : std::any_of(e.events.begin(), e.events.end(), [&](const auto& event) { return event.name == c.message; });
    if (fits) only = e.id;
  }
  return only;
}

/// What a driver does by itself when its time has come.
bool is_by_time(const core::Command& command) {
  const auto* release = std::get_if<core::ReleaseWork>(&command.what);
  return std::holds_alternative<core::FireTimer>(command.what) || std::holds_alternative<core::FireMark>(command.what) ||
         std::holds_alternative<core::RetryWork>(command.what) || std::holds_alternative<core::FinishCall>(command.what) ||
         std::holds_alternative<core::RaiseEscalation>(command.what) || (release != nullptr && release->lease);
}

/// The command as somebody outside gives it; nothing when nobody outside can.
std::optional<Action> action_of(const core::Command& command, const Recorder& recorder) {
  constexpr InstanceKey one{1};
  const core::ProcessInstance* instance = recorder.world().find(one);
  if (const auto* message = std::get_if<core::DeliverMessage>(&command.what)) {
    const core::Subscription* s = instance == nullptr ? nullptr : instance->find(message->subscription);
    return SendMessage{message->name, s == nullptr ? "C-1" : s->correlation, message->payload};
  }
  if (const auto* signal = std::get_if<core::DeliverSignal>(&command.what)) return SendSignal{signal->name, signal->payload};
  if (is_by_time(command) || instance == nullptr) return std::nullopt;
  auto what = command.what;
  if (auto* fail = std::get_if<core::FailWork>(&what)) fail->payload = {};
  if (auto* claim = std::get_if<core::ClaimWork>(&what)) {
    const core::Work* work = instance->find(claim->work);
    // A worker gets a lease by fetching, and a longer one by extending, which always says how long.
    if (claim->token == 0 && claim->lease_until && work != nullptr && !work->topic.empty())
      return FetchJobs{claim->by, work->topic, 1, *claim->lease_until - command.at};
    if (claim->token != 0 && !claim->lease_until) claim->lease_until = command.at + Duration::minutes(5);
  }
  return Submit{one, std::move(what)};
}

Recorded recorded_script(const fs::path& file) {
  Recorded play;
  play.name = file.filename().string();
  const auto text = notation::read_file(file);
  const testing::ScriptRun script = testing::run_script(text ? text.value() : "", play.name);
  if (script.commands.empty()) return play.left_out = "no command in it", play;
  const auto loaded = notation::load_process(script.process, play.name);
  if (!loaded.value) return play.left_out = "no process in it", play;
  const std::string id = loaded.value->id;
  auto stage = make_stage({{id, script.process}}, {{"cn.yaml", script_week}, {"organisations.yaml", company}}, shanghai, Called::may_be_missing,
                          play.left_out);
  if (!stage) return play;
  play.stage = std::move(*stage);
  play.stage.begin = script.commands.front().at;
  Recorder recorder(play);
  for (const core::Command& command : script.commands) {
    if (std::holds_alternative<core::CorrectData>(command.what))
      return play.left_out = "the simulator keeps no case that has ended: there is nothing to correct in it", play;
    recorder.pass_to(command.at, !is_by_time(command));  // a script that lets time pass without its driver commands first
    if (const auto* start = std::get_if<core::StartInstance>(&command.what)) {
      // A start event that is not there: the door of the test world has an id of its own for that (SB0903).
      const std::string event = start_event_of(*play.stage.processes.begin()->second, *start);
      const model::ElementIndex begins = play.stage.processes.begin()->second->find_element(event);
      if (begins && play.stage.processes.begin()->second->at(begins).events.size() > 1)
        return play.left_out = "an action that starts a case names the start event, and not which of its events it is", play;
      if (begins) recorder.act(Start{id, "C-1", event, start->data});
      continue;
    }
    if (auto action = action_of(command, recorder)) recorder.act(std::move(*action));
  }
  recorder.finish();
  return play;
}

// ---- process tests ---------------------------------------------------------------------------------------------------------------------------

/// The process and what it calls, those that are called first.
void add_with_called(const std::map<std::string, const model::Process*>& processes, const std::string& id, std::vector<std::string>& ordered) {
  if (!processes.contains(id) || std::find(ordered.begin(), ordered.end(), id) != ordered.end()) return;
  std::set<std::string> called;
  const auto look = [&](const auto& self, const std::vector<model::Node>& nodes) -> void {
    for (const model::Node& n : nodes) {
      if (n.type == model::NodeType::call_activity) called.insert(n.process.name);
      self(self, n.nodes);
    }
  };
  look(look, processes.at(id)->nodes);
  for (const std::string& one : called) add_with_called(processes, one, ordered);
  if (std::find(ordered.begin(), ordered.end(), id) == ordered.end()) ordered.push_back(id);
}

class Suites {
 public:
  explicit Suites(const fs::path& folder) {
    files_.give(folder);
    for (const model::Process* p : files_.project().given_processes()) processes_[p->id] = p;
    for (const auto kind : {notation::FileKind::calendar, notation::FileKind::decision})
      for (const workspace::Parsed* one : files_.project().given(kind)) resources_[one->id] = {one->file, one->text};
  }

  std::vector<Recorded> record() {
    std::vector<Recorded> all;
    for (const workspace::Parsed* one : files_.project().given(notation::FileKind::test))
      for (std::size_t i = 0; i < one->suite->cases.size(); ++i) all.push_back(record(*one->suite, one->suite->cases[i], i + 1));
    return all;
  }

 private:
  using Texts = std::vector<std::pair<std::string, std::string>>;

  /// The calendars and tables whose ids stand in the texts, or in those that do: everything that is used, and little more to read.
  Texts used_by(const Texts& texts) const {
    std::string seen;
    for (const auto& [id, text] : texts) seen += text;
    std::set<std::string> ids;
    for (bool more = true; more;) {
      more = false;
      for (const auto& [id, text] : resources_)
        if (seen.find(id) != std::string::npos && ids.insert(id).second) more = true, seen += text.second;
    }
    Texts used;
    for (const std::string& id : ids) used.push_back(resources_.at(id));
    return used;
  }

  Recorded record(const notation::TestSuite& suite, const notation::TestCase& test, std::size_t number) {
    Recorded play;
    play.name = suite.id + ": " + test.name;
    if (!stages_.contains(suite.process.name)) {
      std::vector<std::string> ordered;
      add_with_called(processes_, suite.process.name, ordered);
      std::vector<std::pair<std::string, std::string>> texts;
      for (const std::string& id : ordered) texts.emplace_back(id, notation::write_process(*processes_.at(id)));
      auto used = used_by(texts);
      auto made = make_stage(std::move(texts), std::move(used), shanghai, Called::all_there, play.left_out);
      if (!made) return play;
      stages_.emplace(suite.process.name, std::move(*made));
    }
    play.stage = stages_.at(suite.process.name);
    const auto& process = *play.stage.processes.find(suite.process.name)->second;
    const std::string zone = process.calendar->spec().zone;
    play.stage.begin = parse_instant(test.now.empty() ? std::string("2026-03-02T09:00:00") : test.now, zone).value_or(Instant{});
    const std::string case_no = test.case_no.empty() ? fmt::format("T-{}", number) : test.case_no;
    Recorder recorder(play);
    core::StartInstance start;
    start.message = test.start.name;
    for (const model::ElementIndex s : process.elements.front().start_events)
      if (process.at(s).id == test.start.name) start.start_event = test.start.name;
    recorder.act(Start{process.id, case_no, start_event_of(process, start), Value(test.data)});
    for (const notation::TestStep& step : test.steps) record(step, case_no, process, zone, recorder);
    recorder.finish();
    return play;
  }

  static void record(const notation::TestStep& step, const std::string& case_no, const model::ExecutableProcess& process, const std::string& zone,
                     Recorder& recorder) {
    using Kind = notation::TestStep::Kind;
    const std::string& wait = step.kind == Kind::advance ? step.advance_by : step.after;
    if (const auto d = calendar::parse_duration(wait); !wait.empty() && d)
      recorder.pass_to(process.calendar->deadline(recorder.world().now(), d.value()).at);
    if (!step.advance_to.empty()) recorder.pass_to(parse_instant(step.advance_to, zone).value_or(Instant{}));
    const std::string& to = step.case_no.empty() ? case_no : step.case_no;
    if (step.kind == Kind::message) recorder.act(SendToCase{step.name.name, to, Value(step.with)});
    if (step.kind == Kind::signal) recorder.act(SendSignal{step.name.name, Value(step.with)});
    if (step.kind != Kind::complete && step.kind != Kind::fail) return;
    for (const testing::OpenWork& w : recorder.world().open_work(InstanceKey{1})) {
      if (w.path != step.name.name && !w.path.ends_with("/" + step.name.name)) continue;
      if (step.kind == Kind::complete)
        recorder.act(Submit{w.instance, core::CompleteWork{w.work, Value(step.with), step.by}});
      else
        recorder.act(Submit{w.instance, core::FailWork{w.work, step.error_message, step.error_id, {}, step.by}});
      return;
    }
  }

  workspace::Workspace files_;
  std::map<std::string, const model::Process*> processes_;
  std::map<std::string, std::pair<std::string, std::string>> resources_;  ///< by id: file and text
  std::map<std::string, Stage> stages_;
};

}  // namespace

std::vector<Recorded> recorded_scripts() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(SWITCHBOARD_SOURCE_DIR) / "tests/core/scripts"))
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<Recorded> all;
  for (const fs::path& file : files) all.push_back(recorded_script(file));
  return all;
}

std::vector<Recorded> recorded_suites() { return Suites(fs::path(SWITCHBOARD_SOURCE_DIR) / "processes").record(); }

}  // namespace switchboard::differential
