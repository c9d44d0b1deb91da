"""The words of a text as a search sees them: identifiers whole and split at case and digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

IDENTIFIER = re.compile(r"\w+")
# Letters beyond ASCII never begin a part: "größe" stays in one piece.
_PART = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_SYMBOL = re.compile(
    r"^[ \t]*(?:(?:export|default|public|private|protected|static|final|abstract|async|pub|"
    r"override|open|internal|sealed|data|unsafe|inline|virtual|const)(?:\([^)\n]*\))?[ \t]+)*"
    r"(?:def|class|func|fun|fn|function\*?|interface|struct|enum|trait|impl|type|module|namespace|"
    r"record|object|protocol|extension|macro_rules!|const|let|var|val|CREATE TABLE|create table)"
    r"[ \t]+(?:\([^)\n]*\)[ \t]*)?(?P<name>[A-Za-z_$][\w$]*)"
    r"|^#{1,6}[ \t]+(?P<heading>\S[^\n]*)",
    re.MULTILINE,
)


def parts(identifier: str) -> tuple[str, ...]:
    """`parseHTTPBody2` as parse, http, body; letters and digits that stand alone are left out."""
    return tuple(each.lower() for each in _PART.findall(identifier) if len(each) > 1)


def whole(identifier: str) -> str:
    """*identifier* as one word, in lower case; empty if it is none."""
    return identifier.strip("_").lower()


def words(text: str) -> Iterator[str]:
    """The words of *text* in lower case; a compound is followed by its parts.

    >>> list(words("the parseRequest of http_client2"))
    ['the', 'parserequest', 'parse', 'request', 'of', 'httpclient2', 'http', 'client']
    """
    for word in IDENTIFIER.findall(text):
        # Databases take an underscore for a blank: the whole goes in without it.
        if one := whole(word).replace("_", ""):
            yield one
            yield from (each for each in parts(word) if each != one)


def symbols(text: str) -> Iterator[str]:
    """Names that *text* defines, and its headings, by the look of its lines."""
    for match in _SYMBOL.finditer(text):
        yield match["name"] or match["heading"]
