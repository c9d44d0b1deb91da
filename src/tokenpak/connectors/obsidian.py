"""Notes of an Obsidian vault, with their tags and links."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from tokenpak.connectors.document import Document, OnSkip, Value, ignore
from tokenpak.connectors.filesystem import FilesystemConnector
from tokenpak.errors import SourceError

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>[\s\S]*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_LINK = re.compile(r"!?\[\[(?P<target>[^\[\]|#\n]+)(?:#[^\[\]|\n]*)?(?:\|[^\[\]\n]*)?\]\]")
_TAG = re.compile(r"(?<![\w#/&])#(?P<tag>[^\W\d][\w/-]*|\d[\w/-]*[^\W\d][\w/-]*)")
_CODE = re.compile(r"^(```+|~~~+)[\s\S]*?(?:^\1|\Z)|`[^`\n]+`", re.MULTILINE)
_NO_NOTES = (".obsidian/", ".trash/")


class ObsidianConnector:
    """The notes (`.md`) of the vault at *root*; its settings and its trash are left out.

    `provenance` holds `title`, `tags` (of the front matter and of the text, without #), `aliases`
    and `links` (the notes that are linked). Text stays as it is, front matter included.
    """

    def __init__(self, root: str | Path, *, on_skip: OnSkip = ignore) -> None:
        self.root = Path(root)
        self._files = FilesystemConnector(root, on_skip=on_skip)

    def __iter__(self) -> Iterator[Document]:
        """The notes. Raises SourceError if the root is no folder."""
        if not self.root.is_dir():
            raise SourceError(f"{self.root}: is no folder; name the vault's own")
        for document in self._files:
            if document.path.endswith(".md") and not document.path.startswith(_NO_NOTES):
                yield Document(document.path, document.text, self._provenance(document))

    def _provenance(self, document: Document) -> dict[str, Value]:
        match = _FRONT_MATTER.match(document.text)
        fields = _fields(match["yaml"]) if match else {}
        body = _CODE.sub("", document.text[match.end() if match else 0 :])
        tags = _words(fields.get("tags", fields.get("tag"))) + [
            each["tag"] for each in _TAG.finditer(body)
        ]
        title = fields.get("title")
        return {
            "source": "obsidian",
            "vault": str(self.root),
            "title": title if isinstance(title, str) else Path(document.path).stem,
            "tags": _unique(each.lstrip("#") for each in tags),
            "aliases": _unique(_words(fields.get("aliases", fields.get("alias")), spaces=True)),
            "links": _unique(each["target"].strip() for each in _LINK.finditer(body)),
        }


def _fields(text: str) -> dict[object, object]:
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):  # a note whose front matter is broken is still a note
        return {}
    return value if isinstance(value, dict) else {}


def _words(value: object, *, spaces: bool = False) -> list[str]:
    """A list, or a string of words between commas (and spaces, unless they belong to a word)."""
    if isinstance(value, list):
        return [str(each) for each in value if each is not None]
    if not isinstance(value, str):
        return []
    parts = value.split(",") if spaces else re.split(r"[,\s]+", value)
    return [each.strip() for each in parts if each.strip()]


def _unique(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))
