// A world in memory in which cases run under a virtual clock: a driver (driver/driver.hpp) that keeps all in memory and turns its clock itself.
// Copying a world is time travel: the copy goes on by itself and the original stays as it was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/core.hpp"
#include "driver/driver.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::testing {

using core::InstanceKey;

/// The processes that exist in a world, by id. One version of each.
struct Definitions {
  std::map<std::string, model::ExecutablePtr, std::less<>> processes;
  [[nodiscard]] const model::ExecutableProcess* find(std::string_view id) const;
};
using DefinitionsPtr = std::shared_ptr<const Definitions>;

/// One entry of the world's diary.
struct Entry {
  InstanceKey instance;
  core::Event event;
};

/// A command that was carried out. Those of an instance, given to core::step again in this order, make the same instance.
struct Issued {
  InstanceKey instance;
  core::Command command;
};

/// What somebody was told: the customer (feedback), the company (escalation nobody in the model caught, incident), somebody outside (a message that
/// nobody inside took: an engine puts it into its outbox).
struct Told {
  enum class Kind : std::uint8_t { feedback, escalation, incident, unheard_message };
  Kind kind = Kind::feedback;
  InstanceKey instance;
  Instant at;
  std::string name;                                        ///< feedback id, escalation code, rule of the incident, message name
  std::string text;                                        ///< of an incident; key of a message
  std::vector<std::pair<std::string, std::string>> texts;  ///< feedback, by language
  std::vector<std::string> channels;
};

/// Open work somewhere in a family of cases.
struct OpenWork {
  InstanceKey instance;
  core::WorkKey work;
  std::string path;  ///< of the node, seen from the root case: `call-back/dial` inside a called case, `review[2]` of a repeated activity
};

/// A place where a token rests.
struct Spot {
  std::string path;               ///< seen from the root case
  std::vector<std::string> also;  ///< further names for it: the events an event-based gateway waits for, the path without numbers of instances
  std::string partner{};          ///< `centre/` when it is in the case of that partner, not of the root or of one that it called
};

/// "timer late", "clock arrival, mark 80%", "retry of call".
[[nodiscard]] std::string text_of(const core::Due& due, const model::ExecutableProcess& process, const core::ProcessInstance& of);

/// How many commands one call may cause before it is taken for a loop without end (SB0906).
inline constexpr std::size_t most_commands = 100'000;

class World {
 public:
  /// The processes are there from `now` on: so long their timer start events count.
  World(DefinitionsPtr definitions, Instant now);

  [[nodiscard]] Instant now() const { return now_; }
  [[nodiscard]] const Definitions& definitions() const { return *definitions_; }

  /// Starts a case. `start` is a start event's id, or the name of a message or signal that a start event waits for; empty when there is only one way.
  /// SB0902 unknown process, SB0903 unknown start, else the core's rejection.
  [[nodiscard]] Result<InstanceKey> start(std::string_view process, std::string_view case_no, const Value& data, std::string_view start);
  /// One command at the present instant, and all that follows from it at once, timers and marks included that are due when they are set. The core's
  /// rejection: nothing changed. A stale command is SB0905. `organisation`: that the caller acts for (core::Command).
  [[nodiscard]] Result<void> submit(InstanceKey instance, decltype(core::Command::what) what, std::string organisation = {});
  /// To the one who waits for it; SB0506 when nobody does, or what he says against the payload. May start a case under the number `correlation`;
  /// SB0549 when several processes could.
  [[nodiscard]] Result<void> message(std::string_view name, std::string_view correlation, const Value& payload);
  /// The same to the case of this number, whatever key it waits with.
  [[nodiscard]] Result<void> message_to_case(std::string_view name, std::string_view case_no, const Value& payload);
  /// To everybody who waits and every start event; the number of those who took it. What a start event says against it.
  [[nodiscard]] Result<std::size_t> signal(std::string_view name, const Value& payload);
  /// Time passes: everything due on the way fires, each at its own due instant; at one instant, timer start events, then core::Due in its order.
  [[nodiscard]] Result<void> advance_to(Instant at);
  /// The same, but what is due at `at` itself does not fire yet: what is done next at that instant comes before it.
  [[nodiscard]] Result<void> advance_up_to(Instant at);
  /// When something will fire by itself, timer start events included.
  [[nodiscard]] std::optional<Instant> next_instant() const;
  /// What cases wait for that time brings: the first, and all of it in order.
  [[nodiscard]] std::optional<core::Due> next_due() const;
  [[nodiscard]] std::vector<core::Due> all_due() const;

