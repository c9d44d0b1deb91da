"""Which program printed an output: the command line of a tool call without its wrappings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tokenpak.engines.rtk.programs import PROGRAMS
from tokenpak.engines.rtk.shell import statements
from tokenpak.engines.rtk.wrappers import unwrap

_SED_LINES = re.compile(r"^(?:\d+|\$)(?:,(?:\d+|\$))?p?;?(?:\d+q)?$")
MAX_CHARS = 20_000
"""Characters of a command line that are looked at; a longer one is a script, not a command."""
MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Recovered:
    """A command as filters match it: `git diff --stat`, without folder, wrapper and options
    that stand before the subcommand.

    `selected` says that a later stage of the pipe took lines out by a pattern, so that what is
    missing in the output proves nothing.
    """

    line: str
    selected: bool = False
    trimmed: bool = False
    """Whether `head` or `tail` cut the output."""

    @property
    def program(self) -> str:
        return self.line.partition(" ")[0]


def recover(command: str, depth: int = MAX_DEPTH) -> Recovered | None:
    """The program whose output *command* prints; None where it is a script, or several programs.

    Shells are followed into shells *depth* times.
    """
    if not command.strip() or len(command) > MAX_CHARS:
        return None
    parsed = statements(command)
    if parsed is None:
        return None
    found: list[Recovered] = []
    for pipeline in parsed:
        stages = [each for each in (unwrap(words) for words in pipeline) if each]
        if not stages:
            continue
        if stages[0][0] in PROGRAMS.keywords:
            return None
        inner = None
        if nested := _nested(stages[0]):
            inner = recover(nested, depth - 1) if depth else None
            if inner is None:
                return None
            stages[0] = inner.line.split(" ")
        if len(stages) == 1 and stages[0][0] in PROGRAMS.silent:
            continue
        one = _of(stages)
        if one is None:
            return None
        found.append(_with_pipes_of([inner, one], one) if inner else one)
    names = {" ".join(each.line.split(" ")[:2]) for each in found}
    return _with_pipes_of(found, found[-1]) if len(names) == 1 else None


def _with_pipes_of(found: list[Recovered], one: Recovered) -> Recovered:
    """The program of *one*, its output cut as that of any of *found*."""
    return Recovered(one.line, any(e.selected for e in found), any(e.trimmed for e in found))


def _nested(words: list[str]) -> str | None:
    """The script that *words* hand to a shell."""
    shell = re.fullmatch(r"(?:ba|z|da|k|fi)?sh", words[0])
    if shell or words[0] in ("cmd", "powershell", "pwsh", "wsl"):
        for i, word in enumerate(words[1:], 1):
            if word.lower() in ("/c", "-command") or re.fullmatch(r"-[a-z]*c", word):
                return " ".join(words[i + 1 :]) if not shell else (words + [""])[i + 1]
    if words[0] == "su" and "-c" in words[:-1]:
        return words[words.index("-c") + 1]
    return None


def _of(stages: list[list[str]]) -> Recovered | None:
    """What the last stage that shapes the output leaves of the first one's."""
    words, selected, trimmed = stages[0], False, False
    for stage in stages[1:]:
        name = stage[0]
        if name in PROGRAMS.selecting:
            if words[0] in PROGRAMS.reading:
                words = stage
            else:
                selected = True
        elif name in PROGRAMS.trimming:
            trimmed = trimmed or name in ("head", "tail")
        elif name == "sed" and any(_SED_LINES.match(each) for each in stage[1:]):
            trimmed = True
        elif name == "xargs":
            rest = stage[1:]
            while rest and re.match(r"-|\{\}$|\d+$", rest[0]):
                rest = rest[1:]
            words = unwrap(rest) or stage
        else:
            words = stage
    return Recovered(" ".join(words), selected, trimmed) if words[0] != "?" else None
