// The organisations of a company: a tree of units (province, prefecture, county, crew), and who belongs below whom.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/process.hpp"

namespace switchboard::model {

/// One unit as its file writes it.
struct Unit {
  std::string id;
  Position at;
  Ref parent;  ///< empty: it is the root
  Text name;
  std::string level;  ///< what such a unit is called: `province`, `county`; free
  Ref calendar;
};

/// A mistake in a tree, at the place of the unit that it is about.
struct UnitMistake {
  Position at;
  std::string unit, message, hint;
};

/// Immutable once made. Questions cost what they answer, however large the tree is.
class Organisations {
 public:
  static constexpr std::size_t most_units = 20'000;
  static constexpr std::size_t most_levels = 16;

  std::string id;
  Text name;

  /// Null when there is a mistake: no unit, several without a parent, an unknown parent, a ring, too many units or levels. `tell` hears each of them.
  [[nodiscard]] static std::shared_ptr<const Organisations> make(std::string id, Text name, Position at, std::vector<Unit> units,
                                                                 const std::function<void(UnitMistake)>& tell);

  /// In the order of the file.
  [[nodiscard]] const std::vector<Unit>& units() const { return units_; }
  /// Null when there is none.
  [[nodiscard]] const Unit* find(std::string_view unit) const;
  [[nodiscard]] const Unit& root() const { return units_[root_]; }
  /// Whether `unit` is `other` or stands below it. What belongs to no unit of the tree, or to none at all (empty), belongs to the whole: to the root
  /// alone.
  [[nodiscard]] bool is_within(std::string_view unit, std::string_view other) const;
  /// `unit` and all below it, parents first; empty when there is none.
  [[nodiscard]] std::vector<std::string> subtree(std::string_view unit) const;
  /// From the root down to `unit`; of what is no unit, the root alone.
  [[nodiscard]] std::vector<std::string> path(std::string_view unit) const;
  [[nodiscard]] std::vector<std::string> ids() const;

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  struct Place {
    std::uint32_t parent = none;
    std::uint32_t first = 0, last = 0;  ///< in `order_`: the unit itself and the last one below it
  };
  [[nodiscard]] std::uint32_t index_of(std::string_view unit) const;
  void place_all(const std::vector<std::vector<std::uint32_t>>& below);

  std::vector<Unit> units_;
  std::map<std::string, std::uint32_t, std::less<>> by_id_;
  std::vector<Place> places_;         ///< by index of the unit
  std::vector<std::uint32_t> order_;  ///< indices, parents before those below them
  std::uint32_t root_ = 0;
};
using OrganisationsPtr = std::shared_ptr<const Organisations>;

/// Whether the process says somewhere to whom a case or work belongs.
[[nodiscard]] bool names_organisations(const Process& process);

}  // namespace switchboard::model
