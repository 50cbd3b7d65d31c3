// Blocks -> a model::Process, from the back: a block is told where to go on and says where it begins.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "property/builder.hpp"

namespace switchboard::testing {

namespace {

class Builder : public Ground {
 public:
  explicit Builder(Generated& g) : Ground(g) {}

  void build_process(const Block& root, Chance& chance) {
    g_.process.id = "random";
    g_.process.file = "random.yaml";
    g_.process.calendar = {"week", {}};
    for (const char* code : {"broken"}) g_.process.errors.push_back(declared(code));
    for (const char* code : {"raised", "noted", "watch", "late", "sent"}) g_.process.escalations.push_back(declared(code));
    for (const char* id : {"told", "begun", "heard", "overheard"}) g_.process.messages.push_back(declared(id));
    fill_body(g_.process.nodes, root, "", g_.process.data);
    for (Node& n : g_.process.nodes)
      if (n.type == NodeType::start_event) choose_start(n, chance.below(6));
    g_.process.decisions.push_back({"table", {}});
  }

  /// How the case begins; the driver starts it that way.
  void choose_start(Node& n, std::size_t how) {
    g_.start = n.id;
    if (how == 0) return;
    model::EventDefinition e;
    if (how == 1) {
      e.kind = EventKind::message;
      e.name = {g_.start_message = "begun", {}};
    } else if (how == 2) {
      e.kind = EventKind::signal;
      e.name = {"begin", {}};
    } else if (how > 3) {  // a message, and a signal: instead of it, or too
      e.kind = EventKind::message;
      e.name = {g_.start_message = "begun", {}};
      n.events.push_back(e);
      e.kind = EventKind::signal;
      e.name = {"begin", {}};
      n.parallel_multiple = how == 5;
      if (how == 5) g_.fires[n.id] = 1;
    } else {
      e.kind = EventKind::timer;
      e.timer.duration = {"1 h", {}};
    }
    n.events.push_back(std::move(e));
  }

  /// Clocks do not change what a case does; they have laws of their own.
  void add_clocks(Chance& chance) {
    for (int i = 0; i < 3; ++i) {
      model::ClockDefinition c;
      c.id = name("k", i);
      constexpr const char* budgets[] = {"40 min", "3 h", "1 bd", "5 bh", "1 d 2 h", "2 bd 3 bh"};
      c.within = {budgets[chance.below(std::size(budgets))], {}};
      c.start = any_of({some_case(chance)});
      c.stop = any_of({some_case(chance), some_case(chance)});
      if (chance.one_in(2)) c.cancel = any_of({some_case(chance)});
      if (chance.one_in(3)) c.reset = any_of({some_case(chance)});
      if (chance.one_in(2)) c.pause_in = {{some_path(chance), {}}, {some_path(chance), {}}};
      c.restart_each = chance.one_in(2);
      c.marks.push_back(mark("50%", "watch"));
      if (i > 0) c.marks.push_back(mark("breach", "late"));
      g_.process.sla.push_back(std::move(c));
    }
    model::FeedbackDefinition f;
    f.id = "news";
    f.on = any_of({some_case(chance)});
    f.channels = {"sms"};
    f.text.by_language["en"] = "{{case_no}}";
    g_.process.feedback.push_back(std::move(f));
  }

 private:
  std::string some_path(Chance& chance) const { return g_.paths[chance.below(g_.paths.size())]; }
  model::Trigger::Case some_case(Chance& chance) const {
    if (chance.one_in(6)) return {model::Trigger::Kind::message, {chance.one_in(2) ? "heard" : "overheard", {}}, {}};
    const auto kind = chance.one_in(2) ? model::Trigger::Kind::completed : model::Trigger::Kind::entered;
    return {kind, {some_path(chance), {}}, {}};
  }
  static model::ClockMark mark(const char* text, const char* escalation) {
    model::ClockMark m;
    m.text = text;
    m.escalate = {escalation, {}};
    if (m.text.ends_with("%")) {
      m.kind = model::ClockMark::Kind::percent;
      m.percent = 50;
    }
    return m;
  }
  static model::Trigger any_of(std::vector<model::Trigger::Case> cases) { return {std::move(cases), {}}; }

