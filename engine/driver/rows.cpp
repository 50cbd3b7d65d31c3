// Rows of registers that cases read and write: an errand like a call, answered at once.
#include <fmt/format.h>

#include <utility>

#include "driver/driver.hpp"
#include "driver/tries.hpp"

namespace switchboard::driver {

namespace {

const Context& context_at(const Context& asked, std::string_view name) {
  static const Context none;
  const Value* found = asked.find(name);
  return found == nullptr || found->context() == nullptr ? none : *found->context();
}

/// What becomes of the row, and what its task is answered.
struct Outcome {
  Value answer;
  std::optional<RowWrite> write;
};

Result<Outcome> outcome_of(const model::Register& of, const core::Call& call, const std::string& key, const Context& asked, const Row& row) {
  const bool found = !row.value.is_null();
  if (call.kind == core::CallKind::read) {
    SB_TRY(auto answer, model::row_answer(of, key, row.value, found, row.version, row.now));
    return Outcome{std::move(answer), std::nullopt};
  }
  if (row.is_foreign)
    return Error{ErrorKind::invalid, "SB0583", fmt::format("register '{}' is kept by another system: nothing of it is written here", of.id), "",
                 "write it there: with a job that a worker does"};
  SB_TRY(auto after, model::row_after(of, key, row.value, context_at(asked, "set"), context_at(asked, "add"), row.now));
  const bool is_same = found && after == row.value;
  SB_TRY(auto answer, model::row_answer(of, key, after, found, row.version + (is_same ? 0 : 1), row.now));
  if (is_same) return Outcome{std::move(answer), std::nullopt};
  return Outcome{std::move(answer), RowWrite{of.id, key, row.version, std::move(after)}};
}

}  // namespace

Error changed_row(const RowWrite& write) {
  return {ErrorKind::conflict, std::string(row_changed),
          fmt::format("register '{}', key '{}': somebody else changed the row meanwhile", write.of, write.key), "", "repeat it"};
}

Error no_such_register(std::string_view name, const std::vector<std::string>& known) {
  const std::string near = model::nearest_name(name, known);
  return {
      ErrorKind::not_found, "SB0580", fmt::format("there is no register '{}'", name), "",
      near.empty() ? "deploy its file: `deploy FILE` of the command line, `add_resource` of the library" : fmt::format("did you mean '{}'?", near)};
}

/// A row that is another by the time it is written is looked at again.
Result<bool> Courier::use_row(core::Parent caller, const core::StartCall& effect) {
  constexpr int most_tries = 100;
  const Deed deed{Deed::Kind::row, caller.instance, caller.call.value, nullptr, {}};
  Error why{ErrorKind::conflict, std::string(row_changed), "others change the row all the time", "", "resolve the incident: it is done again"};
  for (int i = 0; i < most_tries; ++i) {
    SB_TRY(const Seen seen, port_.look(caller.instance));
    if (seen.instance == nullptr || seen.instance->find(caller.call) == nullptr) return true;
    const model::RegisterPtr of = seen.process->at(effect.call.element).register_use.of;
    const Value asked = effect.data;
    const Value* given = asked.context() == nullptr ? nullptr : asked.context()->find("key");
    const std::string key = given == nullptr || given->string() == nullptr ? std::string() : *given->string();
    const auto row = port_.row(*of, key);
    if (!row && is_own_failure(row.error())) return row.error();
    const auto outcome = row ? outcome_of(*of, effect.call, key, *asked.context(), row.value()) : Result<Outcome>(row.error());
    if (!outcome) return answer(deed, caller, {caller.call, false, Value(outcome.error().text()), {}});
    Deed writing = deed;
    writing.writes = outcome.value().write ? &*outcome.value().write : nullptr;
    const auto taken = port_.submit(writing, caller.instance, core::FinishCall{caller.call, true, outcome.value().answer, {}});
    if (taken || taken.error().id != row_changed) return answered(deed, caller, taken);
  }
  return answer(deed, caller, {caller.call, false, Value(why.text()), {}});
}

Row RowList::row(const std::string& of, const std::string& key, Instant now) const {
  const auto found = rows_.find({of, key});
  return found == rows_.end() ? Row{{}, 0, false, now} : Row{found->second.value, found->second.version, false, now};
}

bool RowList::write(const RowWrite& write) {
  Kept& kept = rows_[{write.of, write.key}];
  if (kept.version != write.expected) return false;
  kept.value = write.value;
  ++kept.version;
  return true;
}

std::map<std::string, model::RegisterPtr, std::less<>> registers_of(std::span<const model::ExecutablePtr> processes) {
  std::map<std::string, model::RegisterPtr, std::less<>> all;
  for (const model::ExecutablePtr& process : processes)
    for (const model::Element& e : process->elements)
      if (e.register_use) all.emplace(e.register_use.of->id, e.register_use.of);
  return all;
}

std::vector<std::pair<model::Position, Error>> RowList::fill(const std::vector<model::GivenRow>& rows,
                                                             std::span<const model::ExecutablePtr> processes, Instant at) {
  std::vector<std::pair<model::Position, Error>> wrong;
  const auto registers = registers_of(processes);
  for (const model::GivenRow& given : rows) {
    const auto of = registers.find(given.of.name);
    if (of == registers.end()) {
      std::vector<std::string> known;
      for (const auto& [id, one] : registers) known.push_back(id);
      Error none = no_such_register(given.of.name, known);
      none.message = fmt::format("no process here reads or writes a register '{}'", given.of.name);
      if (known.empty()) none.hint = "delete its rows";
      wrong.emplace_back(given.of.at, std::move(none));
      continue;
    }
    const Row before = row(given.of.name, given.key.name, at);
    auto after = model::row_given(*of->second, given.key.name, before.value, given.fields, at);
    if (after)
      static_cast<void>(write({given.of.name, given.key.name, before.version, std::move(after).value()}));
    else
      wrong.emplace_back(given.key.at, after.error());
  }
  return wrong;
}

}  // namespace switchboard::driver
