"""HTML by what a reader sees: headings, text, lists, tables and links, without the machinery."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_UNSEEN = frozenset("script style noscript template svg iframe object canvas".split())
_BLOCKS = frozenset(
    "p div section article main header footer nav aside ul ol table tr thead tbody form fieldset "
    "blockquote figure figcaption dl dt dd address details summary h1 h2 h3 h4 h5 h6 li pre br hr "
    "title option".split()
)
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


class Processor:
    """Turns a page into light Markdown."""

    name = "html"

    def process(self, content: str, path: str = "") -> str:
        """What a reader of *content* sees; text without tags is given back as it is."""
        reader = _Reader()
        reader.feed(content)
        reader.close()
        if not reader.tags:
            return content
        short = _BLANK.sub("\n\n", "".join(reader.pieces)).strip() + "\n"
        return short if len(short) < len(content) else content


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.tags = 0
        self._unseen: list[str] = []
        self._pre = 0
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += 1
        if tag in _UNSEEN:
            self._unseen.append(tag)
            return
        if self._unseen:
            return
        values = dict(attrs)
        if tag in _BLOCKS:
            self._line()
        if tag[0] == "h" and tag[1:].isdigit():
            self.pieces.append("\n" + "#" * int(tag[1:]) + " ")
        elif tag == "li":
            self.pieces.append("- ")
        elif tag in ("td", "th"):
            self.pieces.append(" | ")
        elif tag == "pre":
            self._pre += 1
        elif tag == "img" and values.get("alt"):
            self.pieces.append(f"[image: {values['alt']}]")
        elif tag == "a":
            self._links.append(values.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag == self._unseen[-1]:
                self._unseen.pop()
            return
        if tag == "a" and self._links:
            target = self._links.pop()
            if target.startswith(("http://", "https://")):
                self.pieces.append(f" ({target})")
        elif tag == "pre" and self._pre:
            self._pre -= 1
        if tag in _BLOCKS:
            self._line()

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if not self._pre:
            data = _SPACE.sub(" ", data)
            if not self.pieces or self.pieces[-1].endswith(("\n", " ")):
                data = data.lstrip(" ")
        if data:
            self.pieces.append(data)

    def _line(self) -> None:
        if self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("\n")
