// What an executable process must say so that a machine can carry it out: formal expressions, and when a timer fires.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "calendar/duration.hpp"
#include "exchange/expression.hpp"
#include "exchange/rules.hpp"
#include "exchange/timer.hpp"

namespace switchboard::exchange {

namespace {

void check_formal(const Facts& f, const Item& owner, const Item& e) {
  if (!e.is("expression")) return;
  const bool is_formal = e.is("formalExpression");
  if (is_formal && e.text().empty())
    return f.said.error("SB0174", e.at(), owner.called(), fmt::format("<{}> of '{}' is empty", e.name(), owner.called()),
                        "write the expression (8.3.6)");
  // A condition of a flow is marked as formal by few tools; it counts as formal when it can be read as one.
  if (is_formal || (owner.is("sequenceFlow") && to_feel(e.text(), {}))) return;
  f.said.error("SB0174", e.at(), owner.called(), fmt::format("<{}> of '{}' is in natural language", e.name(), owner.called()),
               "mark it with xsi:type=\"tFormalExpression\", or the process as isExecutable=\"false\" (8.3.6)");
}

void check_timer(const Facts& f, const Item& d) {
  std::size_t there = 0;
  for (const std::string_view element : {"timeDate", "timeDuration", "timeCycle"}) {
    const Item* e = d.part(element);
    if (e == nullptr) continue;
    ++there;
    const std::string_view written = e->text();
    if (written.empty() || !f.is_executable(d)) continue;
    if (const std::string problem = timer_problem(element, written); !problem.empty())
      f.said.error("SB0174", e->xml->text_at, d.parent->called(), fmt::format("{} '{}': {}", element, written.substr(0, 80), problem),
                   "write ISO 8601, or an expression (10.5.5)");
  }
  if (there > 1)
    f.refuse("SB0164", d, fmt::format("a timer of '{}' says {} instants or durations", d.parent->called(), there),
             "keep one of timeDate, timeDuration and timeCycle (10.5.5)");
  if (there == 0 && f.is_executable(d))
    f.refuse("SB0174", d, fmt::format("a timer of '{}' does not say when", d.parent->called()), "add timeDate, timeDuration or timeCycle (10.5.5)");
}

}  // namespace

void check_expressions(const Facts& f) {
  for (const Item& item : f.document.items()) {
    if (item.is("timerEventDefinition")) check_timer(f, item);
    if (item.type == nullptr || !f.is_executable(item)) continue;
    for (const Item* p : item.parts) check_formal(f, item, *p);
  }
}

}  // namespace switchboard::exchange
