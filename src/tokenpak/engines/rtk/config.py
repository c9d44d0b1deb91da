"""How filters act: the settings of `/api/context/rtk/config`, each of which changes the output."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args

from tokenpak.errors import ConfigError

Intensity = Literal["minimal", "standard", "aggressive"]
Retention = Literal["never", "failures", "always"]


class WrongSetting(ConfigError):
    """A setting that is not accepted; `field` is its name in JSON."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"rtk.{field}: {message}")
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class RtkConfig:
    """The settings of the filters; in JSON each name is written like `maxLinesPerResult`.

    `minimal` takes away what no reader would see and tells the rest in another form; `standard`
    follows the filters; `aggressive` also folds alike lines everywhere and shows diffs without
    context. A limit of 0 is none; lines that speak of a problem count, but stay beyond it.
    `raw_output_retention` says which outputs are kept where recovery is switched on.
    """

    enabled: bool = True
    intensity: Intensity = "standard"
    apply_to_tool_results: bool = True
    apply_to_code_blocks: bool = False
    """Whether outputs that a user pasted between fences are filtered, where it is plain whose."""
    apply_to_assistant_messages: bool = False
    """The same for what stands between fences in the agent's own messages."""
    max_lines_per_result: int = 0
    max_chars_per_result: int = 0
    deduplicate_threshold: int = 3
    """From how many times on a line that follows itself is told once; 0 means never."""
    custom_filters_enabled: bool = True
    """Whether the user's and the projects' filters act, or the built-in ones alone."""
    trust_project_filters: bool = True
    """Whether projects' files that were trusted, and have not changed since, act."""
    raw_output_retention: Retention = "always"
    raw_output_max_bytes: int = 10 << 20
    """Bytes of the largest output that is kept."""

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> RtkConfig:
        """The defaults with *values*, as JSON names them; raises WrongSetting as `updated`."""
        return cls().updated(values)

    def updated(self, partial: Mapping[str, Any]) -> RtkConfig:
        """This with *partial*, as JSON names it.

        Raises WrongSetting that names an unknown key with the known ones, or a wrong value with
        what was expected.
        """
        changed: dict[str, Any] = {}
        for key, value in partial.items():
            if key not in NAMES:
                raise WrongSetting(str(key), f"unknown key; known: {', '.join(sorted(NAMES))}")
            expected = _expected(NAMES[key], value)
            if expected:
                raise WrongSetting(key, f"found {value!r:.60}, expected {expected}")
            changed[NAMES[key]] = value
        return replace(self, **changed)

    def to_mapping(self) -> dict[str, bool | int | str]:
        """All settings as JSON names them."""
        return {key: getattr(self, name) for key, name in NAMES.items()}


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


NAMES: Mapping[str, str] = {_camel(each.name): each.name for each in fields(RtkConfig)}
"""The field of each name in JSON."""
_CHOICES = {"intensity": get_args(Intensity), "raw_output_retention": get_args(Retention)}


def _expected(name: str, value: object) -> str | None:
    """What a setting may be, if *value* is something else."""
    if name in _CHOICES:
        return None if value in _CHOICES[name] else "one of " + ", ".join(_CHOICES[name])
    if isinstance(getattr(RtkConfig(), name), bool):
        return None if isinstance(value, bool) else "true or false"
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40
    return None if whole else "a whole number, 0 or more"


DEFAULT = RtkConfig()
