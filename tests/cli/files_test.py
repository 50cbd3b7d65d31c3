"""Verbs that need no database: calendar, feel, check, show, test, play, completion, and wrong use of any verb."""
import json
import os
import unittest

import driver
from driver import PROCESSES

# A small process with a mistake of every stage: a key that is none, a node that is none, an expression that is none.
BROKEN = """switchboard: 1
process: broken
calender: cn
data:
  n: number
nodes:
  begin: {type: startEvent, next: wrk}
  work: {type: userTask, next: done}
  done: {type: endEvent}
"""

SMALL = """switchboard: 1
process: small
name: {en: Small, zh: 小流程}
calendar: 24x7@Asia/Shanghai
data:
  ok: {type: boolean, default: false}
nodes:
  begin: {type: startEvent, next: work}
  work: {type: userTask, name: {en: Work on it, zh: 处理}, groups: [crew], form: [ok], next: which}
  which:
    type: exclusiveGateway
    next:
      - {if: ok, to: good}
      - {else: bad}
  good: {type: endEvent}
  bad: {type: endEvent}
sla:
  promise:
    name: {en: Promise, zh: 承诺}
    start: {process: started}
    within: 2 h
    marks: [{at: breach, feedback: sorry}]
feedback:
  sorry: {channels: [sms], text: {zh: "抱歉{{case_no}}", en: "Sorry {{case_no}}"}}
"""

SMALL_TEST = """switchboard: 1
test: small
process: small
cases:
  - name: good
    now: 2026-03-02T09:00
    data: {}
    steps:
      - complete: work
        with: {ok: true}
        after: 1 h
    expect: {ended: [good], clocks: {promise: {state: met, breached: false, due: 2026-03-02T11:00}}}
  - name: bad and late
    now: 2026-03-02T09:00
    steps:
      - advance: 3 h
      - expect: {at: [work], feedback: [sorry], clocks: {promise: {state: running, breached: true}}}
      - refused: {complete: nothing}
      - complete: work
    expect: {ended: [bad]}
"""


class Calendars(driver.Case):
    def test_deadline_of_the_fixed_interface(self):
        answer = self.ok("calendar", "deadline", "--calendar", "cn", "--from", "2026-02-13T10:00", "--within", "15 bd")
        self.assertRegex(answer.out, r"^2026-\d\d-\d\dT00:00:00\+08:00\n$")
        as_json = self.ok_json("calendar", "deadline", "--calendar", "cn", "--from", "2026-02-13T10:00", "--within", "15 bd")
        self.assertEqual(as_json["deadline"] + "\n", answer.out)
        self.assertIs(as_json["provisional"], False)

    def test_spring_festival_and_make_up_day(self):
        # 14 February 2026 is a Saturday that works; 15 to 23 February are off.
        def deadline(within):
            return self.ok("calendar", "deadline", "--from", "2026-02-13T10:00", "--within", within).out.strip()

        self.assertEqual(deadline("1 bd"), "2026-02-15T00:00:00+08:00")
        self.assertEqual(deadline("2 bd"), "2026-02-25T00:00:00+08:00")
        self.assertEqual(deadline("45 min"), "2026-02-13T10:45:00+08:00")

    def test_elapsed(self):
        words = ["calendar", "elapsed", "--calendar", "cn", "--from", "2026-03-02T09:00", "--to", "2026-03-04T00:00"]
        self.assertEqual(self.ok(*words, "--unit", "bd").out, "1\n")
        as_json = self.ok_json(*words, "--unit", "bh")
        self.assertEqual(as_json["working_days"], 1)
        self.assertEqual(as_json["wall_seconds"], 39 * 3600)

    def test_provisional_beyond_the_last_published_year(self):
        words = ["calendar", "deadline", "--from", "2026-12-30T10:00", "--within", "10 bd"]
        self.assertIs(self.ok_json(*words)["provisional"], True)
        self.assertIn("provisional", self.ok(*words).err)

    def test_next_opening_and_show(self):
        as_json = self.ok_json("calendar", "next-opening", "--calendar", "callback-hours", "--from", "2026-03-02T22:00")
        self.assertEqual(as_json["next_opening"], "2026-03-03T08:00:00+08:00")
        self.assertIs(as_json["open"], False)
        shown = self.ok("calendar", "show", "--calendar", "cn", "--year", "2026").out
        self.assertIn("2026-02-14", shown)
        self.assertIn("春节", shown)

    def test_many_questions_in_one_process(self):
        questions = [
            {"id": 1, "ask": "deadline", "from": "2026-02-13T10:00", "within": "1 bd"},
            {"id": "b", "ask": "latest-start", "to": "2026-02-25T00:00", "within": "2 bd"},
            {"id": 3, "ask": "elapsed", "from": "2026-03-02T09:00", "to": "2026-03-04T00:00", "unit": "bd"},
            {"id": 4, "ask": "deadline", "calendar": "cm", "from": "2026-02-13T10:00", "within": "1 bd"},
            {"id": 5, "ask": "next-opening", "calendar": "callback-hours", "from": "2026-03-02T22:00"},
            {"id": 6, "ask": "deadline", "from": 20260213, "within": "1 bd"},
        ]
        done = self.refused(1, "calendar", "--jsonl", stdin="".join(json.dumps(q) + "\n" for q in questions) + "no json\n")
        answers = [json.loads(line) for line in done.out.splitlines()]
        # The same instants as the verbs give one by one (test_spring_festival_and_make_up_day); errors stop nothing.
        self.assertEqual([a.get("id") for a in answers], [1, "b", 3, 4, 5, 6, None])
        self.assertEqual(answers[0]["deadline"], "2026-02-15T00:00:00+08:00")
        self.assertIn("latest_start", answers[1])
        self.assertEqual(answers[2]["elapsed"], 1)
        self.assertIn("cm", answers[3]["error"]["message"])
        self.assertEqual(answers[4]["next_opening"], "2026-03-03T08:00:00+08:00")
        self.assertIn("from", answers[5]["error"]["message"])
        self.assertEqual(answers[6]["error"]["rule"], "SB0715")
        self.refused(2, "calendar")
        self.refused(2, "calendar", "--jsonl", "show")

    def test_refusals(self):
        self.refused(1, "calendar", "deadline", "--calendar", "cm", "--from", "2026-02-13", "--within", "1 bd", says=["cm", "did you mean 'cn'?"])
        self.refused(1, "calendar", "deadline", "--from", "2026-02-13", "--within", "15 dd", says=["SB0301"])
        self.refused(2, "calendar", "deadline", "--from", "yesterday", "--within", "1 bd", says=["--from", "SB0702"])
        self.refused(2, "calendar", "elapsed", "--from", "2026-02-13", "--to", "2026-02-14", "--unit", "days", says=["SB0701"])


