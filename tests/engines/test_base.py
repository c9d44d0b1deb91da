from __future__ import annotations

import pytest

from tokenpak.engines.base import CompactionEngine


class Shout(CompactionEngine):
    name = "shout"

    def compress(self, content: str, max_tokens: int | None = None) -> str:
        return f"{content.upper()} {max_tokens}"


def test_a_subclass_needs_compress_only() -> None:
    assert Shout().compact("a", {"max_tokens": 5, "language": "python"}) == "A 5"
    assert Shout().compact("a") == "A None"


def test_the_base_says_what_to_use() -> None:
    with pytest.raises(NotImplementedError, match="get_engine"):
        CompactionEngine().compress("a")


@pytest.mark.parametrize(
    ("hints", "error", "message"),
    [
        ({"lang": "py"}, ValueError, "unknown hint 'lang'; known: language, path, max_tokens"),
        ({"language": 1}, TypeError, "are strings"),
        ({"max_tokens": "5"}, TypeError, "expected a whole number"),
        ({"max_tokens": True}, TypeError, "expected a whole number"),
    ],
)
def test_wrong_hints_are_told(
    hints: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Shout().compact("a", hints)
