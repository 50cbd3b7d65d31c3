// Life cycle of a clock. Breached is a flag beside the state (sla/ledger.hpp), so it is not here.
#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include "core/lifecycle.hpp"
#include "core/lifecycle_table.hpp"

namespace switchboard::core {
namespace {

namespace front = boost::msm::front;

/// ClockState with a place for a clock that has never started.
enum class Phase : std::uint8_t { running, paused, met, cancelled, none };

template <ClockMove m>
struct On {};

struct Definition : front::state_machine_def<Definition> {
  Phase entered = Phase::none;
  bool moved = false;  ///< since it was last cleared

  template <Phase s>
  struct In : front::state<> {
    template <class Event, class Machine>
    void on_entry(const Event& /*event*/, Machine& machine) {
      machine.entered = s;
      machine.moved = true;
    }
  };
  template <Phase from, ClockMove move, Phase to>
  using Row = front::Row<In<from>, On<move>, In<to>>;
  using S = Phase;
  using M = ClockMove;

  using initial_state = In<S::none>;
  // clang-format off
  struct transition_table : boost::mpl::vector<
      Row<S::none,      M::start,  S::running>,
      Row<S::running,   M::pause,  S::paused>,
      Row<S::paused,    M::resume, S::running>,
      Row<S::running,   M::stop,   S::met>,
      Row<S::paused,    M::stop,   S::met>,
      Row<S::running,   M::cancel, S::cancelled>,
      Row<S::paused,    M::cancel, S::cancelled>,
      Row<S::met,       M::start,  S::running>,
      Row<S::cancelled, M::start,  S::running>
  > {};
  // clang-format on
  template <class Machine, class Event>
  void no_transition(const Event& /*event*/, Machine& /*machine*/, int /*state*/) {}
};

constexpr std::size_t state_count = 5;

/// Made at the first call: MSM's own tables are static members, which are not ready while other statics are being made.
const auto& table() {
  static const auto made = tabulate<boost::msm::back::state_machine<Definition>, Phase, state_count, ClockMove, On>(
      std::make_index_sequence<5>{}, [](Phase s) { return static_cast<std::size_t>(s); });
  return made;
}

}  // namespace

std::optional<ClockState> next(std::optional<ClockState> from, ClockMove move) noexcept {
  const auto phase = from ? static_cast<std::size_t>(*from) : static_cast<std::size_t>(Phase::none);
  const std::optional<Phase> to = table()[phase][static_cast<std::size_t>(move)];
  if (!to) return std::nullopt;
  return static_cast<ClockState>(*to);
}

}  // namespace switchboard::core
