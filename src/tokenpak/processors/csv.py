"""Tables by their head and tail: the header, the first and the last rows, word for word."""

from __future__ import annotations

import csv

from tokenpak.processors.cut import left_out, not_longer

HEAD_ROWS = 6
TAIL_ROWS = 2
"""Rows that stay, the header among those at the head."""


def condense(text: str) -> str:
    """*text* without the rows in its middle; a row says how many that were.

    The delimiter (comma, tab, semicolon or bar) is the one that the first line has most.
    """
    # Not splitlines: form feeds and Unicode's line ends are part of a field.
    lines = text.split("\n")
    lines = [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    if len(lines) < HEAD_ROWS + TAIL_ROWS + 2:
        return text
    delimiter = max(",\t;|", key=lines[0].count)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    ends: list[int] = []
    columns = 0
    try:
        for row in reader:
            columns = columns or len(row)
            ends.append(reader.line_num)
    except csv.Error:
        return text
    number = len(ends) - HEAD_ROWS - TAIL_ROWS
    if number < 2:
        return text
    head, tail = ends[HEAD_ROWS - 1], ends[-TAIL_ROWS - 1]
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    # As wide as the others: strict readers refuse a row that is not.
    note = f'"{left_out(number, "more row")}"' + delimiter * (columns - 1) + end
    return not_longer("".join([*lines[:head], note, *lines[tail:]]), text)
