"""report and watch --once on a database with cases in three states, and what the shell is offered."""
import csv
import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import time
import unicodedata
import unittest

import driver
from cases_test import Engine

REPAIR = {"customer_no": "1001", "area": "urban"}


def columns(text):
    """Terminal columns, without colours."""
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\r", "", text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in plain)


class Three(Engine):
    """R-1 arrived in time, R-2 is late, R-3 has just begun; all of the company sgcc but R-3."""

    def setUp(self):
        super().setUp()
        self.at("2026-03-02T09:00")
        for case in ("R-1", "R-2"):
            self.do("start", "repair", "--case", case, "--data", json.dumps(REPAIR))
        for node in ("dispatch", "accept-order", "arrive"):
            self.do("complete", "--case", "R-1", node, "--data", '{"crew": "A"}')
        self.at("2026-03-02T10:30")
        self.do("tick")
        self.do("start", "repair", "--case", "R-3", "--data", json.dumps(dict(REPAIR, company="csg")))


class Report(Three):
    def rows(self, *words):
        return self.do("report", *words)["rows"]

    def test_by_process_and_clock(self):
        arrival = next(r for r in self.rows() if r["clock"] == "arrival")
        self.assertEqual((arrival["process"], arrival["rounds"], arrival["kept"], arrival["broken"], arrival["finished"], arrival["open"]), ("repair", 3, 1, 1, 1, 2))
        self.assertEqual(arrival["kept_share"], 0.5)
        self.assertEqual(arrival["lateness_max_seconds"], 1800)

    def test_by_company_stage_and_period(self):
        self.assertEqual([(r["company"], r["broken"]) for r in self.rows("--by", "company", "--clock", "arrival")], [("csg", 0), ("sgcc", 1)])
        self.assertEqual([(r["data.area"], r["rounds"]) for r in self.rows("--by", "data.area", "--clock", "arrival")], [("urban", 3)])
        self.assertEqual([(r["stage"], r["lane"]) for r in self.rows("--by", "stage,lane", "--clock", "arrival")], [("handle/arrive", "crew")])
        self.assertEqual([r["month"] for r in self.rows("--by", "month")], ["2026-03"])
        late = self.rows("--by", "broke-at", "--clock", "arrival")
        self.assertEqual([(r["broke-at"], r["broken"]) for r in late], [(None, 0), ("handle/dispatch", 1)])

    def test_period_and_audience(self):
        total = lambda *words: self.do("report", "--by", "", *words)["total"]["rounds"]
        everything = total()
        self.assertEqual(total("--audience", "customer") + total("--audience", "internal"), everything)
        self.assertEqual(total("--from", "2026-03-02", "--to", "2026-03-03") , everything)
        self.assertEqual(total("--to", "2026-03-02"), 0)

    def test_one_line_for_all_is_one_line(self):
        self.assertEqual(len(self.say("report", "--by", "").splitlines()), 2)  # titles and figures

    def test_formats(self):
        text = self.say("report", "--by", "company", "--clock", "arrival", "--lang", "en")
        lines = text.splitlines()
        self.assertTrue(lines[0].startswith("COMPANY  KEPT  BROKEN  SHARE"), text)
        self.assertTrue(lines[-1].startswith("TOTAL"), text)
        self.assertIn("50.0%", lines[-1])
        self.assertIn("兑现率", self.say("report", "--lang", "zh"))
        given = list(csv.DictReader(io.StringIO(self.ok("--db", "cases.db", "--now", self.now, "report", "--format", "csv").out, newline="")))
        self.assertEqual(given[0].keys(), self.rows()[0].keys())
        self.assertEqual(json.loads(self.say("report", "--format", "json"))["total"]["rounds"], self.do("report")["total"]["rounds"])

    def test_refusals(self):
        self.refuse("report", "--by", "team", code=2, says=["SB0720", "team", "one of process, overlay, clock"])
        self.refuse("report", "--by", "data.compny", says=["SB0721", "compny", "company"])
        self.refuse("report", "--process", "repare", says=["SB0717", "did you mean 'repair'?"])
        self.refuse("report", "--from", "yesterday", code=2, says=["SB0702", "--from"])
        self.refuse("report", "--from", "2026-03-02", "--to", "2026-03-02", code=2, says=["SB0720", "empty"])
        self.refuse("report", "--format", "xml", code=2, says=["SB0701"])
        self.refuse("report", "--audience", "boss", code=2, says=["SB0701", "customer, internal"])


