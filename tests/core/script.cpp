#include "core/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "core/laws.hpp"
#include "notation/load.hpp"

namespace switchboard::testing {
namespace {

constexpr std::string_view zone = "Asia/Shanghai";

calendar::CalendarPtr work_week() {
  calendar::CalendarSpec spec;
  spec.id = "cn";
  spec.zone = std::string(zone);
  for (std::size_t day = 0; day < 5; ++day) spec.week[day] = {{9 * 60, 17 * 60}};
  spec.version = "test";
  auto made = calendar::BusinessCalendar::make(std::move(spec));
  return made ? made.value() : nullptr;
}

/// `name word key=value {data}` cut into its parts.
struct Line {
  std::string verb;
  std::vector<std::string> words;
  std::map<std::string, std::string> options;
  Value data;
};

class Runner {
 public:
  explicit Runner(model::ExecutablePtr process) : case_(std::move(process)), now_(*parse_instant("2026-03-02T09:00", zone)) {}

  /// What the command did, line by line.
  std::string run(const std::string& command) {
    out_.clear();
    const bool quiet = command.starts_with("quiet ");
    const auto line = parse(quiet ? command.substr(6) : command);
    if (!line) return out_;
    if (quiet && (line->verb == "advance" || line->verb == "tick")) {
      pass_time(*line);
      std::size_t events = 0;
      for (std::size_t at = 0; at < out_.size(); at = out_.find('\n', at) + 1) events += out_[at] == '@' ? 0 : 1;
      out_ = fmt::format("{} events\n", events);
      return out_;
    }
    if (quiet) {
      if (auto what = command_of(*line)) apply(std::move(*what));
      out_ = fmt::format("{} events\n", case_.events.size());
      return out_;
    }
    if (line->verb == "state") {
      print_state();
    } else if (line->verb == "advance" || line->verb == "late" || line->verb == "tick") {
      pass_time(*line);
    } else if (auto what = command_of(*line)) {
      apply(std::move(*what));
    }
    return out_;
  }
  [[nodiscard]] const std::string& broken() const { return case_.broken; }
  [[nodiscard]] std::vector<core::Command>& commands() { return commands_; }

 private:
  using What = decltype(core::Command::what);

  void say(std::string_view text) { out_ += std::string(text) + "\n"; }
  const core::ProcessInstance& instance() const { return case_.instance; }

  std::optional<Line> parse(const std::string& command) {
    Line line;
    std::string head = command;
    if (const auto brace = command.find('{'); brace != std::string::npos) {
      const auto end = command.rfind('}') + 1;
      const auto compiled = feel::compile(command.substr(brace, end - brace), {});
      if (const auto* program = std::get_if<feel::Program>(&compiled)) {
        line.data = program->evaluate({}).value;
      } else {
        say("script: " + std::get<std::vector<feel::Problem>>(compiled).front().message);
        return std::nullopt;
      }
      head = command.substr(0, brace) + command.substr(end);
    }
    std::istringstream words(head);
    words >> line.verb;
    for (std::string word; words >> word;) {
      const auto equals = word.find('=');
      if (equals == std::string::npos) {
        line.words.push_back(word);
        continue;
      }
      std::string value = word.substr(equals + 1);
      if (value.starts_with('"'))
        for (std::string more; value.size() < 2 || !value.ends_with('"');) {
          if (!(words >> more)) break;
          value += " " + more;
        }
      if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
      line.options[word.substr(0, equals)] = value;
    }
    return line;
  }

  /// The n-th thing at the node named `name` or `name#n`.
  template <class T>
  const T* at_node(const core::Parts<T>& all, std::string name) {
    std::size_t n = 1;
    if (const auto hash = name.find('#'); hash != std::string::npos) {
      n = std::stoul(name.substr(hash + 1));
      name.resize(hash);
    }
    for (const T& one : all) {
      const auto& element = case_.process->at(one.element);
      if ((element.path == name || element.id == name) && --n == 0) return &one;
    }
    say(fmt::format("script: nothing is open at '{}'", name));
    return nullptr;
  }

  std::optional<core::SubscriptionKey> subscription(const std::string& word) {
    const auto at = word.find('@');
    const std::string name = word.substr(0, at);
    for (const auto& s : instance().subscriptions)
      if (s.name == name && (at == std::string::npos || case_.process->at(s.element).id == word.substr(at + 1))) return s.key;
    say(fmt::format("nobody waits for '{}'", name));
    return std::nullopt;
  }

