#!/usr/bin/env python3
"""Writes engine/feel/unicode_tables.cpp from Python's Unicode database: general categories and simple case mappings.

Usage: make_unicode_tables.py > engine/feel/unicode_tables.cpp
"""
import unicodedata

CATEGORIES = ["Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
              "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn"]
LAST = 0x10FFFF


def wrap(items):
    line, out = " ", []
    for item in items:
        if len(line) + len(item) + 2 > 149:
            out.append(line)
            line = " "
        line += " " + item + ","
    out.append(line)
    return "\n".join(out)


def category_runs():
    previous = None
    for c in range(LAST + 1):
        category = CATEGORIES.index(unicodedata.category(chr(c)))
        if category != previous:
            yield f"0x{c << 5 | category:x}"
            previous = category


def mapping(fold):
    pairs = [(c, ord(fold(chr(c)))) for c in range(LAST + 1) if len(fold(chr(c))) == 1 and fold(chr(c)) != chr(c)]
    runs = []  # [first, last, step, delta]
    for c, to in pairs:
        if runs and to - c == runs[-1][3]:
            first, last, step, _ = runs[-1]
            gap = c - last
            if gap <= 2 and (step == 0 or gap == step):
                runs[-1][1], runs[-1][2] = c, gap
                continue
        runs.append([c, c, 0, to - c])
    for first, last, step, delta in runs:
        yield f"{{0x{first:x}, 0x{last:x}, {step or 1}, {delta}}}"


print(f"""// Unicode {unicodedata.unidata_version}. Made by tools/make_unicode_tables.py; do not edit.
#include "feel/unicode.hpp"

namespace switchboard::feel {{

// clang-format off
// Where a run of one general category begins: code point << 5 | category.
static constexpr std::uint32_t category_runs[] = {{
{wrap(category_runs())}
}};

// Simple case mappings: every `step`-th code point from first to last maps to itself plus delta.
static constexpr CaseRun upper_runs[] = {{
{wrap(mapping(str.upper))}
}};
static constexpr CaseRun lower_runs[] = {{
{wrap(mapping(str.lower))}
}};
// clang-format on

std::span<const std::uint32_t> unicode_category_runs() {{ return category_runs; }}
std::span<const CaseRun> unicode_upper_runs() {{ return upper_runs; }}
std::span<const CaseRun> unicode_lower_runs() {{ return lower_runs; }}

}}  // namespace switchboard::feel""")
