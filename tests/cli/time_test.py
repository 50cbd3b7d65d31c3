"""Instants on the command line: exactly due, what is printed can be typed in again, quiet hours."""
import re

import driver

PROMISE = """switchboard: 1
process: promise
data: {rhythm: {type: string, default: 1 bd}}
nodes:
  s: {type: startEvent, next: w}
  w: {type: userTask, groups: [g], next: e}
  e: {type: endEvent}
sla:
  q: {start: {completed: s}, stop: {completed: w}, within: 45 min, marks: [{at: breach, feedback: late}]}
feedback:
  late: {channels: [phone], text: late, calendar: callback-hours}
"""


class Time(driver.Case):
    def at(self, instant, *words):
        return self.ok("--db", "t.db", "--processes", ".", "--now", instant, *words).out

    def clock(self, instant):
        return self.ok_json("--db", "t.db", "--processes", ".", "--now", instant, "clocks")[0]

    def begin(self, now):
        self.write("promise.yaml", PROMISE)
        self.write(
            "callback-hours.yaml",
            "switchboard: 1\ncalendar: callback-hours\nname: calls\nzone: Asia/Shanghai\nweek: {mon-sun: 08:00-21:00}\n",
        )
        self.at(now, "deploy", "promise.yaml", "callback-hours.yaml")
        self.at(now, "start", "promise", "--case", "A")

    def test_exactly_due_is_in_time_whoever_looked(self):
        self.begin("2026-03-02T09:00")
        self.assertIn("fired 0 timers, 0 marks", self.at("2026-03-02T09:45", "tick"))
        self.at("2026-03-02T09:45", "complete", "--case", "A", "w")
        done = self.clock("2026-03-02T10:00")
        self.assertEqual((done["state"], done["breached"]), ("met", False))

    def test_what_tick_prints_can_be_typed_in_again(self):
        self.begin("2026-03-02T09:00")
        said = self.at("2026-03-02T09:00", "tick")
        due = re.search(r"next due (\S+)", said).group(1)
        self.assertTrue(due.endswith("+08:00"), due)
        self.assertIn("1 marks", self.at(due, "tick"))
        self.assertIn("2026-03-02T09:45:00+08:00", self.at(due, "clocks"))

    def test_quiet_hours(self):
        self.begin("2026-03-02T22:00")
        self.at("2026-03-02T23:00", "tick")
        self.assertIn("nothing to deliver", self.at("2026-03-02T23:00", "outbox", "--deliver"))
        self.assertIn("nothing to deliver", self.at("2026-03-03T07:59", "outbox", "--deliver"))
        self.assertIn("late", self.at("2026-03-03T08:00", "outbox", "--deliver"))


if __name__ == "__main__":
    driver.main()
