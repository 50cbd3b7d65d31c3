// One replication: a future-event list, cases, pools. Every decision about a case is core::step's, on the definition that runs in production, and
// what cases want of each other is driver::Courier's; here is only what the world does: arrivals, how long work takes, who is free, what comes out.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/core.hpp"
#include "driver/driver.hpp"
#include "simulation/model.hpp"
#include "simulation/pool.hpp"
#include "simulation/results.hpp"

namespace switchboard::simulation {

/// Told the share done; says whether to go on.
using Progress = std::function<bool(double)>;

/// No sample of a duration is longer: a thousand years, in microseconds.
constexpr double longest_us = 3.2e16;

class World {
 public:
  /// `scenario` must outlive the world. `progress` gets a share from 0 to 1, about a hundred times; may be empty. When it says so, the run ends with
  /// an error.
  World(const BoundScenario& scenario, std::uint64_t seed, std::uint32_t replication, Progress progress);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Runs to the end (once).
  [[nodiscard]] ReplicationResult run();

 private:
  friend class ByHand;  ///< tests/differential: gives a world its commands one by one, in place of arrivals and people
  using CaseIndex = std::uint32_t;
  static constexpr CaseIndex no_case = UINT32_MAX;
  static constexpr std::uint32_t no_activity = UINT32_MAX;

  /// Time of the case that was work, waiting or the customer's; clocks are told apart by it.
  struct Spent {
    std::uint32_t place;  ///< Place
    Instant from, to;
  };
  /// A unit of a pool that stays with a case between two steps: for the step that follows at once, or until an activity is done.
  struct Held {
    std::uint32_t pool;
    std::uint32_t until;   ///< element, or no_element
    std::uint32_t origin;  ///< statistic of the activity that seized it
    Duration beyond;       ///< how long it was held beyond the work of that, up to `since`
    Instant since;
  };
  struct Standing {  ///< a token that waits for an event
    core::ElementKey key;
    std::uint32_t place;
    Instant since;
  };
  struct Pause {  ///< of a clock; `to` is Instant::max() while it lasts
    std::uint32_t clock;
    Instant from, to;
  };
  struct Case {
    core::ProcessInstance instance;
    std::uint32_t process = 0;
    std::uint32_t generation = 0;  ///< of the slot: events for an earlier tenant are stale
    bool live = false;
    bool counted = false;      ///< arrived inside the window
    std::uint64_t number = 0;  ///< of the arrival, for random streams
    CaseIndex root = no_case;
    CaseIndex parent = no_case;
    std::uint32_t commands = 0;
    std::uint32_t messages_due = 0;     ///< from outside, on their way
    std::vector<std::uint32_t> visits;  ///< by element
    std::vector<Held> held;
    std::vector<Standing> standing;
    std::vector<Pause> pauses;
    std::vector<std::pair<core::WorkKey, ItemIndex>> items;
    std::vector<core::Subscription> waiting;  ///< of this case, where subscriptions are filed
    std::vector<Spent> spent;                 ///< of a root, with those of its called cases
  };
  enum class ItemState : std::uint8_t { free, waiting, in_service };
  struct Item {
    ItemState state = ItemState::free;
    std::uint32_t generation = 0;
    CaseIndex owner = no_case;
    core::WorkKey work;
    std::uint32_t element = 0;
    std::uint32_t pool = no_pool;
    std::uint32_t visit = 0;
    std::uint32_t until = no_element;    ///< the unit stays with the case until this element is done
    bool measured = false;               ///< offered inside the window
    std::uint32_t origin = no_activity;  ///< statistic of the activity that seized a unit which may stay
    Duration beyond;                     ///< see Held
    Instant offered, begun;
    Duration length;
  };
  /// The first three in the order in which every driver takes what comes at one instant (driver/driver.hpp); the others as they were planned.
  enum class Kind : std::uint8_t { start, due, kept_end, arrival, work_done, message, capacity };
  struct Future {
    Instant at;
    std::uint64_t order = 0;
    Kind kind = Kind::arrival;
    std::uint32_t index = 0;  ///< arrival, item, case, pool, timer start or message that is kept
    std::uint32_t generation = 0;
    core::Due due;                           ///< of what becomes due by itself; of a message: the subscription is `key`
    bool operator<(const Future& o) const {  // the later one is the smaller
      if (at != o.at) return at > o.at;
      const Kind mine = std::min(kind, Kind::arrival), other = std::min(o.kind, Kind::arrival);
      if (mine != other) return mine > other;
      if (kind == Kind::start && index != o.index) return index > o.index;
      if (kind == Kind::due && due != o.due) return due > o.due;
      return order > o.order;
    }
  };
  struct Waiting {
    CaseIndex owner;
    std::uint32_t generation;
    core::Subscription subscription;
  };
  struct Delivery {  ///< something one case wants of another, carried out after the command that wants it
    core::Effect effect;
    core::InstanceKey from;
    std::uint64_t sequence = 0;  ///< of the change that wants it
    std::uint32_t place = 0;     ///< in that change
    std::uint32_t chain = 0;     ///< driver::longest_chain
  };
  enum class Outcome : std::uint8_t { done, stale, refused };
  class Post;  ///< what the courier asks of a world

