// How a verb becomes a subcommand: its request is filled by the parser and lives until the verb has run.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/options.hpp"

namespace switchboard::cli {

template <class Request>
struct Verb {
  CLI::App* sub;
  std::shared_ptr<Request> request;
};

/// Adds `name` to `app` under `group`; choosing it sets `action` to `run`.
[[nodiscard]] CLI::App* add_subcommand(CLI::App& app, Action& action, const char* group, const char* name, const char* about, Action run);

template <class Request>
[[nodiscard]] Verb<Request> add_verb(CLI::App& app, const Options& options, Action& action, const char* group, const char* name, const char* about,
                                     Result<int> (*run)(const Options&, const Request&)) {
  const auto request = std::make_shared<Request>();
  return {add_subcommand(app, action, group, name, about, [&options, request, run] { return run(options, *request); }), request};
}

/// Looks at the text of an option: what is wrong with it, or nothing.
using Check = std::function<std::string(const std::string&)>;
/// A whole number above 0.
[[nodiscard]] Check positive();
/// A whole number from 0 to `most`.
[[nodiscard]] Check whole_to(std::uint64_t most);
/// One of `words`; the refusal names the nearest.
[[nodiscard]] Check one_of(std::vector<std::string> words);

}  // namespace switchboard::cli
