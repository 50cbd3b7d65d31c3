"""Verbs on a database: a fault repair and a new connection from start to end, verb by verb, each one a process of its own."""
import json
import os
import sqlite3
import subprocess
import unittest

import driver

REPAIR = {"customer_no": "1001", "phone": "13800000001", "area": "urban"}


class Engine(driver.Case):
    now = "2026-03-02T09:00"

    def at(self, instant):
        self.now = instant

    def do(self, *words):
        """A verb on this test's database at this test's instant, answered in JSON."""
        return self.ok_json("--db", "cases.db", "--now", self.now, *words)

    def say(self, *words):
        return self.ok("--db", "cases.db", "--now", self.now, *words).out

    def refuse(self, *words, says=(), code=1):
        return self.refused(code, "--db", "cases.db", "--now", self.now, *words, says=says)

    def start_repair(self, case="R-1"):
        return self.do("start", "repair", "--case", case, "--data", json.dumps(REPAIR))

    def clock(self, clock, case="R-1"):
        return next(c for c in self.do("clocks", "--case", case) if c["clock"] == clock)


class Start(Engine):
    def test_answers_with_the_instance(self):
        answer = self.start_repair()
        self.assertTrue(answer["instance"].startswith("i-"))
        self.assertEqual((answer["case"], answer["process"], answer["state"]), ("R-1", "repair", "active"))
        self.assertEqual(answer["started"], "2026-03-02T09:00:00+08:00")
        self.assertIn("repair", [d["process"] for d in self.do("deployments")])

    def test_data_from_a_file(self):
        self.write("data.json", json.dumps(REPAIR))
        self.assertEqual(self.do("start", "repair", "--case", "R-2", "--data", "@data.json")["case"], "R-2")

    def test_same_request_twice_is_one_case(self):
        words = ["start", "repair", "--case", "R-1", "--data", json.dumps(REPAIR), "--request-id", "r1"]
        self.assertEqual(self.do(*words)["instance"], self.do(*words)["instance"])
        self.assertEqual(len(self.do("instances")), 1)

    def test_a_command_before_the_last_instant_says_what_is_recorded(self):
        case = self.start_repair()
        self.at("2026-03-02T08:00")
        answer = self.ok("--db", "cases.db", "--now", self.now, "set", case["instance"], "--data", '{"reason": "late"}')
        self.assertIn("--now 2026-03-02T08:00:00+08:00 is before the last instant of case 'R-1': this is recorded as of 2026-03-02T09:00:00+08:00", answer.err)
        self.assertEqual(self.do("history", case["instance"])[-1]["at"], "2026-03-02T09:00:00+08:00")

    def test_refusals_change_nothing(self):
        self.refuse("start", "repare", "--case", "R-1", says=["repare", "did you mean 'repair'?"])
        self.refuse("start", "repair", "--case", "R-1", "--data", '{"area": "moon"}', says=["SB0501", "area", "moon"])
        self.refuse("start", "repair", "--case", "R-1", "--data", "{", says=["--data"])
        self.refuse("start", "repair", "--case", "R-1", "--data", "[1]", says=["SB0710", "one JSON object"])
        self.refuse("start", "repair", "--case", "R-1", "--data", "@nowhere.json", says=["nowhere.json"])
        self.assertEqual(self.do("instances"), [])

    def test_who_starts_a_case_moves_no_promise_and_skips_no_step(self):
        for process, given, handed_in in [
            ("repair", REPAIR, {"promise_from": "2026-03-09T09:00"}),
            ("complaint", {"demand": "complaint"}, {"accepted_on": "2009-01-01"}),
            ("new-connection", {"applicant": "Li", "supply_class": "lv"}, {"accepted_on": "2009-01-01"}),
            ("arrears", {"customer_no": "1", "debt": 80, "due_on": "2026-02-10T00:00"}, {"was_cut": True}),
            ("callback", {"subject": "repair"}, {"rehandle": True}),
        ]:
            with self.subTest(process, data=handed_in):
                self.refuse("start", process, "--case", "S-1", "--data", json.dumps(dict(given, **handed_in)), says=["SB0533", *handed_in])
        self.assertEqual(self.do("instances"), [])


