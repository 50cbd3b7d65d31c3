// Words of BPMN's XML, of other engines and of everyday language, and what stands for them in this language.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::notation {

/// What somebody meant by a word that is not known where it stands.
struct Meant {
  std::string word;       ///< the word of this language that it stands for; empty: none
  std::string remedy;     ///< what to write; empty: the word alone says it
  bool is_other = false;  ///< the word of another language, not a misspelt one
};

/// The key of `names` that `key` stands for: by its letters, or as a word of others.
[[nodiscard]] Meant meant_key(std::string_view key, const std::vector<std::string>& names);

/// The type of node among `types` that `type` stands for. Without a word, but with a remedy: what is meant is no node at all.
[[nodiscard]] Meant meant_type(std::string_view type, const std::vector<std::string>& types);

/// The remedy of `meant` as a hint, or `otherwise` when nothing is meant.
[[nodiscard]] std::string hint_of(const Meant& meant, std::string_view otherwise);

}  // namespace switchboard::notation
