"""`/api/context/combos`: named pipelines, and the routes that they are given to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from tokenpak.dashboard.answer import Answer, Asked, Endpoint, error
from tokenpak.policy import Combo, Policy, PolicyStore, check
from tokenpak.policy.model import DEFAULT_COMBO, Refusal, merged, read, shown


class Combos:
    """The endpoints of combos over one store."""

    def __init__(self, store: PolicyStore) -> None:
        self._store = store
        self.endpoints: Mapping[tuple[str, str], Endpoint] = {
            ("GET", "/api/context/combos"): self.list,
            ("POST", "/api/context/combos"): self.create,
            ("GET", "/api/context/combos/{id}"): self.show,
            ("PUT", "/api/context/combos/{id}"): self.update,
            ("DELETE", "/api/context/combos/{id}"): self.delete,
            ("GET", "/api/context/combos/{id}/assignments"): self.routes,
            ("PUT", "/api/context/combos/{id}/assignments"): self.assign,
        }

    def list(self, asked: Asked) -> Answer:
        return 200, {"combos": [shown(each) for each in self._store.current().combos]}

    def create(self, asked: Asked) -> Answer:
        values = asked.json()
        values.setdefault("id", _slug(values.get("name")))
        made = read(values, Combo)
        check.pipeline(made.pipeline)
        if any(self._store.current().combo(name) for name in (made.id, made.name)):
            return error(409, f"there is a combo {made.id!r} or one named {made.name!r}", "id")
        self._store.change(lambda policy: _with(policy, made))
        return 201, shown(made)

    def show(self, asked: Asked) -> Answer:
        combo = _find(self._store.current(), asked)
        return (200, shown(combo)) if combo else _unknown(self._store.current(), asked)

    def update(self, asked: Asked) -> Answer:
        values = asked.json()
        combo = _find(self._store.current(), asked)
        if combo is None:
            return _unknown(self._store.current(), asked)
        if values.get("id", combo.id) != combo.id:
            raise Refusal("id", "the id of a combo stays; make another one")
        if combo.is_default and values.get("isDefault") is False:
            raise Refusal("isDefault", "one combo is the default; make another one so")
        made = read(merged(combo, values), Combo)
        check.pipeline(made.pipeline)
        self._store.change(lambda policy: _with(policy, made))
        return 200, shown(made)

    def delete(self, asked: Asked) -> Answer:
        policy = self._store.current()
        combo = _find(policy, asked)
        if combo is None:
            return _unknown(policy, asked)
        if combo.id == DEFAULT_COMBO.id:
            return error(409, f"{combo.id!r} is built in; it can be changed, but not deleted")
        modes = (policy.settings.default_mode, policy.settings.auto_trigger_mode)
        if combo.id in modes or combo.name in modes:
            return error(409, f"{combo.id!r} is the default mode or the auto-trigger's")
        self._store.change(lambda policy: _without(policy, combo))
        return 200, {"deleted": combo.id}

    def routes(self, asked: Asked) -> Answer:
        policy = self._store.current()
        combo = _find(policy, asked)
        return (200, _routes(policy, combo)) if combo else _unknown(policy, asked)

    def assign(self, asked: Asked) -> Answer:
        combo = _find(self._store.current(), asked)
        if combo is None:
            return _unknown(self._store.current(), asked)
        values = asked.json()
        found = values.get("routes")
        if set(values) != {"routes"} or not isinstance(found, list):
            raise Refusal("routes", "expected {routes: […]} and no other key")
        if not all(isinstance(each, str) for each in found):
            raise Refusal("routes", "expected strings")
        check.routes(tuple(found))
        policy = self._store.change(lambda policy: _assigned(policy, combo.id, found))
        return 200, _routes(policy, combo)


def _find(policy: Policy, asked: Asked) -> Combo | None:
    return next((each for each in policy.combos if each.id == asked.names["id"]), None)


def _unknown(policy: Policy, asked: Asked) -> Answer:
    known = ", ".join(each.id for each in policy.combos)
    return error(404, f"there is no combo {asked.names['id'][:64]!r}; known: {known}")


def _with(policy: Policy, made: Combo) -> Policy:
    """*policy* with *made* in the place of the combo of its id, or at the end."""
    others = [
        replace(each, is_default=False) if made.is_default and each.id != made.id else each
        for each in policy.combos
    ]
    if any(each.id == made.id for each in others):
        others = [made if each.id == made.id else each for each in others]
    else:
        others.append(made)
    return replace(policy, combos=tuple(others))


def _without(policy: Policy, gone: Combo) -> Policy:
    """*policy* without *gone* and its routes; if it was the default, the built-in one is."""
    combos = tuple(
        replace(each, is_default=True) if gone.is_default and each.id == DEFAULT_COMBO.id else each
        for each in policy.combos
        if each.id != gone.id
    )
    kept = {route: id for route, id in policy.assignments.items() if id != gone.id}
    return replace(policy, combos=combos, assignments=kept)


def _assigned(policy: Policy, id: str, routes: list[str]) -> Policy:
    """*policy* with exactly *routes* for the combo *id*; a route that another had moves here."""
    others = {route: each for route, each in policy.assignments.items() if each != id}
    return replace(policy, assignments=others | dict.fromkeys(routes, id))


def _routes(policy: Policy, combo: Combo) -> dict[str, Any]:
    found = sorted(route for route, id in policy.assignments.items() if id == combo.id)
    return {"id": combo.id, "routes": found}


def _slug(name: object) -> str:
    return re.sub(r"[^a-z0-9]+", "-", str(name).lower()).strip("-")[:64]
