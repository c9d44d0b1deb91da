"""Prose with fewer words: filler goes, long phrases give way to short ones, the meaning stays."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tokenpak.engines.caveman.blocks import Block, blocks, split_line
from tokenpak.engines.caveman.catalog import built_in
from tokenpak.engines.caveman.language import detect, words_of
from tokenpak.engines.caveman.pack import INTENSITIES, Intensity
from tokenpak.engines.caveman.protect import Spans, overlaps, protected
from tokenpak.engines.caveman.ready import WORD, Foreign, Phrase, Ready
from tokenpak.engines.rtk.patterns import Compiled, compiled
from tokenpak.tokens import count

MAX_ROUNDS = 6
"""How often the rules go over a block until nothing changes; if something still does, none ran."""

WORDS_PER_ADDRESS = 40
"""A text speaks to somebody if one word in so many does (I, you, we, please)."""

LONG_LINE = 200
"""Characters from which on a line is taken for a paragraph of its own."""

# Where a phrase may begin: not inside of a path, an option, a name or an address.
_START = re.compile(r"(?<![^\s(¿¡])[^\W\d_]+")
_ENDS_IN_A_QUOTE = tuple(end + quote for end in ".!?" for quote in '"”)')
_CAPITAL_INSIDE = re.compile(r"(?<=[^\W\d_])[A-ZÀ-ÖØ-Þ]")
_FIRST_WORD = re.compile(r"(?:^|[.!?:]\s)[ \d>*+.)-]*+([^\W\d_]+)", re.MULTILINE)
_NEIGHBOUR = re.compile(r"\s*([^\W\d_]+(?:['’][^\W\d_]+)*)")
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
    work = _Work(text, spans, pack, order, _passages(text, pack))
    edits = work.unspaced() if pack.unspaced is not None else work.phrases()
    made = _lines(text, _apply(text, edits, applied))
    for rule in pack.foreign:
        if rule.level <= order.level and rule.rule not in order.skip:
            made = _foreign(made, rule, order, applied)
    return made, applied, len(spans)


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


@lru_cache(maxsize=64)
def _index(pack: Ready, level: int, skip: frozenset[str]) -> Mapping[str, tuple[Phrase, ...]]:
    """The phrases of *pack* by first word, without those of higher levels and of skipped rules."""
    found = {
        word: tuple(each for each in phrases if each.level <= level and each.rule not in skip)
        for word, phrases in pack.by_word.items()
    }
    return {word: phrases for word, phrases in found.items() if phrases}


Edit = tuple[int, int, str, str]
"""Start, end, what takes its place, and the name of the rule."""


@dataclass(frozen=True, slots=True)
class _Work:
    """One round over one paragraph."""

    text: str
    spans: Spans
    pack: Ready
    order: _Order
    passages: Spans

    def phrases(self) -> list[Edit]:
        edits: list[Edit] = []
        text, done = self.text, 0
        index = _index(self.pack, self.order.level, self.order.skip)
        for word in _START.finditer(text):
            at = word.start()
            candidates = index.get(word[0].lower())
            if candidates is None or at < done:
                continue
            for phrase in candidates:
                found = phrase.pattern.match(text, at)
                if found is not None and (edit := self._edit(phrase, found)) is not None:
                    edits.append(edit)
                    done = edit[1]
                    break
        return edits

    def unspaced(self) -> list[Edit]:
        edits: list[Edit] = []
        assert self.pack.unspaced is not None
        done = 0
        for found in self.pack.unspaced.finditer(self.text):
            if found.start() < done:
                continue
            for phrase in self.pack.phrases:
                if phrase.level > self.order.level or phrase.rule in self.order.skip:
                    continue
                match = phrase.pattern.match(self.text, found.start())
                if match is not None and (edit := self._edit(phrase, match)) is not None:
                    edits.append(edit)
                    done = edit[1]
                    break
        return edits

    def _edit(self, phrase: Phrase, found: re.Match[str]) -> Edit | None:
        at, end = found.span()
        if at == end or (phrase.request_only and overlaps(self.passages, at, end)):
            return None
        opens = self._opens_a_sentence(at)
        if (phrase.start_only and not opens) or overlaps(self.spans, at, end):
            return None
        if self._loses_a_guard(phrase, found) or self._is_a_name(found, opens):
            return None
        return _fitted(self.text, at, end, phrase.replacement(found), opens, phrase.rule)

    def _opens_a_sentence(self, at: int) -> bool:
        text = self.text
        if at == 0:
            return True
        if self.pack.unspaced is not None:
            return text[at - 1] in "。！？；，、\n：:!? \u3000"
        before = text[max(0, at - 6) : at].rstrip(" (¿¡")
        if before and before[-1] not in '.!?:…\n"”)-*+•0123456789]':
            return False
        if before[-1:] in tuple(".!?:…") or before[-2:] in _ENDS_IN_A_QUOTE:
            return True
        line = text.rfind("\n", 0, at) + 1
        if at - line > 12 or split_line(text[line : at + 1])[1][:-1].strip(" (¿¡"):
            return False
        return (
            text[at].isupper()
            or line == 0
            or text[max(0, line - 8) : line].rstrip()[-1:] in tuple(".!?:;,)")
        )

    def _loses_a_guard(self, phrase: Phrase, found: re.Match[str]) -> bool:
        """Whether a negation, a duty or the like would go, or stands right beside what goes."""
        if self.pack.unspaced is not None:
            return any(word in found[0] for word in phrase.at_risk if word not in phrase.to)
        words = [each.lower().replace("’", "'") for each in WORD.findall(found[0])]
        groups = phrase.replacement(found).lower() if "\\" in phrase.to else ""
        if any(each in phrase.at_risk and each not in groups.split() for each in words):
            return True
        if phrase.anywhere or phrase.to:
            return False
        before = WORD.findall(self.text, max(0, found.start() - 30), found.start())
        after = _NEIGHBOUR.match(self.text, found.end())
        beside = [*before[-2:], *([after[1]] if after else [])]
        return any(each.lower().replace("’", "'") in self.pack.guards for each in beside)

    def _is_a_name(self, found: re.Match[str], opens: bool) -> bool:
        """Whether capitals show that the words are no ordinary ones."""
        if self.pack.unspaced is not None:
            return False
        if _CAPITAL_INSIDE.search(found[0]):
            return True
        return not opens and found[0][0].isupper() and found[0][:2] not in ("I ", "I'", "I’")


def _fitted(text: str, start: int, end: int, to: str, opens: bool, rule: str) -> Edit:
    """The edit with the blanks and commas that belong to it, on one line."""
    if to:
        if opens and text[start].isupper() and to[0].islower():
            to = to[0].upper() + to[1:]
        return start, end, to, rule
    tail = len(text) if (line_end := text.find("\n", end)) < 0 else line_end
    after = text[end : min(tail, end + 4)]
    if opens and after[:1] and after[0] in ",，、":
        end += 1
        after = after[1:]
    follows = after.lstrip(" ")[:1]
    if follows and follows not in ".,;:!?…)":
        return start, end + len(after) - len(after.lstrip(" ")), "", rule
    before = text[max(0, start - 4) : start]
    cut = len(before) - len(before.rstrip(" "))
    comma = before.rstrip(" ").endswith(",")
    if comma and follows == ",":
        end += 1  # of the two commas around it, one stays
    elif comma and (not follows or follows in ".!?…"):
        cut += 1
    return start - cut, end if follows else end + len(after), "", rule


def _apply(text: str, edits: Sequence[Edit], applied: Counter[str]) -> str:
    if not edits:
        return text
    out, done = [], 0
    for start, end, to, rule in edits:
        out += [text[done : max(done, start)], to]
        done = max(done, end)
        applied[rule] += 1
    out.append(text[done:])
    return "".join(out)


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


def _foreign(text: str, rule: Foreign, order: _Order, applied: Counter[str]) -> str:
    """*text* after a rule of somebody else's pack, under the same protection."""
    edits: list[Edit] = []
    found: Any
    spans = protected(text, order.preserve)
    for found in rule.pattern.finditer(text):
        start, end = found.start(), found.end()
        if start < end and not overlaps(spans, start, end) and _is_whole(text, start, end):
            edits.append((start, end, rule.replacement(found), rule.rule))
    return _apply(text, edits, applied)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether [start, end) is plain words of one line, cut from nothing larger."""
    words = text[start:end]
    if "\n" in words or re.search(r"[\d_/\\@#$%^&*+=<>|~`{}\[\]]", words):
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    left = not before or before in " \t\n(" or not words[0].isalnum()
    right = words[-1].isspace() or not after or after.isspace() or after in ".,;:!?)"
    return left and right
