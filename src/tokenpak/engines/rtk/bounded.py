"""Patterns of others made safe for `re`, which goes back and tries again: bounded, or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

REACHES = (20_000, 500)
"""Characters that one repetition reads at most, unless nothing that could fail comes after it: the
first that keeps a pattern within `MAX_WORK`, which asks for one that begins with `^`."""
MAX_WORK = 20_000
"""Steps that a pattern may take from one place of a text; `(a|b)*c` takes 3 for a character."""
MAX_CHARS = 1000
_MAX_DEPTH = 20

_TOKEN = re.compile(
    r"(?P<open>\((?:\?(?:P<\w+>|[a-zA-Z]*:|[a-zA-Z]+\)))?)"
    r"|(?P<escape>\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}|.))"
    r"|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*+\])"
    r"|(?P<repeat>(?:[*+?]|\{\d*,?\d*\}(?<!\{\})(?<!\{,\}))[?+]?)"
    r"|(?P<other>.)",
    re.DOTALL,
)
# A letter, a blank, a digit and a mark stand for all others; the last four are small or great forms
# of ASCII letters.
_BEYOND_ASCII = frozenset("é\u00a0٣—\u017f\u212a\u0130\u0131")
_CHARS = frozenset(map(chr, range(128))) | _BEYOND_ASCII
_MARKS = frozenset({"^", "$", r"\A", r"\Z", r"\b", r"\B"})
_LINEAR = "which takes no linear time; bound the repetitions, as in {1,20}"


def bounded(pattern: str, then: str = "") -> str:
    """*pattern* for `re` such that reading takes time in proportion to the text.

    Repetitions are given a bound where a failure after them could make `re` read again. *then* is
    a character set that the caller appends. Raises ValueError if the pattern looks around or back,
    repeats a repetition, or could still take more than `MAX_WORK` steps from one place.
    """
    if len(pattern) > MAX_CHARS:
        raise ValueError(f"it has {len(pattern)} characters; {MAX_CHARS} are allowed")
    re.compile(pattern)
    after: list[_Node] = [_Leaf(then, _chars(then, False))] if then else []
    for reach in REACHES:
        parser = _Parser(pattern, reach)
        whole = parser.choice("", 0)
        # An anchored pattern is tried once, and only a long text takes all of its steps.
        tries_once = whole.anchored and not parser.many_lines
        if _work([whole, *after], _After()) <= MAX_WORK * (reach if tries_once else 1):
            return parser.flags + whole.source()
    raise ValueError(f"it can read the same text in many ways, {_LINEAR}")


@dataclass(frozen=True, slots=True)
class _After:
    """What follows a piece: the characters it may begin with, and the work it makes.

    `sure` means that it cannot fail: nothing is read again then.
    """

    first: frozenset[str] = frozenset()
    work: float = 0
    sure: bool = True


class _Node:
    """A piece of a pattern."""

    first: frozenset[str] = frozenset()
    empty = False
    """Whether it may match nothing."""
    endless = False
    """Whether there is a repetition without a bound in it."""

    def source(self) -> str:
        raise NotImplementedError

    def work(self, after: _After) -> float:
        """Steps for this piece and what follows, from one place, at the worst."""
        return 1 + after.work


class _Leaf(_Node):
    """One character, or a mark that reads none."""

    def __init__(self, text: str, first: frozenset[str], empty: bool = False) -> None:
        self.text, self.first, self.empty = text, first, empty

    def source(self) -> str:
        return self.text


class _Choice(_Node):
    """A group, or the pattern as a whole."""

    def __init__(self, opener: str, branches: list[list[_Node]]) -> None:
        self.opener, self.branches = opener, branches
        self._firsts = [_first(each) for each in branches]
        self.first = frozenset().union(*self._firsts)
        self._empty = [all(each.empty for each in branch) for branch in branches]
        self.empty = any(self._empty)
        self.endless = any(each.endless for branch in branches for each in branch)
        self._texts = [_plain(each) for each in branches]

    @property
    def anchored(self) -> bool:
        starts = [each[0] if each else None for each in self.branches]
        return all(isinstance(each, _Leaf) and each.text in ("^", r"\A") for each in starts)

    def source(self) -> str:
        inside = "|".join("".join(each.source() for each in branch) for branch in self.branches)
        return f"{self.opener}{inside})" if self.opener else inside

    def work(self, after: _After) -> float:
        works = [_work(branch, after) for branch in self.branches]
        count = range(len(works))
        return len(works) + max(sum(works[j] for j in count if self._both(i, j)) for i in count)

    def _both(self, i: int, j: int) -> bool:
        """Whether two branches may match at the same place."""
        one, two = self._texts[i], self._texts[j]
        if one is not None and two is not None:
            return one.startswith(two) or two.startswith(one)
        empty = self._empty[i] or self._empty[j]
        return i == j or empty or bool(self._firsts[i] & self._firsts[j])


def _plain(branch: list[_Node]) -> str | None:
    """*branch* in lower case if it is a text without a pattern in it."""
    if all(isinstance(each, _Leaf) and len(each.text) == 1 and not each.empty for each in branch):
        return "".join(each.source() for each in branch).lower()
    return None


class _Loop(_Node):
    """A repeated piece; `most` is None if it has no bound."""

    def __init__(self, body: _Node, text: str, reach: int) -> None:
        lazy = text[-1] if len(text) > 1 and text[-1] in "?+" else ""
        if lazy == "+":
            raise ValueError("a repetition followed by + is not in the syntax that filters share")
        times = text.removesuffix(lazy)
        bounds = {"*": "0,", "+": "1,", "?": "0,1"}.get(times, times.strip("{}"))
        least, _, most = bounds.partition(",")
        self.body, self.lazy, self.reach = body, lazy, reach
        self.least = int(least or 0)
        self.most = int(most) if most else None if "," in bounds else self.least
        self.first = body.first
        self.empty = self.least == 0 or body.empty
        self.endless = body.endless or self.most is None

    def source(self) -> str:
        most = "" if self.most is None else self.most
        return f"{self.body.source()}{{{self.least},{most}}}{self.lazy}"

    def work(self, after: _After) -> float:
        again = not after.sure and bool(self.first & after.first)
        if self.most is not None and self.most <= 1:
            return self.body.work(after) + (after.work if again else 1)
        unit = self._unit()
        if self.most is None and not after.sure:
            self.most = max(self.least, int(self.reach // unit), 1)
        times = max(self.least, 1) if self.most is None or after.sure else self.most
        last = self.body.work(after)
        again = again or (not after.sure and _ways(self.body, after.first) > 1)
        return times * (unit + last) if again else times * unit + last

    def _unit(self) -> float:
        """Steps for one repetition; raises ValueError if there are several ways to make it."""
        if self.body.empty:
            raise ValueError(f"it repeats what may match nothing, {_LINEAR}")
        if self.body.endless:
            raise ValueError(f"it repeats a repetition, {_LINEAR}")
        if _ways(self.body, self.first) > 1:
            raise ValueError(f"it repeats what can be read in several ways, {_LINEAR}")
        return self.body.work(_After(self.first, 0, False))


def _ways(piece: _Node, first: frozenset[str]) -> int:
    """In how many ways *piece* can be read where what follows begins with one of *first*."""
    much = 1e9
    return int(piece.work(_After(first, much, False)) // much)


def _first(items: list[_Node]) -> frozenset[str]:
    """The characters that a sequence may begin with."""
    found: frozenset[str] = frozenset()
    for each in items:
        found |= each.first
        if not each.empty:
            break
    return found


def _work(items: list[_Node], after: _After) -> float:
    for each in reversed(items):
        # A mark reads nothing, yet it may fail.
        sure = after.sure and each.empty and not isinstance(each, _Leaf)
        first = each.first | after.first if each.empty else each.first
        after = _After(first, each.work(after), sure)
    return after.work


@cache
def _chars(text: str, dot_all: bool) -> frozenset[str]:
    """The characters that *text*, a piece for one character, may match, whatever their case."""
    if text == ".":
        return _CHARS if dot_all else _CHARS - {"\n"}
    either = re.compile(text), re.compile(text, re.IGNORECASE)
    found = frozenset(each for each in _CHARS if any(one.match(each) for one in either))
    return found if text.isascii() and r"\u" not in text.lower() else found | _BEYOND_ASCII


class _Parser:
    """The pieces of a pattern that `re` has accepted."""

    def __init__(self, pattern: str, reach: int) -> None:
        self.flags = ""
        self._reach = reach
        self._tokens, self._at = [*_TOKEN.finditer(pattern)], 0
        self._dot_all = bool(re.search(r"\(\?[a-zA-Z]*s", pattern))
        self.many_lines = bool(re.search(r"\(\?[a-zA-Z]*m", pattern))

    def choice(self, opener: str, depth: int) -> _Choice:
        if depth > _MAX_DEPTH:
            raise ValueError(f"its groups are nested deeper than {_MAX_DEPTH}")
        branches: list[list[_Node]] = [[]]
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token[0] == ")":
                break
            if token[0] == "|":
                branches.append([])
            elif token["repeat"] and branches[-1]:
                branches[-1][-1] = _Loop(branches[-1][-1], token[0], self._reach)
            elif token["open"] and token[0][-1] == ")":
                self._flags(token[0])
            elif token["open"]:
                self._no_look()
                branches[-1].append(self.choice(token[0], depth + 1))
            else:
                branches[-1].append(self._leaf(token[0]))
        return _Choice(opener, branches)

    def _leaf(self, text: str) -> _Leaf:
        if text in ("$", r"\Z"):
            return _Leaf(text, frozenset("\n"))
        if text in _MARKS:
            return _Leaf(text, frozenset(), empty=True)
        if re.fullmatch(r"\\[1-9]", text):
            raise ValueError(f"it refers back by {text}, which takes no linear time")
        return _Leaf(text, _chars(text, self._dot_all))

    def _flags(self, text: str) -> None:
        if set(text) - set("(?imsu)"):
            raise ValueError(f"{text} is not in the syntax that filters share")
        self.flags += text

    def _no_look(self) -> None:
        """Raises ValueError at `(?=`, `(?<!`, `(?P=` and all else that is no plain group."""
        if self._at < len(self._tokens) and self._tokens[self._at][0][0] == "?":
            raise ValueError(
                "it looks ahead or behind, or has a group of a kind that takes no linear time"
            )
