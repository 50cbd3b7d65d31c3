// The things that processes refer to by id: calendars, decision tables, registers, and other processes.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "calendar/calendar.hpp"
#include "feel/decision.hpp"
#include "model/organisation.hpp"

namespace switchboard::model {

class ExecutableProcess;
struct Register;
using ExecutablePtr = std::shared_ptr<const ExecutableProcess>;
using RegisterPtr = std::shared_ptr<const Register>;

/// What compile may resolve against. Filled by notation from a folder, or by an embedder. Values are immutable and shared.
struct Library {
  std::map<std::string, calendar::CalendarPtr, std::less<>> calendars;
  std::map<std::string, feel::Decision, std::less<>> decisions;
  OrganisationsPtr organisations{};                             ///< the one tree of the company; null: there is none
  std::map<std::string, RegisterPtr, std::less<>> registers{};  ///< registers.hpp
};

}  // namespace switchboard::model