  /// Start, body, end and event sub-processes of a container.
  void fill_body(std::vector<Node>& nodes, const Block& b, const std::string& path, std::vector<model::DataItem>& data) {
    Body body{nodes, path, data};
    const std::string end = add(body, node(name("end", b.number), NodeType::end_event));
    Node start = node(name("start", b.number), NodeType::start_event);
    go(start, emit(body, b.parts.front(), end));
    add(body, std::move(start));
    for (const Attachment& a : b.attachments)
      if (a.event_sub_process) add_event_sub_process(body, a);
    drop_unused(nodes, path, end);
  }

  /// The body ends with an event of its own.
  void drop_unused(std::vector<Node>& nodes, const std::string& path, const std::string& end) {
    if (leads_to(nodes, end)) return;
    std::erase_if(nodes, [&](const Node& n) { return n.id == end; });
    std::erase(g_.paths, path + end);
  }

  static bool leads_to(const std::vector<Node>& nodes, const std::string& id) {
    return std::any_of(nodes.begin(), nodes.end(), [&](const Node& n) {
      return std::any_of(n.next.begin(), n.next.end(), [&](const model::Flow& f) { return f.to.name == id; }) || leads_to(n.boundary, id);
    });
  }

  void add_event_sub_process(Body& body, const Attachment& a) {
    Node sub = node(name("esp", a.number), NodeType::event_sub_process);
    Body inner{sub.nodes, body.path + sub.id + "/", sub.data};
    const std::string end = add(inner, some_end(a.number));
    Node start = node(name("on", a.number), NodeType::start_event);
    start.interrupting = a.interrupting;
    set_event(start, inner.path + start.id, a.trigger, a.number, a.fires);
    go(start, emit(inner, a.handler.front(), end));
    add(inner, std::move(start));
    drop_unused(sub.nodes, inner.path, end);
    add(body, std::move(sub));
  }

  /// An end that tells somebody, or nobody.
  Node some_end(int number) {
    Node n = node(name("end", number), NodeType::end_event);
    if (number % 3 == 0) return n;
    model::EventDefinition e;
    e.kind = number % 3 == 1 ? EventKind::message : EventKind::signal;
    e.name = {number % 3 == 1 ? "told" : "shouted", {}};
    n.events.push_back(std::move(e));
    return n;
  }

  /// Where a flow beside the main one ends.
  Node side_end(const Body& body, int number) { return body.ad_hoc ? node(name("end", number), NodeType::manual_task) : some_end(number); }

  /// Boundary events of a host. Those that interrupt meet its normal way again at `merge`, the others end by themselves.
  void add_boundary(Body& body, Node& host, const Block& b, const std::string& merge) {
    for (const Attachment& a : b.attachments) {
      if (a.event_sub_process) continue;
      Node event = node(name("on", a.number), NodeType::boundary_event);
      event.interrupting = a.interrupting;
      set_event(event, body.path + event.id, a.trigger, a.number, a.fires);
      std::string after = merge;
      if (!a.interrupting) after = add(body, side_end(body, a.number));
      go(event, emit(body, a.handler.front(), after));
      host.boundary.push_back(std::move(event));
    }
  }

  static void repeat(Node& n, const Block& b) {
    using Kind = model::LoopDefinition::Kind;
    model::LoopDefinition& l = n.loop;
    if (b.repeat == Repeat::no) return;
    l.kind = b.repeat == Repeat::loop ? Kind::standard : b.repeat == Repeat::in_turn ? Kind::sequential : Kind::parallel;
    if (b.repeat == Repeat::loop) {
      l.test_before = b.number % 2 == 0;
      if (b.number % 3 == 0)
        l.maximum = {fmt::format("{}", b.planned), {}};
      else
        l.condition = {fmt::format("loopCounter < {}", b.planned), {}};
      return;
    }
    if (b.number % 2 == 0) {
      l.cardinality = {fmt::format("{}", b.planned), {}};
    } else {
      std::string items;
      for (int i = 0; i < b.planned; ++i) items += fmt::format("{}{}", i == 0 ? "" : ", ", i);
      l.collection = {"[" + items + "]", {}};
      l.element = name("item", b.number);
    }
    if (b.times < b.planned) l.condition = {fmt::format("numberOfCompletedInstances >= {}", b.times), {}};
  }

  std::string emit_activity(Body& body, const Block& b, Node n, const std::string& next) override {
    repeat(n, b);
    if (!b.undo.empty()) n.compensation = {emit(body, b.undo.front(), {}), {}};
    if (b.attachments.empty()) {
      go(n, next);
      return add(body, std::move(n));
    }
    Node merge = node(name("merge", b.number), NodeType::exclusive_gateway);
    go(merge, next);
    const std::string merged = add(body, std::move(merge));
    go(n, merged);
    add_boundary(body, n, b, merged);
    for (const Attachment& a : b.attachments)
      if (b.kind != BlockKind::sub_process && a.trigger == Trigger::error) g_.fails.insert(body.path + n.id);
    return add(body, std::move(n));
  }

