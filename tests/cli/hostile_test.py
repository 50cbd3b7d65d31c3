"""What nobody means to give: deep and long files, arguments that are no text, empty ones, outputs that cannot be written."""
import os
import subprocess
import time

import driver

HEAD = "switchboard: 1\nprocess: p\n"


class Limits(driver.Case):
    def quick(self, code, *words, says):
        begin = time.monotonic()
        answer = self.run_it(*words)
        self.assertLess(time.monotonic() - begin, 10, f"{words[0]} is too slow")
        self.assertEqual(answer.code, code, answer.err)
        self.assertIn(says, answer.out + answer.err)
        self.assertLess(len(answer.out + answer.err), 2000)

    def test_deep_files_and_long_lines(self):
        self.write("deep.yaml", HEAD + "nodes: " + "{a: " * 100_000 + "\n")
        self.quick(1, "check", "deep.yaml", says="more than 64 levels")
        self.write("lists.yaml", HEAD + "nodes: " + "[" * 1_000_000 + "\n")
        self.quick(1, "check", "lists.yaml", says="more than 64 levels")
        self.quick(1, "feel", "1 + " * 15_000, says="SB0211")
        self.quick(1, "feel", "(" * 60_000, says="^")

    def test_many_nodes(self):
        nodes = "".join(f"  t{i}: {{type: userTask, groups: [g], next: t{i + 1}}}\n" for i in range(12_000))
        self.write("p.yaml", HEAD + "nodes:\n  s: {type: startEvent, next: t0}\n" + nodes + "  t12000: {type: endEvent}\n")
        self.quick(0, "check", "p.yaml", says="0 errors")


class Arguments(driver.Case):
    def refused_bytes(self, *words, says):
        done = subprocess.run([os.fsencode(driver.BINARY), *[os.fsencode(w) for w in words]], cwd=self.folder, capture_output=True, env=self.environment())
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(says, done.stderr.decode())  # which is UTF-8, whatever was given
        self.assertIn("SB0723", done.stderr.decode())
        self.assertFalse(os.path.exists(os.path.join(self.folder, "switchboard.db")))

    def test_no_text(self):
        self.refused_bytes("start", "repair", "--case", b"\xff\xfe", says="--case is not UTF-8")
        self.refused_bytes("start", b"repair\xff", "--case", "A", says="PROCESS is not UTF-8")
        self.refused_bytes("claim", "--case", "A", "dispatch", "--by", b"wang\xff", says="--by is not UTF-8")
        for control in ("\n", "\x1b[2J", "\x7f", "\u0085"):
            self.refused_bytes("start", "repair", "--case", "A" + control, says="--case has a control character")
        self.refused_bytes("cancel", "--case", "A", "--reason", "a\x1b[2J", says="--reason has a control character")
        self.refused_bytes("start", "repair", "--case", "A" * 201, says="at most 200")
        self.refused_bytes("cancel", "--case", "A", "--reason", "a" * 5000, says="at most 4000")
        self.assertEqual(self.ok("feel", "1 +\n 2").out, "3\n")

    def test_empty_options(self):
        for words in (("--now", "", "tick"), ("start", "repair", "--case", ""), ("--db", "", "tick"), ("start", "repair", "--case", "A", "--data", "")):
            self.refused_bytes(*words, says="is empty")
        self.refused_bytes("start", "repair", "--request-id", "", says="--request-id is empty")

    def test_terminal_is_safe_from_data(self):
        self.write("a.yaml", HEAD + "data: {t: string}\nnodes:\n  s: {type: startEvent, next: w}\n  w: {type: userTask, groups: [g], next: e}\n  e: {type: endEvent}\n")
        self.ok("start", "a.yaml", "--case", "A", "--data", '{"t": "x\\u001b[2J\\ny\\u009b"}')
        for verb in ("history", "data"):
            shown = self.ok(verb, "--case", "A").out
            self.assertNotIn("\x1b", shown)
            self.assertNotIn("\u009b", shown)
        self.assertEqual(self.ok_json("data", "--case", "A")["t"], "x\x1b[2J\ny\x9b")


