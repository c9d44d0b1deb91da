"""The engine by rules: whitespace, comments, notes for linters and Markdown's ornaments go."""

from __future__ import annotations

import re
from typing import ClassVar

from tokenpak.engines.base import CompactionEngine, Hints, checked
from tokenpak.engines.flatten import flatten
from tokenpak.engines.guess import guess_language
from tokenpak.excerpt import excerpt
from tokenpak.processors.comments import tidy_code
from tokenpak.processors.languages import ending_of, language_of
from tokenpak.tokens import count

_FENCE = re.compile(
    r"^(?P<open>(?P<fence>`{3,}+|~{3,}+)[ \t]*(?P<language>[\w+#.-]*)[^\n]*\n)"
    r"(?P<code>[\s\S]*?)(?P<close>^(?P=fence)[`~]*[ \t]*$|\Z)",
    re.MULTILINE,
)
_TRAILING = re.compile(r"(?<![ \t])[ \t]++(?=\r?\n|\Z)")
_BLANK = re.compile(r"\n(?:[ \t]*\r?\n){2,}")


class HeuristicEngine(CompactionEngine):
    """Rules without a model: about 4 ms for 10,000 tokens.

    Code loses comments, notes for linters and idle whitespace, but nothing of its strings; prose
    loses idle whitespace and Markdown's ornaments. *comments* may name the languages whose
    comments go; True means all, False none.
    """

    name: ClassVar[str] = "heuristic"
    description: ClassVar[str] = "whitespace, comments, notes for linters, ornaments of Markdown"

    def __init__(
        self,
        *,
        comments: bool | frozenset[str] | set[str] = True,
        boilerplate: bool = True,
        markdown: bool = True,
        whitespace: bool = True,
    ) -> None:
        if not isinstance(comments, bool):
            comments = frozenset(_language(each) for each in comments)
        self.comments: bool | frozenset[str] = comments
        self.boilerplate = boilerplate
        self.markdown = markdown
        self.whitespace = whitespace

    def compress(self, content: str, max_tokens: int | None = None) -> str:
        """*content* by the rules; its language is told by its look, of fences by their word.

        With *max_tokens*, lines at the end are left out until it fits, and a line says how many.
        Raises ValueError if *max_tokens* is negative.
        """
        return self._run(content, guess_language(content), max_tokens)

    def compact(self, text: str, hints: Hints | None = None) -> str:
        """*text* by the rules for the `language` in *hints*, or that of its `path`."""
        language, path, max_tokens = checked(hints)
        name = language or ending_of(path or "")
        known = language_of(name) if name else None
        if known is None and name.lower() not in ("md", "markdown", "txt", "text"):
            known = guess_language(text)
        return self._run(text, known, max_tokens)

    def _run(self, text: str, language: str | None, max_tokens: int | None) -> str:
        short = self._code(text, language) if language else self._prose(text)
        # Fewer characters can be more tokens: runs of blanks are single tokens.
        if count(short) > count(text):
            short = text
        return short if max_tokens is None else excerpt(short, max_tokens)

    def _code(self, text: str, language: str) -> str:
        comments = self.comments
        return tidy_code(
            text,
            language,
            comments=comments if isinstance(comments, bool) else language in comments,
            boilerplate=self.boilerplate,
            whitespace=self.whitespace,
        )

    def _prose(self, text: str) -> str:
        pieces, at = [], 0
        for match in _FENCE.finditer(text):
            pieces.append(self._between(text[at : match.start()]))
            language = language_of(match["language"]) if match["language"] else None
            code = self._code(match["code"], language) if language else match["code"]
            pieces += [match["open"], code, match["close"]]
            at = match.end()
        pieces.append(self._between(text[at:]))
        return "".join(pieces)

    def _between(self, text: str) -> str:
        """*text* that stands outside of fences."""
        if self.markdown:
            text = flatten(text)
        if self.whitespace:
            text = _BLANK.sub("\n\n", _TRAILING.sub("", text))
        return text


def _language(name: str) -> str:
    found = language_of(name)
    if found is None:
        raise ValueError(f"comments: unknown language {name!r}; an example is 'python'")
    return found
