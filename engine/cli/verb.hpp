// How a verb becomes a subcommand: its request is filled by the parser and lives until the verb has run.
#pragma once

#include <CLI/CLI.hpp>

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
template <class Request>
[[nodiscard]] Verb<Request> add_verb(CLI::App& app, const Options& options, Action& action, const char* group, const char* name, const char* about,
                                     Result<int> (*run)(const Options&, const Request&)) {
  const auto request = std::make_shared<Request>();
  CLI::App* sub = app.add_subcommand(name, about);
  sub->group(group);
  sub->callback([&options, &action, request, run] { action = [&options, request, run] { return run(options, *request); }; });
  return {sub, request};
}

/// A whole number above 0.
[[nodiscard]] CLI::Validator positive();
/// One of `words`; the refusal names the nearest.
[[nodiscard]] CLI::Validator one_of(std::vector<std::string> words);

}  // namespace switchboard::cli
