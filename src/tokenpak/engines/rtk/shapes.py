"""Shapes of output that several programs print: diffs, tables, trees, findings, search results."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from tokenpak.engines.rtk.findings import findings, messages
from tokenpak.engines.rtk.spec import Shape

Flags = bytearray
Shaper = Callable[[list[str], bytearray], list[str]]

_DITTO = '[" = as in the row above]'
_LED = '[" = as in the row above, as are the first words where a row begins with a blank]'
_LEADING = 3
_LONG_CELL = 8
_MANY_MARKS = 6
_BRANCH = re.compile(r"^[│| \xa0]*[├└`+\\|][─-]+[┬┐]?[─-]? ")
_GAP = re.compile(r" {3,}|(?<!\t)\t+ {2,}")
_HIT = re.compile(r"^(?P<path>[^\s:][^:\n]{0,250}?)[:](?P<rest>\d+[:].*)$")


def diff(lines: list[str], alarm: bytearray) -> list[str]:
    """A diff without index lines and with one line of context; every changed line stays.

    The names of a file are told once where its header holds them already.
    """
    return _diff(lines, 1)


def changes(lines: list[str], alarm: bytearray) -> list[str]:
    """The same without any context."""
    return _diff(lines, 0)


def _diff(lines: list[str], context: int) -> list[str]:
    out: list[str] = []
    gap = False
    changed = [line[:1] in ("+", "-") for line in lines]
    header = ""
    in_hunk = False
    for i, line in enumerate(lines):
        if line.startswith("diff --git ") or line.startswith("diff --cc "):
            header, in_hunk = line, False
        if line.startswith("@@"):
            in_hunk = True
        elif not in_hunk and header and _is_told(line, header):
            continue
        near = any(changed[max(0, i - context) : i + context + 1])
        if in_hunk and (line[:1] == " " and not near or not line):
            gap = gap or bool(line)
            continue
        if gap and line[:1] == " ":
            out.append(" …")
        gap = False
        if in_hunk and line[:1] == " " and len(line) > _CONTEXT_CHARS:
            line = line[: _CONTEXT_CHARS - 20] + " …"
        out.append(line)
    return out


_CONTEXT_CHARS = 120
"""Characters of a line of context, which shows where a change is and no more."""


def _is_told(line: str, header: str) -> bool:
    if re.match(r"index [0-9a-f,]+\.\.", line):
        return True
    name = re.match(r"(?:---|\+\+\+) [ab]/(.*)$", line)
    return name is not None and name[1].rstrip("\t") in header


def table(lines: list[str], alarm: bytearray) -> list[str]:
    """A table with two blanks between columns, and columns of one value told once."""
    squeezed = [_cut_labels(_GAP.sub("  ", line.rstrip())) for line in lines]
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


def ditto(lines: list[str], alarm: bytearray) -> list[str]:
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
        shown = line
        if len(words) > 4:
            same = next(
                (i for i, (a, b) in enumerate(zip(words, above, strict=False)) if a != b), 0
            )
            start = same if same >= _LEADING and line[:1].strip() else 0
            rest = words[start:]
            if len(words) == len(above):
                rest = [
                    '"' if 1 < i < len(words) - 1 and len(word) > 4 and word == above[i] else word
                    for i, word in enumerate(rest, start)
                ]
            led = led or start > 0
            if start or rest != words:
                shown = " " * (start > 0) + " ".join(rest)
            elif len(words) == len(above):
                shown = " ".join(words)
        out.append(shown)
        above = words
    if led:
        return [_LED, *out]
    return [_DITTO, *out] if '"' in "".join(out) and out != lines else out


def paths(lines: list[str], alarm: bytearray) -> list[str]:
    """Paths of one folder that follow one another on one line: `src/a/: b.py c.py`.

    Those of a diff's statistics with the number of lines that changed: `src/a/: b.py 12, c.py 3`.
    """
    # Beside a failure a list is evidence: it stays as it was printed.
    if any(flag == 1 and not _PATH.match(line) for line, flag in zip(lines, alarm, strict=True)):
        return lines
    out: list[str] = []
    group: list[str] = []
    folder = None
    for line in [*lines, ""]:
        match = _PATH.match(line)
        here = (match[1], match[3] is None) if match else None
        if here is None or here != folder:
            out += _grouped(group)
            group, folder = [], here
        if here is None:
            out.append(line)
        else:
            group.append(line)
    return out[:-1]


def _grouped(lines: list[str]) -> list[str]:
    """Paths of one folder as one line; a single one as it is."""
    if len(lines) < 2:
        return lines
    found = [match for line in lines if (match := _PATH.match(line))]
    if found[0][3] is None:
        return [f"{found[0][1]}/: " + " ".join(each[2] for each in found)]
    return [f"{found[0][1]}/: " + ", ".join(f"{each[2]} {each[3]}" for each in found)]


_PATH = re.compile(r"^ ?([^\s:|]*)/([^\s/:|]+)(?: \| (\d+))?$")


# The labels that `--show-labels` prints: pairs, comma-separated, often ten of them.
_LABELS = re.compile(r"(?<=\s)((?:[\w./-]+=[\w./-]*,){2})(?:[\w./-]+=[\w./-]*,)+[\w./-]+=[\w./-]*$")


def _cut_labels(line: str) -> str:
    """*line* with the first two of many labels."""
    return _LABELS.sub(r"\1…", line)


def tree(lines: list[str], alarm: bytearray) -> list[str]:
    """A tree with one blank a level instead of branches drawn with lines.

    A dependency of which the tree says that it stands above has its name alone there.
    """
    matches = [_BRANCH.match(line) for line in lines]
    unit = min((match.end() for match in matches if match), default=1)
    seen: set[str] = set()
    out = []
    for line, match in zip(lines, matches, strict=True):
        name = line[match.end() :] if match else line
        again = _AGAIN.match(name)
        if again and again[1] in seen:
            name = f"{again[2]} (*)"
        seen.add(name)
        out.append(" " * max(1, round(match.end() / unit)) + name if match else name)
    return out


# `group:name:version (*)`, as Gradle and Maven write it.
_AGAIN = re.compile(r"\(?([\w.-]+:([\w.-]+):[\w.:-]+)(?: \(\*\)| - omitted for duplicate\))$")


def search(lines: list[str], alarm: bytearray) -> list[str]:
    """Hits grouped by file: of those that follow one another the first keeps the path."""
    out: list[str] = []
    path = None
    for line in lines:
        match = _HIT.match(line)
        if match is not None and match["path"] == path:
            out.append(" " + match["rest"])
        else:
            path = match["path"] if match is not None else None
            out.append(line)
    return out


def compact_json(lines: list[str], alarm: bytearray) -> list[str]:
    """JSON without line breaks and indentation; every value as it was written."""
    text = "\n".join(lines)
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return lines
    # A JSON string cannot hold a line break, so only layout is touched.
    return [re.sub(r"\n[ \t]*", "", text.strip())]


def log(lines: list[str], alarm: bytearray) -> list[str]:
    """A log in which a time is told again only when its second differs from the line above."""
    out: list[str] = []
    before = ""
    for line in lines:
        match = _SECOND.match(line)
        stamp = match[1] if match else ""
        if match and stamp == before:
            out.append(" " + line[match.end() :].lstrip())
        else:
            out.append(line)
        before = stamp
    return out


_SECOND = re.compile(
    r"^((?:time=\"|ts=\"?|\[)?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d)"
    r"(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?[\]\"]?(?=\s)"
)


def go_test(lines: list[str], alarm: bytearray) -> list[str]:
    """The text of `go test -json`: all that failing tests and packages printed, and sums."""
    events = [_event(line) for line in lines]
    failed: set[tuple[str, str]] = set()
    passed = 0
    for event in events:
        if event is not None:
            key = (str(event.get("Package", "")), str(event.get("Test", "")))
            text = event.get("Output")
            dire = isinstance(text, str) and _DIRE.search(text)
            if event.get("Action") == "fail" or (key[1] and dire):
                failed.add(key)
            elif event.get("Action") == "pass" and key[1]:
                passed += 1
    out: list[str] = []
    rest = ""
    for line, event in zip(lines, events, strict=True):
        if event is None:
            out.append(line)
            continue
        text = event.get("Output")
        if not isinstance(text, str):
            continue
        key = (str(event.get("Package", "")), str(event.get("Test", "")))
        if key[1] and key not in failed:
            continue
        rest += text
        *whole, rest = rest.split("\n")
        out += [each for each in whole if not re.match(r"=== (?:RUN|PAUSE|CONT)", each)]
    if rest:
        out.append(rest)
    return [*out, f"[{passed} tests passed]"] if passed else out


_DIRE = re.compile(r"panic|fatal|DATA RACE|--- FAIL|error", re.IGNORECASE)


def _event(line: str) -> dict[str, object] | None:
    if not line.startswith('{"'):
        return None
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and "Action" in value else None


def pytest_report(lines: list[str], alarm: bytearray) -> list[str]:
    """A report in which the cause of a failure is told once, beside its place.

    A place in a file that the summary names has the path of the summary.
    """
    told = [line[1:].strip() for line in lines if line.startswith("E ")]
    causes = {each[:_CAUSE] for each in told if len(each) >= _CAUSE}
    files = {match[1] for line in lines if (match := _TEST_ID.match(line))}
    out = []
    for line in lines:
        match = _CAUSED.match(line)
        if match and match[2][:_CAUSE].removesuffix("...") and match[2][:_CAUSE] in causes:
            line = match[1]
        place = _PLACE.match(line)
        if place and place[2] in files:
            line = line[place.start(2) :]
        out.append(line)
    return out


_CAUSE = 30
"""Characters by which a cause is known again; the short summary cuts it at the terminal's edge."""
_CAUSED = re.compile(r"^((?:FAILED|ERROR) \S+(?:\[.*?\])?|\S+:\d+)(?: - |: )(.{30,})$")


