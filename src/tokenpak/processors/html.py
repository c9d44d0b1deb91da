"""HTML by what a reader sees: headings, text, lists, tables and links, without the machinery."""

from __future__ import annotations

import re
from html import unescape

from tokenpak.processors.cut import not_longer

_UNSEEN = frozenset("script style noscript template svg iframe object canvas".split())
_BLOCKS = frozenset(
    "p div section article main header footer nav aside ul ol table tr thead tbody form fieldset "
    "blockquote figure figcaption dl dt dd address details summary h1 h2 h3 h4 h5 h6 li pre br hr "
    "title option".split()
)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
# The standard library's parser takes quadratic time over what opens and does not close. Here a
# tag ends before the next `<`, so that no character is looked at from two beginnings.
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*+)"
    r"(?P<attributes>(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*')*+|[^<>]*+)>"
    r"|<!(?!--|\[CDATA\[)[^<>]*+>|<\?[^<>]*+>|(?P<comment><!--)|(?P<cdata><!\[CDATA\[)"
)
_ATTRIBUTE = re.compile(
    r"\b(href|alt)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)


def condense(text: str) -> str:
    """What a reader of *text* sees, as light Markdown; one without tags is given back as it is."""
    reader = _Reader()
    reader.read(text)
    if not reader.tags:
        return text
    return not_longer(_BLANK.sub("\n\n", "".join(reader.pieces)).strip() + "\n", text)


class _Reader:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.tags = 0
        self._pre = 0
        self._links: list[str] = []

    def read(self, text: str) -> None:
        lower = text.lower()
        lower = lower if len(lower) == len(text) else text
        at = 0
        while match := _TAG.search(text, at):
            self._data(text[at : match.start()])
            at = match.end()
            if match["comment"]:
                at = _behind(text, "-->", at)
            elif match["cdata"]:
                end = _behind(text, "]]>", at)
                self._data(text[at : max(at, end - 3)])
                at = end
            elif match["name"]:
                self.tags += 1
                name = match["name"].lower()
                if match["end"]:
                    self._end(name)
                elif name in _UNSEEN and not match["attributes"].endswith("/"):
                    at = _behind(lower, f"</{name}", at)
                    at = _behind(text, ">", at)
                else:
                    self._start(name, match["attributes"])
        self._data(text[at:])

    def _start(self, tag: str, attributes: str) -> None:
        if tag in _BLOCKS:
            self._line()
        if tag[0] == "h" and tag[1:].isdigit():
            self.pieces.append("\n" + "#" * int(tag[1:2]) + " ")
        elif tag == "li":
            self.pieces.append("- ")
        elif tag in ("td", "th"):
            self.pieces.append(" | ")
        elif tag == "pre":
            self._pre += 1
        elif tag == "img" and (alt := _attribute(attributes, "alt")):
            self.pieces.append(f"[image: {alt}]")
        elif tag == "a":
            self._links.append(_attribute(attributes, "href"))

    def _end(self, tag: str) -> None:
        if tag == "a" and self._links:
            target = self._links.pop()
            if target.startswith(("http://", "https://")):
                self.pieces.append(f" ({target})")
        elif tag == "pre" and self._pre:
            self._pre -= 1
        if tag in _BLOCKS:
            self._line()

    def _data(self, data: str) -> None:
        if not data:
            return
        data = unescape(data)
        if not self._pre:
            data = _SPACE.sub(" ", data)
            if not self.pieces or self.pieces[-1].endswith(("\n", " ")):
                data = data.lstrip(" ")
        if data:
            self.pieces.append(data)

    def _line(self) -> None:
        if self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("\n")


def _behind(text: str, mark: str, at: int) -> int:
    """The place after the next *mark*; the end if there is none, where all is unseen."""
    found = text.find(mark, at)
    return len(text) if found < 0 else found + len(mark)


def _attribute(attributes: str, name: str) -> str:
    for match in _ATTRIBUTE.finditer(attributes):
        if match[1].lower() == name:
            return unescape(match[2] or match[3] or match[4] or "")
    return ""