  std::optional<What> start(const Line& l) {
    core::StartInstance c;
    c.key = {1};
    c.case_no = "C-1";
    c.data = l.data;
    if (const auto e = l.options.find("event"); e != l.options.end()) c.start_event = e->second;
    if (const auto m = l.options.find("message"); m != l.options.end()) c.message = m->second;
    if (const auto s = l.options.find("signal"); s != l.options.end()) c.signal = s->second;
    c.by_timer = l.options.find("timer") != l.options.end();
    if (!l.words.empty() && l.words.front() == "child") c.parent = core::Parent{{7}, {8}};
    return c;
  }

  std::optional<What> work_command(const Line& l, const std::string& by) {
    const core::Work* w = l.words.empty() ? nullptr : at_node(instance().work, l.words.front());
    if (w == nullptr) return std::nullopt;
    const auto option = [&](const char* name) {
      const auto o = l.options.find(name);
      return o == l.options.end() ? std::string() : o->second;
    };
    const auto number = [&](const char* name) { return option(name).empty() ? std::uint64_t{0} : std::stoull(option(name)); };
    const auto behind = [&](const char* name) -> std::optional<Instant> {
      const auto d = calendar::parse_duration(option(name));
      return d ? std::optional(case_.process->calendar->deadline(now_, d.value()).at) : std::nullopt;
    };
    const auto groups = [&] {
      std::vector<std::string> all;
      std::istringstream names(option("groups"));
      for (std::string g; std::getline(names, g, ',');) all.push_back(g);
      return all;
    };
    const auto given_groups = l.options.contains("groups") ? std::optional(groups()) : std::nullopt;
    if (l.verb == "complete") return core::CompleteWork{w->key, l.data, by, number("token"), given_groups};
    if (l.verb == "release") return core::ReleaseWork{w->key, by, number("token"), {}, option("reason")};
    if (l.verb == "assign") return core::AssignWork{w->key, option("to"), by, option("reason")};
    if (l.verb == "move") return core::MoveToOrganisation{option("to"), by, option("reason"), w->key};
    if (l.verb == "expire") return core::ReleaseWork{w->key, {}, 0, w->lease_until ? w->lease_until : now_};
    if (l.verb == "retry") return core::RetryWork{w->key};
    if (l.verb == "fail") {
      core::FailWork fail{w->key, option("message"), option("error"), l.data, by, number("token"), {}, behind("retry"), given_groups};
      if (!option("retries").empty()) fail.retries = std::stoi(option("retries"));
      return fail;
    }
    return core::ClaimWork{w->key, by, groups(), behind("lease"), number("token")};
  }

  std::optional<What> finish_call(const Line& l) {
    const core::Call* call = l.words.empty() ? nullptr : at_node(instance().calls, l.words.front());
    if (call == nullptr) return std::nullopt;
    if (const auto escalation = l.options.find("escalation"); escalation != l.options.end())
      return core::RaiseEscalation{call->key, escalation->second, l.data};
    const auto error = l.options.find("error");
    const bool cancelled = l.words.size() > 1 && l.words[1] == "cancelled";
    return core::FinishCall{call->key, !cancelled, l.data, error == l.options.end() ? std::string() : error->second};
  }

  /// clock NAME extend|void|pause|resume [amount="2 bd"] by=NAME reason="...".
  std::optional<What> change_clock(const Line& l, const std::string& by) {
    core::ChangeClock c;
    c.by = by;
    if (!l.words.empty()) c.clock = l.words.front();
    for (const auto kind : {sla::ChangeKind::extend, sla::ChangeKind::annul, sla::ChangeKind::pause, sla::ChangeKind::resume})
      if (l.words.size() > 1 && l.words[1] == to_string(kind)) c.kind = kind;
    if (const auto amount = l.options.find("amount"); amount != l.options.end()) c.amount = calendar::parse_duration(amount->second).value();
    if (const auto reason = l.options.find("reason"); reason != l.options.end()) c.reason = reason->second;
    return c;
  }

  std::optional<What> command_of(const Line& l) {
    const auto found = l.options.find("by");
    const std::string by = found == l.options.end() ? std::string() : found->second;
    const auto given = l.options.find("reason");
    const std::string reason = given == l.options.end() ? std::string() : given->second;
    const auto organisation = l.options.find("organisation");
    organisation_ = organisation == l.options.end() ? std::string() : organisation->second;
    if (l.verb == "start") return start(l);
    if (l.verb == "move" && l.words.empty()) {
      const auto to = l.options.find("to");
      return core::MoveToOrganisation{to == l.options.end() ? std::string() : to->second, by, reason};
    }
    if (l.verb == "message" || l.verb == "signal") {
      const auto key = l.words.empty() ? std::nullopt : subscription(l.words.front());
      if (!key) return std::nullopt;
      const std::string name = l.words.front().substr(0, l.words.front().find('@'));
      if (l.verb == "message") return core::DeliverMessage{*key, name, l.data};
      return core::DeliverSignal{*key, name, l.data};
    }
    if (l.verb == "return") return finish_call(l);
    if (l.verb == "set") return core::SetData{l.data, by, reason};
    if (l.verb == "correct") return core::CorrectData{l.data, by, reason};
    if (l.verb == "suspend") return core::SuspendInstance{"", by};
    if (l.verb == "resume") return core::ResumeInstance{by};
    if (l.verb == "cancel") return core::CancelInstance{"", by};
    if (l.verb == "clock") return change_clock(l, by);
    if (l.verb == "begin") return core::BeginActivity{l.words.empty() ? std::string() : l.words.front(), by};
    if (l.verb == "rederive") return core::RederiveClocks{"a new calendar"};
    if (l.verb == "resolve") {
      const core::Incident* i = l.words.empty() ? nullptr : at_node(instance().incidents, l.words.front());
      return i == nullptr ? std::nullopt : std::optional<What>(core::ResolveIncident{i->key, l.data, 1, by, false, reason});
    }
    return work_command(l, by);
  }

