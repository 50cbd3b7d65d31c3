// One visitor out of several functions: std::visit does not compile until every alternative of the variant has one.
#pragma once

namespace switchboard {

/// Each call goes to the function whose parameter fits. Leave the function for `const auto&` out: a new alternative would go there unseen.
template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace switchboard
