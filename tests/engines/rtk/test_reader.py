from __future__ import annotations

import json
from pathlib import Path

import pytest

from tokenpak.engines.rtk.reader import read_filters, schema
from tokenpak.errors import ConfigError

GOOD = "name: x\ndescription: y\nmatch: {command: ['^x'], except: ['--raw']}\n"


def test_a_file_holds_one_filter_or_a_list():
    assert [f.name for f in read_filters(GOOD, "a.yaml")] == ["x"]
    two = json.dumps(
        {"filters": [{"name": "a", "description": "d"}, {"name": "b", "description": "d"}]}
    )
    assert [f.name for f in read_filters(two, "a.json")] == ["a", "b"]
    assert read_filters(GOOD, "a.yaml")[0].match.except_ == ("--raw",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + "drops: [a]\n", r"a\.yaml: .*drops"),
        (GOOD.replace("except", "expect"), r"a\.yaml: .*expect.*match"),
        (GOOD + "sections: [{enter: a, do: hide}]\n", r"a\.yaml: .*hide.*sections"),
        ("- 1\n", "a filter is a mapping"),
        ("name: [", "cannot be read"),
        ("name: X Y\ndescription: d\n", "name"),
        ("x" * (1 << 20) + "x", "bytes at most"),
    ],
)
def test_what_is_wrong_is_named_with_the_file(text, told):
    with pytest.raises(ConfigError, match=told):
        read_filters(text, "a.yaml")


def test_samples_are_read_only_when_wanted():
    text = GOOD + "samples:\n- {name: s, input: i}\n"
    assert read_filters(text, "a.yaml", samples=False)[0].samples == ()
    assert len(read_filters(text, "a.yaml")[0].samples) == 1


def test_the_published_schema_is_that_of_the_code():
    published = Path(__file__).parents[3] / "docs" / "rtk.schema.json"
    assert json.loads(published.read_text("utf-8")) == json.loads(json.dumps(schema()))
