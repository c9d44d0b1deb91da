"""Settings: where they come from, which one wins, and what is refused."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from tokenpak import settings
from tokenpak.errors import ConfigError
from tokenpak.settings import Settings, load


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"TOKENPAK_HOME": str(tmp_path)}


def write(environ: dict[str, str], text: str) -> None:
    (Path(environ["TOKENPAK_HOME"]) / "config.toml").write_text(text)


def test_every_setting_has_a_sentence_and_a_variable_of_its_own() -> None:
    metadata = [each.metadata for each in fields(Settings)]

    shared = {"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"}
    assert all(each["help"] for each in metadata)
    assert {each["env"] for each in metadata if not each["env"].startswith("TOKENPAK_")} == shared
    assert len({each["env"] for each in metadata}) == len(metadata)


def test_a_fresh_installation_has_the_defaults(environ: dict[str, str], tmp_path: Path) -> None:
    assert load(environ) == Settings(home=tmp_path)


def test_file_then_environment_then_caller(environ: dict[str, str]) -> None:
    write(environ, "port = 1\nworkers = 2\nthreshold_tokens = 3\n")
    environ |= {"TOKENPAK_PORT": "10", "TOKENPAK_WORKERS": "20"}

    found = load(environ, port=30)

    assert (found.port, found.workers, found.threshold_tokens) == (30, 20, 3)


def test_what_gives_a_setting_is_the_last_that_sets_it(environ: dict[str, str]) -> None:
    write(environ, "port = 1\nworkers = 2\n")
    given = environ | {"TOKENPAK_PORT": "10", "https_proxy": "http://a:1"}

    assert settings.sources(given) == {
        "home": "TOKENPAK_HOME",
        "port": "TOKENPAK_PORT",
        "workers": str(Path(environ["TOKENPAK_HOME"]) / "config.toml"),
        "https_proxy": "https_proxy",
    }


def test_what_is_none_or_empty_is_not_set(environ: dict[str, str]) -> None:
    assert load(environ | {"TOKENPAK_PORT": ""}, port=None).port == 8766


@pytest.mark.parametrize(
    ("name", "value"),
    [("hybrid", ("hybrid", "pack")), ("strict", ("strict", "pack")), ("off", ("hybrid", "off"))],
)
@pytest.mark.parametrize("source", ["file", "environment", "caller", "with_mode"])
def test_a_mode_may_be_a_when_or_a_how_wherever_it_is_set(
    environ: dict[str, str], source: str, name: str, value: tuple[str, str]
) -> None:
    if source == "file":
        write(environ, f'mode = "{name}"\n')
    if source == "environment":
        environ["TOKENPAK_MODE"] = name
    found = load(environ, mode=name if source == "caller" else None)
    found = found.with_mode(name) if source == "with_mode" else found

    assert (found.mode, found.pipeline) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prot = 1\n", "'prot' is unknown"),
        ('home = "/x"\n', "'home' is unknown"),
        ('port = "x"\n', "port: found 'x', expected a whole number"),
        ("port = true\n", "port: found True, expected a whole number"),
        ("port = 1.7\n", "port: found 1.7, expected a whole number"),
        ("port = inf\n", "port: found inf, expected a whole number"),
        ("port = 2020-01-01\n", "port: found datetime"),
        ("[port]\n", "port: found {}, expected a whole number"),
        ("host = 1\n", "host: found 1, expected a text in quotes"),
        ("recovery = 1\n", "recovery: found 1, expected true or false"),
        ("upstream_timeout_s = []\n", "upstream_timeout_s: found [], expected a number"),
        ("port = \n", "is not TOML"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_file_and_key(
    environ: dict[str, str], text: str, words: str
) -> None:
    write(environ, text)

    with pytest.raises(ConfigError, match="config.toml") as caught:
        load(environ)

    assert words in str(caught.value)


def test_a_file_that_cannot_be_read_is_told_once_and_why(environ: dict[str, str]) -> None:
    (Path(environ["TOKENPAK_HOME"]) / "config.toml").mkdir()

    with pytest.raises(ConfigError, match="cannot be read: Is a directory; expected") as caught:
        load(environ)

    assert str(caught.value).count("config.toml") == 1


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TOKENPAK_PORT", "http"),
        ("TOKENPAK_PORT", "65536"),
        ("TOKENPAK_WORKERS", "0"),
        ("TOKENPAK_TELEMETRY", "perhaps"),
        ("TOKENPAK_MODE", "turbo"),
        ("TOKENPAK_PIPELINE", "strict"),
        ("TOKENPAK_LOG_LEVEL", "loud"),
        ("TOKENPAK_MEMO_MB", "-1"),
        ("TOKENPAK_UPSTREAM_TIMEOUT_S", "-1"),
        ("TOKENPAK_UPSTREAM_TIMEOUT_S", "nan"),
        ("TOKENPAK_UPSTREAM_TIMEOUT_S", "inf"),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_what_was_found(
    environ: dict[str, str], variable: str, value: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(environ | {variable: value})

    assert value in str(caught.value)


@pytest.mark.parametrize(
    ("word", "value"), [("1", True), ("On", True), ("0", False), ("FALSE", False)]
)
def test_switches_take_the_usual_words(environ: dict[str, str], word: str, value: bool) -> None:
    assert load(environ | {"TOKENPAK_TELEMETRY": word}).telemetry is value


def test_who_names_a_combo_as_a_mode_is_told_how_it_is_chosen(environ: dict[str, str]) -> None:
    assert load(environ | {"TOKENPAK_PIPELINE": "mine"}).pipeline == "mine"
    with pytest.raises(ConfigError, match="'mine' is unknown.*TOKENPAK_PIPELINE"):
        load(environ | {"TOKENPAK_MODE": "mine"})


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_variables_of_all_programs_may_be_in_lower_case(environ: dict[str, str], name: str) -> None:
    assert load(environ | {name: "http://corp:1"}).https_proxy == "http://corp:1"
    assert load(environ | {"tokenpak_port": "1"}).port == 8766


def test_files_lie_in_the_home_folder(environ: dict[str, str], tmp_path: Path) -> None:
    found = load(environ)

    assert (found.telemetry_path, found.config_path) == (
        tmp_path / "telemetry.db",
        tmp_path / "config.toml",
    )


def test_a_child_gets_the_given_settings_and_none_of_the_caller_s(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TOKENPAK_MODE", "off")
    monkeypatch.setenv("https_proxy", "http://corp:3128")
    monkeypatch.setenv("UNRELATED", "stays")

    values: dict[str, Any] = {"home": tmp_path, "port": 0, "telemetry": False}
    environ = settings.child_environment(**values)

    assert environ["UNRELATED"] == "stays"
    assert load(environ) == Settings(**values)
