from __future__ import annotations

import msgspec
import pytest

from tokenpak.engines.rtk.catalog import load_built_in
from tokenpak.engines.rtk.loaded import Loaded
from tokenpak.engines.rtk.spec import Filter
from tokenpak.engines.rtk.verify import MIN_SAMPLES, verify

FILTERS = load_built_in(samples=True)


@pytest.mark.parametrize("chosen", FILTERS, ids=lambda each: each.name)
def test_every_sample_of_every_filter_keeps_what_it_must(chosen):
    outcomes = list(verify([chosen], strict=True))
    assert [(each.sample, each.faults) for each in outcomes if each.faults] == []
    assert len(outcomes) >= MIN_SAMPLES or chosen.name == "generic"


@pytest.mark.parametrize(
    ("sample", "fault"),
    [
        ({"survives": ["not there"]}, "does not survive"),
        ({"saved": 10_000}, "not 10000"),
        ({"expected": "something else"}, "expected"),
        ({"command": "git status"}, "leads to"),
    ],
)
def test_a_sample_that_promises_too_much_is_a_fault(sample, fault):
    values = {
        "name": "x",
        "description": "x",
        "match": {"command": ["^x"]},
        "samples": [{"name": "s", "input": "a line to be looked at\n" * 9, **sample}],
    }
    (outcome,) = verify([Loaded(msgspec.convert(values, Filter), "x.yaml")])
    assert any(fault in each for each in outcome.faults)


def test_too_few_samples_are_a_fault_where_three_are_wanted():
    spec = msgspec.convert({"name": "x", "description": "x"}, Filter)
    assert list(verify([Loaded(spec, "x.yaml")], strict=True))[0].faults == (
        "has 0 samples, not 3",
    )
