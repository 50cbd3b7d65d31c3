#!/usr/bin/env python3
"""Stories of the shipped processes in a database, for what a process test does not see: the words that customers read, and cases that speak to one another.

usage: stories_test.py SWITCHBOARD [PROCESSES]
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else "switchboard"
PROCESSES = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else os.path.join(SOURCE, "processes")


class Story(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="switchboard-stories-")
        self.addCleanup(folder.cleanup)
        self.db = os.path.join(folder.name, "cases.db")

    def ask(self, now, *words):
        done = subprocess.run([BINARY, "--db", self.db, "--processes", PROCESSES, "--lang", "zh", "--now", now, *words], capture_output=True, text=True, encoding="utf-8", timeout=250)
        self.assertEqual(done.returncode, 0, f"{words}: {done.stderr}")
        return done.stdout

    def start(self, now, process, number, data, *words):
        return self.ask(now, "start", process, "--case", number, "--data", json.dumps(data), *words)

    def complete(self, now, number, node, data=None):
        return self.ask(now, "complete", "--case", number, node, "--data", json.dumps(data or {}))

    def at(self, number):
        return {work["node"] for work in json.loads(self.ask("2026-12-31T00:00", "work", "--all", "--json")) if work["case"] == number}

    def texts(self, number):
        records = json.loads(self.ask("2026-12-31T00:00", "outbox", "--json"))
        return [record["body"]["texts"]["zh"] for record in records if record["case"] == number and record["kind"] == "feedback"]

    def test_a_report_that_is_joined_to_an_outage_that_does_not_take_place_is_let_go(self):
        for number, (answer, gone) in enumerate([({"transferable": True}, False), ({"rejected": False}, True)]):
            outage, report = f"O-{number}", f"R-{number}"
            self.start("2026-03-02T09:00", "outage-notice", outage,
                       {"outage_no": outage, "kind": "temporary", "area": "城东路", "planned_from": "2026-03-03T14:00", "planned_until": "2026-03-03T16:00"})
            day, hour = ("2026-03-03", "15") if gone else ("2026-03-02", "09")
            if gone:
                self.complete("2026-03-02T09:20", outage, "approve", answer)
                self.complete("2026-03-02T09:30", outage, "publish", {"none_affected": True})
            self.start(f"{day}T{hour}:50", "repair", report, {"customer_no": "1", "area": "urban"}, "--start", "called-in")
            self.complete(f"{day}T{hour}:51", report, "dispatch", {"route": "merged", "master_case": outage})
            self.assertEqual(self.at(report), set(), "it waits for the outage")
            if gone:
                self.ask(f"{day}T16:00", "tick")
                self.complete(f"{day}T16:05", outage, "ask-dispatch", {"began": False})
            else:
                self.complete(f"{day}T{hour}:55", outage, "approve", answer)
            self.assertEqual(self.at(report), {"handle/dispatch"}, "nobody is left waiting for an outage that does not take place")
            self.assertTrue(any("单独处理" in text for text in self.texts(report)), self.texts(report))
            # who is joined only now, while it is put on record, is let go at once
            later = f"L-{number}"
            now = f"{day}T16:10" if gone else f"{day}T{hour}:57"
            self.start(now, "repair", later, {"customer_no": "2", "area": "urban"}, "--start", "called-in")
            self.complete(now, later, "dispatch", {"route": "merged", "master_case": outage})
            self.assertEqual(self.at(later), {"handle/dispatch"})

    def test_the_time_of_reconnection_is_that_of_the_table(self):
        for company, hours in (("sgcc", "24小时"), ("csg", "12小时")):
            self.start("2026-03-16T09:00", "arrears", company, {"customer_no": company, "debt": 300, "due_on": "2026-02-10T00:00", "dunnings": 2, "company": company}, "--start", "listed")
            self.ask("2026-03-16T09:00", "tick")
            self.complete("2026-03-16T09:00", company, "look-at-guards")
            self.complete("2026-03-16T09:00", company, "approve", {"approved": True})
            self.complete("2026-03-16T09:00", company, "deliver-notice", {"receipt_no": "H", "delivered_at": "2026-03-16T09:00"})
            self.ask("2026-03-23T09:00", "tick")
            self.ask("2026-03-23T09:30", "tick")
            self.complete("2026-03-23T09:31", company, "last-look", {"open_debt": 300})
            self.complete("2026-03-23T09:32", company, "cut-remote")
            said = self.texts(company)
            self.assertTrue(any("30分钟后将中止供电" in text for text in said), said)
            self.assertTrue(any(f"结清电费后{hours}内恢复供电" in text for text in said), said)

    def test_who_is_not_handled_again_does_not_hear_that_he_is(self):
        self.start("2026-03-02T09:00", "repair", "R", {"customer_no": "1", "area": "urban", "max_rounds": 1}, "--start", "called-in")
        for round_, told in ((1, "已退回重新处理"), (2, "由主管给您最终答复")):
            self.complete(f"2026-03-02T1{round_}:00", "R", "dispatch", {"route": "phone"})
            self.complete(f"2026-03-02T1{round_}:01", "R", "guide-by-phone", {"handling": "电话指导复位"})
            self.ask(f"2026-03-02T1{round_}:05", "tick")
            self.complete(f"2026-03-02T1{round_}:06", "R", "dial", {"outcome": "dissatisfied", "reason": "仍无电"})
            self.complete(f"2026-03-02T1{round_}:07", "R", "judge", {"handling_wrong": True})
            self.assertIn(told, " ".join(self.texts("R")))
        self.complete("2026-03-02T13:00", "R", "final-answer", {"explanation": "客户侧开关损坏，已说明更换办法"})
        self.assertIn("客户侧开关损坏", " ".join(self.texts("R")))
        self.assertEqual(sum("已退回重新处理" in text for text in self.texts("R")), 1)

    def test_what_moves_a_promise_is_not_given_at_the_door(self):
        for process, start, data in (
                ("repair", "called-in", {"area": "urban", "promise_from": "2026-03-05T09:00"}), ("repair", "called-in", {"area": "urban", "rounds": 1}),
                ("complaint", "called", {"demand": "complaint", "accepted_at": "2026-03-05T09:00"}), ("new-connection", "applied", {"applicant": "a", "supply_class": "lv", "accepted_on": "2009-05-01"}),
                ("callback", "requested", {"subject": "repair", "attempts": 3})):
            done = subprocess.run([BINARY, "--db", self.db, "--processes", PROCESSES, "start", process, "--start", start, "--case", "X", "--data", json.dumps(data)], capture_output=True, text=True, timeout=250)
            self.assertNotEqual(done.returncode, 0, (process, data))
            self.assertIn("SB0533", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
