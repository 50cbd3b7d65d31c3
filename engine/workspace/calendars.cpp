#include "workspace/calendars.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "notation/load.hpp"

namespace switchboard::workspace {

namespace {

Finding fault_of(const Parsed& text, model::Position at, std::string rule, std::string message, std::string hint) {
  return {std::move(rule),
          model::Severity::error,
          text.file,
          at,
          text.id,
          std::move(message),
          std::move(hint),
          {},
          {model::SubjectKind::calendar, text.id, false}};
}

/// "calendar 'cn', 2026-02-30": which entry it is.
std::string content_message(const Error& e) {
  const std::size_t comma = e.place.rfind("', ");
  return comma == std::string::npos ? e.message : e.place.substr(comma + 3) + ": " + e.message;
}

std::string chain_text(const std::vector<const Parsed*>& chain, const std::string& again) {
  std::string out;
  for (const Parsed* text : chain) out += text->id + " extends ";
  return out + again;
}

}  // namespace

MadeCalendar make_calendar(const Parsed& text, const std::function<CalendarSource(const std::string&)>& find, const std::vector<std::string>& known) {
  if (!text.calendar) return {};
  if (!text.is_extending()) return {text.business_calendar, std::nullopt};
  std::vector<const Parsed*> chain{&text};
  std::optional<calendar::CalendarSpec> below;
  while (!below) {
    const Parsed& top = *chain.back();
    const std::string& id = top.calendar->extends;
    if (std::any_of(chain.begin(), chain.end(), [&](const Parsed* one) { return one->id == id; }))
      return {nullptr, fault_of(text, text.extends_at, "SB0321", fmt::format("calendars extend each other in a ring: {}", chain_text(chain, id)),
                                "let one of them stand alone")};
    CalendarSource source = find(id);
    if (calendar::BusinessCalendar::is_built_in(id))
      if (auto built_in = calendar::BusinessCalendar::built_in(id)) source.made = std::move(built_in.value());
    if (source.text != nullptr && !source.text->calendar) return {};
    if (source.text != nullptr && source.text->is_extending()) {
      chain.push_back(source.text);
      continue;
    }
    if (source.text != nullptr) source.made = source.text->business_calendar;
    if (source.text != nullptr && source.made == nullptr) return {};
    if (source.made == nullptr) {
      if (chain.size() > 1) return {};  // told at the one that names it
      const std::string near = model::nearest_name(id, known);
      return {nullptr, fault_of(text, text.extends_at, "SB0320", fmt::format("there is no calendar '{}' to extend", id),
                                near.empty() ? "put its file beside this one" : fmt::format("did you mean '{}'?", near))};
    }
    below = source.made->spec();
  }
  for (auto one = chain.rbegin(); one != chain.rend(); ++one) {
    auto laid = calendar::laid_over(*below, *(*one)->calendar);
    auto made = laid ? calendar::BusinessCalendar::make(laid.value()) : Result<calendar::CalendarPtr>(laid.error());
    if (!made && *one != &text) return {};
    if (!made) {
      const Error& e = made.error();
      return {nullptr, fault_of(text, notation::place_in_calendar(text.text, e).value_or(text.at), e.id, content_message(e), e.hint)};
    }
    if (*one == &text) return {std::move(made.value()), std::nullopt};
    below = std::move(laid.value());
  }
  return {};
}

}  // namespace switchboard::workspace