  [[nodiscard]] const std::vector<core::ProcessInstance>& instances() const { return instances_; }  ///< ascending keys
  [[nodiscard]] const core::ProcessInstance* find(InstanceKey key) const;
  [[nodiscard]] const model::ExecutableProcess& definition_of(const core::ProcessInstance& instance) const;
  [[nodiscard]] const core::ProcessInstance* child(InstanceKey parent, core::CallKey call) const;
  [[nodiscard]] const std::vector<Entry>& diary() const { return diary_; }
  [[nodiscard]] const std::vector<Issued>& issued() const { return issued_; }
  [[nodiscard]] const std::vector<Told>& told() const { return told_; }
  /// Messages that are kept for one who does not wait yet, in the order in which they came.
  [[nodiscard]] const std::map<std::uint64_t, driver::KeptMessage>& kept() const { return kept_.by_id(); }

  /// Rows of registers that there are from the beginning; what is wrong with some of them, by the place of each.
  [[nodiscard]] std::vector<std::pair<model::Position, Error>> fill(const std::vector<model::GivenRow>& rows);
  [[nodiscard]] const driver::RowList& rows() const { return rows_; }

  /// Work that can be completed now, in the case, the cases it called and those of its partners, by ascending instance and work.
  [[nodiscard]] std::vector<OpenWork> open_work(InstanceKey root) const;
  /// Where the tokens rest: paths of tasks, events, called cases and stuck elements (no containers), sorted. Inside called cases and
  /// those of partners too when `inside_calls`.
  [[nodiscard]] std::vector<Spot> positions(InstanceKey root, bool inside_calls) const;
  /// "" for the root, `centre/` for the case of that partner, `call-back/` for the case that its call activity `call-back` called, nothing for a case
  /// of another family.
  [[nodiscard]] std::optional<std::string> prefix_of(InstanceKey root, InstanceKey instance) const;

 private:
  struct Errand {
    InstanceKey instance;
    core::Effect effect;
    std::uint64_t sequence = 0;  ///< of the change that wants it
    std::uint32_t place = 0;     ///< in that change
    std::uint32_t chain = 0;     ///< driver::longest_chain
  };
  struct Schedule {
    driver::StartPoint start;
    core::Timer timer;
  };
  [[nodiscard]] std::vector<std::pair<std::string, const core::ProcessInstance*>> partners_of(const core::ProcessInstance& root) const;
  class Post;  ///< what the courier asks of a world
  [[nodiscard]] core::ProcessInstance* find_mutable(InstanceKey key);
  [[nodiscard]] Result<void> run(InstanceKey key, core::Command command);  ///< one step; its effects go to errands_. SB0905: it came too late
  void keep(InstanceKey key, const model::ExecutableProcess& process, const core::ProcessInstance& after, core::Command command,
            std::vector<core::Event> events);
  [[nodiscard]] Result<InstanceKey> create(core::StartInstance start, const model::ExecutableProcess& process);
  [[nodiscard]] Result<void> offer_kept(driver::Courier& courier);  ///< all that is called for
  void end_time(const driver::KeptMessage& kept);
  [[nodiscard]] Result<void> settle();                   ///< carries out errands_ until none is left
  [[nodiscard]] Result<void> repeat_deferred();          ///< carries out what could not be done yet
  [[nodiscard]] Result<void> come_to_rest();             ///< settles, then fires what is due already
  [[nodiscard]] Result<void> fire_until(Instant at);     ///< everything due by `at`, each at its own instant
  [[nodiscard]] Result<void> fire_start(Schedule& due);  ///< a timer start event
  [[nodiscard]] std::vector<Schedule>::iterator next_start();
  [[nodiscard]] bool tell(const Errand& errand);              ///< true: it was for people
  void tell_refused(const Error& why, InstanceKey instance);  ///< a refusal of the world's own making
  void positions_of(const core::ProcessInstance& instance, const std::string& prefix, bool inside_calls, std::vector<Spot>& out) const;
  void open_work_of(const core::ProcessInstance& instance, const std::string& prefix, std::vector<OpenWork>& out) const;

  DefinitionsPtr definitions_;
  Instant now_;
  std::uint64_t next_key_ = 1;
  std::vector<core::ProcessInstance> instances_;
  std::vector<Entry> diary_;
  std::vector<Issued> issued_;
  std::vector<Told> told_;
  std::deque<Errand> errands_;
  std::uint32_t chain_ = 0;       ///< of what is wanted now
  std::vector<Errand> deferred_;  ///< by instance
  std::vector<Schedule> schedules_;
  driver::KeptList kept_;
  driver::RowList rows_;
};

}  // namespace switchboard::testing
