// Private to room verify: every FEEL text of a process, with what it is for.
#pragma once

#include <functional>
#include <string>

#include "feel/feel.hpp"
#include "model/executable.hpp"

namespace switchboard::verify {

struct Use {
  model::Expr expr;
  std::string element;       ///< path of the node, id of the clock or feedback
  std::string target;        ///< data that gets the value; empty: none
  bool other_names = false;  ///< names here may be those of a result and not of the data
  bool condition = false;    ///< something happens only when it is true
};

/// Conditions, mappings, durations, holes of texts; in the order of the file.
void for_each_use(const model::Process& process, const std::function<void(const Use&)>& f);

/// The process's own names for FEEL: data, what every case has, sla() and the tables it lists (without their signatures).
[[nodiscard]] feel::StaticScope names_of(const model::Process& process);

/// What admits a value to the data.
[[nodiscard]] model::DataSpec spec_of(const model::DataItem& item);

}  // namespace switchboard::verify
