"""Plain text: paragraphs by the sentences that carry them, repeated ones once."""

from __future__ import annotations

import re

from tokenpak.processors.cut import left_out, not_longer
from tokenpak.processors.sentences import key_sentences, marked

_BORDER = re.compile(r"\n[ \t]*\n\s*?(?=[^\n]|\Z)")
_LONG_CHARS = 120
_SHAPED = re.compile(
    r"^(?:[ \t]{2,}|\t)|[^\s.]\s{3,}\S|^[ \t]*+(?:[-*+•]|\d+[.)])\s|\|", re.MULTILINE
)


def condense(text: str) -> str:
    """*text* with prose cut to key sentences; a long paragraph that stood before goes.

    Lists, tables and indented lines stay as they are. A last line says what is missing.
    """
    seen: set[str] = set()
    kept = []
    missing = repeated = 0
    for paragraph in _BORDER.split(text.strip("\n")):
        if len(paragraph) > _LONG_CHARS and paragraph in seen:
            repeated += 1
            continue
        seen.add(paragraph)
        short, fewer = (paragraph, 0) if _SHAPED.search(paragraph) else key_sentences(paragraph)
        kept.append(short.rstrip())
        missing += fewer
    if repeated:
        kept.append(left_out(repeated, "repeated paragraph"))
    result = "\n\n".join(kept) + "\n" * text.endswith("\n")
    return not_longer(marked(result, missing), text)
