"""Private keys, whole and cut."""

from __future__ import annotations

import pytest

from tests.redact.secrets import armour
from tokenpak.redact import redact

KEY = armour("PRIVATE KEY")
MARK = "[REDACTED:private-key]"


def test_each_of_two_keys_goes_and_what_is_between_stays() -> None:
    assert redact(f"a\n{KEY}\nbetween\n{KEY}\nz") == f"a\n{MARK}\nbetween\n{MARK}\nz"


def test_a_cut_key_does_not_take_the_text_up_to_the_next_with_it() -> None:
    cut = "\n".join(KEY.splitlines()[:4])

    assert redact(f"{cut}\nthe text\n{KEY}") == f"{MARK}\nthe text\n{MARK}"


def test_a_cut_key_does_not_take_a_later_end_with_it() -> None:
    cut = "\n".join(KEY.splitlines()[:4])
    prose = "the text goes on\n" * 5_000

    assert redact(f"{cut}\n{prose}{KEY.splitlines()[-1]}").startswith(f"{MARK}\nthe text")


def test_the_end_of_a_key_takes_only_lines_of_a_key_with_it() -> None:
    rest = "\n".join(KEY.splitlines()[5:])

    assert redact(f"some text!\n{rest}\nz") == f"some text!\n{MARK}\nz"


def test_headers_of_an_encrypted_key_belong_to_it() -> None:
    lines = KEY.splitlines()
    lines[1:1] = ["Proc-Type: 4,ENCRYPTED", "DEK-Info: AES-128-CBC,0123456789ABCDEF", ""]

    assert redact("\n".join(lines)) == MARK
    assert redact("\n".join(lines[:8])) == MARK


@pytest.mark.parametrize("kind", ["CERTIFICATE", "PUBLIC KEY", "CERTIFICATE REQUEST"])
def test_what_is_public_stays(kind: str) -> None:
    public = armour(kind)

    assert redact(public) == public
