from __future__ import annotations

from pathlib import Path

import pytest

from tokenpak.budgetconfig import DEFAULT, load_config
from tokenpak.errors import ConfigError


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_without_a_file_the_defaults_hold() -> None:
    ranges = {
        name: (each.min_percent, each.max_percent, each.priority)
        for name, each in load_config().buckets.items()
    }

    assert ranges == {
        "state": (8, 15, "critical"),
        "recent": (10, 20, "high"),
        "evidence": (50, 70, "medium"),
        "tools": (0, 25, "variable"),
    }


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}"])
def test_an_empty_file_changes_nothing(text: str) -> None:
    Path("budget_config.yaml").write_text(text, encoding="utf-8")

    assert load_config() == DEFAULT


def test_a_file_changes_what_it_names() -> None:
    Path("budget_config.yaml").write_text(
        "total_tokens: 500\nbuckets:\n  tools: {max_percent: 5, priority: low}\n", encoding="utf-8"
    )
    config = load_config()

    assert config.total_tokens == 500
    assert (config.buckets["tools"].max_percent, config.buckets["tools"].priority) == (5, "low")
    assert config.buckets["state"] == DEFAULT.buckets["state"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("total: 5", r"budget_config.yaml: the file: key 'total' is unknown; known: total_tokens"),
        ("total_tokens: -5", "total_tokens is -5"),
        ("total_tokens: true", "total_tokens is True"),
        ("buckets: {evidense: {}}", "buckets: key 'evidense' is unknown; known: state"),
        ("buckets: {tools: {max: 5}}", "buckets.tools: key 'max' is unknown"),
        ("buckets: {tools: {max_percent: 101}}", "max_percent is 101, expected a number from 0"),
        ("buckets: {tools: {min_percent: 30}}", "min_percent 30 is above max_percent 25"),
        ("buckets: {tools: {priority: top}}", "priority 'top' is unknown; known: critical"),
        ("buckets: {tools: 5}", "buckets.tools: found 5, expected keys"),
        ("buckets: {recent: {min_percent: 60, max_percent: 60}}", "sums to 118"),
        ("total_tokens: 5\ntotal_tokens: 6", "cannot be read.*'total_tokens' stands twice"),
        ("{", "cannot be read"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_key(text: str, message: str) -> None:
    Path("budget_config.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError, match=f"(?s){message}"):
        load_config()


def test_a_file_that_is_named_must_exist() -> None:
    with pytest.raises(ConfigError, match="other.yaml: does not exist"):
        load_config("other.yaml")
