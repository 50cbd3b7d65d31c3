// Life cycle of a case.
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include "core/lifecycle.hpp"
#include "core/lifecycle_table.hpp"

namespace switchboard::core {
namespace {

namespace front = boost::msm::front;

template <InstanceMove m>
struct On {};

struct Definition : front::state_machine_def<Definition> {
  InstanceState entered = InstanceState::none;
  bool moved = false;  ///< since it was last cleared

  template <InstanceState s>
  struct In : front::state<> {
    template <class Event, class Machine>
    void on_entry(const Event& /*event*/, Machine& machine) {
      machine.entered = s;
      machine.moved = true;
    }
  };
  template <InstanceState from, InstanceMove move, InstanceState to>
  using Row = front::Row<In<from>, On<move>, In<to>>;
  using S = InstanceState;
  using M = InstanceMove;

  using initial_state = In<S::none>;
  // clang-format off
  struct transition_table : boost::mpl::vector<
      Row<S::none,      M::start,    S::active>,
      Row<S::active,    M::suspend,  S::suspended>,
      Row<S::suspended, M::resume,   S::active>,
      Row<S::active,    M::complete, S::completed>,
      Row<S::active,    M::cancel,   S::cancelled>,
      Row<S::suspended, M::cancel,   S::cancelled>
  > {};
  // clang-format on
  template <class Machine, class Event>
  void no_transition(const Event& /*event*/, Machine& /*machine*/, int /*state*/) {}
};

constexpr std::size_t state_count = 5;

/// Made at the first call: MSM's own tables are static members, which are not ready while other statics are being made.
const auto& table() {
  static const auto made = tabulate<boost::msm::back::state_machine<Definition>, InstanceState, state_count, InstanceMove, On>(
      std::make_index_sequence<5>{}, [](auto s) { return static_cast<std::size_t>(s); });
  return made;
}

}  // namespace

std::optional<InstanceState> next(InstanceState from, InstanceMove move) noexcept {
  return table()[static_cast<std::size_t>(from)][static_cast<std::size_t>(move)];
}

}  // namespace switchboard::core
