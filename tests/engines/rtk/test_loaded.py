from __future__ import annotations

import msgspec
import pytest

from tokenpak.engines.rtk.loaded import Loaded
from tokenpak.engines.rtk.spec import Filter
from tokenpak.errors import ConfigError


def loaded(origin="built-in", **values):
    return Loaded(
        msgspec.convert({"name": "x", "description": "x", **values}, Filter), "x.yaml", origin
    )


@pytest.mark.parametrize(
    "values",
    [
        {"drop": ["("]},
        {"match": {"command": ["("]}},
        {"replace": [{"pattern": "(", "by": ""}]},
        {"short": [{"when": "(", "say": "x"}]},
        {"blocks": [{"start": "("}]},
        {"sections": [{"enter": "("}]},
        {"counts": [{"pattern": "(", "say": "{n}"}]},
    ],
)
@pytest.mark.parametrize("origin", ["built-in", "project"])
def test_check_compiles_every_pattern(values, origin):
    with pytest.raises(ConfigError, match=r"x\.yaml: x\."):
        loaded(origin, **values).check()


def test_signatures_are_read_line_by_line_and_in_any_case():
    assert loaded(match={"output": ["^done$"]}).output[0].search("a\nDONE\nb")
