// Life cycle of a piece of work.
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include "core/lifecycle.hpp"
#include "core/lifecycle_table.hpp"

namespace switchboard::core {
namespace {

namespace front = boost::msm::front;

template <WorkMove m>
struct On {};

struct Definition : front::state_machine_def<Definition> {
  WorkState entered = WorkState::none;
  bool moved = false;  ///< since it was last cleared

  template <WorkState s>
  struct In : front::state<> {
    template <class Event, class Machine>
    void on_entry(const Event& /*event*/, Machine& machine) {
      machine.entered = s;
      machine.moved = true;
    }
  };
  template <WorkState from, WorkMove move, WorkState to>
  using Row = front::Row<In<from>, On<move>, In<to>>;
  using S = WorkState;
  using M = WorkMove;

  using initial_state = In<S::none>;
  // clang-format off
  struct transition_table : boost::mpl::vector<
      Row<S::none,          M::offer,      S::offered>,
      Row<S::offered,       M::claim,      S::claimed>,
      Row<S::claimed,       M::claim,      S::claimed>,
      Row<S::claimed,       M::release,    S::offered>,
      Row<S::offered,       M::complete,   S::completed>,
      Row<S::claimed,       M::complete,   S::completed>,
      Row<S::offered,       M::fail_retry, S::waiting_retry>,
      Row<S::claimed,       M::fail_retry, S::waiting_retry>,
      Row<S::offered,       M::fail_final, S::failed>,
      Row<S::claimed,       M::fail_final, S::failed>,
      Row<S::waiting_retry, M::retry,      S::offered>,
      Row<S::failed,        M::retry,      S::offered>,
      Row<S::offered,       M::withdraw,   S::withdrawn>,
      Row<S::claimed,       M::withdraw,   S::withdrawn>,
      Row<S::waiting_retry, M::withdraw,   S::withdrawn>,
      Row<S::failed,        M::withdraw,   S::withdrawn>
  > {};
  // clang-format on
  template <class Machine, class Event>
  void no_transition(const Event& /*event*/, Machine& /*machine*/, int /*state*/) {}
};

constexpr std::size_t state_count = 7;

/// Made at the first call: MSM's own tables are static members, which are not ready while other statics are being made.
const auto& table() {
  static const auto made = tabulate<boost::msm::back::state_machine<Definition>, WorkState, state_count, WorkMove, On>(
      std::make_index_sequence<8>{}, [](auto s) { return static_cast<std::size_t>(s); });
  return made;
}

}  // namespace

std::optional<WorkState> next(WorkState from, WorkMove move) noexcept {
  return table()[static_cast<std::size_t>(from)][static_cast<std::size_t>(move)];
}

}  // namespace switchboard::core
