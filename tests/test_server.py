"""The server process as a user runs it: ready line, ports, signals, workers."""

from __future__ import annotations

import gc
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import serving
from tests.serving import TIMEOUT_S, Exchange, Proxy
from tokenpak import server
from tokenpak.errors import ConfigError
from tokenpak.settings import Settings

RUN = "import sys; from tokenpak import server, settings; sys.exit(server.run(settings.load()))"
SSE = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


@contextmanager
def process(home: Path, **values: object) -> Iterator[subprocess.Popen[str]]:
    """A server process with *values* as its `TOKENPAK_*` settings; killed if it does not end."""
    settings = {f"TOKENPAK_{key.upper()}": str(value) for key, value in values.items()}
    # -c and not -m: workers import what the parent ran as its main module.
    with subprocess.Popen(
        [sys.executable, "-c", f"if __name__ == '__main__': {RUN}"],
        env=os.environ | {"TOKENPAK_HOME": str(home)} | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            yield running
        finally:
            if running.poll() is None:
                running.kill()


def ready(running: subprocess.Popen[str]) -> Proxy:
    assert running.stdout is not None
    line = running.stdout.readline()
    found = re.fullmatch(r"TokenPak listens on http://(127\.0\.0\.1):(\d+) \(Ctrl-C.*\)\n", line)
    assert found, (line, running.poll(), running.stderr and running.stderr.read())
    return Proxy(found[1], int(found[2]))


def test_it_says_where_it_listens_and_ends_with_0_on_a_signal(tmp_path: Path) -> None:
    with process(tmp_path, port=0) as running:
        proxy = ready(running)
        assert proxy.request("/healthz", method="GET")[0].startswith(b"HTTP/1.1 200")
        running.send_signal(signal.SIGTERM)
        assert running.wait(TIMEOUT_S) == 0
        assert running.stderr is not None
        assert running.stderr.read() == ""


def test_a_port_in_use_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with process(tmp_path, port=port) as running:
            out, err = running.communicate(timeout=TIMEOUT_S)
    assert running.returncode == 1
    assert err.startswith(f"127.0.0.1:{port} is in use")
    assert "--port" in err
    assert (out, err.count("\n")) == ("", 1)


def test_beyond_loopback_a_token_is_needed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="auth_token"):
        server.run(Settings(home=tmp_path, host="0.0.0.0"))


def test_a_wrong_provider_url_is_told_before_anything_listens(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="anthropic_url"):
        server.run(Settings(home=tmp_path, port=0, anthropic_url="api.anthropic.com"))


def test_a_wrong_context_window_is_told_before_anything_listens(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="context_windows: found 'm=many', expected model=tokens"):
        server.run(Settings(home=tmp_path, port=0, context_windows="m=many"))


def test_a_combo_that_there_is_not_is_told_before_anything_listens(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'tiny' is neither a mode nor a combo"):
        server.run(Settings(home=tmp_path, port=0, pipeline="tiny"))


def test_a_proxy_of_another_kind_is_told_before_anything_listens(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="ALL_PROXY"):
        server.run(Settings(home=tmp_path, port=0, all_proxy="socks5://127.0.0.1:1080"))


@pytest.fixture
def held() -> Iterator[tuple[serving.Provider, threading.Event]]:
    """A provider whose stream waits for an event before its last chunk."""
    go_on = threading.Event()

    def stream(exchange: Exchange) -> None:
        exchange.wire.send(SSE + b"1\r\na\r\n")
        assert go_on.wait(TIMEOUT_S)
        try:
            exchange.wire.send(b"1\r\nb\r\n0\r\n\r\n")
        except OSError:
            return

    with serving.provider(stream) as running:
        yield running, go_on
        go_on.set()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_running_stream_is_finished_before_the_end(
    tmp_path: Path, held: tuple[serving.Provider, threading.Event], workers: int
) -> None:
    upstream, go_on = held
    with process(tmp_path, port=0, workers=workers, anthropic_url=upstream.url) as running:
        proxy = ready(running)
        wire = proxy.connect()
        wire.send(proxy.head("/v1/messages", body=b"{}") + b"{}")
        wire.read_until(b"\r\n\r\n")
        assert wire.read_chunk() == b"a"
        idle = proxy.connect()
        running.send_signal(signal.SIGTERM)
        assert idle.read_to_end() == b""  # the shutdown has begun
        go_on.set()
        assert (wire.read_chunk(), wire.read_chunk()) == (b"b", b"")
        wire.close()
        assert running.wait(TIMEOUT_S) == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_signal_ends_a_running_stream(
    tmp_path: Path, held: tuple[serving.Provider, threading.Event], workers: int
) -> None:
    upstream, _ = held
    with process(tmp_path, port=0, workers=workers, anthropic_url=upstream.url) as running:
        proxy = ready(running)
        wire = proxy.connect()
        wire.send(proxy.head("/v1/messages", body=b"{}") + b"{}")
        wire.read_until(b"\r\n\r\n")
        assert wire.read_chunk() == b"a"
        idle = proxy.connect()
        running.send_signal(signal.SIGINT)
        assert idle.read_to_end() == b""
        running.send_signal(signal.SIGINT)
        assert wire.read_to_end() == b""
        assert running.wait(TIMEOUT_S) == 0


def test_the_first_signal_tells_what_it_waits_for(
    tmp_path: Path, held: tuple[serving.Provider, threading.Event]
) -> None:
    upstream, go_on = held
    with process(tmp_path, port=0, anthropic_url=upstream.url) as running:
        proxy = ready(running)
        wire = proxy.connect()
        wire.send(proxy.head("/v1/messages", body=b"{}") + b"{}")
        wire.read_until(b"\r\n\r\n")
        running.send_signal(signal.SIGINT)
        assert running.stdout is not None
        assert "30 s for running answers to end: 1. Ctrl-C again" in running.stdout.readline()
        go_on.set()
        wire.read_to_end()
        assert running.wait(TIMEOUT_S) == 0


def test_other_threads_give_way_to_the_loop_and_what_is_loaded_is_left_alone() -> None:
    before = sys.getswitchinterval()
    try:
        server._tune()
        assert sys.getswitchinterval() <= before / 5
        assert gc.get_freeze_count() > 0
    finally:
        sys.setswitchinterval(before)
        gc.unfreeze()


def test_all_workers_answer_with_the_same_settings_and_all_end(tmp_path: Path) -> None:
    with serving.provider() as upstream:
        with process(tmp_path, port=0, workers=2, anthropic_url=upstream.url) as running:
            proxy = ready(running)
            for _ in range(8):
                assert proxy.request("/v1/messages", b"{}")[1] == b"{}"
            running.send_signal(signal.SIGTERM)
            assert running.wait(TIMEOUT_S) == 0
            with pytest.raises(ConnectionRefusedError):
                proxy.connect()
