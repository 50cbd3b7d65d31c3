// Looking up what a scenario names, with findings at its places. Internal to room simulation.
#pragma once

#include <string>
#include <vector>

#include "simulation/model.hpp"

namespace switchboard::simulation {

/// Findings of binding; every check says what it misses at the place where the scenario names it.
class BindFindings {
 public:
  explicit BindFindings(const std::string& file) : file_(file) {}
  void error(std::string rule, Position at, std::string element, std::string message, std::string advice, model::Subject subject = {});

  /// "did you mean `x`?", else the names there are.
  [[nodiscard]] static std::string hint(const std::string& wanted, const std::vector<std::string>& names);

  /// `by` names data of the process, and its rows values that the data can have.
  [[nodiscard]] BoundByData by_data(const model::ExecutableProcess& process, const ByData& by, const std::string& element);
  /// Names of data (and of results that `out` reads), and values that the data can have.
  void arrival_data(const model::ExecutableProcess& process, const ArrivalModel& arrival);
  void result_data(const model::ExecutableProcess& process, model::ElementIndex place, const std::vector<NamedGenerator>& data);
  void payload_data(const model::ExecutableProcess& process, const MessageModel& message);

  model::Diagnostics all;

 private:
  void generator(const model::ExecutableProcess& process, const model::DataSpec* spec, const Generator& g, const std::string& element);
  void set_by_process(const model::DataSpec& spec, const NamedGenerator& g, const std::string& element);
  void value(const model::DataSpec& spec, const Value& v, Position at, const std::string& element);
  const model::DataSpec* looked_at(const model::ExecutableProcess& process, const std::string& data, Position at, const std::string& element);
  void row(const model::DataSpec& spec, const std::string& value, Position at, const std::string& element);
  const std::string& file_;
};

[[nodiscard]] std::vector<std::string> data_names(const model::ExecutableProcess& process);

}  // namespace switchboard::simulation
