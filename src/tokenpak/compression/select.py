"""Which techniques a mode consists of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tokenpak.compression.directives import Step as Directives
from tokenpak.compression.kinds import Kind
from tokenpak.compression.terms import Terms
from tokenpak.engines.rtk.config import DEFAULT, RtkConfig
from tokenpak.engines.rtk.inforce import filter_set
from tokenpak.forms import FORMS
from tokenpak.policy import Chosen, Policy, PolicyStore, Step, named
from tokenpak.policy.check import PACKING
from tokenpak.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """The techniques in force for one conversation.

    `threshold_tokens` is counted along the conversation: to a part that lies wholly within that
    many tokens from the start only `before` is done, at every later turn as well.
    """

    pipeline: str
    forms: tuple[str, ...]
    references: bool
    threshold_tokens: int
    raw_folder: str | None = None
    """Where what is cut can be read; None if nothing may be cut."""
    epoch_keep: int | None = None
    """Tokens at the end that epochs leave alone; None if the pipeline has no epochs."""
    terms: Terms | None = None
    """Under which epochs are planned; None where they are not known."""
    steps: tuple[Step, ...] = ()
    """Engines that rewrite one part after another, in their order, after the forms."""
    rtk: RtkConfig = DEFAULT
    filter_set: str = ""
    """The digest of the filters in force, from `engines.rtk.inforce`."""
    pack_set: str = ""
    """The digest of the user's language packs in force, from `engines.caveman.inforce`."""
    filtered: tuple[Kind, ...] = ()
    """Kinds of output that filters apply to; none means all that a shell printed."""
    recipe: Directives | None = None
    """The recipe whose directives apply, before any engine."""
    before: Plan | None = None
    """What is done within the threshold; None if nothing is."""

    @property
    def untouched_tokens(self) -> int:
        """Tokens from the start to which nothing at all is done."""
        return self.before.untouched_tokens if self.before else self.threshold_tokens

    @property
    def does_nothing(self) -> bool:
        """Whether every conversation stays as it is."""
        mine = self.forms or self.references or self.steps or self.recipe
        return not mine and (self.before is None or self.before.does_nothing)

    def at(self, tokens: int) -> Plan | None:
        """What is done to a part that ends *tokens* from the start; None if nothing is."""
        if tokens > self.threshold_tokens:
            return self
        return self.before.at(tokens) if self.before else None

    @property
    def uncut(self) -> Plan:
        """The same plan for a result of which nothing may be left out."""
        steps = tuple(each for each in self.steps if each.engine != "rtk")
        return replace(self, raw_folder=None, steps=steps, recipe=None)

    def following(self, recipe: Directives | None) -> Plan:
        """The same plan with *recipe* in force, at every size of the conversation."""
        if recipe is None and self.recipe is None:
            return self
        before = self.before.following(recipe) if self.before else None
        return replace(self, recipe=recipe, before=before)

    @property
    def tells_repeats(self) -> bool:
        """Whether `lite` points from a text to an equal one before it."""
        return any(each.engine == "lite" for each in self.steps)

    @property
    def folder(self) -> str | None:
        """Where what any part loses can be read."""
        return self.raw_folder or (self.before.folder if self.before else None)

    @property
    def remembers(self) -> bool:
        """Whether any part of the conversation may be told as a repeat."""
        return self.tells_repeats or (self.before is not None and self.before.remembers)

    @property
    def refers(self) -> bool:
        """Whether any part may be replaced by a reference to an earlier one."""
        return self.references or (self.before is not None and self.before.refers)


_PACK = ("ansi", "envelope", "written", "gutter", "search")
_FORMS = {
    "lite": ("ansi", "blanks"),
    "rtk": ("ansi", "envelope"),
    "pack": _PACK,
    "aggressive": _PACK,
    "ultra": _PACK,
}
"""The forms that go with an engine; they take away what no reader would see, and come first."""
_FILTERED: dict[str, tuple[Kind, ...]] = {
    "pack": ("build", "shell"),
    "aggressive": ("build",),
    "ultra": ("build",),
}
"""What is left to the filters of commands: tests, compilers, linters, package managers. Outputs of
other commands are cut more, where a mode cuts them at all."""
_EPOCHS = {"aggressive": 2_000, "ultra": 1_000}


def plan(
    settings: Settings,
    raw_folder: Path | None = None,
    *,
    policy: Policy | None = None,
    chosen: Chosen | None = None,
) -> Plan:
    """The plan of *chosen*, a mode in force under *policy*; by default the mode of *settings*.

    *raw_folder* is where the client can read what is cut; None if it cannot.
    """
    policy = policy or PolicyStore(settings.home).current()
    chosen = chosen or named(policy, settings.mode, settings.pipeline)
    first = _plan(settings, raw_folder, policy, chosen)
    if chosen.later is None:
        return first
    later = _plan(settings, raw_folder, policy, chosen.later)
    # From so many tokens on: that size itself is beyond the threshold.
    beyond = max(later.threshold_tokens, chosen.later_tokens - 1)
    return replace(later, threshold_tokens=beyond, before=first)


def _plan(settings: Settings, raw_folder: Path | None, policy: Policy, chosen: Chosen) -> Plan:
    engines = [each.engine for each in chosen.steps]
    packing = next((each for each in engines if each in PACKING), None)
    steps = tuple(each for each in chosen.steps if each.engine not in PACKING)
    rtk = next((each for each in steps if each.engine == "rtk"), None)
    may_cut = raw_folder is not None and (packing is not None or rtk is not None)
    kinds: tuple[Kind, ...] = ()
    if rtk is None and may_cut:
        # What their filters leave out can be read as well as what is cut, and is chosen better.
        rtk, kinds = Step("rtk"), _FILTERED.get(packing or "", ())
        steps = (rtk, *steps)
    config = DEFAULT
    if rtk:
        config = policy.rtk_config if not kinds else _recoverable(policy.rtk_config)
    if rtk and rtk.intensity:
        config = config.updated({"intensity": rtk.intensity})
    return Plan(
        pipeline=packing or chosen.mode,
        forms=_forms(engines),
        references=packing is not None,
        threshold_tokens=0 if chosen.acts_at_once else settings.threshold_tokens,
        raw_folder=str(raw_folder) if may_cut else None,
        epoch_keep=_EPOCHS.get(packing or ""),
        steps=steps,
        rtk=config,
        filter_set=filter_set(settings.home, config) if rtk else "",
        pack_set=_pack_set(settings.home) if "caveman" in engines else "",
        filtered=kinds,
    )


def _pack_set(home: Path) -> str:
    # Its rules take a while to load, and most conversations go without.
    from tokenpak.engines.caveman.inforce import pack_set

    return pack_set(home)


def _recoverable(config: RtkConfig) -> RtkConfig:
    """*config* for tool results alone, all of which are kept."""
    return replace(
        config,
        apply_to_code_blocks=False,
        apply_to_assistant_messages=False,
        raw_output_retention="always",
    )


def _forms(engines: Iterable[str]) -> tuple[str, ...]:
    wanted = {form for each in engines for form in _FORMS.get(each, ())}
    return tuple(each for each in FORMS if each in wanted)
