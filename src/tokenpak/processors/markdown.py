"""Markdown by its structure: headings, lists, tables and code whole, of prose what carries it."""

from __future__ import annotations

import re

from tokenpak.processors.sentences import key_sentences

_FENCE = re.compile(r" {0,3}(?P<fence>```+|~~~+)")
_COMMENT = re.compile(r"<!--(?!\[)[\s\S]*?-->[ \t]*\n?")
# Lines that are more than prose: headings, lists, quotes, tables, code, HTML, definitions.
_STRUCTURE = re.compile(r"\s*(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|>|\||<|\[[^\]]+\]:|={3,}|-{3,}|:::|!!!)")
_INDENTED = re.compile(r"(?:\t| {2,})\S")


class Processor:
    """Keeps what orders a document and the sentences that carry its paragraphs."""

    name = "markdown"

    def process(self, content: str, path: str = "") -> str:
        """*content* with its paragraphs cut to key sentences; comments go."""
        lines = content.split("\n")
        out: list[str] = []
        paragraph: list[str] = []
        fence = ""
        front_matter = lines[0].strip() == "---"
        for at, line in enumerate(lines):
            if front_matter:
                front_matter = at == 0 or line.strip() not in ("---", "...")
                out.append(line)
                continue
            match = _FENCE.match(line)
            if fence or match:
                _close(paragraph, out)
                out.append(line)
                fence = _next_fence(fence, line, match)
            elif not line.strip() or _STRUCTURE.match(line) or _INDENTED.match(line):
                _close(paragraph, out)
                out.append(line.rstrip() if not line.endswith("  ") else line)
            else:
                paragraph.append(line)
        _close(paragraph, out)
        result = "\n".join(_without_repeated_blanks(out))
        return result if len(result) < len(content) else content


def _next_fence(fence: str, line: str, match: re.Match[str] | None) -> str:
    """The fence that is open after *line*, if any."""
    if not fence:
        return match["fence"] if match else ""
    closes = match and match["fence"].startswith(fence) and not line.strip().strip(fence[0])
    return "" if closes else fence


def _close(paragraph: list[str], out: list[str]) -> None:
    if paragraph:
        # Hard line breaks and single lines keep their form.
        text = "\n".join(paragraph)
        short = _COMMENT.sub("", text)
        joined = key_sentences(short)
        if joined.strip():
            out.append(joined)
        paragraph.clear()


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
