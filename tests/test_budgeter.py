from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokenpak.budgeter import Budgeter
from tokenpak.tokens import count

RANGES = {"state": (8, 15), "recent": (10, 20), "evidence": (50, 70), "tools": (0, 25)}
LONG = "some words of a line\n" * 400


@pytest.fixture(autouse=True, scope="module")
def no_file(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("empty"))
        yield


def text_of(component: dict[str, Any]) -> str:
    items = component.get("items", [component.get("text", "")])
    return "".join(each if isinstance(each, str) else each["text"] for each in items)


LINES = st.integers(0, 300).map(lambda number: "five words on each line\n" * number)


@given(
    st.fixed_dictionaries({}, optional={name: LINES for name in RANGES}),
    st.integers(0, 3000),
)
def test_every_bucket_keeps_to_its_range_and_all_to_the_total(
    texts: dict[str, str], total: int
) -> None:
    components = {name: {"text": text} for name, text in texts.items()}
    result = Budgeter(total).allocate(components)

    sizes = {name: count(each["text"]) for name, each in result.items()}
    assert sum(sizes.values()) <= total
    for report in result.report:
        low, high = RANGES[report.bucket]
        assert sizes[report.bucket] == report.tokens_after <= report.allowed
        assert report.allowed <= total * high / 100
        assert report.allowed >= min(report.tokens_before, total * low // 100)


def test_the_lowest_priority_is_trimmed_first() -> None:
    components = {name: {"text": LONG} for name in RANGES}
    allowed = {each.bucket: each.allowed for each in Budgeter(1000).allocate(components).report}

    assert allowed == {"state": 150, "recent": 200, "evidence": 650, "tools": 0}


def test_a_caller_s_priority_holds() -> None:
    components: dict[str, dict[str, Any]] = {name: {"text": LONG} for name in RANGES}
    components["tools"]["priority"] = "critical"
    allowed = {each.bucket: each.allowed for each in Budgeter(1000).allocate(components).report}

    assert allowed["tools"] == 250
    assert allowed["evidence"] == 500


def test_what_fits_is_not_touched() -> None:
    components = {"state": {"text": "{}", "priority": "critical", "mine": 1}}
    result = Budgeter(1000).allocate(components)

    assert result == components
    assert result.report[0].trimmed == 0


def test_recent_turns_lose_their_beginning_and_state_its_end() -> None:
    numbered = "".join(f"turn {at}\n" for at in range(400))
    components = {"recent": {"text": numbered}, "state": {"text": numbered}}
    result = Budgeter(500).allocate(components)

    assert result["recent"]["text"].endswith("turn 399\n")
    assert result["state"]["text"].startswith("turn 0\n")
    assert "lines left out]" in result["state"]["text"]


def test_the_least_important_items_go_and_the_others_keep_their_order() -> None:
    items = [
        {"text": "a " * 100, "score": 0.2},
        {"text": "b " * 100, "score": 0.9},
        "c " * 100,
        {"content": "d " * 100, "importance": 0.5},
    ]
    result = Budgeter(430).allocate({"evidence": {"items": items}})

    assert result["evidence"]["items"] == [items[1], items[3]]
    assert result.report[0].items_dropped == 2


def test_an_item_larger_than_its_bucket_is_cut() -> None:
    item = {"text": LONG, "score": 1, "source": "x"}
    (kept,) = Budgeter(200).allocate({"evidence": {"items": [item]}})["evidence"]["items"]

    assert kept["source"] == "x"
    assert kept["text"].endswith("lines left out]")
    assert item["text"] == LONG


@pytest.mark.parametrize(
    ("components", "error", "message"),
    [
        ({"notes": {"text": ""}}, ValueError, "unknown bucket 'notes'; known: state, recent"),
        ({"state": {"text": "", "priority": "top"}}, ValueError, "state: unknown priority 'top'"),
        ({"state": {}}, TypeError, "state: expected a dict with either 'text' or 'items'"),
        ({"state": {"text": []}}, TypeError, "'text' is a list"),
        ({"state": {"items": "x"}}, TypeError, "'items' is a str"),
        ({"evidence": {"items": [1]}}, TypeError, "an item is a int"),
    ],
)
def test_mistakes_are_told(
    components: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Budgeter().allocate(components)


def test_a_file_sets_total_and_ranges(tmp_path: Path) -> None:
    file = tmp_path / "budget.yaml"
    file.write_text("total_tokens: 100\nbuckets: {state: {max_percent: 50}}", encoding="utf-8")
    result = Budgeter(config=file).allocate({"state": {"text": LONG}})

    assert (result.total_tokens, result.report[0].allowed) == (100, 50)


@pytest.mark.parametrize("call", [lambda: Budgeter(-1), lambda: Budgeter().allocate({}, -1)])
def test_a_negative_total_is_refused(call: Any) -> None:
    with pytest.raises(ValueError, match="total_tokens is -1"):
        call()