class Output(driver.Case):
    def test_what_cannot_be_written(self):
        self.write("p.yaml", HEAD + "nodes: {s: {type: startEvent, next: e}, e: {type: endEvent}}\n")
        for words in ("--help", "feel 1", "feel 1 --json", "check --json p.yaml", "show p.yaml", "start p.yaml --case A", "instances", "completion bash"):
            for target in ("> /dev/full", ">&-"):
                done = subprocess.run(f"{driver.BINARY} {words} {target}", shell=True, cwd=self.folder, capture_output=True, text=True, env=self.environment())
                self.assertEqual(done.returncode, 1, f"{words} {target}: {done.stderr}")
                self.assertIn("SB0722", done.stderr, f"{words} {target}")
        self.assertTrue(self.ok_json("fsck")["sound"])


FLOW = "nodes:\n  s: {type: startEvent, next: w}\n  w: {type: userTask, groups: [g], next: e}\n  e: {type: endEvent}\n"
CALLER = "switchboard: 1\nprocess: caller\nnodes:\n  s: {type: startEvent, next: c}\n  c: {type: callActivity, process: called, next: e}\n  e: {type: endEvent}\n"
CALLED = "switchboard: 1\nprocess: called\n" + FLOW
DECIDER = """switchboard: 1
process: decider
data: {n: number, r: string}
decisions: [table]
nodes:
  s: {type: startEvent, next: d}
  d: {type: businessRuleTask, decision: table, in: {n: n}, out: {r: result}, next: e}
  e: {type: endEvent}
"""
TABLE = """switchboard: 1
decision: table
parameters: {n: number}
hit: first
outputs: [{name: r, type: string}]
rules:
  - {when: ['>= 1'], then: '"much"'}
  - {when: ['-'], then: '"little"'}
"""


class FilesTogether(driver.Case):
    def test_deploy_takes_what_is_given_and_what_lies_beside(self):
        self.write("caller.yaml", CALLER)
        self.write("elsewhere/called.yaml", CALLED)
        self.refused(1, "deploy", "caller.yaml", says=["SB0713", "nothing is deployed"])
        self.assertFalse(os.path.exists(os.path.join(self.folder, "switchboard.db")))
        deployed = self.ok_json("deploy", "caller.yaml", "elsewhere/called.yaml")
        self.assertEqual([d["process"] for d in deployed], ["called", "caller"])
        # Two that call each other, beside each other or given together.
        ring = "switchboard: 1\nprocess: {}\ndata: {{again: {{type: boolean, default: false}}}}\nnodes:\n  s: {{type: startEvent, next: g}}\n" \
            "  g: {{type: exclusiveGateway, next: [{{if: again, to: c}}, {{else: e}}]}}\n  c: {{type: callActivity, process: {}, next: e}}\n  e: {{type: endEvent}}\n"
        self.write("ring/a.yaml", ring.format("a", "b"))
        self.write("ring/b.yaml", ring.format("b", "a"))
        for words in (["ring/a.yaml"], ["ring/b.yaml", "ring/a.yaml"]):
            deployed = self.ok_json("deploy", *words, "--db", f"ring{len(words)}.db")
            self.assertIn("a", [d["process"] for d in deployed])
            listed = self.ok_json("deployments", "--db", f"ring{len(words)}.db")
            self.assertEqual([d["process"] for d in listed], ["a", "b"])
        self.write("called.yaml", CALLED)
        self.assertIn("at c", self.ok("start", "caller.yaml", "--case", "A", "--db", "other.db").out)

    def test_show_and_play_a_file_with_a_sibling(self):
        self.write("caller.yaml", CALLER)
        self.write("called.yaml", CALLED)
        self.assertTrue(self.ok("show", "caller.yaml").out.startswith("caller"))
        self.assertIn("1 of 1 cases ended", self.ok("play", "caller.yaml", "--auto").out)

    def test_tables_of_given_files(self):
        self.write("decider.yaml", DECIDER)
        self.write("table.yaml", TABLE)
        self.ok("check", "decider.yaml")
        self.assertIn("deployed decider", self.ok("deploy", "decider.yaml").out)
        self.ok("start", "decider", "--case", "A", "--data", '{"n": 2}')
        self.assertEqual(self.ok_json("data", "--case", "A")["r"], "much")

    def test_one_unreadable_file_hides_no_other_finding(self):
        self.write("bad.yaml", HEAD + "nodes: {s: {type: startEvent, next: x}}\n")
        self.write("big.yaml", "#" * 5_000_000)
        answer = self.run_it("check", "--json", "bad.yaml", "none.yaml", "big.yaml")
        self.assertEqual(answer.code, 1)
        self.assertEqual({f["file"] for f in answer.json}, {"bad.yaml", "none.yaml", "big.yaml"})

    def test_flows_inside_sub_processes(self):
        self.write("unc.yaml", """switchboard: 1
process: unc
data: {y: boolean}
nodes:
  s: {type: startEvent, next: sub}
  sub:
    type: subProcess
    next: e
    nodes:
      a: {type: startEvent, next: w}
      w: {type: userTask, groups: [g], form: [y], next: x}
      x: {type: exclusiveGateway, next: [{if: y, to: e1}, {else: e2}]}
      e1: {type: endEvent}
      e2: {type: endEvent}
  e: {type: endEvent}
""")
        suite = "switchboard: 1\ntest: unc\nprocess: unc\ncases:\n  - {name: a, steps: [{complete: w, with: {y: false}}], expect: {ended: [e]}}\n"
        self.write("unc.test.yaml", suite)
        self.assertIn("no test takes sub/x->sub/e1\n", self.run_it("test", "unc.test.yaml").out)
        self.write("unc.test.yaml", suite + "uncovered: [sub/x->sub/e1]\n")
        self.ok("test", "unc.test.yaml")
        self.write("unc.test.yaml", suite + "uncovered: [sub/x->sub/e]\n")
        self.assertIn("has no flow sub/x->sub/e\n", self.run_it("test", "unc.test.yaml").out)

    def test_test_of_a_process_in_a_file_of_another_name(self):
        self.write("clocks.yaml", "switchboard: 1\nprocess: clk\n" + FLOW)
        self.write("t.test.yaml", "switchboard: 1\ntest: t\nprocess: clk\ncases:\n  - {name: a, expect: {at: [w]}}\n")
        self.refused(1, "test", "t.test.yaml", says=["SB0713", "no clk.yaml beside this one"])
        self.ok("test", "--allow-uncovered", "t.test.yaml", "clocks.yaml")


