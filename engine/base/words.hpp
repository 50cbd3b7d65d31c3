// A list of words that never changes: the groups of a task, the channels of a feedback. They come from a definition and go into every event and
// instance that mentions them.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace switchboard {

/// A plain value whose copies share what they hold, so that a copy costs a count. Threads may read copies of one at the same time.
class Words {
 public:
  Words() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): it is a list of strings
  Words(std::vector<std::string> all) : all_(all.empty() ? nullptr : std::make_shared<const std::vector<std::string>>(std::move(all))) {}
  Words(std::initializer_list<std::string> all) : Words(std::vector<std::string>(all)) {}

  // NOLINTNEXTLINE(google-explicit-constructor): it is a list of strings
  [[nodiscard]] operator const std::vector<std::string>&() const { return all(); }
  [[nodiscard]] const std::vector<std::string>& all() const {
    static const std::vector<std::string> nothing;
    return all_ == nullptr ? nothing : *all_;
  }
  [[nodiscard]] auto begin() const { return all().begin(); }
  [[nodiscard]] auto end() const { return all().end(); }
  [[nodiscard]] bool empty() const { return all_ == nullptr; }
  [[nodiscard]] const std::string& front() const { return all_->front(); }
  friend bool operator==(const Words& a, const Words& b) { return a.all_ == b.all_ || a.all() == b.all(); }

 private:
  std::shared_ptr<const std::vector<std::string>> all_;  ///< never an empty list
};

}  // namespace switchboard
