"""What a policy must be beyond the types of its fields: names that exist, pipelines that work."""

from __future__ import annotations

import re
from typing import get_args

from tokenpak.engines import get_engine
from tokenpak.errors import EngineUnavailable
from tokenpak.policy.model import DEFAULT_COMBO, Intensity, Policy, Refusal, Step
from tokenpak.settings import PIPELINES

# Not tokenpak.settings.MODES: hybrid and strict say when, not how.
PACKING = ("pack", "aggressive", "ultra")
"""Engines that refer to what stands in the conversation as it is sent."""
OWN = ("lite", "rtk", "caveman", *PACKING)
_RTK = ("minimal", "standard", "aggressive")
_ROUTE = re.compile(r"(?:provider|model|client):\S.{0,199}")


def policy(found: Policy) -> None:
    """Raises ConfigError, naming the field, if *found* cannot be put in force."""
    ids = [each.id for each in found.combos]
    names = [*ids, *(each.name for each in found.combos if each.name != each.id)]
    _unique("combos", names)
    for each in found.combos:
        if each.id in PIPELINES or each.name in PIPELINES:
            raise Refusal("combos.name", f"{each.name!r} is the name of a mode")
        pipeline(each.pipeline)
    if DEFAULT_COMBO.id not in ids:
        raise Refusal("combos", f"{DEFAULT_COMBO.id!r} is always there")
    if sum(each.is_default for each in found.combos) != 1:
        raise Refusal("combos.isDefault", "exactly one combo is the default")
    for route, combo in found.assignments.items():
        routes((route,))
        if combo not in ids:
            raise Refusal("assignments", f"{combo!r} is no combo; known: {', '.join(ids)}")
    for field, mode in (
        ("defaultMode", found.settings.default_mode),
        ("autoTriggerMode", found.settings.auto_trigger_mode),
    ):
        if mode is not None and mode not in PIPELINES and found.combo(mode) is None:
            known = ", ".join([*PIPELINES, *ids])
            raise Refusal(f"settings.{field}", f"{mode!r} is unknown; known: {known}")
    _patterns("settings.cavemanConfig", found.settings.caveman_config.preserve_patterns)
    _ = found.rtk_config


def pipeline(steps: tuple[Step, ...]) -> None:
    """Raises Refusal if *steps* cannot be run in that order."""
    packing: str | None = None
    for number, step in enumerate(steps):
        where = f"pipeline[{number}]"
        _engine(step, where)
        if packing and step.engine != "caveman":
            raise Refusal(
                f"{where}.engine",
                f"{packing!r} refers to texts as they are sent, so {step.engine!r} cannot follow "
                "it; put it before",
            )
        if step.engine in PACKING:
            packing = step.engine
    _unique("pipeline", [each.engine for each in steps])


def routes(found: tuple[str, ...]) -> None:
    """Raises Refusal if one of *found* is not written as a route is."""
    for route in found:
        if not _ROUTE.fullmatch(route):
            raise Refusal(
                "routes",
                f"{route!r} is no route; expected provider:NAME, model:NAME with * for any "
                "characters, or client:NAME",
            )


def _engine(step: Step, where: str) -> None:
    if step.engine not in OWN:
        try:
            get_engine(step.engine)
        except LookupError as error:
            known = str(error).partition("known: ")[2]
            message = f"{step.engine!r} is unknown; known: {', '.join(OWN)}, {known}"
            raise Refusal(f"{where}.engine", message) from None
        except EngineUnavailable as error:
            raise Refusal(f"{where}.engine", str(error)) from None
    known_intensities = {"caveman": get_args(Intensity), "rtk": _RTK}.get(step.engine, ())
    if step.intensity is not None and step.intensity not in known_intensities:
        expected = ", ".join(known_intensities) or "none"
        raise Refusal(f"{where}.intensity", f"found {step.intensity!r}; expected {expected}")
    allowed = {"engine", "intensity", *_FIELDS.get(step.engine, ("apply_to", "max_tokens"))}
    for name in step.__struct_fields__:
        default = getattr(Step("x"), name)
        if name not in allowed and getattr(step, name) != default:
            raise Refusal(f"{where}.{name}", f"the engine {step.engine!r} has no such option")
    if step.engine == "caveman" and "tool_result" in (step.apply_to or ()):
        raise Refusal(f"{where}.applyTo", "caveman is made for prose, not for tool results")
    _patterns(where, step.preserve_patterns)


_FIELDS: dict[str, tuple[str, ...]] = {
    "caveman": ("apply_to", "languages", "skip_rules", "preserve_patterns")
} | {name: () for name in OWN if name != "caveman"}


def _patterns(where: str, patterns: tuple[str, ...]) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise Refusal(f"{where}.preservePatterns", f"{pattern!r}: {error}") from None


def _unique(field: str, names: list[str]) -> None:
    twice = sorted({each for each in names if names.count(each) > 1})
    if twice:
        raise Refusal(field, f"{twice[0]!r} is there twice")