HEARD = """
switchboard: 1
process: heard
messages: {hold: {key: ref}, paid: {key: ref}}
data: {ref: {type: string, required: true}}
nodes:
  s: {type: startEvent, next: w}
  w: {type: receiveTask, message: paid, next: e}
  e: {type: endEvent}
sla:
  c: {start: {message: begin-now}, pause: {message: hold}, resume: {message: paid}, within: 2 h}
"""
CIRCLE = """
switchboard: 1
process: circle
nodes:
  s: {type: startEvent, next: i}
  i: {type: userTask, groups: [g], next: e, boundary: {t: {timer: {every: 1 ms, missed: all}, interrupting: false, next: x}}}
  x: {type: endEvent}
  e: {type: endEvent}
"""


class Events(Engine):
    def test_messages_by_case_number(self):
        self.write("heard.yaml", HEARD)
        self.do("start", "heard.yaml", "--case", "C-1", "--data", '{"ref": "R-7"}')
        self.do("message", "begin-now", "--case", "C-1")
        self.do("message", "hold", "--case", "C-1")
        self.assertEqual(self.clock("c", "C-1")["state"], "paused")
        self.refuse("message", "paid", "--key", "C-1", says=["SB0506", "key 'C-1'"])
        self.refuse("message", "paid", "--case", "C-2", says=["SB0506", "case 'C-2'"])
        self.assertEqual(self.do("message", "paid", "--case", "C-1")["state"], "completed")

    def test_one_case_does_not_take_a_whole_tick(self):
        self.write("circle.yaml", CIRCLE)
        self.do("start", "circle.yaml", "--case", "C-1")
        self.at("2026-03-02T09:10")
        report = self.do("tick")
        self.assertEqual((report["timers"], report["put_off"]), (1000, 1))


JOB = """switchboard: 1
process: job
data: {urgent: number}
nodes:
  begin: {type: startEvent, next: work}
  work: {type: serviceTask, job: press, retries: 3, priority: urgent, next: end}
  end: {type: endEvent}
"""


class Workers(Engine):
    def test_fetch_extend_and_the_token(self):
        self.write("job.yaml", JOB)
        self.do("start", "job.yaml", "--case", "J-1", "--data", '{"urgent": 1}')
        self.do("start", "job", "--case", "J-2", "--data", '{"urgent": 2}')
        first = self.do("fetch", "a", "press", "other", "--lease", "5 min")
        self.assertEqual([(j["case"], j["token"], j["assignee"], j["attempt"]) for j in first], [("J-2", 1, "a", 1)])
        self.assertEqual(first[0]["lease_until"], "2026-03-02T09:05:00+08:00")
        work = first[0]["work"]
        self.refuse("claim", work, "--by", "a", says=["SB0505", "token"])
        extended = self.do("extend", work, "--by", "a", "--token", "1", "--lease", "10 min")
        self.assertEqual(extended["lease_until"], "2026-03-02T09:10:00+08:00")
        self.at("2026-03-02T09:10")
        both = self.do("fetch", "b", "press", "--most", "5", "--wait", "1 s")
        self.assertEqual([(j["case"], j["token"]) for j in both], [("J-2", 2), ("J-1", 1)])
        self.assertEqual(self.do("fetch", "c", "press"), [])
        self.refuse("complete", work, "--by", "a", "--token", "1", says=["SB0511", "claimed by 'b' under token 2"])
        self.do("fail", work, "--by", "b", "--token", "2", "--message", "jam", "--retries", "7", "--retry-in", "1 h")
        self.assertEqual(self.do("work", "--case", "J-2")[0]["retries"], 7)
        released = self.do("release", both[1]["work"], "--by", "b", "--token", "1")
        self.assertEqual(released["state"], "offered")
        [again] = self.do("fetch", "b", "press")
        self.assertEqual(self.do("complete", again["work"], "--token", str(again["token"]))["state"], "completed")
        self.refuse("fetch", "", "press", says=["SB0556"], code=2)
        self.refuse("fetch", "a", "press", "--lease", "soon", says=["SB0702"], code=2)