class Clocks(Three):
    def test_due_before(self):
        due = lambda text: [c["due"] for c in self.do("clocks", "--due-before", text)]
        for text in ("1 h", "2026-03-02T11:30", "2026-03-02T03:30:00Z", "60 min"):
            self.assertTrue(due(text), text)
            self.assertTrue(all(d <= "2026-03-02T11:30:00+08:00" for d in due(text)), text)
        self.assertEqual(due("1 h"), due("2026-03-02T11:30"))
        self.assertGreater(len(due("2 d")), len(due("1 h")) - 1)
        for text in ("soon", "3 bd", "-1 h"):
            self.refuse("clocks", "--due-before", text, code=2, says=["--due-before"])


class Watch(Three):
    def board(self, *words, width=120, **environment):
        done = subprocess.run([driver.BINARY, "--db", "cases.db", "--now", self.now, "watch", "--once", *words], cwd=self.folder, capture_output=True, text=True, encoding="utf-8",
                              timeout=60, env=dict(self.environment(), COLUMNS=str(width), **environment))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_once(self):
        board = self.board()
        self.assertNotIn("\x1b", board)
        self.assertIn("BREAKS NEXT", board)
        self.assertIn("BROKEN AND OPEN", board)
        self.assertIn("repair 3: ", board)
        self.assertIn("[crew]", board)
        self.assertIn("工单", self.board("--lang", "zh"))

    def test_fits_the_width(self):
        for width in (200, 120, 80, 60, 40):
            for language in ("en", "zh"):
                widest = max(columns(line) for line in self.board("--lang", language, width=width).splitlines())
                self.assertLessEqual(widest, width, f"{language} {width}")

    def test_json(self):
        board = self.do("watch", "--once")
        self.assertEqual([p["process"] for p in board["processes"]], ["repair"])
        self.assertEqual(board["processes"][0]["cases"], {"number": 3, "or_more": False})
        stages = {s["stage"]: s["cases"] for s in board["processes"][0]["stages"]}
        self.assertEqual(stages["handle/dispatch"], 2)
        due = [c["due"] for c in board["next"]]
        self.assertEqual(due, sorted(due))
        self.assertTrue(all(c["breached"] and not c["mean"] for c in board["broken"]))
        self.assertIn(("R-2", "arrival"), [(c["case"], c["clock"]) for c in board["broken"]])
        self.assertIn("repair-command", [h["name"] for h in board["holders"]])
        self.assertGreater(board["outbox"]["number"], 0)

    def test_averages_do_not_use_up_the_bound(self):
        """More broken and open averages than promises that are shown: none of these is lost for it."""
        marks = "".join(f"  a{n}: {{start: {{process: started}}, stop: {{process: ended}}, within: {{mean: 1 min}}}}\n" for n in range(30))
        text = ("switchboard: 1\nprocess: many\nnodes:\n  a: {type: startEvent, next: w}\n  w: {type: userTask, groups: [g], next: z}\n  z: {type: endEvent}\nsla:\n"
                + marks + "  one: {start: {process: started}, stop: {process: ended}, within: 2 min}\n")
        self.do("deploy", self.write("many.yaml", text))
        self.at("2026-03-02T08:00")
        for n in range(15):
            self.do("start", "many", "--case", f"N-{n}")
        self.at("2026-03-02T10:30")
        self.do("tick")
        board = self.do("watch", "--once", "--process", "many")
        self.assertEqual((len(board["broken"]), board["more_broken"]), (15, False))

    def test_refusals(self):
        self.refuse("watch", "--once", "--every", "3 bd", code=2, says=["--every"])
        self.refuse("watch", "--once", "--every", "1 ms", code=2, says=["200ms"])
        self.refuse("watch", "--json", code=2, says=["--once"])
        self.refuse("watch", "--once", "--process", "repare", says=["did you mean 'repair'?"])

    def in_terminal(self, act, size=(24, 100), every="200ms"):
        """Runs the board on a terminal of its own; `act(master, process)` ends it. What was shown, and the exit code."""
        master, slave = pty.openpty()
        import fcntl, struct, termios
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
        before = termios.tcgetattr(slave)
        process = subprocess.Popen([driver.BINARY, "--db", "cases.db", "--now", self.now, "watch", "--every", every], cwd=self.folder, stdin=slave, stdout=slave, stderr=slave,
                                   env=dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm"), start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        shown = self.read_until(master, b"q: end")
        act(master, process)
        shown += self.read_until(master, b"\x1b[?1049l")
        code = process.wait(timeout=10)
        after = termios.tcgetattr(slave)
        os.close(master), os.close(slave)
        self.assertEqual(before[3], after[3], "the terminal's mode is what it was")
        return shown.decode(), code

    def read_until(self, master, text, seconds=20):
        shown, end = b"", time.monotonic() + seconds
        while text not in shown and time.monotonic() < end:
            if select.select([master], [], [], 0.1)[0]:
                shown += os.read(master, 65536)
        self.assertIn(text, shown)
        return shown

    def test_ends_on_q_and_on_signals(self):
        ways = {
            "q": lambda master, process: os.write(master, b"q"),
            "Ctrl-C": lambda master, process: os.write(master, b"\x03"),
            "Ctrl-D": lambda master, process: os.write(master, b"\x04"),
            "SIGTERM": lambda master, process: process.send_signal(signal.SIGTERM),
        }
        for name, way in ways.items():
            with self.subTest(name):
                shown, code = self.in_terminal(way)
                self.assertEqual(code, 0)
                self.assertTrue(shown.startswith("\x1b[?1049h\x1b[?25l"), shown[:40])
                self.assertIn("\x1b[?25h", shown)
                self.assertIn("\x1b[31m", shown, "what is broken is red")

    def test_refreshes_and_follows_the_size(self):
        import fcntl, struct, termios

        def act(master, process):
            self.do("start", "repair", "--case", "R-4", "--data", json.dumps(REPAIR))
            self.read_until(master, b"repair 4:")
            fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 50, 0, 0))
            process.send_signal(signal.SIGWINCH)
            time.sleep(0.5)
            while select.select([master], [], [], 0)[0]:
                os.read(master, 65536)
            os.write(master, b" ")
            self.read_until(master, b"\x1b[H")
            page = self.read_until(master, b"q: end").decode().split("\x1b[H")[-1]
            lines = page.split("\r\n")
            self.assertLessEqual(len(lines), 12)
            self.assertLessEqual(max(columns(line) for line in lines), 50)
            os.write(master, b"q")

        _, code = self.in_terminal(act)
        self.assertEqual(code, 0)

    def test_into_a_pipe_until_a_signal(self):
        process = subprocess.Popen([driver.BINARY, "--db", "cases.db", "--now", self.now, "watch", "--every", "200ms"], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   stdin=subprocess.DEVNULL, text=True, env=self.environment())
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        self.assertEqual((process.returncode, err), (0, ""))
        self.assertGreater(out.count("BREAKS NEXT"), 1)
        self.assertNotIn("\x1b", out)


