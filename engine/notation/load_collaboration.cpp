// Several pools in one file, and the messages between them (docs/language.md, Several pools; BPMN 2.0.2, chapter 9).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "notation/load.hpp"
#include "notation/reading.hpp"

namespace switchboard::notation {

namespace {

using model::EventKind;

std::set<std::string> messages_of(const model::Node& n) {
  std::set<std::string> names;
  model::for_each_told(n, [&](EventKind kind, const model::Ref& told) {
    if (kind == EventKind::message) names.insert(told.name);
  });
  return names;
}

/// One end of a flow: a pool, and the node in it when the pool shows its process.
struct End {
  const Participant* pool = nullptr;
  const model::Node* node = nullptr;  ///< null when the pool shows nothing
  std::set<std::string> messages{};   ///< of the node

  [[nodiscard]] bool tells(bool sends) const { return node != nullptr && model::sends(node->type) == sends && !messages.empty(); }
};

class Reader {
 public:
  Reader(Collaboration& out, Findings& findings) : out_(out), findings_(findings) {}

  void run(const yaml::Node& root) {
    out_.file = findings_.file();
    out_.id = text_of(value_at(root, "collaboration"));
    if (const yaml::Entry* own = root.find("collaboration")) out_.at = own->at;
    out_.name = label_of(value_at(root, "name"));
    if (const yaml::Node* participants = value_at(root, "participants"))
      for (const yaml::Entry& e : participants->entries) participant(e);
    forget_names_of_others();
    // Beyond a mistake in a pool, what its nodes throw and wait for is a guess.
    if (findings_.has_errors()) return;
    for (const Participant& p : out_.participants) find_nodes(p);
    if (const yaml::Node* flows = value_at(root, "messageFlows"))
      for (const yaml::Node& flow : flows->items) this->flow(flow);
    if (findings_.has_errors()) return;
    for (Participant& p : out_.participants)
      if (p.process) link(p);
    find_undrawn();
  }

 private:
  void participant(const yaml::Entry& entry) {
    Participant& p = out_.participants.emplace_back();
    p.id = entry.key;
    p.at = entry.at;
    p.name = label_of(value_at(entry.value, "name"));
    if (!entry.value.is(yaml::Kind::map)) return;
    const std::string element = "participants." + entry.key;
    const bool has_nodes = entry.value.find("nodes") != nullptr;
    if (has_nodes != (entry.value.find("process") != nullptr) && !findings_.is_said(entry.at)) {
      findings_.error("SB0108", entry.at, element,
                      has_nodes ? "the process of the participant has no id" : fmt::format("the participant names a process and shows none of it"),
                      has_nodes ? "add `process: ID`, by which it is deployed and tested"
                                : "write its `nodes` here; a participant of which only the name is known has neither `process` nor `nodes`");
      return;
    }
    if (!has_nodes) {
      const auto other = std::find_if(entry.value.entries.begin(), entry.value.entries.end(),
                                      [](const yaml::Entry& e) { return e.key != "name" && e.key != "documentation"; });
      if (other != entry.value.entries.end())
        findings_.error("SB0107", other->at, element, fmt::format("`{}` without `nodes`: nothing of this participant is run", other->key),
                        "write its `process` and `nodes`, or keep only its name and documentation");
      return;
    }
    p.process = read_process(entry.value, findings_);
    const auto twin = std::find_if(out_.participants.begin(), out_.participants.end() - 1,
                                   [&](const Participant& q) { return q.process && q.process->id == p.process->id; });
    if (twin != out_.participants.end() - 1)
      findings_.error("SB0128", p.process->at, element, fmt::format("the process `{}` is also that of participant `{}`", p.process->id, twin->id),
                      "give it an id of its own");
  }

  /// Every node by its path, as flows write it.
  void find_nodes(const Participant& p) {
    const auto add = [&](const model::Node& n, const std::string& path) {
      nodes_.emplace(path + n.id, End{&p, &n, messages_of(n)});
      in_order_.push_back(path + n.id);
    };
    const auto walk = [&](const auto& self, const std::vector<model::Node>& nodes, const std::string& path) -> void {
      for (const model::Node& n : nodes) {
        add(n, path);
        for (const model::Node& b : n.boundary) add(b, path);
        self(self, n.nodes, path + n.id + "/");
      }
    };
    if (p.process) walk(walk, p.process->nodes, p.id + "/");
  }

  /// The nodes of `pool` that can stand at that end, in the order of the file.
  [[nodiscard]] std::vector<std::string> ends_in(const Participant& pool, bool sends) const {
    std::vector<std::string> all;
    std::copy_if(in_order_.begin(), in_order_.end(), std::back_inserter(all), [&](const std::string& path) {
      const End& end = nodes_.at(path);
      return end.pool == &pool && end.tells(sends);
    });
    return all;
  }

