"""A newcomer's tour: help and JSON of every verb, wrong use of every verb, databases that are none, play by hand and by chance."""
import json
import os
import re
import shutil
import sqlite3
import unittest

import driver
from cases_test import REPAIR, Engine

PROCESSES = ["arrears", "callback", "capacity-increase", "change-of-use", "complaint", "inspection", "inspection-plan", "new-connection", "outage-notice", "repair"]


def verbs(help_text):
    return re.findall(r"^  ([a-z]+) {2,}\S", help_text[help_text.index("Processes:"):], re.MULTILINE)


class Help(driver.Case):
    def test_every_verb_has_help(self):
        names = verbs(self.ok("--help").out)
        self.assertGreater(len(names), 25)
        for name in names:
            with self.subTest(name):
                text = self.ok(name, "--help").out
                self.assertIn("Usage: switchboard " + name, text)
                self.assertIn("--json", text)
                self.assertLess(max(len(line) for line in text.splitlines()), 200)


class Json(Engine):
    def test_every_question_answers_in_json(self):
        self.start_repair()
        for words in (["instances"], ["history", "i-1"], ["data", "i-1"], ["clocks"], ["outbox"], ["incidents"], ["deployments"], ["fsck"], ["work"], ["report"], ["watch", "--once"],
                      ["tick"], ["prune", "--before", "90 d"], ["signal", "outage-progress", "--data", '{"master": "x", "progress": "arrived"}'], ["show", "repair"], ["calendar", "next-opening", "--from", self.now],
                      ["calendar", "show", "--year", "2026"], ["feel", "1"]):
            with self.subTest(" ".join(words)):
                self.do(*words)


