// A line fault: each of its customers is told, all at once. For cases with very many parts.
#pragma once

#include <cstdint>
#include <utility>

#include "switchboard/value/value.hpp"

namespace switchboard::small {

inline constexpr const char* line_fault = R"(
switchboard: 1
process: line-fault
data: {customers: {type: list, required: true}, told: list}
nodes:
  begin: {type: startEvent, next: tell}
  tell:
    type: userTask
    groups: [crew]
    data: {answer: string}
    form: [answer]
    multiInstance: {collection: customers, element: customer, output: answer, outputCollection: told}
    next: done
  done: {type: endEvent}
)";

/// The data of a fault with so many customers.
inline Value customers(std::int64_t count) {
  List all;
  for (std::int64_t i = 0; i < count; ++i) all.emplace_back(i);
  return Value(Context{{"customers", std::move(all)}});
}

}  // namespace switchboard::small
