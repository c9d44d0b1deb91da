"""The words of a text as a search sees them: identifiers whole and by their parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = re.compile(r"\w+")
# "parseHTTPRequest2" has the parts parse, HTTP, Request, 2.
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")
_SYMBOL = re.compile(
    r"^[ \t]*(?:(?:export|default|public|private|protected|static|final|abstract|async|pub|"
    r"override|open|internal|sealed|data|unsafe|inline|virtual|const)(?:\([^)\n]*\))?[ \t]+)*"
    r"(?:def|class|func|fun|fn|function\*?|interface|struct|enum|trait|impl|type|module|namespace|"
    r"record|object|protocol|extension|macro_rules!|const|let|var|val|CREATE TABLE|create table)"
    r"[ \t]+(?:\([^)\n]*\)[ \t]*)?(?P<name>[A-Za-z_$][\w$]*)"
    r"|^#{1,6}[ \t]+(?P<heading>\S[^\n]*)",
    re.MULTILINE,
)


def words(text: str) -> Iterator[str]:
    """The words of *text* in lower case; a compound is followed by its parts.

    >>> list(words("the parseRequest of http_client2"))
    ['the', 'parserequest', 'parse', 'request', 'of', 'httpclient2', 'http', 'client', '2']
    """
    for match in _WORD.finditer(text):
        word = match[0]
        parts = _PART.findall(word)
        if len(parts) < 2:
            if parts:
                yield parts[0].lower()
            continue
        # Underscores separate words for the database, too: the whole goes in without them.
        yield word.replace("_", "").lower()
        for part in parts:
            yield part.lower()


def symbols(text: str) -> Iterator[str]:
    """Names that *text* defines, and its headings, by the look of its lines."""
    for match in _SYMBOL.finditer(text):
        yield match["name"] or match["heading"]
