// Whom a feedback is for: `to` and `channels`, one outbox record for each recipient.
#include <fmt/format.h>

#include "support.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::testing {

namespace {

std::string notice(const std::string& entry) {
  return fmt::format(R"(
switchboard: 1
process: notice
calendar: 24x7@UTC
customer: customer_no
data:
  customer_no: {{type: string, default: "1"}}
  to: {{type: any}}
  wishes: {{type: any, default: [sms, app]}}
nodes:
  begin: {{type: startEvent, next: done}}
  done: {{type: endEvent}}
feedback:
  off: {{on: {{process: started}}, {}, text: {{en: "The power is off", zh: 停电}}}}
)",
                     entry);
}

std::vector<OutboxInfo> told(World& w, const Value& data, const std::string& entry = "channels: [sms], to: to") {
  must(w.engine().deploy(notice(entry), "notice.yaml"));
  const std::size_t before = must(w.engine().outbox({})).size();
  w.start("notice", fmt::format("N-{}", before), data);
  auto all = must(w.engine().outbox({}));
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(before));
  return all;
}

Value record(const std::string& customer, const std::string& phone) {
  Context c{{"phone", phone}};
  if (!customer.empty()) c.set("customer", customer);
  return Value(std::move(c));
}

std::string notes(World& w, const std::string& case_no) {
  std::string all;
  for (const HistoryInfo& e : must(w.engine().history(w.find(case_no).instance, 0, 100)))
    if (e.event == "note-added") all += to_json(e.details) + "\n";
  return all;
}

}  // namespace

TEST_CASE("a text or a record is one recipient, a list is one for each element, equal ones once") {
  on_both_stores([](World& w) {
    auto one = told(w, {}, "channels: [sms]");
    REQUIRE(one.size() == 1);
    CHECK(one[0].customer == "1");  // nobody is named: the customer of the case
    one = told(w, context({{"to", "77"}}));
    REQUIRE(one.size() == 1);
    CHECK(one[0].customer == "77");
    one = told(w, context({{"to", record("78", "139")}}));
    REQUIRE(one.size() == 1);
    CHECK(one[0].customer == "78");
    CHECK(*one[0].body.context()->find("to") == record("78", "139"));
    const auto all = told(w, context({{"to", List{"a", record("b", "139"), record("", "140"), "a", Decimal(5)}}}));
    REQUIRE(all.size() == 4);
    CHECK(all[0].key.ends_with("/1"));
    CHECK(all[3].key.ends_with("/4"));
    CHECK(all[1].customer == "b");
    CHECK(all[2].customer.empty());
    CHECK(all[3].customer == "5");
    for (const OutboxInfo& o : all) CHECK(o.behind == 0);  // nobody waits for another one
  });
}

TEST_CASE("who cannot be told is left out and noted, and never is the customer told instead") {
  on_both_stores([](World& w) {
    CHECK(told(w, context({{"to", List{"a", true, List{}}}})).size() == 1);
    CHECK(told(w, context({{"to", true}})).empty());
    CHECK(told(w, context({{"to", List{}}})).empty());
    CHECK(told(w, {}).empty());
    CHECK(told(w, context({{"to", ""}})).empty());
    CHECK(told(w, context({{"to", List{"", Context{}, Context{{"customer", Value()}}, "a"}}})).size() == 1);
    CHECK(told(w, context({{"to", std::string(300, 'x')}})).empty());
    CHECK(notes(w, "N-0").find("2 of 3 are left out") != std::string::npos);
  });
}

TEST_CASE("channels as the customer wishes") {
  on_both_stores([](World& w) {
    const std::string entry = "channels: wishes";
    auto one = told(w, {}, entry);
    REQUIRE(one.size() == 1);
    CHECK(*one[0].body.context()->find("channels") == Value(List{"sms", "app"}));
    one = told(w, context({{"wishes", "phone"}}), entry);
    REQUIRE(one.size() == 1);
    CHECK(*one[0].body.context()->find("channels") == Value(List{"phone"}));
    CHECK(told(w, context({{"wishes", List{}}}), entry).empty());
    CHECK(told(w, context({{"wishes", Value()}}), entry).empty());
    CHECK(told(w, context({{"wishes", Decimal(5)}}), entry).empty());
    one = told(w, context({{"wishes", List{"sms", "sms", ""}}}), entry);
    REQUIRE(one.size() == 1);
    CHECK(*one[0].body.context()->find("channels") == Value(List{"sms"}));
  });
}

TEST_CASE("a message for receipts declares what receipts have") {
  const auto engine = must(Engine::open({}));
  const auto with = [](const std::string& payload) {
    std::string text = notice("channels: [sms], receipt: heard");
    text.replace(text.find("nodes:"), 6, "messages: {heard: {payload: {" + payload + "}}}\nnodes:");
    return text;
  };
  CHECK(engine->deploy(with("record: string, to: any, at: string"), "n.yaml"));
  CHECK(error_of(engine->deploy(with("record: number"), "n.yaml")) == "SB0196");
  CHECK(error_of(engine->deploy(with("who: string"), "n.yaml")) == "SB0196");
}

TEST_CASE("what can never be told is refused; an overlay changes the keys that it writes") {
  const auto engine = must(Engine::open({}));
  CHECK(error_of(engine->deploy(notice("channels: [sms], to: 'true'"), "n.yaml")) == "SB0195");
  CHECK(error_of(engine->deploy(notice("channels: 5"), "n.yaml")) == "SB0195");
  CHECK(engine->deploy(notice("channels: [sms], to: 'customer_no'"), "n.yaml"));
  CHECK(engine->deploy("switchboard: 1\noverlay: near\nof: notice\nfeedback:\n  off: {channels: [app]}\n", "o.yaml"));
  must(engine->start("near", {}));
  const auto out = must(engine->outbox({}));
  REQUIRE(out.size() == 1);
  CHECK(*out[0].body.context()->find("channels") == Value(List{"app"}));
  CHECK(*out[0].body.context()->find("texts")->context()->find("zh") == Value("停电"));
  CHECK(error_of(engine->deploy("switchboard: 1\noverlay: far\nof: notice\nfeedback:\n  of: {channels: [app]}\n", "o.yaml")) == "SB0108");
}

}  // namespace switchboard::testing
