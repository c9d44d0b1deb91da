"""Everything that can be set, from `config.toml` and `TOKENPAK_*`; the only reader of either."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_type_hints

from tokenpak.errors import ConfigError

WHEN = ("hybrid", "strict")
PIPELINES = ("off", "lite", "standard", "pack", "aggressive", "ultra", "rtk", "stacked")
MODES = (*WHEN, *PIPELINES)
_OURS = "TOKENPAK_"
_LONGEST_S = 86400


def setting(default: Any, help: str, *, env: str) -> Any:
    """One field of Settings: its default, its sentence in the docs, its environment variable."""
    return field(default=default, metadata={"help": help, "env": env})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one process. Every field has a line in `config.toml` of the same name."""

    home: Path = setting(Path("~/.tokenpak"), "folder of TokenPak's files", env="TOKENPAK_HOME")
    host: str = setting("127.0.0.1", "address to listen on", env="TOKENPAK_HOST")
    port: int = setting(8766, "port to listen on", env="TOKENPAK_PORT")
    workers: int = setting(1, "processes that share the port", env="TOKENPAK_WORKERS")
    mode: str = setting(
        "hybrid",
        "when to compress: hybrid (beyond the threshold), strict (always)",
        env="TOKENPAK_MODE",
    )
    pipeline: str = setting(
        "pack",
        "how to compress: off, lite, standard, pack, aggressive, ultra, rtk, stacked, or the id of "
        "a combo",
        env="TOKENPAK_PIPELINE",
    )
    threshold_tokens: int = setting(
        4500,
        "tokens of a conversation that are never touched in hybrid mode",
        env="TOKENPAK_COMPACT_THRESHOLD_TOKENS",
    )
    memo_mb: int = setting(
        20,
        "memory for packed prefixes, in megabytes; a miss only costs time",
        env="TOKENPAK_MEMO_MB",
    )
    cache_breakpoints: str = setting(
        "off",
        "auto: add cache markers to Anthropic requests that carry none",
        env="TOKENPAK_CACHE_BREAKPOINTS",
    )
    context_windows: str = setting(
        "",
        "context windows in tokens by model, before those we know: my-model=32768, *=128000; "
        "* is for models that are not known",
        env="TOKENPAK_CONTEXT_WINDOWS",
    )
    token_cache: int = setting(1024, "entries of the token count cache", env="TOKENPAK_TOKEN_CACHE")
    anthropic_url: str = setting("", "origin instead of Anthropic's", env="TOKENPAK_ANTHROPIC_URL")
    openai_url: str = setting("", "origin instead of OpenAI's", env="TOKENPAK_OPENAI_URL")
    google_url: str = setting("", "origin instead of Google's", env="TOKENPAK_GOOGLE_URL")
    ollama_url: str = setting("", "origin instead of Ollama's", env="TOKENPAK_OLLAMA_URL")
    auth_token: str = setting(
        "", "token that clients must send; mandatory beyond loopback", env="TOKENPAK_AUTH_TOKEN"
    )
    allowed_hosts: str = setting(
        "", "further Host names that are accepted, comma-separated", env="TOKENPAK_ALLOWED_HOSTS"
    )
    max_body_mb: int = setting(64, "largest request body, in megabytes", env="TOKENPAK_MAX_BODY_MB")
    upstream_timeout_s: float = setting(
        600.0, "seconds to wait for a provider's first byte", env="TOKENPAK_UPSTREAM_TIMEOUT_S"
    )
    https_proxy: str = setting(
        "", "proxy for https:// providers: http://user:password@host:port", env="HTTPS_PROXY"
    )
    http_proxy: str = setting(
        "", "proxy for http:// providers that are not on this machine", env="HTTP_PROXY"
    )
    all_proxy: str = setting("", "proxy where neither of these is set", env="ALL_PROXY")
    no_proxy: str = setting(
        "",
        "what is reached without a proxy: names with all below them, addresses, networks, "
        "comma-separated; * is everything",
        env="NO_PROXY",
    )
    recovery: bool = setting(
        True,
        "leave out the middle of huge outputs, and keep them whole, redacted, to be read again",
        env="TOKENPAK_RECOVERY",
    )
    recovery_mb: int = setting(
        256, "most that raw outputs may take, in megabytes", env="TOKENPAK_RECOVERY_MB"
    )
    recovery_days: int = setting(
        7, "days for which raw outputs are kept", env="TOKENPAK_RECOVERY_DAYS"
    )
    recipe: str = setting(
        "", "recipe whose directives apply; see tokenpak template list", env="TOKENPAK_RECIPE"
    )
    llmlingua_model: str = setting(
        "",
        "LLMLingua-2 model: a folder, or a name in the local Hugging Face cache; "
        "if empty, the folder models/llmlingua in home",
        env="TOKENPAK_LLMLINGUA_MODEL",
    )
    telemetry: bool = setting(True, "record each request in telemetry.db", env="TOKENPAK_TELEMETRY")
    log_level: str = setting("info", "debug, info, warning or error", env="TOKENPAK_LOG_LEVEL")

    @property
    def telemetry_path(self) -> Path:
        return self.home / "telemetry.db"

    @property
    def decisions_path(self) -> Path:
        """Where it is stored at which point of a conversation a cold cache was made use of."""
        return self.home / "decisions.db"

    @property
    def registry_path(self) -> Path:
        """The index of the vault."""
        return self.home / "registry.db"

    @property
    def calibration_path(self) -> Path:
        """How many processes index fastest here."""
        return self.home / "calibration.json"

    @property
    def raw_folder(self) -> Path:
        """Where what was left out is kept."""
        return self.home / "raw"

    @property
    def llmlingua_folder(self) -> Path:
        """Where the engine looks for its model if `llmlingua_model` is empty."""
        return self.home / "models" / "llmlingua"

    @property
    def config_path(self) -> Path:
        return self.home / "config.toml"

    def with_mode(self, name: str) -> Settings:
        """These settings with *name* in force, be it a *when*, a *how*, or both: strict/lite.

        Raises ConfigError on an unknown name.
        """
        when, how = parted(name)
        if how is not None and how not in PIPELINES:
            known = ", ".join(MODES)
            raise ConfigError(
                f"mode {how!r} is unknown; known: {known}; a combo is chosen by pipeline "
                "(TOKENPAK_PIPELINE)"
            )
        return replace(self, mode=when or self.mode, pipeline=how or self.pipeline)


