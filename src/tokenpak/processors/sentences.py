"""The sentences of a paragraph that carry it: the first, and those with facts or duties."""

from __future__ import annotations

import re

from tokenpak.processors.cut import left_out, not_longer
from tokenpak.tables import table

_WORDS = table("tokenpak.processors", "binding.yaml", dict[str, str])
# Leaving out a sentence with one of these would turn the text around.
_BINDING = re.compile(
    rf"\b(?:{'|'.join(' '.join(_WORDS.values()).split())})\b|n['’]t\b", re.IGNORECASE
)
_FACT = re.compile(r"\d|`|https?://|[\"“”«»]|\w/\w|\w_\w|[a-z][A-Z]|\w\(\)|[=<>{}\[\]|*]")
_NAME = re.compile(r"(?<![.!?\n] )(?<!^)\b[A-Z]\w")
_END = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\betc\.)\s+(?=[A-ZÀ-Þ`\"“(])"
)
_OTHER_SCRIPTS = re.compile(r"[^\x00-\u024f\u2000-\u206f\u20a0-\u20cf]")
_PARAGRAPHS = re.compile(r"(\n[ \t]*\n\s*)")
# Blocks with a shape of their own: lists, tables, headings, quotes, code, indented lines.
_SHAPED = re.compile(
    r"^(?:[ \t]{2,}|\t|[ \t]*+(?:[-*+•>|#<]|\d+[.)]\s|```|~~~))|[^\s.]\s{3,}\S", re.MULTILINE
)
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)


def key_sentences(paragraph: str) -> tuple[str, int]:
    """*paragraph* without the sentences that only explain, and how many these were.

    The first sentence stays, and every sentence with a negation, a duty, a condition, a number,
    a quotation, code, a path, a URL or an identifier. Paragraphs in scripts other than Latin stay
    whole.
    """
    if _OTHER_SCRIPTS.search(paragraph):
        return paragraph, 0
    parts = _END.split(paragraph)
    kept = [part for at, part in enumerate(parts) if at == 0 or _carries(part)]
    missing = len(parts) - len(kept)
    return (" ".join(kept) if missing else paragraph), missing


def _carries(sentence: str) -> bool:
    return bool(_BINDING.search(sentence) or _FACT.search(sentence))


def sentences(text: str, ratio: float) -> str:
    """*text* with about *ratio* (0 to 1) of its sentences, and a last line that tells of the rest.

    The sentences that carry a paragraph (see `key_sentences`) and everything with a shape of its
    own (lists, tables, headings, code) stay at any ratio. Of the others those without a name go
    first, the later ones of a paragraph before the earlier.
    Raises ValueError unless *ratio* lies between 0 and 1.
    """
    if not 0 <= ratio <= 1:
        raise ValueError(f"ratio is {ratio}, expected 0 to 1")
    blocks = _blocks(text)
    total = sum(len(block) for block in blocks if len(block) > 1)
    candidates = sorted(
        (_NAME.search(sentence) is not None, -place, at)
        for at, block in enumerate(blocks)
        for place, sentence in enumerate(block)
        if place and not _carries(sentence)
    )
    gone = {(at, -place) for _, place, at in candidates[: max(0, total - round(total * ratio))]}
    if not gone:
        return text
    kept = [
        " ".join(each for place, each in enumerate(block) if (at, place) not in gone)
        for at, block in enumerate(blocks)
    ]
    return not_longer(marked("".join(kept), len(gone)), text)


def marked(text: str, missing: int) -> str:
    """*text* with a last line that says how many sentences are missing, if any are."""
    if not missing:
        return text
    return f"{text.rstrip()}\n\n{left_out(missing, 'sentence')}" + "\n" * text.endswith("\n")


def _blocks(text: str) -> list[list[str]]:
    """Paragraphs by their sentences, what lies between them and what has a shape as one piece."""
    blocks: list[list[str]] = []
    fenced = False
    for block in _PARAGRAPHS.split(text):
        fences = len(_FENCE.findall(block))
        whole = fenced or fences or _SHAPED.search(block) or _OTHER_SCRIPTS.search(block)
        blocks.append([block] if whole else _END.split(block))
        fenced ^= fences % 2 == 1
    return blocks
