"""What the command line says of slips: the exact text, because a person acts on it."""
import unittest

import driver

BASE = """switchboard: 1
process: base
calendar: 24x7@UTC
data: {n: {type: number, required: true}, on: {type: date}, flag: {type: boolean}}
nodes:
  s: {type: startEvent, next: u}
  u: {type: userTask, groups: [crew], form: [n, on, flag], next: e}
  e: {type: endEvent}
"""


class Slips(driver.Case):
    def run_at(self, *words):
        return self.ok("--db", "m.db", "--now", "2026-03-02T09:00", *words)

    def refuse(self, *words, says, code=1):
        return self.refused(code, "--db", "m.db", "--now", "2026-03-02T09:00", *words, says=says)

    def setUp(self):
        super().setUp()
        self.write("base.yaml", BASE)
        self.run_at("deploy", "base.yaml")

    def test_a_process_that_is_deployed_under_a_like_name(self):
        self.refuse("start", "bse", says=["there is no process 'bse': neither deployed nor in the folder of processes [SB0541] - did you mean 'base'? it is deployed"])

    def test_data_of_the_wrong_type(self):
        self.refuse("start", "base", "--data", '{"n": "three"}',
                    says=['data \'n\': "three" is a string, wanted is number [SB0501] - give a number, without quotation marks: 12.5'])
        self.refuse("start", "base", "--data", '{"n": 3, "flag": "yes"}', says=['wanted is boolean [SB0501] - give true or false'])
        self.refuse("start", "base", "--data", '{"n": 3, "on": "2026-02-29"}', says=['"2026-02-29" is no date [SB0501] - February 2026 has 28 days'])

    def test_a_case_that_is_not_there(self):
        self.run_at("start", "base", "--data", '{"n": 3}', "--case", "C1")
        self.refuse("complete", "--case", "C2", "u", says=["there is no case 'C2' [SB0707] - 'switchboard instances' lists them"])
        self.refuse("complete", "i-99.3", says=["there is no case i-99 [SB0548]"])
        self.run_at("complete", "--case", "C1", "u")
        self.refuse("complete", "--case", "C1", "u", says=["case 'C1' is over: no work is open in it [SB0709]"])

    def test_a_group_that_nobody_is_in(self):
        self.run_at("start", "base", "--data", '{"n": 3}', "--case", "C1")
        self.assertIn("nothing is open for the group 'crw'; did you mean 'crew'?", self.run_at("work", "--group", "crw").err)

    def test_now_as_tables_print_it(self):
        words = ["--db", "m.db", "start", "base", "--data", '{"n": 3}', "--json", "--case"]
        # 01:00 UTC is 09:00 in Shanghai, the zone of the command line.
        for case, now in enumerate(["2026-03-02 09:00", "2026-03-02 09:00:00", "2026-03-02 01:00 UTC", "2026-03-02 09:00:00 +08:00"]):
            self.assertIn("2026-03-02T01:00:00Z", self.ok("--now", now, *words, f"C{case}").out)
        self.refused(2, "--now", "2026-02-29 09:00", *words, "C9", says=["--now '2026-02-29 09:00' is not an instant [SB0702] - February 2026 has 28 days"])

    def test_a_message_that_comes_early(self):
        self.write("early.yaml", """switchboard: 1
process: early
calendar: 24x7@UTC
data: {n: number}
messages: {paid: {payload: {n: number}, keep: 2 h}}
nodes:
  s: {type: startEvent, next: u}
  u: {type: userTask, groups: [crew], form: [], next: w}
  w: {type: intermediateCatchEvent, message: paid, next: e}
  e: {type: endEvent}
""")
        self.run_at("deploy", "early.yaml")
        self.assertIn("nobody waits for the message yet: it is kept until", self.run_at("message", "paid", "--case", "C1", "--data", '{"n": 3}').out)
        self.assertIn('"kept_until"', self.run_at("message", "paid", "--key", "C2", "--data", '{"n": 4}', "--json").out)
        listed = self.run_at("messages").out
        for part in ("m-1", "paid", "C1", "waiting", "m-2"):
            self.assertIn(part, listed)
        self.assertNotIn("m-1", self.run_at("messages", "--key", "C2").out)
        self.assertIn("保留中", self.run_at("--lang", "zh", "messages").out)
        self.run_at("start", "early", "--case", "C1")
        self.assertIn("case C1 (early, i-1) is completed", self.run_at("complete", "--case", "C1", "u").out)
        self.assertIn('"state": "completed"', self.run_at("instances", "--case", "C1", "--json").out)
        later = self.ok("--db", "m.db", "--now", "2026-03-02T12:00", "tick")
        self.assertIn("1 messages were kept until their time was over", later.err)
        self.assertIn("m-2", self.run_at("incidents").out)
        self.refuse("resolve", "m-1", says=["there is no message m-1", "SB0519"])
        self.refuse("resolve", "m-2", "--data", '{"n": 5}', says=["takes no data", "SB0563"], code=2)
        self.ok("--db", "m.db", "--now", "2026-03-02T12:00", "resolve", "m-2", "--drop", "--reason", "sent twice", "--by", "li")
        self.assertIn("no incidents", self.run_at("incidents").out)
        self.assertIn("no messages are kept", self.run_at("messages", "--open").out)

    def test_a_process_given_to_simulate(self):
        said = self.refuse("simulate", "base.yaml", says=["this file is a process, no scenario [SB1001]"])
        self.assertNotIn("SB1006", said.err)

    def test_feel_has_the_hints_of_check(self):
        self.refused(1, "feel", 'area = "urban"', says=["unknown name `area` [SB0202] - give it: --input 'area=...'"])
        self.refused(1, "feel", '"a" == "a"', says=["FEEL has no `==` [SB0201] - write `=`"])


if __name__ == "__main__":
    unittest.main()
