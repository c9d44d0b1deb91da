"""What is worth reading of a file, by its type: one content type a module."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from tokenpak.processors.languages import language_of

__all__ = ["PROCESSORS", "Processor", "get_processor"]


class Processor(Protocol):
    """Makes the content of one type of file shorter."""

    name: str

    def process(self, content: str, path: str = "") -> str:
        """What is worth reading of *content*, never longer than that.

        The result is valid in its format. Content that cannot be read in its format is given
        back as it is. *path* only tells the language of code, and is not opened.
        """


# To add a type: a module of that name in this folder, with a class `Processor`, and a line here.
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


def get_processor(type: str) -> Processor | None:
    """The processor for a type, an ending or a language; None if there is none.

    >>> [getattr(get_processor(each), "name", None) for each in ("md", "py", ".json", "png")]
    ['markdown', 'code', 'json', None]
    """
    wanted = type.lower().lstrip(".")
    name = _BY_TYPE.get(wanted)
    language = None if name else language_of(wanted)
    if not name and not language:
        return None
    module = import_module(f"{__name__}.{name or 'code'}")
    found = module.Processor(language) if language else module.Processor()
    return cast(Processor, found)
