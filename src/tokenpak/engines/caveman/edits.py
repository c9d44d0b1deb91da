"""Where the rules of a pack apply in a paragraph, and what takes the place of their words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tokenpak.engines.caveman.blocks import split_line
from tokenpak.engines.caveman.protect import Spans, overlaps
from tokenpak.engines.caveman.ready import WORD, Foreign, Phrase, Ready

# Where a phrase may begin: not inside of a path, an option, a name or an address.
_START = re.compile(r"(?<![^\s(¿¡])[^\W\d_]+")
_ENDS_IN_A_QUOTE = tuple(end + quote for end in ".!?" for quote in '"”)')
_CAPITAL_INSIDE = re.compile(r"(?<=[^\W\d_])[A-ZÀ-ÖØ-Þ]")
_NEIGHBOUR = re.compile(r"\s*([^\W\d_]+(?:['’][^\W\d_]+)*)")

Edit = tuple[int, int, str, str]
"""Start, end, what takes its place, and the name of the rule."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text of one language, in which some spans stay as they are, and some ask for nothing."""

    text: str
    pack: Ready
    phrases: Mapping[str, tuple[Phrase, ...]]
    """Those in force, as `Ready.by_word` has them."""
    stays: Spans
    passages: Spans

    def edits(self) -> list[Edit]:
        """One edit for each place at which a phrase applies, in order and apart."""
        found: list[Edit] = []
        done = 0
        for at, candidates in self._places():
            if at < done:
                continue
            for phrase in candidates:
                match = phrase.pattern.match(self.text, at)
                if match is not None and (edit := self._edit(phrase, match)) is not None:
                    found.append(edit)
                    done = edit[1]
                    break
        return found

    def _places(self) -> Iterator[tuple[int, tuple[Phrase, ...]]]:
        """Where phrases may begin, and which."""
        known = self.phrases
        if self.pack.unspaced is not None:
            for found in self.pack.unspaced.finditer(self.text):
                yield found.start(), known.get("", ())
            return
        for found in _START.finditer(self.text):
            if (word := found[0].lower()) in known:
                yield found.start(), known[word]

    def _edit(self, phrase: Phrase, found: re.Match[str]) -> Edit | None:
        at, end = found.span()
        if at == end or (phrase.request_only and overlaps(self.passages, at, end)):
            return None
        opens = self._opens_a_sentence(at)
        if (phrase.start_only and not opens) or overlaps(self.stays, at, end):
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


def foreign_edits(text: str, rule: Foreign, stays: Spans) -> list[Edit]:
    """The edits of a rule of somebody else's pack, under the same protection."""
    edits: list[Edit] = []
    found: Any
    for found in rule.pattern.finditer(text):
        start, end = found.start(), found.end()
        if start < end and not overlaps(stays, start, end) and _is_whole(text, start, end):
            edits.append((start, end, rule.replacement(found), rule.rule))
    return edits


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether [start, end) is plain words of one line, cut from nothing larger."""
    words = text[start:end]
    if "\n" in words or re.search(r"[\d_/\\@#$%^&*+=<>|~`{}\[\]]", words):
        return False
    before, after = text[start - 1 : start], text[end : end + 1]
    left = not before or before in " \t\n(" or not words[0].isalnum()
    right = words[-1].isspace() or not after or after.isspace() or after in ".,;:!?)"
    return left and right


def apply(text: str, edits: Sequence[Edit], applied: Counter[str]) -> str:
    if not edits:
        return text
    out, done = [], 0
    for start, end, to, rule in edits:
        out += [text[done : max(done, start)], to]
        done = max(done, end)
        applied[rule] += 1
    out.append(text[done:])
    return "".join(out)