class Feel(driver.Case):
    def test_value(self):
        self.assertEqual(self.ok("feel", "1 + 2 * 3").out, "7\n")
        self.assertEqual(self.ok("feel", "-5 + 2").out, "-3\n")
        self.assertEqual(self.ok("feel", "power > 8 and area = \"urban\"", "--input", "power=12.5", "--input", "area=\"urban\"").out, "true\n")
        self.assertEqual(self.ok("feel", 'date("2026-03-02") + duration("P3D")').out, 'date("2026-03-05")\n')

    def test_json(self):
        self.assertEqual(self.ok_json("feel", "0.1 + 0.2")["value"], 0.3)

    def test_mistake_has_a_caret(self):
        answer = self.refused(1, "feel", "1 + * 2", says=["SB02", "^"])
        self.assertEqual(answer.out, "")
        self.refused(2, "feel", says=["SB0701"])
        self.refused(2, "feel", "x", "--input", "nonsense", says=["NAME=FEEL"])
        self.refused(2, "feel", "x", "--input", "x=1", "--input", "x=2", says=["'x' is there twice"])
        self.refused(2, "feel", "1", "--input", "if=1", says=["'if' is no name"])

    def test_lines(self):
        lines = [
            {"id": "a", "expression": "x + 1", "inputs": {"x": {"t": "number", "v": "41"}}},
            {"id": "b", "expression": "((", "inputs": {}},
            {"id": "c", "expression": "\"é\" + \"文\"", "inputs": {}},
            {"id": "d", "expression": "a.b c", "inputs": {"a": {"t": "context", "v": {"b c": {"t": "number", "v": "1"}}}}},
            {"id": "e", "expression": "l[b c > 1].d", "inputs": {"l": {"t": "list", "v": [{"t": "context", "v": {"b c": {"t": "number", "v": "2"}, "d": {"t": "boolean", "v": True}}}]}}},
            "no object",
        ]
        answers = [json.loads(line) for line in self.ok("feel", "--jsonl", stdin="".join(json.dumps(line) + "\n" for line in lines)).out.splitlines()]
        self.assertEqual([a["id"] for a in answers], ["a", "b", "c", "d", "e", None])
        self.assertEqual(answers[0]["value"], {"t": "number", "v": "42"})
        self.assertEqual(answers[1]["value"]["t"], "null")
        self.assertTrue(answers[1]["error"])
        self.assertEqual(answers[2]["value"], {"t": "string", "v": "é文"})
        self.assertEqual(answers[3]["value"], {"t": "number", "v": "1"})
        self.assertEqual(answers[4]["value"], {"t": "list", "v": [{"t": "boolean", "v": True}]})
        self.assertEqual(answers[5]["value"], {"t": "null"})
        self.assertTrue(answers[5]["error"])


