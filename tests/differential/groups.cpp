#include "differential/groups.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "notation/write_process.hpp"
#include "workspace/workspace.hpp"

namespace switchboard::differential {

namespace {

constexpr const char* utc = "24x7@UTC";
constexpr const char* first_instant = "2026-03-02T01:00:00";

/// One process as text. A process calls, and starts by message or signal, only those behind it, and no body turns back: every run ends.
class Writer {
 public:
  Writer(Chance& chance, std::size_t index, std::size_t count) : chance_(chance), index_(index), count_(count) {}

  std::string write() {
    const bool ends_with_error = index_ > 0 && chance_.one_in(5);
    std::string end;
    if (ends_with_error)
      end = node("{type: endEvent, error: bad}");
    else if (chance_.one_in(5))
      end = node(fmt::format("{{type: endEvent, {}}}", thrown()));
    else
      end = node("{type: endEvent}");
    std::string first = end;
    for (std::size_t i = 1 + chance_.below(4); i > 0; --i) first = piece(first, 2);
    add_starts(first);
    std::string text = fmt::format("switchboard: 1\nprocess: p{}\ncalendar: {}\n", index_, utc);
    if (chance_.one_in(4)) text += "version: v1\n";
    text += fmt::format("data:\n  n: {{type: number, default: {}}}\n  name: {{type: string{}}}\n", chance_.below(4),
                        index_ > 0 && chance_.one_in(4) ? ", required: true" : "");
    text += "messages:\n";
    for (const char* m : {"m0", "m1", "m2"})
      text += fmt::format("  {}: {{{}payload: {{n: number}}}}\n", m, chance_.one_in(3) ? "key: '\"k\"', " : "");
    for (std::size_t i = 0; i < count_; ++i) text += fmt::format("  begin{}: {{payload: {{n: number, name: string}}}}\n", i);
    text += "nodes:\n" + nodes_;
    if (chance_.one_in(2)) text += clock();
    return text;
  }

 private:
  std::string node(const std::string& body) {
    const std::string id = fmt::format("n{}", next_++);
    nodes_ += fmt::format("  {}: {}\n", id, body);
    return id;
  }

  std::string minutes() { return fmt::format("{} min", 10 * (1 + chance_.below(6))); }
  std::string message() { return fmt::format("m{}", chance_.below(3)); }
  std::string signal() { return fmt::format("s{}", chance_.below(2)); }

  /// A message or signal: one that somebody may wait for, or one that starts a process behind this one.
  std::string thrown() {
    const bool starts = index_ + 1 < count_ && chance_.one_in(2);
    const std::size_t which = starts ? index_ + 1 + chance_.below(count_ - index_ - 1) : 0;
    if (chance_.one_in(2)) {
      const std::string name = starts ? fmt::format("begin{}", which) : message();
      const std::string in = !starts ? "in: {n: n + 1}" : chance_.one_in(3) ? "in: {n: n}" : "in: {n: n, name: '\"x\"'}";
      return fmt::format("message: {}, {}", name, in);
    }
    return fmt::format("signal: {}", starts ? fmt::format("ring{}", which) : signal());
  }

  std::string event() {
    switch (chance_.below(3)) {
      case 0: return "message: " + message();
      case 1: return "signal: " + signal();
      default: return fmt::format("timer: {{after: {}}}", minutes());
    }
  }

  std::string boundary(const std::string& next) {
    if (chance_.one_in(2)) return "";
    const bool interrupting = chance_.one_in(2);
    const std::string to = interrupting ? next : node("{type: endEvent}");
    return fmt::format(", boundary: {{b{}: {{{}, interrupting: {}, next: {}}}}}", next_++, event(), interrupting, to);
  }

  std::string call(const std::string& next) {
    if (index_ + 1 >= count_) return node(fmt::format("{{type: userTask, groups: [crew], form: [n], next: {}}}", next));
    const std::size_t called = index_ + 1 + chance_.below(count_ - index_ - 1);
    const char* name = chance_.one_in(3) ? "name" : "'\"x\"'";
    const char* version = chance_.one_in(4) ? "version: same, " : chance_.one_in(8) ? "version: v9, " : "";
    std::string caught = chance_.one_in(2) ? fmt::format(", boundary: {{b{}: {{error: bad, next: {}}}}}", next_++, next) : boundary(next);
    return node(fmt::format("{{type: callActivity, process: p{}, {}in: {{n: n, name: {}}}, out: {{n: n}}{}, next: {}}}", called, version, name,
                            caught, next));
  }

