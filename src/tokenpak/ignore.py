"""Which paths the ignore files of a tree leave out: `.gitignore`, `.ignore`, `.tokenpakignore`."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# In the order of their say: a later one overrules an earlier one of the same folder.
NAMES = (".gitignore", ".ignore", ".tokenpakignore")
_MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that hold in one folder; those of the folders above it follow in `above`.

    `base` is the folder, with a slash at its end; `any` matches whatever one of the rules names,
    so that most paths are settled by one search.
    """

    base: str
    patterns: tuple[tuple[re.Pattern[str], bool], ...]
    any: re.Pattern[str]
    above: Rules | None = None

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Whether *path* (absolute) is left out; the nearest rule that names it decides."""
        rules: Rules | None = self
        while rules is not None:
            relative = path[len(rules.base) :] + ("/" if is_folder else "")
            if rules.any.search(relative):
                for pattern, leaves_out in rules.patterns:
                    if pattern.search(relative):
                        return leaves_out
            rules = rules.above
        return False


def in_folder(folder: str, names: set[str], above: Rules | None) -> Rules | None:
    """The rules of *folder*, in which the files *names* stand, before those of *above*."""
    lines: list[str] = []
    for name in NAMES:
        if name in names:
            lines += _lines(Path(folder, name))
    return _rules(folder, lines, above)


def around(folder: str, names: Sequence[str] = NAMES) -> Rules | None:
    """The rules that the folders above *folder* set, up to the top of its git repository.

    None if they leave *folder* itself out: who names it wants it.
    """
    here = (Path(folder), *Path(folder).parents)
    top = next((n for n, each in enumerate(here) if (each / ".git").exists()), None)
    if top is None:
        return None
    rules = _rules(here[top].as_posix(), _lines(here[top] / ".git" / "info" / "exclude"), None)
    for each in reversed(here[:top]):
        there = {name for name in names if (each.parent / name).exists()}
        rules = in_folder(each.parent.as_posix(), there, rules)
        if rules is not None and rules.ignores(each.as_posix(), True):
            return None
    return rules


def _rules(folder: str, lines: list[str], above: Rules | None) -> Rules | None:
    if not any(line.strip() and not line.startswith("#") for line in lines):
        return above
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    patterns: list[tuple[re.Pattern[str], bool]] = []
    for line in lines:
        try:
            pattern = GitIgnoreSpecPattern(line)
        except ValueError:
            # git, too, passes over a line that is no pattern.
            continue
        if pattern.regex is not None and pattern.include is not None:
            patterns.append((re.compile(_of_entry(str(pattern.regex.pattern))), pattern.include))
    if not patterns:
        return above
    joined = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in patterns))
    # The last line that names a path decides.
    return Rules(folder.rstrip("/") + "/", tuple(reversed(patterns)), joined, above)


def _of_entry(source: str) -> str:
    """The pattern for one entry of a folder, where pathspec's also names all that is below it.

    The walk never goes below what is left out, and what a line takes in again may hold files
    that another leaves out.
    """
    if "(?P<ps_d>" in source:
        return source.replace("(?P<ps_d>", "(?:") + r"\Z"
    return f"{source}(?=.)" if source.endswith("/") else source


def _lines(path: Path) -> list[str]:
    try:
        with open(path, "rb", opener=_opened) as file:
            return file.read(_MAX_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def _opened(path: str, flags: int) -> int:
    """A descriptor of *path*; a pipe of that name must not hold us up."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
