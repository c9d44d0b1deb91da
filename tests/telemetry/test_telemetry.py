from __future__ import annotations

import pytest

from tests.test_public_api import loaded_after
from tokenpak import telemetry


@pytest.mark.parametrize("name", telemetry.__all__)
def test_every_published_name_can_be_imported(name: str) -> None:
    assert getattr(telemetry, name) is not None
    assert name in dir(telemetry)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'nosuch'"):
        _ = telemetry.nosuch


def test_importing_the_room_loads_nothing_of_it() -> None:
    loaded = loaded_after("import tokenpak.telemetry")

    assert [each for each in loaded if each.startswith("tokenpak.")] == ["tokenpak.telemetry"]
