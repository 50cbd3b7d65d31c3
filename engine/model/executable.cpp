// Look-ups by name, for doors and tests; the engine itself uses indices.
#include "model/executable.hpp"

#include <algorithm>

namespace switchboard::model {
namespace {

/// Position of the first entry for which `same` holds, as an index; npos when there is none.
template <class IndexType, class All, class Same>
IndexType find_index(const All& all, Same same) {
  const auto found = std::find_if(all.begin(), all.end(), same);
  return found == all.end() ? IndexType{} : IndexType{static_cast<std::uint32_t>(found - all.begin())};
}

}  // namespace

bool Element::awaits_message(std::string_view name) const {
  if (sends(type)) return false;
  for (std::size_t d = 0; d < definitions(); ++d)
    if (definition(d).kind == EventKind::message && definition(d).name == name) return true;
  return false;
}

ElementIndex ExecutableProcess::find_element(std::string_view path_or_id) const {
  const auto by_path = find_index<ElementIndex>(elements, [&](const Element& e) { return e.path == path_or_id && e.scope; });
  if (by_path) return by_path;
  const auto has_id = [&](const Element& e) { return e.id == path_or_id && e.scope; };
  if (std::count_if(elements.begin(), elements.end(), has_id) == 1) return find_index<ElementIndex>(elements, has_id);
  return path_or_id == id ? ElementIndex{0} : ElementIndex{};
}

SlotIndex ExecutableProcess::find_data(std::string_view name_) const {
  return {data_names_.find(name_, [this](std::uint32_t i) { return std::string_view(data[i].name); })};
}

ElementIndex ExecutableProcess::owner_of(ElementIndex place, std::uint32_t level) const {
  if (level == 0) return {0};
  for (;; place = at(place).scope) {
    const Element& e = at(place);
    if ((e.data_level == level && !e.data.empty()) || (e.body_level == level && !e.body_data.empty())) return place;
  }
}

SlotIndex ExecutableProcess::find_data(ElementIndex place, std::string_view name_) const {
  for (ElementIndex i = place; at(i).data_level > 0; i = at(i).scope) {
    const Element& e = at(i);
    const auto is_named = [&](const DataSpec& d) { return d.name == name_; };
    if (const auto own = find_index<SlotIndex>(e.data, is_named)) return data_slot(e.data_level, own.value);
    if (const auto of_body = find_index<SlotIndex>(e.body_data, is_named)) return data_slot(e.body_level, of_body.value);
  }
  return find_data(name_);
}

const DataSpec& ExecutableProcess::spec(ElementIndex place, SlotIndex slot) const {
  if (level_of(slot) == 0) return data[slot.value];
  const Element& owner = at(owner_of(place, level_of(slot)));
  const bool of_body = owner.body_level == level_of(slot) && !owner.body_data.empty();
  return (of_body ? owner.body_data : owner.data)[index_of(slot)];
}

ClockIndex ExecutableProcess::find_clock(std::string_view id_) const {
  return {clock_names_.find(id_, [this](std::uint32_t i) { return std::string_view(clocks[i].id); })};
}

void ExecutableProcess::index_names() {
  data_names_ = WordTable(static_cast<std::uint32_t>(data.size()), [this](std::uint32_t i) { return std::string_view(data[i].name); });
  clock_names_ = WordTable(static_cast<std::uint32_t>(clocks.size()), [this](std::uint32_t i) { return std::string_view(clocks[i].id); });
}

FeedbackIndex ExecutableProcess::find_feedback(std::string_view id_) const {
  return find_index<FeedbackIndex>(feedback, [&](const FeedbackSpec& f) { return f.id == id_; });
}

const Reactions* ExecutableProcess::message_reactions(std::string_view name_) const {
  const auto found = std::find_if(on_message.begin(), on_message.end(), [&](const auto& entry) { return entry.first == name_; });
  return found == on_message.end() ? nullptr : &found->second;
}

}  // namespace switchboard::model
