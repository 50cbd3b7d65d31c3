// Collections that share what they hold: they are what a sorted map is, copies keep what they were, and a change touches few nodes.
#include "core/parts.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/key.hpp"

namespace switchboard::core {
namespace {

struct Thing {
  Key<struct ThingTag> key;
  int value = 0;
  friend bool operator==(const Thing&, const Thing&) = default;
};
using Things = Parts<Thing>;
using Map = std::map<std::uint64_t, int>;

Map map_of(const Things& things) {
  Map map;
  std::uint64_t last = 0;
  for (const Thing& t : things) {
    CHECK((map.empty() || last < t.key.value));
    last = t.key.value;
    map[t.key.value] = t.value;
  }
  return map;
}

void put(Things& things, Map& map, std::uint64_t key, int value) {
  CHECK(things.put({{key}, value}) == !map.contains(key));
  map[key] = value;
}

/// What `compare` tells makes the second of the first.
void check_difference(const Things& before, const Things& after) {
  Map map = map_of(before);
  std::uint64_t last = 0;
  const auto ascending = [&](const Thing& t) {
    CHECK(t.key.value > last);
    last = t.key.value;
  };
  compare(
      before, after,
      [&](const Thing& t) {
        ascending(t);
        CHECK(map.erase(t.key.value) == 1);
      },
      [&](const Thing& t) {
        ascending(t);
        CHECK(map.emplace(t.key.value, t.value).second);
      },
      [&](const Thing& was, const Thing& is) {
        ascending(is);
        CHECK(was.key == is.key);
        map[is.key.value] = is.value;
      });
  CHECK(map == map_of(after));
}

}  // namespace

TEST_CASE("a collection of parts is a sorted map, and its copies keep what they were") {
  std::mt19937_64 random(7);
  for (const std::uint64_t widest : {40u, 300u, 100'000u, 0u}) {
    const auto some_key = [&] { return widest == 0 ? random() | 1u : 1 + random() % widest; };
    Things things;
    Map map;
    std::vector<std::pair<Things, Map>> kept;
    for (int i = 0; i < 3'000; ++i) {
      const bool shrinking = (i / 500) % 2 == 1;
      const std::uint64_t key = some_key();
      const auto known = map.lower_bound(key);
      if (!map.empty() && random() % 4 < (shrinking ? 3u : 1u)) {
        const std::uint64_t gone = known == map.end() ? map.begin()->first : known->first;
        things.erase({gone});
        map.erase(gone);
      } else if (known != map.end() && random() % 3 == 0) {
        things.edit({known->first}).value = known->second = i;
      } else {
        put(things, map, key, i);
      }
      CHECK(things.size() == map.size());
      CHECK((things.find({key}) != nullptr) == map.contains(key));
      if (i % 100 == 0) kept.emplace_back(things, map);
    }
    CHECK(map_of(things) == map);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      CHECK(map_of(kept[i].first) == kept[i].second);
      check_difference(kept[i].first, things);
      check_difference(things, kept[i].first);
      if (i > 0) check_difference(kept[i - 1].first, kept[i].first);
      if (!map.empty()) CHECK(((kept[i].first == things) == (kept[i].second == map)));
      if (!kept[i].second.empty()) {
        CHECK(kept[i].first.front().key.value == kept[i].second.begin()->first);
        CHECK(kept[i].first.back().key.value == kept[i].second.rbegin()->first);
      }
    }
  }
}

TEST_CASE("the same things are equal, in whatever order they came and went") {
  Things one, other;
  for (std::uint64_t k = 1; k <= 200; ++k) one.put({{k}, 0});
  for (std::uint64_t k = 200; k >= 1; --k) other.put({{k}, 0});
  CHECK(one == other);
  for (std::uint64_t k = 41; k <= 200; ++k) other.erase({k});
  Things few;
  for (std::uint64_t k = 1; k <= 40; ++k) few.put({{k}, 0});
  CHECK(other.in_tree() != few.in_tree());
  CHECK(other == few);
  few.edit({40}).value = 1;
  CHECK_FALSE(other == few);
}

TEST_CASE("a sum that is asked again costs what has changed") {
  Things things;
  for (std::uint64_t k = 1; k <= 100'000; ++k) things.put({{k}, 1});
  std::size_t looked = 0;
  const auto value = [&](const Thing& t) {
    ++looked;
    return static_cast<std::uint64_t>(t.value);
  };
  CHECK(things.sum(value) == 100'000);
  const Things before = things;
  things.edit({50'000}).value = 5;
  things.erase({70'000});
  looked = 0;
  CHECK(things.sum(value) == 100'003);
  CHECK(looked <= 64);
  looked = 0;
  CHECK(before.sum(value) == 100'000);
  CHECK(looked == 0);
}

TEST_CASE("a change of a copy copies as few nodes among 100,000 as among 1,000") {
  for (const std::uint64_t count : {1'000u, 100'000u}) {
    Things things;
    for (std::uint64_t k = 1; k <= count; ++k) things.put({{k}, 1});
    const Things copy = things;
    things.edit({count / 2}).value = 2;
    CHECK(Things::fresh_nodes(copy, things) <= 4);
    CHECK(Things::fresh_nodes(copy, things) >= 1);
    CHECK(Things::fresh_nodes(things, things) == 0);
    std::size_t looked = 0;
    const auto look = [&](const auto&...) { ++looked; };
    compare(copy, things, look, look, look);
    CHECK(looked <= 32);
    CHECK(copy.find({count / 2})->value == 1);
  }
}

}  // namespace switchboard::core
