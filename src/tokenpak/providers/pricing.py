"""What a model costs, from a dated table that ships with the package and the user's own prices."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import msgspec

from tokenpak import settings
from tokenpak.errors import ConfigError

_VENDOR = re.compile(
    r"^(?:models|anthropic|openai|google|gemini|mistral|mistralai|deepseek|x-ai|xai|cohere)/"
)
_RELEASE = re.compile(r"(?:\[1m\]|[-@]\d{8}|-\d{4}-\d{2}-\d{2}|-latest)$")


Usd = Annotated[float, msgspec.Meta(ge=0)]


class Rates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """USD per million tokens. `cache_write` holds for five minutes; None: no price of its own."""

    input: Usd
    output: Usd
    cache_read: Usd | None = None
    cache_write: Usd | None = None
    cache_write_1h: Usd | None = None


class _Above(Rates, frozen=True, forbid_unknown_fields=True, kw_only=True):
    tokens: int


class _Period(Rates, frozen=True, forbid_unknown_fields=True):
    above: _Above | None = None
    since: datetime.date | None = None


class _Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    prices: tuple[_Period, ...]
    aliases: tuple[str, ...] = ()
    context: int | None = None


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    models: dict[str, _Model]
    date: str
    source: str = "the user's own prices"
    license: str = ""
    unit: str = "USD per million tokens"


@dataclass(frozen=True, slots=True)
class Price:
    """The price of one model at one time, with its origin."""

    model: str
    """The table's name of the model."""
    base: Rates
    above: Rates | None
    """Instead of `base`, for all tokens, once the input exceeds `above_tokens`."""
    above_tokens: int | None
    context_window: int | None
    source: str
    date: str
    """When the table was made, as YYYY-MM-DD."""

    def rates(self, input_tokens: int) -> Rates:
        """The rates of a request with that many input tokens, cached ones included."""
        if self.above is not None and self.above_tokens and input_tokens > self.above_tokens:
            return self.above
        return self.base


class Prices:
    """The prices of all models that are known; a user's table goes before the package's."""

    def __init__(self, *tables: _Table) -> None:
        self._entries: dict[str, tuple[str, _Model, _Table]] = {}
        for table in reversed(tables):
            for name, model in table.models.items():
                for alias in (name, *model.aliases):
                    self._entries[alias.lower()] = (name, model, table)

    @classmethod
    def load(cls, user_file: Path | None = None) -> Prices:
        """The package's table, with that of *user_file* before it if the file exists.

        A user's table has the same shape: `{"date": "2026-11-21", "models": {"my-model":
        {"prices": [{"input": 1.5, "output": 6, "cache_read": 0.15}]}}}`.
        Raises ConfigError if the file cannot be read as such.
        """
        shipped = _decode((files("tokenpak.providers") / "prices.json").read_bytes())
        try:
            own = [_decode(user_file.read_bytes())] if user_file else []
        except FileNotFoundError:
            own = []
        except OSError as error:
            raise ConfigError(f"{user_file}: cannot be read: {error}") from error
        except msgspec.DecodeError as error:
            raise ConfigError(f"{user_file}: {error}") from error
        return cls(*own, shipped)

    def price(self, model: str, at: datetime.date | None = None) -> Price | None:
        """The price of *model* on the day *at* (by default the newest); None if it is not known."""
        for name in _names(model):
            if name in self._entries:
                return _price(*self._entries[name], at)
        return None


def price(model: str, at: datetime.date | None = None) -> Price | None:
    """The price of *model* on the day *at* (by default today); None if it is not known.

    Prices in the user's `prices.json` go before the package's. Raises ConfigError if that file
    is wrong.
    """
    return _default().price(model, at or datetime.datetime.now(datetime.UTC).date())


@lru_cache(maxsize=1)
def _default() -> Prices:
    return Prices.load(settings.load().home / "prices.json")


def _decode(data: bytes) -> _Table:
    table = msgspec.json.decode(data, type=_Table)
    empty = [name for name, model in table.models.items() if not model.prices]
    if empty:
        raise msgspec.ValidationError(f"models.{empty[0]}.prices is empty")
    return table


def _names(model: str) -> list[str]:
    """*model*, then the same without vendor, then without release date: first match wins.

    A dated release with a price of its own is thus found before the undated name.
    """
    name = model.strip().lower()
    names = [name]
    while (shorter := _VENDOR.sub("", name)) != name:
        name = shorter
        names.append(name)
    while (shorter := _RELEASE.sub("", name)) != name:
        name = shorter
        names.append(name)
    return names


def _price(name: str, model: _Model, table: _Table, at: datetime.date | None) -> Price:
    period = model.prices[0]
    for later in model.prices[1:]:
        if at is None or later.since is None or later.since <= at:
            period = later
    return Price(
        model=name,
        base=period,
        above=period.above,
        above_tokens=period.above.tokens if period.above else None,
        context_window=model.context,
        source=table.source,
        date=table.date,
    )
