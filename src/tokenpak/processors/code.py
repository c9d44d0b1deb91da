"""Code by its signatures: what a file defines stays, with where the rest of it stood."""

from __future__ import annotations

from tokenpak.processors import bodies
from tokenpak.processors.languages import language_of
from tokenpak.processors.python import python_signatures


class Processor:
    """Leaves out the bodies of functions; imports, types, fields and decorators stay.

    *language* is told by the ending of the path if it is not given. Python needs nothing further,
    other languages the extra `tokenpak[code]`; without it their code stays whole.
    """

    name = "code"

    def __init__(self, language: str | None = None, *, keep_docstrings: bool = False) -> None:
        self.language = language_of(language) if language else None
        self.keep_docstrings = keep_docstrings

    def process(self, content: str, path: str = "") -> str:
        """*content* with notes such as `lines 12-30 left out` for bodies; the result parses.

        Lines are counted in *content*. What does not parse is given back as it is.
        """
        language = self.language or language_of(
            path.replace("\\", "/").rpartition("/")[2].rpartition(".")[2]
        )
        if language == "python":
            short = python_signatures(content, keep_docstrings=self.keep_docstrings)
        elif language:
            short = bodies.without_bodies(content, language)
        else:
            return content
        return short if len(short) < len(content) else content
