#!/usr/bin/env python3
"""Every door has everything that the C++ door has: commands and queries, the fields of options, the fields of answers.

usage: parity_test.py CHECKOUT LIBRARY

C++ is read from engine/include/switchboard/*.hpp, C from the symbols of the library and its header, Python from the source of the package.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

checkout, library = Path(sys.argv[1]), sys.argv[2]
include = checkout / "engine" / "include" / "switchboard"
python = checkout / "bindings" / "python" / "src" / "switchboard"

# Where a door says the same in another way. Everything else has the same name.
C_NAMES = {"destructor": "close", "observe": "listen"}
PYTHON_NAMES = {"destructor": "close", "observe": "listen"}
# Keywords of Python that stand for a field of options: a word of the language, or what is said by other parameters.
PYTHON_FIELDS = {"from": "since", "instance_after": "after"}
# Functions of the C++ door that are no methods of Engine.
FREE = {"simulate": "simulate", "promises": "report"}


def source(path: Path) -> str:
    return re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))


def cpp_operations() -> set[str]:
    """The methods of class Engine, and the free functions that work on it."""
    engine = source(include / "engine.hpp")
    body = engine[engine.index("class Engine") :]
    methods = set(re.findall(r"virtual\s+[\w:<>,\s*&]+?\s(\w+)\s*\(", body)) | {"open", "destructor"}
    free = set(re.findall(r"Result<[\w:]+>\s+(\w+)\(", source(include / "simulation.hpp") + source(include / "report.hpp")))
    return methods | {FREE[name] for name in FREE if name in free}


def c_operations() -> set[str]:
    shown = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].removeprefix("sb_") for line in shown.splitlines()}


def python_source() -> ast.Module:
    return ast.parse((python / "_engine.py").read_text(encoding="utf-8"))


def python_operations() -> dict[str, set[str]]:
    """Name of each method or function, and its parameters."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(python_source()):
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            found[node.name] = {a.arg for a in [*node.args.args, *node.args.kwonlyargs]}
    return found


def described(text: str) -> dict[str, list[str]]:
    """The fields of each described record, by its name."""
    records: dict[str, list[str]] = {}
    for name, body in re.findall(r"struct Described<(?:report::)?(\w+)> \{(.*?)\n\};", text, re.S):
        records[name] = re.findall(r'\bv\("(\w+)"', body)
    return records


def main() -> int:
    problems: list[str] = []
    cpp, c, py = cpp_operations(), c_operations(), python_operations()
    for name in sorted(cpp):
        if C_NAMES.get(name, name) not in c:
            problems.append(f"C has no sb_{C_NAMES.get(name, name)}")
        if PYTHON_NAMES.get(name, name) not in py:
            problems.append(f"Python has no Engine.{PYTHON_NAMES.get(name, name)}")
    for name, parameters in sorted(py.items()):
        if name in cpp and any(p not in parameters for p in CALLER) and name in COMMANDS:
            problems.append(f"Python's {name} does not take {', '.join(p for p in CALLER if p not in parameters)}")

    records = described(source(include / "records.hpp"))
    given = {  # records of options, and the methods of Python whose parameters they are
        "Find": ["instances", "work", "clocks", "outbox", "incidents", "deliver"],
        "Delivery": ["deliver"],
        "StartOptions": ["start"],
        "Caller": ["complete"],
        "Fetch": ["fetch"],
        "Interest": ["wait"],
        "Failure": ["fail"],
        "PromiseQuery": ["report"],
    }
    for record, methods in given.items():
        known = set().union(*(py[m] for m in methods))
        for field in records[record]:
            if PYTHON_FIELDS.get(field, field) not in known:
                problems.append(f"Python has no parameter {field} in {', '.join(methods)} ({record})")
    for record in records:
        if record not in given and not hasattr_in_python(record):
            problems.append(f"the package of Python does not show {record}")

    for problem in problems:
        print(problem)
    print(f"{len(cpp)} operations, {len(records)} records: {'every door has them' if not problems else f'{len(problems)} missing'}")
    return 1 if problems else 0


CALLER = ["by", "groups", "organisation", "request_id"]
COMMANDS = set(re.findall(r"virtual\s+[\w:<>,\s*&]+?\s(\w+)\s*\([^;]*?const Caller& caller", source(include / "engine.hpp")))


def hasattr_in_python(name: str) -> bool:
    return f'"{name}"' in (python / "__init__.py").read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
