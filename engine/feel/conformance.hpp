// One line of the conformance kit's exchange format in, one answer out. Used by `switchboard feel --jsonl` and by the tests.
#pragma once

#include <string>
#include <string_view>

#include "switchboard/value/value.hpp"

namespace switchboard::feel {

/// `line` is a JSON object {id, expression, inputs, ...} with tagged values (docs/feel.md, Answering in bulk); the answer is
/// {"id": ..., "value": {tagged}} and, when the value is null for a reason, "error": "...". A line that is no such object gets
/// the same with a null id. Unknown names are null and nothing is refused for its types. Never throws; bounded like any evaluation.
[[nodiscard]] std::string answer_jsonl(std::string_view line);

/// The same from an already parsed line.
struct Answer {
  Value value;
  std::string error;
};
[[nodiscard]] Answer answer(const Context& line);

}  // namespace switchboard::feel
