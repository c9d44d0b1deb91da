"""Actions on lines, for whatever a tool printed: cutting, folding, cleaning, replacing."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from tokenpak.canonical import Part
from tokenpak.engines.heuristic import HeuristicEngine
from tokenpak.engines.rtk import fold
from tokenpak.engines.rtk.alarms import alarms
from tokenpak.engines.rtk.filtering import apply as filtered
from tokenpak.engines.rtk.patterns import Compiled, compiled, replaced
from tokenpak.excerpt import excerpt
from tokenpak.forms import FORMS
from tokenpak.recipes.directive import Directive, Hints
from tokenpak.recipes.gaps import joined, urgent
from tokenpak.tokens import count

_ANY = Part("tool_result", "tool", b'""')
_LONG_CHARS = 80
_TIDY = HeuristicEngine(comments=False, boilerplate=False, markdown=False)


class Keep(Directive, frozen=True, tag="keep"):
    """Leave the piece as it is; the directives that follow do not apply to it."""

    def run(self, text: str, hints: Hints) -> str:
        return text


class Truncate(Directive, frozen=True, tag="truncate"):
    """Keep the first `head` and the last `tail` lines, and every line that speaks of a problem."""

    head: Annotated[int, Meta(ge=0)] = 40
    tail: Annotated[int, Meta(ge=0)] = 20

    def run(self, text: str, hints: Hints) -> str:
        lines = text.split("\n")
        end = len(lines) - self.tail - text.endswith("\n")
        if end - self.head < 2:
            return text
        kept = urgent(lines)
        return joined(lines, [i < self.head or i >= end or kept[i] for i in range(len(lines))])


class Limit(Directive, frozen=True, tag="limit"):
    """Keep at most `max_tokens`: problems first, then the beginning and the end."""

    max_tokens: Annotated[int, Meta(ge=20)]

    def run(self, text: str, hints: Hints) -> str:
        if len(text) * 4 <= self.max_tokens or count(text) <= self.max_tokens:
            return text
        lines = text.split("\n")
        problems = urgent(lines)
        sizes = [count(line) + 1 for line in lines]
        room, tried = self.max_tokens, text
        for _ in range(6):
            short = joined(lines, _fitting(problems, sizes, room))
            if short != tried and count(short) <= self.max_tokens:
                return short
            room, tried = room * 3 // 4, short
        return excerpt(text, self.max_tokens)


_NOTE_TOKENS = 9


def _fitting(problems: list[bool], sizes: list[int], room: int) -> list[bool]:
    """Problems up to half of *room*, of the rest two thirds from the top, one from the bottom."""
    kept = [False] * len(sizes)
    left = room - 2 * _NOTE_TOKENS
    spent = 0
    for i, problem in enumerate(problems):
        cost = sizes[i] + _NOTE_TOKENS
        if problem and spent + cost <= left // 2:
            kept[i] = True
            spent += cost
    left -= spent
    for order, share in ((range(len(sizes)), left * 2 // 3), (range(len(sizes))[::-1], left // 3)):
        for i in order:
            share -= 0 if kept[i] else sizes[i]
            if share < 0:
                break
            kept[i] = True
    return kept


class StripAnsi(Directive, frozen=True, tag="strip_ansi"):
    """Take out colours, cursor movements and overwritten states of progress lines."""

    def run(self, text: str, hints: Hints) -> str:
        return FORMS["ansi"].apply(text, _ANY)


class FoldRepeats(Directive, frozen=True, tag="fold_repeats"):
    """Tell repeated lines, and log lines that differ in figures only, by their number."""

    def run(self, text: str, hints: Hints) -> str:
        lines = fold.same(text.split("\n"))
        if fold.looks_like_log(lines):
            lines = fold.similar(lines, alarms("\n".join(lines), lines), log=True)
        return "\n".join(lines)


class FilterOutput(Directive, frozen=True, tag="filter_output"):
    """Put the output of a command through the filter of its program, which drops no failure."""

    def run(self, text: str, hints: Hints) -> str:
        return filtered(text, hints.command).text


class NormalizeWhitespace(Directive, frozen=True, tag="normalize_whitespace"):
    """Take out blanks at the ends of lines and repeated empty lines, never indentation."""

    def run(self, text: str, hints: Hints) -> str:
        return _TIDY.compact(text, {"language": hints.format or "text"})


class Dedup(Directive, frozen=True, tag="dedup"):
    """Name a long paragraph that stood before in the same piece instead of showing it again."""

    def run(self, text: str, hints: Hints) -> str:
        seen: set[str] = set()
        out = []
        for paragraph in text.split("\n\n"):
            if len(paragraph) > _LONG_CHARS and paragraph in seen:
                out.append(f'[again, as above: "{paragraph.lstrip()[:30].splitlines()[0]}…"]')
            else:
                seen.add(paragraph)
                out.append(paragraph)
        return "\n\n".join(out)


class Replace(Directive, frozen=True, tag="replace", rename={"by": "with"}):
    """Replace what `pattern` finds in each line by `with`, where `\\1` stands for a group.

    Lines that speak of a problem and would no longer do so stay as they are.
    """

    pattern: Annotated[str, Meta(min_length=1, max_length=1000)]
    by: str

    def compile(self) -> Compiled:
        """The pattern, ready; raises ConfigError if it is none or could take forever."""
        return compiled((self.pattern,), "pattern", False)[0]

    def run(self, text: str, hints: Hints) -> str:
        pattern = self.compile()
        lines = text.split("\n")
        shown = [replaced(pattern, self.by, line).replace("\n", " ") for line in lines]
        if shown == lines:
            return text
        before, after = alarms(text, lines), alarms("\n".join(shown), shown)
        return "\n".join(
            line if was == 1 and now != 1 else new
            for line, new, was, now in zip(lines, shown, before, after, strict=True)
        )
