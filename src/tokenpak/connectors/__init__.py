"""Where documents come from: a folder, a repository at a revision, URLs, an Obsidian vault."""

from __future__ import annotations

from tokenpak.connectors.document import Connector, Document
from tokenpak.connectors.filesystem import FilesystemConnector
from tokenpak.connectors.git import GitConnector
from tokenpak.connectors.obsidian import ObsidianConnector
from tokenpak.connectors.url import UrlConnector

__all__ = [
    "Connector",
    "Document",
    "FilesystemConnector",
    "GitConnector",
    "ObsidianConnector",
    "UrlConnector",
]