class Completion(Three):
    def complete(self, *words):
        return self.ok("__complete", "--", *words).out.split("\n")[:-1]

    def test_database_of_the_line(self):
        self.assertEqual(self.complete("history", "--case", ""), [])
        for words in (["--db", "cases.db", "history", "--case", ""], ["history", "--db=cases.db", "--case", ""], ["history", "--db", "=", "cases.db", "--case", ""]):
            self.assertEqual(self.complete(*words), ["R-1", "R-2", "R-3"], words)
        self.assertEqual(self.complete("--db", "cases.db", "complete", "--case", "R-2", ""), ["handle/dispatch", "late-arrival/explain-arrival"])
        self.assertIn("crew", self.complete("--db", "cases.db", "work", "--group", ""))
        self.assertIn("stage", self.complete("report", "--by", ""))

    def test_bash_does_not_run_what_a_case_is_called(self):
        evil = "$(touch pwned) x"
        self.do("start", "repair", "--case", evil, "--data", json.dumps(REPAIR))
        script = ("source <(\"$B\" completion bash); switchboard() { \"$B\" \"$@\"; }; COMP_WORDS=(\"$B\" --db cases.db history --case '\\$'); COMP_CWORD=5; _switchboard;"
                  "COMP_WORDS[5]=; _switchboard; printf '%s\\n' \"${COMPREPLY[@]}\"")
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, capture_output=True, text=True, env=dict(self.environment(), B=driver.BINARY), timeout=60)
        self.assertIn("R-1\n", done.stdout, done.stderr)
        self.assertIn("touch", done.stdout)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "pwned")))


if __name__ == "__main__":
    driver.main()
