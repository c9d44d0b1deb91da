"""Plain text: paragraphs by the sentences that carry them, repeated ones once."""

from __future__ import annotations

import re

from tokenpak.processors.sentences import key_sentences, marked
from tokenpak.processors.size import not_longer

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

        Lists, tables and indented lines stay as they are. A last line says what is missing.
        """
        seen: set[str] = set()
        kept = []
        left_out = repeated = 0
        for paragraph in _BORDER.split(content.strip("\n")):
            if len(paragraph) > _LONG_CHARS and paragraph in seen:
                repeated += 1
                continue
            seen.add(paragraph)
            short, fewer = (paragraph, 0) if _SHAPED.search(paragraph) else key_sentences(paragraph)
            kept.append(short.rstrip())
            left_out += fewer
        if repeated:
            noun = "paragraph" if repeated == 1 else "paragraphs"
            kept.append(f"[{repeated:,} repeated {noun} left out]")
        result = "\n\n".join(kept) + "\n" * content.endswith("\n")
        return not_longer(marked(result, left_out) if left_out else result, content)
