// What undoes what, and what a compensation or cancel event may name.
#include "compiled.hpp"

using namespace switchboard;
using testing::compiled;
using testing::node_of;
using testing::problems;
using testing::process_of;

namespace {

/// `undo` undoes `a` of the sub-process `sub`, whose handler undoes the whole.
model::Process undone() {
  auto p = process_of(R"(
    s start > sub
    sub sub > t {
      s start > a
      a user > e
      undo user
      e end
      back esub {
        s start:compensate > u
        u user > t
        t throw:compensate=a > e
        e end
      }
    }
    t throw:compensate=sub > quiet
    quiet sub > e {
      s start > e
      e end
    }
    e end:compensate
  )");
  node_of(p.nodes, "a").compensation.name = "undo";
  return p;
}

const model::Element& at(const model::ExecutablePtr& p, std::string_view path) { return p->at(p->find_element(path)); }

}  // namespace

TEST_CASE("what can be undone, by what, and what a throwing event means") {
  const auto p = compiled(undone());
  CHECK(at(p, "sub/a").compensation == p->find_element("sub/undo"));
  CHECK(at(p, "sub/undo").is_compensation);
  CHECK(at(p, "sub").undone_by == p->find_element("sub/back"));
  CHECK(at(p, "sub/a").compensable);
  CHECK(at(p, "sub").compensable);
  CHECK_FALSE(at(p, "sub/undo").compensable);
  CHECK_FALSE(at(p, "sub/back").compensable);
  CHECK_FALSE(at(p, "quiet").compensable);
  CHECK(at(p, "sub/back/t").events.front().target == p->find_element("sub/a"));
  CHECK(at(p, "t").events.front().target == p->find_element("sub"));
  CHECK_FALSE(at(p, "e").events.front().target);
}

TEST_CASE("SB0191 what undoes stands beside, outside of all flows") {
  auto p = undone();
  node_of(p.nodes, "a").compensation.name = "a";
  CHECK(problems(p) == "SB0191 sub/a: 'a' is to undo itself");
  p = undone();
  node_of(p.nodes, "a").compensation.name = "back";
  CHECK(problems(p) == "SB0191 sub/a: 'back' is no activity that could undo another");
  p = undone();
  node_of(p.nodes, "undo").next.push_back({{"e", {}}, {}, false, {}});
  CHECK(problems(p) == "SB0191 sub/a: 'undo' undoes 'a', and a flow leads from it");
  p = undone();
  node_of(p.nodes, "a").next.push_back({{"undo", {}}, {}, false, {}});
  CHECK(problems(p) == "SB0191 sub/a: 'undo' undoes 'a', and a flow leads to it");
  p = undone();
  node_of(p.nodes, "undo").compensation.name = "a";
  CHECK(problems(p).find("SB0191 sub/undo: 'undo' undoes another activity and cannot be undone itself") != std::string::npos);
  p = undone();
  node_of(p.nodes, "a").compensation.name = "elsewhere";
  CHECK(problems(p).find("SB0185 sub/a") != std::string::npos);
}

TEST_CASE("SB0191 a throwing event names what has completed in its scope") {
  CHECK(problems(process_of(R"(
    s start > sub
    sub sub > t {
      s start > a
      a user > i
      i throw:compensate=sub > e
      e end
    }
    t throw:compensate=sub/a > u
    u throw:compensate=x > e
    x xor > e
    e end
  )")) ==
        "SB0191 sub/i: 'sub' still runs when this is thrown inside it: only what has completed is compensated; "
        "SB0191 t: 'sub/a' does not stand in the scope of 't'; SB0191 u: 'x' is no activity that could be compensated");
  CHECK(problems(process_of(R"(
    s start > e
    e end
    back esub {
      s start:compensate > e
      e end
    }
  )")) == "SB0191 back: the process itself is never compensated: this event sub-process could never begin");
}

TEST_CASE("SB0191 what is cancelled is a transaction that says how the case goes on") {
  CHECK(problems(process_of("s start > c\n c end:cancel")) == "SB0191 c: there is no transaction around this endEvent to be cancelled");
  CHECK(problems(process_of(R"(
    s start > t
    t transaction > e {
      s start > sub
      sub sub > e {
        s start > c
        c end:cancel
      }
      e end
    }
    e end
  )")) == "SB0191 t/sub/c: the transaction 't' is cancelled here, and nothing says how the case goes on then");
  CHECK(problems(process_of(R"(
    s start > t
    t transaction > e {
      s start > c
      c end:cancel
    }
    off on t:cancel > e
    e end
  )"))
            .empty());
}
