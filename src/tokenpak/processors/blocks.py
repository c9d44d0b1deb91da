"""The blocks of a language with braces, and what stands before each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tokenpak.processors.scanning import Token

MAX_DEPTH = 200
"""Brackets inside of brackets; no one writes code that nests deeper."""

_HEADER_CHARS = 400
_PAIRS = {")": "(", "]": "[", "}": "{"}
_CONDITION = re.compile(r"^[ \t]*#[ \t]*(if|el|endif)", re.MULTILINE)


@dataclass(slots=True)
class Block:
    """A pair of braces; of the `header` before it every bracket is empty and no comment left."""

    start: int
    end: int = -1
    header: str = ""
    inner: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    bracket: str
    block: Block
    said: str = ""
    """The end of what this level says since its last statement ended."""

    def say(self, more: str) -> None:
        self.said = (self.said + more)[-_HEADER_CHARS:]


def blocks(text: str, tokens: Iterable[Token], *, conditions: bool) -> list[Block] | None:
    """The outermost blocks of *text* by its *tokens*; None if its brackets do not pair.

    With *conditions* (`#if`, `#else`) the branches after the first begin where that did.
    """
    stack = [_Open("", Block(0))]
    depths: list[int] = []
    at = 0
    for start, end, kind in tokens:
        between = text[at:start]
        if conditions and "#" in between and not _follow(between, stack, depths):
            return None
        if kind == "unclosed":
            return None
        level = stack[-1]
        level.say(between)
        at = end
        if kind == "literal":
            level.say('""')
        elif kind == "bracket" and not _turn(text, start, stack):
            return None
    return stack[0].block.inner if len(stack) == 1 else None


def _turn(text: str, at: int, stack: list[_Open]) -> bool:
    """Opens or closes a level of *stack* by the bracket at *at*; False if it fits to none."""
    bracket = text[at]
    level = stack[-1]
    if bracket == ";":
        level.said = ""
    elif bracket in "([{":
        block = Block(at)
        if bracket == "{":
            block.header = level.said
        stack.append(_Open(bracket, block))
        return len(stack) <= MAX_DEPTH
    else:
        if level.bracket != _PAIRS[bracket]:
            return False
        stack.pop()
        _close(text, at, level, stack[-1])
    return True


def _close(text: str, at: int, closed: _Open, level: _Open) -> None:
    block = closed.block
    block.end = at + 1
    if closed.bracket != "{":
        # Blocks inside of arguments (a callback) stand beside those of the statement.
        level.block.inner += block.inner
        level.say("()" if closed.bracket == "(" else "[]")
        return
    level.block.inner.append(block)
    if text.find("\n", block.start, at) < 0:
        level.say("{}")
    else:
        level.said = ""


def _follow(between: str, stack: list[_Open], depths: list[int]) -> bool:
    for match in _CONDITION.finditer(between):
        if match[1] == "if":
            depths.append(len(stack))
        elif depths and match[1] == "el":
            if len(stack) < depths[-1]:
                return False
            del stack[depths[-1] :]
        elif depths:
            depths.pop()
    return True
