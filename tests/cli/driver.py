"""Runs the switchboard binary in a folder of its own and looks at what it answers."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

BINARY = os.environ.get("SWITCHBOARD", "build/bin/switchboard")
SOURCE = os.environ.get("SWITCHBOARD_SOURCE_DIR", os.getcwd())
PROCESSES = os.path.join(SOURCE, "processes")


class Answer:
    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def json(self):
        return json.loads(self.out)


class Case(unittest.TestCase):
    """One test: a fresh folder, no colours, English."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="switchboard-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def environment(self):
        return dict(os.environ, NO_COLOR="1", LC_ALL="C.UTF-8")

    def run_it(self, *words, stdin=""):
        done = subprocess.run([BINARY, *words], cwd=self.folder, input=stdin, capture_output=True, text=True, encoding="utf-8", timeout=60, env=self.environment())
        self.assertGreaterEqual(done.returncode, 0, f"{words} died of signal {-done.returncode}: {done.stderr}")
        return Answer(done)

    def ok(self, *words, stdin=""):
        answer = self.run_it(*words, stdin=stdin)
        self.assertEqual(answer.code, 0, f"{words}: exit {answer.code}\n{answer.out}{answer.err}")
        return answer

    def ok_json(self, *words):
        return self.ok(*words, "--json").json

    def refused(self, code, *words, says=(), stdin=""):
        """Exit code `code`, nothing that looks like an answer on stdout, and one message with all of `says`."""
        answer = self.run_it(*words, stdin=stdin)
        self.assertEqual(answer.code, code, f"{words}: exit {answer.code}\n{answer.out}{answer.err}")
        for text in says:
            self.assertIn(text, answer.err, f"{words}")
        return answer

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path


def main():
    if not os.path.exists(BINARY):
        sys.exit(f"there is no binary {BINARY}: build it, or set SWITCHBOARD")
    unittest.main(verbosity=1)
