"""Markdown by its structure: headings, lists, tables and code whole, of prose what carries it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tokenpak.processors.sentences import key_sentences, marked
from tokenpak.processors.size import not_longer

_FENCE = re.compile(r" {0,3}(?P<fence>```+|~~~+)")
_COMMENT = re.compile(r"<!--(?!\[)[\s\S]*?-->[ \t]*\n?")
# Lines that are more than prose: headings, lists, quotes, tables, code, HTML, definitions.
_STRUCTURE = re.compile(r"\s*(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|>|\||<|\[[^\]]+\]:|={3,}|-{3,}|:::|!!!)")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|--+)[ \t]*$")
_TITLE = re.compile(r" {0,3}[^\s>|#*+-]")
_INDENTED = re.compile(r"(?:\t| {2,})\S")


class Processor:
    """Keeps what orders a document and the sentences that carry its paragraphs."""

    name = "markdown"

    def process(self, content: str, path: str = "") -> str:
        """*content* with its paragraphs cut to key sentences; comments go.

        A last line says how many sentences are missing.
        """
        lines = content.split("\n")
        out: list[str] = []
        paragraph: list[str] = []
        left_out = 0
        fence = ""
        front_matter = lines[0].strip() == "---"
        for at, line in enumerate(lines):
            if front_matter:
                front_matter = at == 0 or line.strip() not in ("---", "...")
                out.append(line)
                continue
            match = _FENCE.match(line)
            if fence or match:
                left_out += _close(paragraph, out)
                out.append(line)
                fence = _next_fence(fence, line, match)
            elif not line.strip() or _STRUCTURE.match(line) or _INDENTED.match(line):
                left_out += _close(paragraph, out)
                out.append(line.rstrip() if not line.endswith("  ") else line)
            else:
                paragraph.append(line)
        left_out += _close(paragraph, out)
        result = "\n".join(_without_repeated_blanks(out))
        return not_longer(marked(result, left_out) if left_out else result, content)


def headers(text: str, max_depth: int = 6) -> str:
    """The headings of *text* down to *max_depth*, with a line for what stood between them.

    Text without such headings is given back as it is. Raises ValueError unless *max_depth* lies
    between 1 and 6.
    """
    if not 1 <= max_depth <= 6:
        raise ValueError(f"max_depth is {max_depth}, expected 1 to 6")
    lines = text.split("\n")
    out: list[str] = []
    at = 0
    for first, end in _headings(lines, max_depth):
        out += _gap(lines[at:first])
        out += lines[first:end]
        at = end
    if not at:
        return text
    out += _gap(lines[at:])
    return not_longer("\n".join(out) + "\n" * text.endswith("\n"), text)


def _headings(lines: list[str], max_depth: int) -> Iterator[tuple[int, int]]:
    """The ranges of lines that are headings outside of code and front matter."""
    fence = ""
    front_matter = lines[0].strip() == "---"
    for at, line in enumerate(lines):
        if front_matter:
            front_matter = at == 0 or line.strip() not in ("---", "...")
            continue
        match = _FENCE.match(line)
        if fence or match:
            fence = _next_fence(fence, line, match)
        elif heading := _HEADING.match(line):
            if len(heading[1]) <= max_depth:
                yield at, at + 1
        elif at and _UNDERLINE.match(line) and _TITLE.match(lines[at - 1]):
            if max_depth > 1 or line.lstrip()[0] == "=":
                yield at - 1, at + 1


def _gap(lines: list[str]) -> list[str]:
    left_out = len(lines) - lines.count("")
    noun = "line" if left_out == 1 else "lines"
    return [f"[{left_out:,} {noun} left out]"] if left_out else []


def _next_fence(fence: str, line: str, match: re.Match[str] | None) -> str:
    """The fence that is open after *line*, if any."""
    if not fence:
        return match["fence"] if match else ""
    closes = match and match["fence"].startswith(fence) and not line.strip().strip(fence[0])
    return "" if closes else fence


def _close(paragraph: list[str], out: list[str]) -> int:
    """Moves *paragraph* to *out*, shortened; gives the sentences that are missing."""
    left_out = 0
    if paragraph:
        # Hard line breaks and single lines keep their form.
        text = "\n".join(paragraph)
        # Behind the last end of a comment there is none to look for from every beginning.
        ends = text.rfind("-->") + 3
        short = _COMMENT.sub("", text[:ends]) + text[ends:] if ends > 2 else text
        joined, left_out = key_sentences(short)
        if joined.strip():
            out.append(joined)
        paragraph.clear()
    return left_out


def _without_repeated_blanks(lines: list[str]) -> list[str]:
    kept: list[str] = []
    fence = ""
    for line in lines:
        match = _FENCE.match(line)
        if fence or match:
            fence = _next_fence(fence, line, match)
        elif not line.strip() and kept and not kept[-1].strip():
            continue
        kept.append(line)
    return kept
