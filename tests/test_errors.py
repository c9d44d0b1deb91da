"""The tree of errors."""

from __future__ import annotations

import inspect

import pytest

from tokenpak import errors

ALL = [each for _, each in inspect.getmembers(errors, inspect.isclass)]


@pytest.mark.parametrize("error", ALL, ids=lambda each: each.__name__)
def test_every_error_can_be_caught_as_ours(error: type[Exception]) -> None:
    assert issubclass(error, errors.TokenPakError)


@pytest.mark.parametrize("error", ALL, ids=lambda each: each.__name__)
def test_every_error_is_in_the_map(error: type[Exception]) -> None:
    assert error.__name__ in (errors.__doc__ or "")
    assert error.__doc__


def test_an_upstream_error_says_who_and_what_to_answer() -> None:
    error = errors.UpstreamError("reset", provider="openai", status=503, retryable=False)

    assert (str(error), error.provider, error.status, error.retryable) == (
        "reset",
        "openai",
        503,
        False,
    )


def test_a_timeout_is_an_upstream_error_with_504() -> None:
    error = errors.UpstreamTimeout("late", provider="openai")

    assert isinstance(error, errors.UpstreamError)
    assert (error.status, error.retryable) == (504, True)
