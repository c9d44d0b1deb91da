"""What is worth reading of a file, by its type: one content type a module."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from tokenpak.processors.languages import ending_of, language_of

__all__ = ["PROCESSORS", "Processor", "get_processor"]


# To add a type: a module of that name in this folder, with a function `condense(text)`, and a line
# here.
PROCESSORS = {
    "markdown": "md markdown mdx mkd",
    "json": "json jsonc geojson ipynb webmanifest",
    "yaml": "yaml yml",
    "html": "html htm xhtml",
    "csv": "csv tsv",
    "log": "log out",
    "text": "txt text rst adoc org tex",
    "code": "code",
}
_BY_TYPE = {each: name for name, types in PROCESSORS.items() for each in types.split()}


@dataclass(frozen=True, slots=True)
class Processor:
    """Makes the content of one type of file shorter; `language` is that of code, if it is known."""

    name: str
    language: str = ""

    def process(self, content: str, path: str = "") -> str:
        """What is worth reading of *content*, never longer than that.

        The result is valid in its format. Content that cannot be read in its format is given
        back as it is. *path* only tells the language of code, and is not opened.
        """
        module = import_module(f"{__name__}.{self.name}")
        if self.name == "code":
            return str(module.signatures(content, self.language or ending_of(path)))
        return str(module.condense(content))


def get_processor(type: str) -> Processor | None:
    """The processor for a type, an ending or a language; None if there is none.

    >>> [getattr(get_processor(each), "name", None) for each in ("md", "py", ".json", "png")]
    ['markdown', 'code', 'json', None]
    """
    wanted = type.lower().lstrip(".")
    if name := _BY_TYPE.get(wanted):
        return Processor(name)
    language = language_of(wanted)
    return Processor("code", language) if language else None
