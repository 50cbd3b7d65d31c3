"""What lists say: clocks on hold, why a record waits, calendars that cases have still to follow, called cases that are taken along, the texts of repair."""
import json
import unittest

import driver

OFFICE = """switchboard: 1
calendar: office
name: Office
zone: Asia/Shanghai
week: {mon-fri: 09:00-17:00, sat-sun: closed}
first-year: 2026
published-through: 2026
years: {2026: {source: here, off: {x: OFF}}}
"""
HELD = """switchboard: 1
process: held
calendar: office
customer: '"7"'
nodes:
  s: {type: startEvent, next: w}
  w: {type: userTask, groups: [g], next: e}
  e: {type: endEvent}
sla:
  q: {start: {process: started}, stop: {completed: w}, within: 4 bh, marks: [{at: 10%, feedback: soon}, {at: 20%, feedback: later}, {at: 30%, feedback: quiet}]}
feedback:
  soon: {channels: [phone], text: soon}
  later: {channels: [phone], text: later}
  quiet: {channels: [phone], text: quiet, calendar: evening}
"""
EVENING = "switchboard: 1\ncalendar: evening\nname: Evening\nzone: Asia/Shanghai\nweek: {mon-sun: 20:00-21:00}\n"
OUTER = """switchboard: 1
process: outer
nodes:
  s: {type: startEvent, next: c}
  c: {type: callActivity, process: inner, next: e}
  e: {type: endEvent}
"""
INNER = """switchboard: 1
process: inner
nodes:
  s: {type: startEvent, next: w}
  w: {type: userTask, groups: [g], next: e}
  e: {type: endEvent}
"""


class Lists(driver.Case):
    def at(self, instant, *words):
        return self.ok("--db", "t.db", "--processes", ".", "--now", f"2026-03-{instant}", *words)

    def json_at(self, instant, *words):
        return self.ok_json("--db", "t.db", "--processes", ".", "--now", f"2026-03-{instant}", *words)

    def begin(self):
        self.write("held.yaml", HELD)
        self.write("evening.yaml", EVENING)
        self.write("office.yaml", OFFICE.replace("OFF", "01-01"))
        self.at("02T09:00", "deploy", "held.yaml", "office.yaml", "evening.yaml")
        self.at("02T09:00", "start", "held", "--case", "A")

    def test_a_clock_on_hold_is_not_due(self):
        self.begin()
        said = self.at("02T10:00", "clock", "--case", "A", "q", "--pause", "--by", "li", "--reason", "flood").out
        self.assertIn("due when it goes on, originally 2026-03-02T13:00:00+08:00", said)
        self.assertIn("no clocks", self.at("03T09:00", "clocks", "--due-before", "2026-03-03T23:00").out)
        self.assertIn("on hold", self.at("03T09:00", "clocks").out)
        self.assertIn("on hold", self.at("03T09:00", "watch", "--once").out)
        shown = self.at("03T09:00", "clocks", "--lang", "zh").out
        self.assertIn("已暂停", shown)
        self.assertIn("暂停中", shown)
        [clock] = self.json_at("03T09:00", "clocks")
        self.assertEqual((clock["state"], clock["on_hold"], clock["due"]), ("paused", True, "2026-03-03T12:00:00+08:00"))

    def test_states_are_in_the_language(self):
        self.begin()
        self.assertIn("办理中", self.at("02T09:00", "instances", "--lang", "zh").out)
        self.assertIn("待认领", self.at("02T09:00", "work", "--lang", "zh").out)
        self.assertIn("active", self.at("02T09:00", "instances").out)
        self.assertEqual(self.json_at("02T09:00", "instances", "--lang", "zh")[0]["state"], "active")

    def test_the_outbox_says_why_a_record_waits(self):
        self.begin()
        self.at("02T10:00", "tick")
        lines = self.at("02T10:00", "outbox").out.splitlines()
        self.assertIn("WAITS FOR", lines[0])
        self.assertIn("record 1 before it", lines[2])
        self.assertIn("排在 1 之后", self.at("02T10:00", "outbox", "--lang", "zh").out)
        self.at("02T10:30", "tick")
        quiet = self.json_at("02T10:30", "outbox")[2]
        self.assertEqual(quiet["body"]["not_before"], "2026-03-02T20:00:00+08:00")
        self.at("02T10:31", "outbox", "--deliver")
        self.assertIn("not before 2026-03-02T20:00:00+08:00", self.at("02T10:31", "outbox", "--state", "waiting").out)

    def test_a_calendar_that_cases_have_still_to_follow_is_said(self):
        self.begin()
        self.write("office.yaml", OFFICE.replace("OFF", "03-02"))
        self.at("02T09:30", "deploy", "office.yaml")
        for verb in (["work"], ["clocks"], ["instances"], ["report"]):
            self.assertIn("calendar office was changed", self.at("02T09:30", *verb).err, verb)
        self.assertIn("calendar office was changed", self.at("02T09:30", "watch", "--once").out)
        self.assertEqual(self.json_at("02T09:30", "watch", "--once")["pending_calendars"], ["office"])
        self.at("02T09:31", "tick")
        self.assertEqual(self.at("02T09:31", "clocks").err, "")
        self.assertEqual(self.json_at("02T09:31", "clocks")[0]["due"], "2026-03-03T13:00:00+08:00")

    def test_called_cases_are_taken_along(self):
        self.write("outer.yaml", OUTER)
        self.write("inner.yaml", INNER)
        self.at("02T09:00", "deploy", "inner.yaml", "outer.yaml")
        self.at("02T09:00", "start", "outer", "--case", "A")
        alone = self.at("02T09:00", "suspend", "--case", "A")
        self.assertIn("'--called' takes it along", alone.err)
        self.at("02T09:00", "resume", "--case", "A")
        said = self.at("02T09:00", "suspend", "--case", "A", "--called").out.splitlines()
        self.assertEqual([line.split(" is ")[1].split(",")[0] for line in said], ["suspended", "suspended"])
        self.assertEqual([c["state"] for c in self.json_at("02T09:01", "resume", "--case", "A", "--called")], ["active", "active"])
        self.refused(1, "--db", "t.db", "resume", "--case", "A", "--called", "--now", "2026-03-02T09:02", says=["SB0502", "nothing to resume"])

    def test_refusals_name_work_and_say_times_in_the_zone(self):
        self.write("job.yaml", INNER.replace("inner", "job").replace("{type: userTask, groups: [g], next: e}", "{type: serviceTask, job: print, next: e}"))
        self.at("02T09:00", "deploy", "job.yaml")
        self.at("02T09:00", "start", "job", "--case", "A")
        self.at("02T09:00", "fetch", "worker", "print", "--lease", "10 min")
        says = ["work 'w' (i-1.4) of case 'A' is claimed by 'worker' until 2026-03-02T09:10:00+08:00"]
        self.refused(1, "--db", "t.db", "complete", "--case", "A", "w", "--by", "li", "--now", "2026-03-02T09:01", says=says)