class WrongUse(Engine):
    """Words -> exit code and what the one message says. Nothing is printed on stdout, nothing changes."""

    MISSING = {
        "check": "PATH", "show": "PROCESS", "test": "PATH", "play": "PROCESS", "simulate": "SCENARIO", "deploy": "PROCESS", "start": "PROCESS", "message": "MESSAGE", "signal": "SIGNAL",
        "resolve": "INCIDENT", "receipt": "RECORD", "claim": "required", "release": "WORK", "assign": "required", "move": "required", "complete": "WORK", "fail": "WORK", "fetch": "WORKER", "extend": "required", "clock": "CLOCK", "begin": "ACTIVITY", "rederive": "which cases?", "cancel": "which case?", "suspend": "which case?", "resume": "which case?",
        "correct": "required", "reopen": "required", "set": "which case?", "history": "which case?", "data": "which case?", "calendar": "needs a verb", "register": "needs a verb", "feel": "EXPRESSION", "conformance": "SUITE", "completion": "SHELL",
    }

    def test_missing_arguments_before_anything_is_opened(self):
        for verb, says in self.MISSING.items():
            with self.subTest(verb):
                answer = self.refuse(verb, says=[says, "SB0701"], code=2)
                self.assertEqual(answer.out, "")
                self.assertEqual(answer.err.count("\n"), 1)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "cases.db")))

    def test_no_database(self):
        for verb in ("work", "list", "instances", "clocks", "outbox", "messages", "incidents", "deployments", "organisations", "fsck", "report", "watch", "tick"):
            with self.subTest(verb):
                self.refuse(verb, says=["SB0706", "cases.db"])

    def test_refusals(self):
        self.start_repair()
        before = self.do("history", "i-1")
        rows = [
            (2, ["claim", "nonsense", "--by", "wang"], ["not a work id", "--case NUMBER nonsense"]),
            (2, ["cancel", "R-1"], ["not an instance id", "--case R-1"]),
            (2, ["cancel", "i-1", "--case", "R-1"], ["not both"]),
            (2, ["set", "--case", "R-1"], ["--data"]),
            (2, ["claim", "--case", "R-1", "dispatch"], ["--by is required"]),
            (2, ["resolve", "nonsense"], ["no incident id"]),
            (2, ["clocks", "--state", "runing"], ["did you mean 'running'?"]),
            (2, ["instances", "--limit", "0"], ["'0' is not a whole number above 0"]),
            (2, ["instances", "--limit", "x"], ["whole number"]),
            (2, ["prune"], ["--before is required"]),
            (2, ["prune", "--before", "3 bd"], ["SB0702", "calendar"]),
            (1, ["prune", "--before", "2030-01-01"], ["SB0551"]),
            (2, ["clocks", "--due-before", "noon"], ["SB0702", "--due-before"]),
            (2, ["work", "--lang", "fr"], ["none of zh, en"]),
            (1, ["start", "repair", "--case", "R-1", "--data", json.dumps(REPAIR)], ["SB0507", "R-1"]),
            (1, ["start", "callback", "--processes", driver.PROCESSES, "--case", "R-2"], ["SB0501", "must be given"]),
            (1, ["start", "repair", "--case", "R-2", "--data", '{"customer_no": 5, "area": "urban"}'], ["data 'customer_no': 5 is a number, wanted is string [SB0501]"]),
            (1, ["start", "repair", "--start", "nowhere", "--data", json.dumps(REPAIR)], ["SB0503", "called-in, reported"]),
            (1, ["deploy", "nowhere.yaml"], ["SB0703"]),
            (1, ["complete", "--case", "R-1", "dispatsh"], ["SB0709", "handle/dispatch"]),
            (1, ["complete", "i-1.999"], ["SB0709", "handle/dispatch"]),
            (1, ["history", "i-99"], ["i-99"]),
            (1, ["resume", "--case", "R-1"], ["SB0502"]),
            (1, ["set", "--case", "R-1", "--data", '{"aera": "rural"}'], ["did you mean 'area'?"]),
            (1, ["incidents", "--process", "repare"], ["SB0717", "did you mean 'repair'?"]),
        ]
        for code, words, says in rows:
            with self.subTest(" ".join(words)):
                answer = self.refuse(*words, says=says, code=code)
                self.assertEqual(answer.out, "")
                self.assertEqual(answer.err.count("\n"), 1, answer.err)
        self.assertNotIn("customer_no: data", self.refuse(*rows[16][1]).err)
        self.assertEqual(self.do("history", "i-1"), before)

    def test_empty_lists_say_what_is_not_there(self):
        self.start_repair()
        answer = self.ok("--db", "cases.db", "--now", self.now, "work", "--case", "R-9")
        self.assertEqual((answer.out, "there is no case 'R-9'" in answer.err), ("no open work\n", True))
        answer = self.ok("--db", "cases.db", "--now", self.now, "clocks", "--clock", "restore-limit", "--case", "R-9", "--json")
        self.assertEqual((answer.json, "there is no case 'R-9'" in answer.err), ([], True))

    def test_names_that_nobody_knows(self):
        self.start_repair()
        for verb in ("clocks", "report"):
            for more in ((), ("--json",)):
                answer = self.refuse(verb, "--clock", "arival", *more, says=["SB0724", "did you mean 'arrival'?"])
                self.assertEqual(answer.out, "")
        self.refuse("message", "chased-upp", "--case", "R-1", says=["SB0506", "did you mean 'chased-up'?"])
        self.refuse("message", "chased-upp", "--key", "R-1", says=["SB0506", "no deployed process knows this message"])
        answer = self.ok("--db", "cases.db", "--now", self.now, "signal", "nothing-of-ours")
        self.assertEqual((answer.out, "no deployed process knows a signal" in answer.err), ("signal nothing-of-ours reached 0 cases\n", True))
        self.refuse("calendar", "show", "--calendar", "cm", "--processes", "/nonexist", says=["SB0703", "/nonexist"])
        self.refuse("work", "--processes", "/nonexist", says=["SB0545", "/nonexist"])

    def test_lists_say_that_there_is_more(self):
        self.start_repair("R-1")
        self.start_repair("R-2")
        answer = self.ok("--db", "cases.db", "--now", self.now, "instances", "--limit", "1", "--json")
        self.assertEqual(([c["case"] for c in answer.json], "only the first 1" in answer.err), (["R-1"], True))
        self.assertEqual([c["case"] for c in self.do("instances", "--after", "i-1")], ["R-2"])


