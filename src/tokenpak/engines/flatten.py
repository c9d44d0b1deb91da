"""Markdown without its ornaments: what is bold, padded or ruled reads the same without."""

from __future__ import annotations

import re

# Underscores are left alone: __init__ is a name, no bold "init". So are single stars: globs,
# pointers and arguments look like emphasis.
_BOLD = re.compile(r"(?<![\w*\\/])\*\*(?=[\w\"'(])([^*\n`]*[\w.,:;!?\"')])\*\*(?![\w*/])")
_RULE = re.compile(r"^[ ]{0,3}(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$\n?", re.MULTILINE)
_CLOSING_HASHES = re.compile(r"^(#{1,6} [^\n]*?\S)[ \t]++#++[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"^<!--(?!\[|#)[^\n]*?-->[ \t]*\n", re.MULTILINE)
_BADGE = re.compile(r"\[!\[[^\]\n]{0,200}\]\([^()\n]{0,500}\)\]\([^()\n]{0,500}\)[ \t]*\n?")
_TABLE_ROW = re.compile(r"^\|[^\n]*\|[ \t]*$", re.MULTILINE)
_TABLE_RULE = re.compile(r"(?<=[|:\- ])-{4,}(?=[|:\- ])")
_PADDING = re.compile(r"(?<=\|) {2,}+|(?<! ) {2,}+(?=\|)")
_CODE = re.compile(
    r"(?<!`)(`{1,8})(?!`)[^\n]{1,500}?(?<!`)\1(?!`)|^(?: {4}|\t)[^\n]*$", re.MULTILINE
)


def flatten(text: str) -> str:
    """*text* without bold, badges, rules, comments and padding of tables.

    Inline code and indented lines stay word for word. Text that is no Markdown has none of these.
    """
    if "`" not in text and "    " not in text and "\t" not in text:
        return _flat(text)
    # Code is taken out and put back: a rule must not see its stars and bars.
    codes: list[str] = []

    def take(match: re.Match[str]) -> str:
        codes.append(match[0])
        return "\0"

    if "\0" in text:
        return text
    flat = _flat(_CODE.sub(take, text))
    if flat.count("\0") != len(codes):
        return text  # a badge or a comment held code
    pieces = flat.split("\0")
    return pieces[0] + "".join(c + p for c, p in zip(codes, pieces[1:], strict=True))


def _flat(text: str) -> str:
    if "**" in text:
        text = _BOLD.sub(r"\1", text)
    text = _CLOSING_HASHES.sub(r"\1", _RULE.sub("", text))
    if "<!--" in text:
        text = _COMMENT.sub("", text)
    if "](" in text:
        text = _BADGE.sub("", text)
    return _TABLE_ROW.sub(_row, text) if "|" in text else text


def _row(match: re.Match[str]) -> str:
    return _TABLE_RULE.sub("---", _PADDING.sub(" ", match[0]))
