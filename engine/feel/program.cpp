// The public face: compile, Program, Template.
#include "feel/program.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "feel/compiler.hpp"
#include "feel/foreign_words.hpp"
#include "feel/parser.hpp"
#include "feel/remedy.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::feel {

const Value& Frame::behind(std::uint32_t slot) const {
  static const Value nothing;
  const std::uint32_t level = level_of_slot(slot);
  if (level == 0 || level > levels.size()) return nothing;
  const auto values = levels[level - 1];
  const std::uint32_t index = index_of_slot(slot);
  return index < values.size() ? values[index] : nothing;
}

Evaluation Program::evaluate(const Frame& frame) const {
  SB_ASSERT(impl_ != nullptr);
  if (impl_->only_slot) return {frame.at(*impl_->only_slot), {}};
  if (impl_->only_constant != nullptr) return {*impl_->only_constant, {}};
  Evaluation out;
  {
    Run run(frame, impl_->locals, false);
    out.value = impl_->root->value(run);
    if (run.stopped()) out.value = Value();
    // An operation inside may have failed and given null; when the whole expression has a value all the same, there is nothing to explain.
    if (!out.value.is_null() || !run.failed()) return out;
  }
  // Texts cost more than most expressions, and few reasons are ever read: they are built in a second run, which is the same as the first.
  Run again(frame, impl_->locals, true);
  out.value = impl_->root->value(again);
  if (again.stopped()) out.value = Value();
  out.error = again.error();
  return out;
}

bool Program::is_true(const Frame& frame) const {
  SB_ASSERT(impl_ != nullptr);
  Run run(frame, impl_->locals, false);
  return impl_->root->test(run) == Truth::yes && !run.stopped();
}

const std::string& Program::text() const { return impl_->text; }
const Type& Program::type() const { return impl_->type; }
const std::vector<std::uint32_t>& Program::used_slots() const { return impl_->used_slots; }
const std::vector<std::uint32_t>& Program::used_functions() const { return impl_->used_functions; }
const std::vector<CalendarUse>& Program::used_calendars() const { return impl_->used_calendars; }

std::optional<Value> Program::constant() const {
  if (!impl_->used_slots.empty() || !impl_->used_functions.empty() || impl_->uses_clock) return std::nullopt;
  return evaluate(Frame{}).value;
}

namespace {

/// What has no remedy yet gets the one that the text tells.
Compiled with_remedies(std::string_view text, Compiled compiled) {
  if (auto* problems = std::get_if<std::vector<Problem>>(&compiled))
    for (Problem& p : *problems)
      if (p.hint.empty() || p.id == "SB0202" || p.id == "SB0203" || p.id == "SB0214") {
        if (std::string remedy = remedy_of(text, p); !remedy.empty()) p.hint = std::move(remedy);
      }
  return compiled;
}

/// A test of a table as others write it is one problem, whatever FEEL makes of its parts.
Compiled as_test(std::string_view text, const StaticScope& scope, const CompileOptions& options, Compiled compiled) {
  auto* problems = std::get_if<std::vector<Problem>>(&compiled);
  const bool is_name = std::any_of(scope.names.begin(), scope.names.end(), [&](const auto& n) { return n.name == text; });
  std::string remedy = is_name || !options.type_check ? std::string() : foreign_test(text);
  if (remedy.empty()) return with_remedies(text, std::move(compiled));
  if (problems == nullptr) return std::vector<Problem>{{"SB0201", fmt::format("`{}` is no test", text), std::move(remedy), 0, 1}};
  problems->resize(1);
  problems->front().hint = std::move(remedy);
  return compiled;
}

}  // namespace

Compiled compile(std::string_view text, const StaticScope& scope, const CompileOptions& options) {
  Parser parser(text, scope);
  const SyntaxPtr tree = parser.expression();
  if (tree == nullptr) return with_remedies(text, std::vector<Problem>{parser.problem()});
  return with_remedies(text, Compiler(scope, options).expression(text, *tree));
}

Compiled compile_unary_tests(std::string_view text, const StaticScope& scope, std::uint32_t input_slot, const Type& input_type,
                             const CompileOptions& options) {
  Parser parser(text, scope);
  const SyntaxPtr tree = parser.unary_tests();
  if (tree == nullptr) return as_test(text, scope, options, std::vector<Problem>{parser.problem()});
  return as_test(text, scope, options, Compiler(scope, options).unary_tests(text, *tree, input_slot, input_type));
}

}  // namespace switchboard::feel