class Check(driver.Case):
    def test_shipped_processes_have_no_error(self):
        answer = self.ok("check", PROCESSES, "--json")
        self.assertEqual([f for f in answer.json if f["severity"] == "error"], [])

    def test_findings_have_place_rule_and_remedy(self):
        path = self.write("broken.yaml", BROKEN)
        found = self.refused(1, "check", path, "--json").json
        for finding in found:
            self.assertEqual(list(finding), ["rule", "severity", "file", "line", "column", "element", "message", "hint"])
        places = [(f["line"], f["column"]) for f in found if f["severity"] == "error"]
        self.assertIn((3, 1), places)
        typo = next(f for f in found if f["line"] == 3)
        self.assertIn("calendar", typo["hint"])
        self.assertTrue(any(f["line"] == 7 and "work" in f["hint"] for f in found), found)

    def test_text_shows_line_and_caret(self):
        path = self.write("broken.yaml", BROKEN)
        answer = self.refused(1, "check", path)
        self.assertIn(f"{path}:3:1: error SB", answer.out)
        self.assertIn("    calender: cn\n    ^", answer.out)

    def test_sound_file_and_missing_file(self):
        self.write("small.yaml", SMALL)
        self.assertEqual(self.ok_json("check", "small.yaml"), [])
        self.assertEqual(self.ok("check", "small.yaml").out, "")
        answer = self.run_it("check", "small.yaml", "smal.yaml")
        self.assertEqual(answer.code, 1)
        self.assertIn("smal.yaml:1:1: error SB0703", answer.out)
        self.assertIn("did you mean 'small'?", answer.out)
        self.refused(2, "check", says=["SB0701"])

    def test_one_broken_file_is_one_finding(self):
        def errors(*paths):
            return [(os.path.basename(f["file"]), f["rule"]) for f in self.refused(1, "check", *paths, "--json").json if f["severity"] == "error"]

        calendar = "switchboard: 1\ncalendar: town\nname: Town\nzone: Europe/Berlin\nweek: {mon-sun: 08:00-16:00}\n"
        caller = SMALL.replace("process: small", "process: caller").replace("type: userTask, name: {en: Work on it, zh: 处理}, groups: [crew], form: [ok],",
                                                                          "type: callActivity, process: small,")
        self.write("all/small.yaml", SMALL.replace("calendar: 24x7@Asia/Shanghai", "calendar: town"))
        self.write("all/caller.yaml", caller)
        self.write("all/small-js.yaml", "switchboard: 1\noverlay: small-js\nof: small\nsource: s\n")
        self.write("all/small.test.yaml", SMALL_TEST)
        self.write("all/town.yaml", calendar.replace("08:00-16:00", "16:00-08:00"))
        self.assertEqual(errors("all"), [("town.yaml", "SB0311")])
        self.write("all/town.yaml", calendar)
        self.ok("check", "all")
        self.write("all/small.yaml", SMALL.replace("process: small", "process: small\nnonsense: 1"))
        self.assertEqual(errors("all"), [("small.yaml", "SB0107")])
        # what is given and broken is not replaced by what is installed
        self.write("given/repair.yaml", "switchboard: 1\nprocess: repair\nnonsense: 1\n")
        self.write("given/repair.test.yaml", SMALL_TEST.replace("small", "repair"))
        self.assertEqual({name for name, _ in errors("given")}, {"repair.yaml"})

    def test_mistakes_of_all_stages_at_once(self):
        self.write("all.yaml", """switchboard: 1
process: all
kalender: cn
data: {n: {type: numbr, min: 0}}
nodes:
  s: {type: startEvent, next: g}
  g: {type: exclusiveGateway, next: [{if: n > 1, to: u}, {else: u2}]}
  u: {type: userTask, groups: [g], next: j}
  u2: {type: userTask, groups: [g], next: j}
  j: {type: parallelGateway, next: e}
  e: {type: endEvent}
  lost: {type: userTask, groups: [g], next: gone}
  gone: {type: endEvent}
""")
        found = [f["rule"] for f in self.refused(1, "check", "all.yaml", "--json").json if f["severity"] == "error"]
        self.assertEqual(found, ["SB0107", "SB0130", "SB0410", "SB0401"])

    def test_names_in_tests(self):
        self.write("small.yaml", SMALL)
        self.write("small.test.yaml", """switchboard: 1
test: small
process: small
cases:
  - name: misspelt
    data: {okk: true}
    steps:
      - complete: wrok
      - complete: wok/work
      - refused: {complete: nothing}
      - expect: {at: [work], data: {ko: true}, clocks: {promis: {state: running}}, feedback: [sory]}
    expect: {ended: [god]}
""")
        found = self.refused(1, "check", "small.test.yaml", "--json").json
        self.assertEqual([(f["rule"], f["line"], f["column"], f["hint"]) for f in found if f["severity"] == "error"], [
            ("SB0956", 6, 12, "did you mean `ok`?"), ("SB0956", 8, 19, "did you mean `work`?"), ("SB0956", 9, 19, "did you mean `work`?"),
            ("SB0956", 11, 37, "did you mean `ok`?"), ("SB0956", 11, 57, "did you mean `promise`?"), ("SB0956", 11, 95, "did you mean `sorry`?"),
            ("SB0956", 12, 22, "did you mean `good`?")])

    def test_overlay_finds_its_process_beside_it(self):
        self.write("small.yaml", SMALL)
        self.write("small-js.yaml", "switchboard: 1\noverlay: small-js\nof: small\nname: here\nsource: s\ndata: {ok: {default: true}}\n")
        self.ok("check", "small-js.yaml")
        self.assertIn("deployed small-js", self.ok("--db", "small.db", "deploy", "small-js.yaml").out)
        self.write("ring-1.yaml", "switchboard: 1\noverlay: ring-1\nof: ring-2\n")
        self.write("ring-2.yaml", "switchboard: 1\noverlay: ring-2\nof: ring-1\n")
        found = self.refused(1, "check", "ring-2.yaml", "--json").json
        self.assertEqual([(f["file"], f["rule"]) for f in found], [("ring-1.yaml", "SB0142")])
        self.assertIn("ring-1 > ring-2 > ring-1", found[0]["message"])

    def test_scenario_finds_its_process_beside_it(self):
        self.write("there/small.yaml", SMALL)
        self.write("there/w.scenario.yaml", "switchboard: 1\nscenario: w\ncalendar: 24x7@UTC\ncases: 3\nseed: 1\narrivals: {small: {rate: 6 per h}}\n"
                                            "resources: {crew: 1}\nactivities: {work: {duration: 5 min, resource: crew}}\n")
        self.ok("check", "there/w.scenario.yaml")
        self.ok("simulate", "there/w.scenario.yaml")
        self.folder = os.path.join(self.folder, "there")
        self.ok("check", "w.scenario.yaml")
        self.ok("simulate", "w.scenario.yaml")

    # The same answer from check, test, play, simulate, deploy and start: the table, calendar and called process beside the file.
    def test_what_is_checked_is_what_runs(self):
        def table(text):
            return ("switchboard: 1\ndecision: plan\nparameters: {n: number}\nhit: first\noutputs: [{name: r, type: string}]\n"
                    "rules:\n  - {when: ['-'], then: '\"%s\"'}\n" % text)
        asks = ("switchboard: 1\nprocess: asks\ndata: {n: {type: number, default: 1}, r: string}\ndecisions: [plan]\nnodes:\n"
                "  s: {type: startEvent, next: d}\n  d: {type: businessRuleTask, decision: plan, in: {n: n}, out: {r: result}, next: c}\n"
                "  c: {type: callActivity, process: part, next: e}\n  e: {type: endEvent}\n")
        part = "switchboard: 1\nprocess: part\nnodes:\n  s: {type: startEvent, next: %s}\n  %s: {type: userTask, next: e}\n  e: {type: endEvent}\n"
        self.write("shipped/plan.yaml", table("shipped"))
        self.write("shipped/part.yaml", part % ("shipped", "shipped"))
        self.write("mine/plan.yaml", table("mine"))
        self.write("mine/part.yaml", part % ("mine", "mine"))
        self.write("mine/asks.yaml", asks)
        self.write("mine/asks.test.yaml", "switchboard: 1\ntest: asks\nprocess: asks\ncases:\n  - name: mine\n    steps:\n"
                                          "      - expect: {data: {r: mine}}\n      - complete: mine\n")
        shipped = ["--processes", "shipped"]
        self.ok("test", "mine/asks.test.yaml", *shipped)
        answer = self.ok("start", "mine/asks.yaml", "--case", "A", *shipped, "--db", "a.db")
        self.assertEqual(self.ok_json("data", "--case", "A", "--db", "a.db", *shipped)["r"], "mine")
        self.assertEqual([w["node"] for w in self.ok_json("work", "--db", "a.db", *shipped)], ["mine"])
        listed = self.ok_json("deployments", "--resources", "--db", "a.db", *shipped)
        self.assertEqual([(r["kind"], r["id"], r["file"], r["by_hand"], r["used_by"]) for r in listed],
                         [("decision", "plan", "mine/plan.yaml", True, ["asks"])])
        # A table that is given alone: who still has the older one is said.
        self.write("mine/plan.yaml", table("newer"))
        alone = self.ok("deploy", "mine/plan.yaml", *shipped, "--db", "a.db")
        self.assertEqual(alone.out, "stored mine/plan.yaml\n")
        self.assertIn("still with the older table 'plan': asks", alone.err)
        self.assertIn("mine/plan.yaml", self.ok("deployments", *shipped, "--db", "a.db").out)
        self.ok("start", "mine/asks.yaml", "--case", "B", *shipped, "--db", "a.db")
        self.assertEqual(self.ok_json("data", "--case", "B", "--db", "a.db", *shipped)["r"], "newer")

    def test_one_version_tag_has_one_content(self):
        self.write("small.yaml", SMALL.replace("process: small\n", "process: small\nversion: '7'\n"))
        self.ok("deploy", "small.yaml", "--db", "v.db")
        self.ok("deploy", "small.yaml", "--db", "v.db")
        self.write("small.yaml", SMALL.replace("process: small\n", "process: small\nversion: '7'\n").replace("crew", "people"))
        self.refused(1, "deploy", "small.yaml", "--db", "v.db", says=["SB0570", "version '7' of process 'small'"])
        self.assertEqual(len(self.ok_json("deployments", "--db", "v.db")), 1)

    def test_a_folder_without_files_is_a_mistake(self):
        os.mkdir(os.path.join(self.folder, "nothing"))
        found = self.refused(1, "check", "nothing", "--json").json
        self.assertEqual([(f["rule"], f["file"]) for f in found], [("SB0719", "nothing")])

    def test_called_process_must_exist(self):
        self.write("caller.yaml", SMALL.replace("process: small", "process: caller").replace("type: userTask, name: {en: Work on it, zh: 处理}, groups: [crew], form: [ok],",
                                                                                             "type: callActivity, process: callbak,"))
        found = self.refused(1, "check", "caller.yaml", "--json").json
        self.assertTrue(any("callbak" in f["message"] and "callback" in f["hint"] for f in found), found)

    def test_what_check_refuses_is_refused_by_deploy_play_and_simulate(self):
        self.write("child.yaml", "switchboard: 1\nprocess: child\ndata:\n  subject: {type: string, required: true}\n"
                                 "nodes:\n  begin: {type: startEvent, next: done}\n  done: {type: endEvent}\n")
        self.write("parent.yaml", "switchboard: 1\nprocess: parent\nnodes:\n  begin: {type: startEvent, next: ask}\n"
                                  "  ask: {type: callActivity, process: child, next: done}\n  done: {type: endEvent}\n")
        self.write("world.scenario.yaml", "switchboard: 1\nscenario: world\ncalendar: 24x7@UTC\ncases: 3\narrivals: {parent: {rate: 6 per h}}\n")
        for words in (["check", "parent.yaml"], ["--db", "a.db", "deploy", "parent.yaml"], ["play", "parent.yaml", "--auto"],
                      ["simulate", "world.scenario.yaml"]):
            refused = self.refused(1, *words)
            self.assertIn("SB0461", refused.out + refused.err, words)


