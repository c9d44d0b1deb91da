"""What `tokenpak template use` writes, told before it is written."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tokenpak import _atomic
from tokenpak.errors import ConfigError
from tokenpak.recipes.catalog import trust
from tokenpak.recipes.inforce import choose

_LINE = re.compile(r"^recipe[ \t]*=[^\n]*\n?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Change:
    """A recipe put in force, for one project or for all; None for *recipe* puts none in force."""

    home: Path
    recipe: str | None
    project: Path | None
    file: Path | None
    """The project's own file, which is trusted with this change."""

    def lines(self) -> list[str]:
        """What is written, in words."""
        told = []
        if self.file is not None:
            told.append(f"{self.file}: trusted until it changes")
        if self.project is not None:
            place = f"{self.home / 'recipes' / 'projects.json'}: {self.project}"
            told.append(f"{place} -> {self.recipe or 'no recipe'}")
        else:
            told.append(f"{self.home / 'config.toml'}: recipe = {json.dumps(self.recipe or '')}")
        return told

    def apply(self) -> None:
        """Write it; raises ConfigError if a file is wrong before or would be after."""
        if self.file is not None:
            trust(self.file, self.home)
        if self.project is not None:
            choose(self.project, self.recipe, self.home)
        else:
            self._into_config()

    def _into_config(self) -> None:
        path = self.home / "config.toml"
        text = path.read_text("utf-8") if path.exists() else ""
        line = f"recipe = {json.dumps(self.recipe)}\n" if self.recipe else ""
        kept = _LINE.sub("", text)
        new = kept + ("\n" if kept and not kept.endswith("\n") else "") + line
        try:
            found = tomllib.loads(new).get("recipe")
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{path}: cannot be read: {error}") from error
        if found != self.recipe:
            raise ConfigError(
                f"{path}: has tables; set recipe = {json.dumps(self.recipe)} yourself"
            )
        _atomic.write(path, new.encode())
