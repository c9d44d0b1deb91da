from __future__ import annotations

import pytest
import yaml

from tokenpak.processors.yaml import condense


def test_long_lists_are_cut_and_the_rest_means_the_same() -> None:
    steps = "".join(f"  - name: step {at}\n    run: make {at}\n" for at in range(20))
    short = condense(f"# about\njobs:\n{steps}after: 1.10\n")

    assert yaml.safe_load(short) == {
        "jobs": [{"name": f"step {at}", "run": f"make {at}"} for at in range(3)],
        "after": 1.10,
    }
    assert "  # 17 more items left out\n" in short
    assert "about" not in short


def test_lists_inside_of_lists_are_cut() -> None:
    inner = "".join(f"    - {at}\n" for at in range(9))
    short = condense(f"- a:\n{inner}- b\n")

    assert yaml.safe_load(short) == [{"a": [0, 1, 2]}, "b"]


@pytest.mark.parametrize(
    "content",
    [
        "a: |\n  # no comment\n\n\n  text\n",
        "a: 'x\n  # no comment\n\n  y'\n",
        "a: [1, 2, 3, 4, 5, 6, 7, 8]\n",
        "a: {",
        "\t- a\n",
        "- &x 1\n- 2\n- 3\n- 4\n- &y 5\n- *x\n- *y\n",
    ],
)
def test_what_would_change_or_cannot_be_read_stays(content: str) -> None:
    assert condense(content) == content


def test_documents_are_kept_apart() -> None:
    short = condense("a: 1\n# x\n---\nb: 2\n")

    assert list(yaml.safe_load_all(short)) == [{"a": 1}, {"b": 2}]