class Work(Engine):
    def test_claim_release_complete(self):
        self.start_repair()
        work = self.do("work", "--case", "R-1")
        self.assertEqual([w["node"] for w in work], ["handle/dispatch"])
        for verb in (["claim"], ["complete", "--data", '{"crew": "A"}'], ["fail", "--message", "no"]):
            self.refuse(*verb, work[0]["work"], "--by", "wang", "--groups", "crew,call-centre", says=["SB0505", "repair-command"])
        claimed = self.do("claim", work[0]["work"], "--by", "wang", "--groups", "crew,repair-command")
        self.assertEqual(claimed["assignee"], "wang")
        self.refuse("claim", work[0]["work"], "--by", "li", says=["SB0505"])
        self.assertIsNone(self.do("release", work[0]["work"].replace(".", "/"), "--by", "wang")["assignee"])  # as earlier versions wrote it
        done = self.do("complete", work[0]["work"], "--data", '{"crew": "A"}', "--by", "wang")
        self.assertEqual(done["at"], ["handle/accept-order"])
        self.assertEqual(self.do("data", "--case", "R-1")["crew"], "A")

    PEOPLE = '''switchboard: 1
process: visit
data:
  asked_at: {type: date-time, set-by: process, default: =now()}
  crew: {type: string, name: {en: Crew, zh: 班组}}
  crews: {type: list<string>, default: [a, b]}
  came_at: date-time
nodes:
  begin: {type: startEvent, next: visit}
  visit:
    type: userTask
    groups: [field, night]
    form: [{field: crew, required: true, choices: crews, hint: {en: Who goes}}, {field: came_at, max: now(), name: Arrival}]
    next: done
  done: {type: endEvent}
sla:
  come: {start: {process: started}, stop: {completed: visit}, within: 1 h, from: asked_at, marks: [{at: breach, escalate: late}]}
escalations:
  late: {name: {en: Too late, zh: 超时}, groups: [heads]}
'''

    def test_forms_and_people(self):
        path = self.write("visit.yaml", self.PEOPLE)
        self.do("deploy", path)
        self.refuse("start", "visit", "--case", "V-1", "--data", '{"asked_at": "2026-03-05T09:00"}', says=["SB0533", "asked_at"])
        self.do("start", "visit", "--case", "V-1")
        self.refuse("set", "--case", "V-1", "--data", '{"asked_at": "2026-03-05T09:00"}', "--by", "li", says=["SB0533"])
        self.do("set", "--case", "V-1", "--data", '{"asked_at": "2026-03-02T08:50"}', "--by", "li", "--reason", "the recording says so")
        shown = self.do("work", "visit", "--case", "V-1")
        crew, came = shown["fields"]
        self.assertEqual((crew["label"], crew["required"], crew["choices"], crew["hint"], crew["type"]), ("Crew", True, ["a", "b"], "Who goes", "string"))
        self.assertEqual((came["label"], came["required"], came["max"][:16]), ("Arrival", False, "2026-03-02T09:00"))
        self.refuse("complete", shown["work"], "--by", "wang", says=["SB0534", "'crew' must be given"])
        self.refuse("complete", shown["work"], "--by", "wang", "--data", '{"crew": "c"}', says=["SB0534", "is not one of a, b"])
        self.refuse("complete", shown["work"], "--by", "wang", "--data", '{"crew": "a", "came_at": "2026-03-02T09:30"}', says=["SB0534", "came_at"])
        self.do("claim", shown["work"], "--by", "wang")
        self.refuse("release", shown["work"], says=["SB0510"])
        self.refuse("release", shown["work"], "--by", "boss", says=["SB0505"])
        self.assertEqual(self.do("assign", shown["work"], "--to", "zhao", "--by", "boss", "--reason", "wang is ill")["assignee"], "zhao")
        self.refuse("complete", shown["work"], "--by", "wang", "--data", '{"crew": "a"}', says=["SB0505", "zhao"])
        self.at("2026-03-02T10:10")
        self.do("tick")
        [told] = [o for o in self.do("outbox") if o["kind"] == "escalation"]
        self.assertEqual((told["body"]["name"], told["body"]["groups"], told["body"]["holders"], told["body"]["late_seconds"]), ({"en": "Too late", "zh": "超时"}, ["heads"], ["zhao"], 600))
        self.assertEqual([(r["person"], r["group"]) for r in self.do("report", "--by", "person,group")["rows"]], [("zhao", "field, night")])
        self.do("complete", shown["work"], "--by", "zhao", "--data", '{"crew": "a", "came_at": "2026-03-02T09:30"}')
        self.assertEqual([(r["person"], r["group"], r["broken"]) for r in self.do("report", "--by", "person,group")["rows"]], [("zhao", "field, night", 1)])
        nodes = {n["id"]: n for n in self.ok_json("show", path)["nodes"]}
        self.assertEqual([(f["name"], f["required"], f["choices_from"], f["max"]) for f in nodes["visit"]["form"]], [("crew", True, "crews", None), ("came_at", False, None, "now()")])

    def test_a_repeated_request_finds_work_that_is_gone(self):
        self.start_repair()
        self.start_repair("R-2")
        words = ["complete", "--case", "R-1", "dispatch", "--data", '{"crew": "A"}', "--request-id", "d1"]
        self.assertEqual(self.do(*words), self.do(*words))
        other_data = words[:5] + ['{"crew": "B"}'] + words[6:]
        self.refuse(*other_data, says=["SB0546", "with other data"])
        self.refuse("complete", "--case", "R-2", *words[3:], says=["SB0546", "complete i-1"])
        self.refuse("fail", "--case", "R-1", "dispatch", "--message", "no", "--request-id", "d1", says=["SB0546"])
        claim = ["claim", "--case", "R-2", "dispatch", "--by", "wang", "--request-id", "c1"]
        release = ["release", "--case", "R-2", "dispatch", "--by", "wang", "--request-id", "c2"]
        self.do(*claim)
        self.do(*release)
        self.do("complete", "--case", "R-2", "dispatch", "--data", "{}")
        self.assertEqual(self.do(*claim)["assignee"], "wang")
        self.assertIsNone(self.do(*release)["assignee"])

    def test_by_case_and_node(self):
        self.start_repair()
        self.do("complete", "--case", "R-1", "dispatch", "--data", "{}")
        self.do("complete", "--case", "R-1", "handle/accept-order", "--data", "{}")
        self.assertEqual([w["node"] for w in self.do("work")], ["handle/arrive"])
        self.refuse("complete", "--case", "R-1", "dispatch", says=["dispatch", "handle/arrive"])
        self.refuse("complete", "i-1/9999", says=["i-1/9999"])

    def test_refused_result_changes_nothing(self):
        self.start_repair()
        self.refuse("complete", "--case", "R-1", "dispatch", "--data", '{"route": "by sea"}', says=["SB0501", "route"])
        self.assertEqual([w["node"] for w in self.do("work")], ["handle/dispatch"])


