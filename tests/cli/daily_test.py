"""Daily work: cases found by what is known of them, work in the order in which promises break, stories, corrections, cases taken up again."""
import unittest

import driver

CALENDAR = "switchboard: 1\ncalendar: cn\nname: Always\nzone: Asia/Shanghai\nweek: {mon-sun: 00:00-24:00}\n"
CALL = """switchboard: 1
process: call
name: {en: Call, zh: 来电}
customer: customer_no
data:
  customer_no: {type: string, name: {en: Customer number, zh: 客户编号}}
  customer: {type: string, search: true, name: {en: Customer, zh: 客户姓名}}
  phone: {type: string, search: true, name: {en: Phone, zh: 联系电话}}
  addresses: {type: list<string>, search: true}
  hours: number
  answer: {type: string, enum: [good, bad], name: {en: Answer, zh: 答复}}
  taken_at: {type: date-time, set-by: process, default: =now()}
lanes: {desk: {groups: [desk]}}
nodes:
  begin: {type: startEvent, next: look}
  look:
    type: userTask
    lane: desk
    name: {en: Look, zh: 查看}
    documentation: {en: "Look at it, then answer.", zh: 先查看，再答复。}
    in: {who: customer}
    form: [{field: answer, required: true}]
    next: ask
  ask: {type: callActivity, name: {en: Call back, zh: 回访}, process: back, next: done}
  done: {type: endEvent}
sla:
  reply: {name: {en: Reply, zh: 答复时限}, start: {process: started}, stop: {completed: look}, within: 'duration("PT" + string(hours) + "H")'}
  inside: {name: Inside, audience: internal, start: {process: started}, within: 100 h}
"""
BACK = """switchboard: 1
process: back
nodes:
  s: {type: startEvent, next: dial}
  dial: {type: userTask, name: {en: Dial, zh: 拨打}, groups: [desk], next: e}
  e: {type: endEvent}
"""


