"""The values of `compression.json`, in the shape in which the REST interface shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from tokenpak.engines.rtk.config import RtkConfig
from tokenpak.errors import ConfigError

Intensity = Literal["lite", "full", "ultra"]
Language = Literal["en", "de", "es", "fr", "it", "ja", "pt-BR", "zh"]
Target = Literal["tool_result", "user", "assistant", "system"]
Text = Annotated[str, msgspec.Meta(max_length=500)]


class Refusal(ConfigError):
    """Values that are not accepted; `field` names the one, as a path like `pipeline[0].engine`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
        self.message = message


class _Strict(msgspec.Struct, frozen=True, rename="camel", forbid_unknown_fields=True):
    """A value whose JSON has these fields in camelCase and no others."""


class Step(_Strict, frozen=True, omit_defaults=True):
    """One engine of a pipeline. `apply_to` defaults to what the engine is made for."""

    engine: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    intensity: str | None = None
    apply_to: tuple[Target, ...] | None = None
    languages: tuple[Language, ...] | None = None
    skip_rules: tuple[str, ...] = ()
    preserve_patterns: tuple[Text, ...] = ()
    max_tokens: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """For engines that shorten to a size: o200k tokens of each part."""


class Combo(_Strict, frozen=True):
    """A named pipeline that can be given to routes."""

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    pipeline: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1, max_length=8)]
    description: Text = ""
    language_packs: tuple[Language, ...] = ()
    """Languages of the steps that name none; none means that each text's own is found."""
    output_mode: bool = False
    output_mode_intensity: Intensity = "full"
    is_default: bool = False
    """Whether it is what the mode `stacked` stands for."""
    recipe: Annotated[str, msgspec.Meta(max_length=60)] = ""
    """The recipe whose directives apply before the engines."""


class CavemanConfig(_Strict, frozen=True):
    """How `standard` shortens prose, where a step of a combo does not say otherwise."""

    intensity: Intensity = "full"
    apply_to: tuple[Literal["user", "assistant", "system"], ...] = ("user",)
    languages: tuple[Language, ...] = ()
    skip_rules: tuple[str, ...] = ()
    preserve_patterns: tuple[Text, ...] = ()


class LiteConfig(_Strict, frozen=True):
    """What `lite` may do beyond what never loses anything."""

    text_only_models: tuple[str, ...] = ()
    """Models (with `*`) that see no images: base64 images are left out for these, and no others."""


class CompressionSettings(_Strict, frozen=True):
    """`GET /api/settings/compression`; a mode is one of SPEC's names or a combo."""

    enabled: bool = True
    default_mode: str | None = None
    """None leaves it to `pipeline` of the process's own settings."""
    auto_trigger_tokens: Annotated[int, msgspec.Meta(ge=0, lt=1 << 40)] = 0
    """From this size of a conversation on, `auto_trigger_mode` is in force; 0 is never."""
    auto_trigger_mode: str = "lite"
    caveman_config: CavemanConfig = CavemanConfig()
    lite_config: LiteConfig = LiteConfig()
    output_mode: bool = False
    """Whether the model is asked for terse answers."""
    output_mode_intensity: Intensity = "full"
    output_mode_language: Language = "en"


DEFAULT_COMBO = Combo(
    id="default-caveman",
    name="Standard savings",
    pipeline=(Step(engine="rtk"), Step(engine="caveman", intensity="full")),
    description="Tool outputs by their command, then prose without its filler.",
    is_default=True,
)
"""Always there: it may be changed, but not deleted."""


class Policy(_Strict, frozen=True, omit_defaults=True):
    """All of `compression.json`."""

    settings: CompressionSettings = CompressionSettings()
    combos: tuple[Combo, ...] = (DEFAULT_COMBO,)
    assignments: dict[str, str] = {}
    """Route -> id of its combo; a route is written `provider:…`, `model:…` or `client:…`."""
    rtk: dict[str, bool | int | str] = {}

    def combo(self, name: str) -> Combo | None:
        """The combo of that id or, failing that, name."""
        for key in ("id", "name"):
            for each in self.combos:
                if getattr(each, key) == name:
                    return each
        return None

    @property
    def stacked(self) -> Combo:
        """What the mode `stacked` stands for."""
        return next(each for each in self.combos if each.is_default)

    @property
    def rtk_config(self) -> RtkConfig:
        """How filters act."""
        return RtkConfig.from_mapping(self.rtk)


_Model = TypeVar("_Model", bound=msgspec.Struct)
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")
_PATH = re.compile(r" - at `\$\.?([^`]*)`$")


def read(values: object, model: type[_Model], where: str = "") -> _Model:
    """*values*, decoded JSON, as a *model*. Raises Refusal that names the field."""
    try:
        return msgspec.convert(values, model)
    except msgspec.ValidationError as error:
        raise _refusal(str(error), model, where) from None


def shown(value: msgspec.Struct) -> dict[str, Any]:
    """*value* as JSON shows it."""
    built = msgspec.to_builtins(value)
    assert isinstance(built, dict)
    return built


def merged(current: msgspec.Struct, partial: Mapping[str, Any]) -> dict[str, Any]:
    """*current* as JSON with the fields of *partial* in place, objects field by field."""
    values = shown(current)
    for key, value in partial.items():
        before = getattr(current, _field(type(current), key) or "", None)
        if isinstance(before, msgspec.Struct) and isinstance(value, dict):
            value = merged(before, value)
        values[key] = value
    return values


def _refusal(text: str, model: type[msgspec.Struct], where: str) -> Refusal:
    at = _PATH.search(text)
    path = ".".join(each for each in (where, at[1] if at else "") if each)
    message = _PATH.sub("", text)
    if unknown := _UNKNOWN.search(message):
        owner = _owner(model, at[1] if at else "")
        path = f"{path}.{unknown[1]}" if path else unknown[1]
        message = f"unknown key; known: {', '.join(sorted(owner.__struct_encode_fields__))}"
    return Refusal(path, message)


def _owner(model: type[msgspec.Struct], path: str) -> type[msgspec.Struct]:
    """The model that stands at *path* within *model*."""
    for name in re.findall(r"[A-Za-z]+", path):
        for each in msgspec.structs.fields(model):
            if each.encode_name == name:
                found = re.search(r"\b(Step|Combo|\w+Config|CompressionSettings)\b", str(each.type))
                model = _MODELS.get(found[1], model) if found else model
    return model


def _field(model: type[msgspec.Struct], key: str) -> str | None:
    return next((e.name for e in msgspec.structs.fields(model) if e.encode_name == key), None)


_MODELS: Mapping[str, type[msgspec.Struct]] = {
    each.__name__: each for each in (Step, Combo, CavemanConfig, LiteConfig, CompressionSettings)
}