class Clocks(Engine):
    def test_fixed_interface(self):
        self.start_repair()
        self.at("2026-03-02T09:30")
        clock = self.clock("arrival")
        self.assertEqual(
            {k: clock[k] for k in ("case", "clock", "state", "breached", "started", "due", "original_due", "percent", "provisional")},
            {
                "case": "R-1",
                "clock": "arrival",
                "state": "running",
                "breached": False,
                "started": "2026-03-02T09:00:00+08:00",
                "due": "2026-03-02T10:00:00+08:00",
                "original_due": "2026-03-02T10:00:00+08:00",
                "percent": 50,
                "provisional": False,
            },
        )
        self.assertEqual((clock["elapsed_business"], clock["elapsed_unit"]), (0.5, "h"))

    def test_rederive_by_filter(self):
        self.start_repair()
        self.assertEqual(self.do("rederive", "--all", "--reason", "2027 is out"), {"cases": 1})
        self.assertEqual(self.do("rederive", "--process", "repair"), {"cases": 1})
        self.assertEqual(self.do("rederive", "--case", "R-1"), {"cases": 1})
        self.assertFalse([e for e in self.do("history", "i-1") if e["event"] in ("clock-moved", "timer-moved")])
        self.refuse("rederive", "--process", "repiar", says=["SB0717"])
        self.refuse("rederive", "i-1", "--all", says=["SB0701"], code=2)

    def test_an_operator_changes_it(self):
        self.start_repair()
        self.at("2026-03-02T09:30")
        words = ["clock", "--case", "R-1", "arrival", "--extend", "30 min", "--reason", "typhoon", "--by", "li", "--request-id", "e-1"]
        self.assertEqual(self.do(*words), self.do(*words))
        clock = self.clock("arrival")
        self.assertEqual((clock["due"], clock["original_due"]), ("2026-03-02T10:30:00+08:00", "2026-03-02T10:00:00+08:00"))
        self.assertEqual(
            clock["changes"],
            [
                {
                    "at": "2026-03-02T09:30:00+08:00",
                    "change": "extend",
                    "amount": "30 min",
                    "by": "li",
                    "reason": "typhoon",
                    "due_before": "2026-03-02T10:00:00+08:00",
                    "due_after": "2026-03-02T10:30:00+08:00",
                }
            ],
        )
        self.refuse(*words[:4], "--void", "--reason", "other", "--by", "li", "--request-id", "e-1", says=["SB0546"])
        self.refuse("clock", "i-1", "arrival", "--void", "--by", "li", says=["SB0701", "--reason"], code=2)
        self.refuse("clock", "i-1", "arrival", "--void", "--reason", "r", says=["SB0701", "--by"], code=2)
        self.refuse("clock", "i-1", "arrival", "--void", "--pause", "--reason", "r", "--by", "li", says=["SB0701", "one of"], code=2)
        self.refuse("clock", "i-1", "arrival", "--resume", "--reason", "r", "--by", "li", says=["SB0513"])
        self.at("2026-03-02T10:30")
        self.do("tick")
        self.assertFalse(self.clock("arrival")["breached"])
        self.do("clock", "i-1", "arrival", "--void", "--reason", "r", "--by", "li")
        self.at("2026-03-02T12:00")
        self.do("tick")
        clock = self.clock("arrival")
        self.assertEqual((clock["state"], clock["breached"], len(clock["changes"])), ("cancelled", False, 2))
        changed = [e for e in self.do("history", "i-1") if e["event"] == "clock-changed"]
        self.assertEqual([e["details"]["change"] for e in changed], ["extend", "void"])
        self.assertEqual(sum(r["changed"] for r in self.do("report")["rows"]), 1)

    def test_sorted_by_what_breaks_next(self):
        self.start_repair()
        due = [c["due"] for c in self.do("clocks") if c["state"] == "running"]
        self.assertEqual(due, sorted(due))
        self.assertTrue(all(c["due"] < "2026-03-02T09:10" for c in self.do("clocks", "--due-before", "10 min")))
        self.assertTrue(self.do("clocks", "--due-before", "10 min"))

    def test_tick_fires_marks_once(self):
        self.start_repair()
        self.at("2026-03-02T10:30")
        self.assertGreater(self.do("tick")["marks"], 0)
        self.assertEqual(self.do("tick")["marks"], 0)
        self.assertIs(self.clock("arrival")["breached"], True)
        outbox = [o["name"] for o in self.do("outbox")]
        self.assertEqual(outbox.count("arrival-delayed"), 1)

    def test_deliver_empties_the_outbox(self):
        self.start_repair()
        waiting = self.do("outbox", "--state", "waiting")
        self.assertTrue(waiting)
        self.assertEqual(len(self.do("outbox", "--deliver")), len(waiting))
        self.assertEqual(self.do("outbox", "--state", "waiting"), [])
        self.assertEqual(self.do("outbox", "--deliver"), [])

    def deliver_into_nothing(self, *words):
        command = f"{driver.BINARY} --db cases.db --now {self.now} outbox --deliver {' '.join(words)} > /dev/full"
        done = subprocess.run(command, shell=True, cwd=self.folder, capture_output=True, text=True, env=self.environment())
        self.assertEqual(done.returncode, 1)
        self.assertIn("SB0722", done.stderr)

    def test_what_cannot_be_written_waits_and_is_tried_again(self):
        for case in ("R-1", "R-2"):
            self.start_repair(case)
        before = len(self.do("outbox"))
        self.assertGreater(before, 1)
        self.deliver_into_nothing()
        tried = [o for o in self.do("outbox") if o["attempts"] > 0]
        self.assertEqual(len(tried), 1)  # after that the output was known to be broken
        self.assertEqual((tried[0]["state"], tried[0]["error"]), ("waiting", "the output could not be written"))
        self.assertEqual(tried[0]["next_try"], "2026-03-02T09:01:00+08:00")
        self.at("2026-03-02T09:01")
        delivered = self.do("outbox", "--deliver")
        self.assertEqual(len(delivered), before)
        self.assertEqual({(o["state"], o["next_try"], o["lease_until"]) for o in delivered}, {("delivered", None, None)})

    def test_what_cannot_be_told_is_an_incident(self):
        self.start_repair()
        self.deliver_into_nothing("--attempts", "1")
        [failed] = self.do("outbox", "--state", "failed")
        [incident] = self.do("incidents")
        self.assertEqual((incident["incident"], incident["case"], incident["rule"]), (f"o-{failed['id']}", "R-1", "SB0562"))
        self.assertIn("could not be told, tried 1 time: the output could not be written", self.say("incidents"))
        self.assertIn("waits to be told again", self.say("resolve", incident["incident"]))
        self.assertEqual(self.do("incidents"), [])
        self.refuse("resolve", incident["incident"], says=["SB0563"])
        self.deliver_into_nothing("--attempts", "1", "--back-off", "'5 s'", "--longest-back-off", "'7 s'", "--lease", "'1 min'")
        self.refuse("resolve", incident["incident"], "--data", '{"area": "rural"}', says=["SB0563"], code=2)
        self.assertEqual(self.do("resolve", incident["incident"], "--drop", "--reason", "moved away", "--by", "li")["case"], "R-1")
        [dropped] = self.do("outbox", "--state", "dropped")
        self.assertTrue(dropped["error"].startswith("dropped by li: moved away"), dropped["error"])
        self.refuse("outbox", "--attempts", "3", code=2)
        self.refuse("outbox", "--deliver", "--back-off", "0 s", says=["SB0556"], code=2)
        self.assertTrue(self.ok_json("--db", "cases.db", "fsck")["sound"])


