"""Shapes of output that several programs print: diffs, trees, paths, search results, logs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from itertools import groupby

from tokenpak.engines.rtk.columns import ditto, table
from tokenpak.engines.rtk.findings import findings, messages
from tokenpak.engines.rtk.reports import go_test, pytest_report
from tokenpak.engines.rtk.spec import Shape

_CONTEXT_CHARS = 120
"""Characters of a line of context, which shows where a change is and no more."""
_PATH = re.compile(r"^ ?([^\s:|]*)/([^\s/:|]+)(?: \| (\d+))?$")
_BRANCH = re.compile(r"^[│| \xa0]*[├└`+\\|][─-]+[┬┐]?[─-]? ")
# `group:name:version (*)`, as Gradle and Maven write it.
_AGAIN = re.compile(r"\(?([\w.-]+:([\w.-]+):[\w.:-]+)(?: \(\*\)| - omitted for duplicate\))$")
_HIT = re.compile(r"^(?P<path>[^\s:][^:\n]{0,250}?)[:](?P<rest>\d+[:].*)$")
_SECOND = re.compile(
    r"^((?:time=\"|ts=\"?|\[)?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d)"
    r"(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?[\]\"]?(?=\s)"
)
_REMARK = re.compile(
    r"^[:\s]*(?:\[?(?:fatal )?(?:error|warning|note|info)\b|[A-Z]{1,4}\d{3,4}\b)", re.I
)
_MIN_ROWS = 12
_IN_FILE = re.compile(r"^[^\s:]*[./][^\s:]*:\d+:")
_LISTED = re.compile(r"^\.{0,2}/?[\w@.+-]+(?:/[\w@.+=-]+)+$")


def _diff(lines: list[str], context: int) -> list[str]:
    """A diff without index lines and with *context* lines around a change, all of which stay.

    The names of a file are told once where its header holds them already.
    """
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


def _is_told(line: str, header: str) -> bool:
    if re.match(r"index [0-9a-f,]+\.\.", line):
        return True
    name = re.match(r"(?:---|\+\+\+) [ab]/(.*)$", line)
    return name is not None and name[1].rstrip("\t") in header


def paths(lines: list[str]) -> list[str]:
    """Paths of one folder that follow one another on one line: `src/a/: b.py c.py`.

    Those of a diff's statistics with the number of lines that changed: `src/a/: b.py 12, c.py 3`.
    """
    out: list[str] = []
    for place, found in groupby(lines, _folder):
        rows = list(found)
        if place is None or len(rows) < 2:
            out += rows
            continue
        folder, counted = place
        names = (match.group(2, 3) for match in map(_PATH.match, rows) if match)
        told = (", " if counted else " ").join(" ".join(filter(None, each)) for each in names)
        out.append(f"{folder}/: {told}")
    return out


def _folder(line: str) -> tuple[str, bool] | None:
    """The folder of a line that is a path, and whether a number of changes stands behind it."""
    match = _PATH.match(line)
    return (match[1], match[3] is not None) if match else None


def is_evidence(lines: list[str], alarm: bytearray) -> bool:
    """Whether a failure is told beside a list of paths, which then stays as it was printed."""
    return any(flag == 1 and not _PATH.match(line) for line, flag in zip(lines, alarm, strict=True))


def tree(lines: list[str]) -> list[str]:
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


def search(lines: list[str]) -> list[str]:
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


def compact_json(lines: list[str]) -> list[str]:
    """JSON without line breaks and indentation; every value as it was written."""
    text = "\n".join(lines)
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return lines
    # A JSON string cannot hold a line break, so only layout is touched.
    return [re.sub(r"\n[ \t]*", "", text.strip())]


def log(lines: list[str]) -> list[str]:
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


SHAPES: Mapping[Shape, Callable[[list[str]], list[str]]] = {
    "changes": partial(_diff, context=0),
    "diff": partial(_diff, context=1),
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
WHOLE = frozenset({"go-test", "json"})
"""Those that need an output from its beginning to its end, before anything is taken away."""
DIFFS = frozenset({"diff", "changes"})
TAKE_LINES = DIFFS | {"table"}
"""Those whose missing lines have to be told."""
TELL_ALL = frozenset({"ditto", "json", "paths", "search", "tree"})
"""Those that tell all that there was."""
