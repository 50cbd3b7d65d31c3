// FEEL type text inside a longer text. Private to room feel.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "feel/type.hpp"

namespace switchboard::feel {

/// Reads one type from byte `at` on and moves `at` behind it; nullopt (with `at` near the fault) when there is none.
/// With `unknown`, a name inside `<...>` that is no type counts as Any, and the first such name is put there.
[[nodiscard]] std::optional<Type> read_type(std::string_view text, std::size_t& at, const Type::Fields& named, std::string* unknown = nullptr);
[[nodiscard]] std::string_view name_of(Type::Kind kind);

}  // namespace switchboard::feel