  std::optional<End> end_of(const yaml::Node* node, bool sends) {
    if (node == nullptr || !node->is(yaml::Kind::string)) return std::nullopt;
    const std::string& path = node->text;
    const std::string pool = path.substr(0, path.find('/'));
    const auto found = std::find_if(out_.participants.begin(), out_.participants.end(), [&](const Participant& p) { return p.id == pool; });
    if (found == out_.participants.end()) {
      std::vector<std::string> names;
      for (const Participant& p : out_.participants) names.push_back(p.id);
      findings_.error("SB0120", node->content_at, "messageFlows", fmt::format("unknown participant `{}`", pool),
                      suggestion(pool, names, "declare it under `participants`"));
      return std::nullopt;
    }
    if (!found->process) {
      if (pool.size() == path.size()) return End{&*found};
      findings_.error("SB0120", node->content_at, "messageFlows", fmt::format("nothing is known of what is inside participant `{}`", pool),
                      fmt::format("write `{}` alone", pool));
      return std::nullopt;
    }
    const std::vector<std::string> known = ends_in(*found, sends);
    const auto at = nodes_.find(path);
    if (at == nodes_.end()) {
      const std::string what = sends ? "sends a message" : "waits for a message";
      findings_.error(pool.size() == path.size() ? "SB0173" : "SB0120", node->content_at, "messageFlows",
                      pool.size() == path.size()
                          ? fmt::format("participant `{}` shows its process: a message flow names the node that {}", pool, what)
                          : fmt::format("unknown node `{}`", path),
                      suggestion(path, known, fmt::format("write {}/ID of a node that {}", pool, what)));
      return std::nullopt;
    }
    if (at->second.tells(sends)) return at->second;
    findings_.error("SB0173", node->content_at, "messageFlows",
                    sends ? fmt::format("`{}` sends no message", path) : fmt::format("`{}` waits for no message", path),
                    known.empty() ? (sends ? "a sendTask, or an event that throws a message, sends one"
                                           : "a receiveTask, or an event that waits for a message, receives one")
                                  : suggestion(path, known, ""));
    return std::nullopt;
  }

  void flow(const yaml::Node& node) {
    const yaml::Node* from_node = value_at(node, "from");
    const yaml::Node* to_node = value_at(node, "to");
    const auto from = end_of(from_node, true);
    const auto to = end_of(to_node, false);
    if (!from || !to) return;
    if (from->pool == to->pool) {
      findings_.error("SB0173", node.at, "messageFlows", fmt::format("the message flow stays in participant `{}`", from->pool->id),
                      "it connects two participants; inside one, `next` leads from node to node (BPMN 2.0.2, 9.3)");
      return;
    }
    if (!drawn_.emplace(from_node->text, to_node->text).second) {
      findings_.error("SB0128", node.at, "messageFlows",
                      fmt::format("the message flow from `{}` to `{}` stands here twice", from_node->text, to_node->text), "delete one of them");
      return;
    }
    std::vector<std::string> common;
    std::set_intersection(from->messages.begin(), from->messages.end(), to->messages.begin(), to->messages.end(), std::back_inserter(common));
    if (from->pool->process && to->pool->process && common.empty()) {
      findings_.error("SB0173", node.at, "messageFlows",
                      fmt::format("`{}` sends `{}`, and `{}` waits for `{}`", from_node->text, fmt::join(from->messages, "`, `"), to_node->text,
                                  fmt::join(to->messages, "`, `")),
                      "both ends name the same message");
      return;
    }
    for (const std::string& name : common) {
      sent_[from->pool->id].insert(name);
      if (!meets_key(*from->pool, *to->pool, *to->node, name))
        findings_.error(
            "SB0173", node.at, "messageFlows",
            fmt::format("`{}` is sent with the number of the case as its key, and participant `{}` waits for it with another", name, to->pool->id),
            fmt::format("declare the `key` of `{}` in participant `{}` as well, or in neither", name, from->pool->id));
      const auto [first, is_first] = reached_.emplace(std::pair(from_node->text, name), to->pool);
      if (!is_first && first->second != to->pool && !is_for_all(name))
        findings_.error("SB0173", node.at, "messageFlows",
                        fmt::format("`{}` of `{}` has one receiver, and flows lead to participants `{}` and `{}`", name, from_node->text,
                                    first->second->id, to->pool->id),
                        "send each a message of its own; when all wait for it in running cases, declare it there with `receivers: all`");
    }
  }

  /// A name that is nearly a declared one is no slip when another participant knows it.
  void forget_names_of_others() {
    std::map<std::string, std::set<const Participant*>> known;
    for (const Participant& p : out_.participants) {
      if (!p.process) continue;
      for (const model::Declaration& d : p.process->messages) known[d.id].insert(&p);
      model::for_each_node(p.process->nodes, [&](const model::Node& n, const model::Node*) {
        for (const std::string& name : messages_of(n)) known[name].insert(&p);
      });
    }
    findings_.forget([&](const model::Diagnostic& d) {
      return d.rule == "SB0125" && d.subject.kind == model::SubjectKind::message && known[d.subject.name].size() > 1;
    });
  }

