// feel: one expression asked directly, or a stream of them (--jsonl) for the conformance kit.
#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cli/caret.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/sources.hpp"
#include "feel/conformance.hpp"
#include "feel/feel.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::cli {

namespace {

struct FeelRequest {
  std::string expression;
  std::vector<std::string> inputs;
  bool lines = false;
};

struct Inputs {
  feel::StaticScope scope;
  std::vector<Value> values;
  feel::Calendars calendars;
};

/// Those that an expression asks, of the folder of processes; the standard one is that of a process which names none.
Result<void> find_calendars(const Options& options, const feel::Program& program, feel::Calendars& calendars) {
  for (const feel::CalendarUse& asked : program.used_calendars()) {
    if (calendars.find(asked.id) != nullptr) continue;
    SB_TRY(calendar::CalendarPtr found, find_calendar(options, asked.id.empty() ? "cn" : asked.id));
    (asked.id.empty() ? calendars.standard : calendars.named[asked.id]) = std::move(found);
  }
  return success();
}

void show(const std::vector<feel::Problem>& problems, std::string_view text) {
  for (const feel::Problem& p : problems) {
    const bool unknown = p.id == "SB0202" && p.hint.empty();
    const std::string word(text.substr(std::min<std::size_t>(p.offset, text.size()), p.length));
    const std::string hint = unknown ? fmt::format("give it: --input '{0}=...'; a text stands in double quotes: \"{0}\"", word) : p.hint;
    note(fmt::format("{} [{}]{}", p.message, p.id, hint.empty() ? "" : " - " + hint));
    print_aside(caret_at(text, p.offset, p.length));
  }
}

/// Types are checked first; what can never be right is only a warning here, because FEEL says that its value is null.
std::optional<feel::Program> understand(std::string_view text, const feel::StaticScope& scope) {
  feel::Compiled strict = feel::compile(text, scope);
  if (auto* program = std::get_if<feel::Program>(&strict)) return std::move(*program);
  feel::CompileOptions lenient;
  lenient.type_check = false;
  feel::Compiled loose = feel::compile(text, scope, lenient);
  show(std::get<std::vector<feel::Problem>>(strict), text);
  if (auto* program = std::get_if<feel::Program>(&loose)) return std::move(*program);
  return std::nullopt;
}

feel::Frame frame_of(const Inputs& names, Instant now) {
  feel::Frame frame;
  frame.slots = names.values;
  frame.now = now;
  frame.zone = default_zone;
  frame.calendars = &names.calendars;
  return frame;
}

/// NAME=FEEL; later inputs see earlier ones.
Result<void> add_input(const Options& options, Inputs& names, const std::string& input, Instant now) {
  const std::size_t equals = input.find('=');
  if (equals == std::string::npos || equals == 0)
    return wrong_use(fmt::format("--input '{}' is not NAME=FEEL", input), "for example --input 'power=12.5'");
  const std::string text = input.substr(equals + 1);
  const std::optional<feel::Program> program = understand(text, names.scope);
  if (!program) return Error{ErrorKind::invalid, "SB0705", fmt::format("the value of --input '{}' is no FEEL", input.substr(0, equals)), {}, {}};
  const std::string name = input.substr(0, equals);
  for (const auto& known : names.scope.names)
    if (known.name == name) return wrong_use(fmt::format("--input '{}' is there twice", name), "give each name once");
  SB_TRYV(find_calendars(options, *program, names.calendars));
  feel::Evaluation given = program->evaluate(frame_of(names, now));
  if (!given.error.empty()) note(fmt::format("the input '{}' is null: {}", name, given.error));
  const auto slot = static_cast<std::uint32_t>(names.values.size());
  names.scope.names.push_back({name, program->type(), slot});
  names.values.push_back(std::move(given.value));
  const feel::Compiled read = feel::compile(name, names.scope);
  if (const auto* alone = std::get_if<feel::Program>(&read); alone == nullptr || alone->used_slots() != std::vector<std::uint32_t>{slot})
    return wrong_use(fmt::format("--input '{}' is no name that FEEL can read", name),
                     "begin it with a letter, and use no keyword such as `if` or `in`");
  return success();
}

Result<int> evaluate(const Options& options, const FeelRequest& request) {
  SB_TRY(const Instant now, present(options));
  Inputs names;
  for (const std::string& input : request.inputs) {
    SB_TRYV(add_input(options, names, input, now));
  }
  const std::optional<feel::Program> program = understand(request.expression, names.scope);
  if (!program) return exit_refused;
  SB_TRYV(find_calendars(options, *program, names.calendars));
  const feel::Evaluation result = program->evaluate(frame_of(names, now));
  if (options.json) {
    Context answer{{"value", result.value}, {"feel", to_feel(result.value)}, {"type", std::string(to_string(result.value.type()))}};
    if (!result.error.empty()) answer.set("error", result.error);
    print_json(answer);
    return exit_ok;
  }
  print_line(to_feel(result.value));
  if (!result.error.empty()) note(result.error);
  return exit_ok;
}

// One answer a line as soon as its question is read: the other side may wait for it.
Result<int> answer_lines() {
  for (std::string line; std::getline(std::cin, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    print_raw(feel::answer_jsonl(line) + "\n");
    if (std::cin.rdbuf()->in_avail() <= 0 && !is_written()) break;
  }
  return exit_ok;
}

}  // namespace

void add_feel_verb(CLI::App& app, const Options& options, Action& action) {
  const auto request = std::make_shared<FeelRequest>();
  CLI::App* sub = app.add_subcommand("feel", "evaluate a FEEL expression");
  sub->group("Tools");
  CLI::Option* expression = sub->add_option("EXPRESSION", request->expression, "for example 'if 3 > 2 then \"yes\" else \"no\"'");
  sub->add_option("--input", request->inputs, "a name and its value in FEEL, e.g. 'power=12.5'; may be repeated")
      ->type_name("NAME=FEEL")
      ->allow_extra_args(false);
  sub->add_flag("--jsonl", request->lines, "read {id, expression, inputs} one a line, write {id, value} one a line");
  sub->callback([&options, &action, request, expression] {
    if (request->lines != expression->empty()) throw CLI::RequiredError(request->lines ? "no EXPRESSION beside --jsonl" : "EXPRESSION or --jsonl");
    action = [&options, request] { return request->lines ? answer_lines() : evaluate(options, *request); };
  });
}

}  // namespace switchboard::cli