  std::string emit(Body& body, const Block& b, const std::string& next) override {
    switch (b.kind) {
      case BlockKind::task: return emit_activity(body, b, node(name("t", b.number), NodeType::user_task), next);
      case BlockKind::service:
        return emit_activity(body, b, node(name("t", b.number), b.number % 3 == 0 ? NodeType::send_task : NodeType::service_task), next);
      case BlockKind::call: return emit_call(body, b, next);
      case BlockKind::automatic: return emit_automatic(body, b, next);
      case BlockKind::sequence: return emit_sequence(body, b, next);
      case BlockKind::exclusive:
      case BlockKind::parallel:
      case BlockKind::complex:
      case BlockKind::inclusive: return emit_branches(body, b, next);
      case BlockKind::loop: return emit_loop(body, b, next);
      case BlockKind::sub_process: return emit_sub_process(body, b, next);
      case BlockKind::event_gateway: return emit_event_gateway(body, b, next);
      case BlockKind::wait: return emit_wait(body, b, next);
      case BlockKind::link: return emit_link(body, b, next);
      case BlockKind::error_end: return emit_throwing_end(body, b);
      case BlockKind::terminate: return emit_terminate(body, b);
      case BlockKind::ad_hoc: return emit_ad_hoc(body, b, next);
      case BlockKind::compensate: return emit_compensate(body, b, next);
      case BlockKind::raise: return emit_raise(body, b, next);
    }
    return next;
  }

  std::string emit_call(Body& body, const Block& b, const std::string& next) {
    Node n = node(name("t", b.number), NodeType::call_activity);
    n.process = {"other", {}};
    return emit_activity(body, b, std::move(n), next);
  }

  /// Whatever goes on by itself.
  std::string emit_automatic(Body& body, const Block& b, const std::string& next) {
    constexpr NodeType types[] = {NodeType::manual_task, NodeType::task, NodeType::script_task, NodeType::send_task, NodeType::business_rule_task};
    constexpr EventKind throws[] = {EventKind::none, EventKind::message, EventKind::signal, EventKind::escalation};
    const auto which = static_cast<std::size_t>(b.number) % (std::size(types) + std::size(throws));
    Node n = node(name("a", b.number), which < std::size(types) ? types[which] : NodeType::intermediate_throw_event);
    if (n.type == NodeType::send_task) n.message = {"told", {}};
    if (n.type == NodeType::business_rule_task) {
      n.decision = {"table", {}};
      n.in.push_back({"x", {}, {"2", {}}});
    }
    if (n.type == NodeType::intermediate_throw_event) throw_something(n, throws[which - std::size(types)], b);
    go(n, next);
    return add(body, std::move(n));
  }

  void throw_something(Node& n, EventKind kind, const Block& b) {
    if (kind == EventKind::none && b.number % 2 == 0) {
      throw_something(n, EventKind::message, b);
      return throw_something(n, EventKind::signal, b);
    }
    if (kind == EventKind::none || (kind == EventKind::escalation && !b.open_air)) return;
    model::EventDefinition e;
    e.kind = kind;
    e.name = {kind == EventKind::message ? "told" : kind == EventKind::signal ? "shouted" : "sent", {}};
    n.events.push_back(std::move(e));
  }

  std::string emit_raise(Body& body, const Block& b, const std::string& next) {
    Node n = node(name("raise", b.number), NodeType::intermediate_throw_event);
    model::EventDefinition e;
    e.kind = EventKind::escalation;
    e.name = {"noted", {}};
    n.events.push_back(std::move(e));
    go(n, next);
    return add(body, std::move(n));
  }

  std::string emit_sequence(Body& body, const Block& b, std::string next) {
    for (auto part = b.parts.rbegin(); part != b.parts.rend(); ++part) next = emit(body, *part, next);
    return next;
  }

