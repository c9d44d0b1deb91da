"""The names that are published, and what importing them loads."""

from __future__ import annotations

import importlib
import subprocess
import sys

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
