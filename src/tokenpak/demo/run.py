"""One demonstration from start to end: two providers, the proxy, the replay, the report."""

from __future__ import annotations

from collections.abc import Callable

from tokenpak.demo.provider import Arrival, Provider
from tokenpak.demo.proxy import running_proxy
from tokenpak.demo.replay import Turn, replay
from tokenpak.demo.report import Report, make_report
from tokenpak.demo.session import Session
from tokenpak.telemetry.queries import summary
from tokenpak.tokens import count

OnTurn = Callable[[Arrival, Arrival], None]


def run(session: Session, mode: str | None = None, on_turn: OnTurn | None = None) -> Report:
    """Replay *session* and report; *on_turn* is called after each turn with what arrived.

    The proxy is a process of its own under the settings of a fresh installation, but for *mode* and
    that nothing is left out: markers name the folder where it is kept, which is another one in
    every run, and so would the figures be. Raises UpstreamError if the proxy does not start or
    stops answering.
    """
    values: dict[str, object] = {"recovery": False} | ({"mode": mode} if mode else {})
    turns: list[Turn] = []
    # Each way has a provider of its own, as two accounts would: they share no cache.
    with Provider(count) as direct, Provider(count) as behind:
        with running_proxy(behind.origin, **values) as proxy:
            for turn in replay(session, direct.origin, proxy.origin):
                turns.append(turn)
                if on_turn:
                    on_turn(direct.arrivals[-1], behind.arrivals[-1])
            proxy.stop()
            recorded = summary(proxy.home / "telemetry.db")
    return make_report(session, turns, direct.arrivals, behind.arrivals, recorded.saved_by)
