from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count as counting
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.engines.llmlingua import tiny
from tokenpak.engines.llmlingua import LLMLinguaEngine
from tokenpak.engines.llmlingua import model as models
from tokenpak.errors import EngineUnavailable
from tokenpak.tokens import count

FREE = re.sub(r"\b(?:after|had|and|on|in|from|to|nobody|expected) ?", "", tiny.WORDS)
"""Words of which none is protected but full stops."""


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@pytest.fixture(scope="module")
def engine(folder: Path) -> LLMLinguaEngine:
    return LLMLinguaEngine(folder, max_windows=64)


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.8])
def test_the_rate_is_the_share_of_the_words_that_stay(folder: Path, rate: float) -> None:
    short = LLMLinguaEngine(folder, rate=rate).compress(FREE)

    assert len(words(short)) / len(words(FREE)) == pytest.approx(rate, abs=0.06)


def test_the_words_stay_to_which_the_model_gives_most(
    folder: Path, engine: LLMLinguaEngine
) -> None:
    sentence = "A speaker thanked everyone coming this rainy evening"
    model = models.load(models.locate(folder))
    tokens = model.tokens(sentence)
    keep = model.keep(tokens.ids)

    def mean(word: re.Match[str]) -> float:
        mine = [
            probability
            for (start, end), probability in zip(tokens.spans, keep, strict=True)
            if start < word.end() and end > word.start()
        ]
        return sum(mine) / len(mine)

    ranked = sorted(re.finditer(r"\w+", sentence), key=mean, reverse=True)
    best = sorted(ranked[: round(len(ranked) / 2)], key=lambda word: word.start())

    assert engine.compress(sentence) == " ".join(word[0] for word in best)


def test_the_same_text_always_gives_the_same(folder: Path, engine: LLMLinguaEngine) -> None:
    models.load.cache_clear()

    assert LLMLinguaEngine(folder, max_windows=64).compress(FREE * 4) == engine.compress(FREE * 4)
    assert engine.compress(FREE * 4) != FREE * 4


def test_negations_numbers_and_strings_of_the_caller_stay(folder: Path) -> None:
    text = f"{FREE} Never log passwords. Pay 300 euros unless `x` fails. {FREE}"

    short = LLMLinguaEngine(folder, rate=0.01, keep=("remarkable",)).compress(text)

    assert "Never log" in short
    assert "300 euros unless `x` fails." in short
    assert words(short).count("remarkable") == 2
    assert len(words(short)) < 20


@pytest.mark.parametrize(
    "text",
    [
        '{"the": "committee", "approved": ["the", "new", "budget"]}',
        "def approve(budget):\n    committee = budget\n    return committee\n\nimport os\n",
        "SELECT the FROM committee\nWHERE debate IN (SELECT long FROM budget)\nORDER BY new\n",
        "diff --git a/x b/x\n@@ -1 +1 @@\n-the old budget\n+the new budget\n",
        "committee: approved\nbudget: new\ndebate: long\n",
        "2026-01-02 10:00:00 INFO the committee\n" * 5,
        "<html><body><p>The committee</p></body></html>",
        "委员会在长时间的辩论之后批准了新的预算。" * 5,
        "",
        "   \n",
    ],
)
def test_what_is_no_prose_stays_as_it_is(engine: LLMLinguaEngine, text: str) -> None:
    assert engine.compress(text) == text


@pytest.mark.parametrize("limit", [0, 1, 5, 20, 60, 1000])
def test_no_more_tokens_than_asked_for(engine: LLMLinguaEngine, limit: int) -> None:
    assert count(engine.compress(FREE * 3, limit)) <= limit


def test_a_limit_takes_words_before_it_takes_lines(engine: LLMLinguaEngine) -> None:
    free = engine.compress(FREE * 3)
    limit = count(free) - 15

    short = engine.compress(FREE * 3, limit)

    assert "left out]" not in short
    assert limit - 3 <= count(short) <= limit
    assert set(words(short)) <= set(words(free))
    assert engine.compress('"all of it is quoted" ' * 40, 20).endswith("left out]")


def test_a_negative_limit_is_refused(engine: LLMLinguaEngine) -> None:
    with pytest.raises(ValueError, match="max_tokens is -1"):
        engine.compress(FREE, -1)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(st.sampled_from("ab1 .,()\n'\"`é日-"), max_size=60) | st.text(max_size=40))
def test_never_longer(engine: LLMLinguaEngine, text: str) -> None:
    assert count(engine.compress(text)) <= count(text)


def test_what_would_be_longer_stays_as_it_is(folder: Path) -> None:
    text = "’a(can…"  # three tokens, and four without the a

    assert LLMLinguaEngine(folder, rate=0.01).compress(text) == text


def test_a_word_of_which_only_a_part_was_read_stays(folder: Path) -> None:
    text = "lovely evening " + "remarkable" * 30

    done = LLMLinguaEngine(folder, rate=0.01, max_windows=2).run(text)

    assert 0 < done.unread_chars < 300
    assert done.text == "remarkable" * 30


def test_what_lies_behind_the_last_window_stays(folder: Path, engine: LLMLinguaEngine) -> None:
    text = FREE * 8

    done = LLMLinguaEngine(folder, max_windows=2).run(text)

    unread = text[len(text) - done.unread_chars :]
    assert done.windows == 2
    assert done.text.endswith(unread)
    assert len(text) // 2 < len(unread) < len(text)
    assert len(done.text) < len(text)
    assert engine.run(text).unread_chars == 0


def test_a_huge_text_is_only_read_as_far_as_the_windows_go(folder: Path) -> None:
    text = FREE * 2000

    done = LLMLinguaEngine(folder, max_windows=1).run(text)

    assert done.windows == 1
    assert done.text.endswith(FREE * 1990)


def ticks() -> Iterator[float]:
    return (float(each) for each in counting())


def test_no_window_is_begun_after_the_budget(folder: Path) -> None:
    clock = ticks()
    engine = LLMLinguaEngine(folder, max_windows=64, clock=lambda: next(clock))
    text = FREE * 8

    assert engine.run(text, budget_s=3).windows == 2
    done = engine.run(text, budget_s=0)
    assert (done.text, done.windows, done.unread_chars) == (text, 0, len(text))
    assert engine.run(text).unread_chars == 0


def test_the_model_is_the_one_of_the_settings(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))
    with pytest.raises(EngineUnavailable, match="has no model: set TOKENPAK_LLMLINGUA_MODEL"):
        LLMLinguaEngine()
    assert "has no model" in str(LLMLinguaEngine.unavailable())

    monkeypatch.setenv("TOKENPAK_LLMLINGUA_MODEL", str(folder))
    assert LLMLinguaEngine().compress(FREE) != FREE
    assert LLMLinguaEngine.unavailable() is None


def test_a_model_in_the_home_folder_needs_no_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKENPAK_HOME", str(tmp_path))
    tiny.build(tmp_path / "models" / "llmlingua")

    assert LLMLinguaEngine.unavailable() is None
    assert LLMLinguaEngine().run(FREE).windows > 0


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"rate": 0}, ValueError, "rate is 0, expected more than 0"),
        ({"rate": 1.1}, ValueError, "rate is 1.1"),
        ({"max_windows": 0}, ValueError, "max_windows is 0"),
        ({"keep": "word"}, TypeError, "keep is 'word', expected a list"),
    ],
)
def test_options_out_of_range_are_refused(
    folder: Path, options: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        LLMLinguaEngine(folder, **options)  # type: ignore[arg-type]