  std::string emit_branches(Body& body, const Block& b, const std::string& next) {
    const bool all = b.kind == BlockKind::parallel || (b.kind == BlockKind::complex && b.taken.size() == b.parts.size());
    const NodeType type = b.kind == BlockKind::exclusive ? NodeType::exclusive_gateway
                          : all                          ? NodeType::parallel_gateway
                                                         : NodeType::inclusive_gateway;
    Node join = node(name("join", b.number), b.kind == BlockKind::complex ? NodeType::complex_gateway : type);
    if (b.kind == BlockKind::complex) join.activate = {fmt::format("activationCount >= {}", b.enough), {}};
    if (b.late.empty()) {
      go(join, next);
    } else {
      go_if(join, "waitingForStart", next);
      go_if(join, "not(waitingForStart)", emit(body, b.late.front(), add(body, side_end(body, b.number))));
    }
    const std::string joined = add(body, std::move(join));
    // BPMN lets an activity split as well: all flows, or those whose condition is true.
    // With two conditions it might take both, which `check` rightly says, so one and an `else` it is.
    const bool implicit = b.number % 3 == 0 && (all || (b.kind == BlockKind::exclusive && b.parts.size() == 2));
    Node split = node(name("split", b.number), implicit ? NodeType::task : type);
    for (std::size_t i = 0; i < b.parts.size(); ++i) {
      const std::string begin = emit(body, b.parts[i], joined);
      const bool last = i + 1 == b.parts.size();
      if (all) {
        go(split, begin);
      } else if (last && !(type == NodeType::inclusive_gateway && b.taken.size() > 1 && b.taken.contains(static_cast<int>(i)))) {
        go_else(split, begin);
      } else {
        const std::string data = fmt::format("c{}x{}", b.number, i);
        declare(body.data, data, feel::Type::Kind::boolean, b.taken.contains(static_cast<int>(i)));
        go_if(split, data, begin);
      }
    }
    return add(body, std::move(split));
  }

  std::string emit_loop(Body& body, const Block& b, const std::string& next) {
    const std::string data = name("l", b.number);
    declare(body.data, data, feel::Type::Kind::number, 0);
    const auto script = [&](const char* what, std::string value, const std::string& to) {
      Node n = node(name(what, b.number), NodeType::script_task);
      n.set.push_back({data, {}, {std::move(value), {}}});
      go(n, to);
      return add(body, std::move(n));
    };
    Node test = node(name("test", b.number), NodeType::exclusive_gateway);
    const std::string head = name("head", b.number);
    go_if(test, data + " > 0", head);
    go_else(test, next);
    const std::string tested = add(body, std::move(test));
    Node merge = node(head, NodeType::exclusive_gateway);
    go(merge, emit(body, b.parts.front(), script("turn", data + " - 1", tested)));
    add(body, std::move(merge));
    return script("init", fmt::format("{}", *b.taken.begin()), head);
  }

  std::string emit_sub_process(Body& body, const Block& b, const std::string& next) {
    Node n = node(name("sub", b.number), b.transaction ? NodeType::transaction : NodeType::sub_process);
    fill_body(n.nodes, b, body.path + n.id + "/", n.data);
    return emit_activity(body, b, std::move(n), next);
  }

  std::string emit_event_gateway(Body& body, const Block& b, const std::string& next) {
    Node merge = node(name("merge", b.number), NodeType::exclusive_gateway);
    go(merge, next);
    const std::string merged = add(body, std::move(merge));
    Node gateway = node(name("race", b.number), NodeType::event_based_gateway);
    for (std::size_t i = 0; i < b.parts.size(); ++i) {
      const int number = b.number * 100 + static_cast<int>(i);
      const bool receives = b.options[i] == Trigger::message && number % 2 == 0;
      Node option = node(name("w", number), receives ? NodeType::receive_task : NodeType::intermediate_catch_event);
      const int fires = b.taken.contains(static_cast<int>(i)) ? 1 : 0;
      if (receives) {
        option.message = {name("m", number), {}};
        g_.fires[body.path + option.id] = fires;
      } else {
        set_event(option, body.path + option.id, b.options[i], number, fires);
      }
      go(option, emit(body, b.parts[i], merged));
      go(gateway, add(body, std::move(option)));
    }
    return add(body, std::move(gateway));
  }

  std::string emit_wait(Body& body, const Block& b, const std::string& next) {
    const bool receives = b.options.front() == Trigger::message && b.number % 2 == 0;
    Node n = node(name("w", b.number), receives ? NodeType::receive_task : NodeType::intermediate_catch_event);
    if (receives) {
      n.message = {name("m", b.number), {}};
      g_.fires[body.path + n.id] = 1;
    } else {
      set_event(n, body.path + n.id, b.options.front(), b.number, 1);
    }
    go(n, next);
    return add(body, std::move(n));
  }

