"""Markdown by its structure: headings, lists, tables and code whole, of prose what carries it."""

from __future__ import annotations

import re

from tokenpak.processors.cut import not_longer
from tokenpak.processors.sentences import key_sentences, marked

_FENCE = re.compile(r" {0,3}(?P<fence>```+|~~~+)")
_COMMENT = re.compile(r"<!--(?!\[)[\s\S]*?-->[ \t]*\n?")
# Lines that are more than prose: headings, lists, quotes, tables, code, HTML, definitions.
_STRUCTURE = re.compile(r"\s*(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|>|\||<|\[[^\]]+\]:|={3,}|-{3,}|:::|!!!)")
_INDENTED = re.compile(r"(?:\t| {2,})\S")


def condense(text: str) -> str:
    """*text* with its paragraphs cut to the sentences that carry them; comments go.

    What orders a document stays, and a last line says how many sentences are missing.
    """
    lines = text.split("\n")
    out: list[str] = []
    paragraph: list[str] = []
    missing = 0
    fence = ""
    front_matter = lines[0].strip() == "---"
    for at, line in enumerate(lines):
        if front_matter:
            front_matter = at == 0 or line.strip() not in ("---", "...")
            _append(line, out)
            continue
        after = next_fence(fence, line)
        if fence or after:
            missing += _close(paragraph, out)
            out.append(line)
        elif not line.strip() or _STRUCTURE.match(line) or _INDENTED.match(line):
            missing += _close(paragraph, out)
            _append(line if line.endswith("  ") else line.rstrip(), out)
        else:
            paragraph.append(line)
        fence = after
    missing += _close(paragraph, out)
    return not_longer(marked("\n".join(out), missing), text)


def _append(line: str, out: list[str]) -> None:
    """Adds *line* to *out*; of blank lines in a row only the first."""
    if line.strip() or not out or out[-1].strip():
        out.append(line)


def next_fence(fence: str, line: str) -> str:
    """The code fence that is open behind *line*, "" if none; *fence* is the one before it."""
    match = _FENCE.match(line)
    if not fence:
        return match["fence"] if match else ""
    closes = match and match["fence"].startswith(fence) and not line.strip().strip(fence[0])
    return "" if closes else fence


def _close(paragraph: list[str], out: list[str]) -> int:
    """Moves *paragraph* to *out*, shortened; gives the sentences that are missing."""
    missing = 0
    if paragraph:
        # Hard line breaks and single lines keep their form.
        text = "\n".join(paragraph)
        # Behind the last end of a comment there is none to look for from every beginning.
        ends = text.rfind("-->") + 3
        short = _COMMENT.sub("", text[:ends]) + text[ends:] if ends > 2 else text
        joined, missing = key_sentences(short)
        if joined.strip():
            out.append(joined)
        paragraph.clear()
    return missing
