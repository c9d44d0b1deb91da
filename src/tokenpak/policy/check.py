"""What a policy must be beyond the types of its fields: names that exist, pipelines that work."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import get_args

from tokenpak.engines import get_engine
from tokenpak.engines.rtk.patterns import compiled
from tokenpak.errors import ConfigError, EngineUnavailable
from tokenpak.policy.model import DEFAULT_COMBO, Intensity, Policy, Refusal, Step
from tokenpak.recipes import find
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


def new_names(found: Policy, before: Policy, home: Path) -> None:
    """Raises Refusal if *found* names a rule or recipe that there is not, and *before* did not.

    What was accepted once stays: a recipe that was removed later must not make the file unusable.
    """
    known_before = set(_names(before))
    for kind, field, name in _names(found):
        if (kind, field, name) in known_before:
            continue
        if kind == "rule":
            _rule(field, name, home)
        else:
            recipe(field, name, home)


def recipe(field: str, name: str, home: Path) -> None:
    """Raises Refusal if there is no recipe *name*, built in or of the user."""
    try:
        find(name, home)
    except LookupError as error:
        raise Refusal(field, str(error.args[0])) from None


def _rule(field: str, name: str, home: Path) -> None:
    # The rules take a while to load, and most settings name none.
    from tokenpak.engines import caveman
    from tokenpak.engines.caveman.inforce import pack_set, packs_of

    known = {each.name for each in caveman.rules(packs_of(pack_set(home)))}
    if name not in known:
        close = get_close_matches(name, sorted(known), 3, 0.7)
        hint = f"; perhaps {' or '.join(close)}" if close else ""
        raise Refusal(field, f"no rule {name!r}{hint}; GET /api/compression/rules lists them")


def _names(found: Policy) -> Iterator[tuple[str, str, str]]:
    """What *found* refers to by name: rule or recipe, the field, the name."""
    for name in found.settings.caveman_config.skip_rules:
        yield "rule", "settings.cavemanConfig.skipRules", name
    for combo in found.combos:
        for number, step in enumerate(combo.pipeline):
            for name in step.skip_rules:
                yield "rule", f"pipeline[{number}].skipRules", name
        if combo.recipe:
            yield "recipe", "recipe", combo.recipe


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
            others = str(error.args[0]).partition("known: ")[2].split(", ")
            known = ", ".join(dict.fromkeys([*OWN, *others]))
            hint = "; the mode 'standard' is the engine 'caveman'"
            message = f"{step.engine!r} is unknown; known: {known}" + (
                hint if step.engine == "standard" else ""
            )
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
    try:
        compiled(patterns, "", False)
    except ConfigError as error:
        raise Refusal(f"{where}.preservePatterns", str(error).partition(": ")[2]) from None


def _unique(field: str, names: list[str]) -> None:
    twice = sorted({each for each in names if names.count(each) > 1})
    if twice:
        raise Refusal(field, f"{twice[0]!r} is there twice")
