// Opening, closing, deploying.
#include <cstdint>
#include <utility>

#include "answers.hpp"
#include "arguments.hpp"
#include "door.hpp"

using switchboard::Result;
using switchboard::Value;
using namespace switchboard::c;

namespace {

switchboard::Clock clock_from(sb_clock clock, void* user) {
  if (clock == nullptr) return {};
  return [clock, user] {
    const std::int64_t now = clock(user);
    if (now == INT64_MIN) throw ClockFailed();
    return switchboard::Instant{now};
  };
}

Value nothing() { return switchboard::Context(); }

}  // namespace

extern "C" {

sb_status sb_open(const char* options, sb_clock clock, void* clock_user, sb_engine** engine, char** answer) {
  if (engine != nullptr) *engine = nullptr;
  return guarded(answer, [&]() -> Result<Value> {
    if (engine == nullptr)
      return switchboard::Error{switchboard::ErrorKind::usage, "SB1102", "the argument 'engine' is missing (NULL)", "", "it receives the handle"};
    SB_TRY(auto given, open_options(options));
    given.engine.clock = clock_from(clock, clock_user);
    SB_TRY(auto opened, switchboard::Engine::open(given.engine));
    *engine = keep(std::make_shared<OpenEngine>(std::move(opened), std::move(given.zone)));
    return nothing();
  });
}

sb_status sb_close(sb_engine* engine, char** answer) {
  return guarded(answer, [&]() -> Result<Value> {
    SB_TRY(auto open, take(engine));
    open->close();
    return nothing();
  });
}

sb_status sb_deploy(sb_engine* engine, const char* yaml, const char* file, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto source, text(yaml, "yaml"));
    SB_TRY(const auto name, optional_text(file, "file"));
    SB_TRY(const auto deployment, e.engine->deploy(source, name));
    return to_value(deployment, e.zone);
  });
}

sb_status sb_deploy_together(sb_engine* engine, const char* texts, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto given, process_texts(texts, "texts"));
    SB_TRY(const auto deployments, e.engine->deploy_together(given));
    return to_value(deployments, e.zone);
  });
}

sb_status sb_deploy_process(sb_engine* engine, const char* id, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto name, text(id, "id"));
    SB_TRY(const auto deployment, e.engine->deploy_process(name));
    return to_value(deployment, e.zone);
  });
}

sb_status sb_add_resource(sb_engine* engine, const char* yaml, const char* file, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto source, text(yaml, "yaml"));
    SB_TRY(const auto name, optional_text(file, "file"));
    SB_TRYV(e.engine->add_resource(source, name));
    return nothing();
  });
}

sb_status sb_change_calendar(sb_engine* engine, const char* yaml, const char* file, const char* change, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto source, text(yaml, "yaml"));
    SB_TRY(const auto name, optional_text(file, "file"));
    SB_TRY(const auto word, text(change, "change"));
    const auto how = switchboard::parse_word<switchboard::CalendarChange>(word);
    if (!how)
      return switchboard::Error{switchboard::ErrorKind::usage, "SB1104",
                                "'change' must be one of as_changed, recount, from_now, not '" + std::string(word) + "'", "change", ""};
    SB_TRYV(e.engine->add_resource(source, name, *how));
    return nothing();
  });
}

sb_status sb_deployments(sb_engine* engine, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto all, e.engine->deployments());
    return to_value(all, e.zone);
  });
}

sb_status sb_organisations(sb_engine* engine, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto all, e.engine->organisations());
    return to_value(all, e.zone);
  });
}

sb_status sb_resources(sb_engine* engine, char** answer) {
  return on(engine, answer, [&](OpenEngine& e) -> Result<Value> {
    SB_TRY(const auto all, e.engine->resources());
    return to_value(all, e.zone);
  });
}
}
