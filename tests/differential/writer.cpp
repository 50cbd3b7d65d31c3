// Processes by chance that talk to each other, as text.
#include "differential/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

namespace switchboard::differential {

namespace {

constexpr const char* utc = "24x7@UTC";

/// One process as text. No body turns back: when a process calls, and starts by message or signal, only those behind it, every run ends.
class Writer {
 public:
  /// `callable`: for each process of the group, whether it has a start event of its own (only such a one can be called).
  Writer(Chance& chance, const std::vector<bool>& callable, std::size_t index, Reach reach)
      : chance_(chance), callable_(callable), index_(index), count_(callable.size()), first_reached_(reach == Reach::anybody ? 0 : index + 1) {}

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
      text += fmt::format("  {}: {{{}payload: {{n: number}}{}}}\n", m, chance_.one_in(3) ? "key: '\"k\"', " : "", kept(m));
    for (std::size_t i = 0; i < count_; ++i)
      text += fmt::format("  begin{}: {{payload: {{n: number, name: string}}{}}}\n", i, kept(fmt::format("begin{}", i)));
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
  /// What this process waits for is kept, mostly; what is not kept may be for all.
  std::string kept(const std::string& message) {
    if (!awaited_.contains(message) || chance_.one_in(3)) return chance_.one_in(3) ? ", receivers: all" : "";
    return chance_.one_in(3) ? fmt::format(", keep: {{for: {}, then: discard}}", minutes()) : fmt::format(", keep: {}", minutes());
  }
  std::string awaited(std::string message) {
    awaited_.insert(message);
    return message;
  }

  std::string message() { return fmt::format("m{}", chance_.below(3)); }
  std::string signal() { return fmt::format("s{}", chance_.below(2)); }

  /// A message or signal: one that somebody may wait for, or one that starts a process behind this one.
  std::string thrown() {
    const bool starts = first_reached_ < count_ && chance_.one_in(2);
    const std::size_t which = starts ? first_reached_ + chance_.below(count_ - first_reached_) : 0;
    if (chance_.one_in(2)) {
      const std::string name = starts ? fmt::format("begin{}", which) : message();
      const std::string in = !starts ? "in: {n: n + 1}" : chance_.one_in(3) ? "in: {n: n}" : "in: {n: n, name: '\"x\"'}";
      return fmt::format("message: {}, {}", name, in);
    }
    return fmt::format("signal: {}", starts ? fmt::format("ring{}", which) : signal());
  }

  std::string event() {
    switch (chance_.below(3)) {
      case 0: return "message: " + awaited(message());
      case 1: return "signal: " + signal();
      default: return fmt::format("timer: {{after: {}}}", minutes());
    }
  }

  std::string boundary(const std::string& next) {
    if (chance_.one_in(2)) return "";
    const bool interrupting = chance_.one_in(2);
    const std::string to = interrupting ? next : node("{type: endEvent}");
    const std::string what =
        !interrupting && chance_.one_in(4) ? fmt::format("timer: {{every: {}, times: {}}}", minutes(), 1 + chance_.below(3)) : event();
    return fmt::format(", boundary: {{b{}: {{{}, interrupting: {}, next: {}}}}}", next_++, what, interrupting, to);
  }

  /// Jobs that fail come again after ten minutes or so, and some come before others.
  std::string job(const std::string& next) {
    const std::string backoff = chance_.one_in(2) ? fmt::format("backoff: {}, ", minutes()) : "";
    const std::string priority = chance_.one_in(4) ? "priority: 5, " : "";
    return node(fmt::format("{{type: serviceTask, job: work, retries: 2, {}{}out: {{n: n}}{}, next: {}}}", backoff, priority, boundary(next), next));
  }

  std::string call(const std::string& next) {
    std::vector<std::size_t> behind;
    for (std::size_t i = first_reached_; i < count_; ++i)
      if (callable_[i]) behind.push_back(i);
    if (behind.empty()) return node(fmt::format("{{type: userTask, groups: [crew], form: [n], next: {}}}", next));
    const std::size_t called = behind[chance_.below(behind.size())];
    const char* name = chance_.one_in(3) ? "name" : "'\"x\"'";
    const char* version = chance_.one_in(4) ? "version: same, " : chance_.one_in(8) ? "version: v9, " : "";
    std::string caught = chance_.one_in(2) ? fmt::format(", boundary: {{b{}: {{error: bad, next: {}}}}}", next_++, next) : boundary(next);
    return node(fmt::format("{{type: callActivity, process: p{}, {}in: {{n: n, name: {}}}, out: {{n: n}}{}, next: {}}}", called, version, name,
                            caught, next));
  }

