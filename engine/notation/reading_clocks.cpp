// Clocks, marks and feedback.
#include <cstdlib>

#include "base/odd_signs.hpp"
#include "calendar/duration.hpp"
#include "notation/reading.hpp"

namespace switchboard::notation {

namespace {

/// What a mark's place that is none most likely means: `0.8` is 80%, `80` too, a full-width sign is none.
std::string meant_percentage(const yaml::Node& at) {
  if (at.text.ends_with('%') && odd_sign_in(at.text)) return odd_remedy(at.text);
  constexpr std::string_view wide = "\xEF\xBC\x85";
  if (at.text.size() > wide.size() && std::string_view(at.text).ends_with(wide)) {
    const std::string number = at.text.substr(0, at.text.size() - wide.size());
    if (Decimal::parse(number)) return "`" + std::string(wide) + "` is a full-width sign: write `" + number + "%`";
  }
  const auto number = at.is(yaml::Kind::number) ? Decimal::parse(at.text) : std::nullopt;
  if (!number || *number <= Decimal(0)) return "write `80%`, `1 bd left` or `breach`";
  if (*number > Decimal(1)) return "did you mean `" + at.text + "%`?";
  const auto hundredfold = multiply(*number, Decimal(100));
  return "a share is written in percent: `" + (hundredfold ? hundredfold->to_string() : at.text) + "%`";
}

/// `80%`, `1 bd left`, `breach`.
void read_mark_at(const yaml::Node& at, model::ClockMark& mark, const std::string& element, Findings& findings) {
  using Kind = model::ClockMark::Kind;
  const std::string_view text = at.text;
  mark.text = at.text;
  if (text == "breach") {
    mark.kind = Kind::breach;
    return;
  }
  if (text.size() > 1 && text.back() == '%') {
    const auto number = Decimal::parse(text.substr(0, text.size() - 1));
    if (number && *number > Decimal(0) && *number <= Decimal(1000)) {
      mark.kind = Kind::percent;
      mark.percent = number->to_double();
      return;
    }
    const std::string_view digits = text.substr(0, text.find_first_of(" \t%"));
    const bool spaced = digits.size() + 1 < text.size() && Decimal::parse(digits) && text.find_first_not_of(" \t", digits.size()) == text.size() - 1;
    findings.error("SB0116", at.at, element, "`" + at.text + "` is no percentage of a mark",
                   odd_sign_in(text) ? odd_remedy(text)
                   : spaced          ? "write it without the blank: `" + std::string(digits) + "%`"
                                     : "write a number above 0 and up to 1000: 80%");
    return;
  }
  constexpr std::string_view left = " left";
  if (text.size() > left.size() && text.substr(text.size() - left.size()) == left) {
    mark.kind = Kind::left;
    mark.left = std::string(text.substr(0, text.size() - left.size()));
    const auto parsed = calendar::parse_duration(mark.left);
    if (!parsed) findings.error(parsed.error().id, at.at, element, parsed.error().message, parsed.error().hint);
    return;
  }
  findings.error("SB0116", at.at, element, "`" + at.text.substr(0, 40) + "` is no place of a mark", meant_percentage(at));
}

void read_pause(const yaml::Node* node, model::ClockDefinition& clock) {
  if (node == nullptr || !node->is(yaml::Kind::map)) return;
  clock.pause_in = refs_of(value_at(*node, "in"));
  clock.pause_if = expression_of(value_at(*node, "condition"));
  yaml::Node rest;
  rest.kind = yaml::Kind::map;
  rest.at = node->at;
  for (const yaml::Entry& e : node->entries)
    if (e.key != "in" && e.key != "condition") rest.entries.push_back(e);
  if (!rest.entries.empty()) clock.pause_on = trigger_of(&rest);
}

void read_within(const yaml::Node* node, model::ClockDefinition& clock) {
  if (node == nullptr) return;
  clock.mean = node->is(yaml::Kind::map);
  clock.within = expression_of(clock.mean ? value_at(*node, "mean") : node);
}

/// One of `within` and `by`, with what belongs to each.
void check_promise(const yaml::Entry& entry, const model::ClockDefinition& clock, const std::string& element, Findings& findings) {
  const yaml::Node& node = entry.value;
  const auto misplaced = [&](std::string_view key, const std::string& what, std::string_view remedy) {
    if (const yaml::Entry* e = node.find(key)) findings.error("SB0112", e->at, element, what, std::string(remedy));
  };
  if (value_at(node, "by") == nullptr) {
    if (node.find("within") == nullptr)
      findings.error("SB0108", entry.at.line < node.at.line ? entry.at : node.at, element, "a clock needs the key `within`",
                     "add `within: 2 bd`, or `by: FEEL` for an instant; `within: null` means no promise");
    misplaced("before", "`before` belongs to a clock with `by`", "delete it, or write `by`");
    return;
  }
  misplaced("within", "a clock has `within` or `by`, not both", "keep one of them");
  misplaced("rebudget", "`rebudget` belongs to a clock with `within`", "delete it: `by` is asked again always");
  if (!clock.pause_in.empty() || !clock.pause_if.empty() || !clock.pause_on.empty())
    misplaced("pause", "a promise to an instant (`by`) stands still for nobody", "delete `pause`, or promise a duration with `within`");
}

model::ClockDefinition clock_of(const yaml::Entry& entry, Findings& findings) {
  const std::string element = "sla." + entry.key;
  const yaml::Node& node = entry.value;
  model::ClockDefinition out;
  out.id = entry.key;
  out.at = entry.at;
  out.name = label_of(value_at(node, "name"));
  out.start = trigger_of(value_at(node, "start"));
  out.stop = trigger_of(value_at(node, "stop"));
  out.cancel = trigger_of(value_at(node, "cancel"));
  out.reset = trigger_of(value_at(node, "reset"));
  out.resume_on = trigger_of(value_at(node, "resume"));
  read_pause(value_at(node, "pause"), out);
  read_within(value_at(node, "within"), out);
  out.by = expression_of(value_at(node, "by"));
  out.before = expression_of(value_at(node, "before"));
  if (const yaml::Node* rebudget = value_at(node, "rebudget")) out.rebudget = rebudget->is(yaml::Kind::boolean) && rebudget->boolean;
  out.from = expression_of(value_at(node, "from"));
  out.calendar = ref_of(value_at(node, "calendar"));
  out.marks = marks_of(value_at(node, "marks"), element, findings);
  out.restart_each = text_of(value_at(node, "restart")) == "each";
  out.says_once = text_of(value_at(node, "restart")) == "once";
  out.internal = text_of(value_at(node, "audience")) == "internal";
  out.source = text_of(value_at(node, "source"));
  out.unverified = unverified_of(value_at(node, "unverified"));
  for (const std::string_view key : {"start", "stop", "cancel", "reset", "resume"})
    if (const yaml::Node* t = value_at(node, key); t != nullptr && trigger_of(t).empty() && (t->entries.empty() && t->items.empty()))
      findings.error("SB0108", t->at, element, "the trigger `" + std::string(key) + "` names nothing", "for example {completed: accept}");
  if (!out.pause_on.empty() && value_at(node, "resume") == nullptr)
    findings.error("SB0108", out.pause_on.at, element, "a clock that a trigger pauses needs the key `resume`",
                   "say what ends the pause, or write pause: {in: [nodes]}");
  if (out.pause_on.empty() && value_at(node, "resume") != nullptr)
    findings.error("SB0112", node.find("resume")->at, element, "`resume` belongs to a pause that a trigger begins",
                   "delete it; a pause with `in` or `condition` ends by itself");
  check_promise(entry, out, element, findings);
  if (out.mean && !out.marks.empty())
    findings.error("SB0112", node.find("marks")->at, element, "an average (`mean`) has no marks: no single case breaches it",
                   "delete the marks, or make it a limit");
  return out;
}

}  // namespace

std::vector<model::ClockMark> marks_of(const yaml::Node* node, const std::string& element, Findings& findings) {
  std::vector<model::ClockMark> out;
  if (node == nullptr) return out;
  for (const yaml::Node& item : node->items) {
    if (!item.is(yaml::Kind::map)) continue;
    model::ClockMark mark;
    mark.at = item.at;
    mark.escalate = ref_of(value_at(item, "escalate"));
    mark.feedback = ref_of(value_at(item, "feedback"));
    mark.skip_late = text_of(value_at(item, "late")) == "skip";
    if (value_at(item, "escalate") == nullptr && value_at(item, "feedback") == nullptr)
      findings.error("SB0108", item.at, element, "a mark does nothing without `escalate` or `feedback`", "say what happens at the mark");
    const yaml::Node* at = value_at(item, "at");
    if (at != nullptr && at->is_scalar()) read_mark_at(*at, mark, element, findings);
    out.push_back(std::move(mark));
  }
  return out;
}

std::vector<model::ClockDefinition> clocks_of(const yaml::Node* node, Findings& findings) {
  std::vector<model::ClockDefinition> out;
  if (node == nullptr) return out;
  for (const yaml::Entry& e : node->entries) {
    if (!e.value.is(yaml::Kind::map)) continue;
    out.push_back(clock_of(e, findings));
    out.back().place = static_cast<std::uint32_t>(out.size());
  }
  return out;
}

std::vector<model::FeedbackDefinition> feedback_of(const yaml::Node* node) {
  std::vector<model::FeedbackDefinition> out;
  if (node == nullptr) return out;
  for (const yaml::Entry& e : node->entries) {
    if (!e.value.is(yaml::Kind::map)) continue;
    model::FeedbackDefinition f;
    f.id = e.key;
    f.at = e.at;
    f.place = static_cast<std::uint32_t>(out.size() + 1);
    f.name = label_of(value_at(e.value, "name"));
    f.on = trigger_of(value_at(e.value, "on"));
    const yaml::Node* channels = value_at(e.value, "channels");
    f.channels = texts_of(channels);
    f.channels_by = expression_of(channels);
    f.condition = expression_of(value_at(e.value, "if"));
    f.to = expression_of(value_at(e.value, "to"));
    f.receipt = ref_of(value_at(e.value, "receipt"));
    f.calendar = ref_of(value_at(e.value, "calendar"));
    f.source = text_of(value_at(e.value, "source"));
    if (const yaml::Node* text = value_at(e.value, "text")) {
      f.text = label_of(text);
      f.text_at = text->at;
      if (text->is_scalar()) f.text_positions[""] = text->content_at;
      for (const yaml::Entry& t : text->entries) f.text_positions[t.key] = t.value.content_at;
    }
    out.push_back(std::move(f));
  }
  return out;
}

}  // namespace switchboard::notation
