#include "notation/outline.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <vector>

namespace switchboard::notation {

namespace {

using model::EventKind;
using model::NodeType;

struct CodeRange {
  char32_t first;
  char32_t last;
};

// Blocks whose characters are wide or fullwidth in EastAsianWidth.txt, rounded to whole blocks.
constexpr std::array<CodeRange, 11> wide{{{0x1100, 0x115F},
                                          {0x2E80, 0x303E},
                                          {0x3041, 0x33FF},
                                          {0x3400, 0x4DBF},
                                          {0x4E00, 0x9FFF},
                                          {0xA000, 0xA4CF},
                                          {0xAC00, 0xD7A3},
                                          {0xF900, 0xFAFF},
                                          {0xFE30, 0xFE6F},
                                          {0xFF01, 0xFF60},
                                          {0x20000, 0x3FFFD}}};
constexpr std::array<CodeRange, 3> more_wide{{{0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}}};
constexpr std::array<CodeRange, 4> no_width{{{0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}}};

template <std::size_t N>
bool within(const std::array<CodeRange, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(), [c](const CodeRange& r) { return c >= r.first && c <= r.last; });
}

char32_t take(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
  char32_t code = lead & (0x3Fu >> more);
  for (int i = 0; i < more && at < text.size(); ++i) code = (code << 6) | (static_cast<unsigned char>(text[at++]) & 0x3Fu);
  return code;
}

constexpr std::size_t widest_column = 48;

/// Rows of cells; columns are as wide as their widest cell, but a cell beyond widest_column only moves the rest of its own row. The last one is not
/// filled up.
class Table {
 public:
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }

  void print(std::string_view title, std::string& out) const {
    if (rows_.empty()) return;
    out += "\n" + std::string(title) + "\n";
    std::vector<std::size_t> widths;
    for (const auto& r : rows_)
      for (std::size_t i = 0; i + 1 < r.size(); ++i) {
        if (widths.size() <= i) widths.push_back(0);
        if (const std::size_t width = display_width(r[i]); width <= widest_column) widths[i] = std::max(widths[i], width);
      }
    for (const auto& r : rows_) {
      std::string line = "  ";
      for (std::size_t i = 0; i < r.size(); ++i) {
        line += r[i];
        const std::size_t width = display_width(r[i]);
        if (i + 1 < r.size() && widths[i] > 0) line += std::string(std::max(widths[i], width) - width + 2, ' ');
      }
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

void add(std::string& to, std::string_view part, std::string_view separator) {
  if (part.empty()) return;
  if (!to.empty()) to += separator;
  to += part;
}

std::string joined(const std::vector<std::string>& all, std::string_view separator) {
  std::string out;
  for (const auto& s : all) add(out, s, separator);
  return out;
}

std::string names_of(const std::vector<model::Ref>& refs) {
  std::string out;
  for (const auto& r : refs) add(out, r.name, ", ");
  return out;
}

class Outline {
 public:
  Outline(const model::Process& process, std::string_view language) : process_(process), language_(language) {}

  std::string text() {
    head();
    level(process_.nodes, 0);
    nodes_.print("NODES", out_);
    clocks();
    feedback();
    data();
    lanes();
    return std::move(out_);
  }

 private:
  void head() {
    out_ = process_.id;
    add(out_, process_.name.in(language_), "  ");
    if (!process_.version.empty()) out_ += "  (" + process_.version + ")";
    out_ += "\n";
    std::string facts;
    if (!process_.customer.empty()) add(facts, "customer " + process_.customer.text, " · ");
    if (!process_.organisation.empty()) add(facts, "organisation " + process_.organisation.text, " · ");
    if (!process_.calendar.empty()) add(facts, "calendar " + process_.calendar.name, " · ");
    if (!process_.decisions.empty()) add(facts, "decisions " + names_of(process_.decisions), " · ");
    std::string partners;
    for (const auto& p : process_.partners) add(partners, p.participant + " (" + p.process.name + ")", ", ");
    if (!process_.collaboration.empty())
      add(facts, "collaboration " + process_.collaboration.name + (partners.empty() ? "" : " with " + partners), " · ");
    if (!facts.empty()) out_ += facts + "\n";
  }

  /// Along the flows, first branches first, joins behind all their branches; what nothing leads to stands last, in file order.
  static std::vector<const model::Node*> in_flow_order(const std::vector<model::Node>& nodes) {
    std::map<std::string_view, const model::Node*> by_id;
    for (const auto& n : nodes) by_id.emplace(n.id, &n);
    std::set<const model::Node*> seen;
    std::vector<const model::Node*> order;
    const auto visit = [&](const std::vector<const model::Node*>& roots) {
      // Depth first with an own stack: a chain of nodes may be long.
      struct Frame {
        const model::Node* node;
        std::vector<const model::Node*> after;
      };
      std::vector<Frame> stack;
      std::vector<const model::Node*> finished;
      const auto enter = [&](const model::Node* n) {
        if (!seen.insert(n).second) return;
        Frame frame{n, {}};
        const auto follow = [&](const model::Node& from) {
          for (const auto& f : from.next)
            if (const auto found = by_id.find(f.to.name); found != by_id.end()) frame.after.push_back(found->second);
        };
        follow(*n);
        for (const auto& b : n->boundary) follow(b);
        stack.push_back(std::move(frame));
      };
      for (auto root = roots.rbegin(); root != roots.rend(); ++root) {
        enter(*root);
        while (!stack.empty()) {
          if (stack.back().after.empty()) {
            finished.push_back(stack.back().node);
            stack.pop_back();
            continue;
          }
          const model::Node* next = stack.back().after.back();  // the last branch first: the order is turned round below
          stack.back().after.pop_back();
          enter(next);
        }
      }
      order.insert(order.end(), finished.rbegin(), finished.rend());
    };
    std::vector<const model::Node*> starts;
    for (const auto& n : nodes)
      if (n.type == NodeType::start_event) starts.push_back(&n);
    visit(starts);
    for (const auto& n : nodes)
      if (n.type != NodeType::event_sub_process) visit({&n});
    for (const auto& n : nodes) visit({&n});
    return order;
  }

  // Depth is bounded by limits::yaml_depth.
  void level(const std::vector<model::Node>& nodes, std::size_t depth) {
    const std::string indent(2 * depth, ' ');
    for (const model::Node* n : in_flow_order(nodes)) {
      nodes_.row({indent + n->id, std::string(model::to_string(n->type)), n->lane.name, n->name.in(language_), flows(*n), details(*n)});
      for (const auto& b : n->boundary)
        nodes_.row({indent + "  " + (b.interrupting ? "! " : "+ ") + b.id, b.interrupting ? "interrupts" : "beside", "", b.name.in(language_),
                    flows(b), details(b)});
      level(n->nodes, depth + 1);
    }
  }

  static std::string event_text(const model::EventDefinition& e) {
    using Timer = model::TimerDefinition::Kind;
    switch (e.kind) {
      case EventKind::none: return "";
      case EventKind::condition: return "when " + e.condition.text;
      case EventKind::timer:
        if (e.timer.kind == Timer::at) return "at " + e.timer.instant.text;
        if (e.timer.kind == Timer::after) return "after " + e.timer.duration.text;
        return "every " + (e.timer.named_days.empty() ? e.timer.duration.text : e.timer.named_days.text) +
               (e.timer.times.empty() ? "" : ", " + e.timer.times.text + " times");
      case EventKind::message:
      case EventKind::signal:
      case EventKind::error:
      case EventKind::escalation:
      case EventKind::link:
      case EventKind::compensate:
      case EventKind::terminate:
      case EventKind::cancel: break;
    }
    std::string out(model::to_string(e.kind));
    add(out, e.name.name, " ");
    if (!e.wait) add(out, "without waiting", " ");
    return out;
  }

  static std::string loop_text(const model::LoopDefinition& loop) {
    using Kind = model::LoopDefinition::Kind;
    if (loop.kind == Kind::none) return "";
    if (loop.kind == Kind::standard) return "while " + (loop.condition.empty() ? "at most " + loop.maximum.text + " times" : loop.condition.text);
    std::string out = loop.kind == Kind::parallel ? "for each, at once: " : "for each, in turn: ";
    return out + (loop.collection.empty() ? loop.cardinality.text : (loop.element.empty() ? "" : loop.element + " in ") + loop.collection.text);
  }

  static std::string details(const model::Node& n) {
    std::string out;
    std::string events;
    for (const auto& e : n.events) add(events, event_text(e), n.parallel_multiple ? " and " : " or ");
    add(out, events, "; ");
    if (!n.message.empty()) add(out, "message " + n.message.name, "; ");
    if (!n.process.empty()) add(out, "calls " + n.process.name, "; ");
    if (!n.process_by.empty()) add(out, "calls what " + n.process_by.text + " says", "; ");
    if (!n.decision.empty()) add(out, "decides by " + n.decision.name, "; ");
    if (!n.job.empty()) add(out, "job " + n.job, "; ");
    if (n.register_use)
      add(out,
          (n.register_use.kind == model::RegisterUse::Kind::read ? "reads register " : "writes register ") + n.register_use.name.name + " at " +
              n.register_use.key.text,
          "; ");
    if (!n.groups.empty()) add(out, "groups " + joined(n.groups, ", "), "; ");
    if (!n.organisation.empty()) add(out, "in " + n.organisation.text, "; ");
    if (!n.due.empty()) add(out, "due " + n.due.text, "; ");
    for (const auto& m : n.set) add(out, m.name + " = " + m.value.text, "; ");
    add(out, loop_text(n.loop), "; ");
    if (n.instantiate) add(out, n.parallel ? "begins a case, which waits for all of them" : "begins a case", "; ");
    if (!n.activate.empty()) add(out, "goes off when " + n.activate.text, "; ");
    if (n.sequential) add(out, "in turn", "; ");
    if (!n.completion_condition.empty())
      add(out, "until " + n.completion_condition.text + (n.cancel_remaining ? "" : ", what runs then goes on"), "; ");
    if (!n.compensation.empty()) add(out, "undone by " + n.compensation.name, "; ");
    if (n.type == NodeType::start_event && !n.interrupting) add(out, "beside", "; ");
    return out;
  }

  std::string flows(const model::Node& n) const {
    std::string out;
    for (const auto& f : n.next) {
      std::string one = f.to.name;
      if (f.is_default) one += " else";
      if (!f.condition.empty()) one += " if " + f.condition.text;
      add(out, one, ", ");
    }
    return out.empty() ? out : "-> " + out;
  }

  static std::string trigger_text(const model::Trigger& t) {
    using Kind = model::Trigger::Kind;
    std::string out;
    for (const auto& c : t.any) {
      switch (c.kind) {
        case Kind::completed: add(out, c.name.name + " completed", " or "); break;
        case Kind::entered: add(out, c.name.name + " entered", " or "); break;
        case Kind::message: add(out, "message " + c.name.name, " or "); break;
        case Kind::condition: add(out, c.condition.text, " or "); break;
        case Kind::process_started: add(out, "case started", " or "); break;
        case Kind::process_ended: add(out, "case ended", " or "); break;
      }
    }
    return out;
  }

  static std::string promise_of(const model::ClockDefinition& c) {
    if (!c.by.empty()) return (c.before.empty() ? "by " : c.before.text + " before ") + c.by.text;
    return (c.mean ? "on average " : "within ") + c.within.text;
  }
  void clocks() {
    Table table;
    for (const auto& c : process_.sla) {
      std::string way = trigger_text(c.start) + " .. " + (c.stop.empty() ? "case ended" : trigger_text(c.stop));
      std::string more;
      if (!c.from.empty()) add(more, "counted from " + c.from.text, "; ");
      if (!c.cancel.empty()) add(more, "cancelled on " + trigger_text(c.cancel), "; ");
      if (!c.reset.empty()) add(more, "reset on " + trigger_text(c.reset), "; ");
      if (c.restart_each) add(more, "starts anew each time", "; ");
      if (!c.pause_in.empty()) add(more, "pauses in " + names_of(c.pause_in), "; ");
      if (!c.pause_if.empty()) add(more, "pauses while " + c.pause_if.text, "; ");
      if (!c.pause_on.empty()) add(more, "pauses on " + trigger_text(c.pause_on) + " until " + trigger_text(c.resume_on), "; ");
      if (c.internal) add(more, "internal", "; ");
      if (!c.calendar.empty()) add(more, "calendar " + c.calendar.name, "; ");
      if (!c.unverified.empty()) add(more, "unverified: " + c.unverified, "; ");
      table.row({c.id, c.name.in(language_), promise_of(c), way, more});
      for (const auto& m : c.marks) {
        std::string deed;
        if (!m.escalate.empty()) add(deed, "escalate " + m.escalate.name, ", ");
        if (!m.feedback.empty()) add(deed, "feedback " + m.feedback.name, ", ");
        table.row({"  " + m.text, "", deed, "", ""});
      }
    }
    table.print("CLOCKS", out_);
  }

  void feedback() {
    Table table;
    for (const auto& f : process_.feedback)
      table.row({f.id, f.channels_by.empty() ? joined(f.channels, ", ") : f.channels_by.text,
                 trigger_text(f.on) + (f.condition.empty() ? "" : " if " + f.condition.text), f.text.in(language_)});
    table.print("FEEDBACK", out_);
  }

  void data() {
    Table table;
    data_rows(table, process_.data, "");
    scoped_data(table, process_.nodes, "");
    table.print("DATA", out_);
  }

  // Depth is bounded by limits::yaml_depth.
  void scoped_data(Table& table, const std::vector<model::Node>& nodes, const std::string& path) {
    for (const auto& n : nodes) {
      data_rows(table, n.data, path + n.id + "/");
      scoped_data(table, n.nodes, path + n.id + "/");
    }
  }

  /// `scope`: the container whose data they are, before each name.
  void data_rows(Table& table, const std::vector<model::DataItem>& all, const std::string& scope) {
    for (const auto& d : all) {
      std::string facts;
      if (d.required) add(facts, "required", ", ");
      std::string values;
      for (const auto& v : d.enumeration) add(values, to_display(v), " | ");
      add(facts, values, ", ");
      if (d.min) add(facts, "at least " + to_display(*d.min), ", ");
      if (d.max) add(facts, "at most " + to_display(*d.max), ", ");
      if (d.default_value) add(facts, "default " + to_display(*d.default_value), ", ");
      if (!d.computed.empty()) add(facts, "default =" + d.computed.text, ", ");
      if (d.set_by_process) add(facts, "set by the process alone", ", ");
      if (d.search) add(facts, "searched", ", ");
      table.row({scope + d.name, d.type_text, d.label.in(language_), facts});
    }
  }

  void lanes() {
    Table table;
    for (const auto& l : process_.lanes)
      table.row({l.id, l.name.in(language_), joined(l.groups, ", "), l.organisation.empty() ? std::string() : "in " + l.organisation.text});
    table.print("LANES", out_);
  }

  const model::Process& process_;
  std::string_view language_;
  std::string out_;
  Table nodes_;
};

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = take(text, at);
    if (within(no_width, c)) continue;
    width += within(wide, c) || within(more_wide, c) ? 2 : 1;
  }
  return width;
}

std::string outline(const model::Process& process, std::string_view language) { return Outline(process, language).text(); }

}  // namespace switchboard::notation