  std::string emit_link(Body& body, const Block& b, const std::string& next) {
    const auto end = [&](const char* what, NodeType type) {
      Node n = node(name(what, b.number), type);
      model::EventDefinition e;
      e.kind = EventKind::link;
      e.name = {name("link", b.number), {}};
      n.events.push_back(std::move(e));
      return n;
    };
    Node over = end("over", NodeType::intermediate_catch_event);
    go(over, next);
    add(body, std::move(over));
    return add(body, end("jump", NodeType::intermediate_throw_event));
  }

  /// An error ends its scope; an escalation goes on and finds that its scope was interrupted.
  std::string emit_throwing_end(Body& body, const Block& b) {
    Node n = node(name("throw", b.number), NodeType::end_event);
    model::EventDefinition e;
    if (b.options.front() == Trigger::cancel) {
      e.kind = EventKind::cancel;
    } else {
      e.kind = b.options.front() == Trigger::error ? EventKind::error : EventKind::escalation;
      e.name = {b.options.front() == Trigger::error ? "broken" : "raised", {}};
    }
    n.events.push_back(std::move(e));
    return b.parts.empty() ? add(body, std::move(n)) : emit_parts_of_cancelled(body, b, add(body, std::move(n)));
  }

  /// One part is done in a sub-process, which then says so and waits for nobody; the transaction is cancelled when both parts are done.
  std::string emit_parts_of_cancelled(Body& body, const Block& b, const std::string& cancel) {
    const auto signal = [&](const char* what, NodeType type) {
      Node n = node(name(what, b.number), type);
      model::EventDefinition e;
      e.kind = EventKind::signal;
      e.name = {name("ready", b.number), {}};
      n.events.push_back(std::move(e));
      return n;
    };
    Node meet = node(name("meet", b.number), NodeType::parallel_gateway);
    go(meet, cancel);
    const std::string met = add(body, std::move(meet));
    Node hear = signal("hear", NodeType::intermediate_catch_event);
    go(hear, met);
    Node part = node(name("sub", b.number), NodeType::sub_process);
    Body inner{part.nodes, body.path + part.id + "/", part.data};
    Node nobody = node(name("nobody", b.number), NodeType::user_task);
    g_.blocked.insert(inner.path + nobody.id);
    go(nobody, add(inner, node(name("end", b.number), NodeType::end_event)));
    Node tell = signal("tell", NodeType::intermediate_throw_event);
    go(tell, add(inner, std::move(nobody)));
    Node start = node(name("start", b.number), NodeType::start_event);
    go(start, emit(inner, b.parts[0], add(inner, std::move(tell))));
    add(inner, std::move(start));
    go(part, add(body, node(name("never", b.number), NodeType::end_event)));
    Node fork = node(name("fork", b.number), NodeType::parallel_gateway);
    go(fork, add(body, std::move(hear)));
    go(fork, add(body, std::move(part)));
    go(fork, emit(body, b.parts[1], met));
    return add(body, std::move(fork));
  }

  /// One branch waits for nobody, another for that one at a join, the third ends the scope and takes both with it.
  std::string emit_terminate(Body& body, const Block& b) {
    Node stop = node(name("stop", b.number), NodeType::end_event);
    model::EventDefinition e;
    e.kind = EventKind::terminate;
    stop.events.push_back(std::move(e));
    Node nobody = node(name("nobody", b.number), NodeType::user_task);
    g_.blocked.insert(body.path + nobody.id);
    Node fork = node(name("fork", b.number), NodeType::parallel_gateway);
    Node meet = node(name("meet", b.number), NodeType::parallel_gateway);
    go(meet, add(body, node(name("never", b.number), NodeType::end_event)));
    const std::string met = add(body, std::move(meet));
    go(nobody, met);
    Node early = node(name("early", b.number), NodeType::manual_task);
    go(early, met);
    go(fork, add(body, std::move(early)));
    Node pause = node(name("t", b.number), NodeType::user_task);
    go(pause, add(body, std::move(stop)));
    go(fork, add(body, std::move(nobody)));
    go(fork, add(body, std::move(pause)));
    return add(body, std::move(fork));
  }
};

}  // namespace

Generated build(Block root, std::uint64_t seed) {
  Generated g;
  Chance chance(seed + 1'000'000'007);
  Builder builder(g);
  builder.build_process(root, chance);
  builder.add_clocks(chance);
  g.root = std::move(root);
  return g;
}

}  // namespace switchboard::testing
