"""YAML by its shape: comments go, of long lists the first items stay."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from tokenpak.processors.cut import not_longer

MAX_ITEMS = 3
"""Items of a list that are shown as they are."""

MAX_DEPTH = 64
"""Brackets inside of brackets; libyaml takes quadratic time over them."""

MAX_EVENTS = 300_000
"""Beginnings, ends and values; reading a million takes a second."""

_COMMENT = re.compile(r"^[ \t]*#[^\n]*\n", re.MULTILINE)
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")
_BRACKET = re.compile(r"[\[\]{}]")
# Lines end here for YAML, but not for us.
_ODD_BREAK = re.compile(r"[\x85\u2028\u2029]|\r(?!\n)")
_Said = tuple[object, ...]
"""What an event says apart from its place."""

Range = tuple[int, int, int]
"""First line, line after the last, items."""


def condense(text: str, samples: int = MAX_ITEMS) -> str:
    """*text* without comments, lists of blocks cut to *samples* items, values word for word.

    A comment says what is left out. What cannot be read as YAML, nests too deeply or holds too
    much is given back as it is.
    """
    if _depth(text) > MAX_DEPTH:
        return text
    bare = _BLANK.sub("\n", _COMMENT.sub("", text))
    try:
        read = _read(bare, samples)
        said = read.all_said if bare == text else _read(text, 0).all_said
        # Lines of a block may look like comments, and aliases point into what would go.
        if read.all_said != said or "&" in bare or _ODD_BREAK.search(bare):
            return not_longer(bare, text) if read.all_said == said else text
        short = _cut(bare, read.ranges)
        if read.ranges and _read(short, len(short)).said != read.said:
            short = bare
    except yaml.YAMLError:
        return text
    return not_longer(short, text)


def _depth(text: str) -> int:
    deepest = depth = 0
    for match in _BRACKET.finditer(text):
        depth = depth + 1 if match[0] in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


@dataclass(slots=True)
class _Reading:
    """What a document says, what of it is kept, and the lines of what is not."""

    all_said: list[_Said] = field(default_factory=list)
    said: list[_Said] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    """A list or mapping that has begun; `first` is the line where items begin to go."""

    is_list: bool
    items: int = 0
    first: int = -1


def _read(text: str, samples: int) -> _Reading:
    """The events of *text*, with the items of block lists beyond *samples* told apart.

    By events rather than nodes: these are not built by recursion.
    """
    reading = _Reading()
    stack: list[_Open] = []
    last_line = -1  # of what was said so far
    skipping: _Open | None = None
    pending: list[_Said] = []  # the first item too many goes only if more follow
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        said = _said(event)
        reading.all_said.append(said)
        if len(reading.all_said) > MAX_EVENTS:
            raise yaml.YAMLError("too long")
        ends = isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.NodeEvent) and stack and stack[-1].is_list:
            stack[-1].items += 1
            if skipping is None and stack[-1].items == samples + 1:
                skipping = stack[-1]
                skipping.first = last_line + 1
        if ends:
            closed = stack.pop()
            if closed is skipping:
                left_out = closed.items - samples
                if left_out > 1:
                    reading.ranges.append((closed.first, last_line + 1, left_out))
                else:
                    reading.said += pending
                skipping, pending = None, []
        (pending if skipping else reading.said).append(said)
        if isinstance(event, yaml.CollectionStartEvent):
            block = isinstance(event, yaml.SequenceStartEvent) and not event.flow_style
            stack.append(_Open(bool(block)))
        if isinstance(event, yaml.ScalarEvent | yaml.AliasEvent) or ends:
            last_line = max(last_line, _last_line(event))
    return reading


def _said(event: yaml.Event) -> _Said:
    return (
        type(event),
        getattr(event, "value", None),
        getattr(event, "tag", None),
        getattr(event, "anchor", None),
    )


def _last_line(event: yaml.Event) -> int:
    """The last line of what ends; the end of a block is told as the beginning of what follows."""
    start, end = event.start_mark, event.end_mark
    if start is None or end is None:
        return -1
    if isinstance(event, yaml.CollectionEndEvent) and start.index == end.index:
        return -1
    ends_before = end.column == 0 and end.line > start.line
    return int(end.line - 1 if ends_before else end.line)


def _cut(text: str, ranges: list[Range]) -> str:
    lines = text.split("\n")
    for first, end, items in sorted(ranges, reverse=True):
        indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
        lines[first:end] = [f"{indent}# {items:,} more items left out"]
    return "\n".join(lines)
