// Small processes as text, for tests of what cases do to each other. All of them count real time in UTC.
#pragma once

#include <string>

namespace switchboard::small {

inline const std::string word = "messages: {word: {payload: {}}}\n";
inline const std::string bell = "signals: {bell: {payload: {}}}\n";

/// `head` stands between the id and the nodes, a line for each key; `nodes` is indented by two.
inline std::string process(const std::string& id, const std::string& head, const std::string& nodes) {
  return "switchboard: 1\nprocess: " + id + "\ncalendar: 24x7@UTC\n" + head + "nodes:\n" + nodes;
}

/// One task of a crew keeps a case open. `start` is what its start event waits for ("message: word"); empty: nothing.
inline std::string waiting(const std::string& id, const std::string& start, const std::string& head = "", const std::string& task = "work") {
  return process(id, head,
                 "  begin: {type: startEvent, " + start + (start.empty() ? "" : ", ") + "next: " + task + "}\n  " + task +
                     ": {type: userTask, groups: [crew], next: done}\n  done: {type: endEvent}\n");
}

/// A case of it is over at once.
inline std::string passing(const std::string& id, const std::string& start, const std::string& head = "") {
  return process(id, head, "  begin: {type: startEvent, " + start + (start.empty() ? "" : ", ") + "next: done}\n  done: {type: endEvent}\n");
}

/// Throws `thrown` ("message: word") as soon as it begins, and is over.
inline std::string thrower(const std::string& head, const std::string& thrown) {
  return process(
      "thrower", head,
      "  begin: {type: startEvent, next: say}\n  say: {type: intermediateThrowEvent, " + thrown + ", next: done}\n  done: {type: endEvent}\n");
}

/// Calls process `helper` as soon as it begins. `with`: what else the call says ("in: {size: size}, "); `nodes`: more of them.
inline std::string caller(const std::string& with = "", const std::string& head = "", const std::string& nodes = "") {
  return process("caller", head,
                 "  begin: {type: startEvent, next: ask}\n  ask: {type: callActivity, process: helper, " + with + "next: done}\n" + nodes +
                     "  done: {type: endEvent}\n");
}

}  // namespace switchboard::small
