// How often a command asks the store: it enters the runtime once; that its request is new is seen by its commit, so only a repeated one is looked
// for.
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "load.hpp"
#include "runtime/case_engine.hpp"
#include "wrapped_store.hpp"

namespace switchboard::testing {

namespace {

class CountingStore final : public WrappedStore {
 public:
  CountingStore() : WrappedStore(store::open_memory()) {}
  std::map<std::string, int, std::less<>> calls;

 protected:
  std::optional<Error> before(std::string_view call) override {
    ++calls[std::string(call)];
    return std::nullopt;
  }
};

struct Counted {
  Counted() {
    auto counting = std::make_unique<CountingStore>();
    store = counting.get();
    engine = std::make_unique<runtime::CaseEngine>(std::move(counting), EngineOptions{});
    REQUIRE(deploy_load(*engine));
  }
  /// Calls of the store by `command`.
  template <class Command>
  std::map<std::string, int, std::less<>> of(const Command& command) {
    store->calls.clear();
    REQUIRE(command());
    return store->calls;
  }
  CountingStore* store = nullptr;
  std::unique_ptr<Engine> engine;
};

}  // namespace

TEST_CASE("a new command commits once and looks for no answer, a repeated one is answered after one look") {
  Counted c;
  auto calls = c.of([&] { return c.engine->start("load", {}, {.case_no = "A"}, {.request_id = "s"}); });
  // The process calls another one: whether that has been started already is the one look.
  CHECK(calls["answer_of"] == 1);
  Find clerks;
  clerks.group = "clerks";
  const WorkId work = c.engine->work(clerks).value().at(0).work;
  calls = c.of([&] { return c.engine->complete(work, {}, {.request_id = "c"}); });
  CHECK(calls["answer_of"] == 0);
  CHECK(calls["load"] == 0);  // as this engine saw it last
  CHECK(calls["commit"] == 1);
  calls = c.of([&] { return c.engine->complete(work, {}, {.request_id = "c"}); });
  CHECK(calls["answer_of"] == 1);
  CHECK(calls["load"] == 1);  // what this engine saw last refuses it, which is no reason yet: another may have changed the case
  CHECK(calls["commit"] == 0);
  calls = c.of([&] { return c.engine->message("paid", "A", Value(Context{{"text", "x"}}), {.request_id = "m"}); });
  CHECK(calls["answer_of"] == 1);
  CHECK(calls["waiting"] == 1);
  CHECK(calls["commit"] == 1);
  calls = c.of([&] { return c.engine->signal("nobody", {}, {.request_id = "g"}); });
  CHECK(calls["answer_of"] == 1);
}

TEST_CASE("a batch of jobs is one look and one commit") {
  Counted c;
  for (int i = 0; i < 20; ++i) REQUIRE(c.engine->start("load", {}));
  std::size_t got = 0;
  const auto calls = c.of([&] {
    auto jobs = c.engine->fetch({.worker = "w", .topics = {"work"}, .most = 15});
    if (jobs) got = jobs.value().size();
    return jobs;
  });
  CHECK(got == 15);
  CHECK(calls.at("open_jobs") == 1);
  CHECK(calls.at("commit") == 1);
}

}  // namespace switchboard::testing
