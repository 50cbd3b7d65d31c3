// Feedback to the customer: rendered once, when it happens; delivered by others, under its key.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/plain_text.hpp"
#include "core/step.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::core {

std::string customer_of(const Value& recipient) {
  const Context* record = recipient.context();
  const Value* customer = record == nullptr ? &recipient : record->find("customer");
  return customer != nullptr && (customer->string() != nullptr || customer->number() != nullptr) ? to_display(*customer) : std::string();
}

namespace {

/// Null is not true: nobody is told what may be wrong, and the history notes why there was no answer.
bool is_wanted(Execution& x, const model::FeedbackSpec& spec) {
  if (!spec.condition) return true;
  const feel::Evaluation e = spec.condition.evaluate(x.frame());
  if (const bool* yes = e.value.boolean()) return *yes;
  if (!e.error.empty()) x.emit(NoteAdded{fmt::format("feedback '{}', if: {}", spec.id, e.error), {}});
  return false;
}

/// What is wrong with one recipient; empty: nothing.
std::string trouble_with(const Value& recipient) {
  if (recipient.context() == nullptr && recipient.string() == nullptr && recipient.number() == nullptr)
    return fmt::format("{} is no recipient", to_json(recipient).substr(0, 64));
  const std::string customer = customer_of(recipient);
  if (const Context* record = recipient.context(); record != nullptr && customer.empty()) {
    const bool says_something = std::any_of(record->entries().begin(), record->entries().end(), [](const auto& e) { return !e.second.is_null(); });
    return says_something ? std::string() : "an empty record is nobody";
  }
  if (customer.empty()) return "an empty text is nobody";
  const auto usable = check_text("the customer", customer, TextKind::name);
  return usable ? std::string() : usable.error().message;
}

/// Each recipient once. Who cannot be told is left out, and the history says how many and why.
void address(FeedbackGiven& given, const Value& to, std::string& trouble) {
  const List* list = to.list();
  if (list == nullptr) {
    trouble = to.is_null() ? "null is nobody" : trouble_with(to);
    if (!trouble.empty()) given.to = Value(List{});  // whoever is meant, it is not the customer
    if (!trouble.empty()) return;
    if (const std::string customer = customer_of(to); !customer.empty()) given.customer = customer;
    if (to.context() != nullptr) given.to = to;
    return;
  }
  List good;
  std::set<std::string> seen;
  std::size_t bad = 0;
  for (const Value& one : *list) {
    std::string why = trouble_with(one);
    if (!why.empty()) {
      if (bad++ == 0) trouble = std::move(why);
    } else if (seen.insert(to_json(one)).second) {
      good.push_back(one);
    }
  }
  if (bad > 1) trouble = fmt::format("{} of {} are left out, the first: {}", bad, list->size(), trouble);
  if (list->empty()) trouble = "an empty list: nobody is told";
  given.to = Value(std::move(good));
}

/// Nothing: he wishes to be told by none.
std::optional<Words> channels_of(Execution& x, const model::FeedbackSpec& spec, std::string& trouble) {
  if (!spec.channels_by) return spec.channels;
  const feel::Evaluation e = spec.channels_by.evaluate(x.frame());
  if (!e.error.empty()) trouble = fmt::format("channels: {}", e.error);
  std::vector<std::string> channels;
  const auto add = [&](const Value& one) {
    const std::string* name = one.string();
    if (name != nullptr && !name->empty() && check_text("a channel", *name, TextKind::name)) {
      if (std::find(channels.begin(), channels.end(), *name) == channels.end()) channels.push_back(*name);
    } else if (trouble.empty()) {
      trouble = "channels: not the name of a channel";
    }
  };
  if (const List* list = e.value.list())
    for (const Value& one : *list) add(one);
  else if (!e.value.is_null())
    add(e.value);
  if (channels.empty()) return std::nullopt;
  return Words(std::move(channels));
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
    std::string why;
    address(given, e.value, why);
    if (!e.error.empty()) why = e.error;
    if (!why.empty()) trouble = fmt::format("feedback '{}', to: {}", spec.id, why);
  }
  std::string why;
  auto channels = channels_of(x, spec, why);
  if (!why.empty()) trouble = fmt::format("feedback '{}', {}", spec.id, why);
  const bool is_for_nobody = given.to.list() != nullptr && given.to.list()->empty();
  if (!channels || is_for_nobody) {
    x.emit(NoteAdded{trouble.empty() ? fmt::format("feedback '{}': by no channel, so it is not told", spec.id) : std::move(trouble), {}});
    return;
  }
  given.channels = std::move(*channels);
  given.key = x.new_key<FeedbackKey>();
  given.feedback = feedback;
  given.id = spec.id;
  if (spec.calendar != nullptr)
    if (const Instant opening = spec.calendar->next_opening(x.at).at; opening > x.at) given.not_before = opening;
  x.emit(std::move(given));
  if (!trouble.empty()) x.emit(NoteAdded{std::move(trouble), {}});
}

}  // namespace switchboard::core
