"""Organisations on the command line: the tree, who sees and takes what, moving, figures that roll up."""
import driver
from cases_test import Engine

TREE = """switchboard: 1
organisations: company
units:
  zj: {name: {en: Zhejiang, zh: 浙江省}, level: province}
  hz: {parent: zj, name: {en: Hangzhou, zh: 杭州}, level: prefecture}
  hz-1: {parent: hz, level: county}
  hz-2: {parent: hz, level: county}
  nb: {parent: zj, level: prefecture}
"""
AREA = """switchboard: 1
process: area
calendar: 24x7@Asia/Shanghai
organisation: area
data: {area: string, crew: string}
lanes: {crew: {groups: [crew], organisation: crew}}
nodes:
  begin: {type: startEvent, next: dispatch}
  dispatch: {type: userTask, groups: [office], form: [crew], next: go}
  go: {type: userTask, lane: crew, next: done}
  done: {type: endEvent}
sla:
  fix: {start: {process: started}, stop: {completed: go}, within: 2 h}
"""


class Organisations(Engine):
    def setUp(self):
        super().setUp()
        self.at("2026-03-02T09:00")
        tree, area = self.write("organisations.yaml", TREE), self.write("area.yaml", AREA)
        self.say("deploy", tree, area)
        for number, unit in (("A", "hz-1"), ("B", "hz-2"), ("C", "nb")):
            self.say("start", "area", "--case", number, "--data", '{"area": "%s"}' % unit)

    def cases(self, *filters):
        return [c["case"] for c in self.do("instances", *filters)]

    def test_the_tree(self):
        self.assertEqual(
            self.say("organisations").splitlines(),
            ["ORGANISATION  NAME      LEVEL       BELOW", "zj            Zhejiang  province", "  hz          Hangzhou  prefecture  zj",
             "    hz-1      hz-1      county      hz", "    hz-2      hz-2      county      hz", "  nb          nb        prefecture  zj"],
        )
        self.assertIn("浙江省", self.say("organisations", "--lang", "zh"))
        self.assertIn("organisations  company", self.say("deployments", "--resources"))
        other = self.write("other.yaml", "switchboard: 1\norganisations: other\nunits: {a: {}}\n")
        self.refuse("deploy", other, says=["SB0571", "organisations: company"])

    def test_who_sees_what(self):
        self.assertEqual(self.cases("--organisation", "hz"), ["A", "B"])
        self.assertEqual(self.cases("--organisation", "zj"), ["A", "B", "C"])
        self.assertEqual(self.cases("--organisation", "nb", "--open"), ["C"])
        self.refuse("instances", "--organisation", "hx", says=["SB0535", "did you mean 'hz'"])
        self.refuse("start", "area", "--data", '{"area": "hx"}', says=["SB0535"])
        self.assertIn("hz-1", self.say("work", "--organisation", "hz"))
        self.assertEqual(self.say("work", "--organisation", "nb", "--group", "crew"), "no open work\n")
        self.assertIn("area 2", self.say("watch", "--once", "--organisation", "hz"))
        self.assertEqual(self.say("incidents", "--organisation", "hz"), "no incidents\n")
        self.assertEqual(len(self.do("clocks", "--organisation", "hz")), 2)

    def test_who_takes_what_and_moving(self):
        self.refuse("complete", "--case", "A", "dispatch", "--organisation", "hz-2", says=["SB0536", "'hz-1'", "switchboard move"])
        self.say("complete", "--case", "A", "dispatch", "--data", '{"crew": "hz-2"}', "--organisation", "hz")
        self.say("claim", "--case", "A", "go", "--by", "wang", "--organisation", "hz-2")
        self.refuse("move", "--case", "A", "go", "--to", "nb", "--by", "boss", "--reason", "ill", "--organisation", "nb", says=["SB0536"])
        self.assertIn("is offered", self.say("move", "--case", "A", "go", "--to", "nb", "--by", "boss", "--reason", "ill"))
        self.assertEqual([w["case"] for w in self.do("work", "--organisation", "nb")], ["A", "C"])
        self.say("move", "i-1", "--to", "nb", "--by", "boss", "--reason", "wrong area", "--request-id", "m")
        self.say("move", "i-1", "--to", "nb", "--by", "boss", "--reason", "wrong area", "--request-id", "m")
        self.refuse("move", "i-1", "--to", "nb", "--by", "boss", "--reason", "wrong area", says=["SB0510", "already"])
        self.refuse("move", "--to", "nb", "--by", "boss", "--reason", "r", says=["move: what?"], code=2)
        self.assertEqual(self.cases("--organisation", "hz"), ["B"])
        history = self.say("history", "i-1")
        self.assertIn("organisation-changed  element: go, work: 6, from: hz-2, to: nb, by: boss, reason: ill", history)
        self.assertIn("organisation-changed  from: hz-1, to: nb, by: boss, reason: wrong area", history)
        self.assertIn("sound", self.say("fsck"))

    def test_figures(self):
        rows = [line.split()[:1] + line.split()[-3:] for line in self.say("report", "--by", "organisation").splitlines()[1:]]
        self.assertEqual([r[0] for r in rows], ["zj", "hz", "hz-1", "hz-2", "nb", "TOTAL"])
        report = self.do("report", "--by", "organisation", "--organisation", "hz")
        self.assertEqual([(r["organisation"], r["rounds"]) for r in report["rows"]], [("hz", 2), ("hz-1", 1), ("hz-2", 1)])
        self.assertEqual(report["total"]["rounds"], 2)


if __name__ == "__main__":
    driver.main()
