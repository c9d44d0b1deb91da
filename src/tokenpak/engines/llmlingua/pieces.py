"""A text as words that may go and pieces that always stay, and what is left put together again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from tokenpak.tables import table

# "end": a full stop and its like, which stays where something of its sentence does.
Kind = Literal["free", "fixed", "end"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `start` to `end` of a text; between two pieces there is white space at most."""

    start: int
    end: int
    kind: Kind


# Bounded, or with a border that only one place can be: no text makes one of them slow.
_SPANS = (
    r"^[ \t]*(?P<fence>```|~~~)[\s\S]*?(?:^[ \t]*(?P=fence)[^\n]*$|\Z)",
    r"^(?: {4}|\t)[^\n]*",  # indented code
    r"^ {0,3}(?:#{1,6} |\||>)[^\n]*",  # headings, tables, quotations
    r"^(?=[^\n]{0,240}$)[^\n]*?\b(?i:errors?|warnings?|fatal|panic|exception|traceback|failed)\b"
    r"[^\n]*",
    r"`[^`\n]{1,500}`",
    r"<[!/?]?[A-Za-z][^<>\n]{0,300}>",
    r"\[[^\[\]\n]{1,300}\](?:\([^()\n]{0,500}\))?",
    r"\{[^{}\n]{1,300}\}",
    r"\$[^$\n]{1,200}\$",
    r'"[^"\n]{1,300}"',
    r"“[^”\n]{1,300}”",
    r"„[^“”\n]{1,300}[“”]",
    r"«[^»\n]{1,300}»",
    r"(?<!\w)'[^'\n]{1,200}'(?!\w)",
    r"(?<!\w)‘[^’\n]{1,200}’(?!\w)",
)
_RUN = re.compile(r"\S+")
# Numbers, names of programs, paths, addresses, options, formulas; and scripts without spaces, in
# which a run is a sentence.
_TECHNICAL = re.compile(
    r"[\d_/\\@#$%=<>|&~^*+{}\[\]×÷±≤≥≠→]|\w[.:]\w|[a-zß-ÿ][A-ZÀ-Þ]|[A-ZÀ-Þ]{2}|^--?\w|\(\)|::"
    r"|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_OPERATOR = re.compile(r"[=<>+*/^×÷±≤≥≠→&|~:-]*[=<>+/^×÷±≤≥≠→&|~][=<>+*/^×÷±≤≥≠→&|~:-]*+")
_DIGIT = re.compile(r"\d\W*\Z")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*+|[.!?…]+|[^\w\s]|\w")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


@cache
def _listed() -> tuple[frozenset[str], frozenset[str]]:
    """The words that stay, and those of them that keep the next word."""
    groups = table(__package__, "keep.yaml", dict[str, dict[str, list[str]]])
    alone, with_next = (
        frozenset(word for words in groups[name].values() for word in words)
        for name in ("alone", "with_next")
    )
    return alone | with_next, with_next


@lru_cache(maxsize=16)
def _spans(keep: tuple[str, ...]) -> re.Pattern[str]:
    """What stays in one piece: the strings of *keep*, as words of their own, and protected text."""
    longest_first = sorted(filter(None, keep), key=lambda each: (-len(each), each))
    own = [rf"(?<!\w){re.escape(each)}(?!\w)" for each in longest_first if each[0].isalnum()]
    own += [re.escape(each) for each in longest_first if not each[0].isalnum()]
    return re.compile("|".join((*own, *_SPANS)), re.MULTILINE)


def pieces(text: str, keep: tuple[str, ...] = ()) -> list[Piece]:
    """All of *text* but its white space, in order; occurrences of *keep* stay."""
    found: list[Piece] = []
    at = 0
    for match in _spans(keep).finditer(text):
        found += _runs(text, at, match.start())
        found.append(Piece(*match.span(), "fixed"))
        at = match.end()
    found += _runs(text, at, len(text))
    return _with_followers(text, found)


def _runs(text: str, start: int, end: int) -> Iterator[Piece]:
    for run in _RUN.finditer(text, start, end):
        if _TECHNICAL.search(run[0]):
            yield Piece(*run.span(), "fixed")
        else:
            for part in _WORD.finditer(text, *run.span()):
                yield Piece(*part.span(), _kind(text, part))


def _kind(text: str, part: re.Match[str]) -> Kind:
    word = part[0].lower()
    if word[0] in ".!?…":
        return "end"
    if not word[0].isalpha():
        # Brackets stay in pairs, and marks of lists at their place.
        at_start = not text[max(0, part.start() - 1) : part.start()].strip()
        return (
            "fixed" if word in "()" or (at_start and _begins_line(text, part.start())) else "free"
        )
    stays = word in _listed()[0] or word.endswith(("n't", "n’t"))
    return "fixed" if stays else "free"


def _begins_line(text: str, at: int) -> bool:
    return not text[max(0, at - 4) : at].rpartition("\n")[2].strip() and (
        at < 4 or "\n" in text[at - 4 : at]
    )


def _with_followers(text: str, found: list[Piece]) -> list[Piece]:
    """*found*, with the neighbours that belong to what stays.

    The word behind a number or a negation, and those on both sides of an operator.
    """
    with_next = _listed()[1]
    for at, piece in enumerate(found):
        if piece.kind != "fixed":
            continue
        word = text[piece.start : piece.end].lower()
        if _OPERATOR.fullmatch(word):
            _fix(found, at - 1)
            _fix(found, at + 1)
        elif _DIGIT.search(word[-8:]) or word in with_next or word.endswith(("n't", "n’t")):
            _fix(found, at + 1)
    return found


def _fix(found: list[Piece], at: int) -> None:
    if 0 <= at < len(found) and found[at].kind == "free":
        found[at] = Piece(found[at].start, found[at].end, "fixed")


def assemble(text: str, parts: Sequence[Piece], stays: Sequence[bool]) -> str:
    """*text* with those of *parts* that stay; lines stay lines, and words do not grow together."""
    out: list[str] = []
    end = 0
    left_out = sentence = False
    for piece, kept in zip(parts, stays, strict=True):
        if not kept or (piece.kind == "end" and left_out and not sentence):
            left_out = True
            if piece.kind == "end":
                sentence = False
            continue
        gap = text[end : piece.start]
        out.append(_joint(text, gap, end, piece.start) if left_out else gap)
        out.append(text[piece.start : piece.end])
        end, left_out, sentence = piece.end, False, piece.kind != "end"
    tail = text[end:]
    out.append(tail[len(tail.rstrip()) :] if left_out else tail)
    return "".join(out)


def _joint(text: str, gap: str, end: int, start: int) -> str:
    """What stands for *gap*, of which words were left out, between *end* and *start* of *text*."""
    if "\n" in gap:
        newline = "\r\n" if "\r\n" in gap else "\n"
        last = gap.rpartition("\n")[2]
        indent = last[: len(last) - len(last.lstrip())]
        lines = 2 if _BLANK_LINE.search(gap) else 1
        return (newline * lines if end else "") + indent
    if not end:
        return ""
    before = gap[0].isspace() or text[end - 1].isalnum()
    after = gap[-1].isspace() or text[start].isalnum()
    return " " if before and after else ""
