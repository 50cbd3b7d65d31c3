// Reading the pieces of a scenario out of a YAML tree. Internal to room simulation.
#pragma once

#include <array>
#include <functional>
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
  /// Reports keys of `node` that are not in `known`, with the nearest known one; true when there are none.
  bool only(const yaml::Node& node, const std::string& element, std::initializer_list<std::string_view> known);
  /// False (with a finding) when `node` is no map.
  bool is_map(const yaml::Node& node, const std::string& element, std::string_view what);

  std::string text(const yaml::Node& node, const std::string& element);
  double number(const yaml::Node& node, const std::string& element, double least, double most);
  std::uint64_t count(const yaml::Node& node, const std::string& element, std::uint64_t least, std::uint64_t most);
  bool truth(const yaml::Node& node, const std::string& element);
  Duration duration(const yaml::Node& node, const std::string& element);  ///< wall units only, at most a hundred years
  double rate(const yaml::Node& node, const std::string& element);        ///< `12 per h`, per microsecond
  double share(const yaml::Node& node, const std::string& element);       ///< 0 to 1, or `30 %`
  /// Weights -> shares that sum to 1. Whole numbers are weights of any sum; with a fraction or a percent sign among them they are probabilities, and
  /// must sum to 1 (or 100 %).
  std::vector<double> shares(const std::vector<const yaml::Node*>& weights, Position at, const std::string& element);
  /// Whether the node is written as a distribution: its first key names one.
  static bool is_distribution(const yaml::Node& node);
  Distribution distribution(const yaml::Node& node, const std::string& element, bool durations);
  ByData durations_by_data(const yaml::Node& node, const std::string& element);
  ByData shares_by_data(const yaml::Node& node, const std::string& element);
  Generator generator(const yaml::Node& node, const std::string& element, int depth);
  std::vector<NamedGenerator> generators(const yaml::Node& node, const std::string& element);
  std::vector<calendar::Hours> hours(const yaml::Node& node, const std::string& element);
  std::array<bool, 7> days(const yaml::Node& node, const std::string& element);

  model::Diagnostics findings;

 private:
  ByData by_data(const yaml::Node& node, const std::string& element, const std::function<Distribution(const yaml::Node&)>& read);
  void choices(Generator& g, const yaml::Node& node, const std::string& element);
  [[nodiscard]] std::optional<double> percent(const yaml::Node& node) const;  ///< of `30 %` or `30%`
  std::string file_;
};

[[nodiscard]] Value to_value(const yaml::Node& node);

}  // namespace switchboard::simulation