  // Running.
  void schedule(Future f);
  [[nodiscard]] static bool brings_something(Kind kind);
  void handle(const Future& f);
  /// One step and what follows from it here. `why`: what the core said against it, when it was refused.
  Outcome step(CaseIndex c, const core::Command& command, std::optional<Error>* why);
  void submit(CaseIndex c, const core::Command& command);       ///< a command of the scenario's own making: refused, it ends the run
  [[nodiscard]] std::optional<Error> take_number(CaseIndex c);  ///< of a case that has just begun; why not, when another one has it
  void give_back_number(CaseIndex c);
  void act(CaseIndex c, const std::vector<core::Event>& events);
  void carry_out_all();
  void repeat_deferred();
  void offer_kept(driver::Courier& courier);
  [[nodiscard]] Result<void> keep(const driver::KeptMessage& message);
  void schedule_end(std::uint64_t message);
  void end_keeping(std::uint64_t message);
  void with_courier(const std::function<void(driver::Courier&)>& what);
  void fail(std::string rule, std::string why, std::string hint);
  void tell_progress();
  [[nodiscard]] double share_done() const;
  void tell_quarter();
  [[nodiscard]] bool waits_for_a_shift() const;
  void examine_open_cases();
  [[nodiscard]] std::string what_it_waits_for(const Case& c) const;
  // Arrivals.
  void schedule_arrival(std::uint32_t arrival, Instant from);
  void arrive(std::uint32_t arrival);
  CaseIndex open_case(std::uint32_t process, std::uint64_t number, bool counted, CaseIndex parent);
  void close_case(CaseIndex c);
  void give_back_case(CaseIndex c);
  [[nodiscard]] Result<void> start_inside(core::StartInstance start, std::uint32_t process);  ///< by a call, a message, a signal, a timer
  void arm_starts();
  void start_by_timer(std::uint32_t schedule);
  void stand_aside(const Delivery& d);
  void note_incident(std::string what);
  void note_refused(std::string what);
  // Work.
  void offer(CaseIndex c, const core::Work& work);
  void withdraw(CaseIndex c, core::WorkKey work);
  void begin(ItemIndex i);
  void finish(ItemIndex i);
  void dispatch(std::uint32_t pool);
  void free_item(ItemIndex i);
  void record_wait(const Item& item, Pool& pool);
  // Units that stay with their case.
  bool take_held(CaseIndex c, ItemIndex i);
  /// The unit of `item` when its work is over: kept, or released (then true: its pool has somebody free).
  bool give_back(const Item& item, bool done);
  void release_held(CaseIndex c, bool all);
  [[nodiscard]] Duration held_until_now(const Held& h) const;
  void end_holding(std::uint32_t pool, std::uint32_t origin, Duration beyond);
  void settle();
  void spend(CaseIndex c, std::uint32_t place, Instant from, Instant to);
  std::int64_t rank(const Item& item, const core::Work& work) const;
  // Messages.
  void subscribe(CaseIndex c, const core::Subscription& s);
  void unsubscribe(CaseIndex c, core::SubscriptionKey key);
  [[nodiscard]] CaseIndex find_case(core::InstanceKey key) const;  ///< an open one, else no_case
  // Measuring.
  void observe(CaseIndex c, const core::Event& e);
  void observe_standing(CaseIndex c, const core::Event& e);
  void observe_clock(const Case& c, const sla::Ledger& ledger);
  void observe_open_clocks(const Case& c);
  void add_places(const Case& c, const sla::Ledger& ledger, ClockResult& r) const;
  void finish_measuring();
  void count_unfinished_holdings();

