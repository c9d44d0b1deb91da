"""Tables that stand as YAML beside the code: words and patterns are strings as they stand."""

from __future__ import annotations

from importlib.resources import files
from typing import TypeVar

import msgspec

T = TypeVar("T")


def table(package: str, name: str, shape: type[T]) -> T:
    """The file *name* of *package* as *shape*; raises msgspec.ValidationError if it has another."""
    import yaml  # late, as it takes long to load and not every caller comes to need it

    text = files(package).joinpath(name).read_text("utf-8")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    return msgspec.convert(yaml.load(text, loader), shape, strict=False)