class Show(driver.Case):
    def test_outline(self):
        self.write("small.yaml", SMALL)
        self.assertIn("Work on it", self.ok("show", "small.yaml", "--lang", "en").out)
        self.assertIn("处理", self.ok("show", "small.yaml", "--lang", "zh").out)
        self.assertEqual(self.ok_json("show", "small.yaml")["process"], "small")
        self.assertIn("dispatch", self.ok("show", "repair").out)
        self.refused(1, "show", "repare", says=["did you mean 'repair'?"])


SUPPLY_TEST = """switchboard: 1
test: supply
process: supply-applicant
cases:
  - name: an application and its offer
    case: S-1
    data: {load: 10}
    steps:
      - expect: {at: [wait], not-at: [centre/reply]}
      - expect: {at: [wait, centre/price]}
      - refused: {complete: price/centre, id: SB0504}
      - {complete: centre/price, with: {price: 99}}
    expect: {data: {offer: 99}, ended: [done, centre/reply]}
"""


class Collaborations(driver.Case):
    def setUp(self):
        super().setUp()
        with open(os.path.join(driver.SOURCE, "docs", "language.md"), encoding="utf-8") as page:
            blocks = [b for b in page.read().split("```") if b.startswith("yaml\nswitchboard: 1\ncollaboration: supply\n")]
        self.assertEqual(len(blocks), 1)
        self.supply = blocks[0].removeprefix("yaml\n")
        self.write("supply.yaml", self.supply)
        self.write("supply.test.yaml", SUPPLY_TEST)

    def test_checked_tested_played_and_shown(self):
        self.ok("check", ".")
        self.assertIn("1 passed", self.ok("test", "supply.test.yaml").out)
        shown = self.ok("show", "supply.yaml").out
        self.assertIn("collaboration supply with centre (supply-centre)", shown)
        self.assertIn("collaboration supply with applicant (supply-applicant)", shown)
        self.assertEqual(len(self.ok_json("show", "supply.yaml")), 2)
        self.assertIn("centre/price", self.ok("play", "supply-applicant", "--processes", ".", "--auto").out)
        self.refused(1, "play", "supply.yaml", "--auto", says=["SB0712", "supply-applicant, supply-centre"])

    def test_deployed_and_run(self):
        self.assertIn("supply-centre number 1", self.ok("deploy", "supply.yaml").out)
        self.ok("start", "supply-applicant", "--case", "S-1", "--data", '{"load": 3}')
        self.assertEqual([w["place"] for w in self.ok_json("work")], ["price"])
        self.ok("complete", self.ok_json("work")[0]["work"], "--data", '{"price": 5}')
        self.assertEqual(self.ok_json("instances", "--case", "S-1")[0]["case"], "S-1")
        self.assertEqual({c["state"] for c in self.ok_json("instances", "--case", "S-1")}, {"completed"})
        self.ok("fsck")

    def test_a_mistake_in_one_pool_is_told_once(self):
        self.write("supply.yaml", self.supply.replace("next: wait}", "next: wiat}"))
        found = self.run_it("check", ".").out
        self.assertEqual(found.count("error"), 1, found)
        self.assertIn("SB0120", found)
        self.refused(1, "deploy", "supply.yaml", says=["nothing is deployed"])


