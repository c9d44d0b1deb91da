"""Which outputs of recorded conversations no filter covers, by the tokens that they cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tokenpak.canonical import Part
from tokenpak.engines.rtk.catalog import Catalog
from tokenpak.engines.rtk.command import recover
from tokenpak.engines.rtk.filtering import apply
from tokenpak.errors import WireError
from tokenpak.toolcall import shell_command


@dataclass(slots=True)
class Uncovered:
    """One program's outputs: how many, their tokens, and what is saved on them as it is."""

    program: str
    outputs: int = 0
    tokens: int = 0
    saved: int = 0
    example: str = ""


def discover(parts: Iterable[Part], catalog: Catalog) -> tuple[list[Uncovered], int, int]:
    """Programs without a filter, the dearest first; tokens of all shell outputs and those saved."""
    found: dict[str, Uncovered] = {}
    tokens = saved = 0
    for part in parts:
        command = shell_command(part.call) if part.kind == "tool_result" else None
        if command is None:
            continue
        try:
            text = part.text
        except WireError:
            continue
        asked = recover(command)
        result = apply(text, asked, catalog=catalog)
        tokens += result.tokens
        saved += result.saved_tokens
        if result.filter != "generic":
            continue
        name = " ".join(asked.line.split(" ")[:2]) if asked else "(several programs)"
        one = found.setdefault(name, Uncovered(name, example=command[:80]))
        one.outputs += 1
        one.tokens += result.tokens
        one.saved += result.saved_tokens
    return sorted(found.values(), key=lambda each: -each.tokens), tokens, saved
