// An engine on a store of either kind, with a clock that tests move by hand.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "support/folder.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::testing {

inline constexpr Instant t0{1'772'413'200'000'000};  ///< 2026-03-02T01:00:00Z, 09:00 in Shanghai

/// Texts of small processes by id.
[[nodiscard]] std::string_view process_text(std::string_view id);

/// Id of the rule of a failed result, empty for a good one.
[[nodiscard]] std::string error_of(const auto& result) { return result ? std::string() : result.error().id; }

[[nodiscard]] inline Value context(std::initializer_list<Context::Entry> entries) { return Value(Context(entries)); }

class World {
 public:
  explicit World(bool on_file);

  [[nodiscard]] Engine& engine() { return *engine_; }
  [[nodiscard]] bool on_file() const { return on_file_; }
  /// Closes and opens again; in memory: does nothing.
  void reopen();
  /// A second engine on the same file.
  [[nodiscard]] std::unique_ptr<Engine> another();
  void deploy(std::initializer_list<std::string_view> ids);
  /// Moves the clock, then fires what is due.
  TickReport advance(Duration d);

  CaseInfo start(std::string_view process, const std::string& number, const Value& data = {});
  [[nodiscard]] CaseInfo find(const std::string& case_no, const std::string& process = {});
  /// Where the case of that number stands, "a, b"; "completed" and so on when it has ended.
  [[nodiscard]] std::string at(const std::string& case_no, const std::string& process = {});
  [[nodiscard]] WorkId work(const std::string& case_no, const std::string& element);
  CaseInfo complete(const std::string& case_no, const std::string& element, const Value& result = {});
  [[nodiscard]] Value data(const std::string& case_no, const std::string& name);
  /// Names of the outbox records of a kind, in order.
  [[nodiscard]] std::vector<std::string> told(const std::string& kind);
  /// Everything Engine::check finds, a line each.
  [[nodiscard]] std::string violations();

  Instant now = t0;

 private:
  [[nodiscard]] std::unique_ptr<Engine> open();
  Folder folder_;
  bool on_file_;
  std::unique_ptr<Engine> engine_;
};

/// Runs `test` once in memory and once on a file; afterwards the invariants of the store must hold.
void on_both_stores(const std::function<void(World&)>& test);

/// The one round of a clock of a case.
[[nodiscard]] ClockInfo clock_of(Engine& engine, const std::string& case_no, const std::string& clock);

template <class T>
T must(Result<T> r);
void must(Result<void> r);

}  // namespace switchboard::testing

#include <doctest/doctest.h>

template <class T>
T switchboard::testing::must(Result<T> r) {
  REQUIRE_MESSAGE(r, (r ? std::string() : r.error().text()));
  return std::move(r).value();
}