  /// Each branch comes to the join by one flow, and what is before the fork comes to it by one, however many ways lead there: a parallel gateway
  /// waits for all its flows.
  std::string fork(const std::string& next, std::size_t depth) {
    const std::string join = node(fmt::format("{{type: parallelGateway, next: {}}}", next));
    const auto branch = [&] { return piece(node(fmt::format("{{type: exclusiveGateway, next: {}}}", join)), depth - 1); };
    const std::string a = branch(), b = branch();
    return node(fmt::format("{{type: exclusiveGateway, next: {}}}", node(fmt::format("{{type: parallelGateway, next: [{}, {}]}}", a, b))));
  }

  std::string choice(const std::string& next, std::size_t depth) {
    const std::string a = piece(next, depth - 1);
    return node(fmt::format("{{type: exclusiveGateway, next: [{{if: n > 1, to: {}}}, {{else: {}}}]}}", a, next));
  }

  std::string race(const std::string& next) {
    const std::string a = node(fmt::format("{{type: intermediateCatchEvent, message: {}, next: {}}}", awaited(message()), next));
    const std::string b = node(fmt::format("{{type: intermediateCatchEvent, timer: {{after: {}}}, next: {}}}", minutes(), next));
    return node(fmt::format("{{type: eventBasedGateway, next: [{}, {}]}}", a, b));
  }

  std::string crew(const std::string& more, const std::string& next) {
    return fmt::format("{{type: userTask, groups: [crew], form: [n]{}{}}}", more, next.empty() ? "" : ", next: " + next);
  }

  std::string repeated(const std::string& next) {
    constexpr const char* ways[] = {", multiInstance: {cardinality: 2}", ", multiInstance: {cardinality: 3, completionCondition: n > 2}",
                                    ", multiInstance: {cardinality: 2, sequential: true}", ", loop: {max: 2}"};
    return node(crew(ways[chance_.below(std::size(ways))] + boundary(next), next));
  }

  /// A container whose nodes are given line by line.
  std::string container(const std::string& head, const std::vector<std::string>& inside) {
    const std::string id = fmt::format("n{}", next_++);
    nodes_ += fmt::format("  {}:\n    {}\n    nodes:\n", id, head);
    for (const std::string& line : inside) nodes_ += "      " + line + "\n";
    return id;
  }

  /// It may be cancelled while a part of it still runs, in which something has completed.
  std::string transaction(const std::string& next) {
    const std::string way = chance_.one_in(2) ? "{type: exclusiveGateway, next: [{if: n > 1, to: no}, {else: join}]}"
                                              : "{type: exclusiveGateway, next: [{if: n < 3, to: no}, {else: join}]}";
    const std::string part = fmt::format(
        "part: {{type: subProcess, next: join, nodes: {{s: {{type: startEvent, next: t}}, t: {}, u: {}, w: {}, e: {{type: endEvent}}}}}}",
        crew(", compensation: u", "w"), crew("", ""), chance_.one_in(2) ? crew("", "e") : "{type: intermediateCatchEvent, signal: s0, next: e}");
    return container(
        fmt::format("type: transaction\n    next: {0}\n    boundary: {{b{1}: {{cancel: true, next: {0}}}}}", next, next_++),
        {"s: {type: startEvent, next: fork}", "fork: {type: parallelGateway, next: [part, t]}", part, "t: " + crew(", compensation: u", "way"),
         "u: " + crew("", ""), "way: " + way, "no: {type: endEvent, cancel: true}", "join: {type: parallelGateway, next: e}", "e: {type: endEvent}"});
  }

  std::string ad_hoc(const std::string& next) {
    const std::string how = chance_.one_in(2) ? "\n    sequential: true" : chance_.one_in(2) ? "\n    cancelRemaining: false" : "";
    const std::string repeat = chance_.one_in(3) ? "\n    multiInstance: {cardinality: 2}" : "";
    return container(fmt::format("type: adHocSubProcess\n    completionCondition: n > 2\n    next: {}{}{}", next, how, repeat),
                     {"look: " + crew("", ""), "note: " + crew("", "")});
  }