class OddDatabases(Engine):
    def test_each_is_refused_with_its_reason(self):
        self.start_repair()
        good = os.path.join(self.folder, "cases.db")
        path = lambda name: os.path.join(self.folder, name)
        with sqlite3.connect(good) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(good, path("newer.db"))
        with sqlite3.connect(path("newer.db")) as db:
            db.execute("PRAGMA user_version = 99")
        with sqlite3.connect(path("other.db")) as db:
            db.execute("CREATE TABLE t (a)")
        self.write("text.db", "this is a letter, no database\n" * 100)
        with open(good, "rb") as whole, open(path("cut.db"), "wb") as cut:
            cut.write(whole.read()[:20000])
        os.mkdir(path("folder.db"))
        for name, says in {"newer.db": ["SB0601", "99"], "other.db": ["SB0602"], "text.db": ["SB0602"], "cut.db": ["SB0603"], "folder.db": ["SB0604", "folder"]}.items():
            for verb in ("instances", "report", "work"):
                with self.subTest(f"{name} {verb}"):
                    self.refused(1, "--db", name, verb, says=[name, *says])
        self.refused(1, "--db", "nowhere/x.db", "start", "repair", "--data", json.dumps(REPAIR), says=["SB0604", "nowhere/x.db"])
        self.refused(2, "--db", "", "work", says=["--db"])


class Play(driver.Case):
    def test_every_process_by_chance(self):
        for process in PROCESSES:
            with self.subTest(process):
                played = self.ok_json("play", process, "--auto", "--seed", "1", "--cases", "200")
                self.assertEqual([p["seed"] for p in played if not p["ended"]], [])
                self.assertEqual([p["seed"] for p in played if any(e["event"] == "incident-raised" for e in p["timeline"])], [])

    def play(self, *lines):
        return self.ok("play", "repair", "--now", "2026-03-02T09:00", "--data", json.dumps(dict(REPAIR, reported_at=None)), stdin="".join(line + "\n" for line in lines)).out

    def choice(self, label):
        return next(line.split()[0] for line in self.play("q").splitlines() if label in line)

    def test_end_of_the_input_leaves(self):
        self.assertTrue(self.play().endswith("> \n"))
        complete = self.choice("complete handle/dispatch")
        self.assertIn("data (Enter for", self.play(complete))

    def test_bad_answers(self):
        out = self.play("?", "0", "99", "x", "q")
        self.assertIn("Give the number of a choice", out)
        self.assertEqual(out.count("is no choice"), 3)
        complete = self.choice("complete handle/dispatch")
        out = self.play(complete, "{bad", "[1]", '{"route": "by sea"}', complete, "-", "q")
        self.assertIn("SB0251", out)
        self.assertIn("data must be one JSON object", out)
        self.assertIn("SB0501", out)
        self.assertNotIn("done      handle/dispatch", out)

    def test_travel(self):
        advance = self.choice("advance ...")
        self.assertIn("2026-03-05T00:00:00+08:00  case", self.play(advance, "2 bd", "q"))
        self.assertIn("2026-03-02T09:45:00+08:00  case", self.play(advance, "45 min", "q"))
        self.assertIn("2026-03-03T10:00:00+08:00  case", self.play(advance, "2026-03-03T10:00", "q"))
        self.assertIn("that is in the past", self.play(advance, "2026-03-01T10:00", "q"))
        self.assertIn("SB0301", self.play(advance, "soon", "q"))


if __name__ == "__main__":
    driver.main()
