"""Programming languages by the ending of a file, a fence or their name."""

from __future__ import annotations

_NAMES = {
    "python": "py pyi pyw python",
    "javascript": "js mjs cjs javascript",
    "typescript": "ts mts cts typescript",
    "jsx": "jsx",
    "tsx": "tsx",
    "java": "java",
    "kotlin": "kt kts kotlin",
    "swift": "swift",
    "scala": "scala sc",
    "dart": "dart",
    "csharp": "cs csharp c# c_sharp",
    "c": "c h",
    "cpp": "cc cpp cxx hh hpp hxx c++ cpp",
    "go": "go golang",
    "rust": "rs rust",
    "php": "php",
    "ruby": "rb ruby",
    "bash": "sh bash zsh ksh shell",
    "sql": "sql",
    "lua": "lua",
    "haskell": "hs haskell",
    "css": "css",
    "scss": "scss less",
    "html": "html htm xhtml",
    "xml": "xml svg xsd xsl",
    "toml": "toml",
    "ini": "ini cfg",
    "r": "r",
    "dockerfile": "dockerfile",
    "makefile": "makefile mk",
}
_BY_NAME = {name: language for language, names in _NAMES.items() for name in names.split()}


def language_of(name: str) -> str | None:
    """The language that an ending, a fence or a caller calls *name*; None if it is not known."""
    return _BY_NAME.get(name.lower().lstrip("."))


def ending_of(path: str) -> str:
    """The ending of the file at *path* in lower case; its whole name if it has none."""
    return path.replace("\\", "/").rpartition("/")[2].rpartition(".")[2].lower()
