"""The language of a text that comes without a name; only where its look leaves no doubt."""

from __future__ import annotations

import re
from functools import cache

from tokenpak.tables import table

_SHEBANG = re.compile(
    r"#!.*?(?:/|\s)(?P<name>python|bash|sh|zsh|ksh|node|ruby|php|lua)[\d.]*(?:\s|$)"
)
_BY_SHEBANG = {"node": "javascript", "sh": "bash", "zsh": "bash", "ksh": "bash"}
_MARKDOWN = re.compile(r"^(?:```|~~~|#{2,6} |[-*+] \S|\d+\. |\[[^\]]+\]\(|> )", re.MULTILINE)
_BRACED = re.compile(r"[;{}][ \t]*$", re.MULTILINE)
_HASHED = ("python", "ruby")
_SAMPLE_CHARS = 8_000
_ENOUGH = 3
"""Lines of its kind that a language must show, while no other shows as many."""


def guess_language(text: str) -> str | None:
    """The language of *text* if it is code as a whole; None for prose, data and in doubt.

    Markdown with code in it is no code: its fences name their languages.
    """
    shebang = _SHEBANG.match(text)
    if shebang:
        return _BY_SHEBANG.get(shebang["name"], shebang["name"])
    sample = text[:_SAMPLE_CHARS]
    if text[:1] in ("{", "[", "<") and not text.startswith("<?php"):
        return None
    lines = sum(1 for line in sample.splitlines() if line.strip())
    if not lines or "```" in sample:
        return None
    counts = {language: len(each.findall(sample)) for language, each in _patterns().items()}
    best = max(counts, key=lambda language: counts[language])
    rivals = [number for language, number in counts.items() if language != best]
    certain = counts[best] >= max(_ENOUGH, lines * 0.02) and counts[best] > max(rivals)
    if not certain or len(_MARKDOWN.findall(sample)) > counts[best]:
        return None
    # What opens comments in one family of languages is code in the other.
    if best in _HASHED and len(_BRACED.findall(sample)) > lines * 0.15:
        return None
    return best


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """What finds the lines of each language."""
    return {
        language: re.compile(
            rf"^[ \t]*(?:{'|'.join(lines)})[ \t]*(?:(?:#|//|--).*)?$", re.MULTILINE
        )
        for language, lines in table(__package__, "guess.yaml", dict[str, list[str]]).items()
    }
