from __future__ import annotations

import pytest

from tokenpak.connectors.document import decoded, ignore


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"a\n", "a\n"), (b"\xef\xbb\xbfa", "a"), (b"a\xff", "a\ufffd"), (b"a\0b", None)],
)
def test_bytes_are_text_unless_they_hold_a_zero(data: bytes, text: str | None) -> None:
    assert decoded(data) == text


def test_skipping_in_silence_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    ignore("a", "b")

    assert capsys.readouterr() == ("", "")