  static const model::Declaration* declared(const Participant& p, std::string_view message) {
    return model::find_declaration(p.process->messages, message);
  }
  bool is_for_all(std::string_view message) const {
    return std::any_of(out_.participants.begin(), out_.participants.end(), [&](const Participant& p) {
      const model::Declaration* d = p.process ? declared(p, message) : nullptr;
      return d != nullptr && d->to_all;
    });
  }
  /// What begins a case has no key to wait with. Of two keys that are both written nobody can say here what they give.
  static bool meets_key(const Participant& from, const Participant& to, const model::Node& at, std::string_view message) {
    const model::Declaration* sent = declared(from, message);
    const model::Declaration* awaited = declared(to, message);
    const auto key = [](const model::Declaration* d) { return d == nullptr || d->key.empty() ? std::string("case_no") : d->key.text; };
    return at.type == model::NodeType::start_event || (sent != nullptr && !sent->key.empty()) || key(awaited) == "case_no";
  }

  /// What is sent to another pool finds the case there that has the number of this one, unless the message says otherwise.
  void link(Participant& p) {
    model::Process& process = *p.process;
    process.collaboration = {out_.id, p.at};
    for (const Participant& other : out_.participants)
      if (other.process && &other != &p) process.partners.push_back({other.id, {other.process->id, other.at}});
    for (const std::string& name : sent_[p.id]) {
      auto known = std::find_if(process.messages.begin(), process.messages.end(), [&](const model::Declaration& d) { return d.id == name; });
      if (known == process.messages.end()) {
        process.messages.emplace_back();
        known = process.messages.end() - 1;
        known->id = name;
        known->at = p.at;
      }
      if (known->key.empty()) known->key = {"case_no", known->at};
    }
  }

  /// A message that one pool sends and another waits for, and that no flow shows.
  void find_undrawn() {
    for (const std::string& path : in_order_) {
      const End& sender = nodes_.at(path);
      if (!sender.tells(true)) continue;
      for (const std::string& name : sender.messages) undrawn(path, sender, name);
    }
  }
  void undrawn(const std::string& path, const End& sender, const std::string& name) {
    std::vector<std::string> receivers;
    for (const std::string& other : in_order_) {
      const End& receiver = nodes_.at(other);
      if (receiver.pool != sender.pool && receiver.tells(false) && receiver.messages.contains(name)) receivers.push_back(other);
    }
    const bool is_drawn = std::any_of(receivers.begin(), receivers.end(), [&](const std::string& receiver) {
      return drawn_.contains({path, receiver});
    });
    if (receivers.empty() || is_drawn) return;
    findings_.warning("SB0173", sender.node->at, path,
                      fmt::format("sends `{}`, for which `{}` waits, and no message flow shows it", name, fmt::join(receivers, "`, `")),
                      fmt::format("add `{{from: {}, to: {}}}` to `messageFlows`, or name the messages differently", path, receivers.front()));
  }

  Collaboration& out_;
  Findings& findings_;
  std::set<std::pair<std::string, std::string>> drawn_;
  std::map<std::string, End> nodes_;
  std::vector<std::string> in_order_;                                          ///< their paths
  std::map<std::pair<std::string, std::string>, const Participant*> reached_;  ///< by sender and message: where it is first drawn to
  std::map<std::string, std::set<std::string>> sent_;                          ///< by participant: to others that are run here
};

}  // namespace

Loaded<Collaboration> load_collaboration(std::string_view text, std::string_view file) {
  Loaded<Collaboration> out;
  Findings findings(file);
  if (const auto root = open_file(text, FileKind::collaboration, findings)) {
    Collaboration read;
    Reader(read, findings).run(*root);
    const bool is_run = std::any_of(read.participants.begin(), read.participants.end(), [](const Participant& p) { return p.process.has_value(); });
    if (!findings.has_errors() && !is_run)
      findings.error("SB0108", read.at, "", "no participant of the collaboration shows its process", "give one of them `process` and `nodes`");
    if (!findings.has_errors()) out.value = read;
    out.draft = std::move(read);
  }
  out.diagnostics = findings.take();
  return out;
}

Loaded<model::Process> load_process_of(std::string_view text, std::string_view file, std::string_view id) {
  if (kind_of(text) != FileKind::collaboration) return load_process(text, file);
  Loaded<Collaboration> all = load_collaboration(text, file);
  Loaded<model::Process> out;
  out.diagnostics = std::move(all.diagnostics);
  if (!all.value) return out;
  for (Participant& p : all.value->participants)
    if (p.process && p.process->id == id) out.value = std::move(p.process);
  if (!out.value) {
    Findings findings(file);
    findings.error("SB0120", all.value->at, "", fmt::format("no participant of the collaboration has process `{}`", id), "");
    out.diagnostics = findings.take();
  }
  return out;
}

}  // namespace switchboard::notation
