// What comes in through the C door: texts, JSON, and JSON objects of options.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "switchboard/engine.hpp"
#include "switchboard/simulation.hpp"

namespace switchboard::c {

/// A text that must be there: SB1102 (usage) when it is NULL, SB1105 (invalid) when it is not UTF-8. `name` is the parameter's.
[[nodiscard]] Result<std::string_view> text(const char* given, const char* name);
/// A text that may be left out: empty then.
[[nodiscard]] Result<std::string_view> optional_text(const char* given, const char* name);
/// SB1104 (usage) unless it is a number of seconds from 0 to some thousand years.
[[nodiscard]] Result<Duration> seconds(double given, const char* name);
/// A JSON object that may be left out: an empty context then. SB1104 (usage) when it is JSON of another type.
[[nodiscard]] Result<Value> object(const char* given, const char* name);

struct OpenOptions {
  EngineOptions engine;
  std::string zone = "UTC";
};
struct SimulateOptions {
  SimulationOptions simulation;
  bool is_text = false;
  std::string file;  ///< names a text in messages
  bool summary = false;
};

// Objects of options. An unknown key is refused (SB1103) with the nearest known one, a value of the wrong type too (SB1104).
[[nodiscard]] Result<OpenOptions> open_options(const char* json);
/// Find, Delivery, StartOptions, Caller, Failure, Fetch, Interest or PromiseQuery; `name` is the parameter's.
template <class R>
[[nodiscard]] Result<R> options_of(const char* json, const char* name);
[[nodiscard]] Result<SimulateOptions> simulate_options(const char* json);
/// {"processes": folder}
[[nodiscard]] Result<std::string> check_options(const char* json);
/// A JSON list of {"yaml": text, "file": name}. SB1104 (usage) when it is something else.
[[nodiscard]] Result<std::vector<ProcessText>> process_texts(const char* given, const char* name);
/// A JSON list of texts. SB1104 (usage) when it is something else.
[[nodiscard]] Result<std::vector<std::string>> texts(const char* given, const char* name);

}  // namespace switchboard::c
