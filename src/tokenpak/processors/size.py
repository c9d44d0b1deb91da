"""The rule that no text gets longer, by exact count."""

from __future__ import annotations

from tokenpak.tokens import count


def not_longer(short: str, content: str) -> str:
    """*short*, unless it has as many tokens (o200k) as *content* or more, which then stays."""
    if short == content or not short and content:
        return content
    # Fewer characters can be more tokens: runs of blanks are single tokens.
    return short if len(short) < len(content) and count(short) < count(content) else content
