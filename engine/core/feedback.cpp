// Feedback to the customer: rendered once, when it happens; delivered by others, under its key.
#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "core/step.hpp"

namespace switchboard::core {

namespace {

/// Null is not true: nobody is told what may be wrong, and the history notes why there was no answer.
bool is_wanted(Execution& x, const model::FeedbackSpec& spec) {
  if (!spec.condition) return true;
  const feel::Evaluation e = spec.condition.evaluate(x.frame());
  if (const bool* yes = e.value.boolean()) return *yes;
  if (!e.error.empty()) x.emit(NoteAdded{fmt::format("feedback '{}', if: {}", spec.id, e.error), {}});
  return false;
}

}  // namespace

/// A hole that cannot be filled prints as nothing, with a note: the customer is told what can be told.
void give_feedback(Execution& x, FeedbackIndex feedback) {
  const model::FeedbackSpec& spec = x.process.feedback[feedback.value];
  if (!is_wanted(x, spec)) return;
  FeedbackGiven given;
  std::string trouble;
  given.texts.reserve(spec.texts.size());
  std::uint64_t bytes = 0;
  for (const auto& [language, text] : spec.texts) {
    feel::Evaluation e = text.render(x.frame());
    if (!e.error.empty()) trouble = fmt::format("feedback '{}', text '{}': {}", spec.id, language, e.error);
    bytes += e.value.written_bytes();
    if (bytes > limits::value_bytes) {
      trouble = fmt::format("feedback '{}', text '{}': the texts have {} bytes or more, more than {}", spec.id, language, bytes, limits::value_bytes);
      e.value = Value();
    }
    given.texts.emplace_back(language, std::move(e.value).take_string());
  }
  given.customer = x.instance.customer;
  if (spec.to) {
    const feel::Evaluation e = spec.to.evaluate(x.frame());
    if (!e.error.empty()) trouble = fmt::format("feedback '{}', to: {}", spec.id, e.error);
    std::string customer = e.value.is_null() ? given.customer : to_display(e.value);
    if (const auto usable = check_text("the customer", customer, TextKind::name); usable)
      given.customer = std::move(customer);
    else
      trouble = fmt::format("feedback '{}', to: {}", spec.id, usable.error().message);
  }
  given.key = x.new_key<FeedbackKey>();
  given.feedback = feedback;
  given.id = spec.id;
  given.channels = spec.channels;
  if (spec.calendar != nullptr)
    if (const Instant opening = spec.calendar->next_opening(x.at).at; opening > x.at) given.not_before = opening;
  x.emit(std::move(given));
  if (!trouble.empty()) x.emit(NoteAdded{std::move(trouble), {}});
}

}  // namespace switchboard::core
