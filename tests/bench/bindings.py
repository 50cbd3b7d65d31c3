#!/usr/bin/env python3
"""Adds the cost per call from Python to bench.json. usage: bindings.py BENCH_JSON CHECKOUT, with the package on PYTHONPATH.

The limits are the costs of the same calls in C++, measured by switchboard_bench just before.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import switchboard

CALLS = 20_000


def microseconds_per_call(call: Callable[[], object]) -> float:
    begin = time.perf_counter_ns()
    for _ in range(CALLS):
        call()
    return (time.perf_counter_ns() - begin) / CALLS / 1000


def main() -> None:
    path = Path(sys.argv[1])
    rows = json.loads(path.read_text())
    # The rows of C carry the costs in C++ as their limits.
    in_cpp = {row["name"].removeprefix("C "): row["limit"] for row in rows if row["name"] in ("C command", "C query")}
    if len(in_cpp) != 2:
        print("Python is not measured: the figures of C++ were filtered away")
        return
    with switchboard.open() as engine:
        engine.deploy(Path(sys.argv[2]) / "examples" / "meter-check.yaml")
        first = engine.start("meter-check", {"customer_no": "1001"})
        costs = {
            "command": microseconds_per_call(lambda: engine.start("meter-check", {"customer_no": "1001"})),
            "query": microseconds_per_call(lambda: engine.instance(first.instance)),
        }
    for what, cost in costs.items():
        row = {"name": f"Python {what}", "value": round(cost, 3), "unit": "us", "limit": in_cpp[what], "ratio": round(cost / in_cpp[what], 3)}
        rows.append(row)
        print(f"{row['name']:<52}{row['value']:>14.6g}  {row['unit']:<12}{row['limit']:>14.6g}{row['ratio']:>9.3g}")
    path.write_text("[\n  " + ",\n  ".join(json.dumps(row) for row in rows) + "\n]\n")


main()
