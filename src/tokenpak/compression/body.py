"""A request body in, a smaller one out, every byte that is not packed as it was."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field, replace

from tokenpak.canonical import CanonicalRequest
from tokenpak.compression import breakpoints, fingerprint, images, returns, terse
from tokenpak.compression.decisions import Decisions
from tokenpak.compression.directives import Step as Directives
from tokenpak.compression.directives import chosen_step
from tokenpak.compression.packer import Packed, Packer
from tokenpak.compression.select import Plan, plan
from tokenpak.compression.steps import engines_of
from tokenpak.compression.terms import read_windows, terms_of, ttl_s
from tokenpak.errors import StoreError
from tokenpak.flow import Epoch, Trail
from tokenpak.policy import Chosen, Policy, PolicyStore, Route, choose
from tokenpak.recovery import RecoveryStore, is_recoverable_by
from tokenpak.settings import Settings
from tokenpak.tokens import count
from tokenpak.wire import rewrite
from tokenpak.wire.adapter import Adapter
from tokenpak.wire.prefixes import Prefixes

logger = logging.getLogger("tokenpak.compression")

# Of the memory for prefixes a fifth is for what was read of them: it takes about a quarter of what
# the packer remembers of the same conversation.
_READ_SHARE = 5


@dataclass(frozen=True, slots=True)
class PackedBody:
    """What goes upstream, and what was done; `body` is the client's own object if nothing was."""

    body: bytes
    request: CanonicalRequest
    mode: str
    saved_by: dict[str, int]
    """Tokens saved by technique, by exact o200k count."""
    duration_ms: float
    trail: Trail | None = None
    cuts: dict[str, int] = field(default_factory=dict)
    """Results of this turn of which something was left out, by kind."""
    fetched: dict[str, int] = field(default_factory=dict)
    """Earlier ones that the agent came back for in this turn, by kind."""
    epochs: tuple[Epoch, ...] = ()
    """Those that began in this turn."""
    breakpoints: int = 0
    """Cache markers that were added."""
    engines: dict[str, int] = field(default_factory=dict)
    """Tokens saved by engine."""
    combo: str | None = None
    """The id of the combo in force."""
    rules: dict[str, int] = field(default_factory=dict)
    """Rules that were applied, and how often."""
    raw_outputs: tuple[str, ...] = ()
    """Ids of what was kept whole at this turn."""
    output_mode: str | None = None
    """At which level terse answers were asked for, or why they were not."""

    @property
    def saved_tokens(self) -> int:
        return sum(self.saved_by.values())

    @property
    def stages(self) -> tuple[str, ...]:
        return tuple(self.saved_by)


