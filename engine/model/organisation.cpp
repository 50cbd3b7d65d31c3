#include "model/organisation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/diagnostic.hpp"

namespace switchboard::model {

namespace {

/// How deep each unit stands, the root at 1; of a ring, or of what hangs on one, 0.
std::vector<std::size_t> depths_of(const std::vector<std::vector<std::uint32_t>>& below, std::uint32_t root, std::size_t count) {
  std::vector<std::size_t> depths(count, 0);
  std::vector<std::uint32_t> waiting{root};
  depths[root] = 1;
  while (!waiting.empty()) {
    const std::uint32_t unit = waiting.back();
    waiting.pop_back();
    for (const std::uint32_t child : below[unit]) {
      depths[child] = depths[unit] + 1;
      waiting.push_back(child);
    }
  }
  return depths;
}

/// The ring that the parents of `unit` lead to, from its first unit in the file on.
template <class Places>
std::vector<std::uint32_t> ring_above(const Places& places, std::uint32_t unit) {
  for (std::size_t i = 0; i < places.size(); ++i) unit = places[unit].parent;  // far enough to be in it
  std::vector<std::uint32_t> ring{unit};
  for (std::uint32_t above = places[unit].parent; above != unit; above = places[above].parent) ring.push_back(above);
  std::rotate(ring.begin(), std::min_element(ring.begin(), ring.end()), ring.end());
  return ring;
}

}  // namespace

OrganisationsPtr Organisations::make(std::string id, Text name, Position at, std::vector<Unit> units, const std::function<void(UnitMistake)>& tell) {
  auto made = std::make_shared<Organisations>();
  made->id = std::move(id);
  made->name = std::move(name);
  made->units_ = std::move(units);
  bool is_sound = true;
  const auto mistake = [&](Position where, std::string_view unit, std::string message, std::string hint) {
    is_sound = false;
    tell({where, std::string(unit), std::move(message), std::move(hint)});
  };
  const std::vector<Unit>& all = made->units_;
  if (all.empty()) {
    mistake(at, {}, "there is no unit in the tree", "write at least the one that has no `parent`");
    return nullptr;
  }
  if (all.size() > most_units) {
    mistake(all[most_units].at, all[most_units].id, fmt::format("the tree has {} units, the bound is {}", all.size(), most_units),
            "leave out the lowest level: who does the work there can be a group");
    return nullptr;
  }
  for (std::uint32_t i = 0; i < all.size(); ++i) made->by_id_.emplace(all[i].id, i);
  std::vector<std::vector<std::uint32_t>> below(all.size());
  made->places_.resize(all.size());
  std::uint32_t root = none;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    const Unit& unit = all[i];
    if (unit.parent.empty()) {
      if (root == none)
        root = i;
      else
        mistake(unit.at, unit.id, fmt::format("`{}` has no parent, and neither has `{}`: a tree has one root", unit.id, all[root].id),
                fmt::format("write `parent: {}`, or put one unit above both", all[root].id));
      continue;
    }
    const auto parent = made->by_id_.find(unit.parent.name);
    if (parent == made->by_id_.end()) {
      const std::string near = nearest_name(unit.parent.name, made->ids());
      mistake(unit.parent.at, unit.id, fmt::format("`{}` stands below `{}`, which is no unit of the tree", unit.id, unit.parent.name),
              near.empty() ? std::string("add it under `units`, or name another one") : fmt::format("did you mean `{}`?", near));
      continue;
    }
    made->places_[i].parent = parent->second;
    below[parent->second].push_back(i);
  }
  if (root == none && is_sound) mistake(at, {}, "every unit has a parent: the tree has no root", "delete `parent` of the topmost one");
  if (!is_sound) return nullptr;
  const std::vector<std::size_t> depths = depths_of(below, root, all.size());
  for (std::uint32_t i = 0; i < all.size() && is_sound; ++i) {
    if (depths[i] == 0) {
      const std::vector<std::uint32_t> ring = ring_above(made->places_, i);
      std::string names;
      for (const std::uint32_t unit : ring) names += fmt::format("{} > ", all[unit].id);
      mistake(all[ring.front()].parent.at, all[ring.front()].id,
              fmt::format("units stand below each other in a ring: {}{}", names, all[ring.front()].id), "name another parent for one of them");
    }
    if (depths[i] > most_levels)
      mistake(all[i].at, all[i].id, fmt::format("`{}` stands {} levels deep, the bound is {}", all[i].id, depths[i], most_levels),
              "leave out levels that nobody decides on");
  }
  if (!is_sound) return nullptr;
  made->root_ = root;
  made->place_all(below);
  return made;
}

void Organisations::place_all(const std::vector<std::vector<std::uint32_t>>& below) {
  order_.reserve(units_.size());
  const auto place = [&](const auto& self, std::uint32_t unit) -> void {  // at most most_levels deep
    places_[unit].first = static_cast<std::uint32_t>(order_.size());
    order_.push_back(unit);
    for (const std::uint32_t child : below[unit]) self(self, child);
    places_[unit].last = static_cast<std::uint32_t>(order_.size() - 1);
  };
  place(place, root_);
}

std::uint32_t Organisations::index_of(std::string_view unit) const {
  const auto found = by_id_.find(unit);
  return found == by_id_.end() ? none : found->second;
}

const Unit* Organisations::find(std::string_view unit) const {
  const std::uint32_t index = index_of(unit);
  return index == none ? nullptr : &units_[index];
}

bool Organisations::is_within(std::string_view unit, std::string_view other) const {
  const std::uint32_t above = index_of(other);
  if (above == none) return false;
  const std::uint32_t below = index_of(unit);
  if (below == none) return above == root_;
  return places_[above].first <= places_[below].first && places_[below].first <= places_[above].last;
}

std::vector<std::string> Organisations::subtree(std::string_view unit) const {
  std::vector<std::string> found;
  const std::uint32_t index = index_of(unit);
  if (index == none) return found;
  const Place& place = places_[index];
  found.reserve(place.last - place.first + 1);
  for (std::uint32_t i = place.first; i <= place.last; ++i) found.push_back(units_[order_[i]].id);
  return found;
}

std::vector<std::string> Organisations::path(std::string_view unit) const {
  std::vector<std::string> found;
  std::uint32_t index = index_of(unit);
  if (index == none) index = root_;
  for (; index != none; index = places_[index].parent) found.push_back(units_[index].id);
  std::reverse(found.begin(), found.end());
  return found;
}

std::vector<std::string> Organisations::ids() const {
  std::vector<std::string> found;
  found.reserve(units_.size());
  for (const Unit& unit : units_) found.push_back(unit.id);
  return found;
}

bool names_organisations(const Process& process) {
  bool found = !process.organisation.empty() ||
               std::any_of(process.lanes.begin(), process.lanes.end(), [](const Lane& lane) { return !lane.organisation.empty(); });
  for_each_node(process.nodes, [&](const Node& node, const Node*) { found = found || !node.organisation.empty(); });
  return found;
}

}  // namespace switchboard::model
