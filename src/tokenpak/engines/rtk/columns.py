"""Tables and rows of words: what stands in the row above, or in every row, is told once."""

from __future__ import annotations

import re

_DITTO = '[" = as in the row above]'
_LED = '[" = as in the row above, as are the first words where a row begins with a blank]'
_LEADING = 3
_LONG_CELL = 8
_MANY_MARKS = 6
_GAP = re.compile(r" {3,}|(?<!\t)\t+ {2,}")
# The labels that `--show-labels` prints: pairs, comma-separated, often ten of them.
_LABELS = re.compile(r"(?<=\s)((?:[\w./-]+=[\w./-]*,){2})(?:[\w./-]+=[\w./-]*,)+[\w./-]+=[\w./-]*$")


def table(lines: list[str]) -> list[str]:
    """A table with two blanks between columns, and columns of one value told once."""
    squeezed = [_squeezed(line) for line in lines]
    rows = [re.split(r" {2,}|\t", line.strip()) for line in squeezed]
    width = len(rows[0]) if rows else 0
    body = [row for row in rows[1:] if row != [""]]
    if len(body) < 6 or width < 3 or any(len(row) != width for row in body):
        return squeezed
    constant = [
        i for i in range(1, width) if len(body[0][i]) > 3 and len({row[i] for row in body}) == 1
    ]
    kept = [i for i in range(width) if i not in constant]
    table = _as_above([[row[i] for i in kept] for row in [rows[0], *body]])
    if not constant:
        return table
    told = "; ".join(f"{rows[0][i]} {body[0][i]}" for i in constant)
    return [f"[in every row: {told}]", *table]


def _squeezed(line: str) -> str:
    """*line* with two blanks between its columns, and the first two of many labels."""
    return _LABELS.sub(r"\1…", _GAP.sub("  ", line.rstrip()))


def _as_above(rows: list[list[str]]) -> list[str]:
    """*rows* with a `"` for each long cell, but the second, that stands in the row above."""
    out = ["  ".join(rows[0])]
    for above, row in zip(rows, rows[1:], strict=False):
        out.append(
            "  ".join(
                '"' if cell == old and i != 1 and len(cell) >= _LONG_CELL else cell
                for i, (cell, old) in enumerate(zip(row, above, strict=True))
            )
        )
    return [_DITTO, *out] if "".join(out).count('"') > _MANY_MARKS else ["  ".join(x) for x in rows]


def ditto(lines: list[str]) -> list[str]:
    """Rows in which a word of the row above, in the same place and longer than it, is a `"`.

    Only rows of one number of words are compared, and only the middle of a row: its first two
    words name it, and its last may be text. A row whose first words, three or more, are those of
    the row above begins with a blank instead.
    """
    out: list[str] = []
    above: list[str] = []
    led = False
    for line in lines:
        words = line.split()
        led_here, shown = _below(above, words, line) if len(words) > 4 else (False, line)
        led = led or led_here
        out.append(shown)
        above = words
    if led:
        return [_LED, *out]
    return [_DITTO, *out] if '"' in "".join(out) and out != lines else out


def _below(above: list[str], words: list[str], line: str) -> tuple[bool, str]:
    """*line*, of *words*, below the row *above*; whether a blank stands for its first words."""
    same = next((i for i, (a, b) in enumerate(zip(words, above, strict=False)) if a != b), 0)
    start = same if same >= _LEADING and line[:1].strip() else 0
    if not start and len(words) != len(above):
        return False, line
    rest = words[start:]
    if len(words) == len(above):
        rest = [
            '"' if 1 < i < len(words) - 1 and len(word) > 4 and word == above[i] else word
            for i, word in enumerate(rest, start)
        ]
    return start > 0, " " * (start > 0) + " ".join(rest)
