from __future__ import annotations

import json

import pytest

from tokenpak.engines.rtk import apply
from tokenpak.engines.rtk.catalog import Catalog
from tokenpak.engines.rtk.loaded import Loaded
from tokenpak.engines.rtk.reader import read_filters
from tokenpak.errors import ConfigError

PACK = {
    "id": "my-build",
    "label": "My build",
    "category": "build",
    "priority": 60,
    "match": {"commands": ["^mybuild"], "patterns": ["x"], "outputTypes": ["build"]},
    "rules": {
        "stripAnsi": True,
        "replace": [{"pattern": "(\\w+)=secret", "replacement": "$1=…"}],
        "dropPatterns": ["^step", "error"],
        "matchOutput": [{"pattern": "^all good", "message": "build: ok", "unless": "warning"}],
        "onEmpty": "nothing",
    },
    "tests": [{"name": "t", "input": "step 1", "expected": ""}],
}


def filtered(text):
    spec = read_filters(json.dumps(PACK), "pack.json")[0]
    return apply(text, "mybuild", catalog=Catalog((Loaded(spec, "pack.json", "global"),))).text


def test_a_pack_loads_and_runs_as_it_is():
    text = "step one of many that are told\n" * 4 + "token=secret and so on\n" + "end of it"
    assert "step" not in filtered(text) and "token=… and so on" in filtered(text)


def test_a_pack_cannot_drop_an_error():
    assert "error: gone" in filtered("step one of a long list\n" * 5 + "error: gone")


def test_a_pack_s_short_form_needs_a_text_without_failure():
    steps = "step one of a long list\n" * 5
    assert filtered(steps + "all good") == "build: ok"
    assert filtered(steps + "all good\nerror: no") != "build: ok"


@pytest.mark.parametrize(
    "change", [{"rule": {}}, {"rules": {"dropPattern": []}}, {"match": {"command": []}}]
)
def test_a_key_that_packs_do_not_have_is_refused(change):
    with pytest.raises(ConfigError, match=r"pack\.json.*unknown key"):
        read_filters(json.dumps(PACK | change), "pack.json")


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"replace": [{"replacement": "x"}]}, r"Expected `str`, got `null` - at `\$.replace"),
        ({"replace": "x"}, "replace is str, expected a list"),
        ({"matchOutput": ["x"]}, "rules.matchOutput is str, expected an object"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected(rules, told):
    with pytest.raises(ConfigError, match=rf"pack\.json: {told}"):
        read_filters(json.dumps(PACK | {"rules": rules}), "pack.json")
