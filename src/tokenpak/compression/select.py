"""Which techniques a pipeline consists of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tokenpak.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """The techniques in force for one conversation.

    `threshold_tokens` is counted along the conversation: a part that lies wholly within that many
    tokens from the start is never touched, at no later turn.
    """

    pipeline: str
    forms: tuple[str, ...]
    references: bool
    threshold_tokens: int
    raw_folder: str | None = None
    """Where what is cut can be read; None if nothing may be cut."""
    epoch_keep: int | None = None
    """Tokens at the end that epochs leave alone; None if the pipeline has no epochs."""
    filters: bool = False
    """Whether outputs of shell commands go through the filter of their program."""


_PACK = ("ansi", "envelope", "gutter", "search")

# pipeline -> forms in order, references and cuts, tokens that epochs keep
_PIPELINES: dict[str, tuple[tuple[str, ...], bool, int | None]] = {
    "off": ((), False, None),
    "lite": (("ansi", "blanks"), False, None),
    "pack": (_PACK, True, None),
    "aggressive": (_PACK, True, 16_000),
    "ultra": (_PACK, True, 8_000),
    "rtk": (("ansi", "envelope"), False, None),
}
_FILTERED = frozenset({"rtk"})


def plan(settings: Settings, raw_folder: Path | None = None) -> Plan:
    """The plan of *settings*: `pipeline` says how, `mode` whether the threshold counts.

    *raw_folder* is where the client can read what is cut; None if it cannot.
    """
    forms, references, keep = _PIPELINES[settings.pipeline]
    threshold = 0 if settings.mode == "strict" else settings.threshold_tokens
    filters = settings.pipeline in _FILTERED
    may_cut = (references or filters) and raw_folder is not None
    folder = str(raw_folder) if may_cut else None
    return Plan(settings.pipeline, forms, references, threshold, folder, keep, filters)