class Values(driver.Case):
    def test_feel(self):
        for text, value in (("1 ** 1e10", "1"), ("(-1) ** 1e10", "1"), ("(-1) ** 2147483648", "1"), ("(-1) ** 3000000001", "-1"),
                            ("count(for i in 1..1000000 return i)", "1000000")):
            self.assertEqual(self.ok("feel", text).out, value + "\n", text)
        self.assertIn("SB0232", self.ok("feel", "for i in 1..1000001 return i").err)
        self.assertEqual(self.ok("feel", "--input", "a=1", "--input", "b=2", "a + b").out, "3\n")

    def test_malformed_tagged_inputs(self):
        for value in ('{"t":"number","v":"abc"}', '{"t":"date","v":"2020-02-30"}', '{"t":"list","v":{}}'):
            answer = self.ok("feel", "--jsonl", stdin='{"id":"1","expression":"a","inputs":{"a":%s}}\n' % value)
            self.assertIn("SB0253", answer.json["error"])

    def test_instants_without_seconds(self):
        self.write("p.yaml", HEAD + "data: {t: date-time}\n" + FLOW)
        self.ok("start", "p.yaml", "--case", "A", "--data", '{"t": "2026-03-05T13:30"}')
        self.assertEqual(self.ok_json("data", "--case", "A")["t"], "2026-03-05T13:30:00+08:00")

    def test_numbers_of_simulate(self):
        for option, text in (("--seed", "99999999999999999999"), ("--seed", "-1"), ("--until", "5"), ("--until", "3bd"), ("--cases", "-1")):
            self.refused(2, "simulate", os.path.join(driver.SOURCE, "scenarios", "none.yaml") if option != "--until" else self.scenario(), option, text, says=[text])

    def scenario(self):
        return next(os.path.join(folder, f) for folder, _, files in os.walk(driver.SOURCE) for f in files if f.endswith(".scenario.yaml") and "/tests/" not in folder)


if __name__ == "__main__":
    driver.main()
