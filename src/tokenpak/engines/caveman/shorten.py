"""Prose with fewer words: filler goes, long phrases give way to short ones, the meaning stays."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tokenpak.engines.caveman.blocks import Block, blocks, split_line
from tokenpak.engines.caveman.catalog import built_in
from tokenpak.engines.caveman.edits import Paragraph, apply, foreign_edits
from tokenpak.engines.caveman.language import detect, words_of
from tokenpak.engines.caveman.pack import INTENSITIES, Intensity
from tokenpak.engines.caveman.protect import Spans, protected
from tokenpak.engines.caveman.ready import Phrase, Ready
from tokenpak.engines.rtk.patterns import Compiled, compiled
from tokenpak.tokens import count

MAX_ROUNDS = 6
"""How often the rules go over a block until nothing changes; if something still does, none ran."""

WORDS_PER_ADDRESS = 40
"""A text speaks to somebody if one word in so many does (I, you, we, please)."""

LONG_LINE = 200
"""Characters from which on a line is taken for a paragraph of its own."""

_FIRST_WORD = re.compile(r"(?:^|[.!?:]\s)[ \d>*+.)-]*+([^\W\d_]+)", re.MULTILINE)
# Code in the text, or a path or file: who writes that wants something done.
_TECHNICAL = re.compile(
    r"`|\w\(\)|[a-z]_[a-z]|\b[a-z]++[A-Z][a-z]|(?<!\S)(?:\.{0,2}|~)/\w"
    r"|\w\.(?:py|[jt]sx?|md|json|ya?ml|toml|txt|html?|css|go|rs|java|c|cpp|h|sh|sql|rb|php|cs)\b"
)


@dataclass(frozen=True, slots=True)
class Shortened:
    """A text, how often each rule was applied, and how many spans were protected."""

    text: str
    rules: Mapping[str, int]
    preserved: int


@dataclass(frozen=True, slots=True)
class _Order:
    """What a caller asked for."""

    level: int
    packs: tuple[Ready, ...]
    skip: frozenset[str]
    preserve: tuple[Compiled, ...]


def shorten(
    text: str,
    *,
    intensity: Intensity = "full",
    languages: Sequence[str] | None = None,
    skip: Collection[str] = (),
    preserve: Sequence[str] = (),
    packs: Sequence[Ready] | None = None,
) -> Shortened:
    """*text* with its prose shortened by the rules of its language, told for each paragraph.

    Code, data, logs, quotations, headings, tables and all names, numbers and addresses stay byte
    for byte; so does a paragraph that would not have fewer o200k tokens. *languages* limits which
    are recognised, *skip* names rules to leave out, *preserve* adds patterns whose matches stay.
    *packs* replaces the built-in ones. The same text gives the same result, and a result itself.
    Raises ValueError if the intensity, a language or a rule is unknown or a pattern is none.
    """
    order = _order(intensity, languages, skip, preserve, built_in() if packs is None else packs)
    applied: Counter[str] = Counter()
    preserved = 0
    out: list[str] = []
    for block in blocks(text):
        if not block.prose:
            out.append(block.text)
            continue
        made, rules, spans = _shorten_block(block, order)
        out.append(made)
        applied.update(rules)
        preserved += spans
    result = "".join(out)
    if not result.strip():
        return Shortened(text, {}, preserved)
    return Shortened(result, dict(sorted(applied.items())), preserved)


def _order(
    intensity: str,
    languages: Sequence[str] | None,
    skip: Collection[str],
    preserve: Sequence[str],
    packs: Sequence[Ready],
) -> _Order:
    if intensity not in INTENSITIES:
        raise ValueError(f"unknown intensity {intensity!r}; known: {', '.join(INTENSITIES)}")
    known = {each.language for each in packs}
    if languages is not None and (unknown := sorted(set(languages) - known)):
        raise ValueError(f"unknown language {unknown[0]!r}; known: {', '.join(sorted(known))}")
    names = {rule.name for each in packs for rule in each.described}
    if unknown := sorted(set(skip) - names):
        raise ValueError(f"unknown rule {unknown[0]!r} in skip; rules() lists the known ones")
    chosen = tuple(each for each in packs if languages is None or each.language in languages)
    patterns = tuple(compiled(preserve, "preserve", False))
    return _Order(INTENSITIES.index(intensity), chosen, frozenset(skip), patterns)


def _shorten_block(block: Block, order: _Order) -> tuple[str, Counter[str], int]:
    """The block's text, shortened or as it was; the rules applied; the spans protected."""
    original = block.text
    applied: Counter[str] = Counter()
    text, spans = original, 0
    for number in range(MAX_ROUNDS):
        made, rules, found = _round(text, order)
        if number == 0:
            spans = found
        if made == text:
            break
        applied.update(rules)
        text = made
    else:
        return original, Counter(), spans
    if text == original or count(text) > count(original):
        return original, Counter(), spans
    return text, applied, spans


def _round(text: str, order: _Order) -> tuple[str, Counter[str], int]:
    pack = detect(text, order.packs)
    spans = protected(text, order.preserve)
    applied: Counter[str] = Counter()
    if pack is None:
        return text, applied, len(spans)
    phrases = _in_force(pack, order.level, order.skip)
    paragraph = Paragraph(text, pack, phrases, spans, _passages(text, pack))
    made = _lines(text, apply(text, paragraph.edits(), applied))
    for rule in pack.foreign:
        if rule.level <= order.level and rule.rule not in order.skip:
            made = apply(made, foreign_edits(made, rule, protected(made, order.preserve)), applied)
    return made, applied, len(spans)


def _lines(before: str, after: str) -> str:
    """*after* without the lines that were emptied; a list item is not emptied but stays."""
    if before == after:
        return after
    made = []
    for old, new in zip(before.splitlines(True), after.splitlines(True), strict=False):
        if new == old or split_line(new)[1].strip():
            made.append(new)
        elif split_line(old)[0].strip():
            made.append(old)
    return "".join(made)


@lru_cache(maxsize=64)
def _in_force(pack: Ready, level: int, skip: frozenset[str]) -> Mapping[str, tuple[Phrase, ...]]:
    """The phrases of *pack* without those of higher levels and of skipped rules."""
    found = {
        word: tuple(each for each in phrases if each.level <= level and each.rule not in skip)
        for word, phrases in pack.by_word.items()
    }
    return {word: phrases for word, phrases in found.items() if phrases}


def _passages(text: str, pack: Ready) -> Spans:
    """The spans of *text* that ask and instruct nothing: long lines are judged by themselves."""
    found: Spans = []
    start, short = 0, []
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        if len(line) < LONG_LINE:
            short.append((start, end, line))
        elif not _is_request(line, pack):
            found.append((start, end))
        start = end
    if short and not _is_request("".join(each[2] for each in short), pack):
        found += [each[:2] for each in short]
    return sorted(found)


def _is_request(text: str, pack: Ready) -> bool:
    """Whether *text* asks, instructs or speaks of code; other text may have to be quoted."""
    if pack.unspaced is not None:
        return True
    words = words_of(text)
    if sum(map(pack.speaks.__contains__, words)) * WORDS_PER_ADDRESS >= len(words):
        return True
    if any(each[1].lower() in pack.commands for each in _FIRST_WORD.finditer(text)):
        return True
    return _TECHNICAL.search(text) is not None
