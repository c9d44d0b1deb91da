"""The names that are published, and what importing them loads."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from typing import is_typeddict

import pytest

import tokenpak


def loaded_after(code: str) -> set[str]:
    """The modules of a fresh interpreter after *code*."""
    script = f"{code}\nimport sys\nprint(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("name", tokenpak.__all__)
def test_every_published_name_can_be_imported(name: str) -> None:
    assert getattr(tokenpak, name) is not None
    assert name in dir(tokenpak)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'nosuch'"):
        _ = tokenpak.nosuch


def test_importing_the_package_loads_no_submodule() -> None:
    assert [each for each in loaded_after("import tokenpak") if each.startswith("tokenpak.")] == []


def test_the_command_line_s_help_loads_nothing_heavy() -> None:
    loaded = loaded_after("from tokenpak import main\nmain(['--help'])")

    assert not loaded & {"aiohttp", "rich", "tiktoken", "uvicorn", "msgspec", "yaml", "sqlite3"}


def test_counting_tokens_loads_no_server() -> None:
    loaded = loaded_after("from tokenpak import count_tokens\ncount_tokens('one two')")

    assert "tokenpak.tokens" in loaded
    assert not loaded & {"aiohttp", "uvicorn", "tokenpak.proxy", "tokenpak.cli"}


def test_the_published_address_of_the_pipeline_is_the_pipeline() -> None:
    published = importlib.import_module("tokenpak.agent.compression.pipeline")

    assert published.CompressionPipeline is tokenpak.CompressionPipeline


def test_the_published_pipeline_runs_as_documented() -> None:
    def last_two(messages: list[dict[str, object]]) -> list[dict[str, object]]:
        return messages[-2:]

    pipeline = tokenpak.CompressionPipeline()
    pipeline.add_hook(last_two)
    result = pipeline.run([{"role": "user", "content": f"message {at}"} for at in range(5)])

    assert [each["content"] for each in result.messages] == ["message 3", "message 4"]
    assert result.stages_run == ["last_two"]
    assert result.tokens_after < result.tokens_raw


MODULES = (
    "agent.compression.pipeline",
    "agent.telemetry.cost_tracker",
    "budget",
    "budgeter",
    "connectors",
    "engines",
    "engines.base",
    "engines.heuristic",
    "engines.llmlingua",
    "processors",
    "proxy",
    "registry",
    "telemetry",
    "tokens",
    "walker",
)


def published() -> dict[str, object]:
    """What the pages publish, by its address: names of the package and of its rooms."""
    found: dict[str, object] = {
        f"tokenpak.{name}": getattr(tokenpak, name) for name in tokenpak.__all__
    }
    for each in MODULES:
        module = importlib.import_module(f"tokenpak.{each}")
        names = getattr(module, "__all__", None) or [
            name
            for name, value in vars(module).items()
            if getattr(value, "__module__", "") == module.__name__ and name[0] != "_"
        ]
        found |= {f"tokenpak.{each}.{name}": getattr(module, name) for name in names}
    return {name: value for name, value in found.items() if callable(value)}


def described() -> dict[str, Callable[..., object]]:
    """Functions and classes of `published`, and the public methods that these define."""
    found: dict[str, Callable[..., object]] = {}
    for name, value in published().items():
        if not str(getattr(value, "__module__", "")).startswith("tokenpak"):
            continue  # an alias of a type of Python's
        found[name] = value  # type: ignore[assignment]
        if isinstance(value, type):
            for method, function in vars(value).items():
                bare = getattr(function, "__func__", function)
                if method[0] != "_" and inspect.isfunction(bare):
                    found[f"{name}.{method}"] = bare
    return found


DESCRIBED = described()
# What a docstring sets in single stars is an argument: *like_this*.
_ARGUMENT = re.compile(r"(?<![\w*])\*([a-z]\w*)\*(?![\w*])")


def test_the_walk_finds_the_published_names() -> None:
    assert {
        "tokenpak.BlockRegistry.search",
        "tokenpak.engines.get_engine",
        "tokenpak.telemetry.TelemetryCollector.start",
        "tokenpak.proxy.CredentialPassthrough.mask_for_logging",
        "tokenpak.budget.quadratic_allocate",
    } <= set(DESCRIBED)


@pytest.mark.parametrize("name", DESCRIBED)
def test_every_published_name_is_described(name: str) -> None:
    text = inspect.getdoc(DESCRIBED[name]) or ""

    # A dataclass without one gets its signature as docstring, which is none.
    assert re.match(r"(?!\w+\()\S.*[.:?]", text), f"{name} has no docstring"


@pytest.mark.parametrize("name", DESCRIBED)
def test_every_argument_that_a_docstring_names_exists(name: str) -> None:
    value = DESCRIBED[name]
    fields = getattr(value, "__annotations__", {})
    known = fields if is_typeddict(value) else inspect.signature(value).parameters

    assert set(_ARGUMENT.findall(inspect.getdoc(value) or "")) - set(known) == set()


def test_docstrings_say_what_they_raise_and_in_which_unit() -> None:
    def doc(name: str) -> str:
        return " ".join((inspect.getdoc(DESCRIBED[name]) or "").split())

    table = {
        "tokenpak.get_engine": "Raises LookupError",
        "tokenpak.HeuristicEngine.compress": "Raises ValueError",
        "tokenpak.budget.quadratic_allocate": "Raises ValueError",
        "tokenpak.count_tokens": "Tokens of",
    }
    assert {name: said for name, said in table.items() if said not in doc(name)} == {}
