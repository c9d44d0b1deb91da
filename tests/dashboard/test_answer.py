from __future__ import annotations

import pytest

from tokenpak.dashboard.answer import Asked, answered, error
from tokenpak.errors import ConfigError, StoreError
from tokenpak.policy.model import Refusal


def test_an_error_names_its_field():
    assert error(400, "no", "x") == (
        400,
        {"error": {"message": "x: no", "details": [{"field": "x", "message": "no"}]}},
    )


@pytest.mark.parametrize(
    ("raised", "status"),
    [(Refusal("x", "no"), 400), (ConfigError("no"), 400), (StoreError("full"), 409)],
)
def test_what_an_endpoint_raises_is_an_answer(raised, status):
    def endpoint(asked):
        raise raised

    code, body = answered(endpoint, Asked())
    assert code == status and body["error"]["message"] == str(raised)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"[" * 100_000])
def test_a_body_that_is_no_object_is_refused(body):
    assert answered(lambda asked: (200, asked.json()), Asked(body=body))[0] == 400
