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


def _told(description: str, **limits: Any) -> msgspec.Meta:
    """What a field says, for the OpenAPI document and the docs, and what it may be."""
    return msgspec.Meta(description=description, **limits)


class Step(_Strict, frozen=True, omit_defaults=True):
    """One engine of a pipeline."""

    engine: Annotated[str, _told("which engine", min_length=1, max_length=64)]
    intensity: Annotated[str | None, _told("how strongly, for rtk and caveman")] = None
    apply_to: Annotated[
        tuple[Target, ...] | None, _told("whose texts; null: those that the engine is made for")
    ] = None
    languages: Annotated[
        tuple[Language, ...] | None, _told("languages that caveman looks for; null: all")
    ] = None
    skip_rules: Annotated[tuple[str, ...], _told("rules of caveman that do not apply")] = ()
    preserve_patterns: Annotated[
        tuple[Text, ...], _told("regular expressions of what caveman keeps")
    ] = ()
    max_tokens: (
        Annotated[int, _told("for engines that shorten to a size: o200k tokens of each part", ge=1)]
        | None
    ) = None


class Combo(_Strict, frozen=True):
    """A named pipeline that can be given to routes."""

    id: Annotated[
        str, _told("its name in paths and headers", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    ]
    name: Annotated[str, _told("its name for people", min_length=1, max_length=100)]
    pipeline: Annotated[
        tuple[Step, ...], _told("its engines in their order", min_length=1, max_length=8)
    ]
    description: Annotated[Text, _told("what it is for")] = ""
    language_packs: Annotated[
        tuple[Language, ...],
        _told("languages of the steps that name none; none: each text's own is found"),
    ] = ()
    output_mode: Annotated[bool, _told("whether the model is asked for terse answers")] = False
    output_mode_intensity: Annotated[Intensity, _told("how terse")] = "full"
    is_default: Annotated[bool, _told("whether it is what the mode stacked stands for")] = False
    recipe: Annotated[
        str, _told("the recipe whose directives apply before the engines", max_length=60)
    ] = ""


class CavemanConfig(_Strict, frozen=True):
    """How `standard` shortens prose, where a step of a combo does not say otherwise."""

    intensity: Annotated[Intensity, _told("how strongly: lite, full, ultra")] = "full"
    apply_to: Annotated[
        tuple[Literal["user", "assistant", "system"], ...],
        _told("whose texts: user, assistant, system"),
    ] = ("user",)
    languages: Annotated[tuple[Language, ...], _told("languages that it looks for; none: all")] = ()
    skip_rules: Annotated[
        tuple[str, ...], _told("rules that do not apply, as GET /api/compression/rules names them")
    ] = ()
    preserve_patterns: Annotated[
        tuple[Text, ...], _told("regular expressions of what stays to the letter")
    ] = ()


class LiteConfig(_Strict, frozen=True):
    """What `lite` may do beyond what never loses anything."""

    text_only_models: Annotated[
        tuple[str, ...],
        _told("models (with *) that see no images: base64 images are left out for these"),
    ] = ()


class CompressionSettings(_Strict, frozen=True):
    """What can be set while the proxy runs."""

    enabled: Annotated[bool, _told("false: nothing is done, whatever a request asks for")] = True
    default_mode: Annotated[
        str | None, _told("the mode or combo; null: the setting pipeline of the process")
    ] = None
    auto_trigger_tokens: Annotated[
        int,
        _told("from this size of a conversation on, autoTriggerMode; 0: never", ge=0, lt=1 << 40),
    ] = 0
    auto_trigger_mode: Annotated[str, _told("the mode or combo for what comes after")] = "lite"
    caveman_config: CavemanConfig = CavemanConfig()
    lite_config: LiteConfig = LiteConfig()
    output_mode: Annotated[bool, _told("whether the model is asked for terse answers")] = False
    output_mode_intensity: Annotated[Intensity, _told("how terse: lite, full, ultra")] = "full"
    output_mode_language: Annotated[Language, _told("the language of that request")] = "en"


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
_MISSING = re.compile(r"missing required field `([^`]*)`")
_NO_CHOICE = re.compile(r"Invalid enum value (.*)")
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
    elif missing := _MISSING.search(message):
        path = f"{path}.{missing[1]}" if path else missing[1]
        message = "is missing"
    elif wrong := _NO_CHOICE.search(message):
        message = f"found {wrong[1]}; expected one of {_choices(model, at[1] if at else '')}"
    return Refusal(path, message)


def _choices(model: type[msgspec.Struct], path: str) -> str:
    """What the field at *path* within *model* may be."""
    owner, key = _owner(model, path), re.findall(r"[A-Za-z]+", path)[-1]
    kinds = {each.encode_name: str(each.type) for each in msgspec.structs.fields(owner)}
    literal = re.search(r"Literal\[([^\]]*)\]", kinds[key])
    return literal[1].replace("'", "") if literal else "others"


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
