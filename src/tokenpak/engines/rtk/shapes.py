"""Shapes of output that several programs print: diffs, tables, trees, findings, search results."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from tokenpak.engines.rtk.spec import Shape

Flags = bytearray
Shaper = Callable[[list[str], bytearray], list[str]]

_BRANCH = re.compile(r"^[│| \xa0]*[├└`+\\|][─-]+[┬┐]?[─-]? ")
_GAP = re.compile(r" {3,}|(?<!\t)\t+ {2,}")
_HIT = re.compile(r"^(?P<path>[^\s:][^:\n]{0,250}?)[:](?P<rest>\d+[:].*)$")
_FINDING = re.compile(
    r"^(?P<path>(?:[A-Za-z]:)?[^\s:()][^:()\n]{0,250}?\.\w{1,8})"
    r"(?:\((?P<at>\d+(?:,\d+)?)\)|:(?P<colon>\d+(?::\d+)?))(?P<rest>[:\s].*)$"
)
_FRAME = re.compile(r"^\s*(?:\d+\s*)?\|(?!\|)|^\s*[\^~]+\s*$|^\s*╷|^\s*╵|^\s+\d+ │")
_QUOTED = re.compile(r"'[^']{1,80}'|\"[^\"]{1,80}\"|`[^`]{1,80}`|\b\d+\b")
_MAX_MESSAGE = 60


def diff(lines: list[str], alarm: bytearray) -> list[str]:
    """A diff without index lines and with one line of context; every changed line stays.

    The names of a file are told once where its header holds them already.
    """
    out: list[str] = []
    gap = False
    changed = [bool(re.match(r"[+-]", line)) for line in lines]
    header = ""
    in_hunk = False
    for i, line in enumerate(lines):
        if line.startswith("diff --git ") or line.startswith("diff --cc "):
            header, in_hunk = line, False
        if line.startswith("@@"):
            in_hunk = True
        elif not in_hunk and header and _is_told(line, header):
            continue
        near = any(changed[max(0, i - 1) : i + 2])
        if in_hunk and line[:1] == " " and not near:
            gap = True
            continue
        if gap and line[:1] == " ":
            out.append(" …")
        gap = False
        out.append(line)
    return out


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
    if not constant:
        return squeezed
    told = "; ".join(f"{rows[0][i]} {body[0][i]}" for i in constant)
    kept = [i for i in range(width) if i not in constant]
    return [f"[in every row: {told}]"] + [
        "  ".join(row[i] for i in kept) for row in [rows[0], *body]
    ]


def ditto(lines: list[str], alarm: bytearray) -> list[str]:
    """Rows in which a word of the row above, in the same place and longer than it, is a `"`.

    Only rows of one number of words are compared, and only the middle of a row: its first two
    words name it, and its last may be text.
    """
    out: list[str] = []
    above: list[str] = []
    for line in lines:
        words = line.split()
        if len(words) == len(above) and len(words) > 4:
            shown = [
                '"' if 1 < i < len(words) - 1 and len(word) > 4 and word == above[i] else word
                for i, word in enumerate(words)
            ]
            out.append(" ".join(shown))
        else:
            out.append(line)
        above = words
    if '"' in "".join(out) and out != lines:
        out.insert(0, '[" = as in the row above]')
    return out


def paths(lines: list[str], alarm: bytearray) -> list[str]:
    """Paths of one folder that follow one another on one line: `src/a/: b.py c.py`."""
    if 1 in alarm:
        return lines
    out: list[str] = []
    group: list[str] = []
    for line in [*lines, ""]:
        folder = line.rpartition("/")[0] if _PATH.match(line) else None
        if group and folder is not None and folder == group[0].rpartition("/")[0]:
            group.append(line)
            continue
        if len(group) > 1:
            shared = group[0].rpartition("/")[0]
            out.append(f"{shared}/: " + " ".join(each.rpartition("/")[2] for each in group))
        else:
            out += group
        group = [line] if folder is not None else []
        if folder is None:
            out.append(line)
    return out[:-1]


_PATH = re.compile(r"^[^\s:]*/[^\s/:]+$")


# The labels that `--show-labels` prints: pairs, comma-separated, often ten of them.
_LABELS = re.compile(r"(?<=\s)((?:[\w./-]+=[\w./-]*,){2})(?:[\w./-]+=[\w./-]*,)+[\w./-]+=[\w./-]*$")


def _cut_labels(line: str) -> str:
    """*line* with the first two of many labels."""
    return _LABELS.sub(r"\1…", line)


def tree(lines: list[str], alarm: bytearray) -> list[str]:
    """A tree with one blank a level instead of branches drawn with lines."""
    matches = [_BRANCH.match(line) for line in lines]
    unit = min((match.end() for match in matches if match), default=1)
    return [
        " " * max(1, round(match.end() / unit)) + line[match.end() :] if match else line
        for line, match in zip(lines, matches, strict=True)
    ]


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


def findings(lines: list[str], alarm: bytearray) -> list[str]:
    """Findings grouped by file, without the quoted source; a message told before is its code.

    A short list stays as it is but for the source: there is little to gain.
    """
    matches = [_FINDING.match(line) for line in lines]
    rows = sum(1 for line, match in zip(lines, matches, strict=True) if match or _ROW.match(line))
    many = rows >= _MANY
    out: list[str] = []
    path = None
    seen: set[str] = set()
    for i, (line, match) in enumerate(zip(lines, matches, strict=True)):
        if match is None:
            if not _is_quoted_source(lines, i):
                out.append(_said(line, seen) if many and _ROW.match(line) else line)
                path = None if line[:1].strip() else path
            continue
        if not many:
            out.append(line)
            continue
        place = f"({match['at']})" if match["at"] else match["colon"]
        rest = _said(match["rest"], seen)
        if match["path"] == path:
            out.append(f" {place}{rest}")
        else:
            path = match["path"]
            out.append(f"{path}{place if match['at'] else ':' + place}{rest}")
    return out


def messages(lines: list[str], alarm: bytearray) -> list[str]:
    """Findings that come grouped by file already; a message told before is its code."""
    found = [i for i, line in enumerate(lines) if _ROW.match(line)]
    if len(found) < _MANY:
        return lines
    seen: set[str] = set()
    return [_said(line, seen) if _ROW.match(line) else line for line in lines]


_MANY = 24
"""Findings from which on they are grouped."""
_ROW = re.compile(r"^ *\d+(?::\d+)? |^[A-Z]{1,5}\d{3,4} ")
_CODE = re.compile(
    r"(?P<code>\b[A-Z]{1,5}\d{3,5}\b|\[[a-z][\w-]+\]$|(?<=  )@?[a-z][\w/-]*[-/][\w/-]+$"
    r"|(?<= )[a-z][\w]*(?:-[\w]+)+$)"
)


def _is_quoted_source(lines: list[str], i: int) -> bool:
    """Whether line *i* is source that a finding points to: framed, or with a caret below."""
    if _FRAME.match(lines[i]):
        return True
    below = lines[i + 1] if i + 1 < len(lines) else ""
    return bool(re.match(r"^\s*[\^~][\^~\s]*$", below)) and lines[i][:1] in (" ", "\t", "")


def _said(message: str, seen: set[str]) -> str:
    """*message*; where one of the same wording was told in full, its code and what differs."""
    key = _QUOTED.sub("#", message)
    if key not in seen:
        seen.add(key)
        return message
    code = _CODE.search(message)
    if code is None:
        return _opening(message)
    head = _HEAD.match(message)
    start = head.end() if head else 0
    values = [
        each
        for each in _QUOTED.findall(message[start:])
        if each not in code["code"] and code["code"] not in each
    ]
    short = message[:start] + " ".join([code["code"], *values])
    return short if len(short) < len(message) else message


def _opening(message: str) -> str:
    """The first words of a message without a code, and what differs in it."""
    head = _HEAD.match(message)
    start = head.end() if head else 0
    words = message[start:].split(" ")
    rest = " ".join(words[_OPENING:])
    values = " ".join(_QUOTED.findall(rest))
    short = message[:start] + " ".join([*words[:_OPENING], "…", *([values] if values else [])])
    return short if len(short) + 8 < len(message) else message


_OPENING = 3
# What stands before the words of a message: place and severity.
_HEAD = re.compile(
    r"^[ :-]*(?:\d+(?::\d+)?[: ]+)?(?:- )?"
    r"(?:(?:error|warning|note|info|style|Suggestion|Warning|Error|hint|[CWEFRI])\b[: ]*)?"
)


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
    r"(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\]?(?=\s)"
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
    """A report in which the cause of a failure is told once, beside its place."""
    told = [line[1:].strip() for line in lines if line.startswith("E ")]
    causes = {each[:_CAUSE] for each in told if len(each) >= _CAUSE}
    out = []
    for line in lines:
        match = _CAUSED.match(line)
        if match and match[2][:_CAUSE].removesuffix("...") and match[2][:_CAUSE] in causes:
            line = match[1]
        out.append(line)
    return out


_CAUSE = 30
"""Characters by which a cause is known again; the short summary cuts it at the terminal's edge."""
_CAUSED = re.compile(r"^((?:FAILED|ERROR) \S+(?:\[.*?\])?|\S+:\d+)(?: - |: )(.{30,})$")


SHAPES: Mapping[Shape, Shaper] = {
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