CONTRACT = """switchboard: 1
contract: dispatch
messages:
  arrived: {direction: in, payload: {at: date-time, crew: string}, required: [at], example: {at: "2026-03-02T09:00:00+08:00"}}
  wanted: {direction: out, payload: {area: string}, required: [area]}
"""

AGREED = """switchboard: 1
process: fix
calendar: 24x7@UTC
data: {at: {type: date-time}, area: {type: string}, crew: {type: string}}
messages:
  arrived: {payload: {at: date-time, crew: string}}
nodes:
  begin: {type: startEvent, next: send}
  send: {type: sendTask, message: wanted, in: {area: area}, next: wait}
  wait: {type: receiveTask, message: arrived, next: done}
  done: {type: endEvent}
"""


class Contracts(driver.Case):
    def found(self, process, contract=CONTRACT):
        self.write("dispatch.yaml", contract)
        self.write("fix.yaml", process)
        out = self.run_it("check", "--advice", ".").out
        return [line.split(": ", 1)[1] for line in out.splitlines() if "SB0480" in line or "SB0481" in line or "SB0128" in line]

    def test_what_agrees_is_not_mentioned(self):
        self.assertEqual(self.found(AGREED), [])

    def test_what_differs_is_told_where_it_stands(self):
        for change, says in {
            ("date-time, crew: string}", "date-time, crew: number}"): "field 'crew' of message 'arrived' is string in contract 'dispatch', and number here",
            ("date-time, crew: string}}", "date-time}}"): "may come with 'crew'",
            ("{at: date-time, crew", "{when: date-time, at: date-time, crew"): "has no field 'when'",
            ("in: {area: area}, ", ""): "is sent without 'area'",
            ("in: {area: area}", "in: {area: area, region: area}"): "has no field 'region'",
            ("message: arrived, next: done", "message: wanted, next: done"): "is sent by us in contract 'dispatch'",
            ("message: wanted, in: {area: area}", "message: arrived"): "is sent to us in contract 'dispatch'",
        }.items():
            with self.subTest(says):
                found = [f for f in self.found(AGREED.replace(*change)) if "SB0480" in f]
                self.assertEqual(len(found), 1, found)
                self.assertIn(says, found[0])

    def test_contracts_by_themselves(self):
        self.assertIn("advice SB0481", self.found(AGREED, CONTRACT + "  arived: {direction: in}\n")[0])
        self.write("other.yaml", CONTRACT.replace("contract: dispatch", "contract: other"))
        self.assertEqual(sum("SB0128" in f for f in self.found(AGREED)), 2)
        self.refused(1, "deploy", "dispatch.yaml", says=["SB0712", "leave it out"])


