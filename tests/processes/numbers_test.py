#!/usr/bin/env python3
"""Every limit of the shipped processes is a row of a table, with its source or with the word that nobody has verified it.

usage: numbers_test.py SWITCHBOARD [PROCESSES]

Looks at the files as texts:
  * every row of every decision table has a `source`, or says `unverified`;
  * what a process asks a table for has a row there of its own, and every name that a table allows is asked for by somebody;
  * no duration and no count stands as a bare literal in a process, but for units and mechanisms (MECHANISMS);
  * what customers read holds no bare number but those of telephones;
  * every clock says its source, and every process and overlay has a version or a source;
  * a process that has changed since it was published (published.txt) has another version.
"""
import glob
import hashlib
import os
import re
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TABLES = ("limits", "service-rules", "thresholds")

# Literals that are no limits: units to reckon with, and what makes a step work.
MECHANISMS = {
    'duration("P1D")',          # a day as a unit: days of a quota; "one day after the end", which never comes
    'duration("P1M")',          # a month as a unit: the age of an appliance in months
    'duration("PT1H")',         # an hour as a unit, to write hours in a text
    'duration("PT1S")',         # a second less, so that midnight belongs to the year that ends
    'duration("PT12H")',        # arrears: from the afternoon on, the next opening is that of another day
    'after: 1 bmin',            # callback: one minute of open time is "as soon as it is open"
}
PHONES = {"95598", "12398", "12345"}

faults = []


def fault(path, line, text):
    faults.append(f"{os.path.relpath(path, SOURCE)}:{line}: {text}")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def blocks(text, begin):
    """Items `- ...` under the key `begin` at the left edge: (line, text) of each."""
    lines, inside, found = text.splitlines(), False, []
    for number, line in enumerate(lines, 1):
        if re.match(r"\w", line):
            inside = line.startswith(begin + ":")
        elif inside and re.match(r"  - ", line):
            found.append([number, line])
        elif inside and found and not line.lstrip().startswith("#"):
            found[-1][1] += "\n" + line
    return found


def tables(folder):
    allowed = {}
    for path in sorted(glob.glob(os.path.join(folder, "decisions", "*.yaml"))):
        text = read(path)
        rows = blocks(text, "rules")
        if not rows:
            fault(path, 1, "no row was found: this test does not read it any more")
        for line, row in rows:
            if not re.search(r"\b(source|unverified): *\S", row):
                fault(path, line, "the row has neither `source` nor `unverified`")
            if re.search(r"\bsource: *[^\n]*(from memory|assumed|\bours\b)", row) and "unverified:" not in row:
                fault(path, line, "the source is nobody's: say `unverified`")
        name = os.path.basename(path)[:-5]
        if name in TABLES:
            first = re.search(r"allowed: *(?:>-\n)?((?:[^\n]*\n)+?)(?=  - \{label)", text)
            names = set(re.findall(r'"([a-z0-9-]+)"', first.group(1)))
            rowed = set(re.findall(r'"([a-z0-9-]+)"', " ".join(re.match(r" *- \{when: \[('[^']*')", row).group(1) for _, row in rows)))
            for missing in sorted(names - rowed):
                fault(path, 1, f"'{missing}' is allowed and has no row")
            allowed[name] = names
    return allowed


def without_strings_of_names(text):
    return re.sub(r"\b(en|zh): (\"[^\"]*\"|[^,}\n]*)", "", text)


def process(path, allowed, asked):
    text = read(path)
    for number, line in enumerate(text.splitlines(), 1):
        code = re.sub(r"(^| )#.*$", "", line)
        for table in TABLES:
            for stage in re.findall(re.escape(table) + r"\((?:if [a-z_]+ then )?\\?\"([a-z0-9-]+)\\?\"(?: else \\?\"([a-z0-9-]+)\\?\")?", code):
                for name in filter(None, stage):
                    asked.setdefault(table, set()).add(name)
                    if name not in allowed.get(table, set()):
                        fault(path, number, f"{table} has no '{name}'")
        bare = code.replace('\\"', '"')
        for literal in re.findall(r'duration\("[^"]*"\)', bare) + re.findall(r"(?:after|every|within|before|backoff|due): +\d+ ?[a-z]+", bare):
            if literal not in MECHANISMS and not path.endswith("repair-zhoukou.yaml"):
                fault(path, number, f"'{literal}' stands bare: give it a row of a table")
        count = re.search(r"type: number,.*default: ([2-9]|[1-9]\d+)\b", bare)
        if count:
            fault(path, number, f"a count of {count.group(1)} stands bare: give it a row of thresholds.yaml")
        said = re.match(r" +(zh|en): (.*)", line)
        if said and "feedback:" in text[:text.find(line)] and number > text[:text.index("\nfeedback:")].count("\n"):
            words = re.sub(r"\{\{.*?\}\}", "", said.group(2))
            for literal in re.findall(r"\d+", words):
                if literal not in PHONES:
                    fault(path, number, f"{literal} stands bare in what customers read")
    clocks = re.search(r"^sla:\n(.*?)(?=^\w)", text + "\nend", re.M | re.S)
    if clocks and "overlay:" not in text:
        for clock in re.split(r"\n(?=  [a-z][a-z0-9-]*:)", "\n" + clocks.group(1)):
            name = re.match(r"\s*([a-z][a-z0-9-]*):", clock)
            if name and not re.search(r"\n    source: *\S", clock):
                fault(path, 1, f"clock '{name.group(1)}' says no source")
    if not re.search(r"^(version|source): *\S", text, re.M):
        fault(path, 1, "neither `version` nor `source`")


def versions(folder):
    for line in read(os.path.join(os.path.dirname(os.path.abspath(__file__)), "published.txt")).splitlines():
        if not line.startswith("#"):
            name, version, digest = line.split()
            path = os.path.join(folder, name + ".yaml")
            text = read(path)
            if hashlib.sha256(text.encode()).hexdigest() != digest and re.search(r'^version: "?([^"\n]+)', text, re.M).group(1) == version:
                fault(path, 1, f"it is not what was published as version {version}: raise the version")


def main():
    folder = sys.argv[2] if len(sys.argv) > 2 else os.path.join(SOURCE, "processes")
    allowed, asked = tables(folder), {}
    paths = [path for path in sorted(glob.glob(os.path.join(folder, "*.yaml"))) if ".test." not in path and ".scenario." not in path]
    if len(paths) < 10:
        sys.exit(f"{folder} has only {len(paths)} processes")
    for path in paths + sorted(glob.glob(os.path.join(folder, "overlays", "*.yaml"))):
        process(path, allowed, asked)
    versions(folder)
    for table in TABLES:
        for name in sorted(allowed[table] - asked.get(table, set())):
            fault(os.path.join(folder, "decisions", table + ".yaml"), 1, f"nobody asks for '{name}'")
    print("\n".join(faults) or f"{len(paths)} processes: every limit has a row, every row its source or its mark")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
