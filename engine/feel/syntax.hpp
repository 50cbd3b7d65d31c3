// The syntax tree of FEEL, with places. Private to room feel.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "feel/type.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::feel {

enum class SyntaxKind : std::uint8_t {
  literal,      // value
  name,         // text
  list,         // items
  context,      // entries
  range,        // items: low, high
  unary_range,  // op, items: endpoint
  negate,       // items: 1
  arithmetic,   // op, items: 2
  compare,      // op, items: 2
  conjunction,  // items: 2 or more
  disjunction,  // items: 2 or more
  between,      // items: value, low, high
  in,           // items: value, tests...
  test,         // op, items: endpoint; in unary tests only
  instance_of,  // items: 1, type
  path,         // items: 1, text
  filter,       // items: 2
  call,         // items: callee, arguments...
  named_call,   // items: callee; entries: arguments
  if_,          // items: condition, then, else
  for_,         // entries: iterators; items: body
  some,         // entries: iterators; items: condition
  every,        // entries: iterators; items: condition
  function,     // entries: parameters; items: body
  tests,        // items: unary tests, any of which may hold
  not_tests,    // items: unary tests, none of which may hold
  any_test,     // `-`
};

enum class Op : std::uint8_t { none, add, subtract, multiply, divide, power, equal, not_equal, less, less_equal, greater, greater_equal };
[[nodiscard]] std::string_view to_string(Op op);

struct Syntax;
using SyntaxPtr = std::unique_ptr<Syntax>;

struct SyntaxEntry {
  std::string name;
  std::uint32_t offset = 0;
  Type type;
  bool typed = false;
  SyntaxPtr value;
  SyntaxPtr to;  ///< iterators `a..b`: the end
};

struct Syntax {
  SyntaxKind kind = SyntaxKind::literal;
  Op op = Op::none;
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
  std::uint32_t depth = 1;
  Value value;
  std::string text;
  Type type;
  bool low_closed = true;
  bool high_closed = true;
  bool in_parentheses = false;
  std::vector<SyntaxPtr> items;
  std::vector<SyntaxEntry> entries;
};

}  // namespace switchboard::feel
