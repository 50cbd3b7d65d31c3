// A shorthand for processes in tests of rooms that cannot see the notation. One node a line:
//
//   s start > split                      id, type, flows; types are listed in `node_type_of`
//   x xor > a?amount>5 b!                a flow with a condition (no spaces), the else flow
//   e end:error=lost                     an event definition, with its name
//   late on a:timer > e                  a boundary event of node a; `on~` does not interrupt
//   sub sub > e {                        a body, until a line `}`
//
// Positions are (line, column of the id), so that findings can be looked for by line.
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "model/process.hpp"

namespace switchboard::testing {

inline model::NodeType node_type_of(const std::string& word) {
  using T = model::NodeType;
  static const std::map<std::string, T> types{{"start", T::start_event},
                                              {"end", T::end_event},
                                              {"catch", T::intermediate_catch_event},
                                              {"throw", T::intermediate_throw_event},
                                              {"task", T::task},
                                              {"user", T::user_task},
                                              {"service", T::service_task},
                                              {"send", T::send_task},
                                              {"receive", T::receive_task},
                                              {"script", T::script_task},
                                              {"rule", T::business_rule_task},
                                              {"manual", T::manual_task},
                                              {"xor", T::exclusive_gateway},
                                              {"or", T::inclusive_gateway},
                                              {"and", T::parallel_gateway},
                                              {"wait", T::event_based_gateway},
                                              {"complex", T::complex_gateway},
                                              {"sub", T::sub_process},
                                              {"transaction", T::transaction},
                                              {"adhoc", T::ad_hoc_sub_process},
                                              {"esub", T::event_sub_process},
                                              {"call", T::call_activity}};
  const auto found = types.find(word);
  REQUIRE_MESSAGE(found != types.end(), "no such type: " << word);
  return found->second;
}

inline model::EventKind event_kind_of(const std::string& word) {
  for (auto k :
       {model::EventKind::message, model::EventKind::timer, model::EventKind::signal, model::EventKind::error, model::EventKind::escalation,
        model::EventKind::condition, model::EventKind::link, model::EventKind::compensate, model::EventKind::terminate, model::EventKind::cancel})
    if (model::to_string(k) == word) return k;
  FAIL("no such event: " << word);
  return model::EventKind::none;
}

/// `timer`, `message=paid`, `condition=amount>5`, `timer=2 h` without the space.
inline model::EventDefinition event_of(const std::string& text, model::Position at) {
  const auto equal = text.find('=');
  const std::string value = equal == std::string::npos ? std::string{} : text.substr(equal + 1);
  model::EventDefinition e;
  e.at = at;
  e.kind = event_kind_of(text.substr(0, equal));
  if (e.kind == model::EventKind::timer)
    e.timer.duration = {value.empty() ? "1 h" : value, at};
  else if (e.kind == model::EventKind::condition)
    e.condition = {value, at};
  else
    e.name = {value, at};
  return e;
}

class ProcessText {
 public:
  explicit ProcessText(const std::string& text) : lines_(text) {}

  std::vector<model::Node> nodes() {
    std::vector<model::Node> all;
    for (std::string line; std::getline(lines_, line);) {
      ++at_;
      const auto from = line.find_first_not_of(' ');
      if (from == std::string::npos || line[from] == '#') continue;
      if (line[from] == '}') return all;
      const model::Position at{at_, static_cast<std::uint32_t>(from + 1)};
      std::vector<std::string> words;
      std::istringstream in(line);
      for (std::string w; in >> w;) words.push_back(w);
      if (words.size() > 1 && (words[1] == "on" || words[1] == "on~"))
        boundary(words, at, all);
      else
        all.push_back(node(words, at));
    }
    return all;
  }

 private:
  void add_flows(const std::vector<std::string>& words, std::size_t from, model::Position at, model::Node& n) {
    n.next_at = at;
    for (std::size_t i = from; i < words.size() && words[i] != "{"; ++i) {
      if (words[i] == ">") continue;
      model::Flow f;
      std::string target = words[i];
      if (const auto question = target.find('?'); question != std::string::npos) {
        f.condition = {target.substr(question + 1), at};
        target.resize(question);
      } else if (target.back() == '!') {
        f.is_default = true;
        target.pop_back();
      }
      f.to = {target, at};
      n.next.push_back(f);
    }
  }

  model::Node node(const std::vector<std::string>& words, model::Position at) {
    model::Node n;
    n.id = words[0];
    n.at = n.type_at = at;
    REQUIRE_MESSAGE(words.size() > 1, "line " << at.line << ": a type is missing");
    const auto colon = words[1].find(':');
    n.type = node_type_of(words[1].substr(0, colon));
    if (colon != std::string::npos) n.events.push_back(event_of(words[1].substr(colon + 1), at));
    if (n.type == model::NodeType::receive_task) n.message = {n.id + "-message", at};
    if (n.type == model::NodeType::call_activity) n.process = {n.id + "-process", at};
    add_flows(words, 2, at, n);
    if (words.back() == "{") n.nodes = nodes();
    return n;
  }

  void boundary(const std::vector<std::string>& words, model::Position at, std::vector<model::Node>& all) {
    const auto colon = words[2].find(':');
    model::Node n;
    n.id = words[0];
    n.at = n.type_at = at;
    n.type = model::NodeType::boundary_event;
    n.interrupting = words[1] == "on";
    if (colon != std::string::npos) n.events.push_back(event_of(words[2].substr(colon + 1), at));
    add_flows(words, 3, at, n);
    for (auto& host : all)
      if (host.id == words[2].substr(0, colon)) return host.boundary.push_back(n);
    FAIL("line " << at.line << ": no such host");
  }

  std::istringstream lines_;
  std::uint32_t at_ = 0;
};

inline model::Process process_of(const std::string& text) {
  model::Process p;
  p.id = "test";
  p.file = "test.yaml";
  p.nodes = ProcessText(text).nodes();
  return p;
}

/// The node of that id, anywhere.
inline model::Node& node_of(std::vector<model::Node>& nodes, std::string_view id) {
  for (auto& n : nodes) {
    if (n.id == id) return n;
    for (auto& b : n.boundary)
      if (b.id == id) return b;
    if (!n.nodes.empty()) {
      bool inside = false;
      model::for_each_node(n.nodes, [&](const model::Node& inner, const model::Node*) { inside = inside || inner.id == id; });
      if (inside) return node_of(n.nodes, id);
    }
  }
  FAIL("no such node: " << std::string(id));
  return nodes.front();
}

inline model::Trigger completed(const std::string& node) { return {{{model::Trigger::Kind::completed, {node, {}}, {}}}, {}}; }
inline model::Trigger on_message(const std::string& name) { return {{{model::Trigger::Kind::message, {name, {}}, {}}}, {}}; }

}  // namespace switchboard::testing
