#!/usr/bin/env python3
"""Writes src/metric/unicode_newer.inc: numbers, punctuation and symbols that Unicode got after version 14.

sacreBLEU's tokenizer `intl` takes its categories from the Python module `regex`, which follows Unicode
closely, while utf8proc in a stable distribution is years behind: 2.7 knows Unicode 14, 2.8 knows 15. The
table holds what is newer than 14; where the library knows a character itself, its word counts.

    pip install regex; python3 tools/unicode_newer.py > src/metric/unicode_newer.inc

It wants a Python whose own data are those of Unicode 14 (3.11), because that is what it compares with."""

import sys
import unicodedata

import regex


def newer_classes():
    for letter in "NPS":
        has_class = regex.compile(r"\p{%s}" % letter)
        for number in range(sys.maxunicode + 1):
            point = chr(number)
            before = unicodedata.category(point)
            if before[0] == letter or not has_class.match(point):
                continue
            if before != "Cn":
                sys.exit(f"U+{number:04X} changed its category from {before}: the table cannot say that")
            yield number, letter


def joined(points):
    ranges = []
    for number, letter in sorted(points):
        if ranges and ranges[-1][1] == number - 1 and ranges[-1][2] == letter:
            ranges[-1][1] = number
        else:
            ranges.append([number, number, letter])
    return ranges


if unicodedata.unidata_version != "14.0.0":
    sys.exit(f"this Python has Unicode {unicodedata.unidata_version}, and 14.0.0 is wanted: use Python 3.11")
print(f"/* Made by tools/unicode_newer.py with regex {regex.__version__}. Do not edit. */")
for first, last, letter in joined(newer_classes()):
    print(f"{{0x{first:X}, 0x{last:X}, '{letter}'}},")