  std::string fork(const std::string& next, std::size_t depth) {
    const std::string join = node(fmt::format("{{type: parallelGateway, next: {}}}", next));
    const std::string a = piece(join, depth - 1), b = piece(join, depth - 1);
    return node(fmt::format("{{type: parallelGateway, next: [{}, {}]}}", a, b));
  }

  std::string choice(const std::string& next, std::size_t depth) {
    const std::string a = piece(next, depth - 1);
    return node(fmt::format("{{type: exclusiveGateway, next: [{{if: n > 1, to: {}}}, {{else: {}}}]}}", a, next));
  }

  std::string race(const std::string& next) {
    const std::string a = node(fmt::format("{{type: intermediateCatchEvent, message: {}, next: {}}}", message(), next));
    const std::string b = node(fmt::format("{{type: intermediateCatchEvent, timer: {{after: {}}}, next: {}}}", minutes(), next));
    return node(fmt::format("{{type: eventBasedGateway, next: [{}, {}]}}", a, b));
  }

  std::string body(const std::string& next, std::size_t depth) {
    std::string outer;
    outer.swap(nodes_);
    const std::string end = node("{type: endEvent}");
    const std::string first = piece(end, depth - 1);
    node(fmt::format("{{type: startEvent, next: {}}}", first));
    std::string inner;
    inner.swap(nodes_);
    nodes_.swap(outer);
    std::string indented;
    for (std::size_t at = 0; at < inner.size();) {
      const std::size_t end_of_line = inner.find('\n', at);
      indented += "    " + inner.substr(at, end_of_line - at + 1);
      at = end_of_line + 1;
    }
    const std::string id = fmt::format("n{}", next_++);
    const std::string extra = boundary(next);
    nodes_ += fmt::format("  {}:\n    type: subProcess\n    next: {}\n", id, next);
    if (!extra.empty()) nodes_ += "    " + extra.substr(2) + "\n";
    nodes_ += "    nodes:\n" + indented;
    return id;
  }

  std::string piece(const std::string& next, std::size_t depth) {
    const std::size_t kinds = depth > 0 ? 12 : 8;
    switch (chance_.below(kinds)) {
      case 0: return node(fmt::format("{{type: userTask, groups: [crew], form: [n]{}, next: {}}}", boundary(next), next));
      case 1: return node(fmt::format("{{type: serviceTask, job: work, retries: 2, out: {{n: n}}{}, next: {}}}", boundary(next), next));
      case 2:
      case 3: return node(fmt::format("{{type: intermediateThrowEvent, {}, next: {}}}", thrown(), next));
      case 4: return node(fmt::format("{{type: intermediateCatchEvent, {}, next: {}}}", event(), next));
      case 5:
      case 6: return call(next);
      case 7: return race(next);
      case 8: return fork(next, depth);
      case 9: return choice(next, depth);
      case 10: return body(next, depth);
      default: return node(fmt::format("{{type: userTask, groups: [crew], form: [n], next: {}}}", next));
    }
  }

  void add_starts(const std::string& first) {
    const bool alone = index_ > 0 && chance_.one_in(2);  // no start of its own: nobody can start or call it by name
    if (!alone) node(fmt::format("{{type: startEvent, next: {}}}", first));
    if (index_ > 0 && (alone || chance_.one_in(2))) {
      const std::size_t as = chance_.one_in(6) && index_ + 1 < count_ ? index_ + 1 : index_;  // now and then one name starts two
      node(fmt::format("{{type: startEvent, {}, next: {}}}",
                       chance_.one_in(3) ? fmt::format("signal: ring{}", as) : fmt::format("message: begin{}", as), first));
    }
    if (chance_.one_in(5))
      node(fmt::format("{{type: startEvent, timer: {{every: {}, times: {}}}, next: {}}}", minutes(), 1 + chance_.below(3), first));
  }

