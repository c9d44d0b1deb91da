"""One output through its filter: the guarantees that hold whatever the filter says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tokenpak.engines.rtk import fold, noise, shapes, steps
from tokenpak.engines.rtk.alarms import alarms, speaks_of_failure
from tokenpak.engines.rtk.catalog import GENERIC, Catalog, built_in
from tokenpak.engines.rtk.command import Recovered, recover
from tokenpak.engines.rtk.config import DEFAULT, RtkConfig
from tokenpak.engines.rtk.findings import quoted_sources
from tokenpak.engines.rtk.loaded import Loaded
from tokenpak.engines.rtk.patterns import expanded, replaced
from tokenpak.engines.rtk.spec import Filter
from tokenpak.tokens import count

MIN_CHARS = 80
_WORD = re.compile(r"(?<![\w.])[A-Za-z_]{4,80}(?![\w]|\.\.)")
# What tools that run others put before a line to say that it came on standard error.
_STREAM = re.compile(r"^\s*(?:stderr\s?[|:]|err:)\s?")
AGAIN = "run the command again to see them"


@dataclass(frozen=True, slots=True)
class Filtered:
    """A filtered output; `text` is the original object where nothing was gained.

    `dropped_lines` counts the lines that are told in the text only by their number.
    """

    text: str
    filter: str | None
    saved_tokens: int = 0
    dropped_lines: int = 0
    tokens: int = 0
    """Of the original; 0 for texts too short to be looked at."""


def apply(
    text: str,
    command: str | Recovered | None = None,
    *,
    catalog: Catalog | None = None,
    where: str = AGAIN,
    config: RtkConfig = DEFAULT,
    known_only: bool = False,
) -> Filtered:
    """*text*, the output of *command*, without what nobody needs of it.

    The same arguments always give the same result. Never longer in o200k tokens; lines that speak
    of a problem and sums are kept whatever the filter says. *where* tells the reader how to see
    lines that were left out. With *known_only* outputs of programs without a filter stay.
    """
    if len(text) < MIN_CHARS or not config.enabled:
        return Filtered(text, None)
    asked = recover(command) if isinstance(command, str) else command
    chosen = (catalog or built_in()).choose(asked, text)
    if known_only and chosen.name == GENERIC.name:
        return Filtered(text, chosen.name)
    shown, dropped = shorten(text, chosen.at(config.intensity), asked, config)
    if dropped:
        shown = f"{shown}\n{left_out(dropped, where)}"
    tokens = count(text)
    saved = tokens - count(shown) if shown != text else 0
    if saved <= 0:
        return Filtered(text, chosen.name, 0, 0, tokens)
    return Filtered(shown, chosen.name, saved, dropped, tokens)


def left_out(lines: int, where: str) -> str:
    """The line that says how many lines are missing, and where they are."""
    return f"[{lines} {'line' if lines == 1 else 'lines'} left out; {where}]"


def shorten(
    text: str, chosen: Loaded, asked: Recovered | None, config: RtkConfig
) -> tuple[str, int]:
    """*text* as *chosen* leaves it, be that shorter or not, and the number of lines left out."""
    spec = chosen.spec
    clean = noise.without_overwritten(text)
    if spec.ansi:
        clean = noise.without_escapes(clean)
    lines = noise.without_blank_runs(clean.split("\n"))
    if spec.stderr:
        lines = [_STREAM.sub("", line) for line in lines]
    if chosen.replace:
        lines = _replaced(lines, chosen)
    if spec.shape in shapes.WHOLE:
        shaped = shapes.SHAPES[spec.shape](lines)
        # Asking is dear on long texts, and most that are no JSON come back as they were.
        if shaped != lines and (
            speaks_of_failure("\n".join(shaped)) or not speaks_of_failure("\n".join(lines))
        ):
            lines = shaped
    plain = "\n".join(lines)
    flags = alarms(plain, lines)
    if spec.shape in shapes.DIFFS:
        _quieten_context(lines, flags)
    if not (asked and (asked.selected or asked.trimmed)):
        for when, say, unless in chosen.short:
            found = when.search(plain)
            if found and 1 not in flags and not (unless and unless.search(plain)):
                return expanded(found, say), 0
    _mark_severe(lines, flags, chosen)
    shown, dropped = _thinned(lines, flags, chosen, config)
    if not _survives(lines, flags, shown):
        return plain, 0
    return "\n".join(shown) or spec.empty or plain, dropped


def _mark_severe(lines: list[str], flags: bytearray, chosen: Loaded) -> None:
    """Flag what the filter itself calls severe."""
    if chosen.severity is not None:
        for i, line in enumerate(map(chosen.severity, steps.readable(lines))):
            if line is not None and not flags[i]:
                flags[i] = 2


def _replaced(lines: list[str], chosen: Loaded) -> list[str]:
    """*lines* with the replacements made, but where one would hide a problem."""
    new = lines
    for pattern, by in chosen.replace:
        new = [
            replaced(pattern, by, line) if len(line) <= steps.MAX_CHARS else line for line in new
        ]
    changed = [i for i, line in enumerate(lines) if line != new[i]]
    before, after = [lines[i] for i in changed], [new[i] for i in changed]
    told = alarms("\n".join(before), before)
    if 1 not in told:
        return new
    left = alarms("\n".join(after), after) if "\n" not in "".join(after) else told
    for place, i in enumerate(changed):
        if told[place] == 1 and left[place] != 1:
            new[i] = lines[i]
    return new


def _quieten_context(lines: list[str], flags: bytearray) -> None:
    """In a diff a line of context is text of the file: it tells of no problem."""
    for i, line in enumerate(lines):
        if line.startswith(" "):
            flags[i] = 0


def _thinned(
    lines: list[str], flags: bytearray, chosen: Loaded, config: RtkConfig
) -> tuple[list[str], int]:
    spec = chosen.spec
    known = dict(zip(lines, flags, strict=True))
    shown, left, dropped = steps.thin(lines, bytearray(flags), chosen)
    shown, untold = _shaped(shown, left, spec)
    shown = _folded(shown, known, spec, config)
    if spec.width:
        shown = [steps.shortened(line, spec.width) for line in shown]
    shown, lost = _limited(shown, known, chosen, config)
    return noise.without_blank_runs(shown), dropped + untold + lost


def _shaped(lines: list[str], flags: bytearray, spec: Filter) -> tuple[list[str], int]:
    """*lines* in their shape, and how many of them it leaves out."""
    shape = shapes.recognised(lines) if spec.name == GENERIC.name else spec.shape
    if shape is None or shape in shapes.WHOLE:
        return lines, 0
    if shape == "paths" and shapes.is_evidence(lines, flags):
        return lines, 0
    shown = shapes.SHAPES[shape](lines)
    if shape == "findings":
        return shown, quoted_sources(lines)
    return shown, max(0, len(lines) - len(shown)) if shape in shapes.TAKE_LINES else 0


def _folded(lines: list[str], known: dict[str, int], spec: Filter, config: RtkConfig) -> list[str]:
    """*lines* with those told together that the filter and the intensity want so."""
    gentle = config.intensity == "minimal"
    generic = spec.category == "generic"
    if spec.fold != "none":
        lines = fold.same(lines, config.deduplicate_threshold, frames=not gentle)
    log = not gentle and (spec.category == "log" or (generic and fold.looks_like_log(lines)))
    if generic and spec.fold != "none" and not gentle:
        lines = fold.alike(lines, _flags(lines, known))
    if log or spec.fold == "similar":
        lines = fold.similar(lines, _flags(lines, known), log=log)
    return lines


def _limited(
    lines: list[str], known: dict[str, int], chosen: Loaded, config: RtkConfig
) -> tuple[list[str], int]:
    """*lines* within the limits of the filter and the user, and how many went."""
    spec, chars = chosen.spec, config.max_chars_per_result
    limits = (spec.lines, config.max_lines_per_result, len(lines))
    most = min((each for each in limits if each), default=0)
    if len(lines) <= most and not 0 < chars < sum(map(len, lines)):
        return lines, 0
    flags = _flags(lines, known)
    _mark_severe(lines, flags, chosen)
    head, tail = (spec.head, spec.tail) if most == spec.lines else (0, 0)
    return steps.limit(lines, flags, head, tail, most, chars)


def _flags(shown: list[str], known: dict[str, int]) -> bytearray:
    """The flags of *shown*, where *known* holds those of lines that did not change."""
    flags = bytearray(known.get(line, 0) for line in shown)
    new = [i for i, line in enumerate(shown) if line not in known]
    changed = [shown[i] for i in new]
    for i, flag in zip(new, alarms("\n".join(changed), changed), strict=True):
        flags[i] = flag
    return flags


def _survives(lines: list[str], flags: bytearray, shown: list[str]) -> bool:
    """Whether every word of every line that speaks of a problem is still there."""
    there = set(shown)
    need = {
        line for line, flag in zip(lines, flags, strict=True) if flag == 1 and line not in there
    }
    if not need:
        return True
    words = set(_WORD.findall("\n".join(shown)))
    return all(words.issuperset(_WORD.findall(line)) for line in need)
