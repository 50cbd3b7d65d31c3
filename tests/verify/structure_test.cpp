#include "findings.hpp"

using switchboard::testing::advices;
using switchboard::testing::finding;
using switchboard::testing::findings;
using switchboard::testing::node_of;
using switchboard::testing::process_of;

TEST_CASE("a process without fault") {
  CHECK(advices(R"(
    s start > a
    a user > e
    e end
  )")
            .empty());
}

TEST_CASE("SB0401 what no token reaches") {
  CHECK(findings(R"(
    s start > e
    e end
    lost user > e2
    e2 end
  )") == "SB0401! lost");
  CHECK(findings(R"(
    s start > a
    a user > e
    late on a:timer > chase
    chase user > e
    e end
    esub esub {
      s start:message=m > e
      e end
    }
  )")
            .empty());
  const auto d = finding(process_of("s start > e\n  e end\n  lost user > e\n"), "SB0401");
  CHECK(d.text().starts_with("test.yaml:3:3: error SB0401"));
  const auto several = finding(process_of("s start > e\n e end\n lost user > x\n x xor > a?c b!\n a user > e\n b user > e"), "SB0401");
  CHECK(several.message == "no flow leads here: the node is never reached, nor are the 3 nodes behind it (x, a, b)");
  CHECK(several.related == std::vector<std::string>{"x", "a", "b"});
  CHECK(findings("s start > e\n e end\n a user > b\n b user > a") == "SB0401! a; SB0402! b");
}

TEST_CASE("SB0402 what never ends") {
  CHECK(findings(R"(
    s start > x
    x xor > a?c e!
    a user > b
    b user > a
    e end
  )") == "SB0402! b");
}

TEST_CASE("SB0403 and SB0404 start and end of a scope") {
  CHECK(findings("a user > e\n e end\n") == "SB0403! test");
  CHECK(findings("s start > a\n a user > s2\n s2 user > a") == "SB0404! test");
  CHECK(findings(R"(
    s start > sub
    sub sub > e {
      a user > b
      b end
    }
    two sub > e {
      s1 start > e
      s2 start > e
      e end
    }
    e end
  )") == "SB0403! sub; SB0401! two; SB0403! two");
  CHECK(findings("s1 start:message=a > e\n s2 start:message=b > e\n e end").empty());
}

TEST_CASE("SB0405 flows where none may be") {
  CHECK(findings("s start > a\n a user > s e\n e end > a\n") == "SB0405! s; SB0405! e");
  CHECK(findings("s start > a\n a user > h e\n h esub > e {\n s start:message=m > e\n e end\n }\n e end") == "SB0405! h; SB0405! h");
  CHECK(findings("s start > x\n x xor\n b end") == "SB0405! x; SB0401! b");
  // Never reached and leads nowhere: one thing to do about it.
  CHECK(findings("s start > b\n x xor\n b end") == "SB0401! x");
}

TEST_CASE("SB0406, SB0421 to SB0423 advices on gateways") {
  CHECK(advices("s start > x\n x xor > e\n e end") == "SB0406 x");
  CHECK(advices(R"(
    s start > x
    x xor > a?c b!
    a user > y
    b user > y
    y xor > x?c e!
    e end
  )") == "SB0421 x; SB0421 y");
  CHECK(advices(R"(
    s start > a
    a user > b?c d!
    b user > d
    d user > e
    e end
  )") == "SB0422 a; SB0423 d");
}

TEST_CASE("SB0407 no else") {
  CHECK(findings(R"(
    s start > x
    x xor > a?c b?d
    a user > e
    b user > e
    e end
  )") == "SB0407 x");
  CHECK(findings("s start > x\n x or > a?c b?d\n a user > j\n b user > j\n j or > e\n e end") == "SB0407 x");
  CHECK(findings("s start > x\n x xor > a?c b\n a user > e\n b user > e\n e end").empty());
}

TEST_CASE("SB0408 conditions where none are looked at, SB0409 a flow that hides others") {
  CHECK(findings("s start > p\n p and > a?c b\n a user > j\n b user > j\n j and > e\n e end") == "SB0408! p");
  CHECK(findings("s start > x\n x xor > a b?c\n a user > e\n b user > e\n e end") == "SB0409 x; SB0412 b");
}

TEST_CASE("SB0420 event-based gateways") {
  CHECK(findings(R"(
    s start > w
    w wait > t m
    t catch:timer > e
    m receive > e
    e end
  )")
            .empty());
  CHECK(findings("s start > w\n w wait > t a\n t catch:timer > e\n a user > e\n e end") == "SB0420! w");
  CHECK(findings("s start > x\n x xor > w?c t!\n w wait > t m\n t catch:timer > e\n m catch:message=m > e\n e end") == "SB0420! w");
  CHECK(findings("s start > w\n w wait > t\n t catch:timer > e\n e end") == "SB0420 w");
}

TEST_CASE("SB0424 event sub-processes") {
  const std::string around = "s start > e\n e end\n h esub {\n ";
  CHECK(findings(around + "s start > e\n e end\n }") == "SB0424! h");
  CHECK(findings(around + "s start:escalation=x > e\n e end\n }") == "SB0445 s");
  auto p = process_of(around + "s2 start:error=x > e\n e end\n }");
  CHECK(findings(p).empty());
  node_of(p.nodes, "s2").interrupting = false;
  CHECK(findings(p) == "SB0424! h");
}

TEST_CASE("SB0425 boundary events on the wrong host") {
  CHECK(findings("s start > t\n t catch:timer > e\n b on t:timer > e\n e end") == "SB0425! b");
  CHECK(findings("s start > a\n a user > e\n b on~ a:error=x > e\n e end") == "SB0425! b");
  CHECK(findings("s start > a\n a script > e\n b on a:timer > e\n e end") == "SB0425 b");
  CHECK(findings("s start > a\n a script > e\n b on a:error=x > e\n e end").empty());
  CHECK(findings("s start > a\n a sub > e {\n s start > e\n e end\n }\n b on a:cancel > e\n e end") == "SB0425! b");
  CHECK(findings("s start > a\n a user > e\n b on~ a:escalation=x > e\n e end") == "SB0425 b; SB0445 b");
}

TEST_CASE("SB0427 a flow twice") {
  CHECK(findings("s start > x\n x xor > a?c a?c b!\n a user > e\n b user > e\n e end") == "SB0427 x");
  CHECK(findings("s start > a a\n a user > e\n e end") == "SB0427 s; SB0411 a");
}

TEST_CASE("SB0428 constant conditions") {
  CHECK(findings("s start > x\n x xor > a?1>2 b!\n a user > e\n b user > e\n e end") == "SB0428 x; SB0412 a");
  CHECK(findings("s start > x\n x xor > a?true b!\n a user > e\n b user > e\n e end") == "SB0428 x; SB0412 b");
  CHECK(findings("s start > x\n x xor > a?null b!\n a user > e\n b user > e\n e end") == "SB0428 x; SB0412 a");
  // Data that are called like a function are data all the same.
  CHECK(findings("s start > x\n x xor > a?count(log)>=3 b!\n a user > e\n b user > e\n e end").empty());
}

TEST_CASE("SB0429 events where they cannot be") {
  CHECK(findings("s start:error=x > e\n e end") == "SB0429! s");
  CHECK(findings("s start > t\n t catch > e\n e end") == "SB0429! t");
  CHECK(findings("s start > t\n t throw:timer > e\n e end") == "SB0429! t");
  CHECK(findings("s start > e\n e end:timer") == "SB0429! e");
  CHECK(findings("s start > a\n a sub > e {\n s start:message=m > e\n e end\n }\n e end") == "SB0429! a/s");
}

TEST_CASE("SB0464 a process that calls itself on every way to an end") {
  auto p = process_of("s start > q\n q xor > c?again d!\n c call > e\n d call > e\n e end");
  for (auto& n : p.nodes)
    if (n.type == switchboard::model::NodeType::call_activity) n.process.name = p.id;
  CHECK(findings(p) == "SB0464! c");
  p.nodes[3].process.name = "other";
  CHECK(findings(p).empty());
}

TEST_CASE("what is never reached and leads nowhere does not hide a deadlock") {
  CHECK(findings(R"(
    s start > x
    x xor > a?c b!
    a user > j
    b user > j
    j and > e
    e end
    lost user > gone
    gone end
  )") == "SB0410! j; SB0401! lost");
}
