"""A text in blocks: paragraphs of prose, which rules may rewrite, and all else, which they may not.

What looks like code, data, a log, a trace, a table, a heading or a quotation is no prose, nor is
what stands in one run of lines with it. In doubt a block is no prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from tokenpak.engines.guess import guess_language
from tokenpak.tables import table

# A text with so large a share of lines of code, data or logs is left alone as a whole: what looks
# like prose in it are comments, strings and messages.
MAX_CODE_SHARE = 0.3
MIN_CODE_LINES = 3
MAX_CODE_SHARE_OF_A_RUN = 0.1

_FENCE = re.compile(r"[ \t]*+(?:[-*+>][ \t]++)?(`{3,}|~{3,})")
_TAG_LINE = re.compile(r"[ \t]*+<([A-Za-z][\w:.-]*)(?:\s[^<>]*)?>")
_CLOSING_TAG = re.compile(r"</([A-Za-z][\w:.-]*)>")
_ITEM = re.compile(
    r"[ \t]*+(?:[-*+•‣–]|\(?\d{1,3}[.)、]|\(?[A-Za-z][.)])[ \t]++(?:\[[ xX]\][ \t]++)?"
)

# Ends a run and is never rewritten.
_BORDER = re.compile(
    r"""[ \t]*+(?:\#{1,6}(?:[ \t]|$) | \| | > | (?:[-=*_~][ \t]*+){3,}+$ | <[/!?A-Za-z]
    | \$\$ | \\[\[\]a-z] | \[\^?[\w.-]+\]: )""",
    re.VERBOSE,
)  # fmt: skip
_LINES = table(__package__, "blocks.yaml", dict[str, list[str]])
_CODE = re.compile(rf"[ \t]*+(?:{'|'.join(_LINES['code'])})")
_CODE_INSIDE = re.compile("|".join(_LINES["inside"]))
# What reaches over lines, by its marks.
_ENCLOSING = (('"""', '"""'), ("'''", "'''"), ("/*", "*/"), ("<!--", "-->"), ("$$", "$$"),
              ("-----BEGIN", "-----END"))  # fmt: skip
_INLINE = re.compile(r"(`{1,3})[^`\n]+\1")
_DOC_STARTS = ("{", "[", "<?xml", "<!doctype", "<html", "%!", "-----begin")
_KEY_ALONE = re.compile(r"[ \t]*+(?:- )?[a-z_][\w-]*:[ \t]*$")
_KEYED = re.compile(r"[ \t]*+(?:- )?[\w.\"' -]{1,40}:(?:[ \t]|$)")


@dataclass(slots=True)
class Block:
    """A run of lines, with their ends."""

    prose: bool
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.lines)


def blocks(text: str) -> list[Block]:
    """*text* in blocks that join to it again, byte for byte."""
    if _is_no_prose(text):
        return [Block(False, [text])]
    found = list(_runs(text))
    code = sum(1 for kind, lines in found if kind == "code" for each in lines if each.strip())
    prose = sum(len(lines) for kind, lines in found if kind == "prose")
    if code >= MIN_CODE_LINES and code > MAX_CODE_SHARE * (code + prose):
        return [Block(False, [text])]
    made: list[Block] = []
    for kind, lines in found:
        if kind != "prose" and made and not made[-1].prose:
            made[-1].lines += lines
        else:
            made.append(Block(kind == "prose", list(lines)))
    return made


def split_line(line: str) -> tuple[str, str, str]:
    """Indent and list marker, content, and line end of *line*."""
    body = line.rstrip("\r\n")
    marker = _ITEM.match(body)
    start = marker.end() if marker else len(body) - len(body.lstrip(" \t"))
    return body[:start], body[start:], line[len(body) :]


def _is_no_prose(text: str) -> bool:
    start = text[:200].lstrip().lower()
    if start.startswith(_DOC_STARTS) and text.rstrip()[-1:] in "}]>-%":
        return True
    return "\n" in text and guess_language(text) is not None


def _runs(text: str) -> Iterator[tuple[str, list[str]]]:
    """Runs of lines with their kind: prose, code, or other for borders and enclosed text."""
    enclosed = _Enclosed(text)
    run: list[str] = []
    coded: list[bool] = []
    for line in text.splitlines(keepends=True):
        blank = line.isspace()
        border = enclosed.takes(line, blank) or blank or _BORDER.match(line)
        if not border:
            run.append(line)
            coded.append(_looks_like_code(line.rstrip()))
            continue
        if run:
            yield from _kinds(run, coded)
            run, coded = [], []
        yield "other", [line]
    if run:
        yield from _kinds(run, coded)


def _kinds(run: list[str], coded: list[bool]) -> Iterator[tuple[str, list[str]]]:
    """A run as code, as prose, or as prose around single lines of code."""
    keyed = len(run) >= 3 and all(_KEYED.match(line) for line in run)
    keyed = keyed or len(run) > 1 and any(_KEY_ALONE.match(line) for line in run)
    if keyed or sum(coded) > MAX_CODE_SHARE_OF_A_RUN * len(run):
        yield "code", run
    elif run[0][:1] in " \t" and not _ITEM.match(run[0]):
        yield "other", run  # indented: code, or the text of a key or of a comment above
    else:
        for is_code, pairs in groupby(zip(coded, run, strict=True), key=itemgetter(0)):
            yield "code" if is_code else "prose", [line for _, line in pairs]


def _looks_like_code(line: str) -> bool:
    bare = _INLINE.sub("`", line) if "`" in line else line
    if _CODE.match(bare):
        return True
    marker = _ITEM.match(line) if bare == line else None
    return _CODE_INSIDE.search(bare[marker.end() :] if marker else bare.strip()) is not None


class _Enclosed:
    """Follows what reaches over lines: fences, elements, comments, strings, front matter."""

    def __init__(self, text: str) -> None:
        self._last_closing = {m[1]: m.start() for m in _CLOSING_TAG.finditer(text)}
        self._at = 0
        self._until = ""
        self._fence = ""

    def takes(self, line: str, blank: bool = False) -> bool:
        """Whether *line* is enclosed; to be asked about every line in order."""
        start, self._at = self._at, self._at + len(line)
        if blank:
            return True
        if self._fence:
            if (found := _FENCE.match(line)) and found[1].startswith(self._fence):
                self._fence = ""
            return True
        if self._until:
            if self._until in line:
                self._until = ""
            return True
        if found := _FENCE.match(line):
            self._fence = found[1]
            return True
        if start == 0 and line.rstrip() in ("---", "+++"):
            self._until = line.rstrip() + "\n"
            return True
        return self._opens(line, start)

    def _opens(self, line: str, start: int) -> bool:
        for opener, closer in _ENCLOSING:
            if opener in line and line.count(opener) + line.count(closer) * (opener != closer) == 1:
                self._until = closer
                return True
        if (tag := _TAG_LINE.match(line)) and not line.rstrip().endswith("/>"):
            closing = f"</{tag[1]}>"
            if closing not in line and self._last_closing.get(tag[1], -1) > start:
                self._until = closing
            return True
        return False
