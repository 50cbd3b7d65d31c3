// What a case with many activations keeps beside them, so that nothing is looked for among all of them: what belongs to which activation, at which
// elements it stands, and who has its work. It follows from the rest of the case; it is neither written nor compared.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/keys.hpp"
#include "core/parts.hpp"
#include "model/executable.hpp"

namespace switchboard::core {

struct ElementInstance;
struct ProcessInstance;
struct Work;

enum class PartKind : std::uint8_t { activation, work, timer, subscription, call, incident };

/// A plain value like the case itself. Only `evolve` changes it. A case with few activations has none (`is_kept`): they are looked through.
class Crowd {
 public:
  struct Part {
    Key<struct PartKeyTag> key;
    PartKind kind = PartKind::activation;
    friend bool operator==(const Part&, const Part&) = default;
  };
  struct Owned {
    ElementKey key;  ///< of the activation that has them
    std::uint32_t activations = 0;
    std::uint32_t tokens = 0;  ///< that wait at joins in it
    Parts<Part> parts;
    friend bool operator==(const Owned&, const Owned&) = default;
  };
  struct Place {
    Key<struct PlaceKeyTag> key;    ///< index of the element, and 1
    std::uint64_t activations = 0;  ///< of it
    std::uint64_t standing = 0;     ///< of these, in which no other activation and no token stands
    std::uint64_t tokens = 0;       ///< that wait at it for others
    friend bool operator==(const Place&, const Place&) = default;
  };

  [[nodiscard]] bool is_kept() const { return is_kept_; }
  /// What belongs to activation `owner`, by ascending key; nullptr: nothing.
  [[nodiscard]] const Owned* of(ElementKey owner) const { return owned_.find(owner); }
  /// The elements at which the case stands, ascending.
  [[nodiscard]] const Parts<Place>& places() const { return places_; }
  /// Who has the open work, ascending: the names that `names_of` gives of each.
  [[nodiscard]] std::vector<std::string> holders() const;

  /// All of it anew, or nothing when the case has few activations.
  void count(const ProcessInstance& instance);
  // What changes. `scope`: the activation around it; nullptr: there is none.
  void entered(const ElementInstance& e, const ElementInstance* scope);
  void left(const ElementInstance& e, const ElementInstance* scope);
  void arrived(const ElementInstance* scope, model::ElementIndex gateway, std::uint32_t tokens);
  void consumed(const ElementInstance* scope, model::ElementIndex gateway, std::uint32_t tokens);
  void attached(ElementKey owner, std::uint64_t key, PartKind kind);
  void detached(ElementKey owner, std::uint64_t key);
  void taken(const Work& work);
  void given_back(const Work& work);

  /// It follows from what is compared.
  friend bool operator==(const Crowd& /*a*/, const Crowd& /*b*/) { return true; }
  /// Whether two say the same, for tests.
  [[nodiscard]] bool says_what(const Crowd& other) const {
    return is_kept_ == other.is_kept_ && owned_ == other.owned_ && places_ == other.places_ && holders_ == other.holders_;
  }

  /// Parts::fresh_nodes of all of it.
  [[nodiscard]] static std::size_t fresh_nodes(const Crowd& before, const Crowd& after) {
    return Parts<Owned>::fresh_nodes(before.owned_, after.owned_) + Parts<Place>::fresh_nodes(before.places_, after.places_) +
           Parts<Holders>::fresh_nodes(before.holders_, after.holders_);
  }

 private:
  /// Names with the same hash.
  struct Holders {
    Key<struct HolderKeyTag> key;
    std::vector<std::pair<std::string, std::uint64_t>> names;  ///< ascending, each with how much work it has
    friend bool operator==(const Holders&, const Holders&) = default;
  };
  [[nodiscard]] bool holds_nothing(ElementKey key) const;
  void stand(const ElementInstance& e, int activations, int standing);
  void count_name(const std::string& name, int more);
  [[nodiscard]] Place place_of(model::ElementIndex element) const;
  void keep(const Place& place);
  void drop_if_empty(ElementKey owner);
  template <class How>
  void change(const ElementInstance* scope, How how);

  bool is_kept_ = false;
  Parts<Owned> owned_;
  Parts<Place> places_;
  Parts<Holders> holders_;
};

/// Who has a work item: the assignee, else its groups, else its topic.
[[nodiscard]] std::vector<std::string> names_of(const Work& work);

}  // namespace switchboard::core
