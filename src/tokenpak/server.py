"""The server process: what lives as long as it does, how it starts, how it ends."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from types import FrameType

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from tokenpak import _log
from tokenpak.compression.body import Compressor
from tokenpak.compression.decisions import Decisions
from tokenpak.compression.terms import read_windows
from tokenpak.dashboard.api import Api
from tokenpak.policy import PolicyStore, check_pipeline
from tokenpak.providers import catalog
from tokenpak.proxy.answers import Message, Receive, Scope, Send
from tokenpak.proxy.app import App
from tokenpak.proxy.guard import check_exposure
from tokenpak.proxy.http_protocol import ClientProtocol
from tokenpak.proxy.outbound import Outbounds
from tokenpak.proxy.upstream import Upstream
from tokenpak.settings import Settings
from tokenpak.telemetry.collector import Recorder
from tokenpak.tokens import count

DRAIN_S = 30
_KEEP_ALIVE_S = 75
_BACKLOG = 2048
_GIVE_WAY_S = 0.0005
_WORKER_START_S = 30.0


def run(settings: Settings) -> int:
    """Serve until a signal says stop; returns the exit code.

    Running answers are finished first, for at most DRAIN_S; a second signal ends them at once.
    Raises ConfigError if the settings or the catalogue are wrong.
    """
    check_exposure(settings)
    # Here, so that a mistake is told before a worker dies of it.
    catalog.load(settings)
    Outbounds(settings)
    read_windows(settings.context_windows)
    flush_log = _start_log(settings)
    check_pipeline(PolicyStore(settings.home).current(), settings)
    try:
        listener = bind(settings)
    except OSError as error:
        print(_why_not_bound(settings, error), file=sys.stderr)
        return 1
    config = configure(settings, partial(create_app, settings))
    with listener:
        try:
            return _serve(config, listener)
        finally:
            flush_log()


def _serve(config: uvicorn.Config, listener: socket.socket) -> int:
    if config.workers > 1:
        workers = _Workers(config, [listener])
        workers.run()
        return 1 if workers.failed else 0
    server = _Server(config)
    server.run(sockets=[listener])
    return 0 if server.started else 1


def create_app(
    settings: Settings,
    *,
    compressor: Compressor | None = None,
    recorder: Recorder | None = None,
) -> Application:
    """The ASGI application of one process; *compressor* and *recorder* replace its own."""
    return Application(settings, compressor, recorder)


class Application:
    """Builds the proxy when the server starts, takes it down when it ends."""

    def __init__(
        self, settings: Settings, compressor: Compressor | None, recorder: Recorder | None
    ) -> None:
        self._settings = settings
        self._compressor = compressor
        self._recorder = recorder
        self._app: App | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            assert self._app is not None, "the server has not sent its startup event"
            await self._app(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        async with AsyncExitStack() as stack:
            await receive()
            message: Message = {"type": "lifespan.startup.complete"}
            try:
                self._app = await self._build(stack)
                if self._settings.workers > 1:
                    stack.callback(_start_log(self._settings))
                    _end_with_parent()
                    _tune()
            except Exception as error:
                logging.getLogger("tokenpak.server").exception("the server cannot start")
                message = {"type": "lifespan.startup.failed", "message": str(error)}
            await send(message)
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _build(self, stack: AsyncExitStack) -> App:
        recorder = self._recorder
        if recorder is None and self._settings.telemetry:
            recorder = Recorder(self._settings.telemetry_path)
            stack.push_async_callback(asyncio.to_thread, recorder.close)
        decisions = Decisions(self._settings.decisions_path)
        stack.callback(decisions.close)
        return App(
            self._settings,
            catalog=catalog.load(self._settings),
            compressor=self._compressor or Compressor(self._settings, decisions=decisions),
            recorder=recorder,
            upstream=await stack.enter_async_context(Upstream(self._settings)),
            control=Api(self._settings),
        )


def _start_log(settings: Settings) -> Callable[[], None]:
    """Have this process, the only one or a worker, write its log; returns what ends that."""
    flush = _log.start(settings.log_level)
    _quieten(settings)
    return flush


def _quieten(settings: Settings) -> None:
    # What goes wrong with a request is logged by the handler; uvicorn's lines are about the
    # tracebacks by which a broken answer ends.
    logging.getLogger("uvicorn.error").setLevel(
        "DEBUG" if settings.log_level == "debug" else "CRITICAL"
    )


def configure(settings: Settings, factory: Callable[[], Application]) -> uvicorn.Config:
    """uvicorn's configuration: it adds nothing to what passes, and logs nothing of it."""
    _quieten(settings)
    return uvicorn.Config(
        factory,
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        http=ClientProtocol,
        ws="none",
        lifespan="on",
        loop="auto",
        log_config=None,
        access_log=False,
        date_header=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=DRAIN_S,
    )


def bind(settings: Settings) -> socket.socket:
    """A listening socket for host and port of *settings*; port 0 takes a free one.

    Raises OSError if the address is unknown or taken.
    """
    family, kind, number, _, address = socket.getaddrinfo(
        settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, number)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
        listener.set_inheritable(True)
    except OSError:
        listener.close()
        raise
    return listener


class _Server(uvicorn.Server):
    """One process that says when it is ready and obeys a second signal at once."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _tune()
        self._loop = asyncio.get_running_loop()
        if sockets:
            _say_ready(sockets[0])

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        running = len(self.server_state.tasks)
        if self.should_exit:
            self._loop.call_soon_threadsafe(self._hang_up)
        elif running:
            print(
                f"Waits at most {DRAIN_S} s for running answers to end: {running}. "
                "Ctrl-C again ends them now.",
                flush=True,
            )
        self.should_exit = True

    def _hang_up(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()


class _Workers(Multiprocess):
    """Several processes on one socket; stops all of them, the second signal at once."""

    failed = False

    def init_processes(self) -> None:
        super().init_processes()
        if all(each.wait_until_ready(_WORKER_START_S) for each in self.processes):
            _say_ready(self.sockets[0])

    def keep_subprocess_alive(self) -> None:
        before = list(self.processes)
        super().keep_subprocess_alive()
        self.failed = any(each.exitcode == STARTUP_FAILURE for each in before)

    def join_all(self) -> None:
        self.signal_queue.clear()
        for each in self.processes:
            while each.exitcode is None:
                each.process.join(0.1)
                if signal.SIGINT in self.signal_queue or signal.SIGTERM in self.signal_queue:
                    each.process.kill()


def _tune() -> None:
    """Set up this process, which is about to serve, for many small turns of its loop."""
    # A thread that packs or records gives way so soon; by default, after 5 ms.
    sys.setswitchinterval(_GIVE_WAY_S)
    # Loads the tokenizer and compiles its pattern, a tenth of a second that no request should wait.
    count("x-y: one=two; three_four")
    # What is loaded stays: it need not be looked through for garbage.
    gc.collect()
    gc.freeze()


def _end_with_parent() -> None:
    """Have this worker end when the process that started it was killed: it would keep the port."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _say_ready(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    print(f"TokenPak listens on http://{shown}:{port} (Ctrl-C stops it)", flush=True)


def _why_not_bound(settings: Settings, error: OSError) -> str:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"{where} is in use, perhaps by another TokenPak; stop that one or choose another "
            "port with --port (TOKENPAK_PORT)"
        )
    if error.errno == errno.EACCES:
        return f"{where} needs more rights than this user has; choose a port above 1023"
    return f"cannot listen on {where}: {error.strerror or error}; check --host and --port"
