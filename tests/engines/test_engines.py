from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.llmlingua import tiny
from tokenpak.engines import HeuristicEngine, describe, get_engine
from tokenpak.engines.llmlingua import LLMLinguaEngine
from tokenpak.engines.llmlingua import model as models
from tokenpak.errors import EngineUnavailable


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))
    monkeypatch.delenv("TOKENPAK_LLMLINGUA_MODEL", raising=False)
    return tmp_path


@pytest.mark.parametrize("name", ["heuristic", "fast"])
def test_the_heuristic_engine_is_always_there(name: str) -> None:
    assert isinstance(get_engine(name), HeuristicEngine)


@pytest.mark.parametrize("name", ["balanced", "llmlingua"])
def test_the_model_s_engine_names_the_command(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "find_spec", lambda name: None)

    with pytest.raises(EngineUnavailable, match=r"pip install 'tokenpak\[ml\]'"):
        get_engine(name)


@pytest.mark.parametrize("name", ["balanced", "llmlingua"])
def test_the_model_s_engine_is_there_once_a_model_is(name: str, home: Path) -> None:
    with pytest.raises(EngineUnavailable, match="has no model"):
        get_engine(name)
    tiny.build(home / "models" / "llmlingua")

    engine = get_engine(name, rate=0.25)

    assert isinstance(engine, LLMLinguaEngine)
    assert engine.rate == 0.25
    assert 0 < len(engine.compact(tiny.WORDS, {"max_tokens": 20})) < len(tiny.WORDS)


def test_options_are_those_of_the_class() -> None:
    assert get_engine("heuristic", markdown=False).compress("**a** b") == "**a** b"
    with pytest.raises(TypeError, match="'nosuch'"):
        get_engine("heuristic", nosuch=1)


def test_an_unknown_name_lists_the_known() -> None:
    message = "unknown engine 'fst'; known: heuristic, fast, caveman, llmlingua, balanced"
    with pytest.raises(LookupError, match=message):
        get_engine("fst")


def test_the_list_says_what_is_missing() -> None:
    listed = {each["name"]: each for each in describe()}

    assert listed["heuristic"]["available"]
    assert listed["heuristic"]["aliases"] == ["fast"]
    assert listed["llmlingua"]["extra"] == "ml"
    assert not listed["llmlingua"]["available"]
    assert "set TOKENPAK_LLMLINGUA_MODEL" in str(listed["llmlingua"]["reason"])
    assert all(each["description"] for each in listed.values())


def test_every_engine_of_ours_is_called_as_it_calls_itself() -> None:
    listed = [each["name"] for each in describe() if each["available"]]

    assert [get_engine(name).name for name in listed] == listed
