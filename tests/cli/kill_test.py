"""SIGKILL at any moment: whatever was answered is there afterwards, and the case goes on."""
import json
import os
import random
import signal
import subprocess
import threading
import time
import unittest

import driver
from driver import BINARY

DATA = json.dumps({"customer_no": "1001", "area": "urban", "crew": "A"})
NEEDED = {"estimate": json.dumps({"estimated_restoration": "2026-03-02T11:00:00+08:00"}), "restore": json.dumps({"handling": "new fuse"}), "return-order": json.dumps({"handling": "new fuse"})}
STEPS = ["dispatch", "accept-order", "arrive", "diagnose", "estimate", "clear-fault", "restore", "return-order", "review-order"]


class Kill(driver.Case):
    def words(self, *words):
        return [BINARY, "--db", "kill.db", "--now", "2026-03-02T09:30", "--json", *words]

    def spawn(self, *words):
        return subprocess.Popen(self.words(*words), cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment(), text=True)

    def do(self, *words):
        return self.ok_json("--db", "kill.db", "--now", "2026-03-02T09:30", *words)

    def test_a_case_goes_on_while_others_are_killed(self):
        """`start` and `tick` run beside the case in a loop and are killed at random instants; each verb of the case is a process of its own."""
        self.do("start", "repair", "--case", "R-1", "--data", DATA)
        stop = threading.Event()
        dice = random.Random(4711)
        kills, answered = [0], []

        def disturb():
            number = 0
            while not stop.is_set():
                number += 1
                case = f"K-{number}"
                verb = ("start", "repair", "--case", case, "--data", DATA) if number % 2 else ("tick",)
                running = self.spawn(*verb)
                time.sleep(dice.uniform(0, 0.06))
                running.send_signal(signal.SIGKILL)
                out, _ = running.communicate()
                kills[0] += 1
                # An answer that came out completely was given: it must be true.
                if running.returncode == 0 and verb[0] == "start":
                    answered.append(json.loads(out)["case"])

        disturber = threading.Thread(target=disturb)
        disturber.start()
        try:
            for node in STEPS:
                self.do("complete", "--case", "R-1", node, "--data", NEEDED.get(node, "{}"))
                self.assertNotIn(node, [w["node"].rsplit("/")[-1] for w in self.do("work", "--case", "R-1")])
        finally:
            stop.set()
            disturber.join()
        self.assertGreater(kills[0], 5)
        cases = {c["case"]: c for c in self.do("instances", "--limit", "100000")}
        for case in answered:
            self.assertIn(case, cases)
        self.assertIn("call-back", self.do("instances", "--case", "R-1")[0]["at"])
        self.assertEqual(self.do("fsck")["violations"], [])

    def test_a_repeated_request_is_done_once(self):
        """The caller cannot know whether a killed command was done; its request id makes asking again harmless."""
        dice = random.Random(42)
        for number in range(12):
            case = f"A-{number}"
            words = ("start", "repair", "--case", case, "--data", DATA, "--request-id", case)
            running = self.spawn(*words)
            time.sleep(dice.uniform(0, 0.08))
            running.kill()
            running.communicate()
            self.do(*words)
        cases = [c["case"] for c in self.do("instances")]
        self.assertEqual(sorted(cases), sorted({f"A-{n}" for n in range(12)}))
        self.assertEqual(self.do("fsck")["violations"], [])


if __name__ == "__main__":
    driver.main()
