#!/usr/bin/env python3
"""Carries out a document: writes its files, runs its commands, compares what they print. usage: carry_out.py DOCUMENT SWITCHBOARD

A comment before a fenced block says what the block is:
  <!-- file NAME -->       the whole text of a file
  <!-- change NAME -->     lines that begin with `-` are replaced by those that begin with `+`; they stand once in the file; other lines are context
  <!-- append NAME -->     lines added to the end of a file
  <!-- run -->             a shell script; must succeed
  <!-- not run: REASON --> nothing
A `console` block needs no comment: `$ COMMAND` and below it what the command prints (stdout and stderr together, exit code as `[exit 1]` when it is not
0). `...` alone on a line stands for any lines, `...` within a line for any text. Every other block without a comment is an error. With
SWITCHBOARD_REWRITE=1 the document is rewritten with what the commands print now: read the difference before you keep it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

FENCE = re.compile(r"^```(\w*)\s*$")
MARK = re.compile(r"^<!-- (file|change|append|run|not run|from)(?:[: ]+(.*?))? -->$")


def fail(place: str, problem: str) -> None:
    print(f"{place}: {problem}", file=sys.stderr)
    raise SystemExit(1)


def matches(expected: list[str], printed: list[str]) -> bool:
    if not expected:
        return not printed
    if expected[0] == "...":
        return any(matches(expected[1:], printed[i:]) for i in range(len(printed) + 1))
    if not printed:
        return False
    pattern = "[^\n]*".join(re.escape(part) for part in expected[0].split("..."))
    return re.fullmatch(pattern, printed[0]) is not None and matches(expected[1:], printed[1:])


class Document:
    def __init__(self, path: Path, program: str, folder: Path) -> None:
        self.path, self.folder = path, folder
        self.lines = path.read_text(encoding="utf-8").splitlines()
        self.out: list[str] = []
        self.rewrite = os.environ.get("SWITCHBOARD_REWRITE") == "1"
        bin_dir = folder / ".bin"
        bin_dir.mkdir()
        (bin_dir / "switchboard").symlink_to(Path(program).resolve())
        self.env = {**os.environ, "PATH": f"{bin_dir}:{os.environ['PATH']}", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "NO_COLOR": "1", "COLUMNS": "160"}

    def shell(self, command: str) -> list[str]:
        done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300)
        printed = done.stdout.rstrip("\n").split("\n") if done.stdout.strip() else []
        printed = [line.rstrip() for line in printed]
        return printed + ([f"[exit {done.returncode}]"] if done.returncode else [])

    def console(self, block: list[str], place: str) -> list[str]:
        """The block as it would be printed now."""
        now: list[str] = []
        at = 0
        while at < len(block):
            if not block[at].startswith("$ "):
                fail(place, "a console block begins with `$ COMMAND`")
            command = block[at][2:]
            now.append(block[at])
            at += 1
            while command.endswith("\\") and at < len(block):
                command = command[:-1] + block[at].lstrip()
                now.append(block[at])
                at += 1
            expected: list[str] = []
            while at < len(block) and not block[at].startswith("$ "):
                expected.append(block[at])
                at += 1
            printed = self.shell(command)
            if matches([line.rstrip() for line in expected], printed):
                now += expected
            elif self.rewrite:
                now += printed
            else:
                fail(place, f"`{command}` prints\n" + "\n".join(printed) + "\nand not\n" + "\n".join(expected))
        return now

    def change(self, block: list[str], name: str, place: str) -> None:
        file = self.folder / name
        before = "\n".join(line[2:] for line in block if line[:1] in ("-", " ")) + "\n"
        after = "\n".join(line[2:] for line in block if line[:1] in ("+", " ")) + "\n"
        text = file.read_text(encoding="utf-8")
        if text.count(before) != 1:
            fail(place, f"these lines stand {text.count(before)} times in {name}:\n{before}")
        file.write_text(text.replace(before, after), encoding="utf-8")

    def act(self, kind: str, argument: str, language: str, block: list[str], place: str) -> list[str]:
        if kind == "file":
            (self.folder / argument).write_text("\n".join(block) + ("\n" if block else ""), encoding="utf-8")
        elif kind == "append":
            with (self.folder / argument).open("a", encoding="utf-8") as file:
                file.write("\n".join(block) + "\n")
        elif kind == "change":
            self.change(block, argument, place)
        elif kind == "run":
            printed = self.shell("set -e\n" + "\n".join(block))
            if printed and printed[-1].startswith("[exit"):
                fail(place, "\n".join(printed))
        elif kind == "from":
            root = self.path.parent if (self.path.parent / "CMakeLists.txt").exists() else self.path.parent.parent
            if "\n".join(block) not in (root / argument).read_text(encoding="utf-8"):
                fail(place, f"this block does not stand in {argument}")
        elif kind == "" and language == "console":
            return self.console(block, place)
        elif kind == "":
            fail(place, "nothing says what this block is: put <!-- file NAME -->, <!-- run --> or <!-- not run: REASON --> before it")
        elif not argument:
            fail(place, "a block that is not run says why")
        return block

    def carry_out(self) -> int:
        count, kind, argument, at = 0, "", "", 0
        while at < len(self.lines):
            line = self.lines[at]
            self.out.append(line)
            at += 1
            if mark := MARK.match(line):
                kind, argument = mark.group(1), mark.group(2) or ""
            elif fence := FENCE.match(line):
                begun = at
                while self.lines[at] != "```":
                    at += 1
                self.out += self.act(kind, argument, fence.group(1), self.lines[begun:at], f"{self.path.name}:{begun}")
                self.out.append("```")
                at += 1
                count, kind, argument = count + 1, "", ""
            elif line.strip():
                kind, argument = "", ""
        if self.rewrite:
            self.path.write_text("\n".join(self.out) + "\n", encoding="utf-8")
        return count


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        count = Document(Path(sys.argv[1]), sys.argv[2], Path(folder)).carry_out()
    print(f"{sys.argv[1]}: {count} blocks")
    return 0 if count else 1


if __name__ == "__main__":
    sys.exit(main())
