"""Which mode a request is in: its header, its route's combo, the auto-trigger, the default, off."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from tokenpak.errors import ConfigError
from tokenpak.policy.model import Combo, Policy, Step
from tokenpak.settings import MODES, PIPELINES, WHEN, Settings

Source = Literal["header", "route", "default", "off"]
_OF_MODE = {"standard": "caveman"}


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request comes from and goes to."""

    provider: str = ""
    model: str | None = None
    client: str | None = None
    recipe: str | None = None
    """The recipe that the request asks for by its header."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A mode in force: `when` is hybrid or strict, `mode` how, `steps` what that means."""

    when: str
    mode: str
    steps: tuple[Step, ...]
    source: Source
    combo: Combo | None = None
    later: Chosen | None = None
    """What is in force from `later_tokens` of the conversation on."""
    later_tokens: int = 0


def choose(
    policy: Policy, settings: Settings, asked: str | None = None, route: Route | None = None
) -> Chosen:
    """The mode for a request on *route* that asks for the mode or combo *asked*, if for any.

    *settings* say what the policy leaves open. Raises ConfigError listing the known names if
    *asked* is none of them.
    """
    when = settings.mode
    if asked in WHEN:
        when, asked = asked, None
    if not policy.settings.enabled:
        return Chosen(when, "off", (), "off")
    if asked:
        return named(policy, when, asked, "header")
    combo = _of_route(policy, route) if policy.assignments and route else None
    if combo is not None:
        return named(policy, when, combo.id, "route")
    default = policy.settings.default_mode or settings.pipeline
    chosen = named(policy, when, default, "default")
    if policy.settings.auto_trigger_tokens:
        later = named(policy, when, policy.settings.auto_trigger_mode, "default")
        tokens = policy.settings.auto_trigger_tokens
        return Chosen(when, chosen.mode, chosen.steps, "default", chosen.combo, later, tokens)
    return chosen


def named(policy: Policy, when: str, name: str, source: Source = "default") -> Chosen:
    """The mode or combo called *name*. Raises ConfigError listing the known names."""
    combo = policy.stacked if name == "stacked" else None
    if combo is None and name not in PIPELINES:
        combo = policy.combo(name)
        if combo is None:
            known = ", ".join([*MODES, *(each.id for each in policy.combos)])
            raise ConfigError(f"mode {name!r} is unknown; known: {known}")
    if combo is not None:
        steps = tuple(_filled(each, policy, combo) for each in combo.pipeline)
        return Chosen(when, "stacked", steps, source, combo)
    if name == "off":
        return Chosen(when, name, (), source)
    return Chosen(when, name, (_filled(Step(_OF_MODE.get(name, name)), policy),), source)


def _filled(step: Step, policy: Policy, combo: Combo | None = None) -> Step:
    """*step* with what it leaves open filled in."""
    if step.engine != "caveman":
        return step
    base = policy.settings.caveman_config
    languages = step.languages or (combo.language_packs if combo else ()) or base.languages
    return Step(
        engine="caveman",
        intensity=step.intensity or base.intensity,
        apply_to=step.apply_to or base.apply_to,
        languages=languages,
        skip_rules=step.skip_rules or base.skip_rules,
        preserve_patterns=step.preserve_patterns or base.preserve_patterns,
    )


def _of_route(policy: Policy, route: Route) -> Combo | None:
    """The combo of *route*: a client's before a model's, a long pattern before a short one."""
    found = [each for each in policy.assignments if _matches(each, route)]
    if not found:
        return None
    order = ("client", "model", "provider")
    best = min(
        found,
        key=lambda each: (
            order.index(each.partition(":")[0]),
            -len(each.replace("*", "")),
            "*" in each,
            each,
        ),
    )
    return policy.combo(policy.assignments[best])


def _matches(written: str, route: Route) -> bool:
    kind, _, wanted = written.partition(":")
    name = getattr(route, kind)
    return name is not None and fnmatchcase(name, wanted)