  std::string several(const std::string& next) {
    const std::string signal_and_message = fmt::format("[{{message: {}}}, {{signal: {}}}", message(), signal());
    const std::string what = chance_.one_in(2) ? fmt::format("parallelMultiple: {}]", signal_and_message)
                                               : fmt::format("multiple: {}, {{timer: {{after: {}}}}}]", signal_and_message, minutes());
    return node(fmt::format("{{type: intermediateCatchEvent, {}, next: {}}}", what, next));
  }

  /// Goes on when two of three have come.
  std::string complex(const std::string& next) {
    const std::string join = node(fmt::format("{{type: complexGateway, activate: activationCount >= 2, next: {}}}", next));
    const std::string a = node(crew("", join)), b = node(crew("", join)),
                      c = node(fmt::format("{{type: intermediateCatchEvent, {}, next: {}}}", event(), join));
    return node(fmt::format("{{type: exclusiveGateway, next: {}}}", node(fmt::format("{{type: parallelGateway, next: [{}, {}, {}]}}", a, b, c))));
  }

  std::string undone(const std::string& next) {
    const std::string undo = node(crew("", ""));
    const std::string back = node(fmt::format("{{type: intermediateThrowEvent, compensate: true, next: {}}}", next));
    return node(crew(", compensation: " + undo, back));
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
    const std::size_t kinds = depth > 0 ? 18 : 8;
    switch (chance_.below(kinds)) {
      case 0: return node(fmt::format("{{type: userTask, groups: [crew], form: [n]{}, next: {}}}", boundary(next), next));
      case 1: return job(next);
      case 2:
      case 3: return node(fmt::format("{{type: intermediateThrowEvent, {}, next: {}}}", thrown(), next));
      case 4: return node(fmt::format("{{type: intermediateCatchEvent, {}, next: {}}}", event(), next));
      case 5:
      case 6: return call(next);
      case 7: return race(next);
      case 8: return fork(next, depth);
      case 9: return choice(next, depth);
      case 10: return body(next, depth);
      case 11: return repeated(next);
      case 12: return transaction(next);
      case 13: return ad_hoc(next);
      case 14: return several(next);
      case 15: return complex(next);
      case 16: return undone(next);
      default: return node(fmt::format("{{type: userTask, groups: [crew], form: [n], next: {}}}", next));
    }
  }

  void add_starts(const std::string& first) {
    const bool alone = !callable_[index_];
    if (!alone) node(fmt::format("{{type: startEvent, next: {}}}", first));
    if (index_ > 0 && (alone || chance_.one_in(2))) {
      const std::size_t as =
          chance_.one_in(6) && index_ > 1 ? index_ - 1 : index_;  // now and then one name starts two; both stand behind who throws it
      node(fmt::format("{{type: startEvent, {}, next: {}}}",
                       chance_.one_in(3) ? fmt::format("signal: ring{}", as) : "message: " + awaited(fmt::format("begin{}", as)), first));
    }
    if (chance_.one_in(5))
      node(fmt::format("{{type: startEvent, timer: {{every: {}, times: {}}}, next: {}}}", minutes(), 1 + chance_.below(3), first));
  }

  std::string clock() {
    const std::string stop = chance_.one_in(2) ? fmt::format("message: {}", message()) : std::string("process: ended");
    const std::string pause = chance_.one_in(3) ? fmt::format("pause: {{message: {}}}, resume: {{message: {}}}, ", message(), message()) : "";
    const std::string left = chance_.one_in(2) ? "{at: 5 min left, escalate: late}, " : "";
    return fmt::format(
        "sla:\n  promise: {{start: {{process: started}}, stop: {{{}}}, {}within: {}, marks: [{{at: 50%, escalate: late}}, {}{{at: breach, "
        "escalate: late}}]}}\n",
        stop, pause, minutes(), left);
  }

  Chance& chance_;
  const std::vector<bool>& callable_;
  std::size_t index_, count_, first_reached_;
  std::size_t next_ = 0;
  std::string nodes_;
  std::set<std::string> awaited_;  ///< messages
};

}  // namespace

std::vector<std::pair<std::string, std::string>> write_group(std::uint64_t seed, Reach reach) {
  Chance chance(seed);
  std::vector<bool> callable{true};
  for (std::size_t more = 1 + chance.below(3); more > 0; --more) callable.push_back(!chance.one_in(3));
  std::vector<std::pair<std::string, std::string>> texts;
  for (std::size_t i = callable.size(); i-- > 0;) texts.emplace_back(fmt::format("p{}", i), Writer(chance, callable, i, reach).write());
  return texts;
}

}  // namespace switchboard::differential
