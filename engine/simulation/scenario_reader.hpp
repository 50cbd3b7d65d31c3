// Reading the pieces of a scenario out of a YAML tree. Internal to room simulation.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "notation/yaml.hpp"
#include "simulation/scenario.hpp"

namespace switchboard::simulation {

namespace yaml = notation::yaml;

/// Collects findings; every read function reports what is wrong at its place and returns something harmless.
class ScenarioReader {
 public:
  explicit ScenarioReader(std::string_view file) : file_(file) {}

  void error(std::string_view rule, Position at, const std::string& element, std::string message, std::string hint);
  /// Reports keys of `node` that are not in `known`, with the nearest known one.
  void only(const yaml::Node& node, const std::string& element, std::initializer_list<std::string_view> known);
  /// False (with a finding) when `node` is no map.
  bool is_map(const yaml::Node& node, const std::string& element, std::string_view what);

  std::string text(const yaml::Node& node, const std::string& element);
  double number(const yaml::Node& node, const std::string& element, double least, double most);
  std::uint64_t count(const yaml::Node& node, const std::string& element, std::uint64_t least);
  bool truth(const yaml::Node& node, const std::string& element);
  Duration duration(const yaml::Node& node, const std::string& element);  ///< wall units only
  double rate(const yaml::Node& node, const std::string& element);        ///< `12 per h`, per microsecond
  Distribution distribution(const yaml::Node& node, const std::string& element, bool durations);
  ByData by_data(const yaml::Node& node, const std::string& element);
  Generator generator(const yaml::Node& node, const std::string& element, int depth);
  std::vector<NamedGenerator> generators(const yaml::Node& node, const std::string& element);
  std::vector<calendar::Hours> hours(const yaml::Node& node, const std::string& element);
  std::array<bool, 7> days(const yaml::Node& node, const std::string& element);

  model::Diagnostics findings;

 private:
  double quantity(const yaml::Node& node, const std::string& element, bool durations);
  std::vector<double> quantities(const yaml::Node& node, const std::string& element, bool durations, std::size_t wanted);
  Distribution with_deviation(Distribution::Kind kind, const yaml::Node& node, const std::string& element, bool durations);
  Distribution empirical(const yaml::Node& node, const std::string& element, bool durations);
  std::string file_;
};

[[nodiscard]] Value to_value(const yaml::Node& node);

}  // namespace switchboard::simulation