class ProcessTests(driver.Case):
    def test_passes_and_covers(self):
        self.write("small.yaml", SMALL)
        self.write("small.test.yaml", SMALL_TEST)
        answer = self.ok("test", ".")
        self.assertTrue(answer.out.endswith("2 passed, 0 failed\n"), answer.out)
        self.assertIn("small: 4 of 4 flows taken", answer.out)
        self.assertEqual(self.ok_json("test", ".")["passed"], 2)

    def test_failure_names_line_and_difference(self):
        self.write("small.yaml", SMALL)
        self.write("small.test.yaml", SMALL_TEST.replace("ended: [good]", "ended: [bad]").replace("due: 2026-03-02T11:00", "due: 2026-03-02T12:00"))
        answer = self.refused(1, "test", "small.yaml", "small.test.yaml")
        self.assertIn("small.test.yaml:12:", answer.out)
        self.assertIn("ended: expected [bad], reached [good]", answer.out)
        self.assertIn("due: expected 2026-03-02T12:00:00+08:00, is 2026-03-02T11:00:00+08:00", answer.out)
        self.assertTrue(answer.out.endswith("1 passed, 1 failed\n"), answer.out)

    def test_flows_left_out(self):
        only_good = SMALL_TEST[: SMALL_TEST.index("  - name: bad and late")]
        self.write("small.yaml", SMALL)
        self.write("small.test.yaml", only_good)
        self.assertIn("no test takes which->bad", self.refused(1, "test", ".").out)
        self.assertTrue(self.ok("test", ".", "--allow-uncovered").out.endswith("1 passed, 0 failed\n"))
        self.write("small.test.yaml", only_good + "uncovered: [which->bad]\n")
        self.ok("test", ".")
        self.write("small.test.yaml", only_good + "uncovered: [which->bad, which->good]\n")
        self.assertIn("a test takes flow which->good now", self.refused(1, "test", ".").out)

    def test_filter(self):
        self.write("small.yaml", SMALL)
        self.write("small.test.yaml", SMALL_TEST)
        self.assertTrue(self.ok("test", ".", "--filter", "late").out.endswith("1 passed, 0 failed\n"))
        self.refused(1, "test", ".", "--filter", "nothing like it", says=["no case matches"])

    def test_broken_process_is_not_tested(self):
        self.write("small.yaml", SMALL.replace("next: which}", "next: wich}"))
        self.write("small.test.yaml", SMALL_TEST)
        self.refused(1, "test", ".", says=["wich", "did you mean", "nothing was tested"])

    def test_what_an_operator_does(self):
        self.write("p.yaml", """switchboard: 1
process: p
calendar: 24x7@Asia/Shanghai
nodes:
  begin: {type: startEvent, next: work}
  work: {type: userTask, next: done}
  done: {type: endEvent}
sla:
  reply: {start: {process: started}, stop: {completed: work}, within: 2 h}
""")
        self.write("p.test.yaml", """switchboard: 1
test: p
process: p
cases:
  - name: an operator extends, holds and lets go on
    steps:
      - {clock: reply, change: extend, amount: 1 h, reason: flood, by: li}
      - expect: {clocks: {reply: {due: 2026-03-02T12:00, original-due: 2026-03-02T11:00}}}
      - {clock: reply, change: pause, reason: asked, by: li}
      - advance: 1 h
      - {clock: reply, change: resume, reason: asked, by: li}
      - expect: {clocks: {reply: {due: 2026-03-02T13:00, state: running}}}
      - {operator: suspend, reason: police, by: li}
      - refused: {complete: work, id: SB0502}
      - {operator: resume, by: li}
      - {clock: reply, change: void, reason: mistake, by: li}
      - complete: work
    expect: {ended: [done], clocks: {reply: {state: cancelled}}}
  - name: cancelled
    steps:
      - {operator: cancel, reason: withdrawn, by: li}
      - refused: {complete: work}
""")
        self.assertIn("2 passed", self.ok("test", "p.test.yaml").out)


