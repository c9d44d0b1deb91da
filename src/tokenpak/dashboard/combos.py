"""`/api/context/combos`: named pipelines, and the routes that they are given to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from tokenpak.dashboard.answer import Answer, Asked, Endpoint, Taken, Unknown
from tokenpak.policy import Combo, Policy, PolicyStore, check
from tokenpak.policy.model import DEFAULT_COMBO, Refusal, merged, read, shown


class Combos:
    """The endpoints of combos over one store; *started_with* is the mode of the process."""

    def __init__(self, store: PolicyStore, started_with: str = "") -> None:
        self._store = store
        self._started_with = started_with
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
        self._store.change(lambda policy: _added(policy, made))
        return 201, shown(made)

    def show(self, asked: Asked) -> Answer:
        return 200, shown(_find(self._store.current(), asked))

    def update(self, asked: Asked) -> Answer:
        values = asked.json()
        policy = self._store.change(lambda policy: _updated(policy, asked, values))
        return 200, shown(_find(policy, asked))

    def delete(self, asked: Asked) -> Answer:
        self._store.change(lambda policy: _without(policy, self._dispensable(policy, asked)))
        return 200, {"deleted": asked.names["id"]}

    def routes(self, asked: Asked) -> Answer:
        policy = self._store.current()
        return 200, _routes(policy, _find(policy, asked))

    def assign(self, asked: Asked) -> Answer:
        values = asked.json()
        found = values.get("routes")
        if set(values) != {"routes"} or not isinstance(found, list):
            raise Refusal("routes", "expected {routes: […]} and no other key")
        if not all(isinstance(each, str) for each in found):
            raise Refusal("routes", "expected strings")
        check.routes(tuple(found))
        policy = self._store.change(
            lambda policy: _assigned(policy, _find(policy, asked).id, found)
        )
        return 200, _routes(policy, _find(policy, asked))

    def _dispensable(self, policy: Policy, asked: Asked) -> Combo:
        """The combo asked for. Raises Taken if it is needed."""
        combo = _find(policy, asked)
        if combo.id == DEFAULT_COMBO.id:
            raise Taken("", f"{combo.id!r} is built in; it can be changed, but not deleted")
        settings = policy.settings
        modes = (settings.default_mode, settings.auto_trigger_mode, self._started_with)
        if combo.id in modes or combo.name in modes:
            raise Taken(
                "",
                f"{combo.id!r} is in use, as the default mode, the auto-trigger's or the one that "
                "this process was started with; change that first",
            )
        return combo


def _find(policy: Policy, asked: Asked) -> Combo:
    """The combo that the path of *asked* names. Raises Unknown."""
    for each in policy.combos:
        if each.id == asked.names["id"]:
            return each
    known = ", ".join(each.id for each in policy.combos)
    raise Unknown(f"there is no combo {asked.names['id'][:64]!r}; known: {known}")


def _added(policy: Policy, made: Combo) -> Policy:
    for name in (made.id, made.name):
        if other := policy.combo(name):
            raise Taken("id", f"{name!r} is the combo {other.id!r}, named {other.name!r}, already")
    return _with(policy, made)


def _updated(policy: Policy, asked: Asked, values: dict[str, Any]) -> Policy:
    combo = _find(policy, asked)
    if values.get("id", combo.id) != combo.id:
        raise Refusal("id", "the id of a combo stays; make another one")
    if combo.is_default and values.get("isDefault") is False:
        raise Refusal("isDefault", "one combo is the default; make another one so")
    made = read(merged(combo, values), Combo)
    check.pipeline(made.pipeline)
    return _with(policy, made)


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
