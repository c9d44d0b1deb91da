"""Plain text: paragraphs by the sentences that carry them, repeated ones once."""

from __future__ import annotations

import re

from tokenpak.processors.sentences import key_sentences

_BORDER = re.compile(r"\n[ \t]*\n\s*?(?=[^\n]|\Z)")
_LONG_CHARS = 120
_SHAPED = re.compile(
    r"^(?:[ \t]{2,}|\t)|[^\s.]\s{3,}\S|^[ \t]*+(?:[-*+•]|\d+[.)])\s|\|", re.MULTILINE
)


class Processor:
    """Keeps of prose what carries it, and everything that has a shape of its own."""

    name = "text"

    def process(self, content: str, path: str = "") -> str:
        """*content* with prose cut to key sentences; a long paragraph that stood before goes.

        Lists, tables and indented lines stay as they are.
        """
        seen: set[str] = set()
        kept = []
        for paragraph in _BORDER.split(content.strip("\n")):
            if len(paragraph) > _LONG_CHARS and paragraph in seen:
                continue
            seen.add(paragraph)
            kept.append(paragraph if _SHAPED.search(paragraph) else key_sentences(paragraph))
        short = "\n\n".join(each.rstrip() for each in kept)
        short += "\n" if content.endswith("\n") else ""
        return short if len(short) < len(content) else content
