"""The request for terse answers: the same words at the end of the system prompt in every turn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from tokenpak.canonical import Part
from tokenpak.policy import Chosen, CompressionSettings

NO_SYSTEM_PROMPT = "no system prompt that may be rewritten"


def instruction(settings: CompressionSettings, chosen: Chosen) -> tuple[str, str] | None:
    """The level and the words to add; None if nobody asked for terse answers.

    A combo that asks goes before the settings. A request that is to stay as it is stays so.
    """
    level = settings.output_mode_intensity if settings.output_mode else None
    if chosen.combo is not None and chosen.combo.output_mode:
        level = chosen.combo.output_mode_intensity
    if level is None or chosen.mode == "off":
        return None
    from tokenpak.engines.caveman import terse_instruction

    return level, terse_instruction(level, settings.output_mode_language)


def place(parts: Sequence[Part]) -> int | None:
    """The part to add it to: the last of the system prompts that open the conversation.

    Those further down come and go with the client; None if no opening one may be rewritten.
    """
    opening = takewhile(lambda part: part.kind == "system", parts)
    return max((i for i, part in enumerate(opening) if part.span is not None), default=None)