class Play(driver.Case):
    def test_by_chance_is_repeatable_and_ends(self):
        words = ["play", "repair", "--auto", "--seed", "7", "--cases", "3"]
        first = self.ok(*words)
        self.assertEqual(first.out, self.ok(*words).out)
        self.assertIn("3 of 3 cases ended", first.out)
        self.assertNotEqual(first.out, self.ok("play", "repair", "--auto", "--seed", "8", "--cases", "3").out)

    def test_json(self):
        played = self.ok_json("play", "repair", "--auto", "--seed", "1")
        self.assertIs(played[0]["ended"], True)
        self.assertEqual(played[0]["timeline"][0]["event"], "instance-started")

    def test_by_hand(self):
        self.write("small.yaml", SMALL)
        answer = self.ok("play", "small.yaml", "--now", "2026-03-02T09:00", stdin="1\n{\"ok\": true}\nq\n")
        self.assertIn("complete work", answer.out)
        self.assertIn("is completed", answer.out)

    def test_undo(self):
        self.write("small.yaml", SMALL)
        shown = self.ok("play", "small.yaml", "--now", "2026-03-02T09:00", stdin="q\n").out
        advance = next(line.split()[0] for line in shown.splitlines() if "advance 1 h" in line)
        answer = self.ok("play", "small.yaml", "--now", "2026-03-02T09:00", stdin=f"{advance}\nq\n").out
        undo = next(line.split()[0] for line in answer.splitlines() if line.strip().endswith("undo"))
        back = self.ok("play", "small.yaml", "--now", "2026-03-02T09:00", stdin=f"{advance}\n{undo}\nq\n").out
        self.assertIn("2026-03-02T10:00:00+08:00  case", back)
        self.assertTrue(back.rindex("2026-03-02T09:00:00+08:00  case") > back.rindex("2026-03-02T10:00:00+08:00  case"))