  void apply(What what) {
    commands_.push_back({{}, now_, std::move(what), 0, std::exchange(organisation_, {})});
    const core::StepResult r = case_.apply(commands_.back());
    if (r.rejection)
      say(fmt::format("refused {}: {}{}", r.rejection->id, r.rejection->message, r.rejection->hint.empty() ? "" : " (" + r.rejection->hint + ")"));
    if (r.stale) say("stale");
    for (const core::Event& e : case_.events) print(e);
    for (const core::Effect& e : case_.effects) {
      if (const auto* back = std::get_if<core::ReturnToCaller>(&e))
        say(fmt::format("=> return to caller: {}{}", back->completed ? "completed" : "not completed", back->error.empty() ? "" : " " + back->error));
      if (const auto* up = std::get_if<core::EscalateToCaller>(&e)) say("=> escalate to caller " + up->code);
      if (std::holds_alternative<core::Escalate>(e)) say("=> escalate " + std::get<core::Escalate>(e).code);
    }
  }

  // Time.
  struct Due {
    Instant at;
    int rank;
    What what;
  };
  std::optional<Due> next_due() {
    std::optional<Due> best;
    const auto offer = [&](Due d) {
      if (!best || d.at < best->at || (d.at == best->at && d.rank < best->rank)) best = std::move(d);
    };
    for (const core::Due& d : core::due_of(*case_.process, instance())) offer({d.due, static_cast<int>(d.kind), core::command_of(d)});
    return best;
  }
  void pass_time(const Line& l) {
    std::string text;
    for (const auto& w : l.words) text += (text.empty() ? "" : " ") + w;
    Instant until = now_;
    if (text.starts_with("to ")) {
      until = parse_instant(text.substr(3), zone).value_or(now_);
    } else if (!text.empty()) {
      const auto d = calendar::parse_duration(text);
      until = d ? case_.process->calendar->deadline(now_, d.value()).at : now_;
    }
    constexpr int most = 1000;
    for (int i = 0; l.verb != "late" && i < most; ++i) {
      auto due = next_due();
      if (!due || due->at > until) break;
      now_ = std::max(now_, due->at);
      say(fmt::format("@ {}", to_string(now_, zone).substr(0, 19)));
      apply(std::move(due->what));
    }
    now_ = until;
  }

