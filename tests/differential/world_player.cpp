#include "differential/world_player.hpp"

#include <fmt/format.h>

namespace switchboard::differential {

namespace {

testing::DefinitionsPtr definitions_of(const Stage& stage) {
  auto all = std::make_shared<testing::Definitions>();
  all->processes = stage.processes;
  return all;
}

template <class T>
std::string rule_of(const Result<T>& result) {
  return result ? std::string() : result.error().id;
}

template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

}  // namespace

std::string text_of(const Action& action) {
  return std::visit(
      Overload{[](const Start& a) { return fmt::format("start {} as '{}' by '{}' {}", a.process, a.case_no, a.start_event, to_feel(a.data)); },
               [](const Submit& a) { return fmt::format("i-{}: command {}", a.instance.value, a.what.index()); },
               [](const SendMessage& a) { return fmt::format("message {} with key '{}' {}", a.name, a.key, to_feel(a.payload)); },
               [](const SendToCase& a) { return fmt::format("message {} to case '{}' {}", a.name, a.case_no, to_feel(a.payload)); },
               [](const SendSignal& a) { return fmt::format("signal {} {}", a.name, to_feel(a.payload)); },
               [](const Advance& a) { return fmt::format("advance to {}", to_string(a.to)); }},
      action);
}

std::string head_of(const core::ProcessInstance& instance) {
  return fmt::format("i-{} '{}' of {}", instance.key.value, instance.case_no, instance.process);
}

/// With the names of contexts in order of the alphabet: so they come back from a file, which keeps values in their canonical form.
std::string line_of(const core::Event& event, const model::ExecutableProcess& process) {
  std::string bytes;
  encode(core::describe(event, &process), bytes);
  std::string_view rest = bytes;
  const auto canonical = decode(rest);
  return fmt::format("{} {} {} {}", event.sequence, to_string(event.at), core::name_of(event.body),
                     canonical ? to_feel(canonical.value()) : canonical.error().text());
}

WorldPlayer::WorldPlayer(const Stage& stage) : world_(definitions_of(stage), stage.begin) {}

std::string WorldPlayer::act(const Action& action) {
  return std::visit(Overload{[&](const Start& a) { return rule_of(world_.start(a.process, a.case_no, a.data, a.start_event)); },
                             [&](const Submit& a) { return rule_of(world_.submit(a.instance, a.what)); },
                             [&](const SendMessage& a) { return rule_of(world_.message(a.name, a.key, a.payload)); },
                             [&](const SendToCase& a) { return rule_of(world_.message_to_case(a.name, a.case_no, a.payload)); },
                             [&](const SendSignal& a) {
                               const auto heard = world_.signal(a.name, a.payload);
                               return heard ? fmt::format("heard by {}", heard.value()) : heard.error().id;
                             },
                             [&](const Advance& a) { return rule_of(world_.advance_to(a.to)); }},
                    action);
}

Histories WorldPlayer::histories() {
  Histories all;
  for (const core::ProcessInstance& i : world_.instances()) all[i.key.value].push_back(head_of(i));
  for (const testing::Entry& entry : world_.diary())
    all[entry.instance.value].push_back(line_of(entry.event, world_.definition_of(*world_.find(entry.instance))));
  return all;
}

}  // namespace switchboard::differential
