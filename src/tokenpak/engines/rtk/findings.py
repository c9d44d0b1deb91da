"""Findings of compilers and linters: by file and wording, each place told once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_FINDING = re.compile(
    r"^(?P<path>(?:[A-Za-z]:)?[^\s:()][^:()\n]{0,250}?\.\w{1,8}|[^\s:()/]{1,80}file)"
    r"(?:\((?P<at>\d+(?:,\d+)?)\)|:(?P<colon>\d+(?::\d+)?))(?P<rest>[:\s].*)$"
)
_FRAME = re.compile(r"^\s*(?:\d+\s*)?\|(?!\|)|^\s*[\^~]+\s*$|^\s*╷|^\s*╵|^\s+\d+ │")
_CARET = re.compile(r"^\s*[\^~][\^~\s]*$")
_QUOTED = re.compile(r"'[^']{1,80}'|\"[^\"]{1,80}\"|`[^`]{1,80}`|\b\d+(?:\.\d+)*\b")
_MANY = 24
"""Findings from which on they are grouped."""
_ROW = re.compile(r"^ *\d+(?::\d+)? |^[A-Z]{1,5}\d{3,4} |^ *\^[-^]* SC\d+ ")
_PLACED = re.compile(r"^( *)(\d+(?::\d+)?)( .*)$")
_CODE = re.compile(
    r"(?P<code>\b[A-Z]{1,5}\d{3,5}\b|\[[a-z][\w-]+\]$|(?<=  )@?[a-z][\w/-]*[-/][\w/-]+$"
    r"|(?<= )[a-z][\w]*(?:-[\w]+)+$)"
)
_OPENING = 3
# What stands before the words of a message: place and severity.
_HEAD = re.compile(
    r"^[ :^-]*(?:\d+(?::\d+)?[: ]+)?(?:- )?"
    r"(?:(?:error|warning|note|info|style|Suggestion|Warning|Error|hint|[CWEFRI])\b[: ]*)?"
)
_SOURCE_CHARS = 400
_MAX_ROW = 400
"""Characters of a row to which further places are added."""
LEGEND = "[; = the same at a further place, with what differs there]"


@dataclass(slots=True)
class _Told:
    """The rows so far: `seen` holds the values of each wording where it was told in full, `rows`
    the row and the values of each wording of the file at hand."""

    out: list[str] = field(default_factory=list)
    seen: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    joined: bool = False

    def add(self, before: str, place: str, message: str, alone: bool) -> None:
        """One finding; *alone* if what follows belongs to it, so that it needs its own row."""
        key = _QUOTED.sub("#", message)
        values = _QUOTED.findall(message)
        number, first = self.rows.get(key, (-1, []))
        if number >= 0 and not alone and len(self.out[number]) < _MAX_ROW:
            differs = [new for new, old in zip(values, first, strict=True) if new != old]
            self.out[number] += "; " + " ".join([place, *differs])
            self.joined = True
            return
        self.out.append(before + place + _said(message, key, self.seen))
        if not alone:
            self.rows[key] = (len(self.out) - 1, values)

    def lines(self) -> list[str]:
        return [LEGEND, *self.out] if self.joined else self.out


def findings(lines: list[str]) -> list[str]:
    """Findings grouped by file and wording, without the quoted source.

    A message told before is its code, and further places of it in one file stand in one row. A
    short list stays as it is but for the source: there is little to gain.
    """
    matches = [_FINDING.match(line) for line in lines]
    rows = sum(1 for line, match in zip(lines, matches, strict=True) if match or _ROW.match(line))
    told = _Told()
    path = None
    for i, (line, match) in enumerate(zip(lines, matches, strict=True)):
        if match is None:
            if is_quoted_source(lines, i):
                continue
            if rows < _MANY or not _add_row(told, lines, i):
                told.out.append(line)
                if line[:1].strip():
                    path = None
                    told.rows.clear()
            continue
        if rows < _MANY:
            told.out.append(line)
            continue
        place = f"({match['at']})" if match["at"] else match["colon"]
        before = " "
        if match["path"] != path:
            path = match["path"]
            told.rows.clear()
            before = path if match["at"] else path + ":"
        told.add(before, place, match["rest"], _goes_on(lines, i))
    return told.lines()


def messages(lines: list[str]) -> list[str]:
    """Findings that come grouped by file already, by wording."""
    if sum(1 for line in lines if _ROW.match(line)) < _MANY:
        return lines
    told = _Told()
    for i, line in enumerate(lines):
        if not _add_row(told, lines, i):
            told.out.append(line)
            told.rows.clear()
    return told.lines()


def quoted_sources(lines: list[str]) -> int:
    """How many of *lines* are source that `findings` leaves out."""
    return sum(1 for i in range(len(lines)) if is_quoted_source(lines, i))


def is_quoted_source(lines: list[str], i: int) -> bool:
    """Whether line *i* is source that a finding points to: framed, or with a caret below."""
    line = lines[i][:_SOURCE_CHARS]
    if _FRAME.match(line):
        return True
    below = lines[i + 1][:_SOURCE_CHARS] if i + 1 < len(lines) else ""
    if not _CARET.match(below):
        return False
    return line[:1] in (" ", "\t", "") or (i > 0 and _FINDING.match(lines[i - 1]) is not None)


def _add_row(told: _Told, lines: list[str], i: int) -> bool:
    """Tell line *i* if it is a finding of the file above."""
    line = lines[i]
    if not _ROW.match(line):
        return False
    placed = _PLACED.match(line)
    if placed is None:
        told.out.append(_said(line, _QUOTED.sub("#", line), told.seen))
    else:
        told.add(placed[1], placed[2], placed[3], _goes_on(lines, i))
    return True


def _goes_on(lines: list[str], i: int) -> bool:
    """Whether the next line explains line *i* further."""
    if i + 1 >= len(lines) or lines[i + 1][:1] not in (" ", "\t"):
        return False
    below = lines[i + 1]
    return not (_ROW.match(below) or _FINDING.match(below) or is_quoted_source(lines, i + 1))


def _said(message: str, key: str, seen: dict[str, list[str]]) -> str:
    """*message*; where one of the same wording was told in full, its code and what differs."""
    values = _QUOTED.findall(message)
    if key not in seen:
        seen[key] = values
        return message
    # A figure that is the same again is a limit.
    limits = {
        new for new, old in zip(values, seen[key], strict=True) if new == old and new.isdigit()
    }
    code = _CODE.search(message)
    head = _HEAD.match(message)
    start = head.end() if head else 0
    if code is None:
        return _opening(message, start, limits)
    differing = [
        each
        for each in _QUOTED.findall(message[start:])
        if each not in limits and each not in code["code"] and code["code"] not in each
    ]
    short = message[:start] + " ".join([code["code"], *differing])
    return short if len(short) < len(message) else message


def _opening(message: str, start: int, limits: set[str]) -> str:
    """The first words of a message without a code, and what differs in it."""
    words = message[start:].split(" ")
    rest = " ".join(words[_OPENING:])
    values = " ".join(each for each in _QUOTED.findall(rest) if each not in limits)
    short = message[:start] + " ".join([*words[:_OPENING], "…", *([values] if values else [])])
    return short if len(short) + 8 < len(message) else message