class Operators(Engine):
    def test_suspend_resume_set_cancel(self):
        self.start_repair()
        self.assertEqual(self.do("suspend", "--case", "R-1", "--reason", "storm", "--by", "boss")["state"], "suspended")
        self.refuse("complete", "--case", "R-1", "dispatch", "--data", "{}")
        self.assertEqual(self.do("resume", "--case", "R-1", "--by", "boss")["state"], "active")
        self.do("set", "--case", "R-1", "--data", '{"crew": "B"}', "--by", "boss")
        self.assertEqual(self.do("data", "--case", "R-1")["crew"], "B")
        self.assertEqual(self.do("cancel", "--case", "R-1", "--reason", "test", "--by", "boss")["state"], "cancelled")
        self.refuse("cancel", "--case", "R-1")
        self.assertEqual(self.do("work"), [])

    def test_messages(self):
        self.start_repair()
        answer = self.do("message", "report-withdrawn", "--case", "R-1", "--data", '{"withdraw_reason": "light is back"}')
        self.assertEqual(answer["case"], "R-1")
        self.assertEqual(self.do("data", "--case", "R-1")["withdraw_reason"], "light is back")
        self.refuse("message", "report-withdrawn", "--case", "R-9", says=["SB0506"])
        self.refuse("message", "report-withdrawn", code=2, says=["--case"])
        self.assertEqual(self.do("signal", "outage-progress", "--data", '{"master": "x", "progress": "arrived"}')["heard"], 0)

    def test_missing_things(self):
        self.refuse("instances", says=["SB0706", "cases.db"])
        self.start_repair()
        self.refuse("history", "--case", "R-9", says=["R-9"])
        self.refuse("history", "i-999", says=["i-999"])
        self.refuse("history", code=2, says=["which case?"])

    def test_fsck(self):
        self.start_repair()
        self.assertEqual(self.do("fsck"), {"sound": True, "violations": []})

    def test_who_may_only_read(self):
        self.start_repair()
        path = os.path.join(self.folder, "cases.db")
        os.chmod(path, 0o444)
        os.chmod(self.folder, 0o555)
        self.addCleanup(os.chmod, self.folder, 0o755)
        somebody = {"user": 65534} if os.geteuid() == 0 else {}
        asked = (["instances"], ["work"], ["clocks"], ["history", "--case", "R-1"], ["outbox"], ["watch", "--once"], ["report"], ["fsck"])
        for words in asked:
            done = subprocess.run([driver.BINARY, "--db", "cases.db", "--json", *words], cwd=self.folder, capture_output=True, text=True, timeout=60, env=self.environment(), **somebody)
            self.assertEqual(done.returncode, 0, f"{words}: {done.stderr}")
            json.loads(done.stdout)
        self.assertEqual(os.listdir(self.folder), ["cases.db"])
        done = subprocess.run([driver.BINARY, "--db", "cases.db", "tick"], cwd=self.folder, capture_output=True, text=True, timeout=60, env=self.environment(), **somebody)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "SB060[47]")

    def test_damaged_rows_are_named(self):
        self.start_repair("R-1")
        self.start_repair("R-2")
        database = sqlite3.connect(os.path.join(self.folder, "cases.db"))
        database.execute("UPDATE work SET item = x'00' WHERE instance = 1")
        database.execute("UPDATE clock SET seal = seal + 1 WHERE (instance, clock) = (SELECT instance, clock FROM clock WHERE instance = 1 LIMIT 1)")
        database.commit()
        database.close()
        work = next(w for w in self.do("work") if w["damaged"])
        self.assertEqual((work["case"], work["process"], work["instance"]), ("R-1", "repair", "i-1"))
        self.assertEqual([work[name] for name in ("state", "kind", "offered", "groups", "name", "priority")], [None] * 6)
        clocks = self.do("clocks")
        clock = next(c for c in clocks if c["damaged"])
        self.assertEqual((clock["case"], clock["instance"]), ("R-1", "i-1"))
        self.assertEqual([clock[name] for name in ("state", "due", "started", "percent", "left_seconds", "breached", "round")], [None] * 7)
        self.assertEqual(len([c for c in clocks if c["damaged"]]), 1)
        self.assertTrue(any(c["case"] == "R-2" and c["state"] == "running" for c in clocks))
        for verb in ("work", "clocks"):
            shown = self.say(verb)
            self.assertRegex(shown, r"(?m)^.*R-1 .* - ")
            self.assertNotIn("1970", shown)
        board = self.do("watch", "--once")
        self.assertEqual(sorted(board["damaged"]), sorted([work["damaged"], clock["damaged"]]))
        self.assertIn("DAMAGED\n  clock '" + clock["clock"], self.say("watch", "--once"))

    def test_a_case_whose_incidents_cannot_be_read_is_named(self):
        self.write("fails.yaml", "switchboard: 1\nprocess: fails\ndata: {n: {type: number, default: 0, max: 1}}\nnodes:\n  s: {type: startEvent, next: a}\n"
                                 "  a: {type: scriptTask, set: {n: n + 5}, next: e}\n  e: {type: endEvent}\n")
        self.do("start", "fails.yaml", "--case", "F-1")
        self.do("start", "fails", "--case", "F-2")
        self.assertEqual(len(self.do("incidents")), 2)
        database = sqlite3.connect(os.path.join(self.folder, "cases.db"))
        database.execute("UPDATE instance SET snapshot = x'00' WHERE case_no = 'F-1'")
        database.commit()
        database.close()
        found = {i["case"]: i for i in self.do("incidents")}
        self.assertEqual(set(found), {"F-1", "F-2"})
        self.assertEqual([found["F-1"][name] for name in ("incident", "node", "rule", "message", "raised")], [None] * 5)
        self.assertTrue(found["F-1"]["damaged"])
        self.assertIsNone(found["F-2"]["damaged"])
        board = self.do("watch", "--once")
        self.assertEqual((len(board["incidents"]), board["damaged"]), (1, [found["F-1"]["damaged"]]))

    def test_no_database_of_ours(self):
        self.write("cases.db", "this is no database at all, but it is long enough to look at" * 40)
        self.refuse("instances", says=["cases.db"])