  // Printing.
  static bool is_plumbing(const core::EventBody& body) {
    return std::holds_alternative<core::FlowTaken>(body) || std::holds_alternative<core::SubscriptionClosed>(body) ||
           std::holds_alternative<core::TimerDisarmed>(body);
  }
  static bool is_key(const std::string& name) {
    return name == "key" || name == "work" || name == "timer" || name == "subscription" || name == "incident" || name == "call" || name == "scope" ||
           name == "parent" || name == "owner";
  }
  void print(const core::Event& e) {
    if (is_plumbing(e.body)) return;
    const Value described = core::describe(e, case_.process.get());
    std::string text{core::name_of(e.body)};
    bool first = true;
    for (const auto& [name, value] : described.context()->entries()) {
      if (is_key(name) && !(name == "key" && value.string() != nullptr)) continue;
      if (name == "element" || name == "name" || name == "clock" || name == "feedback" || name == "case")
        text += " " + to_display(value);
      else
        text += fmt::format("{}{}: {}", first ? "  " : ", ", name, to_display(value));
      if (text.find(": ") != std::string::npos) first = false;
    }
    say(text);
  }
  template <class T>
  void print_nodes(std::string_view what, const core::Parts<T>& all) {
    if (all.empty()) return;
    std::string text{what};
    for (const T& one : all) text += " " + case_.process->at(one.element).path;
    say(text);
  }
  void print_scope(const core::ScopeData& scope) {
    const core::ElementInstance& activation = *instance().find(scope.key);
    const model::Element& owner = case_.process->at(activation.element);
    const auto& names = core::data_of(owner, activation);
    std::string data;
    for (std::size_t i = 0; i < scope.values.size(); ++i)
      if (!scope.values[i].is_null()) data += fmt::format(" {}={}", names[i].name, to_display(scope.values[i]));
    say(fmt::format("data of {}:{}", owner.path, data));
  }
  void print_state() {
    say(fmt::format("{} {}", core::to_string(instance().state), instance().customer));
    if (!instance().organisation.empty()) say("organisation " + instance().organisation);
    auto tokens = instance().elements;
    if (tokens.find({1}) != nullptr) tokens.erase({1});
    print_nodes("tokens", tokens);
    print_nodes("work", instance().work);
    print_nodes("timers", instance().timers);
    print_nodes("subscriptions", instance().subscriptions);
    print_nodes("incidents", instance().incidents);
    std::string joins;
    for (const auto& scope : instance().joins)
      for (const auto& j : scope.tokens) joins += fmt::format(" {} x{}", case_.process->at(j.flow).id, j.count);
    if (!joins.empty()) say("joins" + joins);
    for (const auto& o : instance().occurrences) say(fmt::format("occurred {} #{}", case_.process->at(o.element).path, o.definition));
    for (const auto& g : instance().gateways) say("waits for reset " + case_.process->at(g.gateway).path);
    for (const auto& s : instance().ad_hocs)
      say(fmt::format("ad hoc {} {}", case_.process->at(instance().find(s.key)->element).path, s.closed ? "closed" : "open"));
    std::string data;
    for (std::size_t i = 0; i < case_.process->data.size(); ++i)
      if (!instance().data[i].is_null()) data += fmt::format(" {}={}", case_.process->data[i].name, to_display(instance().data[i]));
    if (!data.empty()) say("data" + data);
    for (const core::ScopeData& scope : instance().scopes) print_scope(scope);
    for (const auto& l : instance().clocks)
      say(fmt::format("clock {} {}{} due {}", case_.process->clocks[l.clock.value].id, sla::to_string(l.state), l.breached ? " breached" : "",
                      to_string(l.due, zone).substr(0, 19)));
  }

  LawfulCase case_;
  Instant now_;
  std::string out_;
  std::string organisation_;  ///< of who gives the next command
  std::vector<core::Command> commands_;
};

/// zj > hz > hz-1, hz-2; zj > nb.
model::OrganisationsPtr some_company() {
  std::vector<model::Unit> units;
  constexpr std::pair<const char*, const char*> all[] = {{"zj", ""}, {"hz", "zj"}, {"hz-1", "hz"}, {"hz-2", "hz"}, {"nb", "zj"}};
  for (const auto& [id, parent] : all) {
    model::Unit unit;
    unit.id = id;
    unit.parent.name = parent;
    units.push_back(std::move(unit));
  }
  return model::Organisations::make("company", {}, {}, std::move(units), [](const model::UnitMistake&) {});
}

model::ExecutablePtr compile_text(const std::string& yaml, const std::string& file, std::string& trouble) {
  const auto loaded = notation::load_process(yaml, file);
  for (const auto& d : loaded.diagnostics)
    if (d.severity == model::Severity::error) trouble += d.text() + "\n";
  if (!loaded.value) return nullptr;
  model::Library library;
  library.calendars["cn"] = work_week();
  library.organisations = some_company();
  auto compiled = model::compile(*loaded.value, library, yaml);
  for (const auto& d : compiled.diagnostics)
    if (d.severity == model::Severity::error) trouble += d.text() + "\n";
  return compiled.process;
}

}  // namespace

ScriptRun run_script(const std::string& text, const std::string& file) {
  ScriptRun result;
  const auto border = text.find("\n====\n");
  result.actual = text;
  if (border == std::string::npos) return result.trouble = "the script has no line ====", result;
  const std::string yaml = text.substr(0, border + 1);
  const auto process = compile_text(yaml, file, result.trouble);
  if (process == nullptr) return result;
  result.process = yaml;
  result.actual = yaml + "====\n";
  Runner runner(process);
  std::istringstream lines(text.substr(border + 6));
  bool expectation = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "----") {
      expectation = true;
    } else if (line.empty()) {
      expectation = false;
    } else if (!expectation && line.starts_with("#")) {
      result.actual += line + "\n";
    } else if (!expectation) {
      result.actual += line + "\n----\n" + runner.run(line) + "\n";
      if (!runner.broken().empty() && result.trouble.empty()) result.trouble = line + ": " + runner.broken();
    }
  }
  while (result.actual.ends_with("\n\n")) result.actual.pop_back();
  result.commands = std::move(runner.commands());
  return result;
}

}  // namespace switchboard::testing
