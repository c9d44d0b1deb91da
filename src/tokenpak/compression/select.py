"""Which techniques a pipeline consists of."""

from __future__ import annotations

from dataclasses import dataclass

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


# pipeline -> forms in order, references
_PIPELINES: dict[str, tuple[tuple[str, ...], bool]] = {
    "off": ((), False),
    "lite": (("ansi", "blanks"), False),
    "pack": (("ansi", "envelope", "gutter", "search"), True),
}


def plan(settings: Settings) -> Plan:
    """The plan of *settings*: `pipeline` says how, `mode` whether the threshold counts."""
    forms, references = _PIPELINES[settings.pipeline]
    threshold = 0 if settings.mode == "strict" else settings.threshold_tokens
    return Plan(settings.pipeline, forms, references, threshold)