class Daily(driver.Case):
    def setUp(self):
        super().setUp()
        self.write("call.yaml", CALL)
        self.write("back.yaml", BACK)
        self.write("cn.yaml", CALENDAR)
        self.ok(*self.base(), "deploy", "call.yaml")

    def base(self, at="02T09:00"):
        return ("--db", "t.db", "--processes", ".", "--now", f"2026-03-{at}")

    def do(self, *words, at="02T09:00"):
        return self.ok(*self.base(at), *words)

    def json_of(self, *words, at="02T09:00"):
        return self.ok_json(*self.base(at), *words)

    def begin(self, number, name="张三", phone="138 0000-0001", hours=4, at="02T09:00"):
        data = f'{{"customer_no": "10{number}", "customer": "{name}", "phone": "{phone}", "addresses": ["解放路{number}号", "Main St {number}"], "hours": {hours}}}'
        self.do("start", "call", "--case", f"R-{number}", "--data", data, at=at)

    def found(self, *words):
        return [c["case"] for c in self.json_of("list", *words)["cases"]]

    def test_cases_are_found_by_what_is_known_of_them(self):
        self.begin(1, "张三", "138 0000-0001")
        self.begin(2, "Li Si", "１３８００００００２")
        self.begin(3, "李四", "0571-88889999", at="03T09:00")
        self.assertEqual(self.found("--where", "phone=13800000001"), ["R-1"])
        self.assertEqual(self.found("--where", "phone=138*"), ["R-1", "R-2"])
        self.assertEqual(self.found("--where", "phone=138*", "--where", "customer=LI*"), ["R-2"])
        self.assertEqual(self.found("--find", "解放路3*"), ["R-3"])
        self.assertEqual(self.found("--find", "102"), ["R-2"])
        self.assertEqual(self.found("--find", "R-*"), ["R-1", "R-2", "R-3"])
        self.assertEqual(self.found("--since", "2026-03-03T00:00"), ["R-3"])
        self.assertEqual(self.found("--until", "2026-03-03T00:00", "--node", "look"), ["R-1", "R-2"])
        self.do("cancel", "--case", "R-1", "--reason", "off", at="04T09:00")
        self.assertEqual(self.found("--state", "cancelled,completed"), ["R-1"])
        self.assertEqual(self.found("--ended-since", "2026-03-04T09:00"), ["R-1"])
        self.assertEqual(self.found("--ended-until", "2026-03-04T09:00"), [])
        self.assertEqual(self.found("--where", "phone=13800000001"), ["R-1"])
        self.do("set", "--case", "R-2", "--data", '{"phone": "1"}', at="04T09:00")
        self.assertEqual(self.found("--where", "phone=13800000002"), [])
        self.assertEqual(self.json_of("list", "--count"), {"cases": 3})
        self.assertEqual(self.json_of("list", "--count", "--by", "state"), [{"key": "active", "cases": 2}, {"key": "cancelled", "cases": 1}])
        self.assertIn("look  2", self.do("list", "--count", "--by", "node").out)
        self.assertIn("sound", self.do("fsck").out)

    def test_pages_of_cases_have_nothing_twice_and_lose_nothing(self):
        for number in range(1, 8):
            self.begin(number)
        seen, after = [], []
        while True:
            page = self.json_of("list", "--find", "R-*", "--limit", "3", *after)
            seen += [c["case"] for c in page["cases"]]
            if len(seen) == 3:
                self.begin(8)  # meanwhile
            if page["next"] is None:
                break
            after = ["--after", page["next"]]
        self.assertEqual(seen, [f"R-{n}" for n in range(1, 9)])
        self.assertIn("next: --after i-3", self.do("list", "--limit", "3").out)
        self.assertIn("下一页：--after i-3", self.do("list", "--limit", "3", "--lang", "zh").out)
        self.assertNotIn("next", self.do("list", "--limit", "8").out)

    def test_a_list_refuses_what_finds_nothing_by_mistake(self):
        self.begin(1)
        for words, code, says in [
            (["--where", "phon=1"], 1, ["SB0726", "did you mean 'phone'?"]),
            (["--where", "phone"], 2, ["SB0556", "NAME=TEXT"]),
            (["--where", "=1"], 2, ["SB0556"]),
            (["--where", "phone= *"], 2, ["SB0556", "no text"]),
            (["--find", "*"], 2, ["SB0556"]),
            (["--state", "active,complete"], 2, ["did you mean 'completed'?"]),
            (["--state", "active,"], 2, ["SB0701"]),
            (["--since", "soon"], 2, ["SB0702"]),
            (["--by", "state"], 2, ["--count"]),
            (["--count", "--by", "colour"], 2, ["SB0701"]),
            (["--after", "x"], 2, []),
            (["--process", "cal"], 1, ["SB0717"]),
        ]:
            self.refused(code, *self.base(), "list", *words, says=says)

    def test_work_comes_in_the_order_in_which_promises_break(self):
        self.begin(1, hours=5)
        self.begin(2, hours=2)
        self.begin(3, hours=30)
        work = self.json_of("work", at="02T12:00")
        self.assertEqual([w["case"] for w in work], ["R-2", "R-1", "R-3"])
        self.assertEqual(work[0]["promise"], "Reply")
        self.assertEqual(work[0]["promise_left_seconds"], -3600)
        self.assertEqual(work[0]["about"], "张三")
        self.assertEqual(work[0]["customer"], "102")
        text = self.do("work", "--limit", "2", at="02T12:00").out
        self.assertIn("BREAKS", text)
        self.assertIn("-01:00:00", text)
        self.assertIn(f"next: --after {work[1]['cursor']}", text)
        rest = self.json_of("work", "--after", work[1]["cursor"], at="02T12:00")
        self.assertEqual([w["case"] for w in rest], ["R-3"])
        self.assertEqual([w["case"] for w in self.json_of("work", "--group", "desk", "--limit", "1")], ["R-2"])
        self.refused(2, *self.base(), "work", "--after", "1.2.3", says=["SB0540", "cursor"])
        self.refused(2, *self.base(), "work", "--after", "a.b.c.d.e", says=["SB0540"])

    def test_one_work_has_what_it_is_about(self):
        self.begin(1)
        text = self.do("work", "look", "--case", "R-1", "--lang", "zh").out
        for part in ("先查看，再答复。", "张三", "答复时限", "答复", "good"):
            self.assertIn(part, text)
        one = self.json_of("work", "look", "--case", "R-1")
        self.assertEqual(one["documentation"], "Look at it, then answer.")
        self.assertEqual(one["inputs"], {"who": "张三"})
        self.assertEqual(one["fields"][0]["choices"], ["good", "bad"])

    def end(self, number):
        self.do("complete", "--case", f"R-{number}", "look", "--data", '{"answer": "good"}', "--by", "wang", at="02T10:00")
        self.do("tick", at="02T10:00")
        back = next(w for w in self.json_of("work", at="02T10:00") if w["node"] == "dial")
        self.do("complete", back["work"], "--by", "li", at="02T11:00")
        self.do("tick", at="02T11:00")

    def test_a_story_is_told_in_the_language_of_its_reader(self):
        self.begin(1)
        self.do("set", "--case", "R-1", "--data", '{"phone": "139"}', "--by", "zhao", "--reason", "misheard", at="02T09:30")
        self.end(1)
        english = self.do("history", "--case", "R-1", "--as", "text").out
        for part in ("case R-1 begins: Call", "Phone was 138 0000-0001, is 139", "by zhao: misheard", "'Look' is done (by wang)", "promise 'Reply' is kept",
                     "the case is completed"):
            self.assertIn(part, english)
        self.assertNotIn("Dial", english)
        chinese = self.do("history", "--case", "R-1", "--as", "text", "--called", "--lang", "zh").out
        for part in ("工单 R-1 开始：来电", "联系电话由 138 0000-0001 改为 139", "「查看」完成（wang）", "时限「答复时限」按时完成", "「拨打」完成（li）", "工单办结"):
            self.assertIn(part, chinese)
        self.assertLess(chinese.index("「查看」完成"), chinese.index("「拨打」完成"))
        self.assertLess(chinese.index("「拨打」完成"), chinese.rindex("工单办结"))
        page = self.do("history", "--case", "R-1", "--as", "report", "--lang", "zh", at="02T12:00").out
        for part in ("# 工单 R-1", "- 状态：已办结", "## 办理经过", "「拨打」完成", "| 答复时限 | 2026-03-02 13:00:00 | 兑现 |"):
            self.assertIn(part, page)
        for part in ("Inside", "派给", "i-1", "SB0"):
            self.assertNotIn(part, page)
        self.refused(2, *self.base(), "history", "--case", "R-1", "--called", says=["--as text"])
        self.refused(2, *self.base(), "history", "--case", "R-1", "--as", "text", "--after", "3", says=["--as events"])
        self.assertEqual(self.json_of("history", "--case", "R-1")[0]["event"], "instance-started")
        self.assertIn("instance-started", self.do("history", "--case", "R-1").out)

    def test_what_was_recorded_of_an_ended_case_is_corrected(self):
        self.begin(1)
        correct = ("correct", "--case", "R-1", "--data", '{"phone": "139"}', "--by", "zhao", "--reason", "misread")
        self.refused(1, *self.base(), *correct, says=["SB0502", "is open", "set the data instead"])
        self.end(1)
        self.refused(1, *self.base("03T09:00"), "set", "--case", "R-1", "--data", '{"phone": "139"}', says=["SB0502"])
        self.refused(1, *self.base("03T09:00"), "correct", "--case", "R-1", "--data", '{"phone": "139"}', "--reason", "x", says=["SB0510", "a name"])
        self.refused(1, *self.base("03T09:00"), "correct", "--case", "R-1", "--data", '{"fone": "139"}', "--by", "zhao", "--reason", "x", says=["fone"])
        self.refused(2, *self.base("03T09:00"), "correct", "--case", "R-1", "--by", "zhao", "--reason", "x", says=["correct: what?"])
        self.do(*correct, "--request-id", "c1", at="03T09:00")
        self.do(*correct, "--request-id", "c1", at="03T09:00")
        self.refused(1, *self.base("03T09:00"), *correct, says=["SB0510", "are so already"])
        self.assertEqual(self.json_of("data", "i-1")["phone"], "139")
        self.assertEqual(self.found("--where", "phone=139"), ["R-1"])
        last = self.json_of("history", "i-1")[-1]
        self.assertEqual(last["event"], "data-corrected")
        self.assertEqual(last["details"], {"name": "phone", "before": "138 0000-0001", "value": "139", "by": "zhao", "reason": "misread"})
        self.assertIn("更正：联系电话由 138 0000-0001 改为 139（zhao：misread）", self.do("history", "i-1", "--as", "text", "--lang", "zh").out)
        self.assertEqual(self.json_of("instances", "--instance", "i-1")[0]["state"], "completed")
        self.assertIn("sound", self.do("fsck").out)

    def test_an_ended_case_is_taken_up_again(self):
        self.begin(1)
        again = ("reopen", "--case", "R-1", "--by", "zhao", "--reason", "not satisfied")
        self.refused(1, *self.base(), *again, says=["SB0502", "is open"])
        self.end(1)
        self.refused(1, *self.base("03T09:00"), "reopen", "--case", "R-1", "--reason", "x", says=["SB0510", "a name"])
        self.refused(1, *self.base("03T09:00"), "reopen", "i-2", "--by", "zhao", "--reason", "x", says=["SB0502", "i-1"])
        new = self.json_of(*again, "--data", '{"hours": 1}', "--request-id", "r1", at="03T09:00")
        self.assertEqual((new["case"], new["reopens"], new["state"], new["at"]), ("R-1", "i-1", "active", ["look"]))
        self.assertEqual(self.json_of(*again, "--data", '{"hours": 1}', "--request-id", "r1", at="03T09:00")["instance"], new["instance"])
        data = self.json_of("data", new["instance"])
        self.assertEqual((data["phone"], data["hours"], data["answer"]), ("138 0000-0001", 1, "good"))
        self.assertEqual(data["taken_at"][:10], "2026-03-03")  # the process's own
        self.refused(1, *self.base("03T09:00"), "reopen", "i-1", "--by", "zhao", "--reason", "x", says=["SB0"])  # its number is taken
        other = self.json_of("reopen", "i-1", "--by", "zhao", "--reason", "x", "--number", "R-9", at="03T09:00")
        self.assertEqual((other["case"], other["reopens"]), ("R-9", "i-1"))
        self.assertIn("it takes case i-1 up again (by zhao: not satisfied)", self.do("history", new["instance"], "--as", "text").out)
        self.assertEqual([c["reopens"] for c in self.json_of("list")["cases"]], [None, None, "i-1", "i-1"])
        self.assertIn("sound", self.do("fsck").out)


if __name__ == "__main__":
    driver.main()