  std::string clock() {
    const std::string stop = chance_.one_in(2) ? fmt::format("message: {}", message()) : std::string("process: ended");
    return fmt::format(
        "sla:\n  promise: {{start: {{process: started}}, stop: {{{}}}, within: {}, marks: [{{at: 50%, escalate: late}}, {{at: breach, "
        "escalate: late}}]}}\n",
        stop, minutes());
  }

  Chance& chance_;
  std::size_t index_, count_;
  std::size_t next_ = 0;
  std::string nodes_;
};

std::string errors_in(const model::Diagnostics& all) {
  std::string text;
  for (const auto& d : all)
    if (d.severity == model::Severity::error) text += d.text() + "\n";
  return text;
}

Value some_payload(Chance& chance) {
  switch (chance.below(8)) {
    case 0: return Value("just text");
    case 1: return Context{{"n", Value("seven")}};
    case 2: return Context{};
    case 3: return Context{{"n", Value(7)}, {"name", Value("y")}};
    default: return Context{{"n", Value(static_cast<std::int64_t>(chance.below(5)))}};
  }
}

std::string some_number(Chance& chance) {
  switch (chance.below(6)) {
    case 0: return "k";
    case 1: return "i-1";
    case 2: return "";
    default: return fmt::format("C-{}", chance.below(4));
  }
}

/// A message or signal that some process knows.
std::string some_name(const Stage& stage, model::EventKind kind, Chance& chance) {
  std::vector<std::string> names;
  for (const auto& [id, process] : stage.processes)
    for (const model::Element& e : process->elements)
      for (const model::EventSpec& s : e.events)
        if (s.kind == kind) names.push_back(s.name);
  return names.empty() ? "nothing" : names[chance.below(names.size())];
}

std::optional<Action> on_some_case(const testing::World& world, Chance& chance) {
  std::vector<const core::ProcessInstance*> open;
  for (const core::ProcessInstance& i : world.instances())
    if (!core::is_finished(i.state)) open.push_back(&i);
  if (open.empty()) return std::nullopt;
  const core::ProcessInstance& i = *open[chance.below(open.size())];
  if (i.state == core::InstanceState::suspended && chance.one_in(2)) return Submit{i.key, core::ResumeInstance{"boss"}};
  if (chance.one_in(8)) return Submit{i.key, core::SuspendInstance{"audit", "boss"}};
  if (chance.one_in(16)) return Submit{i.key, core::CancelInstance{"given up", "boss"}};
  if (!i.incidents.empty() && chance.one_in(2)) return Submit{i.key, core::ResolveIncident{i.incidents.front().key, Context{}, 1, "boss"}};
  if (i.work.empty()) return std::nullopt;
  const core::Work& work = i.work[chance.below(i.work.size())];
  if (work.kind != core::WorkKind::user && chance.one_in(3))
    return Submit{i.key, core::FailWork{work.key, "line dead", chance.one_in(3) ? "bad" : "", {}, {}}};
  const Value result =
      chance.one_in(10) ? Value(Context{{"n", Value("seven")}}) : Value(Context{{"n", Value(static_cast<std::int64_t>(chance.below(5)))}});
  return Submit{i.key, core::CompleteWork{work.key, result, {}}};
}

}  // namespace

std::optional<Stage> make_stage(std::vector<std::pair<std::string, std::string>> texts, std::vector<std::pair<std::string, std::string>> resources,
                                std::string zone, std::string& trouble) {
  Stage stage;
  stage.texts = std::move(texts);
  stage.resources = std::move(resources);
  stage.zone = std::move(zone);
  stage.begin = *parse_instant(first_instant, "UTC");
  for (const auto& [file, text] : stage.resources) {
    if (notation::kind_of(text) == notation::FileKind::calendar) {
      auto loaded = notation::load_calendar(text, file);
      if (!loaded.value) return trouble = errors_in(loaded.diagnostics), std::nullopt;
      const std::string id = loaded.value->id;
      auto made = calendar::BusinessCalendar::make(std::move(*loaded.value));
      if (!made) return trouble = made.error().text(), std::nullopt;
      stage.library.calendars[id] = made.value();
    } else {
      auto loaded = notation::load_decision(text, file);
      auto made = loaded.value ? notation::compile_decision_file(*loaded.value, file) : notation::Loaded<feel::Decision>{};
      if (!made.value) return trouble = errors_in(loaded.diagnostics) + errors_in(made.diagnostics), std::nullopt;
      const std::string id = loaded.value->table.id;
      stage.library.decisions.insert_or_assign(id, std::move(*made.value));
    }
  }
  for (const auto& [id, text] : stage.texts) {
    const auto loaded = notation::load_process(text, id + ".yaml");
    if (!loaded.value) return trouble = errors_in(loaded.diagnostics), std::nullopt;
    const auto made = model::compile(*loaded.value, stage.library, text);
    if (made.process == nullptr) return trouble = errors_in(made.diagnostics), std::nullopt;
    stage.processes[id] = made.process;
  }
  // Together, as they are deployed: calls are held against what they call.
  workspace::Workspace files;
  for (const auto& [file, text] : stage.resources) files.put(file, text);
  for (const auto& [id, text] : stage.texts) files.put(id + ".yaml", text);
  for (const auto& [id, text] : stage.texts) {
    model::Diagnostics found = files.project().errors_of(id);
    std::erase_if(found, [](const model::Diagnostic& d) { return d.rule == "SB0713"; });  // it may be deployed later
    trouble = errors_in(found);
    if (!trouble.empty()) return std::nullopt;
  }
  return stage;
}

std::optional<Stage> make_group(std::uint64_t seed, std::string& trouble) {
  Chance chance(seed);
  const std::size_t count = 2 + chance.below(3);
  std::vector<std::pair<std::string, std::string>> texts;
  for (std::size_t i = count; i-- > 0;) texts.emplace_back(fmt::format("p{}", i), Writer(chance, i, count).write());
  return make_stage(std::move(texts), {}, "UTC", trouble);
}

std::optional<Stage> make_single(std::uint64_t seed, std::string& trouble) {
  constexpr const char* week = "switchboard: 1\ncalendar: week\nzone: Asia/Shanghai\nname: Week\nweek: {mon-fri: 09:00-17:00, sat-sun: closed}\n";
  constexpr const char* table =
      "switchboard: 1\ndecision: table\nparameters: {x: number}\nhit: first\ninputs: [{label: x, expression: x, type: number}]\noutputs: [{name: y, "
      "type: "
      "number, default: 'null'}]\nrules:\n  - {when: ['> 1'], then: ['x + 1']}\n";
  const testing::Generated g = testing::generate(seed);
  return make_stage({{"random", notation::write_process(g.process)}}, {{"week.yaml", week}, {"table.yaml", table}}, "Asia/Shanghai", trouble);
}

Action choose(const Stage& stage, const testing::World& world, Chance& chance) {
  switch (chance.below(10)) {
    case 0:
    case 1: {
      auto process = stage.processes.begin();
      std::advance(process, static_cast<std::ptrdiff_t>(chance.below(stage.processes.size())));
      const auto& starts = process->second->elements.front().start_events;
      const model::Element& start = process->second->at(starts[chance.below(starts.size())]);
      return Start{process->first, some_number(chance), start.id, start.events.empty() ? Value(Context{{"name", Value("z")}}) : some_payload(chance)};
    }
    case 2: return SendMessage{some_name(stage, model::EventKind::message, chance), some_number(chance), some_payload(chance)};
    case 3: return SendToCase{some_name(stage, model::EventKind::message, chance), some_number(chance), some_payload(chance)};
    case 4: return SendSignal{some_name(stage, model::EventKind::signal, chance), some_payload(chance)};
    case 5:
    case 6: return Advance{world.now() + Duration::minutes(static_cast<std::int64_t>(5 * chance.below(12)))};
    default:
      if (const auto action = on_some_case(world, chance)) return *action;
      return Advance{world.next_instant().value_or(world.now())};
  }
}

}  // namespace switchboard::differential
