"""Which mode a request is in: its header, its route's combo, the auto-trigger, the default, off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

from tokenpak.errors import ConfigError
from tokenpak.policy.model import Combo, Policy, Step
from tokenpak.settings import MODES, PIPELINES, Settings, parted

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

    @property
    def leaves_alone(self) -> bool:
        """Whether the request asked for nothing to be done, or all is switched off."""
        return self.source == "off" or (self.source, self.mode) == ("header", "off")

    @property
    def acts_at_once(self) -> bool:
        """Whether the first tokens of a conversation are touched as well."""
        return self.when == "strict" or self.mode in ("aggressive", "ultra")


def choose(
    policy: Policy, settings: Settings, asked: str | None = None, route: Route | None = None
) -> Chosen:
    """The mode for a request on *route* that asks for *asked*: a mode, a combo, or `strict/lite`.

    *settings* say what the policy leaves open. Raises ConfigError listing the known names if
    *asked* is none of them.
    """
    asked_when, asked = parted(asked) if asked else (None, None)
    when = asked_when or settings.mode
    if not policy.settings.enabled:
        return Chosen(when, "off", (), "off")
    if asked:
        return named(policy, when, asked, "header")
    combo = _of_route(policy, route) if policy.assignments and route else None
    if combo is not None:
        return named(policy, when, combo.id, "route")
    default = policy.settings.default_mode or settings.pipeline
    if default not in PIPELINES and policy.combo(default) is None:
        # A combo that this process was started with and that is gone: no request shall fail of it.
        default = "off"
    chosen = named(policy, when, default, "default")
    if policy.settings.auto_trigger_tokens:
        later = named(policy, when, policy.settings.auto_trigger_mode, "default")
        tokens = policy.settings.auto_trigger_tokens
        return Chosen(when, chosen.mode, chosen.steps, "default", chosen.combo, later, tokens)
    return chosen


def check_pipeline(policy: Policy, settings: Settings) -> None:
    """Raises ConfigError listing the known names if a process is to start in a mode unknown."""
    name = settings.pipeline
    if name not in PIPELINES and policy.combo(name) is None:
        known = ", ".join([*PIPELINES, *(each.id for each in policy.combos)])
        raise ConfigError(
            f"pipeline (TOKENPAK_PIPELINE): {name!r} is neither a mode nor a combo; known: {known}"
        )


def with_mode(policy: Policy, settings: Settings, name: str) -> Settings:
    """*settings* with the mode or combo *name*. Raises ConfigError listing the known names."""
    when, how = parted(name)
    if how is not None:
        named(policy, settings.mode, how)
    return replace(settings, mode=when or settings.mode, pipeline=how or settings.pipeline)


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
