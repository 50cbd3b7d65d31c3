// Private to room verify: every FEEL text of a process, with what it is for.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feel/feel.hpp"
#include "model/executable.hpp"

namespace switchboard::verify {

/// The data that stand around a place: those of the process, then those of each scope from the outermost in, an activity that is repeated included.
/// No two have one name (SB0188).
struct Seen {
  std::vector<const model::DataItem*> data;
  std::vector<std::shared_ptr<const std::vector<model::DataItem>>> given;  ///< what the engine gives to repeated activities: items, counters
  [[nodiscard]] const model::DataItem* find(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> names() const;
};
[[nodiscard]] Seen seen_in_process(const model::Process& process);
[[nodiscard]] Seen seen_inside(const Seen& around, const model::Node& container);

/// Calls `f(node, path, seen)` for every node, boundary events included, with the data that stand around it (its own come with what is inside it).
void for_each_place(const model::Process& process, const std::function<void(const model::Node&, const std::string&, const Seen&)>& f);

struct Use {
  model::Expr expr;
  std::string element;                      ///< path of the node, id of the clock or feedback
  const Seen& seen;                         ///< the data whose names it may use
  const model::DataItem* target = nullptr;  ///< data that gets the value; null: none that is known
  bool other_names = false;                 ///< names here may be those of a result and not of the data
  bool condition = false;                   ///< something happens only when it is true
};

/// Conditions, mappings, durations, holes of texts; in the order of the file.
void for_each_use(const model::Process& process, const std::function<void(const Use&)>& f);

/// Names for FEEL: the data seen, what every case has, sla() and the tables that the process lists (without their signatures). Slots count on from
/// the first of the data.
[[nodiscard]] feel::StaticScope names_of(const model::Process& process, const Seen& seen);

/// The same for one expression after another; made anew only where other data are seen.
class NamesSeen {
 public:
  explicit NamesSeen(const model::Process& process) : process_(process) {}
  [[nodiscard]] const feel::StaticScope& at(const Seen& seen);

 private:
  const model::Process& process_;
  Seen made_of_;
  std::optional<feel::StaticScope> names_;
};

/// What admits a value to the data.
[[nodiscard]] model::DataSpec spec_of(const model::DataItem& item);

}  // namespace switchboard::verify
