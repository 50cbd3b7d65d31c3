// Life cycle of one activation of an element (BPMN 2.0.2, 13.2.2).
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include "core/lifecycle.hpp"
#include "core/lifecycle_table.hpp"

namespace switchboard::core {
namespace {

namespace front = boost::msm::front;

template <ActivityMove m>
struct On {};

struct Definition : front::state_machine_def<Definition> {
  ActivityState entered = ActivityState::none;
  bool moved = false;  ///< since it was last cleared

  template <ActivityState s>
  struct In : front::state<> {
    template <class Event, class Machine>
    void on_entry(const Event& /*event*/, Machine& machine) {
      machine.entered = s;
      machine.moved = true;
    }
  };
  template <ActivityState from, ActivityMove move, ActivityState to>
  using Row = front::Row<In<from>, On<move>, In<to>>;
  using S = ActivityState;
  using M = ActivityMove;

  using initial_state = In<S::none>;
  // clang-format off
  struct transition_table : boost::mpl::vector<
      Row<S::none,        M::enter,             S::active>,
      Row<S::active,      M::begin_completion,  S::completing>,
      Row<S::completing,  M::complete,          S::completed>,
      Row<S::active,      M::begin_termination, S::terminating>,
      Row<S::completing,  M::begin_termination, S::terminating>,
      Row<S::terminating, M::terminate,         S::terminated>,
      Row<S::active,      M::fail,              S::failing>,
      Row<S::completing,  M::fail,              S::failing>,
      Row<S::failing,     M::terminate,         S::failed>,
      // A sub-process that has completed and is undone from the inside; a transaction that is cancelled.
      Row<S::completed,    M::begin_compensation, S::compensating>,
      Row<S::active,       M::begin_compensation, S::compensating>,
      Row<S::compensating, M::compensate,         S::compensated>,
      Row<S::compensating, M::begin_termination,  S::terminating>
  > {};
  // clang-format on
  template <class Machine, class Event>
  void no_transition(const Event& /*event*/, Machine& /*machine*/, int /*state*/) {}
};

constexpr std::size_t state_count = 10;

/// Made at the first call: MSM's own tables are static members, which are not ready while other statics are being made.
const auto& table() {
  static const auto made = tabulate<boost::msm::back::state_machine<Definition>, ActivityState, state_count, ActivityMove, On>(
      std::make_index_sequence<8>{}, [](auto s) { return static_cast<std::size_t>(s); });
  return made;
}

}  // namespace

std::optional<ActivityState> next(ActivityState from, ActivityMove move) noexcept {
  return table()[static_cast<std::size_t>(from)][static_cast<std::size_t>(move)];
}

}  // namespace switchboard::core