class Repair(driver.Case):
    def told(self, until, steps):
        """The feedback of a repair, after these works."""
        def at(instant, *words):
            return self.ok_json("--db", "r.db", "--now", f"2026-03-02T{instant}", *words)

        at("09:00", "start", "repair", "--case", "R", "--data", '{"customer_no": "1", "area": "urban"}')
        for instant, node, data in steps:
            at(instant, "complete", "--case", "R", node, "--data", json.dumps(data))
        at(until, "tick")
        return {o["name"]: o["body"]["texts"] for o in at(until, "outbox") if o["kind"] == "feedback"}

    def test_nobody_is_on_the_way_before_an_order_is_accepted(self):
        self.assertNotIn("on-the-way", self.told("09:50", []))

    def test_who_has_accepted_is_on_the_way(self):
        crew = {"crew_phone": "13900000001"}
        texts = self.told("09:03", [("09:01", "dispatch", {"crew": "A"}), ("09:02", "accept-order", crew)])["on-the-way"]
        self.assertEqual(texts["en"], "The crew (A) has accepted your case R and is on its way; it should arrive by 2 March, 10:00; its phone: 13900000001.")
        self.assertEqual(texts["zh"], "A已接单，正在赶往现场，3月2日10:00前到达，联系电话13900000001，请保持电话畅通。工单编号R。")

    def test_an_estimate_needs_an_instant(self):
        steps = [("09:01", "dispatch", {"crew": "A"}), ("09:02", "accept-order", {}), ("09:20", "arrive", {}), ("09:21", "diagnose", {})]
        self.told("09:21", steps)
        self.refused(1, "--db", "r.db", "--now", "2026-03-02T09:22", "complete", "--case", "R", "estimate", "--data", "{}", says=["SB0534"])


if __name__ == "__main__":
    driver.main()