class WrongUse(driver.Case):
    def test_unknown_words(self):
        self.refused(2, says=["SB0701"])
        self.refused(2, "chek", says=["there is no verb 'chek'", "did you mean 'check'?"])
        self.refused(2, "calendar", "dedline", says=["did you mean 'deadline'?"])
        self.refused(2, "check", "--jsn", "x", says=["--jsn", "did you mean '--json'?"])
        self.refused(2, "calendar", "show", "2026", says=["no further argument"])
        self.refused(2, "start", says=["PROCESS"])
        self.refused(2, "show", "repair", "--lang", "fr", says=["SB0701"])

    def test_help_and_version(self):
        self.assertIn("check", self.ok("--help").out)
        self.assertIn("--within", self.ok("calendar", "deadline", "--help").out)
        self.assertRegex(self.ok("--version").out, r"^switchboard \d+\.\d+\.\d+\nSQLite \d+\.\d+\.\d+\n$")

    def test_options_before_and_after_the_verb(self):
        before = self.ok("--json", "calendar", "deadline", "--from", "2026-03-02", "--within", "1 bd").json
        self.assertEqual(before, self.ok_json("calendar", "deadline", "--from", "2026-03-02", "--within", "1 bd"))

    def test_processes_folder(self):
        self.refused(1, "--processes", os.path.join(self.folder, "nowhere"), "show", "repair", says=["nowhere"])


class Completion(driver.Case):
    def complete(self, *words):
        return self.ok("__complete", "--", *words).out.split("\n")[:-1]

    def test_scripts(self):
        for shell in ("bash", "zsh", "fish"):
            self.assertIn("__complete", self.ok("completion", shell).out)
        self.refused(2, "completion", "powershell")

    def test_candidates(self):
        self.assertIn("check", self.complete("ch"))
        self.assertIn("deadline", self.complete("calendar", ""))
        self.assertIn("--within", self.complete("calendar", "deadline", "--"))
        self.assertIn("cn", self.complete("calendar", "deadline", "--calendar", ""))
        self.assertIn("repair", self.complete("start", ""))
        self.assertIn("arrival", self.complete("clocks", "--clock", ""))
        self.assertIn("report-withdrawn", self.complete("message", ""))


if __name__ == "__main__":
    driver.main()
