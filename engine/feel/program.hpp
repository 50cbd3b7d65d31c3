// What a Program holds. Private to room feel.
#pragma once

#include "feel/feel.hpp"
#include "feel/node.hpp"

namespace switchboard::feel {

struct Program::Impl {
  std::string text;
  NodePtr root;
  std::uint32_t locals = 0;
  Type type;
  std::vector<std::uint32_t> used_slots;
  std::vector<std::uint32_t> used_functions;
  std::vector<CalendarUse> used_calendars;
  bool uses_clock = false;  ///< or calendars
  // The two most frequent expressions need no run: a name, a constant.
  std::optional<std::uint32_t> only_slot;
  const Value* only_constant = nullptr;  ///< in `root`
};

}  // namespace switchboard::feel
