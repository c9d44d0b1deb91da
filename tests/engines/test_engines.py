from __future__ import annotations

import pytest

from tokenpak.engines import HeuristicEngine, get_engine
from tokenpak.errors import EngineUnavailable


@pytest.mark.parametrize("name", ["heuristic", "fast"])
def test_the_heuristic_engine_is_always_there(name: str) -> None:
    assert isinstance(get_engine(name), HeuristicEngine)


@pytest.mark.parametrize("name", ["balanced", "llmlingua"])
def test_the_model_s_engine_names_the_command(name: str) -> None:
    with pytest.raises(EngineUnavailable, match=r"pip install 'tokenpak\[ml\]'"):
        get_engine(name)


def test_an_unknown_name_lists_the_known() -> None:
    message = "unknown engine 'fst'; known: heuristic, fast, balanced, llmlingua"
    with pytest.raises(LookupError, match=message):
        get_engine("fst")
