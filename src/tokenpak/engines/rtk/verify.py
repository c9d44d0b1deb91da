"""The verify gate: every sample of every filter through the whole path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tokenpak.engines.rtk.alarms import speaks_of_failure
from tokenpak.engines.rtk.catalog import Catalog
from tokenpak.engines.rtk.filtering import apply
from tokenpak.engines.rtk.loaded import Loaded
from tokenpak.engines.rtk.spec import Sample
from tokenpak.tokens import count

MIN_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """One sample: what it saved, and what is wrong with it; nothing, if all is well."""

    filter: str
    sample: str
    tokens: int
    saved: int
    faults: tuple[str, ...]


def verify(filters: Iterable[Loaded], *, strict: bool = False) -> Iterator[Outcome]:
    """The outcome of each sample of *filters*; *strict* wants three of each filter."""
    for each in filters:
        each.check()
        if strict and len(each.spec.samples) < MIN_SAMPLES and each.name != "generic":
            yield Outcome(each.name, "", 0, 0, (f"has {len(each.spec.samples)} samples, not 3",))
        for sample in each.spec.samples:
            yield _outcome(each, sample)


def _outcome(chosen: Loaded, sample: Sample) -> Outcome:
    catalog = Catalog((chosen,))
    command = sample.command or None
    found = apply(sample.input, command, catalog=catalog)
    tokens, after = count(sample.input), count(found.text)
    faults = [f"{each!r} does not survive" for each in sample.survives if each not in found.text]
    if sample.command and found.filter not in (chosen.name, None):
        faults.append(f"the command {sample.command!r} leads to {found.filter}")
    if after > tokens:
        faults.append(f"it grows from {tokens} to {after} tokens")
    if tokens - after < sample.saved:
        faults.append(f"it saves {tokens - after} tokens, not {sample.saved}")
    if speaks_of_failure(sample.input) and not speaks_of_failure(found.text):
        faults.append("red turned green")
    if sample.expected is not None and found.text.strip() != sample.expected.strip():
        faults.append(f"it gives {found.text!r}, expected {sample.expected!r}")
    again = apply(found.text, command, catalog=catalog)
    if speaks_of_failure(found.text) and not speaks_of_failure(again.text):
        faults.append("a second time it loses the failure")
    if apply(sample.input, command, catalog=catalog).text != found.text:
        faults.append("a second run gives another text")
    return Outcome(chosen.name, sample.name, tokens, tokens - after, tuple(faults))
