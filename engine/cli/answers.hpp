// The engine's answers as JSON for scripts (switchboard/answers.hpp) and as lines for people.
#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"
#include "cli/session.hpp"
#include "switchboard/answers.hpp"

namespace switchboard::cli {

/// Says on standard error which of these are damaged: they stand in the answer with their ids alone.
template <class T>
void note_damaged(const std::vector<T>& all) {
  for (const T& one : all)
    if (!one.damaged.empty()) note(one.damaged + " [SB0603] - keep a copy, restore the last backup; `switchboard fsck` lists what is affected");
}

/// Prints what a command did to a case: JSON, or one line.
int answer(const Options& options, const Session& session, const CaseInfo& c);
int answer(const Options& options, const Session& session, const std::vector<CaseInfo>& all);
int answer(const Options& options, const Session& session, const WorkInfo& w);

/// The zone of the instants of a record of `session`: that of its process's calendar.
[[nodiscard]] inline auto zone_in(const Session& session) {
  return [&session](const auto& record) -> const std::string& { return session.zone(record.process); };
}

/// All of them as one JSON list.
template <class R>
void print_all(const Session& session, const std::vector<R>& all) {
  List answers;
  for (const R& record : all) answers.push_back(to_value(record, session.zone(record.process)));
  print_json(answers);
}

/// A value on one line, shortened to `most` bytes at a code point.
[[nodiscard]] std::string one_line(const Value& v, std::size_t most);
/// "a: 1, b: x" for a context, else one_line.
[[nodiscard]] std::string pairs(const Value& v, std::size_t most);

/// Where work or an incident is, of repeated activities with their numbers (`review[2]`).
template <class R>
[[nodiscard]] std::string place_of(const R& record) {
  return record.place.empty() ? record.node : record.place;
}

}  // namespace switchboard::cli
