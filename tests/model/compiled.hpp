#pragma once

#include <fmt/format.h>

#include <string>

#include "model/executable.hpp"
#include "process_text.hpp"

namespace switchboard::testing {

/// Calendars `cn` and `office`: Monday to Friday, 9 to 17 h, in Shanghai.
inline model::Library library() {
  calendar::CalendarSpec spec;
  spec.id = "cn";
  spec.zone = "Asia/Shanghai";
  for (std::size_t day = 0; day < 5; ++day) spec.week[day] = {{9 * 60, 17 * 60}};
  model::Library out;
  out.calendars["cn"] = calendar::BusinessCalendar::make(spec).value();
  spec.id = "office";
  out.calendars["office"] = calendar::BusinessCalendar::make(spec).value();
  return out;
}

inline std::string texts(const model::Diagnostics& all) {
  std::string out;
  for (const auto& d : all) out += d.text() + "\n";
  return out;
}

inline model::ExecutablePtr compiled(const model::Process& p) {
  auto result = model::compile(p, library(), "");
  INFO(texts(result.diagnostics));
  REQUIRE(result.process != nullptr);
  return result.process;
}

/// "SB0185 a: there is no ..." for every finding, with "; " between.
inline std::string problems(const model::Process& p, const model::Library& lib) {
  std::string out;
  for (const auto& d : model::compile(p, lib, "").diagnostics)
    out += fmt::format("{}{} {}: {}", out.empty() ? "" : "; ", d.rule, d.element, d.message);
  return out;
}
inline std::string problems(const model::Process& p) { return problems(p, library()); }

inline model::DataItem data(const std::string& name, feel::Type type) {
  model::DataItem d;
  d.name = name;
  d.type = type;
  return d;
}

}  // namespace switchboard::testing