def parted(name: str) -> tuple[str | None, str | None]:
    """When and how the mode *name* says: `strict`, `lite` or `strict/lite`; None if it does not."""
    when, _, how = name.partition("/")
    return (when, how or None) if when in WHEN else (None, name)


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Settings from defaults, then `config.toml`, then the environment, then *overrides*.

    Raises ConfigError naming the file or variable, the key and what was expected.
    """
    environ = os.environ if environ is None else environ
    home = Path(overrides.get("home") or _home(environ)).expanduser()
    values = {name: value for name, (value, _) in _given(environ, home).items()}
    values |= {key: value for key, value in overrides.items() if value is not None}
    values["home"] = home
    mode = values.pop("mode", None)
    settings = _checked(Settings(**values))
    return settings.with_mode(mode) if mode else settings


def sources(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """What gives each setting that has not its default: the path of `config.toml`, or a variable.

    Raises ConfigError as `load` does.
    """
    environ = os.environ if environ is None else environ
    return {name: source for name, (_, source) in _given(environ, _home(environ)).items()}


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("TOKENPAK_HOME") or "~/.tokenpak").expanduser()


def _given(environ: Mapping[str, str], home: Path) -> dict[str, tuple[Any, str]]:
    """The value of each setting that is given, and what gives it."""
    hints = get_type_hints(Settings)
    path = home / "config.toml"
    given = {name: (value, str(path)) for name, value in _from_file(path, hints).items()}
    for each in fields(Settings):
        name = each.metadata["env"]
        # Those that all programs share are often written in lower case.
        names = (name,) if name.startswith(_OURS) else (name, name.lower())
        for used in filter(environ.get, names[::-1]):
            given[each.name] = (_parse(environ[used], hints[each.name], used), used)
    return given


def child_environment(**values: Any) -> dict[str, str]:
    """The environment for a TokenPak process of our own: the caller's with *values* as settings.

    Settings that are not in *values* are those of a fresh installation.
    """
    names = {each.name: each.metadata["env"] for each in fields(Settings)}
    environ = {
        name: value
        for name, value in os.environ.items()
        if name[:9] != _OURS and name.upper() not in names.values()
    }
    return environ | {names[key]: str(value) for key, value in values.items()}


def _from_file(path: Path, hints: Mapping[str, Any]) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read: {error.strerror}; expected a file in a folder that this user "
            "may read (TOKENPAK_HOME names the folder)"
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from error
    values = {}
    for key, value in table.items():
        if key not in hints or key == "home":
            known = ", ".join(sorted(set(hints) - {"home"}))
            raise ConfigError(f"{path}: key {key!r} is unknown; known: {known}")
        values[key] = _parse(value, hints[key], f"{path}: {key}")
    return values


_WORDS = {"1": True, "true": True, "on": True, "0": False, "false": False, "off": False}
_KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text in quotes",
}


def _parse(value: Any, kind: Any, where: str) -> Any:
    if kind is Path:
        return Path(value).expanduser()
    parsed = value
    if kind is bool and isinstance(value, str):
        parsed = _WORDS.get(value.lower())
    elif kind is float and type(value) is int or kind is not str and isinstance(value, str):
        with suppress(ValueError):
            parsed = kind(value)
    if type(parsed) is not kind:
        raise ConfigError(f"{where}: found {value!r}, expected {_KINDS[kind]}")
    return parsed


def _checked(settings: Settings) -> Settings:
    rules = (
        ("port", 0 <= settings.port <= 65535, "0 to 65535"),
        ("workers", 1 <= settings.workers <= 64, "1 to 64"),
        ("threshold_tokens", settings.threshold_tokens >= 0, "0 or more"),
        ("token_cache", settings.token_cache >= 0, "0 or more"),
        ("memo_mb", settings.memo_mb >= 0, "0 or more"),
        ("max_body_mb", settings.max_body_mb >= 1, "1 or more"),
        (
            "upstream_timeout_s",
            0 < settings.upstream_timeout_s <= _LONGEST_S,
            f"more than 0, at most {_LONGEST_S:,}",
        ),
        ("recovery_mb", settings.recovery_mb >= 1, "1 or more"),
        ("recovery_days", settings.recovery_days >= 1, "1 or more"),
        # Which combos there are is known to the policy alone, which checks their names.
        ("pipeline", settings.pipeline not in WHEN, f"{', '.join(PIPELINES)} or a combo"),
        ("cache_breakpoints", settings.cache_breakpoints in ("off", "auto"), "off, auto"),
        (
            "log_level",
            settings.log_level in ("debug", "info", "warning", "error"),
            "debug, info, warning or error",
        ),
    )
    for key, holds, expected in rules:
        if not holds:
            raise ConfigError(f"{key}: found {getattr(settings, key)!r}, expected {expected}")
    return settings