_TEST_ID = re.compile(r"^(?:FAILED|ERROR) ([^\s:]+)::")
# A place whose folder is that of the run: the summary names the same file without it.
_PLACE = re.compile(
    r"^(/(?:[^\s/:]+/){1,12}?)((?:tests?|testing|src|[\w-]+_tests?)/[^\s:]+)(?=:\d)"
)


_REMARK = re.compile(
    r"^[:\s]*(?:\[?(?:fatal )?(?:error|warning|note|info)\b|[A-Z]{1,4}\d{3,4}\b)", re.I
)
_MIN_ROWS = 12
_IN_FILE = re.compile(r"^[^\s:]*[./][^\s:]*:\d+:")
_LISTED = re.compile(r"^\.{0,2}/?[\w@.+-]+(?:/[\w@.+=-]+)+$")


def recognised(lines: list[str]) -> Shape | None:
    """The shape of an output of which nobody knows the program, where nearly every line has it.

    Only shapes that tell all there is are taken: nobody vouches for what could go.
    """
    rows = [line for line in lines if line.strip()]
    if len(rows) < _MIN_ROWS:
        return None

    def most(pattern: re.Pattern[str]) -> bool:
        return sum(1 for line in rows if pattern.match(line)) * 10 >= 9 * len(rows)

    if most(_LISTED):
        return "paths"
    if most(_BRANCH):
        return "tree"
    if most(_IN_FILE):
        places = [match["rest"] for line in rows if (match := _HIT.match(line))]
        remarks = sum(1 for each in places if _REMARK.match(re.sub(r"^[\d:]+", "", each)))
        return "findings" if remarks * 10 >= 9 * len(places) else "search"
    return None


SHAPES: Mapping[Shape, Shaper] = {
    "changes": changes,
    "diff": diff,
    "ditto": ditto,
    "findings": findings,
    "go-test": go_test,
    "json": compact_json,
    "log": log,
    "messages": messages,
    "pytest": pytest_report,
    "paths": paths,
    "search": search,
    "table": table,
    "tree": tree,
}
"""Every shape by the name that a filter gives it."""