class Compressor:
    """Packs request bodies under one set of settings and one memo; safe in several threads."""

    def __init__(
        self,
        settings: Settings,
        store: PolicyStore | None = None,
        decisions: Decisions | None = None,
    ) -> None:
        """*decisions* are taken about cold caches; without, none is, nor is one held to."""
        self._settings = settings
        self._decisions = decisions
        self._windows = read_windows(settings.context_windows)
        self._store = store or PolicyStore(settings.home)
        memo_bytes = settings.memo_mb << 20
        self._prefixes = Prefixes(memo_bytes // _READ_SHARE)
        self._packer = Packer(memo_bytes - memo_bytes // _READ_SHARE)
        self._raw = RecoveryStore(
            settings.raw_folder, settings.recovery_mb << 20, settings.recovery_days * 86400.0
        )

    def pack(
        self,
        adapter: Adapter,
        path: str,
        body: bytes,
        mode: str | None = None,
        *,
        local: bool = False,
        route: Route | None = None,
        policy: Policy | None = None,
        recipe: Directives | None = None,
    ) -> PackedBody:
        """Pack *body*, a request in *adapter*'s format; *mode* overrides the settings.

        *local* says that the client is on this machine: only then can it read what is cut. *route*
        is where the request comes from and goes to, its model aside; *policy* and *recipe* replace
        those in force. Raises WireError if the body cannot be read and ConfigError if *mode* or a
        recipe is unknown; in both cases nothing has been changed.
        """
        started = time.perf_counter()
        policy = policy or self._store.current()
        if mode:
            choose(policy, self._settings, mode)  # a mistake there is told before one in the body
        request = adapter.decode_request(body, path, self._prefixes)
        where = Route(route.provider, request.model, route.client) if route else None
        chosen = choose(policy, self._settings, mode, where)
        recipe = recipe or self._recipe(request, chosen, route)
        digests = fingerprint.digests(request.parts)
        packed, plan = self._packed(request, body, policy, chosen, recipe, digests, local=local)
        packed, output = _asked_for_terseness(request, packed, policy, chosen)
        smaller = rewrite(body, request, packed.literals) if packed.texts else body
        smaller, packed = _without_images(smaller, request, packed, policy, plan)
        marked = 0
        if self._adds_breakpoints(request, chosen):
            smaller, marked = breakpoints.mark(smaller)
        acting = chosen.later if chosen.later and packed.beyond_threshold else chosen
        return PackedBody(
            body=smaller,
            request=request,
            mode=f"{acting.when}/{acting.mode}",
            saved_by=dict(packed.saved_by),
            trail=fingerprint.trail(request, body, digests, packed.texts, packed.saved),
            cuts=dict(returns.new_cuts(request.parts, packed.cuts)),
            fetched=dict(returns.fetched(request.parts, packed.cuts)),
            epochs=returns.new_epochs(request.parts, packed.epochs),
            breakpoints=marked,
            engines=engines_of(packed.saved_by, plan),
            combo=acting.combo.id if acting.combo else None,
            rules=dict(packed.rules),
            raw_outputs=returns.new_ids(request.parts, packed.cuts),
            output_mode=output,
            duration_ms=(time.perf_counter() - started) * 1000,
        )

    def _packed(
        self,
        request: CanonicalRequest,
        body: bytes,
        policy: Policy,
        chosen: Chosen,
        recipe: Directives | None,
        digests: list[bytes],
        *,
        local: bool,
    ) -> tuple[Packed, Plan]:
        """Pack with cuts where the client can undo them, without where they cannot be kept."""
        settings = self._settings
        if local and settings.recovery and is_recoverable_by(request.tools):
            cutting = plan(settings, settings.raw_folder, policy=policy, chosen=chosen)
            cutting = self._on_terms(cutting.following(recipe), request, body)
            cold = self._cold(cutting, request, body, digests)
            try:
                return self._cut(request, cutting, digests, cold), cutting
            except StoreError as error:
                logger.warning("nothing was left out of this request: %s", error)
        whole = plan(settings, policy=policy, chosen=chosen).following(recipe)
        whole = self._on_terms(whole, request, body)
        cold = self._cold(whole, request, body, digests)
        return self._packer.pack(request.parts, whole, digests=digests, cold=cold), whole

    def _cut(
        self, request: CanonicalRequest, plan: Plan, digests: list[bytes], cold: frozenset[int]
    ) -> Packed:
        """Pack with cuts; all that markers name is there, also what was cut many turns ago."""
        packed = self._packer.pack(request.parts, plan, self._raw.put, digests, cold)
        if self._raw.refresh(cut.id for cut in packed.cuts.values()):
            return packed
        return self._packer.pack(request.parts, plan, self._raw.put, digests, cold, afresh=True)

    def _on_terms(self, plan: Plan, request: CanonicalRequest, body: bytes) -> Plan:
        """*plan* with what its epochs have to know of the model and its provider."""
        if plan.epoch_keep is None:
            return plan
        return replace(plan, terms=terms_of(request, body, self._windows))

    def _cold(
        self, plan: Plan, request: CanonicalRequest, body: bytes, digests: list[bytes]
    ) -> frozenset[int]:
        """Where epochs were decided on, as no cache was left."""
        if self._decisions is None or plan.epoch_keep is None:
            return frozenset()
        return self._decisions.cold(request.parts, digests, ttl_s(request, body))

    def _recipe(
        self, request: CanonicalRequest, chosen: Chosen, route: Route | None
    ) -> Directives | None:
        """The recipe in force: of the header, the route's combo, the project or the settings."""
        if chosen.leaves_alone:
            return None
        asked = route.recipe if route else None
        of_route = chosen.combo.recipe if chosen.combo else ""
        settings = self._settings
        return chosen_step(asked, of_route, settings.recipe, settings.home, request.parts)

    def _adds_breakpoints(self, request: CanonicalRequest, chosen: Chosen) -> bool:
        """Whether to add cache markers: never where the client set one, or wants nothing done."""
        wanted = self._settings.cache_breakpoints == "auto" and not chosen.leaves_alone
        return wanted and request.wire == "anthropic" and not request.cache_marked

    def tokens_raw(self, request: CanonicalRequest) -> int:
        """Exact o200k tokens of the conversation as it came, tool definitions aside.

        Not needed for packing: ask for it once the request is on its way.
        """
        return self._packer.tokens(request.parts)


def _asked_for_terseness(
    request: CanonicalRequest, packed: Packed, policy: Policy, chosen: Chosen
) -> tuple[Packed, str | None]:
    """*packed* with the instruction of the output mode, and what the record says of it."""
    wanted = terse.instruction(policy.settings, chosen)
    if wanted is None:
        return packed, None
    number = terse.place(request.parts)
    if number is None:
        return packed, terse.NO_SYSTEM_PROMPT
    level, words = wanted
    before = packed.texts.get(number, request.parts[number].text)
    text = f"{before}\n\n{words}"
    tokens = count(before) - count(text)
    return packed.with_text(number, text, "output", tokens), level


def _without_images(
    body: bytes, request: CanonicalRequest, packed: Packed, policy: Policy, plan: Plan
) -> tuple[bytes, Packed]:
    """*body* without images that its model does not see, where `lite` is in force."""
    if not plan.tells_repeats or not images.unseen(request.model, policy):
        return body, packed
    smaller, told = images.left_out(body, request)
    for number, words in told.items():
        # An image has no count of tokens of ours, so none is said to be saved.
        packed = packed.with_text(number, words, "images", 0)
    return smaller, packed
