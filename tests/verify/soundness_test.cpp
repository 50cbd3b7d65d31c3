#include <algorithm>
#include <chrono>
#include <iostream>

#include "findings.hpp"

namespace verify = switchboard::verify;
using switchboard::testing::finding;
using switchboard::testing::findings;
using switchboard::testing::process_of;

namespace {

/// `n` branches in parallel, each with a choice of two tasks; `loop`: all of it again until somebody is content.
std::string wide(int n, bool loop) {
  std::string flows;
  std::string branches;
  for (int i = 0; i < n; ++i) {
    flows += fmt::format(" x{}", i);
    branches += fmt::format("x{0} xor > a{0}?c b{0}!\n a{0} user > y{0}\n b{0} user > y{0}\n late{0} on b{0}:timer > y{0}\n y{0} xor > j\n", i);
  }
  const std::string again = loop ? "s start > m\n m xor > p\n j and > x\n x xor > m?again e!\n" : "s start > p\n j and > e\n";
  return again + "p and >" + flows + "\n" + branches + "e end\n";
}

}  // namespace

TEST_CASE("SB0410 an exclusive split never feeds a parallel join") {
  const std::string text = R"(
    s start > x
    x xor > a?c b!
    a user > j
    b user > j
    j and > e
    e end
  )";
  CHECK(findings(text) == "SB0410! j");
  const auto d = finding(process_of(text), "SB0410");
  CHECK(d.message == "deadlock: a token waits here for ever, nothing comes by b->j; the way there: s > x > a");
  CHECK(d.related == std::vector<std::string>{"s", "x", "a"});
}

