// What `keep` of a message compiles into, and where it is refused.
#include "compiled.hpp"

namespace switchboard::testing::kept_messages {

namespace {

model::Process waiter(const std::string& keep) {
  model::Process p = process_of("s start > w\nw catch:message=paid > t\nt throw:message=sent > e\ne end");
  model::Declaration paid;
  paid.id = "paid";
  paid.keep.time = {keep, {}};
  p.messages = {paid};
  return p;
}

std::string found(const model::Process& p) { return problems(p).substr(0, problems(p).find(':')); }

}  // namespace

TEST_CASE("a message is kept for a literal time on the calendar of the process") {
  const auto wall = compiled(waiter("2 h"));
  REQUIRE(wall->keeps.size() == 1);
  CHECK(wall->keeps[0].message == "paid");
  CHECK_FALSE(wall->keeps[0].discard);
  CHECK(wall->keeps[0].time.literal.wall == Duration::hours(2));
  REQUIRE(wall->keeps[0].time.calendar != nullptr);
  CHECK(compiled(waiter("1 bd"))->keeps[0].time.literal.working_days == 1);
  CHECK(compiled(waiter("PT90M"))->keeps[0].time.literal.wall == Duration::minutes(90));
  CHECK(compiled(waiter(""))->keeps.empty());
  CHECK(compiled(waiter(""))->hash != wall->hash);
}

TEST_CASE("SB0192 a time that is none, SB0193 kept for nobody") {
  CHECK(found(waiter("0 s")) == "SB0192 paid");
  CHECK(found(waiter("if 1 = 2 then duration(\"PT1H\") else duration(case_no)")) == "SB0192 paid");
  CHECK_FALSE(problems(waiter("soon")).empty());
  model::Process thrown = waiter("2 h");
  thrown.messages[0].id = "sent";
  CHECK(found(thrown) == "SB0193 sent");
}

}  // namespace switchboard::testing::kept_messages
