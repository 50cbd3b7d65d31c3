// Which unit of the company a case or work belongs to, who may act on it, and how it comes to another.
#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {

Error no_such_organisation(const model::Organisations* tree, std::string_view unit) {
  if (tree == nullptr)
    return refusal(rules::unknown_organisation, fmt::format("there is no tree of organisations, so no unit '{}'", unit),
                   "deploy one: a file that begins with `organisations: ID`");
  const std::string near = model::nearest_name(unit, tree->ids());
  return refusal(rules::unknown_organisation, fmt::format("the organisations '{}' have no unit '{}'", tree->id, unit),
                 near.empty() ? std::string("deploy a tree that has it") : fmt::format("did you mean '{}'?", near));
}

namespace {

Result<void> check_unit(const model::ExecutableProcess& process, const std::string& unit) {
  SB_TRYV(check_text("the organisation", unit, TextKind::name));
  if (process.organisations == nullptr || process.organisations->find(unit) == nullptr)
    return no_such_organisation(process.organisations.get(), unit);
  return success();
}

std::string shown_unit(const std::string& unit) { return unit.empty() ? std::string("no organisation in particular") : fmt::format("'{}'", unit); }

Verdict move_case(Execution& x, const MoveToOrganisation& c) {
  const std::string from = x.instance.organisation;
  if (from == c.to)
    return {refusal(rules::malformed, fmt::format("case '{}' belongs to '{}' already", x.instance.case_no, c.to), "name another unit")};
  x.emit(OrganisationChanged{{}, {}, from, c.to, c.by, c.reason, 0});
  // Who has work that goes with the case is of the organisation that gives it away.
  const auto goes_along = [](const Work& w) {
    return w.kind == WorkKind::user && w.state == WorkState::claimed && w.organisation.empty() && !w.personal;
  };
  for (const WorkKey key : keys_where(x.instance.work, goes_along)) x.emit(WorkReleased{key, c.by, x.instance.find(key)->token + 1, true});
  return {};
}

Verdict move_work(Execution& x, const MoveToOrganisation& c) {
  const Work* w = x.instance.find(c.work);
  if (w == nullptr)
    return {refusal(rules::not_there,
                    fmt::format("work i-{}.{} of case '{}' is not open (done, withdrawn, or never there)", x.instance.key.value, c.work.value,
                                x.instance.case_no),
                    "list the open work of the case; its history tells what became of this one")};
  const std::string name =
      fmt::format("work '{}' (i-{}.{}) of case '{}'", x.process.at(w->element).path, x.instance.key.value, w->key.value, x.instance.case_no);
  if (w->kind != WorkKind::user)
    return {refusal(rules::wrong_work_state, name + " is a job for programs: it is offered by its topic", "move the case")};
  const std::string from = organisation_of(x.instance, *w);
  if (from == c.to) return {refusal(rules::malformed, fmt::format("{} belongs to '{}' already", name, c.to), "name another unit")};
  x.emit(OrganisationChanged{w->key, w->element, from, c.to, c.by, c.reason, w->token + 1});
  return {};
}

}  // namespace

Result<std::string> organisation_at_start(const Execution& x, const StartInstance& c) {
  if (!x.process.organisation) return c.organisation;
  const auto unit = value_of(x.process.organisation, x.frame());
  if (!unit) return refusal(rules::unknown_organisation, "organisation: " + unit.error().message, "correct the data that it is computed from");
  if (unit.value().is_null()) return c.organisation;
  const std::string* text = unit.value().string();
  if (text == nullptr)
    return refusal(rules::unknown_organisation,
                   fmt::format("organisation: `{}` is {}, expected the id of a unit", x.process.organisation.text(), to_feel(unit.value())),
                   "let it yield a text");
  SB_TRYV(check_unit(x.process, *text));
  return *text;
}

Result<std::string> organisation_of_work(const Execution& x, const feel::Frame& frame, const model::WorkSpec& spec) {
  if (!spec.organisation) return std::string();
  const auto unit = value_of(spec.organisation, frame);
  if (!unit) return failure(rules::cannot_enter, "organisation: " + unit.error().message);
  if (unit.value().is_null()) return std::string();
  const std::string* text = unit.value().string();
  if (text == nullptr)
    return failure(rules::cannot_enter,
                   fmt::format("organisation: `{}` is {}, expected the id of a unit", spec.organisation.text(), to_feel(unit.value())));
  if (const auto known = check_unit(x.process, *text); !known)
    return failure(rules::cannot_enter, fmt::format("organisation: `{}`: {}", spec.organisation.text(), known.error().message));
  return *text;
}

std::optional<Error> outside_organisation(const model::ExecutableProcess& process, const ProcessInstance& instance, const std::string& caller,
                                          WorkKey work) {
  if (caller.empty()) return std::nullopt;
  if (process.organisations == nullptr || process.organisations->find(caller) == nullptr)
    return no_such_organisation(process.organisations.get(), caller);
  const Work* w = instance.find(work);
  const std::string& unit = w == nullptr ? instance.organisation : organisation_of(instance, *w);
  if (process.organisations->is_within(unit, caller)) return std::nullopt;
  const std::string what =
      w == nullptr ? fmt::format("case '{}'", instance.case_no)
                   : fmt::format("work '{}' (i-{}.{}) of case '{}'", process.at(w->element).path, instance.key.value, w->key.value, instance.case_no);
  return refusal(rules::other_organisation, fmt::format("{} belongs to {}, which is not below '{}'", what, shown_unit(unit), caller),
                 "somebody of that unit, or of one above both, does it, or moves it (`switchboard move`)");
}

/// The tree knows the unit; who and why stand in the history.
Verdict carry_out(Execution& x, const MoveToOrganisation& c) {
  if (c.by.empty() || c.reason.empty())
    return {refusal(rules::malformed, "who moves something to another organisation says who he is, and why", "give both: --by NAME --reason TEXT")};
  if (c.to.empty()) return {refusal(rules::malformed, "to which organisation is it moved?", "name a unit")};
  if (const auto known = check_unit(x.process, c.to); !known) return {known.error()};
  return c.work ? move_work(x, c) : move_case(x, c);
}

}  // namespace switchboard::core
