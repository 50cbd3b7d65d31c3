"""What nobody means to give: deep and long files, arguments that are no text, empty ones, outputs that cannot be written."""
import os
import subprocess
import time

import driver

HEAD = "switchboard: 1\nprocess: p\n"


class Limits(driver.Case):
    def quick(self, code, *words, says):
        begin = time.monotonic()
        answer = self.run_it(*words)
        self.assertLess(time.monotonic() - begin, 10, f"{words[0]} is too slow")
        self.assertEqual(answer.code, code, answer.err)
        self.assertIn(says, answer.out + answer.err)
        self.assertLess(len(answer.out + answer.err), 2000)

    def test_deep_files_and_long_lines(self):
        self.write("deep.yaml", HEAD + "nodes: " + "{a: " * 100_000 + "\n")
        self.quick(1, "check", "deep.yaml", says="more than 64 levels")
        self.write("lists.yaml", HEAD + "nodes: " + "[" * 1_000_000 + "\n")
        self.quick(1, "check", "lists.yaml", says="more than 64 levels")
        self.quick(1, "feel", "1 + " * 15_000, says="SB0211")
        self.quick(1, "feel", "(" * 60_000, says="^")

    def test_many_nodes(self):
        nodes = "".join(f"  t{i}: {{type: userTask, groups: [g], next: t{i + 1}}}\n" for i in range(12_000))
        self.write("p.yaml", HEAD + "nodes:\n  s: {type: startEvent, next: t0}\n" + nodes + "  t12000: {type: endEvent}\n")
        self.quick(0, "check", "p.yaml", says="0 errors")


class Arguments(driver.Case):
    def refused_bytes(self, *words, says):
        done = subprocess.run([os.fsencode(driver.BINARY), *[os.fsencode(w) for w in words]], cwd=self.folder, capture_output=True, env=self.environment())
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(says, done.stderr.decode())  # which is UTF-8, whatever was given
        self.assertIn("SB0723", done.stderr.decode())
        self.assertFalse(os.path.exists(os.path.join(self.folder, "switchboard.db")))

    def test_no_text(self):
        self.refused_bytes("start", "repair", "--case", b"\xff\xfe", says="--case is not UTF-8")
        self.refused_bytes("start", b"repair\xff", "--case", "A", says="PROCESS is not UTF-8")
        self.refused_bytes("claim", "--case", "A", "dispatch", "--by", b"wang\xff", says="--by is not UTF-8")
        for control in ("\n", "\x1b[2J", "\x7f", "\u0085"):
            self.refused_bytes("start", "repair", "--case", "A" + control, says="--case has a control character")
        self.refused_bytes("cancel", "--case", "A", "--reason", "a\x1b[2J", says="--reason has a control character")
        self.refused_bytes("start", "repair", "--case", "A" * 129, says="at most 128")
        self.refused_bytes("cancel", "--case", "A", "--reason", "a" * 5000, says="at most 4096")
        self.assertEqual(self.ok("feel", "1 +\n 2").out, "3\n")

    def test_empty_options(self):
        for words in (("--now", "", "tick"), ("start", "repair", "--case", ""), ("--db", "", "tick"), ("start", "repair", "--case", "A", "--data", "")):
            self.refused_bytes(*words, says="is empty")
        self.refused_bytes("start", "repair", "--request-id", "", says="--request-id is empty")

    def test_terminal_is_safe_from_data(self):
        self.write("a.yaml", HEAD + "data: {t: string}\nnodes:\n  s: {type: startEvent, next: w}\n  w: {type: userTask, groups: [g], next: e}\n  e: {type: endEvent}\n")
        self.ok("start", "a.yaml", "--case", "A", "--data", '{"t": "x\\u001b[2J\\ny\\u009b"}')
        for verb in ("history", "data"):
            shown = self.ok(verb, "--case", "A").out
            self.assertNotIn("\x1b", shown)
            self.assertNotIn("\u009b", shown)
        self.assertEqual(self.ok_json("data", "--case", "A")["t"], "x\x1b[2J\ny\x9b")


class Output(driver.Case):
    def test_what_cannot_be_written(self):
        self.write("p.yaml", HEAD + "nodes: {s: {type: startEvent, next: e}, e: {type: endEvent}}\n")
        for words in ("--help", "feel 1", "feel 1 --json", "check --json p.yaml", "show p.yaml", "start p.yaml --case A", "instances", "completion bash"):
            for target in ("> /dev/full", ">&-"):
                done = subprocess.run(f"{driver.BINARY} {words} {target}", shell=True, cwd=self.folder, capture_output=True, text=True, env=self.environment())
                self.assertEqual(done.returncode, 1, f"{words} {target}: {done.stderr}")
                self.assertIn("SB0722", done.stderr, f"{words} {target}")
        self.assertTrue(self.ok_json("fsck")["sound"])


if __name__ == "__main__":
    driver.main()