TEST_CASE("SB0410 a branch that is cut off before the join") {
  CHECK(findings(R"(
    s start > p
    p and > a b
    a user > j
    withdrawn on a:message=m > cancelled
    b user > j
    j and > e
    e end
    cancelled end
  )") == "SB0410! j");
  // The same, ended for all: nothing waits any more.
  CHECK(findings(R"(
    s start > p
    p and > a b
    a user > j
    withdrawn on a:message=m > cancelled
    b user > j
    j and > e
    e end
    cancelled end:terminate
  )")
            .empty());
}

TEST_CASE("SB0410 inside a sub-process, and an event sub-process") {
  CHECK(findings(R"(
    s start > sub
    sub sub > e {
      s start > x
      x xor > a?c b!
      a user > j
      b user > j
      j and > e
      e end
    }
    e end
  )") == "SB0410! sub/j");
  CHECK(findings(R"(
    s start > e
    e end
    h esub {
      s start:message=m > x
      x xor > j?c k!
      k task > j
      j and > e
      e end
    }
  )") == "SB0410! h/j");
}

TEST_CASE("inclusive joins wait for what can come, and for nothing else") {
  CHECK(findings(R"(
    s start > o
    o or > a?c b?d f!
    a user > j
    b user > j
    f user > j
    j or > e
    e end
  )")
            .empty());
  // behind an exclusive split: a parallel join would hang
  CHECK(findings(R"(
    s start > x
    x xor > a?c b!
    a user > j
    b user > j
    j or > e
    e end
  )")
            .empty());
  // a parallel join behind an inclusive split hangs when only one is taken
  CHECK(findings(R"(
    s start > o
    o or > a?c b?d f!
    a user > j
    b user > j
    f user > j
    j and > e
    e end
  )") == "SB0410! j");
  // two inclusive joins that feed each other: each waits for the other (13.4.3 lets neither go on)
  CHECK(findings(R"(
    s start > p
    p and > j k
    j or > a
    a user > x
    x xor > k?c e!
    k or > b
    b user > y
    y xor > j?c e2!
    e end
    e2 end
  )") == "SB0410! j");
}

TEST_CASE("SB0411 parallel branches that are merged, not joined") {
  const std::string text = R"(
    s start > p
    p and > a b
    a user > m
    b user > m
    m xor > d
    d user > e
    e end
  )";
  CHECK(findings(text) == "SB0411 m");
  auto p = process_of(text);
  CHECK(finding(p, "SB0411").related == std::vector<std::string>{"s", "p", "a", "m", "d", "b", "m", "d"});
  p.strict = true;
  CHECK(findings(p) == "SB0411! m");
}

TEST_CASE("SB0411 a reminder that leads back into the main course") {
  CHECK(findings(R"(
    s start > a
    a user > m
    remind on~ a:timer > m
    m xor > b
    b user > e
    e end
  )") == "SB0411 m");
  CHECK(findings(R"(
    s start > a
    a user > e
    remind on~ a:timer > call
    call user > done
    e end
    done end
  )")
            .empty());
}

TEST_CASE("SB0411 is for what is done twice: nothing is at an end, nor where a token passes at once and is gone before the next one") {
  // every round ends one token, in the same instant
  CHECK(findings(R"(
    s start > m
    m xor > a
    a user > f
    f and > log q
    log script > e2
    q xor > m?c e!
    e end
    e2 end
  )")
            .empty());
  CHECK(findings(R"(
    s start > m
    m xor > a
    a user > f
    f and > x q
    x xor > e2?c n!
    n and > e2
    q xor > m?c e!
    e end
    e2 end
  )")
            .empty());
  // merged, and nothing is done behind
  CHECK(findings(R"(
    s start > p
    p and > a b
    a user > m
    b user > m
    m xor > x
    x xor > e?c e2!
    e end
    e2 end
  )")
            .empty());
  // somebody works on what the round before left
  CHECK(findings(R"(
    s start > m
    m xor > a
    a user > f
    f and > u q
    u user > e2
    q xor > m?c e!
    e end
    e2 end
  )") == "SB0411 u");
}

TEST_CASE("SB0411 what takes no time can be done twice, too") {
  CHECK(findings(R"(
    s start > p
    p and > a b
    a user > w
    b user > w
    w script > e
    e end
  )") == "SB0411 w");
  // one comes at once, the other one later
  CHECK(findings(R"(
    s start > p
    p and > w b
    b user > w
    w script > e
    e end
  )") == "SB0411 w");
  CHECK(findings(R"(
    s start > p
    p and > a b
    a user > w
    late on a:timer > e
    b user > w
    late2 on b:timer > e
    w script > e
    e end
  )") == "SB0411 w");
  CHECK(findings(R"(
    s start > p
    p and > a b
    a user > x
    b user > x
    x xor > w?c e!
    w script > e
    e end
  )") == "SB0411 x");
  // two flows into one task that can be cut off
  CHECK(findings(R"(
    s start > p
    p and > a b
    a user > t
    b user > t
    t user > e
    late on t:timer > e
    e end
  )") == "SB0411 t");
}

TEST_CASE("an inclusive join waits for the host of a boundary event, whatever that event brought before") {
  for (const std::string more : {"m on~ a:message=m > n\n", "m on a:message=m > n\n"})
    CHECK(findings("s start > f\n f and > a c\n a user > j\n " + more + " n user > j\n c user > j\n j or > w\n w user > e\n e end\n").empty());
  CHECK(findings("s start > a\n a user > j\n t on~ a:timer > n\n n user > j\n j or > w\n w user > e\n e end\n").empty());
}

TEST_CASE("an inclusive join in a loop does not wait for a boundary event of the next round") {
  CHECK(findings(R"(
    s start > m
    m xor > f
    f and > o t
    t user > k
    o or > u?c v!
    u user > j
    r on u:timer > x
    x user > j
    v user > j
    j or > k
    k and > q
    q xor > m?again e!
    e end
  )")
            .empty());
}

TEST_CASE("SB0413 where tokens multiply without bound, too") {
  // each round leaves a token behind: it ends at once, it waits, it joins
  CHECK(findings("s start > m\n m xor > a\n a user > f\n f and > m e\n e end\n") == "SB0413! f");
  CHECK(findings("s start > m\n m xor > a\n a user > f\n f and > m c\n c user > e\n e end\n") == "SB0413! f; SB0411 c");
  CHECK(findings(R"(
    s start > m
    m xor > a
    a user > f
    f and > m c d
    c user > j
    d user > j
    j and > w
    w user > e
    e end
  )") == "SB0413! f; SB0411 d");
  // the loop can be left: what was left behind is done in the end
  CHECK(findings(R"(
    s start > m
    m xor > a
    a user > f
    f and > q c
    q xor > m?c e!
    c user > e
    e end
  )") == "SB0411 c");
}

TEST_CASE("SB0412 what never fires although the graph leads there") {
  CHECK(findings(R"(
    s start > x
    x xor > a?c b?false d!
    a user > e
    b user > e
    d user > e
    e end
  )") == "SB0428 x; SB0412 b");
}

TEST_CASE("SB0413 a loop that no token leaves") {
  CHECK(findings(R"(
    s start > m
    m xor > a
    a user > x
    x xor > m?true e!
    e end
  )") == "SB0413! x; SB0428 x");
}

TEST_CASE("loops, retries and parallel work that are sound") {
  CHECK(findings(R"(
    s start > m
    m xor > p
    p and > a b
    a user > j
    b service > m2
    failed on b:error=any > repair
    repair user > m2
    m2 xor > j
    j and > x
    x xor > m?again e!
    e end
  )")
            .empty());
  CHECK(findings(wide(3, false)).empty());
}

TEST_CASE("SB0419 the bound is stated") {
  verify::Effort effort;
  const auto all = verify::check(process_of(wide(6, true)), {100, 40'000'000}, effort);
  CHECK(effort.gave_up == 1);
  REQUIRE(all.size() == 1);
  CHECK(all[0].rule == "SB0419");
  CHECK(all[0].message.starts_with("more than 100 distributions of tokens: one order of independent steps was checked; it finds every deadlock"));
  verify::Effort more;
  CHECK(verify::check(process_of(wide(6, true)), {200'000, 40'000'000}, more).empty());
  CHECK(more.gave_up == 0);
}

TEST_CASE("a deadlock is found beyond the bound, too") {
  std::string text = wide(8, true);
  text += "late on a0:timer > lost\n lost end\n";
  verify::Effort effort;
  const auto all = verify::check(process_of(text), {500, 40'000'000}, effort);
  CHECK(effort.gave_up == 1);
  CHECK(std::any_of(all.begin(), all.end(), [](const auto& d) { return d.rule == "SB0410"; }));
}

TEST_CASE("how long the game takes") {
  for (const bool loop : {false, true})
    for (const int n : {4, 8, 10}) {
      const auto p = process_of(wide(n, loop));
      verify::Effort effort;
      const auto from = std::chrono::steady_clock::now();
      const auto all = verify::check(p, {}, effort);
      const auto ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - from).count();
      std::cout << "verify: " << n << " parallel branches with a choice each" << (loop ? ", in a loop: " : ": ") << effort.states << " states, " << ms
                << " ms\n";
      CHECK(effort.gave_up == 0);
    }
}

TEST_CASE("non-interrupting events whose tokens meet nobody are played by themselves") {
  // 12 parallel branches of 6 tasks, each task with a reminder beside it: 2^72 ways of reminding.
  std::string text = "s start > p\n p and >";
  for (int b = 0; b < 12; ++b) text += fmt::format(" t{}-0", b);
  text += "\n";
  for (int b = 0; b < 12; ++b)
    for (int t = 0; t < 6; ++t)
      text += fmt::format(" t{0}-{1} user > {2}\n r{0}-{1} on~ t{0}-{1}:timer > c{0}-{1}\n c{0}-{1} user > gone\n", b, t,
                          t == 5 ? std::string("j") : fmt::format("t{}-{}", b, t + 1));
  text += " j and > e\n e end\n gone end\n";
  verify::Effort effort;
  const auto from = std::chrono::steady_clock::now();
  const auto all = verify::check(process_of(text), {}, effort);
  CHECK(std::none_of(all.begin(), all.end(), [](const auto& d) { return d.rule != "SB0423"; }));
  CHECK(effort.gave_up == 0);
  CHECK(effort.states < 1000);
  CHECK(std::chrono::steady_clock::now() - from < std::chrono::seconds(5));
  CHECK(findings(R"(
    s start > a
    a user > e
    r on~ a:timer > q
    q xor > x?c y!
    x user > j
    y user > j
    j and > gone
    gone end
    e end
  )") == "SB0410! j");
}

TEST_CASE("a large scope ends within seconds and says what it could not see") {
  // 400 branches of 5 tasks with events that lead away and back, in a loop: far more distributions than can be looked at.
  std::string text = "s start > m\n m xor > p\n p and >";
  for (int b = 0; b < 400; ++b) text += fmt::format(" t{}-0", b);
  text += "\n";
  for (int b = 0; b < 400; ++b)
    for (int t = 0; t < 5; ++t) {
      const std::string next = t == 4 ? std::string("j") : fmt::format("t{}-{}", b, t + 1);
      text += fmt::format(" t{0}-{1} user > {2}\n r{0}-{1} on t{0}-{1}:timer > {2}\n", b, t, next);
    }
  text += " j and > x\n x xor > m?again e!\n e end\n";
  verify::Effort effort;
  const auto from = std::chrono::steady_clock::now();
  const auto all = verify::check(process_of(text), {}, effort);
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
  std::cout << "verify: 4,404 nodes, " << effort.states << " states, " << seconds << " s\n";
  CHECK(seconds < 300);  // bounded; 1 to 3 on a quiet machine, 25 with sanitizers
  CHECK(effort.gave_up == 1);
  CHECK(std::any_of(all.begin(), all.end(), [](const auto& d) { return d.rule == "SB0419"; }));
}
