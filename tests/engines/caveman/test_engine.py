from __future__ import annotations

import pytest

from tokenpak.engines.caveman import CavemanEngine, shorten
from tokenpak.tokens import count

TEXT = "Please read the file of the user in order to learn.\n" * 3


def test_the_engine_does_what_shorten_does() -> None:
    assert CavemanEngine().compress(TEXT) == shorten(TEXT).text
    assert CavemanEngine(intensity="lite").compact(TEXT) == shorten(TEXT, intensity="lite").text


def test_the_engine_keeps_to_a_limit() -> None:
    assert count(CavemanEngine().compress(TEXT * 20, max_tokens=60)) <= 60


def test_a_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError):
        CavemanEngine().compress(TEXT, max_tokens=-1)