class WholeCase(Engine):
    def test_repair_to_the_archive(self):
        self.start_repair()
        minute = 0
        for node, data in [
            ("dispatch", {"crew": "A"}),
            ("accept-order", {}),
            ("arrive", {}),
            ("diagnose", {"fault_cause": "fuse", "internal_fault": False}),
            ("estimate", {"estimated_restoration": "2026-03-02T11:00:00"}),
            ("clear-fault", {"handling": "new fuse"}),
            ("restore", {}),
            ("return-order", {"handling": "new fuse"}),
            ("review-order", {"order_rejected": False}),
        ]:
            minute += 1
            self.at(f"2026-03-02T09:{minute:02}")
            self.do("complete", "--case", "R-1", node, "--data", json.dumps(data))
        self.at("2026-03-02T10:00")
        self.do("tick")
        self.do("complete", "--case", "R-1", "call-back/dial", "--data", '{"outcome": "satisfied"}')
        self.do("complete", "--case", "R-1", "archive", "--data", "{}")
        case = next(c for c in self.do("instances") if c["process"] == "repair")
        self.assertEqual(case["state"], "completed")
        self.assertIs(self.clock("arrival")["breached"], False)
        self.assertEqual(self.clock("arrival")["state"], "met")
        history = self.do("history", "--case", "R-1")
        self.assertEqual(history[0]["event"], "instance-started")
        self.assertEqual([h["sequence"] for h in history], list(range(1, len(history) + 1)))
        self.assertIn("instance-completed", [h["event"] for h in history])
        self.assertEqual(self.do("fsck")["violations"], [])
        # What people see.
        self.assertIn("R-1", self.say("instances"))
        self.assertIn("到达现场", self.say("clocks", "--lang", "zh"))
        self.assertIn("到期", self.say("clocks", "--lang", "zh"))
        self.assertIn("element-entered", self.say("history", "--case", "R-1"))


if __name__ == "__main__":
    driver.main()