  Stream stream(std::uint64_t purpose, std::uint64_t number, std::uint64_t element, std::uint64_t visit) const;
  static const Distribution& pick(const BoundByData& by, const Case& c);
  Duration sample(const BoundActivity& a, const Case& c, std::uint32_t visit) const;
  /// What `by` looks up: the values made so far, then the data of the case (which may be none yet).
  struct Known {
    const Context* made = nullptr;
    const Case* owner = nullptr;
  };
  Value look_up(const Known& known, const std::string& name) const;
  Value make(const Generator& g, const Known& known, Stream& random, std::uint64_t number) const;
  Context make_all(const std::vector<NamedGenerator>& all, const Case* c, std::uint64_t number, std::uint64_t element, std::uint64_t visit) const;
  double factor(const BoundArrival& a, Instant at) const;
  double highest_factor(const BoundArrival& a, Instant at, Instant& until) const;

  const BoundScenario& scenario_;
  std::uint64_t seed_;
  std::uint32_t replication_;
  Progress progress_;
  Instant now_, window_, end_;
  std::priority_queue<Future> future_;
  std::uint64_t order_ = 0;
  std::vector<Case> cases_;
  std::vector<CaseIndex> free_cases_;
  std::vector<Item> items_;
  std::vector<ItemIndex> free_items_;
  std::vector<Pool> pools_;
  std::vector<std::uint64_t> arrived_;  ///< by arrival process
  std::vector<Stream> arrival_streams_;
  std::uint64_t arrivals_total_ = 0;
  std::uint64_t arrivals_wanted_ = UINT64_MAX;
  std::uint64_t open_roots_ = 0;
  std::vector<core::Event> room_;  ///< memory for the events of the next step
  std::uint64_t next_instance_ = 1;
  bool index_subscriptions_ = false;
  bool index_cases_ = false;                                   ///< cases want something of each other
  std::unordered_map<std::uint64_t, CaseIndex> cases_by_key_;  ///< open ones, where cases are found so
  /// Who has a case number of a process (driver::takes_case_number), likewise.
  std::map<std::pair<std::uint32_t, std::string>, core::InstanceKey> numbers_;
  std::map<std::pair<core::InstanceKey, core::CallKey>, core::InstanceKey> called_;  ///< by caller, which may have ended
  std::vector<std::uint64_t> started_inside_;                                        ///< by process
  std::vector<std::pair<driver::StartPoint, core::Timer>> schedules_;
  std::unordered_map<std::string, std::vector<Waiting>> subscriptions_;  ///< by kind, name and key
  driver::KeptList kept_;
  driver::RowList rows_;
  std::deque<Delivery> deliveries_;
  std::uint32_t chain_ = 0;                                             ///< of what is wanted now
  std::vector<Delivery> deferred_;                                      ///< not to be done yet: the receiver is suspended; by sender
  std::function<void(core::InstanceKey, const core::Event&)> by_hand_;  ///< told every event; then nobody works, and no scenario is needed
  std::vector<std::pair<CaseIndex, std::uint32_t>> unsettled_;          ///< cases (with generation) that keep a unit for what follows at once
  std::vector<std::uint32_t> freed_;                                    ///< pools with somebody free, to be dispatched
  double told_ = 0;                                                     ///< progress
  std::uint64_t ahead_ = 0;                                             ///< future events that are not changes of capacity
  Instant last_event_;                                                  ///< of the last of those
  bool measuring_ = true;
  std::size_t quarter_ = 0;
  ReplicationResult result_;
};

}  // namespace switchboard::simulation
