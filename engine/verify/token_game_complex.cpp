// Complex gateways in the token game (BPMN 2.0.2, 13.4.5). What their conditions say of data is not known, what they say of tokens is.
#include <algorithm>

#include "feel/feel.hpp"
#include "feel/possible.hpp"
#include "verify/token_game.hpp"

namespace switchboard::verify {
namespace {

using model::NodeType;

/// Of `text` when `name` has this value, whatever the data are.
Truth truth_with(const std::string& text, const char* name, feel::Type type, Value value) {
  const auto known = feel::truth_given(text, name, type, value);
  return !known ? Truth::unknown : *known ? Truth::always : Truth::never;
}

/// Which flows can be taken: `always` together with any of `maybe`, or the default when none of those with a condition is taken.
std::vector<std::vector<std::size_t>> choices_of(const Scope& scope, const ScopeNode& n, bool first) {
  constexpr std::size_t most_free = 8;
  std::vector<std::size_t> plain, always, maybe;
  std::size_t otherwise = none;
  for (const std::size_t f : n.out) {
    const model::Flow& flow = *scope.flows[f].flow;
    if (flow.is_default) {
      otherwise = f;
    } else if (flow.condition.empty()) {
      if (first) plain.push_back(f);
    } else {
      const Truth truth = truth_with(flow.condition.text, "waitingForStart", feel::Type::Kind::boolean, Value(first));
      if (truth == Truth::always) always.push_back(f);
      if (truth == Truth::unknown && maybe.size() < most_free) maybe.push_back(f);
    }
  }
  std::vector<std::vector<std::size_t>> out;
  for (std::size_t bits = 0; bits < (std::size_t{1} << maybe.size()); ++bits) {
    std::vector<std::size_t> flows = plain;
    flows.insert(flows.end(), always.begin(), always.end());
    for (std::size_t i = 0; i < maybe.size(); ++i)
      if ((bits >> i & 1U) != 0) flows.push_back(maybe[i]);
    if (bits == 0 && always.empty() && otherwise != none) flows.push_back(otherwise);
    if (!flows.empty() || !first) out.push_back(std::move(flows));  // the first time an incident says that there is none
  }
  return out;
}

}  // namespace

void TokenGame::find_complex() {
  first_flag_ = places.size() + once.size();
  for (std::size_t i = 0; i < scope.nodes.size(); ++i) {
    const ScopeNode& n = scope.nodes[i];
    if (n.node->type != NodeType::complex_gateway || n.in.size() < 2) continue;
    Complex c;
    c.node = i;
    c.first_flag = first_flag_ + flag_count();
    for (std::size_t tokens = 0; tokens <= incoming_[i].size(); ++tokens)
      c.goes_off.push_back(
          tokens == 0 ? Truth::never
                      : truth_with(n.node->activate.text, "activationCount", feel::Type::Kind::number, Value(static_cast<std::int64_t>(tokens))));
    // It is asked with every token that arrives, so with more it has gone off with fewer, if it would then.
    for (std::size_t tokens = 1; tokens < c.goes_off.size(); ++tokens)
      if (c.goes_off[tokens - 1] == Truth::always || (c.goes_off[tokens - 1] == Truth::unknown && c.goes_off[tokens] == Truth::never))
        c.goes_off[tokens] = c.goes_off[tokens - 1];
    c.going_off = choices_of(scope, n, true);
    c.reset = choices_of(scope, n, false);
    complex_.push_back(std::move(c));
  }
}

std::size_t TokenGame::flag_count() const {
  std::size_t count = 0;
  for (const Complex& c : complex_) count += incoming_[c.node].size();
  return count;
}

bool TokenGame::is_active(const Complex& c, const Marking& marking) const {
  const auto flags = marking.begin() + static_cast<std::ptrdiff_t>(c.first_flag);
  return std::find(flags, flags + static_cast<std::ptrdiff_t>(incoming_[c.node].size()), '\1') !=
         flags + static_cast<std::ptrdiff_t>(incoming_[c.node].size());
}

bool TokenGame::surely_fires(const Complex& c, const Marking& marking) const {
  const auto& in = incoming_[c.node];
  if (is_active(c, marking)) {
    std::vector<bool> full;
    for (std::size_t i = 0; i < in.size(); ++i) full.push_back(marking[in[i]] != 0 || marking[c.first_flag + i] != 0);
    return nothing_expected(c.node, marking, full);
  }
  const auto tokens = std::count_if(in.begin(), in.end(), [&](std::size_t p) { return marking[p] != 0; });
  return c.goes_off[static_cast<std::size_t>(tokens)] == Truth::always;
}

void TokenGame::fire_complex(const Complex& c, const Marking& marking, std::vector<Step>& out) const {
  const auto& in = incoming_[c.node];
  const bool active = is_active(c, marking);
  std::vector<std::size_t> from;
  for (std::size_t i = 0; i < in.size(); ++i)
    if (marking[in[i]] != 0 && (!active || marking[c.first_flag + i] == 0)) from.push_back(in[i]);
  if (active ? !surely_fires(c, marking) : from.empty() || c.goes_off[from.size()] == Truth::never) return;
  for (Step taken : taking(c.node, from, marking)) {
    for (std::size_t i = 0; i < in.size(); ++i) taken.after[c.first_flag + i] = static_cast<char>(!active && marking[in[i]] != 0 ? 1 : 0);
    for (const auto& flows : active ? c.reset : c.going_off) {
      out.push_back(taken);
      put(out.back(), flows);
    }
  }
}

}  // namespace switchboard::verify
