#!/usr/bin/env python3
"""Every code block of a document is a piece of a file that the tests run.

usage: documents_test.py CHECKOUT DOCUMENT...

A comment before each fenced block says where it comes from: `<!-- from examples/embed.cpp -->`. The block must stand in that file word for word, whole
lines in one piece; only the indentation may differ, and the markers of pieces (`// [name]`) are passed over.
"""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path


def lines_of(text: str) -> list[str]:
    return [line.rstrip() for line in textwrap.dedent(text).splitlines() if not re.fullmatch(r"\s*(//|#|/\*) \[[a-z-]+\]( \*/)?\s*", line)]


def stands_in(block: str, file: str) -> bool:
    wanted, there = lines_of(block), lines_of(file)
    for start in range(len(there) - len(wanted) + 1):
        if lines_of("\n".join(there[start : start + len(wanted)])) == wanted:
            return True
    return False


def blocks(document: str) -> list[tuple[int, str | None, str]]:
    """Line number, file named before it, text."""
    found = []
    source: str | None = None
    block: list[str] | None = None
    for number, line in enumerate(document.splitlines(), 1):
        if block is not None:
            if line.strip() == "```":
                found.append((begun, source, textwrap.dedent("\n".join(block))))
                block, source = None, None
            else:
                block.append(line)
        elif line.strip().startswith("```"):
            block, begun = [], number
        elif marker := re.fullmatch(r"\s*<!-- from (\S+) -->\s*", line):
            source = marker.group(1)
        elif line.strip():
            source = None
    return found


def main() -> int:
    root = Path(sys.argv[1])
    failed = count = 0
    for name in sys.argv[2:]:
        for number, source, block in blocks((root / name).read_text(encoding="utf-8")):
            count += 1
            if source is None:
                problem = "this block does not say where it comes from: put `<!-- from FILE -->` before it"
            elif not (root / source).is_file():
                problem = f"there is no {source}"
            elif not stands_in(block, (root / source).read_text(encoding="utf-8")):
                problem = f"this block does not stand in {source}"
            else:
                continue
            failed += 1
            print(f"{name}:{number}: {problem}")
    print(f"{count} blocks, {failed} wrong")
    return 1 if failed or count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
