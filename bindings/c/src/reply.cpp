#include "reply.hpp"

#include <utility>

#include "arguments.hpp"
#include "door.hpp"

namespace switchboard::c {

JobResult answer_of(sb_reply& reply) {
  if (!reply.answer)
    return JobResult::fail("the callback did not answer [SB1110] - call sb_reply_ok, sb_reply_fail or sb_reply_error before it returns");
  return std::move(*reply.answer);
}

namespace {

Error no_reply() { return {ErrorKind::usage, "SB1102", "the argument 'reply' is missing (NULL)", "", ""}; }

Result<Value> fail(sb_reply* reply, const char* code, const char* message) {
  if (reply == nullptr) return no_reply();
  SB_TRY(const auto why, optional_text(message, "message"));
  SB_TRY(const auto error, optional_text(code, "code"));
  reply->answer = JobResult{{}, true, std::string(error), std::string(why)};
  return Value();
}

}  // namespace

}  // namespace switchboard::c

extern "C" {

using namespace switchboard::c;

sb_status sb_reply_ok(sb_reply* reply, const char* result) {
  return guarded(nullptr, [&]() -> switchboard::Result<switchboard::Value> {
    if (reply == nullptr) return no_reply();
    auto value = object(result, "result");
    reply->answer = value ? switchboard::JobResult::ok(value.value()) : switchboard::JobResult::fail(value.error().text());
    return value;
  });
}

sb_status sb_reply_fail(sb_reply* reply, const char* message) {
  return guarded(nullptr, [&] { return fail(reply, nullptr, message); });
}

sb_status sb_reply_error(sb_reply* reply, const char* code, const char* message) {
  return guarded(nullptr, [&]() -> switchboard::Result<switchboard::Value> {
    SB_TRYV(text(code, "code"));
    return fail(reply, code, message);
  });
}
}
