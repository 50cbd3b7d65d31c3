// The history of a case for people: sentences, with those of the cases that it called woven in, and a page to hand out.
#pragma once

#include <cstddef>
#include <string>

#include "cli/options.hpp"
#include "cli/session.hpp"

namespace switchboard::cli {

struct StoryWanted {
  bool page = false;    ///< a page to hand out, in Markdown, without what concerns the company alone
  bool called = false;  ///< with the cases that it called, and those that these called
  std::size_t limit = 10'000;
};
/// Prints the story of `c`: lines, a page, or JSON.
[[nodiscard]] Result<int> tell_story(const Options& options, const Session& session, const CaseInfo& c, const StoryWanted& wanted);

}  // namespace switchboard::cli
