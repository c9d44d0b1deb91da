"""YAML by its shape: comments go, of long lists the first items stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

MAX_ITEMS = 3
"""Items of a list that are shown as they are."""

_COMMENT = re.compile(r"^[ \t]*#[^\n]*\n", re.MULTILINE)
_BLANK = re.compile(r"\n(?:[ \t]*\n)+")
_Range = tuple[int, int, int]
"""First line, line after the last, items."""


class Processor:
    """Shows what a document holds by examples; the result is valid YAML."""

    name = "yaml"

    def process(self, content: str, path: str = "") -> str:
        """*content* without comments, lists of blocks cut to examples, values word for word.

        A comment says what is left out. What cannot be read as YAML is given back as it is.
        """
        try:
            short = _without_comments(content)
            nodes = list(yaml.compose_all(short, Loader=yaml.SafeLoader))
            # Aliases may point into what would be left out.
            if "&" not in short:
                short = _cut(short, [each for node in nodes for each in _long_lists(node)])
                list(yaml.compose_all(short, Loader=yaml.SafeLoader))
        except (yaml.YAMLError, RecursionError, ValueError):
            return content
        return short if len(short) < len(content) else content


def _without_comments(content: str) -> str:
    """*content* without lines that are comments, unless that changes what it says."""
    short = _BLANK.sub("\n", _COMMENT.sub("", content))
    return short if _said(short) == _said(content) else content


def _said(text: str) -> list[tuple[object, ...]]:
    return [
        (type(event), getattr(event, "value", None), getattr(event, "tag", None))
        for event in yaml.parse(text, Loader=yaml.SafeLoader)
    ]


def _long_lists(node: yaml.Node | None) -> Iterator[_Range]:
    """The lines of items that can go; lists inside of what goes are not told."""
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _long_lists(value)
    elif isinstance(node, yaml.SequenceNode):
        items = node.value
        shown = items
        if len(items) > MAX_ITEMS + 1 and not node.flow_style:
            shown = items[:MAX_ITEMS]
            first, last = items[MAX_ITEMS].start_mark.line, _last_line(items[-1])
            yield first, last + 1, len(items) - MAX_ITEMS
        for item in shown:
            yield from _long_lists(item)


def _last_line(node: yaml.Node) -> int:
    """The last line of *node*; the end of a block is told as the beginning of what follows."""
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1])
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1][1])
    end = node.end_mark
    ends_before = end.column == 0 and end.line > node.start_mark.line
    return int(end.line - 1 if ends_before else end.line)


def _cut(text: str, ranges: list[_Range]) -> str:
    lines = text.splitlines(keepends=True)
    for first, end, items in sorted(ranges, reverse=True):
        indent = lines[first][: len(lines[first]) - len(lines[first].lstrip())]
        lines[first:end] = [f"{indent}# {items:,} more items left out\n"]
    return "".join(lines)
