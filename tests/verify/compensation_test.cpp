// Compensation that undoes nothing, what nothing undoes, and transactions.
#include "findings.hpp"

using switchboard::testing::finding;
using switchboard::testing::findings;
using switchboard::testing::node_of;
using switchboard::testing::process_of;

namespace {

switchboard::model::Process with_handler(const std::string& text) {
  auto p = process_of(text);
  node_of(p.nodes, "a").compensation.name = "undo";
  return p;
}

}  // namespace

TEST_CASE("a process that undoes what it has done is sound") {
  CHECK(findings(with_handler(R"(
    s start > a
    a user > t
    undo user
    t throw:compensate > e
    e end
  )"))
            .empty());
  CHECK(findings(with_handler(R"(
    s start > deal
    deal transaction > t {
      s start > a
      a user > x
      undo user
      x xor > c?amount>5 e!
      c end:cancel
      e end
      broken esub {
        s start:error > t
        t throw:compensate > e
        e end
      }
    }
    off on deal:cancel > e
    t throw:compensate=deal > e
    e end
  )"))
            .empty());
}

TEST_CASE("SB0466 nothing to undo") {
  CHECK(findings("s start > a\n a user > t\n t throw:compensate > e\n e end") == "SB0466 t");
  CHECK(findings(with_handler(R"(
    s start > a
    a user > b
    b user > t
    undo user
    t throw:compensate=b > u
    u throw:compensate=a > e
    e end
  )")) == "SB0466 t");
}

TEST_CASE("SB0467 never undone") {
  CHECK(findings(with_handler("s start > a\n a user > e\n undo user\n e end")) == "SB0467 a");
  // What is thrown beside the sub-process does not reach into it while it runs, but undoes it when it has completed.
  const char* inside = R"(
    s start > sub
    sub sub > %
      s start > a
      a user > e
      undo user
      e end
    }
    t throw:compensate > e
    e end
  )";
  std::string text = inside;
  text.replace(text.find('%'), 1, "t {");
  CHECK(findings(with_handler(text)).empty());
  text.replace(text.find("t throw:compensate"), 18, "t throw:escalation=x");
  CHECK(findings(with_handler(text)) == "SB0467 sub/a");
}

TEST_CASE("SB0425 cancel events of transactions alone, and only where something cancels") {
  CHECK(findings(R"(
    s start > t
    t transaction > e {
      s start > a
      a user > e
      e end
    }
    off on t:cancel > e
    e end
  )") == "SB0425 off");
  CHECK(findings(R"(
    s start > t
    t transaction > e {
      s start > c
      c end:cancel
    }
    off on~ t:cancel > e
    e end
  )")
            .find("SB0425! off") != std::string::npos);
}

TEST_CASE("a call activity may hear what its called case escalates") {
  auto p = process_of(R"(
    s start > c
    c call > e
    low on~ c:escalation=any > e
    e end
  )");
  node_of(p.nodes, "c").process.name = "other";
  CHECK(finding(p, "SB0425").message.empty());
}
